"""Progress: the group is told how far its shards have come, for those who watch its lag.

Nothing goes on from these offsets: a shard's own stand in its state (recording.py) or in its
checkpoints (dispatching.py), and these may be a second behind.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import structlog
from aiokafka import TopicPartition
from aiokafka.client import ConnectionGroup
from aiokafka.protocol.commit import OffsetCommitRequest

from collabbus.processor.shards import Shards

log = structlog.get_logger()

TELL_S = 1.0


class Progress:
    """Tells the group of the shards that this process owns."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._told: dict[TopicPartition, int] = {}

    async def run(self) -> None:
        """Tell what has moved, once a second, for ever."""
        while True:
            await asyncio.sleep(TELL_S)
            try:
                await self.tell()
            except Exception as error:
                # A rebalance, or the broker is away: the next time then.
                log.debug("progress not told", error=repr(error))

    async def tell(self) -> None:
        """Have the group's offsets be those of the shards; raises aiokafka's errors."""
        consumer = self._shards.consumer
        if consumer is None:
            return
        assigned = consumer.assignment()
        moved = {
            tp: offset
            for shard in self._shards.owned
            if shard.position is not None
            for tp, offset in shard.position.items()
            if tp in assigned and self._told.get(tp) != offset
        }
        if moved and await _commit(consumer, moved):
            self._told.update(moved)


async def _commit(consumer: Any, offsets: Mapping[TopicPartition, int]) -> bool:
    """Commit as the member that we are; give False if the group didn't take it.

    aiokafka's own commit() leaves the group when its answer says that the group has moved on, which
    by then it may have joined anew: nothing that is only told may cause a rebalance.
    """
    coordinator = consumer._coordinator  # noqa: SLF001
    node = coordinator.coordinator_id
    if node is None:
        return False
    by_topic: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for tp, offset in offsets.items():
        by_topic[tp.topic].append((tp.partition, offset, ""))
    request = OffsetCommitRequest(
        coordinator.group_id,
        coordinator.generation,
        coordinator.member_id,
        OffsetCommitRequest.DEFAULT_RETENTION_TIME,
        list(by_topic.items()),
    )
    answer = await consumer._client.send(  # noqa: SLF001
        node, request, group=ConnectionGroup.COORDINATION
    )
    return not any(code for _, partitions in answer.topics for _, code in partitions)
