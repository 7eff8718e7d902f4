from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from collab.v1 import body_pb2, verbs_pb2
from collabbus.model.clock import Clock
from collabbus.model.deadline import DAY_MS, day_of, days_after
from collabbus.model.where import Where
from tests.model.neighbours import (
    BINHAI,
    BODIES,
    HAIDIAN,
    HEPING,
    LANGFANG,
    START_MS,
    Neighbours,
    altered,
)

DUE_MS = days_after(START_MS, 30)
REMIND_MS = DUE_MS - 3 * DAY_MS


@pytest.fixture
def shared(regions: Neighbours) -> str:
    """A matter of Beijing, which waits, and Tianjin, which is awaited; Hebei looks on."""
    matter = regions.open(HAIDIAN, BINHAI, LANGFANG)
    regions.carry_all()
    return matter


def overdue(regions: Neighbours, region: str) -> list[tuple[str, int, int, int]]:
    """Give what a log says is overdue: origin, step, due time, until when it was heard."""
    found = []
    for envelope, event in zip(regions.log(region), regions.events(region), strict=True):
        if envelope.type == "Overdue":
            said = body_pb2.Body.FromString(event.body).overdue
            found.append((envelope.origin, said.step, said.due_ms, said.heard_until_ms))
    return found


def count(regions: Neighbours, region: str, kind: str) -> int:
    return regions.types(region).count(kind)


def at(regions: Neighbours, time_ms: int, *ticking: str) -> None:
    regions.now_ms = time_ms
    regions.tick(*ticking)


def test_what_is_due_is_overdue_once_by_the_waiters_clock_and_all_hear_of_it(
    regions: Neighbours, shared: str
) -> None:
    at(regions, DUE_MS - 1)
    assert not overdue(regions, "beijing")
    for later in (0, 1, DAY_MS):
        at(regions, DUE_MS + later)
    regions.carry_all()
    for region in regions.nodes:
        assert [one[:3] for one in overdue(regions, region)] == [("beijing", 1, DUE_MS)]
        assert regions.thread(region, shared).overdue
    assert regions.agree(shared)


def test_a_reminder_is_for_the_awaited_region_alone_and_said_once(
    regions: Neighbours, shared: str
) -> None:
    at(regions, REMIND_MS - 1)
    assert count(regions, "tianjin", "Reminded") == 0
    for later in (0, 1, DAY_MS):
        at(regions, REMIND_MS + later)
    regions.carry_all()
    said_in = [region for region in regions.nodes if count(regions, region, "Reminded")]
    assert said_in == ["tianjin"]
    assert count(regions, "tianjin", "Reminded") == 1
    said = regions.log("tianjin")[-1]
    assert (said.thread, list(said.to), said.office, said.clock) == ("local", [], BINHAI, True)
    assert regions.thread("tianjin", shared).reminded
    assert regions.agree(shared)


def test_an_answer_in_time_leaves_the_clock_nothing_to_say(
    regions: Neighbours, shared: str
) -> None:
    regions.says(BINHAI, "Declined", shared)
    regions.carry_all()
    at(regions, DUE_MS + DAY_MS)
    assert not any(envelope.clock for region in regions.nodes for envelope in regions.log(region))


def test_a_new_step_has_a_clock_of_its_own(regions: Neighbours, shared: str) -> None:
    at(regions, DUE_MS)
    regions.carry_all()
    regions.says(BINHAI, "Returned", shared)  # now Beijing is awaited, within ten days
    regions.carry_all()
    assert not regions.thread("beijing", shared).overdue
    later = days_after(regions.now_ms, 10)
    at(regions, later)
    regions.carry_all()
    assert [one[:3] for one in overdue(regions, "hebei")] == [
        ("beijing", 1, DUE_MS),
        ("tianjin", 2, later),
    ]
    assert count(regions, "beijing", "Reminded") == 1


def test_a_due_time_that_comes_back_is_reminded_of_by_another_event(
    regions: Neighbours, shared: str
) -> None:
    """Invariant 2: two events never share an id, also where the waiter alone has moved it."""
    at(regions, REMIND_MS)
    back = day_of(DUE_MS - 1)
    for day in (back + timedelta(days=9), back):
        body = body_pb2.Body(extended=verbs_pb2.Extended(due_date=str(day), reason="案情"))
        regions.says(HAIDIAN, "Extended", shared, body=body)
        regions.carry_all()
    at(regions, regions.now_ms + 1)
    said = [one.event_id for one in regions.log("tianjin") if one.type == "Reminded"]
    assert len(set(said)) == len(said) == 2


