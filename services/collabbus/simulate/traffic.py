"""Traffic: what offices might do next, legal for the most part, and sometimes not."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from collab.state.v1 import state_pb2 as st
from collab.v1 import assistance_pb2 as assistance
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collab.v1 import verbs_pb2 as verbs
from collabbus.model import ids
from collabbus.model.deadline import DAY_MS, day_of
from collabbus.model.lifecycle import By, Lifecycle
from collabbus.model.shard import shard_of
from collabbus.model.thread import MAIN, pending, region_of

Maker = Callable[[random.Random, int, Sequence[str]], body_pb2.Body]


def _date(rnd: random.Random, now_ms: int) -> str:
    return day_of(now_ms + rnd.randint(-1, 60) * DAY_MS).isoformat()


BODIES: dict[str, Maker] = {
    "Received": lambda r, n, o: body_pb2.Body(received=verbs.Received(register_number="7")),
    "Accepted": lambda r, n, o: body_pb2.Body(
        accepted=verbs.Accepted(officer="李静", venue="第一询问室", date=_date(r, n))
    ),
    "Declined": lambda r, n, o: body_pb2.Body(
        declined=verbs.Declined(reason=verbs.DECLINE_REASON_NO_COMPETENCE, text="无职权")
    ),
    "Returned": lambda r, n, o: body_pb2.Body(
        returned=verbs.Returned(reason=verbs.RETURN_REASON_NO_JURISDICTION, text="无管辖")
    ),
    "Forwarded": lambda r, n, o: body_pb2.Body(forwarded=verbs.Forwarded(office=r.choice(o))),
    "ClarificationAsked": lambda r, n, o: body_pb2.Body(
        clarification_asked=verbs.ClarificationAsked(questions=["何时?"])
    ),
    "ClarificationAnswered": lambda r, n, o: body_pb2.Body(
        clarification_answered=verbs.ClarificationAnswered(answers=["昨日"])
    ),
    "Progressed": lambda r, n, o: body_pb2.Body(
        progressed=verbs.Progressed(text=f"进展{r.randint(1, 9)}")
    ),
    "Completed": lambda r, n, o: body_pb2.Body(
        completed=verbs.Completed(
            results=[verbs.Result(title="笔录")], transcript_sha256=r.randbytes(32)
        )
    ),
    "Closed": lambda r, n, o: body_pb2.Body(closed=verbs.Closed(rating=r.randint(1, 5))),
    "WithdrawalAsked": lambda r, n, o: body_pb2.Body(
        withdrawal_asked=verbs.WithdrawalAsked(reason="案件撤回")
    ),
    "WithdrawalGranted": lambda r, n, o: body_pb2.Body(
        withdrawal_granted=verbs.WithdrawalGranted()
    ),
    "WithdrawalRefused": lambda r, n, o: body_pb2.Body(
        withdrawal_refused=verbs.WithdrawalRefused(reason="已办理")
    ),
    "ExtensionAsked": lambda r, n, o: body_pb2.Body(
        extension_asked=verbs.ExtensionAsked(due_date=_date(r, n), reason="人手不足")
    ),
    "Extended": lambda r, n, o: body_pb2.Body(extended=verbs.Extended(due_date=_date(r, n))),
    "Commented": lambda r, n, o: body_pb2.Body(commented=verbs.Commented(text="知悉")),
    "ParticipantAdded": lambda r, n, o: body_pb2.Body(
        participant_added=verbs.ParticipantAdded(reason="需要协调")
    ),
    "LeaveAsked": lambda r, n, o: body_pb2.Body(leave_asked=verbs.LeaveAsked(reason="无关")),
}
"""How to say each type of act; what only a region's clock says isn't here."""


_ENDS = ("Declined", "Closed")
"""Acts after which little happens."""


class Traffic:
    """Thinks of submissions, by seed."""

    def __init__(
        self, rnd: random.Random, lifecycle: Lifecycle, network: str, offices: Sequence[str],
        shard: int, shards: int,
    ) -> None:  # fmt: skip
        self._rnd = rnd
        self._lifecycle = lifecycle
        self._network = network
        self._offices = offices
        self._shard = shard
        self._shards = shards
        self._count = 0
        # A seed that likes some acts and hardly knows others gets further than one that is fair.
        self._taste = {
            kind: rnd.choice((0.2, 1, 1, 5)) * (0.2 if kind in _ENDS else 1) for kind in BODIES
        }

    def open(self, office: str, now_ms: int) -> sub.Draft:
        """Think of an opening by an office, in the simulated shard."""
        rnd = self._rnd
        others = [o for o in self._offices if o != office]
        executor = rnd.choice(others)
        draft = self._draft(
            office,
            now_ms,
            body_pb2.Body(
                assistance_requested=assistance.AssistanceRequested(
                    kinds=[assistance.ASSISTANCE_KIND_WITNESS, assistance.ASSISTANCE_KIND_EVIDENCE],
                    subject="证人某某",
                    questions=["当日在何处?"],
                    needs=[assistance.NEED_VENUE],
                )
            ),
        )
        draft.participants.add(office=executor, role=ev.ROLE_EXECUTOR)
        if rnd.random() < 0.3:
            watcher = rnd.choice([o for o in others if o != executor])
            draft.participants.add(office=watcher, role=ev.ROLE_OBSERVER)
        draft.legal_basis.add(instrument="《关于加强区域检察协作的意见》", article="第十一条")
        if rnd.random() < 0.3:
            draft.due_date = _date(rnd, now_ms)
        draft.matter_id = ids.matter_id(office, draft.submission_id)
        while shard_of(draft.matter_id, self._shards) != self._shard:
            self._count += 1
            draft.submission_id = f"{office.replace('/', '-')}-{self._count:06}"
            draft.matter_id = ids.matter_id(office, draft.submission_id)
        return draft

    def act(self, region: str, matter_id: str, thread: st.Thread, now_ms: int) -> sub.Draft | None:
        """Think of an act in a thread by an office of a region; mostly one that is allowed."""
        rnd = self._rnd
        mine = [o for o in self._offices if region_of(o) == region]
        if not mine:
            return None
        parties = [p.office for p in thread.parties if not p.left and p.office in mine]
        if rnd.random() < 0.06:  # anybody, anything
            office, kind = rnd.choice(mine), rnd.choice(list(BODIES))
        elif thread.step.awaits in mine and rnd.random() < 0.6:
            office = thread.step.awaits
            kind = self._pick(self._steps(thread))
        elif parties:
            office = rnd.choice(parties)
            kind = self._pick(self._remarks(thread, office))
        else:
            return None
        draft = self._draft(office, now_ms, BODIES[kind](rnd, now_ms, self._offices))
        draft.matter_id = matter_id
        if kind == "ParticipantAdded":
            draft.participants.add(office=rnd.choice(self._offices), role=ev.ROLE_OBSERVER)
        elif kind == "Forwarded" and rnd.random() < 0.7:  # to somebody who looks on already
            busy = (thread.step.awaits, thread.step.waits)
            there = [p.office for p in thread.parties if p.office not in busy]
            draft.body.forwarded.office = rnd.choice(there or self._offices)
        if rnd.random() < 0.2:
            draft.expected_step = thread.step.number
        return draft

    def _pick(self, kinds: Sequence[str]) -> str:
        """Choose one of the kinds after this seed's taste."""
        known = [kind for kind in kinds if kind in BODIES] or ["Commented"]
        [kind] = self._rnd.choices(known, [self._taste[kind] for kind in known])
        return kind

    def _steps(self, thread: st.Thread) -> list[str]:
        return [
            kind
            for kind, rule in self._lifecycle.main.steps.items()
            if thread.step.state in rule.from_
            and (rule.answers is None or pending(thread, rule.answers) is not None)
        ]

    def _remarks(self, thread: st.Thread, office: str) -> list[str]:
        step = thread.step
        place = By.OBSERVER
        if office in (step.awaits, step.waits):
            place = By.AWAITED if office == step.awaits else By.WAITER
        return [
            kind
            for kind, rule in self._lifecycle.main.remarks.items()
            if rule.by in (place, By.PARTY, By.HOST)
            and (rule.answers is None or pending(thread, rule.answers) is not None)
        ]

    def _draft(self, office: str, now_ms: int, body: body_pb2.Body) -> sub.Draft:
        self._count += 1
        return sub.Draft(
            submission_id=f"{office.replace('/', '-')}-{self._count:06}",
            network=self._network,
            family=ev.FAMILY_ASSISTANCE,
            thread=MAIN,
            office=office,
            officer="王敏",
            not_after_ms=now_ms + (30 if self._rnd.random() < 0.98 else -1) * DAY_MS,
            domain=ev.DOMAIN_IP,
            function=ev.FUNCTION_CRIMINAL,
            classification=ev.CLASSIFICATION_INTERNAL,
            body=body,
        )
