"""Fold: what a run of the log's events makes of matters and threads.

Pure: the core's own functions, on the messages that the tables keep. A log is in the order in which
the region's processor applied it, so whoever folds it comes to the processor's states.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.link.merkle import leaf_hash
from collabbus.model import application, lifecycle
from collabbus.model import thread as threads
from collabbus.model.admission import opens
from collabbus.model.body import kinds_of, said
from collabbus.model.contract import Contract
from collabbus.model.thread import ARCHIVE, COPY, FAMILIES, GUEST, LOCAL, MAIN, TRACK

ENUMS = {
    ev.Domain: "DOMAIN_",
    ev.Function: "FUNCTION_",
    ev.Classification: "CLASSIFICATION_",
    ev.Role: "ROLE_",
    ev.CopyRole: "COPY_ROLE_",
}

Line = dict[str, Any]
"""A line of a table, by its columns."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A record of the log."""

    shard: int
    offset: int
    time_ms: int
    event: ev.Event
    envelope: ev.Envelope

    @classmethod
    def read(cls, shard: int, offset: int, time_ms: int, value: bytes) -> Logged:
        """Read a record's value; raises protobuf's DecodeError if it is no event."""
        event = ev.Event.FromString(value)
        return cls(shard, offset, time_ms, event, ev.Envelope.FromString(event.envelope))


@dataclass(slots=True)
class MatterState:
    """A matter between two events, and the columns that its message lacks."""

    kept: st.Matter
    case_number: str = ""
    closed_ms: int | None = None
    archived_ms: int | None = None
    updated_ms: int = 0
    position: int = 0


@dataclass(slots=True)
class ThreadState:
    """A thread between two events."""

    kept: st.Thread
    position: int = 0
    left: dict[tuple[str, str], int] = field(default_factory=dict)
    """Additions that are over, by event and office, and the places of the events that said so."""
    changed: set[tuple[str, str]] = field(default_factory=set)
    """Additions to write."""


