"""Repeating: who gave no key can send the same again, also where nobody knows what became of it."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import PrivateKey
from collabbus.sdk import Mailroom, NotAccepted
from collabbus.sdk.letter import Letter
from collabbus.settings import KafkaSettings
from tests.gateway.conftest import HAIDIAN, Make, request_body


class Away(Mailroom):
    """A mailroom whose broker takes what is sent and acknowledges nothing."""

    has_room = True

    def __init__(self) -> None:
        super().__init__("beijing", KafkaSettings(), holder="a test")
        self.sent: list[str] = []

    def post(
        self, draft: sub.Draft, key: PrivateKey, timeout: float, *, awaited: bool = False
    ) -> Letter:
        self.sent.append(draft.submission_id)
        letter = Letter(draft, draft.SerializeToString(), 0, timeout, key, awaited)
        letter.future.set_exception(
            NotAccepted(draft.submission_id, draft.matter_id, draft.not_after_ms, timeout, "away")
        )
        return letter


class Noted:
    """A ledger that has the submission of one office."""

    def __init__(self, office: str) -> None:
        self._office = office

    async def event_of_submission(self, offices: list[str], office: str, submission: str) -> Any:
        if office != self._office or offices != [office]:
            return None
        return SimpleNamespace(matter_id="0" * 32, event_id="e", recorded_ms=1)


def test_who_may_not_ask_for_a_submission_cannot_tell_that_there_is_one(make, contracts_held):
    mailroom = Away()
    counter = make(mailroom)

    async def told(office: str, submission: str) -> tuple[int, str]:
        async with counter.client(office) as client:
            answer = await client.get(f"/v1/submissions/{submission}")
            return answer.status_code, answer.text

    async def story() -> None:
        mailroom._outcomes.begin(sub.Draft(submission_id="g-123456", office=HAIDIAN), b"x")
        assert await told("beijing/chaoyang", "g-123456") == await told(
            "beijing/chaoyang", "g-1" * 3
        )
        for office in (HAIDIAN, "beijing/provincial"):
            status, text = await told(office, "g-123456")
            assert (status, json.loads(text)["state"]) == (200, "pending")
        # After a restart the ledger tells the same offices, and no other.
        counter.gateway.ledger = Noted(HAIDIAN)
        assert (await told("beijing/chaoyang", "g-other-1"))[0] == 404
        for office in (HAIDIAN, "beijing/provincial"):
            status, text = await told(office, "g-other-1")
            assert (status, json.loads(text)["state"]) == (200, "recorded")

    asyncio.run(story())


def sending(make: Make, mailroom: Away, *headers: dict[str, str], **more: Any) -> list[Any]:
    async def story() -> list[Any]:
        async with make(mailroom).client() as client:
            answers = [await client.post("/v1/matters", json=request_body(**more))]
            for one in headers or [{"idempotency-key": answers[0].headers["idempotency-key"]}]:
                answers.append(
                    await client.post("/v1/matters", json=request_body(**more), headers=one)
                )
            return answers

    return asyncio.run(story())


def test_after_later_the_same_is_sent_again_under_the_key_that_was_made_up(make):
    mailroom = Away()
    first, again = sending(make, mailroom)
    assert (first.status_code, first.json()["code"]) == (503, "LATER")
    assert (again.status_code, again.json()["code"]) == (503, "LATER")
    assert first.json()["submissionId"] == again.json()["submissionId"]
    assert len(mailroom.sent) == 2
    assert len(set(mailroom.sent)) == 1


@pytest.mark.parametrize("key", ["case-17", '"case-17"'])
def test_a_problem_gives_back_the_key_that_was_given(make, key):
    wrong = sending(make, Away(), {"idempotency-key": key}, unknown=1)
    assert [one.status_code for one in wrong] == [422, 422]
    assert wrong[1].headers["idempotency-key"] == "case-17"
    assert wrong[0].headers["idempotency-key"] not in ("", "case-17")
