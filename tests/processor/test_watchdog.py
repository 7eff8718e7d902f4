"""The judge of the watchdog: work and no progress is a stall, anything else isn't."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from aiokafka import TopicPartition

from collabbus.processor.watchdog import EXIT_STALLED, Judge, Sight, Watchdog

NAME = ("record", 3)


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
        return {self.tp: self.end}


class StubShard:
    def __init__(self, tp: TopicPartition) -> None:
        self.stage, self.number, self.tps = "record", tp.partition, [tp]
        self.ready = self.sought = True
        self.epoch = self.done = self.backlog = 0


class StubShards:
    def __init__(self, consumer: Consumer | None, shard: StubShard | None) -> None:
        self.consumer, self.owned = consumer, [shard] if shard else []


async def looks(position: int, end: int, patience: float) -> list[int]:
    tp = TopicPartition("collab.x.submissions", 0)
    ends: list[int] = []
    shards: Any = StubShards(Consumer(tp, position, end), StubShard(tp))
    dog = Watchdog(shards, patience, ends.append)
    await dog._look()
    await dog._look()
    return ends


def test_the_broker_is_believed_not_the_consumer() -> None:
    """Invariant 1: the consumer is alive and silent; the broker says that there is more."""
    assert asyncio.run(looks(position=5, end=9, patience=0.0)) == [EXIT_STALLED]
    assert asyncio.run(looks(position=9, end=9, patience=0.0)) == []


def test_a_loop_that_stands_still_is_ended_from_another_thread() -> None:
    """Invariant 1: nothing inside a blocked loop could end it."""
    ended = threading.Event()
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    shards: Any = StubShards(None, None)
    dog = Watchdog(shards, 0.05, end)
    listener = threading.Thread(target=dog._listen, daemon=True)
    listener.start()  # nobody ever beats
    assert ended.wait(10)
    dog._stop.set()
    listener.join(10)
    assert set(codes) == {EXIT_STALLED}
