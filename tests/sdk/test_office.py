"""Office: what an office's system may rely on. Real Kafka, the real core."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from collab.v1 import submission_pb2 as sub
from collab.v1 import verbs_pb2 as verbs
from collabbus.keyring import load_office_key
from collabbus.model import ids
from collabbus.operate.process import LOOPBACK, free_ports
from collabbus.sdk import (
    DraftInvalid,
    NotAccepted,
    NotDecidedInTime,
    NotFlushed,
    NotOpen,
    Office,
    Rejected,
    ShardsDiffer,
    SubmissionIdReused,
    UnknownSubmission,
    Unreachable,
    follow,
    new_submission_id,
)
from collabbus.settings import KafkaSettings

pytestmark = pytest.mark.kafka


def test_what_is_opened_and_done_is_recorded(member, body):
    with member.office(shards=4) as office, follow(member.name, member.kafka) as log:
        matter = office.open(body, **member.request(due_date="2026-12-31"))
        opened = office.wait_recorded(matter.submission_id)
        said = office.act(matter.id, verbs.Commented(text="已电话联系"), officer="王敏")
        commented = office.wait_recorded(said)
        events = [next(log), next(log)]
    assert matter.id == ids.matter_id(member.one, matter.submission_id)
    assert [one.type for one in events] == ["AssistanceRequested", "Commented"]
    assert opened.event_ids == (events[0].envelope.event_id,)
    assert commented.event_ids == (events[1].envelope.event_id,)
    assert events[0].message == body
    assert events[0].envelope.recorded_ms == matter.time_ms == opened.decided_ms


def test_the_short_form_needs_office_key_and_bootstrap_alone(member, body):
    key = load_office_key(member.keys, member.one)
    with Office(member.one, key=key, bootstrap=member.kafka.bootstrap_servers) as office:
        with pytest.raises(DraftInvalid, match="network="):
            office.open(body, **member.request())
        matter = office.open(body, **member.request(network=member.contract.network.id))
        assert office.wait_recorded(matter).matter_id == matter.id


def test_the_same_submission_twice_is_one_effect(member, body):
    with member.office() as office:
        first = office.open(body, **member.request(submission_id="case-2026-0001"))
        again = office.open(
            body, **member.request(submission_id="case-2026-0001", trace_parent="00-another-01")
        )
        recorded = office.wait_recorded("case-2026-0001")
        office.wait_recorded(office.open(body, **member.request()))
    assert (first.matter_id, first.submission_id) == (again.matter_id, again.submission_id)
    assert again.offset > first.offset
    events = [record for record in member.read("events") if record.key == first.id.encode()]
    assert len(events) == 1
    assert len(recorded.event_ids) == 1


def test_another_process_may_submit_the_same_again(member, body):
    submission_id = new_submission_id()
    with member.office() as office:
        first = office.wait_recorded(
            office.open(body, **member.request(submission_id=submission_id))
        )
    with member.office() as office:
        again = office.wait_recorded(
            office.open(body, **member.request(submission_id=submission_id))
        )
    assert first == again


def test_other_contents_under_a_used_id_are_not_sent(deserted, body):
    with deserted.office() as office:
        office.open(body, **deserted.request(submission_id="case-2026-0002"))
        with pytest.raises(SubmissionIdReused, match="case-2026-0002"):
            office.open(body, **deserted.request(submission_id="case-2026-0002", officer="李强"))
    assert len(deserted.submissions_of("case-2026-0002")) == 1


def test_a_rejection_is_an_exception_with_code_and_field(member, body):
    with member.office() as office:
        matter = office.open(body, **member.request(legal_basis=[]))
        with pytest.raises(Rejected) as caught:
            office.wait_recorded(matter)
    assert (caught.value.reason_code, caught.value.field) == ("MISSING_FIELD", "legal_basis")
    assert caught.value.submission_id == matter.submission_id


def test_many_threads_submit_at_once_and_the_core_verifies_their_batches(member, body):
    def work(_: int) -> list[str]:
        drafts = [office.opening(body, **member.request()) for _ in range(15)]
        futures = [office.submit(draft) for draft in drafts]
        submitted = [future.result() for future in futures]
        blocking = [office.open(body, **member.request()) for _ in range(10)]
        return [
            event for one in submitted + blocking for event in office.wait_recorded(one).event_ids
        ]

    with member.office() as office, ThreadPoolExecutor(8) as pool:
        events = [event for found in pool.map(work, range(8)) for event in found]
    assert len(set(events)) == 8 * 25
    sizes = {
        sub.Submission.FromString(record.value).signature.size
        for record in member.read("submissions")
    }
    assert max(sizes) > 1
    assert max(sizes) <= 256
    assert member.read("quarantine") == []


def test_an_act_needs_the_family_of_a_matter_that_is_new_here(member, body):
    with member.office() as one:
        matter = one.open(body, **member.request())
        one.wait_recorded(matter)
    with member.office(member.two) as two:
        with pytest.raises(DraftInvalid, match="family="):
            two.act(matter.id, verbs.Received(), officer="赵磊")
        done = two.act(matter.id, verbs.Received(), officer="赵磊", family="assistance")
        two.wait_recorded(done)
        # From then on it is known.
        two.wait_recorded(two.act(matter.id, verbs.Commented(text="已收到"), officer="赵磊"))


def test_an_outcome_of_somebody_elses_record_is_not_taken(deserted, body):
    """Whoever sends junk under our id gets an outcome under our id: it isn't ours."""
    from kafka import KafkaProducer

    producer = KafkaProducer(**deserted.kafka.kafka_python())

    def answer(record: bytes, **fields: object) -> None:
        outcome = sub.Outcome(
            submission_id=matter.submission_id,
            office=deserted.one,
            matter_id=matter.id,
            submission_sha256=sha256(record).digest(),
            **fields,
        )
        producer.send(
            deserted.topic("outcomes"),
            key=matter.submission_id.encode(),
            value=outcome.SerializeToString(),
            partition=matter.shard,
        ).get(10)

    with deserted.office() as office:
        matter = office.open(body, **deserted.request())
        [mine] = [record.value for record in deserted.read("submissions")]
        answer(mine + b"\x00", decision=sub.DECISION_REJECTED, code="BAD_SIGNATURE")
        with pytest.raises(NotDecidedInTime, match=matter.submission_id):
            office.wait_recorded(matter, timeout=1)
        answer(mine, decision=sub.DECISION_RECORDED, event_ids=["ab" * 16])
        assert office.wait_recorded(matter).event_ids == ("ab" * 16,)
    producer.close()


