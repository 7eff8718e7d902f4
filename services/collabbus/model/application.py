"""Application: what an event does to its thread, and how its origin takes it back.

Everything here is a function of the thread and one event, and gives the same in every region
(design, section 4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from google.protobuf.message import Message

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model import hits
from collabbus.model.body import said, value
from collabbus.model.deadline import end_of, parse_day
from collabbus.model.lifecycle import RemarkRule, StepRule
from collabbus.model.thread import DIGEST, VOIDED, is_voided, last, past_of


def apply(
    thread: st.Thread,
    envelope: ev.Envelope,
    body: body_pb2.Body,
    leaf: bytes,
    now_ms: int,
    rule: StepRule | RemarkRule | None = None,
    deadline: str = "",
) -> None:
    """Take an event into the thread; the caller has checked that it may be.

    `now_ms` is when it came to this region, `rule` the one by which it was judged, `deadline` the
    name of its step's; None and empty for what no rule of the family governs.
    """
    count(thread, envelope, leaf)
    for participant in envelope.participants:
        thread.parties.add(
            addition=envelope.event_id,
            office=participant.office,
            role=participant.role,
            origin=envelope.origin,
            number=envelope.number,
        )
    hits.take(thread, envelope, body)
    if envelope.HasField("step"):
        _move(thread, envelope, body, rule, deadline)
        if envelope.type != "Voided":  # its step is the one before, written anew
            return
    if isinstance(rule, RemarkRule):
        if rule.once:
            thread.once += once_digest(envelope.type, rule.once, said(body))
        if rule.bound:
            _bind(thread, envelope)
        elif rule.answers is not None:
            _answer(thread, envelope, rule.answers)
    effect = EFFECTS.get(envelope.type)
    if effect is not None:
        effect(thread, envelope, body, now_ms)


def count(thread: st.Thread, envelope: ev.Envelope, leaf: bytes) -> None:
    """Note an event's number and hash as applied."""
    origin = _origin(thread, envelope.origin)
    origin.last = envelope.number
    origin.digests += leaf[:DIGEST]
    if thread.voided:
        _skip_voided(thread, envelope.origin)


def _origin(thread: st.Thread, region: str) -> st.Origin:
    for origin in thread.origins:
        if origin.region == region:
            return origin
    return thread.origins.add(region=region)


def _move(
    thread: st.Thread,
    envelope: ev.Envelope,
    body: body_pb2.Body,
    rule: StepRule | RemarkRule | None,
    deadline: str,
) -> None:
    if isinstance(rule, StepRule):
        if rule.proposes:
            thread.proposed = value(said(body), "sha256")
        elif rule.agrees or rule.gathers:
            thread.agreed = value(said(body), "sha256")
    before = thread.deadline
    if envelope.type == "Voided":
        if not takes_back(thread, envelope, body.voided):
            return
        # Who took the voided step goes back to the deadline before it; who refused it is there.
        if took(thread, body.voided):
            thread.deadline = thread.deadline_before
    elif deadline != "keep":
        thread.deadline = deadline
    thread.deadline_before = before
    thread.reminded = thread.overdue = False
    thread.escalated = 0
    thread.before.CopyFrom(thread.step)
    thread.stepped_by, thread.stepped_number = envelope.origin, envelope.number
    thread.step.CopyFrom(envelope.step)
    thread.stepped_ms = envelope.recorded_ms
    thread.claimed_ms = 0
    del thread.bound[:]


def took(thread: st.Thread, voided: verbs_pb2.Voided) -> bool:
    """Tell whether the event that is taken back wrote the thread's last step here."""
    return (thread.stepped_by, thread.stepped_number) == (voided.origin, voided.number)


def takes_back(thread: st.Thread, envelope: ev.Envelope, voided: verbs_pb2.Voided) -> bool:
    """Tell whether a voiding moves the thread: back, or past the step that was refused here.

    Not where the thread has gone on without it: then the voided step was out of turn.
    """
    return took(thread, voided) or envelope.step.number == thread.step.number + 2


def once_digest(kind: str, fields: Sequence[str], message: Message) -> bytes:
    """Give by what a thing that may exist only once in a thread is known again."""
    parts = "\0".join([kind, *(str(value(message, field)) for field in fields)])
    return sha256(parts.encode()).digest()[:DIGEST]


def has_once(thread: st.Thread, digest: bytes) -> bool:
    """Tell whether the thread has this thing already."""
    held = thread.once
    return any(held[i : i + DIGEST] == digest for i in range(0, len(held), DIGEST))


def _bind(thread: st.Thread, envelope: ev.Envelope) -> None:
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


def _answer(thread: st.Thread, envelope: ev.Envelope, kind: str) -> None:
    # What was asked again meanwhile isn't answered: only what who answers had seen.
    past = past_of(envelope)
    for place, bound in enumerate(thread.bound):
        if bound.type == kind and bound.number <= past.get(bound.origin, 0):
            del thread.bound[place]
            return