def test_an_extension_starts_the_clock_anew(regions: Neighbours, shared: str) -> None:
    at(regions, DUE_MS)
    regions.carry_all()
    regions.says(HAIDIAN, "Extended", shared)
    regions.carry_all()
    thread = regions.thread("tianjin", shared)
    assert (thread.overdue, thread.reminded) == (False, False)
    new = thread.step.due_ms
    assert new > DUE_MS
    at(regions, new - 1)
    assert [one[2] for one in overdue(regions, "beijing")] == [DUE_MS]
    assert count(regions, "tianjin", "Reminded") == 2
    at(regions, new)
    assert [one[2] for one in overdue(regions, "beijing")] == [DUE_MS, new]
    regions.carry_all()
    assert regions.agree(shared)


def test_a_due_time_that_comes_back_is_another_occasion(regions: Neighbours, shared: str) -> None:
    """Extended to a later day and back again: two events, not one that is said to be known."""

    def extends(day: str) -> None:
        body = body_pb2.Body()
        body.extended.due_date, body.extended.reason = day, "案情复杂"
        regions.says(HAIDIAN, "Extended", shared, body=body)

    extends("2026-09-22")
    due = regions.thread("beijing", shared).step.due_ms
    at(regions, due, "beijing")
    regions.now_ms = START_MS  # the submissions' times are the broker's, not ours
    extends("2026-09-30")
    extends("2026-09-22")
    at(regions, due + 1, "beijing")
    assert [one[2] for one in overdue(regions, "beijing")] == [due, due]
    ids = [e.event_id for e in regions.log("beijing") if e.type == "Overdue"]
    assert len(set(ids)) == 2


def test_what_fell_due_while_nobody_ticked_is_said_at_the_first_tick(
    regions: Neighbours, shared: str
) -> None:
    node = regions.nodes["beijing"]
    node.start_record()
    assert node.recorder.clock.next_ms() == DUE_MS
    at(regions, DUE_MS + 9 * DAY_MS, "beijing")
    assert [one[:3] for one in overdue(regions, "beijing")] == [("beijing", 1, DUE_MS)]
    node.start_record()
    regions.tick("beijing")
    assert len(overdue(regions, "beijing")) == 1
    assert shared


def test_an_answer_that_was_acknowledged_before_the_tick_is_decided_before_it(
    regions: Neighbours,
) -> None:
    """The processor was down: the backlog holds the answer first, then the tick."""
    matter = regions.open(BINHAI, HEPING)
    node = regions.nodes["tianjin"]
    answer = regions.draft(HEPING, "Declined", matter, not_after_ms=DUE_MS)
    key = matter.encode()
    node.disk.inputs[""].append((DUE_MS - 1, key, regions.sign(answer)))
    at(regions, DUE_MS, "tianjin")
    assert regions.types("tianjin") == ["AssistanceRequested", "Declined"]


def test_a_tick_of_a_wrong_clock_does_no_harm(regions: Neighbours, shared: str) -> None:
    """A tick's time is the broker's; one that comes out of order, or twice, changes nothing."""
    at(regions, DUE_MS)
    before = {region: regions.types(region) for region in regions.nodes}
    for time_ms in (START_MS, DUE_MS - 1, DUE_MS, 0):
        at(regions, time_ms)
    assert {region: regions.types(region) for region in regions.nodes} == before
    assert shared


def test_an_overdue_says_until_when_the_awaited_region_had_been_heard(
    regions: Neighbours, shared: str
) -> None:
    """Lateness is the answer's own time: here it was given in time, and the link was down."""
    at(regions, REMIND_MS, "tianjin")
    regions.now_ms += 10_000
    regions.carry("tianjin", "beijing")
    regions.now_ms = DUE_MS - 1
    regions.says(BINHAI, "Declined", shared)
    at(regions, DUE_MS, "beijing")
    assert overdue(regions, "beijing") == [("beijing", 1, DUE_MS, REMIND_MS)]
    regions.carry_all()
    answer = next(e for e in regions.log("beijing") if e.type == "Declined")
    assert answer.recorded_ms < DUE_MS
    assert regions.agree(shared)


def test_in_one_region_the_awaited_office_is_heard_up_to_the_tick(regions: Neighbours) -> None:
    regions.open(BINHAI, HEPING)
    at(regions, DUE_MS + 5, "tianjin")
    assert overdue(regions, "tianjin") == [("tianjin", 1, DUE_MS, DUE_MS + 5)]


