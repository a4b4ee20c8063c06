from collections.abc import Hashable
from typing import Callable, Optional, TypeVar

Made = TypeVar('Made')


class Once:
    """Values that several results share: each is made when it is first asked
    for.

    >>> once = Once()
    >>> once(lambda: 1, 'a'), once(lambda: 2, 'a'), once(lambda: 2, 'b')
    (1, 1, 2)
    >>> once.led_by('smooth').own(lambda: 3, 'b')
    3

    Args:
        guess (str): By which guess results are led.
        made (dict, optional): What is there. Defaults to nothing.
    """

    def __init__(self, guess: str = '',
                 made: Optional[dict] = None) -> None:
        self.guess = guess
        self._made = {} if made is None else made

    def __call__(self, make: Callable[[], Made], *key: Hashable) -> Made:
        """Return what ``make`` gave when it was first called for a key."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def own(self, make: Callable[[], Made], *key: Hashable) -> Made:
        """The same for what depends on the guess."""
        return self(make, 'led by', self.guess, *key)

    def led_by(self, guess: str) -> 'Once':
        """The same values, for results led by another guess."""
        return Once(guess, self._made)
