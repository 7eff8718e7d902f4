"""The example that acknowledges notices."""

from __future__ import annotations

import asyncio

from collab.v1 import notification_pb2 as notification
from collab.v1.event_pb2 import LegalBasis
from collabbus.handlers import Acknowledged, CaseNotified
from collabbus.testing import Alliance
from examples.acknowledge_notices import handlers
from tests.testing.stories import BINHAI, HAIDIAN, told


def test_a_notice_to_several_is_acknowledged_on_our_track_alone() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=BINHAI)
    matter = told(alliance, BINHAI, "hebei/provincial")
    asyncio.run(alliance.settle())
    alliance.assert_nothing_parked()
    assert matter.track(BINHAI).state == "acknowledged"
    assert matter.track("hebei/provincial").state == "notified"
    seen = alliance.assert_recorded(Acknowledged, region="beijing", times=1)
    assert seen.body.acknowledged.register_number.startswith("通报-2026-")


def test_a_notice_to_us_alone_is_acknowledged_in_the_main_thread() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=BINHAI)
    body = CaseNotified(
        kind=notification.NOTIFICATION_KIND_DOCUMENT_ISSUED, title="关于印发意见的通知", text="全文"
    )
    matter = alliance.office(HAIDIAN).open(
        body, to=BINHAI, officer="王敏", legal_basis=[LegalBasis(instrument="《意见》")]
    )
    asyncio.run(alliance.settle())
    alliance.assert_nothing_parked()
    alliance.assert_state(matter, "acknowledged")
    alliance.assert_answers(Acknowledged, matter=matter, handler="told-alone")


def test_a_notice_that_comes_again_is_acknowledged_once() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=BINHAI)
    told(alliance, BINHAI)
    asyncio.run(alliance.settle())
    alliance.redeliver()
    asyncio.run(alliance.settle())
    alliance.assert_recorded(Acknowledged, region="tianjin", times=1)
