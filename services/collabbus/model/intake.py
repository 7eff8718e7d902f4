"""Intake: submissions of the region's offices, checked, decided, and answered once."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from google.protobuf.message import DecodeError

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import addressing, due, ids, rules, validity
from collabbus.model import thread as threads
from collabbus.model.answers import Answers, rejected
from collabbus.model.archive import Archive
from collabbus.model.arrivals import Arrivals
from collabbus.model.batch import MAX_SUBMISSION, Signatures
from collabbus.model.body import said, type_of, value
from collabbus.model.causes import Causes
from collabbus.model.consequences import Consequences
from collabbus.model.contract import Contract
from collabbus.model.deadline import DAY_MS
from collabbus.model.journal import Journal, Region
from collabbus.model.lifecycle import REPEATABLE_DAYS, Opening, RemarkRule, StepRule
from collabbus.model.own_acts import REGION_ACTS, OwnActs, causation
from collabbus.model.rejection import Rejection, Unauthentic
from collabbus.model.shard import shard_of
from collabbus.model.thread import COPY, FAMILIES, GUEST, LOCAL, MAIN
from collabbus.model.where import Where

MEMORY_MS = REPEATABLE_DAYS * DAY_MS
"""How far ahead `not_after` may lie: so long is a rejection without a matter remembered."""


MAX_COPIED = 229_376
"""Bytes of a body that can be copied, as `Copied.content` has it."""


class Intake:
    """Decides submissions."""

    def __init__(
        self, region: Region, journal: Journal, consequences: Consequences, arrivals: Arrivals
    ) -> None:
        self._region = region
        self._journal = journal
        self._consequences = consequences
        self._own_acts = OwnActs(region, journal, arrivals)
        self._answers = Answers(region, journal)
        self._archive = Archive(region, journal)
        self._causes = Causes(region, journal)
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
            self._answers.tell(draft, record, rejected(draft, error, b"", time_ms))
            raise
        content = sha256(submission.draft).digest()[:16]
        matter = self._region.matter(draft.matter_id)
        thread = self._region.thread(draft.matter_id, draft.thread)
        decided = self._answers.found(thread, draft)
        if decided is None:
            void = draft.not_after_ms < time_ms or self._archive.has(draft.matter_id)
            if not void and self._causes.wait(draft, value):
                return
            mark = self._journal.effects.size()
            try:
                decided = self._decide(matter, thread, contract, draft, content, time_ms)
            except Rejection as rejection:
                # What was begun is forgotten: a rejection changes nothing but our memory of it.
                self._journal.effects.cut_back(mark)
                self._region.store.undo_input()
                decided = rejected(draft, rejection, content, time_ms)
                self._answers.remember(draft, decided)
                self._count(draft, rejection.reason_code)
        elif decided.draft != content:
            reused = Rejection(
                "ID_REUSED",
                "submission_id",
                f"{draft.submission_id!r} was used for another submission: choose a new id",
            )
            decided = rejected(draft, reused, content, time_ms)
            self._count(draft, "ID_REUSED")
        self._answers.tell(draft, record, decided)

    def give_up(
        self,
        draft: sub.Draft,
        submission: sub.Submission,
        value: bytes,
        rejection: Rejection,
        time_ms: int,
    ) -> None:
        """Reject a submission on which the core fails, so that its office isn't left waiting."""
        decided = rejected(draft, rejection, sha256(submission.draft).digest()[:16], time_ms)
        self._answers.remember(draft, decided)
        self._answers.tell(draft, sha256(value).digest(), decided)
        self._count(draft, rejection.reason_code)

    def _count(self, draft: sub.Draft, code: str) -> None:
        self._journal.effects.rejected.append(code)
        self._journal.count(draft.network, draft.family, type_of(draft.body), "own", "rejected")

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
        if type_of(draft.body) in REGION_ACTS:
            allowed = holder == self._region.name
        else:
            allowed = network.may_act_for(holder, draft.office)
        if not allowed:
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

    def _decide(
        self,
        matter: st.Matter | None,
        thread: st.Thread | None,
        contract: Contract,
        draft: sub.Draft,
        content: bytes,
        time_ms: int,
    ) -> st.Decided:
        if draft.not_after_ms < time_ms:
            raise Rejection("EXPIRED", "not_after_ms", "it came after its not_after")
        if draft.not_after_ms > time_ms + MEMORY_MS:
            raise Rejection("INVALID_FIELD", "not_after_ms", "it lies more than 400 days ahead")
        validity.check(draft)
        validity.check_body(draft.body)
        if self._archive.has(draft.matter_id):
            raise Rejection(
                "ARCHIVED", "matter_id", "the matter is archived: open another, linked to it"
            )
        main = thread if draft.thread == MAIN else self._region.thread(draft.matter_id, MAIN)
        if matter is None or main is None or not threads.is_open(main):
            matter, thread = matter or st.Matter(matter_id=draft.matter_id), st.Thread(thread=MAIN)
            main = thread
            self._open(matter, contract, draft, time_ms)
        self._check_place(matter, main, thread, draft)
        if draft.thread.startswith(GUEST) and thread is None:
            event_id = self._open_guest(matter, main, draft, time_ms)
            thread = self._region.thread(draft.matter_id, draft.thread)
        elif thread is not None:
            event_id = self._act(matter, main, thread, draft, time_ms)
        if thread is None:
            raise Rejection("UNKNOWN_THREAD", "thread", f"there is no thread {draft.thread!r}")
        decided = thread.decided.add(
            submission_id=draft.submission_id,
            office=draft.office,
            draft=content,
            event_ids=[event_id],
            decided_ms=time_ms,
        )
        self._region.keep(matter, thread)
        return decided

    def _open(self, matter: st.Matter, contract: Contract, draft: sub.Draft, time_ms: int) -> None:
        family, kind = FAMILIES[draft.family], type_of(draft.body)
        lifecycle = contract.lifecycles.get(family)
        if lifecycle is None or not lifecycle.knows(kind):
            raise Rejection("UNKNOWN_KIND", "body", f"family {family} has no act of type {kind!r}")
        opening = lifecycle.opens.get(kind)
        if opening is None:
            raise Rejection(
                "UNKNOWN_MATTER",
                "matter_id",
                f"no matter {draft.matter_id} is open here, and {kind} opens none",
            )
        _check_once(opening, draft)
        matter.seed = draft.once or draft.submission_id
        if draft.matter_id != ids.matter_id(draft.office, matter.seed):
            raise Rejection(
                "INVALID_FIELD",
                "matter_id",
                "the id of a new matter derives from office and submission, or from `once`",
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

    def _check_place(
        self, matter: st.Matter, main: st.Thread, thread: st.Thread | None, draft: sub.Draft
    ) -> None:
        itself = type_of(draft.body) in REGION_ACTS
        if draft.thread == LOCAL or draft.thread.startswith(COPY):
            raise Rejection("UNKNOWN_THREAD", "thread", f"nobody acts in thread {draft.thread!r}")
        if matter.network != draft.network or (matter.family != draft.family and not itself):
            raise Rejection("INVALID_FIELD", "family", "family and network are those of the matter")
        frozen = main.freezes or (thread is not None and thread.freezes)
        if frozen and not itself:
            raise Rejection(
                "FROZEN",
                "thread",
                "an event of the thread was refused; see `collabbus.<region>.waiting`",
            )

    def _open_guest(
        self, matter: st.Matter, main: st.Thread, draft: sub.Draft, time_ms: int
    ) -> str:
        """Give a guest a track of its own, in which the host's office records what it says."""
        opened = draft.body.track_opened
        if type_of(draft.body) != "TrackOpened" or draft.thread != GUEST + opened.guest.id:
            raise Rejection(
                "UNKNOWN_THREAD",
                "thread",
                f"a guest's track, {GUEST}<id>, opens with TrackOpened",
            )
        if draft.office != matter.host:
            raise Rejection("NOT_ALLOWED", "office", f"guests are brought in by {matter.host!r}")
        if not main.step.awaits:
            raise Rejection("WRONG_STATE", "body", "the matter has ended")
        if draft.expected_step:
            raise Rejection("STEP_OVER", "expected_step", "the track has no step yet")
        event_id = self._consequences.open_guest_track(matter, draft.body, time_ms)
        if event_id is None:
            raise Rejection("UNKNOWN_KIND", "body", "the family has no tracks")
        return event_id

    def _act(
        self,
        matter: st.Matter,
        main: st.Thread,
        thread: st.Thread,
        draft: sub.Draft,
        time_ms: int,
    ) -> str:
        where = self._region.where(matter, thread)
        if where is None:
            raise Rejection("UNKNOWN_CONTRACT", "network", "the matter's contract isn't kept here")
        kind = type_of(draft.body)
        if kind in REGION_ACTS:
            return self._own_acts.record(matter, thread, draft, time_ms)
        if draft.expected_step and draft.expected_step != thread.step.number:
            raise Rejection(
                "STEP_OVER",
                "expected_step",
                f"step {draft.expected_step} is over, the thread is at {thread.step.number}",
            )
        if threads.dormant(thread) and kind in where.chain.steps:
            raise Rejection("WRONG_STATE", "thread", f"{thread.thread!r} was ended by its host")
        there = threads.party(thread, draft.office)
        if there is not None and there.leaving:
            raise Rejection("LEAVING", "office", f"{draft.office!r} has asked to leave")
        participants = self._participants(where, draft, kind)
        act = rules.Act(
            kind,
            draft.office,
            draft.officer,
            participants,
            draft.legal_basis,
            draft.body,
            thread.step.number,
            draft.guest,
        )
        verdict = rules.judge(where, act)
        self._check_own(where, main, verdict, act, draft)
        if verdict.step is not None:
            verdict.step.due_ms = due.due_ms(where, verdict.deadline, time_ms, draft.due_date)
        body = draft.body
        if kind == "Extended":
            due.extended(where, body.extended.due_date, time_ms)
        elif kind == "LeaveAsked":
            body.leave_asked.additions[:] = [
                p.addition for p in thread.parties if p.office == draft.office and not p.left
            ]
        envelope = self._journal.own(
            matter,
            thread,
            body,
            event_id=ids.event_id(draft.matter_id, draft.office, draft.submission_id, 0),
            office=draft.office,
            recorded_ms=time_ms,
            step=verdict.step,
            participants=participants,
            rule=verdict.rule,
            deadline=verdict.deadline,
            officer=draft.officer,
            legal_basis=draft.legal_basis,
            case_number=draft.case_number,
            copies=draft.copies,
            guest=draft.guest,
            seed=matter.seed if kind in where.lifecycle.opens else "",
            causation=causation(draft),
            trace_parent=draft.trace_parent,
        )
        self._consequences.follow(matter, thread, envelope, body, time_ms, draft.due_date)
        return envelope.event_id

    def _check_own(
        self,
        where: Where,
        main: st.Thread,
        verdict: rules.Verdict,
        act: rules.Act,
        draft: sub.Draft,
    ) -> None:
        """Check what only the region of who acts can tell; raises Rejection."""
        rule = verdict.rule
        if isinstance(rule, RemarkRule):
            rules.check_once(rule, where, act)
        elif isinstance(rule, StepRule):
            if rule.agrees and where.thread.thread != MAIN:
                rules.check_hash(main.proposed, act)
            if rule.gathers and not self._consequences.agreed(where.matter, main):
                raise Rejection("NOT_AGREED", "body", "not every track has agreed to this version")
        opening = where.lifecycle.opens.get(act.kind)
        roles = {copy.role for copy in draft.copies}
        for copy in opening.copies if opening is not None else ():
            wanted = {ev.CopyRole.Value(f"COPY_ROLE_{role}") for role in copy.roles}
            binds = copy.region == self._region.name and value(said(act.body), copy.when)
            if binds and not wanted <= roles:
                raise Rejection(
                    "MISSING_FIELD",
                    "copies",
                    f"{', '.join(copy.articles)} wants copies as {', '.join(copy.roles)}",
                )
        network = where.contract.network
        for sent in draft.copies:
            if network.office(sent.office) is None:
                raise Rejection("UNKNOWN_OFFICE", "copies", f"{sent.office!r} isn't in the network")
        if draft.copies and where.thread.thread != MAIN:
            raise Rejection("INVALID_FIELD", "copies", "only the main thread's acts are copied")
        if draft.copies and where.matter.host not in ("", draft.office):
            raise Rejection("NOT_ALLOWED", "copies", f"copies are {where.matter.host!r}'s to send")
        if draft.copies and draft.body.ByteSize() > MAX_COPIED:
            raise Rejection("TOO_LARGE", "body", f"what is copied has at most {MAX_COPIED} bytes")

    def _participants(self, where: Where, draft: sub.Draft, kind: str) -> Sequence[ev.Participant]:
        """Give the parties that the act brings in, each an office that the network has."""
        network, chain, thread = where.contract.network, where.chain, where.thread
        opens = kind in where.lifecycle.opens
        step, remark = chain.steps.get(kind), chain.remarks.get(kind)
        named = [ev.Participant(office=one.office, role=one.role) for one in draft.participants]
        named += [addressing.addressed(network, one, draft) for one in draft.addressees]
        if step is not None and (step.forwards or step.assigns):
            office = str(value(said(draft.body), "office"))
            there = threads.party(thread, office)
            if there is not None and there.leaving:
                raise Rejection("LEAVING", "body.office", f"{office!r} has asked to leave")
            named = []
            if there is None:
                named.append(ev.Participant(office=office, role=ev.ROLE_EXECUTOR))
        elif named and not opens and not (remark is not None and remark.adds):
            raise Rejection("INVALID_FIELD", "participants", f"{kind} brings in nobody")
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


def _check_once(opening: Opening, draft: sub.Draft) -> None:
    """See that what may exist only once is named by what makes it the same; raises Rejection.

    Where nothing does, as of a recommendation without a number, each submission opens another.
    """
    values = [str(value(said(draft.body), field)) for field in opening.once]
    once = "/".join(values) if values and all(values) else ""
    if draft.once != once:
        raise Rejection(
            "INVALID_FIELD" if draft.once else "MISSING_FIELD",
            "once",
            f"what makes {type_of(draft.body)} the same is {once!r}: give it as `once`",
        )
