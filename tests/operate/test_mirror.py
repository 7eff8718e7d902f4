"""MirrorMaker: what it carries, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from collabbus.operate import process
from collabbus.operate.broker import Broker
from collabbus.operate.kafka import Kafka
from collabbus.operate.mirror import MirrorFailedError, MirrorFlowError, MirrorMaker
from collabbus.settings import KafkaSettings
from tests.operate.topic import create, read


@pytest.mark.kafka
def test_a_mirror_keeps_partition_key_value_and_headers_and_goes_on_after_a_kill(
    kafka: Kafka, broker: Broker, tmp_path: Path
) -> None:
    topic = "test.mirrored"
    parcel = b"p" * ((4 << 20) - 1024)
    with Broker(kafka, tmp_path / "b") as source:
        for side in (source, broker):
            create(side.settings(), topic, 3)
        clusters = {"hebei": source.bootstrap, "tianjin": broker.bootstrap}
        flow = {("hebei", "tianjin"): [topic]}
        with MirrorMaker(kafka, tmp_path / "m", "tianjin", clusters, flow) as mirror:
            mirror.wait_ready()
            producer = KafkaProducer(
                **source.settings().kafka_python(), linger_ms=0, max_request_size=5 << 20
            )
            producer.send(topic, b"v", key=b"k", partition=1, headers=[("h", b"x")]).get(30)
            producer.send(topic, parcel, partition=2).get(30)
            assert read(broker.settings(), topic, 1) == [b"v"]
            assert read(broker.settings(), topic, 2) == [parcel]
            record = whole(broker.settings(), topic, 1)
            assert (record.key, record.headers) == (b"k", [("h", b"x")])

            mirror.kill()
            assert not mirror.running
            producer.send(topic, b"later", partition=0).get(30)
            producer.close()
            mirror.start()
            assert read(broker.settings(), topic, 0) == [b"later"]
            # What it wrote about itself before the kill doesn't count as being ready again.
            mirror.wait_ready()
        assert mirror.stop() == 143


def whole(settings: KafkaSettings, topic: str, partition: int) -> Any:
    consumer = KafkaConsumer(**settings.kafka_python(), auto_offset_reset="earliest")
    where = TopicPartition(topic, partition)
    consumer.assign([where])
    try:
        for _ in process.attempts(30, pause=0):
            if records := consumer.poll(timeout_ms=200).get(where):
                return records[0]
    finally:
        consumer.close()
    raise AssertionError(f"no record in {topic}/{partition}")


def test_flows_that_cannot_work_are_refused(tmp_path: Path) -> None:
    kafka = Kafka(Path("java"), tmp_path)
    clusters = {"beijing": "127.0.0.1:1", "tianjin": "127.0.0.1:2"}
    for flow in (("tianjin", "beijing"), ("tianjin", "tianjin")):
        with pytest.raises(MirrorFlowError, match=r"carries topics of other clusters to tianjin"):
            MirrorMaker(kafka, tmp_path, "tianjin", clusters, {flow: ["t"]})
    with pytest.raises(MirrorFlowError, match="with 0 topics"):
        MirrorMaker(kafka, tmp_path, "tianjin", clusters, {("beijing", "tianjin"): []})
    with pytest.raises(MirrorFlowError, match="'gansu'"):
        MirrorMaker(kafka, tmp_path, "tianjin", clusters, {("gansu", "tianjin"): ["t"]})


@pytest.mark.kafka
def test_a_mirror_that_cannot_work_shows_its_log(
    kafka: Kafka, broker: Broker, tmp_path: Path
) -> None:
    mirror = MirrorMaker(
        kafka,
        tmp_path,
        "tianjin",
        {"beijing": "127.0.0.1:1", "tianjin": broker.bootstrap},
        {("beijing", "tianjin"): ["t"]},
        properties={"tianjin.offset.flush.interval.ms": "often"},
    )
    with pytest.raises(MirrorFailedError, match="value often for configuration") as told:
        mirror.start().wait_ready()
    assert told.value.code == "MIRROR_FAILED"
    assert mirror.stop() not in (None, 0)
