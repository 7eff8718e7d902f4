"""Hold-back on real clusters: an effect that arrives before its cause waits for it (invariant 3).

The links are carried by a mirror of the test's own, so that one of them can be made late.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from typer.testing import CliRunner

from collab.v1 import submission_pb2 as sub
from collabbus.cli import app
from collabbus.installation import Installation
from collabbus.operate.kafka import Kafka
from collabbus.simulate.library import load
from collabbus.simulate.play import play
from collabbus.simulate.scenario import Act
from collabbus.stage import KafkaStage

CONTRACTS = Path(__file__).parents[2] / "contracts"


class Mirror(threading.Thread):
    """Carries one link from cluster to cluster while its gate is open."""

    def __init__(self, installation: Installation, source: str, target: str) -> None:
        super().__init__(daemon=True)
        self.gate = threading.Event()
        self.gate.set()
        self.ended = threading.Event()
        self._topic = f"collab.{source}.to.{target}"
        self._consumer = KafkaConsumer(
            **installation.kafka_of(source).kafka_python(), enable_auto_commit=False
        )
        partitions = [TopicPartition(self._topic, n) for n in range(installation.shards)]
        self._consumer.assign(partitions)
        self._consumer.seek_to_beginning(*partitions)
        self._producer = KafkaProducer(**installation.kafka_of(target).kafka_python())

    def run(self) -> None:
        while not self.ended.is_set():
            if not self.gate.wait(0.1):
                continue
            for records in self._consumer.poll(timeout_ms=50).values():
                for record in records:
                    self._producer.send(self._topic, record.value, partition=record.partition)
        self._consumer.close(autocommit=False)
        self._producer.close()


@contextmanager
def mirrors(installation: Installation) -> Iterator[dict[tuple[str, str], Mirror]]:
    made = {
        (a, b): Mirror(installation, a, b)
        for a in installation.regions
        for b in installation.regions
        if a != b
    }
    for mirror in made.values():
        mirror.start()
    try:
        yield made
    finally:
        for mirror in made.values():
            mirror.ended.set()
        for mirror in made.values():
            mirror.join(10)


def waiting(installation: Installation, region: str) -> KafkaConsumer:
    consumer = KafkaConsumer(
        **installation.kafka_of(region).kafka_python(),
        isolation_level="read_committed",
        enable_auto_commit=False,
    )
    partitions = [TopicPartition(f"collab.{region}.waiting", n) for n in range(installation.shards)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    return consumer


def poll(consumer: KafkaConsumer, found: list[sub.Waiting | None], count: int) -> None:
    """Read until there are `count` records, at most 20 s."""
    for _ in range(200):
        for records in consumer.poll(timeout_ms=100).values():
            found += [sub.Waiting.FromString(r.value) if r.value else None for r in records]
        if len(found) >= count:
            return


def operator(installation: Installation, *words: str) -> str:
    """Give what an operator of Hebei is shown."""
    reach = {
        "COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": installation.broker_of("hebei").bootstrap,
        "COLLABBUS_CONTRACTS": str(CONTRACTS),
        "COLUMNS": "250",
    }
    done = CliRunner().invoke(app, words, env=reach)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.kafka
def test_an_effect_waits_for_its_cause_and_is_seen_waiting(kafka: Kafka, tmp_path: Path) -> None:
    """Tianjin forwards to Hebei; its link to Hebei is late, so Beijing's remark comes first."""
    scenario = load(CONTRACTS)["assistance-forwarded-direct"]
    installation = Installation(
        kafka, tmp_path / "i", CONTRACTS, "jingjinji", topology="clusters", mirrored=False
    )
    found: list[sub.Waiting | None] = []
    shown: list[str] = []
    with installation, mirrors(installation) as links, KafkaStage(installation) as stage:
        listed = waiting(installation, "hebei")

        def tell(act: Act) -> None:
            late = links["tianjin", "hebei"].gate
            if act.says == "Forwarded":
                late.clear()
            elif act.says == "Accepted":  # by Hebei, which must first get the history
                poll(listed, found, 1)
                matter = found[0].matter_id if found[0] is not None else ""
                for words in (["waiting", "list"], ["matter", "show", matter]):
                    shown.append(operator(installation, *words, "--region", "hebei"))
                late.set()

        played = play(scenario, stage, "hold", tell)
        poll(listed, found, 2)
        listed.close(autocommit=False)
    assert played.differences == []
    assert found[0] is not None
    assert (found[0].origin, found[0].code) == ("beijing", "CAUSE")
    # Beijing's request comes as Tianjin's evidence item, and Tianjin's forwarding is the cause.
    assert {m.origin for m in found[0].missing} == {"beijing", "tianjin"}
    # An operator is told the same, in words.
    numbers = {m.origin: m.number for m in found[0].missing}
    for text in shown:
        for origin, number in numbers.items():
            assert f"{origin} 第 {number} 号 number {number} of {origin}" in text
        assert "暂缓 held" in text
    assert found[1] is None, "what waits no more is taken off the list"
