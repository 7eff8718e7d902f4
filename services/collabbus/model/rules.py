"""Rules: whether an act is allowed in a thread, and what it leads to.

The same function decides what an own office submits and what a peer sends, because the contract is
the same for all (invariant 10).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from google.protobuf.message import Message

from collab.state.v1 import state_pb2 as st
from collab.v1 import assistance_pb2, body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model.deadline import days_after, end_of, parse_day
from collabbus.model.lifecycle import By, Lifecycle, Opening, RemarkRule, StepRule, Who
from collabbus.model.rejection import Rejection
from collabbus.model.thread import party, pending

_KINDS = assistance_pb2.AssistanceKind
_KIND_PREFIX = "ASSISTANCE_KIND_"


@dataclass(frozen=True, slots=True)
class Act:
    """What an office does, or a peer says that it did."""

    kind: str
    office: str
    officer: str
    participants: Sequence[ev.Participant]
    legal_basis: Sequence[ev.LegalBasis]
    body: body_pb2.Body
    seen_step: int
    """The step that who acts had seen."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an act leads to: a step without its due time, or a remark."""

    step: ev.Step | None
    deadline: str
    """Name of the deadline of the new step; `keep` if the clock runs on; empty if none."""


def judge(lifecycle: Lifecycle, thread: st.Thread, act: Act) -> Verdict:
    """Decide an act; raises Rejection with code, field and reason."""
    _check_participants(lifecycle, thread, act)
    if not thread.HasField("step"):
        return _open(lifecycle, act)
    if act.kind in lifecycle.opens:
        raise Rejection("WRONG_STATE", "body", f"{act.kind} opens a matter; this one is open")
    if act.kind in lifecycle.steps:
        return _step(lifecycle, thread, act)
    if act.kind in lifecycle.remarks:
        return _remark(lifecycle.remarks[act.kind], thread, act)
    raise Rejection(
        "UNKNOWN_KIND", "body", f"family {lifecycle.family} has no act of type {act.kind!r}"
    )


def _check_participants(lifecycle: Lifecycle, thread: st.Thread, act: Act) -> None:
    """Only an opening, a forwarding and an addition bring somebody in, and only whom they name."""
    named = [participant.office for participant in act.participants]
    step = lifecycle.steps.get(act.kind)
    remark = lifecycle.remarks.get(act.kind)
    if step is not None and step.forwards:
        there = party(thread, act.body.forwarded.office) is not None
        wrong = named != [act.body.forwarded.office] and not (there and not named)
    elif remark is not None and remark.adds:
        wrong = len(set(named)) != len(named)
    elif act.kind in lifecycle.opens:
        requesters = [p.office for p in act.participants if p.role == ev.ROLE_REQUESTER]
        wrong = requesters != [act.office] or len(set(named)) != len(named)
    else:
        wrong = bool(named)
    if wrong:
        raise Rejection(
            "INVALID_FIELD", "participants", f"{act.kind} can't bring in {', '.join(named)}"
        )


def _open(lifecycle: Lifecycle, act: Act) -> Verdict:
    opening = lifecycle.opens.get(act.kind)
    if opening is None:
        if not lifecycle.knows(act.kind):
            raise Rejection(
                "UNKNOWN_KIND", "body", f"family {lifecycle.family} has no act of type {act.kind!r}"
            )
        raise Rejection("UNKNOWN_MATTER", "matter_id", f"{act.kind} needs a matter that is open")
    _require(opening.requires, act)
    _require_details(opening, act)
    executors = [p.office for p in act.participants if p.role == ev.ROLE_EXECUTOR]
    if len(executors) != 1:
        raise Rejection(
            "MISSING_FIELD" if not executors else "INVALID_FIELD",
            "participants",
            f"exactly one executor is asked, {len(executors)} are named",
        )
    if executors[0] == act.office:
        raise Rejection("INVALID_FIELD", "participants", "an office can't ask itself")
    state = lifecycle.states[opening.to]
    awaits, waits = (executors[0], act.office)
    if state.awaits is Who.REQUESTER:
        awaits, waits = waits, awaits
    return Verdict(
        ev.Step(number=1, state=opening.to, awaits=awaits, waits=waits), opening.deadline
    )


def _step(lifecycle: Lifecycle, thread: st.Thread, act: Act) -> Verdict:
    now = thread.step
    if party(thread, act.office) is None:
        raise Rejection("NOT_A_PARTY", "office", f"{act.office!r} is no party of the thread")
    if now.awaits != act.office:
        raise Rejection(
            "NOT_AWAITED",
            "office",
            f"step {now.number} awaits {now.awaits or 'nobody'}, not {act.office}",
        )
    rule = lifecycle.step(now.state, act.kind)
    if rule is None:
        raise Rejection(
            "WRONG_STATE", "body", f"{act.kind} doesn't lead out of state {now.state!r}"
        )
    _require(rule.requires, act)
    if rule.answers is not None and pending(thread, rule.answers) is None:
        raise Rejection(
            "NOTHING_PENDING", "body", f"{act.kind} answers {rule.answers}, and none is pending"
        )
    to = now.resumes if rule.to == "resume" else rule.to
    state = lifecycle.states[to]
    step = ev.Step(number=now.number + 1, state=to)
    if rule.asks:
        step.resumes = now.state
    if not state.final:
        step.awaits, step.waits = _turn(lifecycle, thread, rule, to, act)
    return Verdict(step, "" if state.final else rule.deadline)


