"""Projection: what a region's log says, written into the tables exactly once.

One transaction takes a batch of records, writes what follows from them, and the offsets behind
them. So a crash at any moment leaves a batch whole or not at all, and whoever comes next goes on
from the offsets in the tables. Two projections of one region can't spoil anything: the second waits
for the first one's transaction, and leaves out what that has taken.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import structlog
from google.protobuf.message import DecodeError
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from collab.state.v1 import state_pb2 as st
from collab.v1 import submission_pb2 as sub
from collabbus.errors import CollabbusError
from collabbus.ledger import tables
from collabbus.ledger.fold import (
    Fold,
    Line,
    Logged,
    MatterState,
    ThreadState,
    storable,
)
from collabbus.ledger.tables import CHANNEL
from collabbus.ledger.writing import (
    Unwritable,
    among,
    append,
    correct,
    renew,
    texts,
    told_apart,
    upsert,
)
from collabbus.model.contract import Contract

WAITING_MS = 20 * 3_600_000
"""The topic of what waits forgets after a day that something doesn't any more."""

_log = structlog.get_logger()


class Moved(Exception):
    """Somebody has set the offsets back since they were read: read them anew."""


class OtherRegion(CollabbusError):
    """The database is another region's ledger."""

    code: ClassVar[str] = "LEDGER_OF_ANOTHER_REGION"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of one of the topics that the ledger reads."""

    topic: str
    """`events` or `waiting`."""
    shard: int
    offset: int
    time_ms: int
    key: bytes
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch came to."""

    events: int
    """Events that the ledger didn't have."""
    position: int
    unfolded: int
    """Events that are kept, and have changed nothing: the core failed on them, or the database."""
    skipped: int
    """Records that are left out: they can't be read, or not even kept as they are."""
    rebuilding: bool


