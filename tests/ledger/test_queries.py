"""Queries: each office sees what it takes part in, pages lose nothing, followers are told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import literal, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from collab.v1 import body_pb2
from collabbus.ledger import cursor as cursors
from collabbus.ledger import queries, tables
from collabbus.ledger.cursor import CursorError, CursorLost
from collabbus.ledger.database import Server, engine_of, migrate
from collabbus.ledger.projection import Projection, Record
from collabbus.ledger.queries import Ledger
from collabbus.ledger.views import EventFilter, EventView, MatterFilter, MatterView, Page
from collabbus.repertoire import Repertoire
from collabbus.simulate.play import Played, play
from collabbus.simulate.stage import SimulatedStage
from tests.ledger import told
from tests.model.neighbours import CONTRACTS

STORIES = ("s1-jjj-assistance", "row-42-important-copies", "row-25-forwarded",
           "row-34-reported-to-several", "assistance-escalated", "s2-jjj-clue-model-hit",
           "row-40-mutual-recognition")  # fmt: skip
REGION = "beijing"
HOST = "beijing/haidian"

Work = Callable[[Ledger], Coroutine[Any, Any, None]]


class Filled:
    """A ledger of Beijing with some stories in it; for reading alone."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.played: dict[str, Played] = {}
        self.records: list[Record] = []
        repertoire = Repertoire.load(CONTRACTS)
        stage = SimulatedStage(told.contracts(), told.contracts().networks, {})
        for scenario in repertoire.chosen(STORIES):
            self.played[scenario.id] = play(scenario, stage, "q")
        for scenario in repertoire.chosen(("s1-jjj-assistance", "row-34-reported-to-several")):
            # Once more, and left where somebody is awaited.
            for acts in (1, 2):
                begun = scenario.model_copy(update={"acts": scenario.acts[:acts], "ends": ()})
                play(begun, stage, f"open{acts}")
        self.node = stage.nodes[REGION]
        self.records = told.records(self.node)

    def matter(self, story: str) -> str:
        """Give the id of a story's first matter."""
        return next(iter(self.played[story].matters.values()))

    def ask(self, work: Work) -> None:
        """Ask the ledger something."""

        async def go() -> None:
            async with Ledger.connect(self.url) as ledger:
                await work(ledger)

        asyncio.run(go())


@pytest.fixture(scope="module")
def filled(server: Server) -> Filled:
    made = Filled(server.url("queries"))

    async def go() -> None:
        engine = engine_of(made.url)
        await migrate(engine)
        projection = Projection(engine, REGION, told.pinned())
        await projection.offsets()
        await projection.write(made.records, current=True)
        await engine.dispose()

    asyncio.run(go())
    return made


async def _all(list_: Callable[[str | None], Coroutine[Any, Any, Page[Any]]]) -> list[Any]:
    found: list[Any] = []
    cursor = None
    for _ in range(10_000):
        page = await list_(cursor)
        found += page.items
        cursor = page.cursor
        if cursor is None:
            return found
    raise AssertionError("the list never ends")


