"""The producer: kafka-python's, set so that nothing is lost, and able to be given up."""

from __future__ import annotations

import contextlib
from typing import Any

from kafka import KafkaProducer

from collabbus.settings import KafkaSettings

REQUEST_MS = 5_000
DELIVERY_MS = 20_000
BACKOFF_MS = 500
"""At most so long until a broker that is back is noticed."""


class Producer(KafkaProducer):  # type: ignore[misc]  # kafka-python has no types
    """A KafkaProducer that can be given up with records that were never acknowledged.

    KafkaProducer.close() waits for them, and where it gives up waiting leaves its thread alive,
    which sends them whenever the broker is back.
    """

    def abandon(self) -> None:
        """Send nothing any more; what isn't acknowledged fails. Returns at once."""
        self._unregister_cleanup()
        self._closed = True
        self._sender.force_close()

    def finish(self, timeout: float) -> None:
        """Close a producer that has nothing left to send, within `timeout` seconds."""
        with contextlib.suppress(Exception):
            self.close(timeout=timeout)
        if not self._closed:
            self.abandon()


def connect(kafka: KafkaSettings, topic: str, timeout: float) -> tuple[Producer, int]:
    """Give a producer that has reached the brokers, and the number of the topic's partitions.

    Raises kafka-python's or the operating system's errors, after about `timeout` seconds.
    """
    clients: list[Any] = []

    def client(**config: Any) -> Any:
        made = KafkaProducer.DEFAULT_CONFIG["kafka_client"](**config)
        clients.append(made)
        return made

    milliseconds = int(timeout * 1000)
    try:
        producer = Producer(
            **kafka.kafka_python(),
            kafka_client=client,
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            linger_ms=0,  # drafts were collected before they were signed
            batch_size=262_144,
            max_block_ms=milliseconds,
            bootstrap_timeout_ms=milliseconds,
            request_timeout_ms=REQUEST_MS,
            delivery_timeout_ms=DELIVERY_MS,
            reconnect_backoff_max_ms=BACKOFF_MS,
            metrics_enabled=False,
        )
    except BaseException:
        # A constructor that fails leaves its sockets open.
        for made in clients:
            with contextlib.suppress(Exception):
                made.close()
        raise
    try:
        return producer, len(producer.partitions_for(topic))
    except BaseException:
        producer.abandon()
        raise
