"""Evidence items (证据项): an event that proves itself, whoever hands it on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collab.v1 import event_pb2
from collab.v1 import link_pb2 as pb
from collabbus.link import merkle
from collabbus.link.keys import KeyDirectory
from collabbus.link.parcel import ParcelError, sender_of, verify_header


@dataclass(frozen=True, slots=True)
class Proof:
    """The origin's signed header, and the way from the event to the root in it."""

    head: pb.SignedHeader
    index: int
    path: tuple[bytes, ...]

    def item(self, event: event_pb2.Event) -> pb.EvidenceItem:
        """Give the evidence item that this proof makes of the event."""
        return pb.EvidenceItem(event=event, head=self.head, index=self.index, path=self.path)


def verify_item(item: pb.EvidenceItem, keys: KeyDirectory) -> pb.TreeHead:
    """Give the tree head under which the item's event was sent by its origin.

    Raises ParcelError with code BAD_PROOF, or that of the header's fault.
    """
    header = verify_header(item.head, keys, None)
    head = header.head
    leaf = merkle.leaf_hash(item.event.envelope)
    if merkle.root_from_path(leaf, item.index, head.size, item.path) != head.root:
        raise ParcelError(
            "BAD_PROOF",
            f"the path of leaf {item.index} doesn't lead to the root that "
            f"{sender_of(head)!r} signed at size {head.size}",
        )
    return head


def proofs_in(leaves: pb.Leaves, wanted: Iterable[bytes]) -> dict[bytes, Proof]:
    """Give, by leaf hash, the proofs that a received parcel holds for the wanted ones.

    A proof needs nothing but this record: frontier before, hashes in it, signed head after.
    """
    hashes = leaves.hashes
    known = [hashes[i : i + 32] for i in range(0, len(hashes), 32)]
    places = {leaf: i for i, leaf in enumerate(known)}
    carried = {c.carried_index: c for c in leaves.carried}
    frontier = merkle.Frontier(leaves.first, leaves.frontier)
    found: dict[bytes, Proof] = {}
    for leaf in wanted:
        place = places.get(leaf)
        if place is None:
            continue
        index = leaves.first + place
        own = carried.get(index)
        if own is not None:
            found[leaf] = Proof(own.head, own.index, tuple(own.path))
        else:
            found[leaf] = Proof(leaves.head, index, tuple(merkle.path(frontier, known, index)))
    return found
