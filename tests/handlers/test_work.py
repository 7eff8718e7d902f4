"""A shard's work: which events become deliveries, and what must be read again to know."""

from __future__ import annotations

from typing import Any

import pytest

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import clue_pb2 as clue
from collab.v1 import event_pb2 as ev
from collabbus.handlers import Handlers
from collabbus.handlers.work import Work
from collabbus.sdk import Seen
from tests.handlers.bench import MATTER, OFFICE, envelope
from tests.handlers.typed import either, triage

HANDLERS = Handlers("desk", triage, either)


def seen(offset: int, **more: Any) -> Seen:
    told = envelope(**more)
    body = body_pb2.Body(clue_transferred=clue.ClueTransferred(summary="线索"))
    if told.type == "ClueReviewed":
        body = body_pb2.Body(clue_reviewed=clue.ClueReviewed())
    elif told.type != "ClueTransferred":
        body = body_pb2.Body(commented=verbs_pb2.Commented(text="…"))
    return Seen(told, body, told.type, 1, 0, offset, ev.Event())


def test_an_event_of_the_office_is_delivered_to_those_who_want_it() -> None:
    work = Work(0, HANDLERS, (OFFICE,), 0)
    work.take(seen(0))
    [run] = work.delivery.due(0, 10)
    assert run.item.handlers == ("triage", "either")
    assert run.item.payload[1] == OFFICE


def test_an_event_of_others_or_without_its_body_is_passed() -> None:
    work = Work(0, HANDLERS, ("hebei/langfang",), 0)
    work.take(seen(3))
    erased = Work(0, HANDLERS, (OFFICE,), 0)
    whole = seen(3)
    erased.take(Seen(whole.envelope, body_pb2.Body(), whole.type, 1, 0, 3, ev.Event()))
    for one in (work, erased):
        assert one.delivery.due(0, 10) == []
        assert one.delivery.committable == 4


def test_a_matter_that_was_opened_unheard_must_be_read_first() -> None:
    work = Work(0, HANDLERS, (OFFICE,), 5)
    remark = {"type": "ClueReviewed", "number": 4, "step": None, "recorded_ms": 1_793_000_009_000}
    later = seen(5, **remark)
    assert work.unknown([later]) == {MATTER: 1_793_000_000_000}
    work.learn([seen(0)])
    assert work.unknown([later]) == {}
    work.take(later)
    [run] = work.delivery.due(0, 10)
    assert run.item.offset == 5, "what was learned isn't handled"
    assert work.standing(MATTER).course().step.state == "transferred"


def test_what_was_said_before_comes_too_late_for_a_matter_that_was_heard_of() -> None:
    work = Work(0, HANDLERS, (OFFICE,), 0)
    left = {"type": "ParticipantLeft", "office": "beijing/daxing", "number": 2, "step": None}
    work.take(seen(0))
    work.take(seen(1, **left))
    work.learn([seen(0)])
    assert "beijing/daxing" not in work.standing(MATTER).course().parties


def test_how_a_matter_stands_is_kept_as_long_as_something_is_to_be_done_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("collabbus.handlers.work.KNOWN", 2)
    work = Work(0, HANDLERS, (OFFICE,), 0)
    work.take(seen(0))
    for offset in range(1, 6):
        work.take(seen(offset, matter_id=f"{offset:032x}", office="x/y", step=None))
    assert work.standing(MATTER).course().step.state == "transferred"
    assert [work.knows(f"{offset:032x}") for offset in range(1, 6)] == [False] * 4 + [True]


def test_an_opening_needs_nothing_before_it() -> None:
    work = Work(0, HANDLERS, (OFFICE,), 0)
    follows = seen(1, number=2, recorded_ms=1_793_000_009_000)
    assert work.unknown([seen(0), follows]) == {}
