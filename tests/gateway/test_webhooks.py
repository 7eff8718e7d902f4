"""Webhooks: each event is brought once or more, signed, in order, until its receiver takes it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter as Tally
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from collabbus.gateway.delivery import Delivery, backoff_s, signature
from collabbus.gateway.hooks import MOST, Hook, Hooks
from collabbus.gateway.metrics import Metrics
from collabbus.gateway.target import allowed
from collabbus.ledger import rebuilding
from collabbus.ledger.queries import Ledger
from collabbus.model.thread import FAMILIES
from collabbus.settings import GatewaySettings
from tests.gateway.conftest import Counter, Log, Make
from tests.gateway.test_reading import busiest, envelopes

HOSTS = ["cases.example", "*.court.example", "local.example:8443"]
DAY_S = 86_400.0


class Receiver:
    """An office's system: notes what it is brought, and answers as it is told."""

    def __init__(self) -> None:
        self.answers: list[int | Exception] = []
        """What comes next; 200 when there is nothing."""
        self.got: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        if answer == 200:
            self.got.append(request)
        return httpx.Response(answer)

    @property
    def events(self) -> list[str]:
        return [json.loads(one.content)["eventId"] for one in self.got]


class Post:
    """A gateway with webhooks, their receiver, and a clock that the test sets."""

    def __init__(self, counter: Counter, log: Log, ledger: Ledger, hooks: Hooks) -> None:
        self.counter, self.log, self.hooks = counter, log, hooks
        self.receiver = Receiver()
        self.now = 1_800_000_000.0
        self.delivery = Delivery(
            hooks,
            ledger,
            counter.gateway.settings,
            counter.gateway.metrics,
            httpx.AsyncClient(transport=httpx.MockTransport(self.receiver)),
            lambda: self.now,
        )

    async def rounds(self, most: int = 200) -> None:
        """Deliver until nothing is due."""
        for _ in range(most):
            if not await self.delivery.round():
                return
        raise AssertionError("it goes on for ever")


Story = Callable[[Post], Awaitable[Any]]


@pytest.fixture
def at(make: Make, log_of: Callable[[], Log]) -> Callable[[Story], Any]:
    def told_by(story: Story) -> Any:
        async def whole() -> Any:
            log = log_of()
            async with Ledger(log.engine) as ledger:
                hooks = Hooks(log.engine)
                counter = make(ledger=ledger, hooks=hooks, burst=1e6, webhook_hosts=HOSTS)
                try:
                    return await story(Post(counter, log, ledger, hooks))
                finally:
                    await ledger.close()
                    await log.engine.dispose()

        return asyncio.run(whole())

    return told_by


