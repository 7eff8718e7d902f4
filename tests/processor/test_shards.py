"""How a shard lives: taken, worked on run by run, given back; and what the fetch loop is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import ProducerFenced

from collabbus.processor import shards as module
from collabbus.processor.metrics import Metrics
from collabbus.processor.shards import BACKLOG, FAILURES, HoleError, Run, Shard, Shards

ONE, TWO = "one", "two"


class Record:
    """As much of a ConsumerRecord as shards look at."""

    def __init__(self, offset: int, value: bytes = b"") -> None:
        self.offset = offset
        self.value = value


class Stub(Shard):
    """A stage that notes what it is asked to do."""

    stage = "stub"
    most = 5
    chunk = 20

    def __init__(self, number: int) -> None:
        super().__init__(number, [ONE, TWO], Metrics("test"))
        self.begin = dict.fromkeys(self.tps, 0)
        self.takes = self.releases = 0
        self.sure: list[bool] = []
        self.worked: list[list[tuple[str, int, int]]] = []
        self.fault: Callable[[Sequence[Run]], None] = lambda runs: None
        self.gate = asyncio.Event()
        self.gate.set()
        self.taking = asyncio.Event()
        self.taking.set()
        self.began = asyncio.Event()
        self.beat: float | None = None

    async def take(self, sure: bool) -> dict[TopicPartition, int]:
        self.takes += 1
        self.sure.append(sure)
        await self.taking.wait()
        return dict(self.position or self.begin)

    async def work(self, runs: Sequence[Run]) -> None:
        self.began.set()
        await self.gate.wait()
        self.fault(runs)
        self.worked.append([(run.tp.topic, run.start, run.next) for run in runs])

    async def release(self) -> None:
        self.releases += 1

    def pause(self) -> float | None:
        return self.beat

    def run(self, topic: str, start: int, following: int, epoch: int | None = None) -> Run:
        records: Any = [Record(offset) for offset in range(start, following)]
        tp = TopicPartition(topic, self.number)
        return Run(
            self.epoch if epoch is None else epoch, tp, start, records, following, len(records)
        )


class StubConsumer:
    def __init__(self) -> None:
        self.seeks: list[tuple[str, int, int]] = []

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.seeks.append((tp.topic, tp.partition, offset))

    def highwater(self, tp: TopicPartition) -> int:
        return 100


async def until(look: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not look():  # noqa: ASYNC110 - what it looks at announces nothing
            await asyncio.sleep(0.001)


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


# Shards: the fetch loop's side ------------------------------------------------------------------


def together(story: Callable[[Shards, StubConsumer], Awaitable[None]]) -> Shards:
    """Play a story with the shards of one process, which has been given 0 and 1."""

    async def play() -> Shards:
        owned = Shards({ONE: Stub, TWO: Stub})
        owned.consumer = consumer = StubConsumer()
        await owned.assign({0, 1})
        await until(lambda: all(shard.ready for shard in owned.owned))
        try:
            await story(owned, consumer)
        finally:
            await owned.close()
        return owned

    return asyncio.run(play())


def fetched(topic: str, number: int, *offsets: int) -> dict[Any, list[Any]]:
    return {TopicPartition(topic, number): [Record(offset) for offset in offsets]}


def test_topics_of_one_stage_share_a_shard() -> None:
    async def story(owned: Shards, consumer: StubConsumer) -> None:
        assert owned.of(ONE, 0) is owned.of(TWO, 0)
        assert owned.of(ONE, 0) is not owned.of(ONE, 1)
        assert owned.inputs_owned == 4

    together(story)


def test_a_shard_is_sought_once_for_each_taking() -> None:
    """Invariant 1: reading begins where the state stands, whatever the consumer thinks."""

    async def story(owned: Shards, consumer: StubConsumer) -> None:
        owned.of(ONE, 0).position = {TopicPartition(ONE, 0): 7, TopicPartition(TWO, 0): 3}
        assert len(owned.fetchable()) == 4
        assert {(ONE, 0, 7), (TWO, 0, 3), (ONE, 1, 0), (TWO, 1, 0)} == set(consumer.seeks)
        owned.fetchable()
        assert len(consumer.seeks) == 4
        await owned.quiesce()
        assert owned.fetchable() == {}
        await owned.assign({0, 1})
        await until(lambda: all(shard.ready for shard in owned.owned))
        owned.fetchable()
        assert len(consumer.seeks) == 8

    together(story)


def test_offsets_of_control_records_are_part_of_the_run_that_follows() -> None:
    """Control records are never handed out, and are no hole."""

    async def story(owned: Shards, consumer: StubConsumer) -> None:
        active = owned.fetchable()
        [first] = owned.runs(active, fetched(ONE, 0, 0, 1))
        [second] = owned.runs(active, fetched(ONE, 0, 4, 5))
        assert [(run.start, run.next) for run in (first, second)] == [(0, 2), (2, 6)]
        shard = owned.of(ONE, 0)
        shard.submit(first)
        shard.submit(second)
        await until(lambda: shard.done == 1)

    together(story)


def test_what_was_fetched_together_is_cut_by_weight() -> None:
    """One long run mustn't hold up the loop; a parcel of many events weighs more than a record."""

    async def story(owned: Shards, consumer: StubConsumer) -> None:
        active = owned.fetchable()
        heavy = [Record(offset, b"x" * 400 * (Stub.chunk - 1)) for offset in (0, 3)]
        light = [Record(offset) for offset in range(5, 5 + Stub.chunk + 1)]
        runs = list(owned.runs(active, {TopicPartition(ONE, 0): [*heavy, *light]}))
        assert [(run.start, run.next, run.weight) for run in runs] == [
            (0, 1, Stub.chunk),
            (1, 4, Stub.chunk),
            (4, 5 + Stub.chunk, Stub.chunk),
            (5 + Stub.chunk, 6 + Stub.chunk, 1),
        ]

    together(story)


