"""Due times of steps: what the pinned contract gives, and what an office may choose within it.

A step's due time is set when the step is written, stands in the event, and is never recomputed
(design, section 4, rule 3).
"""

from __future__ import annotations

from datetime import timedelta

from collabbus.model.deadline import day_of, end_of, parse_day
from collabbus.model.lifecycle import Deadline
from collabbus.model.rejection import Rejection
from collabbus.model.span import Span
from collabbus.model.where import Where


def due_ms(where: Where, name: str, recorded_ms: int, wanted: str) -> int:
    """Give when a new step falls due; raises Rejection if the wanted day can't be had.

    Counted from the day (UTC+8) on which the submission was recorded; 24:00 of the due day.
    """
    if name == "":
        return 0
    if name == "keep":
        return where.thread.step.due_ms
    rule = where.lifecycle.deadlines[name]
    if not wanted:
        return _after(where, recorded_ms, within(where, name, rule))
    if rule.at_most is None:
        raise Rejection("INVALID_FIELD", "due_date", f"the day of {rule.zh} isn't for an office")
    return _named(where, wanted, recorded_ms, rule.at_most, "due_date")


def within(where: Where, name: str, rule: Deadline) -> Span:
    """Give how long a network allows: its own rule, or that of the family."""
    own = where.contract.network.deadlines.get(f"{where.lifecycle.family}.{name}")
    return own if own is not None else rule.within


def extended(where: Where, wanted: str, recorded_ms: int) -> int:
    """Give the due time that an extension sets; raises Rejection if the day can't be had."""
    rule = where.deadline()
    if rule is None:
        raise Rejection("WRONG_STATE", "body", "the step has no due time that could be moved")
    most = rule.at_most or within(where, where.thread.deadline, rule)
    return _named(where, wanted, recorded_ms, most, "body.due_date")


def remind_ms(where: Where) -> int:
    """Give when the awaited office is to be reminded of its step; 0 for never."""
    rule, step = where.deadline(), where.thread.step
    if rule is None or rule.remind is None or not step.due_ms:
        return 0
    day = rule.remind.before(day_of(step.due_ms - 1), where.contract.calendar)
    return end_of(day)


def escalation_ms(where: Where, level: int) -> tuple[int, int]:
    """Give when a level of escalation is reached, and when its grace ends."""
    rule, calendar = where.deadline(), where.contract.calendar
    if rule is None:
        raise LookupError("the step has no deadline")
    due_day = day_of(where.thread.step.due_ms - 1)
    rung = rule.levels[level]
    day = rung.after.after(due_day, calendar)
    return end_of(day), end_of(rung.grace.after(day, calendar))


def archive_ms(where: Where) -> int:
    """Give when a matter that has ended is archived."""
    span = where.lifecycle.archive_after
    return _after(where, where.thread.stepped_ms, span)


def _after(where: Where, recorded_ms: int, span: Span) -> int:
    return end_of(span.after(day_of(recorded_ms), where.contract.calendar))


def _named(where: Where, wanted: str, recorded_ms: int, most: Span, field: str) -> int:
    day = parse_day(wanted)
    if day is None:
        raise Rejection("INVALID_FIELD", field, f"{wanted!r} is no day")
    today = day_of(recorded_ms)
    last = most.after(today, where.contract.calendar)
    if not today - timedelta(days=1) < day <= last:
        raise Rejection("DUE_OUT_OF_RANGE", field, f"{wanted} isn't between today and {last}")
    return end_of(day)