async def _offices(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        found = await connection.execute(select(tables.parties.c.office).distinct())
        return sorted(found.scalars())


# Who sees what ------------------------------------------------------------------------------


def test_an_office_sees_the_matters_and_threads_of_which_it_is_a_party_and_no_others(
    filled: Filled,
) -> None:
    """Told once more from the processor's states, office by office."""
    parties: dict[str, set[tuple[str, str]]] = {}
    for (matter_id, name), picture in told.held(filled.node).items():
        for _, office, _, _, left in picture[5]:  # type: ignore[attr-defined]
            if not left:
                parties.setdefault(office, set()).add((matter_id, name))

    async def work(ledger: Ledger) -> None:
        offices = await _offices(ledger.engine)
        assert len(offices) > 8
        for office in offices:
            mine = parties.get(office, set())
            seen = await _all(lambda c, o=office: ledger.matters([o], cursor=c, limit=3))  # type: ignore[misc]
            assert {one.matter_id for one in seen} == {matter_id for matter_id, _ in mine}
            for one in seen:
                assert (one.main is not None) == ((one.matter_id, "main") in mine)
                detail = await ledger.matter([office], one.matter_id)
                assert detail is not None
                names = {(thread.matter_id, thread.thread) for thread in detail.threads}
                assert names == {key for key in mine if key[0] == one.matter_id}
                assert {party.thread for party in detail.parties} <= {name for _, name in names}

    filled.ask(work)


def test_an_office_reads_the_events_of_its_threads_and_no_others(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        everything = await _all(lambda c: _followed(ledger, None, c))
        assert len(everything) == len(filled.node.disk.events)
        for office in await _offices(ledger.engine):
            seen: list[EventView] = await _all(lambda c, o=office: _followed(ledger, [o], c))  # type: ignore[misc]
            mine = await _all(lambda c, o=office: ledger.matters([o], cursor=c))  # type: ignore[misc]
            threads = set()
            for one in mine:
                detail = await ledger.matter([office], one.matter_id)
                assert detail is not None
                threads |= {(one.matter_id, thread.thread) for thread in detail.threads}
            assert seen
            assert {e.event_id for e in seen} == {
                e.event_id
                for e in everything
                if (e.matter_id, e.thread) in threads or (e.thread, e.office) == ("local", office)
            }

    filled.ask(work)


async def _followed(ledger: Ledger, offices: list[str] | None, cursor: str | None) -> Page[Any]:
    page = await ledger.events_after(offices, cursor, limit=7)
    return page if page.items else Page(page.items, None)


def test_who_takes_no_part_finds_nothing(filled: Filled) -> None:
    matter_id = filled.matter("s1-jjj-assistance")

    async def work(ledger: Ledger) -> None:
        stranger = ["beijing/yanqing"]
        [first] = (await ledger.matter_events(None, matter_id, limit=1)).items
        assert await ledger.matter(stranger, matter_id) is None
        assert (await ledger.matter_events(stranger, matter_id)).items == []
        assert await ledger.event(stranger, first.event_id) is None
        assert await ledger.event_of_submission(stranger, first.office, first.submission_id) is None
        assert (await ledger.matters([])).items == []
        assert await ledger.event([HOST], first.event_id) == first

    filled.ask(work)


def test_a_recipient_sees_its_own_track_and_nobody_elses(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        tracks = [
            one
            for matter_id in filled.played["row-34-reported-to-several"].matters.values()
            if (detail := await ledger.matter(None, matter_id)) is not None
            for one in detail.threads
            if one.sort == "track"
        ]
        assert len({one.recipient for one in tracks}) > 1
        for track in tracks:
            seen = await ledger.matter([track.recipient], track.matter_id)
            assert seen is not None
            assert [t.thread for t in seen.threads if t.sort == "track"] == [track.thread]

    filled.ask(work)


def test_who_left_reads_what_was_said_until_then(filled: Filled, url: str) -> None:
    matter_id = filled.matter("s1-jjj-assistance")

    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, REGION, told.pinned())
        await projection.offsets()
        await projection.write(filled.records)
        ledger = Ledger(engine)
        whole = (await ledger.matter_events([HOST], matter_id, thread="main")).items
        assert len(whole) > 3
        at = int(whole[2].cursor.partition("-")[2])
        parties = tables.parties
        async with engine.begin() as connection:
            await connection.execute(
                update(parties)
                .where(parties.c.matter_id == matter_id, parties.c.office == HOST)
                .values(left_position=at)
            )
        assert (await ledger.matter_events([HOST], matter_id, thread="main")).items == whole[:3]
        detail = await ledger.matter([HOST], matter_id)
        assert detail is not None
        assert (detail.matter.main, detail.threads, detail.parties) == (None, (), ())
        listed = await ledger.matters([HOST], limit=500)
        assert matter_id not in {one.matter_id for one in listed.items}
        await ledger.close()
        await engine.dispose()

    asyncio.run(go())


def test_leaving_in_the_log_ends_what_an_office_sees(url: str) -> None:
    """The places at which offices left, of seeds in which some did."""
    left = 0
    for seed in range(2000, 2030):
        made = told.alliance(seed, 150, age=False)
        for region, node in told.regions(made):
            fold = told.fold(region, node, told.pinned().get)
            for (matter_id, name), thread in fold.threads.items():
                for (addition, office), place in thread.left.items():
                    event = node.disk.events[place - 1].envelope
                    assert (event.matter_id, event.thread) == (matter_id, name)
                    assert event.type == "ParticipantLeft", event.type
                    assert any(
                        (one.addition, one.office, one.left) == (addition, office, True)
                        for one in thread.kept.parties
                    )
                    left += 1
        if left > 5:
            return
    raise AssertionError("nobody left")


# Lists --------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["updated", "opened"])
def test_pages_give_each_matter_once_in_order(filled: Filled, order: Any) -> None:
    async def work(ledger: Ledger) -> None:
        whole = (await ledger.matters(None, order=order, limit=500)).items
        assert len(whole) > 6
        for size in (1, 2, 5):
            paged = await _all(
                lambda c, n=size: ledger.matters(None, order=order, cursor=c, limit=n)  # type: ignore[misc]
            )
            assert paged == whole
        if order == "opened":
            keys = [(one.opened_ms, one.matter_id) for one in whole]
            assert keys == sorted(keys, reverse=True)

    filled.ask(work)


def _open_threads(ledger_threads: Any) -> list[Any]:
    return [one for one in ledger_threads if one.awaits and not one.ended]


def test_filters_give_what_a_look_at_every_matter_gives(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        whole = (await ledger.matters(None, limit=500)).items
        threads = {
            one.matter_id: (await ledger.matter(None, one.matter_id)).threads  # type: ignore[union-attr]
            for one in whole
        }
        some = whole[len(whole) // 2]

        def main(m: MatterView) -> Any:
            return m.main or replace(threads[m.matter_id][0], state="", step=0)

        def any_thread(good: Callable[[Any], bool]) -> Callable[[MatterView], bool]:
            return lambda m: any(good(t) for t in threads[m.matter_id] if not t.ended)

        asked: list[tuple[MatterFilter, Callable[[MatterView], bool]]] = [
            (MatterFilter(family="clue"), lambda m: m.family == "clue"),
            (MatterFilter(network="jiangan"), lambda m: m.network == "jiangan"),
            (MatterFilter(host=some.host), lambda m: m.host == some.host),
            (MatterFilter(domain=some.domain), lambda m: m.domain == some.domain),
            (MatterFilter(kind=some.kinds[0]), lambda m: some.kinds[0] in m.kinds),
            (MatterFilter(open=True), lambda m: m.closed_ms is None),
            (MatterFilter(open=False), lambda m: m.closed_ms is not None),
            (MatterFilter(archived=False), lambda m: m.archived_ms is None),
            (MatterFilter(opened_from_ms=some.opened_ms), lambda m: m.opened_ms >= some.opened_ms),
            (MatterFilter(opened_before_ms=some.opened_ms), lambda m: m.opened_ms < some.opened_ms),
            (MatterFilter(state="closed"), lambda m: main(m).state == "closed"),
            (MatterFilter(overdue=True), any_thread(lambda t: t.overdue)),
            (MatterFilter(escalated=1), any_thread(lambda t: t.escalated >= 1)),
            (MatterFilter(frozen=True), any_thread(lambda t: t.frozen)),
            (
                MatterFilter(office="tianjin/binhai", family="assistance"),
                lambda m: m.family == "assistance" and "tianjin/binhai" in parties[m.matter_id],
            ),
        ]
        parties = {
            m.matter_id: {
                p.office
                for p in (await ledger.matter(None, m.matter_id)).parties  # type: ignore[union-attr]
                if not p.left
            }
            for m in whole
        }
        found_some = 0
        for wanted, good in asked:
            found = (await ledger.matters(None, wanted, limit=500)).items
            assert found == [one for one in whole if good(one)], wanted
            found_some += 0 < len(found) < len(whole)
        assert found_some > 6

    filled.ask(work)


def test_a_filter_tells_nothing_of_threads_that_one_may_not_see(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        looked = 0
        for one in (await ledger.matters(None, limit=500)).items:
            detail = await ledger.matter(None, one.matter_id)
            assert detail is not None
            tracks = [t for t in detail.threads if t.sort == "track" and not t.ended and t.awaits]
            for mine, other in permutations(tracks, 2):
                found = {p.thread for p in detail.parties if p.office == mine.recipient}
                if other.thread in found or mine.awaits == other.awaits:
                    continue
                looked += 1
                seen = await ledger.matters([mine.recipient], MatterFilter(awaits=other.awaits))
                assert one.matter_id not in {matter.matter_id for matter in seen.items}
                everyone = MatterFilter(awaits=other.awaits)
                assert one in (await ledger.matters(None, everyone, limit=500)).items
        assert looked

    filled.ask(work)


def test_who_has_a_track_alone_is_told_nothing_of_the_main_thread(filled: Filled) -> None:
    """By no field, and by no filter."""

    async def work(ledger: Ledger) -> None:
        asked = 0
        for office in await _offices(ledger.engine):
            for one in (await ledger.matters([office], limit=500)).items:
                if one.main is not None:
                    continue
                [whole] = [
                    m
                    for m in (await ledger.matters(None, limit=500)).items
                    if m.matter_id == one.matter_id
                ]
                assert whole.opening
                assert (one.kinds, one.opening, one.case_number, one.closed_ms) == (
                    (),
                    "",
                    "",
                    None,
                )
                assert (one.cause_matter, one.cause_event) == ("", "")
                filters = [MatterFilter(open=True), MatterFilter(open=False)]
                filters += [MatterFilter(kind=kind) for kind in whole.kinds]
                filters += [MatterFilter(case_number=whole.case_number)] * bool(whole.case_number)
                filters += [MatterFilter(cause_matter=whole.cause_matter)]
                for wanted in filters:
                    found = (await ledger.matters([office], wanted, limit=500)).items
                    assert one.matter_id not in {m.matter_id for m in found}, wanted
                    asked += 1
        assert asked > 10

    filled.ask(work)


def test_a_filter_by_party_tells_nothing_of_parties_that_one_may_not_see(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        looked = 0
        for one in (await ledger.matters(None, limit=500)).items:
            detail = await ledger.matter(None, one.matter_id)
            assert detail is not None
            threads: dict[str, set[str]] = {}
            for party in detail.parties:
                threads.setdefault(party.office, set()).add(party.thread)
            for mine, other in permutations(threads, 2):
                seen = await ledger.matters([mine], MatterFilter(office=other), limit=500)
                shared = bool(threads[mine] & threads[other])
                assert (one.matter_id in {matter.matter_id for matter in seen.items}) == shared
                looked += not shared
        assert looked > 3

    filled.ask(work)


def test_tasks_are_what_is_awaited_and_the_first_due_stand_first(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        offices = await _offices(ledger.engine)
        wanted = []
        for one in (await ledger.matters(None, limit=500)).items:
            detail = await ledger.matter(None, one.matter_id)
            wanted += _open_threads(detail.threads)  # type: ignore[union-attr]
        whole = (await ledger.tasks(offices, limit=500)).items
        key = lambda t: (t.due_ms is None, t.due_ms or 0, t.matter_id, t.thread)  # noqa: E731
        assert [one.thread for one in whole] == sorted(wanted, key=key)
        assert len(whole) > 2
        paged = await _all(lambda c: ledger.tasks(offices, cursor=c, limit=1))
        assert paged == whole
        assert {one.thread.due_ms is None for one in whole} == {True, False}
        late = (await ledger.tasks(offices, overdue=True)).items
        assert [one.thread for one in late] == [t.thread for t in whole if t.thread.overdue]
        alone = (await ledger.tasks([whole[0].thread.awaits])).items
        assert {one.thread.awaits for one in alone} == {whole[0].thread.awaits}

    filled.ask(work)


@pytest.mark.parametrize(
    "cursor", ["", "x", "W10", "eyJhIjoxfQ", "WyJvcGVuZWQiLDEsImEiXQ", "é", "A" * 999]
)
def test_a_cursor_that_is_none_of_the_list_is_refused(filled: Filled, cursor: str) -> None:
    async def work(ledger: Ledger) -> None:
        with pytest.raises(CursorError, match="none of the list"):
            await ledger.matters(None, cursor=cursor)
        with pytest.raises(CursorError, match="none of the list"):
            await ledger.events_after(None, cursor)

    filled.ask(work)


# Events -------------------------------------------------------------------------------------


def test_a_matters_events_come_in_pages_and_as_they_were_recorded(filled: Filled) -> None:
    matter_id = filled.matter("s1-jjj-assistance")

    async def work(ledger: Ledger) -> None:
        whole = (await ledger.matter_events(None, matter_id, limit=500)).items
        mine = [one for one in filled.node.disk.events if one.envelope.matter_id == matter_id]
        assert [one.envelope for one in whole] == [one.event.envelope for one in mine]
        assert [one.body for one in whole] == [one.event.body for one in mine]
        paged = await _all(lambda c: ledger.matter_events(None, matter_id, cursor=c, limit=2))
        assert paged == whole
        first = whole[0]
        assert (first.type, first.step, first.state) == ("AssistanceRequested", 1, "requested")
        assert first.content is not None
        assert first.content["case_ref" if "case_ref" in first.content else "kinds"]
        assert first.legal_basis[0]["instrument"]
        assert first == await ledger.event_of_submission(None, first.office, first.submission_id)

    filled.ask(work)


def test_a_corrected_event_reads_as_corrected_and_keeps_its_bytes(url: str) -> None:
    async def go() -> None:
        engine = engine_of(url)
        corrected = 0
        for seed in range(4000, 4100):
            made = told.alliance(seed, 200, age=False)
            region, node = next(iter(told.regions(made)))
            fold = told.fold(region, node, told.pinned().get)
            bodies = [body_pb2.Body.FromString(one.event.body) for one in node.disk.events]
            if not any(one.corrected.HasField("body") for one in bodies):
                continue
            projection = Projection(engine, region, told.pinned())
            await projection.offsets()
            await projection.write(told.records(node))
            latest = {tuple(line.values())[1:]: line["by"] for line in fold.corrections}
            ledger = Ledger(engine)
            for one in (await ledger.events_after(None, None, limit=500)).items:
                at = one.matter_id, one.thread, one.origin, one.number
                assert one.corrected_by == latest.get(at)
                if one.corrected_by is None:
                    continue
                by = await ledger.event(None, one.corrected_by)
                assert by is not None
                assert by.content is not None
                if "body" in by.content:
                    assert [one.content] == list(by.content["body"].values())
                    corrected += 1
                logged = next(e for e in node.disk.events if e.envelope.event_id == one.event_id)
                assert one.body == logged.event.body
            await ledger.close()
            break
        assert corrected
        await engine.dispose()

    asyncio.run(go())


def test_who_left_reads_no_correction_that_was_made_later(url: str) -> None:
    parties, events = tables.parties, tables.events

    async def go() -> None:
        engine = engine_of(url)
        for seed in range(4000, 4100):
            made = told.alliance(seed, 200, age=False)
            region, node = next(iter(told.regions(made)))
            bodies = [body_pb2.Body.FromString(one.event.body) for one in node.disk.events]
            if not any(one.corrected.HasField("body") for one in bodies):
                continue
            projection = Projection(engine, region, told.pinned())
            await projection.offsets()
            await projection.write(told.records(node))
            ledger, later = Ledger(engine), events.alias()
            async with engine.begin() as connection:
                query = select(events).join(later, later.c.event_id == events.c.corrected_by)
                first = (
                    await connection.execute(query.where(later.c.content.has_key("body")))
                ).first()
                assert first is not None
                there = (
                    parties.c.matter_id == first.matter_id,
                    parties.c.thread == first.thread,
                )
                [office, *_] = (
                    await connection.execute(select(parties.c.office).where(*there))
                ).scalars()
                query = update(parties).where(*there, parties.c.office == office)
                before = await ledger.event([office], first.event_id)
                await connection.execute(query.values(left_position=first.position))
            assert before is not None
            assert (before.corrected_by, before.content) != (None, first.content)
            after = await ledger.event([office], first.event_id)
            assert after is not None
            assert (after.corrected_by, after.content) == (None, first.content)
            assert after.case_number == first.case_number
            await ledger.close()
            break
        else:
            raise AssertionError("nothing was corrected")
        await engine.dispose()

    asyncio.run(go())


def test_a_follower_hears_at_once_and_misses_nothing(filled: Filled, url: str) -> None:
    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, REGION, told.pinned())
        await projection.offsets()
        ledger, seen, waited = Ledger(engine), [], []

        async def follow() -> None:
            async for page in ledger.follow(None, None, limit=9):
                seen.extend(one.event_id for one in page.items)
                if len(seen) == len(filled.records):
                    return

        following = asyncio.create_task(follow())
        await asyncio.sleep(0.3)
        for start in range(0, len(filled.records), 40):
            await projection.write(filled.records[start : start + 40])
        await asyncio.wait_for(following, 10)
        assert seen == [one.envelope.event_id for one in filled.node.disk.events]

        # From a place, for one who waits: a bell, not the next look.
        end = await ledger.end()
        assert not await ledger.wait(end, 0.2)

        async def wait() -> None:
            began = time.monotonic()
            assert await ledger.wait(end, 14)
            waited.append(time.monotonic() - began)

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.3)
        later = filled.records[-1]
        _, node = next(told.regions(told.alliance(5, 100, age=False)))
        again = told.records(node)[0]
        await projection.write([replace(again, offset=later.offset + 1)])
        await waiting
        assert waited[0] < 5
        await ledger.close()
        await engine.dispose()

    asyncio.run(go())


def test_a_follower_hears_that_it_is_alive_while_only_others_are_told_something(
    filled: Filled, url: str
) -> None:
    async def go() -> None:
        engine = engine_of(url)
        projection = Projection(engine, REGION, told.pinned())
        await projection.offsets()
        ledger, pages = Ledger(engine), []

        async def follow() -> None:
            async for page in ledger.follow(["beijing/yanqing"], None, idle=0.3):
                pages.append(page)

        following = asyncio.create_task(follow())
        began = time.monotonic()
        for record in filled.records[:40]:
            await projection.write([record])
            await asyncio.sleep(0.04)
        lasted = time.monotonic() - began
        following.cancel()
        assert len(pages) >= lasted / 0.3 / 3
        assert not any(page.items for page in pages)
        assert pages[-1].cursor != pages[0].cursor
        await ledger.close()
        await engine.dispose()

    asyncio.run(go())


def test_pages_of_large_events_are_shorter_and_lose_nothing(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(ledger: Ledger) -> None:
        every = (await ledger.events_after(None, None, limit=500)).items
        matter_id = every[0].matter_id
        of_one = (await ledger.matter_events(None, matter_id, limit=500)).items
        size = len(every[0].envelope) + len(every[0].body or b"")
        for most in (1, 3 * size):
            monkeypatch.setattr(queries, "PAGE_BYTES", most)
            page = await ledger.events_after(None, None, limit=500)
            assert len(page.items) == 1 if most == 1 else 1 < len(page.items) < 10
            assert await _all(lambda c: _followed_at_once(ledger, c)) == every
            paged = await _all(lambda c: ledger.matter_events(None, matter_id, cursor=c, limit=500))
            assert paged == of_one

    filled.ask(work)


async def _followed_at_once(ledger: Ledger, cursor: str | None) -> Page[Any]:
    page = await ledger.events_after(None, cursor, limit=500)
    return page if page.items else Page(page.items, None)


def test_all_who_wait_share_a_look(
    filled: Filled, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, stand = 0, queries._stand

    async def counted(connection: Any) -> Any:
        nonlocal looks
        looks += 1
        return await stand(connection)

    monkeypatch.setattr(queries, "_stand", counted)

    async def go() -> None:
        nonlocal looks
        engine = engine_of(url)
        projection = Projection(engine, REGION, told.pinned())
        await projection.offsets()
        ledger = Ledger(engine)
        far = cursors.place((await ledger.status()).life, 10_000)
        waiting = [asyncio.create_task(ledger.wait(far, 2.0)) for _ in range(60)]
        await asyncio.sleep(0.5)
        looks = 0
        for record in filled.records[:5]:
            await projection.write([record])
            await asyncio.sleep(0.1)
        assert 0 < looks <= 10
        assert not any(await asyncio.gather(*waiting))
        await ledger.close()
        await engine.dispose()

    asyncio.run(go())


def test_a_follower_without_a_connection_looks_again_later(filled: Filled, url: str) -> None:
    async def go() -> None:
        writer, reader = engine_of(url), engine_of(url, connections=2)
        reader.pool._timeout = 0.2  # type: ignore[attr-defined]
        projection = Projection(writer, REGION, told.pinned())
        await projection.offsets()
        ledger = Ledger(reader)
        follower = aiter(ledger.follow(None, await ledger.end(), idle=0.1))
        assert (await anext(follower)).items == []
        async with reader.connect():  # and the bell has the other one
            await projection.write(filled.records[:5])
            for _ in range(2):
                assert (await anext(follower)).items == []
        found: list[EventView] = []
        while not found:
            found += (await anext(follower)).items
        assert len(found) == 5
        await ledger.close()
        await reader.dispose()
        await writer.dispose()

    asyncio.run(go())


def test_a_follower_may_choose_types_and_families(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        types = EventFilter(types=["AssistanceRequested", "Closed"], families=["assistance"])
        found = await ledger.events_after(None, None, types, limit=500)
        assert {one.type for one in found.items} == {"AssistanceRequested", "Closed"}
        assert found.cursor == await ledger.end()

    filled.ask(work)


def test_a_place_of_another_life_is_told_as_such(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        with pytest.raises(CursorLost, match="made anew"):
            await ledger.events_after(None, "00000000-5")
        with pytest.raises(CursorLost):
            await ledger.wait("00000000-5", 1)

    filled.ask(work)


def test_a_failing_statement_tells_nothing_of_what_it_was_about(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        async with ledger.engine.connect() as connection:
            with pytest.raises(DBAPIError) as caught:
                await connection.execute(
                    select(literal("张三")).where(literal(1) / literal(0) == 1)
                )
            assert "张三" not in str(caught.value)

    filled.ask(work)


def test_the_status_counts_and_tells_until_when_it_is_current(filled: Filled) -> None:
    async def work(ledger: Ledger) -> None:
        found = await ledger.status()
        assert (found.region, found.events) == (REGION, len(filled.records))
        assert not found.rebuilding
        assert not await ledger.is_behind(600)
        assert await ledger.is_behind(-1)

    filled.ask(work)
