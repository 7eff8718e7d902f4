"""Refusals (拒收): what must hold of lies at rest, before any operator has seen to them.

A thread in which an event was refused is frozen for all of its members, and whoever refused or
quarantined a lie can prove to anybody that its origin had signed it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.link import inbound
from collabbus.link.evidence import proofs_in, verify_item
from collabbus.link.merkle import leaf_hash
from collabbus.link.parcel import ParcelError, verify_header
from collabbus.model.thread import members
from collabbus.simulate.alliance import Alliance
from collabbus.simulate.lies import Lie
from collabbus.simulate.node import Node


def refusals(alliance: Alliance) -> Iterator[str]:
    """Give what doesn't hold of what was told and isn't so, in words; nothing if all holds."""
    yield from alliance.broken
    yield from _frozen(alliance)
    for lie in alliance.lies.told.values():
        for region in lie.envelope.to:
            if region in alliance.regions:
                yield from _caught(alliance, lie, alliance.nodes[region, lie.node.shard])
    for parcel, node in alliance.lies.heads.items():
        yield from _heads(alliance, parcel, node)


def _frozen(alliance: Alliance) -> Iterator[str]:
    """Rule 10: what one member has refused freezes the thread for every member."""
    views: dict[tuple[str, str], dict[str, st.Thread]] = defaultdict(dict)
    for node in alliance.nodes.values():
        for key, value in node.disk.state.items():
            if key.startswith("t/"):
                thread = st.Thread.FromString(value)
                views[key.split("/")[1], thread.thread][node.name] = thread
    for (matter_id, name), seen in views.items():
        if any(f"a/{matter_id}" in node.disk.state for node in alliance.nodes.values()):
            continue
        # Not by the same numbers: what takes one of them back may wait behind another.
        there = {
            region: bool(thread.freezes)
            for region, thread in seen.items()
            if all(region in members(other) for other in seen.values())
        }
        if len(set(there.values())) > 1:
            yield f"rule 10 (freezes): {matter_id[:6]}/{name} isn't frozen everywhere: {there}"


def _caught(alliance: Alliance, lie: Lie, node: Node) -> Iterator[str]:
    """8: whoever got a lie took nothing of it, and keeps what proves it."""
    envelope = lie.envelope
    at = (envelope.matter_id, envelope.thread, envelope.origin, envelope.number)
    what = f"{node.title}: of a lie of {lie.node.title} ({lie.kind})"
    if f"a/{envelope.matter_id}" in node.disk.state:
        return
    kept = list(_kept(node, lie))
    refused = [
        record
        for record in node.disk.events
        if record.envelope.type == "Refused"
        and record.envelope.origin == node.name
        and record.envelope.causation.event_id == envelope.event_id
    ]
    gone = at in alliance.lies.voided or any(
        record.envelope.event_id == envelope.event_id for record in node.disk.events
    )
    if not kept and not gone and (refused or not lie.freezes):
        yield f"8 (proof): {what} nothing is kept"
    for event in kept:
        leaf = leaf_hash(event.envelope)
        proofs = [
            found[leaf]
            for leaves in node.disk.leaves
            if leaf in (found := proofs_in(leaves, [leaf]))
        ]
        try:
            heads = [verify_item(one.item(event), alliance.cast.keys) for one in proofs]
        except ParcelError as error:
            heads = []
            yield f"6 (proof): {what} the proof is no good: {error}"
        if not heads:
            yield f"6 (proof): {what} nothing proves who signed it"


def _kept(node: Node, lie: Lie) -> Iterator[ev.Event]:
    """Give a lie as its receiver has it: held as refused, or in quarantine."""
    for key, value in node.disk.state.items():
        if key.startswith("h/"):
            held = st.HeldEvent.FromString(value)
            if held.event == lie.event and held.code == "REFUSED":
                yield held.event
    for value in node.disk.quarantine:
        found = sub.Quarantined.FromString(value)
        if found.offset < 0:
            event = inbound.event_of(pb.Entry.FromString(found.value))
            if event == lie.event:
                yield event


def _heads(alliance: Alliance, parcel: bytes, node: Node) -> Iterator[str]:
    """6: of two heads of one size the second is kept, with its signature."""
    for value in node.disk.quarantine:
        found = sub.Quarantined.FromString(value)
        if found.value == parcel and found.code == "EQUIVOCATION":
            verify_header(pb.Parcel.FromString(parcel).signed, alliance.cast.keys, None)
            return
    yield f"6 (proof): {node.title} has kept nothing of a second head of one size"
