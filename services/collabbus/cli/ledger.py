"""Ledger: its tables, made, made anew, and looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import typer

from collabbus.cli import tables
from collabbus.cli.options import Bootstrap, Contracts, Region, Set, Shards, settings_of

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from collabbus.settings import Settings

app = typer.Typer(no_args_is_help=True, help="台账: the region's log as tables.")

FRESH_S = 60
"""Later than so many seconds after it last had all of the log, a ledger isn't fresh any more."""

T = TypeVar("T")


@app.command("migrate")
def migrate(region: Region = None, sets: Set = None) -> None:
    """升级表结构: bring the ledger's tables to this program's version, or make them."""
    from collabbus.ledger.database import migrate as bring

    settings = settings_of(sets, region=region)
    before, after = _on(settings, bring)
    if before == after:
        print(f"台账表结构已是最新 tables are of version {after} already")
    else:
        print(f"台账表结构 tables: {before or '无 none'} -> {after}")


@app.command("rebuild")
def rebuild(
    region: Region = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    sets: Set = None,
) -> None:
    """重建台账: make the tables anew from the log, and wait until they have all of it.

    Matters can't be read meanwhile; cursors stay good. Ctrl-C leaves it to `collabbus run ledger`,
    which goes on from where it stands.
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from collabbus.ledger import rebuilding
    from collabbus.ledger.database import check
    from collabbus.ledger.metrics import Metrics
    from collabbus.ledger.service import Service

    settings = settings_of(sets, bootstrap, region=region, shards=shards, contracts=contracts)
    progress = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )

    async def anew(engine: AsyncEngine) -> int:
        await check(engine)
        service = Service(settings, engine, Metrics(settings.region))
        # Before anything is forgotten: see that the ledger is this region's.
        await service.projection.offsets()
        generation = await rebuilding.begin(engine)
        task = progress.add_task(f"重建 {settings.region}", total=None)
        await service.catch_up(
            lambda read, total: progress.update(task, completed=read, total=total)
        )
        return generation

    with progress:
        generation = _on(settings, anew)
    print(f"台账已重建 rebuilt: {settings.region}, generation {generation}")


@app.command("status")
def status(region: Region = None, json: tables.Json = False, sets: Set = None) -> None:
    """查看台账: how much it holds, and until when it had all of the log; exit 1 if not fresh."""
    import time
    from dataclasses import asdict

    from collabbus.ledger.database import check
    from collabbus.ledger.queries import Ledger
    from collabbus.ledger.views import Status

    settings = settings_of(sets, region=region)

    async def look(engine: AsyncEngine) -> Status:
        await check(engine)
        return await Ledger(engine).status()

    found = _on(settings, look)
    fresh = not found.rebuilding and time.time() - found.current_ms / 1000 < FRESH_S
    if json:
        tables.as_json({**asdict(found), "fresh": fresh})
    else:
        state = "最新 fresh" if fresh else "落后 behind"
        if found.rebuilding:
            state = "重建中 rebuilding"
        tables.table(
            "台账 ledger",
            ("区域 region", "事项 matters", "事件 events", "齐全于 current", "代 generation",
             "状态 state"),
            [(found.region or "—", found.matters, found.events,
              tables.moment(found.current_ms), found.generation, state)],
        )  # fmt: skip
    if not fresh:
        raise typer.Exit(1)


def _on(settings: Settings, work: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    """Do something with the region's database, and disconnect whatever comes of it."""
    import asyncio

    from collabbus.ledger.database import engine_of, reached
    from collabbus.ledger.service import opened

    async def done(url: str) -> T:
        engine = engine_of(url, connections=2)
        try:
            async with reached(engine):
                return await work(engine)
        finally:
            await engine.dispose()

    with opened(settings.ledger, settings.region) as url:
        return asyncio.run(done(url))
