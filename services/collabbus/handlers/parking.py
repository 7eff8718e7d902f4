"""Parking: the compacted topic `collab.<region>.parked`, and what lies in it.

Of each parked matter of a group one record, which its host writes; beside it, under a key of its
own, what an operator decided. So neither overwrites the other, and a decision counts for the
failure alone that it names: not for the next one, of the same event or another. Both lie in the
partition of their shard.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from collabbus.handlers.delivery import Decision, Failure, Parked


@dataclass(frozen=True, slots=True)
class Place:
    """Which group of handlers, acting for whom, has parked which matter."""

    office: str
    group: str
    matter_id: str

    @property
    def key(self) -> bytes:
        """The key of the host's record."""
        return f"{self.office} {self.group} {self.matter_id}".encode()

    @property
    def decision_key(self) -> bytes:
        """The key of the operator's."""
        return self.key + b" decision"


@dataclass(frozen=True, slots=True)
class Entry:
    """A parked matter, as the topic has it."""

    place: Place
    shard: int
    parked: Parked
    kind: str
    """The type of the event that failed."""
    host: str
    """Which taking of the shard wrote it: a late one of somebody who lost it doesn't count."""
    decision: Decision | None = None

    def value(self) -> bytes:
        """Give the host's record."""
        told = asdict(self.parked)
        told["again"] = {str(number): count for number, count in self.parked.again.items()}
        return _json({"kind": self.kind, "host": self.host, "parked": told})

    def decided(self, decision: Decision) -> bytes:
        """Give the record of what an operator decided about it."""
        event_id, handler, since_ms = self.parked.which
        return _json(
            {
                "event_id": event_id,
                "handler": handler,
                "since_ms": since_ms,
                "decision": decision.value,
            }
        )


class ParkedTopic:
    """The topic as it was read so far: records are taken in the order of their partitions."""

    def __init__(self) -> None:
        self._entries: dict[bytes, Entry] = {}
        self._decisions: dict[bytes, tuple[tuple[str, str, int], Decision]] = {}

    def take(self, shard: int, key: bytes, value: bytes | None) -> Entry | None:
        """Take a record; give the parked matter that it is about, if that is (still) parked.

        What can't be read is passed over: another version may write it.
        """
        try:
            words = key.decode().split(" ")
            place = Place(*words[:3])
            if words[3:] == ["decision"]:
                self._take_decision(place.key, value)
            elif value is None:
                self._entries.pop(place.key, None)
            else:
                self._entries[place.key] = _entry(place, shard, json.loads(value))
        except (ValueError, TypeError, KeyError):
            return None
        return self.entry(place)

    def entry(self, place: Place) -> Entry | None:
        """Give what is parked there."""
        return self._with_decision(place.key)

    def entries(self) -> list[Entry]:
        """Give what is parked, the oldest first."""
        found = [one for key in self._entries if (one := self._with_decision(key)) is not None]
        return sorted(found, key=lambda one: (one.parked.since_ms, one.place.key))

    def of(self, office: str, group: str, shards: Iterable[int]) -> list[Entry]:
        """Give what one group has parked in some shards."""
        wanted = set(shards)
        return [
            one
            for one in self.entries()
            if (one.place.office, one.place.group) == (office, group) and one.shard in wanted
        ]

    def _take_decision(self, key: bytes, value: bytes | None) -> None:
        if value is None:
            self._decisions.pop(key, None)
        else:
            told = json.loads(value)
            which = str(told["event_id"]), str(told["handler"]), int(told["since_ms"])
            self._decisions[key] = which, Decision(told["decision"])

    def _with_decision(self, key: bytes) -> Entry | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        which, decision = self._decisions.get(key, (None, None))
        return replace(entry, decision=decision) if which == entry.parked.which else entry


def _entry(place: Place, shard: int, told: dict[str, Any]) -> Entry:
    parked = dict(told["parked"])
    parked["failure"] = Failure(**parked["failure"])
    parked["again"] = {int(number): count for number, count in parked["again"].items()}
    return Entry(place, shard, Parked(**parked), told["kind"], told["host"])


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
