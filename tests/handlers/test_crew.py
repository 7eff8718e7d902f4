"""The crew: a handler that blocks or takes no notice stops nobody but its matter."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from collabbus.handlers import ClueMatter, ClueTransferred, Event, Failure, Handlers, on
from collabbus.handlers import crew as crews
from collabbus.handlers.crew import Crew, Interrupted
from collabbus.handlers.middleware.timeout import timeout
from collabbus.handlers.run import call_of, perform
from collabbus.handlers.standing import Standing
from tests.handlers.bench import MATTER, OFFICE, Tray, event

Clue = Event[ClueTransferred]


@on(ClueTransferred, timeout=0.2)
async def quick(event: Clue, matter: ClueMatter) -> None:
    await asyncio.sleep(0)


@on(ClueTransferred, timeout=30)
async def patient(event: Clue, matter: ClueMatter) -> None:
    await asyncio.sleep(20)


@on(ClueTransferred, timeout=0.2)
async def blocks(event: Clue, matter: ClueMatter) -> None:
    time.sleep(6)  # noqa: ASYNC251 - the fault that is tested


@on(ClueTransferred, timeout=0.2)
async def deaf(event: Clue, matter: ClueMatter) -> None:
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            await asyncio.sleep(3)
        except asyncio.CancelledError:
            continue


WENT_ON: list[str] = []


@on(ClueTransferred, timeout=30)
async def working(event: Clue, matter: ClueMatter) -> None:
    WENT_ON.append("begun")
    await asyncio.sleep(2.2)
    WENT_ON.append("interrupted")
    matter.comment(officer="王芳", text="迟")


@on(ClueTransferred, timeout=30)
async def busy(event: Clue, matter: ClueMatter) -> None:
    time.sleep(2)  # noqa: ASYNC251 - the fault that is tested
    try:
        matter.comment(officer="王芳", text="迟")
    finally:
        await asyncio.sleep(0)
        WENT_ON.append("failed")


@on(ClueTransferred, timeout=0.2)
async def deaf_answers(event: Clue, matter: ClueMatter) -> None:
    matter.comment(officer="王芳", text="已阅")
    await deaf(event, matter)  # type: ignore[misc]


async def cancelled() -> None:
    task = asyncio.create_task(asyncio.sleep(1))
    task.cancel()
    await task


async def leave() -> None:
    sys.exit("the case system is away")


@on(ClueTransferred)
async def cancels(event: Clue, matter: ClueMatter) -> None:
    await cancelled()


@on(ClueTransferred)
async def exits(event: Clue, matter: ClueMatter) -> None:
    await leave()


@on(ClueTransferred)
async def exits_below(event: Clue, matter: ClueMatter) -> None:
    await asyncio.create_task(leave())


@on(ClueTransferred)
def plain_exits(event: Clue, matter: ClueMatter) -> None:
    sys.exit("the case system is away")


@on(ClueTransferred, timeout=2)
def runs_out(event: Clue, matter: ClueMatter) -> None:
    next(iter(()))


ENDS = {
    "cancels": "CancelledError",
    "exits": "SystemExit",
    "exits-below": "SystemExit",
    "plain-exits": "SystemExit",
    "runs-out": "StopIteration",
}
HANDLERS = Handlers(
    "desk",
    *(quick, patient, blocks, deaf, deaf_answers, working, busy),
    *(cancels, exits, exits_below, plain_exits, runs_out),
)
Going = Callable[[str], "asyncio.Task[Failure | None]"]
TRAY = Tray(seconds=30)


def with_crew(story: Callable[[Crew, Going], Awaitable[None]]) -> None:
    async def main() -> None:
        crew = Crew()

        def go(name: str) -> asyncio.Task[Failure | None]:
            call = call_of(
                HANDLERS, name, event(), OFFICE, Standing(MATTER), TRAY,
                loop=asyncio.get_running_loop(),
            )  # fmt: skip
            return asyncio.create_task(crew.run(call, lambda: perform(call, [timeout])))

        async def watch() -> None:
            while True:
                crew.watch()
                await asyncio.sleep(0.05)

        watching = asyncio.create_task(watch())
        await story(crew, go)
        watching.cancel()
        crew.stop()

    asyncio.run(main())


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "BLOCKED_S", 1.0)
    monkeypatch.setattr(crews, "GRACE_S", 0.4)


def test_a_blocked_loop_is_left_and_only_who_blocks_it_has_failed() -> None:
    async def story(crew: Crew, go: Going) -> None:
        begun = go("patient")
        await asyncio.sleep(0.2)
        culprit = go("blocks")
        await asyncio.sleep(0.2)
        waiting = go("quick")
        done: list[Any] = await asyncio.gather(begun, culprit, waiting, return_exceptions=True)
        assert isinstance(done[0], Interrupted)
        assert done[1].error == "Blocked"
        assert isinstance(done[2], Interrupted), "it never began, and is run again"
        assert await go("quick") is None, "another loop is at work"

    with_crew(story)


def test_one_that_takes_no_notice_of_its_end_is_left_and_others_go_on() -> None:
    async def story(crew: Crew, go: Going) -> None:
        begun = time.monotonic()
        stubborn = go("deaf")
        assert await go("quick") is None
        failure = await stubborn
        assert failure is not None
        assert failure.error == "TimedOut"
        assert time.monotonic() - begun < 2

    with_crew(story)


def test_what_a_blocked_loop_ran_is_over_before_it_is_run_again() -> None:
    """Invariant 2, for handlers: neither who blocked nor who was interrupted goes on or answers."""

    TRAY.drafts.clear()

    async def story(crew: Crew, go: Going) -> None:
        begun = go("working")
        await asyncio.sleep(0.1)
        culprit = go("busy")
        await asyncio.sleep(0.1)
        never = go("working")
        done: list[Any] = await asyncio.gather(begun, culprit, never, return_exceptions=True)
        assert isinstance(done[0], Interrupted)
        assert done[1].error == "Blocked"
        assert isinstance(done[2], Interrupted)
        await asyncio.sleep(3)
        assert WENT_ON == ["begun"]
        assert TRAY.drafts == []

    with_crew(story)


def test_one_that_takes_no_notice_while_its_answer_is_on_its_way_isnt_blamed() -> None:
    async def story(crew: Crew, go: Going) -> None:
        failure = await go("deaf-answers")
        assert failure is not None
        assert (failure.error, failure.outage) == ("AnswerPending", True)

    with_crew(story)


@pytest.mark.parametrize("name", ENDS)
def test_a_handler_that_ends_in_no_error_has_failed_and_its_neighbour_goes_on(name: str) -> None:
    async def story(crew: Crew, go: Going) -> None:
        neighbour = go("patient")
        await asyncio.sleep(0.1)
        failure = await go(name)
        assert failure is not None
        assert failure.error == "Ended"
        assert not failure.permanent
        assert f"ended in {ENDS[name]}" in failure.traceback
        assert await go("quick") is None
        await asyncio.sleep(1.2)
        assert not neighbour.done(), "its loop is still at work"
        neighbour.cancel()

    with_crew(story)
