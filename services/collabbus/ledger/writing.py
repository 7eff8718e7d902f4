"""Writing: lines put into the tables, inside of somebody else's transaction.

What PostgreSQL can't hold is told apart from what only goes wrong now: the former is the fault of a
record, and goes wrong for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import asyncpg
from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    any_,
    bindparam,
    literal,
    null,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from collabbus.errors import CollabbusError
from collabbus.ledger import tables
from collabbus.ledger.fold import Line, storable

_OF_VALUES = ("22", "54")
"""Classes of PostgreSQL's errors that say of a value that no table takes it, or no index."""


class WriteFailed(CollabbusError):
    """PostgreSQL refused lines for another reason than that it was away."""

    code: ClassVar[str] = "LEDGER_WRITE_FAILED"


class Unwritable(WriteFailed):
    """A line holds what no table takes: it fails however often it is tried."""


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn what says that a statement's values can't be held into Unwritable."""
    try:
        yield
    except DBAPIError as error:
        cause = getattr(error.orig, "__cause__", None)
        if not _is_of_values(cause):
            raise
        # What PostgreSQL says of a line holds its contents, so the error itself goes no further.
        raise Unwritable(_told("a statement's values", cause)) from None


def _is_of_values(error: BaseException | None) -> bool:
    # Some values asyncpg itself can't encode: a number that is too large, for one.
    return isinstance(error, ValueError | OverflowError) or (
        isinstance(error, asyncpg.PostgresError) and (error.sqlstate or "")[:2] in _OF_VALUES
    )


def _told(what: str, error: BaseException | None) -> str:
    named = type(error).__name__
    state = getattr(error, "sqlstate", None)
    return f"the database didn't take {what} ({named}{f', {state}' if state else ''})"


def texts(values: Iterable[str]) -> ColumnElement[Any]:
    """Give texts as one parameter, so that the statement stays the same, and prepared."""
    return literal(list(values), ARRAY(Text))


def among(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Tell whether a column has one of these values."""
    return column == any_(texts(values))


async def upsert(connection: AsyncConnection, table: Table, lines: Sequence[Line]) -> None:
    """Write lines over those that have the same key."""
    if not lines:
        return
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    others = {name: statement.excluded[name] for name in lines[0] if name not in keys}
    if others:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=others)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    await connection.execute(statement, _storable(lines))


async def append(connection: AsyncConnection, table: Table, lines: Sequence[Line]) -> None:
    """Append lines: COPY takes a third of an INSERT's time."""
    if not lines:
        return
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is None:
        raise AssertionError("a connection that is open has a driver's")
    names = list(lines[0])
    try:
        await raw.copy_records_to_table(
            table.name,
            schema_name=table.schema,
            columns=names,
            records=[tuple(line.values()) for line in _storable(lines)],
        )
    except asyncpg.PostgresConnectionError as error:
        raise ConnectionError(f"the database went away ({type(error).__name__})") from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, OverflowError) as error:
        # What PostgreSQL says of a line holds its contents, so the error itself goes no further.
        told = _told(f"{len(lines)} lines of {table.fullname}", error)
        if _is_of_values(error):
            raise Unwritable(told) from None
        if isinstance(error, asyncpg.InterfaceError):
            raise ConnectionError(told) from None
        raise WriteFailed(
            f"{told}; nothing was written; see the server's log and its disk"
        ) from None


async def renew(connection: AsyncConnection, lines: Sequence[Line]) -> None:
    """Write events anew that the tables have, at their old places: without a body if it is gone."""
    if not lines:
        return
    names = ("shard", "log_offset", "logged_ms", "late", "generation", "body", "salt")
    table = tables.events
    await connection.execute(
        update(table)
        .where(table.c.event_id == bindparam("id"))
        .values({name: bindparam("new_" + name) for name in names}),
        [{"id": line["event_id"], **{"new_" + n: line[n] for n in names}} for line in lines],
    )
    erased = [line["event_id"] for line in lines if line["body"] is None]
    if erased:
        await connection.execute(
            update(table).where(among(table.c.event_id, erased)).values(content=null())
        )


async def correct(connection: AsyncConnection, corrections: Sequence[Line]) -> None:
    """Note beside events by which event they were corrected last."""
    if not corrections:
        return
    c = tables.events.c
    await connection.execute(
        update(tables.events)
        .where(
            c.matter_id == bindparam("in_matter"),
            c.thread == bindparam("in_thread"),
            c.origin == bindparam("of_origin"),
            c.number == bindparam("of_number"),
        )
        .values(corrected_by=bindparam("by")),
        _storable(corrections),
    )


def _storable(lines: Iterable[Line]) -> list[Line]:
    return [{name: storable(value) for name, value in line.items()} for line in lines]
