"""Handlers on the alliance in memory: delivered as by the real host."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

import pytest

from collabbus.handlers import (
    AssistanceMatter,
    AssistanceRequested,
    Commented,
    CommonMatter,
    Domain,
    Event,
    Handlers,
    Permanent,
    Received,
    Retry,
    on,
)
from collabbus.testing import Alliance, NeverSettlesError, UnknownNameError
from tests.testing.stories import BINHAI, HAIDIAN, STATED, asked, told, witness


@on(AssistanceRequested)
async def register(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    await matter.receive(officer="李静", register_number=f"津滨〔2026〕{event.number}号")


def settle(alliance: Alliance) -> None:
    asyncio.run(alliance.settle())


def test_a_handler_answers_and_its_answer_crosses_the_link() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(register, office=BINHAI)
    matter = asked(alliance)
    settle(alliance)
    alliance.assert_state(matter, "received", awaits=BINHAI)
    alliance.assert_answers(Received, matter=matter, handler="register")
    seen = alliance.assert_recorded(Received, region="beijing", office=BINHAI, times=1)
    [answer] = alliance.answers(Received)
    assert answer.event_ids == (seen.envelope.event_id,)
    assert answer.event.type == "AssistanceRequested"
    assert alliance.answers(Commented) == []


def test_a_plain_function_may_wait_for_its_answer() -> None:
    ids: list[str] = []

    @on(AssistanceRequested)
    def plain(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        ids.extend(matter.receive(officer="李静").wait(10).event_ids)

    alliance = Alliance("jingjinji")
    alliance.handle(plain, office=BINHAI)
    asked(alliance)
    settle(alliance)
    assert ids == [alliance.assert_recorded(Received).envelope.event_id]


def test_what_comes_again_is_answered_once() -> None:
    alliance = Alliance("jingjinji")
    host = alliance.handle(register, office=BINHAI)
    matter = asked(alliance)
    settle(alliance)
    alliance.redeliver()
    settle(alliance)
    assert host.runs == 2
    assert [one.times for one in alliance.answers()] == [2]
    alliance.assert_recorded(Received, region="tianjin", times=1)
    alliance.assert_state(matter, "received")


def test_what_comes_again_and_is_answered_in_other_words_keeps_its_first_answer() -> None:
    said = iter(("一", "二"))

    @on(AssistanceRequested)
    async def fickle(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        await matter.comment(officer="李静", text=next(said))

    alliance = Alliance("jingjinji")
    alliance.handle(fickle, office=BINHAI)
    asked(alliance)
    settle(alliance)
    alliance.redeliver()
    settle(alliance)
    alliance.assert_nothing_parked()
    assert next(said, None) is None
    assert (
        alliance.assert_recorded(Commented, region="tianjin", times=1).body.commented.text == "一"
    )


def test_a_handler_sees_what_its_office_takes_part_in_and_nothing_else() -> None:
    alliance = Alliance("jingjinji")
    host = alliance.handle(register, office="tianjin/provincial")
    asked(alliance)
    settle(alliance)
    assert host.runs == 0
    assert alliance.answers() == []


def test_a_handler_gets_only_what_it_wants() -> None:
    @on(AssistanceRequested, domain=Domain.FINANCE)
    async def finance(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        await matter.receive(officer="李静")

    from collab.v1.event_pb2 import DOMAIN_FINANCE, DOMAIN_IP

    alliance = Alliance("jingjinji")
    alliance.handle(finance, office=BINHAI)
    opened = [
        alliance.office(HAIDIAN).open(witness(), to=BINHAI, domain=domain, **STATED)
        for domain in (DOMAIN_IP, DOMAIN_FINANCE)
    ]
    settle(alliance)
    assert [matter.state for matter in opened] == ["requested", "received"]


def test_a_failure_is_tried_again_at_once_and_then_ever_later() -> None:
    times: list[int] = []

    @on(AssistanceRequested)
    async def flaky(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        times.append(alliance.stage.now_ms())
        if len(times) < 4:
            raise ConnectionError("the case system is away")
        await matter.receive(officer="李静")

    alliance = Alliance("jingjinji")
    alliance.handle(Handlers("desk", flaky, retry=Retry(1, (1_000, 60_000))), office=BINHAI)
    matter = asked(alliance)
    settle(alliance)
    alliance.assert_state(matter, "received")
    alliance.assert_nothing_parked()
    waits = [later - earlier for earlier, later in pairwise(times)]
    assert waits[0] == 0
    assert 1_000 <= waits[1] < 2_000
    assert 60_000 <= waits[2] < 61_000


def test_a_handler_that_keeps_failing_parks_only_its_matter() -> None:
    @on(AssistanceRequested, Commented, office=HAIDIAN)
    async def picky(event: Event[AssistanceRequested | Commented], matter: CommonMatter) -> None:
        runs.append(event.matter_id)
        if event.matter_id == bad.id and not healed:
            raise ValueError("no such register")
        await matter.comment(officer="李静", text="登记")

    runs: list[str] = []
    healed: list[bool] = []
    alliance = Alliance("jingjinji")
    alliance.handle(Handlers("desk", picky), office=BINHAI)
    bad, good = asked(alliance), asked(alliance)
    alliance.office(HAIDIAN).act(bad, Commented(text="请尽快"), officer="王敏")
    settle(alliance)
    parked = alliance.assert_parked(bad, handler="picky", error=ValueError)
    assert "no such register" in parked.failure.traceback
    assert runs.count(bad.id) == parked.failures == 6
    assert {one.event.matter_id for one in alliance.answers()} == {good.id}
    with pytest.raises(AssertionError, match="no such register"):
        alliance.assert_nothing_parked()

    healed.append(True)
    alliance.retry(parked)
    settle(alliance)
    alliance.assert_nothing_parked()
    ours = [one.event.type for one in alliance.answers(matter=bad)]
    assert ours[:2] == ["AssistanceRequested", "Commented"]


def test_what_is_skipped_is_left_out_and_the_rest_goes_on() -> None:
    @on(AssistanceRequested)
    async def hopeless(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        raise Permanent("not for us")

    @on(AssistanceRequested)
    async def second(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        await matter.receive(officer="李静")

    alliance = Alliance("jingjinji")
    host = alliance.handle(Handlers("desk", hopeless, second), office=BINHAI)
    matter = asked(alliance)
    settle(alliance)
    assert host.runs == 1, "what is declared permanent isn't tried again"
    parked = alliance.assert_parked(matter, error="Permanent")
    alliance.redeliver()
    settle(alliance)
    assert host.runs == 1, "what is parked waits for a person, also after a restart"
    alliance.skip(parked)
    settle(alliance)
    alliance.assert_nothing_parked()
    alliance.assert_answers(Received, handler="second")
    with pytest.raises(UnknownNameError, match="isn't parked"):
        alliance.retry(parked)


def test_an_answer_that_the_region_rejects_parks_the_matter_with_its_code() -> None:
    @on(AssistanceRequested)
    async def rash(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        await matter.close(officer="李静")

    alliance = Alliance("jingjinji")
    alliance.handle(rash, office=BINHAI)
    matter = asked(alliance)
    settle(alliance)
    alliance.assert_parked(matter, error="Rejected")
    [answer] = alliance.answers()
    assert answer.rejected == "WRONG_STATE"
    with pytest.raises(AssertionError, match="rejected as WRONG_STATE"):
        alliance.assert_answers(matter=matter)


def test_a_handler_that_hangs_is_given_up_and_others_go_on() -> None:
    @on(AssistanceRequested, timeout=0.05)
    async def hangs(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        if event.matter_id == bad.id:
            await asyncio.sleep(60)
        await matter.receive(officer="李静")

    alliance = Alliance("jingjinji")
    alliance.handle(Handlers("desk", hangs, retry=Retry(1, ())), office=BINHAI)
    bad, good = asked(alliance), asked(alliance)
    began = time.monotonic()
    settle(alliance)
    assert time.monotonic() - began < 20
    assert (bad.state, good.state) == ("requested", "received")
    alliance.assert_parked(bad, error="TimedOut")


@pytest.mark.parametrize("error", [SystemExit, asyncio.CancelledError])
def test_a_handler_that_ends_in_no_error_is_tried_again_and_parked(
    error: type[BaseException],
) -> None:
    @on(AssistanceRequested)
    async def ends(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
        if event.matter_id == bad.id:
            raise error
        await matter.receive(officer="李静")

    alliance = Alliance("jingjinji")
    host = alliance.handle(Handlers("desk", ends), office=BINHAI)
    bad, good = asked(alliance), asked(alliance)
    settle(alliance)
    assert (bad.state, good.state) == ("requested", "received")
    parked = alliance.assert_parked(bad, error="Ended")
    assert error.__name__ in parked.failure.traceback
    assert host.runs == 7


def test_handlers_of_a_region_that_is_down_wait_for_it() -> None:
    alliance = Alliance("jingjinji")
    host = alliance.handle(register, office=BINHAI)
    matter = asked(alliance)
    alliance.stage.rest()
    with alliance.down("tianjin"):
        settle(alliance)
        assert host.runs == 0
    settle(alliance)
    alliance.assert_state(matter, "received")


def test_handlers_and_partners_work_together() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(register, office=BINHAI)
    alliance.partner(BINHAI, {"requested": None})
    alliance.partner("beijing")
    matter = asked(alliance)
    settle(alliance)
    alliance.assert_state(matter, "closed")
    alliance.assert_answers(Received)


def test_each_recipient_has_a_host_of_its_own() -> None:
    from collabbus.handlers import CaseNotified, NotificationMatter

    @on(CaseNotified)
    async def acknowledge(event: Event[CaseNotified], matter: NotificationMatter) -> None:
        seen.append(matter.thread)

    seen: list[str] = []
    alliance = Alliance("jingjinji")
    for office in (BINHAI, "hebei/provincial"):
        alliance.handle(acknowledge, office=office)
    told(alliance, BINHAI, "hebei/provincial")
    settle(alliance)
    assert len(seen) == 2


def test_a_handler_that_answers_itself_for_ever_comes_to_light() -> None:
    @on(Commented)
    async def echo(event: Event[Commented], matter: CommonMatter) -> None:
        await matter.comment(officer="李静", text="收悉")

    alliance = Alliance("jingjinji")
    alliance.handle(echo, office=BINHAI)
    matter = asked(alliance)
    alliance.office(HAIDIAN).act(matter, Commented(text="请尽快"), officer="王敏")
    with pytest.raises(NeverSettlesError, match="still answer"):
        settle(alliance)
