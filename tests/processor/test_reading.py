"""Plain readers on a real broker: they reach the end also where no record stands there."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from collabbus.processor.reading import compacted, offset_at, read, reader
from tests.support import plain

if TYPE_CHECKING:
    from collabbus.operate.broker import Broker

pytestmark = pytest.mark.kafka

LATER_MS = 4_102_444_800_000
"""The year 2100: control records, which have the broker's time, are all older."""

Story = Callable[[AIOKafkaProducer, AIOKafkaConsumer, TopicPartition], Awaitable[None]]


def play(broker: Broker, story: Story) -> None:
    """Play a story with a transactional producer and a reader, on a topic of its own."""
    name = f"reading-{uuid.uuid4().hex[:8]}"
    config = {
        "message.timestamp.type": "CreateTime",
        "message.timestamp.after.max.ms": str(1 << 62),
    }
    plain.create(broker.bootstrap, {name: 1}, **config)
    kafka: dict[str, Any] = broker.settings().aiokafka()

    async def run() -> None:
        async with asyncio.timeout(60):
            producer = AIOKafkaProducer(transactional_id=name, **kafka)
            await producer.start()
            try:
                async with reader(kafka) as consumer:
                    await story(producer, consumer, TopicPartition(name, 0))
            finally:
                await producer.stop()

    asyncio.run(run())


async def write(
    producer: AIOKafkaProducer, tp: TopicPartition, *values: str, abort: bool = False
) -> None:
    """Write values, or `key=value` (`key=` removes), in one transaction; `7` at LATER + 7."""
    await producer.begin_transaction()
    futures = []
    for value in values:
        key, _, said = value.rpartition("=")
        futures.append(
            await producer.send(
                tp.topic,
                None if value.endswith("=") else said.encode(),
                key=key.encode() if key else None,
                partition=0,
                timestamp_ms=LATER_MS + int(said) if said.isdigit() else None,
            )
        )
    await asyncio.gather(*futures)
    await (producer.abort_transaction() if abort else producer.commit_transaction())
    # The producer is answered before the marker stands in the log. Who owns the transactional id
    # next waits for it; here a second transaction of the same producer does.
    await producer.begin_transaction()
    await producer.send_offsets_to_transaction({tp: 0}, tp.topic)
    await producer.commit_transaction()


async def values(
    consumer: AIOKafkaConsumer, tp: TopicPartition, *bounds: int
) -> list[tuple[int, str]]:
    return [
        (record.offset, record.value.decode())
        async for records in read(consumer, tp, *bounds)
        for record in records
    ]


def test_the_end_is_reached_behind_control_records_and_aborted_ones(broker: Broker) -> None:
    """Invariant 1: whoever restores a shard never waits for a record that doesn't exist."""

    async def story(
        producer: AIOKafkaProducer, consumer: AIOKafkaConsumer, tp: TopicPartition
    ) -> None:
        assert await values(consumer, tp) == []
        await write(producer, tp, "1", "2")
        await write(producer, tp, "3", "4", abort=True)
        assert await values(consumer, tp) == [(0, "1"), (1, "2")]
        assert await consumer.position(tp) == (await consumer.end_offsets([tp]))[tp] == 6
        await write(producer, tp, "5")
        assert await values(consumer, tp) == [(0, "1"), (1, "2"), (6, "5")]

    play(broker, story)


def test_a_part_is_read_from_its_start_to_its_end(broker: Broker) -> None:
    async def story(
        producer: AIOKafkaProducer, consumer: AIOKafkaConsumer, tp: TopicPartition
    ) -> None:
        await write(producer, tp, "1", "2")  # offsets 0, 1; 2 is a control record
        await write(producer, tp, "3", "4")  # 3, 4; and 5
        assert await values(consumer, tp, 1, 4) == [(1, "2"), (3, "3")]
        assert await values(consumer, tp, 2) == [(3, "3"), (4, "4")]
        assert await values(consumer, tp, 2, 3) == []
        assert await values(consumer, tp, 5) == []
        assert await values(consumer, tp, 0, 99) == [(0, "1"), (1, "2"), (3, "3"), (4, "4")]

    play(broker, story)


def test_of_a_compacted_topic_the_latest_of_each_key_is_given(broker: Broker) -> None:
    """Invariant 1: a restored state is what was committed last, and nothing that was aborted."""

    async def story(
        producer: AIOKafkaProducer, consumer: AIOKafkaConsumer, tp: TopicPartition
    ) -> None:
        await write(producer, tp, "a=1", "b=1", "c=1")
        await write(producer, tp, "a=2", "b=")
        await write(producer, tp, "c=3", "d=3", abort=True)
        assert await compacted(consumer, tp) == {"a": b"2", "c": b"1"}
        await write(producer, tp, "b=4")
        assert await compacted(consumer, tp) == {"a": b"2", "c": b"1", "b": b"4"}

    play(broker, story)


def test_an_offset_is_found_by_time(broker: Broker) -> None:
    async def story(
        producer: AIOKafkaProducer, consumer: AIOKafkaConsumer, tp: TopicPartition
    ) -> None:
        assert await offset_at(consumer, tp, 0) == 0
        await write(producer, tp, "1", "2")
        await write(producer, tp, "4")
        assert await offset_at(consumer, tp, 0) == 0
        assert await offset_at(consumer, tp, LATER_MS + 2) == 1
        assert await offset_at(consumer, tp, LATER_MS + 4) == 3
        # Nothing is so young: from its end on, behind the control record.
        assert await offset_at(consumer, tp, LATER_MS + 5) == 5

    play(broker, story)
