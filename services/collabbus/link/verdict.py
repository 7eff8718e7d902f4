"""Verdict: what a dossier proves to whoever has the network's key directory, and nothing else.

An event is *signed* where its origin's signature covers it, *arrived* where a receiver's
countersignature does. What stands only in the file (who exported it and when, keys, events that
never crossed a link) proves nothing, and is told as that: whoever hands over a file can put such
events into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from google.protobuf.message import DecodeError

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import evidence_pb2 as ed
from collab.v1 import link_pb2 as pb
from collabbus.errors import CollabbusError
from collabbus.link import merkle
from collabbus.link.dossier import FORMAT, key_entry
from collabbus.link.keys import KeyDirectory, Use
from collabbus.link.parcel import ParcelError, sender_of, verify_header, verify_receipt

Digest = Callable[[bytes, bytes], bytes]
"""Gives the digest that an envelope holds, from the salt and the body."""


class DossierUnreadableError(CollabbusError):
    """A file is no dossier, or of a later form than this one; nothing of it was judged."""

    code: ClassVar[str] = "EVIDENCE_UNREADABLE"


class Part(StrEnum):
    """A part of a dossier that may have been changed."""

    FILE = "file"
    """Its form, or which events stand in it."""
    ENVELOPE = "envelope"
    BODY = "body"
    PATH = "path"
    HEAD = "head"
    RECEIPT = "receipt"
    KEY = "key"


class Worth(StrEnum):
    """What a dossier is worth."""

    PROVEN = "proven"
    """Every event is proven, but for the exporter's notes to itself."""
    PARTLY = "partly"
    """Nothing was changed that is proven, and some events aren't proven."""
    BROKEN = "broken"
    """Something was changed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that isn't as it was written or signed."""

    part: Part
    exhibit: int | None
    """Place of the event in the file, from 1; None where it is no event's."""
    reason: str


@dataclass(slots=True)
class Finding:
    """What is shown of one event."""

    number: int
    """Its place in the file, from 1."""
    envelope: ev.Envelope
    bodiless: bool
    """Its body isn't in the file, whoever left it out; what the envelope says stays proven."""
    note: bool
    """The exporter's note to itself, as a reminder is one; such never cross a link."""
    signed: list[str] = field(default_factory=list)
    """Links whose head its origin signed, `beijing>tianjin`."""
    handed_on: list[str] = field(default_factory=list)
    """Links on which another region than its origin sent it."""
    arrived: list[str] = field(default_factory=list)
    """Links whose receiver has countersigned its arrival."""
    voids: int = 0
    """The number of its own origin and thread that it takes back; 0 for none."""
    changed: bool = False
    """One of the faults is its own."""

    @property
    def proven(self) -> bool:
        """Whether its origin's signature covers it, and nothing of it was changed."""
        return bool(self.signed) and not self.changed

    @property
    def crossed(self) -> bool:
        """Whether the file shows it on any link."""
        return bool(self.signed or self.handed_on or self.arrived)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a dossier is worth."""

    matter_id: str
    region: str
    """As the file says."""
    exported_ms: int
    """As the file says."""
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    keys: tuple[ed.DossierKey, ...]
    """The directory's keys on which the proofs rest."""

    @property
    def worth(self) -> Worth:
        """What it is worth as a whole."""
        if self.faults:
            return Worth.BROKEN
        proven = all(finding.proven or finding.note for finding in self.findings)
        return Worth.PROVEN if proven else Worth.PARTLY


def read(data: bytes) -> ed.Dossier:
    """Give the dossier in a file's bytes. Raises DossierUnreadableError."""
    try:
        found = ed.Dossier.FromString(data)
    except DecodeError as error:
        raise DossierUnreadableError(
            f"{len(data)} bytes that are no evidence file: have it exported again"
        ) from error
    if found.format != FORMAT:
        raise DossierUnreadableError(
            f"the file's format is {found.format[:40]!r}, this collabbus reads {FORMAT!r}: use the "
            "version that wrote it, or have it exported again"
        )
    return found


