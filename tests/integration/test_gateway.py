"""The gateway before a living region: Kafka, a processor, a ledger, all processes of their own."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from collab.v1 import submission_pb2 as sub
from collabbus.gateway.issuing import issue, make_issuer
from collabbus.installation import Installation
from collabbus.ledger.database import Server
from collabbus.operate.kafka import Kafka
from collabbus.operate.process import attempts, free_ports
from tests.support import plain
from tests.support.waiting import until

pytestmark = pytest.mark.kafka

CONTRACTS = Path(__file__).parents[2] / "contracts"
REGION = "beijing"
PROVINCIAL, HAIDIAN, CHAOYANG = "beijing/provincial", "beijing/haidian", "beijing/chaoyang"
WAIT = {"prefer": "wait=5"}
MATTERS = 60
"""Opened while the gateway is killed."""

Client = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def installation(
    kafka: Kafka, tmp_path_factory: pytest.TempPathFactory, port: int, server: Server
) -> Iterator[Installation]:
    """One region alone, with ledger and gateway beside its processor."""
    found = Installation(
        kafka, tmp_path_factory.mktemp("region"), CONTRACTS, "jingjinji", regions=[REGION]
    )
    with found as running:
        make_issuer(running.folder / "issuer")
        environment = {
            **running.environment_of(REGION),
            "COLLABBUS_LEDGER_URL": server.url("entered"),
            "COLLABBUS_GATEWAY_PORT": str(port),
            "COLLABBUS_GATEWAY_JWKS": str(running.folder / "issuer" / "jwks.json"),
        }
        for name in ("ledger", "gateway"):
            running.supervisor.add(
                name,
                [sys.executable, "-m", "collabbus", "run", name],
                log=running.folder / f"{name}.log",
                env=environment,
            )
        until(lambda: _answers(port), 60, "the gateway's answer", pause=0.2)
        yield running


def _answers(port: int) -> bool:
    try:
        health = httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=5)
    except httpx.TransportError:
        return False
    return bool(health.json()["ledger"])


@pytest.fixture(scope="module")
def client(installation: Installation, port: int) -> Client:
    """Makes clients of the gateway with a token of an office's system."""

    def made(office: str) -> httpx.Client:
        token = issue(installation.folder / "issuer" / "issuer.json", office, "王敏", "system")
        return httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"authorization": f"Bearer {token}"},
            timeout=20,
            trust_env=False,
        )

    return made


def opening(to: str = CHAOYANG, **more: Any) -> dict[str, Any]:
    return {
        "network": "jingjinji",
        "participants": [{"office": to, "role": "ROLE_EXECUTOR"}],
        "legalBasis": [{"instrument": "《协作意见》", "article": "第十一条"}],
        "body": {
            "assistanceRequested": {"kinds": ["ASSISTANCE_KIND_WITNESS"], "subject": "证人李某"}
        },
        **more,
    }


def submissions(installation: Installation) -> list[sub.Submission]:
    topic = f"collab.{REGION}.submissions"
    records = plain.read(installation.broker_of(REGION).bootstrap, topic)
    return [sub.Submission.FromString(one.value or b"") for one in records]


def test_who_waits_is_told_what_the_region_decided(client: Client) -> None:
    with client(HAIDIAN) as one, client(CHAOYANG) as two:
        began = time.monotonic()
        opened = one.post("/v1/matters", json=opening(), headers=WAIT)
        assert opened.status_code == 201, opened.text
        assert time.monotonic() - began < 5
        assert opened.headers["preference-applied"] == "wait=5"
        told = opened.json()
        assert told["state"] == "recorded"
        where = f"/v1/matters/{told['matterId']}"
        assert opened.headers["location"] == where
        seen = until(lambda: _seen(two, where), 20, "the matter in the ledger", pause=0.1)
        assert seen["matterId"] == told["matterId"]
        events = two.get(f"{where}/events").json()["items"]
        assert [event["eventId"] for event in events] == told["eventIds"]
        # Rejected by the region, with its own code, to who waits and to who asks later.
        body = {"body": {"received": {}}}
        wrong = one.post(f"{where}/acts", json=body, headers=WAIT)
        assert (wrong.status_code, wrong.json()["code"]) == (409, "NOT_AWAITED"), wrong.text
        later = one.get(f"/v1/submissions/{wrong.json()['submissionId']}")
        assert later.json()["code"] == "NOT_AWAITED"
        right = two.post(f"{where}/acts", json=body, headers=WAIT)
        assert (right.status_code, right.json()["state"]) == (200, "recorded"), right.text


def _seen(client: httpx.Client, where: str) -> dict[str, Any]:
    found = client.get(where)
    return found.json() if found.status_code == 200 else {}


