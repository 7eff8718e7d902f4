"""Matter (协作事项): what a region's processor holds of one, as its state topic tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.model.shard import shard_of
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
    held: tuple[Held, ...]


def known(kafka: KafkaSettings, region: str, matter_id: str) -> Known | None:
    """Give what a region holds of a matter; None if nothing. Raises RecordsUnreachableError."""
    with Records(kafka, region) as records:
        kept = records.latest("state", [shard_of(matter_id, records.shards("state"))])
    mark = matter_id.encode()
    mine = {key.decode(): record.value for key, record in kept.items() if mark in key}
    for matter in matters(mine):
        if matter.matter_id == matter_id:
            return Known(matter, tuple(_held(matter, mine)))
    return None


def all_matters(kafka: KafkaSettings, region: str) -> Iterator[st.Matter]:
    """Give every matter that a region holds. Raises RecordsUnreachableError."""
    with Records(kafka, region) as records:
        kept = records.latest("state")
    return matters({key.decode(): record.value for key, record in kept.items()})


def matters(kept: Mapping[str, bytes]) -> Iterator[st.Matter]:
    """Give the matters in the state topic's records: only this knows how they lie there."""
    for key, value in kept.items():
        if key.startswith("m/"):
            yield st.Matter.FromString(value)


def _held(matter: st.Matter, kept: Mapping[str, bytes]) -> Iterable[Held]:
    needs = {
        (thread.thread, held.origin, held.number): tuple(
            (need.origin, need.number) for need in held.needs
        )
        for thread in matter.threads
        for held in thread.held
    }
    for key, value in kept.items():
        if not key.startswith("h/"):
            continue
        held = st.HeldEvent.FromString(value)
        envelope = ev.Envelope.FromString(held.event.envelope)
        at = (envelope.thread, envelope.origin, envelope.number)
        yield Held(*at, envelope.event_id, held.code, held.since_ms, needs.get(at, ()))
