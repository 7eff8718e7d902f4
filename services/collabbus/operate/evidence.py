"""Evidence: a matter's dossier, made from what a region's topics hold."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.errors import CollabbusError
from collabbus.link import dossier
from collabbus.link.dossier import Proofs
from collabbus.link.history import history
from collabbus.link.keys import KeyDirectory
from collabbus.link.merkle import leaf_hash
from collabbus.link.shipping import Past, bound
from collabbus.link.trace import Trace
from collabbus.link.verdict import Verdict, judge
from collabbus.model.journal import body_digest
from collabbus.model.shard import shard_of
from collabbus.model.thread import LOCAL
from collabbus.operate.records import Records
from collabbus.settings import KafkaSettings

RECENT = 20_000
"""Parcels of a link, from its end, among which heads and our own receipts are looked for: two days
of an idle link, whose head leaves every 10 s."""
DAY_MS = 86_400_000
"""How much two brokers' clocks may differ: a matter is looked for from a day earlier."""


class EvidenceFileError(CollabbusError):
    """An evidence file can't be read or written."""

    code: ClassVar[str] = "EVIDENCE_FILE"


@dataclass(frozen=True, slots=True)
class Exported:
    """A dossier, and what the region should know beside it."""

    data: bytes
    disagreeing: tuple[str, ...]
    """Heads of another history than the log: part of the log was lost, or put there otherwise."""


@dataclass(slots=True)
class _Link:
    """The newest that was found of the link to a peer, and of the one from it."""

    head: pb.SignedHeader | None = None
    receipt: pb.Receipt | None = None
    """The peer's, for our link."""
    own_receipt: pb.Receipt | None = None
    """Ours, for the peer's link."""


def export(
    kafka: KafkaSettings, region: str, matter_id: str, keys: KeyDirectory, now_ms: int
) -> Exported | None:
    """Give the dossier of a matter from a region's topics; None if its log has no event of it.

    Reads the matter's shard of the log from its beginning: the tree of a link is a function of the
    whole log. Changes nothing. Raises RecordsUnreachableError.
    """
    with Records(kafka, region) as records, Records(kafka, region) as beside:
        shard = shard_of(matter_id, records.shards())
        links = _links(records, shard)
        log = _Log(region, matter_id, shard, beside, tuple(links))
        for record in records.read("events", [shard]):
            log.take(record)
        if not log.values:
            return None
        proofs = Proofs()
        for peer, trace in log.traces.items():
            proofs.add_sent(trace, links[peer].head, links[peer].receipt)
        if log.foreign:
            start = records.offset_at("leaves", shard, log.opened_ms - DAY_MS)
            proofs.add_received(
                log.foreign,
                (
                    pb.Leaves.FromString(record.value)
                    for record in records.read("leaves", [shard], start=start)
                ),
                {
                    peer: link.own_receipt
                    for peer, link in links.items()
                    if link.own_receipt is not None
                },
            )
    data = dossier.write(matter_id, region, now_ms, log.values, proofs, keys)
    return Exported(data, tuple(proofs.disagreeing))


def verify(data: bytes, keys: KeyDirectory) -> Verdict:
    """Give the verdict on a file by these keys alone. Raises DossierUnreadableError."""
    return judge(data, keys, body_digest, LOCAL)


def save(file: Path, data: bytes) -> None:
    """Write an evidence file that only its owner may read; it takes the place of what was there.

    Raises EvidenceFileError.
    """
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise EvidenceFileError(f"{file} is no file of its own: name another place with --out")
    try:
        # It holds what was said of persons: nobody else reads it, from the first byte on, though
        # the file that was there before was open to others.
        handle, made = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(data)
            Path(made).replace(file)
        except OSError:
            Path(made).unlink()
            raise
    except OSError as error:
        raise EvidenceFileError(
            f"{file} can't be written ({error.strerror}): name another place with --out"
        ) from error


def load(file: Path) -> bytes:
    """Read an evidence file. Raises EvidenceFileError."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise EvidenceFileError(
            f"{file} can't be read ({error.strerror}): name the file that "
            "`collabbus evidence export` has written"
        ) from error


class _Log:
    """Goes through a shard of the log once: the matter's events, and the trees of the links."""

    def __init__(
        self, region: str, matter_id: str, shard: int, beside: Records, peers: Sequence[str]
    ) -> None:
        self.values: list[bytes] = []
        self.foreign: set[bytes] = set()
        self.opened_ms = 0
        self._wanted: set[bytes] = set()
        self.traces = {peer: Trace(self._wanted) for peer in peers}
        self._region = region
        self._key = matter_id.encode()
        self._shard = shard
        self._beside = beside

    def take(self, record: Any) -> None:
        """Take the next record of the log."""
        value: bytes = record.value
        event = ev.Event.FromString(value)
        envelope = ev.Envelope.FromString(event.envelope)
        if record.key == self._key:
            leaf = leaf_hash(event.envelope)
            self.values.append(value)
            self._wanted.add(leaf)
            self.opened_ms = envelope.opened_ms
            if envelope.origin != self._region:
                self.foreign.add(leaf)
        past: Sequence[Past] = ()
        if any(peer in self.traces for peer in envelope.joining):
            past = self._history(envelope, record.offset)
        for peer, one in bound(self._region, event, envelope, past):
            if peer in self.traces:
                self.traces[peer].append(leaf_hash(one.event.envelope))

    def _history(self, added: ev.Envelope, before: int) -> list[Past]:
        """Give what a newcomer was sent; its proofs don't matter to the tree."""
        key = added.matter_id.encode()
        since = added.opened_ms - DAY_MS
        start = self._beside.offset_at("events", self._shard, since)
        records = self._beside.read("events", [self._shard], start=start, end=before)
        events = [ev.Event.FromString(record.value) for record in records if record.key == key]
        return history(self._region, added, events, ())


def _links(records: Records, shard: int) -> dict[str, _Link]:
    """Give the newest heads and receipts of the links of a shard, by peer.

    Read before the log is: what a head covers stands in the log by then.
    """
    links: dict[str, _Link] = {}
    for key, record in records.latest("heads", [shard]).items():
        kind, _, peer = key.decode().partition("/")
        if kind in ("in", "out", "receipt"):
            link = links.setdefault(peer, _Link())
            if kind == "receipt":
                link.receipt = pb.Receipt.FromString(record.value)
    for peer, link in links.items():
        newest = own = (-1, -1, -1)
        for record in records.read(f"to.{peer}", [shard], last=RECENT):
            signed = pb.Parcel.FromString(record.value).signed
            header = pb.ParcelHeader.FromString(signed.header)
            if _age(header.head) > newest:
                newest, link.head = _age(header.head), signed
            for receipt in header.receipts:
                head = pb.ReceiptStatement.FromString(receipt.statement).head
                if _age(head) > own:
                    own, link.own_receipt = _age(head), receipt
    return links


def _age(head: pb.TreeHead) -> tuple[int, int, int]:
    return head.epoch, head.size, head.recorded_until_ms
