from __future__ import annotations

import pytest

from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.model import arrivals
from collabbus.model import thread as threads
from collabbus.model.contract import Contract, contract_hash
from collabbus.model.span import Span, Unit
from collabbus.simulate.node import Node
from tests.model.neighbours import (
    BINHAI,
    BODIES,
    HAIDIAN,
    LANGFANG,
    Neighbours,
    altered,
    crossed,
    handed_on,
    jingjinji,
    last,
    refused,
)


@pytest.fixture
def shared(regions: Neighbours) -> str:
    """A matter of all three regions: Haidian asked Binhai, Langfang looks on. Nothing crossed."""
    return regions.open(HAIDIAN, BINHAI, LANGFANG)


@pytest.mark.parametrize("kind", ["Commented", "Refused", "ParticipantLeft", "Overdue"])
def test_whoever_is_no_member_freezes_nothing_by_waiting_for_its_turn(
    regions: Neighbours, kind: str
) -> None:
    """An event that names a cause to come is held; it is looked at again when the cause is here."""
    matter = regions.open(HAIDIAN, BINHAI)
    crossed(regions)
    word = altered(
        last(regions, "beijing"),
        BODIES[kind],
        drop=["step", "participants", "to", "causation"],
        origin="hebei",
        office=LANGFANG,
        clock=kind != "Commented",
        seen_step=9,
        seen=[ev.Seen(origin="beijing", number=2)],
    )
    regions.forge("hebei", "tianjin", word)
    assert regions.waiting("tianjin") == [("CAUSE", "hebei", 1)]
    regions.says(HAIDIAN, "Commented", matter)
    regions.forge("beijing", "tianjin", last(regions, "beijing"))
    assert regions.quarantined("tianjin") == ["NOT_A_MEMBER"]
    assert regions.waiting("tianjin") == []
    assert regions.types("tianjin") == ["AssistanceRequested", "Commented"]
    assert not regions.thread("tianjin", matter).freezes
    assert threads.members(regions.thread("tianjin", matter)) == {"beijing", "tianjin"}


def test_a_number_that_is_held_conflicts_too_and_what_came_first_is_kept(
    regions: Neighbours, shared: str
) -> None:
    regions.says(HAIDIAN, "Commented", shared)
    opening, first = regions.events("beijing")
    second = altered(first, BODIES["LeaveAsked"])
    regions.forge("beijing", "tianjin", first)
    assert regions.waiting("tianjin") == [("CAUSE", "beijing", 2)]
    regions.forge("beijing", "tianjin", second)
    assert regions.waiting("tianjin") == [("CAUSE", "beijing", 2)]
    assert regions.link("tianjin", "beijing").held == 1
    [kept] = map(sub.Quarantined.FromString, regions.nodes["tianjin"].disk.quarantine)
    assert (kept.code, pb.Entry.FromString(kept.value).event) == ("NUMBER_CONFLICT", second)
    # Nobody could know yet who it is that refuses it.
    assert regions.types("tianjin") == []
    regions.forge("beijing", "tianjin", opening)
    assert regions.waiting("tianjin") == []
    assert regions.types("tianjin") == ["AssistanceRequested", "Commented", "Refused"]
    assert refused(regions, shared) == ("NUMBER_CONFLICT", "beijing", 2)
    assert regions.link("tianjin", "beijing").held == 0


def test_a_link_with_too_much_held_waits_alone_and_goes_on_later(
    regions: Neighbours, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "MAX_HELD", 2)
    for _ in range(3):
        regions.says(HAIDIAN, "Commented", shared)
    opening, *comments = regions.events("beijing")
    for comment in comments:
        regions.forge("beijing", "hebei", comment)
    assert regions.waiting("hebei") == [("CAUSE", "beijing", 2), ("CAUSE", "beijing", 3)]
    assert regions.link("hebei", "beijing").size == 2
    regions.carry("beijing", "tianjin")
    regions.forge("tianjin", "hebei", handed_on(regions, opening))  # by another link
    assert regions.waiting("hebei") == []
    assert regions.link("hebei", "beijing").held == 0
    regions.forge("beijing", "hebei", comments[2])
    assert regions.types("hebei") == ["AssistanceRequested", *["Commented"] * 3]


# What is merely too new is held (rule 10) -----------------------------------------------------


def newer() -> Contract:
    """Give a contract that nobody has yet: the days of a decision were changed."""
    now = jingjinji()
    old = now.lifecycles["assistance"]
    nine = old.deadlines["decision"].model_copy(update={"within": Span(9, Unit.DAYS)})
    deadlines = {**old.deadlines, "decision": nine}
    lifecycles = {"assistance": old.model_copy(update={"deadlines": deadlines})}
    return Contract(
        network=now.network,
        lifecycles=lifecycles,
        hash=contract_hash(now.network, lifecycles),
    )


def with_contracts(regions: Neighbours, region: str, *contracts: Contract) -> Node:
    """Restart a region's record stage with these contracts, the last one current."""
    node = regions.nodes[region]
    node._contracts = {str(place): one for place, one in enumerate(contracts)}
    node._contracts["jingjinji"] = contracts[-1]
    node.start_record()
    return node


def test_an_event_under_an_unknown_contract_is_held_and_taken_after_a_restart_with_it(
    regions: Neighbours,
) -> None:
    new = newer()
    with_contracts(regions, "beijing", jingjinji(), new)
    matter = regions.open()
    regions.says(HAIDIAN, "Commented", matter)
    regions.carry("beijing", "tianjin")
    assert regions.waiting("tianjin") == [("CAUSE", "beijing", 2), ("CONTRACT", "beijing", 1)]
    assert not regions.quarantined("tianjin")
    with_contracts(regions, "tianjin", jingjinji())
    regions.tick("tianjin")
    assert len(regions.waiting("tianjin")) == 2
    with_contracts(regions, "tianjin", jingjinji(), new)
    regions.tick("tianjin")
    assert regions.types("tianjin") == ["AssistanceRequested", "Commented"]
    assert regions.waiting("tianjin") == []
    assert regions.link("tianjin", "beijing").held == 0
    assert regions.agree(matter, "beijing", "tianjin")


def test_a_matter_stays_pinned_to_the_contract_under_which_it_was_opened(
    regions: Neighbours, shared: str
) -> None:
    regions.carry_all()
    new = newer()
    for region in regions.nodes:
        with_contracts(regions, region, jingjinji(), new)
    regions.says(BINHAI, "Returned", shared)
    assert regions.log("tianjin")[-1].contract == jingjinji().hash
    later = regions.open()
    assert regions.log("beijing")[-1].contract == new.hash
    assert later != shared
