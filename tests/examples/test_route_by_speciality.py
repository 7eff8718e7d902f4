"""The example that routes clues by speciality."""

from __future__ import annotations

import asyncio

import pytest

from collab.v1 import clue_pb2 as clue
from collab.v1 import event_pb2 as ev
from collab.v1.common_pb2 import SUBJECT_KIND_ENTERPRISE, Subject
from collabbus.handlers import Assigned, ClueTransferred, Received
from collabbus.testing import Alliance, MatterView
from examples.route_by_speciality import handlers

DESK = "beijing/provincial"


def transferred(alliance: Alliance, domain: ev.Domain, to: str = DESK) -> MatterView:
    body = ClueTransferred(
        kind=clue.CLUE_KIND_SUPERVISION,
        matter_type=clue.MATTER_TYPE_CLUE,
        summary="某公司线索",
        subjects=[Subject(kind=SUBJECT_KIND_ENTERPRISE, id="911100000000000000")],
    )
    basis = ev.LegalBasis(instrument="京检发〔2025〕108号", article="第十二条")
    return alliance.office("tianjin/binhai").open(
        body, to=to, domain=domain, officer="李静", legal_basis=[basis]
    )


@pytest.mark.parametrize(
    ("domain", "office"),
    [(ev.DOMAIN_FINANCE, "beijing/branch-4"), (ev.DOMAIN_SMART_MFG, "beijing/daxing")],
)
def test_a_clue_goes_to_the_office_that_knows_its_field(domain: ev.Domain, office: str) -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=DESK)
    matter = transferred(alliance, domain)
    asyncio.run(alliance.settle())
    alliance.assert_nothing_parked()
    alliance.assert_state(matter, "transferred", awaits=office)
    alliance.assert_answers(Assigned, matter=matter)


def test_what_nobody_specialises_in_is_registered() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=DESK)
    matter = transferred(alliance, ev.DOMAIN_RELICS)
    asyncio.run(alliance.settle())
    alliance.assert_state(matter, "received", awaits=DESK)
    alliance.assert_answers(Received, matter=matter)


def test_a_clue_that_comes_again_is_handed_down_once() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=DESK)
    transferred(alliance, ev.DOMAIN_FINANCE)
    asyncio.run(alliance.settle())
    alliance.redeliver()
    asyncio.run(alliance.settle())
    alliance.assert_nothing_parked()
    alliance.assert_recorded(Assigned, region="beijing", times=1)
