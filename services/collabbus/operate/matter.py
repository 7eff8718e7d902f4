"""Matter (协作事项): what a region's processor holds of one, as its state topic tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model.deadline import DAY_MS
from collabbus.model.report import KINDS, Reports
from collabbus.model.shard import shard_of
from collabbus.model.thread import MAIN
from collabbus.operate.records import Records
from collabbus.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class Held:
    """An event that lies aside."""

    thread: str
    origin: str
    number: int
    event_id: str
    code: str
    """`CAUSE`, `CONTRACT` or `REFUSED`."""
    since_ms: int
    missing: tuple[tuple[str, int], ...]
    """What it waits for: origin and number."""


@dataclass(frozen=True, slots=True)
class Known:
    """A matter as a region has it."""

    matter: st.Matter
    threads: tuple[st.Thread, ...]
    held: tuple[Held, ...] = ()


def known(kafka: KafkaSettings, region: str, matter_id: str) -> Known | None:
    """Give what a region holds of a matter; None if nothing. Raises RecordsUnreachableError."""
    with Records(kafka, region) as records:
        kept = records.latest("state", [shard_of(matter_id, records.shards("state"))])
    mark = matter_id.encode()
    mine = {key.decode(): record.value for key, record in kept.items() if mark in key}
    for found in matters(mine):
        if found.matter.matter_id == matter_id:
            return Known(found.matter, found.threads, tuple(_held(found.threads, mine)))
    return None


def reports(kafka: KafkaSettings, region: str, matter: st.Matter) -> Reports:
    """Give what was reported of a matter, as the region's log tells it.

    Reads the matter's shard of the log from the day on which the matter was opened, which may take
    a while. Raises RecordsUnreachableError.
    """
    found = Reports()
    key = matter.matter_id.encode()
    with Records(kafka, region) as records:
        shard = shard_of(matter.matter_id, records.shards())
        # Its origin's clock said when it was opened, and may differ from this region's.
        start = records.offset_at("events", shard, matter.opened_ms - DAY_MS)
        for record in records.read("events", [shard], start=start):
            if record.key != key:
                continue
            event = ev.Event.FromString(record.value)
            envelope = ev.Envelope.FromString(event.envelope)
            if envelope.type in KINDS:
                found.take(envelope, body_pb2.Body.FromString(event.body))
    return found


def all_matters(kafka: KafkaSettings, region: str) -> Iterator[Known]:
    """Give every matter that a region holds. Raises RecordsUnreachableError."""
    with Records(kafka, region) as records:
        kept = records.latest("state")
    return matters({key.decode(): record.value for key, record in kept.items()})


def own_envelope(
    kafka: KafkaSettings, region: str, matter: st.Matter, thread: str, number: int
) -> bytes | None:
    """Give the envelope of a region's own event as its log has it; None if there is none.

    Raises RecordsUnreachableError.
    """
    with Records(kafka, region) as records:
        shard = shard_of(matter.matter_id, records.shards())
        start = records.offset_at("events", shard, matter.opened_ms - DAY_MS)
        for record in records.read("events", [shard], start=start):
            if record.key == matter.matter_id.encode():
                found: bytes = ev.Event.FromString(record.value).envelope
                envelope = ev.Envelope.FromString(found)
                at = envelope.thread, envelope.origin, envelope.number
                if at == (thread, region, number):
                    return found
    return None


def matters(kept: Mapping[str, bytes]) -> Iterator[Known]:
    """Give the matters in the state topic's records: only this knows how they lie there."""
    threads: dict[str, list[st.Thread]] = {}
    for key, value in kept.items():
        if key.startswith("t/"):
            threads.setdefault(key.split("/")[1], []).append(st.Thread.FromString(value))
    for key, value in kept.items():
        if key.startswith("m/"):
            matter = st.Matter.FromString(value)
            mine = threads.get(matter.matter_id, [])
            # The main thread first, the others by their names.
            yield Known(
                matter, tuple(sorted(mine, key=lambda one: (one.thread != MAIN, one.thread)))
            )


def _held(threads: Iterable[st.Thread], kept: Mapping[str, bytes]) -> Iterable[Held]:
    needs = {
        (thread.thread, held.origin, held.number): tuple(
            (need.origin, need.number) for need in held.needs
        )
        for thread in threads
        for held in thread.held
    }
    for key, value in kept.items():
        if not key.startswith("h/"):
            continue
        held = st.HeldEvent.FromString(value)
        envelope = ev.Envelope.FromString(held.event.envelope)
        at = (envelope.thread, envelope.origin, envelope.number)
        yield Held(*at, envelope.event_id, held.code, held.since_ms, needs.get(at, ()))
