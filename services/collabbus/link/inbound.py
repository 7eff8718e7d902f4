"""The receiving end of a link shard: what has arrived, and whether it is what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from collab.state.v1 import state_pb2
from collab.v1 import event_pb2
from collab.v1 import link_pb2 as pb
from collabbus.link import merkle
from collabbus.link.parcel import ParcelError, sender_of


def restored(kept: bytes | None = None) -> state_pb2.LinkIn:
    """Give the state of a link shard from what is kept of it; None: nothing has arrived."""
    if kept is None:
        return state_pb2.LinkIn(root=merkle.EMPTY_ROOT)
    return state_pb2.LinkIn.FromString(kept)


def wants(link: state_pb2.LinkIn, header: pb.ParcelHeader) -> bool:
    """Tell whether a parcel brings the link further; else it needn't be opened.

    A gap or a repeat counts up `asks`: our receipt is sent again, which tells the sender where we
    stand. Raises ParcelError if the sender's tree can't be the one that we know.
    """
    head = header.head
    if head.epoch != link.epoch:
        raise ParcelError(
            "EPOCH", f"epoch {head.epoch} of {sender_of(head)!r} where we are in {link.epoch}"
        )
    if header.first > link.size:
        link.asks += 1
        return False
    if head.size <= link.size:
        if head.size == link.size and head.root != link.root:
            raise ParcelError(
                "EQUIVOCATION",
                f"{sender_of(head)!r} signed two roots for size {head.size} "
                f"of shard {head.shard}, epoch {head.epoch}",
            )
        if head.size > header.first or head.size < link.size:
            link.asks += 1
        return False
    return True


def hear(link: state_pb2.LinkIn, signed: pb.SignedHeader, head: pb.TreeHead) -> None:
    """Take over until when the sender had recorded, from a head that brings nothing new."""
    if head.size == link.size and head.recorded_until_ms > link.heard_until_ms:
        link.heard_until_ms = head.recorded_until_ms
        link.head.CopyFrom(signed)


def advance(
    link: state_pb2.LinkIn,
    signed: pb.SignedHeader,
    header: pb.ParcelHeader,
    entries: Sequence[pb.Entry],
) -> tuple[Sequence[pb.Entry], pb.Leaves]:
    """Move the link to the parcel's head; give the entries that are new, and what to keep of them.

    However the sender cut, the receiver ends at the same root. Raises ParcelError, and leaves the
    link as it was, if the leaves don't lead to the signed root.
    """
    head = header.head
    frontier = merkle.Frontier(link.size, link.frontier)
    before = frontier.copy()
    fresh_entries = entries[link.size - header.first :]
    hashes = [merkle.leaf_hash(event_of(entry).envelope) for entry in fresh_entries]
    frontier.extend(hashes)
    root = frontier.root()
    if root != head.root:
        link.asks += 1
        raise ParcelError(
            "ROOT_MISMATCH",
            f"events {before.size}..{head.size - 1} of {sender_of(head)!r} don't lead to the "
            "root that it signed",
        )
    leaves = pb.Leaves(
        head=signed, first=before.size, frontier=before.nodes, hashes=b"".join(hashes)
    )
    for place, entry in enumerate(fresh_entries):
        if entry.HasField("item"):
            item = entry.item
            leaves.carried.add(
                carried_index=before.size + place,
                head=item.head,
                index=item.index,
                path=item.path,
            )
    link.size = frontier.size
    link.root = root
    del link.frontier[:]
    link.frontier.extend(frontier.nodes)
    link.head.CopyFrom(signed)
    link.heard_until_ms = max(link.heard_until_ms, head.recorded_until_ms)
    return fresh_entries, leaves


def event_of(entry: pb.Entry) -> event_pb2.Event:
    """Give the event of an entry, sent by itself or as an evidence item."""
    return entry.item.event if entry.HasField("item") else entry.event
