"""Limits: how fast an office may send, and how much anybody may before it is known who it is."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable

HEAD = 65_536
"""Bytes of a request's line and headers; what was read at once comes on top."""
PATIENCE_S = 30.0
"""Within so long a request must have come whole, and some of an answer must have been taken.

It may take a quarter longer to be noticed.
"""


class Doors:
    """Counts the connections that are open, in all and by address."""

    def __init__(self, most: int, of_address: int) -> None:
        self._most = most
        self._of_address = of_address
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count another connection; False, and it isn't counted, if there is no room for it."""
        if self._open.total() >= self._most or self._open[address] >= self._of_address:
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Count a connection no more."""
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]


class Limits:
    """A bucket of tokens for each office: `burst` at once, `rate` a second after that.

    Each process has its own: behind a balancer an office may send as often as there are processes.
    """

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float], offices: int = 10_000
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._offices = offices
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Tokens left, and when that was."""

    def take(self, office: str) -> float:
        """Take one; give 0, or if there is none in how many seconds there will be."""
        now = self._clock()
        left, then = self._buckets.get(office, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        wait = 0.0 if left >= 1 else (1 - left) / self._rate
        self._buckets[office] = (left - 1 if not wait else left, now)
        self._buckets.move_to_end(office)
        if len(self._buckets) > self._offices:
            self._buckets.popitem(last=False)
        return wait
