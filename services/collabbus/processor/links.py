"""Links (链路): how far the link shards of one process have come, for Prometheus.

Each shard tells of itself when it is taken and forgets itself when it is released: what another
process has now must not stand twice. Ages are told as of the scrape, so that they grow also where
nothing moves any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from collabbus.measures import processor as measures

SENT, RECEIVED, COUNTERSIGNED = "sent", "received", "countersigned"


class Links(Collector):
    """The ends of links that one process has."""

    def __init__(self, region: str, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives seconds since 1970; it only tells ages."""
        self._region = region
        self._clock = clock
        self._sizes: dict[tuple[str, int, str], int] = {}
        self._held: dict[tuple[str, int], int] = {}
        self._oldest: dict[tuple[str, int], int | None] = {}

    def size(self, peer: str, shard: int, what: str, size: int) -> None:
        """Set a link shard's size: sent, received or countersigned."""
        self._sizes[peer, shard, what] = size

    def held(self, peer: str, shard: int, count: int) -> None:
        """Set how many events of a link shard are held or refused."""
        self._held[peer, shard] = count

    def oldest(self, peer: str, shard: int, recorded_ms: int | None) -> None:
        """Set when the oldest event was recorded that isn't countersigned; None: all are."""
        self._oldest[peer, shard] = recorded_ms

    def released(self, stage: str, shard: int) -> None:
        """Forget what a stage has told of a shard."""
        mine = (SENT,) if stage == "dispatch" else (RECEIVED, COUNTERSIGNED)
        for name in [one for one in self._sizes if one[1] == shard and one[2] in mine]:
            del self._sizes[name]
        other = self._oldest if stage == "dispatch" else self._held
        for end in [one for one in other if one[1] == shard]:
            del other[end]

    def describe(self) -> Iterator[Metric]:
        """Name the metrics, before there is anything to tell."""
        for measure in (measures.LINK_SIZE, measures.HELD, measures.UNCOUNTERSIGNED):
            yield measure.family()

    def collect(self) -> Iterator[Metric]:
        """Give how far each link shard has come."""
        sizes, held = measures.LINK_SIZE.family(), measures.HELD.family()
        for (peer, shard, what), size in list(self._sizes.items()):
            sizes.add_metric([self._region, peer, str(shard), what], size)
        for (peer, shard), count in list(self._held.items()):
            held.add_metric([self._region, peer, str(shard)], count)
        ages, now = measures.UNCOUNTERSIGNED.family(), self._clock()
        for (peer, shard), recorded_ms in list(self._oldest.items()):
            age = 0.0 if recorded_ms is None else max(0.0, now - recorded_ms / 1000)
            ages.add_metric([self._region, peer, str(shard)], age)
        yield from (sizes, held, ages)
