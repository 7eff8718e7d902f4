"""Queries: what the gateway and the console ask the ledger, and the way in for both.

Each method that takes `offices` shows what these offices may see (`reach`) and nothing else: what
they may not see looks as if it weren't there. None stands for the region's operators, who see all.
A list's cursor is text without meaning; hand it back as it was.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Select, and_, exists, false, func, literal, or_, select, true
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.elements import ColumnElement

from collabbus.ledger import cursor as cursors
from collabbus.ledger import tables, viewing
from collabbus.ledger.bell import Bell
from collabbus.ledger.database import engine_of
from collabbus.ledger.reach import Offices, is_party, may_read
from collabbus.ledger.rebuilding import Rebuilding
from collabbus.ledger.tables import events, matters, parties, threads
from collabbus.ledger.views import (
    EventFilter,
    EventView,
    MatterDetail,
    MatterFilter,
    MatterView,
    Order,
    Page,
    Status,
    Task,
)

MOST = 500
"""Lines of a page, at most."""
PAGE_BYTES = 4 << 20
"""Bytes of a page of events, as recorded; a single larger one is a page of its own."""
_FOLLOW_S = 15.0
"""After so long without news a follower looks by itself."""
_AT_ONCE = 4
"""So many followers read their events at a time."""
_LATER_S = 1.0
"""After so long a follower looks again who couldn't; as long one look counts for all."""

_main = threads.alias("main_thread")
_later = events.alias("later")
ALL = MatterFilter()
EVERY = EventFilter()


