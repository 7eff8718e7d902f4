from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.link import inbound, shipping
from collabbus.link.outbound import Place
from collabbus.link.shipping import Shipping
from collabbus.model import clock, rules
from collabbus.model import thread as threads
from collabbus.model.clock import Clock
from collabbus.model.deadline import days_after
from collabbus.model.intake import Intake
from collabbus.model.journal import Journal
from collabbus.model.where import Where
from collabbus.simulate.campaign import Verdict, campaign, play
from collabbus.simulate.coverage import EXPECTED
from tests.model.neighbours import CONTRACTS

SEEDS = range(40)
"""What every `make check` plays; campaigns play thousands."""

Patch = pytest.MonkeyPatch


@cache
def sound() -> list[Verdict]:
    return [play(CONTRACTS, "jingjinji", seed) for seed in SEEDS]


def test_seeds_hold() -> None:
    broken = [verdict.tell() for verdict in sound() if verdict.broken]
    assert not broken, "\n\n".join(broken[:3])


def test_the_same_seed_is_the_same_story() -> None:
    for verdict in sound()[:3]:
        assert play(CONTRACTS, "jingjinji", verdict.seed) == verdict


def test_no_seed_tells_anothers_story() -> None:
    assert len({verdict.story for verdict in sound()}) == len(SEEDS)


def test_a_campaign_on_several_cores_comes_to_the_same_verdicts() -> None:
    assert campaign(CONTRACTS, "jingjinji", SEEDS[:4], workers=2) == sound()[:4]


def test_the_seeds_exercise_all_that_the_simulator_is_there_for() -> None:
    """Else it may stop trying something one day, and nobody would notice."""
    found = sum((verdict.exercised for verdict in sound()), Counter[str]())
    assert {name: found[name] for name in EXPECTED if not found[name]} == {}
    assert sum(verdict.events for verdict in sound()) > 50 * len(SEEDS)


# Planted faults -------------------------------------------------------------------------------


def decided_is_forgotten(patch: Patch) -> None:
    patch.setattr(Intake, "_decided", lambda self, thread, draft: None)


def a_number_is_used_again(patch: Patch) -> None:
    own, last = Journal.own, threads.last
    inside: list[int] = []

    def again(self: Journal, *args: object, **fields: object) -> ev.Envelope:
        inside.append(1)
        try:
            return own(self, *args, **fields)
        finally:
            inside.pop()

    def lower(thread: st.Thread, region: str) -> int:
        number = last(thread, region)
        return number - 1 if inside and number == 2 else number

    patch.setattr(Journal, "own", again)
    patch.setattr(threads, "last", lower)


def nothing_is_held_back(patch: Patch) -> None:
    patch.setattr(threads, "missing", lambda thread, envelope, own: [])


def remarks_are_judged_by_the_state_that_they_find(patch: Patch) -> None:
    real = rules._remark

    def judge(rule: object, where: Where, act: rules.Act) -> rules.Verdict:
        return real(rule, where, replace(act, seen_step=where.thread.step.number))

    patch.setattr(rules, "_remark", judge)


