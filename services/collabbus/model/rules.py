"""Rules: whether an act is allowed in a thread, and what it leads to.

The same function decides what an own office submits and what a peer sends, because the contract is
the same for all (invariant 10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from google.protobuf.message import Message

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model import application
from collabbus.model import thread as threads
from collabbus.model.body import choice, details_field, kinds_of, said, type_of, value
from collabbus.model.deadline import day_of
from collabbus.model.lifecycle import Beginning, By, Kind, Opening, RemarkRule, StepRule, Who
from collabbus.model.rejection import Rejection
from collabbus.model.routing import may_assign
from collabbus.model.thread import MAIN, party, pending, region_of
from collabbus.model.where import Where


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
    guest: str = ""
    """The guest for whom the office speaks."""
    past: Mapping[str, int] | None = None
    """The last number of each region that who acts had seen; None if it is all that is here.

    A party of which it hadn't seen that it came in doesn't count: that has come here, and may not
    have come elsewhere, and the verdict must be the same.
    """


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an act leads to: a step without its due time, or a remark."""

    step: ev.Step | None
    deadline: str
    """Name of the deadline of the new step; `keep` if the clock runs on; empty if none."""
    rule: StepRule | RemarkRule | None = None


def judge(where: Where, act: Act) -> Verdict:
    """Decide an act; raises Rejection with code, field and reason."""
    lifecycle, chain, thread = where.lifecycle, where.chain, where.thread
    _check_participants(where, act)
    _check_guest(where, act)
    if not thread.HasField("step"):
        if thread.thread != MAIN:
            raise Rejection("WRONG_STATE", "thread", f"{act.kind} doesn't open {thread.thread!r}")
        return _open(where, act)
    if act.kind in lifecycle.opens:
        raise Rejection("WRONG_STATE", "body", f"{act.kind} opens a matter; this one is open")
    if act.kind in chain.steps:
        return _step(where, act)
    if act.kind in chain.remarks:
        return _remark(chain.remarks[act.kind], where, act)
    if lifecycle.knows(act.kind):
        raise Rejection("WRONG_STATE", "thread", f"{act.kind} has no place in this thread")
    raise Rejection(
        "UNKNOWN_KIND", "body", f"family {lifecycle.family} has no act of type {act.kind!r}"
    )


def _check_participants(where: Where, act: Act) -> None:
    """Only an opening, a forwarding and an addition bring somebody in, and only whom they name."""
    named = [participant.office for participant in act.participants]
    step = where.chain.steps.get(act.kind)
    remark = where.chain.remarks.get(act.kind)
    if step is not None and (step.forwards or step.assigns):
        office = value(said(act.body), "office")
        there = party(where.thread, str(office), act.past) is not None
        wrong = named != [office] and not (there and not named)
    elif remark is not None and remark.adds:
        wrong = len(set(named)) != len(named)
    elif act.kind in where.lifecycle.opens:
        requesters = [p.office for p in act.participants if p.role == ev.ROLE_REQUESTER]
        wrong = requesters != [act.office] or len(set(named)) != len(named)
    else:
        wrong = bool(named)
    if wrong:
        raise Rejection(
            "INVALID_FIELD", "participants", f"{act.kind} can't bring in {', '.join(named)}"
        )


def _check_guest(where: Where, act: Act) -> None:
    name = where.thread.thread
    wanted = threads.guest_of(name)
    if act.guest != wanted and act.kind in where.chain.steps:
        raise Rejection(
            "INVALID_FIELD",
            "guest",
            f"in the thread {name!r} an office speaks for {wanted or 'itself'!r}, "
            f"not for {act.guest or 'itself'!r}",
        )


def _open(where: Where, act: Act) -> Verdict:
    lifecycle = where.lifecycle
    opening = lifecycle.opens.get(act.kind)
    if opening is None:
        if not lifecycle.knows(act.kind):
            raise Rejection(
                "UNKNOWN_KIND", "body", f"family {lifecycle.family} has no act of type {act.kind!r}"
            )
        raise Rejection("UNKNOWN_MATTER", "matter_id", f"{act.kind} needs a matter that is open")
    kinds = _kinds(opening, act)
    _require(opening.requires, act)
    for name, kind in kinds.items():
        _require(kind.requires, act)
        if kind.by_turns:
            _check_turn(where, name, act)
        field = kind.details or details_field(said(act.body), name)
        if field is not None and not said(act.body).HasField(field):
            raise Rejection(
                "MISSING_FIELD", f"body.{field}", f"kind {name} needs the field body.{field}"
            )
    state = _first_state(opening, kinds, act)
    executor = next((p.office for p in act.participants if p.role == ev.ROLE_EXECUTOR), act.office)
    step = ev.Step(number=1, state=state)
    if not where.chain.states[state].final:
        step.awaits, step.waits = _places(where, state, act.office, executor)
    return Verdict(step, opening.term(_beginning(act), kinds) if step.awaits else "")


