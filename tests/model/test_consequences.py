"""What the rules do by themselves: copies, and matters that led to one another."""

from __future__ import annotations

import pytest

from collab.v1 import body_pb2, notification_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import batch
from tests.model.neighbours import (
    BEIJING,
    BINHAI,
    BODIES,
    CHAOYANG,
    HAIDIAN,
    LANGFANG,
    Neighbours,
    altered,
)
from tests.model.signing import (
    RECIPIENTS,
    circulating,
    code,
    convene,
    drafted,
    opening,
    says,
    sound,
    track,
)

ACKNOWLEDGED = notification_pb2.Acknowledged()
COMMENTED = verbs_pb2.Commented(text="知悉")
CLOSED = verbs_pb2.Closed()
BINHAIS, LANGFANGS = track(BINHAI), track(LANGFANG)


@pytest.fixture
def regions() -> Neighbours:
    """Beijing, Tianjin and Hebei, under a contract that has tracks."""
    return Neighbours(circulating())


@pytest.fixture
def circle(regions: Neighbours) -> str:
    """A consultation that Haidian hosts; Binhai and Langfang are invited, and know of it."""
    matter = convene(regions, *RECIPIENTS)
    regions.carry_all()
    return matter


# Copies: threads that only the issuer writes (001§15) --------------------------------------------

COPIES = [
    ev.Copy(role=ev.COPY_ROLE_REPORT, office=BEIJING),
    ev.Copy(role=ev.COPY_ROLE_COPY_UP, office=BINHAI),
]
UP = f"copy/copy-up/{BINHAI}"


def test_a_copy_is_a_thread_of_its_own_with_the_act_as_it_was_recorded(
    regions: Neighbours,
) -> None:
    matter = convene(regions, LANGFANG, copies=COPIES, proposal="意见稿")
    regions.carry_all()
    assert regions.threads("tianjin", matter) == [UP]  # and nothing of the matter itself
    assert f"copy/report/{BEIJING}" in regions.threads("beijing", matter)
    [sent] = regions.events("tianjin")
    original = regions.events("beijing")[0]
    copied = body_pb2.Body.FromString(sent.body).copied
    envelope = regions.log("beijing")[0]
    assert copied.content == original.body
    assert (copied.role, copied.type, copied.event_id) == (
        ev.COPY_ROLE_COPY_UP,
        "ConsultationConvened",
        envelope.event_id,
    )
    assert regions.agree(matter, "beijing", "tianjin", thread=UP)
    sound(regions)


def test_nobody_acts_in_a_copy(regions: Neighbours) -> None:
    matter = convene(regions, LANGFANG, copies=COPIES)
    regions.carry_all()
    for office in (BINHAI, HAIDIAN):
        assert code(regions, office, matter, COMMENTED, UP) in ("UNKNOWN_THREAD", "UNKNOWN_MATTER")
    [copied] = regions.events("tianjin")
    answer = altered(
        copied,
        BODIES["Commented"],
        origin="tianjin",
        office=BINHAI,
        clock=False,
        number=1,
        drop=["participants", "seed", "causation"],
        seen=[ev.Seen(origin="beijing", number=1)],
    )
    regions.forge("tianjin", "beijing", answer)
    assert "Commented" not in regions.types("beijing")


def test_a_further_copy_to_the_same_office_goes_on_in_its_thread(regions: Neighbours) -> None:
    matter = convene(regions, LANGFANG, copies=COPIES)
    says(regions, HAIDIAN, matter, drafted("1"), copies=COPIES[1:])
    regions.carry_all()
    assert [e.number for e in regions.log("tianjin")] == [1, 2]
    assert len(regions.thread("tianjin", matter, UP).parties) == 2
    sound(regions)


def test_a_law_of_one_region_wants_copies_of_its_own_offices_acts_alone(
    regions: Neighbours,
) -> None:
    """Invariant 10: a rule may name the region whose law it is, and binds that region's acts."""
    lacking = opening(regions, BINHAI, proposal="意见稿", copies=COPIES[:1])
    outcome = regions.hand_in(lacking)
    assert (outcome.code, outcome.field) == ("MISSING_FIELD", "copies")
    assert "001§15" in outcome.reason
    assert not regions.hand_in(opening(regions, BINHAI, copies=[])).code  # not such a text
    abroad = opening(regions, LANGFANG, office=BINHAI, proposal="意见稿")
    assert not regions.hand_in(abroad).code


def test_what_is_too_large_to_be_copied_is_rejected_before_it_is_recorded(
    regions: Neighbours,
) -> None:
    """Else its receivers would have to refuse the copy, and freeze its thread."""
    agenda = ["议" * 1024] * 16
    for size, found in ((60_000, ""), (64_000, "TOO_LARGE")):
        large = opening(regions, LANGFANG, proposal="意" * size, copies=COPIES)
        large.body.consultation_convened.agenda.extend(agenda)
        assert regions.hand_in(large).code == found
    regions.carry_all()
    sound(regions)


def test_copies_are_the_issuers_to_send(regions: Neighbours, circle: str) -> None:
    """Nobody speaks for another: else a peer could have the host sign copies to whomever."""
    sent = {"copies": COPIES[:1]}
    assert code(regions, BINHAI, circle, COMMENTED, **sent) == "NOT_ALLOWED"
    assert code(regions, BINHAI, circle, ACKNOWLEDGED, BINHAIS, **sent) == "INVALID_FIELD"
    nowhere = {"copies": [ev.Copy(role=ev.COPY_ROLE_REPORT, office="beijing/atlantis")]}
    assert code(regions, HAIDIAN, circle, COMMENTED, **nowhere) == "UNKNOWN_OFFICE"
    says(regions, BINHAI, circle, COMMENTED)
    forged = altered(regions.events("tianjin")[-1], copies=COPIES[:1])
    regions.forge("tianjin", "beijing", forged)
    assert "Copied" not in regions.types("beijing")