class Fold:
    """The matters and threads that a run of events touches, before it and after."""

    def __init__(self, region: str, contract: Callable[[bytes], Contract | None]) -> None:
        """`contract` gives what a hash stands for, None where nobody knows it any more."""
        self._region = region
        self._contract = contract
        self.matters: dict[str, MatterState] = {}
        self.threads: dict[tuple[str, str], ThreadState] = {}
        self.events: list[Line] = []
        self.copies: list[Line] = []
        self.corrections: list[Line] = []
        """Of events of this run or before it: by whom, where, and which number is corrected."""
        self.linked: set[str] = set()
        """Matters whose links have changed."""

    def take(self, logged: Logged, position: int, *, as_it_is: bool = False) -> None:
        """Take the next event of its shard's log; what the fold lacks was never there before.

        An event whose number has been taken, or whose matter is archived, changes nothing. So does
        one that is taken `as_it_is`, because the core failed on it.
        """
        envelope = logged.envelope
        if as_it_is:
            self.events.append(_event(logged, body_pb2.Body(), position, late=True))
            return
        matter = self.matters.setdefault(
            envelope.matter_id, MatterState(st.Matter(matter_id=envelope.matter_id))
        )
        thread = self.threads.setdefault(
            (envelope.matter_id, envelope.thread), ThreadState(st.Thread(thread=envelope.thread))
        )
        body = body_pb2.Body.FromString(logged.event.body)
        late = matter.archived_ms is not None
        self.events.append(_event(logged, body, position, late))
        if late or envelope.number <= threads.last(thread.kept, envelope.origin):
            return
        _place(matter, envelope)
        self._apply(matter.kept, thread, logged, body, position)
        self._note(matter, thread, logged, body, position)

    def _apply(
        self,
        matter: st.Matter,
        thread: ThreadState,
        logged: Logged,
        body: body_pb2.Body,
        position: int,
    ) -> None:
        kept, envelope = thread.kept, logged.envelope
        # A number that the log lacks was taken back by its origin before it was applied.
        for number in range(threads.last(kept, envelope.origin) + 1, envelope.number):
            application.skip(kept, envelope.origin, number)
        before = {(one.addition, one.office): (one.leaving, one.left) for one in kept.parties}
        erased = not logged.event.body
        rule = None if erased else self._rule(matter, kept, envelope)
        if erased and envelope.type != "Archived":
            # Its step and whom it brought in stand in the envelope; what else it did, it has taken
            # with it.
            envelope = ev.Envelope.FromString(logged.event.envelope)
            envelope.type = ""
        leaf = leaf_hash(logged.event.envelope)
        application.apply(kept, envelope, body, leaf, logged.time_ms, rule)
        thread.position = position
        for one in kept.parties:
            key = one.addition, one.office
            if before.get(key) != (one.leaving, one.left):
                thread.changed.add(key)
                if one.left:
                    thread.left.setdefault(key, position)

    def _rule(
        self, matter: st.Matter, thread: st.Thread, envelope: ev.Envelope
    ) -> lifecycle.StepRule | lifecycle.RemarkRule | None:
        contract = self._contract(envelope.contract)
        family = FAMILIES.get(matter.family, "")
        found = contract.lifecycles.get(family) if contract is not None else None
        chain = found.chain(thread.thread) if found is not None else None
        if chain is None:
            return None
        if envelope.HasField("step"):
            return chain.steps.get(envelope.type)
        return chain.remarks.get(envelope.type)

    def _note(
        self,
        matter: MatterState,
        thread: ThreadState,
        logged: Logged,
        body: body_pb2.Body,
        position: int,
    ) -> None:
        envelope, kept = logged.envelope, thread.kept
        matter.position, matter.updated_ms = position, logged.time_ms
        if envelope.thread == MAIN and envelope.HasField("step"):
            if envelope.step.number == 1:
                _opened(matter, envelope, body)
            matter.closed_ms = None if kept.step.awaits else envelope.recorded_ms
        told = envelope.thread.startswith(ARCHIVE) and envelope.origin != self._region
        if kept.archived and (envelope.thread == MAIN or told):
            matter.archived_ms = envelope.recorded_ms
        if envelope.type == "Linked" and body.HasField("linked"):
            self.linked.add(envelope.matter_id)
        for copy in envelope.copies:
            self.copies.append(
                {
                    "event_id": envelope.event_id,
                    "matter_id": envelope.matter_id,
                    "thread": envelope.thread,
                    "role": name_of(ev.CopyRole, copy.role),
                    "office": copy.office,
                }
            )
        if body.HasField("corrected"):
            self._corrected(matter, envelope, body)

    def _corrected(self, matter: MatterState, envelope: ev.Envelope, body: body_pb2.Body) -> None:
        number = body.corrected.number
        self.corrections.append(
            {
                "by": envelope.event_id,
                "in_matter": envelope.matter_id,
                "in_thread": envelope.thread,
                "of_origin": envelope.origin,
                "of_number": number,
            }
        )
        opening = envelope.thread == MAIN and number == 1
        if (
            opening
            and envelope.origin == threads.region_of(matter.kept.host)
            and "case_number" in body.corrected.fields
        ):
            matter.case_number = envelope.case_number

    # Lines ----------------------------------------------------------------------------------

    def matter_lines(self) -> Iterator[Line]:
        """Give the lines of the matters that have changed."""
        for matter in self.matters.values():
            if matter.position:
                yield _matter(matter)

    def thread_lines(self) -> Iterator[Line]:
        """Give the lines of the threads that have changed."""
        for (matter_id, _), thread in self.threads.items():
            if thread.position:
                yield _thread(matter_id, thread)

    def party_lines(self) -> Iterator[Line]:
        """Give the lines of the additions that are new, or whose office leaves or has left."""
        for (matter_id, name), thread in self.threads.items():
            for one in thread.kept.parties:
                key = one.addition, one.office
                if key in thread.changed:
                    yield {
                        "matter_id": matter_id,
                        "thread": name,
                        "addition": one.addition,
                        "office": one.office,
                        "role": name_of(ev.Role, one.role),
                        "leaving": one.leaving,
                        "left_position": thread.left.get(key),
                    }

    def link_lines(self) -> Iterator[Line]:
        """Give the lines of the links of matters in which some were told."""
        for (matter_id, name), thread in self.threads.items():
            if name == MAIN and matter_id in self.linked:
                for one in thread.kept.links:
                    yield {
                        "matter_id": matter_id,
                        "linked": one.matter_id,
                        "family": FAMILIES.get(one.family, ""),
                        "state": one.state,
                    }


def name_of(enum: Any, number: int) -> str:
    """Give an enumeration's name without its prefix; empty for what isn't set."""
    if not number:
        return ""
    known = enum.DESCRIPTOR.values_by_number.get(number)
    return known.name.removeprefix(ENUMS[enum]) if known is not None else str(number)


def content_of(message: Message) -> str:
    """Give a message in the schemas' JSON form, with the fields' own names."""
    found = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return _json(found)


def sort_of(thread: str) -> str:
    """Give what sort of thread a name means."""
    for prefix, sort in ((GUEST, "guest"), (TRACK, "track"), (COPY, "copy"), (ARCHIVE, "archive")):
        if thread.startswith(prefix):
            return sort
    return LOCAL if thread == LOCAL else MAIN