def _check_turn(where: Where, name: str, act: Act) -> None:
    """See that who opens is of the region whose turn it is (003§10 每年轮值召集)."""
    network, year = where.contract.network, day_of(where.matter.opened_ms).year
    if network.convener is None:
        return
    convener = network.convener_in(year)
    if region_of(act.office) != convener:
        raise Rejection(
            "NOT_ALLOWED",
            "office",
            f"{name} is for the region whose turn it is: in {year} {convener or 'nobody'} convenes",
        )


def _kinds(opening: Opening, act: Act) -> dict[str, Kind]:
    found = {}
    for name in kinds_of(said(act.body)):
        if name not in opening.kinds:
            raise Rejection(
                "UNKNOWN_KIND", "body.kind", f"the contract has no kind {name} of {act.kind}"
            )
        found[name] = opening.kinds[name]
    if not found:
        raise Rejection("MISSING_FIELD", "body.kind", f"{act.kind} needs a kind")
    return found


def _first_state(opening: Opening, kinds: dict[str, Kind], act: Act) -> str:
    executors = [p.office for p in act.participants if p.role == ev.ROLE_EXECUTOR]
    recipients = [p.office for p in act.participants if p.role == ev.ROLE_RECIPIENT]
    if len(executors) > 1:
        raise Rejection(
            "INVALID_FIELD", "participants", f"one executor is asked, {len(executors)} are named"
        )
    if act.office in executors + recipients:
        raise Rejection("INVALID_FIELD", "participants", "an office can't ask itself")
    named = ", ".join(kinds)
    if recipients and not opening.begins("circulates", kinds):
        raise Rejection(
            "INVALID_FIELD", "participants", f"{act.kind} of kind {named} isn't circulated"
        )
    found = opening.begins(_beginning(act), kinds)
    if not found:
        whom = "one executor" if opening.begins("to", kinds) else "its recipients"
        raise Rejection(
            "MISSING_FIELD" if not executors else "INVALID_FIELD",
            "participants",
            f"{act.kind} of kind {named} names {whom}",
        )
    return found


def _beginning(act: Act) -> Beginning:
    roles = {participant.role for participant in act.participants}
    if ev.ROLE_EXECUTOR in roles:
        return "to"
    return "circulates" if ev.ROLE_RECIPIENT in roles else "alone"


def _places(where: Where, state: str, requester: str, executor: str) -> tuple[str, str]:
    """Give whom a state awaits, and who waits."""
    office = {Who.REQUESTER: requester, Who.EXECUTOR: executor}
    found = where.chain.states[state]
    if found.awaits is None or found.waits is None:
        return "", ""
    return office[found.awaits], office[found.waits]


def _step(where: Where, act: Act) -> Verdict:
    thread, chain = where.thread, where.chain
    now = thread.step
    if party(thread, act.office, act.past) is None:
        raise Rejection("NOT_A_PARTY", "office", f"{act.office!r} is no party of the thread")
    if now.awaits != act.office:
        raise Rejection(
            "NOT_AWAITED",
            "office",
            f"step {now.number} awaits {now.awaits or 'nobody'}, not {act.office}",
        )
    rule = chain.step(now.state, act.kind)
    if rule is None:
        raise Rejection(
            "WRONG_STATE", "body", f"{act.kind} doesn't lead out of state {now.state!r}"
        )
    _check_kind(rule, where, act)
    _require(rule.requires, act)
    _check_allowed(rule, act)
    _check_pending(rule.answers, where, act)
    if (rule.agrees or rule.gathers) and thread.thread == MAIN:
        check_hash(thread.proposed, act)
    turn = rule.turn(choice(said(act.body), rule.field) if rule.field else "")
    to = now.resumes if turn.to == "resume" else turn.to
    if to not in chain.states:  # it was released although it asks nothing that can be answered
        raise Rejection("WRONG_STATE", "body", f"step {now.number} has no state to go back to")
    state = chain.states[to]
    step = ev.Step(number=now.number + 1, state=to)
    if rule.asks:
        step.resumes = now.state
    if not state.final:
        step.awaits, step.waits = _turn(where, rule, to, act)
    return Verdict(step, "" if state.final else where.named(turn.deadline), rule)


def _turn(where: Where, rule: StepRule, to: str, act: Act) -> tuple[str, str]:
    """Give whom the next step awaits, and who waits."""
    now = where.thread.step
    requester, executor = now.awaits, now.waits
    if where.chain.states[now.state].awaits is Who.EXECUTOR:
        requester, executor = executor, requester
    if rule.forwards or rule.assigns:
        office = str(value(said(act.body), "office"))
        if office in (requester, now.awaits):
            raise Rejection("INVALID_FIELD", "body.office", f"{office!r} has the matter already")
        if rule.assigns and not may_assign(where.contract.network, act.office, office):
            raise Rejection(
                "NOT_ALLOWED",
                "body.office",
                f"{office!r} is neither below nor above {act.office!r} in its region: forward it",
            )
        executor = office
    return _places(where, to, requester, executor)


def check_hash(proposed: bytes, act: Act) -> None:
    """See that an agreement names what was proposed last; raises Rejection."""
    if not proposed or value(said(act.body), "sha256") != proposed:
        raise Rejection(
            "OTHER_VERSION", "body.sha256", f"{act.kind} must name the hash that was proposed last"
        )


