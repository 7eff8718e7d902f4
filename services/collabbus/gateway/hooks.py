"""Hooks: webhooks of offices, kept in the ledger's database, in a schema of their own.

A rebuilt ledger leaves them alone. One line is one webhook; how far it has got is its cursor, so
that one event after another is delivered at least once, across restarts, by whichever gateway
process holds the line's lease.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.schema import CreateSchema

SCHEMA = "gateway"
MOST = 50
"""Webhooks of one office."""
LEASE_MS = 120_000
"""A process that dies with a webhook in hand leaves it to others after so long."""

metadata = MetaData(schema=SCHEMA)
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("families", ARRAY(Text), nullable=False),
    Column("types", ARRAY(Text), nullable=False),
    # What its deliveries are signed with.
    Column("secret", Text, nullable=False),
    # The place up to which all was delivered; null: from the beginning.
    Column("cursor", Text),
    # When the last event that was delivered had come into the log.
    Column("reached_ms", BigInteger, nullable=False),
    # While a ledger that was made anew is gone through again: what came into the log before this
    # was told already. Null: nothing is passed over.
    Column("replay_before_ms", BigInteger),
    Column("created_ms", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    # Since when nothing got through; null: nothing is wrong.
    Column("failing_since_ms", BigInteger),
    Column("next_ms", BigInteger, nullable=False),
    Column("disabled", Boolean, nullable=False),
    # Why the last attempt failed, without contents.
    Column("trouble", Text, nullable=False),
    Column("leased_until_ms", BigInteger, nullable=False),
    Index("webhooks_by_office", "office"),
)


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as it stands."""

    id: str
    office: str
    url: str
    families: tuple[str, ...]
    types: tuple[str, ...]
    secret: str
    cursor: str | None
    reached_ms: int
    replay_before_ms: int | None
    created_ms: int
    attempts: int
    failing_since_ms: int | None
    next_ms: int
    disabled: bool
    trouble: str


class TooManyHooks(Exception):
    """The office has as many webhooks as it may."""


class Hooks:
    """The webhooks of a region's offices. Times are milliseconds since 1970."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def prepare(self) -> None:
        """Make the tables, if there are none, and in older ones what they lack."""
        async with self._engine.begin() as connection:
            # Two that start at once: the second finds all done.
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtext('collabbus gateway schema'))")
            )
            await connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
            await connection.run_sync(metadata.create_all)
            await connection.execute(
                text(
                    f"ALTER TABLE {SCHEMA}.webhooks "
                    "ADD COLUMN IF NOT EXISTS replay_before_ms bigint"
                )
            )

    async def add(
        self,
        office: str,
        url: str,
        families: Sequence[str],
        types: Sequence[str],
        cursor: str | None,
        now_ms: int,
    ) -> Hook:
        """Add a webhook that is told what comes after a place; raises TooManyHooks."""
        values: dict[str, Any] = {
            "id": f"wh_{secrets.token_hex(12)}",
            "office": office,
            "url": url,
            "families": list(families),
            "types": list(types),
            "secret": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "cursor": cursor,
            "reached_ms": 0,
            "replay_before_ms": None,
            "created_ms": now_ms,
            "attempts": 0,
            "failing_since_ms": None,
            "next_ms": 0,
            "disabled": False,
            "trouble": "",
            "leased_until_ms": 0,
        }
        async with self._engine.begin() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtext(:office))"), {"office": office}
            )
            counted = select(func.count()).where(webhooks.c.office == office)
            if (await connection.execute(counted)).scalar_one() >= MOST:
                raise TooManyHooks(office)
            await connection.execute(insert(webhooks).values(values))
        return _hook(values)

    async def of(self, office: str) -> list[Hook]:
        """Give an office's webhooks, the oldest first."""
        query = (
            select(webhooks)
            .where(webhooks.c.office == office)
            .order_by(webhooks.c.created_ms, webhooks.c.id)
        )
        async with self._engine.connect() as connection:
            return [_hook(row) for row in (await connection.execute(query)).mappings()]

    async def remove(self, office: str, hook: str) -> bool:
        """Remove a webhook; False if the office has none of that id."""
        gone = delete(webhooks).where(webhooks.c.id == hook, webhooks.c.office == office)
        async with self._engine.begin() as connection:
            return (await connection.execute(gone)).rowcount > 0

    async def enable(self, office: str, hook: str) -> Hook | None:
        """Have a webhook go on from where it was, now; None if the office has none of that id."""
        change = (
            update(webhooks)
            .where(webhooks.c.id == hook, webhooks.c.office == office)
            .values(disabled=False, attempts=0, failing_since_ms=None, next_ms=0, trouble="")
            .returning(webhooks)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(change)).mappings().first()
        return None if row is None else _hook(row)

    async def lease(self, newest: str, now_ms: int, most: int) -> list[Hook]:
        """Take webhooks that are due and haven't reached the newest event, for LEASE_MS."""
        due = (
            select(webhooks.c.id)
            .where(
                ~webhooks.c.disabled,
                webhooks.c.next_ms <= now_ms,
                webhooks.c.leased_until_ms < now_ms,
                webhooks.c.cursor.is_distinct_from(newest),
            )
            .order_by(webhooks.c.next_ms)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        taking = (
            update(webhooks)
            .where(webhooks.c.id.in_(due.scalar_subquery()))
            .values(leased_until_ms=now_ms + LEASE_MS)
            .returning(webhooks)
        )
        async with self._engine.begin() as connection:
            return [_hook(row) for row in (await connection.execute(taking)).mappings()]

    async def next_due(self) -> int | None:
        """Give when the next repetition is due, None if nothing has failed."""
        query = select(func.min(webhooks.c.next_ms)).where(
            ~webhooks.c.disabled, webhooks.c.attempts > 0
        )
        async with self._engine.connect() as connection:
            found: int | None = (await connection.execute(query)).scalar_one()
            return found

    async def save(self, hook: str, **values: Any) -> None:
        """Write how a webhook stands."""
        change = update(webhooks).where(webhooks.c.id == hook).values(**values)
        async with self._engine.begin() as connection:
            await connection.execute(change)


def _hook(row: Any) -> Hook:
    values = {name: row[name] for name in Hook.__slots__}
    values["families"], values["types"] = tuple(row["families"]), tuple(row["types"])
    return Hook(**values)
