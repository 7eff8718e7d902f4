"""Letters: one submission on its way to the broker."""

from __future__ import annotations

import time
from concurrent.futures import Future, InvalidStateError
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import PrivateKey
from collabbus.sdk.errors import NotAccepted


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission that the region's Kafka has durably accepted; the region will decide it."""

    submission_id: str
    matter_id: str
    family: int
    """A number of `collab.v1.Family`."""
    shard: int
    offset: int
    """Where it stands in the submissions' topic."""
    time_ms: int
    """The broker's: by it deadlines are judged. Milliseconds since 1970."""

    @property
    def id(self) -> str:
        """The matter's id."""
        return self.matter_id


@dataclass(frozen=True, slots=True)
class Recorded:
    """A submission that the region has recorded."""

    submission_id: str
    matter_id: str
    event_ids: tuple[str, ...]
    """The events that it made, in order."""
    decided_ms: int
    """Milliseconds since 1970, by the broker's clock."""


class Letter:
    """A draft, from when it was given until it is acknowledged or given up; settled once."""

    __slots__ = (
        "awaited",
        "content",
        "deadline",
        "family",
        "future",
        "handed",
        "key",
        "matter_id",
        "not_after_ms",
        "posted",
        "record",
        "settled",
        "shard",
        "submission_id",
        "timeout",
    )

    def __init__(
        self,
        draft: sub.Draft,
        content: bytes,
        shard: int,
        timeout: float,
        key: PrivateKey,
        awaited: bool = False,
    ) -> None:
        """`awaited` says that somebody waits for this one before bringing the next."""
        self.submission_id = draft.submission_id
        self.matter_id = draft.matter_id
        self.family = int(draft.family)
        self.not_after_ms = draft.not_after_ms
        self.content = content
        self.key = key
        """What signs it."""
        self.shard = shard
        self.timeout = timeout
        self.posted = time.monotonic()
        self.deadline = self.posted + timeout
        self.awaited = awaited
        self.record = b""
        """What is sent, once it is signed."""
        self.handed = 0.0
        """When the producer got it."""
        self.settled = False
        self.future: Future[Submitted] = Future()
        # Nobody can call a submission back, so Future.cancel() gives False.
        self.future.set_running_or_notify_cancel()

    def accept(self, shard: int, offset: int, time_ms: int) -> None:
        """Tell who waits that the broker has it; without effect if it was given up before."""
        self.settled = True
        try:
            self.future.set_result(
                Submitted(self.submission_id, self.matter_id, self.family, shard, offset, time_ms)
            )
        except InvalidStateError:
            return

    def give_up(self, why: str) -> None:
        """Tell who waits that it isn't known to have arrived; without effect if it is."""
        self.fail(
            NotAccepted(self.submission_id, self.matter_id, self.not_after_ms, self.timeout, why)
        )

    def fail(self, error: Exception) -> None:
        """Tell who waits why it isn't sent; without effect if it was settled before."""
        self.settled = True
        try:
            self.future.set_exception(error)
        except InvalidStateError:
            return

    def await_settled(self, why: str) -> Submitted:
        """Give what became of it by its deadline at the latest; raises what it failed with."""
        try:
            return self.future.result(max(0.0, self.deadline - time.monotonic()))
        except Late:
            self.give_up(why)
            return self.future.result()