def _place(matter: MatterState, envelope: ev.Envelope) -> None:
    kept = matter.kept
    if kept.host:
        return
    kept.network = envelope.network
    kept.contract = envelope.contract
    kept.family = envelope.family
    kept.domain = envelope.domain
    kept.function = envelope.function
    kept.classification = envelope.classification
    kept.opened_ms = envelope.opened_ms
    if opens(envelope):
        kept.host, kept.seed = envelope.office, envelope.seed


def _opened(matter: MatterState, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    kept = matter.kept
    kept.host, kept.seed, kept.opening = envelope.office, envelope.seed, envelope.type
    kept.kinds[:] = kinds_of(said(body)) if body.WhichOneof("kind") else ()
    kept.cause_matter = envelope.causation.matter_id
    kept.cause_event = envelope.causation.event_id
    matter.case_number = envelope.case_number


def _matter(matter: MatterState) -> Line:
    kept = matter.kept
    return {
        "matter_id": kept.matter_id,
        "network": kept.network,
        "family": FAMILIES.get(kept.family, ""),
        "kinds": list(kept.kinds),
        "opening": kept.opening,
        "host": kept.host,
        "domain": name_of(ev.Domain, kept.domain),
        "function": name_of(ev.Function, kept.function),
        "classification": name_of(ev.Classification, kept.classification),
        "case_number": matter.case_number,
        "contract": kept.contract,
        "opened_ms": kept.opened_ms,
        "closed_ms": matter.closed_ms,
        "archived_ms": matter.archived_ms,
        "updated_ms": matter.updated_ms,
        "position": matter.position,
        "cause_matter": kept.cause_matter,
        "cause_event": kept.cause_event,
        "kept": kept.SerializeToString(),
    }


def _thread(matter_id: str, thread: ThreadState) -> Line:
    kept, sort = thread.kept, sort_of(thread.kept.thread)
    recipient = threads.guest_of(kept.thread)
    if sort == "track":
        recipient = threads.recipient_of(kept.thread)
    step = kept.step
    return {
        "matter_id": matter_id,
        "thread": kept.thread,
        "sort": sort,
        "recipient": recipient,
        "state": step.state,
        "step": step.number,
        "awaits": step.awaits,
        "waits": step.waits,
        "due_ms": step.due_ms or None,
        "overdue": kept.overdue,
        "escalated": kept.escalated,
        "ended": threads.dormant(kept),
        "frozen": bool(kept.freezes),
        "pending": sorted({one.type for one in kept.bound if one.step == step.number}),
        "stepped_ms": kept.stepped_ms,
        "position": thread.position,
        "kept": kept.SerializeToString(),
    }


def _event(logged: Logged, body: body_pb2.Body, position: int, late: bool) -> Line:
    event, envelope = logged.event, logged.envelope
    step = envelope.step if envelope.HasField("step") else None
    kind = body.WhichOneof("kind")
    return {
        "position": position,
        "event_id": envelope.event_id,
        "network": envelope.network,
        "family": FAMILIES.get(envelope.family, ""),
        "matter_id": envelope.matter_id,
        "thread": envelope.thread,
        "origin": envelope.origin,
        "number": envelope.number,
        "type": envelope.type,
        "step": step.number if step is not None else None,
        "state": step.state if step is not None else None,
        "office": envelope.office,
        "officer": envelope.officer,
        "guest": envelope.guest,
        "clock": envelope.clock,
        "recorded_ms": envelope.recorded_ms,
        "submission_id": envelope.causation.submission_id,
        "case_number": envelope.case_number,
        "legal_basis": _json(
            [{"instrument": one.instrument, "article": one.article} for one in envelope.legal_basis]
        ),
        "shard": logged.shard,
        "log_offset": logged.offset,
        "logged_ms": logged.time_ms,
        "late": late,
        "content": content_of(getattr(body, kind)) if kind is not None else None,
        "envelope": event.envelope,
        "body": event.body or None,
        "salt": event.salt or None,
    }


def storable(found: Any) -> Any:
    """Give a value of a line as PostgreSQL takes it: U+FFFD stands where a text has NUL."""
    if isinstance(found, str):
        return found.replace("\0", "\ufffd")
    if isinstance(found, dict):
        return {key: storable(value) for key, value in found.items()}
    if isinstance(found, list):
        return [storable(value) for value in found]
    return found


def _json(found: object) -> str:
    """Write JSON as PostgreSQL takes it."""
    text = _dumps(found)
    return text if "\\u0000" not in text else _dumps(storable(found))


def _dumps(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
