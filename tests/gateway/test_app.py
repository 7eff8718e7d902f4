"""The application: what it answers to what can't be done, without any broker."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from collabbus.gateway.reasons import REASONS
from tests.gateway.conftest import BINHAI, HAIDIAN, Counter, Make, request_body

CLOSE = {"body": {"closed": {}}}


def ask(counter: Counter, method: str, path: str, **more: Any) -> httpx.Response:
    who = {name: more.pop(name) for name in ("office", "role") if name in more}

    async def asked() -> httpx.Response:
        async with counter.client(**who) as client:
            return await client.request(method, path, **more)

    return asyncio.run(asked())


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (response.status_code, response.json()["code"]) == (status, code), response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    found: dict[str, Any] = response.json()
    assert found["status"] == status == REASONS[code].status
    assert found["type"] == f"/v1/reason-codes/{code}"
    return found


@pytest.fixture(scope="module")
def counter(make: Make) -> Counter:
    return make(burst=1e6)


@pytest.mark.parametrize("path", ["/v1/matters", "/v1/events", "/v1/contracts", "/v1/webhooks"])
@pytest.mark.parametrize("header", [None, "", "Basic x", "Bearer ", "Bearer a.b.c", "Bearer é"])
def test_nothing_is_told_without_a_good_token(counter, path, header):
    headers = [(b"authorization", b"")] if header is None else []
    if header is not None:
        headers = [(b"authorization", header.encode("latin-1"))]
    response = ask(counter, "GET", path, headers=headers)
    problem(response, 401, "TOKEN")
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_every_wrong_field_is_told_at_once_with_its_place(counter):
    wrong = request_body(
        domain="FINANCE",
        participants=[{"office": "nowhere", "role": "ROLE_EXECUTOR"}, 5],
        submissionId="mine-00000001",
        body={"assistanceRequested": {"subject": 3, "kinds": "WITNESS"}},
    )
    found = problem(ask(counter, "POST", "/v1/matters", json=wrong), 422, "FIELDS")
    assert {one["pointer"] for one in found["errors"]} == {
        "/domain",
        "/participants/1",
        "/submissionId",
        "/body/assistanceRequested/subject",
        "/body/assistanceRequested/kinds",
    }
    ruled = request_body(legalBasis=[{"article": "第一条"}], body={"assistanceRequested": {}})
    found = problem(ask(counter, "POST", "/v1/matters", json=ruled), 422, "FIELDS")
    pointers = {one["pointer"] for one in found["errors"]}
    assert {"/legalBasis/0/instrument", "/body/assistanceRequested/kinds"} <= pointers


@pytest.mark.parametrize(
    ("content", "media", "status", "code"),
    [
        (b"{", "application/json", 400, "BAD_BODY"),
        (b'{"a": NaN}', "application/json", 400, "BAD_BODY"),
        (b"\xff\xfe{\0}\0", "application/json", 400, "BAD_BODY"),
        (b"[" * 100_000, "application/json", 400, "BAD_BODY"),
        (b"[]", "application/json", 422, "FIELDS"),
        (b"{}", "text/plain", 415, "UNSUPPORTED"),
        (b" " * 300_000, "application/json", 413, "TOO_LARGE"),
    ],
)
def test_what_is_no_request_is_told_so(counter, content, media, status, code):
    response = ask(counter, "POST", "/v1/matters", content=content, headers={"content-type": media})
    problem(response, status, code)


def test_a_reader_acts_for_nobody(counter):
    response = ask(counter, "POST", "/v1/matters", json=request_body(), role="reader")
    problem(response, 403, "FORBIDDEN")


def test_an_officer_acts_under_the_name_in_the_token_alone(counter):
    response = ask(counter, "POST", "/v1/matters", json=request_body(officer="别人"))
    problem(response, 403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("caller", "office", "code"),
    [
        (HAIDIAN, "beijing/provincial", "FOREIGN_OFFICE"),
        (HAIDIAN, BINHAI, "FOREIGN_OFFICE"),
        ("beijing/provincial", "beijing/nowhere", "UNKNOWN_OFFICE"),
        (BINHAI, BINHAI, "FOREIGN_OFFICE"),
    ],
)
def test_an_office_speaks_for_nobody_for_whom_the_contract_does_not_let_it(
    counter, caller, office, code
):
    body = request_body(office=office)
    response = ask(counter, "POST", "/v1/matters", json=body, office=caller)
    problem(response, REASONS[code].status, code)


def test_what_only_the_region_says_nobody_can_submit(counter):
    body = {"family": "FAMILY_ASSISTANCE", "body": {"voided": {"origin": "beijing", "number": 1}}}
    response = ask(counter, "POST", f"/v1/matters/{'0' * 32}/acts", json=body)
    problem(response, 422, "FIELDS")


def test_where_kafka_is_away_it_says_so_and_when_to_come_again(counter):
    response = ask(counter, "POST", "/v1/matters", json=request_body())
    problem(response, 503, "BUSY")
    assert int(response.headers["retry-after"]) >= 1


def test_without_a_ledger_nothing_can_be_read(counter):
    for path in ("/v1/matters", "/v1/events", "/v1/events/stream", f"/v1/matters/{'0' * 32}"):
        problem(ask(counter, "GET", path), 503, "NO_LEDGER")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/matters?limit=0",
        "/v1/matters?limit=x",
        "/v1/matters?state=%00",
        "/v1/matters?office=haidian",
        "/v1/matters/42",
        "/v1/events?type=%27",
    ],
)
def test_wrong_parameters_are_told_with_their_place(counter, path):
    assert problem(ask(counter, "GET", path), 422, "BAD_PARAMETER")["errors"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "键"])
def test_an_idempotency_key_is_visible_ascii(counter, key):
    headers = [(b"idempotency-key", key.encode()), (b"content-type", b"application/json")]
    content = json.dumps(request_body()).encode()
    response = ask(counter, "POST", "/v1/matters", content=content, headers=headers)
    problem(response, 422, "BAD_PARAMETER")


def test_an_office_that_sends_too_fast_is_told_when_it_may_go_on(make):
    counter = make(rate_per_s=0.5, burst=2)

    async def asked() -> list[httpx.Response]:
        async with counter.client() as client, counter.client("beijing/provincial") as other:
            mine = [await client.get("/v1/contracts") for _ in range(3)]
            return [*mine, await other.get("/v1/contracts")]

    *good, late, other = asyncio.run(asked())
    assert [one.status_code for one in good] == [200, 200]
    problem(late, 429, "RATE")
    assert int(late.headers["retry-after"]) == 2
    assert other.status_code == 200


def test_unknown_addresses_and_methods_are_problems_too(counter):
    problem(ask(counter, "GET", "/v1/nothing"), 404, "NOT_FOUND")
    response = ask(counter, "PUT", "/v1/matters")
    problem(response, 405, "METHOD")
    assert response.headers["allow"]


def test_what_fails_inside_is_told_without_saying_what(counter, monkeypatch):
    monkeypatch.setattr(counter.gateway.desk, "known", lambda caller: 1 / 0)
    found = problem(ask(counter, "GET", "/v1/contracts"), 500, "INTERNAL")
    assert "division" not in json.dumps(found)


def test_contracts_and_reason_codes_can_be_read(counter):
    listed = ask(counter, "GET", "/v1/contracts").json()["items"]
    assert [one["id"] for one in listed] == ["jingjinji"]
    held = counter.contracts.hash("jingjinji").hex()
    assert listed[0]["sha256"] == held
    whole = ask(counter, "GET", "/v1/contracts/jingjinji").json()
    assert whole["sha256"] == held
    assert "beijing" in whole["network"]["regions"]
    problem(ask(counter, "GET", "/v1/contracts/northwest"), 404, "NOT_FOUND")
    codes = ask(counter, "GET", "/v1/reason-codes").json()["items"]
    assert {one["code"] for one in codes} == set(REASONS)
    assert ask(counter, "GET", "/v1/reason-codes/STEP_OVER").json()["zh"]


def test_answers_are_counted_by_route_and_never_by_what_was_asked(counter):
    ask(counter, "GET", f"/v1/matters/{'a' * 32}")
    ask(counter, "BREW", "/v1/matters")
    assert {("GET", "/v1/matters/{matterId}", "503"), ("other", "/v1/matters", "405")} <= (
        _samples(counter)
    )
    assert {method for method, _, _ in _samples(counter)} <= {"GET", "POST", "PUT", "other"}


def _samples(counter: Counter) -> set[tuple[str, str, str]]:
    return {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"])
        for metric in counter.gateway.metrics.registry.collect()
        for sample in metric.samples
        if sample.name == "collabbus_gateway_requests_total"
    }


def test_the_document_is_openapi_with_the_messages_and_the_page_loads_nothing(counter):
    document = ask(counter, "GET", "/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    schemas = document["components"]["schemas"]
    assert "collab.v1.AssistanceRequested" in schemas
    assert "notAfterMs" not in schemas["Opening"]["properties"]
    page = ask(counter, "GET", "/docs").text
    assert "/v1/matters/{matterId}/acts" in page
    assert "<script" not in page
    assert "http" not in page.replace("https://json-schema.org", "").split("operations")[0]
