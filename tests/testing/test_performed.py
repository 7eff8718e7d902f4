"""Scenarios, played against handlers."""

from __future__ import annotations

import asyncio

import pytest

from collabbus.contracts import load
from collabbus.handlers import (
    AssistanceMatter,
    AssistanceRequested,
    Completed,
    Event,
    Handlers,
    on,
)
from collabbus.testing import Alliance, UnknownNameError
from collabbus.testing.contracts import find, scenarios
from tests.testing.stories import BINHAI, HAIDIAN

S1 = "s1-jjj-assistance"


@on(AssistanceRequested)
async def receive(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    await matter.receive(officer="李静", register_number="42")


@on(AssistanceRequested)
async def receive_and_accept(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    await matter.receive(officer="李静")
    await matter.accept(
        officer="李静", assignee="李静", venue="第一询问室", date=event.recorded.date().isoformat()
    )


@on(Completed)
async def close(event: Event[Completed], matter: AssistanceMatter) -> None:
    await matter.close(officer="王敏", rating=5)


def test_handlers_of_both_sides_say_their_acts_and_officers_the_rest() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(receive_and_accept, office=BINHAI)
    alliance.handle(close, office=HAIDIAN)
    performed = asyncio.run(alliance.play(S1))
    performed.assert_as_written()
    assert performed.by_handlers == (2, 3, 9)


def test_an_alliance_without_handlers_plays_a_scenario_as_it_is_written() -> None:
    performed = asyncio.run(Alliance("jingjinji").play(S1))
    performed.assert_as_written()
    assert performed.by_handlers == ()


def test_a_handler_that_says_something_else_is_told() -> None:
    @on(AssistanceRequested)
    async def comment(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        await matter.comment(officer="李静", text="知悉")

    alliance = Alliance("jingjinji")
    alliance.handle(comment, office=BINHAI)
    performed = asyncio.run(alliance.play(S1))
    with pytest.raises(AssertionError, match="1 Commented, 1 Extended"):
        performed.assert_as_written()


def test_a_handler_that_leads_elsewhere_is_told() -> None:
    @on(AssistanceRequested)
    async def ask(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        await matter.receive(officer="李静")
        await matter.ask(officer="李静", questions=["何时?"])

    alliance = Alliance("jingjinji")
    alliance.handle(ask, office=BINHAI)
    performed = asyncio.run(alliance.play(S1))
    with pytest.raises(AssertionError, match=r"act 3 \(Accepted by tianjin/binhai\): rejected as"):
        performed.assert_as_written()


def test_a_handler_that_fails_is_told_with_its_traceback() -> None:
    @on(AssistanceRequested)
    async def broken(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        raise ValueError("no such table")

    alliance = Alliance("jingjinji")
    alliance.handle(Handlers("desk", receive, broken), office=BINHAI)
    performed = asyncio.run(alliance.play(S1))
    assert performed.by_handlers == (2,)
    with pytest.raises(AssertionError, match="no such table"):
        performed.assert_as_written()


def test_a_scenario_that_cant_be_played_here_is_told() -> None:
    with pytest.raises(UnknownNameError, match="scenario list"):
        asyncio.run(Alliance("jingjinji").play("s1"))
    with pytest.raises(UnknownNameError, match="an Alliance of northwest"):
        asyncio.run(Alliance("jingjinji").play("s3-nw-ecology"))
    with pytest.raises(UnknownNameError, match="give a Scenario"):
        asyncio.run(Alliance("jingjinji", contracts=load(find())).play(S1))


def test_two_acts_that_say_the_same_are_two_and_a_step_that_leads_elsewhere_differs() -> None:
    from collabbus.simulate.play import Performance

    alliance = Alliance("jingjinji")
    alliance.handle(receive, office=BINHAI)
    asyncio.run(alliance.play(S1))
    scenario = scenarios(find())[S1]
    performance = Performance(scenario, alliance.stage, "again")
    opening, received = scenario.acts[0], scenario.acts[1]
    assert performance.heard(1, opening)
    assert performance.heard(2, received)
    assert not performance.heard(3, received), "it was said once"
    assert performance.played.differences == []
    other = Performance(scenario, alliance.stage, "again")
    wrong = received.then.model_copy(update={"step": 3}) if received.then else None
    assert other.heard(1, opening)
    assert other.heard(2, received.model_copy(update={"then": wrong}))
    assert "expected (3, 'received'" in other.played.differences[0]
