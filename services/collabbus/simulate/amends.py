"""Amends: reports that come in rounds, and what offices say later to put right what counts.

What is drawn here comes of the submission's id alone, so that nothing else of a seed changes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from collab.v1 import body_pb2
from collab.v1 import datashare_pb2 as ds
from collab.v1 import submission_pb2 as sub
from collabbus.model.body import type_of
from collabbus.model.thread import region_of
from collabbus.simulate.node import Logged

_SERIES = ("restoration", "campaign")
_PERSONS = ("p1", "p2", "p3")
_OUTCOMES = (ds.HIT_OUTCOME_TRUE_POSITIVE, ds.HIT_OUTCOME_FALSE_POSITIVE)


def report(body: body_pb2.Body, seed: str) -> None:
    """Have progress be told in rounds: of few series, in figures that change."""
    rnd = random.Random(f"report {seed}")
    told = body.progressed.report
    told.key = rnd.choice(_SERIES)
    told.area_m2 = rnd.randint(0, 3)
    told.persons[:] = rnd.sample(_PERSONS, rnd.randint(0, len(_PERSONS)))


def amend(draft: sub.Draft, log: Sequence[Logged]) -> None:
    """Have a comment or a correction say something of a model, or put right what its region said.

    It stays as it is where there is neither.
    """
    if type_of(draft.body) not in ("Commented", "Corrected"):
        return
    rnd = random.Random(f"amend {draft.submission_id}")
    place = draft.matter_id, draft.thread
    thread = [one for one in log if (one.envelope.matter_id, one.envelope.thread) == place]
    said = [
        record
        for record in thread
        if record.envelope.type in ("Progressed", "HitOutcomeRecorded")
        and record.envelope.origin == region_of(draft.office)
    ]
    if thread and thread[0].envelope.type == "ModelPublished" and rnd.random() < 0.6:
        draft.body.CopyFrom(_found(thread[0], rnd))
    elif said and rnd.random() < 0.8:
        draft.body.CopyFrom(_put_right(rnd.choice(said), rnd, draft))


def _found(opening: Logged, rnd: random.Random) -> body_pb2.Body:
    """Give a hit of few, or whether one was right."""
    model = body_pb2.Body.FromString(opening.event.body).model_published
    hit_id = f"same-{rnd.randint(1, 3):07}"
    if rnd.random() < 0.5:
        hit = ds.ModelHit(model_id=model.model_id, version=model.version, hit_id=hit_id)
        hit.record_sha256.append(rnd.randbytes(32))
        return body_pb2.Body(model_hit=hit)
    told = ds.HitOutcomeRecorded(hit_id=hit_id, outcome=rnd.choice(_OUTCOMES))
    return body_pb2.Body(hit_outcome_recorded=told)


def _put_right(record: Logged, rnd: random.Random, draft: sub.Draft) -> body_pb2.Body:
    read = body_pb2.Body.FromString(record.event.body)
    fields = ["report"]
    if read.HasField("progressed"):
        report(read, draft.submission_id)
    else:
        told = read.hit_outcome_recorded
        fields = [rnd.choice(("outcome", "clue_matter_id"))]
        told.outcome = rnd.choice(_OUTCOMES)
        told.clue_matter_id = rnd.choice(("", draft.matter_id))
    corrected = body_pb2.Corrected(
        number=record.envelope.number, fields=fields, reason="更正", body=read
    )
    return body_pb2.Body(corrected=corrected)
