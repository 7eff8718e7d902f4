"""The lane: what comes past the framework is answered as the framework's routes would."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from collabbus.gateway.lane import ACT, OPEN, Lane
from tests.gateway.conftest import Counter, Make, request_body
from tests.gateway.test_app import _samples, ask, problem

ACTS = f"/v1/matters/{'0' * 32}/acts"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def counter(make: Make) -> Counter:
    return make(burst=1e6)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        (OPEN, {"json": request_body()}),
        (OPEN, {"json": request_body(officer="别人")}),
        (OPEN, {"json": {}}),
        (OPEN, {"content": b"{", "headers": JSON}),
        (OPEN, {"content": b" " * 300_000, "headers": JSON}),
        (OPEN, {"json": request_body(), "headers": {"authorization": "Bearer a.b.c"}}),
        (OPEN, {"json": request_body(), "headers": {"idempotency-key": "a b"}}),
        (OPEN, {"json": request_body(), "role": "reader"}),
        (ACTS, {"json": {"body": {"received": {}}}}),
        (ACTS, {"json": {"family": "FAMILY_ASSISTANCE", "body": {"received": {}}}}),
    ],
)
def test_it_answers_as_the_documented_routes_do(counter, monkeypatch, path, more):
    # Who gives no key is told which one was made up, another one each time.
    monkeypatch.setattr(secrets, "token_hex", lambda count: "a" * 2 * count)
    fast = ask(counter, "POST", path, **more)
    monkeypatch.setattr(Lane, "leads", lambda self, scope: None)
    slow = ask(counter, "POST", path, **more)
    assert (fast.status_code, fast.json()) == (slow.status_code, slow.json())
    assert fast.status_code >= 400
    assert dict(fast.headers) == dict(slow.headers)


def test_submissions_come_this_way_and_nothing_else_does(counter):
    async def take(request: Request, matter_id: str) -> Response:
        raise AssertionError("it only looks")

    lane = Lane(take, {})
    led = {
        (method, path): lane.leads({"method": method, "path": path})
        for method in ("GET", "POST", "DELETE")
        for path in (OPEN, ACTS, "/v1/matters/42/acts", f"{ACTS}/", "/v1/webhooks", "/")
    }
    assert {key: one for key, one in led.items() if one} == {
        ("POST", OPEN): (OPEN, ""),
        ("POST", ACTS): (ACT, "0" * 32),
    }
    assert set(_posts(counter)) >= {OPEN, ACT}


def _posts(counter: Counter) -> list[str]:
    document: dict[str, Any] = ask(counter, "GET", "/openapi.json").json()
    return [path for path, methods in document["paths"].items() if "post" in methods]


def test_what_it_answers_and_what_fails_in_it_is_counted_by_route(counter, monkeypatch):
    problem(ask(counter, "POST", ACTS, json={"body": {"received": {}}}), 404, "UNKNOWN_MATTER")
    monkeypatch.setattr(counter.gateway.desk, "known", lambda caller: 1 / 0)
    found = problem(ask(counter, "POST", OPEN, json=request_body()), 500, "INTERNAL")
    assert "division" not in json.dumps(found)
    problem(ask(counter, "GET", "/v1/contracts"), 500, "INTERNAL")
    assert _samples(counter) >= {
        ("POST", ACT, "404"),
        ("POST", OPEN, "500"),
        ("GET", "/v1/contracts", "500"),
    }
