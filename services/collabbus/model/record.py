"""Record: one pure step from (state of a shard, one input) to (new state, what is written).

No I/O, no clock, no randomness: the time is the input's, keys and salts are handed in, and whoever
records the same inputs in the same order writes the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from google.protobuf.message import DecodeError

from collab.state.v1 import state_pb2 as st
from collab.v1 import submission_pb2 as sub
from collabbus.link.parcel import ParcelError
from collabbus.model.arrivals import Arrivals
from collabbus.model.clock import Clock
from collabbus.model.consequences import Consequences
from collabbus.model.effects import Effects
from collabbus.model.intake import Intake
from collabbus.model.journal import Journal, Region
from collabbus.model.rejection import Rejection, Unauthentic


@dataclass(frozen=True, slots=True)
class Input:
    """A record of one of a shard's input topics."""

    peer: str | None
    """The region over whose link it came; None for a submission or a tick."""
    topic: str
    offset: int
    time_ms: int
    """The broker's."""
    key: bytes
    value: bytes


class Recorder:
    """The record stage of one shard.

    `record` inputs, write what `effects` and `changes` hold in one transaction, then `commit`. If
    the transaction fails, or nobody knows whether it did, leave the recorder and restore another.
    """

    def __init__(self, region: Region) -> None:
        self.region = region
        self.journal = Journal(region)
        consequences = Consequences(region, self.journal)
        self._arrivals = Arrivals(region, self.journal, consequences)
        self._intake = Intake(region, self.journal, consequences, self._arrivals)
        self.clock = Clock(region, self.journal, consequences)
        self._failure = ""

    @property
    def effects(self) -> Effects:
        """What the run has written so far."""
        return self.journal.effects

    def changes(self) -> Mapping[str, bytes | None]:
        """What the run has changed of the state."""
        return self.region.store.changes()

    def record(self, item: Input) -> None:
        """Decide one input. It never raises: what the core can't deal with is quarantined.

        An input on which it fails twice stops nobody but its thread (invariant 8).
        """
        if not self._guard(lambda: self._take(item)):
            self._guard(lambda: self._poison(item))

    def commit(self) -> None:
        """The transaction is through."""
        for matter, thread in self.region.touched.values():
            self.clock.note(matter, thread)
        for key, value in self.region.store.changes().items():
            if value is not None and key.startswith("r/"):
                self.clock.note_memory(key, st.Remembered.FromString(value).not_after_ms)
        self.region.touched.clear()
        self.region.store.commit()
        self.journal.effects = Effects()

    def _guard(self, step: Callable[[], None]) -> bool:
        """Run a step with a second try; undo it and give False if it fails both times."""
        store = self.region.store
        store.keep_input()
        mark = self.effects.size()
        for _ in range(2):
            try:
                step()
            except Exception as error:
                self._failure = _place(error)
                store.undo_input()
                self.effects.cut_back(mark)
            else:
                store.keep_input()
                return True
        return False

    def _take(self, item: Input) -> None:
        try:
            if item.peer is not None:
                self._arrivals.take(item.peer, item.value, item.time_ms, self._guard)
                return
            submission = self._read(item)
            if submission.HasField("tick"):
                self.region.keep_contracts()
                self.clock.tick(item.time_ms, self._guard)
                self._arrivals.retry(item.time_ms, self._guard)
                return
            self._intake.take(item.key, item.value, submission, item.time_ms)
        except ParcelError as error:
            self._quarantine(item, error.reason_code, str(error))
        except Unauthentic as error:
            self._quarantine(item, error.reason_code, f"{error.field}: {error.reason}")

    def _read(self, item: Input) -> sub.Submission:
        try:
            return sub.Submission.FromString(item.value)
        except DecodeError as error:
            raise Unauthentic(
                "UNREADABLE", "", f"{len(item.value)} bytes that are no Submission"
            ) from error

    def _poison(self, item: Input) -> None:
        """Put an input on which the core failed into quarantine, and freeze its thread."""
        self._quarantine(item, "INTERNAL", f"the core failed on it twice: {self._failure}")
        if item.peer is not None:
            return
        try:
            submission = sub.Submission.FromString(item.value)
            draft = sub.Draft.FromString(submission.draft)
        except DecodeError:
            return
        self._intake.give_up(
            draft,
            submission,
            item.value,
            Rejection("INTERNAL", "", "collabbus failed on it; the operator has been told"),
            item.time_ms,
        )
        matter = self.region.matter(draft.matter_id)
        thread = self.region.thread(draft.matter_id, draft.thread)
        if matter is not None and thread is not None:
            thread.freezes.add(
                refuser=self.region.name, origin=self.region.name, code="INTERNAL",
                since_ms=item.time_ms,
            )  # fmt: skip
            self.region.keep(matter, thread)

    def _quarantine(self, item: Input, code: str, reason: str) -> None:
        record = sub.Quarantined(
            code=code,
            reason=reason,
            topic=item.topic,
            shard=self.region.shard,
            offset=item.offset,
            time_ms=item.time_ms,
            key=item.key,
            value=item.value,
        )
        self.effects.quarantine.append(
            (sha256(item.value).digest()[:16], record.SerializeToString())
        )
        self.effects.quarantined.append(code)


def _place(error: BaseException) -> str:
    """Say where an error arose; its message may hold contents, so it isn't told."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} in {where}"
