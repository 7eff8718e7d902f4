"""Due times, after rule 3: set once by the contract, 24:00 (UTC+8) of a day; the waiter extends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.model import due
from collabbus.model.calendar import WEEKENDS
from collabbus.model.contract import Contract
from collabbus.model.deadline import DAY_MS, day_of, days_after, end_of
from collabbus.model.lifecycle import Deadline
from collabbus.model.rejection import Rejection
from collabbus.model.span import Span, Unit
from collabbus.model.where import Where
from tests.model.neighbours import START_MS, jingjinji

TODAY = day_of(START_MS)
LIFECYCLE = jingjinji().lifecycles["assistance"]
WORKING = WEEKENDS


def place(deadlines: dict[str, Any] | None = None, own: dict[str, str] | None = None) -> Where:
    """Give a step that is due at `START_MS` by the rule `answer`.

    `deadlines` stand beside the family's, `own` are those of its network.
    """
    network = jingjinji().network
    spans = {
        name: Span(int(text.split()[0]), Unit(text.partition(" ")[2]))
        for name, text in (own or {}).items()
    }
    contract = Contract(
        network=network.model_copy(update={"deadlines": spans}),
        lifecycles=jingjinji().lifecycles,
        hash=b"",
    )
    rules = {name: Deadline.model_validate(each) for name, each in (deadlines or {}).items()}
    lifecycle = LIFECYCLE.model_copy(update={"deadlines": {**LIFECYCLE.deadlines, **rules}})
    step = ev.Step(number=4, state="requested", due_ms=START_MS)
    thread = st.Thread(thread="main", step=step, deadline="answer")
    return Where(contract, lifecycle, lifecycle.main, st.Matter(), thread)


def rule(within: str, **more: Any) -> dict[str, Any]:
    return {"zh": "期限", "within": within, "articles": ["engineering"], **more}


def wanted(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


# What the contract gives ----------------------------------------------------------------------


def test_a_due_time_is_the_contracts_or_the_day_that_is_named() -> None:
    here = place()
    year = (end_of(date(2027, 9, 21)) - days_after(START_MS, 0)) // DAY_MS
    assert due.due_ms(here, "", START_MS, "") == 0
    assert due.due_ms(here, "keep", START_MS + DAY_MS, "") == START_MS
    assert due.due_ms(here, "answer", START_MS, "") == days_after(START_MS, 30)
    assert due.due_ms(here, "closing", START_MS, "") == days_after(START_MS, 15)
    assert due.due_ms(here, "answer", START_MS, wanted(0)) == days_after(START_MS, 0)
    assert due.due_ms(here, "answer", START_MS, wanted(year)) == days_after(START_MS, year)


@pytest.mark.parametrize(
    ("within", "last"),
    [
        ("1 day", date(2026, 9, 22)),
        ("30 days", date(2026, 10, 21)),
        ("5 working days", WORKING.workdays_after(TODAY, 5)),
        ("2 months", date(2026, 11, 21)),
        ("12 months", date(2027, 9, 21)),
    ],
)
def test_a_step_falls_due_at_the_end_of_the_last_day_of_its_span(within: str, last: date) -> None:
    """Counted from the day after, in China's days, whatever the hour (START is 22:13 there)."""
    here = place({"own": rule(within)})
    for recorded_ms in (days_after(START_MS, -1), START_MS, days_after(START_MS, 0) - 1):
        assert due.due_ms(here, "own", recorded_ms, "") == end_of(last)


def test_working_days_are_not_calendar_days() -> None:
    """Five of them always span a weekend."""
    here = place({"own": rule("5 working days"), "other": rule("5 days")})
    assert due.due_ms(here, "own", START_MS, "") > due.due_ms(here, "other", START_MS, "")


def test_a_networks_own_deadline_stands_instead_of_the_familys() -> None:
    """Invariant 10: for all regions of that network, and for no other family's rule."""
    here = place(own={"assistance.answer": "10 days", "clue.closing": "1 days"})
    assert due.due_ms(here, "answer", START_MS, "") == days_after(START_MS, 10)
    assert due.due_ms(here, "closing", START_MS, "") == days_after(START_MS, 15)


# What may be named ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "day", "code"),
    [
        ("answer", wanted(-1), "DUE_OUT_OF_RANGE"),
        ("answer", "2027-09-22", "DUE_OUT_OF_RANGE"),
        ("answer", "9999-12-31", "DUE_OUT_OF_RANGE"),
        ("answer", "0001-01-01", "DUE_OUT_OF_RANGE"),
        ("answer", "2026-02-30", "INVALID_FIELD"),
        ("closing", wanted(3), "INVALID_FIELD"),
    ],
)
def test_a_day_that_cant_be_had_is_refused_with_its_field(
    deadline: str, day: str, code: str
) -> None:
    with pytest.raises(Rejection) as caught:
        due.due_ms(place(), deadline, START_MS, day)
    assert (caught.value.reason_code, caught.value.field) == (code, "due_date")


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (wanted(-1), "DUE_OUT_OF_RANGE"),
        ("2027-09-22", "DUE_OUT_OF_RANGE"),
        ("x", "INVALID_FIELD"),
    ],
)
def test_an_extension_has_its_bounds_too(day: str, code: str) -> None:
    assert due.extended(place(), wanted(9), START_MS) == days_after(START_MS, 9)
    with pytest.raises(Rejection) as caught:
        due.extended(place(), day, START_MS)
    assert (caught.value.reason_code, caught.value.field) == (code, "body.due_date")


def test_where_no_day_may_be_named_an_extension_reaches_as_far_as_the_rule_itself() -> None:
    """From the day of the extension; the network's own rule, where it has one."""
    here = place(own={"assistance.closing": "20 days"})
    here.thread.deadline = "closing"
    assert due.extended(here, wanted(20), START_MS) == days_after(START_MS, 20)
    with pytest.raises(Rejection, match="isn't between"):
        due.extended(here, wanted(21), START_MS)


def test_a_step_without_a_deadline_cant_be_extended() -> None:
    here = place()
    here.thread.deadline = ""
    with pytest.raises(Rejection) as caught:
        due.extended(here, wanted(3), START_MS)
    assert caught.value.reason_code == "WRONG_STATE"


# What the clock reads -------------------------------------------------------------------------


def test_a_reminder_comes_so_long_before_the_due_day_at_its_end() -> None:
    here = place({"answer": rule("30 days", remind="2 working days")})
    here.thread.step.due_ms = end_of(date(2026, 10, 20))  # a Tuesday
    assert due.remind_ms(here) == end_of(WORKING.workdays_before(date(2026, 10, 20), 2))
    here.thread.step.due_ms = 0
    assert due.remind_ms(here) == 0
    assert due.remind_ms(place({"answer": rule("30 days")})) == 0


def test_a_level_of_escalation_is_reached_after_its_span_and_its_grace_runs_from_then() -> None:
    levels = [
        {"after": "1 day", "to": "superior", "grace": "2 days", "articles": ["engineering"]},
        {"after": "1 month", "to": "superior", "grace": "3 days", "articles": ["engineering"]},
    ]
    here = place({"answer": rule("30 days", escalate=levels)})
    here.thread.step.due_ms = end_of(date(2026, 10, 31))
    assert due.escalation_ms(here, 0) == (end_of(date(2026, 11, 1)), end_of(date(2026, 11, 3)))
    assert due.escalation_ms(here, 1) == (end_of(date(2026, 11, 30)), end_of(date(2026, 12, 3)))
    here.thread.deadline = ""
    with pytest.raises(LookupError):
        due.escalation_ms(here, 0)
