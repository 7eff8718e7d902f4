"""The alliance in memory: what it promises to those who test their handlers on it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from collab.v1 import verbs_pb2 as verbs
from collabbus.testing import Alliance, NeverSettlesError, UnknownNameError
from tests.testing.stories import BINHAI, HAIDIAN, accepted, asked, told


def settle(alliance: Alliance) -> None:
    asyncio.run(alliance.settle())


def test_what_an_office_says_arrives_once_the_alliance_settles() -> None:
    alliance = Alliance("jingjinji")
    matter = asked(alliance)
    assert matter.state == "requested"
    assert not alliance.log("tianjin")
    settle(alliance)
    assert alliance.log("tianjin").types == ["AssistanceRequested"]
    assert alliance.log("hebei").types == []
    assert matter.at("tianjin").awaits == BINHAI
    assert matter.parties == (HAIDIAN, BINHAI)
    assert (matter.host, matter.family, matter.kinds) == (HAIDIAN, "assistance", ("WITNESS",))
    alliance.assert_converged()


def test_the_same_calls_give_the_same_ids_events_and_times() -> None:
    def play() -> list[bytes]:
        alliance = Alliance("jingjinji")
        alliance.links(lose=0.3, repeat=0.3)
        alliance.partner("tianjin")
        asked(alliance)
        settle(alliance)
        return [seen.event.SerializeToString() for seen in alliance.log("tianjin")]

    assert len(play()) == 5
    assert play() == play()


def test_time_stands_still_unless_it_is_advanced_and_then_clocks_speak() -> None:
    alliance = Alliance("jingjinji")
    matter = asked(alliance)
    settle(alliance)
    today = alliance.today
    assert matter.due == today + timedelta(days=30)
    alliance.advance(days=26)
    assert "Reminded" not in alliance.log("tianjin").types
    alliance.advance(days=2)
    assert alliance.today == today + timedelta(days=28)
    assert "Reminded" in alliance.log("tianjin").types
    assert not matter.overdue
    alliance.advance(days=3)
    assert matter.overdue
    alliance.assert_recorded("Overdue", region="beijing", times=1)


def test_what_links_lose_and_repeat_arrives_once_all_the_same() -> None:
    alliance = Alliance("jingjinji", seed=3)
    alliance.links(lose=0.4, repeat=0.4)
    for _ in range(10):
        asked(alliance)
    settle(alliance)
    assert alliance.stage.lost > 0
    assert alliance.log("tianjin").types == ["AssistanceRequested"] * 10
    alliance.assert_converged()


def test_a_region_that_is_down_records_nothing_and_catches_up() -> None:
    alliance = Alliance("jingjinji")
    with alliance.down("tianjin"):
        matter = asked(alliance)
        settle(alliance)
        assert not alliance.log("tianjin")
    settle(alliance)
    assert matter.at("tianjin").state == "requested"
    alliance.assert_converged()


def test_an_office_whose_region_is_down_has_its_submission_decided_later() -> None:
    from collabbus.sdk import NotDecidedInTime

    alliance = Alliance("jingjinji")
    with alliance.down("beijing"), pytest.raises(NotDecidedInTime, match="beijing is down"):
        asked(alliance)
    settle(alliance)
    alliance.assert_recorded("AssistanceRequested", region="tianjin", times=1)


def test_nothing_passes_a_link_that_is_cut_while_others_go_on() -> None:
    alliance = Alliance("jingjinji")
    with alliance.cut("beijing", "tianjin"):
        matter = told(alliance, BINHAI, "hebei/provincial")
        settle(alliance)
        assert not alliance.log("tianjin")
        assert matter.track("hebei/provincial").at("hebei").state == "notified"
    settle(alliance)
    assert matter.track(BINHAI).at("tianjin").state == "notified"
    alliance.assert_converged()


def test_slow_links_take_their_time() -> None:
    alliance = Alliance("jingjinji", links_ms={"beijing>tianjin": 3_600_000})
    began = alliance.stage.now_ms()
    asked(alliance)
    settle(alliance)
    assert alliance.log("tianjin")
    assert alliance.stage.now_ms() - began >= 3_600_000


def test_partners_that_ask_each_other_for_ever_are_told_apart_from_slow_ones() -> None:
    alliance = Alliance("jingjinji")
    alliance.partner(BINHAI, {"requested": "ClarificationAsked"})
    alliance.partner(HAIDIAN)
    asked(alliance)
    with pytest.raises(NeverSettlesError, match="still answer each other"):
        settle(alliance)


def test_a_name_that_the_contracts_dont_know_is_told_with_those_that_they_do() -> None:
    alliance = Alliance("jingjinji")
    with pytest.raises(UnknownNameError, match="beijing/haidan"):
        alliance.office("beijing/haidan")
    with pytest.raises(UnknownNameError, match="use one of beijing, tianjin, hebei"):
        alliance.log("gansu")
    with pytest.raises(UnknownNameError, match="no region holds a matter"):
        alliance.matter("0" * 32)


def test_several_networks_meet_in_one_alliance() -> None:
    alliance = Alliance("jingjinji", "northwest")
    assert {"beijing", "gansu"} <= set(alliance.regions)
    assert alliance.office("gansu/provincial").network == "northwest"
    assert alliance.office(HAIDIAN).network == "jingjinji"


def test_a_matter_is_found_by_its_id_and_in_the_list_of_its_region() -> None:
    alliance = Alliance("jingjinji")
    matter = asked(alliance)
    settle(alliance)
    assert alliance.matter(matter.id).region == "beijing"
    assert alliance.matter(matter, "tianjin").step == 1
    assert [one.id for one in alliance.matters("tianjin")] == [matter.id]
    assert alliance.matters("hebei") == []


def test_an_alliance_may_be_entered_in_an_async_test() -> None:
    async def play() -> str:
        async with Alliance("jingjinji") as alliance:
            matter = asked(alliance)
            await alliance.settle()
            today = alliance.today
            alliance.office(BINHAI).act(matter.id, accepted(today), officer="李静")
            await alliance.live(days=1)
            return matter.state

    assert asyncio.run(play()) == "accepted"


def test_what_is_asked_of_a_partner_by_days_comes_while_time_advances() -> None:
    alliance = Alliance("jingjinji")
    alliance.partner("tianjin", {"accepted": None}, after_days=2)
    matter = asked(alliance)
    settle(alliance)
    alliance.advance(days=1)
    assert matter.at("tianjin").state == "requested"
    alliance.advance(days=2)
    assert matter.at("tianjin").state == "received"
    alliance.advance(days=2)
    assert matter.at("tianjin").state == "accepted"
    alliance.advance(days=5)
    assert matter.state == "accepted"
    assert isinstance(alliance.log("tianjin")[-1].message, verbs.Accepted)
