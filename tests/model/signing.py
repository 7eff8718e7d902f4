"""A small family for tests: a text that many sign on tracks of their own, or two agree on."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Any

import yaml
from google.protobuf.message import Message

from collab.v1 import body_pb2, common_pb2, verbs_pb2
from collab.v1 import consultation_pb2 as consultation
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model.contract import Contract, contract_hash
from collabbus.model.lifecycle import Lifecycle
from collabbus.model.thread import MAIN
from tests.model.neighbours import BINHAI, CONTRACTS, HAIDIAN, LANGFANG, Neighbours, jingjinji

TEXT = yaml.safe_load("""
family: consultation
zh: 会商
archive_after: 24 months
deadlines:
  opinion:
    zh: 提交意见期限
    within: 10 days
    at_most: 60 days
    default: {act: Acknowledged, with: {register_number: 缺省}, articles: [engineering]}
    articles: [engineering]
  draft: {zh: 起草期限, within: 90 days, articles: [engineering]}
opens:
  ConsultationConvened:
    zh: 召集会商
    to: convened
    circulates: gathering
    alone: gathering
    deadline: draft
    requires: [legal_basis, officer, body.topic]
    copies:
      - {region: beijing, when: proposal, roles: [REPORT, COPY_UP], articles: [001§15]}
    kinds:
      INSTRUMENT: {zh: 会签, rows: [69], articles: [engineering]}
    articles: [engineering]
main:
  states:
    convened: {zh: 已召集, awaits: executor, waits: requester}
    proposed: {zh: 已提出方案, awaits: requester, waits: executor}
    gathering: {zh: 征求意见中, awaits: requester, waits: requester}
    signing: {zh: 待签署, awaits: requester, waits: requester}
    in_force: {zh: 已生效, final: true}
    closed: {zh: 已结束, final: true}
  steps:
    DecisionProposed: {zh: 提出方案, from: [convened], to: proposed, proposes: true,
      articles: [engineering]}
    DecisionAgreed: {zh: 同意方案, from: [proposed], to: closed, agrees: true,
      articles: [engineering]}
    Drafted: {zh: 提出草案, from: [gathering, signing], to: signing, proposes: true,
      articles: [engineering]}
    InForce: {zh: 生效, from: [gathering, signing], to: in_force, gathers: true,
      articles: [engineering]}
    Closed: {zh: 结束, from: [gathering, signing], to: closed, articles: [engineering]}
track:
  begins: invited
  deadline: opinion
  states:
    invited: {zh: 已邀请, awaits: executor, waits: requester}
    attending: {zh: 确认参加, awaits: executor, waits: requester}
    signed: {zh: 已签署, awaits: executor, waits: requester}
    declined: {zh: 不参加, final: true}
  steps:
    Acknowledged: {zh: 确认参加, from: [invited], to: attending, articles: [engineering]}
    Signed: {zh: 签署, from: [invited, attending, signed], to: signed, agrees: true,
      articles: [engineering]}
    Declined: {zh: 不参加, from: [invited, attending], to: declined, articles: [engineering]}
  remarks:
    OpinionSubmitted: {zh: 意见, by: party, once: [sha256], articles: [engineering]}
""")


def hashed(version: str) -> bytes:
    """Give the content hash of a version of the text."""
    return sha256(version.encode()).digest()


@cache
def circulating() -> Contract:
    """Give a contract of assistance and this family, with the remarks that every family has."""
    common = yaml.safe_load((CONTRACTS / "remarks.yaml").read_text("utf-8"))
    raw: dict[str, Any] = dict(TEXT)
    for sort in ("main", "track"):
        own = TEXT[sort].get("remarks", {})
        raw[sort] = {**TEXT[sort], "remarks": {**own, **common["all"], **common[sort]}}
    now = jingjinji()
    lifecycles = {**now.lifecycles, "consultation": Lifecycle.model_validate(raw)}
    return Contract(
        network=now.network, lifecycles=lifecycles, hash=contract_hash(now.network, lifecycles)
    )


def draft(
    regions: Neighbours,
    office: str,
    matter: str,
    said: Message,
    thread: str = MAIN,
    **fields: object,
) -> sub.Draft:
    """Give an act in a matter of the family."""
    body = body_pb2.Body()
    for field in body.DESCRIPTOR.fields:
        if field.message_type is said.DESCRIPTOR:
            getattr(body, field.name).CopyFrom(said)
    return regions.draft(
        office,
        "Commented",
        matter,
        body=body,
        thread=thread,
        **{"family": ev.FAMILY_CONSULTATION, **fields},
    )


def says(
    regions: Neighbours,
    office: str,
    matter: str,
    said: Message,
    thread: str = MAIN,
    **fields: object,
) -> sub.Outcome:
    """Have an office act; it must be allowed."""
    outcome = regions.hand_in(draft(regions, office, matter, said, thread, **fields))
    assert not outcome.code, outcome
    return outcome


def code(
    regions: Neighbours,
    office: str,
    matter: str,
    said: Message,
    thread: str = MAIN,
    **fields: object,
) -> str:
    """Have an office act; give the code with which it is rejected."""
    return regions.hand_in(draft(regions, office, matter, said, thread, **fields)).code


def opening(
    regions: Neighbours, *recipients: str, office: str = HAIDIAN, proposal: str = "", **more: object
) -> sub.Draft:
    """Give a draft that convenes a consultation with these recipients."""
    said = consultation.ConsultationConvened(
        kind=consultation.CONSULTATION_KIND_INSTRUMENT,
        topic="协作意见",
        proposal=proposal,
        instrument=consultation.Instrument(
            form=consultation.INSTRUMENT_FORM_COUNTERSIGNED,
            title="协作意见",
            scope="区域协作",
            text_sha256=bytes(32),
            version="1",
            signatories=[HAIDIAN, BINHAI],
        ),
    )
    fields: dict[str, object] = {
        "participants": [ev.Participant(office=o, role=ev.ROLE_RECIPIENT) for o in recipients],
        "legal_basis": [ev.LegalBasis(instrument="《意见》", article="第十六条")],
    }
    return draft(regions, office, "", said, **{**fields, **more})


def convene(regions: Neighbours, *recipients: str, office: str = HAIDIAN, **more: object) -> str:
    """Open a consultation; give its matter's id."""
    outcome = regions.hand_in(opening(regions, *recipients, office=office, **more))
    assert not outcome.code, outcome
    return outcome.matter_id


def track(office: str) -> str:
    return f"track/{office}"


def drafted(version: str) -> consultation.Drafted:
    return consultation.Drafted(version=version, sha256=hashed(version), title="协作意见")


def signed(version: str) -> consultation.Signed:
    return consultation.Signed(version=version, sha256=hashed(version), signatory="王敏")


def in_force(version: str) -> consultation.InForce:
    return consultation.InForce(
        version=version, sha256=hashed(version), number="1号", date="2026-12-01"
    )


def guest(name: str) -> verbs_pb2.TrackOpened:
    kind = common_pb2.GuestKind.values()[1]
    return verbs_pb2.TrackOpened(guest=common_pb2.Guest(id=name, name="某企业", kind=kind))


RECIPIENTS = (BINHAI, LANGFANG)


def sound(regions: Neighbours) -> None:
    """See that no honest region quarantined, held or refused anything (invariants 4 and 8)."""
    for region in regions.nodes:
        assert regions.quarantined(region) == []
        assert regions.waiting(region) == []
        assert "Refused" not in regions.types(region)
