"""Coverage: what a seed has tried, so that nobody trusts a simulator that has gone quiet."""

from __future__ import annotations

from collections import Counter

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model.shard import shard_of
from collabbus.model.thread import TRACK
from collabbus.simulate.alliance import SHARDS, Alliance
from collabbus.simulate.lies import KINDS
from collabbus.simulate.mischief import WRONGS

FAULTS = (
    "dispatch sent",
    "id used again",
    "litter",
    "outage",
    "parcel lost",
    "parcel overtakes",
    "parcel repeated",
    "partition",
    "partition heals",
    "record abort",
    "record after",
    "record before",
    "record in",
    "record pause",
    "records lost",
    "submission again",
    "zombie fenced",
    *(f"wrong: {why}" for why in WRONGS),
    *(f"lie: {kind}" for kind in KINDS),
    "operator: Released",
    "operator: Voided",
)
ACTS = (
    "act for a guest",
    "act in a track",
    "across",
    "across shards",
    "carried as evidence",
    "default",
    *(f"family {number}" for number in ev.Family.values() if number),
    "hand-back",
    "held",
    "join",
    "join again",
    "outcome corrected",
    "report again",
    "report corrected",
    "route",
    "Archived",
    "Copied",
    "Corrected",
    "DecisionAgreed",
    "DefaultClaimed",
    "Escalated",
    "Extended",
    "HitOutcomeRecorded",
    "Linked",
    "ModelHit",
    "Overdue",
    "ParticipantLeft",
    "Refused",
    "Released",
    "Reminded",
    "TrackEnded",
    "Voided",
    "WithdrawalGranted",
    "WithdrawalRefused",
)
EXPECTED = FAULTS + ACTS
"""What some seeds of a campaign must have met."""


def _is_default(envelope: ev.Envelope) -> bool:
    moves = envelope.HasField("step") and envelope.step.number > 1
    return envelope.clock and moves and envelope.type != "Returned"


def _count_rounds(
    found: Counter[str],
    envelope: ev.Envelope,
    content: bytes,
    series: set[tuple[str, str, str]],
) -> None:
    """Count what a region reports again, and what it corrects of that or of a hit's outcome."""
    body = body_pb2.Body.FromString(content)
    if body.HasField("progressed"):
        place = envelope.matter_id, envelope.thread, body.progressed.report.key
        found["report again"] += place in series
        series.add(place)
    found["report corrected"] += body.corrected.body.HasField("progressed")
    found["outcome corrected"] += body.corrected.body.HasField("hit_outcome_recorded")


def exercised(alliance: Alliance) -> Counter[str]:
    """Count the faults, the types of events, and the rare turns of an alliance."""
    found = Counter(alliance.happened)
    for node in alliance.nodes.values():
        found["held"] += node.disk.held
        found["carried as evidence"] += sum(len(leaves.carried) for leaves in node.disk.leaves)
        left: set[str] = set()
        series: set[tuple[str, str, str]] = set()
        for record in node.disk.events:
            envelope = record.envelope
            if envelope.type == "ParticipantLeft":
                left.add(envelope.matter_id)
            if envelope.origin != node.name:
                continue
            found[envelope.type] += 1
            found[f"family {envelope.family}"] += envelope.step.number == 1
            found["join"] += bool(envelope.joining)
            found["join again"] += bool(envelope.joining) and envelope.matter_id in left
            found["hand-back"] += envelope.clock and envelope.type == "Returned"
            found["default"] += _is_default(envelope)
            found["route"] += any(one.HasField("route") for one in envelope.participants)
            found["act in a track"] += envelope.thread.startswith(TRACK) and not envelope.clock
            found["act for a guest"] += bool(envelope.guest)
            found["across"] += bool(envelope.to)
            if envelope.type == "Linked":
                child = body_pb2.Body.FromString(record.event.body).linked.matter_id
                found["across shards"] += shard_of(child, SHARDS) != node.shard
            if envelope.type in ("Progressed", "Corrected"):
                _count_rounds(found, envelope, record.event.body, series)
        for value in node.disk.outcomes:
            if code := sub.Outcome.FromString(value).code:
                found[f"rejected {code}"] += 1
    return found
