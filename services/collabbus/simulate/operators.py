"""Operators (操作人): who void or release what was refused, under their region's own key."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import submission_pb2 as sub
from collabbus.link.merkle import leaf_hash
from collabbus.model.deadline import DAY_MS
from collabbus.model.thread import DIGEST, digest, region_of
from collabbus.simulate.node import Node

OPERATOR = "张操作"
REASON = "核实"
VOIDS: Collection[str] = ("voided",)
RELEASES: Collection[str] = ("released",)


class Operators:
    """Think of what to do about freezes, by seed."""

    def __init__(self, rnd: random.Random) -> None:
        self._rnd = rnd
        self._count = 0

    def acts(self, node: Node, now_ms: int, kinds: Collection[str]) -> list[sub.Draft]:
        """Give what a region's operator may submit about each thread that is frozen there.

        `kinds` are those of `voided` and `released` that they think of.
        """
        return [
            self._draft(matter, thread, office, body, now_ms)
            for matter, thread in frozen(node)
            if (office := _office(node.name, thread))
            for body in self._bodies(node, matter, thread, kinds)
        ]

    def _bodies(
        self, node: Node, matter: st.Matter, thread: st.Thread, kinds: Collection[str]
    ) -> Iterator[body_pb2.Body]:
        region = node.name
        for origin, number in sorted({(one.origin, one.number) for one in thread.freezes}):
            refusers = {
                one.refuser
                for one in thread.freezes
                if (one.origin, one.number) == (origin, number)
            }
            envelope = _recorded(node, matter, thread, number) if origin == region else b""
            if "voided" in kinds and envelope:
                yield body_pb2.Body(
                    voided=verbs_pb2.Voided(
                        origin=origin,
                        number=number,
                        operator=OPERATOR,
                        reason=REASON,
                        envelope=envelope,
                    )
                )
            if "released" in kinds and region in refusers:
                yield body_pb2.Body(
                    released=verbs_pb2.Released(
                        origin=origin, number=number, operator=OPERATOR, reason=REASON
                    )
                )

    def _draft(
        self, matter: st.Matter, thread: st.Thread, office: str, body: body_pb2.Body, now_ms: int
    ) -> sub.Draft:
        self._count += 1
        return sub.Draft(
            submission_id=f"operator-{self._count:06}",
            network=matter.network,
            family=matter.family,
            matter_id=matter.matter_id,
            thread=thread.thread,
            office=office,
            officer=OPERATOR,
            not_after_ms=now_ms + 30 * DAY_MS,
            body=body,
        )


def _recorded(node: Node, matter: st.Matter, thread: st.Thread, number: int) -> bytes:
    """Give the envelope of the region's own event that its state knows; empty if there is none."""
    wanted = digest(thread, node.name, number)
    for record in node.disk.events if wanted else ():
        if record.envelope.matter_id == matter.matter_id:
            envelope: bytes = record.event.envelope
            if leaf_hash(envelope)[:DIGEST] == wanted:
                return envelope
    return b""


def frozen(node: Node) -> Iterator[tuple[st.Matter, st.Thread]]:
    """Give the threads that are frozen at a node, each with its matter."""
    for key, value in node.disk.state.items():
        if key.startswith("t/"):
            thread = st.Thread.FromString(value)
            if thread.freezes:
                kept = node.disk.state.get("m/" + key.split("/")[1], b"")
                yield st.Matter.FromString(kept), thread


def _office(region: str, thread: st.Thread) -> str:
    """Give an office of the region that has a part in the thread; empty if it has none."""
    mine = sorted(one.office for one in thread.parties if region_of(one.office) == region)
    return mine[0] if mine else ""