def judge(data: bytes, keys: KeyDirectory, digest: Digest, notes: str) -> Verdict:
    """Give the verdict on a file by these keys alone; `notes` names the thread of such.

    Raises DossierUnreadableError.
    """
    return _Judge(read(data), data, keys, digest, notes).verdict()


class _Judge:
    def __init__(
        self, dossier: ed.Dossier, data: bytes, keys: KeyDirectory, digest: Digest, notes: str
    ) -> None:
        self._dossier = dossier
        self._data = data
        self._keys = keys
        self._digest = digest
        self._notes = notes
        self._faults: list[Fault] = []
        self._roots: dict[tuple[str, str, int, int, int], bytes] = {}
        self._used: set[str] = set()
        self._listed = {key.id for key in dossier.keys}

    def verdict(self) -> Verdict:
        dossier = self._dossier
        plain = ed.Dossier.FromString(self._data)
        plain.DiscardUnknownFields()
        if plain.SerializeToString(deterministic=True) != self._data:
            self._fault(Part.FILE, None, "it has bytes that no evidence file has")
        findings = tuple(
            self._exhibit(number, exhibit) for number, exhibit in enumerate(dossier.exhibits, 1)
        )
        if not findings:
            self._fault(Part.FILE, None, "there is no event in it")
        for key in dossier.keys:
            self._key(key)
        for reason in _lacking(findings):
            self._fault(Part.FILE, None, reason)
        for number, reason in _disordered(findings):
            self._fault(Part.FILE, number, reason)
        changed = {fault.exhibit for fault in self._faults}
        for finding in findings:
            finding.changed = finding.number in changed
        used = (self._keys.proving(name, Use.SIGN) for name in sorted(self._used))
        return Verdict(
            dossier.matter_id,
            dossier.region,
            dossier.exported_ms,
            findings,
            tuple(self._faults),
            tuple(key_entry(key) for key in used if key is not None),
        )

    def _fault(self, part: Part, exhibit: int | None, reason: str) -> None:
        self._faults.append(Fault(part, exhibit, reason))

    def _key(self, key: ed.DossierKey) -> None:
        known = self._keys.proving(key.id, Use.SIGN)
        if known is None:
            self._fault(
                Part.KEY,
                None,
                f"key {key.id!r} stands in the file only: the key directory doesn't vouch for it",
            )
        elif key_entry(known) != key:
            self._fault(Part.KEY, None, f"key {key.id!r} isn't as the key directory has it")

    def _exhibit(self, number: int, exhibit: ed.Exhibit) -> Finding:
        event, envelope = ev.Event(), ev.Envelope()
        try:
            event = ev.Event.FromString(exhibit.event)
            envelope = ev.Envelope.FromString(event.envelope)
        except DecodeError:
            self._fault(Part.ENVELOPE, number, "its bytes are no event")
        finding = Finding(
            number,
            envelope,
            bodiless=not event.body and not event.salt,
            note=envelope.thread == self._notes and not envelope.to,
        )
        plain = ev.Event(envelope=event.envelope, body=event.body, salt=event.salt)
        if plain.SerializeToString(deterministic=True) != exhibit.event:
            self._fault(Part.FILE, number, "the event has bytes that no event has")
        leaf = merkle.leaf_hash(event.envelope)
        if envelope.matter_id != self._dossier.matter_id:
            self._fault(Part.ENVELOPE, number, f"it is of matter {envelope.matter_id!r}")
        good = leaf
        if leaf != exhibit.leaf and _leads(exhibit, leaf):
            self._fault(Part.PATH, number, "the leaf hash isn't the envelope's")
        elif leaf != exhibit.leaf:
            self._fault(Part.ENVELOPE, number, "it isn't the one of which the hash was taken")
            good = exhibit.leaf  # so that paths aren't blamed, too, for what the envelope did
        if not finding.bodiless and self._digest(event.salt, event.body) != envelope.body_digest:
            self._fault(Part.BODY, number, "it isn't the one of which the envelope has the digest")
        elif envelope.type == "Voided":
            finding.voids = _voided(event.body, envelope.origin)
        for crossing in exhibit.crossings:
            self._crossing(finding, good, crossing)
        if not exhibit.crossings and envelope.origin != self._dossier.region:
            self._fault(
                Part.FILE,
                number,
                f"it is an event of {envelope.origin or 'nobody'}, and nothing shows that it came "
                "from there",
            )
        return finding

    def _crossing(self, finding: Finding, leaf: bytes, crossing: ed.Crossing) -> None:
        number = finding.number
        links = []
        if crossing.HasField("head"):
            head = self._head(number, crossing.head)
            if head is not None and self._included(
                number, leaf, crossing.path, crossing.index, head
            ):
                links.append(_link(head))
                own = sender_of(head) == finding.envelope.origin
                (finding.signed if own else finding.handed_on).append(_link(head))
        elif crossing.path:
            self._fault(Part.HEAD, number, "there is a path, and no head to which it leads")
        if crossing.HasField("receipt"):
            head = self._receipt(number, crossing.receipt)
            if head is not None and self._included(
                number, leaf, crossing.receipt_path, crossing.index, head
            ):
                links.append(_link(head))
                finding.arrived.append(_link(head))
        elif crossing.receipt_path:
            self._fault(Part.RECEIPT, number, "there is a path, and no receipt to which it leads")
        if len(set(links)) > 1:
            self._fault(Part.RECEIPT, number, f"it is for {links[1]}, the head for {links[0]}")

    def _included(
        self, number: int, leaf: bytes, path: Sequence[bytes], index: int, head: pb.TreeHead
    ) -> bool:
        if merkle.root_from_path(leaf, index, head.size, path) == head.root:
            return True
        self._fault(
            Part.PATH,
            number,
            f"from leaf {index} it doesn't lead to the root of {_link(head)} at size {head.size}",
        )
        return False

    def _head(self, number: int, signed: pb.SignedHeader) -> pb.TreeHead | None:
        try:
            header = verify_header(signed, self._keys, None)
        except ParcelError as wrong:
            key_id = _header(signed).sign_key_id
            self._fault(self._blamed(Part.HEAD, wrong, key_id), number, str(wrong))
            return None
        return self._tree(number, Part.HEAD, header.sign_key_id, header.head)

    def _receipt(self, number: int, receipt: pb.Receipt) -> pb.TreeHead | None:
        try:
            head = verify_receipt(receipt, self._keys)
        except ParcelError as wrong:
            key_id = _statement(receipt).key_id
            self._fault(self._blamed(Part.RECEIPT, wrong, key_id), number, str(wrong))
            return None
        return self._tree(number, Part.RECEIPT, _statement(receipt).key_id, head)

    def _blamed(self, part: Part, wrong: ParcelError, key_id: str) -> Part:
        """Tell an unknown key, which the file brings along, from a signed part that was changed."""
        unknown = wrong.reason_code == "UNKNOWN_KEY"
        listed = key_id in self._listed and self._keys.proving(key_id, Use.SIGN) is None
        return Part.KEY if unknown and listed else part

    def _tree(self, number: int, part: Part, key_id: str, head: pb.TreeHead) -> pb.TreeHead | None:
        key = self._keys.proving(key_id, Use.SIGN)
        self._used.add(key_id)
        if key is not None and head.recorded_until_ms >= key.not_after_ms:
            self._fault(
                Part.KEY,
                number,
                f"key {key_id!r} had expired when it signed: the head tells of a time after that",
            )
            return None
        at = (sender_of(head), head.to, head.shard, head.epoch, head.size)
        if self._roots.setdefault(at, head.root) != head.root:
            self._fault(
                part,
                number,
                f"{_link(head)} has two signed roots at size {head.size}: one of its ends signed "
                "for two histories",
            )
            return None
        return head


