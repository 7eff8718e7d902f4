"""Progress: the group is told how far its shards have come, for those who watch its lag.

Nothing goes on from these offsets: a shard's own stand in its state (recording.py) or in its
checkpoints (dispatching.py), and these may be a second behind.
"""

from __future__ import annotations

import asyncio

import structlog
from aiokafka import TopicPartition

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
        if moved:
            await consumer.commit(moved)
            self._told.update(moved)
