"""Reading: an office sees the matters in which it takes part, and nothing of any other."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpx
import pytest

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.gateway import form
from collabbus.ledger.projection import Record
from collabbus.ledger.queries import Ledger
from collabbus.model.body import type_of
from tests.gateway.conftest import Counter, Log, Make


def envelopes(told: Iterable[Record]) -> list[ev.Envelope]:
    return [ev.Envelope.FromString(ev.Event.FromString(one.value or b"").envelope) for one in told]


def busiest(told: Iterable[Record]) -> str:
    """Give the office of the region that hosts the most matters."""
    hosts = Tally(
        one.office
        for one in envelopes(told)
        if one.office.startswith("beijing/") and one.step.number == 1 and one.thread == "main"
    )
    return hosts.most_common(1)[0][0]


@pytest.fixture
def at(make: Make, log_of: Callable[[], Log]) -> Callable[..., Any]:
    """Runs a story with a gateway over a ledger."""

    def told_by(story: Callable[[Counter, Log], Awaitable[Any]], **settings: Any) -> Any:
        async def whole() -> Any:
            log = log_of()
            async with Ledger(log.engine) as ledger:
                counter = make(ledger=ledger, burst=1e6, **settings)
                try:
                    return await story(counter, log)
                finally:
                    await ledger.close()
                    await log.engine.dispose()

        return asyncio.run(whole())

    return told_by


def test_a_list_has_exactly_ones_own_matters_over_all_its_pages(at, told):
    office = busiest(told)
    every = envelopes(told)
    mine = {
        one.matter_id for one in every if any(party.office == office for party in one.participants)
    }
    assert 2 < len(mine) < len({one.matter_id for one in every})

    async def story(counter: Counter, log: Log) -> None:
        await log.write(told)
        async with counter.client(office, role="reader") as client:
            for order in ("updated", "opened"):
                found, cursor = [], None
                while True:
                    query = {"limit": 2, "order": order} | ({"cursor": cursor} if cursor else {})
                    page = (await client.get("/v1/matters", params=query)).json()
                    found += [one["matterId"] for one in page["items"]]
                    cursor = page["cursor"]
                    if cursor is None:
                        break
                assert len(found) == len(set(found))
                assert set(found) <= mine
                assert len(found) > 2
            one = (await client.get(f"/v1/matters/{found[0]}")).json()
            assert one["matterId"] == found[0]
            assert office in {party["office"] for party in one["parties"]}
            other = next(m.matter_id for m in every if m.matter_id not in mine)
            assert (await client.get(f"/v1/matters/{other}")).status_code == 404
            assert (await client.get(f"/v1/matters/{other}/events")).json()["items"] == []
            family = {one["family"] for one in (await client.get("/v1/matters")).json()["items"]}
            chosen = min(family)
            only = (await client.get("/v1/matters", params={"family": chosen})).json()["items"]
            assert {one["family"] for one in only} == {chosen}

    at(story)


def test_a_superior_reads_for_its_subordinates_and_nobody_the_other_way(at, told):
    office = busiest(told)

    async def story(counter: Counter, log: Log) -> None:
        await log.write(told)
        async with counter.client("beijing/provincial", role="reader") as above:
            own = await above.get("/v1/matters", params={"office": office})
            assert own.json()["items"]
        neighbour = next(o for o in ("beijing/haidian", "beijing/chaoyang") if o != office)
        async with counter.client(neighbour, role="reader") as beside:
            refused = await beside.get("/v1/matters", params={"office": office})
            assert (refused.status_code, refused.json()["code"]) == (403, "FOREIGN_OFFICE")

    at(story)


def test_events_are_told_in_the_form_in_which_they_are_submitted(at, told):
    office = busiest(told)

    async def story(counter: Counter, log: Log) -> None:
        await log.write(told)
        async with counter.client(office, role="reader") as client:
            page = (await client.get("/v1/events", params={"limit": 500})).json()
            assert page["items"]
            for one in page["items"]:
                body = body_pb2.Body()
                assert form.read(body, one["body"]) == []
                assert type_of(body) == one["type"]
            after = await client.get("/v1/events", params={"cursor": page["items"][0]["cursor"]})
            assert page["items"][0]["eventId"] not in after.text
            wrong = await client.get("/v1/events", params={"cursor": "nonsense"})
            assert (wrong.status_code, wrong.json()["code"]) == (422, "BAD_PARAMETER")
            lost = await client.get("/v1/events", params={"cursor": "00000000-7"})
            assert (lost.status_code, lost.json()["code"]) == (410, "CURSOR_LOST")

    at(story)


def test_a_cursor_that_was_made_up_shows_nothing_more_and_breaks_nothing(at, told):
    """Whatever stands in it, a page holds the asking office's matters alone."""
    office = busiest(told)

    def forged(*parts: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")

    deep = base64.urlsafe_b64encode(b"[" * 760).decode().rstrip("=")
    bad = [
        *("=", "A", "%00", "null", "e30", "' OR 1=1 --", deep, forged(), forged("updated")),
        *(
            forged("updated", one)
            for one in (None, "1", True, 1.5, {}, [], 1 << 63, -(1 << 70), 1e300)
        ),
        *(forged("opened", 1, one) for one in (None, 5, "\0", "\ud800")),
        forged("opened", 1, "x", "y"),
    ]

    async def story(counter: Counter, log: Log) -> None:
        await log.write(told)
        async with (
            counter.client(office, role="reader") as client,
            counter.client("beijing/provincial", role="reader") as other,
        ):
            for cursor in bad:
                for order in ("updated", "opened"):
                    params = {"cursor": cursor, "order": order}
                    wrong = await client.get("/v1/matters", params=params)
                    assert (wrong.status_code, wrong.json()["code"]) == (422, "BAD_PARAMETER")
            mine = {one["matterId"] for one in (await _whole(client))}
            places = [
                ("updated", forged("updated", 1 << 62)),
                ("opened", forged("opened", 1 << 62, "zzzz'; DROP TABLE matters; --")),
                ("opened", forged("opened", -1, "")),
            ]
            params = {"office": office, "limit": 1}
            page = (await other.get("/v1/matters", params=params)).json()
            places.append(("updated", page["cursor"]))  # what somebody else was given
            for order, cursor in places:
                params = {"cursor": cursor, "order": order, "limit": 200}
                found = await client.get("/v1/matters", params=params)
                assert found.status_code == 200
                assert {one["matterId"] for one in found.json()["items"]} <= mine
            for cursor in ("x-1", "-1", "1-", f"{'a' * 8}-{'9' * 40}", "a-1e5", "a-١"):
                wrong = await client.get("/v1/events", params={"cursor": cursor})
                assert wrong.status_code in (410, 422), wrong.text

    at(story)


async def _whole(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("/v1/matters", params={"limit": 200})).json()[
        "items"
    ]
    return found


async def streamed(
    client: httpx.AsyncClient, count: int, **more: Any
) -> list[tuple[str, dict[str, Any]]]:
    """Give the first events of a stream: id and contents."""
    found: list[tuple[str, dict[str, Any]]] = []
    async with client.stream("GET", "/v1/events/stream", **more) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        place = ""
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                place = value
            if name == "data":
                found.append((place, json.loads(value)))
                if len(found) == count:
                    break
    return found


def test_a_stream_goes_on_from_the_last_id_without_a_gap_or_a_repetition(at, told, served_app):
    office = busiest(told)
    half = len(told) // 2

    async def story(counter: Counter, log: Log) -> None:
        await log.write(told[:half])
        async with served_app(counter, office) as client:
            every = (await client.get("/v1/events", params={"limit": 500})).json()["items"]
            first = await streamed(client, 3, params={"fromBeginning": "true"})
            assert [place for place, _ in first] == [one["cursor"] for one in every[:3]]
            assert first[0][1] == every[0]
            headers = {"last-event-id": first[-1][0]}
            rest = asyncio.create_task(streamed(client, len(every) - 3 + 1, headers=headers))
            now = asyncio.create_task(streamed(client, 1))
            await asyncio.sleep(0.5)
            await log.write(told[half:])
            later = (
                await client.get("/v1/events", params={"cursor": every[-1]["cursor"], "limit": 500})
            ).json()["items"]
            found = [event["eventId"] for _, event in await asyncio.wait_for(rest, 20)]
            assert found == [one["eventId"] for one in [*every[3:], later[0]]]
            assert (await asyncio.wait_for(now, 20))[0][1]["eventId"] == later[0]["eventId"]
            for _ in range(50):
                if not counter.gateway.streams:
                    break
                await asyncio.sleep(0.1)
            assert counter.gateway.streams.total() == 0

    at(story)


def test_a_stream_from_a_place_that_is_no_more_is_told_so_before_it_begins(at, told, served_app):
    async def story(counter: Counter, log: Log) -> None:
        await log.write(told)
        async with served_app(counter, busiest(told)) as client:
            for place, status in (("00000000-7", 410), ("nonsense", 422)):
                headers = {"last-event-id": place}
                answer = await client.get("/v1/events/stream", headers=headers)
                assert answer.status_code == status

    at(story)


def test_only_so_many_streams_are_open_at_once(at, told, served_app):
    async def story(counter: Counter, log: Log) -> None:
        await log.write(told)
        async with served_app(counter, busiest(told)) as client:
            params = {"fromBeginning": "true"}
            async with client.stream("GET", "/v1/events/stream", params=params) as first:
                await anext(first.aiter_lines())
                second = await client.get("/v1/events/stream", params=params)
                assert (second.status_code, second.json()["code"]) == (503, "BUSY")

    at(story, streams=1)


def test_one_office_cannot_take_all_streams_not_even_all_at_once(at, told, served_app):
    office = busiest(told)

    async def story(counter: Counter, log: Log) -> None:
        await log.write(told)
        async with served_app(counter, office) as client:
            params = {"fromBeginning": "true"}

            async def opened() -> int:
                async with client.stream("GET", "/v1/events/stream", params=params) as one:
                    if one.status_code == 200:
                        await asyncio.sleep(2)
                    return one.status_code

            found = await asyncio.gather(*(opened() for _ in range(12)))
            assert Tally(found) == {200: 3, 503: 9}
            other = {"authorization": f"Bearer {counter.token('beijing/provincial')}"}
            tasks = [asyncio.create_task(opened()) for _ in range(3)]
            await asyncio.sleep(0.5)
            async with client.stream(
                "GET", "/v1/events/stream", params=params, headers=other
            ) as beside:
                assert beside.status_code == 200
            assert await asyncio.gather(*tasks) == [200] * 3

    at(story, streams_per_office=3)
