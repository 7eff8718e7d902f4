"""Shards: all that one process owns, and what the fetch loop is told of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition

from collabbus.processor.shard import HoleError, Run, Shard

BACKLOG = 4000
"""Events that may wait in a shard before its partitions are fetched no further."""


class Shards:
    """All shards that this process owns, of all stages."""

    def __init__(self, stages: Mapping[str, Callable[[int], Shard]]) -> None:
        """`stages` gives, by input topic, how to make the shard that reads it."""
        self._make = dict(stages)
        self.topics = tuple(stages)
        self.consumer: Any = None
        self._all: dict[tuple[Callable[[int], Shard], int], Shard] = {}
        self._owned: set[int] = set()
        self._changed = asyncio.Event()
        self._cursor: dict[TopicPartition, int] = {}
        self.crash: Callable[[BaseException], None] = lambda error: None

    @property
    def owned(self) -> list[Shard]:
        """The shards that the group has given us."""
        return [shard for (_, number), shard in self._all.items() if number in self._owned]

    @property
    def inputs_owned(self) -> int:
        """How many partitions those read."""
        return sum(len(shard.tps) for shard in self.owned)

    def of(self, topic: str, number: int) -> Shard:
        """Give the shard that reads a partition."""
        make = self._make[topic]
        found = self._all.get((make, number))
        if found is None:
            found = self._all[make, number] = make(number)
            found.changed = self._changed.set
            found.crash = self.crash
        return found

    async def assign(self, numbers: set[int]) -> None:
        """Start to take what the group has given, and release what it has taken away."""
        for shard in self.owned:
            if shard.number not in numbers:
                await shard.release()
        self._owned = set(numbers)
        for number in sorted(numbers):
            for shard in {self.of(topic, number) for topic in self.topics}:
                shard.start()
        self._changed.set()

    async def quiesce(self) -> None:
        """Have all shards finish the run under way and stop; the group may give them anew."""
        await asyncio.gather(*(shard.stop() for shard in self.owned))

    async def close(self) -> None:
        """Stop and release all shards."""
        await self.quiesce()
        await asyncio.gather(*(shard.release() for shard in self._all.values()))

    # The fetch loop's side ------------------------------------------------------------------

    async def changed_within(self, seconds: float) -> None:
        """Wait until a shard wants records, at most so long."""
        self._changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    def fetchable(self) -> dict[TopicPartition, int]:
        """Give the partitions to fetch, with their shards' epochs; seek those newly taken."""
        found: dict[TopicPartition, int] = {}
        for shard in self.owned:
            if not shard.ready or shard.position is None:
                continue
            if not shard.sought:
                for tp in shard.tps:
                    self.consumer.seek(tp, shard.position[tp])
                    self._cursor[tp] = shard.position[tp]
                shard.sought = True
            if shard.backlog < BACKLOG:
                for tp in shard.tps:
                    found[tp] = shard.epoch
        return found

    def runs(
        self,
        active: Mapping[TopicPartition, int],
        records: Mapping[Any, Sequence[ConsumerRecord]],
    ) -> Iterator[Run]:
        """Give what was fetched, as runs; of shards that were lost meanwhile, nothing."""
        for fetched, found in records.items():
            tp = TopicPartition(fetched.topic, fetched.partition)
            shard = self.of(tp.topic, tp.partition)
            epoch = active.get(tp)
            if epoch != shard.epoch or not shard.ready or not found:
                continue
            start = self._cursor[tp]
            if found[0].offset < start:
                raise HoleError(f"{tp.topic}/{tp.partition}: {found[0].offset} is before {start}")
            for chunk, weight in _chunks(found, shard.chunk):
                following = chunk[-1].offset + 1
                self._cursor[tp] = following
                yield Run(epoch, tp, start, chunk, following, weight)
                start = following
            self.metrics_lag(shard, tp, start)

    def metrics_lag(self, shard: Shard, tp: TopicPartition, following: int) -> None:
        """Note how far behind the end of the topic the shard reads."""
        highwater = self.consumer.highwater(tp)
        if highwater is not None:
            shard.metrics.lag(shard.stage, tp.topic, tp.partition, max(0, highwater - following))


def _chunks(
    records: Sequence[ConsumerRecord], most: int
) -> Iterator[tuple[Sequence[ConsumerRecord], int]]:
    """Give records in pieces of about so many events, with what each weighs."""
    first = weight = 0
    for place, record in enumerate(records):
        # A submission or event takes some 600 bytes, in a compressed parcel a third of that.
        weight += 1 + len(record.value or b"") // 400
        if weight >= most:
            yield records[first : place + 1], weight
            first, weight = place + 1, 0
    if first < len(records):
        yield records[first:], weight
