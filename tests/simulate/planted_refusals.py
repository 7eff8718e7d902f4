"""Faults planted into what happens once and what is refused: openings, acts, freezes, voids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import ids
from collabbus.model.intake import Intake
from collabbus.model.journal import Journal
from collabbus.simulate.node import Node

Patch = pytest.MonkeyPatch


def a_hit_is_the_same_matter_whoever_opens_it(patch: Patch) -> None:
    """Two offices that meet the same hit open one matter, twice."""
    real = ids.matter_id

    def matter_id(office: str, seed: str) -> str:
        return real("" if "same-" in seed else office, seed)

    patch.setattr(ids, "matter_id", matter_id)


def an_act_is_taken_twice_under_two_submissions(patch: Patch) -> None:
    real = Intake._act

    def act(
        self: Intake,
        matter: st.Matter,
        main: st.Thread,
        thread: st.Thread,
        draft: sub.Draft,
        time_ms: int,
    ) -> str:
        made = real(self, matter, main, thread, draft, time_ms)
        if draft.body.HasField("commented"):
            twin = sub.Draft.FromString(draft.SerializeToString())
            twin.submission_id += "-again"
            real(self, matter, main, thread, twin, time_ms)
        return made

    patch.setattr(Intake, "_act", act)


def a_freeze_is_forgotten_in_a_crash(patch: Patch) -> None:
    real = Node.start_record

    def start(self: Node) -> None:
        for key, value in self.disk.state.items():
            if key.startswith("t/"):
                thread = st.Thread.FromString(value)
                thread.ClearField("freezes")
                self.disk.state[key] = thread.SerializeToString()
        real(self)

    patch.setattr(Node, "start_record", start)


def _received(patch: Patch, kind: str, change: Callable[[st.Thread, st.Thread], object]) -> None:
    """Let something go wrong with a type of event that comes over a link."""
    real = Journal.lay_down

    def lay_down(
        self: Journal,
        matter: st.Matter,
        thread: st.Thread,
        event: ev.Event,
        envelope: ev.Envelope,
        body: body_pb2.Body,
        now_ms: int,
        direction: str,
        *args: Any,
    ) -> None:
        before = st.Thread.FromString(thread.SerializeToString())
        real(self, matter, thread, event, envelope, body, now_ms, direction, *args)
        if envelope.type == kind and direction != "own":
            change(thread, before)

    patch.setattr(Journal, "lay_down", lay_down)


def a_void_sets_the_state_back_on_one_side_only(patch: Patch) -> None:
    _received(patch, "Voided", lambda thread, before: thread.step.CopyFrom(before.step))


def a_release_is_applied_on_one_side_only(patch: Patch) -> None:
    def keep(thread: st.Thread, before: st.Thread) -> None:
        del thread.freezes[:]
        thread.freezes.extend(before.freezes)

    _received(patch, "Released", keep)


PLANTED: dict[Callable[[Patch], None], int] = {
    a_hit_is_the_same_matter_whoever_opens_it: 30,
    an_act_is_taken_twice_under_two_submissions: 10,
    a_freeze_is_forgotten_in_a_crash: 100,
    a_void_sets_the_state_back_on_one_side_only: 100,
    a_release_is_applied_on_one_side_only: 200,
}
"""Faults, and within how many seeds each must be found."""
