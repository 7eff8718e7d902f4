"""Hostile input on the real thing: quarantined or rejected with a code, counted, and life goes on.

Invariant 8, end to end; every kind of it by itself is in tests/model and tests/link.
"""

from __future__ import annotations

import os

import pytest

from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.installation import Installation
from collabbus.stage import KafkaStage
from tests.integration.records import (
    metric,
    opening,
    outcome,
    put,
    quarantined,
    records,
    signed,
    submit,
    until,
)

pytestmark = pytest.mark.kafka


def goes_through(installation: Installation, stage: KafkaStage) -> None:
    """The next good input goes through, to the other region."""
    draft = opening("good")
    [event_id] = stage.submit(draft)
    assert stage.await_event("tianjin", draft.matter_id, event_id)


def test_hostile_submissions_are_quarantined_with_a_code_and_the_next_good_one_goes_through(
    installation: Installation, stage: KafkaStage
) -> None:
    foreign = opening("foreign")
    unsigned, forged, stranger = opening("unsigned"), opening("forged"), opening("stranger")
    other = opening("other", office="tianjin/binhai", to="beijing/haidian")
    wrong = sub.Submission.FromString(signed(installation, forged))
    wrong.signature.signature = (
        bytes([wrong.signature.signature[0] ^ 1]) + (wrong.signature.signature[1:])
    )
    stranger.office = "beijing/nowhere"
    cases = {
        "FOREIGN_OFFICE": (foreign, signed(installation, foreign, by="beijing/chaoyang")),
        "UNKNOWN_KEY": (unsigned, sub.Submission(draft=unsigned.SerializeToString())),
        "BAD_SIGNATURE": (forged, wrong),
        "UNKNOWN_OFFICE": (stranger, signed(installation, stranger, by="beijing/haidian")),
        "UNREADABLE": (opening("noise"), os.urandom(1_000_000)),
    }
    for draft, record in cases.values():
        value = record if isinstance(record, bytes) else record.SerializeToString()
        submit(installation, draft, value)
    submit(installation, other, signed(installation, other))
    found = until(
        lambda: (
            (codes := {one.code for one in quarantined(installation, "beijing")}) >= set(cases)
            and codes
        )
    )
    assert found
    assert set(cases) <= found
    for code in cases:
        assert metric(installation, "beijing", "collabbus_quarantined_total", code=code) >= 1
    goes_through(installation, stage)


@pytest.mark.parametrize(
    ("name", "code", "field"),
    [
        ("missing", "MISSING_FIELD", "legal_basis"),
        ("party", "UNKNOWN_OFFICE", "participants"),
        ("state", "UNKNOWN_MATTER", "matter_id"),
    ],
)
def test_wrong_submissions_are_rejected_with_code_and_field(
    installation: Installation, stage: KafkaStage, name: str, code: str, field: str
) -> None:
    draft = opening(name)
    if name == "missing":
        del draft.legal_basis[:]
    elif name == "party":
        draft.participants[0].office = "tianjin/nowhere"
    else:
        draft.body.Clear()
        draft.body.received.SetInParent()
        del draft.participants[:]
    submit(installation, draft, signed(installation, draft))
    decided = until(lambda: outcome(installation, draft.submission_id))
    assert decided is not None
    assert (decided.decision, decided.code, decided.field) == (
        sub.DECISION_REJECTED, code, field,
    )  # fmt: skip
    goes_through(installation, stage)


def test_hostile_parcels_are_quarantined_with_a_code_and_the_next_good_one_goes_through(
    installation: Installation, stage: KafkaStage
) -> None:
    goes_through(installation, stage)
    link = "collab.beijing.to.tianjin"
    record = next(
        r for r in records(installation, link) if pb.Parcel.FromString(r.value or b"").sealed
    )
    good = pb.Parcel.FromString(record.value or b"")
    flipped, cut, foreign = pb.Parcel(), pb.Parcel(), pb.Parcel()
    flipped.CopyFrom(good)
    flipped.signed.signature = bytes([good.signed.signature[0] ^ 1]) + good.signed.signature[1:]
    cut.CopyFrom(good)
    cut.sealed = good.sealed[:-1]
    foreign.CopyFrom(good)
    header = pb.ParcelHeader.FromString(good.signed.header)
    header.sign_key_id = "hebei/sign/1"
    foreign.signed.header = header.SerializeToString()
    elsewhere = (record.partition + 1) % installation.shards
    put(installation, link, flipped.SerializeToString(), record.partition)
    put(installation, link, cut.SerializeToString(), record.partition)
    put(installation, link, foreign.SerializeToString(), record.partition)
    put(installation, link, good.SerializeToString(), elsewhere)
    put(installation, link, os.urandom(100_000), record.partition)
    put(installation, link, good.SerializeToString(), record.partition)  # replayed: harmless
    wanted = {"BAD_SIGNATURE", "UNKNOWN_KEY", "MISROUTED", "UNREADABLE"}
    found = until(
        lambda: (
            (codes := {one.code for one in quarantined(installation, "tianjin")}) >= wanted
            and codes
        )
    )
    assert found
    assert wanted <= found
    before = len(records(installation, "collab.tianjin.events"))
    goes_through(installation, stage)
    after = len(records(installation, "collab.tianjin.events"))
    assert after == before + 1, "the replayed parcel changed nothing"