async def add(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    body = {"url": "https://cases.example/in", **more}
    response = await client.post("/v1/webhooks", json=body)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


def test_every_event_of_the_office_comes_signed_and_in_order_through_failures(at, told):
    office = busiest(told)

    async def story(post: Post) -> None:
        await post.log.write(told)
        async with post.counter.client(office, role="system") as client:
            hook = await add(client, fromBeginning=True)
            every = (await client.get("/v1/events", params={"limit": 500})).json()["items"]
            assert len(every) > 10
            post.receiver.answers = [200, 200, 503, httpx.ConnectError("away"), 302]
            await post.rounds()
            for _ in range(3):
                assert len(post.receiver.got) == 2
                post.now += 60
                await post.rounds()
            assert post.receiver.events == [one["eventId"] for one in every]
            for request in post.receiver.got:
                name = request.headers["webhook-id"]
                assert name == json.loads(request.content)["eventId"]
                seconds = int(request.headers["webhook-timestamp"])
                assert request.headers["webhook-signature"] == signature(
                    hook["secret"], name, seconds, request.content
                )
            [stands] = (await client.get("/v1/webhooks")).json()["items"]
            assert (stands["attempts"], stands["disabled"]) == (0, False)
            assert "secret" not in stands

    at(story)


def test_a_rebuild_of_the_ledger_takes_nothing_from_a_webhook(at, told):
    """Nor keeps the deliverer busy until it is over."""
    office = busiest(told)

    async def story(post: Post) -> None:
        await post.log.write(told)
        async with post.counter.client(office, role="system") as client:
            await add(client, fromBeginning=True)
            every = (await client.get("/v1/events", params={"limit": 500})).json()["items"]
            await post.delivery.round()
            brought = len(post.receiver.got)
            assert 0 < brought < len(every)
            await rebuilding.begin(post.log.engine)
            refused = await client.get("/v1/matters")
            assert (refused.status_code, refused.json()["code"]) == (503, "REBUILDING")
            assert int(refused.headers["retry-after"]) > 0
            await post.rounds(2)
            assert len(post.receiver.got) == brought
            await post.log.write(told)
            post.now += 60
            await post.rounds()
            assert post.receiver.events == [one["eventId"] for one in every]

    at(story)


def test_a_new_webhook_begins_now_and_brings_what_it_asked_for_alone(at, told):
    office = busiest(told)
    half = len(told) // 2
    own = Tally(one.family for one in envelopes(told[half:]) if one.office == office)
    chosen = FAMILIES[own.most_common(1)[0][0]]

    async def story(post: Post) -> None:
        await post.log.write(told[:half])
        async with post.counter.client(office, role="system") as client:
            place = (await client.get("/v1/events", params={"limit": 500})).json()["cursor"]
            await add(client, families=[chosen])
            await post.rounds()
            assert post.receiver.got == []
            await post.log.write(told[half:])
            await post.rounds()
            params = {"cursor": place, "limit": 500, "family": [chosen]}
            later = (await client.get("/v1/events", params=params)).json()["items"]
            assert {one["family"] for one in later} == {chosen}
            assert post.receiver.events == [one["eventId"] for one in later]

    at(story)


def test_after_days_of_failures_it_is_disabled_and_goes_on_from_there_when_enabled(at, told):
    office = busiest(told)

    async def story(post: Post) -> None:
        await post.log.write(told)
        async with post.counter.client(office, role="system") as client:
            hook = await add(client, fromBeginning=True)
            post.receiver.answers = [500] * 1000
            began = post.now
            while post.now < began + 4 * DAY_S:
                await post.rounds()
                post.now += 1800
            tries = 1000 - len(post.receiver.answers)
            assert 20 < tries < 90  # about one an hour, and none after three days
            [stands] = (await client.get("/v1/webhooks")).json()["items"]
            assert stands["disabled"]
            assert stands["trouble"] == "HTTP 500"
            post.receiver.answers = []
            await post.rounds()
            assert post.receiver.got == []
            enabled = await client.post(f"/v1/webhooks/{hook['id']}/enable")
            assert enabled.json()["disabled"] is False
            await post.rounds()
            every = (await client.get("/v1/events", params={"limit": 500})).json()["items"]
            assert post.receiver.events == [one["eventId"] for one in every]

    at(story)


def test_each_result_is_told_before_there_is_one():
    """Prometheus sees no increase in what begins at 1: the first one given up would be missed."""
    registry = Metrics("beijing").registry
    for result in ("delivered", "failed", "disabled"):
        labels = {"region": "beijing", "result": result}
        told = registry.get_sample_value("collabbus_gateway_webhook_deliveries_total", labels)
        assert told == 0, result


def test_a_receiver_that_is_gone_is_disabled_at_once(at, told):
    office = busiest(told)

    async def story(post: Post) -> None:
        await post.log.write(told)
        async with post.counter.client(office, role="system") as client:
            await add(client, fromBeginning=True)
            post.receiver.answers = [410]
            await post.rounds()
            [stands] = (await client.get("/v1/webhooks")).json()["items"]
            assert stands["disabled"]

    at(story)


@pytest.mark.parametrize("part", ["send", "page"])
def test_whatever_goes_wrong_with_one_webhook_is_its_own_failure(at, told, monkeypatch, part):
    office = busiest(told)

    async def story(post: Post) -> None:
        await post.log.write(told)
        async with post.counter.client(office, role="system") as client:
            bad = await add(client, fromBeginning=True, url="https://bad.court.example/")
            good = await add(client, fromBeginning=True)
            original = getattr(post.delivery, f"_{part}")

            async def failing(hook: Hook, *more: Any) -> Any:
                if hook.id == bad["id"]:
                    raise KeyError("证人李某")
                return await original(hook, *more)

            monkeypatch.setattr(post.delivery, f"_{part}", failing)
            await post.rounds()
            stand = {one["id"]: one for one in (await client.get("/v1/webhooks")).json()["items"]}
            assert (stand[bad["id"]]["attempts"], stand[bad["id"]]["trouble"]) == (1, "KeyError")
            assert stand[good["id"]]["attempts"] == 0
            every = (await client.get("/v1/events", params={"limit": 500})).json()["items"]
            assert post.receiver.events == [one["eventId"] for one in every]

    at(story)


def test_two_processes_never_have_the_same_webhook_and_a_dead_ones_lease_ends(at, told):
    office = busiest(told)

    async def story(post: Post) -> None:
        await post.log.write(told)
        async with post.counter.client(office, role="system") as client:
            await add(client, fromBeginning=True)
            await add(client, fromBeginning=True)
            now_ms = int(post.now * 1000)
            one, two = await asyncio.gather(
                post.hooks.lease("x", now_ms, 1), post.hooks.lease("x", now_ms, 1)
            )
            assert len({hook.id for hook in (*one, *two)}) == len(one) + len(two)
            await post.hooks.lease("x", now_ms, 9)
            assert await post.hooks.lease("x", now_ms, 9) == []
            assert len(await post.hooks.lease("x", now_ms + 121_000, 9)) == 2

    at(story)


def test_webhooks_are_managed_by_their_offices_system_alone(at, told):
    office = busiest(told)

    async def story(post: Post) -> None:
        await post.log.write(told[:1])
        async with (
            post.counter.client(office, role="system") as client,
            post.counter.client("beijing/provincial", role="system") as other,
            post.counter.client(office, role="officer") as officer,
        ):
            hook = await add(client)
            assert (await other.get("/v1/webhooks")).json()["items"] == []
            assert (await other.delete(f"/v1/webhooks/{hook['id']}")).status_code == 404
            assert (await other.post(f"/v1/webhooks/{hook['id']}/enable")).status_code == 404
            assert (await officer.get("/v1/webhooks")).status_code == 403
            assert (await client.delete(f"/v1/webhooks/{hook['id']}")).status_code == 204
            assert (await client.get("/v1/webhooks")).json()["items"] == []
            for _ in range(MOST):
                await add(client)
            full = await client.post("/v1/webhooks", json={"url": "https://cases.example/"})
            assert (full.status_code, full.json()["code"]) == (409, "TOO_MANY")

    at(story)


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://cases.example/in?x=1", True),
        ("https://CASES.example/", True),
        ("https://a.b.court.example/", True),
        ("https://local.example:8443/", True),
        ("https://local.example/", False),
        ("https://court.example/", False),
        ("https://evilcourt.example/", False),
        ("https://cases.example.evil.example/", False),
        ("https://cases.example:22/", False),
        ("http://cases.example/", False),
        ("https://user@cases.example/", False),
        ("https://evil.example#@cases.example/", False),
        ("https://127.0.0.1/", False),
        ("https://cases.example:x/", False),
        ("https:///in", False),
    ],
)
def test_webhooks_go_only_where_the_operator_lets_them(url, good, issuer):
    settings = GatewaySettings(jwks=issuer, webhook_hosts=HOSTS)
    assert (allowed(url, settings) == "") is good
    assert allowed(url, GatewaySettings(jwks=issuer))


def test_waits_grow_to_an_hour():
    waits = [backoff_s(attempts) for attempts in range(1, 2000, 1)]
    assert waits[:4] == [5, 10, 20, 40]
    assert waits == sorted(waits)
    assert waits[-1] == 3600
