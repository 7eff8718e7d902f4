from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from collab.v1 import link_pb2 as pb
from collabbus.link.merkle import EMPTY_ROOT, Frontier, leaf_hash
from collabbus.link.outbound import BEGINNING, Place
from collabbus.link.parcel import ParcelError, tree_head
from tests.link.border import NOW_MS, SUITES, Border, some_entries, some_event

COUNT = 12
ENTRIES = some_entries(COUNT)


def root_of(entries: list[pb.Entry]) -> bytes:
    frontier = Frontier()
    frontier.extend([leaf_hash(entry.event.envelope) for entry in entries])
    return frontier.root()


def place(size: int) -> Place:
    """Give the place in the log before the entry of an index: one entry a record."""
    frontier = Frontier()
    frontier.extend([leaf_hash(entry.event.envelope) for entry in ENTRIES[:size]])
    return Place(0, size, tuple(frontier.nodes), size)


def cut_at(border: Border, cuts: list[int], start: int = 0) -> list[bytes]:
    """Give the parcels of a sender that starts at a place and cuts at these sizes."""
    out = border.outbound(place(start), place(start))
    sizes = sorted({cut for cut in cuts if cut > start} | {COUNT})
    parcels: list[bytes] = []
    for low, high in zip([start, *sizes], sizes, strict=False):
        parcels += border.parcels(out, ENTRIES[low:high])
    return parcels


