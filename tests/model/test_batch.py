from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import KeyDirectory, Use
from collabbus.link.suite import SUITES
from collabbus.model.batch import LIMIT, Signatures, sign
from collabbus.model.rejection import Unauthentic
from tests.link.border import EXPIRES_MS, NOW_MS, make_key
from tests.link.border import SUITES as NAMES


def office(suite: str) -> tuple[object, Signatures]:
    private, public = make_key(suite, Use.SUBMIT, "beijing/haidian", 1)
    return private, Signatures(KeyDirectory([public]))


@settings(max_examples=30)
@given(some.sampled_from(NAMES), some.lists(some.binary(max_size=9), min_size=1, max_size=40))
def test_each_draft_of_a_batch_can_be_verified_alone(suite: str, drafts: list[bytes]) -> None:
    private, _ = office(suite)
    for draft, record in zip(drafts, sign(drafts, private), strict=True):
        submission = sub.Submission.FromString(record)
        assert submission.draft == draft
        _, fresh = office(suite)
        assert fresh.holder(submission, NOW_MS) == "beijing/haidian"
        submission.draft += b"!"
        with pytest.raises(Unauthentic) as caught:
            fresh.holder(submission, NOW_MS)
        assert caught.value.reason_code == "BAD_SIGNATURE"


@pytest.mark.parametrize("suite", NAMES)
def test_one_signature_over_many_drafts_is_verified_once(
    suite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, signatures = office(suite)
    count = 0
    real = SUITES[suite].verify

    def counted(public: bytes, message: bytes, signature: bytes) -> bool:
        nonlocal count
        count += 1
        return real(public, message, signature)

    monkeypatch.setattr(SUITES[suite], "verify", counted)
    for record in sign([b"%d" % number for number in range(LIMIT)], private):
        submission = sub.Submission.FromString(record)
        assert len(submission.signature.path) <= 8
        signatures.holder(submission, NOW_MS)
    assert count == 1


@pytest.mark.parametrize("suite", NAMES)
def test_a_batch_verified_while_its_key_was_valid_is_no_pass_for_later(suite: str) -> None:
    private, signatures = office(suite)
    one, two = (sub.Submission.FromString(record) for record in sign([b"one", b"two"], private))
    assert signatures.holder(one, EXPIRES_MS - 1)
    with pytest.raises(Unauthentic) as caught:
        signatures.holder(two, EXPIRES_MS)
    assert caught.value.reason_code == "UNKNOWN_KEY"


@pytest.mark.parametrize("suite", NAMES)
def test_what_is_remembered_of_signatures_is_bounded(
    suite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, signatures = office(suite)
    monkeypatch.setattr(Signatures, "LIMIT", 3)
    for number in range(9):
        [record] = sign([b"%d" % number], private)
        signatures.holder(sub.Submission.FromString(record), NOW_MS)
    assert len(signatures._good) == 3
