from __future__ import annotations

from collections.abc import Callable

import pytest

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.link.evidence import proofs_in
from collabbus.link.merkle import leaf_hash
from collabbus.model import ids
from collabbus.model.shard import shard_of
from tests.model.neighbours import (
    BINHAI,
    BODIES,
    CHAOYANG,
    HAIDIAN,
    HEPING,
    LANGFANG,
    SANHE,
    Neighbours,
    altered,
    crossed,
    handed_on,
    last,
    refused,
)
from tests.model.signing import circulating, convene


@pytest.fixture
def shared(regions: Neighbours) -> str:
    """A matter of all three regions: Haidian asked Binhai, Langfang looks on. Nothing crossed."""
    return regions.open(HAIDIAN, BINHAI, LANGFANG)


# What may come over a link --------------------------------------------------------------------


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


def test_whoever_hadnt_seen_that_it_came_in_has_nothing_to_say(regions: Neighbours) -> None:
    """Invariant 4: the addition may have come to one region and not to another."""
    matter = regions.open(HAIDIAN, BINHAI)
    regions.adds(HAIDIAN, LANGFANG, matter)
    regions.carry("beijing", "tianjin")
    regions.forge("hebei", "tianjin", of_hebei(regions, LANGFANG, 1))
    assert regions.quarantined("tianjin") == ["NOT_A_MEMBER"]
    regions.forge("hebei", "tianjin", of_hebei(regions, LANGFANG, 2))
    assert regions.types("tianjin")[-1] == "Commented"


def test_an_office_whose_region_hadnt_seen_its_addition_is_no_party(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, BINHAI, LANGFANG)
    regions.adds(HAIDIAN, SANHE, matter)
    regions.carry("beijing", "tianjin")
    early = of_hebei(regions, SANHE, 1)
    regions.forge("hebei", "tianjin", early)
    assert refused(regions, matter) == ("NOT_A_PARTY", "hebei", 1)


def test_an_office_whose_region_had_seen_its_addition_is_a_party(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, BINHAI, LANGFANG)
    regions.adds(HAIDIAN, SANHE, matter)
    regions.carry("beijing", "tianjin")
    regions.forge("hebei", "tianjin", of_hebei(regions, SANHE, 2))
    assert regions.types("tianjin")[-1] == "Commented"


def of_hebei(regions: Neighbours, office: str, seen: int) -> ev.Event:
    """Give Hebei's first word, said when it had seen so many of Beijing's."""
    return altered(
        regions.events("beijing")[0],
        BODIES["Commented"],
        drop=["step", "participants", "joining", "causation"],
        origin="hebei",
        office=office,
        to=["beijing", "tianjin"],
        seen_step=1,
        seen=[ev.Seen(origin="beijing", number=seen)],
    )


def test_what_a_region_derives_is_told_apart_from_what_it_claims(regions: Neighbours) -> None:
    """A region can't open, with an id of its choice, what may have been opened by another."""
    regions.open()
    opening = last(regions, "beijing")
    other = ids.matter_id(HAIDIAN, "another-1")
    regions.forge("beijing", "tianjin", altered(opening, matter_id=other))
    assert regions.quarantined("tianjin") == ["FOREIGN_MATTER"]


# What the rules don't allow is refused, by an event that all see ------------------------------


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
    "somebody brought in by a clock": (
        lambda e: altered(
            e,
            BODIES["Overdue"],
            clock=True,
            participants=[ev.Participant(office=HEPING, role=ev.ROLE_OBSERVER)],
        ),
        "INVALID_FIELD",
    ),
    "somebody brought in by a refusal": (
        lambda e: altered(
            e,
            BODIES["Refused"],
            clock=True,
            participants=[ev.Participant(office=HEPING, role=ev.ROLE_RECIPIENT)],
        ),
        "INVALID_FIELD",
    ),
    "an escalation to one that brings in another": (
        lambda e: altered(
            e,
            body_pb2.Body(
                escalated=verbs_pb2.Escalated(
                    step=1,
                    level=1,
                    to=["tianjin/branch-3"],
                    reason=verbs_pb2.ESCALATION_REASON_OVERDUE,
                )
            ),
            clock=True,
            participants=[ev.Participant(office=HEPING, role=ev.ROLE_OBSERVER)],
        ),
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


# Evidence items -------------------------------------------------------------------------------


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


def test_a_matter_opens_in_its_main_thread_alone() -> None:
    """Else its states would be looked up among those of a track."""
    regions = Neighbours(circulating())
    convene(regions, BINHAI)
    opening = regions.events("beijing")[0]
    regions.forge("beijing", "tianjin", altered(opening, thread=f"track/{BINHAI}"))
    matter = regions.log("beijing")[0].matter_id
    thread = regions.thread("tianjin", matter, f"track/{BINHAI}")
    assert [freeze.code for freeze in thread.freezes] == ["WRONG_STATE"]
    assert not regions.quarantined("tianjin")
