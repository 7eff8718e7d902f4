from __future__ import annotations

from dataclasses import replace

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.link import parcel as parcels
from collabbus.link.keys import Use
from collabbus.model import application
from tests.model.neighbours import (
    BINHAI,
    HAIDIAN,
    LANGFANG,
    Neighbours,
    crossed,
    last,
)


@pytest.fixture
def shared(regions: Neighbours) -> str:
    """A matter of all three regions: Haidian asked Binhai, Langfang looks on. Nothing crossed."""
    return regions.open(HAIDIAN, BINHAI, LANGFANG)


def test_an_event_is_the_same_bytes_in_every_log(regions: Neighbours, shared: str) -> None:
    regions.carry_all()
    regions.says(BINHAI, "Received", shared)
    regions.carry_all()
    for record in zip(*(regions.events(region) for region in regions.nodes), strict=True):
        assert len({event.SerializeToString() for event in record}) == 1
    assert regions.agree(shared)


def test_an_event_that_comes_again_is_applied_once(regions: Neighbours, shared: str) -> None:
    crossed(regions)
    before = regions.snapshot("tianjin")
    regions.forge("beijing", "tianjin", *regions.events("beijing"))  # at other indexes
    assert regions.snapshot("tianjin") == before
    assert regions.types("tianjin") == ["AssistanceRequested"]
    assert not regions.quarantined("tianjin")


# Parcels --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parcel", "code"),
    [(b"\xff\xff", "UNREADABLE"), (b"", "UNKNOWN_KEY"), (b"x" * 9, "UNREADABLE")],
)
def test_what_is_no_parcel_is_quarantined_and_the_link_stands(
    regions: Neighbours, parcel: bytes, code: str
) -> None:
    regions.deliver("beijing", "tianjin", parcel)
    assert regions.quarantined("tianjin") == [code]
    regions.open()
    regions.carry("beijing", "tianjin")
    assert regions.types("tianjin") == ["AssistanceRequested"]


def test_a_parcel_of_another_link_is_quarantined(regions: Neighbours, shared: str) -> None:
    regions.now_ms += 30
    parcels = dict(regions.nodes["beijing"].dispatch(regions.now_ms))
    regions.deliver("beijing", "tianjin", parcels["hebei"])
    regions.deliver("hebei", "tianjin", parcels["tianjin"])
    assert regions.quarantined("tianjin") == ["MISROUTED", "MISROUTED"]
    assert not regions.events("tianjin")


def receipt_in(regions: Neighbours, receipt: pb.Receipt) -> None:
    """Have Tianjin's receipt arrive at Beijing, in an empty parcel."""
    link = regions.link("beijing", "tianjin")
    head = parcels.tree_head("tianjin", "beijing", 0, 0, link.size, link.root, regions.now_ms)
    key = regions.cast.keys.current("beijing", Use.SEAL, regions.now_ms)
    assert key is not None
    parcel = parcels.cut(regions.cast.identities["tianjin"], key, head, (), [receipt])
    regions.deliver("tianjin", "beijing", parcel)


@pytest.mark.parametrize(
    ("signer", "sender", "receiver", "shard", "code"),
    [
        ("tianjin", "beijing", "tianjin", 0, ""),
        ("tianjin", "beijing", "tianjin", 1, "MISROUTED"),
        ("tianjin", "hebei", "tianjin", 0, "MISROUTED"),
        ("hebei", "beijing", "hebei", 0, "MISROUTED"),
        ("hebei", "beijing", "tianjin", 0, "UNKNOWN_KEY"),
    ],
)
def test_a_receipt_counts_for_its_link_shard_from_its_receiver_only(
    regions: Neighbours, signer: str, sender: str, receiver: str, shard: int, code: str
) -> None:
    head = parcels.tree_head(sender, receiver, shard, 0, 3, bytes(32), regions.now_ms)
    receipt_in(regions, parcels.countersign(regions.cast.identities[signer], head))
    kept = regions.nodes["beijing"].disk.heads.get("receipt/tianjin")
    assert (kept is not None) is (code == "")
    assert regions.quarantined("beijing") == ([code] if code else [])


def test_a_region_without_the_key_of_a_peer_believes_nothing_of_it(
    regions: Neighbours, shared: str
) -> None:
    stranger = replace(
        regions.cast.identities["beijing"],
        sign=replace(regions.cast.identities["beijing"].sign, private=bytes(32)),
    )
    regions.cast.identities["beijing"] = stranger
    regions.forge("beijing", "tianjin", last(regions, "beijing"))
    assert regions.quarantined("tianjin") == ["BAD_SIGNATURE"]
    assert regions.link("tianjin", "beijing").size == 0


# Poison (invariant 8) -------------------------------------------------------------------------


def test_an_event_on_which_the_core_fails_spoils_neither_its_parcel_nor_its_neighbours(
    regions: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    matters = [regions.open() for _ in range(3)]
    bad = matters[1]
    real = application.apply

    def failing(thread: st.Thread, envelope: ev.Envelope, *rest: object) -> None:
        if envelope.matter_id == bad and envelope.type == "AssistanceRequested":
            raise RuntimeError("planted")
        real(thread, envelope, *rest)

    monkeypatch.setattr(application, "apply", failing)
    regions.carry("beijing", "tianjin")
    assert regions.link("tianjin", "beijing").size == 3
    assert regions.quarantined("tianjin") == ["INTERNAL"]
    opened = [e.matter_id for e in regions.log("tianjin") if e.type == "AssistanceRequested"]
    assert opened == [matters[0], matters[2]]
    [freeze] = regions.thread("tianjin", bad).freezes
    assert (freeze.code, freeze.origin, freeze.number) == ("INTERNAL", "beijing", 1)
    for matter in (matters[0], matters[2]):
        regions.says(BINHAI, "Received", matter)
    monkeypatch.undo()
    regions.carry("tianjin", "beijing")  # and its origin hears of it
    assert [f.code for f in regions.thread("beijing", bad).freezes] == ["INTERNAL"]
