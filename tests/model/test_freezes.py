"""Freezes: a refused event stops its thread until it is voided or released (rule 10)."""

from __future__ import annotations

from typing import Any

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import admission, rules
from collabbus.model.journal import Region
from collabbus.model.rejection import Rejection
from collabbus.model.thread import MAIN, pending
from tests.model.neighbours import BINHAI, HAIDIAN, LANGFANG, SANHE, Neighbours, altered, last


@pytest.fixture
def touchy(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Tianjin's rules refuse what Beijing's and Hebei's allow: acts of these types."""
    real, types = admission.admit, {"Accepted"}

    def admit(
        region: Region, matter: st.Matter, thread: st.Thread, event: ev.Event, envelope: ev.Envelope
    ) -> tuple[body_pb2.Body, rules.Verdict]:
        body, verdict = real(region, matter, thread, event, envelope)
        mine = envelope.type if region.name == "tianjin" else f"{region.name}:{envelope.type}"
        if mine in types:
            raise Rejection("WRONG_STEP", "step", "touchy")
        return body, verdict

    monkeypatch.setattr(admission, "admit", admit)
    return types


@pytest.fixture
def frozen(regions: Neighbours, touchy: set[str]) -> str:
    """Hebei is asked, accepts, and Tianjin, which looks on, refuses that."""
    matter = regions.open(HAIDIAN, LANGFANG, BINHAI)
    regions.carry_all()
    regions.says(LANGFANG, "Accepted", matter)
    regions.carry_all()
    return matter


def asks_itself(regions: Neighbours, region: str, matter: str, body: body_pb2.Body) -> sub.Outcome:
    """Have a region's operator act, under the region's own key."""
    office = {"beijing": HAIDIAN, "tianjin": BINHAI, "hebei": LANGFANG}[region]
    draft = regions.draft(office, "Commented", matter, body=body)
    [record] = regions.cast.sign([draft], regions.cast.identities[region].sign)
    outcome = regions.put(region, record, draft.matter_id.encode())
    assert outcome is not None
    return outcome


def voids(origin: str, number: int, envelope: bytes = b"-") -> body_pb2.Body:
    said = verbs_pb2.Voided(
        origin=origin, number=number, operator="张操作", reason="记录有误", envelope=envelope
    )
    return body_pb2.Body(voided=said)


def void(regions: Neighbours, matter: str, number: int, origin: str = "hebei") -> str:
    """Have a region's operator void a number of its own; give the code, empty if recorded."""
    [envelope] = [
        event.envelope
        for event, found in zip(regions.events(origin), regions.log(origin), strict=True)
        if (found.matter_id, found.thread, found.origin, found.number)
        == (matter, MAIN, origin, number)
    ]
    code = asks_itself(regions, origin, matter, voids(origin, number, envelope)).code
    regions.carry_all()
    return code


def releases(origin: str, number: int) -> body_pb2.Body:
    said = verbs_pb2.Released(origin=origin, number=number, operator="张操作", reason="核实无误")
    return body_pb2.Body(released=said)


def freezes(regions: Neighbours, region: str, matter: str) -> list[tuple[str, str, int]]:
    found = regions.thread(region, matter).freezes
    return [(one.refuser, one.origin, one.number) for one in found]


def test_a_refusal_freezes_the_thread_in_every_region(regions: Neighbours, frozen: str) -> None:
    for region in regions.nodes:
        assert freezes(regions, region, frozen) == [("tianjin", "hebei", 1)]
    for office in (HAIDIAN, BINHAI, LANGFANG):
        outcome = regions.hand_in(regions.draft(office, "Commented", frozen))
        assert outcome.code == "FROZEN"


def test_what_its_origin_voids_counts_for_nothing_and_the_thread_goes_on(
    regions: Neighbours, frozen: str
) -> None:
    assert regions.thread("hebei", frozen).step.state == "accepted"
    assert not void(regions, frozen, 1)
    assert regions.agree(frozen)
    for region in regions.nodes:
        assert freezes(regions, region, frozen) == []
        assert regions.thread(region, frozen).step.state == "requested"
        assert regions.thread(region, frozen).step.awaits == LANGFANG
        assert regions.waiting(region) == []
    voided = regions.log("beijing")[-1]
    assert (voided.type, voided.officer, voided.clock) == ("Voided", "王敏", True)
    regions.says(HAIDIAN, "Commented", frozen)
    regions.says(LANGFANG, "Commented", frozen)
    regions.carry_all()
    assert [regions.quarantined(region) for region in regions.nodes] == [[], ["VOIDED"], []]


def test_what_its_refuser_releases_counts_after_all(regions: Neighbours, frozen: str) -> None:
    assert regions.thread("tianjin", frozen).step.state == "requested"
    assert not asks_itself(regions, "tianjin", frozen, releases("hebei", 1)).code
    regions.carry_all()
    for region in regions.nodes:
        assert freezes(regions, region, frozen) == []
        assert regions.thread(region, frozen).step.state == "accepted"
        assert regions.waiting(region) == []
    assert regions.agree(frozen)
    regions.says(BINHAI, "Commented", frozen)


def test_what_waited_behind_a_released_event_follows_it(
    regions: Neighbours, touchy: set[str]
) -> None:
    matter = regions.open(HAIDIAN, LANGFANG, BINHAI)
    regions.carry_all()
    regions.says(LANGFANG, "Accepted", matter)
    regions.says(LANGFANG, "Commented", matter)  # before it hears of the refusal
    regions.carry("hebei", "tianjin")
    assert regions.waiting("tianjin") == [("CAUSE", "hebei", 2), ("REFUSED", "hebei", 1)]
    asks_itself(regions, "tianjin", matter, releases("hebei", 1))
    regions.carry_all()
    assert regions.agree(matter)
    assert regions.waiting("tianjin") == []


def test_what_only_waits_under_a_released_number_goes_on_waiting(
    regions: Neighbours, touchy: set[str]
) -> None:
    """Invariant 3: it was its twin that was refused; taken now it would drop what is before it."""
    matter = regions.open(HAIDIAN, LANGFANG, BINHAI)
    regions.carry_all()
    regions.says(LANGFANG, "Accepted", matter)
    regions.says(LANGFANG, "Commented", matter)
    regions.says(LANGFANG, "Commented", matter)
    twin = altered(last(regions, "hebei"), officer="李静")
    regions.forge("hebei", "tianjin", *regions.events("hebei")[-3:], twin)
    assert freezes(regions, "tianjin", matter) == [("tianjin", "hebei", 1), ("tianjin", "hebei", 3)]
    assert regions.quarantined("tianjin") == ["NUMBER_CONFLICT"]
    asks_itself(regions, "tianjin", matter, releases("hebei", 3))
    waits = [("CAUSE", "hebei", 2), ("CAUSE", "hebei", 3), ("REFUSED", "hebei", 1)]
    assert regions.waiting("tianjin") == waits
    asks_itself(regions, "tianjin", matter, releases("hebei", 1))
    assert regions.waiting("tianjin") == freezes(regions, "tianjin", matter) == []
    said = [one.number for one in regions.log("tianjin") if one.origin == "hebei"]
    assert said == [1, 2, 3]


def test_a_refusal_that_crosses_the_voiding_freezes_nobody(
    regions: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 4: each region refuses by itself, and one void does for all of them."""
    real = admission.admit

    def admit(region: Region, *args: Any) -> tuple[body_pb2.Body, rules.Verdict]:
        if (region.name, args[-1].type) in (("tianjin", "Accepted"), ("beijing", "Accepted")):
            raise Rejection("WRONG_STEP", "step", "touchy")
        return real(region, *args)

    monkeypatch.setattr(admission, "admit", admit)
    matter = regions.open(HAIDIAN, LANGFANG, BINHAI)
    regions.carry_all()
    regions.says(LANGFANG, "Accepted", matter)
    regions.carry("hebei", "tianjin")
    regions.carry("hebei", "beijing")
    regions.carry("tianjin", "hebei")
    assert not void(regions, matter, 1)  # only now does Hebei hear that Beijing, too, refused it
    for region in regions.nodes:
        assert freezes(regions, region, matter) == []
        assert regions.types(region).count("Refused") == 2
    assert regions.agree(matter)
    regions.says(LANGFANG, "Commented", matter)


def test_a_number_that_is_used_again_after_a_release_is_refused_by_another_event(
    regions: Neighbours,
) -> None:
    """Invariant 2: two events never share an id."""
    matter = regions.open(HAIDIAN, BINHAI, LANGFANG)
    regions.carry_all()
    regions.says(LANGFANG, "Commented", matter)
    said = last(regions, "hebei")
    regions.forge("hebei", "tianjin", said, altered(said, officer="李静"))
    asks_itself(regions, "tianjin", matter, releases("hebei", 1))
    regions.forge("hebei", "tianjin", altered(said, officer="赵刚"))
    refused = [one.event_id for one in regions.log("tianjin") if one.type == "Refused"]
    assert len(set(refused)) == len(refused) == 2
    assert regions.quarantined("tianjin") == ["NUMBER_CONFLICT"] * 2


@pytest.mark.parametrize(
    ("region", "body"),
    [
        ("tianjin", voids("hebei", 1)),  # another's
        ("hebei", voids("hebei", 2)),  # nobody refused that one
        ("beijing", releases("hebei", 1)),  # not its refusal
        ("tianjin", releases("hebei", 2)),
    ],
)
def test_nobody_voids_or_releases_what_isnt_his(
    regions: Neighbours, frozen: str, region: str, body: body_pb2.Body
) -> None:
    assert asks_itself(regions, region, frozen, body).code == "NOTHING_PENDING"
    assert freezes(regions, region, frozen) == [("tianjin", "hebei", 1)]


def test_an_offices_key_is_none_for_what_a_region_asks_of_itself(
    regions: Neighbours, frozen: str
) -> None:
    draft = regions.draft(LANGFANG, "Commented", frozen, body=voids("hebei", 1))
    assert regions.hand_in(draft).code == "FOREIGN_OFFICE"
    assert regions.quarantined("hebei") == ["FOREIGN_OFFICE"]
    assert freezes(regions, "hebei", frozen) == [("tianjin", "hebei", 1)]


def test_a_regions_key_is_none_for_what_offices_do(regions: Neighbours) -> None:
    draft = regions.opening()
    [record] = regions.cast.sign([draft], regions.cast.identities["beijing"].sign)
    regions.put("beijing", record, draft.matter_id.encode())
    assert regions.quarantined("beijing") == ["FOREIGN_OFFICE"]


# What can be voided, and what only released ------------------------------------------------------


def test_a_voided_step_leaves_the_clock_as_it_was_before(
    regions: Neighbours, touchy: set[str]
) -> None:
    touchy.add("ClarificationAsked")
    matter = regions.open(HAIDIAN, LANGFANG, BINHAI)
    regions.carry_all()
    regions.says(LANGFANG, "ClarificationAsked", matter)
    regions.carry_all()
    names = {region: regions.thread(region, matter).deadline for region in regions.nodes}
    assert names["hebei"] != names["tianjin"]  # who refused it never left the deadline before
    assert not void(regions, matter, 1)
    now = {region: regions.thread(region, matter).deadline for region in regions.nodes}
    assert set(now.values()) == {names["tianjin"]}


def test_a_voided_request_is_pending_nowhere(regions: Neighbours, touchy: set[str]) -> None:
    """Nor is the one before, which it had replaced where it was taken."""
    matter = regions.open(HAIDIAN, LANGFANG, BINHAI)
    regions.carry_all()
    regions.says(LANGFANG, "ExtensionAsked", matter)
    regions.carry_all()
    touchy.add("ExtensionAsked")
    regions.says(LANGFANG, "ExtensionAsked", matter)
    regions.carry_all()
    assert not regions.agree(matter)
    assert not void(regions, matter, 2)
    assert regions.agree(matter)
    for region in regions.nodes:
        assert pending(regions.thread(region, matter), "ExtensionAsked") is None


def test_what_others_build_on_is_released_and_not_voided(
    regions: Neighbours, touchy: set[str]
) -> None:
    """Who was brought in may have spoken; a step may have been answered."""
    touchy.update(("ParticipantAdded", "LeaveAsked"))
    matter = regions.open(HAIDIAN, LANGFANG, BINHAI)
    regions.carry_all()
    regions.adds(LANGFANG, SANHE, matter)
    regions.says(LANGFANG, "Accepted", matter)
    regions.says(LANGFANG, "Completed", matter)
    regions.says(SANHE, "LeaveAsked", matter)
    regions.carry_all()
    assert freezes(regions, "hebei", matter) == [("tianjin", "hebei", 1)]
    assert void(regions, matter, 1) == "NOT_VOIDABLE"
    for number in (1, 2, 4):  # the third waits for nothing else
        assert not asks_itself(regions, "tianjin", matter, releases("hebei", number)).code
        regions.carry_all()
        if number == 1:
            assert void(regions, matter, 2) == "NOT_VOIDABLE"  # the step isn't the last one
    for region in regions.nodes:
        assert freezes(regions, region, matter) == []
    assert regions.agree(matter)


def test_what_is_voided_is_what_the_log_has(regions: Neighbours, frozen: str) -> None:
    other = regions.events("hebei")[0].envelope
    outcome = asks_itself(regions, "hebei", frozen, voids("hebei", 1, other))
    assert (outcome.code, outcome.field) == ("INVALID_FIELD", "body.envelope")
    assert freezes(regions, "hebei", frozen) == [("tianjin", "hebei", 1)]


def test_what_was_voided_comes_again_without_effect(regions: Neighbours, frozen: str) -> None:
    accepted = next(e for e in regions.events("hebei") if b"Accepted" in e.envelope)
    assert not void(regions, frozen, 1)
    for region in ("beijing", "tianjin"):
        regions.forge("hebei", region, accepted)
        assert freezes(regions, region, frozen) == []
        kept = ["VOIDED"] if region == "tianjin" else []  # what it had refused, as proof
        assert regions.quarantined(region) == kept
    assert regions.agree(frozen)


def test_a_refusal_that_comes_after_the_voiding_freezes_nobody(
    regions: Neighbours, frozen: str
) -> None:
    """Of a newcomer, who is sent the history and refuses in it what others had refused."""
    refusal = last(regions, "tianjin")
    number = ev.Envelope.FromString(refusal.envelope).number + 1
    assert not void(regions, frozen, 1)
    regions.forge("tianjin", "beijing", altered(refusal, number=number))
    assert regions.types("beijing")[-2:] == ["Voided", "Refused"]
    assert freezes(regions, "beijing", frozen) == []


def test_what_was_refused_before_one_came_in_is_taken_as_the_others_took_it(
    regions: Neighbours, touchy: set[str]
) -> None:
    """A newcomer's refusal would reach who doesn't know it yet; so it only keeps the event."""
    matter = regions.open(HAIDIAN, LANGFANG)
    regions.carry_all()
    regions.says(LANGFANG, "Accepted", matter)
    regions.carry_all()
    regions.adds(HAIDIAN, BINHAI, matter)
    regions.carry("hebei", "tianjin")
    regions.carry_all()
    assert regions.quarantined("tianjin") == ["WRONG_STEP"]
    assert not any("Refused" in regions.types(region) for region in regions.nodes)
    assert regions.agree(matter)
    regions.says(BINHAI, "Commented", matter)
    touchy.add("Progressed")  # what is said to it once it is there it does refuse
    regions.says(LANGFANG, "Progressed", matter)
    regions.carry_all()
    assert freezes(regions, "beijing", matter) == [("tianjin", "hebei", 2)]


def test_a_newcomer_too_is_frozen_by_what_it_could_not_read(regions: Neighbours) -> None:
    """It counts the number, so that it knows of what the refusal speaks when that comes."""
    matter = regions.open(HAIDIAN, BINHAI)
    regions.carry_all()
    regions.says(BINHAI, "Commented", matter)
    regions.nodes["tianjin"].disk.events[-1].event.body += b"\x10\x01"
    regions.adds(HAIDIAN, LANGFANG, matter)
    regions.carry("tianjin", "beijing")
    assert freezes(regions, "beijing", matter) == [("beijing", "tianjin", 1)]
    regions.carry("beijing", "tianjin")  # that Hebei takes part
    regions.carry("tianjin", "hebei")
    regions.carry_all()
    assert regions.quarantined("hebei") == ["BODY_MISMATCH"]
    assert freezes(regions, "hebei", matter) == [("beijing", "tianjin", 1)]
    assert not void(regions, matter, 1, "tianjin")
    assert [freezes(regions, region, matter) for region in regions.nodes] == [[], [], []]
    assert regions.agree(matter)
    regions.says(LANGFANG, "Commented", matter)


def test_a_number_used_twice_before_ones_time_is_for_the_others_to_refuse(
    regions: Neighbours,
) -> None:
    matter = regions.open(HAIDIAN, BINHAI)
    regions.carry("beijing", "tianjin")
    regions.says(BINHAI, "Commented", matter)
    said = last(regions, "tianjin")
    regions.forge("tianjin", "hebei", said, altered(said, officer="李静"))
    regions.adds(HAIDIAN, LANGFANG, matter)
    regions.carry("beijing", "hebei")
    assert regions.quarantined("hebei") == ["NUMBER_CONFLICT"]
    assert "Refused" not in regions.types("hebei")
    assert [one.number for one in regions.log("hebei") if one.origin == "tianjin"] == [1]


@pytest.mark.parametrize(
    ("course", "state"),
    [
        ({}, "requested"),
        ({"state": "completed"}, "accepted"),
        ({"awaits": HAIDIAN}, "accepted"),
        ({"number": 9}, "accepted"),
    ],
)
def test_a_voiding_leads_nowhere_but_to_the_step_before(
    regions: Neighbours, touchy: set[str], course: dict[str, object], state: str
) -> None:
    """Else who voids could lead a thread wherever it likes."""
    matter = regions.open(HAIDIAN, LANGFANG, BINHAI)
    regions.carry_all()
    regions.says(LANGFANG, "Accepted", matter)
    regions.carry_all()
    regions.mail.clear()
    asks_itself(regions, "hebei", matter, voided_by_hebei(regions))
    said = last(regions, "hebei")
    step = ev.Envelope.FromString(said.envelope).step
    for name, value in course.items():
        setattr(step, name, value)
    regions.forge("hebei", "beijing", altered(said, step=step))
    assert regions.thread("beijing", matter).step.state == state
    assert regions.types("beijing").count("Voided") == (not course)


def voided_by_hebei(regions: Neighbours) -> body_pb2.Body:
    accepted = next(e for e in regions.events("hebei") if b"Accepted" in e.envelope)
    return voids("hebei", 1, accepted.envelope)


def test_who_refused_one_of_two_steps_follows_when_the_other_is_voided(
    regions: Neighbours, touchy: set[str]
) -> None:
    """Beijing refuses the second: back to the first, which Tianjin has refused and releases."""
    touchy.add("beijing:Completed")
    matter = regions.open(HAIDIAN, LANGFANG, BINHAI)
    regions.carry_all()
    regions.says(LANGFANG, "Accepted", matter)
    regions.says(LANGFANG, "Completed", matter)
    regions.carry_all()
    found = {("tianjin", "hebei", 1), ("beijing", "hebei", 2)}
    assert set(freezes(regions, "hebei", matter)) == found
    assert void(regions, matter, 1) == "NOT_VOIDABLE"
    assert not void(regions, matter, 2)
    asks_itself(regions, "tianjin", matter, releases("hebei", 1))
    regions.carry_all()
    for region in regions.nodes:
        assert freezes(regions, region, matter) == []
        assert regions.thread(region, matter).step.state == "accepted"
    assert regions.agree(matter)