def _turn(
    lifecycle: Lifecycle, thread: st.Thread, rule: StepRule, to: str, act: Act
) -> tuple[str, str]:
    """Give whom the next step awaits, and who waits."""
    now = thread.step
    requester, executor = now.awaits, now.waits
    if lifecycle.states[now.state].awaits is Who.EXECUTOR:
        requester, executor = executor, requester
    if rule.forwards:
        executor = act.body.forwarded.office
        if executor in (requester, now.awaits):
            raise Rejection("INVALID_FIELD", "body.office", f"{executor!r} has the matter already")
    if lifecycle.states[to].awaits is Who.EXECUTOR:
        return executor, requester
    return requester, executor


def _remark(rule: RemarkRule, thread: st.Thread, act: Act) -> Verdict:
    now = thread.step
    there = party(thread, act.office)
    if there is None:
        raise Rejection("NOT_A_PARTY", "office", f"{act.office!r} is no party of the thread")
    _require(rule.requires, act)
    if rule.adds and any(p.role != ev.ROLE_OBSERVER for p in act.participants):
        raise Rejection("INVALID_FIELD", "participants", "only observers are added; else forward")
    if act.seen_step < now.number:
        # The step has moved while the remark was on its way. Whether it was in order can be told
        # by nobody but its origin, and it has no effect where it is bound to its step.
        return Verdict(None, "")
    if not _MAY[rule.by](thread, act.office):
        raise Rejection(
            "NOT_ALLOWED", "office", f"{act.kind} is for the {rule.by}, which {act.office} isn't"
        )
    if rule.from_ and now.state not in rule.from_:
        raise Rejection("WRONG_STATE", "body", f"{act.kind} makes no sense in {now.state!r}")
    if rule.answers is not None and pending(thread, rule.answers) is None:
        raise Rejection(
            "NOTHING_PENDING", "body", f"{act.kind} answers {rule.answers}, and none is pending"
        )
    if (rule.bound or rule.dated) and not now.awaits:
        raise Rejection("WRONG_STATE", "body", f"{act.kind} needs a step that awaits somebody")
    return Verdict(None, "")


_MAY: dict[By, Callable[[st.Thread, str], bool]] = {
    By.AWAITED: lambda t, o: t.step.awaits == o,
    By.WAITER: lambda t, o: t.step.waits == o,
    By.PARTY: lambda t, o: True,
    By.OBSERVER: lambda t, o: o not in (t.step.awaits, t.step.waits),
    By.REGION: lambda t, o: False,
}


def _require(fields: Sequence[str], act: Act) -> None:
    for name in fields:
        holder: Act | Message = act
        field = name
        if name.startswith("body."):
            holder = getattr(act.body, act.body.WhichOneof("kind") or "")
            field = name[5:]
        if not getattr(holder, field):
            raise Rejection("MISSING_FIELD", name, f"{act.kind} needs the field {name}")


def _require_details(opening: Opening, act: Act) -> None:
    if not opening.details:
        return
    request = getattr(act.body, act.body.WhichOneof("kind") or "")
    for number in request.kinds:
        name = _KINDS.Name(number).removeprefix(_KIND_PREFIX)
        field = opening.details.get(name)
        if field is not None and not request.HasField(field):
            raise Rejection(
                "MISSING_FIELD", f"body.{field}", f"kind {name} needs the field body.{field}"
            )


def due(lifecycle: Lifecycle, thread: st.Thread, name: str, recorded_ms: int, wanted: str) -> int:
    """Give when a new step falls due; raises Rejection if the wanted day can't be had.

    Counted from the day (UTC+8) on which the submission was recorded; 24:00 of the due day.
    """
    if name == "":
        return 0
    if name == "keep":
        return thread.step.due_ms
    rule = lifecycle.deadlines[name]
    if not wanted:
        return days_after(recorded_ms, rule.default_days or rule.days)
    if not rule.named:
        raise Rejection("INVALID_FIELD", "due_date", f"the day of {rule.zh} isn't for an office")
    return _named(wanted, recorded_ms, rule.days, "due_date")


def extended(lifecycle: Lifecycle, wanted: str, recorded_ms: int) -> int:
    """Give the due time that an extension sets; raises Rejection if the day can't be had."""
    most = max(rule.days for rule in lifecycle.deadlines.values())
    return _named(wanted, recorded_ms, most, "body.due_date")


def _named(wanted: str, recorded_ms: int, most: int, field: str) -> int:
    day = parse_day(wanted)
    if day is None:
        raise Rejection("INVALID_FIELD", field, f"{wanted!r} is no day")
    found = end_of(day)
    if not recorded_ms < found <= days_after(recorded_ms, most):
        raise Rejection("DUE_OUT_OF_RANGE", field, f"{wanted} isn't within the next {most} days")
    return found
