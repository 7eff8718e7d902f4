from __future__ import annotations

from collections.abc import Callable

import pytest

from collab.v1 import link_pb2 as pb
from collabbus.link.evidence import Proof, proofs_in, verify_item
from collabbus.link.merkle import leaf_hash
from collabbus.link.parcel import ParcelError, sender_of
from tests.link.border import Border, make_identity, some_entries, some_event

ENTRIES = some_entries(11)


@pytest.fixture
def crossed(border: Border) -> Border:
    """A border over which eleven events came, in three parcels."""
    out = border.outbound()
    for low, high in ((0, 3), (3, 4), (4, 11)):
        for parcel in border.parcels(out, ENTRIES[low:high]):
            border.receive(parcel)
    return border


def leaf(entry: pb.Entry) -> bytes:
    return leaf_hash(entry.event.envelope)


def proofs(border: Border, entries: list[pb.Entry]) -> dict[bytes, Proof]:
    wanted = {leaf(entry) for entry in entries}
    found: dict[bytes, Proof] = {}
    for leaves in border.leaves:
        found |= proofs_in(leaves, wanted)
    return found


def item(border: Border, number: int) -> pb.EvidenceItem:
    entry = ENTRIES[number]
    return proofs(border, [entry])[leaf(entry)].item(entry.event)


def test_every_event_that_arrived_can_be_handed_on_and_proves_itself(crossed: Border) -> None:
    assert len(proofs(crossed, ENTRIES)) == len(ENTRIES)
    for number, size in zip(range(11), [3, 3, 3, 4, *[11] * 7], strict=True):
        head = verify_item(item(crossed, number), crossed.keys)
        assert (sender_of(head), head.size) == ("beijing", size)


def test_what_never_arrived_has_no_proof(crossed: Border) -> None:
    assert proofs(crossed, [pb.Entry(event=some_event(99))]) == {}


CHANGES: dict[str, tuple[Callable[[pb.EvidenceItem], None], str]] = {
    "another event": (lambda i: i.event.CopyFrom(some_event(99)), "BAD_PROOF"),
    "a bit of the envelope": (
        lambda i: setattr(i.event, "envelope", i.event.envelope + b"!"),
        "BAD_PROOF",
    ),
    "another index": (lambda i: setattr(i, "index", i.index + 1), "BAD_PROOF"),
    "an index outside": (lambda i: setattr(i, "index", 99), "BAD_PROOF"),
    "a shorter path": (lambda i: i.path.pop(), "BAD_PROOF"),
    "a longer path": (lambda i: i.path.append(bytes(32)), "BAD_PROOF"),
    "another sibling": (lambda i: i.path.__setitem__(0, bytes(32)), "BAD_PROOF"),
    "siblings swapped": (
        lambda i: i.path.__setitem__(slice(0, 2), [i.path[1], i.path[0]]),
        "BAD_PROOF",
    ),
    "no path": (lambda i: i.ClearField("path"), "BAD_PROOF"),
    "no head": (lambda i: i.ClearField("head"), "UNKNOWN_KEY"),
    "no signature": (lambda i: i.head.ClearField("signature"), "BAD_SIGNATURE"),
    "a head that is none": (lambda i: setattr(i.head, "header", b"\xff"), "UNREADABLE"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_item_proves_nothing(crossed: Border, change: str) -> None:
    how, code = CHANGES[change]
    found = item(crossed, 6)
    how(found)
    with pytest.raises(ParcelError) as caught:
        verify_item(found, crossed.keys)
    assert caught.value.reason_code == code


def test_another_origin_cant_be_claimed(crossed: Border) -> None:
    found = item(crossed, 6)
    header = pb.ParcelHeader.FromString(found.head.header)
    setattr(header.head, "from", "hebei")
    found.head.header = header.SerializeToString()
    with pytest.raises(ParcelError, match="no valid key of 'hebei'") as caught:
        verify_item(found, crossed.keys)
    assert caught.value.reason_code == "UNKNOWN_KEY"


def test_an_unlisted_signer_proves_nothing(crossed: Border) -> None:
    stranger, _ = make_identity(crossed.suite, "beijing", 2)
    crossed.identities["beijing"] = stranger
    fresh = Border(crossed.suite)
    fresh.identities["beijing"] = stranger
    [parcel] = fresh.parcels(fresh.outbound(), ENTRIES)
    signed = pb.Parcel.FromString(parcel).signed
    found = item(crossed, 6)
    found.head.CopyFrom(signed)
    with pytest.raises(ParcelError) as caught:
        verify_item(found, crossed.keys)
    assert caught.value.reason_code == "UNKNOWN_KEY"


def test_an_event_that_was_handed_on_is_handed_on_with_its_origins_proof(crossed: Border) -> None:
    """Tianjin hands Beijing's event on to Hebei, which keeps what it needs to do the same."""
    carried = item(crossed, 6)
    onward = Border(crossed.suite)
    entries = [pb.Entry(event=some_event(50)), pb.Entry(item=carried)]
    for parcel in onward.parcels(onward.outbound(), entries):
        onward.receive(parcel)
    again = proofs(onward, [ENTRIES[6]])[leaf(ENTRIES[6])].item(ENTRIES[6].event)
    assert again == carried
    assert verify_item(again, crossed.keys).size == 11
