"""A shard: taken when the group gives it, worked on run by run, given back when it takes it.

A `Shard` is one stage (record or dispatch) of one partition number: all input topics of the stage
at that partition. What a stage does, its subclass says; how a shard lives is said here, once.
"""

from __future__ import annotations

import abc
import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import ProducerFenced

from collabbus.processor.metrics import Metrics

log = structlog.get_logger()

FAILURES = 5
"""Times in a row that a shard may fail before the process gives up and is restarted."""


class HoleError(RuntimeError):
    """A run doesn't begin where the one before it ended."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive records of one partition, handed over as one."""

    epoch: int
    tp: TopicPartition
    start: int
    records: Sequence[ConsumerRecord]
    next: int
    weight: int
    """About how many events it holds: a parcel of a hundred isn't one record's work."""


class Shard(abc.ABC):
    """One stage of one partition number."""

    stage: str
    pace_s: float = 0.0
    """Seconds from the start of one piece of work to the next, while there is more of it.

    A transaction costs some milliseconds of everybody's time, whatever it holds: under load fewer
    and larger ones are quicker. After a moment of rest the first one starts at once.
    """
    most: int = 400
    """Weight to take into one piece of work."""
    chunk: int = 1000
    """Weight of a run at most: so long the event loop may be held up by one."""

    def __init__(self, number: int, topics: Iterable[str], metrics: Metrics) -> None:
        self.number = number
        self.tps = [TopicPartition(topic, number) for topic in topics]
        self.metrics = metrics
        self.ready = False
        self.sought = False
        self.epoch = 0
        self.backlog = 0
        self.position: dict[TopicPartition, int] | None = None
        """The next offset of each input that the state stands for; None: not known."""
        self.done = 0
        """Runs finished: the watchdog looks whether it moves."""
        self._started = 0.0
        self._sure = False
        self._pending: deque[Run] = deque()
        self._expect: dict[TopicPartition, int] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._work: asyncio.Task[None] | None = None
        self.changed: Callable[[], None] = lambda: None
        self.crash: Callable[[BaseException], None] = lambda error: None

    @abc.abstractmethod
    async def take(self, sure: bool) -> dict[TopicPartition, int]:
        """Become the owner, with state restored; give the offsets from which to read.

        `sure` says that every piece of work that was begun here has ended well, so that memory, if
        there is any, is what was done.
        """

    @abc.abstractmethod
    async def work(self, runs: Sequence[Run]) -> None:
        """Do the runs. When it returns they are done for good; when it raises, none is."""

    @abc.abstractmethod
    async def release(self) -> None:
        """Close what `take` opened. The state may stay, as a cache for the next `take`."""

    def pause(self) -> float | None:
        """Give after how many seconds to call `work` without any run; None: never."""
        return None

    # Lifecycle ------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to take the shard."""
        self.epoch += 1
        self.ready = self.sought = False
        self._forget()
        self._task = asyncio.ensure_future(self._live(self._task))

    async def stop(self, grace: float = 5.0) -> None:
        """Finish the run under way, up to `grace` seconds, and stop working.

        When it returns, nothing of this life runs any more.
        """
        self.ready = False
        self._forget()
        if self._work is not None:
            await asyncio.wait([self._work], timeout=grace)
        await _end(self._task)
        await _end(self._work)

    def _forget(self) -> None:
        self._pending.clear()
        self.backlog = 0

    async def _live(self, before: asyncio.Task[None] | None) -> None:
        # Lives never overlap, also if stop() was broken off: a transaction that went on behind the
        # back of the next owner's reading would be done twice.
        await _end(before)
        await _end(self._work)
        failures = 0
        while True:
            try:
                started = time.monotonic()
                sure, self._sure = self._sure, False
                self.position = positions = await self.take(sure)
                self._sure = True
                self._expect = dict(positions)
                self.metrics.taken(self.stage, time.monotonic() - started)
                log.info("shard taken", stage=self.stage, shard=self.number)
                self.ready = True
                self.changed()
                while True:
                    await self._next()
                    failures = 0
            except Exception as error:
                failures += 1
                self.ready = self.sought = False
                self.epoch += 1
                self._forget()
                self.metrics.failed(self.stage, type(error).__name__)
                log.warning(
                    "shard failed", stage=self.stage, shard=self.number, error=repr(error),
                    failures=failures, exc_info=failures == FAILURES,
                )  # fmt: skip
                if failures >= FAILURES:
                    self.crash(error)
                    return
                await self.release()
                # Fenced: most likely somebody else owns the shard; let the group tell us so.
                await asyncio.sleep(2.0 if isinstance(error, ProducerFenced) else 0.2 * failures)

    async def _next(self) -> None:
        if not self._pending:
            self._wake.clear()
            try:
                async with asyncio.timeout(self.pause()):
                    await self._wake.wait()
            except TimeoutError:
                pass
        early = self._started + self.pace_s - time.monotonic()
        if early > 0:
            await asyncio.sleep(early)
        runs: list[Run] = []
        count = 0
        while self._pending and count < self.most:
            run = self._pending.popleft()
            runs.append(run)
            count += run.weight
        self.backlog -= count
        self.changed()
        self._started = time.monotonic()
        self._work = asyncio.ensure_future(self._do(runs))
        # Whoever is stopped finishes his work first: see stop().
        await asyncio.shield(self._work)
        if runs:
            self.done += 1

    async def _do(self, runs: Sequence[Run]) -> None:
        # Work that is broken off, or fails, may have been done all the same.
        self._sure = False
        position = self.after(runs)
        await self.work(runs)
        self.position = position
        self._sure = True

    def after(self, runs: Sequence[Run]) -> dict[TopicPartition, int]:
        """Give the position once these runs are done."""
        return {**(self.position or {}), **{run.tp: run.next for run in runs}}

    # Input ----------------------------------------------------------------------------------

    def submit(self, run: Run) -> None:
        """Queue a run; one from before the shard was last taken is dropped, and read again.

        Raises HoleError if records are missing between this run and the one before.
        """
        if run.epoch != self.epoch or not self.ready:
            return
        expected = self._expect[run.tp]
        if run.start != expected:
            raise HoleError(f"{run.tp.topic}/{run.tp.partition}: {run.start} after {expected}")
        self._expect[run.tp] = run.next
        self._pending.append(run)
        self.backlog += run.weight
        self._wake.set()

    def wake(self) -> None:
        """Have `work` called soon, with or without runs."""
        self._wake.set()


async def _end(task: asyncio.Task[None] | None) -> None:
    """Cancel a task until it has ended: Python 3.11 can swallow one request."""
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.5)
