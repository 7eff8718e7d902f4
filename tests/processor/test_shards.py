"""What the fetch loop is told of all shards of a process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka import TopicPartition

from collabbus.processor.shard import HoleError
from collabbus.processor.shards import BACKLOG, Shards
from tests.processor.stub import ONE, TWO, Record, Stub, until


class StubConsumer:
    def __init__(self) -> None:
        self.seeks: list[tuple[str, int, int]] = []

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.seeks.append((tp.topic, tp.partition, offset))

    def highwater(self, tp: TopicPartition) -> int:
        return 100


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
