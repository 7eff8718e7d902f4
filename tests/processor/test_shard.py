"""How a shard lives: taken, worked on run by run, given back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import ProducerFenced

from collabbus.processor import shard as module
from collabbus.processor.shard import FAILURES, HoleError, Run
from tests.processor.stub import ONE, TWO, Stub, until


async def taken(shard: Stub) -> None:
    shard.start()
    await until(lambda: shard.ready)


def alive(story: Callable[[Stub], Awaitable[None]]) -> Stub:
    """Play a story with a shard that has been taken; stop it at the end."""

    async def play() -> Stub:
        shard = Stub(0)
        await taken(shard)
        try:
            await story(shard)
        finally:
            await shard.stop(0.5)
        return shard

    return asyncio.run(play())


def test_runs_are_worked_on_in_the_order_in_which_they_came() -> None:
    """Invariant 3, order."""

    async def story(shard: Stub) -> None:
        shard.submit(shard.run(ONE, 0, 2))
        shard.submit(shard.run(TWO, 0, 1))
        shard.submit(shard.run(ONE, 2, 3))
        await until(lambda: shard.done == 1)

    assert alive(story).worked == [[(ONE, 0, 2), (TWO, 0, 1), (ONE, 2, 3)]]


def test_a_run_of_work_is_bounded() -> None:
    async def story(shard: Stub) -> None:
        shard.gate.clear()
        for start in range(0, 12, 3):
            shard.submit(shard.run(ONE, start, start + 3))
        shard.gate.set()
        await until(lambda: shard.done == 2)
        assert shard.backlog == 0

    assert alive(story).worked == [[(ONE, 0, 3), (ONE, 3, 6)], [(ONE, 6, 9), (ONE, 9, 12)]]


def test_a_run_after_a_hole_is_refused() -> None:
    """Invariant 1, nothing is lost: what is missing is never passed over."""

    async def story(shard: Stub) -> None:
        shard.submit(shard.run(ONE, 0, 2))
        with pytest.raises(HoleError, match="one/0: 3 after 2"):
            shard.submit(shard.run(ONE, 3, 4))

    alive(story)


def test_runs_from_before_the_taking_are_dropped() -> None:
    """Invariant 2, one effect: they are read again, from where the state stands."""

    async def story(shard: Stub) -> None:
        old = shard.run(ONE, 0, 2)
        await shard.stop()
        shard.submit(shard.run(ONE, 0, 2))
        await taken(shard)
        shard.submit(old)
        shard.submit(shard.run(ONE, 0, 3))
        await until(lambda: shard.done == 1)

    assert alive(story).worked == [[(ONE, 0, 3)]]


def test_a_shard_that_fails_is_taken_anew_and_reads_again() -> None:
    """Invariant 1: nothing that failed counts as done."""
    failures = iter([ValueError("boom")])

    def fault(runs: Sequence[Run]) -> None:
        for error in failures:
            raise error

    async def story(shard: Stub) -> None:
        shard.fault = fault
        before = shard.epoch
        shard.submit(shard.run(ONE, 0, 2))
        await until(lambda: shard.takes == 2 and shard.ready)
        assert shard.epoch > before
        assert shard.releases == 1
        assert not shard.sought
        shard.submit(shard.run(ONE, 0, 2))
        await until(lambda: shard.done == 1)

    assert alive(story).worked == [[(ONE, 0, 2)]]


def test_a_shard_that_keeps_failing_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 1: an agent that can't go on crashes, it doesn't go round."""
    monkeypatch.setattr(module, "asyncio", Hasty())
    crashes: list[BaseException] = []

    def fault(runs: Sequence[Run]) -> None:
        raise ValueError("boom")

    async def story(shard: Stub) -> None:
        shard.fault, shard.crash = fault, crashes.append
        for attempt in range(1, FAILURES + 1):
            await until(lambda attempt=attempt: shard.takes == attempt and shard.ready)
            shard.submit(shard.run(ONE, 0, 2))
        await until(lambda: crashes)

    shard = alive(story)
    assert [str(error) for error in crashes] == ["boom"]
    assert (shard.takes, shard.worked) == (FAILURES, [])


def test_failures_count_only_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "asyncio", Hasty())
    crashes: list[BaseException] = []
    outcomes = iter([False, False, True] * FAILURES)

    def fault(runs: Sequence[Run]) -> None:
        if not next(outcomes):
            raise ValueError("boom")

    async def story(shard: Stub) -> None:
        shard.fault, shard.crash = fault, crashes.append
        for good in range(FAILURES):
            while shard.done == good:
                await until(lambda: shard.ready)
                at, takes = good * 2, shard.takes
                shard.submit(shard.run(ONE, at, at + 2))
                await until(lambda takes=takes, good=good: shard.takes > takes or shard.done > good)

    alive(story)
    assert crashes == []