class Ledger:
    """A region's ledger, for reading; safe for any number of tasks of one event loop.

    An async context manager. Errors of the database are SQLAlchemy's. While a rebuild runs, what
    gives matters or events raises Rebuilding, but for followers, who stay where they are.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Read through an engine that somebody else disposes of."""
        self.engine = engine
        self._own = False
        self._bell = Bell(engine)
        self._looking: asyncio.Task[_Stand] | None = None
        self._looked = (0, 0.0)
        """How often the bell had rung when the last look began, and when that was."""
        # Lists and reads find a connection, however many follow.
        self._turns = asyncio.Semaphore(_AT_ONCE)

    @classmethod
    def connect(cls, url: str, *, connections: int = 10) -> Self:
        """Read from a database by its URL (`postgresql://…`); nothing is connected yet."""
        found = cls(engine_of(url, connections=connections))
        found._own = True
        return found

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop listening, and disconnect if the engine is its own; may be called again."""
        await self._bell.close()
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            await asyncio.wait([looking])
        if self._own:
            await self.engine.dispose()

    # Matters --------------------------------------------------------------------------------

    async def matters(
        self,
        offices: Offices,
        wanted: MatterFilter = ALL,
        *,
        order: Order = "updated",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[MatterView]:
        """List the matters in which the offices take part, the newest first.

        By `updated` a matter that changes while pages are turned moves to the front, so it may be
        shown again, and is never missed. Raises CursorError.
        """
        limit = _bounded(limit)
        query = _matters(offices).where(
            or_(is_party(offices, matters), _is_local(offices)), *_conditions(offices, wanted)
        )
        if order == "updated":
            query = query.order_by(matters.c.position.desc())
            if cursor is not None:
                [position] = cursors.unpack("updated", cursor, int)
                query = query.where(matters.c.position < position)
        else:
            query = query.order_by(matters.c.opened_ms.desc(), matters.c.matter_id.desc())
            if cursor is not None:
                opened, matter_id = cursors.unpack("opened", cursor, int, str)
                query = query.where(
                    or_(
                        matters.c.opened_ms < opened,
                        and_(matters.c.opened_ms == opened, matters.c.matter_id < matter_id),
                    )
                )
        rows = await self._rows(query.limit(limit + 1))
        last = rows[limit - 1] if len(rows) > limit else None
        ahead = None
        if last is not None:
            keys = (
                (last["position"],)
                if order == "updated"
                else (last["opened_ms"], last["matter_id"])
            )
            ahead = cursors.pack(order, *keys)
        return Page([viewing.matter(row) for row in rows[:limit]], ahead)

    async def tasks(
        self,
        offices: Sequence[str],
        *,
        overdue: bool | None = None,
        due_before_ms: int | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Task]:
        """List the threads in which one of the offices is awaited: what is due first stands first.

        Threads without a due time come last. Raises CursorError.
        """
        limit = _bounded(limit)
        query = (
            _matters(offices)
            .add_columns(*viewing.labelled(threads, "task_"))
            .join_from(matters, threads, threads.c.matter_id == matters.c.matter_id)
            .where(threads.c.awaits.in_(offices), threads.c.awaits != "", ~threads.c.ended)
            .order_by(threads.c.due_ms.asc().nulls_last(), threads.c.matter_id, threads.c.thread)
        )
        if overdue is not None:
            query = query.where(threads.c.overdue == overdue)
        if due_before_ms is not None:
            query = query.where(threads.c.due_ms < due_before_ms)
        if cursor is not None:
            due, matter_id, name = cursors.unpack("tasks", cursor, int | None, str, str)
            behind = and_(
                threads.c.due_ms.is_not_distinct_from(due),
                func.row(threads.c.matter_id, threads.c.thread) > func.row(matter_id, name),
            )
            if due is not None:
                behind = or_(behind, threads.c.due_ms > due, threads.c.due_ms.is_(None))
            query = query.where(behind)
        rows = await self._rows(query.limit(limit + 1))
        ahead = None
        if len(rows) > limit:
            last = rows[limit - 1]
            ahead = cursors.pack(
                "tasks", last["task_due_ms"], last["task_matter_id"], last["task_thread"]
            )
        found = [Task(viewing.matter(row), viewing.thread(row, "task_")) for row in rows[:limit]]
        return Page(found, ahead)

    async def matter(self, offices: Offices, matter_id: str) -> MatterDetail | None:
        """Give a matter with its threads, parties, links, copies and what waits in it.

        None if there is none, or the offices never took part. Who has left still finds the matter,
        and none of the threads that it left.
        """
        async with self._reading() as (connection, _):
            found = (
                (
                    await connection.execute(
                        _matters(offices).where(
                            matters.c.matter_id == matter_id,
                            or_(is_party(offices, matters, past=True), _is_local(offices)),
                        )
                    )
                )
                .mappings()
                .first()
            )
            if found is None:
                return None
            return await viewing.detail(connection, offices, viewing.matter(found))

    # Events ---------------------------------------------------------------------------------

    async def matter_events(
        self,
        offices: Offices,
        matter_id: str,
        *,
        thread: str | None = None,
        cursor: str | None = None,
        limit: int = 100,
    ) -> Page[EventView]:
        """List a matter's events in the order in which the region recorded them.

        `cursor` None: from the first. The page's cursor is None when there are no more. Raises
        CursorError, CursorLost.
        """
        limit = _bounded(limit)
        async with self._reading() as (connection, stand):
            query = _events(offices, stand.after(cursor)).where(events.c.matter_id == matter_id)
            if thread is not None:
                query = query.where(events.c.thread == thread)
            rows, more = await _some(connection, query, limit)
        ahead = cursors.place(stand.life, rows[-1]["position"]) if more else None
        return Page([viewing.event(stand.life, row) for row in rows], ahead)

    async def event(self, offices: Offices, event_id: str) -> EventView | None:
        """Give an event; None if there is none, or the offices may not read it."""
        return await self._one(_events(offices, 0).where(events.c.event_id == event_id))

    async def event_of_submission(
        self, offices: Offices, office: str, submission_id: str
    ) -> EventView | None:
        """Give the event that an office's submission has become; None if the ledger has none.

        None doesn't say that it was rejected: the ledger may not have it yet.
        """
        return await self._one(
            _events(offices, 0).where(
                events.c.submission_id == submission_id, events.c.office == office
            )
        )

    async def end(self) -> str:
        """Give the cursor of the newest event: who follows from here sees what comes from now."""
        stand = await self._stands()
        return cursors.place(stand.life, stand.newest)

    async def events_after(
        self,
        offices: Offices,
        cursor: str | None,
        wanted: EventFilter = EVERY,
        *,
        limit: int = 100,
    ) -> Page[EventView]:
        """Give the events after a place, at once; `cursor` None: from the first one.

        The page's cursor passes over events that the offices may not read. While a rebuild runs
        the page is empty, and its cursor the one that was given: nobody knows what they may read.
        An office that joins a thread late finds what was said before in `matter_events`, not here.
        Raises CursorError, CursorLost.
        """
        limit = _bounded(limit)
        try:
            async with self._reading() as (connection, stand):
                after = stand.after(cursor)
                query = _events(offices, after).where(
                    events.c.position <= stand.newest, *_event_conditions(wanted)
                )
                rows, more = await _some(connection, query, limit)
        except Rebuilding:
            return Page([], cursor)
        reached = rows[-1]["position"] if more else max(after, stand.newest)
        found = [viewing.event(stand.life, row) for row in rows]
        return Page(found, cursors.place(stand.life, reached))

    async def wait(self, cursor: str | None, seconds: float) -> bool:
        """Wait until an event after a place can be read; False if so many seconds pass without.

        While a rebuild runs none can. All who wait share one look at the ledger, and one who gets
        no connection in time looks again later. Raises CursorError, CursorLost.
        """
        end = time.monotonic() + seconds
        while True:
            heard = await self._bell.arm()
            patience = _FOLLOW_S
            try:
                stand = await self._look(heard)
                if stand.newest > stand.after(cursor) and not stand.rebuilding:
                    return True
            except NoConnection:
                patience = _LATER_S
            left = end - time.monotonic()
            if left <= 0:
                return False
            await self._bell.wait(heard, min(left, patience))

    async def follow(
        self,
        offices: Offices,
        cursor: str | None,
        wanted: EventFilter = EVERY,
        *,
        idle: float = 15.0,
        limit: int = 100,
    ) -> AsyncIterator[Page[EventView]]:
        """Give pages of events after a place as they come, for ever.

        After `idle` seconds without any for these offices an empty page comes, whatever others are
        told meanwhile: its cursor is as good as any to go on from. Raises CursorError, CursorLost,
        also later, when the ledger was made anew meanwhile.
        """
        spoke = time.monotonic()
        page = await self._turn(offices, cursor, wanted, limit)
        while True:
            if page.items or time.monotonic() - spoke >= idle:
                yield page
                spoke = time.monotonic()
            cursor = page.cursor
            if not await self.wait(cursor, max(0.0, spoke + idle - time.monotonic())):
                page = Page([], cursor)
                continue
            page = await self._turn(offices, cursor, wanted, limit)
            if page.cursor == cursor:  # a rebuild has begun since, or no connection was free
                await asyncio.sleep(_LATER_S)

    async def _turn(
        self, offices: Offices, cursor: str | None, wanted: EventFilter, limit: int
    ) -> Page[EventView]:
        """Give a follower's next page, when it is its turn; empty if no connection is free."""
        async with self._turns:
            try:
                return await self.events_after(offices, cursor, wanted, limit=limit)
            except NoConnection:
                return Page([], cursor)

    async def _look(self, heard: int) -> _Stand:
        """Tell how the ledger stands: one look for all who ask between two rings of the bell."""
        rings, began = self._looked
        now, looking = time.monotonic(), self._looking
        failed = looking is not None and looking.done() and _failed(looking)
        if looking is None or failed or rings < heard or now - began > _LATER_S:
            self._looked = heard, now
            self._looking = looking = asyncio.create_task(self._stands())
        return await asyncio.shield(looking)

    async def _stands(self) -> _Stand:
        async with self.engine.connect() as connection:
            return await _stand(connection)

    # The ledger itself ----------------------------------------------------------------------

    async def status(self) -> Status:
        """Tell how the ledger stands; counting takes a moment where there are millions."""
        async with self.engine.connect() as connection:
            return await viewing.status(connection)

    async def is_behind(self, seconds: float) -> bool:
        """Tell whether the ledger has not had all of the log for longer than so many seconds."""
        async with self.engine.connect() as connection:
            current_ms = (
                await connection.execute(select(tables.ledger.c.current_ms))
            ).scalar_one_or_none()
        return time.time() * 1000 - (current_ms or 0) > seconds * 1000

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[tuple[AsyncConnection, _Stand]]:
        """Give a connection, and how the ledger stands; raises Rebuilding, also when it is left.

        It is looked at again after the reading: what a rebuild has emptied looks empty at once to
        statements that began before it, whatever they see else.
        """
        async with self.engine.connect() as connection:
            stand = await _stand(connection)
            if not stand.rebuilding:
                yield connection, stand
                if (await _stand(connection)).generation == stand.generation:
                    return
        raise Rebuilding("the ledger is being made anew from its log: try again in a moment")

    async def _rows(self, query: Select[Any]) -> Sequence[Any]:
        async with self._reading() as (connection, _):
            found: Sequence[Any] = (await connection.execute(query)).mappings().all()
        return found

    async def _one(self, query: Select[Any]) -> EventView | None:
        async with self._reading() as (connection, stand):
            row = (await connection.execute(query.limit(1))).mappings().first()
        return None if row is None else viewing.event(stand.life, row)


