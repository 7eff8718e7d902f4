"""A model hit opens a clue (模型命中移送线索): what a shared model finds goes to who is competent.

The hit is said in the matter of the model's version; the clue is a matter of its own, of which the
first one is told (`Linked`). Its id follows from model and hit (`once`), so the same hit opens no
second clue, whoever says it again. Weak hits are left to an officer.

    collabbus run handlers hit_opens_clue:handlers --office beijing/daxing --key FILE
"""

from __future__ import annotations

from collab.v1.clue_pb2 import CLUE_KIND_DATA_COLLISION, MATTER_TYPE_CLUE, DataCollision
from collab.v1.common_pb2 import SUBJECT_KIND_ENTERPRISE, ModelRef, Subject
from collab.v1.event_pb2 import LegalBasis
from collabbus.handlers import (
    ClueTransferred,
    DatashareMatter,
    Domain,
    Event,
    Handlers,
    ModelHit,
    on,
)

US, COMPETENT = "beijing/daxing", "hebei/langfang"
OFFICER = "赵文博"
SURE_PPM = 800_000
BASIS = LegalBasis(instrument="京检发〔2025〕108号", article="第十二条")


def suspect(hit: ModelHit) -> Subject:
    """Look up whom a hit is about; a real one asks the model's own database (查询比对结果)."""
    return Subject(kind=SUBJECT_KIND_ENTERPRISE, id=f"enterprise-of-{hit.hit_id}")


@on(ModelHit, office=US)
async def transfer(event: Event[ModelHit], matter: DatashareMatter) -> None:
    """Transfer what the model is sure of to the office where it happened."""
    hit = event.body
    if hit.score_ppm < SURE_PPM:
        return
    clue = ClueTransferred(
        kind=CLUE_KIND_DATA_COLLISION,
        matter_type=MATTER_TYPE_CLUE,
        summary=f"模型 {hit.model_id} {hit.version} 命中 {hit.hit_id}",
        subjects=[suspect(hit)],
        model=ModelRef(model_id=hit.model_id, version=hit.version, hit_id=hit.hit_id),
        data_collision=DataCollision(
            datasets=[hit.model_id], record_sha256=hit.record_sha256, score_ppm=hit.score_ppm
        ),
    )
    await matter.open_linked(
        clue,
        officer=OFFICER,
        to=COMPETENT,
        domain=Domain.BONDED_ZONE,
        once=f"{hit.model_id}/{hit.hit_id}",
        legal_basis=[BASIS],
    )


handlers = Handlers("model-hits", transfer)