def test_an_outcome_is_awaited_only_of_what_was_sent_here(deserted):
    with deserted.office() as office, pytest.raises(UnknownSubmission, match="somebody-elses"):
        office.wait_recorded("somebody-elses", timeout=30)


def test_without_a_broker_an_act_is_not_accepted_in_time_and_can_be_repeated(lonely, body):
    member, broker, responder = lonely()
    with member.office() as office:
        warm = office.wait_recorded(office.open(body, **member.request()))
        broker.kill()
        began = time.monotonic()
        with pytest.raises(NotAccepted) as caught:
            office.open(body, **member.request(), timeout=1.5)
        assert 1.4 < time.monotonic() - began < 2.5
        submission_id = caught.value.submission_id
        assert submission_id in str(caught.value)
        future = office.submit(office.opening(body, **member.request()), timeout=60)
        broker.start()
        # Its bytes may have waited in the producer: that, too, is one effect.
        again = office.open(body, **member.request(submission_id=submission_id), timeout=60)
        assert again.matter_id == caught.value.matter_id
        recorded = office.wait_recorded(submission_id, timeout=60)
        assert office.wait_recorded(future.result(60), timeout=60).event_ids
        assert office.wait_recorded(warm.submission_id).event_ids == warm.event_ids
    events = [record.key.decode() for record in member.read("events")]
    assert events.count(recorded.matter_id) == 1
    assert len(events) == len(set(events)) == 3
    assert responder.quarantined == []


