"""Office: how an office's system submits what it does, and learns what became of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from types import TracebackType
from typing import Self, Unpack

from google.protobuf.message import Message

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import PrivateKey
from collabbus.model.office import is_office_id
from collabbus.model.thread import region_of
from collabbus.sdk import draft as drafts
from collabbus.sdk.draft import Acting, Opening
from collabbus.sdk.errors import (
    DraftInvalid,
    NotFlushed,
)
from collabbus.sdk.letter import Letter, Recorded, Submitted
from collabbus.sdk.mailroom import Mailroom
from collabbus.settings import KafkaSettings


class Office:
    """An office's connection with its region; may be used by many threads at once.

    `office` is the office that acts and `key` what its system signs with: its own, or that of an
    office that may act for it. `network` is the network of the acts that name no other. The
    region's Kafka is `kafka`, or for the short form `bootstrap` ("host:port"), or what
    COLLABBUS_KAFKA_* say. `shards` is checked against the cluster; left out, the cluster tells.
    `remember` is how many submissions are kept for wait_recorded; `close_timeout` how many seconds
    leaving the `with` block may wait for acknowledgements.

    It keeps two connections and two threads, and reads all outcomes of its region: have one per
    process and office, not one per act. A process that forks must make its own afterwards.
    """

    def __init__(
        self,
        office: str,
        key: PrivateKey,
        network: str | None = None,
        *,
        kafka: KafkaSettings | None = None,
        bootstrap: str | None = None,
        shards: int | None = None,
        connect_timeout: float = 10.0,
        close_timeout: float = 10.0,
        remember: int = 65_536,
    ) -> None:
        if not is_office_id(office):
            raise DraftInvalid(f"{office!r} is no office: give its id, such as beijing/haidian")
        if kafka is not None and bootstrap is not None:
            raise DraftInvalid("kafka and bootstrap were both given: give one of them")
        if kafka is None:
            kafka = KafkaSettings(bootstrap_servers=bootstrap) if bootstrap else KafkaSettings()
        self.office = office
        self.region = region_of(office)
        self.network = network
        self._key = key
        self._mailroom = Mailroom(
            self.region,
            kafka,
            holder=f"Office({office!r})",
            office=office,
            shards=shards,
            connect_timeout=connect_timeout,
            close_timeout=close_timeout,
            remember=remember,
        )
        self._families: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Office({self.office!r})"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.close()
        except NotFlushed as unflushed:
            if error is None:
                raise
            # The first error is the one to see; this one mustn't get lost either.
            error.add_note(str(unflushed))

    def start(self) -> Self:
        """Connect; when it returns, submissions are taken and no outcome of one will be missed.

        Raises Unreachable, after `connect_timeout` seconds a connection, or ShardsDiffer.
        """
        self._mailroom.start()
        return self

    def close(self) -> None:
        """Wait for what is under way, then disconnect; nothing is sent after it returns.

        It takes `close_timeout` seconds and four more at the longest, also with the broker away.
        Calling it again does nothing. Raises NotFlushed, naming the submissions that nobody has
        acknowledged.
        """
        self._mailroom.close()

    def open(
        self, body: Message, *, timeout: float = 10.0, **details: Unpack[Opening]
    ) -> Submitted:
        """Open a matter with `body`, such as AssistanceRequested.

        When it returns, the region's Kafka has the submission durably, and the region will decide
        it exactly once; whether it records or rejects it, wait_recorded tells.

        Raises NotAccepted after `timeout` seconds without acknowledgement; NotSigned,
        DraftInvalid, SubmissionIdReused or NotOpen, and then nothing was sent.
        """
        return self._await(self.opening(body, **details), timeout)

    def act(
        self,
        matter: str | Submitted,
        body: Message,
        *,
        timeout: float = 10.0,
        **details: Unpack[Acting],
    ) -> Submitted:
        """Act in a matter: a step or a remark. Returns and raises as `open` does."""
        return self._await(self.acting(matter, body, **details), timeout)

    def opening(self, body: Message, **details: Unpack[Opening]) -> sub.Draft:
        """Give the draft of an opening, to be submitted; nothing is sent. Raises DraftInvalid."""
        self._as_before(details)
        return drafts.opening(self.office, drafts.wrap(body), self._network(details), details)

    def acting(
        self, matter: str | Submitted, body: Message, **details: Unpack[Acting]
    ) -> sub.Draft:
        """Give the draft of an act, to be submitted; nothing is sent. Raises DraftInvalid."""
        self._as_before(details)
        matter_id = matter if isinstance(matter, str) else matter.matter_id
        said = drafts.wrap(body)
        if "family" in details:
            family = drafts.family_number(details["family"])
        elif isinstance(matter, Submitted):
            family = matter.family
        else:
            family = drafts.family_of(said) or self._families.get(matter_id, 0)
        if not family:
            raise DraftInvalid(
                f"matter {matter_id!r} is new to this Office: give family=..., as its events say"
            )
        return drafts.acting(self.office, matter_id, said, self._network(details), family, details)

    def submit(self, draft: sub.Draft, *, timeout: float = 10.0) -> Future[Submitted]:
        """Submit a draft without waiting: the way for many at once.

        The future holds what `open` returns, or NotAccepted by `timeout` seconds from now, give
        or take 0.1 s, or NotSigned. Submissions that are under way together may arrive in any
        order: await one before the next where the order matters. Waits itself only where
        thousands are under way. What is called when the future is done runs in a thread of ours,
        and must not block.

        After NotAccepted it may still be sent for some 5 seconds, and not after close().

        Raises DraftInvalid, SubmissionIdReused or NotOpen, and then nothing was sent.
        """
        return self._submit(draft, timeout, awaited=False).future

    def wait_recorded(self, submission: str | Submitted, *, timeout: float = 10.0) -> Recorded:
        """Give the events of a submission once the region has recorded it.

        It must have been submitted through this Office, whether or not it was acknowledged; the
        last `remember` submissions are kept. May be called again, and by several threads.

        Raises Rejected, NotDecidedInTime after `timeout` seconds, or UnknownSubmission.
        """
        submission_id = submission if isinstance(submission, str) else submission.submission_id
        return self._mailroom.wait(submission_id, timeout)

    def _as_before(self, details: Opening | Acting) -> None:
        """Have what is tried again say the same as the first time."""
        sent = self._mailroom.recall(details.get("submission_id", ""))
        if sent is not None:
            details.setdefault("not_after_ms", sent.not_after_ms)
            # Each attempt may have a trace of its own; the act keeps the first one.
            details["trace_parent"] = sent.trace_parent

    def _network(self, details: Opening | Acting) -> str:
        network = details.get("network") or self.network
        if not network:
            raise DraftInvalid(
                f"{self!r} was made without a network: give network=..., here or to the Office"
            )
        return network

    def _await(self, draft: sub.Draft, timeout: float) -> Submitted:
        letter = self._submit(draft, timeout, awaited=True)
        return letter.await_settled(self._mailroom.why)

    def _submit(self, draft: sub.Draft, timeout: float, *, awaited: bool) -> Letter:
        letter = self._mailroom.post(draft, self._key, timeout, awaited=awaited)
        with self._lock:
            self._families[draft.matter_id] = draft.family
            self._families.move_to_end(draft.matter_id)
            if len(self._families) > self._mailroom.limit:
                self._families.popitem(last=False)
        return letter
