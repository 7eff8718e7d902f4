from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collab.v1 import link_pb2 as pb
from collabbus.link import merkle
from collabbus.link.trace import Trace


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"%d" % number) for number in range(count)]


def head_of(hashes: list[bytes]) -> pb.TreeHead:
    tree = merkle.Frontier()
    tree.extend(hashes)
    return pb.TreeHead(size=tree.size, root=tree.root())


@given(some.data())
def test_every_wanted_leaf_is_proven_at_every_size_from_wherever_the_reading_began(
    data: some.DataObject,
) -> None:
    """Invariant 6: the path leads to the root that a head of that size has."""
    hashes = leaves(data.draw(some.integers(1, 40)))
    start = data.draw(some.integers(0, len(hashes) - 1))
    wanted = data.draw(some.sets(some.sampled_from(hashes[start:]), min_size=1))
    size = data.draw(some.integers(0, len(hashes)))
    before = merkle.Frontier()
    before.extend(hashes[:start])
    trace = Trace(wanted, before)
    for leaf in hashes[start:]:
        trace.append(leaf)
    head = head_of(hashes[:size])
    paths = trace.prove(head)
    assert paths is not None
    assert set(paths) == {leaf for leaf in wanted if hashes.index(leaf) < size}
    for leaf, path in paths.items():
        assert trace.places[leaf] == hashes.index(leaf)
        assert merkle.root_from_path(leaf, hashes.index(leaf), size, path) == head.root
        assert path == merkle.path(merkle.Frontier(), hashes[:size], hashes.index(leaf))


def test_a_head_of_another_history_proves_nothing() -> None:
    hashes = leaves(9)
    trace = Trace({hashes[4]})
    for leaf in hashes:
        trace.append(leaf)
    assert trace.prove(head_of([*hashes[:6], hashes[0]])) is None
    assert trace.prove(head_of([*hashes, hashes[0]])) is None
    assert trace.prove(head_of(hashes[:3])) == {}


def test_a_leaf_that_came_twice_is_proven_where_it_came_first() -> None:
    hashes = leaves(3)
    trace = Trace({hashes[1]})
    for leaf in (*hashes, hashes[1]):
        trace.append(leaf)
    assert trace.places == {hashes[1]: 1}


def test_what_is_not_among_the_known_leaves_cant_be_proven() -> None:
    before = merkle.Frontier()
    before.extend(leaves(2))
    with pytest.raises(ValueError, match="not all among 2"):
        merkle.prove(before, leaves(5)[2:], [1])
    with pytest.raises(ValueError, match="not all among"):
        merkle.prove(before, [], [])
