"""Rebuilding: the tables made anew from the log, while the places of events stay as they were.

It is only begun here: whoever follows the log then, this process or the service, carries it on from
where it stands, and ends it when the tables have all that the log holds. So it may be interrupted.
Until then nobody is told of matters and events: who is a party of what, and who has left, isn't
known again.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from collabbus.errors import CollabbusError
from collabbus.ledger import tables


class Rebuilding(CollabbusError):
    """The tables are being made anew, or were while they were read: ask again in a moment."""

    code: ClassVar[str] = "LEDGER_REBUILDING"


async def begin(engine: AsyncEngine) -> int:
    """Forget all but the events, and where the reading stood; give the generation that begins.

    The projections that run notice, and begin anew. Until it is over lists and reads are refused,
    and followers stay where they are.
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
        generation = int(found.scalar_one())
        await connection.execute(select(func.pg_notify(tables.CHANNEL, "rebuilding")))
        return generation
