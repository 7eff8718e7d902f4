"""What the group is told of how far its shards have come."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from collabbus.processor import progress as module
from collabbus.processor.progress import Progress

ONE, TWO = TopicPartition("one", 0), TopicPartition("two", 0)


class Consumer:
    """Notes what is committed; fails as often as it is told to."""

    def __init__(self, *assigned: TopicPartition) -> None:
        self.assigned = set(assigned)
        self.committed: list[dict[TopicPartition, int]] = []
        self.failures = 0
        self.asked = asyncio.Event()

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.failures:
            self.failures -= 1
            raise KafkaError("rebalance")
        self.committed.append(dict(offsets))
        self.asked.set()


def shards(consumer: Any, *positions: dict[TopicPartition, int] | None) -> Any:
    owned = [SimpleNamespace(position=position) for position in positions]
    return SimpleNamespace(consumer=consumer, owned=owned)


def test_the_group_is_told_what_has_moved_and_nothing_twice() -> None:
    async def play() -> None:
        consumer = Consumer(ONE, TWO)
        owned = shards(consumer, {ONE: 3, TWO: 0}, None)
        progress = Progress(owned)
        await progress.tell()
        await progress.tell()
        owned.owned[0].position = {ONE: 7, TWO: 0}
        await progress.tell()
        assert consumer.committed == [{ONE: 3, TWO: 0}, {ONE: 7}]

    asyncio.run(play())


def test_what_isnt_assigned_any_more_is_the_new_owners_to_tell() -> None:
    async def play() -> None:
        consumer = Consumer(TWO)
        await Progress(shards(consumer, {ONE: 3, TWO: 4})).tell()
        assert consumer.committed == [{TWO: 4}]
        await Progress(shards(None, {ONE: 3})).tell()  # not connected yet

    asyncio.run(play())


def test_what_the_broker_doesnt_take_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TELL_S", 0.001)

    async def play() -> None:
        consumer = Consumer(ONE)
        consumer.failures = 2
        running = asyncio.ensure_future(Progress(shards(consumer, {ONE: 3})).run())
        async with asyncio.timeout(10):
            await consumer.asked.wait()
        running.cancel()
        assert consumer.committed == [{ONE: 3}]

    asyncio.run(play())
