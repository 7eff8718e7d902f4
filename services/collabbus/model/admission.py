"""Admission: what an event of a peer must be before it is applied.

Its envelope is looked at when it comes, its body when its causes are here: the rules by which it is
judged are those of its matter, and the same as for our own offices' acts.
"""

from __future__ import annotations

from collections.abc import Callable

from google.protobuf.message import DecodeError

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.link import parcel as parcels
from collabbus.link.evidence import verify_item
from collabbus.link.parcel import ParcelError
from collabbus.model import addressing, application, ids, rules, validity
from collabbus.model.body import choice, said, type_of
from collabbus.model.journal import Region, body_digest
from collabbus.model.rejection import Rejection
from collabbus.model.shard import shard_of
from collabbus.model.thread import (
    ARCHIVE,
    COPY,
    GUEST,
    MAIN,
    TRACK,
    is_open,
    past_of,
    recipient_of,
    region_of,
)
from collabbus.model.where import Where


def envelope_of(region: Region, peer: str, entry: pb.Entry, event: ev.Event) -> ev.Envelope:
    """Give the envelope of an event that its sender may send us; raises Rejection.

    An evidence item may come from anybody, if it proves that its origin recorded the event.
    """
    try:
        envelope = ev.Envelope.FromString(event.envelope)
    except DecodeError as error:
        raise Rejection("UNREADABLE", "envelope", "the envelope is no Envelope") from error
    try:
        validity.check(envelope, "envelope.")
    except Rejection as broken:
        raise Rejection("INVALID_FIELD", broken.field, broken.reason) from broken
    sender = peer
    if entry.HasField("item"):
        try:
            sender = parcels.sender_of(verify_item(entry.item, region.keys))
        except ParcelError as error:
            raise Rejection(error.reason_code, "item", str(error)) from error
        if body_digest(event.salt, event.body) != envelope.body_digest:
            # The proof doesn't cover the body: who hands it on changed it, not its origin.
            raise Rejection("BODY_MISMATCH", "item", "the body isn't the one that was recorded")
    if envelope.origin != sender or region_of(envelope.office) != sender:
        raise Rejection(
            "FOREIGN_OFFICE",
            "office",
            f"{sender} sent an act of {envelope.office}, recorded by {envelope.origin}",
        )
    if envelope.thread != MAIN and not envelope.thread.startswith((TRACK, COPY, ARCHIVE)):
        raise Rejection("UNKNOWN_THREAD", "thread", f"no thread {envelope.thread!r} crosses")
    if opens(envelope) and envelope.matter_id != ids.matter_id(envelope.office, envelope.seed):
        raise Rejection("FOREIGN_MATTER", "matter_id", "another act opened that matter")
    if shard_of(envelope.matter_id, region.shards) != region.shard:
        raise Rejection("WRONG_SHARD", "matter_id", "the matter lives in another shard")
    return envelope


def opens(envelope: ev.Envelope) -> bool:
    """Tell whether an event opens its thread: a matter, a track, or what needs no step."""
    first = envelope.HasField("step") and envelope.step.number == 1
    return first or (envelope.number == 1 and envelope.thread.startswith((COPY, ARCHIVE)))


def admit(
    region: Region, matter: st.Matter, thread: st.Thread, event: ev.Event, envelope: ev.Envelope
) -> tuple[body_pb2.Body, rules.Verdict]:
    """Give the body of an event that the matter's contract allows, and why; raises Rejection."""
    body = _body_of(event, envelope)
    if (envelope.contract, envelope.family) != (matter.contract, matter.family):
        raise Rejection("WRONG_CONTRACT", "contract", "the matter is pinned to another one")
    contract = region.contract(matter.contract)
    if contract is None:
        raise Rejection("WRONG_CONTRACT", "contract", "the matter's contract isn't kept here")
    for participant in envelope.participants:
        if contract.network.office(participant.office) is None:
            raise Rejection("UNKNOWN_OFFICE", "participants", "not in the network")
        addressing.check(contract.network, participant)
    if envelope.clock and envelope.type in _RULE:
        if not _RULE[envelope.type](matter, thread, envelope, body):
            raise Rejection("NOT_ALLOWED", "clock", "another region's clock speaks here")
        _check_brought(envelope, body)
        if envelope.HasField("step"):
            _check_taken_back(thread, envelope, body)
        return body, rules.Verdict(None, "keep")
    where = region.where(matter, thread)
    if where is None:
        raise Rejection("UNKNOWN_KIND", "family", "the contract has no such family or thread")
    if envelope.clock and envelope.type == "TrackOpened":
        verdict = _track(where, envelope)
    else:
        if contract.network.office(envelope.office) is None:
            raise Rejection("UNKNOWN_OFFICE", "office", "not in the network")
        act = rules.Act(
            envelope.type,
            envelope.office,
            envelope.officer or ("clock" if envelope.clock else ""),
            envelope.participants,
            envelope.legal_basis,
            body,
            envelope.seen_step,
            envelope.guest,
            past_of(envelope),
        )
        verdict = rules.judge(where, act)
    if _course(envelope.step if envelope.HasField("step") else None) != _course(verdict.step):
        raise Rejection("WRONG_STEP", "step", "the step isn't the one that the rules give")
    return body, verdict


