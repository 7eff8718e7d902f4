"""Rebuilding: the tables made anew from the log, while the places of events stay as they were.

It is only begun here: whoever follows the log then, this process or the service, carries it on from
where it stands, and ends it when the tables have all that the log holds. So it may be interrupted.
"""

from __future__ import annotations

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from collabbus.ledger import tables


async def begin(engine: AsyncEngine) -> int:
    """Forget all but the events, and where the reading stood; give the generation that begins.

    The projections that run notice, and begin anew. Until it is over lists may lack matters.
    """
    async with engine.begin() as connection:
        await connection.execute(text("SELECT 1 FROM ledger.ledger FOR UPDATE"))
        for table in (*tables.STATE, tables.offsets):
            await connection.execute(text(f"TRUNCATE {table.fullname}"))
        c = tables.ledger.c
        found = await connection.execute(
            update(tables.ledger)
            .values(generation=c.generation + 1, rebuilding=True, current_ms=0)
            .returning(c.generation)
        )
        return int(found.scalar_one())