def test_what_was_fetched_before_a_shard_was_lost_is_dropped() -> None:
    """Invariant 2, one effect."""

    async def story(owned: Shards, consumer: StubConsumer) -> None:
        active = owned.fetchable()
        await owned.quiesce()
        assert list(owned.runs(active, fetched(ONE, 0, 0))) == []
        await owned.assign({0, 1})
        await until(lambda: all(shard.ready for shard in owned.owned))
        assert list(owned.runs(active, fetched(ONE, 0, 0))) == []

    together(story)


def test_records_from_before_the_place_of_the_state_are_no_run() -> None:
    async def story(owned: Shards, consumer: StubConsumer) -> None:
        owned.of(ONE, 0).position = {TopicPartition(ONE, 0): 7, TopicPartition(TWO, 0): 0}
        active = owned.fetchable()
        with pytest.raises(HoleError, match="6 is before 7"):
            list(owned.runs(active, fetched(ONE, 0, 6)))

    together(story)


def test_a_shard_that_is_backed_up_is_fetched_no_further() -> None:
    async def story(owned: Shards, consumer: StubConsumer) -> None:
        owned.fetchable()
        shard = owned.of(ONE, 0)
        shard.backlog = BACKLOG
        assert {tp.partition for tp in owned.fetchable()} == {1}
        shard.backlog = 0

    together(story)


def test_a_shard_that_the_group_takes_away_is_released() -> None:
    async def story(owned: Shards, consumer: StubConsumer) -> None:
        kept, lost = owned.of(ONE, 0), owned.of(ONE, 1)
        assert isinstance(kept, Stub)
        assert isinstance(lost, Stub)
        await owned.quiesce()
        await owned.assign({0})
        await until(lambda: kept.ready)
        assert (kept.releases, lost.releases) == (0, 1)
        assert owned.owned == [kept]

    together(story)
