"""Agreement, after rule 8: a proposal with a hash, and what names this hash."""

from __future__ import annotations

import pytest

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import consultation_pb2 as consultation
from collab.v1 import event_pb2 as ev
from tests.model.neighbours import (
    BINHAI,
    HAIDIAN,
    LANGFANG,
    Neighbours,
    altered,
)
from tests.model.signing import (
    RECIPIENTS,
    circulating,
    code,
    convene,
    drafted,
    hashed,
    in_force,
    says,
    signed,
    sound,
    track,
)

BINHAIS, LANGFANGS = track(BINHAI), track(LANGFANG)


@pytest.fixture
def regions() -> Neighbours:
    """Beijing, Tianjin and Hebei, under a contract that has tracks."""
    return Neighbours(circulating())


@pytest.fixture
def circle(regions: Neighbours) -> str:
    """A consultation that Haidian hosts; Binhai and Langfang are invited, and know of it."""
    matter = convene(regions, *RECIPIENTS)
    regions.carry_all()
    return matter


# Agreement: gathered on the tracks, put in force by the lead alone -------------------------------


def test_what_all_have_signed_the_lead_puts_in_force(regions: Neighbours, circle: str) -> None:
    says(regions, HAIDIAN, circle, drafted("1"))
    regions.carry_all()
    assert code(regions, HAIDIAN, circle, in_force("1")) == "NOT_AGREED"
    says(regions, BINHAI, circle, signed("1"), BINHAIS)
    regions.carry_all()
    assert code(regions, HAIDIAN, circle, in_force("1")) == "NOT_AGREED"
    says(regions, LANGFANG, circle, signed("1"), LANGFANGS)
    regions.carry_all()
    assert code(regions, BINHAI, circle, in_force("1")) == "NOT_AWAITED"
    says(regions, HAIDIAN, circle, in_force("1"))
    regions.carry_all()
    for region in regions.nodes:
        main = regions.thread(region, circle)
        assert (main.step.state, main.agreed) == ("in_force", hashed("1"))
    assert regions.agree(circle)
    sound(regions)


def test_a_signature_on_a_version_that_was_replaced_counts_for_nothing(
    regions: Neighbours, circle: str
) -> None:
    """why.md 13: it crossed the new version; it is on record, and must be given anew."""
    says(regions, HAIDIAN, circle, drafted("1"))
    regions.carry_all()
    says(regions, LANGFANG, circle, signed("1"), LANGFANGS)
    regions.carry_all()
    says(regions, HAIDIAN, circle, drafted("2"))
    says(regions, BINHAI, circle, signed("1"), BINHAIS)
    regions.carry_all()
    sound(regions)
    assert regions.agree(circle, "beijing", "tianjin", thread=BINHAIS)
    assert code(regions, HAIDIAN, circle, in_force("1")) == "OTHER_VERSION"
    assert code(regions, HAIDIAN, circle, in_force("2")) == "NOT_AGREED"
    assert code(regions, BINHAI, circle, signed("1"), BINHAIS) == "OTHER_VERSION"
    for office in RECIPIENTS:
        says(regions, office, circle, signed("2"), track(office))
    regions.carry_all()
    says(regions, HAIDIAN, circle, in_force("2"))


def test_nothing_is_put_in_force_that_was_never_proposed(regions: Neighbours, circle: str) -> None:
    assert code(regions, HAIDIAN, circle, in_force("1")) == "OTHER_VERSION"
    assert code(regions, BINHAI, circle, signed("1"), BINHAIS) == "OTHER_VERSION"


def test_a_peer_cant_put_in_force_another_text_than_was_proposed(
    regions: Neighbours, circle: str
) -> None:
    """Invariant 8: what can be told without the tracks, every region checks for itself."""
    says(regions, HAIDIAN, circle, drafted("1"))
    regions.carry_all()
    for office in RECIPIENTS:
        says(regions, office, circle, signed("1"), track(office))
    regions.carry_all()
    says(regions, HAIDIAN, circle, in_force("1"))
    honest = next(e for e in regions.events("beijing") if b"InForce" in e.envelope)
    other = altered(honest, body_pb2.Body(in_force=in_force("2")))
    regions.forge("beijing", "tianjin", other)
    assert [f.code for f in regions.thread("tianjin", circle).freezes] == ["OTHER_VERSION"]


def test_with_two_neither_decides_alone(regions: Neighbours) -> None:
    """The other side agrees to what was proposed last, and names its hash."""
    asked = [ev.Participant(office=BINHAI, role=ev.ROLE_EXECUTOR)]
    matter = convene(regions, participants=asked)
    regions.carry_all()
    proposed = consultation.DecisionProposed(text="由海淀院管辖", sha256=hashed("1"))
    says(regions, BINHAI, matter, proposed)
    regions.carry_all()
    agreed = consultation.DecisionAgreed(sha256=hashed("1"))
    other = consultation.DecisionAgreed(sha256=hashed("2"))
    assert code(regions, BINHAI, matter, agreed) == "NOT_AWAITED"
    assert code(regions, HAIDIAN, matter, other) == "OTHER_VERSION"
    says(regions, HAIDIAN, matter, agreed)
    regions.carry_all()
    assert regions.thread("tianjin", matter).agreed == hashed("1")
    assert regions.agree(matter, "beijing", "tianjin")


def test_who_has_left_need_not_agree(regions: Neighbours, circle: str) -> None:
    """Else a co-signer that goes would keep the others from signing for ever."""
    says(regions, HAIDIAN, circle, drafted("1"))
    regions.carry_all()
    says(regions, BINHAI, circle, signed("1"), BINHAIS)
    says(regions, LANGFANG, circle, verbs_pb2.LeaveAsked())
    regions.carry_all()
    left = regions.thread("beijing", circle, LANGFANGS)
    assert left.ended == 1
    said = next(e for e in regions.events("beijing") if b"TrackEnded" in e.envelope)
    reason = body_pb2.Body.FromString(said.body).track_ended.reason
    assert reason == verbs_pb2.TRACK_END_REASON_LEFT
    says(regions, HAIDIAN, circle, in_force("1"))
    regions.carry_all()
    assert regions.agree(circle, "beijing", "tianjin")
    assert regions.agree(circle, "beijing", "hebei", thread=LANGFANGS)
    sound(regions)


def test_a_thing_that_may_exist_once_is_rejected_the_second_time(
    regions: Neighbours, circle: str
) -> None:
    """Only who says it itself is told so: what two say at once is one thing, everywhere alike."""
    opinion = consultation.OpinionSubmitted(
        position=consultation.Position.values()[1], text="同意", sha256=hashed("a")
    )
    says(regions, HAIDIAN, circle, opinion, BINHAIS)
    says(regions, BINHAI, circle, opinion, BINHAIS)
    regions.carry_all()
    sound(regions)
    assert regions.agree(circle, "beijing", "tianjin", thread=BINHAIS)
    assert code(regions, BINHAI, circle, opinion, BINHAIS) == "DUPLICATE"
    opinion.sha256 = hashed("b")
    says(regions, BINHAI, circle, opinion, BINHAIS)
