"""Threads (线程): who belongs to one, what of each origin has come, and what an event does to it.

The state is the message `collab.state.v1.Thread`. Everything here is a function of the thread and
one event, and gives the same in every region (design, section 4).
"""

from __future__ import annotations

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model.deadline import end_of, parse_day

MAIN = "main"
LOCAL = "local"
"""The thread of what only the own region sees."""
DIGEST = 16
"""Bytes kept of each applied event's leaf hash."""

FAMILIES = {
    number: name.removeprefix("FAMILY_").lower() for name, number in ev.Family.items() if number
}
BODY_TYPES = {
    field.name: field.message_type.name
    for field in body_pb2.Body.DESCRIPTOR.oneofs[0].fields
    if field.message_type is not None
}
"""Type name (`AssistanceRequested`) by field of the body."""


def region_of(office: str) -> str:
    """Give the region of an office."""
    return office.partition("/")[0]


def find(matter: st.Matter, name: str) -> st.Thread | None:
    """Give a thread of a matter."""
    for thread in matter.threads:
        if thread.thread == name:
            return thread
    return None


def find_or_add(matter: st.Matter, name: str) -> st.Thread:
    """Give a thread of a matter, new if need be."""
    found = find(matter, name)
    return found if found is not None else matter.threads.add(thread=name)


def is_open(matter: st.Matter) -> bool:
    """Tell whether the matter's opening has come; before that it is a shell of held events."""
    return any(thread.HasField("step") for thread in matter.threads)


def last(thread: st.Thread, region: str) -> int:
    """Give the number of the last event of an origin that was applied."""
    for origin in thread.origins:
        if origin.region == region:
            return origin.last
    return 0


def digest(thread: st.Thread, region: str, number: int) -> bytes:
    """Give what is kept of the hash of an applied event."""
    for origin in thread.origins:
        if origin.region == region:
            return origin.digests[(number - 1) * DIGEST : number * DIGEST]
    return b""


def members(thread: st.Thread) -> set[str]:
    """Give the regions of the parties that have not left."""
    return {region_of(party.office) for party in thread.parties if not party.left}


def party(thread: st.Thread, office: str) -> st.Party | None:
    """Give the last addition of an office that it has not left, else None."""
    for one in reversed(thread.parties):
        if one.office == office and not one.left:
            return one
    return None


def missing(thread: st.Thread, envelope: ev.Envelope, own: str) -> list[ev.Seen]:
    """Give what has not come of what an event needs before it (rule 4, hold-back)."""
    have = {origin.region: origin.last for origin in thread.origins}
    needs = [
        ev.Seen(origin=seen.origin, number=seen.number)
        for seen in envelope.seen
        if seen.origin != own and have.get(seen.origin, 0) < seen.number
    ]
    if have.get(envelope.origin, 0) < envelope.number - 1:
        needs.append(ev.Seen(origin=envelope.origin, number=envelope.number - 1))
    return needs


def pending(thread: st.Thread, kind: str) -> st.Bound | None:
    """Give the bound remark of a type that still counts, if there is one."""
    for bound in thread.bound:
        if bound.type == kind and bound.step == thread.step.number:
            return bound
    return None


def apply(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, leaf: bytes) -> None:
    """Take an event into the thread; the caller has checked that it may be."""
    for origin in thread.origins:
        if origin.region == envelope.origin:
            break
    else:
        origin = thread.origins.add(region=envelope.origin)
    origin.last = envelope.number
    origin.digests += leaf[:DIGEST]
    for participant in envelope.participants:
        thread.parties.add(
            addition=envelope.event_id, office=participant.office, role=participant.role
        )
    if envelope.HasField("step"):
        thread.step.CopyFrom(envelope.step)
        thread.stepped_ms = envelope.recorded_ms
        thread.reminded = thread.overdue = False
        del thread.bound[:]
        return
    effect = _REMARKS.get(envelope.type)
    if effect is not None:
        effect(thread, envelope, body)


def _bind(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    if envelope.seen_step != thread.step.number:
        return  # the step is over: it was said, and has no effect
    for place, bound in enumerate(thread.bound):
        if (bound.type, bound.origin) == (envelope.type, envelope.origin):
            del thread.bound[place]
            break
    thread.bound.add(
        type=envelope.type,
        origin=envelope.origin,
        number=envelope.number,
        step=envelope.seen_step,
        office=envelope.office,
    )


def _refuse_withdrawal(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    # What was asked again meanwhile isn't answered: only what the refuser had seen.
    seen = {one.origin: one.number for one in envelope.seen}
    for place, bound in enumerate(thread.bound):
        if bound.type == "WithdrawalAsked" and bound.number <= seen.get(bound.origin, 0):
            del thread.bound[place]
            return


def _extend(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    day = parse_day(body.extended.due_date)
    if envelope.seen_step != thread.step.number or day is None:
        return
    if thread.step.due_ms != end_of(day):
        thread.step.due_ms = end_of(day)
        thread.reminded = thread.overdue = False


def _overdue(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    step = thread.step
    said = body.overdue.step, body.overdue.due_ms
    if envelope.seen_step == step.number and said == (step.number, step.due_ms):
        thread.overdue = True


def _leave_asked(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    covered = set(body.leave_asked.additions)
    for one in thread.parties:
        if one.office == envelope.office and one.addition in covered:
            one.leaving = True


def _left(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    covered = set(body.participant_left.additions)
    for one in thread.parties:
        if one.office == body.participant_left.office and one.addition in covered and one.leaving:
            one.left = True


def _refused(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    refused = body.refused
    thread.freezes.add(
        refuser=envelope.origin,
        origin=refused.origin,
        number=refused.number,
        code=refused.code,
    )


_REMARKS = {
    "WithdrawalAsked": _bind,
    "WithdrawalRefused": _refuse_withdrawal,
    "ExtensionAsked": _bind,
    "Extended": _extend,
    "Overdue": _overdue,
    "LeaveAsked": _leave_asked,
    "ParticipantLeft": _left,
    "Refused": _refused,
}


def picture(thread: st.Thread) -> tuple[object, ...]:
    """Give what all members of a thread must agree on once the links are drained (invariant 4)."""
    step = thread.step
    return (
        thread.thread,
        (step.number, step.state, step.awaits, step.waits, step.due_ms, step.resumes),
        thread.overdue,
        tuple(sorted((o.region, o.last, bytes(o.digests)) for o in thread.origins)),
        tuple(sorted((p.addition, p.office, p.role, p.leaving, p.left) for p in thread.parties)),
        tuple(sorted((b.type, b.origin, b.number) for b in thread.bound if b.step == step.number)),
        tuple(sorted((f.refuser, f.origin, f.number, f.code) for f in thread.freezes if f.number)),
    )
