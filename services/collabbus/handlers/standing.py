"""Standing: how a matter stands by what a log has told so far. A fold over events, without I/O.

An office may know this: it stands in envelopes of the log that its region keeps. The processor's
state isn't asked for it, which belongs to `record` alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from collab.v1 import event_pb2 as ev
from collabbus.model.thread import COPY, MAIN, TRACK, recipient_of


@dataclass(slots=True)
class Course:
    """How one thread stands."""

    step: ev.Step = field(default_factory=ev.Step)
    """The last step; its number is 0 before the first."""
    parties: dict[str, int] = field(default_factory=dict)
    """The offices that take part, with their roles (`collab.v1.Role`)."""
    ended: bool = False
    """Whether a track was ended by its host."""


@dataclass(slots=True)
class Standing:
    """How a matter stands: its threads, as far as this region sees them."""

    matter_id: str
    courses: dict[str, Course] = field(default_factory=dict)
    domain: int = 0
    """Of `collab.v1.Domain`, as the opening names it."""

    def take(self, envelope: ev.Envelope) -> None:
        """Take the next event of the log in this matter; once more is without effect."""
        course = self.courses.setdefault(envelope.thread, Course())
        self.domain = self.domain or envelope.domain
        if envelope.HasField("step") and envelope.step.number > course.step.number:
            course.step = envelope.step
        for party in envelope.participants:
            course.parties[party.office] = party.role
        for office in (envelope.step.awaits, envelope.step.waits):
            if office:
                course.parties.setdefault(office, ev.ROLE_UNSPECIFIED)
        if envelope.thread.startswith(TRACK):
            course.parties.setdefault(recipient_of(envelope.thread), ev.ROLE_RECIPIENT)
        elif envelope.thread.startswith(COPY):
            course.parties.setdefault("/".join(envelope.thread.split("/")[2:4]), ev.ROLE_OBSERVER)
        if envelope.type == "ParticipantLeft":
            course.parties.pop(envelope.office, None)
        if envelope.type == "TrackEnded":
            course.ended = True

    def course(self, thread: str = MAIN) -> Course:
        """Give how a thread stands; one of which nothing was heard stands before its first step."""
        return self.courses.get(thread, _NOTHING)

    def party(self, thread: str, offices: tuple[str, ...]) -> str | None:
        """Give the first of these offices that takes part in a thread, the awaited one before."""
        course = self.course(thread)
        if course.step.awaits in offices:
            return course.step.awaits
        return next((office for office in offices if office in course.parties), None)


_NOTHING = Course()
