"""Rounds (rule 9): what is reported is state, and what is found of a model counts once.

Each log is read as it stands, and then once more and backwards: what it tells must be
the same. Where the links are drained, all members of a thread are told the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collabbus.model import hits
from collabbus.model.report import KINDS, Reports, Standing
from collabbus.model.thread import MAIN, members
from collabbus.simulate.alliance import Alliance
from collabbus.simulate.node import Logged, Node

Told = dict[tuple[str, str], list[Standing]]
"""What stands reported, by matter and thread."""


def uneven(alliance: Alliance) -> Iterator[str]:
    """Give what a repeat or another order would change, and what members are told differently."""
    told: dict[str, Told] = defaultdict(dict)
    for node in alliance.nodes.values():
        events = node.disk.events
        found, again = _told(events), _told([*events, *reversed(events)])
        for place, standing in found.items():
            if again[place] != standing:
                yield _say(node.name, place, f"read again, {again[place]} instead of {standing}")
        told[node.name] |= found
        yield from _models(node)
    yield from _unlike(alliance, told)


def _told(events: list[Logged]) -> Told:
    matters: dict[str, Reports] = defaultdict(Reports)
    for record in events:
        if record.envelope.type in KINDS:
            body = body_pb2.Body.FromString(record.event.body)
            matters[record.envelope.matter_id].take(record.envelope, body)
    told: Told = defaultdict(list)
    for matter_id, reports in matters.items():
        for one in reports.standing():
            told[matter_id, one.thread].append(one)
    return told


def _unlike(alliance: Alliance, told: dict[str, Told]) -> Iterator[str]:
    """Give the threads whose members have different reports; who has left keeps what it saw."""
    for place in sorted({place for found in told.values() for place in found}):
        matter_id, thread = place
        views = {
            node.name: st.Thread.FromString(kept)
            for node in alliance.nodes.values()
            if (kept := node.disk.state.get(f"t/{matter_id}/{thread}")) is not None
        }
        if not views or any(f"a/{matter_id}" in n.disk.state for n in alliance.nodes.values()):
            continue
        longest = max(views.values(), key=lambda one: sum(o.last for o in one.origins))
        there = sorted(members(longest) & views.keys())
        standing = {name: told[name].get(place, []) for name in there}
        if there and any(found != standing[there[0]] for found in standing.values()):
            yield _say("its members", place, f"differ: {standing}")


def _models(node: Node) -> Iterator[str]:
    """What the state keeps of a model is what the log tells of it, however often it is read."""
    logs: dict[str, list[Logged]] = defaultdict(list)
    for record in node.disk.events:
        if record.envelope.thread == MAIN:
            logs[record.envelope.matter_id].append(record)
    for key, value in node.disk.state.items():
        if not (key.startswith("t/") and key.endswith(f"/{MAIN}")):
            continue
        kept, matter_id = st.Thread.FromString(value).model, key.split("/")[1]
        if not kept.model_id:
            continue
        read = st.Thread(thread=MAIN)
        for record in logs[matter_id] * 2:
            hits.take(read, record.envelope, body_pb2.Body.FromString(record.event.body))
        if hits.picture(read.model) != hits.picture(kept):
            yield _say(node.name, (matter_id, MAIN), f"keeps {kept}, its log tells {read.model}")


def _say(name: str, place: tuple[str, str], what: str) -> str:
    return f"rule 9 (state): {name}, {place[0][:6]}/{place[1]}: {what}"