def test_an_overdue_for_a_step_that_is_over_has_no_effect_anywhere(
    regions: Neighbours, shared: str
) -> None:
    regions.now_ms = DUE_MS - 1
    regions.says(BINHAI, "Received", shared)
    at(regions, DUE_MS, "beijing")  # hasn't heard of the answer
    regions.carry_all()
    assert regions.agree(shared)
    assert not regions.thread("hebei", shared).overdue


def test_nobody_but_the_waiters_region_says_overdue(regions: Neighbours, shared: str) -> None:
    regions.says(BINHAI, "Commented", shared)
    body = body_pb2.Body()
    body.CopyFrom(BODIES["Overdue"])
    body.overdue.due_ms = DUE_MS
    for seen, code in ((1, ["NOT_ALLOWED"]), (0, [])):
        fresh = Neighbours()
        assert fresh.open(HAIDIAN, BINHAI, LANGFANG) == shared
        forged = altered(
            regions.events("tianjin")[-1], body, clock=True, seen_step=seen, office=BINHAI
        )
        fresh.forge("tianjin", "beijing", forged)
        thread = fresh.thread("beijing", shared)
        assert [freeze.code for freeze in thread.freezes] == code
        assert not thread.overdue


def test_who_has_asked_to_leave_keeps_no_clock(regions: Neighbours, shared: str) -> None:
    """Given a step and handing it back, a leaver waits: its region has nothing to say of that."""
    regions.says(LANGFANG, "LeaveAsked", shared)
    regions.forwards(BINHAI, LANGFANG, shared)
    regions.carry_all()
    step = regions.thread("hebei", shared).step
    assert (step.state, step.waits) == ("returned", LANGFANG)
    at(regions, step.due_ms + DAY_MS)
    assert not overdue(regions, "hebei")
    regions.carry_all()
    assert not any(regions.quarantined(region) for region in regions.nodes)
    assert regions.agree(shared, "beijing", "tianjin")


def test_a_frozen_thread_has_no_clock(regions: Neighbours, shared: str) -> None:
    regions.alter(
        "beijing", shared, lambda t: t.freezes.add(refuser="tianjin", origin="beijing", number=1)
    )
    at(regions, DUE_MS, "beijing")
    assert not overdue(regions, "beijing")


def test_a_matter_on_which_the_clock_fails_spoils_no_other(
    regions: Neighbours, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = regions.open()
    real: Callable[..., None] = Clock._overdue

    def failing(self: Clock, where: Where, time_ms: int) -> None:
        if where.matter.matter_id == shared:
            raise RuntimeError("planted")
        real(self, where, time_ms)

    monkeypatch.setattr(Clock, "_overdue", failing)
    at(regions, DUE_MS, "beijing")
    said = [e.matter_id for e in regions.log("beijing") if e.type == "Overdue"]
    assert said == [other]
    [freeze] = regions.thread("beijing", shared).freezes
    assert (freeze.code, freeze.number) == ("INTERNAL", 0)
    assert regions.nodes["beijing"].disk.heads["until/beijing"] == b"%d" % DUE_MS
    monkeypatch.undo()
    regions.tick("beijing")
    assert count(regions, "beijing", "Overdue") == 1


def test_a_tick_says_until_when_the_region_has_recorded(regions: Neighbours) -> None:
    at(regions, START_MS + 7, "beijing")
    at(regions, START_MS + 9, "beijing")
    assert regions.nodes["beijing"].disk.heads["until/beijing"] == b"%d" % (START_MS + 9)
    regions.now_ms += 10_000
    regions.carry("beijing", "tianjin")
    assert regions.link("tianjin", "beijing").heard_until_ms == START_MS + 9


def test_a_matter_that_is_over_is_on_the_agenda_for_the_archive_alone(regions: Neighbours) -> None:
    matter = regions.open(BINHAI, HEPING)
    clock = regions.nodes["tianjin"].recorder.clock
    assert clock.next_ms() == REMIND_MS
    regions.says(HEPING, "Declined", matter)
    at(regions, DUE_MS, "tianjin")
    assert clock.next_ms() > DUE_MS + 365 * DAY_MS
    at(regions, clock.next_ms(), "tianjin")
    assert regions.types("tianjin")[-1] == "Archived"
    assert clock.next_ms() is None
