"""Parts of a long list, for job arrays."""
import argparse
from typing import NamedTuple, TypeVar

T = TypeVar('T')


class Shard(NamedTuple):
    """Part ``number`` of ``total``.

    >>> Shard(2, 3).of(list('abcdefg'))
    ['b', 'e']
    """
    number: int
    total: int

    def of(self, items: list[T]) -> list[T]:
        """Return each ``total``-th, so that like ones are spread; whatever is
        done already, the parts stay the same."""
        return items[self.number - 1::self.total]


def shard(text: str) -> Shard:
    number, _, total = text.partition('/')
    if number.isdigit() and total.isdigit() and 1 <= int(number) <= int(total):
        return Shard(int(number), int(total))
    raise argparse.ArgumentTypeError(
        f'{text} is no part of a whole: expected I/N, such as 1/4, with I '
        'from 1 to N')
