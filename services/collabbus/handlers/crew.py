"""The crew: the loop in which handlers run, apart from the one that talks to Kafka.

So a handler that blocks its loop (`time.sleep` in an async function) can't keep the host from
giving Kafka signs of life. Such a loop is left to itself and another one begun; what else ran in
it is run again. What was left is cancelled where it waits next, and its answers are taken no more.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any

from collabbus.handlers.delivery import Failure
from collabbus.handlers.middleware.retry import judged
from collabbus.handlers.middleware.timeout import late
from collabbus.handlers.run import Call

BLOCKED_S = 5.0
"""A loop that does nothing else for so long is blocked."""
GRACE_S = 2.0
"""How long a run that was cancelled may take to end."""
_PAUSE_S = 0.2


class Interrupted(Exception):
    """The run ended for a reason that isn't its handler's."""


class _Loop:
    """A thread with a loop of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.heard = time.monotonic()
        self.asked = False
        self.runs: dict[Future[Failure | None], asyncio.Task[Any] | None] = {}
        """What runs in it, or is to; without a task before it has begun."""
        self.thread = threading.Thread(target=self._run, name="handlers", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        while True:
            try:
                self.loop.run_forever()
            except (KeyboardInterrupt, SystemExit):
                # Of a task that a handler has begun: asyncio lets these out. Who awaits the task
                # has them, too, and the others' runs go on.
                continue
            return

    def pong(self) -> None:
        self.heard, self.asked = time.monotonic(), False

    def answers(self) -> bool:
        """Tell whether it did what it was last asked, or may yet."""
        return not self.asked or time.monotonic() - self.heard < GRACE_S / 2


class Crew:
    """Runs handlers; for the host's loop alone."""

    def __init__(self) -> None:
        self._at_work = _Loop()

    async def run(
        self, call: Call, work: Callable[[], Awaitable[Failure | None]]
    ) -> Failure | None:
        """Give how a run went; it returns soon after the handler's seconds are over.

        When it returns or raises, whatever of `work` may still go on answers no more. Raises
        Interrupted if it is to be run again for a reason that isn't its own.
        """
        at = self._at_work
        done: Future[Failure | None] = Future()

        async def working() -> None:
            if done not in at.runs:
                return  # The loop was blocked until nobody waited for this any more.
            at.runs[done] = asyncio.current_task()
            try:
                _settle(done, await work())
            except BaseException as error:
                _settle(done, Interrupted(type(error).__name__))
                raise

        at.runs[done] = None
        going = asyncio.run_coroutine_threadsafe(working(), at.loop)
        waiting = asyncio.wrap_future(done)
        try:
            await asyncio.wait({waiting}, timeout=call.handler.timeout_s + GRACE_S)
            while not waiting.done():
                call.matter.give_up()
                if at.answers():
                    # The function was cancelled and takes no notice: it is left to itself.
                    return judged(late(call))
                # Somebody blocks the loop; `watch` finds out who, and settles this.
                await asyncio.wait({waiting}, timeout=_PAUSE_S)
            return waiting.result()
        finally:
            # Whoever settled it: the event may now be handled again, and this run must be over.
            call.matter.give_up()
            going.cancel()
            at.runs.pop(done, None)

    def watch(self) -> str | None:
        """Look whether the loop answers; call it every second or so.

        A blocked one is left: the run that blocks it has failed, the others are interrupted. Then
        gives what is to be logged.
        """
        at = self._at_work
        if not at.asked:
            at.asked, at.heard = True, time.monotonic()
            at.loop.call_soon_threadsafe(at.pong)
            return None
        if time.monotonic() - at.heard < BLOCKED_S:
            return None
        culprit = asyncio.current_task(at.loop)
        self._at_work = _Loop()
        for done, task in list(at.runs.items()):
            if task is not None and task is culprit:
                _settle(done, Failure(
                    "Blocked",
                    f"the function blocked its loop for {BLOCKED_S:g} s: declare it with def "
                    "instead of async def, or await what it waits for",
                ))  # fmt: skip
            else:
                _settle(done, Interrupted("loop"))
        return "handlers' loop was blocked and is left"

    def stop(self) -> None:
        """Stop the loop; what still runs in it is given up."""
        self._at_work.loop.call_soon_threadsafe(self._at_work.loop.stop)


def _settle(done: Future[Failure | None], how: Failure | Interrupted | None) -> None:
    if done.done():
        return
    if isinstance(how, Interrupted):
        done.set_exception(how)
    else:
        done.set_result(how)
