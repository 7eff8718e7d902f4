"""What is parked, as the topic tells it: one truth, whoever writes late."""

from __future__ import annotations

from dataclasses import replace

from collabbus.handlers.delivery import Decision, Failure, Parked
from collabbus.handlers.parking import Entry, ParkedTopic, Place

PLACE = Place("tianjin/binhai", "desk", "ab" * 16)
PARKED = Parked("ab" * 16, 7, "cd" * 16, "triage", Failure("X", "…", False, 2), 4, 99, {2: 1})
ENTRY = Entry(PLACE, 1, PARKED, "ClueTransferred", "host")


def test_a_record_reads_as_it_was_written() -> None:
    topic = ParkedTopic()
    assert topic.take(1, PLACE.key, ENTRY.value()) == ENTRY
    assert topic.entries() == topic.of("tianjin/binhai", "desk", [1]) == [ENTRY]
    assert topic.of("tianjin/binhai", "desk", [0]) == []
    assert topic.of("tianjin/hexi", "desk", [1]) == []


def test_a_decision_counts_for_the_failure_that_it_names_alone() -> None:
    topic = ParkedTopic()
    topic.take(1, PLACE.key, ENTRY.value())
    decided = topic.take(1, PLACE.decision_key, ENTRY.decided(Decision.SKIP))
    assert decided is not None
    assert decided.decision is Decision.SKIP
    for other in (
        replace(PARKED, offset=9, event_id="ef" * 16),
        replace(PARKED, since_ms=100),
        replace(PARKED, handler="either"),
    ):
        later = replace(ENTRY, parked=other)
        found = topic.take(1, PLACE.key, later.value())
        assert found == later
        assert found.decision is None


def test_what_is_cleared_is_parked_no_more() -> None:
    topic = ParkedTopic()
    topic.take(1, PLACE.key, ENTRY.value())
    assert topic.take(1, PLACE.key, None) is None
    assert topic.entries() == []


def test_what_cannot_be_read_is_passed_over() -> None:
    topic = ParkedTopic()
    for key, value in ((b"\xff", b"{}"), (b"one", b"{}"), (PLACE.key, b"{}"), (PLACE.key, b"x")):
        assert topic.take(0, key, value) is None
    assert topic.entries() == []