class Hasty:
    """asyncio whose pauses between failures are short."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))


def test_whoever_is_fenced_waits_for_the_group_to_say_who_owns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two owners must not fence each other in a circle."""
    pauses: list[float] = []

    class Noting(Hasty):
        async def sleep(self, seconds: float) -> None:
            pauses.append(seconds)

    monkeypatch.setattr(module, "asyncio", Noting())
    failures = iter([ProducerFenced("x"), ValueError("x")])

    def fault(runs: Sequence[Run]) -> None:
        for error in failures:
            raise error

    async def story(shard: Stub) -> None:
        shard.fault = fault
        for takes in (1, 2):
            await until(lambda takes=takes: shard.takes == takes and shard.ready)
            shard.submit(shard.run(ONE, 0, 2))
        await until(lambda: shard.takes == 3 and shard.ready)

    alive(story)
    assert pauses[0] > 1.5 > pauses[1]


def test_giving_a_shard_back_finishes_the_run_under_way() -> None:
    """Invariant 2: what is begun is not cut off where the group leaves time to finish."""

    async def story(shard: Stub) -> None:
        shard.gate.clear()
        shard.submit(shard.run(ONE, 0, 2))
        await shard.began.wait()
        stopping = asyncio.ensure_future(shard.stop(5))
        for _ in range(10):
            await asyncio.sleep(0)
        shard.submit(shard.run(ONE, 2, 4))  # comes too late
        shard.gate.set()
        await stopping

    shard = alive(story)
    assert shard.worked == [[(ONE, 0, 2)]]
    assert shard.position == {TopicPartition(ONE, 0): 2, TopicPartition(TWO, 0): 0}


async def begin(shard: Stub) -> None:
    """Have it begin a run that doesn't end."""
    shard.gate.clear()
    shard.submit(shard.run(ONE, 0, 2))
    await shard.began.wait()


def test_who_has_finished_everything_is_sure_of_its_memory() -> None:
    async def story(shard: Stub) -> None:
        shard.submit(shard.run(ONE, 0, 2))
        await until(lambda: shard.done == 1)
        await shard.stop()
        await taken(shard)
        assert shard.sure == [False, True]

    alive(story)


def test_a_run_that_doesnt_end_in_time_is_broken_off_and_memory_distrusted() -> None:
    """Invariant 2: nobody knows whether its transaction got through."""

    async def story(shard: Stub) -> None:
        await begin(shard)
        await shard.stop(0.05)
        await taken(shard)
        assert shard.sure == [False, False]

    assert alive(story).worked == []


def test_memory_is_distrusted_while_a_shard_is_being_taken() -> None:
    """A taking that is broken off may have fenced, and not restored."""

    async def story(shard: Stub) -> None:
        await shard.stop()
        shard.taking.clear()
        shard.start()
        await until(lambda: shard.takes == 2)
        await shard.stop()
        shard.taking.set()
        await taken(shard)
        assert shard.sure == [False, True, False]

    alive(story)


def test_a_run_that_fails_while_its_shard_is_given_back_leaves_memory_distrusted() -> None:
    """Invariant 2: failure and cancellation may come in one turn of the loop."""

    def fault(runs: Sequence[Run]) -> None:
        raise ValueError("boom")

    async def story(shard: Stub) -> None:
        shard.fault = fault
        await begin(shard)
        stopping = asyncio.ensure_future(shard.stop(5))
        await asyncio.sleep(0)
        shard.gate.set()
        await stopping
        shard.fault = lambda runs: None
        await taken(shard)
        assert not any(shard.sure)

    alive(story)


@pytest.mark.parametrize("broken_off", [False, True])
def test_a_shard_isnt_taken_while_its_last_run_still_goes_on(broken_off: bool) -> None:
    """Invariant 2: a commit behind the back of who reads the offsets would be done twice.

    Whoever runs may take its time to end, and who stops it may itself be cancelled.
    """
    story_of: list[str] = []

    async def story(shard: Stub) -> None:
        async def stubborn(runs: Sequence[Run]) -> None:
            shard.began.set()
            for left in (2, 1, 0):
                try:
                    await asyncio.sleep(30)
                except asyncio.CancelledError:
                    story_of.append("cancelled")
                    if not left:
                        story_of.append("ended")
                        raise

        async def take(sure: bool) -> dict[TopicPartition, int]:
            story_of.append("sure" if sure else "unsure")
            return dict(shard.begin)

        shard.work = stubborn
        shard.take = take
        shard.submit(shard.run(ONE, 0, 2))
        await shard.began.wait()
        if broken_off:
            stopping = asyncio.ensure_future(shard.stop(5))
            await asyncio.sleep(0)
            stopping.cancel()
        else:
            await shard.stop(0.01)
            assert story_of[-1] == "ended"
        await taken(shard)

    alive(story)
    assert story_of[:5] == ["cancelled", "cancelled", "cancelled", "ended", "unsure"]


def test_a_stage_that_has_a_beat_is_called_without_runs() -> None:
    async def story(shard: Stub) -> None:
        shard.beat = 0.01
        shard.wake()
        await until(lambda: len(shard.worked) >= 3)
        assert shard.done == 0  # only runs are progress

    assert alive(story).worked[:3] == [[], [], []]
