"""A region to submit to: real Kafka, the real core, and a thread between them.

The processor's transactions have tests of their own; here the core answers, and that is enough.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from collab.v1 import assistance_pb2 as assistance
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.contracts import load
from collabbus.keyring import load_directory, load_identity, load_office_key
from collabbus.link.keys import Identity, KeyDirectory
from collabbus.model.contract import Contract, contract_hash
from collabbus.model.journal import Region
from collabbus.model.network import Network
from collabbus.model.record import Input, Recorder
from collabbus.model.store import Store
from collabbus.operate.keys import generate
from collabbus.operate.topic_contract import TopicContract
from collabbus.operate.topics import ensure
from collabbus.sdk import Office
from collabbus.settings import KafkaSettings

if TYPE_CHECKING:
    from collabbus.operate.broker import Broker

SHARDS = 4
NOW_MS = 1_793_000_000_000
"""Keys are valid from here on for a century; the broker's clock is the machine's."""


def office_entry(office: str, level: str, parent: str | None = None) -> dict[str, object]:
    return {"id": office, "zh": office, "en": office, "level": level, "parent": parent}


class Member:
    """A region of a network of its own, so that its topics are nobody else's."""

    def __init__(self, kafka: KafkaSettings, contracts: Path, keys: Path) -> None:
        self.kafka = kafka
        self.name = f"r{uuid.uuid4().hex[:10]}"
        self.one, self.two = f"{self.name}/one", f"{self.name}/two"
        network = Network.model_validate(
            {
                "id": f"n-{self.name}",
                "zh": "测试",
                "en": "test",
                "source": "test",
                "shards": SHARDS,
                "regions": {
                    self.name: {
                        "zh": "测试",
                        "en": "test",
                        "provincial": f"{self.name}/provincial",
                        "offices": [
                            office_entry(f"{self.name}/provincial", "PROVINCIAL"),
                            office_entry(self.one, "DISTRICT", f"{self.name}/provincial"),
                            office_entry(self.two, "DISTRICT", f"{self.name}/provincial"),
                        ],
                    }
                },
            }
        )
        lifecycles = load(contracts).lifecycles
        self.contract = Contract(network, lifecycles, contract_hash(network, lifecycles))
        self.keys = keys
        generate(keys, [network], now_ms=0, days=36_500)
        self.directory: KeyDirectory = load_directory(keys)
        self.identity: Identity = load_identity(keys, self.name)
        self.topics = TopicContract.load(contracts)

    def make_topics(self) -> None:
        ensure(self.kafka, self.topics, self.name, [], SHARDS)

    def topic(self, name: str) -> str:
        return f"collab.{self.name}.{name}"

    def region(self, shard: int) -> Region:
        return Region(
            name=self.name,
            shard=shard,
            shards=SHARDS,
            identity=self.identity,
            keys=self.directory,
            current={self.contract.network.id: self.contract},
            pinned={self.contract.hash: self.contract},
            store=Store(),
        )

    def office(self, name: str = "", **arguments: Any) -> Office:
        name = name or self.one
        return Office(
            name,
            load_office_key(self.keys, name),
            self.contract.network.id,
            kafka=self.kafka,
            **arguments,
        )

    def request(self, **arguments: Any) -> dict[str, Any]:
        """What an opening says beside its body."""
        return {
            "to": self.two,
            "officer": "王敏",
            "legal_basis": [ev.LegalBasis(instrument="《协作意见》", article="第十一条")],
            **arguments,
        }

    def read(self, name: str) -> list[Any]:
        """Read all that a topic of the region holds."""
        from kafka import KafkaConsumer, TopicPartition

        consumer = KafkaConsumer(
            **self.kafka.kafka_python(), isolation_level="read_committed", group_id=None
        )
        try:
            partitions = [TopicPartition(self.topic(name), shard) for shard in range(SHARDS)]
            consumer.assign(partitions)
            consumer.seek_to_beginning(*partitions)
            ends = consumer.end_offsets(partitions)
            records: list[Any] = []
            while any(consumer.position(one) < ends[one] for one in partitions):
                for found in consumer.poll(timeout_ms=200).values():
                    records.extend(found)
            return records
        finally:
            consumer.close(autocommit=False)

    def submissions_of(self, submission_id: str) -> list[sub.Submission]:
        found = [sub.Submission.FromString(record.value) for record in self.read("submissions")]
        return [
            one for one in found if sub.Draft.FromString(one.draft).submission_id == submission_id
        ]


class Responder:
    """Decides a member's submissions with the core, and writes outcomes and events."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self._stop = threading.Event()
        self.recorders = [Recorder(member.region(shard)) for shard in range(SHARDS)]
        self.quarantined: list[str] = []
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(20)
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        from kafka import KafkaConsumer, KafkaProducer, TopicPartition

        member = self._member
        consumer = KafkaConsumer(
            **member.kafka.kafka_python(), isolation_level="read_committed", group_id=None
        )
        producer = KafkaProducer(**member.kafka.kafka_python(), reconnect_backoff_max_ms=500)
        try:
            partitions = [TopicPartition(member.topic("submissions"), n) for n in range(SHARDS)]
            consumer.assign(partitions)
            consumer.seek_to_beginning(*partitions)
            while not self._stop.is_set():
                for partition, records in consumer.poll(timeout_ms=100).items():
                    self._answer(producer, partition.partition, records)
        except BaseException as error:
            self.error = error
        finally:
            consumer.close(autocommit=False)
            producer.close(timeout=5)

    def _answer(self, producer: Any, shard: int, records: list[Any]) -> None:
        recorder = self.recorders[shard]
        for record in records:
            recorder.record(
                Input(None, record.topic, record.offset, record.timestamp, record.key, record.value)
            )
        effects = recorder.effects
        for key, value in effects.outcomes:
            producer.send(self._member.topic("outcomes"), key=key, value=value, partition=shard)
        for key, value, headers in effects.events:
            producer.send(
                self._member.topic("events"),
                key=key,
                value=value,
                headers=headers,
                partition=shard,
            )
        self.quarantined += effects.quarantined
        recorder.commit()
        producer.flush()


@contextmanager
def answering(member: Member) -> Iterator[Responder]:
    responder = Responder(member)
    responder.start()
    try:
        yield responder
    finally:
        responder.stop()


@pytest.fixture
def deserted(broker: Broker, contracts: Path, tmp_path: Path) -> Member:
    """A region with topics, in which nobody decides."""
    member = Member(broker.settings(), contracts, tmp_path / "keys")
    member.make_topics()
    return member


@pytest.fixture
def member(deserted: Member) -> Iterator[Member]:
    """A region in which submissions are decided."""
    with answering(deserted):
        yield deserted


@pytest.fixture
def lonely(
    kafka: Any, contracts: Path, tmp_path: Path
) -> Iterator[Callable[[], tuple[Member, Broker, Responder]]]:
    """A region whose broker is its own, so that a test may take it away."""
    from collabbus.operate.broker import Broker

    with ExitStack() as stack:

        def make() -> tuple[Member, Broker, Responder]:
            running = stack.enter_context(Broker(kafka, tmp_path / "broker"))
            found = Member(running.settings(), contracts, tmp_path / "keys")
            found.make_topics()
            return found, running, stack.enter_context(answering(found))

        yield make


@pytest.fixture
def body() -> assistance.AssistanceRequested:
    return assistance.AssistanceRequested(
        kinds=[assistance.ASSISTANCE_KIND_WITNESS], subject="证人李某"
    )