def test_who_acts_for_a_subordinate_is_recorded_as_that_office_and_signs_as_itself(
    installation: Installation, client: Client
) -> None:
    """The contract lets the provincial office act for those below it, and nobody else for anyone.

    Invariant 8.
    """
    with client(PROVINCIAL) as above, client(HAIDIAN) as below, client(CHAOYANG) as beside:
        body = opening(office=HAIDIAN, officer="赵强")
        opened = above.post("/v1/matters", json=body, headers=WAIT)
        assert opened.status_code == 201, opened.text
        matter = opened.json()["matterId"]
        where = f"/v1/matters/{matter}"
        until(lambda: _seen(below, where), 20, "the matter in the ledger", pause=0.1)
        [event] = below.get(f"{where}/events").json()["items"]
        assert (event["office"], event["officer"]) == (HAIDIAN, "赵强")
        # It takes part as Haidian, and reads as Haidian; the provincial office isn't of it.
        assert above.get(where).status_code == 404
        assert above.get(where, params={"office": HAIDIAN}).status_code == 200
        acted = above.post(
            f"{where}/acts",
            json={"office": CHAOYANG, "body": {"received": {}}, "family": "FAMILY_ASSISTANCE"},
            headers=WAIT,
        )
        assert acted.status_code == 200, acted.text
        signers = {
            draft.office: one.signature.key_id
            for one in submissions(installation)
            for draft in [sub.Draft.FromString(one.draft)]
            if draft.matter_id == matter
        }
        assert signers == dict.fromkeys((HAIDIAN, CHAOYANG), installation.office_key(PROVINCIAL).id)
        before = len([one for one in submissions(installation) if one.draft])
        for other, office in ((below, PROVINCIAL), (below, CHAOYANG), (beside, HAIDIAN)):
            refused = other.post("/v1/matters", json=opening(office=office), headers=WAIT)
            assert (refused.status_code, refused.json()["code"]) == (403, "FOREIGN_OFFICE")
            acts = {"office": office, "body": {"received": {}}}
            refused = other.post(f"{where}/acts", json=acts, headers=WAIT)
            assert (refused.status_code, refused.json()["code"]) == (403, "FOREIGN_OFFICE")
        assert len([one for one in submissions(installation) if one.draft]) == before


def test_a_stream_goes_on_after_the_gateway_was_killed_and_nothing_is_accepted_twice(
    installation: Installation, client: Client
) -> None:
    """Nothing is lost and nothing doubled, neither of what is said nor of what is told.

    Invariants 1 and 2, at the gateway.
    """
    supervisor = installation.supervisor
    last: Future[str] = Future()
    with client(HAIDIAN) as one, client(CHAOYANG) as reader, ThreadPoolExecutor(2) as pool:
        place = reader.get("/v1/events", params={"limit": 500}).json()["cursor"]
        following = pool.submit(_follow, client, place, last)
        matters: list[str] = []
        opening_all = pool.submit(_open_all, client, matters)
        for share in (MATTERS // 3, 2 * MATTERS // 3):
            starts = supervisor.starts("gateway")
            until(lambda wanted=share: len(matters) >= wanted, 60, f"{share} matters taken")
            supervisor.kill("gateway")
            assert supervisor.wait_starts("gateway", starts + 1)
        opening_all.result(120)
        assert len(set(matters)) == MATTERS
        until(lambda: len(_after(reader, place)) >= MATTERS, 60, "the ledger", pause=0.2)
        end = one.post("/v1/matters", json=opening(), headers=WAIT)
        last.set_result(end.json()["eventIds"][-1])
        streamed, broken = following.result(60)
        listed = _after(reader, place)
    assert broken >= 2
    assert streamed == [event["eventId"] for event in listed]
    assert len(streamed) == MATTERS + 1
    opened = [event["matterId"] for event in listed if event["type"] == "AssistanceRequested"]
    assert sorted(opened[:MATTERS]) == sorted(matters)


def _after(client: httpx.Client, place: str) -> list[dict[str, Any]]:
    found = client.get("/v1/events", params={"cursor": place, "limit": 500})
    items: list[dict[str, Any]] = found.json()["items"]
    return items


def _open_all(client: Client, matters: list[str]) -> None:
    """Open matters, each again with its key until it is taken; add them."""
    with client(HAIDIAN) as one:
        for number in range(MATTERS):
            headers = {"idempotency-key": f"killed-{number}"}
            for _ in attempts(60, 0.1):
                try:
                    taken = one.post("/v1/matters", json=opening(), headers=headers)
                except httpx.TransportError:
                    continue
                if taken.status_code == 202:
                    matters.append(taken.json()["matterId"])
                    break
                assert taken.status_code == 503, taken.text


def _follow(client: Client, place: str, last: Future[str]) -> tuple[list[str], int]:
    """Follow events from a place to the last, going on from the last id when the stream breaks.

    Gives the events, and how often it broke.
    """
    found: list[str] = []
    broken = 0
    with client(CHAOYANG) as reader:
        for _ in attempts(120, 0.2):
            headers = {"last-event-id": place}
            try:
                with reader.stream("GET", "/v1/events/stream", headers=headers) as response:
                    assert response.status_code == 200
                    given: dict[str, str] = {}
                    for line in response.iter_lines():
                        name, _, value = line.partition(": ")
                        given[name] = value
                        if not line:
                            # Before the empty line nothing has come.
                            if "data" in given:
                                found.append(json.loads(given["data"])["eventId"])
                            place = given.get("id", place)
                            given.clear()
                            if last.done() and last.result() in found:
                                return found, broken
            except httpx.TransportError:
                broken += 1
    raise AssertionError(f"the last event didn't come; {len(found)} events, {broken} breaks")
