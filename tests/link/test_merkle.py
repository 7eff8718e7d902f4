from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collabbus.link.merkle import (
    EMPTY_ROOT,
    Frontier,
    batch,
    leaf_hash,
    node_hash,
    path,
    root_from_path,
)

# The certificate-transparency reference implementation's own vectors (merkle_tree_test.cc).
LEAVES = [
    leaf_hash(bytes.fromhex(data))
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]

some_leaves = some.lists(some.binary(max_size=6), max_size=70).map(
    lambda datas: [leaf_hash(data) for data in datas]
)


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1, word by word."""
    if len(leaves) <= 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = sha256(b"l").digest(), sha256(b"r").digest()
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"\x01") == sha256(b"\x00\x01").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference_implementation(size: int) -> None:
    frontier = Frontier()
    frontier.extend(LEAVES[:size])
    assert frontier.root().hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "siblings"), PATHS)
def test_paths_are_those_of_the_reference_implementation(
    index: int, size: int, siblings: list[str]
) -> None:
    found = path(Frontier(), LEAVES[:size], index)
    assert [sibling.hex() for sibling in found] == siblings
    root = root_from_path(LEAVES[index], index, size, found)
    assert root is not None
    assert root.hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


@given(some_leaves, some.data())
def test_a_frontier_gives_the_naive_root_however_it_was_grown(
    leaves: list[bytes], data: some.DataObject
) -> None:
    cut = data.draw(some.integers(0, len(leaves)))
    first = Frontier()
    first.extend(leaves[:cut])
    again = Frontier(first.size, first.nodes)
    again.extend(leaves[cut:])
    assert again.root() == naive_root(leaves)
    assert (first.size, first.root()) == (cut, naive_root(leaves[:cut]))


@given(some_leaves, some.binary(max_size=3))
def test_a_copy_of_a_frontier_is_independent(leaves: list[bytes], more: bytes) -> None:
    first = Frontier()
    first.extend(leaves)
    twin = first.copy()
    twin.append(leaf_hash(more))
    assert first.root() == naive_root(leaves)
    assert twin.root() == naive_root([*leaves, leaf_hash(more)])


@given(some_leaves.filter(bool), some.data())
def test_any_leaf_since_a_frontier_is_proved_by_the_naive_path(
    leaves: list[bytes], data: some.DataObject
) -> None:
    index = data.draw(some.integers(0, len(leaves) - 1))
    first = data.draw(some.integers(0, index))
    frontier = Frontier()
    frontier.extend(leaves[:first])
    found = path(frontier, leaves[first:], index)
    assert found == naive_path(index, leaves)
    assert root_from_path(leaves[index], index, len(leaves), found) == naive_root(leaves)


@given(some_leaves.filter(bool), some.data())
def test_a_path_proves_no_other_leaf_index_size_or_sibling(
    leaves: list[bytes], data: some.DataObject
) -> None:
    size = len(leaves)
    index = data.draw(some.integers(0, size - 1))
    siblings = naive_path(index, leaves)
    root = naive_root(leaves)
    assert root_from_path(leaf_hash(b"no such leaf"), index, size, siblings) != root
    other = data.draw(some.integers(0, size + 3))
    if other != index and (other >= size or leaves[other] != leaves[index]):
        assert root_from_path(leaves[index], other, size, siblings) != root
    assert root_from_path(leaves[index], index, size, [*siblings, root]) is None
    if siblings:
        assert root_from_path(leaves[index], index, size, siblings[:-1]) is None
        place = data.draw(some.integers(0, len(siblings) - 1))
        bent = siblings[:]
        bent[place] = leaf_hash(bent[place])
        assert root_from_path(leaves[index], index, size, bent) != root


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0), (8, 8)])
def test_an_index_outside_the_tree_has_no_root(index: int, size: int) -> None:
    assert root_from_path(LEAVES[0], index, size, []) is None


@pytest.mark.parametrize("index", [-1, 2, 3, 8])
def test_a_path_needs_the_hashes_of_its_leaf(index: int) -> None:
    frontier = Frontier()
    frontier.extend(LEAVES[:4])
    with pytest.raises(ValueError, match=rf"leaf {index} is not among 4\.\.7"):
        path(frontier, LEAVES[4:], index)


@pytest.mark.parametrize(("size", "nodes"), [(0, 1), (1, 0), (4, 2), (7, 2)])
def test_a_frontier_of_the_wrong_size_is_refused(size: int, nodes: int) -> None:
    with pytest.raises(ValueError, match=f"a tree of size {size} has"):
        Frontier(size, LEAVES[:nodes])


@given(some_leaves)
def test_a_batch_gives_the_naive_root_and_all_naive_paths(leaves: list[bytes]) -> None:
    root, paths = batch(leaves)
    assert root == naive_root(leaves)
    assert paths == [naive_path(index, leaves) for index in range(len(leaves))]
