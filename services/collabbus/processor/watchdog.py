"""The watchdog: ends a process that stands still although there is work.

Faust's consumers are known to stall silently, alive and with a growing lag. What the consumer says
of itself is therefore not believed: the broker is asked for the ends of the inputs, and a thread of
its own watches whether the event loop turns at all.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from aiokafka import TopicPartition

from collabbus.processor.shard import Shard
from collabbus.processor.shards import Shards

log = structlog.get_logger()

EXIT_STALLED = 75
"""Exit code (EX_TEMPFAIL): start me again."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a shard."""

    position: int | None
    done: int
    lag: int


class Judge:
    """Decides from what is seen when a shard has stood still for too long. No I/O, no clock."""

    def __init__(self, patience_s: float) -> None:
        self._patience = patience_s
        self._seen: dict[tuple[str, int], tuple[Sight, float]] = {}

    def stalled(self, name: tuple[str, int], sight: Sight, now: float) -> bool:
        """Tell whether the shard had work, and did none, for as long as patience lasts."""
        last = self._seen.get(name)
        moved = last is None or (last[0].position, last[0].done) != (sight.position, sight.done)
        if moved or sight.lag == 0:
            self._seen[name] = (sight, now)
            return False
        return last is not None and now - last[1] >= self._patience

    def forget(self, keep: set[tuple[str, int]]) -> None:
        """Forget shards that are not owned any more."""
        for name in set(self._seen) - keep:
            del self._seen[name]


class Watchdog:
    """Watches one process."""

    def __init__(
        self, shards: Shards, patience_s: float, end: Callable[[int], None] = os._exit
    ) -> None:
        self._shards = shards
        self._patience = patience_s
        self._end = end
        self._judge = Judge(patience_s)
        self._beat = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="watchdog", daemon=True)

    async def run(self) -> None:
        """Look at each owned shard several times within the patience, for ever."""
        self._thread.start()
        try:
            while True:
                self._beat = time.monotonic()
                await asyncio.sleep(min(1.0, self._patience / 8))
                await self._look()
        finally:
            self._stop.set()

    async def _look(self) -> None:
        consumer = self._shards.consumer
        owned = self._shards.owned
        if consumer is None or not owned:
            return
        tps = [tp for shard in owned for tp in shard.tps]
        ends: dict[TopicPartition, int] = {}
        try:
            async with asyncio.timeout(self._patience / 4):
                ends = await consumer.end_offsets(tps)
        except Exception as error:
            log.warning("the broker doesn't answer the watchdog", error=repr(error))
            return
        now = time.monotonic()
        for shard in owned:
            sight = await self._sight(shard, ends)
            if self._judge.stalled((shard.stage, shard.number), sight, now):
                log.error("stalled", stage=shard.stage, shard=shard.number, lag=sight.lag)
                self._end(EXIT_STALLED)
        self._judge.forget({(shard.stage, shard.number) for shard in owned})

    async def _sight(self, shard: Shard, ends: dict[TopicPartition, int]) -> Sight:
        consumer = self._shards.consumer
        if not shard.ready or not shard.sought:
            return Sight(None, shard.epoch, 1)  # being taken: a take that never ends is a stall
        position = lag = 0
        for tp in shard.tps:
            if tp not in consumer.assignment():
                return Sight(None, shard.epoch, 0)
            at = await consumer.position(tp)
            position += at
            lag += max(0, ends.get(tp, 0) - at)
        return Sight(position, shard.done, lag + shard.backlog)

    def _listen(self) -> None:
        """End the process when the event loop itself stands still."""
        while not self._stop.wait(self._patience / 4):
            if time.monotonic() - self._beat > self._patience * 2:
                self._end(EXIT_STALLED)
