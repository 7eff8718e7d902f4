from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.link import parcel as parcels
from collabbus.link.evidence import proofs_in
from collabbus.link.keys import Use
from collabbus.link.merkle import leaf_hash
from collabbus.model import arrivals, ids
from collabbus.model import thread as threads
from collabbus.model.contract import Contract, contract_hash
from collabbus.model.shard import shard_of
from collabbus.simulate.node import Node
from tests.model.neighbours import (
    BINHAI,
    BODIES,
    CHAOYANG,
    HAIDIAN,
    HEPING,
    LANGFANG,
    Neighbours,
    altered,
    jingjinji,
)


@pytest.fixture
def shared(regions: Neighbours) -> str:
    """A matter of all three regions: Haidian asked Binhai, Langfang looks on. Nothing crossed."""
    return regions.open(HAIDIAN, BINHAI, LANGFANG)


def last(regions: Neighbours, region: str) -> ev.Event:
    return regions.events(region)[-1]


def crossed(regions: Neighbours) -> None:
    """Bring the opening everywhere, under indexes that `forge` can go on from."""
    regions.forge("beijing", "tianjin", *regions.events("beijing"))
    regions.forge("beijing", "hebei", *regions.events("beijing"))


# What may come over a link --------------------------------------------------------------------


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


WRONG_ENVELOPES: dict[str, tuple[Callable[[ev.Event], ev.Event], str]] = {
    "no envelope": (lambda e: ev.Event(envelope=b"\xff\xff"), "UNREADABLE"),
    "no type": (lambda e: altered(e, drop=["type"]), "INVALID_FIELD"),
    "no number": (lambda e: altered(e, drop=["number"]), "INVALID_FIELD"),
    "no family": (lambda e: altered(e, drop=["family"]), "INVALID_FIELD"),
    "a bad id": (lambda e: altered(e, event_id="x"), "INVALID_FIELD"),
    "another origin": (lambda e: altered(e, origin="hebei"), "FOREIGN_OFFICE"),
    "our own origin": (lambda e: altered(e, origin="tianjin"), "FOREIGN_OFFICE"),
    "another region's office": (lambda e: altered(e, office=LANGFANG), "FOREIGN_OFFICE"),
    "our own office": (lambda e: altered(e, office=BINHAI), "FOREIGN_OFFICE"),
    "a local thread": (lambda e: altered(e, thread="local"), "UNKNOWN_THREAD"),
    "another thread": (lambda e: altered(e, thread="track"), "UNKNOWN_THREAD"),
    "another's matter": (lambda e: altered(e, matter_id="0" * 32), "FOREIGN_MATTER"),
}


@pytest.mark.parametrize("wrong", WRONG_ENVELOPES)
def test_what_may_not_come_over_a_link_is_quarantined_and_its_neighbours_are_taken(
    regions: Neighbours, wrong: str
) -> None:
    how, code = WRONG_ENVELOPES[wrong]
    regions.open()
    regions.open()
    one, two = regions.events("beijing")
    regions.forge("beijing", "tianjin", how(one), two)
    assert regions.quarantined("tianjin") == [code]
    assert regions.log("tianjin") == [ev.Envelope.FromString(two.envelope)]
    assert regions.link("tianjin", "beijing").size == 2
    assert len([key for key in regions.snapshot("tianjin") if key.startswith("m/")]) == 1


def test_a_matter_of_another_shard_is_quarantined() -> None:
    regions = Neighbours(shard=1, shards=4)
    other = Neighbours(shard=0, shards=1)
    matter = other.open()
    while shard_of(matter, 4) == 1:
        matter = other.open()
    regions.forge("beijing", "tianjin", last(other, "beijing"))
    assert regions.quarantined("tianjin") == ["WRONG_SHARD"]


