"""The bell: tells the loop what other threads have settled, many things with one call."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Lets coroutines of one loop wait for futures that other threads settle.

    Kafka acknowledges submissions by the batch. `asyncio.wrap_future` would wake the loop for each
    of them, and take the interpreter from the thread that still has the others to tell of.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._settled: deque[asyncio.Future[None]] = deque()
        """Waiters whose futures are done."""
        self._rung = False

    async def wait(self, future: Future[T]) -> T:
        """Give a future's result, or raise what it was settled with; call it in the loop."""
        waiter = self.loop.create_future()
        future.add_done_callback(lambda _: self._ring(waiter))
        await waiter
        return future.result()

    def _ring(self, waiter: asyncio.Future[None]) -> None:
        self._settled.append(waiter)
        # First the waiter is there, then this is looked at: _tell() does both the other way round.
        if not self._rung:
            self._rung = True
            # In a loop that was closed nobody waits any more.
            with contextlib.suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._rung = False
        while self._settled:
            waiter = self._settled.popleft()
            if not waiter.done():
                waiter.set_result(None)
