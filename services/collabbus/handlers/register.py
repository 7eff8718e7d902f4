"""The register of what is parked in a region, for operators: listed, and decided."""

from __future__ import annotations

from collabbus.handlers.delivery import Decision
from collabbus.handlers.parking import Entry, ParkedTopic
from collabbus.sdk import Unreachable
from collabbus.sdk.errors import words
from collabbus.sdk.listener import reader, seek
from collabbus.sdk.producer import connect
from collabbus.settings import KafkaSettings

_TIMEOUT_S = 10.0


def listed(kafka: KafkaSettings, region: str) -> list[Entry]:
    """Give what is parked in a region, the oldest first. Raises Unreachable."""
    name = f"collab.{region}.parked"
    topic = ParkedTopic()
    try:
        consumer = reader(kafka, _TIMEOUT_S)
        try:
            seek(consumer, name, "beginning", _TIMEOUT_S)
            partitions = list(consumer.assignment())
            ends = consumer.end_offsets(partitions, timeout_ms=int(_TIMEOUT_S * 1000))
            while any(consumer.position(tp) < end for tp, end in ends.items()):
                for tp, records in consumer.poll(timeout_ms=200).items():
                    for record in records:
                        topic.take(tp.partition, record.key or b"", record.value)
        finally:
            consumer.close(autocommit=False, timeout_ms=1000)
    except Exception as error:
        raise Unreachable(kafka.bootstrap_servers, name, words(error)) from error
    return topic.entries()


def decide(kafka: KafkaSettings, region: str, entry: Entry, decision: Decision) -> None:
    """Write what is to be done with a parked matter; when it returns, that is durable.

    Its host does so as soon as it runs. It counts once, for the failure that `entry` tells; where
    the event fails again its matter is parked anew, and waits for another decision. Raises
    Unreachable.
    """
    name = f"collab.{region}.parked"
    try:
        producer, _ = connect(kafka, name, _TIMEOUT_S)
        try:
            sent = producer.send(
                name,
                key=entry.place.decision_key,
                value=entry.decided(decision),
                partition=entry.shard,
            )
            sent.get(timeout=_TIMEOUT_S)
        finally:
            producer.finish(2.0)
    except Exception as error:
        raise Unreachable(kafka.bootstrap_servers, name, words(error)) from error
