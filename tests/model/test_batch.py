"""Signing: the core takes every record of a batch, and none that was tampered with."""

from __future__ import annotations

import pytest

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import KeyDirectory, PrivateKey, PublicKey, Use
from collabbus.link.suite import Ed25519X25519
from collabbus.model.batch import LIMIT, Signatures, sign
from collabbus.model.rejection import Unauthentic


@pytest.fixture
def key():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = Ed25519PrivateKey.generate()
    private = PrivateKey("beijing/haidian/submit/1", Ed25519X25519.name, made.private_bytes_raw())
    public = PublicKey(
        private.id,
        "beijing/haidian",
        Use.SUBMIT,
        private.suite,
        made.public_key().public_bytes_raw(),
        0,
        10,
    )
    return private, Signatures(KeyDirectory([public]))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, LIMIT])
def test_each_record_of_a_batch_verifies_alone(key, size):
    private, seals = key
    drafts = [b"draft %d" % number for number in range(size)]
    records = [sub.Submission.FromString(record) for record in sign(drafts, private)]
    assert [record.draft for record in records] == drafts
    assert {seals.holder(record, 5) for record in records} == {"beijing/haidian"}
    assert max(len(record.signature.path) for record in records) <= 8


def test_a_draft_under_anothers_path_is_refused(key):
    private, seals = key
    first, second = (
        sub.Submission.FromString(one) for one in sign([b"a draft", b"another draft"], private)
    )
    first.signature.CopyFrom(second.signature)
    with pytest.raises(Unauthentic):
        seals.holder(first, 5)
