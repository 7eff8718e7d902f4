"""Log: what a region has recorded, to look at in a test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import overload

from google.protobuf.message import Message

from collab.v1 import body_pb2
from collabbus.model.thread import MAIN
from collabbus.sdk import Seen
from collabbus.simulate.node import Logged

Kind = str | type[Message]
"""A type of event: its message, or its name."""


def name_of(kind: Kind) -> str:
    """Give the name of a type of event."""
    return kind if isinstance(kind, str) else kind.DESCRIPTOR.name


class Log(Sequence[Seen]):
    """Some events of a region's log, in its order; it doesn't grow with the region."""

    def __init__(self, region: str, events: Iterable[Seen]) -> None:
        self.region = region
        self._events = tuple(events)

    @classmethod
    def read(cls, region: str, records: Iterable[Logged]) -> Log:
        """Read the records of a simulated region."""
        return cls(region, (seen_of(record) for record in records))

    @overload
    def __getitem__(self, place: int) -> Seen: ...

    @overload
    def __getitem__(self, place: slice) -> Log: ...

    def __getitem__(self, place: int | slice) -> Seen | Log:
        if isinstance(place, slice):
            return Log(self.region, self._events[place])
        return self._events[place]

    def __len__(self) -> int:
        return len(self._events)

    def __repr__(self) -> str:
        return f"<log of {self.region}: {', '.join(self.types) or 'nothing'}>"

    @property
    def types(self) -> list[str]:
        """The types of the events, in their order."""
        return [seen.type for seen in self._events]

    def of(
        self,
        *kinds: Kind,
        matter: str | None = None,
        office: str | None = None,
        thread: str | None = None,
    ) -> Log:
        """Give the events of some types, or all; of a matter, an office, a thread."""
        names = {name_of(kind) for kind in kinds}
        return Log(
            self.region,
            (
                seen
                for seen in self._events
                if (not names or seen.type in names)
                and matter in (None, seen.envelope.matter_id)
                and office in (None, seen.envelope.office)
                and thread in (None, seen.envelope.thread)
            ),
        )

    def told(self) -> str:
        """Write the events, a line each, as a failed assertion shows them."""
        lines = [f"the log of {self.region} holds:"]
        lines += [f"  {line}" for line in map(told, self._events)]
        return "\n".join(lines) if self._events else f"the log of {self.region} holds nothing of it"


def told(seen: Seen) -> str:
    """Write an event as one line, without its contents."""
    envelope = seen.envelope
    where = "" if envelope.thread == MAIN else f", {envelope.thread}"
    by = f"the clock for {envelope.office}" if envelope.clock else envelope.office
    line = f"{envelope.matter_id[:6]}{where}: {seen.type} by {by}"
    if envelope.HasField("step"):
        step = envelope.step
        line += f" -> step {step.number} {step.state}"
        line += f", awaits {step.awaits}" if step.awaits else ""
    return line


def seen_of(record: Logged) -> Seen:
    """Give a record of a simulated region's log as a watcher of the log sees it."""
    return Seen(
        record.envelope,
        body_pb2.Body.FromString(record.event.body),
        record.envelope.type,
        record.envelope.recorded_ms,
        0,
        record.offset,
        record.event,
    )