def test_whoever_is_no_member_has_nothing_to_say(regions: Neighbours) -> None:
    regions.open(HAIDIAN, BINHAI)  # Hebei isn't there
    crossed(regions)
    opening = last(regions, "beijing")
    word = altered(
        opening,
        BODIES["Commented"],
        drop=["step", "participants", "to", "causation"],
        origin="hebei",
        office=LANGFANG,
        seen_step=1,
        seen=[ev.Seen(origin="beijing", number=1)],
    )
    regions.forge("hebei", "tianjin", word)
    assert regions.quarantined("tianjin") == ["NOT_A_MEMBER"]
    assert regions.types("tianjin") == ["AssistanceRequested"]


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


# What the rules don't allow is refused, by an event that all see ------------------------------


def refused(regions: Neighbours, matter: str) -> tuple[str, str, int]:
    """Give what Tianjin has refused: code, origin and number; its thread is frozen."""
    assert regions.types("tianjin")[-1] == "Refused"
    thread = regions.thread("tianjin", matter)
    [freeze] = thread.freezes
    assert freeze.refuser == "tianjin"
    event = last(regions, "tianjin")
    said = body_pb2.Body.FromString(event.body).refused
    assert (said.code, said.origin, said.number) == (freeze.code, freeze.origin, freeze.number)
    envelope = regions.log("tianjin")[-1]
    assert {"beijing", "hebei"} == set(envelope.to)
    return freeze.code, freeze.origin, freeze.number


