"""What the group is told of how far its shards have come."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, UnknownMemberIdError

from collabbus.processor import progress as module
from collabbus.processor.progress import Progress

ONE, TWO = TopicPartition("one", 0), TopicPartition("two", 0)


class Consumer:
    """Notes what is committed; refuses as often as it is told to.

    Stands for aiokafka's consumer, its coordinator and its client.
    """

    group_id, generation, member_id = "group", 7, "me"

    def __init__(self, *assigned: TopicPartition) -> None:
        self.coordinator_id: int | None = 1
        self.assigned = set(assigned)
        self.committed: list[dict[TopicPartition, int]] = []
        self.refusals = self.failures = 0
        self.asked = asyncio.Event()
        self._coordinator = self._client = self

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    async def send(self, node: int, request: Any, group: Any) -> Any:
        if self.failures:
            self.failures -= 1
            raise KafkaError("away")
        assert (node, request._consumer_group) == (1, "group")
        assert (request._consumer_group_generation_id, request._consumer_id) == (7, "me")
        code = UnknownMemberIdError.errno if self.refusals else 0
        if self.refusals:
            self.refusals -= 1
        else:
            self.committed.append(
                {
                    TopicPartition(topic, partition): offset
                    for topic, partitions in request._topics
                    for partition, offset, _ in partitions
                }
            )
            self.asked.set()
        return SimpleNamespace(
            topics=[(topic, [(p, code) for p, _, _ in parts]) for topic, parts in request._topics]
        )


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
        consumer.coordinator_id = None
        await Progress(shards(consumer, {TWO: 5})).tell()  # nor now
        assert consumer.committed == [{TWO: 4}]

    asyncio.run(play())


def test_what_the_broker_doesnt_take_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TELL_S", 0.001)

    async def play() -> None:
        consumer = Consumer(ONE)
        consumer.failures = consumer.refusals = 2
        running = asyncio.ensure_future(Progress(shards(consumer, {ONE: 3})).run())
        async with asyncio.timeout(10):
            await consumer.asked.wait()
        running.cancel()
        assert consumer.committed == [{ONE: 3}]

    asyncio.run(play())
