"""Hits (命中): what a shared model has found, and how often it was right (row 22; 000§14).

A version of a model is a matter, and its findings stand in the state of the main thread, each under
the event that said it. What follows is a function of the set of findings: no order of arrival and
no repeat changes a figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import datashare_pb2 as ds
from collab.v1 import event_pb2 as ev

_DIGEST = 16


@dataclass(frozen=True, slots=True)
class Figures:
    """How often a model has hit, and how often it was right."""

    hits: int = 0
    """Hits, each once by its id, whoever said it and however often."""
    answered: int = 0
    """Hits of which an outcome was fed back (反馈命中结果)."""
    confirmed: int = 0
    """Hits of which every outcome that stands says 查实: where two regions differ, it isn't."""
    clues: int = 0
    """Hits of which a clue came (分流办理)."""

    @property
    def precision(self) -> float | None:
        """查实率: confirmed hits, of those that were answered; None before the first answer."""
        return self.confirmed / self.answered if self.answered else None

    @property
    def hit_rate(self) -> float | None:
        """命中率: confirmed hits, of all; None before the first hit.

        It is counted from the outcomes, as the schema has it: a hit of which nothing came back
        hasn't hit yet. No event tells how many records a model has screened.
        """
        return self.confirmed / self.hits if self.hits else None

    @classmethod
    def total(cls, several: Iterable[Figures]) -> Self:
        """Give the figures of several models together."""
        found = list(several)
        return cls(
            sum(one.hits for one in found),
            sum(one.answered for one in found),
            sum(one.confirmed for one in found),
            sum(one.clues for one in found),
        )


def take(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    """Take what an event says of the thread's model; a second time changes nothing.

    In a thread that published no model, and of an act that says nothing of one, nothing happens.
    """
    found = _TAKES.get(envelope.type)
    if found is not None:
        found(thread, envelope, body)


def figures(model: st.Model) -> Figures:
    """Give a model's figures, as they stand after all corrections."""
    said: set[bytes] = set()
    outcomes: dict[bytes, dict[str, st.Finding]] = defaultdict(dict)
    corrections = [one for one in model.findings if one.corrects]
    for one in model.findings:
        if one.HasField("confirmed") and not one.corrects:
            earlier = outcomes[one.hit].get(one.origin)
            if earlier is None or earlier.number < one.number:
                outcomes[one.hit][one.origin] = one
        elif not one.corrects:
            said.add(one.hit)
    answers = {
        hit: [_corrected(one, corrections) for one in by_origin.values()]
        for hit, by_origin in outcomes.items()
        if hit in said
    }
    return Figures(
        hits=len(said),
        answered=len(answers),
        confirmed=sum(all(one.confirmed for one in told) for told in answers.values()),
        clues=sum(any(one.clue for one in told) for told in answers.values()),
    )


def picture(model: st.Model) -> tuple[object, ...]:
    """Give what all members of the thread must agree on."""
    return (
        (model.model_id, model.version, model.owner),
        tuple(sorted(one.SerializeToString(deterministic=True) for one in model.findings)),
    )


def _published(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    model = body.model_published
    if envelope.step.number == 1:
        thread.model.model_id, thread.model.version = model.model_id, model.version
        thread.model.owner = model.owner


def _hit(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    hit, model = body.model_hit, thread.model
    # A hit lives in its version's matter: one that names another model is said, and counts nowhere.
    if (hit.model_id, hit.version) == (model.model_id, model.version):
        _add(thread, envelope, st.Finding(hit=_digest(hit.hit_id)))


def _outcome(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    told = body.hit_outcome_recorded
    _add(
        thread,
        envelope,
        st.Finding(
            hit=_digest(told.hit_id), confirmed=_right(told), clue=bool(told.clue_matter_id)
        ),
    )


def _correction(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    corrected = body.corrected
    told = corrected.body.hit_outcome_recorded
    found = st.Finding(corrects=corrected.number)
    if not corrected.body.HasField("hit_outcome_recorded"):
        return
    if "outcome" in corrected.fields:
        found.confirmed = _right(told)
    if "clue_matter_id" in corrected.fields:
        found.clue = bool(told.clue_matter_id)
    if found.HasField("confirmed") or found.HasField("clue"):
        _add(thread, envelope, found)


def _voided(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body) -> None:
    """What its origin takes back was never said."""
    voided = body.voided.origin, body.voided.number
    for place, one in enumerate(thread.model.findings):
        if (one.origin, one.number) == voided:
            del thread.model.findings[place]
            return


def _add(thread: st.Thread, envelope: ev.Envelope, finding: st.Finding) -> None:
    if not thread.HasField("model") or any(
        (one.origin, one.number) == (envelope.origin, envelope.number)
        for one in thread.model.findings
    ):
        return
    finding.origin, finding.number = envelope.origin, envelope.number
    thread.model.findings.append(finding)


def _right(told: ds.HitOutcomeRecorded) -> bool:
    return told.outcome == ds.HIT_OUTCOME_TRUE_POSITIVE


def _digest(hit_id: str) -> bytes:
    return sha256(hit_id.encode()).digest()[:_DIGEST]


def _corrected(outcome: st.Finding, corrections: Iterable[st.Finding]) -> st.Finding:
    """Give an outcome as its origin's corrections leave it: of each field the latest stands."""
    stands = st.Finding.FromString(outcome.SerializeToString())
    mine = [one for one in corrections if one.origin == outcome.origin]
    for one in sorted(mine, key=lambda one: one.number):
        if one.corrects == outcome.number and one.HasField("confirmed"):
            stands.confirmed = one.confirmed
        if one.corrects == outcome.number and one.HasField("clue"):
            stands.clue = one.clue
    return stands


_TAKES: dict[str, Callable[[st.Thread, ev.Envelope, body_pb2.Body], None]] = {
    "ModelPublished": _published,
    "ModelHit": _hit,
    "HitOutcomeRecorded": _outcome,
    "Corrected": _correction,
    "Voided": _voided,
}