WRONG_ACTS: dict[str, tuple[Callable[[ev.Event], ev.Event], str]] = {
    "another body": (
        lambda e: ev.Event(envelope=e.envelope, body=e.body + b"\x10\x01", salt=e.salt),
        "BODY_MISMATCH",
    ),
    "no body": (lambda e: ev.Event(envelope=e.envelope, salt=e.salt), "BODY_MISMATCH"),
    "a body that can't be read": (
        lambda e: ev.Event(envelope=e.envelope, body=b"\xff", salt=e.salt),
        "UNREADABLE",
    ),
    "a type that isn't the body's": (lambda e: altered(e, type="Progressed"), "BODY_MISMATCH"),
    "an empty word": (
        lambda e: altered(e, body_pb2.Body(commented=verbs_pb2.Commented())),
        "INVALID_FIELD",
    ),
    "another family": (lambda e: altered(e, family=ev.FAMILY_CLUE), "WRONG_CONTRACT"),
    "a step that isn't its turn": (
        lambda e: altered(
            e, BODIES["Received"], step=ev.Step(number=2, state="received", awaits=BINHAI)
        ),
        "NOT_AWAITED",
    ),
    "a remark said to be a step": (
        lambda e: altered(e, step=ev.Step(number=2, state="closed")),
        "WRONG_STEP",
    ),
    "an office that the contract doesn't have": (
        lambda e: altered(e, office="beijing/atlantis"),
        "UNKNOWN_OFFICE",
    ),
    "an office that is no party": (lambda e: altered(e, office=CHAOYANG), "NOT_A_PARTY"),
    "what is for the awaited only": (lambda e: altered(e, BODIES["ExtensionAsked"]), "NOT_ALLOWED"),
    "what only a clock says": (lambda e: altered(e, BODIES["Reminded"]), "NOT_ALLOWED"),
    "somebody brought in by the way": (
        lambda e: altered(e, participants=[ev.Participant(office=HEPING, role=ev.ROLE_OBSERVER)]),
        "INVALID_FIELD",
    ),
    "another region's turn to let go": (
        lambda e: altered(e, BODIES["ParticipantLeft"], clock=True),
        "NOT_ALLOWED",
    ),
    "somebody let go behind the others' backs": (
        lambda e: altered(e, BODIES["ParticipantLeft"], clock=True, seen_step=0),
        "NOT_ALLOWED",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_ACTS)
def test_what_the_contract_doesnt_allow_is_refused_and_told_to_all_and_freezes(
    regions: Neighbours, shared: str, wrong: str
) -> None:
    how, code = WRONG_ACTS[wrong]
    regions.says(HAIDIAN, "Commented", shared)
    opening, comment = regions.events("beijing")
    regions.forge("beijing", "tianjin", opening, how(comment))
    assert refused(regions, shared) == (code, "beijing", 2)
    assert regions.types("tianjin") == ["AssistanceRequested", "Refused"]
    assert regions.waiting("tianjin") == [("REFUSED", "beijing", 2)]
    outcome = regions.hand_in(regions.draft(BINHAI, "Received", shared))
    assert outcome.code == "FROZEN"
    regions.carry("tianjin", "hebei")
    regions.forge("beijing", "hebei", opening)
    assert [f.code for f in regions.thread("hebei", shared).freezes] == [code]


def test_a_step_with_another_course_than_the_rules_give_is_refused(
    regions: Neighbours,
) -> None:
    matter = regions.open(BINHAI, HAIDIAN)
    regions.forge("tianjin", "beijing", *regions.events("tianjin"))
    regions.says(HAIDIAN, "Received", matter)
    honest = last(regions, "beijing")
    step = regions.log("beijing")[-1].step
    for place, change in enumerate(
        ({"number": 3}, {"state": "accepted"}, {"awaits": BINHAI}, {"waits": HAIDIAN})
    ):
        twin = ev.Step.FromString(step.SerializeToString())
        for name, value in change.items():
            setattr(twin, name, value)
        fresh = Neighbours()
        assert fresh.open(BINHAI, HAIDIAN) == matter
        fresh.forge("beijing", "tianjin", altered(honest, step=twin))
        thread = fresh.thread("tianjin", matter)
        assert [f.code for f in thread.freezes] == ["WRONG_STEP"], place
        assert thread.step.number == 1


def test_a_refusal_is_said_once(regions: Neighbours, shared: str) -> None:
    regions.says(HAIDIAN, "Commented", shared)
    opening, comment = regions.events("beijing")
    bad = altered(comment, office=CHAOYANG)
    regions.forge("beijing", "tianjin", opening, bad)
    regions.forge("beijing", "tianjin", bad)
    assert regions.types("tianjin").count("Refused") == 1
    assert regions.waiting("tianjin") == [("REFUSED", "beijing", 2)]


# A number is used once (rule 1) ---------------------------------------------------------------


def test_the_same_number_with_other_bytes_is_refused_and_kept_as_proof(
    regions: Neighbours, shared: str
) -> None:
    crossed(regions)
    regions.says(HAIDIAN, "Commented", shared)
    first = last(regions, "beijing")
    second = altered(first, BODIES["LeaveAsked"])
    regions.forge("beijing", "tianjin", first, second)
    regions.forge("beijing", "tianjin", second)  # told once, however often it comes
    assert regions.types("tianjin") == ["AssistanceRequested", "Commented", "Refused"]
    assert refused(regions, shared) == ("NUMBER_CONFLICT", "beijing", 2)
    kept, _ = map(sub.Quarantined.FromString, regions.nodes["tianjin"].disk.quarantine)
    assert kept.code == "NUMBER_CONFLICT"
    assert pb.Entry.FromString(kept.value).event == second


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
    assert refused(regions, shared) == ("NUMBER_CONFLICT", "beijing", 2)
    regions.forge("beijing", "tianjin", opening)
    assert regions.waiting("tianjin") == []
    assert "Commented" in regions.types("tianjin")
    assert regions.link("tianjin", "beijing").held == 0


# Evidence items -------------------------------------------------------------------------------


def handed_on(regions: Neighbours, event: ev.Event) -> pb.EvidenceItem:
    """Give Beijing's event as Tianjin hands it on."""
    leaf = leaf_hash(event.envelope)
    for leaves in regions.nodes["tianjin"].disk.leaves:
        found = proofs_in(leaves, [leaf])
        if leaf in found:
            return found[leaf].item(event)
    raise AssertionError("nothing is kept of it")


def test_an_event_may_be_handed_on_by_anybody_who_can_prove_it(
    regions: Neighbours, shared: str
) -> None:
    regions.carry("beijing", "tianjin")
    regions.forge("tianjin", "hebei", handed_on(regions, last(regions, "beijing")))
    assert regions.log("hebei") == regions.log("beijing")
    assert not regions.quarantined("hebei")
    regions.carry("beijing", "hebei")  # and again by its origin
    assert regions.types("hebei") == ["AssistanceRequested"]
    assert regions.agree(shared)


ITEMS: dict[str, tuple[Callable[[pb.EvidenceItem], object], str]] = {
    "another path": (lambda i: i.path.append(bytes(32)), "BAD_PROOF"),
    "another index": (lambda i: setattr(i, "index", 1), "BAD_PROOF"),
    "another event": (
        lambda i: i.event.CopyFrom(altered(i.event, case_number="another")),
        "BAD_PROOF",
    ),
    "another signature": (lambda i: setattr(i.head, "signature", b"x"), "BAD_SIGNATURE"),
    "another body": (lambda i: setattr(i.event, "body", i.event.body + b"\x10"), "BODY_MISMATCH"),
    "another salt": (lambda i: setattr(i.event, "salt", b"x"), "BODY_MISMATCH"),
}


@pytest.mark.parametrize("wrong", ITEMS)
def test_an_item_that_proves_nothing_is_quarantined_and_nobody_is_blamed_for_it(
    regions: Neighbours, shared: str, wrong: str
) -> None:
    how, code = ITEMS[wrong]
    regions.carry("beijing", "tianjin")
    item = handed_on(regions, last(regions, "beijing"))
    how(item)
    regions.forge("tianjin", "hebei", item)
    assert regions.quarantined("hebei") == [code]
    assert not regions.events("hebei")
    regions.carry("beijing", "hebei")  # the true one is taken
    assert regions.types("hebei") == ["AssistanceRequested"]
    assert not regions.thread("hebei", shared).freezes


def test_an_item_speaks_for_its_signer_only(regions: Neighbours, shared: str) -> None:
    """Tianjin can't prove, with a head of its own, what Beijing never said."""
    regions.carry("beijing", "tianjin")
    regions.says(BINHAI, "Commented", shared)
    regions.carry("tianjin", "beijing")
    mine = last(regions, "tianjin")
    forged = altered(mine, origin="beijing", office=HAIDIAN, number=2)
    regions.forge("tianjin", "beijing", forged)
    leaves = regions.nodes["beijing"].disk.leaves[-1]
    proof = proofs_in(leaves, [leaf_hash(forged.envelope)])[leaf_hash(forged.envelope)]
    regions.forge("tianjin", "hebei", proof.item(forged))
    assert regions.quarantined("hebei") == ["FOREIGN_OFFICE"]


def test_our_own_events_are_known_to_us_when_others_hand_them_back(
    regions: Neighbours, shared: str
) -> None:
    regions.carry("beijing", "tianjin")
    before = regions.snapshot("beijing")
    regions.forge("tianjin", "beijing", handed_on(regions, last(regions, "beijing")))
    assert regions.snapshot("beijing") == before
    assert not regions.quarantined("beijing")


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
    days = {**old.deadlines, "decision": old.deadlines["decision"].model_copy(update={"days": 9})}
    lifecycles = {"assistance": type(old).model_validate(
        {**old.model_dump(by_alias=True), "deadlines": {k: v.model_dump() for k, v in days.items()}}
    )}  # fmt: skip
    return Contract(now.network, lifecycles, contract_hash(now.network, lifecycles))


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


# Poison (invariant 8) -------------------------------------------------------------------------


def test_an_event_on_which_the_core_fails_spoils_neither_its_parcel_nor_its_neighbours(
    regions: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    matters = [regions.open() for _ in range(3)]
    bad = matters[1]
    real = threads.apply

    def failing(thread: st.Thread, envelope: ev.Envelope, *rest: object) -> None:
        if envelope.matter_id == bad and envelope.type == "AssistanceRequested":
            raise RuntimeError("planted")
        real(thread, envelope, *rest)

    monkeypatch.setattr(threads, "apply", failing)
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


def test_what_a_region_derives_is_told_apart_from_what_it_claims(regions: Neighbours) -> None:
    """A region can't open, with an id of its choice, what may have been opened by another."""
    regions.open()
    opening = last(regions, "beijing")
    other = ids.matter_id(HAIDIAN, "another-1")
    regions.forge("beijing", "tianjin", altered(opening, matter_id=other))
    assert regions.quarantined("tianjin") == ["FOREIGN_MATTER"]


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