def _extend(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    day = parse_day(body.extended.due_date)
    if envelope.seen_step != thread.step.number or day is None:
        return
    if thread.step.due_ms != end_of(day):
        thread.step.due_ms = end_of(day)
        thread.reminded = thread.overdue = False
        thread.escalated = 0
        thread.claimed_ms = 0


def _overdue(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    if _same_due(thread, envelope, body.overdue.step, body.overdue.due_ms):
        thread.overdue = True


def _escalated(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    if _same_due(thread, envelope, body.escalated.step, body.escalated.due_ms):
        thread.escalated = max(thread.escalated, body.escalated.level)


def _claimed(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    if _same_due(thread, envelope, body.default_claimed.step, body.default_claimed.due_ms):
        thread.claimed_ms = now_ms


def _same_due(thread: st.Thread, envelope: ev.Envelope, step: int, due_ms: int) -> bool:
    """Tell whether the clock speaks of the step that is open, and of its due time as it is."""
    now = thread.step
    return envelope.seen_step == now.number and (step, due_ms) == (now.number, now.due_ms)


def _leave_asked(
    thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int
) -> None:
    covered = set(body.leave_asked.additions)
    for one in thread.parties:
        if one.office == envelope.office and one.addition in covered:
            one.leaving = True


def _left(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    covered = set(body.participant_left.additions)
    for one in thread.parties:
        if one.office == body.participant_left.office and one.addition in covered and one.leaving:
            one.left = True


def skip(thread: st.Thread, region: str, number: int) -> None:
    """Count a number that its origin has voided as applied, now or when its turn comes."""
    if number <= last(thread, region):
        return
    thread.voided.add(origin=region, number=number)
    _skip_voided(thread, region)


def _skip_voided(thread: st.Thread, region: str) -> None:
    """Pass over the voided numbers that come next."""
    while True:
        following = last(thread, region) + 1
        places = [
            place
            for place, one in enumerate(thread.voided)
            if (one.origin, one.number) == (region, following)
        ]
        if not places:
            return
        del thread.voided[places[0]]
        origin = _origin(thread, region)
        origin.last = following
        origin.digests += VOIDED


def _refused(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    refused = body.refused
    if is_voided(thread, refused.origin, refused.number):
        return  # who has only just come in refuses it once more
    thread.freezes.add(
        refuser=envelope.origin,
        origin=refused.origin,
        number=refused.number,
        code=refused.code,
        since_ms=envelope.recorded_ms,
    )


def _voided(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    voided = body.voided
    origin = _origin(thread, voided.origin)
    if voided.number <= origin.last:
        at = (voided.number - 1) * DIGEST
        origin.digests = origin.digests[:at] + VOIDED + origin.digests[at + DIGEST :]
    # Who refused it has kept what it would have taken the place of: that goes, too.
    kind = ev.Envelope.FromString(voided.envelope).type
    for place in reversed(range(len(thread.bound))):
        bound = thread.bound[place]
        if (bound.type, bound.origin) == (kind, voided.origin) and bound.number <= voided.number:
            del thread.bound[place]
    _thaw(thread, lambda one: (one.origin, one.number) == (voided.origin, voided.number))


def _released(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    freed = envelope.origin, body.released.origin, body.released.number
    _thaw(thread, lambda one: (one.refuser, one.origin, one.number) == freed)


def _thaw(thread: st.Thread, matches: Callable[[st.Freeze], bool]) -> None:
    for place in reversed(range(len(thread.freezes))):
        if matches(thread.freezes[place]):
            del thread.freezes[place]


def _ended(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    if not thread.ended:
        thread.ended = body.track_ended.step


def _archived(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    thread.archived = True


def _linked(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
    linked = body.linked
    for one in thread.links:
        if one.matter_id == linked.matter_id:
            if one.step <= linked.step:
                one.state, one.step = linked.state, linked.step
            return
    thread.links.add(
        matter_id=linked.matter_id,
        family=linked.family,
        state=linked.state,
        step=linked.step,
    )


EFFECTS = {
    "Extended": _extend,
    "Overdue": _overdue,
    "Escalated": _escalated,
    "DefaultClaimed": _claimed,
    "LeaveAsked": _leave_asked,
    "ParticipantLeft": _left,
    "Refused": _refused,
    "Voided": _voided,
    "Released": _released,
    "TrackEnded": _ended,
    "Linked": _linked,
    "Archived": _archived,
}
"""What a remark does to the shared state of its thread, by its type; others do nothing."""


def leaves_no_trace(envelope: ev.Envelope, rule: StepRule | RemarkRule | None) -> bool:
    """Tell whether an event can be voided: whether its thread can be as if it never had been.

    Whom it brought in may have spoken since, and what it agreed to or counted may have been built
    on: such an event stands, and its refuser may release it. That a step is the last one, the
    caller has seen.
    """
    if envelope.participants:
        return False
    if isinstance(rule, StepRule):
        return not (rule.proposes or rule.agrees or rule.gathers)
    if isinstance(rule, RemarkRule):
        return envelope.type not in EFFECTS and not (rule.once or rule.answers)
    return False
