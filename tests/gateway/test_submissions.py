"""Submissions through a gateway, on real Kafka: accepted once, decided once, told to who asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.gateway.conftest import Counter, opening

pytestmark = pytest.mark.kafka


@asynccontextmanager
async def clients(counter: Counter, *offices: str) -> AsyncIterator[tuple[httpx.AsyncClient, ...]]:
    from contextlib import AsyncExitStack

    async with AsyncExitStack() as stack:
        yield tuple([await stack.enter_async_context(counter.client(office)) for office in offices])


def run(asked: Awaitable[Any]) -> Any:
    async def whole() -> Any:
        return await asked

    return asyncio.run(whole())


WAIT = {"prefer": "wait=10"}


def test_a_request_is_accepted_decided_and_answered_through_http_alone(counter, member):
    async def story() -> None:
        async with clients(counter, member.one, member.two) as (one, two):
            accepted = await one.post("/v1/matters", json=opening(member))
            assert accepted.status_code == 202, accepted.text
            matter = accepted.json()["matterId"]
            where = accepted.headers["location"]
            decided = await one.get(where, headers=WAIT)
            assert decided.json()["state"] == "recorded"
            assert decided.json()["matterId"] == matter
            assert (await two.get(where)).status_code == 404  # it isn't theirs

            acts = f"/v1/matters/{matter}/acts"
            said = {"body": {"accepted": {"officer": "李强", "venue": "第一讯问室"}}}
            taken = await two.post(acts, json={"body": {"received": {}}}, headers=WAIT)
            assert taken.status_code == 200, taken.text
            assert taken.json()["state"] == "recorded"
            assert taken.headers["location"] == f"/v1/matters/{matter}"
            wrong = await one.post(acts, json=said, headers=WAIT)
            assert wrong.headers["content-type"].startswith("application/problem+json")
            assert (wrong.status_code, wrong.json()["code"]) == (409, "NOT_AWAITED"), wrong.text
            assert wrong.json()["submissionId"]
            again = await one.get(f"/v1/submissions/{wrong.json()['submissionId']}")
            assert again.json()["code"] == "NOT_AWAITED"

    run(story())


def test_the_same_key_is_one_effect_however_often_and_through_whichever_gateway(
    open_counter, counter, member
):
    other = open_counter()

    async def story() -> None:
        headers = {"idempotency-key": "case-2026-17", **WAIT}
        async with counter.client(member.one) as here, other.client(member.one) as there:
            first, again, elsewhere = await asyncio.gather(
                here.post("/v1/matters", json=opening(member), headers=headers),
                here.post("/v1/matters", json=opening(member), headers=headers),
                there.post(
                    "/v1/matters",
                    json=opening(member),
                    headers={**headers, "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"},
                ),
            )
            assert {one.status_code for one in (first, again, elsewhere)} == {201}
            assert len({one.text for one in (first, again, elsewhere)}) == 1
            changed = opening(member, caseNumber="2")
            conflict = await here.post("/v1/matters", json=changed, headers=headers)
            assert (conflict.status_code, conflict.json()["code"]) == (422, "KEY_CONFLICT")
            # A gateway that has never seen the key lets the region find it out.
            third = open_counter()
            async with third.client(member.one) as fresh:
                reused = await fresh.post("/v1/matters", json=changed, headers=headers)
                assert (reused.status_code, reused.json()["code"]) == (409, "ID_REUSED")
            matter = first.json()["matterId"]
        events = [one for one in member.read("events") if one.key == matter.encode()]
        assert len(events) == 1

    run(story())


def test_another_office_with_the_same_key_has_an_effect_of_its_own(counter, member):
    async def story() -> None:
        headers = {"idempotency-key": "shared-key", **WAIT}
        async with clients(counter, member.one, f"{member.name}/provincial") as (one, above):
            mine = await one.post("/v1/matters", json=opening(member), headers=headers)
            theirs = await above.post("/v1/matters", json=opening(member), headers=headers)
            assert {mine.status_code, theirs.status_code} == {201}
            assert mine.json()["matterId"] != theirs.json()["matterId"]

    run(story())


def test_a_key_that_was_made_up_comes_back_so_that_the_caller_can_repeat(counter, member):
    async def story() -> None:
        async with counter.client(member.one) as client:
            first = await client.post("/v1/matters", json=opening(member))
            key = first.headers["idempotency-key"]
            again = await client.post(
                "/v1/matters", json=opening(member), headers={"idempotency-key": key}
            )
            assert again.json()["matterId"] == first.json()["matterId"]

    run(story())


def test_an_act_in_a_matter_that_nobody_knows_is_told_so(counter, member):
    async def story() -> None:
        async with counter.client(member.one) as client:
            acts = f"/v1/matters/{'0' * 32}/acts"
            unknown = await client.post(acts, json={"body": {"received": {}}})
            assert (unknown.status_code, unknown.json()["code"]) == (404, "UNKNOWN_MATTER")
            said = {"family": "FAMILY_ASSISTANCE", "body": {"received": {}}}
            decided = await client.post(acts, json=said, headers=WAIT)
            assert (decided.status_code, decided.json()["code"]) == (404, "UNKNOWN_MATTER")
            nothing = await client.get("/v1/submissions/g0000000000")
            assert (nothing.status_code, nothing.json()["code"]) == (404, "NO_ANSWER_YET")

    run(story())


def test_many_offices_share_one_connection_and_each_is_signed_for_with_its_own_key(counter, member):
    from collab.v1 import submission_pb2 as sub
    from collabbus.keyring import load_office_key

    async def story() -> list[str]:
        async with clients(counter, member.one, member.two) as pair:
            answers = await asyncio.gather(
                *(
                    pair[number % 2].post(
                        "/v1/matters",
                        headers=WAIT,
                        json=opening(
                            member,
                            participants=[
                                {
                                    "office": (member.two, member.one)[number % 2],
                                    "role": "ROLE_EXECUTOR",
                                }
                            ],
                        ),
                    )
                    for number in range(40)
                )
            )
            assert {one.status_code for one in answers} == {201}
            return [one.json()["submissionId"] for one in answers]

    ids = set(run(story()))
    signed = {}
    for record in member.read("submissions"):
        submission = sub.Submission.FromString(record.value)
        draft = sub.Draft.FromString(submission.draft)
        if draft.submission_id in ids:
            signed[draft.submission_id] = (draft.office, submission.signature.key_id)
    keys = {office: load_office_key(member.keys, office).id for office in (member.one, member.two)}
    assert len(signed) == 40
    assert set(signed.values()) == set(keys.items())


def test_nobody_acts_for_a_subordinate_where_the_contract_does_not_say_so(counter, member):
    above = f"{member.name}/provincial"
    assert member.contract.network.is_superior(above, member.one)

    async def story() -> None:
        before = len(member.read("submissions"))
        async with counter.client(above, role="system") as client:
            body = opening(member, office=member.one, officer="赵强")
            refused = await client.post("/v1/matters", json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "FOREIGN_OFFICE")
            acts = f"/v1/matters/{'0' * 32}/acts"
            said = {"office": member.one, "family": "FAMILY_ASSISTANCE", "body": {"received": {}}}
            refused = await client.post(acts, json=said)
            assert (refused.status_code, refused.json()["code"]) == (403, "FOREIGN_OFFICE")
            asked = await client.get("/v1/matters", params={"office": member.one})
            assert asked.status_code in (403, 503)
        assert len(member.read("submissions")) == before

    run(story())
