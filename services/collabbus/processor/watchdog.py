"""The watchdog: ends a process that stands still although there is work.

Faust's consumers are known to stall silently, alive and with a growing lag. What the consumer says
of itself is therefore not believed: the broker is asked for the ends of the inputs, and a thread of
its own watches whether the event loop turns at all.

A worker that owns nothing has no shard to look at: more workers than shards are no fault. It looks
at how far the group has come, whoever works. Where nobody gets on although more comes in, the group
has given its shards to nobody (seen in a campaign, after a broker had stood still), and only when a
member goes does it give them anew.
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
from aiokafka.structs import OffsetAndMetadata

from collabbus.processor.outfit import Outfit
from collabbus.processor.shard import Shard
from collabbus.processor.shards import Shards

log = structlog.get_logger()

EXIT_STALLED = 75
"""Exit code (EX_TEMPFAIL): start me again."""
NEGLECT = 2
"""Who owns nothing waits so many times longer: an owner that stands still ends first."""
EXPELLED = 1.5
"""Session timeouts after which the group has certainly given up a silent member."""


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


class Neglect:
    """Decides from what is seen when nobody works on an input that grows. No I/O, no clock.

    Behind the last record may stand marks of transactions, which nobody ever reads: that the group
    hasn't come to the end means nothing, that the end moves away from it does.
    """

    def __init__(self, patience_s: float) -> None:
        self._judge = Judge(patience_s)
        self._ends: dict[TopicPartition, tuple[int, int]] = {}
        """How far the group had come, and the end when that was first seen."""

    def lasts(self, tp: TopicPartition, committed: int, end: int, now: float) -> bool:
        """Tell whether an input grew, and the group stood, for as long as patience lasts."""
        if tp not in self._ends or self._ends[tp][0] != committed:
            self._ends[tp] = committed, end
        sight = Sight(committed, 0, end - self._ends[tp][1])
        return self._judge.stalled((tp.topic, tp.partition), sight, now)

    def forget(self) -> None:
        """Forget what was seen: there is a shard to look at."""
        self._ends.clear()
        self._judge.forget(set())


class Watchdog:
    """Watches one process."""

    def __init__(
        self, outfit: Outfit, shards: Shards, end: Callable[[int], None] = os._exit
    ) -> None:
        settings = outfit.settings
        self._shards = shards
        self._numbers = range(outfit.shards)
        self._metrics = outfit.metrics
        self._patience = settings.watchdog_s
        self._expelled_s = EXPELLED * settings.session_timeout_s
        self._end = end
        self._judge = Judge(self._patience)
        self._neglect = Neglect(NEGLECT * self._patience)
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
        owned = self._shards.owned
        self._metrics.shards(len({shard.number for shard in owned}))
        consumer = self._shards.consumer
        if consumer is None:
            return
        tps = [tp for shard in owned for tp in shard.tps] or self._all()
        committed: dict[TopicPartition, OffsetAndMetadata] = {}
        try:
            async with asyncio.timeout(self._patience / 4):
                ends = await consumer.end_offsets(tps)
                if not owned:
                    committed = await consumer._coordinator.fetch_committed_offsets(tps)  # noqa: SLF001
        except Exception as error:
            log.warning("the broker doesn't answer the watchdog", error=repr(error))
            return
        now = time.monotonic()
        if owned:
            await self._look_at(owned, ends, now)
        else:
            self._look_at_group({tp: (_offset(committed.get(tp)), ends[tp]) for tp in tps}, now)

    def _all(self) -> list[TopicPartition]:
        """Give all inputs of the region, whoever owns them."""
        return [TopicPartition(topic, n) for topic in self._shards.topics for n in self._numbers]

    async def _look_at(
        self, owned: list[Shard], ends: dict[TopicPartition, int], now: float
    ) -> None:
        for shard in owned:
            sight = await self._sight(shard, ends)
            if self._judge.stalled((shard.stage, shard.number), sight, now):
                log.error("stalled", stage=shard.stage, shard=shard.number, lag=sight.lag)
                self._end(EXIT_STALLED)
        self._judge.forget({(shard.stage, shard.number) for shard in owned})
        self._neglect.forget()

    def _look_at_group(self, seen: dict[TopicPartition, tuple[int, int]], now: float) -> None:
        for tp, (committed, end) in seen.items():
            if self._neglect.lasts(tp, committed, end, now):
                log.error("neglected", topic=tp.topic, shard=tp.partition)
                # Who came back before the group had given him up would get what he had: nothing.
                # So the loop stands still, and with it the signs of life.
                self._beat = time.monotonic() + self._expelled_s
                time.sleep(self._expelled_s)
                self._end(EXIT_STALLED)
                return

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
            behind = max(0, ends.get(tp, 0) - at)
            # Where nothing is fetched any more, nobody else would tell.
            self._metrics.lag(shard.stage, tp.topic, tp.partition, behind)
            lag += behind
        return Sight(position, shard.done, lag + shard.backlog)

    def _listen(self) -> None:
        """End the process when the event loop itself stands still."""
        while not self._stop.wait(self._patience / 4):
            if time.monotonic() - self._beat > self._patience * 2:
                self._end(EXIT_STALLED)


def _offset(committed: OffsetAndMetadata | None) -> int:
    return -1 if committed is None else committed.offset
