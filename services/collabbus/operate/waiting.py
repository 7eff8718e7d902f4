"""Waiting: what a region holds, has refused or frozen, since when, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collab.v1 import submission_pb2 as sub
from collabbus.operate.matter import Known, all_matters
from collabbus.operate.records import Records
from collabbus.settings import KafkaSettings

FROZEN = "FROZEN"
"""Code of a thread that is frozen; those of events are `CAUSE`, `CONTRACT` and `REFUSED`."""


@dataclass(frozen=True, slots=True)
class Wait:
    """An event that lies aside, or a thread that is frozen."""

    matter_id: str
    thread: str
    code: str
    origin: str
    """Of the event that is held, or for which the thread is frozen."""
    number: int
    """0 where a thread is frozen because the region itself failed on it."""
    event_id: str
    """Empty for a frozen thread."""
    missing: tuple[tuple[str, int], ...]
    """What it waits for: origin and number."""
    since_ms: int | None
    """None where the state doesn't tell."""
    refuser: str = ""
    """The region that has frozen the thread."""
    reason: str = ""
    """The code with which it did."""


def listed(kafka: KafkaSettings, region: str) -> list[Wait]:
    """Give what waits in a region, the longest first. Raises RecordsUnreachableError."""
    with Records(kafka, region) as records:
        kept = records.latest("waiting")
    held = [_wait(sub.Waiting.FromString(record.value)) for record in kept.values()]
    found = [*held, *frozen(all_matters(kafka, region))]
    return sorted(
        found, key=lambda one: (one.since_ms is None, one.since_ms, one.matter_id, one.number)
    )


def frozen(matters: Iterable[Known]) -> Iterator[Wait]:
    """Give the freezes in matters' states."""
    for known in matters:
        for thread in known.threads:
            for freeze in thread.freezes:
                yield Wait(
                    known.matter.matter_id,
                    thread.thread,
                    FROZEN,
                    freeze.origin,
                    freeze.number,
                    "",
                    (),
                    freeze.since_ms or None,
                    freeze.refuser,
                    freeze.code,
                )


def _wait(one: sub.Waiting) -> Wait:
    return Wait(
        one.matter_id,
        one.thread,
        one.code,
        one.origin,
        one.number,
        one.event_id,
        tuple((seen.origin, seen.number) for seen in one.missing),
        one.since_ms,
    )
