"""Audit: what must hold of a region's log at every moment, looked at as it grows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.link import inbound
from collabbus.model.deadline import DAY_MS, day_of, end_of
from collabbus.model.own_acts import REGION_ACTS
from collabbus.model.thread import (
    ARCHIVE,
    COPY,
    GUEST,
    LOCAL,
    MAIN,
    TRACK,
    recipient_of,
    region_of,
)
from collabbus.simulate.lies import Lies
from collabbus.simulate.node import Logged, Node

_OF_REGIONS = frozenset(
    (
        "DefaultClaimed",
        "Escalated",
        "Linked",
        "Overdue",
        "ParticipantLeft",
        "Refused",
        "Released",
        "Reminded",
        "TrackEnded",
        "Voided",
        "Copied",
    )
)
"""What a region's clock and rules say, and no office."""
_OF_WAITERS = ("Overdue", "Escalated", "DefaultClaimed")
_OF_HOSTS = ("TrackEnded", "TrackOpened", "Copied")


@dataclass(slots=True)
class _Told:
    """What a log has told of a thread."""

    last: Counter[str] = field(default_factory=Counter)
    """The last number of each origin."""
    step: ev.Step = field(default_factory=ev.Step)
    regions: set[str] = field(default_factory=set)
    """Of all who ever were parties."""
    extended: int = 0
    claimed: int = 0
    """The step whose default was claimed last."""
    said: set[tuple[object, ...]] = field(default_factory=set)
    freezes: set[tuple[str, str, int]] = field(default_factory=set)
    """Refuser, origin and number of what was refused, and is neither void nor released."""
    void: set[tuple[str, int]] = field(default_factory=set)
    """Origin and number of what was taken back."""
    released: set[tuple[str, int]] = field(default_factory=set)
    """Origin and number of what this region took although it had refused it."""
    archived: bool = False


