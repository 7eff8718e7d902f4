"""Answers: what became of each submission, told, and remembered for when it comes again."""

from __future__ import annotations

from collab.state.v1 import state_pb2 as st
from collab.v1 import submission_pb2 as sub
from collabbus.model.journal import Journal, Region
from collabbus.model.rejection import Rejection


class Answers:
    """The answers of one shard."""

    def __init__(self, region: Region, journal: Journal) -> None:
        self._region = region
        self._journal = journal

    def found(self, thread: st.Thread | None, draft: sub.Draft) -> st.Decided | None:
        """Give how a submission of this id was decided before; None if it wasn't."""
        if thread is not None:
            for one in thread.decided:
                if one.submission_id == draft.submission_id and one.office == draft.office:
                    return one
        kept = self._region.store.get(_rejection_key(draft))
        return None if kept is None else st.Remembered.FromString(kept).decided

    def remember(self, draft: sub.Draft, decided: st.Decided) -> None:
        """Keep a rejection with the thread, or until every copy of the submission is void."""
        matter = self._region.matter(draft.matter_id)
        thread = self._region.thread(draft.matter_id, draft.thread)
        if matter is not None and thread is not None:
            thread.decided.append(decided)
            self._region.keep(matter, thread)
            return
        kept = st.Remembered(decided=decided, not_after_ms=draft.not_after_ms)
        self._region.store.put(_rejection_key(draft), kept.SerializeToString())

    def tell(self, draft: sub.Draft, record: bytes, decided: st.Decided) -> None:
        """Write the outcome of a submission whose record has this SHA-256."""
        outcome = sub.Outcome(
            submission_id=draft.submission_id,
            office=draft.office,
            matter_id=draft.matter_id,
            submission_sha256=record,
            decision=sub.DECISION_REJECTED if decided.code else sub.DECISION_RECORDED,
            event_ids=decided.event_ids,
            code=decided.code,
            field=decided.field,
            reason=decided.reason,
            decided_ms=decided.decided_ms,
        )
        self._journal.effects.outcomes.append(
            (draft.submission_id.encode(), outcome.SerializeToString())
        )


def _rejection_key(draft: sub.Draft) -> str:
    return f"r/{draft.matter_id}/{draft.office}/{draft.submission_id}"


def rejected(draft: sub.Draft, rejection: Rejection, content: bytes, time_ms: int) -> st.Decided:
    """Give what is remembered of a rejection; `content` is the draft's digest, or nothing."""
    return st.Decided(
        submission_id=draft.submission_id,
        office=draft.office,
        draft=content,
        code=rejection.reason_code,
        field=rejection.field,
        reason=rejection.reason,
        decided_ms=time_ms,
    )
