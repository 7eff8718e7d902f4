"""Outcomes: only what answers our own record counts, and memory is bounded."""

from __future__ import annotations

import threading
from hashlib import sha256

import pytest

from collab.v1 import submission_pb2 as sub
from collabbus.sdk import NotDecidedInTime, SubmissionIdReused, UnknownSubmission
from collabbus.sdk.outcomes import Outcomes

OFFICE = "beijing/haidian"


def begin(outcomes: Outcomes, submission_id: str, *records: bytes, content: bytes = b"x") -> None:
    outcomes.begin(sub.Draft(submission_id=submission_id, not_after_ms=1), content)
    for record in records:
        outcomes.expect(submission_id, record)


def answer(outcomes: Outcomes, submission_id: str, record: bytes, **fields: object) -> None:
    outcome = sub.Outcome(
        submission_id=submission_id,
        office=fields.pop("office", OFFICE),
        submission_sha256=sha256(record).digest(),
        **fields,
    )
    outcomes.take(submission_id.encode(), outcome.SerializeToString())


def test_an_answer_to_any_attempt_counts():
    outcomes = Outcomes(OFFICE, 10)
    begin(outcomes, "id", b"first", b"second")
    answer(outcomes, "id", b"first", event_ids=["e"])
    assert outcomes.wait("id", 0).event_ids == ["e"]


@pytest.mark.parametrize(("record", "office"), [(b"forged", OFFICE), (b"first", "beijing/other")])
def test_an_answer_to_another_record_or_office_does_not(record, office):
    outcomes = Outcomes(OFFICE, 10)
    begin(outcomes, "id", b"first")
    answer(outcomes, "id", record, office=office)
    with pytest.raises(NotDecidedInTime):
        outcomes.wait("id", 0)


def test_records_that_are_no_outcomes_are_passed_over():
    outcomes = Outcomes(OFFICE, 10)
    begin(outcomes, "id", b"first")
    for key, value in ((None, b"x"), (b"id", None), (b"id", b"\xff\xff"), (b"\xff", b"")):
        outcomes.take(key, value)
    with pytest.raises(NotDecidedInTime):
        outcomes.wait("id", 0)


def test_what_was_recorded_stays_recorded_and_a_new_attempt_clears_a_rejection():
    outcomes = Outcomes(OFFICE, 10)
    begin(outcomes, "id", b"first")
    answer(outcomes, "id", b"first", code="UNKNOWN_KEY")
    begin(outcomes, "id", b"second")
    with pytest.raises(NotDecidedInTime):
        outcomes.wait("id", 0)
    answer(outcomes, "id", b"second", event_ids=["e"])
    answer(outcomes, "id", b"first", code="UNKNOWN_KEY")
    assert outcomes.wait("id", 0).code == ""


def test_who_waits_is_woken():
    outcomes = Outcomes(OFFICE, 10)
    begin(outcomes, "id", b"first")
    timer = threading.Timer(0.1, answer, (outcomes, "id", b"first"), {"event_ids": ["e"]})
    timer.start()
    assert outcomes.wait("id", 10).event_ids == ["e"]


def test_the_oldest_is_forgotten():
    outcomes = Outcomes(OFFICE, 2)
    for number in range(3):
        begin(outcomes, f"id{number}", b"record")
    assert len(outcomes) == 2
    with pytest.raises(UnknownSubmission):
        outcomes.wait("id0", 0)


def test_an_id_means_one_thing():
    outcomes = Outcomes(OFFICE, 2)
    begin(outcomes, "id", content=b"one thing")
    with pytest.raises(SubmissionIdReused):
        begin(outcomes, "id", content=b"another")
