"""Trace: a link shard's tree, found again from the log or from what is kept of its parcels.

Nobody keeps the leaves of a link at hand. Its tree is a function of the sender's log, and each
record of `collab.<region>.leaves` holds the leaves of one parcel and the tree before it; so whoever
reads either in order can prove any leaf at any later size.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from collab.v1 import link_pb2 as pb
from collabbus.link import merkle


class Trace:
    """The tree of one link shard, of which the leaves are kept from the first wanted one on."""

    def __init__(self, wanted: Collection[bytes], start: merkle.Frontier | None = None) -> None:
        """Begin at a tree, or at the empty one; `wanted` may grow ahead of `append`."""
        self._wanted = wanted
        self._start = merkle.Frontier() if start is None else start.copy()
        self._leaves: list[bytes] = []
        self._places: dict[bytes, int] = {}

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._start.size + len(self._leaves)

    @property
    def places(self) -> Mapping[bytes, int]:
        """The indexes of the wanted leaves that have come."""
        return self._places

    def append(self, leaf: bytes) -> None:
        """Take the next leaf hash of the link."""
        if leaf in self._wanted:
            self._places.setdefault(leaf, self.size)
        if self._places:
            self._leaves.append(leaf)
        else:
            self._start.append(leaf)

    def prove(self, head: pb.TreeHead) -> dict[bytes, list[bytes]] | None:
        """Give the paths of the wanted leaves that a head covers.

        None if the tree has another root at the head's size, or hasn't come so far: the head is of
        another history than the one that was read.
        """
        if head.size > self.size:
            return None
        covered = {leaf: at for leaf, at in self._places.items() if at < head.size}
        if not covered:
            return {}
        leaves = self._leaves[: head.size - self._start.size]
        root, paths = merkle.prove(self._start, leaves, covered.values())
        if root != head.root:
            return None
        return {leaf: paths[at] for leaf, at in covered.items()}