# Linked matters ---------------------------------------------------------------------------------


def linked(regions: Neighbours, region: str, matter: str) -> list[tuple[str, str]]:
    """Give what a region knows of matters that came of another: id and state."""
    return [(one.matter_id, one.state) for one in regions.thread(region, matter).links]


def test_a_cause_is_told_when_a_matter_that_came_of_it_opens_and_ends(regions: Neighbours) -> None:
    """Section 3: id, family and outcome, to all who have the cause, and no contents."""
    cause = regions.open(BINHAI, HAIDIAN)
    regions.carry_all()
    event_id = regions.log("beijing")[0].event_id
    found = convene(regions, LANGFANG, cause=sub.Cause(matter_id=cause, event_id=event_id))
    regions.carry_all()
    assert linked(regions, "beijing", cause) == [(found, "gathering")]
    assert linked(regions, "tianjin", cause) == [(found, "gathering")]
    assert not regions.threads("tianjin", found)  # Tianjin has no part in it
    says(regions, HAIDIAN, found, CLOSED)
    regions.carry_all()
    assert linked(regions, "tianjin", cause) == [(found, "closed")]
    assert regions.agree(cause, "beijing", "tianjin")
    told = [e for e in regions.log("tianjin") if e.type == "Linked"]
    assert [(e.office, e.clock, e.origin) for e in told] == [(HAIDIAN, True, "beijing")] * 2
    sound(regions)


def test_what_a_region_asks_of_itself_is_the_same_however_often_it_is_decided(
    regions: Neighbours,
) -> None:
    """Invariant 2: its id derives from the event that made it."""
    cause = regions.open()
    convene(regions, LANGFANG, cause=sub.Cause(matter_id=cause, event_id="0" * 32))
    node = regions.nodes["beijing"]
    assert regions.types("beijing").count("Linked") == 1
    told = next(e for e in regions.log("beijing") if e.type == "Linked")
    assert told.causation.submission_id.startswith("linked-")
    outcome = sub.Outcome.FromString(node.disk.outcomes[-1])
    assert (outcome.submission_id, outcome.code) == (told.causation.submission_id, "")


def test_a_cause_that_isnt_here_stops_nothing(regions: Neighbours) -> None:
    matter = convene(regions, BINHAI, cause=sub.Cause(matter_id="0" * 32, event_id="0" * 32))
    regions.carry_all()
    assert regions.thread("tianjin", matter).step.state == "gathering"
    assert "Linked" not in regions.types("beijing")
    assert not regions.quarantined("beijing")


def test_a_region_that_has_asked_to_leave_says_nothing_of_linked_matters_there(
    regions: Neighbours,
) -> None:
    """Rule 6: else others, who know of its leaving, would get an event of no member."""
    cause = regions.open(BINHAI, LANGFANG, HAIDIAN)
    regions.carry_all()
    event_id = regions.log("tianjin")[0].event_id
    regions.says(HAIDIAN, "LeaveAsked", cause)
    convene(regions, BINHAI, cause=sub.Cause(matter_id=cause, event_id=event_id))
    asked = sub.Outcome.FromString(regions.nodes["beijing"].disk.outcomes[-1])
    assert (asked.submission_id[:7], asked.code) == ("linked-", "LEAVING")
    regions.carry_all()
    assert not any("Linked" in regions.types(region) for region in regions.nodes)
    assert regions.agree(cause, "tianjin", "hebei")
    sound(regions)


@pytest.mark.parametrize("kind", ["linked", "voided", "released"])
def test_what_a_region_asks_of_itself_no_office_asks(regions: Neighbours, kind: str) -> None:
    """Invariant 8: an office's signature doesn't make it the region's own act."""
    matter = regions.open(HAIDIAN, BINHAI)
    bodies = {
        "linked": verbs_pb2.Linked(
            matter_id="0" * 32,
            family=ev.FAMILY_CLUE,
            type="ClueTransferred",
            event_id="0" * 32,
            state="closed",
        ),
        "voided": verbs_pb2.Voided(origin="beijing", number=1, operator="王敏", reason="误录"),
        "released": verbs_pb2.Released(origin="tianjin", number=1, operator="王敏", reason="误"),
    }
    body = body_pb2.Body()
    getattr(body, kind).CopyFrom(bodies[kind])
    for office in (HAIDIAN, CHAOYANG):
        asked = regions.draft(office, "Commented", matter, body=body)
        assert regions.hand_in(asked).code in ("FOREIGN_OFFICE", "NOT_ALLOWED")
    assert regions.types("beijing") == ["AssistanceRequested"]
    own = regions.draft(HAIDIAN, "Commented", matter, body=body)
    [record] = batch.sign([own.SerializeToString()], regions.cast.identities["beijing"].sign)
    outcome = regions.put("beijing", record, matter.encode())
    assert outcome is not None
    # It is heard; but nobody has refused anything that could be voided or released.
    assert outcome.code == ("" if kind == "linked" else "NOTHING_PENDING")


def test_a_matter_that_opens_and_ends_at_once_is_told_of_twice(regions: Neighbours) -> None:
    cause = regions.open()
    found = convene(regions, LANGFANG, cause=sub.Cause(matter_id=cause, event_id="0" * 32))
    says(regions, HAIDIAN, found, CLOSED)  # in the same millisecond
    assert linked(regions, "beijing", cause) == [(found, "closed")]
