"""The source: the topics that the ledger reads, from where its tables say.

A plain reader without a group: where to go on stands in the tables alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from collabbus.errors import CollabbusError
from collabbus.ledger.projection import Record

TOPICS = ("events", "waiting")
ANSWER_S = 30.0


class LogDiffers(CollabbusError):
    """The log isn't the one that is in the tables: it begins later than they end, or is shorter."""

    code: ClassVar[str] = "LOG_DIFFERS"


class Source:
    """The records of a region's topics, committed ones only. An async context manager."""

    def __init__(
        self,
        kafka: Mapping[str, Any],
        region: str,
        shards: int,
        offsets: Mapping[tuple[str, int], int],
    ) -> None:
        """Read from these offsets on, by topic and shard, and from the beginning elsewhere."""
        self._region = region
        self._shards = shards
        self._offsets = offsets
        self._consumer = AIOKafkaConsumer(
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_wait_ms=100,
            max_partition_fetch_bytes=4 << 20,
            check_crcs=False,
            **kafka,
        )
        self._parts: list[TopicPartition] = []

    async def __aenter__(self) -> Self:
        """Connect; raises LogDiffers, or aiokafka's errors."""
        await self._consumer.start()
        try:
            await self._seek()
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def _seek(self) -> None:
        consumer = self._consumer
        topics = await consumer.topics()
        names = [f"collab.{self._region}.{name}" for name in TOPICS]
        for topic in names:
            if topic not in topics:
                raise LogDiffers(
                    f"there is no topic {topic}: see that the region is right, and "
                    "`collabbus topics`"
                )
        self._parts = [TopicPartition(topic, n) for topic in names for n in range(self._shards)]
        consumer.assign(self._parts)
        try:
            async with asyncio.timeout(ANSWER_S):
                first = await consumer.beginning_offsets(self._parts)
                last = await consumer.end_offsets(self._parts)
        except TimeoutError as error:  # so it is, too, where a partition doesn't exist
            raise LogDiffers(
                f"the offsets of {self._shards} shards of {names[0]} can't be read in "
                f"{ANSWER_S:g} s: see that Kafka runs, and that `shards` is right"
            ) from error
        for topic in names:
            found = len(consumer.partitions_for_topic(topic) or ())
            if found != self._shards:
                raise LogDiffers(f"{topic} has {found} shards, not {self._shards}: set `shards`")
        for tp in self._parts:
            name = tp.topic.rpartition(".")[2]
            at = self._offsets.get((name, tp.partition), first[tp])
            # A compacted topic keeps the last of each key, wherever it begins by now.
            lost = at < first[tp] and name == "events"
            if lost or at > last[tp]:
                raise LogDiffers(
                    f"{tp.topic}/{tp.partition} holds offsets {first[tp]} to {last[tp]}, and the "
                    f"ledger goes on at {at}: it isn't the log that was read, or not all of it; "
                    "once the log is whole, run `collabbus ledger rebuild`"
                )
            consumer.seek(tp, max(at, first[tp]))

    async def read(self, most: int, wait_ms: int) -> list[Record]:
        """Give what has come, each shard's in order; nothing if nothing comes in time."""
        found = await self._consumer.getmany(timeout_ms=wait_ms, max_records=most)
        return [
            Record(
                tp.topic.rpartition(".")[2], tp.partition, one.offset, one.timestamp,
                one.key or b"", one.value,
            )
            for tp, records in found.items()
            for one in records
        ]  # fmt: skip

    async def behind(self) -> dict[int, int]:
        """Give how many offsets lie between what was read and the log's end now, by shard.

        Control records take offsets, too; 0 where all was read.
        """
        mine = [tp for tp in self._parts if tp.topic.endswith(".events")]
        ends = await self._consumer.end_offsets(mine)
        return {tp.partition: max(0, ends[tp] - await self._consumer.position(tp)) for tp in mine}

    async def ahead(self) -> int:
        """Give how many offsets lie between what was read and the ends of all topics now."""
        ends = await self._consumer.end_offsets(self._parts)
        return sum([max(0, ends[tp] - await self._consumer.position(tp)) for tp in self._parts])
