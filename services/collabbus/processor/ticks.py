"""Ticks: the clock as records among the submissions, so that the broker's time decides.

A tick is sent when something falls due by this machine's clock, and now and then anyway: a clock
that is wrong makes a tick early or late, never a deadline.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from collab.v1 import submission_pb2 as sub
from collabbus.processor.outfit import Outfit
from collabbus.processor.recording import RecordShard
from collabbus.processor.shards import Shards

TICK = sub.Submission(tick=sub.Tick()).SerializeToString()


class Ticks:
    """Sends ticks to the shards that this process owns."""

    def __init__(self, outfit: Outfit, shards: Shards, producer_of: Any) -> None:
        self._outfit = outfit
        self._shards = shards
        self._producer_of = producer_of
        self._last: dict[int, float] = {}

    async def run(self) -> None:
        """Look at each owned shard once an interval, for ever."""
        settings = self._outfit.settings
        while True:
            await asyncio.sleep(settings.tick_interval_s)
            now = time.monotonic()
            futures = []
            for shard in self._shards.owned:
                if not isinstance(shard, RecordShard) or not shard.ready or not shard.recorder:
                    continue
                due = shard.recorder.clock.next_ms()
                regular = now - self._last.get(shard.number, 0.0) >= settings.head_interval_s
                if regular or (due is not None and due <= time.time() * 1000):
                    self._last[shard.number] = now
                    producer = await self._producer_of()
                    futures.append(
                        await producer.send(
                            self._outfit.topic("submissions"), TICK, partition=shard.number
                        )
                    )
            if futures:
                await asyncio.wait(futures, timeout=settings.tick_interval_s)
