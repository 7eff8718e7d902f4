"""The judge of the watchdog: work and no progress is a stall, anything else isn't."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from collabbus.processor import watchdog as module
from collabbus.processor.metrics import Metrics
from collabbus.processor.watchdog import EXIT_STALLED, Judge, Neglect, Sight, Watchdog

NAME = ("record", 3)
SUBMISSIONS = "collab.x.submissions"


def sights(judge: Judge, *seen: tuple[float, Sight]) -> list[bool]:
    return [judge.stalled(NAME, sight, now) for now, sight in seen]


def test_work_without_progress_for_the_whole_patience_is_a_stall() -> None:
    """Invariant 1, nothing accepted is lost: a worker that stands still is noticed."""
    stuck = Sight(position=7, done=2, lag=5)
    assert sights(Judge(10), (0, stuck), (9.9, stuck), (10, stuck)) == [False, False, True]


def test_a_shard_without_work_never_stalls() -> None:
    idle = Sight(position=7, done=2, lag=0)
    assert sights(Judge(10), (0, idle), (100, idle), (1000, idle)) == [False] * 3


def test_patience_begins_with_the_work_not_with_the_idleness_before() -> None:
    idle, stuck = Sight(7, 2, 0), Sight(7, 2, 1)
    seen = sights(Judge(10), (0, idle), (100, idle), (101, stuck), (109, stuck), (110, stuck))
    assert seen == [False, False, False, False, True]


@pytest.mark.parametrize("moved", [Sight(8, 2, 5), Sight(7, 3, 5)])
def test_either_reading_or_finishing_is_progress(moved: Sight) -> None:
    stuck = Sight(7, 2, 5)
    seen = sights(Judge(10), (0, stuck), (9, moved), (18, moved), (19, moved))
    assert seen == [False, False, False, True]


def test_a_take_that_never_ends_is_a_stall() -> None:
    taking = Sight(position=None, done=4, lag=1)
    again = Sight(position=None, done=5, lag=1)
    seen = sights(Judge(10), (0, taking), (9, again), (18, again), (19, again))
    assert seen == [False, False, False, True]


def test_a_shard_that_was_given_back_is_forgotten() -> None:
    judge, stuck = Judge(10), Sight(7, 2, 5)
    judge.stalled(NAME, stuck, 0)
    judge.forget({("record", 1)})
    assert not judge.stalled(NAME, stuck, 100)


class Consumer:
    """Answers the watchdog as a consumer would that has stalled."""

    def __init__(self, tp: TopicPartition, position: int, end: int) -> None:
        self.tp, self.at, self.end = tp, position, end

    def assignment(self) -> set[TopicPartition]:
        return {self.tp}

    async def position(self, tp: TopicPartition) -> int:
        return self.at

    async def end_offsets(self, tps: list[TopicPartition]) -> dict[TopicPartition, int]:
        return {tp: self.end if tp == self.tp else 0 for tp in tps}

    @property
    def _coordinator(self) -> Consumer:
        return self

    async def fetch_committed_offsets(
        self, tps: list[TopicPartition]
    ) -> dict[TopicPartition, OffsetAndMetadata]:
        return {self.tp: OffsetAndMetadata(self.at, "")}


class StubShard:
    def __init__(self, tp: TopicPartition) -> None:
        self.stage, self.number, self.tps = "record", tp.partition, [tp]
        self.ready = self.sought = True
        self.epoch = self.done = self.backlog = 0


class StubShards:
    def __init__(self, consumer: Consumer | None, shard: StubShard | None) -> None:
        self.consumer, self.owned = consumer, [shard] if shard else []
        self.topics = [SUBMISSIONS]


def outfit(patience: float) -> Any:
    settings = SimpleNamespace(watchdog_s=patience, session_timeout_s=2.0)
    return SimpleNamespace(settings=settings, shards=2, metrics=Metrics("x"))


async def looks(position: int, end: int, patience: float) -> list[int]:
    tp = TopicPartition(SUBMISSIONS, 0)
    ends: list[int] = []
    shards: Any = StubShards(Consumer(tp, position, end), StubShard(tp))
    dog = Watchdog(outfit(patience), shards, ends.append)
    await dog._look()
    await dog._look()
    return ends


def test_the_broker_is_believed_not_the_consumer() -> None:
    """Invariant 1: the consumer is alive and silent; the broker says that there is more."""
    assert asyncio.run(looks(position=5, end=9, patience=0.0)) == [EXIT_STALLED]
    assert asyncio.run(looks(position=9, end=9, patience=0.0)) == []


def neglected(*seen: tuple[float, int, int]) -> list[bool]:
    """What is made of (time, how far the group is, end)."""
    neglect, tp = Neglect(10), TopicPartition(SUBMISSIONS, 1)
    return [neglect.lasts(tp, committed, end, now) for now, committed, end in seen]


def test_an_input_that_grows_while_the_group_stands_is_neglected() -> None:
    """Invariant 1: what is accepted is decided, also where the group gave its shards to nobody."""
    assert neglected((0, 4, 5), (1, 4, 6), (9.9, 4, 7), (10, 4, 7)) == [False] * 3 + [True]


def test_marks_behind_the_last_record_are_no_neglect() -> None:
    """Nobody ever reads them, so that a group at rest stands before the end for ever."""
    assert neglected((0, 4, 5), (20, 4, 5), (40, 4, 5)) == [False] * 3
    assert neglected((0, 4, 5), (5, 8, 9), (20, 8, 9), (40, 8, 9)) == [False] * 4


def test_who_owns_nothing_while_others_work_is_left_alone() -> None:
    """More workers than shards are no fault."""
    assert neglected((0, 4, 5), (9, 4, 8), (10, 7, 9), (19, 7, 12), (20, 11, 13)) == [False] * 5


async def without_shards(*ends: int) -> tuple[list[int], Any]:
    """Have a worker that owns nothing look, at an input that ends here and there."""
    consumer = Consumer(TopicPartition(SUBMISSIONS, 1), 4, 0)
    codes: list[int] = []
    shards: Any = StubShards(consumer, None)
    dog = Watchdog(found := outfit(0.0), shards, codes.append)
    dog._patience = 10
    for consumer.end in ends:
        await dog._look()
    return codes, found


def test_who_owns_nothing_ends_when_the_group_has_given_him_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A static member that comes back sooner gets back what it had: nothing."""
    pauses: list[float] = []
    clock = SimpleNamespace(monotonic=lambda: 5.0, sleep=pauses.append)
    monkeypatch.setattr(module, "time", clock)
    codes, found = asyncio.run(without_shards(5, 6))
    assert (codes, pauses) == ([EXIT_STALLED], [3.0])
    assert found.metrics.registry.get_sample_value("collabbus_shards", {"region": "x"}) == 0
    assert asyncio.run(without_shards(5, 5))[0] == []


