"""The projection: exactly once, whatever breaks and however often it is begun (invariants 1, 2)."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.ledger import fold, rebuilding, tables
from collabbus.ledger.database import engine_of
from collabbus.ledger.fold import Fold, Logged
from collabbus.ledger.projection import Moved, OtherRegion, Projection, Record
from collabbus.ledger.queries import Ledger
from collabbus.ledger.views import MatterFilter
from collabbus.ledger.writing import WriteFailed
from tests.ledger import told

BESIDE_TIME = ("current_ms", "life")
ROOT = Path(__file__).parents[2]
KILLS = 5


@pytest.fixture(scope="module")
def logs() -> dict[str, list[Record]]:
    """The logs of one region's shards, of seeds of one network: one shard each."""
    return {"beijing": _log("jingjinji", 3000, 8)}


def _log(network: str, first: int, seeds: int) -> list[Record]:
    found: list[Record] = []
    for seed in range(first, first + 400):
        if told.network_of(seed, told.contracts()) != network:
            continue
        made = told.alliance(seed, 150)
        shard = len({one.shard for one in found})
        for region, node in told.regions(made):
            if region == "beijing":
                found += [
                    Record("events", shard, one.offset, one.time_ms, one.key, one.value)
                    for one in told.records(node)
                ]
                break
        if len({one.shard for one in found}) == seeds:
            break
    return found


async def dump(engine: AsyncEngine) -> dict[str, list[tuple[Any, ...]]]:
    """Give all lines of all tables."""
    found = {}
    async with engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            columns = [c for c in table.c if c.name not in BESIDE_TIME]
            rows = await connection.execute(select(*columns))
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


async def project(url: str, records: Sequence[Record], cut: int = 400) -> dict[str, Any]:
    engine = engine_of(url)
    projection = Projection(engine, "beijing", told.pinned())
    await projection.offsets()
    for start in range(0, len(records), cut):
        await projection.write(records[start : start + cut], current=start + cut >= len(records))
    found = await dump(engine)
    await engine.dispose()
    return found


def test_the_tables_hold_the_states_of_the_processor_and_every_event(url: str) -> None:
    made = told.alliance(17)
    region, node = next(iter(told.regions(made)))

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, region, told.pinned())
        await projection.offsets()
        records = told.records(node)
        for start in range(0, len(records), 7):
            await projection.write(records[start : start + 7])
        async with engine.connect() as connection:
            kept = await connection.execute(
                select(tables.threads.c.matter_id, tables.threads.c.kept)
            )
            found = told.pictures((row.matter_id, st.Thread.FromString(row.kept)) for row in kept)
            gone = await connection.execute(
                select(tables.matters.c.matter_id).where(tables.matters.c.archived_ms.is_not(None))
            )
            wrong = told.differences(
                node, found, {row.matter_id for row in gone}, told.slipped(made, region)
            )
            assert not wrong, wrong[0]
            events = await connection.execute(
                select(
                    tables.events.c.log_offset, tables.events.c.envelope, tables.events.c.body
                ).order_by(tables.events.c.position)
            )
            assert [tuple(row) for row in events] == [
                (one.offset, one.event.envelope, one.event.body or None) for one in node.disk.events
            ]
        await engine.dispose()

    asyncio.run(go())


def test_however_a_log_is_cut_the_tables_are_the_same(
    url: str, server: Any, logs: dict[str, list[Record]]
) -> None:
    records = logs["beijing"][:300]
    whole = asyncio.run(project(url, records, len(records)))
    asyncio.run(_renew(url))
    assert asyncio.run(project(url, records, 11)) == whole


async def _renew(url: str) -> None:
    engine = engine_of(url)
    async with engine.begin() as connection:
        for table in tables.metadata.sorted_tables:
            if table is not tables.ledger:
                await connection.execute(text(f"TRUNCATE {table.fullname}"))
        await connection.execute(
            update(tables.ledger).values(position=0, current_ms=0, generation=1)
        )
    await engine.dispose()


def test_what_comes_again_is_left_out(url: str, logs: dict[str, list[Record]]) -> None:
    records = logs["beijing"]

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        first = await projection.write(records)
        before = await dump(engine)
        again = await projection.write(records)
        assert (first.events, again.events) == (len(records), 0)
        assert await dump(engine) == before
        await engine.dispose()

    asyncio.run(go())


