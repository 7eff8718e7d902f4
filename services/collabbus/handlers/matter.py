"""Matters as a handler sees them: how they stand, and what its office says in them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime
from typing import Any, Unpack, cast

from google.protobuf.message import Message

from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.handlers.answer import Answer, Answering, Submitter, submission_id
from collabbus.handlers.event import Event
from collabbus.handlers.names import Domain, Family
from collabbus.handlers.standing import Course, Standing
from collabbus.handlers.trace import answer_parent
from collabbus.model.deadline import DAY_MS
from collabbus.model.thread import MAIN, TRACK
from collabbus.sdk import Recorded, Rejected
from collabbus.sdk import draft as drafts

VALID_DAYS = 365
"""How long after the event its answers may be decided; a region allows 400 days ahead."""


class Matter:
    """A matter, while one event of it is handled by one handler for one office.

    Answers go out in the order in which they are given, one after the other.
    """

    def __init__(
        self,
        event: Event[Message],
        office: str,
        standing: Standing,
        submitter: Submitter,
        *,
        group: str,
        handler: str,
        loop: asyncio.AbstractEventLoop,
        again: Mapping[int, int] | None = None,
    ) -> None:
        """`loop` is where `submitter` is called; handlers may run in any thread."""
        self.id = event.matter_id
        self.office = office
        """The office that answers."""
        self.network = event.network
        self.family: Family = event.family
        self._event = event
        self._course: Course = standing.course(event.thread)
        self._domain = standing.domain
        self._submitter = submitter
        self._names = group, handler
        self._loop = loop
        self._again = dict(again or {})
        self._lock = threading.Lock()
        self._answers: list[Answer] = []
        self._tail: Future[Recorded] | None = None
        self._closed = False
        self.rejected: int = 0
        """The ordinal of the last answer that the region decided against; 0 if there is none."""

    @property
    def thread(self) -> str:
        """The thread in which answers are said, unless they name another."""
        name = self._event.thread
        return name if name == MAIN or name.startswith(TRACK) else MAIN

    @property
    def state(self) -> str:
        """The state of the event's thread, such as `received`; empty before its first step."""
        return self._course.step.state

    @property
    def step(self) -> int:
        """The number of the thread's last step."""
        return self._course.step.number

    @property
    def awaits(self) -> str:
        """The office whose turn it is; empty where nothing is owed."""
        return self._course.step.awaits

    @property
    def awaits_us(self) -> bool:
        """Whether it is the turn of the office that answers here."""
        return self._course.step.awaits == self.office

    @property
    def due(self) -> datetime | None:
        """Until when the awaited office owes its step (24:00 of the day); None: nothing is owed."""
        due_ms = self._course.step.due_ms
        return datetime.fromtimestamp(due_ms / 1000, UTC) if due_ms else None

    @property
    def parties(self) -> tuple[str, ...]:
        """The offices of the event's thread."""
        return tuple(self._course.parties)

    @property
    def domain(self) -> Domain | None:
        """The matter's subject, as its opening named it."""
        name = ev.Domain.Name(ev.Domain.ValueType(self._domain)) if self._domain else ""
        return Domain(name.removeprefix("DOMAIN_")) if name else None

    def act(self, body: Message, *, officer: str, **details: Unpack[Answering]) -> Answer:
        """Say `body` in the matter, in the office's name; `officer` answers for it.

        Raises collabbus.sdk.DraftInvalid at once if nobody can say it.
        """
        details.setdefault("thread", self.thread)
        number, common = self._next(officer)
        draft = drafts.acting(
            self.office, self.id, drafts.wrap(body), self.network,
            drafts.family_number(self.family), cast("drafts.Acting", {**details, **common}),
        )  # fmt: skip
        return self._send(number, draft)

    def open_linked(
        self,
        body: Message,
        *,
        officer: str,
        to: str = "",
        recipients: Sequence[str] = (),
        addressees: Sequence[sub.Addressee] = (),
        domain: Domain | None = None,
        place: str = "",
        once: str = "",
        network: str = "",
        case_number: str = "",
        due_date: str | date = "",
        legal_basis: Sequence[ev.LegalBasis] = (),
        copies: Sequence[ev.Copy] = (),
    ) -> Answer:
        """Open another matter to which the event gave the occasion; this one is told of it.

        What it opens has an id that follows from the event, so a delivery that is repeated opens
        nothing more; with `once` it follows from that instead. Raises DraftInvalid at once.
        """
        number, common = self._next(officer)
        details: dict[str, Any] = {
            "recipients": recipients, "addressees": addressees, "place": place, "once": once,
            "case_number": case_number, "due_date": due_date, "legal_basis": legal_basis,
            "copies": copies, "cause": sub.Cause(matter_id=self.id, event_id=self._event.id),
        }  # fmt: skip
        if to:
            details["to"] = to
        if domain is not None:
            details["domain"] = ev.Domain.Value(f"DOMAIN_{domain}")
        draft = drafts.opening(
            self.office,
            drafts.wrap(body),
            network or self.network,
            cast("drafts.Opening", {**details, **common}),
        )
        return self._send(number, draft)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What was answered so far."""
        return tuple(self._answers)

    @property
    def unsettled(self) -> bool:
        """Whether an answer is on its way that the region hasn't decided."""
        return self._tail is not None and not self._tail.done()

    async def settle(self) -> None:
        """Wait until all answers are recorded; raises what befell one that nobody waited for."""
        while self._tail is not None and not self._tail.done():
            await _ended(self._tail)
        for answer in self._answers:
            if not answer.heard:
                await answer

    def give_up(self) -> None:
        """Take no more answers: the run was given up, and the event will be delivered again."""
        with self._lock:
            self._closed = True

    def _next(self, officer: str) -> tuple[int, Any]:
        with self._lock:
            if self._closed:
                raise RuntimeError(
                    f"this run of {self._names[1]} was given up, so its answers are taken no more"
                )
            number = len(self._answers) + 1
            self._answers.append(_PLACE)
        name = submission_id(*self._names, self._event.id, number, self._again.get(number, 0))
        return number, {
            "officer": officer,
            "submission_id": name,
            # From the event and not from now, so that a repeated delivery says the same.
            "not_after_ms": self._event.time_ms + VALID_DAYS * DAY_MS,
            "trace_parent": answer_parent(self._event.envelope, name),
        }

    def _send(self, number: int, draft: sub.Draft) -> Answer:
        with self._lock:
            before = self._tail
            future = asyncio.run_coroutine_threadsafe(
                self._carry(number, draft, before), self._loop
            )
            self._tail = future
            answer = Answer(draft.submission_id, future)
            self._answers[number - 1] = answer
        return answer

    async def _carry(
        self, number: int, draft: sub.Draft, before: Future[Recorded] | None
    ) -> Recorded:
        if before is not None:
            await _ended(before)
        try:
            return await self._submitter.submit(draft)
        except Rejected:
            self.rejected = number
            raise


async def _ended(answer: Future[Recorded]) -> None:
    """Wait until an answer is settled, however."""
    with contextlib.suppress(Exception):
        await asyncio.shield(asyncio.wrap_future(answer))


_PLACE = Answer("", Future())
"""Stands for an answer that is being made."""
_PLACE.heard = True
