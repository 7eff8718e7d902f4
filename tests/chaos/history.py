"""What a campaign leaves behind, and the checks of it: exactly once, order, cause, one state.

The checks know nothing of the processor: they look at what plain readers found on the brokers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.link.merkle import leaf_hash
from collabbus.model import thread as threads
from collabbus.model.thread import MAIN


@dataclass
class History:
    """What was asked, and what each region holds."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    """Region by submission id, of those that the broker acknowledged."""
    sent: set[str] = field(default_factory=set)
    logs: dict[str, Sequence[tuple[int, bytes]]] = field(default_factory=dict)
    """Partition and value of each record of each region's log, in order."""
    outcomes: dict[str, Sequence[bytes]] = field(default_factory=dict)
    states: dict[str, Mapping[str, bytes]] = field(default_factory=dict)
    """The latest `collab.state.v1.Matter` of each matter, by region."""


@dataclass(frozen=True)
class Logged:
    """An event of a log, parsed."""

    region: str
    value: bytes
    event: ev.Event
    envelope: ev.Envelope


def parse(region: str, records: Sequence[tuple[int, bytes]]) -> list[Logged]:
    """Read the records of a log."""
    found = []
    for _, value in records:
        event = ev.Event.FromString(value)
        found.append(Logged(region, value, event, ev.Envelope.FromString(event.envelope)))
    return found


def violations(history: History) -> list[str]:
    """Give every broken promise, in words; nothing if all are kept."""
    logs = {region: parse(region, records) for region, records in history.logs.items()}
    found = list(decided_once(history, logs))
    found += crossed_once(logs)
    found += in_order(logs)
    found += one_state(history, logs)
    return found


def decided_once(history: History, logs: Mapping[str, Sequence[Logged]]) -> Iterator[str]:
    """Invariants 1 and 2: each acknowledged submission is decided once, its events stand once."""
    for region in history.logs:
        made: dict[str, list[str]] = defaultdict(list)
        for one in logs[region]:
            if one.envelope.origin == region and one.envelope.causation.submission_id:
                made[one.envelope.causation.submission_id].append(one.envelope.event_id)
        rejected = {
            outcome.submission_id
            for outcome in map(sub.Outcome.FromString, history.outcomes[region])
            if outcome.decision == sub.DECISION_REJECTED
        }
        for submission, where in history.acknowledged.items():
            if where != region:
                continue
            count = len(made.get(submission, ()))
            if count > 1:
                yield f"doubled: {submission} made {count} events in {region}"
            elif count == 0 and submission not in rejected:
                yield f"lost: {submission} was acknowledged in {region} and never decided"
            elif count == 1 and submission in rejected:
                yield f"doubled: {submission} was recorded and rejected in {region}"
        for submission in set(made) - history.sent:
            yield f"alien: {region} recorded {submission}, which nobody sent"


def crossed_once(logs: Mapping[str, Sequence[Logged]]) -> Iterator[str]:
    """Invariant 1 across borders: once in each receiver's log, the same bytes."""
    by_region: dict[str, dict[str, list[bytes]]] = {}
    for region, log in logs.items():
        held = by_region[region] = defaultdict(list)
        for one in log:
            held[one.envelope.event_id].append(one.value)
    for region, held in by_region.items():
        for event_id, values in held.items():
            if len(values) > 1:
                yield f"doubled: event {event_id} stands {len(values)} times in {region}"
    for region, log in logs.items():
        for one in log:
            if one.envelope.origin != region:
                continue
            for receiver in one.envelope.to:
                if receiver not in by_region:
                    continue
                got = by_region[receiver].get(one.envelope.event_id)
                if not got:
                    yield f"lost: {one.envelope.event_id} of {region} never came to {receiver}"
                elif got[0] != one.value:
                    yield f"changed: event {one.envelope.event_id} differs in {receiver}"


def in_order(logs: Mapping[str, Sequence[Logged]]) -> Iterator[str]:
    """Invariant 3: dense numbers per thread and origin, and no effect before its cause."""
    for region, log in logs.items():
        last: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for one in log:
            envelope = one.envelope
            here = last[envelope.matter_id, envelope.thread]
            if envelope.number != here[envelope.origin] + 1:
                yield (
                    f"order: {region} has number {envelope.number} of {envelope.origin} after "
                    f"{here[envelope.origin]}"
                )
            for seen in envelope.seen:
                if here[seen.origin] < seen.number:
                    yield (
                        f"cause: {region} has {envelope.event_id} before number {seen.number} "
                        f"of {seen.origin}"
                    )
            here[envelope.origin] = envelope.number


def one_state(history: History, logs: Mapping[str, Sequence[Logged]]) -> Iterator[str]:
    """Invariant 4: all members hold the same state, and it is the fold of their logs."""
    held_by: dict[str, dict[str, st.Thread]] = defaultdict(dict)
    for region, matters in history.states.items():
        folded = fold(logs[region])
        for matter_id, value in matters.items():
            thread = threads.find(st.Matter.FromString(value), MAIN)
            if thread is None:
                continue
            if thread.held:
                yield f"stuck: {region} holds {len(thread.held)} events of {matter_id}"
            if thread.freezes:
                yield f"frozen: {region} has a refusal in {matter_id}"
            held_by[matter_id][region] = thread
            if matter_id not in folded:
                yield f"state: {region} has a state of {matter_id} and no event"
            elif threads.picture(folded[matter_id]) != threads.picture(thread):
                yield f"state: that of {matter_id} in {region} isn't the fold of its log"
        for matter_id in set(folded) - set(matters):
            yield f"state: {region} has events of {matter_id} and no state"
    for matter_id, views in held_by.items():
        # Who has left keeps what it saw till then; all who are there agree. Who is there, the
        # region knows that has seen most.
        most = max(views.values(), key=lambda thread: sum(o.last for o in thread.origins))
        there = threads.members(most) & set(history.states)
        if absent := there - set(views):
            yield f"state: {sorted(absent)} hold nothing of {matter_id}"
        if len({threads.picture(views[region]) for region in there & set(views)}) > 1:
            yield f"states differ: {matter_id} in {sorted(there)}"


def fold(log: Sequence[Logged]) -> dict[str, st.Thread]:
    """Give the main threads that a log leads to, from nothing."""
    found: dict[str, st.Thread] = {}
    for one in log:
        if one.envelope.thread == MAIN:
            thread = found.setdefault(one.envelope.matter_id, st.Thread(thread=MAIN))
            body = body_pb2.Body.FromString(one.event.body)
            threads.apply(thread, one.envelope, body, leaf_hash(one.event.envelope))
            # The clock's memory of a reminder is the region's own.
            thread.reminded = False
    return found
