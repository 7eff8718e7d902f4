"""The example that transfers a model's hits as clues."""

from __future__ import annotations

import asyncio
from hashlib import sha256

import pytest

from collab.v1 import datashare_pb2 as datashare
from collab.v1.event_pb2 import LegalBasis
from collabbus.handlers import ClueTransferred, ModelHit, ModelPublished
from collabbus.sdk import Rejected
from collabbus.testing import Alliance, MatterView
from examples.hit_opens_clue import US, handlers


def published(alliance: Alliance) -> MatterView:
    body = ModelPublished(
        kind=datashare.DATASHARE_KIND_SUPERVISION_MODEL,
        model_id="bonded-zone-fuel",
        version="1.2",
        owner="beijing/provincial",
        title="综合保税区免税油品去向比对",
        purpose="发现倒卖线索",
        inputs=[datashare.ModelInput(dataset_id="gate", version="1")],
        schema_sha256=sha256(b"schema").digest(),
    )
    return alliance.office("beijing/provincial").open(
        body,
        recipients=[US],
        once="bonded-zone-fuel/1.2",
        officer="董洁",
        legal_basis=[LegalBasis(instrument="京检发〔2025〕108号", article="第十四条")],
    )


def hit(number: int, score_ppm: int) -> ModelHit:
    return ModelHit(
        model_id="bonded-zone-fuel",
        version="1.2",
        hit_id=f"hit-{number}",
        score_ppm=score_ppm,
        record_sha256=[sha256(str(number).encode()).digest()],
    )


def test_a_sure_hit_opens_one_clue_and_its_model_is_told() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=US)
    alliance.partner("hebei/langfang", {"received": None})
    model = published(alliance)
    asyncio.run(alliance.settle())
    alliance.office(US).act(model.id, hit(7, 913_000), officer="赵文博")
    asyncio.run(alliance.settle())
    alliance.redeliver()
    asyncio.run(alliance.settle())
    alliance.assert_nothing_parked()
    seen = alliance.assert_recorded(ClueTransferred, region="hebei", times=1)
    assert seen.body.clue_transferred.model.hit_id == "hit-7"
    [clue] = model.linked
    assert clue.id == seen.envelope.matter_id
    alliance.assert_state(clue, "received", awaits="hebei/langfang")


def test_a_weak_hit_is_left_to_an_officer() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=US)
    model = published(alliance)
    asyncio.run(alliance.settle())
    alliance.office(US).act(model.id, hit(8, 500_000), officer="赵文博")
    asyncio.run(alliance.settle())
    alliance.assert_not_recorded(ClueTransferred)
    alliance.assert_answers()


def test_the_same_hit_opens_no_second_clue() -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=US)
    model = published(alliance)
    asyncio.run(alliance.settle())
    office = alliance.office(US)
    office.act(model.id, hit(7, 913_000), officer="赵文博")
    with pytest.raises(Rejected, match="DUPLICATE"):
        office.act(model.id, hit(7, 913_000), officer="赵文博")
    asyncio.run(alliance.settle())
    alliance.assert_recorded(ClueTransferred, region="beijing", times=1)
