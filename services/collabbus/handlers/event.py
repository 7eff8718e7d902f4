"""Events as a handler sees them: what was said, and the envelope's facts around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from google.protobuf.message import Message

from collab.v1 import event_pb2 as ev
from collabbus.handlers.names import Family
from collabbus.model import domain as domains
from collabbus.model.thread import FAMILIES

B = TypeVar("B", bound=Message, covariant=True)

_DOMAINS = {
    number: domains.Domain(name.removeprefix("DOMAIN_"))
    for name, number in ev.Domain.items()
    if number
}


@dataclass(frozen=True, slots=True)
class Event(Generic[B]):
    """A recorded fact, with the message that its body holds."""

    body: B
    """Such as a ClueTransferred."""
    envelope: ev.Envelope
    """All the rest, as it was signed."""
    time_ms: int
    """When this region's broker took it, milliseconds since 1970."""
    shard: int
    offset: int
    """Where it stands in the region's log."""

    @property
    def id(self) -> str:
        """The event's id, the same in every region."""
        return self.envelope.event_id

    @property
    def type(self) -> str:
        """Such as `ClueTransferred`."""
        return self.envelope.type

    @property
    def matter_id(self) -> str:
        """The matter in which it was said."""
        return self.envelope.matter_id

    @property
    def thread(self) -> str:
        """The thread of that matter: `main`, or a track such as `track/hebei/langfang`."""
        return self.envelope.thread

    @property
    def number(self) -> int:
        """Which of its origin's events in this thread it is, from 1."""
        return self.envelope.number

    @property
    def origin(self) -> str:
        """The region that recorded it."""
        return self.envelope.origin

    @property
    def office(self) -> str:
        """The office that acts."""
        return self.envelope.office

    @property
    def officer(self) -> str:
        """Who answers for the act; empty where the clock acted."""
        return self.envelope.officer

    @property
    def network(self) -> str:
        """The network whose contract binds the matter."""
        return self.envelope.network

    @property
    def family(self) -> Family:
        """The matter's family."""
        return Family(FAMILIES[self.envelope.family])

    @property
    def domain(self) -> domains.Domain | None:
        """The subject that the event names, as openings do; None if it names none."""
        return _DOMAINS.get(self.envelope.domain)

    @property
    def recorded(self) -> datetime:
        """When its origin's broker took the act."""
        return datetime.fromtimestamp(self.envelope.recorded_ms / 1000, UTC)

    @property
    def by_clock(self) -> bool:
        """Whether the region's clock or rules acted, and no person did."""
        return self.envelope.clock

    @property
    def step(self) -> int:
        """The number of the step that it is; 0 for a remark."""
        return self.envelope.step.number
