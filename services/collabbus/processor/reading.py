"""Plain readers: a partition read from an offset to its end, beside the app's consumer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition


@asynccontextmanager
async def reader(kafka: dict[str, Any]) -> AsyncIterator[AIOKafkaConsumer]:
    """Give a consumer without a group that reads committed records; closed at the end."""
    consumer = AIOKafkaConsumer(
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=8 << 20,
        check_crcs=False,
        **kafka,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def read(
    consumer: AIOKafkaConsumer, tp: TopicPartition, start: int | None = None, end: int | None = None
) -> AsyncIterator[list[ConsumerRecord]]:
    """Give the records of a partition from `start` (its beginning) up to `end` (its end now).

    Control records take offsets, so what counts is the position, not the last record's offset.
    """
    consumer.assign([tp])
    first = (await consumer.beginning_offsets([tp]))[tp]
    last = (await consumer.end_offsets([tp]))[tp]
    consumer.seek(tp, max(first, start or 0))
    if end is not None:
        last = min(last, end)
    while await consumer.position(tp) < last:
        for records in (await consumer.getmany(timeout_ms=100, max_records=5000)).values():
            yield [record for record in records if record.offset < last]


async def compacted(consumer: AIOKafkaConsumer, tp: TopicPartition) -> dict[str, bytes]:
    """Give the latest value of each key of a compacted partition."""
    found: dict[str, bytes] = {}
    async for records in read(consumer, tp):
        for record in records:
            key = record.key.decode()
            if record.value is None:
                found.pop(key, None)
            else:
                found[key] = record.value
    return found


async def offset_at(consumer: AIOKafkaConsumer, tp: TopicPartition, time_ms: int) -> int:
    """Give the offset of the first record that is not older; the end if all are."""
    consumer.assign([tp])
    found = (await consumer.offsets_for_times({tp: time_ms}))[tp]
    if found is not None:
        return int(found.offset)
    return int((await consumer.end_offsets([tp]))[tp])
