"""A shard's work: which events become deliveries, and what must be read again to know."""

from __future__ import annotations

from typing import Any

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import clue_pb2 as clue
from collab.v1 import event_pb2 as ev
from collabbus.handlers import Failure, Handlers
from collabbus.handlers.delivery import Decision, Parked, Replay
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


def test_a_parked_matter_that_a_later_host_goes_on_with_is_handled_and_not_passed() -> None:
    failed = Parked(MATTER, 3, "cd" * 16, "triage", Failure("ValueError"), 6, 1_793_000_000_000)
    work = Work(0, HANDLERS, (OFFICE,), 9, [failed])
    [replay] = work.delivery.decide(MATTER, "cd" * 16, Decision.RETRY)
    assert isinstance(replay, Replay)
    assert work.replayed(MATTER, [seen(3)]) == []
    [run] = work.delivery.due(0, 1)
    assert run.handler == "triage"


def test_an_opening_needs_nothing_before_it() -> None:
    work = Work(0, HANDLERS, (OFFICE,), 0)
    follows = seen(1, number=2, recorded_ms=1_793_000_009_000)
    assert work.unknown([seen(0), follows]) == {}