def taken(
    region: Region, matter: st.Matter, thread: st.Thread, event: ev.Event, envelope: ev.Envelope
) -> tuple[body_pb2.Body, rules.Verdict]:
    """Give the body of an event that is taken although the rules speak against it."""
    body = _body_of(event, envelope)
    where = region.where(matter, thread)
    if where is None:
        return body, rules.Verdict(None, "keep")
    step = where.chain.steps.get(envelope.type)
    if step is not None:
        turn = step.turn(choice(said(body), step.field) if step.field else "")
        return body, rules.Verdict(None, where.named(turn.deadline), step)
    return body, rules.Verdict(None, "", where.chain.remarks.get(envelope.type))


def _body_of(event: ev.Event, envelope: ev.Envelope) -> body_pb2.Body:
    try:
        body = body_pb2.Body.FromString(event.body)
    except DecodeError as error:
        raise Rejection("UNREADABLE", "body", "the body is no Body") from error
    if body_digest(event.salt, event.body) != envelope.body_digest:
        raise Rejection("BODY_MISMATCH", "body", "the body isn't the one that was recorded")
    try:
        validity.check_body(body)
    except Rejection as broken:
        raise Rejection("INVALID_FIELD", broken.field, broken.reason) from broken
    if type_of(body) != envelope.type:
        raise Rejection("BODY_MISMATCH", "type", "the type isn't that of the body")
    return body


def _check_brought(envelope: ev.Envelope, body: body_pb2.Body) -> None:
    """See that a region's clock brings in nobody but whom it tells; raises Rejection."""
    may: set[str] = set()
    if envelope.type == "Escalated":
        may = set(body.escalated.to)
    elif envelope.type == "Copied":
        may = {envelope.office, envelope.thread.removeprefix(COPY).partition("/")[2]}
    for one in envelope.participants:
        host = envelope.type == "Copied" and one.office == envelope.office
        role = ev.ROLE_REQUESTER if host else ev.ROLE_OBSERVER
        if one.office not in may or one.role != role:
            raise Rejection(
                "INVALID_FIELD", "participants", f"{envelope.type} can't bring in {one.office}"
            )


def _check_taken_back(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    """See that a step of no rule is a voiding's, which leads to the step before; else Rejection."""
    if envelope.type != "Voided":
        raise Rejection("WRONG_STEP", "step", f"{envelope.type} is no step")
    if not application.takes_back(thread, envelope, body.voided):
        return
    took = application.took(thread, body.voided)
    back = ev.Step()
    back.CopyFrom(thread.before if took else thread.step)
    back.number = thread.step.number + (1 if took else 2)
    if _course(envelope.step) != _course(back):
        raise Rejection("WRONG_STEP", "step", "a voiding leads back to the step before, no other")


def _track(where: Where, envelope: ev.Envelope) -> rules.Verdict:
    """Give the first step of a track, as its host must have written it."""
    if is_open(where.thread) or envelope.office != where.matter.host:
        raise Rejection("NOT_ALLOWED", "office", "only the host opens a track, once")
    awaited = recipient_of(envelope.thread)
    if envelope.thread.startswith(GUEST):
        awaited = envelope.office
    parties = {where.matter.host: ev.ROLE_REQUESTER, awaited: ev.ROLE_EXECUTOR}
    if [(one.office, one.role) for one in envelope.participants] != list(parties.items()):
        raise Rejection("INVALID_FIELD", "participants", "a track has its host and its recipient")
    return rules.Verdict(
        ev.Step(
            number=1,
            state=where.chain.begins or "",
            awaits=awaited,
            waits=envelope.office,
        ),
        where.term(),
    )


def _course(step: ev.Step | None) -> tuple[object, ...] | None:
    """Give what of a step the rules fix; its due time is the origin's to set."""
    if step is None:
        return None
    return (step.number, step.state, step.awaits, step.waits, step.resumes)


def _of_host(matter: st.Matter, envelope: ev.Envelope) -> bool:
    return region_of(matter.host) == envelope.origin


def _of_waiter(thread: st.Thread, envelope: ev.Envelope) -> bool:
    # Nobody else can have moved the thread since: a step it hasn't seen is one it didn't write.
    return envelope.seen_step != thread.step.number or (
        region_of(thread.step.waits) == envelope.origin
    )


_RULE: dict[str, Callable[[st.Matter, st.Thread, ev.Envelope, body_pb2.Body], bool]] = {
    "ParticipantLeft": lambda m, t, e, b: (
        e.seen_step == t.step.number and region_of(t.step.awaits or m.host) == e.origin
    ),
    "Overdue": lambda m, t, e, b: _of_waiter(t, e),
    "DefaultClaimed": lambda m, t, e, b: _of_waiter(t, e),
    "Escalated": lambda m, t, e, b: _of_waiter(t, e),
    "Refused": lambda m, t, e, b: True,
    "TrackEnded": lambda m, t, e, b: _of_host(m, e) and e.thread.startswith(TRACK),
    "Copied": lambda m, t, e, b: _of_host(m, e) and e.thread.startswith(COPY),
    "Linked": lambda m, t, e, b: True,
    "Archived": lambda m, t, e, b: (
        _of_host(m, e) and not t.step.awaits and e.thread.startswith((MAIN, ARCHIVE))
    ),
    "Voided": lambda m, t, e, b: b.voided.origin == e.origin,
    "Released": lambda m, t, e, b: True,
}
"""What a region's clock and rules may say by themselves, and when it is that region's turn."""
