"""Own acts: what a region asks of itself, signed with its own key.

That a matter came of another (from the shard of the one into the shard of the other), and what an
operator does about a frozen thread (design, section 4, rule 10). No office may say any of it.
"""

from __future__ import annotations

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collab.v1 import verbs_pb2
from collabbus.link.merkle import leaf_hash
from collabbus.model import application, ids
from collabbus.model import thread as threads
from collabbus.model.arrivals import Arrivals
from collabbus.model.journal import Journal, Region
from collabbus.model.rejection import Rejection
from collabbus.model.thread import MAIN, TRACK

REGION_ACTS = ("Linked", "Voided", "Released")
"""Their types."""


class OwnActs:
    """Records the own acts of one shard."""

    def __init__(self, region: Region, journal: Journal, arrivals: Arrivals) -> None:
        self._region = region
        self._journal = journal
        self._arrivals = arrivals

    def record(self, matter: st.Matter, thread: st.Thread, draft: sub.Draft, time_ms: int) -> str:
        """Record what the region asked of itself."""
        own = self._region.name
        if own not in threads.members(thread):
            raise Rejection("NOT_A_PARTY", "office", f"{own} is no member any more")
        step = None
        if draft.body.HasField("voided"):
            step = self._before_voided(matter, thread, draft.body.voided)
        elif draft.body.HasField("released"):
            self._check_released(thread, draft.body.released)
        envelope = self._journal.own(
            matter,
            thread,
            draft.body,
            event_id=ids.event_id(draft.matter_id, draft.office, draft.submission_id, 0),
            office=draft.office,
            recorded_ms=time_ms,
            clock=True,
            step=step,
            deadline="keep",
            officer=draft.officer,
            causation=causation(draft),
        )
        if draft.body.HasField("released"):
            freed = draft.body.released
            self._arrivals.force(matter, thread, freed.origin, freed.number, time_ms)
        return envelope.event_id

    def _before_voided(
        self, matter: st.Matter, thread: st.Thread, voided: verbs_pb2.Voided
    ) -> ev.Step | None:
        """Give the step at which the thread stands once an event of this region is void."""
        own, number = self._region.name, voided.number
        refusers = [
            one.refuser for one in thread.freezes if (one.origin, one.number) == (own, number)
        ]
        if voided.origin != own or not refusers:
            raise Rejection(
                "NOTHING_PENDING", "body.number", f"nobody refused number {number} of {own}"
            )
        leaf = leaf_hash(voided.envelope)[: threads.DIGEST]
        if leaf != threads.digest(thread, own, number):
            raise Rejection(
                "INVALID_FIELD", "body.envelope", f"it isn't that of number {number} of {own}"
            )
        envelope = ev.Envelope.FromString(voided.envelope)
        last = (thread.stepped_by, thread.stepped_number) == (own, number)
        if not self._leaves_no_trace(matter, thread, envelope, last):
            raise Rejection(
                "NOT_VOIDABLE",
                "body.number",
                f"others build on number {number}, {envelope.type}: have {refusers[0]} release it",
            )
        if not envelope.HasField("step"):
            return None
        step = ev.Step()
        step.CopyFrom(thread.before)
        step.number = thread.step.number + 1
        return step

    def _leaves_no_trace(
        self, matter: st.Matter, thread: st.Thread, envelope: ev.Envelope, last: bool
    ) -> bool:
        where = self._region.where(matter, thread)
        if where is None:
            return False
        if envelope.HasField("step"):
            ended = thread.thread == MAIN and where.chain.states[envelope.step.state].final
            tracks = any(one.startswith(TRACK) for one in self._region.others(matter.matter_id))
            if not last or not thread.before.number or (ended and tracks):
                return False
        rules = where.chain
        rule = rules.steps.get(envelope.type) or rules.remarks.get(envelope.type)
        return application.leaves_no_trace(envelope, rule)

    def _check_released(self, thread: st.Thread, released: verbs_pb2.Released) -> None:
        own = self._region.name
        if not any(
            (one.refuser, one.origin, one.number) == (own, released.origin, released.number)
            for one in thread.freezes
        ):
            raise Rejection(
                "NOTHING_PENDING",
                "body.number",
                f"{own} hasn't refused number {released.number} of {released.origin}",
            )


def causation(draft: sub.Draft) -> ev.Causation:
    """Give what made the events of a submission."""
    found = ev.Causation(submission_id=draft.submission_id)
    if draft.HasField("cause"):
        found.event_id, found.matter_id = draft.cause.event_id, draft.cause.matter_id
    return found
