"""The past: what a region's log says of some matters, read again by a consumer of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from types import TracebackType
from typing import Any, Self

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from collabbus.model.deadline import DAY_MS
from collabbus.sdk import LogUnreadable, Seen
from collabbus.sdk.watch import seen
from collabbus.settings import KafkaSettings

log = structlog.get_logger()


def readable(records: Iterable[Any]) -> list[Seen]:
    """Give the events that records of the log hold; what is none is logged and passed over."""
    found = []
    for record in records:
        try:
            found.append(seen(record))
        except LogUnreadable as error:
            log.error("no event", why=str(error))  # noqa: TRY400 - it says all
    return found


class Past:
    """Reads one shard's stretch of the log at a time; for one loop."""

    def __init__(self, kafka: KafkaSettings, topic: str) -> None:
        self._topic = topic
        self._lock = asyncio.Lock()
        self._consumer = AIOKafkaConsumer(
            **kafka.aiokafka(),
            group_id=None,
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
        )

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._consumer.stop()

    async def since(
        self, shard: int, matters: Collection[str], time_ms: int, end: int
    ) -> list[Seen]:
        """Give the events of matters before offset `end`, from a day before `time_ms` on.

        The day is for clocks that differ: an opening's time is its origin's.
        """
        async with self._lock:
            tp = TopicPartition(self._topic, shard)
            self._consumer.assign([tp])
            found = await self._consumer.offsets_for_times({tp: max(0, time_ms - DAY_MS)})
            first = found.get(tp)
            return await self._read(tp, matters, end if first is None else first.offset, end)

    async def between(self, shard: int, matter_id: str, start: int, end: int) -> list[Seen]:
        """Give the events of a matter from offset `start` up to before `end`."""
        async with self._lock:
            tp = TopicPartition(self._topic, shard)
            self._consumer.assign([tp])
            return await self._read(tp, {matter_id}, start, end)

    async def _read(self, tp: Any, matters: Collection[str], start: int, end: int) -> list[Seen]:
        keys = {matter.encode() for matter in matters}
        found: list[Seen] = []
        if start >= end:
            return found
        self._consumer.seek(tp, start)
        # Control records take offsets: what counts is the position, not the last record's offset.
        while await self._consumer.position(tp) < end:
            for records in (await self._consumer.getmany(tp, timeout_ms=200)).values():
                found += readable(
                    record for record in records if record.key in keys and record.offset < end
                )
        return found
