"""Causes: what came of a matter is told there, once its region takes part (section 3)."""

from __future__ import annotations

import pytest

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import batch
from collabbus.model.causes import OWN_ACT_MS
from tests.model.neighbours import BINHAI, CHAOYANG, HAIDIAN, LANGFANG, Neighbours
from tests.model.signing import circulating, convene, says, sound

CLOSED = verbs_pb2.Closed()


@pytest.fixture
def regions() -> Neighbours:
    """Beijing, Tianjin and Hebei, under a contract that has tracks."""
    return Neighbours(circulating())


def came_of(cause: str) -> sub.Cause:
    return sub.Cause(matter_id=cause, event_id="0" * 32)


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
        "voided": verbs_pb2.Voided(
            origin="beijing", number=1, operator="王敏", reason="误录", envelope=b"-"
        ),
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


# Causes in which the region takes no part yet ----------------------------------------------------


def test_what_came_of_a_matter_that_isnt_open_here_yet_is_told_once_it_is(
    regions: Neighbours,
) -> None:
    cause = regions.open(BINHAI, HAIDIAN)
    found = convene(regions, LANGFANG, cause=came_of(cause))
    assert "Linked" not in regions.types("beijing")
    regions.nodes["beijing"].start_record()  # and also who takes the shard meanwhile
    regions.carry_all()
    assert linked(regions, "beijing", cause) == [(found, "gathering")]
    assert linked(regions, "tianjin", cause) == [(found, "gathering")]
    assert not [key for key in regions.snapshot("beijing") if key.startswith("r/")]
    outcome = sub.Outcome.FromString(regions.nodes["beijing"].disk.outcomes[-1])
    assert (outcome.submission_id.startswith("linked-"), outcome.code) == (True, "")
    sound(regions)


def test_what_waited_never_sets_back_what_was_told_before_it(regions: Neighbours) -> None:
    """Both are the region's own word, and come to the cause by ways of different length."""
    cause = regions.open()
    found = convene(regions, LANGFANG, cause=came_of(cause))
    says(regions, HAIDIAN, found, CLOSED)
    first = next(e for e in regions.events("beijing") if b"linked-" in e.envelope)
    late = regions.draft(HAIDIAN, "Commented", cause, body=body_pb2.Body.FromString(first.body))
    [record] = batch.sign([late.SerializeToString()], regions.cast.identities["beijing"].sign)
    outcome = regions.put("beijing", record, cause.encode())
    assert outcome is not None
    assert not outcome.code
    assert linked(regions, "beijing", cause) == [(found, "closed")]


def test_who_is_brought_in_later_tells_it_then(regions: Neighbours) -> None:
    cause = regions.open(BINHAI, LANGFANG)
    regions.carry_all()
    found = convene(regions, LANGFANG, cause=came_of(cause))
    regions.carry_all()
    assert linked(regions, "tianjin", cause) == []
    regions.adds(BINHAI, HAIDIAN, cause)
    regions.carry_all()
    for region in regions.nodes:
        assert linked(regions, region, cause) == [(found, "gathering")]
    sound(regions)


def test_who_has_asked_to_leave_tells_it_if_it_is_brought_in_again(regions: Neighbours) -> None:
    """Rule 6: asking to leave was its last word."""
    cause = regions.open(BINHAI, LANGFANG)
    regions.adds(BINHAI, HAIDIAN, cause)
    regions.carry_all()
    regions.says(HAIDIAN, "LeaveAsked", cause)
    found = convene(regions, LANGFANG, cause=came_of(cause))
    regions.carry_all()
    assert "Linked" not in regions.types("beijing")
    regions.adds(BINHAI, HAIDIAN, cause)
    regions.carry_all()
    for region in regions.nodes:
        assert linked(regions, region, cause) == [(found, "gathering")]
    sound(regions)


def test_what_can_be_told_nowhere_is_forgotten(regions: Neighbours) -> None:
    convene(regions, BINHAI, cause=came_of("0" * 32))
    waiting = [key for key in regions.snapshot("beijing") if key.startswith("r/")]
    assert waiting == [f"r/{'0' * 32}/linked"]
    regions.now_ms += OWN_ACT_MS
    regions.tick("beijing")
    assert waiting[0] in regions.snapshot("beijing")
    regions.now_ms += 1
    regions.tick("beijing")
    assert waiting[0] not in regions.snapshot("beijing")