def _heads(crossing: ed.Crossing) -> Iterator[tuple[pb.TreeHead, Sequence[bytes]]]:
    """Give what a crossing's paths should lead to, unverified."""
    yield _header(crossing.head).head, crossing.path
    yield _statement(crossing.receipt).head, crossing.receipt_path


def _leads(exhibit: ed.Exhibit, leaf: bytes) -> bool:
    """Tell whether a path of an exhibit goes from this leaf to the root that it should."""
    return any(
        merkle.root_from_path(leaf, crossing.index, head.size, path) == head.root
        for crossing in exhibit.crossings
        for head, path in _heads(crossing)
    )


def _header(signed: pb.SignedHeader) -> pb.ParcelHeader:
    """Give a header, unverified; an empty one where it can't be read."""
    try:
        return pb.ParcelHeader.FromString(signed.header)
    except DecodeError:
        return pb.ParcelHeader()


def _statement(receipt: pb.Receipt) -> pb.ReceiptStatement:
    """Give a receipt's statement, unverified; an empty one where it can't be read."""
    try:
        return pb.ReceiptStatement.FromString(receipt.statement)
    except DecodeError:
        return pb.ReceiptStatement()


def _link(head: pb.TreeHead) -> str:
    return f"{sender_of(head)}>{head.to}"


