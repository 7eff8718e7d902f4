"""A topic as the tests of brokers and mirrors use it: made, written to, read."""

from __future__ import annotations

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from collabbus.operate import process
from collabbus.settings import KafkaSettings


def create(settings: KafkaSettings, topic: str, partitions: int) -> None:
    admin = KafkaAdminClient(**settings.kafka_python())
    admin.create_topics({topic: {"num_partitions": partitions}}, wait_for_metadata=True)
    admin.close()


def roundtrip(settings: KafkaSettings, topic: str, value: bytes) -> list[bytes]:
    """Create the topic if need be, write one record, give all its records in order."""
    admin = KafkaAdminClient(**settings.kafka_python())
    if topic not in admin.list_topics():
        admin.create_topics({topic: {"num_partitions": 1}}, wait_for_metadata=True)
    admin.close()
    producer = KafkaProducer(**settings.kafka_python(), acks="all", linger_ms=0)
    producer.send(topic, value).get(30)
    producer.close()
    return read(settings, topic, 0)


def read(settings: KafkaSettings, topic: str, partition: int, at_least: int = 1) -> list[bytes]:
    where = TopicPartition(topic, partition)
    consumer = KafkaConsumer(**settings.kafka_python(), auto_offset_reset="earliest")
    consumer.assign([where])
    found: list[bytes] = []
    for _ in process.attempts(60, pause=0):
        found += [record.value for record in consumer.poll(timeout_ms=200).get(where, [])]
        if (
            len(found) >= at_least
            and consumer.position(where) >= consumer.end_offsets([where])[where]
        ):
            break
    consumer.close()
    return found