def _remark(rule: RemarkRule, where: Where, act: Act) -> Verdict:
    thread = where.thread
    now = thread.step
    if party(thread, act.office, act.past) is None:
        raise Rejection("NOT_A_PARTY", "office", f"{act.office!r} is no party of the thread")
    _require(rule.requires, act)
    if rule.adds and any(p.role not in _ADDED for p in act.participants):
        raise Rejection(
            "INVALID_FIELD", "participants", "observers and recipients are added; else forward"
        )
    recipients = [p.office for p in act.participants if p.role == ev.ROLE_RECIPIENT]
    if rule.adds and recipients:
        if where.matter.host in recipients:
            raise Rejection("INVALID_FIELD", "participants", "the host has no track with itself")
        if act.office != where.matter.host:
            raise Rejection("NOT_ALLOWED", "office", "only the host adds recipients")
        if where.lifecycle.track is None:
            raise Rejection("INVALID_FIELD", "participants", "the family has no tracks")
    if act.kind == "Corrected":
        _check_corrected(where, act)
    if act.seen_step < now.number:
        # The step has moved while the remark was on its way. Whether it was in order can be told
        # by nobody but its origin, and it has no effect where it is bound to its step.
        return Verdict(None, "", rule)
    if not _MAY[rule.by](where, act.office):
        raise Rejection(
            "NOT_ALLOWED", "office", f"{act.kind} is for the {rule.by}, which {act.office} isn't"
        )
    if rule.from_ and now.state not in rule.from_:
        raise Rejection("WRONG_STATE", "body", f"{act.kind} makes no sense in {now.state!r}")
    if rule.adds and recipients and where.chain.states[now.state].final:
        raise Rejection("WRONG_STATE", "participants", "the matter has ended: open a linked one")
    _check_kind(rule, where, act)
    _check_pending(rule.answers, where, act)
    if (rule.bound or rule.dated) and not now.awaits:
        raise Rejection("WRONG_STATE", "body", f"{act.kind} needs a step that awaits somebody")
    return Verdict(None, "", rule)


_ADDED = (ev.ROLE_OBSERVER, ev.ROLE_RECIPIENT)

_MAY: dict[By, Callable[[Where, str], bool]] = {
    By.AWAITED: lambda w, o: w.thread.step.awaits == o,
    By.WAITER: lambda w, o: w.thread.step.waits == o,
    By.PARTY: lambda w, o: True,
    By.HOST: lambda w, o: w.matter.host == o,
    By.OBSERVER: lambda w, o: o not in (w.thread.step.awaits, w.thread.step.waits, w.matter.host),
    By.REGION: lambda w, o: False,
}


def _check_kind(rule: StepRule | RemarkRule, where: Where, act: Act) -> None:
    if not rule.fits(where.matter.kinds):
        raise Rejection(
            "WRONG_STATE",
            "body",
            f"{act.kind} has no place in a matter of kind {', '.join(where.matter.kinds)}",
        )


def _check_allowed(rule: StepRule, act: Act) -> None:
    for field, allowed in rule.allows.items():
        found = choice(said(act.body), field)
        if found not in allowed:
            raise Rejection(
                "INVALID_FIELD", f"body.{field}", f"{found} isn't one of {', '.join(allowed)}"
            )


def _check_corrected(where: Where, act: Act) -> None:
    """Only its origin corrects an event, and only in what the contract lists (rule 9)."""
    corrected = act.body.corrected
    if corrected.number > threads.last(where.thread, region_of(act.office)):
        raise Rejection(
            "INVALID_FIELD", "body.number", f"there is no event {corrected.number} of this region"
        )
    kind = type_of(corrected.body)
    allowed = {"legal_basis", "case_number", *where.lifecycle.correctable(kind)}
    if wrong := sorted(set(corrected.fields) - allowed):
        raise Rejection(
            "NOT_CORRECTABLE", "body.fields", f"{', '.join(wrong)} of {kind} can't be corrected"
        )


def _check_pending(answers: str | None, where: Where, act: Act) -> None:
    if answers is not None and pending(where.thread, answers) is None:
        raise Rejection(
            "NOTHING_PENDING", "body", f"{act.kind} answers {answers}, and none is pending"
        )


def check_once(rule: RemarkRule, where: Where, act: Act) -> None:
    """See that a thing that may exist once isn't there yet; raises Rejection.

    Asked of a region's own offices alone: what two regions say at once is the same thing twice, and
    one effect.
    """
    digest = application.once_digest(act.kind, rule.once, said(act.body))
    if rule.once and application.has_once(where.thread, digest):
        raise Rejection(
            "DUPLICATE", f"body.{rule.once[0]}", "the thread has it already: it counts once"
        )


def _require(fields: Sequence[str], act: Act) -> None:
    for name in fields:
        holder: Act | Message = act
        field = name
        if name.startswith("body."):
            holder = said(act.body)
            field = name[5:]
        if not (value(holder, field) if isinstance(holder, Message) else getattr(holder, field)):
            raise Rejection("MISSING_FIELD", name, f"{act.kind} needs the field {name}")