def test_what_was_seen_without_a_shard_is_forgotten_with_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now, sleep=print))
    codes: list[int] = []
    tp = TopicPartition(SUBMISSIONS, 0)
    consumer = Consumer(tp, 4, 5)
    shards: Any = StubShards(consumer, None)
    dog = Watchdog(found := outfit(10.0), shards, codes.append)

    def shown() -> float | None:
        return found.metrics.registry.get_sample_value("collabbus_shards", {"region": "x"})

    async def play() -> None:
        nonlocal now
        await dog._look()
        now, shards.owned = 12.0, [StubShard(tp)]
        await dog._look()
        assert shown() == 1
        now, shards.owned, consumer.end = 24.0, [], 6
        await dog._look()
        assert shown() == 0
        consumer.end = 7
        await dog._look()

    asyncio.run(play())
    assert codes == []


def test_a_loop_that_stands_still_is_ended_from_another_thread() -> None:
    """Invariant 1: nothing inside a blocked loop could end it."""
    ended = threading.Event()
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    shards: Any = StubShards(None, None)
    dog = Watchdog(outfit(0.05), shards, end)
    listener = threading.Thread(target=dog._listen, daemon=True)
    listener.start()  # nobody ever beats
    assert ended.wait(10)
    dog._stop.set()
    listener.join(10)
    assert set(codes) == {EXIT_STALLED}
