"""Answers: what a handler has its office say, on its way to the region."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Sequence
from concurrent.futures import Future
from datetime import date
from hashlib import sha256
from typing import Any, Protocol, TypedDict

from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.sdk import Recorded


class Answering(TypedDict, total=False):
    """What an answer may say beside its message and its officer."""

    thread: str
    """Left out: the thread of the event that is handled."""
    expected_step: int
    """The step that the answer is meant for; another one is rejected as STEP_OVER. 0: any."""
    legal_basis: Sequence[ev.LegalBasis]
    due_date: str | date
    """The day until which an answer is wanted; left out: the contract's rule."""
    participants: Sequence[ev.Participant]
    case_number: str
    copies: Sequence[ev.Copy]
    guest: str
    """The guest for whom the office speaks."""
    recipients: Sequence[str]
    """Offices that are each asked on a track of its own."""


class Submitter(Protocol):
    """What carries answers to the region: the host's connection, or the test kit's alliance."""

    async def submit(self, draft: sub.Draft) -> Recorded:
        """Return once the region has recorded the draft; raises collabbus.sdk.Rejected.

        A draft whose id the region has decided before gives what was decided then.
        """
        ...


class Answer:
    """An answer that was given; it goes out whether or not anybody waits for it.

    `await` it, or in a plain function call `wait()`, to go on only when the region has recorded it.
    Either raises collabbus.sdk.Rejected if the region has decided against it. A run isn't done
    before all its answers are recorded, and one that was rejected fails it unless it was caught.
    """

    def __init__(self, submission_id: str, future: Future[Recorded]) -> None:
        self.submission_id = submission_id
        self.heard = False
        """Whether somebody was told how it went."""
        self.given_ns = time.time_ns()
        self._future = future

    @property
    def recorded(self) -> bool:
        """Whether the region has recorded it by now."""
        done = self._future.done() and not self._future.cancelled()
        return done and self._future.exception() is None

    def __await__(self) -> Generator[Any, None, Recorded]:
        """Wait until it is recorded."""
        try:
            # Who waits may be cancelled; the answer goes out all the same.
            return (yield from asyncio.shield(asyncio.wrap_future(self._future)).__await__())
        finally:
            self.heard = self._future.done()

    def wait(self, timeout: float | None = None) -> Recorded:
        """Wait until it is recorded, in a plain function; raises TimeoutError, too."""
        try:
            return self._future.result(timeout)
        finally:
            self.heard = self._future.done()


def submission_id(group: str, handler: str, event_id: str, ordinal: int, again: int = 0) -> str:
    """Give the id of the `ordinal`-th answer, from 1, that a handler gives to an event.

    The same handler gives the same ids when the event is delivered again, so its answers have one
    effect. `again` counts how often a person had the handler try anew after this very answer was
    rejected: a rejection is final for its id.
    """
    parts = ("answer", group, handler, event_id, str(ordinal), *([str(again)] if again else []))
    return "h" + sha256("\0".join(parts).encode()).hexdigest()[:40]
