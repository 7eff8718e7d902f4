from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collab.v1 import link_pb2 as pb
from collabbus.link import outbound
from collabbus.link.merkle import Frontier, leaf_hash
from collabbus.link.outbound import BEGINNING, Outbound, Place
from collabbus.link.parcel import countersign, tree_head
from tests.link.border import NOW_MS, SUITES, Border, some_entries, some_event


def counts(parcels: list[bytes]) -> list[int]:
    return [header.head.size - header.first for header in map(header_of, parcels)]


def header_of(parcel: bytes) -> pb.ParcelHeader:
    return pb.ParcelHeader.FromString(pb.Parcel.FromString(parcel).signed.header)


def test_what_waits_leaves_in_one_parcel(border: Border) -> None:
    out = border.outbound()
    for entry in some_entries(5):
        out.append(entry)
    assert (out.pending, out.size) == (5, 0)
    assert counts(border.parcels(out)) == [5]
    assert (out.pending, out.size) == (0, 5)


def test_nothing_leaves_where_nothing_waits(border: Border) -> None:
    assert border.parcels(border.outbound()) == []


def test_a_head_leaves_alone_where_it_is_asked_for(border: Border) -> None:
    out = border.outbound()
    border.parcels(out, some_entries(2))
    made = out.parcels(border.identity(), border.seal_key(), NOW_MS + 9, even_empty=True)
    assert counts(made) == [0]
    assert (header_of(made[0]).head.size, header_of(made[0]).head.recorded_until_ms) == (
        2,
        NOW_MS + 9,
    )


def test_receipts_ride_on_the_first_parcel_only_or_travel_alone(
    border: Border, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = countersign(
        border.identity(), tree_head("tianjin", "beijing", 3, 0, 1, bytes(32), NOW_MS)
    )
    out = border.outbound()
    alone = out.parcels(border.identity(), border.seal_key(), NOW_MS, [receipt])
    assert [list(header_of(parcel).receipts) for parcel in alone] == [[receipt]]
    monkeypatch.setattr(outbound, "MAX_PARCEL_EVENTS", 2)
    for entry in some_entries(5):
        out.append(entry)
    made = out.parcels(border.identity(), border.seal_key(), NOW_MS, [receipt])
    assert [list(header_of(parcel).receipts) for parcel in made] == [[receipt], [], []]


def test_a_parcel_is_full_after_so_many_events_or_bytes(
    border: Border, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "MAX_PARCEL_EVENTS", 3)
    monkeypatch.setattr(outbound, "MAX_PARCEL_BYTES", 1000)
    assert counts(border.parcels(border.outbound(), some_entries(7))) == [3, 3, 1]
    sizes = [400, 400, 400, 5000, 10, 10]
    large = [pb.Entry(event=some_event(number, size)) for number, size in enumerate(sizes)]
    assert counts(border.parcels(border.outbound(), large)) == [2, 1, 1, 2]


@given(some.sampled_from(SUITES), some.lists(some.integers(0, 4), max_size=8), some.data())
def test_a_sender_that_went_back_to_any_checkpoint_comes_to_the_same_tree(
    suite: str, records: list[int], data: some.DataObject
) -> None:
    """Each log record puts so many entries on the link; a checkpoint lies between two records."""
    border = Border(suite)
    entries = some_entries(sum(records))
    whole = Frontier()
    whole.extend(leaf_hash(entry.event.envelope) for entry in entries)

    def ship(out: Outbound) -> list[Place]:
        places = [out.sent]
        for offset, count in enumerate(records):
            if offset < out.offset:
                continue
            first = sum(records[:offset])
            border.parcels(out, entries[first : first + count])
            out.mark(offset + 1)
            places.append(Place.read(out.sent.write()))
        return places

    places = ship(border.outbound())
    kept = data.draw(some.sampled_from(places))
    again = border.outbound(kept, BEGINNING)
    assert again.size == kept.size
    ship(again)
    assert again.sent == places[-1]
    assert Frontier(again.sent.size, again.sent.frontier).root() == whole.root()


def test_a_place_survives_being_kept(border: Border) -> None:
    out = border.outbound()
    border.parcels(out, some_entries(7))
    out.mark(11)
    assert Place.read(out.sent.write()) == out.sent
    assert (out.sent.size, out.sent.offset, len(out.sent.frontier)) == (7, 11, 3)


def shipped(border: Border, count: int) -> Outbound:
    out = border.outbound()
    for number in range(count):
        border.parcels(out, [pb.Entry(event=some_event(number))])
        out.mark(number + 1)
    return out


def test_a_receipt_moves_the_place_to_go_back_to_and_never_past_it(border: Border) -> None:
    out = shipped(border, 6)
    assert out.receipted == BEGINNING
    assert out.receipt(4)
    assert (out.receipted.size, out.receipted.offset) == (4, 4)
    assert out.receipt(2)  # an old receipt comes late
    assert out.receipted.size == 4
    assert not out.receipt(6)
    assert out.receipted == out.sent


def test_a_receipt_between_two_marks_goes_back_to_the_one_before(border: Border) -> None:
    out = border.outbound()
    border.parcels(out, some_entries(5))
    out.mark(1)
    border.parcels(out, some_entries(5))
    out.mark(2)
    out.receipt(7)
    assert out.receipted.size == 5


def test_records_that_add_nothing_bring_the_place_further(border: Border) -> None:
    out = shipped(border, 2)
    out.receipt(2)
    out.mark(500)
    assert (out.receipted.size, out.receipted.offset, out.sent.offset) == (2, 500, 500)


def test_a_peer_that_is_away_for_long_costs_bounded_memory_and_finds_its_place(
    border: Border, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "MAX_MARKS", 8)
    out = shipped(border, 100)
    assert len(out._marks) <= 8
    for size in (1, 50, 99):
        out.receipt(size)
        assert out.receipted.size <= size
        assert out.receipted.size == out.receipted.offset
    out.receipt(100)
    assert out.receipted.size <= 100
