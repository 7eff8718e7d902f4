"""What the tests of the kit say: openings that every contract takes."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from collab.v1 import assistance_pb2 as assistance
from collab.v1 import notification_pb2 as notification
from collab.v1 import verbs_pb2 as verbs
from collab.v1.event_pb2 import LegalBasis
from collabbus.testing import Alliance, MatterView

HAIDIAN, BINHAI = "beijing/haidian", "tianjin/binhai"
BASIS = LegalBasis(instrument="《关于加强区域检察协作的意见》", article="第十一条")


class Stated(TypedDict):
    officer: str
    legal_basis: list[LegalBasis]


STATED = Stated(officer="王敏", legal_basis=[BASIS])


def witness() -> assistance.AssistanceRequested:
    return assistance.AssistanceRequested(
        kinds=[assistance.ASSISTANCE_KIND_WITNESS], subject="证人赵某"
    )


def accepted(day: date) -> verbs.Accepted:
    return verbs.Accepted(officer="李静", venue="第一询问室", date=day.isoformat())


def asked(alliance: Alliance, to: str = BINHAI) -> MatterView:
    """Have Haidian ask for assistance."""
    return alliance.office(HAIDIAN).open(witness(), to=to, **STATED)


def told(alliance: Alliance, *offices: str) -> MatterView:
    """Have Haidian tell others of a decision, each on a track."""
    body = notification.CaseNotified(
        kind=notification.NOTIFICATION_KIND_TYPICAL_CASE, title="某生态修复案", text="要旨"
    )
    body.typical_case.facts = "案情"
    body.typical_case.significance.append(notification.SIGNIFICANCE_LEGAL)
    return alliance.office(HAIDIAN).open(body, recipients=offices, **STATED)
