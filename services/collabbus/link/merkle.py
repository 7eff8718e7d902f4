"""Append-only Merkle trees as RFC 6962, section 2.1, defines them.

A link shard is such a tree. Neither end keeps its leaves at hand: the roots of the complete
subtrees (the *frontier*) are enough to append, to give the root, and to prove any leaf that was
appended since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of one leaf: SHA-256 over 0x00 and the data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 over 0x01 and its children."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree of which only the roots of the complete subtrees are kept, largest first."""

    __slots__ = ("nodes", "size")

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        """Take up a tree; raises ValueError if so many nodes can't stand for this size."""
        self.size = size
        self.nodes = list(nodes)
        if len(self.nodes) != size.bit_count():
            raise ValueError(
                f"a tree of size {size} has {size.bit_count()} complete subtrees, "
                f"{len(self.nodes)} were given"
            )

    def copy(self) -> Frontier:
        """Give an independent copy."""
        twin = Frontier()
        twin.size, twin.nodes = self.size, self.nodes[:]
        return twin

    def append(self, leaf: bytes) -> None:
        """Append a leaf hash."""
        size = self.size
        nodes = self.nodes
        while size & 1:
            leaf = sha256(b"\x01" + nodes.pop() + leaf).digest()
            size >>= 1
        nodes.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """Give the root hash of the tree."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root


def path(frontier: Frontier, leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Give the inclusion path (RFC 6962, 2.1.1) of leaf `index`, nearest sibling first.

    The tree is `frontier` with `leaves` appended; `index` counts in the whole tree and must be one
    of the appended leaves, else ValueError is raised.
    """
    first = frontier.size
    size = first + len(leaves)
    if not first <= index < size:
        raise ValueError(f"leaf {index} is not among {first}..{size - 1}, whose hashes are known")
    known: dict[tuple[int, int], bytes] = {}
    start = 0
    for node, bit in zip(frontier.nodes, _powers(first), strict=True):
        known[start, start + bit] = node
        start += bit

    def root(low: int, high: int) -> bytes:
        if high <= first:
            return known[low, high]
        if high - low == 1:
            return leaves[low - first]
        middle = low + _split(high - low)
        return node_hash(root(low, middle), root(middle, high))

    found: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            found.append(root(middle, high))
            high = middle
        else:
            found.append(root(low, middle))
            low = middle
    found.reverse()
    return found


def prove(
    frontier: Frontier, leaves: Sequence[bytes], indexes: Iterable[int]
) -> tuple[bytes, dict[int, list[bytes]]]:
    """Give the root, and the inclusion path of each of several leaves, in one walk over the tree.

    As `path`; there must be at least one appended leaf, else ValueError is raised.
    """
    first = frontier.size
    size = first + len(leaves)
    found: dict[int, list[bytes]] = {index: [] for index in indexes}
    if first == size or not all(first <= index < size for index in found):
        raise ValueError(f"{sorted(found)} are not all among {first}..{size - 1}, which are known")
    known: dict[tuple[int, int], bytes] = {}
    start = 0
    for node, bit in zip(frontier.nodes, _powers(first), strict=True):
        known[start, start + bit] = node
        start += bit

    def walk(low: int, high: int, inside: Iterable[int]) -> bytes:
        if high <= first:
            return known[low, high]
        if high - low == 1:
            return leaves[low - first]
        middle = low + _split(high - low)
        before = [index for index in inside if index < middle]
        after = [index for index in inside if index >= middle]
        left, right = walk(low, middle, before), walk(middle, high, after)
        for index in before:
            found[index].append(right)
        for index in after:
            found[index].append(left)
        return node_hash(left, right)

    return walk(0, size, tuple(found)), found


def root_from_path(leaf: bytes, index: int, size: int, siblings: Sequence[bytes]) -> bytes | None:
    """Give the root that an inclusion path leads to, or None if its length doesn't fit the tree.

    RFC 9162, section 2.1.3.2: the caller compares the result with a signed root.
    """
    if not 0 <= index < size:
        return None
    node, last = index, size - 1
    root = leaf
    for sibling in siblings:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            root = node_hash(root, sibling)
        node >>= 1
        last >>= 1
    return root if last == 0 else None


def batch(leaves: Sequence[bytes]) -> tuple[bytes, list[list[bytes]]]:
    """Give the root of a small tree and the inclusion path of each of its leaves."""
    paths: list[list[bytes]] = [[] for _ in leaves]
    level = list(leaves)
    places = list(range(len(leaves)))
    while len(level) > 1:
        for leaf, place in enumerate(places):
            sibling = place ^ 1
            if sibling < len(level):
                paths[leaf].append(level[sibling])
            places[leaf] = place >> 1
        above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) & 1:
            above.append(level[-1])
        level = above
    return (level[0] if level else EMPTY_ROOT), paths


def _powers(size: int) -> list[int]:
    """Give the sizes of the complete subtrees of a tree, largest first."""
    return [1 << bit for bit in range(size.bit_length() - 1, -1, -1) if size >> bit & 1]


def _split(size: int) -> int:
    """Give the largest power of two below `size` (RFC 6962: k)."""
    return 1 << ((size - 1).bit_length() - 1)