def bound_remarks_count_after_their_step(patch: Patch) -> None:
    real = threads._REMARKS["Extended"]

    def extend(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
        twin = ev.Envelope.FromString(envelope.SerializeToString())
        twin.seen_step = thread.step.number
        real(thread, twin, body, now_ms)

    patch.setitem(threads._REMARKS, "Extended", extend)


def a_newcomer_gets_no_history(patch: Patch) -> None:
    patch.setattr(Shipping, "_send_history", lambda *args, **fields: None)


def only_the_adder_sends_a_newcomer_what_it_lacks(patch: Patch) -> None:
    real = Shipping._send_history

    def send(self: Shipping, *args: object, own: bool) -> None:
        if own:
            real(self, *args, own=own)

    patch.setattr(Shipping, "_send_history", send)


def a_gap_is_receipted_as_if_it_had_arrived(patch: Patch) -> None:
    real = inbound.hear

    def hear(link: st.LinkIn, signed: pb.SignedHeader, head: pb.TreeHead) -> None:
        real(link, signed, head)
        if head.size > link.size:
            link.head.CopyFrom(signed)

    patch.setattr(inbound, "hear", hear)


def nothing_is_ever_receipted(patch: Patch) -> None:
    patch.setattr(Shipping, "_receipts", lambda self, way: [])


def nothing_is_ever_sent_again(patch: Patch) -> None:
    patch.setattr(Shipping, "stalled", lambda self, now_ms: [])


def due_times_are_recomputed_on_arrival(patch: Patch) -> None:
    real = Journal.lay_down

    def lay_down(
        self: Journal,
        matter: st.Matter,
        thread: st.Thread,
        event: ev.Event,
        envelope: ev.Envelope,
        body: body_pb2.Body,
        now_ms: int,
        *rest: object,
    ) -> None:
        real(self, matter, thread, event, envelope, body, now_ms, *rest)
        if envelope.HasField("step") and envelope.step.due_ms:
            thread.step.due_ms += days_after(now_ms, 0) - days_after(envelope.recorded_ms, 0)

    patch.setattr(Journal, "lay_down", lay_down)


def a_leave_covers_additions_that_it_hasnt_seen(patch: Patch) -> None:
    def leave(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
        for one in thread.parties:
            if one.office == envelope.office:
                one.leaving = True

    patch.setitem(threads._REMARKS, "LeaveAsked", leave)


def a_checkpoint_forgets_the_tree(patch: Patch) -> None:
    real = Place.write

    def write(self: Place) -> st.Checkpoint:
        return real(replace(self, frontier=tuple(bytes(32) for _ in self.frontier)))

    patch.setattr(Place, "write", write)


def a_checkpoint_lies_beyond_what_was_sent(patch: Patch) -> None:
    real = Place.write

    def write(self: Place) -> st.Checkpoint:
        return real(replace(self, offset=self.offset + 2 if self.size else 0))

    patch.setattr(Place, "write", write)


def the_clock_says_it_twice(patch: Patch) -> None:
    real = Clock._overdue

    def overdue(self: Clock, where: Where, time_ms: int) -> None:
        real(self, where, time_ms)
        real(self, where, time_ms)

    patch.setattr(Clock, "_overdue", overdue)


def the_clock_forgets_what_is_due(patch: Patch) -> None:
    patch.setattr(Clock, "note", lambda self, matter, thread: None)


def whoever_has_left_keeps_its_clock(patch: Patch) -> None:
    """As it was before the simulator found it."""

    class Deaf:
        def __getattr__(self, name: str) -> object:
            if name == "party":
                return lambda thread, office: st.Party()
            return getattr(threads, name)

    patch.setattr(clock, "threads", Deaf())


def a_member_is_never_a_newcomer(patch: Patch) -> None:
    """As it was before the simulator found it: its leaving may be on its way."""
    real = shipping._lacking
    patch.setattr(
        shipping,
        "_lacking",
        lambda history, peer: (
            []
            if any(threads.region_of(p.office) == peer
                   for past in history for p in past.envelope.participants)
            else real(history, peer)
        ),
    )  # fmt: skip


PLANTED: dict[Callable[[Patch], None], int] = {
    decided_is_forgotten: 5,
    a_number_is_used_again: 5,
    nothing_is_held_back: 5,
    remarks_are_judged_by_the_state_that_they_find: 5,
    bound_remarks_count_after_their_step: 10,
    a_newcomer_gets_no_history: 10,
    only_the_adder_sends_a_newcomer_what_it_lacks: 10,
    a_gap_is_receipted_as_if_it_had_arrived: 5,
    nothing_is_ever_receipted: 2,
    nothing_is_ever_sent_again: 5,
    due_times_are_recomputed_on_arrival: 10,
    a_leave_covers_additions_that_it_hasnt_seen: 100,
    a_checkpoint_forgets_the_tree: 5,
    a_checkpoint_lies_beyond_what_was_sent: 10,
    the_clock_says_it_twice: 5,
    the_clock_forgets_what_is_due: 5,
    whoever_has_left_keeps_its_clock: 100,
    a_member_is_never_a_newcomer: 100,
}
"""Faults, and within how many seeds each must be found."""


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    plant(monkeypatch)
    for seed in range(PLANTED[plant]):
        verdict = play(CONTRACTS, "jingjinji", seed)
        if verdict.broken:
            assert f"collabbus simulate --seed {seed}" in verdict.tell()
            return
    pytest.fail(f"{plant.__name__}: {PLANTED[plant]} seeds found nothing")
