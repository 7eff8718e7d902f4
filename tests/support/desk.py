"""A desk that signs and submits for all offices, and notes what the brokers have acknowledged."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from functools import partial

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from collab.v1 import submission_pb2 as sub
from collabbus.installation import Installation
from collabbus.model.batch import sign
from collabbus.model.shard import shard_of
from collabbus.model.thread import region_of

_FOR_THE_MOMENT = {KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION}

Name = tuple[str, str]
"""Office and submission id."""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Desk:
    """Submits drafts by confluent-kafka; used by one thread, looked at by any."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._producers: dict[str, Producer] = {}
        self._lock = threading.Lock()
        self.attempted: dict[Name, bytes] = {}
        """The draft of each submission that may have reached a broker."""
        self.acknowledged: set[Name] = set()
        """Those of which a broker has said at least once that it has them."""
        self.records: list[tuple[str, bytes, bytes]] = []
        """What was sent: region, key, value."""
        self.failed: list[str] = []
        self.repeats = 0
        """Records that were sent again because a broker denied their topic for the moment."""
        self._again: deque[tuple[str, bytes, bytes, Name | None]] = deque()

    def producer(self, region: str) -> Producer:
        """Give the producer for a region's cluster."""
        bootstrap = self._installation.broker_of(region).bootstrap
        if bootstrap not in self._producers:
            self._producers[bootstrap] = Producer(
                {
                    "bootstrap.servers": bootstrap,
                    "acks": "all",
                    # What it sends twice by itself is one more repetition, and has no effect.
                    # librdkafka's idempotent producer was seen to stand still after a broker's
                    # restart, for longer than these tests wait.
                    "enable.idempotence": False,
                    "linger.ms": 2,
                    "retry.backoff.ms": 20,
                    "reconnect.backoff.max.ms": 500,
                    "delivery.timeout.ms": 120_000,
                    # A broker that has just started denies for a moment that it has any topic;
                    # by default librdkafka believes that for minutes.
                    "topic.metadata.refresh.interval.ms": 500,
                    "topic.metadata.propagation.max.ms": 60_000,
                    "log_level": 2,
                }
            )
        return self._producers[bootstrap]

    def sign(self, drafts: Sequence[sub.Draft], signer: str = "") -> list[bytes]:
        """Give the records of drafts under one signature, by default their office's."""
        key = self._installation.office_key(signer or drafts[0].office)
        return sign([draft.SerializeToString() for draft in drafts], key)

    def submit(self, drafts: Sequence[sub.Draft], signer: str = "") -> None:
        """Sign drafts together and send them; the brokers' answers come later."""
        for draft, record in zip(drafts, self.sign(drafts, signer), strict=True):
            self.attempted[draft.office, draft.submission_id] = draft.SerializeToString()
            self.send(draft, record)

    def submit_by_office(self, drafts: Iterable[sub.Draft]) -> None:
        """Sign what each office says together, and send it."""
        said: dict[str, list[sub.Draft]] = defaultdict(list)
        for draft in drafts:
            said[draft.office].append(draft)
        for one in said.values():
            self.submit(one)

    def send(self, draft: sub.Draft, record: bytes) -> None:
        """Send a record of a draft, for the first time or again."""
        region, key = region_of(draft.office), draft.matter_id.encode()
        self.records.append((region, key, record))
        self.write(region, key, record, (draft.office, draft.submission_id))

    def write(self, region: str, key: bytes, value: bytes, name: Name | None = None) -> None:
        """Write whatever to a region's submissions, into the shard of its key."""
        producer = self.producer(region)
        try:
            producer.produce(
                f"collab.{region}.submissions",
                value,
                key,
                partition=shard_of(key.decode(), self._installation.shards),
                on_delivery=partial(self._delivered, name, (region, key, value)),
            )
        except KafkaException as error:
            if error.args[0].code() not in _FOR_THE_MOMENT:
                raise
            self._again.append((region, key, value, name))
        producer.poll(0)

    def _delivered(
        self,
        name: Name | None,
        record: tuple[str, bytes, bytes],
        error: KafkaError | None,
        _: Message,
    ) -> None:
        if error is not None and error.code() in _FOR_THE_MOMENT:
            self._again.append((*record, name))
            return
        with self._lock:
            if error is not None:
                self.failed.append(f"{name}: {error}")
            elif name is not None:
                self.acknowledged.add(name)

    def poll(self) -> None:
        """Take in the brokers' answers, and send again what they denied for the moment."""
        for producer in self._producers.values():
            producer.poll(0)
        for _ in range(len(self._again)):
            self.repeats += 1
            self.write(*self._again.popleft())

    def flush(self, seconds: float = 60) -> None:
        """Wait until the brokers have answered to everything."""
        end = time.monotonic() + seconds
        while True:
            left = sum(producer.flush(1.0) for producer in self._producers.values())
            if time.monotonic() > end or not (left or self._again):
                break
            self.poll()
        if left or self._again:
            self.failed.append(f"{left} records were never answered to")