lives = some.lists(
    some.tuples(some.integers(0, COUNT - 1), some.lists(some.integers(1, COUNT), max_size=4)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60)
@given(some.sampled_from(SUITES), lives, some.data())
def test_however_a_link_is_cut_lost_repeated_and_begun_again_its_receiver_ends_at_the_same_root(
    suite: str, lives: list[tuple[int, list[int]]], data: some.DataObject
) -> None:
    border = Border(suite)
    under_way: list[bytes] = []
    for start, cuts in lives:  # senders that died, each having begun at some checkpoint
        parcels = cut_at(border, cuts, start)
        under_way += data.draw(some.lists(some.sampled_from(parcels), min_size=1, max_size=6))
    for parcel in under_way:  # in any order, some twice, some never
        size = border.link.size
        assert border.receive(parcel) == border.link.size - size
    receipted = data.draw(some.integers(0, border.link.size))
    for parcel in cut_at(border, data.draw(some.lists(some.integers(1, COUNT))), receipted):
        border.receive(parcel)
    assert border.arrived == ENTRIES
    assert (border.link.size, border.link.root) == (COUNT, root_of(ENTRIES))
    kept = b"".join(leaves.hashes for leaves in border.leaves)
    assert kept == b"".join(leaf_hash(entry.event.envelope) for entry in ENTRIES)
    for leaves in border.leaves:
        assert len(leaves.frontier) == leaves.first.bit_count()


def test_a_fresh_link_is_the_empty_tree(border: Border) -> None:
    assert (border.link.size, border.link.root, border.link.asks) == (0, EMPTY_ROOT, 0)


def test_a_parcel_is_taken_once(border: Border) -> None:
    [parcel] = border.parcels(border.outbound(), ENTRIES)
    assert border.receive(parcel) == COUNT
    before = border.state()
    assert border.receive(parcel) == 0
    assert border.link.asks == before.asks + 1  # so that its sender hears our receipt again
    border.link.asks = before.asks
    assert border.link == before


def test_a_gap_is_asked_for_and_takes_nothing(border: Border) -> None:
    _, late = cut_at(border, [5])
    assert border.receive(late) == 0
    assert (border.link.size, border.link.asks) == (0, 1)
    assert not border.link.HasField("head")


def test_parcels_out_of_order_are_taken_once_they_come_in_order(border: Border) -> None:
    one, two, three = cut_at(border, [4, 8])
    assert [border.receive(parcel) for parcel in (three, two, one, two, three)] == [0, 0, 4, 4, 4]
    assert border.link.root == root_of(ENTRIES)


def test_a_parcel_that_holds_what_has_come_already_brings_the_rest(border: Border) -> None:
    for start, cuts in ((0, [5]), (2, [9]), (0, [])):
        border.receive(cut_at(border, cuts, start)[0])
    assert border.arrived == ENTRIES
    assert border.link.root == root_of(ENTRIES)
    assert [leaves.first for leaves in border.leaves] == [0, 5, 9]


def test_an_old_parcel_of_a_sender_that_went_back_is_only_a_request_for_our_receipt(
    border: Border,
) -> None:
    for parcel in cut_at(border, []):
        border.receive(parcel)
    before = border.state()
    old = cut_at(border, [3])[0]
    assert border.receive(old) == 0
    assert (border.link.size, border.link.asks) == (before.size, before.asks + 1)


def test_an_idle_head_says_until_when_its_sender_had_recorded_and_asks_for_nothing(
    border: Border,
) -> None:
    for parcel in cut_at(border, []):
        border.receive(parcel)
    head = tree_head("beijing", "tianjin", 3, 0, COUNT, border.link.root, NOW_MS + 7)
    assert border.receive(border.cut((), head)) == 0
    assert (border.link.heard_until_ms, border.link.asks) == (NOW_MS + 7, 0)
    stale = tree_head("beijing", "tianjin", 3, 0, COUNT, border.link.root, NOW_MS + 3)
    border.receive(border.cut((), stale))
    assert border.link.heard_until_ms == NOW_MS + 7


def test_a_head_beyond_what_has_come_is_not_heard(border: Border) -> None:
    head = tree_head("beijing", "tianjin", 3, 0, 5, root_of(ENTRIES[:5]), NOW_MS + 7)
    assert border.receive(border.cut((), head)) == 0
    assert (border.link.heard_until_ms, border.link.asks) == (0, 1)


def code_of(border: Border, parcel: bytes) -> str:
    """Give why a parcel isn't taken; the link stands where it stood."""
    before = border.state()
    with pytest.raises(ParcelError) as caught:
        border.receive(parcel)
    border.link.asks = before.asks
    assert border.link == before
    return caught.value.reason_code


def test_two_roots_of_one_size_are_equivocation(border: Border) -> None:
    for parcel in cut_at(border, []):
        border.receive(parcel)
    other = [*ENTRIES[:-1], pb.Entry(event=some_event(99))]
    head = tree_head("beijing", "tianjin", 3, 0, COUNT, root_of(other), NOW_MS)
    assert code_of(border, border.cut(other, head)) == "EQUIVOCATION"
    assert code_of(border, border.cut((), head)) == "EQUIVOCATION"


def test_a_root_that_its_events_dont_lead_to_is_refused_whole(border: Border) -> None:
    head = tree_head("beijing", "tianjin", 3, 0, 3, root_of(ENTRIES[:2]), NOW_MS)
    assert code_of(border, border.cut(ENTRIES[:3], head)) == "ROOT_MISMATCH"
    assert not border.arrived


def test_a_sender_cant_rewrite_what_has_come_by_going_on_from_another_tree(border: Border) -> None:
    first = cut_at(border, [6])[0]
    border.receive(first)
    other = [pb.Entry(event=some_event(99)), *ENTRIES[1:]]
    head = tree_head("beijing", "tianjin", 3, 0, COUNT, root_of(other), NOW_MS)
    assert code_of(border, border.cut(other, head)) == "ROOT_MISMATCH"
    assert code_of(border, border.cut(other[6:], head)) == "ROOT_MISMATCH"


def test_another_epoch_is_another_tree(border: Border) -> None:
    head = tree_head("beijing", "tianjin", 3, 1, 3, root_of(ENTRIES[:3]), NOW_MS)
    assert code_of(border, border.cut(ENTRIES[:3], head)) == "EPOCH"


def test_what_was_refused_is_taken_when_it_comes_right(border: Border) -> None:
    head = tree_head("beijing", "tianjin", 3, 0, 3, bytes(32), NOW_MS)
    assert code_of(border, border.cut(ENTRIES[:3], head)) == "ROOT_MISMATCH"
    for parcel in cut_at(border, [2, 3]):
        border.receive(parcel)
    assert border.arrived == ENTRIES


def test_the_kept_head_is_the_one_of_the_kept_size(border: Border) -> None:
    for parcel in cut_at(border, [5]):
        border.receive(parcel)
        header = pb.ParcelHeader.FromString(border.link.head.header)
        assert (header.head.size, header.head.root) == (border.link.size, border.link.root)


def test_the_beginning_is_a_place_like_any_other() -> None:
    assert place(0) == BEGINNING
