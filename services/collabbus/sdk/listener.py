"""The listener: one thread that reads a region's outcomes from the moment it was started."""

from __future__ import annotations

import logging
import threading
from typing import Any, Literal

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from collabbus.sdk.errors import ShardsDiffer, words
from collabbus.sdk.outcomes import Outcomes
from collabbus.sdk.producer import BACKOFF_MS
from collabbus.settings import KafkaSettings

_POLL_MS = 200
_RETRY_S = 0.25

_log = logging.getLogger(__name__)


class Listener:
    """Puts the records of an outcomes' topic before `outcomes`."""

    def __init__(self, kafka: KafkaSettings, topic: str, outcomes: Outcomes) -> None:
        self._kafka = kafka
        self._topic = topic
        self._outcomes = outcomes
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, timeout: float) -> None:
        """Begin at the topic's present end: what is written after this returns will be read.

        Raises kafka-python's errors after about `timeout` seconds.
        """
        consumer = reader(self._kafka, timeout)
        try:
            seek(consumer, self._topic, "end", timeout)
        except BaseException:
            consumer.close(autocommit=False, timeout_ms=1000)
            raise
        self._thread = threading.Thread(
            target=self._run, args=(consumer,), name="collabbus-outcomes", daemon=True
        )
        self._thread.start()

    def close(self, timeout: float) -> None:
        """Stop reading, within `timeout` seconds."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self, consumer: KafkaConsumer) -> None:
        try:
            while not self._stop.is_set():
                try:
                    polled = consumer.poll(timeout_ms=_POLL_MS)
                except Exception as error:
                    # It reconnects by itself, and goes on where it was.
                    self._outcomes.trouble = f" ({words(error)})"
                    expected = isinstance(error, (KafkaError, OSError))
                    _log.warning(
                        "outcomes of %s can't be read: %s", self._topic, error,
                        exc_info=None if expected else error,
                    )  # fmt: skip
                    self._stop.wait(_RETRY_S)
                    continue
                self._outcomes.trouble = ""
                for records in polled.values():
                    for record in records:
                        self._take(record)
        finally:
            consumer.close(autocommit=False, timeout_ms=1000)

    def _take(self, record: Any) -> None:
        try:
            self._outcomes.take(record.key, record.value)
        except Exception:
            # Whoever waits for this one may submit it again; the others need not.
            _log.exception("%s %s/%s failed", self._topic, record.partition, record.offset)


def reader(kafka: KafkaSettings, timeout: float) -> KafkaConsumer:
    """Give a consumer without a group that sees committed records only.

    Raises kafka-python's errors if no broker answers within `timeout` seconds.
    """
    return KafkaConsumer(
        **kafka.kafka_python(),
        group_id=None,
        enable_auto_commit=False,
        isolation_level="read_committed",
        # Where a position is no longer in the log, all is read again: nothing may be missed.
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
        bootstrap_timeout_ms=int(timeout * 1000),
        reconnect_backoff_max_ms=BACKOFF_MS,
        metrics_enabled=False,
    )


def seek(
    consumer: KafkaConsumer,
    topic: str,
    start: Literal["end", "beginning"],
    timeout: float,
    shards: int | None = None,
) -> None:
    """Give a consumer all partitions of a topic, from a place that is fixed when this returns.

    Raises LookupError if there is no such topic, ShardsDiffer if it has not `shards` partitions,
    or kafka-python's errors after about `timeout` seconds.
    """
    found = consumer.partitions_for_topic(topic)
    if not found:
        raise LookupError(f"there is no topic {topic}")
    if shards is not None and shards != len(found):
        raise ShardsDiffer(topic, len(found), shards)
    partitions = [TopicPartition(topic, number) for number in sorted(found)]
    consumer.assign(partitions)
    ask = consumer.beginning_offsets if start == "beginning" else consumer.end_offsets
    for partition, offset in ask(partitions, timeout_ms=int(timeout * 1000)).items():
        consumer.seek(partition, offset)