def test_some_seconds_after_not_accepted_it_is_not_sent_any_more(lonely, body):
    member, broker, _ = lonely()
    with member.office() as office:
        office.open(body, **member.request())
        broker.kill()
        with pytest.raises(NotAccepted) as caught:
            office.open(body, **member.request(), timeout=0.5)
        # The producer that has it is given up after 5 s without progress.
        assert not threading.Event().wait(6)
        broker.start()
        # It reconnects by itself, in well under what a first connection may take.
        submitted = office.open(body, **member.request(), timeout=10)
        # Whoever answers for the region may take longer to notice.
        assert office.wait_recorded(submitted, timeout=60).event_ids
        assert member.submissions_of(caught.value.submission_id) == []


def test_a_broker_that_hangs_does_not_keep_the_office_from_closing(lonely, body):
    member, broker, _ = lonely()
    office = member.office(close_timeout=1.0).start()
    office.open(body, **member.request())
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        future = office.submit(office.opening(body, **member.request()), timeout=60)
        began = time.monotonic()
        with pytest.raises(NotFlushed) as caught:
            office.close()
        assert time.monotonic() - began < 1.0 + 4.0
    finally:
        os.kill(broker.pid, signal.SIGCONT)
    error = future.exception(timeout=0)
    assert isinstance(error, NotAccepted)
    assert caught.value.submission_ids == [error.submission_id]
    office.close()
    with pytest.raises(NotOpen):
        office.open(body, **member.request())


def test_a_producer_that_gets_stuck_is_replaced_and_nothing_is_lost(lonely, body):
    member, broker, _ = lonely()
    with member.office() as office:
        office.open(body, **member.request())
        os.kill(broker.pid, signal.SIGSTOP)
        try:
            futures = [
                office.submit(office.opening(body, **member.request()), timeout=60)
                for _ in range(20)
            ]
            # Longer than a producer may make no progress.
            assert not threading.Event().wait(6)
        finally:
            os.kill(broker.pid, signal.SIGCONT)
        submitted = [future.result(60) for future in futures]
        recorded = [office.wait_recorded(one, timeout=30) for one in submitted]
    assert len({one.event_ids for one in recorded}) == 20
    assert len(member.read("events")) == 21


def test_the_first_error_is_raised_and_the_unflushed_one_noted(lonely, body):
    member, broker, _ = lonely()

    def fail() -> None:
        with member.office(close_timeout=0.2) as office:
            broker.kill()
            office.submit(office.opening(body, **member.request()), timeout=60)
            raise LookupError("the office's own trouble")

    with pytest.raises(LookupError) as caught:
        fail()
    assert "weren't acknowledged" in caught.value.__notes__[0]


def test_what_somebody_waits_for_does_not_wait_for_others(member, body, monkeypatch):
    monkeypatch.setattr("collabbus.sdk.courier.LINGER_S", 3600)
    with member.office() as office:
        office.open(body, **member.request(), timeout=10)
        lingers = office.submit(office.opening(body, **member.request()))
        with pytest.raises(TimeoutError):
            lingers.result(0.5)
        monkeypatch.undo()
    assert lingers.result(0)


def test_leaving_sends_what_was_submitted(member, body):
    with member.office() as office:
        futures = [office.submit(office.opening(body, **member.request())) for _ in range(50)]
    assert all(future.done() and future.exception() is None for future in futures)


def test_an_unreachable_kafka_is_told_in_time(deserted):
    [port] = free_ports(1)
    key = load_office_key(deserted.keys, deserted.one)
    nowhere = KafkaSettings(bootstrap_servers=f"{LOOPBACK}:{port}")
    began = time.monotonic()
    with pytest.raises(Unreachable, match=str(port)):
        Office(deserted.one, key, kafka=nowhere, connect_timeout=1).start()
    assert time.monotonic() - began < 4


def test_a_wrong_number_of_shards_is_refused(deserted):
    with pytest.raises(ShardsDiffer, match="shards=4"):
        deserted.office(shards=16).start()


def test_a_region_without_topics_is_refused(deserted):
    key = load_office_key(deserted.keys, deserted.one)
    with pytest.raises(Unreachable, match="nowhere"):
        Office("nowhere/one", key, kafka=deserted.kafka, connect_timeout=2).start()
