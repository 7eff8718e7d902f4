"""The service: a region's log followed into the tables, for as long as it is let."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from aiokafka.errors import KafkaError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from collabbus.contracts import load as load_contracts
from collabbus.ledger.database import DatabaseError, engine_of, migrate, served
from collabbus.ledger.metrics import Metrics
from collabbus.ledger.projection import Moved, Projection
from collabbus.ledger.source import Source
from collabbus.settings import LedgerSettings, Settings

BEAT_S = 2.0
"""How often a ledger that has nothing to write says that it is current."""
_WAIT_MS = 500
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 5.0

Tell = Callable[[int, int], None]
"""Is told how many offsets were read and how many there are in all."""

log = structlog.get_logger()


@contextmanager
def opened(settings: LedgerSettings, region: str) -> Iterator[str]:
    """Give the URL of a region's database; where none is named, one is started and stopped again.

    For use outside of an event loop.
    """
    address = settings.address()
    if address is not None:
        yield address
        return
    with served(settings.folder.resolve()) as server:
        yield server.url(region)


class Service:
    """Keeps one region's ledger up to its log."""

    def __init__(self, settings: Settings, engine: AsyncEngine, metrics: Metrics) -> None:
        """Reads the contracts; raises ContractError."""
        contracts = load_contracts(settings.contracts)
        pinned = [contracts.pin(name) for name in contracts.networks]
        mine = [one for one in pinned if settings.region in one.network.regions]
        self._settings = settings
        self._metrics = metrics
        self.projection = Projection(engine, settings.region, {one.hash: one for one in mine})
        self._tell: Tell = lambda read, all_of_it: None

    async def run(self) -> None:
        """Follow the log for ever; what is lost on the way is tried again.

        Raises LogDiffers, OtherRegion: a person must decide.
        """
        await self._keep_on(until_current=False)

    async def catch_up(self, tell: Tell | None = None) -> None:
        """Follow the log until the tables have all that it holds; `tell` hears of the way."""
        self._tell = tell or self._tell
        await self._keep_on(until_current=True)

    async def _keep_on(self, *, until_current: bool) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            began = time.monotonic()
            try:
                return await self._follow(until_current=until_current)
            except Moved:
                log.info("ledger.rebuilt_elsewhere")
            except (KafkaError, OSError, OperationalError, InterfaceError) as error:
                await self._pause(error, pause)
            except SQLAlchemyError as error:
                # A connection that breaks is told in more than one way.
                if not getattr(error, "connection_invalidated", False):
                    raise
                await self._pause(error, pause)
            steady = time.monotonic() - began > _LONGEST_PAUSE_S
            pause = _FIRST_PAUSE_S if steady else min(2 * pause, _LONGEST_PAUSE_S)

    async def _pause(self, error: Exception, seconds: float) -> None:
        self._metrics.interrupted()
        log.warning("ledger.interrupted", error=type(error).__name__, again_in_s=seconds)
        await asyncio.sleep(seconds)

    async def _follow(self, *, until_current: bool) -> None:
        settings, projection = self._settings, self.projection
        offsets = await projection.offsets()
        async with Source(
            settings.kafka.aiokafka(), settings.region, settings.shards, offsets
        ) as source:
            total = await source.ahead()
            beat = 0.0
            while True:
                records = await source.read(settings.ledger.batch, _WAIT_MS)
                began = time.monotonic()
                if not records and began - beat < BEAT_S and not until_current:
                    continue
                # Asked after the reading: what came since then makes it no longer current.
                behind, ahead = await source.behind(), await source.ahead()
                current = not ahead
                written = await projection.write(records, current=current)
                beat = time.monotonic()
                if records:
                    self._metrics.written(
                        written.events, written.unfolded, written.skipped, beat - began
                    )
                self._metrics.stands(behind, time.time(), written.rebuilding)
                self._tell(max(0, total - ahead), total)
                if current and until_current:
                    return


async def prepared(url: str, connections: int) -> AsyncEngine:
    """Give an engine for a database whose tables are of this program's version on return.

    Raises DatabaseError.
    """
    engine = engine_of(url, connections=connections)
    try:
        before, after = await migrate(engine)
    except BaseException:
        await engine.dispose()
        raise
    if before != after:
        log.info("ledger.migrated", before=before, after=after)
    return engine


def run(settings: Settings) -> int:
    """Follow the log until SIGTERM or Ctrl-C; give the exit code.

    0: it was told to stop; what was begun is in the tables whole or not at all. The tables are
    brought to this program's version first. Raises DatabaseError, ContractError, LogDiffers,
    OtherRegion.
    """
    metrics = Metrics(settings.region)
    port = metrics.serve(settings.metrics_host, settings.metrics_port)
    log.info("metrics", address=f"http://{settings.metrics_host}:{port}/metrics")
    with opened(settings.ledger, settings.region) as url:
        asyncio.run(_until_told(settings, url, metrics))
    return 0


async def _until_told(settings: Settings, url: str, metrics: Metrics) -> None:
    engine = await _patiently(url, settings.ledger.connections)
    try:
        service = Service(settings, engine, metrics)
        work = asyncio.create_task(service.run())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, work.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await work
    finally:
        await engine.dispose()


async def _patiently(url: str, connections: int, tries: int = 30) -> AsyncEngine:
    """Wait for a database that is only just being started beside us, half a minute at most."""
    for _ in range(tries):
        try:
            return await prepared(url, connections)
        except DatabaseError:
            await asyncio.sleep(1.0)
    return await prepared(url, connections)
