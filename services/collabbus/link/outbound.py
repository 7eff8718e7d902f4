"""The sending end of a link shard: entries in, parcels out, and a place in the log to go back to.

Indexes and roots are functions of the log alone. A sender that restarts, or whose parcels were
lost, goes back to a place whose size its peer has receipted, reads its log again from there, and
may cut otherwise than before: the receiver ends at the same root.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from collab.state.v1 import state_pb2
from collab.v1 import link_pb2 as pb
from collabbus.link import merkle
from collabbus.link.inbound import event_of
from collabbus.link.keys import Identity, PublicKey
from collabbus.link.parcel import cut, tree_head

MAX_PARCEL_EVENTS = 500
MAX_PARCEL_BYTES = 2 << 20
"""Bytes of events, before they are compressed, after which a parcel is full."""
MAX_MARKS = 1024


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the log: the tree stands at `size` before the record at `offset`."""

    epoch: int
    size: int
    frontier: tuple[bytes, ...]
    offset: int

    @classmethod
    def read(cls, point: state_pb2.Checkpoint) -> Place:
        """Take up a place that was kept."""
        return cls(point.epoch, point.size, tuple(point.frontier), point.offset)

    def write(self) -> state_pb2.Checkpoint:
        """Give the place as it is kept."""
        return state_pb2.Checkpoint(
            epoch=self.epoch, size=self.size, frontier=self.frontier, offset=self.offset
        )


BEGINNING = Place(0, 0, (), 0)


class Outbound:
    """One link shard, seen from its sender."""

    def __init__(self, region: str, peer: str, shard: int, sent: Place, receipted: Place) -> None:
        """Go on from `sent`; `receipted` is where to go back to if receipts stand still."""
        self.region = region
        self.peer = peer
        self.shard = shard
        self.epoch = sent.epoch
        self.offset = sent.offset
        self._frontier = merkle.Frontier(sent.size, sent.frontier)
        self._root = self._frontier.root()
        self._pending: list[pb.Entry] = []
        self._marks: deque[Place] = deque([receipted])
        if sent != receipted:
            self._marks.append(sent)

    @property
    def size(self) -> int:
        """How many events were cut into parcels."""
        return self._frontier.size

    @property
    def pending(self) -> int:
        """How many events wait to be cut."""
        return len(self._pending)

    @property
    def sent(self) -> Place:
        """Where the link stands: everything before its offset was cut."""
        return Place(self.epoch, self.size, tuple(self._frontier.nodes), self.offset)

    @property
    def receipted(self) -> Place:
        """The last place that the peer's receipts cover."""
        return self._marks[0]

    def append(self, entry: pb.Entry) -> None:
        """Take the next entry of the link."""
        self._pending.append(entry)

    def mark(self, offset: int) -> None:
        """Note that every log record before `offset` is in the tree; nothing may be pending."""
        self.offset = offset
        place = self.sent
        if self._marks[-1].size == place.size:
            # Nothing was added: the same size, found later in the log, is the better place.
            self._marks[-1] = place
        else:
            self._marks.append(place)
        if len(self._marks) > MAX_MARKS:
            first, *rest = self._marks
            self._marks = deque([first, *rest[1::2]])

    def receipt(self, size: int) -> bool:
        """Move up to the peer's receipt; tell whether something sent is still without one."""
        while len(self._marks) > 1 and self._marks[1].size <= size:
            self._marks.popleft()
        return size < self.size

    def parcels(
        self,
        identity: Identity,
        receiver_key: PublicKey,
        until_ms: int,
        receipts: Sequence[pb.Receipt] = (),
        *,
        even_empty: bool = False,
    ) -> list[bytes]:
        """Cut what is pending, or a parcel without events where receipts or a head are due."""
        made: list[bytes] = []
        pending, self._pending = self._pending, []
        start = 0
        while start < len(pending):
            end = _full(pending, start)
            run = pending[start:end]
            self._frontier.extend(merkle.leaf_hash(event_of(entry).envelope) for entry in run)
            self._root = self._frontier.root()
            made.append(cut(identity, receiver_key, self._head(until_ms), run, receipts))
            receipts = ()
            start = end
        if not made and (receipts or even_empty):
            made.append(cut(identity, receiver_key, self._head(until_ms), (), receipts))
        return made

    def _head(self, until_ms: int) -> pb.TreeHead:
        return tree_head(
            self.region, self.peer, self.shard, self.epoch, self.size, self._root, until_ms
        )


def _full(entries: Sequence[pb.Entry], start: int) -> int:
    """Give the end of the run from `start` that fits into one parcel."""
    total = 0
    end = start
    while end < len(entries) and end - start < MAX_PARCEL_EVENTS:
        total += entries[end].ByteSize()
        if total > MAX_PARCEL_BYTES and end > start:
            break
        end += 1
    return end
