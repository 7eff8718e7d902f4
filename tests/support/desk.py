"""A desk that signs and submits for all offices, and notes what the brokers have acknowledged."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from collab.v1 import submission_pb2 as sub
from collabbus.installation import Installation
from collabbus.model.batch import sign
from collabbus.model.shard import shard_of
from collabbus.model.thread import region_of

LATE_S = 8.0
"""A producer that leaves a record so long without an answer is given up."""

Name = tuple[str, str]
"""Office and submission id."""


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A record on its way."""

    region: str
    key: bytes
    value: bytes
    name: Name | None


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Desk:
    """Submits drafts by confluent-kafka; used by one thread, looked at by any."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._producers: dict[str, Producer] = {}
        self.attempted: dict[Name, bytes] = {}
        """The draft of each submission that may have reached a broker."""
        self.acknowledged: set[Name] = set()
        """Those of which a broker has said at least once that it has them."""
        self.records: list[tuple[str, bytes, bytes]] = []
        """What was sent: region, key, value."""
        self.failed: list[str] = []
        self._unanswered: dict[Written, float] = {}
        """When what is under way was handed to a producer the last time."""
        self._given_up: list[Producer] = []

    def _bootstrap(self, region: str) -> str:
        return self._installation.broker_of(region).bootstrap

    def producer(self, region: str) -> Producer:
        """Give the producer for a region's cluster."""
        bootstrap = self._bootstrap(region)
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
        item = Written(region, key, value, name)
        self._unanswered[item] = time.monotonic()
        self._hand(item)

    def _hand(self, item: Written) -> None:
        producer = self.producer(item.region)
        # What can't be handed now, since the broker denies the topic, is handed again when late.
        with suppress(KafkaException):
            producer.produce(
                f"collab.{item.region}.submissions",
                item.value,
                item.key,
                partition=shard_of(item.key.decode(), self._installation.shards),
                on_delivery=partial(self._delivered, item),
            )
        producer.poll(0)

    def _delivered(self, item: Written, error: KafkaError | None, _: Message) -> None:
        if error is None and self._unanswered.pop(item, None) and item.name is not None:
            self.acknowledged.add(item.name)

    def poll(self) -> None:
        """Take in the brokers' answers; give up a producer that stands still, and send anew.

        A broker that was just started denies for a moment that it has any topic, and librdkafka may
        believe it for minutes.
        """
        for producer in self._producers.values():
            producer.poll(0)
        now = time.monotonic()
        late = {item.region for item, at in self._unanswered.items() if now - at > LATE_S}
        for bootstrap in {self._bootstrap(region) for region in late}:
            producer = self._producers.pop(bootstrap, None)
            if producer is not None:
                producer.purge()
                self._given_up.append(producer)
            for item in list(self._unanswered):
                if self._bootstrap(item.region) == bootstrap:
                    self._unanswered[item] = now
                    self._hand(item)

    def flush(self, seconds: float = 60) -> None:
        """Wait until the brokers have answered to everything."""
        end = time.monotonic() + seconds
        while self._unanswered and time.monotonic() < end:
            self.poll()
            time.sleep(0.02)
        if self._unanswered:
            self.failed.append(f"{len(self._unanswered)} records were never answered to")
