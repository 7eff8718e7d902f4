"""Outcomes: what an Office has sent, and what the region has said of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from hashlib import sha256

from google.protobuf.message import DecodeError

from collab.v1 import submission_pb2 as sub
from collabbus.sdk.errors import NotDecidedInTime, SubmissionIdReused, UnknownSubmission


@dataclass(slots=True)
class Sent:
    """A submission id that was used here."""

    office: str
    """Who acts, and so whose outcomes count."""
    content: bytes
    """Digest of its draft."""
    not_after_ms: int
    trace_parent: str
    # A tuple, as thousands of these are kept and the garbage collector passes it over.
    records: tuple[bytes, ...] = ()
    """SHA-256 of each record that was sent under it."""
    outcome: sub.Outcome | None = None
    waiter: Future[sub.Outcome] | None = None
    """Done with the outcome; made by the first who waits."""


class Outcomes:
    """Remembers the last submissions of one office, or of many; safe for many threads.

    An outcome counts only if it answers a record that was made here, to the byte: whoever
    sends something else under our id gets an outcome under our id, too.
    """

    def __init__(self, office: str | None, limit: int) -> None:
        """Without `office` each draft's own office counts."""
        self.limit = limit
        self.trouble = ""
        """Why outcomes can't be read just now, for those who wait."""
        self._office = office
        self._sent: OrderedDict[str, Sent] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._sent)

    def recall(self, submission_id: str) -> Sent | None:
        """Give what is remembered under an id."""
        return self._sent.get(submission_id)

    def begin(self, draft: sub.Draft, content: bytes) -> None:
        """Remember a draft that is about to be sent, for the first time or again.

        Raises SubmissionIdReused if its id was used for another draft.
        """
        digest = sha256(content).digest()
        with self._lock:
            sent = self._sent.get(draft.submission_id)
            if sent is None:
                self._sent[draft.submission_id] = Sent(
                    self._office or draft.office, digest, draft.not_after_ms, draft.trace_parent
                )
                if len(self._sent) > self.limit:
                    self._sent.popitem(last=False)
            elif sent.content != digest:
                raise SubmissionIdReused(draft.submission_id)
            else:
                self._sent.move_to_end(draft.submission_id)

    def expect(self, submission_id: str, record: bytes) -> None:
        """Accept outcomes that answer this record; call it before the record is sent."""
        with self._lock:
            sent = self._sent.get(submission_id)
            if sent is None:
                return
            sent.records += (sha256(record).digest(),)
            if sent.outcome is not None and sent.outcome.code:
                # A rejection for want of a valid key isn't remembered by the region: what counts
                # is what it says to the new attempt.
                sent.outcome = sent.waiter = None

    def take(self, key: bytes | None, value: bytes | None) -> None:
        """Take a record of the outcomes' topic; what answers nothing of ours is passed over."""
        # Most records of a region answer others: the key tells, without reading the value.
        submission_id = (key or b"").decode(errors="replace")
        if submission_id not in self._sent or value is None:
            return
        try:
            outcome = sub.Outcome.FromString(value)
        except DecodeError:
            return
        with self._lock:
            sent = self._sent.get(submission_id)
            if (
                sent is None
                or outcome.office != sent.office
                or outcome.submission_id != submission_id
                or outcome.submission_sha256 not in sent.records
                # What was recorded once stays recorded.
                or (sent.outcome is not None and not sent.outcome.code)
            ):
                return
            sent.outcome = outcome
            waiter = sent.waiter
        if waiter is not None and not waiter.done():
            # Outside the lock: what is called then may ask for more.
            waiter.set_result(outcome)

    def decision(self, submission_id: str) -> Future[sub.Outcome]:
        """Give the future of a submission's outcome; raises UnknownSubmission."""
        with self._lock:
            sent = self._sent.get(submission_id)
            if sent is None:
                raise UnknownSubmission(submission_id, self.limit)
            if sent.waiter is None:
                sent.waiter = Future()
                # It is shared by all who wait, so nobody can cancel it for the others.
                sent.waiter.set_running_or_notify_cancel()
                if sent.outcome is not None:
                    sent.waiter.set_result(sent.outcome)
            return sent.waiter

    def wait(self, submission_id: str, timeout: float) -> sub.Outcome:
        """Give the outcome of a submission once there is one.

        Raises UnknownSubmission at once, or NotDecidedInTime after `timeout` seconds.
        """
        waiter = self.decision(submission_id)
        try:
            return waiter.result(max(0.0, timeout))
        except Late:
            raise NotDecidedInTime(submission_id, timeout, self.trouble) from None
