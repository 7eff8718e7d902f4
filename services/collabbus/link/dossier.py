"""Dossiers (证据文件): a matter's events in one file, with all that proves them.

Pure: records of the region's topics are handed in, the file's bytes come out. What a file is worth
is judged by `collabbus.link.verdict`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from collab.v1 import event_pb2
from collab.v1 import evidence_pb2 as ed
from collab.v1 import link_pb2 as pb
from collabbus.link import merkle
from collabbus.link.keys import KeyDirectory, PublicKey, Use
from collabbus.link.parcel import sender_of
from collabbus.link.trace import Trace

FORMAT = "collabbus-evidence-1"


@dataclass(slots=True)
class Proofs:
    """What was found of the crossings of some events, by leaf hash."""

    crossings: dict[bytes, list[ed.Crossing]] = field(default_factory=dict)
    disagreeing: list[str] = field(default_factory=list)
    """Heads that are of another history than the log that was read; nothing rests on them."""

    def add_sent(
        self, trace: Trace, head: pb.SignedHeader | None, receipt: pb.Receipt | None
    ) -> None:
        """Add the crossings of one of the region's own links, found again from its log.

        `head` is the newest that the region signed, `receipt` the newest that the peer gave.
        """
        found = {leaf: ed.Crossing(index=index) for leaf, index in trace.places.items()}
        if head is not None:
            self._add_head(trace, found, head)
        if receipt is not None:
            self._add_receipt(trace, found, receipt)
        for leaf, crossing in found.items():
            if crossing.HasField("head") or crossing.HasField("receipt"):
                self._add(leaf, crossing)

    def add_received(
        self,
        wanted: set[bytes],
        records: Iterable[pb.Leaves],
        receipts: Mapping[str, pb.Receipt],
    ) -> None:
        """Add what the region keeps of the parcels that brought the wanted leaves.

        `records` are those of `collab.<region>.leaves`, in order; `receipts` the newest ones that
        the region itself gave, by the sender whose link they are for.
        """
        traces: dict[str, Trace] = {}
        direct: dict[str, dict[bytes, ed.Crossing]] = {}
        for record in records:
            head = pb.ParcelHeader.FromString(record.head.header).head
            sender = sender_of(head)
            leaves = _leaves(record)
            hits = [place for place, leaf in enumerate(leaves) if leaf in wanted]
            before = merkle.Frontier(record.first, record.frontier)
            if hits and sender not in traces:
                traces[sender] = Trace(wanted, before)
            trace = traces.get(sender)
            if trace is not None:
                # Were a record missing, no later head would agree with the tree.
                for leaf in leaves:
                    trace.append(leaf)
            if not hits:
                continue
            _, paths = merkle.prove(before, leaves, [record.first + place for place in hits])
            carried = {one.carried_index: one for one in record.carried}
            for index, path in paths.items():
                leaf = leaves[index - record.first]
                crossing = ed.Crossing(index=index, head=record.head, path=path)
                direct.setdefault(sender, {})[leaf] = crossing
                own = carried.get(index)
                if own is not None:
                    self._add(leaf, ed.Crossing(index=own.index, head=own.head, path=own.path))
        for sender, found in direct.items():
            if sender in receipts:
                self._add_receipt(traces[sender], found, receipts[sender])
            for leaf, crossing in found.items():
                self._add(leaf, crossing)

    def _add_head(
        self, trace: Trace, found: Mapping[bytes, ed.Crossing], signed: pb.SignedHeader
    ) -> None:
        head = pb.ParcelHeader.FromString(signed.header).head
        paths = trace.prove(head)
        if paths is None:
            self.disagreeing.append(_told(head, "signed"))
        for leaf, path in (paths or {}).items():
            if leaf in found:
                found[leaf].head.CopyFrom(signed)
                found[leaf].path.extend(path)

    def _add_receipt(
        self, trace: Trace, found: Mapping[bytes, ed.Crossing], receipt: pb.Receipt
    ) -> None:
        head = pb.ReceiptStatement.FromString(receipt.statement).head
        paths = trace.prove(head)
        if paths is None:
            self.disagreeing.append(_told(head, "countersigned"))
        for leaf, path in (paths or {}).items():
            if leaf in found:
                found[leaf].receipt.CopyFrom(receipt)
                found[leaf].receipt_path.extend(path)

    def _add(self, leaf: bytes, crossing: ed.Crossing) -> None:
        self.crossings.setdefault(leaf, []).append(crossing)


def write(
    matter_id: str,
    region: str,
    exported_ms: int,
    events: Sequence[bytes],
    proofs: Proofs,
    keys: KeyDirectory,
) -> bytes:
    """Give the bytes of a dossier; `events` are the values of the log's records, in order."""
    found = ed.Dossier(format=FORMAT, matter_id=matter_id, region=region, exported_ms=exported_ms)
    named: dict[str, PublicKey] = {}
    for value in events:
        leaf = merkle.leaf_hash(event_pb2.Event.FromString(value).envelope)
        crossings = proofs.crossings.get(leaf, ())
        found.exhibits.add(event=value, leaf=leaf, crossings=crossings)
        for crossing in crossings:
            for key_id in key_ids(crossing):
                key = keys.proving(key_id, Use.SIGN)
                if key is not None:
                    named[key.id] = key
    found.keys.extend(key_entry(named[name]) for name in sorted(named))
    return found.SerializeToString(deterministic=True)


def key_ids(crossing: ed.Crossing) -> list[str]:
    """Give the ids of the keys that a crossing says it is signed with."""
    found = []
    if crossing.HasField("head"):
        found.append(pb.ParcelHeader.FromString(crossing.head.header).sign_key_id)
    if crossing.HasField("receipt"):
        found.append(pb.ReceiptStatement.FromString(crossing.receipt.statement).key_id)
    return found


def key_entry(key: PublicKey) -> ed.DossierKey:
    """Give a key as a dossier lists it."""
    return ed.DossierKey(
        id=key.id,
        holder=key.holder,
        suite=key.suite,
        public=key.public,
        not_before_ms=key.not_before_ms,
        not_after_ms=key.not_after_ms,
    )


def _leaves(record: pb.Leaves) -> list[bytes]:
    hashes = record.hashes
    return [hashes[at : at + 32] for at in range(0, len(hashes), 32)]


def _told(head: pb.TreeHead, how: str) -> str:
    return f"{sender_of(head)}>{head.to}/{head.shard} epoch {head.epoch} size {head.size} ({how})"
