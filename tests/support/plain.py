"""Plain clients of Kafka, by confluent-kafka: they know nothing of collabbus."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from confluent_kafka import (
    OFFSET_END,
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka import ConsumerGroupTopicPartitions as Group
from confluent_kafka.admin import AdminClient, NewTopic

Isolation = Literal["read_committed", "read_uncommitted"]


@dataclass(frozen=True, slots=True)
class Plain:
    """A record, as it lies on the broker."""

    topic: str
    partition: int
    offset: int
    time_ms: int
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


def create(bootstrap: str, topics: Mapping[str, int], **config: str) -> None:
    """Create topics with so many partitions; on return they can be used."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    made = admin.create_topics(
        [NewTopic(name, count, 1, config=config) for name, count in topics.items()]
    )
    for future in made.values():
        future.result(30)


@lru_cache
def _producer(bootstrap: str) -> Producer:
    return Producer(
        {
            "bootstrap.servers": bootstrap,
            "linger.ms": 0,
            "message.max.bytes": 4 << 20,
            "enable.idempotence": True,
            "log_level": 2,
        }
    )


def produce(
    bootstrap: str, topic: str, values: Iterable[bytes | tuple[bytes, bytes]], partition: int = 0
) -> None:
    """Write values, or pairs of key and value; on return the broker has acknowledged all."""
    producer = _producer(bootstrap)
    failed: list[object] = []
    for each in values:
        key, value = each if isinstance(each, tuple) else (None, each)
        producer.produce(
            topic,
            value,
            key,
            partition=partition,
            on_delivery=lambda error, _: failed.append(error) if error else None,
        )
    left = producer.flush(30)
    if left or failed:
        raise AssertionError(f"{topic}: {left} records not acknowledged, {failed}")


def await_record(bootstrap: str, topic: str, seconds: float) -> bool:
    """Wait until a record is written to a topic, committed or not; False if none is in time."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "await_record",
            "enable.auto.commit": False,
            "isolation.level": "read_uncommitted",
            "log_level": 2,
        }
    )
    try:
        shards = consumer.list_topics(topic, 10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, shard, OFFSET_END) for shard in shards])
        record = consumer.poll(seconds)
        return record is not None and not record.error()
    except KafkaException:
        return False  # the broker is away
    finally:
        consumer.close()


def read(
    bootstrap: str,
    topic: str,
    *,
    isolation: Isolation = "read_committed",
    since: Mapping[int, int] | None = None,
    seconds: float = 60.0,
) -> list[Plain]:
    """Give all records of a topic, partition by partition in order, up to its ends of now.

    An open transaction hides what comes after it, so its end is waited for. `since` gives
    offsets to begin at, by partition.
    """
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "plain",  # never joined: partitions are assigned by hand
            "enable.auto.commit": False,
            "log_level": 2,
            "isolation.level": isolation,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "fetch.wait.max.ms": 20,
            "fetch.error.backoff.ms": 20,
        }
    )
    try:
        found = consumer.list_topics(topic, 10).topics[topic]
        if found.error is not None or not found.partitions:
            raise AssertionError(f"{topic}: {found.error}")
        ends: dict[int, int] = {}
        begin = []
        for number in found.partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), 10)
            start = max(low, (since or {}).get(number, low))
            if start < high:
                ends[number] = high
                begin.append(TopicPartition(topic, number, start))
        if not begin:
            return []
        consumer.assign(begin)
        records: dict[int, list[Plain]] = {number: [] for number in ends}
        limit = time.monotonic() + seconds
        open_ends = dict(ends)
        while open_ends:
            if time.monotonic() > limit:
                raise AssertionError(f"{topic}: ends {open_ends} not reached in {seconds:g} s")
            for message in consumer.consume(2000, 0.2):
                error = message.error()
                number, offset = message.partition(), message.offset()
                if error is not None:
                    # The end of a partition is told by its position: control records count.
                    if error.code() == KafkaError._PARTITION_EOF:
                        if offset >= ends[number]:
                            open_ends.pop(number, None)
                        continue
                    raise AssertionError(f"{topic}: {error}")
                if offset < ends[number]:
                    records[number].append(
                        Plain(
                            topic,
                            number,
                            offset,
                            message.timestamp()[1],
                            message.key() or b"",
                            message.value(),
                            tuple(message.headers() or ()),
                        )
                    )
                if offset >= ends[number] - 1:
                    open_ends.pop(number, None)
        return [record for number in sorted(records) for record in records[number]]
    finally:
        consumer.close()


def latest(records: Iterable[Plain]) -> dict[bytes, bytes]:
    """Give the latest value of each key, as a compacted topic means it."""
    found: dict[bytes, bytes] = {}
    for record in records:
        if record.value is None:
            found.pop(record.key, None)
        else:
            found[record.key] = record.value
    return found


def ends(bootstrap: str, topic: str, partitions: int) -> dict[int, int]:
    """Give the high watermark of each partition."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "plain"})
    try:
        return {
            number: consumer.get_watermark_offsets(TopicPartition(topic, number), 10)[1]
            for number in range(partitions)
        }
    finally:
        consumer.close()


class Groups:
    """What the broker says of consumer groups."""

    def __init__(self, bootstrap: str) -> None:
        self._admin = AdminClient({"bootstrap.servers": bootstrap})

    def committed(self, group: str, topic: str, partition: int = 0) -> int:
        """Give the offset that a group has committed; -1 if none."""
        wanted = [TopicPartition(topic, partition)]
        asked = self._admin.list_consumer_group_offsets([Group(group, wanted)])
        return int(asked[group].result(10).topic_partitions[0].offset)

    def committed_all(
        self, group: str, topics: Sequence[str], partitions: int
    ) -> dict[tuple[str, int], int]:
        """Give what a group has committed of several topics; -1 where nothing."""
        wanted = [TopicPartition(topic, n) for topic in topics for n in range(partitions)]
        asked = self._admin.list_consumer_group_offsets([Group(group, wanted)])
        return {
            (tp.topic, tp.partition): tp.offset for tp in asked[group].result(10).topic_partitions
        }

    def members(self, group: str) -> int:
        """Give how many members hold partitions of a group that is at rest, else 0."""
        told = self._admin.describe_consumer_groups([group])[group].result(10)
        if told.state.name != "STABLE":
            return 0
        return len(told.members)
