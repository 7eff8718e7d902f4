"""The bell: PostgreSQL tells when there are new events, so that followers needn't ask again.

One connection a process listens for all its followers. While it can't, they look by themselves
after a while: a lost bell makes them slower, and loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from collabbus.ledger.tables import CHANNEL

_RETRY_S = 1.0

_log = structlog.get_logger(__name__)


class Bell:
    """Rings for all who wait when PostgreSQL says that the ledger has grown."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._rings = 0
        self._rung = asyncio.Condition()
        self._listener: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    async def arm(self) -> int:
        """Start to listen if nobody has; give the count of rings, for `wait`.

        What is recorded after this returns makes the count grow. Look for what is there already
        before you wait.
        """
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen(), name="ledger-bell")
        if not self._listening.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._listening.wait(), _RETRY_S)
        return self._rings

    async def wait(self, heard: int, seconds: float) -> None:
        """Wait until it has rung since `arm` gave `heard`, or so many seconds have passed."""
        if not self._listening.is_set():
            seconds = min(seconds, _RETRY_S)
        async with self._rung:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait_for(lambda: self._rings > heard), seconds)

    async def close(self) -> None:
        """Stop listening."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listener

    async def _listen(self) -> None:
        while True:
            try:
                async with self._engine.connect() as connection:
                    await self._hear(connection)
            except (OSError, SQLAlchemyError, TimeoutError) as error:
                _log.warning("ledger.bell", error=type(error).__name__)
            finally:
                self._listening.clear()
            await self._ring()  # what was missed meanwhile is found by looking
            await asyncio.sleep(_RETRY_S)

    async def _hear(self, connection: AsyncConnection) -> None:
        raw = (await connection.get_raw_connection()).driver_connection
        if raw is None:
            return
        lost = asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        def ring(*_: object) -> None:
            task = asyncio.ensure_future(self._ring())
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        raw.add_termination_listener(lambda *_: lost.set())
        await raw.add_listener(CHANNEL, ring)
        self._listening.set()
        try:
            await lost.wait()
        finally:
            if not raw.is_closed():
                await raw.remove_listener(CHANNEL, ring)

    async def _ring(self) -> None:
        async with self._rung:
            self._rings += 1
            self._rung.notify_all()
