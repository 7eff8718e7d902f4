"""Threads (线程): who belongs to one, what of each origin has come, and how it stands.

The state is the message `collab.state.v1.Thread`; what an event does to it, `application` says.
"""

from __future__ import annotations

from collections.abc import Mapping

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.model import hits

MAIN = "main"
LOCAL = "local"
"""The thread of what only the own region sees."""
DIGEST = 16
"""Bytes kept of each applied event's leaf hash."""
VOIDED = bytes(DIGEST)
"""What is kept in its place of a number that its origin has voided."""

TRACK = "track/"
"""What the names of tracks begin with; the recipient's office follows, or `guest/` and an id.

Whoever left and is added again gets another one, with `/2` and so on at its end.
"""
GUEST = "track/guest/"
COPY = "copy/"
"""What the threads of copies begin with; role and office follow."""
ARCHIVE = "archive/"
"""What the threads begin with in which the host's region tells another, whose name follows and
which takes no part in the main thread any more, that the matter is archived."""

FAMILIES = {
    number: name.removeprefix("FAMILY_").lower() for name, number in ev.Family.items() if number
}


def region_of(office: str) -> str:
    """Give the region of an office."""
    return office.partition("/")[0]


def guest_of(name: str) -> str:
    """Give the guest whose track a thread is; empty if it is nobody's."""
    return name.removeprefix(GUEST) if name.startswith(GUEST) else ""


def recipient_of(name: str) -> str:
    """Give the office whose track a thread is."""
    return "/".join(name.removeprefix(TRACK).split("/", 2)[:2])


def is_open(thread: st.Thread | None) -> bool:
    """Tell whether a thread's first step has come; before that it is a shell of held events."""
    return thread is not None and thread.HasField("step")


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


def is_voided(thread: st.Thread, region: str, number: int) -> bool:
    """Tell whether a number stands for nothing any more, whatever comes under it."""
    return digest(thread, region, number) == VOIDED


def members(thread: st.Thread, past: Mapping[str, int] | None = None, cause: str = "") -> set[str]:
    """Give the regions of the parties that have not left.

    With a past, of those additions that lie in it or that are the cause.
    """
    return {
        region_of(party.office)
        for party in thread.parties
        if not party.left and (_lies_in(past, party) or party.addition == cause)
    }


def stays(thread: st.Thread, region: str) -> bool:
    """Tell whether a region has a party that neither has left nor has asked to."""
    return any(
        region_of(party.office) == region and not (party.left or party.leaving)
        for party in thread.parties
    )


def is_leaving(thread: st.Thread, region: str) -> bool:
    """Tell whether a region was brought in, and has left or asked to."""
    mine = any(region_of(party.office) == region for party in thread.parties)
    return mine and not stays(thread, region)


def party(thread: st.Thread, office: str, past: Mapping[str, int] | None = None) -> st.Party | None:
    """Give the last addition of an office that it has not left, else None.

    With a past, only of those additions that lie in it.
    """
    for one in reversed(thread.parties):
        if one.office == office and not one.left and _lies_in(past, one):
            return one
    return None


def past_of(envelope: ev.Envelope) -> dict[str, int]:
    """Give the last number of each origin that an event's origin had seen."""
    past = {seen.origin: seen.number for seen in envelope.seen}
    past[envelope.origin] = envelope.number - 1
    return past


def _lies_in(past: Mapping[str, int] | None, one: st.Party) -> bool:
    return past is None or one.number <= past.get(one.origin, 0)


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


def dormant(thread: st.Thread) -> bool:
    """Tell whether nobody owes anything in the thread any more, whatever its step says."""
    return bool(thread.ended)


def picture(thread: st.Thread) -> tuple[object, ...]:
    """Give what all members of a thread must agree on once the links are drained (invariant 4)."""
    step = thread.step
    return (
        thread.thread,
        (step.number, step.state, step.awaits, step.waits, step.due_ms, step.resumes),
        (thread.overdue, thread.escalated, bool(thread.claimed_ms), thread.ended),
        (thread.proposed, thread.agreed, tuple(sorted(_pieces(thread.once)))),
        tuple(sorted((o.region, o.last, bytes(o.digests)) for o in thread.origins)),
        tuple(sorted((p.addition, p.office, p.role, p.leaving, p.left) for p in thread.parties)),
        tuple(sorted((b.type, b.origin, b.number) for b in thread.bound if b.step == step.number)),
        tuple(sorted((f.refuser, f.origin, f.number, f.code) for f in thread.freezes if f.number)),
        tuple(sorted((k.matter_id, k.family, k.state) for k in thread.links)),
        hits.picture(thread.model),
    )


def _pieces(digests: bytes) -> list[bytes]:
    return [digests[i : i + DIGEST] for i in range(0, len(digests), DIGEST)]
