"""Drafts: the same arguments make the same bytes, and what can't be said isn't sent."""

from __future__ import annotations

import pytest

from collab.v1 import event_pb2 as ev
from collab.v1 import verbs_pb2 as verbs
from collabbus.model.batch import MAX_SUBMISSION
from collabbus.model.deadline import DAY_MS
from collabbus.sdk import DraftInvalid, new_submission_id
from collabbus.sdk import draft as drafts

HAIDIAN = "beijing/haidian"


def test_the_same_arguments_make_the_same_bytes(body):
    submission_id = new_submission_id()

    def make() -> bytes:
        draft = drafts.opening(
            HAIDIAN,
            drafts.wrap(body),
            "jingjinji",
            {"officer": "王敏", "to": "tianjin/binhai", "submission_id": submission_id},
        )
        return drafts.serialized(draft)

    assert make() == make()


def test_an_own_id_tells_until_when_it_is_valid():
    submission_id = f"s{1_793_000_000_000:012x}-{'0' * 20}"
    assert drafts.default_not_after(submission_id) == 1_793_000_000_000 + 30 * DAY_MS
    # Any other gets the end of a day in China.
    assert (drafts.default_not_after("case-2026-1") + 8 * 3_600_000) % DAY_MS == 0


def test_who_is_asked_is_the_executor(body):
    draft = drafts.opening(
        HAIDIAN,
        drafts.wrap(body),
        "jingjinji",
        {"officer": "王敏", "to": "tianjin/binhai", "recipients": ["hebei/xiongan"]},
    )
    assert [(one.office, one.role) for one in draft.participants] == [
        ("tianjin/binhai", ev.ROLE_EXECUTOR),
        ("hebei/xiongan", ev.ROLE_RECIPIENT),
    ]
    assert draft.family == ev.FAMILY_ASSISTANCE


def test_what_makes_a_matter_the_same_gives_its_id(body):
    def made(submission_id: str, once: str) -> str:
        details = {"officer": "王敏", "to": "a/b", "submission_id": submission_id, "once": once}
        return drafts.opening(HAIDIAN, drafts.wrap(body), "n", details).matter_id

    assert made("first-one", "model-7/9f") == made("second-one", "model-7/9f")
    assert made("first-one", "") != made("second-one", "")


def test_an_empty_message_is_said_all_the_same():
    assert drafts.wrap(verbs.Received()).WhichOneof("kind") == "received"


def test_what_is_no_body_is_refused():
    with pytest.raises(DraftInvalid, match=r"collab\.v1\.LegalBasis is no body"):
        drafts.wrap(ev.LegalBasis(instrument="x"))


def test_what_opens_no_matter_is_refused():
    with pytest.raises(DraftInvalid, match="opens no matter"):
        drafts.opening(
            HAIDIAN, drafts.wrap(verbs.Received()), "n", {"officer": "王敏", "to": "a/b"}
        )


def test_a_draft_that_no_region_takes_is_not_sent(body):
    body.note = "长" * MAX_SUBMISSION
    draft = drafts.opening(HAIDIAN, drafts.wrap(body), "n", {"officer": "王敏", "to": "a/b"})
    with pytest.raises(DraftInvalid, match="the limit is"):
        drafts.serialized(draft)
