"""Parts of a long list, for job arrays."""
import argparse


def shard(text: str) -> tuple[int, int]:
    """Read I/N.

    >>> shard('2/3')
    (2, 3)
    """
    number, _, total = text.partition('/')
    if number.isdigit() and total.isdigit() and 1 <= int(number) <= int(total):
        return int(number), int(total)
    raise argparse.ArgumentTypeError(
        f'{text} is no part of a whole: expected I/N, such as 1/4, with I '
        'from 1 to N')
