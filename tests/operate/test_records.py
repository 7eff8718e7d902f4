"""Records: what a tool reads of a topic is what stands in it, committed, up to now."""

from __future__ import annotations

import time

import pytest
from confluent_kafka import Producer

from collabbus.operate.broker import Broker
from collabbus.operate.process import free_ports
from collabbus.operate.records import Records, RecordsUnreachableError
from collabbus.settings import KafkaSettings
from tests.support import plain

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def region(broker: Broker) -> str:
    """A region of this module alone, with two shards and records in transactions."""
    name = f"records{time.time_ns():x}"
    plain.create(broker.bootstrap, {f"collab.{name}.{topic}": 2 for topic in ("events", "state")})
    producer = Producer(
        {"bootstrap.servers": broker.bootstrap, "transactional.id": name, "log_level": 2}
    )
    producer.init_transactions(30)
    for run, commit in enumerate((True, False, True, False)):
        producer.begin_transaction()
        for number in range(3):
            for shard in (0, 1):
                value = b"%d-%d" % (run, number)
                producer.produce(f"collab.{name}.events", value, b"k", partition=shard)
        producer.produce(f"collab.{name}.state", b"run %d" % run, b"a", partition=1)
        gone = None if run == 2 else b"there"
        producer.produce(f"collab.{name}.state", gone, b"b", partition=1)
        producer.flush(30)  # what is still in hand isn't sent when a transaction is aborted
        if commit:
            producer.commit_transaction(30)
        else:
            producer.abort_transaction(30)
    return name


def values(records: Records, *args: object, **bounds: int) -> list[bytes]:
    return [record.value for record in records.read("events", *args, **bounds)]  # type: ignore[arg-type]


GOOD = [b"0-0", b"0-1", b"0-2", b"2-0", b"2-1", b"2-2"]


def test_only_what_was_committed_is_read_and_the_end_is_found_behind_what_was_not(
    broker: Broker, region: str
) -> None:
    with Records(broker.settings(), region) as records:
        assert records.shards() == 2
        assert values(records, [1]) == GOOD
        assert sorted(values(records)) == sorted(GOOD * 2)
        # Each run of three takes a control record's offset, too.
        assert values(records, [0], start=8) == GOOD[3:]
        assert values(records, [0], start=1, end=2) == GOOD[1:2]
        assert values(records, [0], last=8) == GOOD[3:]
        assert values(records, [0], last=1000) == GOOD


def test_of_a_compacted_topic_the_latest_is_given_and_what_was_removed_is_not(
    broker: Broker, region: str
) -> None:
    with Records(broker.settings(), region) as records:
        assert {k: r.value for k, r in records.latest("state").items()} == {b"a": b"run 2"}
        assert records.latest("state", [0]) == {}


def test_a_time_is_found_or_the_end_is_given(broker: Broker, region: str) -> None:
    with Records(broker.settings(), region) as records:
        assert records.offset_at("events", 0, 0) == 0
        tomorrow = time.time_ns() // 1_000_000 + 86_400_000
        assert records.offset_at("events", 0, tomorrow) == 16


def test_a_topic_that_is_not_there_is_named(broker: Broker) -> None:
    told = pytest.raises(RecordsUnreachableError, match=r"collab\.nowhere\.events.*no such")
    with Records(broker.settings(), "nowhere") as records, told:
        list(records.read("events"))


def test_a_broker_that_is_away_is_named_within_the_time_given() -> None:
    [port] = free_ports(1)
    began = time.monotonic()
    with pytest.raises(RecordsUnreachableError, match=f"127.0.0.1:{port}"):
        Records(KafkaSettings(bootstrap_servers=f"127.0.0.1:{port}"), "beijing", timeout=1.0)
    assert time.monotonic() - began < 6