@dataclass(frozen=True, slots=True)
class _Stand:
    """How the ledger stands, as far as a reader must know."""

    life: str
    newest: int
    generation: int
    rebuilding: bool

    def after(self, cursor: str | None) -> int:
        """Give the place that a cursor names, 0 for none; raises CursorError, CursorLost."""
        return 0 if cursor is None else cursors.position(self.life, cursor)


def _bounded(limit: int) -> int:
    return max(1, min(limit, MOST))


def _failed(task: asyncio.Task[_Stand]) -> bool:
    return task.cancelled() or task.exception() is not None


async def _stand(connection: AsyncConnection) -> _Stand:
    c = tables.ledger.c
    found = await connection.execute(select(c.life, c.position, c.generation, c.rebuilding))
    return _Stand(*found.one())


async def _some(
    connection: AsyncConnection, query: Select[Any], limit: int
) -> tuple[Sequence[Any], bool]:
    """Give the first lines of a query for events, as a page may hold, and whether there are more.

    The sizes of what is too much are looked at, not the contents.
    """
    sizes = (events.c.envelope, events.c.body, _later.c.body)
    size = sum((func.coalesce(func.octet_length(one), 0) for one in sizes), start=literal(0))
    first = query.add_columns(size.label("size")).limit(limit + 1).subquery()
    whole = func.sum(first.c.size).over(order_by=first.c.position)
    ranked = select(
        *first.c,
        (whole - first.c.size).label("before"),
        func.row_number().over(order_by=first.c.position).label("line"),
        func.count().over().label("lines"),
    ).subquery()
    page = (
        select(*ranked.c)
        .where(ranked.c.line <= limit, ranked.c.before < PAGE_BYTES)
        .order_by(ranked.c.position)
    )
    rows = (await connection.execute(page)).mappings().all()
    return rows, bool(rows) and rows[0]["lines"] > len(rows)