def test_two_projections_at_once_write_everything_once(
    url: str, logs: dict[str, list[Record]]
) -> None:
    records = logs["beijing"]

    async def go() -> None:
        engine = engine_of(url)

        async def one(seed: int) -> int:
            rnd, at, done = random.Random(seed), 0, 0
            projection = Projection(engine, "beijing", told.pinned())
            await projection.offsets()
            while at < len(records):
                size = rnd.randint(1, 90)
                done += (await projection.write(records[at : at + size])).events
                at += size
            return done

        assert sum(await asyncio.gather(one(1), one(2), one(3))) == len(records)
        async with engine.connect() as connection:
            events = tables.events.c
            rows = await connection.execute(
                select(events.shard, events.log_offset).order_by(events.shard, events.log_offset)
            )
            assert [tuple(row) for row in rows] == [(one.shard, one.offset) for one in records]
        await engine.dispose()

    asyncio.run(go())


def test_a_transaction_that_breaks_anywhere_leaves_nothing_behind(
    url: str, logs: dict[str, list[Record]], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = logs["beijing"][:200]
    statements = 0
    execute = AsyncConnection.execute

    async def go() -> None:
        nonlocal statements
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        await projection.write(records[:100])
        before = await dump(engine)
        for fails_at in range(1, 40):
            statements = 0

            async def failing(self: Any, *args: Any, at: int = fails_at, **more: Any) -> Any:
                nonlocal statements
                statements += 1
                if statements == at:
                    raise ConnectionError("broken for a test")
                return await execute(self, *args, **more)

            monkeypatch.setattr(AsyncConnection, "execute", failing)
            try:
                await projection.write(records[100:], current=True)
            except ConnectionError:
                monkeypatch.setattr(AsyncConnection, "execute", execute)
                assert await dump(engine) == before, f"statement {fails_at}"
            else:
                monkeypatch.setattr(AsyncConnection, "execute", execute)
                assert fails_at > 12
                break
        else:
            raise AssertionError("it broke every time")
        assert len((await dump(engine))["events"]) == len(records)
        await engine.dispose()

    asyncio.run(go())


def test_a_projection_that_is_killed_at_any_moment_loses_and_doubles_nothing(
    url: str, server: Any, logs: dict[str, list[Record]], tmp_path: Path
) -> None:
    records = logs["beijing"]
    wanted = asyncio.run(project(url, records))
    asyncio.run(_renew(url))
    work = tmp_path / "work.pickle"
    work.write_bytes(pickle.dumps((url, records)))
    rnd, killed, done = random.Random(5), 0, False
    writes = len(records) // 20
    while not done:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.ledger.projecting", str(work)],
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert child.stdout is not None
        if killed == KILLS:
            child.stdout.read()
            done = child.wait(60) == 0
        else:
            for _ in range(rnd.randint(1, writes // KILLS)):
                assert child.stdout.readline(), "it came to its end before it was killed"
            # Somewhere in the write that it has begun.
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(rnd.uniform(0.0, 0.03))
            child.send_signal(signal.SIGKILL)
            child.wait()
            killed += 1
        child.stdout.close()
    assert done
    found = asyncio.run(_dumped(url))
    for table, lines in wanted.items():
        assert found[table] == lines, table


async def _dumped(url: str) -> dict[str, Any]:
    engine = engine_of(url)
    found = await dump(engine)
    await engine.dispose()
    return found


def test_the_core_failing_on_one_event_stops_no_other(
    url: str, logs: dict[str, list[Record]], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = logs["beijing"][:60]
    poison = ev.Envelope.FromString(ev.Event.FromString(records[20].value or b"").envelope)
    apply = Fold._apply

    def failing(self: Fold, matter: Any, thread: Any, logged: Any, *more: Any) -> None:
        if logged.envelope.event_id == poison.event_id:
            raise ValueError("planted")
        apply(self, matter, thread, logged, *more)

    monkeypatch.setattr(Fold, "_apply", failing)

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        written = await projection.write(records)
        assert (written.events, written.unfolded) == (60, 1)
        async with Ledger(engine) as ledger:
            found = await ledger.event(None, poison.event_id)
            assert found is not None
            assert found.late
        await engine.dispose()

    asyncio.run(go())


def test_a_record_that_is_no_event_stops_no_other(url: str, logs: dict[str, list[Record]]) -> None:
    good = logs["beijing"][:10]
    bad = Record("events", 0, good[-1].offset + 1, 1, b"", b"\xff\xff")

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        written = await projection.write([*good, bad])
        assert (written.events, written.skipped) == (10, 1)
        assert (await projection.offsets())["events", 0] == bad.offset + 1
        await engine.dispose()

    asyncio.run(go())


def _changed(record: Record, envelope: ev.Envelope, body: body_pb2.Body | None = None) -> Record:
    event = ev.Event.FromString(record.value or b"")
    event.envelope = envelope.SerializeToString()
    if body is not None:
        event.body = body.SerializeToString()
    return replace(record, value=event.SerializeToString())


def _envelope(record: Record) -> ev.Envelope:
    return ev.Envelope.FromString(ev.Event.FromString(record.value or b"").envelope)


def test_a_nul_in_any_text_is_kept_as_a_mark_and_stops_nothing(
    url: str, logs: dict[str, list[Record]]
) -> None:
    record = logs["beijing"][0]
    envelope = _envelope(record)
    envelope.officer, envelope.case_number, envelope.trace_parent = "王\0敏", "京\0号", "00-\0"
    envelope.legal_basis.add(instrument="法\0", article="\0")
    body = body_pb2.Body(commented=verbs_pb2.Commented(text="说\0明"))

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        written = await projection.write([_changed(record, envelope, body)])
        assert (written.events, written.unfolded, written.skipped) == (1, 0, 0)
        async with Ledger(engine) as ledger:
            found = await ledger.event(None, envelope.event_id)
            assert found is not None
            assert (found.officer, found.case_number) == ("王�敏", "京�号")
            assert found.content == {"text": "说�明"}
            assert found.legal_basis[-1] == {"instrument": "法�", "article": "�"}
            assert found.envelope == envelope.SerializeToString()
            listed = await ledger.matters(None, MatterFilter(case_number="京�号"))
            assert [one.matter_id for one in listed.items] == [envelope.matter_id]
        await engine.dispose()

    asyncio.run(go())


@pytest.mark.parametrize("at", [0, 13, 29])
def test_an_event_that_no_table_takes_is_kept_as_it_is_and_stops_no_other(
    url: str, logs: dict[str, list[Record]], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    records = logs["beijing"][:30]
    poison = _envelope(records[at])
    line = fold._event

    def broken(logged: Logged, body: body_pb2.Body, position: int, late: bool) -> Any:
        made = line(logged, body, position, late)
        if made["event_id"] == poison.event_id and body.WhichOneof("kind"):
            made["content"] = "no JSON"
        return made

    monkeypatch.setattr(fold, "_event", broken)

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        written = await projection.write(records, current=True)
        assert (written.events, written.unfolded, written.skipped) == (30, 1, 0)
        assert written.position == 30
        async with Ledger(engine) as ledger:
            found = await ledger.event(None, poison.event_id)
            assert found is not None
            assert (found.late, found.content) == (True, None)
            assert (await ledger.status()).current_ms
        await engine.dispose()

    asyncio.run(go())


def test_a_record_that_not_even_its_ids_can_be_kept_of_is_left_out_and_stops_no_other(
    url: str, logs: dict[str, list[Record]]
) -> None:
    records = logs["beijing"][:30]
    large, nameless = _envelope(records[11]), _envelope(records[20])
    large.step.number = 2**32 - 1
    nameless.event_id = "\0"
    records[11] = _changed(records[11], large)
    records[20] = _changed(records[20], nameless)
    waiting = sub.Waiting(matter_id="a" * 32, number=2**64 - 1).SerializeToString()
    bad = [
        Record("waiting", 0, 0, 1, b"\xff", b""),
        Record("waiting", 0, 1, 1, b"x", b"\xff"),
        Record("waiting", 0, 2, 1, b"x", waiting),
    ]

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        written = await projection.write([*records, *bad])
        assert (written.events, written.skipped) == (28, 5)
        assert (await projection.write([*records, *bad])).skipped == 0
        assert (await dump(engine))["waiting"] == []
        await engine.dispose()

    asyncio.run(go())


def test_the_ledger_of_one_region_takes_no_others_log(url: str) -> None:
    async def go() -> None:
        engine = engine_of(url)
        await Projection(engine, "beijing", {}).offsets()
        with pytest.raises(OtherRegion, match="'beijing', not of 'hebei'"):
            await Projection(engine, "hebei", {}).offsets()
        await engine.dispose()

    asyncio.run(go())


def test_what_waits_is_listed_until_it_waits_no_more(url: str) -> None:
    waiting = sub.Waiting(
        matter_id="a" * 32, thread="main", event_id="b" * 32, origin="hebei", number=6,
        missing=[ev.Seen(origin="hebei", number=5)], code="CAUSE", since_ms=7,
    )  # fmt: skip

    def record(offset: int, value: bytes | None) -> Record:
        return Record("waiting", 0, offset, 1, b"h/x", value)

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", {})
        await projection.offsets()
        await projection.write([record(0, waiting.SerializeToString())], current=True)
        [line] = (await dump(engine))["waiting"]
        assert line[1:] == ("a" * 32, "main", "b" * 32, "hebei", 6, "CAUSE", [["hebei", 5]], 7)
        # A ledger that is current goes on; one that was away for a day reads them all again.
        assert await projection.offsets() == {("waiting", 0): 1}
        await projection.write([record(1, None)])
        assert (await dump(engine))["waiting"] == []
        await projection.write([record(2, waiting.SerializeToString())])
        async with engine.begin() as connection:
            await connection.execute(update(tables.ledger).values(current_ms=1))
        projection = Projection(engine, "beijing", {})
        assert await projection.offsets() == {}
        assert (await dump(engine))["waiting"] == []
        await engine.dispose()

    asyncio.run(go())


def test_two_projections_after_a_long_lag_lose_nothing_of_what_waits(url: str) -> None:
    """Both want the topic read from its beginning; neither leaves a gap to the other."""
    value = sub.Waiting(matter_id="a" * 32, thread="main", code="CAUSE").SerializeToString()
    topic = [Record("waiting", 0, n, 1, b"h/%d" % n, value) for n in range(6)]

    async def go() -> None:
        engine = engine_of(url)
        one, other = (Projection(engine, "beijing", {}) for _ in range(2))
        assert await one.offsets() == {}
        await one.write(topic[:3])
        assert await other.offsets() == {}
        with pytest.raises(Moved):
            await one.write(topic[3:5])
        # Who has just begun there anew doesn't do so again, else they would never get on.
        await other.write(topic[:2])
        assert await one.offsets() == {("waiting", 0): 2}
        await one.write(topic[2:5])
        await other.write(topic[2:])
        assert [line[0] for line in (await dump(engine))["waiting"]] == [f"h/{n}" for n in range(6)]
        await engine.dispose()

    asyncio.run(go())


# Rebuilding ---------------------------------------------------------------------------------


def test_a_rebuild_gives_the_same_tables_and_leaves_events_at_their_places(
    url: str, logs: dict[str, list[Record]]
) -> None:
    records = logs["beijing"]

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        await projection.write(records, current=True)
        before = await dump(engine)
        assert await rebuilding.begin(engine) == 2
        with pytest.raises(Moved):
            await projection.write(records[:1])
        assert await projection.offsets() == {}
        # The shards come in another order this time.
        turned = sorted(records, key=lambda one: -one.shard)
        half = len(turned) // 2
        written = await projection.write(turned[:half])
        assert (written.events, written.rebuilding) == (0, True)
        written = await projection.write(turned[half:], current=True)
        assert (written.events, written.rebuilding) == (0, False)
        after = await dump(engine)
        for lines, name in ((before, "before"), (after, "after")):
            lines["ledger"] = []
            at = [c.name for c in tables.events.c].index("generation")
            lines["events"] = [line[:at] + line[at + 1 :] for line in lines["events"]]
            assert lines["matters"], name
        assert after == before
        await engine.dispose()

    asyncio.run(go())


def test_a_rebuild_takes_over_what_was_erased_from_the_log(
    url: str, logs: dict[str, list[Record]]
) -> None:
    records = logs["beijing"][:40]
    erased = ev.Event.FromString(records[5].value or b"")
    envelope = ev.Envelope.FromString(erased.envelope)
    erased.ClearField("body")
    erased.ClearField("salt")
    gone = records[-1]
    gone_id = ev.Envelope.FromString(ev.Event.FromString(gone.value or b"").envelope).event_id

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        await projection.write(records, current=True)
        async with Ledger(engine) as ledger:
            before = await ledger.event(None, envelope.event_id)
            assert before is not None
            assert before.content
            await rebuilding.begin(engine)
            await projection.offsets()
            rewritten = [
                Record(r.topic, r.shard, r.offset, r.time_ms, r.key, erased.SerializeToString())
                if r is records[5]
                else r
                for r in records[:-1]
            ]
            await projection.write(rewritten, current=True)
            after = await ledger.event(None, envelope.event_id)
            assert after is not None
            assert (after.content, after.body, after.salt, after.erased) == (None, None, None, True)
            assert (after.cursor, after.envelope) == (before.cursor, before.envelope)
            assert await ledger.event(None, gone_id) is None
        await engine.dispose()

    asyncio.run(go())


def test_lines_that_are_refused_tell_nothing_of_their_contents(
    url: str, logs: dict[str, list[Record]]
) -> None:
    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, "beijing", told.pinned())
        await projection.offsets()
        await projection.write(logs["beijing"][:5])
        async with engine.begin() as connection:
            await connection.execute(update(tables.ledger).values(position=2))
        with pytest.raises(WriteFailed, match="UniqueViolationError, 23505") as caught:
            await projection.write(logs["beijing"][5:20])
        assert caught.value.__cause__ is None
        await engine.dispose()

    asyncio.run(go())