class Projection:
    """Writes one region's ledger. For one task at a time."""

    def __init__(self, engine: AsyncEngine, region: str, current: Mapping[bytes, Contract]) -> None:
        """`current` are the contracts of today, by hash; older ones are found in the tables."""
        self._engine = engine
        self._region = region
        self._contracts: dict[bytes, Contract | None] = dict(current)
        self._current = current
        self._kept = False
        self._generation = 0
        self._reached: dict[tuple[str, int], int] = {}
        """The offsets that the tables are known to have had."""
        self._forgot_ms = 0
        """When this projection last had the topic of what waits read from its beginning."""

    async def offsets(self) -> dict[tuple[str, int], int]:
        """Give where to go on: the next offset by topic and shard; what was never read is absent.

        Call it before the first `write`, and after one that raised. Raises OtherRegion.
        """
        async with self._engine.begin() as connection:
            whole = await self._mine(connection)
            self._generation = whole.generation
            # After a day the topic forgets that something no longer waits.
            now = time.time_ns() // 1_000_000
            if max(whole.current_ms, self._forgot_ms) < now - WAITING_MS:
                await forget_waiting(connection)
                self._forgot_ms = now
            self._reached = await _offsets(connection)
            return dict(self._reached)

    async def write(self, records: Sequence[Record], *, current: bool = False) -> Written:
        """Take records, each shard's in order; on return they are in the tables for good.

        Records that the tables have are left out. `current`: with these the ledger has all that the
        log holds now. A record that the database can't hold is kept as it is, or left out. If it
        raises, nothing was written, or a first part, or everything where the connection broke in
        the last moment: read `offsets` and go on from there. Raises Moved, OtherRegion,
        WriteFailed, or SQLAlchemy's errors.
        """
        try:
            return await self._write(records, current)
        except Unwritable:
            if not records:
                raise
        if len(records) == 1:
            return await self._write_somehow(records[0], current)
        half = len(records) // 2
        first = await self.write(records[:half])
        last = await self.write(records[half:], current=current)
        return Written(
            first.events + last.events, last.position, first.unfolded + last.unfolded,
            first.skipped + last.skipped, last.rebuilding,
        )  # fmt: skip

    async def _write_somehow(self, record: Record, current: bool) -> Written:
        """Take a record that the database can't hold: as it is, or else pass over it."""
        _log.error(
            "ledger.unwritable", topic=record.topic, shard=record.shard, offset=record.offset
        )
        try:
            return await self._write([record], current, as_it_is=True)
        except Unwritable:
            _log.error(
                "ledger.skipped", topic=record.topic, shard=record.shard, offset=record.offset
            )
            return await self._write([record], current, skip=True)

    async def _write(
        self,
        records: Sequence[Record],
        current: bool,
        *,
        as_it_is: bool = False,
        skip: bool = False,
    ) -> Written:
        with told_apart():
            return await self._written(records, current, as_it_is=as_it_is, skip=skip)

    async def _written(
        self, records: Sequence[Record], current: bool, *, as_it_is: bool, skip: bool
    ) -> Written:
        async with self._engine.begin() as connection:
            whole = await self._mine(connection)
            if whole.generation != self._generation:
                raise Moved
            done = await _offsets(connection)
            fresh = self._fresh(records, done)
            taken = [] if skip else fresh
            logged, lines, bad = _read(taken)
            await self._learn(connection, logged)
            known = await self._known(connection, whole, logged)
            places, position = _places(logged, known, whole.position)
            as_they_are = {one.envelope.event_id for one in logged} if as_it_is else set()
            fold, failed = await self._folded(connection, logged, places, as_they_are)
            await self._lay_down(connection, fold, whole.generation, set(known))
            await self._wait(connection, lines)
            done |= await self._advance(connection, fresh)
            told: Line = {"position": position}
            if current:
                told["current_ms"] = time.time_ns() // 1_000_000
                if whole.rebuilding:
                    await self._end_rebuild(connection, whole.generation)
                    told["rebuilding"] = False
            await connection.execute(update(tables.ledger).values(told))
            if position > whole.position or (current and whole.rebuilding):
                await connection.execute(select(func.pg_notify(CHANNEL, str(position))))
        self._reached = done
        rebuilding = bool(whole.rebuilding and not current)
        skipped = bad + len(fresh) - len(taken)
        return Written(position - whole.position, position, failed, skipped, rebuilding)

    async def _folded(
        self,
        connection: AsyncConnection,
        logged: Sequence[Logged],
        places: Mapping[str, int],
        failed: set[str],
    ) -> tuple[Fold, int]:
        """Fold events; one on which the core fails is kept as it is, and changes nothing.

        `failed` are those that are known to fail; the others come to them.
        """
        while True:
            fold = await self._restored(connection, logged)
            for one in logged:
                event_id = one.envelope.event_id
                try:
                    fold.take(one, places[event_id], as_it_is=event_id in failed)
                except Exception as error:
                    if event_id in failed:
                        raise
                    # The error may tell contents, so only its kind is told.
                    _log.error(
                        "ledger.unfolded", event_id=event_id, shard=one.shard,
                        offset=one.offset, error=type(error).__name__,
                    )  # fmt: skip
                    failed.add(event_id)
                    break
            else:
                return fold, len(failed)

    async def _end_rebuild(self, connection: AsyncConnection, generation: int) -> None:
        """Let go of events that the log doesn't have any more."""
        c = tables.events.c
        await connection.execute(delete(tables.events).where(c.generation < generation))

    async def _mine(self, connection: AsyncConnection) -> Any:
        """Lock the ledger's line for this transaction, and see that it is this region's."""
        whole = (await connection.execute(select(tables.ledger).with_for_update())).one()
        if whole.region not in ("", self._region):
            raise OtherRegion(
                f"this database is the ledger of {whole.region!r}, not of {self._region!r}: "
                "give each region a database of its own (COLLABBUS_LEDGER_URL)"
            )
        if not whole.region:
            await connection.execute(update(tables.ledger).values(region=self._region))
        return whole

    def _fresh(
        self, records: Sequence[Record], done: Mapping[tuple[str, int], int]
    ) -> Sequence[Record]:
        """Give the records that the tables lack; raises Moved if some lie between."""
        # Another projection may have had a topic read from its beginning, for its own sake; went
        # we on from here, it would leave out what it is still to read.
        if any(done.get(at, 0) < reached for at, reached in self._reached.items()):
            raise Moved
        return [one for one in records if one.offset >= done.get((one.topic, one.shard), 0)]

    async def _advance(
        self, connection: AsyncConnection, records: Iterable[Record]
    ) -> dict[tuple[str, int], int]:
        ends = {(one.topic, one.shard): one.offset + 1 for one in records}
        lines = [{"topic": t, "shard": s, "next": n} for (t, s), n in sorted(ends.items())]
        await upsert(connection, tables.offsets, lines)
        return ends

    # Contracts ------------------------------------------------------------------------------

    async def _learn(self, connection: AsyncConnection, logged: Iterable[Logged]) -> None:
        """Keep the contracts of today, once, and fetch those that these events are pinned to."""
        c = tables.contracts.c
        if not self._kept:
            lines = [
                {
                    "hash": one.hash,
                    "network": one.network.id,
                    "form": zlib.compress(one.canonical()),
                }
                for one in self._current.values()
            ]
            await upsert(connection, tables.contracts, lines)
            self._kept = True
        unknown = {one.envelope.contract for one in logged} - self._contracts.keys()
        for digest in unknown:
            form = (
                await connection.execute(select(c.form).where(c.hash == digest))
            ).scalar_one_or_none()
            self._contracts[digest] = None if form is None else Contract.read(zlib.decompress(form))

    # Reading what was -----------------------------------------------------------------------

    async def _known(
        self, connection: AsyncConnection, whole: Any, logged: Sequence[Logged]
    ) -> dict[str, int]:
        """Give the places of events that the tables have: after a rebuild, or of a log made anew.

        In a log that was only ever written to, no event comes twice.
        """
        if not whole.position or not logged:
            return {}
        c = tables.events.c
        rows = await connection.execute(
            select(c.event_id, c.position).where(
                among(c.event_id, (one.envelope.event_id for one in logged))
            )
        )
        return {row.event_id: row.position for row in rows}

    async def _restored(self, connection: AsyncConnection, logged: Sequence[Logged]) -> Fold:
        fold = Fold(self._region, lambda digest: self._contracts.get(digest))
        ids = {one.envelope.matter_id for one in logged}
        pairs = sorted({(one.envelope.matter_id, one.envelope.thread) for one in logged})
        if not ids:
            return fold
        asked = (
            func.unnest(texts(one for one, _ in pairs), texts(name for _, name in pairs))
            .table_valued("matter_id", "thread")
            .render_derived()
        )
        m, t, p = tables.matters.c, tables.threads.c, tables.parties.c
        columns = m.matter_id, m.case_number, m.closed_ms, m.archived_ms, m.updated_ms, m.kept
        for found in await connection.execute(select(*columns).where(among(m.matter_id, ids))):
            fold.matters[found.matter_id] = MatterState(
                st.Matter.FromString(found.kept),
                found.case_number, found.closed_ms, found.archived_ms, found.updated_ms,
            )  # fmt: skip
        there = await connection.execute(
            select(t.matter_id, t.thread, t.kept).where(
                t.matter_id == asked.c.matter_id, t.thread == asked.c.thread
            )
        )
        for row in there:
            fold.threads[row.matter_id, row.thread] = ThreadState(st.Thread.FromString(row.kept))
        over = await connection.execute(
            select(p.matter_id, p.thread, p.addition, p.office, p.left_position).where(
                p.matter_id == asked.c.matter_id,
                p.thread == asked.c.thread,
                p.left_position.is_not(None),
            )
        )
        for gone in over:
            left = fold.threads[gone.matter_id, gone.thread].left
            left[gone.addition, gone.office] = gone.left_position
        return fold

    # Writing --------------------------------------------------------------------------------

    async def _lay_down(
        self, connection: AsyncConnection, fold: Fold, generation: int, known: set[str]
    ) -> None:
        for line in fold.events:
            line["generation"] = generation
        new = [line for line in fold.events if line["event_id"] not in known]
        old = [line for line in fold.events if line["event_id"] in known]
        await append(connection, tables.events, new)
        await renew(connection, old)
        await upsert(connection, tables.matters, list(fold.matter_lines()))
        await upsert(connection, tables.threads, list(fold.thread_lines()))
        await upsert(connection, tables.parties, list(fold.party_lines()))
        await upsert(connection, tables.links, list(fold.link_lines()))
        await upsert(connection, tables.copies, fold.copies)
        await correct(connection, fold.corrections)

    async def _wait(self, connection: AsyncConnection, latest: Mapping[str, Line | None]) -> None:
        gone = [key for key, line in latest.items() if line is None]
        if gone:
            await connection.execute(
                delete(tables.waiting).where(among(tables.waiting.c.key, gone))
            )
        await upsert(connection, tables.waiting, [one for one in latest.values() if one])