def _matters(offices: Offices) -> Select[Any]:
    """Give matters with their main thread, as far as that may be seen."""
    joined = and_(
        _main.c.matter_id == matters.c.matter_id,
        _main.c.thread == "main",
        is_party(offices, matters, main=True),
    )
    return (
        select(*viewing.MATTER, *viewing.labelled(_main, "main_"))
        .select_from(matters)
        .outerjoin(_main, joined)
    )


def _is_local(offices: Offices) -> ColumnElement[bool]:
    # The region's operators see matters of which it holds nothing but a local thread, too.
    return true() if offices is None else false()


def _conditions(offices: Offices, wanted: MatterFilter) -> list[ColumnElement[bool]]:
    c, found = matters.c, []
    same = {
        c.network: wanted.network,
        c.family: wanted.family,
        c.host: wanted.host,
        c.domain: wanted.domain,
        c.case_number: wanted.case_number,
        c.cause_matter: wanted.cause_matter,
        _main.c.state: wanted.state,
    }
    found += [column == value for column, value in same.items() if value is not None]
    if wanted.kind is not None:
        found.append(c.kinds.contains([wanted.kind]))
    if wanted.office is not None:
        found.append(
            exists().where(
                parties.c.matter_id == c.matter_id,
                parties.c.office == wanted.office,
                parties.c.left_position.is_(None),
                _shared(offices),
            )
        )
    for column, told in ((c.closed_ms, wanted.open), (c.archived_ms, _not(wanted.archived))):
        if told is not None:
            found.append(column.is_(None) if told else column.is_not(None))
    if wanted.opened_from_ms is not None:
        found.append(c.opened_ms >= wanted.opened_from_ms)
    if wanted.opened_before_ms is not None:
        found.append(c.opened_ms < wanted.opened_before_ms)
    if wanted.updated_from_ms is not None:
        found.append(c.updated_ms >= wanted.updated_from_ms)
    of_main = (wanted.kind, wanted.case_number, wanted.cause_matter, wanted.open)
    if offices is not None and any(one is not None for one in of_main):
        # What only the main thread tells isn't told by a filter to who may not see that.
        found.append(_main.c.thread.is_not(None))
    some = _thread_conditions(wanted)
    if some:
        found.append(
            exists().where(
                threads.c.matter_id == c.matter_id, ~threads.c.ended,
                is_party(offices, threads), *some,
            )
        )  # fmt: skip
    return found


