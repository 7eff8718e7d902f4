"""Assertions: each fails where it should, and tells what was there instead."""

from __future__ import annotations

import asyncio

import pytest

from collabbus.handlers import AssistanceMatter, AssistanceRequested, Event, Received, on
from collabbus.testing import Alliance
from tests.testing.stories import BINHAI, HAIDIAN, asked, told


@on(AssistanceRequested)
async def register(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    await matter.receive(officer="李静")


@pytest.fixture
def played() -> Alliance:
    alliance = Alliance("jingjinji")
    alliance.handle(register, office=BINHAI)
    asked(alliance)
    asyncio.run(alliance.settle())
    return alliance


def test_what_was_not_recorded_is_told_with_what_was(played: Alliance) -> None:
    [matter] = played.matters("tianjin")
    with pytest.raises(AssertionError) as failed:
        played.assert_recorded("Accepted", matter=matter)
    lines = str(failed.value).splitlines()
    assert lines[0] == "Accepted was recorded never in tianjin, expected it"
    assert lines[1] == "the log of tianjin holds:"
    assert lines[3].endswith(f"Received by {BINHAI} -> step 2 received, awaits {BINHAI}")


def test_what_was_recorded_another_number_of_times_fails(played: Alliance) -> None:
    played.assert_recorded(Received, times=1)
    with pytest.raises(AssertionError, match="recorded once in beijing, expected twice"):
        played.assert_recorded(Received, region="beijing", times=2)
    with pytest.raises(AssertionError, match="never in tianjin"):
        played.assert_recorded(AssistanceRequested, office=BINHAI)
    with pytest.raises(AssertionError, match=f"in track/{BINHAI}"):
        played.assert_recorded(Received, thread=f"track/{BINHAI}", times=1)


def test_what_was_recorded_and_should_not_have_been_fails(played: Alliance) -> None:
    played.assert_not_recorded(Received, region="hebei")
    played.assert_not_recorded(Received, office=HAIDIAN)
    with pytest.raises(AssertionError, match="recorded in beijing, expected not"):
        played.assert_not_recorded(Received)


def test_another_state_in_any_region_fails(played: Alliance) -> None:
    [matter] = played.matters("beijing")
    played.assert_state(matter, "received", awaits=BINHAI)
    with pytest.raises(AssertionError, match=r"in state 'received'.*expected 'accepted'"):
        played.assert_state(matter, "accepted")
    with pytest.raises(AssertionError, match="expected 'received', awaiting nobody"):
        played.assert_state(matter, "received", awaits="")
    with pytest.raises(AssertionError, match=r"hebei holds main of .* in state '-'"):
        played.assert_state(matter, "received", region="hebei")


def test_answers_in_another_order_or_number_fail(played: Alliance) -> None:
    played.assert_answers(Received)
    with pytest.raises(AssertionError, match="register: Received by tianjin/binhai"):
        played.assert_answers(Received, Received)
    with pytest.raises(AssertionError, match="expected nothing"):
        played.assert_answers()
    with pytest.raises(AssertionError, match="answered\n  nothing"):
        played.assert_answers(Received, handler="another")


def test_nothing_parked_is_told(played: Alliance) -> None:
    played.assert_nothing_parked()
    with pytest.raises(AssertionError, match="nothing by register for KeyError is parked; nor is"):
        played.assert_parked(handler="register", error=KeyError)


def test_what_is_parked_is_told_by_every_assertion_that_fails() -> None:
    @on(AssistanceRequested)
    async def broken(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        raise KeyError("court")

    alliance = Alliance("jingjinji")
    alliance.handle(broken, office=BINHAI)
    matter = asked(alliance)
    asyncio.run(alliance.settle())
    for failing in (
        lambda: alliance.assert_state(matter, "received"),
        lambda: alliance.assert_recorded(Received),
        lambda: alliance.assert_answers(Received),
        lambda: alliance.assert_parked(error=ValueError),
        lambda: alliance.assert_nothing_parked(),
    ):
        with pytest.raises(AssertionError, match="KeyError: 'court'"):
            failing()


def test_regions_that_differ_are_told(played: Alliance) -> None:
    played.assert_converged()
    with played.cut("beijing", "tianjin"):
        told(played, BINHAI)
        asyncio.run(played.settle())
        with pytest.raises(AssertionError, match="tianjin is a member and holds nothing of it"):
            played.assert_converged()
    asyncio.run(played.settle())
    played.assert_converged()
