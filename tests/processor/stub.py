"""Stubs that the tests of one shard and of all shards share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import TopicPartition

from collabbus.processor.metrics import Metrics
from collabbus.processor.shard import Run, Shard

ONE, TWO = "one", "two"


class Record:
    """As much of a ConsumerRecord as shards look at."""

    def __init__(self, offset: int, value: bytes = b"") -> None:
        self.offset = offset
        self.value = value


class Stub(Shard):
    """A stage that notes what it is asked to do."""

    stage = "stub"
    most = 5
    chunk = 20

    def __init__(self, number: int) -> None:
        super().__init__(number, [ONE, TWO], Metrics("test"))
        self.begin = dict.fromkeys(self.tps, 0)
        self.takes = self.releases = 0
        self.sure: list[bool] = []
        self.worked: list[list[tuple[str, int, int]]] = []
        self.fault: Callable[[Sequence[Run]], None] = lambda runs: None
        self.gate = asyncio.Event()
        self.gate.set()
        self.taking = asyncio.Event()
        self.taking.set()
        self.began = asyncio.Event()
        self.beat: float | None = None

    async def take(self, sure: bool) -> dict[TopicPartition, int]:
        self.takes += 1
        self.sure.append(sure)
        await self.taking.wait()
        return dict(self.position or self.begin)

    async def work(self, runs: Sequence[Run]) -> None:
        self.began.set()
        await self.gate.wait()
        self.fault(runs)
        self.worked.append([(run.tp.topic, run.start, run.next) for run in runs])

    async def release(self) -> None:
        self.releases += 1

    def pause(self) -> float | None:
        return self.beat

    def run(self, topic: str, start: int, following: int, epoch: int | None = None) -> Run:
        records: Any = [Record(offset) for offset in range(start, following)]
        tp = TopicPartition(topic, self.number)
        return Run(
            self.epoch if epoch is None else epoch, tp, start, records, following, len(records)
        )


async def until(look: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not look():  # noqa: ASYNC110 - what it looks at announces nothing
            await asyncio.sleep(0.001)