def _shared(offices: Offices) -> ColumnElement[bool]:
    """Tell whether who asks is of a party's thread: who else got a track isn't told by a filter."""
    if offices is None:
        return true()
    own = parties.alias("own")
    return exists().where(
        own.c.matter_id == parties.c.matter_id,
        own.c.thread == parties.c.thread,
        own.c.office.in_(offices),
        own.c.left_position.is_(None),
    )


def _thread_conditions(wanted: MatterFilter) -> list[ColumnElement[bool]]:
    c, found = threads.c, []
    same = {
        c.awaits: wanted.awaits,
        c.waits: wanted.waits,
        c.overdue: wanted.overdue,
        c.frozen: wanted.frozen,
    }
    found += [column == value for column, value in same.items() if value is not None]
    if wanted.due_before_ms is not None:
        found.append(c.due_ms < wanted.due_before_ms)
    if wanted.escalated is not None:
        found.append(c.escalated >= wanted.escalated)
    return found


def _event_conditions(wanted: EventFilter) -> list[ColumnElement[bool]]:
    c, found = events.c, []
    same = {
        c.network: wanted.network,
        c.matter_id: wanted.matter_id,
        c.thread: wanted.thread,
    }
    found += [column == value for column, value in same.items() if value is not None]
    if wanted.families:
        found.append(c.family.in_(wanted.families))
    if wanted.types:
        found.append(c.type.in_(wanted.types))
    return found


def _events(offices: Offices, after: int) -> Select[Any]:
    """Give events that may be read after a place, with what their latest correction says.

    Where who asks had left before the correction, it is as if there were none.
    """
    later = and_(_later.c.event_id == events.c.corrected_by, may_read(offices, _later))
    return (
        select(
            *events.c,
            _later.c.event_id.label("later_id"),
            _later.c.content.label("later_content"),
            _later.c.legal_basis.label("later_basis"),
            _later.c.case_number.label("later_case"),
        )
        .select_from(events)
        .outerjoin(_later, later)
        .where(events.c.position > after, may_read(offices))
        .order_by(events.c.position)
    )


def _not(told: bool | None) -> bool | None:
    return None if told is None else not told