class Auditor:
    """Reads one region's log, and keeps what it needs to judge what comes next."""

    def __init__(self, node: Node, hosts: dict[str, str], lies: Lies) -> None:
        """Share `hosts`, of the matters that a region has seen opened, among its shards."""
        self._lies = lies
        self._node = node
        self._read = 0
        self._threads: dict[tuple[str, str], _Told] = defaultdict(_Told)
        self._hosts = hosts
        self._ids: set[str] = set()
        self._bodies: dict[str, bytes] = {}
        self._set_aside: set[tuple[str, str, str, int]] = set()
        """Matter, thread, origin and number of what lies in quarantine: nobody could read it."""
        self._seen_aside = 0
        self._asked_ms = 0
        """When the last act was recorded that came by way of the submissions."""
        self._checks = (
            self._order,
            self._steps,
            self._speaker,
            self._audience,
            self._clock,
            self._turn,
            self._links,
            self._frozen,
            self._refusals,
            self._copies,
        )

    def look(self) -> list[str]:
        """Give what is wrong with the events that the log got since the last look, in words."""
        events, quarantine = self._node.disk.events, self._node.disk.quarantine
        for value in quarantine[self._seen_aside :]:
            self._note_aside(sub.Quarantined.FromString(value))
        self._seen_aside = len(quarantine)
        new, self._read = events[self._read :], len(events)
        return [found for record in new for found in self._one(record)]

    def _one(self, record: Logged) -> Iterator[str]:
        envelope = record.envelope
        told = self._threads[envelope.matter_id, envelope.thread]
        lie = self._lies.told.get(envelope.event_id)
        if lie is not None and lie.slipped and lie.node is self._node:
            return  # it stands in the log of who told it, and nowhere else
        body = body_pb2.Body.FromString(record.event.body)
        where = f"{envelope.matter_id[:6]}/{envelope.thread}"
        if envelope.event_id in self._ids:
            yield f"2 (one effect): {envelope.type} {envelope.event_id} is recorded twice"
        self._ids.add(envelope.event_id)
        if envelope.thread == MAIN and envelope.step.number == 1:
            self._hosts[envelope.matter_id] = envelope.office
        told.regions |= {region_of(participant.office) for participant in envelope.participants}
        main = self._threads[envelope.matter_id, MAIN]
        released = (envelope.origin, envelope.number) in told.released
        elsewhere = lie is not None and lie.node is not self._node and not main.archived
        released |= self._node.name not in envelope.to  # it came in later, and takes what was
        if lie is not None and elsewhere and (lie.slipped or not released):
            yield f"8 (fail closed): a lie was taken: {lie.kind} ({envelope.type} in {where})"
        for check in self._checks if lie is None else ():
            for found in check(told, envelope, body):
                yield f"{found} ({envelope.type} {envelope.number} of {envelope.office} in {where})"
        self._bodies[envelope.event_id] = record.event.body
        told.last[envelope.origin] = envelope.number
        told.extended += envelope.type == "Extended"
        if envelope.type == "DefaultClaimed":
            told.claimed = body.default_claimed.step
        if envelope.HasField("step"):
            told.step = envelope.step
        told.archived |= envelope.type == "Archived"
        self._note_freezes(told, envelope, body)

    def _note_aside(self, found: sub.Quarantined) -> None:
        """Note a number that stands for something that can't be read."""
        if found.offset >= 0 or found.code not in ("UNREADABLE", "BODY_MISMATCH"):
            return
        event = inbound.event_of(pb.Entry.FromString(found.value))
        one = ev.Envelope.FromString(event.envelope)
        self._set_aside.add((one.matter_id, one.thread, one.origin, one.number))

    def _note_freezes(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> None:
        if envelope.type == "Refused":
            at = body.refused.origin, body.refused.number
            if at not in told.void:
                told.freezes.add((envelope.origin, *at))
        elif envelope.type == "Voided":
            at = body.voided.origin, body.voided.number
            told.void.add(at)
            told.freezes = {one for one in told.freezes if one[1:] != at}
            if envelope.origin == self._node.name:
                self._lies.voided.add((envelope.matter_id, envelope.thread, *at))
        elif envelope.type == "Released":
            at = body.released.origin, body.released.number
            told.freezes.discard((envelope.origin, *at))
            if envelope.origin == self._node.name:
                told.released.add(at)

    # What is checked of each event ----------------------------------------------------------

    def _order(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """Numbers are dense, and nothing stands before what its origin had seen."""
        last = told.last
        needs = {seen.origin: seen.number for seen in envelope.seen}
        for origin, number in {**needs, envelope.origin: envelope.number - 1}.items():
            place = envelope.matter_id, envelope.thread, origin
            while last[origin] < number and (
                (*place, last[origin] + 1) in self._lies.voided
                or (*place, last[origin] + 1) in self._set_aside
            ):
                last[origin] += 1
        if envelope.number != last[envelope.origin] + 1:
            yield f"3 (order): number {envelope.number} after {last[envelope.origin]}"
        for seen in envelope.seen:
            if last[seen.origin] < seen.number:
                yield f"3 (cause): it stands before {seen.number} of {seen.origin}"

    def _steps(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """Only the office awaited at step n writes step n+1; a due time is the end of a day."""
        if not envelope.HasField("step") or envelope.matter_id in self._lies.touched:
            return
        step, now = envelope.step, told.step
        if step.number != now.number + 1:
            yield f"rule 2 (steps): step {step.number} after {now.number}"
        elif now.number and envelope.office != now.awaits:
            yield f"rule 2 (steps): step {now.number} awaits {now.awaits or 'nobody'}"
        if step.due_ms and step.due_ms != end_of(day_of(step.due_ms - DAY_MS // 2)):
            yield f"rule 3 (due): {step.due_ms} isn't the end of a day"
        by_clock = envelope.clock and envelope.type not in ("TrackOpened", "Returned")
        if by_clock and now.number and told.claimed != now.number:
            yield f"rule 7 (default): nobody has claimed it for step {now.number}"

    def _speaker(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """Nobody speaks for another: a region for its offices, a host for its guests."""
        if region_of(envelope.office) != envelope.origin:
            yield f"8 (speaker): {envelope.origin} recorded it"
        host = self._hosts.get(envelope.matter_id, "")
        if envelope.type in _OF_REGIONS and not envelope.clock:
            yield "8 (speaker): only a region says that, and an office did"
        if envelope.type in _OF_HOSTS and envelope.office != host and host:
            yield f"8 (speaker): only {host} says that"
        if envelope.thread.startswith(GUEST):
            guest = envelope.thread.removeprefix(GUEST)
            if host and envelope.origin != region_of(host):
                yield f"8 (guests): only {host} speaks for {guest}"
            if envelope.HasField("step") and not envelope.clock and envelope.guest != guest:
                yield f"8 (guests): it is said for {envelope.guest or 'nobody'}"
        if envelope.thread.startswith(COPY) and envelope.type not in ("Copied", "Refused"):
            yield "8 (copies): only the issuer writes here"

    def _audience(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """An event goes to regions that have a party in its thread, and to nobody else."""
        own = self._node.name
        if envelope.thread == LOCAL:
            if envelope.origin != own or envelope.to:
                yield "7 (privacy): what is for its own region has crossed"
            return
        known = told.regions
        if envelope.thread.startswith(ARCHIVE):
            known = {
                region
                for (matter_id, _), other in self._threads.items()
                if matter_id == envelope.matter_id
                for region in other.regions
            } & {envelope.thread.removeprefix(ARCHIVE)}
        strangers = sorted(set(envelope.to) - known)
        if strangers and envelope.type != "Refused" and envelope.origin == own:
            yield f"7 (privacy): it goes to {', '.join(strangers)}"
        for other in self._others(envelope):
            if told.regions - other:
                yield f"7 (privacy): {sorted(told.regions - other)} take part"

    def _others(self, envelope: ev.Envelope) -> Iterator[set[str]]:
        """Give who alone may have a part in a track or a copy, by its name."""
        host = self._hosts.get(envelope.matter_id)
        name = envelope.thread
        if name.startswith(GUEST):
            yield {region_of(host or envelope.office)}
        elif name.startswith(TRACK):
            yield {region_of(host or envelope.office), region_of(recipient_of(name))} | (
                set() if host else {envelope.origin}
            )
        elif name.startswith(COPY):
            _, _, office = name.split("/", 2)
            yield {region_of(host or envelope.office), region_of(office)}

    def _clock(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """What is due is said once, and by the region that waits."""
        if envelope.type not in _OF_WAITERS or envelope.matter_id in self._lies.touched:
            return
        now = told.step
        if envelope.seen_step == now.number and envelope.origin != region_of(now.waits):
            yield f"rule 7 (clock): {now.waits} waits, and {envelope.origin} says it"
        if envelope.origin != self._node.name:
            return
        level = body.escalated.level
        occasion = (envelope.type, envelope.seen_step, now.due_ms, level, told.extended)
        if occasion in told.said:
            yield "rule 7 (clock): it is said more than once"
        told.said.add(occasion)
        if now.due_ms and envelope.recorded_ms < now.due_ms and not told.extended:
            yield f"rule 7 (clock): it is due at {now.due_ms} only"

    def _turn(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """What was acknowledged first is decided first: a tick comes after what is older."""
        if envelope.origin != self._node.name:
            return
        if envelope.causation.submission_id or envelope.type in _OF_WAITERS:
            if envelope.recorded_ms < self._asked_ms:
                yield f"1 (turn): something of {self._asked_ms - envelope.recorded_ms} ms later was"
            self._asked_ms = max(self._asked_ms, envelope.recorded_ms)

    def _links(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """That a matter led to another is said by the region that opened the other."""
        if envelope.type == "Linked":
            host = self._hosts.get(body.linked.matter_id)
            opened = host is not None and region_of(host) == envelope.origin
            if not opened and (host is not None or envelope.origin == self._node.name):
                yield f"rule (links): {body.linked.matter_id[:6]} was opened by {host or 'nobody'}"

    def _frozen(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """Nothing is done in a frozen thread, nor in any while the main one is, but to mend it."""
        main = self._threads[envelope.matter_id, MAIN]
        asked = bool(envelope.causation.submission_id) and envelope.type not in REGION_ACTS
        acts = asked or envelope.type in _OF_WAITERS
        frozen = told.freezes or (main.freezes if asked else ())
        if acts and frozen and envelope.origin == self._node.name:
            yield f"rule 10 (freezes): it is recorded though {sorted(frozen)} is refused"

    def _refusals(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """Nothing is refused but where a region has lied: what it says there, or hears."""
        if envelope.type != "Refused" or envelope.origin != self._node.name:
            return
        matter_id = envelope.matter_id
        liars = {
            one.node.name for one in self._lies.told.values() if one.envelope.matter_id == matter_id
        }
        if not liars & {envelope.origin, body.refused.origin}:
            yield f"8 (fail closed): {body.refused.code}, and nobody has lied"

    def _copies(self, told: _Told, envelope: ev.Envelope, body: body_pb2.Body) -> Iterator[str]:
        """A copy is the act that it copies, byte by byte."""
        if envelope.type == "Copied" and envelope.origin == self._node.name:
            copied = body.copied
            if self._bodies.get(copied.event_id) != copied.content:
                yield f"rule (copies): it isn't what {copied.event_id} says"
