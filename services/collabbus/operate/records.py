"""Records: a region's topics read as they stand now, for the tools that a person runs.

A plain consumer without a group: it joins nothing, commits nothing, and sees committed records
only, so it may run beside the processor at any time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, ClassVar, Self

from collabbus.errors import CollabbusError
from collabbus.settings import KafkaSettings

_POLL_MS = 200
_STILL_S = 30.0
"""For how long a topic may give nothing though its end hasn't been reached."""


class RecordsUnreachableError(CollabbusError):
    """A topic can't be read: Kafka can't be reached, or has no such topic for this user."""

    code: ClassVar[str] = "KAFKA_UNREACHABLE"


class Records:
    """The topics of a region. For one thread, and one reading at a time."""

    def __init__(self, kafka: KafkaSettings, region: str, timeout: float = 10.0) -> None:
        """Connect; raises RecordsUnreachableError if no broker answers within `timeout` seconds."""
        from kafka import KafkaConsumer

        self.region = region
        self._servers = kafka.bootstrap_servers
        self._timeout_ms = int(timeout * 1000)
        with self._told(f"collab.{region}.*"):
            self._consumer = KafkaConsumer(
                **kafka.kafka_python(),
                group_id=None,
                enable_auto_commit=False,
                isolation_level="read_committed",
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
                bootstrap_timeout_ms=self._timeout_ms,
                max_poll_records=5000,
                fetch_max_wait_ms=50,
                max_partition_fetch_bytes=8 << 20,
                metrics_enabled=False,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._consumer.close(autocommit=False, timeout_ms=1000)

    def topic(self, name: str) -> str:
        """Give the full name of one of the region's topics, such as `events` or `to.tianjin`."""
        return f"collab.{self.region}.{name}"

    def shards(self, name: str = "events") -> int:
        """Give how many shards a topic has. Raises RecordsUnreachableError if there is none."""
        topic = self.topic(name)
        with self._told(topic):
            found = self._consumer.partitions_for_topic(topic)
            if not found:
                raise LookupError("there is no such topic")
            return len(found)

    def read(
        self,
        name: str,
        shards: Sequence[int] | None = None,
        *,
        start: int = 0,
        last: int | None = None,
        end: int | None = None,
    ) -> Iterator[Any]:
        """Give the records of a topic's shards (None: all) up to where they end now.

        Each shard in its order, from offset `start`, or only its `last` so many offsets, and before
        offset `end`. Raises RecordsUnreachableError.
        """
        from kafka import TopicPartition

        topic = self.topic(name)
        numbers = range(self.shards(name)) if shards is None else shards
        partitions = [TopicPartition(topic, number) for number in numbers]
        with self._told(topic):
            consumer = self._consumer
            consumer.assign(partitions)
            first = consumer.beginning_offsets(partitions, timeout_ms=self._timeout_ms)
            ends = consumer.end_offsets(partitions, timeout_ms=self._timeout_ms)
            for tp in partitions:
                if end is not None:
                    ends[tp] = min(ends[tp], end)
                low = start if last is None else ends[tp] - last
                consumer.seek(tp, max(first[tp], low))
        yield from self._upto(topic, ends)

    def _upto(self, topic: str, ends: dict[Any, int]) -> Iterator[Any]:
        # Control records take offsets: what counts is the position, not the last record's offset.
        consumer = self._consumer
        moved = time.monotonic()
        before: list[int] = []
        while True:
            with self._told(topic):
                at = [consumer.position(tp, timeout_ms=self._timeout_ms) for tp in ends]
                if all(here >= end for here, end in zip(at, ends.values(), strict=True)):
                    return
                if at != before:
                    moved, before = time.monotonic(), at
                elif time.monotonic() - moved > _STILL_S:
                    raise TimeoutError(f"nothing came for {_STILL_S:g} s before its end")
                polled = consumer.poll(timeout_ms=_POLL_MS)
            for tp, records in polled.items():
                for record in records:
                    if record.offset < ends[tp]:
                        yield record

    def latest(self, name: str, shards: Sequence[int] | None = None) -> dict[bytes, Any]:
        """Give the latest record of each key of a compacted topic.

        Raises RecordsUnreachableError.
        """
        found: dict[bytes, Any] = {}
        for record in self.read(name, shards):
            if record.value is None:
                found.pop(record.key, None)
            else:
                found[record.key] = record
        return found

    def bounds(self, name: str) -> dict[int, tuple[int, int]]:
        """Give, by shard, the first offset of a topic and the one after its last that is committed.

        Raises RecordsUnreachableError.
        """
        from kafka import TopicPartition

        topic = self.topic(name)
        partitions = [TopicPartition(topic, number) for number in range(self.shards(name))]
        with self._told(topic):
            first = self._consumer.beginning_offsets(partitions, timeout_ms=self._timeout_ms)
            ends = self._consumer.end_offsets(partitions, timeout_ms=self._timeout_ms)
        return {tp.partition: (first[tp], ends[tp]) for tp in partitions}

    def offset_at(self, name: str, shard: int, time_ms: int) -> int:
        """Give the offset of the first record that isn't older; the shard's end if all are.

        Raises RecordsUnreachableError.
        """
        from kafka import TopicPartition

        topic = self.topic(name)
        tp = TopicPartition(topic, shard)
        with self._told(topic):
            found = self._consumer.offsets_for_times({tp: max(0, time_ms)})[tp]
            if found is not None:
                return int(found.offset)
            return int(self._consumer.end_offsets([tp], timeout_ms=self._timeout_ms)[tp])

    @contextmanager
    def _told(self, topic: str) -> Iterator[None]:
        from kafka.errors import KafkaError

        try:
            yield
        except (KafkaError, LookupError, OSError) as error:
            why = f"{type(error).__name__}: {error}".removesuffix(": ")
            raise RecordsUnreachableError(
                f"{topic} on Kafka at {self._servers} can't be read ({why}); see that Kafka runs, "
                "that the region and COLLABBUS_KAFKA_* are right, and that this user may read it"
            ) from error
