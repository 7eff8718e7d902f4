"""Equal treatment (一把尺子, invariant 10): the same acts by other offices take the same course.

Each course that a log tells is judged a second time, with every office and region under another
name. The rules may ask what an office is in a thread, and never which one it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeVar

from google.protobuf.message import Message

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.link.merkle import leaf_hash
from collabbus.model import application, due, rules
from collabbus.model.body import kinds_of, said
from collabbus.model.lifecycle import RemarkRule, StepRule
from collabbus.model.rejection import Rejection
from collabbus.model.thread import FAMILIES, MAIN
from collabbus.model.where import Where
from collabbus.simulate.alliance import Alliance
from collabbus.simulate.node import Logged

M = TypeVar("M", bound=Message)


def unequal(alliance: Alliance) -> Iterator[str]:
    """Give what went another way, or was due on another day, because of who it was."""
    yield from _routes(alliance)
    wanted = {sent.draft.submission_id: sent.draft.due_date for sent in alliance.sent}
    for node in alliance.nodes.values():
        courses: dict[str, list[Logged]] = defaultdict(list)
        for record in node.disk.events:
            if record.envelope.thread == MAIN:
                courses[record.envelope.matter_id].append(record)
        for matter_id, course in courses.items():
            first = course[0].envelope
            if matter_id in alliance.lies.touched:
                continue  # what was refused there took no course that rules give
            if first.origin == node.name and first.step.number == 1:
                for found in _twice(alliance, course, wanted):
                    yield f"10 (equal treatment): {matter_id[:6]}: {found}"


def _routes(alliance: Alliance) -> Iterator[str]:
    """Who is addressed alike is found alike, whoever asks."""
    found: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for node in alliance.nodes.values():
        for record in node.disk.events:
            for participant in record.envelope.participants:
                if participant.HasField("route"):
                    known = participant.route
                    found[known.region, known.domain, known.function, known.place].add(
                        participant.office
                    )
    for asked, offices in found.items():
        if len(offices) > 1:
            yield f"10 (equal treatment): {asked} leads to {sorted(offices)}"


def _other(name: str) -> str:
    """Give the name that an office or a region has in the other world."""
    region, slash, office = name.partition("/")
    return f"{region[::-1]}x{slash}{office[::-1]}"


def _renamed(message: M, names: set[str]) -> M:
    """Give a copy of a message with every office and region under its other name."""
    twin = type(message).FromString(message.SerializeToString())
    _rename(twin, names)
    return twin


def _rename(message: Message, names: set[str]) -> None:
    for field, found in message.ListFields():
        if field.message_type is not None:
            for one in found if field.is_repeated else (found,):
                _rename(one, names)
        elif field.type == field.TYPE_STRING:
            if field.is_repeated:
                found[:] = [_other(one) if one in names else one for one in found]
            elif found in names:
                setattr(message, field.name, _other(found))


def _twice(alliance: Alliance, course: list[Logged], wanted: dict[str, str]) -> Iterator[str]:
    network = alliance.contract.network
    names = {office.id for office in network.offices()} | set(network.regions)
    first = course[0].envelope
    matter = st.Matter(
        matter_id=first.matter_id,
        family=first.family,
        host=first.office,
        opening=first.type,
        kinds=kinds_of(said(body_pb2.Body.FromString(course[0].event.body))),
    )
    here, there = st.Thread(thread=MAIN), st.Thread(thread=MAIN)
    for record in course:
        body = body_pb2.Body.FromString(record.event.body)
        twin = _renamed(record.envelope, names), _renamed(body, names)
        rule: StepRule | RemarkRule | None = None
        deadline = ""
        if not record.envelope.clock or record.envelope.HasField("step"):
            day = wanted.get(record.envelope.causation.submission_id, "")
            verdicts = [
                _judged(alliance, world, thread, envelope, said_there, day)
                for world, thread, envelope, said_there in (
                    (matter, here, record.envelope, body),
                    (_renamed(matter, names), there, *twin),
                )
            ]
            if verdicts[0] is None:
                return  # assigned within a region: that goes by who stands above whom
            (step, due_ms, rule, deadline), other = verdicts[0], verdicts[1]
            if other is None or (_renamed(step, names), due_ms) != other[:2]:
                yield f"{record.envelope.type} leads to {step}, and by another to {other}"
                return
        leaf = leaf_hash(record.event.envelope)
        application.apply(here, record.envelope, body, leaf, 0, rule, deadline)
        application.apply(there, *twin, leaf, 0, rule, deadline)


def _judged(
    alliance: Alliance,
    matter: st.Matter,
    thread: st.Thread,
    envelope: ev.Envelope,
    body: body_pb2.Body,
    day: str,
) -> tuple[ev.Step, int, StepRule | RemarkRule | None, str] | None:
    """Give the step and due time to which the rules bring an act; empty where they reject it."""
    lifecycle = alliance.contract.lifecycles[FAMILIES[matter.family]]
    where = Where(alliance.contract, lifecycle, lifecycle.main, matter, thread)
    act = rules.Act(
        envelope.type,
        envelope.office,
        envelope.officer or "clock",
        envelope.participants,
        envelope.legal_basis,
        body,
        envelope.seen_step,
        envelope.guest,
    )
    opening = lifecycle.opens.get(envelope.type)
    if opening is not None and any(opening.kinds[kind].by_turns for kind in matter.kinds):
        return None  # the others have their turns in other years
    found = lifecycle.main.steps.get(envelope.type)
    if isinstance(found, StepRule) and found.assigns:
        return None
    try:
        verdict = rules.judge(where, act)
    except Rejection as rejection:
        return ev.Step(state=rejection.reason_code.lower()), 0, None, ""
    step = verdict.step or ev.Step()
    due_ms = 0
    if verdict.step is not None:
        try:
            due_ms = due.due_ms(where, verdict.deadline, envelope.recorded_ms, day)
        except Rejection:
            due_ms = -1
    return step, due_ms, verdict.rule, verdict.deadline
