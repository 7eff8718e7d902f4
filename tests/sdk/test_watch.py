"""Watch: a region's log as it grows."""

from __future__ import annotations

import threading
import time

import pytest

from collabbus.sdk import LogUnreadable, ShardsDiffer, follow

pytestmark = pytest.mark.kafka


def test_from_the_end_only_what_comes_later_is_given_from_the_beginning_all(member, body):
    with member.office() as office:
        early = office.wait_recorded(office.open(body, **member.request()))
        with follow(member.name, member.kafka, 4) as late_log:
            late = office.wait_recorded(office.open(body, **member.request()))
            assert next(late_log).envelope.event_id == late.event_ids[0]
    with follow(member.name, member.kafka, start="beginning") as log:
        found = {next(log).envelope.event_id, next(log).envelope.event_id}
    assert found == {*early.event_ids, *late.event_ids}


def test_setting_the_event_ends_it(deserted):
    stop = threading.Event()
    log = follow(deserted.name, deserted.kafka, stop=stop)
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    assert list(log) == []
    assert time.monotonic() - began < 3
    log.close()


def test_a_record_that_is_no_event_is_named(deserted):
    from kafka import KafkaProducer

    producer = KafkaProducer(**deserted.kafka.kafka_python())
    with follow(deserted.name, deserted.kafka) as log:
        producer.send(deserted.topic("events"), value=b"\xff\xff", partition=2).get(10)
        with pytest.raises(LogUnreadable, match="partition 2 offset 0"):
            next(log)
    producer.close()


def test_a_wrong_number_of_shards_is_refused(deserted):
    with pytest.raises(ShardsDiffer):
        follow(deserted.name, deserted.kafka, 16)
