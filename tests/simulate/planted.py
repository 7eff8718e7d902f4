"""Faults planted into the core, to show that the simulator's checks can fail.

Each is one thing that somebody might get wrong one day, as a patch of the sound core. `PLANTED`
says within how many seeds, from 0, the simulator must find it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.link import inbound, shipping
from collabbus.link.outbound import Place
from collabbus.link.shipping import Past, Shipping
from collabbus.model import addressing, application, due, hits, journal, rules
from collabbus.model import thread as threads
from collabbus.model.answers import Answers
from collabbus.model.archive import Archive
from collabbus.model.batch import Signatures
from collabbus.model.causes import Causes
from collabbus.model.clock import Clock
from collabbus.model.consequences import Consequences
from collabbus.model.deadline import DAY_MS, days_after
from collabbus.model.journal import Journal
from collabbus.model.network import Network
from collabbus.model.report import Reports
from collabbus.model.thread import MAIN, region_of
from collabbus.model.where import Where
from collabbus.simulate.node import Node

Patch = pytest.MonkeyPatch
Deed = tuple[int, Callable[[Where, int], None]]

# What is accepted ------------------------------------------------------------------------------


def decided_is_forgotten(patch: Patch) -> None:
    patch.setattr(Answers, "found", lambda self, matter, draft: None)


def rejections_are_forgotten(patch: Patch) -> None:
    patch.setattr(Answers, "remember", lambda self, draft, decided: None)


def a_number_is_used_again(patch: Patch) -> None:
    own, last = Journal.own, threads.last
    inside: list[int] = []

    def again(self: Journal, *args: object, **fields: object) -> ev.Envelope:
        inside.append(1)
        try:
            return own(self, *args, **fields)  # type: ignore[arg-type]
        finally:
            inside.pop()

    def lower(thread: st.Thread, region: str) -> int:
        number = last(thread, region)
        return number - 1 if inside and number == 2 else number

    patch.setattr(Journal, "own", again)
    patch.setattr(threads, "last", lower)


def a_stale_owner_writes(patch: Patch) -> None:
    real = Node.wake

    def wake(self: Node) -> None:
        if self.zombie is not None:
            self.zombie.epoch = self.disk.epoch
        real(self)

    patch.setattr(Node, "wake", wake)


def ticks_come_before_what_is_older(patch: Patch) -> None:
    real = Node.record

    def record(self: Node, *args: object, **fields: object) -> int:
        inputs, start = self.disk.inputs[""], self.owner.positions[""]
        inputs[start:] = sorted(inputs[start:], key=lambda found: bool(found[1]))
        return real(self, *args, **fields)  # type: ignore[arg-type]

    patch.setattr(Node, "record", record)


# Who may say what ------------------------------------------------------------------------------


def anybody_signs_for_anybody(patch: Patch) -> None:
    patch.setattr(Network, "may_act_for", lambda self, a, b: True)


def signatures_are_not_verified(patch: Patch) -> None:
    def holder(self: Signatures, submission: sub.Submission, time_ms: int) -> str:
        return submission.signature.key_id.rsplit("/", 2)[0]

    patch.setattr(Signatures, "holder", holder)


def required_fields_may_be_missing(patch: Patch) -> None:
    patch.setattr(rules, "_require", lambda fields, act: None)


def an_agreement_may_name_any_text(patch: Patch) -> None:
    patch.setattr(rules, "check_hash", lambda proposed, act: None)


def one_guest_speaks_for_another(patch: Patch) -> None:
    patch.setattr(rules, "_check_guest", lambda where, act: None)


# Order, cause, convergence ---------------------------------------------------------------------


def nothing_is_held_back(patch: Patch) -> None:
    patch.setattr(threads, "missing", lambda thread, envelope, own: [])


def counts_instead_of_numbers(patch: Patch) -> None:
    """An event waits until so many events of others have come, whichever they are."""

    def missing(thread: st.Thread, envelope: ev.Envelope, own: str) -> list[ev.Seen]:
        seen = sum(one.number for one in envelope.seen if one.origin != own)
        have = sum(one.last for one in thread.origins if one.region not in (own, envelope.origin))
        return [*envelope.seen] if have < seen else []

    patch.setattr(threads, "missing", missing)


def remarks_are_judged_by_the_state_that_they_find(patch: Patch) -> None:
    real = rules._remark

    def judge(rule: object, where: Where, act: rules.Act) -> rules.Verdict:
        return real(rule, where, replace(act, seen_step=where.thread.step.number))  # type: ignore[arg-type]

    patch.setattr(rules, "_remark", judge)


def a_remark_moves_the_state_that_it_finds(patch: Patch) -> None:
    """A withdrawal that is asked for takes back the matter wherever it stands."""
    real = application.apply

    def apply(thread: st.Thread, envelope: ev.Envelope, *args: object) -> None:
        real(thread, envelope, *args)  # type: ignore[arg-type]
        if envelope.type == "WithdrawalAsked" and thread.step.awaits:
            thread.step.awaits, thread.step.waits = thread.step.waits, thread.step.awaits

    patch.setattr(application, "apply", apply)


def bound_remarks_count_after_their_step(patch: Patch) -> None:
    real = application.EFFECTS["Extended"]

    def extend(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
        twin = ev.Envelope.FromString(envelope.SerializeToString())
        twin.seen_step = thread.step.number
        real(thread, twin, body, now_ms)

    patch.setitem(application.EFFECTS, "Extended", extend)


def a_leave_covers_additions_that_it_hasnt_seen(patch: Patch) -> None:
    def leave(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
        for one in thread.parties:
            if one.office == envelope.office:
                one.leaving = True

    patch.setitem(application.EFFECTS, "LeaveAsked", leave)


def a_leaver_keeps_the_step_that_it_is_given(patch: Patch) -> None:
    patch.setattr(Consequences, "_hand_back", lambda self, *args: None)


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
        *args: object,
    ) -> None:
        real(self, matter, thread, event, envelope, body, now_ms, *args)  # type: ignore[arg-type]
        if envelope.HasField("step") and envelope.step.due_ms:
            thread.step.due_ms += days_after(now_ms, 0) - days_after(envelope.recorded_ms, 0)

    patch.setattr(Journal, "lay_down", lay_down)


# Newcomers -------------------------------------------------------------------------------------


def _bound(patch: Patch, sends: Callable[[str, ev.Envelope, Past], bool]) -> None:
    """Let a region send a newcomer only some of the history."""
    real = shipping.bound

    def bound(
        region: str, event: ev.Event, envelope: ev.Envelope, history: Sequence[Past] = ()
    ) -> Iterator[tuple[str, Past]]:
        for peer, past in real(region, event, envelope, history):
            if past.event is event or sends(region, envelope, past):
                yield peer, past

    patch.setattr(shipping, "bound", bound)


def a_newcomer_gets_no_history(patch: Patch) -> None:
    _bound(patch, lambda region, added, past: False)


def a_newcomer_misses_what_was_said_meanwhile(patch: Patch) -> None:
    _bound(patch, lambda region, added, past: added.origin == region)


def a_newcomer_misses_those_who_have_left(patch: Patch) -> None:
    """Each sends its own; nobody is left to send what a leaver said."""
    _bound(patch, lambda region, added, past: past.envelope.origin == region)


def a_member_is_never_a_newcomer(patch: Patch) -> None:
    """As it was before the simulator found it: its leaving may be on its way."""
    real = shipping._lacking
    patch.setattr(
        shipping,
        "_lacking",
        lambda history, peer: (
            []
            if any(
                region_of(p.office) == peer for past in history for p in past.envelope.participants
            )
            else real(history, peer)
        ),
    )


# Links -----------------------------------------------------------------------------------------


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


def a_receipt_goes_out_before_the_write(patch: Patch) -> None:
    """The head of a parcel is countersigned although its transaction was aborted."""
    real = Node.start_record

    def start(self: Node) -> None:
        owner = getattr(self, "owner", None)
        if owner is not None:
            for key, value in owner.recorder.changes().items():
                if key.startswith("in/") and value is not None:
                    self.disk.heads[key] = value
                    self.disk.heads_log.append((key, value))
        real(self)

    patch.setattr(Node, "start_record", start)


# The clock -------------------------------------------------------------------------------------


def a_deadline_fires_twice(patch: Patch) -> None:
    real = Clock._overdue

    def overdue(self: Clock, where: Where, time_ms: int) -> None:
        real(self, where, time_ms)
        real(self, where, time_ms)

    patch.setattr(Clock, "_overdue", overdue)


def the_clock_forgets_what_is_due(patch: Patch) -> None:
    patch.setattr(Clock, "note", lambda self, matter, thread, now_ms=0: None)


def _deeds(patch: Patch, more: Callable[[Clock, Where], list[Deed]]) -> None:
    real = Clock._deeds

    def deeds(self: Clock, where: Where, now_ms: int) -> list[Deed]:
        return [*real(self, where, now_ms), *more(self, where)]

    patch.setattr(Clock, "_deeds", deeds)


def two_clocks_for_one_step(patch: Patch) -> None:
    def more(self: Clock, where: Where) -> list[Deed]:
        step, own = where.thread.step, self._region.name
        mine = region_of(step.awaits) == own and not where.thread.overdue
        return [(step.due_ms, self._overdue)] if mine and step.due_ms else []

    _deeds(patch, more)


def a_default_that_nobody_claims(patch: Patch) -> None:
    def more(self: Clock, where: Where) -> list[Deed]:
        step, own = where.thread.step, self._region.name
        mine = region_of(step.awaits) == own and self._default(where) is not None
        return [(step.due_ms, self._make_default)] if mine and step.due_ms else []

    _deeds(patch, more)


def nothing_is_escalated(patch: Patch) -> None:
    patch.setattr(Clock, "_rung", lambda self, where: None)


def whoever_leaves_keeps_its_clock(patch: Patch) -> None:
    """As it was before the simulator found it."""

    def more(self: Clock, where: Where) -> list[Deed]:
        step = where.thread.step
        mine = region_of(step.waits) == self._region.name and not where.thread.overdue
        return [(step.due_ms, self._overdue)] if mine and step.due_ms else []

    _deeds(patch, more)


# Tracks, copies, linked matters, archive -------------------------------------------------------


def audiences_are_read_from_the_contract(patch: Patch) -> None:
    """An event goes to whom a list names today, not to the members of its thread."""
    real = journal.members
    listed = {"beijing", "tianjin", "hebei", "gansu", "shaanxi"}
    patch.setattr(journal, "members", lambda thread: real(thread) and real(thread) | listed)


def tracks_outlive_their_matter(patch: Patch) -> None:
    patch.setattr(Consequences, "_end_track", lambda self, *args: None)


def a_track_ends_wherever_it_stands(patch: Patch) -> None:
    def ended(thread: st.Thread, envelope: ev.Envelope, body: body_pb2.Body, now_ms: int) -> None:
        thread.ended = thread.step.number

    patch.setitem(application.EFFECTS, "TrackEnded", ended)


def a_copy_says_something_else(patch: Patch) -> None:
    real = Consequences._copy
    other = body_pb2.Body(commented=verbs_pb2.Commented(text="略"))

    def copy(
        self: Consequences,
        matter: st.Matter,
        one: ev.Copy,
        envelope: ev.Envelope,
        body: body_pb2.Body,
        now_ms: int,
    ) -> None:
        real(self, matter, one, envelope, other, now_ms)

    patch.setattr(Consequences, "_copy", copy)


def everybody_tells_of_a_linked_matter(patch: Patch) -> None:
    """As if each region that sees a matter had opened it."""
    real = Consequences.follow

    def follow(
        self: Consequences,
        matter: st.Matter,
        thread: st.Thread,
        envelope: ev.Envelope,
        body: body_pb2.Body,
        now_ms: int,
        wanted: str = "",
    ) -> None:
        real(self, matter, thread, envelope, body, now_ms, wanted)
        elsewhere = region_of(matter.host) != self._region.name
        if elsewhere and matter.cause_matter and envelope.step.number == 1:
            twin = st.Matter.FromString(matter.SerializeToString())
            ours = [p.office for p in thread.parties if region_of(p.office) == self._region.name]
            if thread.thread == MAIN and ours:
                twin.host = ours[0]
                self._causes.tell(twin, envelope, now_ms)

    patch.setattr(Consequences, "follow", follow)


def a_linked_matter_is_never_told(patch: Patch) -> None:
    patch.setattr(Causes, "tell", lambda self, matter, envelope, now_ms: None)


def what_waits_for_its_cause_is_forgotten(patch: Patch) -> None:
    real = Causes.wait

    def wait(self: Causes, draft: sub.Draft, record: bytes) -> bool:
        waits = real(self, draft, record)
        if waits:
            self._region.store.drop(f"r/{draft.matter_id}/linked")
        return waits

    patch.setattr(Causes, "wait", wait)


def who_has_left_never_hears_of_the_archiving(patch: Patch) -> None:
    patch.setattr(Archive, "unheard", lambda self, matter, main: [])


def no_stub_is_left(patch: Patch) -> None:
    real = Archive.put

    def put(self: Archive, matter: st.Matter, main: st.Thread) -> None:
        real(self, matter, main)
        self._region.store.drop(f"a/{matter.matter_id}")

    patch.setattr(Archive, "put", put)


# Rounds ----------------------------------------------------------------------------------------


def reports_are_increments(patch: Patch) -> None:
    """As if each round told what has come since the last one."""
    real = Reports.take

    def take(self: Reports, envelope: ev.Envelope, body: body_pb2.Body) -> None:
        twin = body_pb2.Body.FromString(body.SerializeToString())
        if body.HasField("progressed"):
            where, report = (envelope.thread, envelope.origin), twin.progressed.report
            for one in self.standing():
                if (one.thread, one.origin) == where and one.series == report.key:
                    report.area_m2 += one.report.area_m2
        real(self, envelope, twin)

    patch.setattr(Reports, "take", take)


def the_report_that_comes_last_stands(patch: Patch) -> None:
    real = Reports.take

    def take(self: Reports, envelope: ev.Envelope, body: body_pb2.Body) -> None:
        if body.HasField("progressed"):
            for place, (_, said) in list(self._said.items()):
                same = place[:2] == (envelope.thread, envelope.origin)
                if same and said.report.key == body.progressed.report.key:
                    del self._said[place]
        real(self, envelope, body)

    patch.setattr(Reports, "take", take)


def a_finding_counts_as_often_as_it_is_read(patch: Patch) -> None:
    def add(thread: st.Thread, envelope: ev.Envelope, finding: st.Finding) -> None:
        if thread.HasField("model"):
            finding.origin, finding.number = envelope.origin, envelope.number
            thread.model.findings.append(finding)

    patch.setattr(hits, "_add", add)


def only_its_own_findings_count(patch: Patch) -> None:
    """As if a region counted what its offices found, and not what others did."""
    real = Journal.lay_down

    def lay_down(self: Journal, *args: Any, **fields: Any) -> None:
        own = args[6] == "own"
        with pytest.MonkeyPatch.context() as within:
            if not own:
                within.setattr(hits, "_add", lambda thread, envelope, finding: None)
            real(self, *args, **fields)

    patch.setattr(Journal, "lay_down", lay_down)


# Equal treatment -------------------------------------------------------------------------------


def one_region_has_more_time(patch: Patch) -> None:
    real = due.due_ms

    def due_ms(where: Where, name: str, recorded_ms: int, wanted: str) -> int:
        found = real(where, name, recorded_ms, wanted)
        favoured = where.matter.host.startswith("beijing/") and found and name != "keep"
        return found + 5 * DAY_MS if favoured else found

    patch.setattr(due, "due_ms", due_ms)


def one_region_is_led_elsewhere(patch: Patch) -> None:
    real = addressing.addressed

    def addressed(network: Network, addressee: sub.Addressee, draft: sub.Draft) -> ev.Participant:
        found = real(network, addressee, draft)
        if len(draft.office) % 2:
            found.office = network.regions[addressee.region].provincial
        return found

    patch.setattr(addressing, "addressed", addressed)
    patch.setattr(addressing, "check", lambda network, participant: None)


PLANTED: dict[Callable[[Patch], None], int] = {
    decided_is_forgotten: 10,
    rejections_are_forgotten: 200,
    a_number_is_used_again: 10,
    a_stale_owner_writes: 30,
    ticks_come_before_what_is_older: 60,
    anybody_signs_for_anybody: 60,
    signatures_are_not_verified: 200,
    required_fields_may_be_missing: 200,
    an_agreement_may_name_any_text: 200,
    one_guest_speaks_for_another: 200,
    nothing_is_held_back: 60,
    counts_instead_of_numbers: 200,
    remarks_are_judged_by_the_state_that_they_find: 30,
    a_remark_moves_the_state_that_it_finds: 10,
    bound_remarks_count_after_their_step: 30,
    a_leave_covers_additions_that_it_hasnt_seen: 100,
    a_leaver_keeps_the_step_that_it_is_given: 200,
    due_times_are_recomputed_on_arrival: 10,
    a_newcomer_gets_no_history: 10,
    a_newcomer_misses_what_was_said_meanwhile: 60,
    a_newcomer_misses_those_who_have_left: 10,
    a_member_is_never_a_newcomer: 200,
    a_gap_is_receipted_as_if_it_had_arrived: 100,
    nothing_is_ever_receipted: 10,
    nothing_is_ever_sent_again: 10,
    a_checkpoint_forgets_the_tree: 60,
    a_checkpoint_lies_beyond_what_was_sent: 100,
    a_receipt_goes_out_before_the_write: 30,
    a_deadline_fires_twice: 10,
    the_clock_forgets_what_is_due: 10,
    two_clocks_for_one_step: 10,
    a_default_that_nobody_claims: 200,
    nothing_is_escalated: 10,
    whoever_leaves_keeps_its_clock: 200,
    audiences_are_read_from_the_contract: 10,
    tracks_outlive_their_matter: 60,
    a_track_ends_wherever_it_stands: 100,
    a_copy_says_something_else: 10,
    everybody_tells_of_a_linked_matter: 60,
    a_linked_matter_is_never_told: 30,
    what_waits_for_its_cause_is_forgotten: 100,
    who_has_left_never_hears_of_the_archiving: 100,
    no_stub_is_left: 60,
    reports_are_increments: 60,
    the_report_that_comes_last_stands: 60,
    a_finding_counts_as_often_as_it_is_read: 60,
    only_its_own_findings_count: 200,
    one_region_has_more_time: 30,
    one_region_is_led_elsewhere: 200,
}
"""Faults, and within how many seeds each must be found."""
