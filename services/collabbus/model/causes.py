"""Causes: that a matter came of another one, told in the other.

The cause may live in another shard, and may not have come to this region yet; so its region asks it
of itself, and what can't be said yet waits until the region takes part in the cause.
"""

from __future__ import annotations

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import batch
from collabbus.model import thread as threads
from collabbus.model.journal import Journal, Region
from collabbus.model.lifecycle import REPEATABLE_DAYS
from collabbus.model.thread import MAIN, region_of

OWN_ACT_MS = REPEATABLE_DAYS * 86_400_000
"""How long what a region asks of itself stays valid, and so may wait."""


class Causes:
    """Tells, in one shard, of matters that came of others."""

    def __init__(self, region: Region, journal: Journal) -> None:
        self._region = region
        self._journal = journal

    def tell(self, matter: st.Matter, envelope: ev.Envelope, now_ms: int) -> None:
        """Ask the own region to write into the cause that, and how, this matter came of it.

        A submission of the region to itself, in the same transaction; its id derives from the event
        (design, section 3).
        """
        linked = verbs_pb2.Linked(
            matter_id=matter.matter_id,
            family=matter.family,
            type=matter.opening,
            state=envelope.step.state,
            event_id=matter.cause_event,
            step=envelope.step.number,
        )
        draft = sub.Draft(
            submission_id=f"linked-{envelope.event_id}",
            network=matter.network,
            family=matter.family,
            matter_id=matter.cause_matter,
            thread=MAIN,
            office=matter.host,
            officer=self._region.name,
            not_after_ms=now_ms + OWN_ACT_MS,
            body=body_pb2.Body(linked=linked),
            cause=sub.Cause(event_id=envelope.event_id, matter_id=matter.matter_id),
        )
        [record] = batch.sign([draft.SerializeToString()], self._region.identity.sign)
        self._submit(matter.cause_matter, record)

    def wait(self, draft: sub.Draft, record: bytes) -> bool:
        """Lay such a submission aside if its region takes no part in the cause; False if it does.

        It is forgotten when its `not_after` has passed: a cause may be named that never comes here.
        """
        if not draft.body.HasField("linked") or self._joined(draft.matter_id):
            return False
        key = _key(draft.matter_id)
        kept = st.Remembered.FromString(self._region.store.get(key) or b"")
        if record not in kept.waiting:
            kept.waiting.append(record)
        kept.not_after_ms = max(kept.not_after_ms, draft.not_after_ms)
        self._region.store.put(key, kept.SerializeToString())
        return True

    def take_up(self, thread: st.Thread, matter_id: str, envelope: ev.Envelope) -> None:
        """Ask again for what waited, once an event has brought the own region in."""
        own = self._region.name
        brought = any(region_of(one.office) == own for one in envelope.participants)
        # Its step 1 may come after the addition, or with it.
        if thread.thread != MAIN or not (brought or envelope.step.number == 1):
            return
        key = _key(matter_id)
        kept = self._region.store.get(key)
        if kept is None or not _takes_part(thread, own):
            return
        for record in st.Remembered.FromString(kept).waiting:
            self._submit(matter_id, record)
        self._region.store.drop(key)

    def _joined(self, matter_id: str) -> bool:
        main = self._region.thread(matter_id, MAIN)
        return main is not None and _takes_part(main, self._region.name)

    def _submit(self, matter_id: str, record: bytes) -> None:
        self._journal.effects.submissions.append((matter_id.encode(), record))


def _takes_part(main: st.Thread, region: str) -> bool:
    # Who has asked to leave has had its last word: others may know no such member (rule 6).
    return threads.is_open(main) and threads.stays(main, region)


def _key(matter_id: str) -> str:
    return f"r/{matter_id}/linked"
