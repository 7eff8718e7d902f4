"""Intake: submissions of the region's offices, checked, decided, and answered once."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import protovalidate
from google.protobuf.message import DecodeError

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import ids, rules
from collabbus.model import thread as threads
from collabbus.model.batch import MAX_SUBMISSION, Signatures
from collabbus.model.contract import Contract
from collabbus.model.journal import Journal, Region
from collabbus.model.rejection import Rejection, Unauthentic
from collabbus.model.shard import shard_of
from collabbus.model.thread import BODY_TYPES, FAMILIES, LOCAL, MAIN

MEMORY_MS = 400 * 86_400_000
"""How far ahead `not_after` may lie: so long is a rejection without a matter remembered."""


class Intake:
    """Decides submissions."""

    def __init__(self, region: Region, journal: Journal) -> None:
        self._region = region
        self._journal = journal
        self._signatures = Signatures(region.keys)

    def take(self, key: bytes, value: bytes, submission: sub.Submission, time_ms: int) -> None:
        """Decide a submission: events and an outcome, or a rejection.

        What has been decided before is answered as it was, and has no further effect. Raises
        Unauthentic for what must be quarantined instead.
        """
        if len(value) > MAX_SUBMISSION:
            raise Unauthentic("TOO_LARGE", "", f"{len(value)} bytes; the limit is {MAX_SUBMISSION}")
        try:
            draft = sub.Draft.FromString(submission.draft)
        except DecodeError as error:
            raise Unauthentic("UNREADABLE", "draft", "the draft is no Draft") from error
        record = sha256(value).digest()
        try:
            contract = self._authenticate(key, submission, draft, time_ms)
        except Unauthentic as error:
            self._answer(draft, record, _rejected(draft, error, b"", time_ms))
            raise
        content = sha256(submission.draft).digest()[:16]
        matter = self._region.matter(draft.matter_id)
        decided = self._decided(matter, draft)
        if decided is None:
            mark = self._journal.effects.size()
            try:
                decided = self._decide(matter, contract, draft, content, time_ms)
            except Rejection as rejection:
                # What was begun is forgotten: a rejection changes nothing but our memory of it.
                self._journal.effects.cut_back(mark)
                decided = _rejected(draft, rejection, content, time_ms)
                self._remember(draft, decided)
                self._journal.effects.rejected.append(rejection.reason_code)
        elif decided.draft != content:
            reused = Rejection(
                "ID_REUSED",
                "submission_id",
                f"{draft.submission_id!r} was used for another submission: choose a new id",
            )
            decided = _rejected(draft, reused, content, time_ms)
            self._journal.effects.rejected.append("ID_REUSED")
        self._answer(draft, record, decided)

    def give_up(
        self,
        draft: sub.Draft,
        submission: sub.Submission,
        value: bytes,
        rejection: Rejection,
        time_ms: int,
    ) -> None:
        """Reject a submission on which the core fails, so that its office isn't left waiting."""
        decided = _rejected(draft, rejection, sha256(submission.draft).digest()[:16], time_ms)
        self._remember(draft, decided)
        self._answer(draft, sha256(value).digest(), decided)
        self._journal.effects.rejected.append(rejection.reason_code)

    def _authenticate(
        self, key: bytes, submission: sub.Submission, draft: sub.Draft, time_ms: int
    ) -> Contract:
        holder = self._signatures.holder(submission, time_ms)
        contract = self._region.current.get(draft.network)
        if contract is None:
            raise Unauthentic(
                "UNKNOWN_NETWORK", "network", f"{draft.network!r} is no network of this region"
            )
        network = contract.network
        if network.office(draft.office) is None:
            raise Unauthentic(
                "UNKNOWN_OFFICE", "office", f"{draft.office!r} is no office of {network.id}"
            )
        if network.region_of(draft.office) != self._region.name:
            raise Unauthentic(
                "FOREIGN_OFFICE", "office", f"{draft.office!r} submits to its own region"
            )
        if not network.may_act_for(holder, draft.office):
            raise Unauthentic(
                "FOREIGN_OFFICE", "office", f"{holder!r} signed, and may not act for it"
            )
        if key != draft.matter_id.encode() or (
            shard_of(draft.matter_id, self._region.shards) != self._region.shard
        ):
            raise Unauthentic(
                "WRONG_SHARD",
                "matter_id",
                f"the record's key must be the matter's id, its partition murmur2 of it; "
                f"this one is in shard {self._region.shard}",
            )
        return contract

    def _decided(self, matter: st.Matter | None, draft: sub.Draft) -> st.Decided | None:
        if matter is not None:
            for one in matter.decided:
                if one.submission_id == draft.submission_id and one.office == draft.office:
                    return one
        kept = self._region.store.get(_rejection_key(draft))
        return None if kept is None else st.RejectedOpening.FromString(kept).decided

    def _decide(
        self,
        matter: st.Matter | None,
        contract: Contract,
        draft: sub.Draft,
        content: bytes,
        time_ms: int,
    ) -> st.Decided:
        if draft.not_after_ms < time_ms:
            raise Rejection("EXPIRED", "not_after_ms", "it came after its not_after")
        if draft.not_after_ms > time_ms + MEMORY_MS:
            raise Rejection("INVALID_FIELD", "not_after_ms", "it lies more than 400 days ahead")
        violations = protovalidate.collect_violations(draft, fail_fast=True)
        if violations:
            raise _violated(violations[0])
        kind = BODY_TYPES[draft.body.WhichOneof("kind") or ""]
        family = FAMILIES[draft.family]
        if matter is None:
            matter = st.Matter(matter_id=draft.matter_id)
        if not threads.is_open(matter):
            self._open(matter, contract, draft, kind, family, time_ms)
        thread = threads.find(matter, draft.thread)
        if thread is None or thread.thread == LOCAL:
            raise Rejection("UNKNOWN_THREAD", "thread", f"there is no thread {draft.thread!r}")
        if matter.family != draft.family or matter.network != draft.network:
            raise Rejection("INVALID_FIELD", "family", "family and network are those of the matter")
        if thread.freezes:
            raise Rejection(
                "FROZEN",
                "thread",
                "an event of the thread was refused; see `collabbus.<region>.waiting`",
            )
        event_id = self._act(matter, thread, draft, kind, time_ms)
        self._journal.follow_up(matter, thread, time_ms, event_id)
        decided = matter.decided.add(
            submission_id=draft.submission_id,
            office=draft.office,
            draft=content,
            event_ids=[event_id],
            decided_ms=time_ms,
        )
        self._region.keep(matter)
        return decided

    def _open(
        self,
        matter: st.Matter,
        contract: Contract,
        draft: sub.Draft,
        kind: str,
        family: str,
        time_ms: int,
    ) -> None:
        lifecycle = contract.lifecycles.get(family)
        if lifecycle is None or not lifecycle.knows(kind):
            raise Rejection("UNKNOWN_KIND", "body", f"family {family} has no act of type {kind!r}")
        if kind not in lifecycle.opens:
            raise Rejection(
                "UNKNOWN_MATTER",
                "matter_id",
                f"no matter {draft.matter_id} is open here, and {kind} opens none",
            )
        if draft.matter_id != ids.matter_id(draft.office, draft.submission_id):
            raise Rejection(
                "INVALID_FIELD",
                "matter_id",
                "the id of a new matter derives from office and submission",
            )
        if draft.thread != MAIN:
            raise Rejection("INVALID_FIELD", "thread", f"a matter opens in {MAIN!r}")
        matter.network = draft.network
        matter.contract = contract.hash
        matter.family = draft.family
        matter.domain = draft.domain
        matter.function = draft.function
        matter.classification = draft.classification
        matter.opened_ms = time_ms
        threads.find_or_add(matter, MAIN)

    def _act(
        self, matter: st.Matter, thread: st.Thread, draft: sub.Draft, kind: str, time_ms: int
    ) -> str:
        lifecycle = self._region.lifecycle(matter)
        if lifecycle is None:
            raise Rejection("UNKNOWN_CONTRACT", "network", "the matter's contract isn't kept here")
        opens = not thread.HasField("step")
        if draft.expected_step and draft.expected_step != thread.step.number:
            raise Rejection(
                "STEP_OVER",
                "expected_step",
                f"step {draft.expected_step} is over, the thread is at {thread.step.number}",
            )
        there = threads.party(thread, draft.office)
        if there is not None and there.leaving:
            raise Rejection("LEAVING", "office", f"{draft.office!r} has asked to leave")
        participants = self._participants(matter, thread, draft, kind, opens=opens)
        act = rules.Act(
            kind,
            draft.office,
            draft.officer,
            participants,
            draft.legal_basis,
            draft.body,
            thread.step.number,
        )
        verdict = rules.judge(lifecycle, thread, act)
        if verdict.step is not None:
            verdict.step.due_ms = rules.due(
                lifecycle, thread, verdict.deadline, time_ms, draft.due_date
            )
        body = draft.body
        if kind == "Extended":
            rules.extended(lifecycle, body.extended.due_date, time_ms)
        elif kind == "LeaveAsked":
            body.leave_asked.additions[:] = [
                p.addition for p in thread.parties if p.office == draft.office and not p.left
            ]
        return self._journal.own(
            matter,
            thread,
            body,
            event_id=ids.event_id(draft.matter_id, draft.office, draft.submission_id, 0),
            office=draft.office,
            recorded_ms=time_ms,
            step=verdict.step,
            participants=participants,
            officer=draft.officer,
            legal_basis=draft.legal_basis,
            case_number=draft.case_number,
            copies=draft.copies,
            causation=ev.Causation(submission_id=draft.submission_id),
            trace_parent=draft.trace_parent,
        )

    def _participants(
        self,
        matter: st.Matter,
        thread: st.Thread,
        draft: sub.Draft,
        kind: str,
        *,
        opens: bool,
    ) -> Sequence[ev.Participant]:
        """Give the parties that the act brings in, each an office that the network has."""
        named = list(draft.participants)
        if kind == "Forwarded":
            office = draft.body.forwarded.office
            there = threads.party(thread, office)
            if there is not None and there.leaving:
                raise Rejection("LEAVING", "body.office", f"{office!r} has asked to leave")
            named = []
            if there is None:
                named.append(ev.Participant(office=office, role=ev.ROLE_EXECUTOR))
        elif named and not opens and kind != "ParticipantAdded":
            raise Rejection("INVALID_FIELD", "participants", f"{kind} brings in nobody")
        network = self._region.pinned[matter.contract].network
        for participant in named:
            if network.office(participant.office) is None:
                raise Rejection(
                    "UNKNOWN_OFFICE",
                    "participants",
                    f"{participant.office!r} is no office of {network.id}",
                )
        if opens:
            if any(p.role == ev.ROLE_REQUESTER for p in named):
                raise Rejection("INVALID_FIELD", "participants", "who opens is the requester")
            named.insert(0, ev.Participant(office=draft.office, role=ev.ROLE_REQUESTER))
        return named

    def _remember(self, draft: sub.Draft, decided: st.Decided) -> None:
        matter = self._region.matter(draft.matter_id)
        if matter is not None:
            matter.decided.append(decided)
            self._region.keep(matter)
            return
        kept = st.RejectedOpening(decided=decided, not_after_ms=draft.not_after_ms)
        self._region.store.put(_rejection_key(draft), kept.SerializeToString())

    def _answer(self, draft: sub.Draft, record: bytes, decided: st.Decided) -> None:
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


def _rejected(draft: sub.Draft, rejection: Rejection, content: bytes, time_ms: int) -> st.Decided:
    return st.Decided(
        submission_id=draft.submission_id,
        office=draft.office,
        draft=content,
        code=rejection.reason_code,
        field=rejection.field,
        reason=rejection.reason,
        decided_ms=time_ms,
    )


def _violated(violation: protovalidate.Violation) -> Rejection:
    proto = violation.proto
    elements = proto.field.elements if proto.field is not None else []
    path = ".".join(element.field_name or "" for element in elements)
    missing = proto.rule_id == "required" or not violation.field_value
    return Rejection(
        "MISSING_FIELD" if missing else "INVALID_FIELD",
        path,
        f"{path or 'the draft'}: {proto.message or proto.rule_id}",
    )
