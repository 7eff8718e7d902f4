"""Rebuilding: who reads meanwhile is told nothing wrong, and misses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache

import pytest
from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from collabbus.ledger import rebuilding
from collabbus.ledger.cursor import place
from collabbus.ledger.database import engine_of
from collabbus.ledger.projection import Projection, Record
from collabbus.ledger.queries import Ledger
from collabbus.ledger.rebuilding import Rebuilding
from collabbus.ledger.tables import events, parties
from tests.ledger import told

Left = tuple[str, str, str, int]
"""An office, the thread that it left, and where."""


@cache
def log_with_leavers() -> tuple[str, Sequence[Record]]:
    """Give a region's log in which an office has left a thread where more was said later."""
    for seed in range(1, 200):
        made = told.alliance(seed, 160, age=False)
        for region, node in told.regions(made):
            fold = told.fold(region, node, told.pinned().get)
            for (matter_id, name), thread in fold.threads.items():
                there = {one.office for one in thread.kept.parties if not one.left}
                for (_, office), at in thread.left.items():
                    later = [
                        one
                        for one in node.disk.events[at:]
                        if (one.envelope.matter_id, one.envelope.thread) == (matter_id, name)
                    ]
                    if later and office not in there:
                        return region, told.records(node)
    raise AssertionError("nobody left before the end")


async def leavers(engine: AsyncEngine) -> list[Left]:
    """Give who has left where more was said."""
    p, again = parties.c, parties.alias("again")
    back = exists().where(
        again.c.matter_id == p.matter_id, again.c.thread == p.thread,
        again.c.office == p.office, again.c.left_position.is_(None),
    )  # fmt: skip
    later = exists().where(
        events.c.matter_id == p.matter_id, events.c.thread == p.thread,
        events.c.position > p.left_position,
    )  # fmt: skip
    at = func.max(p.left_position)
    query = (
        select(p.office, p.matter_id, p.thread, at).where(later, ~back).group_by(*p[3:4], *p[:2])
    )
    async with engine.connect() as connection:
        return [(row[0], row[1], row[2], row[3]) for row in await connection.execute(query)]


async def seen_too_late(ledger: Ledger, gone: Sequence[Left]) -> int:
    """Count what those who left are told of what was said later."""
    found = 0
    for office, matter_id, thread, at in gone:
        try:
            page = await ledger.matter_events([office], matter_id, thread=thread, limit=500)
            found += sum(int(one.cursor.partition("-")[2]) > at for one in page.items)
        except Rebuilding:
            pass
        followed = await ledger.events_after([office], None, limit=500)
        found += sum(
            int(one.cursor.partition("-")[2]) > at
            for one in followed.items
            if (one.matter_id, one.thread) == (matter_id, thread)
        )
    return found


def test_a_rebuild_lets_nobody_who_left_read_on_and_no_follower_skip_anything(url: str) -> None:
    region, records = log_with_leavers()

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, region, told.pinned())
        await projection.offsets()
        await projection.write(records, current=True)
        ledger = Ledger(engine)
        gone = await leavers(engine)
        assert gone
        assert await seen_too_late(ledger, gone) == 0
        office = gone[0][0]
        cursor = place((await ledger.status()).life, 1)
        owed = (await ledger.events_after([office], cursor, limit=500)).items
        assert owed

        await rebuilding.begin(engine)
        await projection.offsets()
        for start in range(0, len(records), 5):
            for at in (cursor, None):
                page = await ledger.events_after([office], at)
                assert (page.items, page.cursor) == ([], at)
            assert not await ledger.wait(cursor, 0)
            assert await seen_too_late(ledger, gone) == 0
            last = start + 5 >= len(records)
            await projection.write(records[start : start + 5], current=last)
        assert (await ledger.events_after([office], cursor, limit=500)).items == owed
        assert await seen_too_late(ledger, gone) == 0
        await ledger.close()
        await engine.dispose()

    asyncio.run(go())


def test_lists_and_reads_are_refused_until_a_rebuild_is_over(url: str) -> None:
    region, records = log_with_leavers()

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, region, told.pinned())
        await projection.offsets()
        await projection.write(records, current=True)
        ledger = Ledger(engine)
        [first] = (await ledger.events_after(None, None, limit=1)).items
        asked = (
            lambda: ledger.matters(None),
            lambda: ledger.tasks([first.office]),
            lambda: ledger.matter(None, first.matter_id),
            lambda: ledger.matter_events(None, first.matter_id),
            lambda: ledger.event(None, first.event_id),
            lambda: ledger.event_of_submission(None, first.office, first.submission_id),
        )
        before = [await ask() for ask in asked]
        await rebuilding.begin(engine)
        for ask in asked:
            with pytest.raises(Rebuilding, match="try again"):
                await ask()
        assert (await ledger.status()).rebuilding
        await projection.offsets()
        await projection.write(records, current=True)
        assert [await ask() for ask in asked] == before
        await ledger.close()
        await engine.dispose()

    asyncio.run(go())


@pytest.mark.parametrize("over", [False, True])
def test_a_rebuild_that_begins_while_something_is_read_is_noticed(url: str, over: bool) -> None:
    """A statement that began before a TRUNCATE may find nothing after it."""
    region, records = log_with_leavers()

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, region, told.pinned())
        await projection.offsets()
        await projection.write(records, current=True)
        ledger = Ledger(engine)

        async def meanwhile() -> None:
            async with ledger._reading():
                await rebuilding.begin(engine)
                if over:
                    await projection.offsets()
                    await projection.write(records, current=True)

        with pytest.raises(Rebuilding):
            await meanwhile()
        await ledger.close()
        await engine.dispose()

    asyncio.run(go())


def test_a_follower_waits_for_the_end_of_a_rebuild_and_is_woken_by_it(url: str) -> None:
    region, records = log_with_leavers()

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, region, told.pinned())
        await projection.offsets()
        await projection.write(records, current=True)
        await rebuilding.begin(engine)
        ledger = Ledger(engine)
        follower = aiter(ledger.follow(None, None, idle=0.2))
        page = await anext(follower)
        assert (page.items, page.cursor) == ([], None)
        waiting = asyncio.create_task(ledger.wait(None, 14))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await projection.offsets()
        await projection.write(records, current=True)
        assert await asyncio.wait_for(waiting, 5)
        assert (await anext(follower)).items
        await ledger.close()
        await engine.dispose()

    asyncio.run(go())