def _voided(body: bytes, origin: str) -> int:
    try:
        voided = body_pb2.Body.FromString(body).voided
    except DecodeError:
        return 0
    return voided.number if voided.origin == origin else 0


def _lacking(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Give what must have stood in the log: numbers are dense, and causes come before effects."""
    have: dict[tuple[str, str], set[int]] = {}
    need: dict[tuple[str, str], int] = {}
    for finding in findings:
        envelope = finding.envelope
        at = (envelope.thread, envelope.origin)
        numbers = have.setdefault(at, set())
        if envelope.number in numbers:
            yield f"number {envelope.number} of {envelope.origin} in {envelope.thread} stands twice"
        numbers.add(envelope.number)
        need[at] = max(need.get(at, 0), envelope.number)
        if finding.voids:  # who had refused it never recorded it
            have.setdefault(at, set()).add(finding.voids)
        for seen in envelope.seen:
            cause = (envelope.thread, seen.origin)
            need[cause] = max(need.get(cause, 0), seen.number)
    for (thread, origin), last in sorted(need.items()):
        numbers = have.get((thread, origin), set())
        # Not a set of all numbers up to the last: an event that proves nothing may claim any.
        if len(numbers) < last:
            missing = next(n for n in range(1, last + 1) if n not in numbers)
            yield f"number {missing} of {origin} in {thread} isn't in the file"


def _disordered(findings: tuple[Finding, ...]) -> Iterator[tuple[int, str]]:
    """Give what stands before what it comes after: a log has causes before their effects.

    Not of what came once the matter was archived: that is kept as it came.
    """
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for place, finding in enumerate(findings):
        if finding.envelope.type == "Archived":
            findings = findings[: place + 1]
            break
    for finding in findings:
        one = finding.envelope
        places.setdefault((one.thread, one.origin), []).append((one.number, finding.number))
    # By origin and number: the last place of all that it stands for.
    latest: dict[tuple[str, str], dict[int, int]] = {}
    for at, found in places.items():
        last = 0
        for number, place in sorted(found):
            last = max(last, place)
            latest.setdefault(at, {})[number] = last
    for finding in findings:
        one = finding.envelope
        causes = {seen.origin: seen.number for seen in one.seen}
        causes[one.origin] = one.number - 1
        for origin, number in sorted(causes.items()):
            place = latest.get((one.thread, origin), {}).get(number, 0)
            if place > finding.number:
                yield (
                    finding.number,
                    f"it stands before number {number} of {origin}, which came before it",
                )
                break
