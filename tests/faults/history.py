"""Histories: what plain readers found of a run, when everything was over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from collab.v1 import event_pb2 as ev
from collabbus.installation import Installation
from collabbus.model.contract import Contract
from tests.support import plain
from tests.support.desk import Desk, Name
from tests.support.plain import Plain


@dataclass(frozen=True, slots=True)
class Logged:
    """A record of a region's log."""

    shard: int
    key: bytes
    value: bytes
    event: ev.Event
    envelope: ev.Envelope

    @classmethod
    def read(cls, shard: int, key: bytes, value: bytes) -> Logged:
        event = ev.Event.FromString(value)
        return cls(shard, key, value, event, ev.Envelope.FromString(event.envelope))


@dataclass(frozen=True)
class History:
    """Nothing in it is a processor's word for what it did: all of it lay in topics."""

    attempted: Mapping[Name, bytes]
    """Drafts that may have reached a broker."""
    acknowledged: frozenset[Name]
    """Those of them that a broker has acknowledged."""
    logs: Mapping[str, Sequence[Logged]]
    """By region, in the order of each shard."""
    outcomes: Mapping[str, Sequence[bytes]]
    states: Mapping[str, Mapping[str, bytes]]
    """By region, the latest value of each key."""
    heads: Mapping[str, Mapping[tuple[int, str], bytes]] = field(default_factory=dict)
    """By region, by shard and key."""
    waiting: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    quarantine: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    contracts: Mapping[bytes, Contract] = field(default_factory=dict)
    """By the hash that the events name."""

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(self.logs)


def collect(installation: Installation, desk: Desk) -> History:
    """Read all topics of an installation."""

    def read(region: str, name: str) -> list[Plain]:
        return plain.read(installation.broker_of(region).bootstrap, f"collab.{region}.{name}")

    def values(name: str) -> dict[str, list[bytes]]:
        return {
            region: [record.value for record in read(region, name) if record.value is not None]
            for region in installation.regions
        }

    found = installation.contracts
    return History(
        attempted=dict(desk.attempted),
        acknowledged=frozenset(desk.acknowledged),
        logs={
            region: [
                Logged.read(record.partition, record.key, record.value or b"")
                for record in read(region, "events")
            ]
            for region in installation.regions
        },
        outcomes=values("outcomes"),
        states={
            region: {
                key.decode(): value for key, value in plain.latest(read(region, "state")).items()
            }
            for region in installation.regions
        },
        heads={region: heads(installation, region) for region in installation.regions},
        waiting={
            region: list(plain.latest(read(region, "waiting")).values())
            for region in installation.regions
        },
        quarantine=values("quarantine"),
        contracts={pinned.hash: pinned for pinned in map(found.pin, found.networks)},
    )


def heads(installation: Installation, region: str) -> dict[tuple[int, str], bytes]:
    """Give the latest value of each key of a region's heads, by shard."""
    found: dict[tuple[int, str], bytes] = {}
    bootstrap = installation.broker_of(region).bootstrap
    for record in plain.read(bootstrap, f"collab.{region}.heads"):
        if record.value is None:
            found.pop((record.partition, record.key.decode()), None)
        else:
            found[record.partition, record.key.decode()] = record.value
    return found
