"""Drafting: from an act of a scenario to the draft that its office's system submits."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model.deadline import DAY_MS, day_of
from collabbus.simulate.content import body_of, written
from collabbus.simulate.scenario import Act, thread_name

VALID_DAYS = 30


def draft_of(
    act: Act, matters: Mapping[str, str], known: Mapping[str, str], now_ms: int
) -> sub.Draft:
    """Give what an act submits; whoever plays it adds submission id, network and family.

    `matters` are the ids of the story's matters by label, `known` the last event of each that the
    actor's region knows.
    """

    def value(word: str, rest: str) -> str:
        if word == "day":
            return (day_of(now_ms) + timedelta(days=int(rest))).isoformat()
        if word == "matter":
            return matters[rest]
        if word == "event":
            return known[rest]
        return base64.b64encode(sha256(rest.encode()).digest()).decode()

    draft = sub.Draft(
        matter_id=matters[act.in_],
        thread=thread_name(act.thread),
        office=act.by,
        officer=act.officer,
        not_after_ms=now_ms + VALID_DAYS * DAY_MS,
        participants=_participants(act),
        classification=f"CLASSIFICATION_{act.classification}",
        legal_basis=[ev.LegalBasis(**basis.model_dump()) for basis in act.legal_basis],
        case_number=act.case_number,
        place=act.place,
        once=act.once,
        guest=act.guest,
        copies=[ev.Copy(role=f"COPY_ROLE_{one.role}", office=one.office) for one in act.copies],
        body=body_of(act.says, written(act.content, value)),
    )
    if act.domain is not None:
        draft.domain = ev.Domain.Value(f"DOMAIN_{act.domain}")  # type: ignore[assignment]
    if act.function is not None:
        draft.function = ev.Function.Value(f"FUNCTION_{act.function}")  # type: ignore[assignment]
    if act.asks_region:
        draft.addressees.add(region=act.asks_region, role=ev.ROLE_EXECUTOR)
    if act.due_in:
        draft.due_date = value("day", str(act.due_in))
    if act.because is not None:
        draft.cause.matter_id = matters[act.because]
        draft.cause.event_id = known[act.because]
    return draft


def _participants(act: Act) -> list[ev.Participant]:
    offices = {
        ev.ROLE_EXECUTOR: (act.asks,) if act.asks else (),
        ev.ROLE_RECIPIENT: (*act.tells, *act.adds_recipients),
        ev.ROLE_OBSERVER: act.adds,
    }
    return [ev.Participant(office=o, role=role) for role, named in offices.items() for o in named]