def _read(
    records: Iterable[Record],
) -> tuple[list[Logged], dict[str, Line | None], int]:
    """Read records; give the events, the latest of what waits by key, and how many can't be read.

    Only the processor may write there; one record of somebody else stops nobody.
    """
    events: dict[str, Logged] = {}
    latest: dict[str, Line | None] = {}
    bad = 0
    for one in records:
        try:
            if one.topic == "events":
                read = Logged.read(one.shard, one.offset, one.time_ms, one.value or b"")
                events.setdefault(read.envelope.event_id, read)
            else:
                key = storable(one.key.decode())
                latest[key] = None if one.value is None else _waiting(key, one.value)
        except (DecodeError, UnicodeDecodeError):
            bad += 1
            _log.error("ledger.unreadable", topic=one.topic, shard=one.shard, offset=one.offset)
    return list(events.values()), latest, bad


def _places(
    logged: Iterable[Logged], known: Mapping[str, int], last: int
) -> tuple[dict[str, int], int]:
    """Give each event its place, the one that it had or the next; and the last place given."""
    places = dict(known)
    for one in logged:
        if one.envelope.event_id not in places:
            last += 1
            places[one.envelope.event_id] = last
    return places, last


async def _offsets(connection: AsyncConnection) -> dict[tuple[str, int], int]:
    rows = await connection.execute(select(tables.offsets))
    return {(row.topic, row.shard): row.next for row in rows}


async def forget_waiting(connection: AsyncConnection) -> None:
    """Have the compacted topic of what waits read from its beginning."""
    await connection.execute(delete(tables.waiting))
    await connection.execute(delete(tables.offsets).where(tables.offsets.c.topic == "waiting"))


def _waiting(key: str, value: bytes) -> Line:
    one = sub.Waiting.FromString(value)
    return {
        "key": key,
        "matter_id": one.matter_id,
        "thread": one.thread,
        "event_id": one.event_id,
        "origin": one.origin,
        "number": one.number,
        "code": one.code,
        "missing": [[seen.origin, seen.number] for seen in one.missing],
        "since_ms": one.since_ms,
    }
