from __future__ import annotations

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model import application
from collabbus.model import thread as threads
from collabbus.model.deadline import days_after, end_of, parse_day
from tests.model.neighbours import (
    BINHAI,
    CHAOYANG,
    FENGTAI,
    HAIDIAN,
    HEPING,
    LANGFANG,
    SANHE,
    START_MS,
    Neighbours,
)


@pytest.fixture
def shared(regions: Neighbours) -> str:
    """A matter that all three regions have: Haidian asked Binhai, Langfang looks on."""
    matter = regions.open(HAIDIAN, BINHAI, LANGFANG)
    regions.carry_all()
    return matter


def numbers(regions: Neighbours, region: str) -> list[str]:
    """Give a log as the first letter of each event's origin, and its number."""
    return [f"{envelope.origin[0]}{envelope.number}" for envelope in regions.log(region)]


# Steps and remarks (rule 2) -------------------------------------------------------------------


def test_every_region_has_the_same_chain_of_steps(regions: Neighbours, shared: str) -> None:
    acts = [
        (BINHAI, "ClarificationAsked", "clarifying", HAIDIAN),
        (HAIDIAN, "ClarificationAnswered", "requested", BINHAI),
        (BINHAI, "Received", "received", BINHAI),
        (BINHAI, "Accepted", "accepted", BINHAI),
        (BINHAI, "Progressed", "in_progress", BINHAI),
        (BINHAI, "Completed", "completed", HAIDIAN),
        (HAIDIAN, "Closed", "closed", ""),
    ]
    for number, (office, kind, state, awaits) in enumerate(acts, 2):
        regions.says(office, kind, shared)
        regions.carry_all()
        for region in regions.nodes:
            step = regions.thread(region, shared).step
            assert (step.number, step.state, step.awaits) == (number, state, awaits)
        assert regions.agree(shared)
    assert regions.thread("hebei", shared).step.due_ms == 0


def test_a_withdrawal_that_crosses_a_step_has_no_effect_anywhere(
    regions: Neighbours, shared: str
) -> None:
    regions.says(BINHAI, "Received", shared)
    regions.says(HAIDIAN, "WithdrawalAsked", shared)
    regions.carry_all()
    assert regions.agree(shared)
    for region in regions.nodes:
        assert "WithdrawalAsked" in regions.types(region)  # said, and on record
        assert threads.pending(regions.thread(region, shared), "WithdrawalAsked") is None
    answer = regions.hand_in(regions.draft(BINHAI, "WithdrawalGranted", shared))
    assert answer.code == "NOTHING_PENDING"


def test_a_withdrawal_in_time_is_pending_until_it_is_granted(
    regions: Neighbours, shared: str
) -> None:
    regions.says(HAIDIAN, "WithdrawalAsked", shared)
    regions.carry_all()
    regions.says(BINHAI, "WithdrawalGranted", shared)
    regions.carry_all()
    assert [regions.thread(r, shared).step.state for r in regions.nodes] == ["withdrawn"] * 3
    assert regions.agree(shared)


def test_a_refusal_answers_the_request_that_was_seen_and_not_the_next(
    regions: Neighbours, shared: str
) -> None:
    regions.says(HAIDIAN, "WithdrawalAsked", shared)
    regions.carry("beijing", "tianjin")
    regions.says(HAIDIAN, "WithdrawalAsked", shared)  # asked again before the answer
    regions.says(BINHAI, "WithdrawalRefused", shared)
    regions.carry("tianjin", "beijing")
    regions.carry_all()
    assert regions.agree(shared)
    for region in regions.nodes:
        pending = threads.pending(regions.thread(region, shared), "WithdrawalAsked")
        assert pending is not None
        assert pending.number == 3
    regions.says(BINHAI, "WithdrawalRefused", shared)
    regions.carry_all()
    assert regions.agree(shared)
    assert threads.pending(regions.thread("hebei", shared), "WithdrawalAsked") is None


def test_an_extension_moves_the_due_time_everywhere(regions: Neighbours, shared: str) -> None:
    regions.says(HAIDIAN, "Extended", shared)
    regions.carry_all()
    day = parse_day("2026-12-31")
    assert day is not None
    assert [regions.thread(r, shared).step.due_ms for r in regions.nodes] == [end_of(day)] * 3


def test_an_extension_of_a_step_that_is_over_has_no_effect_anywhere(
    regions: Neighbours, shared: str
) -> None:
    regions.says(BINHAI, "Received", shared)
    regions.says(HAIDIAN, "Extended", shared)
    regions.carry_all()
    assert regions.agree(shared)
    due = [regions.thread(r, shared).step.due_ms for r in regions.nodes]
    assert due == [days_after(START_MS, 30)] * 3


def test_a_due_time_that_no_calendar_has_is_no_due_time() -> None:
    """A peer may send what our own offices can't: it has no effect, and stops nobody."""
    for text, moves in (("9999-12-31", True), ("2026-02-30", False), ("0000-00-00", False)):
        thread = st.Thread(step=ev.Step(number=1, due_ms=7))
        body = body_pb2.Body(extended=verbs_pb2.Extended(due_date=text))
        envelope = ev.Envelope(origin="beijing", number=1, type="Extended", seen_step=1)
        application.apply(thread, envelope, body, bytes(32), START_MS)
        assert (thread.step.due_ms != 7) is moves


# Order and cause (rules 1 and 4) --------------------------------------------------------------


def test_what_comes_before_its_cause_is_held_until_the_cause_is_here(
    regions: Neighbours, shared: str
) -> None:
    regions.says(HAIDIAN, "Commented", shared)
    regions.carry("beijing", "tianjin")
    regions.says(BINHAI, "Received", shared)
    regions.carry("tianjin", "hebei")
    assert regions.waiting("hebei") == [("CAUSE", "tianjin", 1)]
    assert numbers(regions, "hebei") == ["b1"]
    assert regions.thread("hebei", shared).step.number == 1
    regions.carry("beijing", "hebei")
    assert regions.waiting("hebei") == []
    assert numbers(regions, "hebei") == ["b1", "b2", "t1"]


def test_a_late_cause_releases_all_that_waits_for_it_in_order(
    regions: Neighbours, shared: str
) -> None:
    for office, sender, receiver in (
        (HAIDIAN, "beijing", "tianjin"),
        (BINHAI, "tianjin", "beijing"),
        (HAIDIAN, "beijing", "tianjin"),
        (BINHAI, "tianjin", "beijing"),
    ):
        regions.says(office, "Commented", shared)
        regions.carry(sender, receiver)
    regions.carry("tianjin", "hebei")
    assert regions.waiting("hebei") == [("CAUSE", "tianjin", 1), ("CAUSE", "tianjin", 2)]
    regions.nodes["hebei"].start_record()  # what is held survives a restart
    regions.carry("beijing", "hebei")
    assert numbers(regions, "hebei") == ["b1", "b2", "t1", "b3", "t2"]
    assert regions.link("hebei", "tianjin").held == 0
    assert regions.agree(shared)


def test_holding_is_a_threads_own_and_pauses_no_link(regions: Neighbours, shared: str) -> None:
    other = regions.open(BINHAI, LANGFANG)
    regions.says(HAIDIAN, "Commented", shared)
    regions.carry("beijing", "tianjin")
    regions.says(BINHAI, "Commented", shared)
    regions.says(BINHAI, "Commented", other)
    regions.carry("tianjin", "hebei")
    assert regions.waiting("hebei") == [("CAUSE", "tianjin", 1)]
    assert [e.matter_id for e in regions.log("hebei")[1:]] == [other, other]


def test_missing_names_what_has_not_come() -> None:
    thread = st.Thread(origins=[st.Origin(region="beijing", last=2)])
    envelope = ev.Envelope(
        origin="tianjin",
        number=3,
        seen=[
            ev.Seen(origin="beijing", number=2),
            ev.Seen(origin="hebei", number=4),
            ev.Seen(origin="gansu", number=9),
        ],
    )
    found = [(m.origin, m.number) for m in threads.missing(thread, envelope, "gansu")]
    assert found == [("hebei", 4), ("tianjin", 2)]


# Joining (rule 5) -----------------------------------------------------------------------------


def test_a_newcomer_gets_the_whole_past_though_the_opener_is_away(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, BINHAI)
    regions.says(HAIDIAN, "Commented", matter)
    regions.carry("beijing", "tianjin")
    regions.forwards(BINHAI, LANGFANG, matter)
    regions.carry("tianjin", "hebei")  # and nothing of Beijing's, ever
    assert numbers(regions, "hebei") == ["b1", "b2", "t1"]
    regions.says(LANGFANG, "Received", matter)
    regions.carry_all()
    assert regions.agree(matter)
    assert not any(regions.quarantined(region) for region in regions.nodes)


def test_what_the_adder_had_not_seen_its_origin_sends(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, BINHAI)
    regions.carry("beijing", "tianjin")
    regions.says(HAIDIAN, "Commented", matter)  # crosses the addition
    regions.adds(BINHAI, LANGFANG, matter)
    regions.carry("tianjin", "hebei")
    assert numbers(regions, "hebei") == ["b1", "t1"]
    regions.carry_all()
    assert sorted(numbers(regions, "hebei")) == ["b1", "b2", "t1"]
    assert regions.agree(matter)


def test_two_that_add_the_same_region_do_no_harm(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, BINHAI)
    regions.carry_all()
    regions.adds(HAIDIAN, LANGFANG, matter)
    regions.adds(BINHAI, SANHE, matter)
    regions.carry_all()
    assert regions.agree(matter)
    assert sorted(numbers(regions, "hebei")) == ["b1", "b2", "t1"]


# Leaving (rule 6) -----------------------------------------------------------------------------


def parties(regions: Neighbours, region: str, matter: str) -> list[tuple[str, bool, bool]]:
    found = regions.thread(region, matter).parties
    return sorted((p.office, p.leaving, p.left) for p in found)


def test_leaving_is_asked_and_then_confirmed_by_the_region_awaited(
    regions: Neighbours, shared: str
) -> None:
    regions.says(LANGFANG, "LeaveAsked", shared)
    regions.carry("hebei", "beijing")
    assert (LANGFANG, True, False) in parties(regions, "beijing", shared)
    assert "ParticipantLeft" not in regions.types("beijing")  # Tianjin is awaited
    regions.carry_all()
    for region in regions.nodes:
        assert (LANGFANG, True, True) in parties(regions, region, shared)
    left = regions.log("tianjin")[-1]
    assert (left.type, left.office, left.clock) == ("ParticipantLeft", BINHAI, True)
    regions.says(HAIDIAN, "Commented", shared)
    assert list(regions.log("beijing")[-1].to) == ["tianjin"]
    regions.carry_all()
    assert regions.agree(shared, "beijing", "tianjin")
    assert not any(regions.quarantined(region) for region in regions.nodes)


def test_a_leave_covers_only_the_additions_that_it_saw(regions: Neighbours, shared: str) -> None:
    regions.says(LANGFANG, "LeaveAsked", shared)
    regions.adds(HAIDIAN, LANGFANG, shared)  # crosses the leave
    regions.carry_all()
    for region in regions.nodes:
        assert parties(regions, region, shared).count((LANGFANG, True, True)) == 1
        assert parties(regions, region, shared).count((LANGFANG, False, False)) == 1
    assert regions.agree(shared)
    regions.says(LANGFANG, "Commented", shared)  # it is there by the addition that it didn't see


def test_a_step_that_is_given_to_a_leaver_comes_back_and_then_it_leaves(
    regions: Neighbours, shared: str
) -> None:
    regions.says(LANGFANG, "LeaveAsked", shared)
    regions.forwards(BINHAI, LANGFANG, shared)  # crosses the leave
    regions.carry_all()
    assert regions.agree(shared, "beijing", "tianjin")
    step = regions.thread("beijing", shared).step
    assert (step.state, step.awaits) == ("returned", HAIDIAN)
    back = next(e for e in regions.log("beijing") if e.type == "Returned")
    assert (back.office, back.clock, back.origin) == (LANGFANG, True, "hebei")
    assert regions.types("beijing")[-1] == "ParticipantLeft"
    regions.forwards(HAIDIAN, HEPING, shared)
    regions.carry_all()
    assert regions.agree(shared, "beijing", "tianjin")
    assert not any(regions.quarantined(region) for region in regions.nodes)


def test_a_region_that_is_added_while_it_leaves_misses_nothing(
    regions: Neighbours, shared: str
) -> None:
    """Tianjin has let Hebei go and goes on without it; Beijing doesn't know, and adds Sanhe."""
    regions.says(LANGFANG, "LeaveAsked", shared)
    regions.carry("hebei", "tianjin")
    assert (LANGFANG, True, True) in parties(regions, "tianjin", shared)
    regions.says(BINHAI, "Commented", shared)
    assert list(regions.log("tianjin")[-1].to) == ["beijing"]
    regions.adds(HAIDIAN, SANHE, shared)
    regions.carry("beijing", "tianjin")
    regions.says(BINHAI, "Received", shared)
    regions.carry_all()
    assert regions.agree(shared)
    assert not any(regions.waiting(region) for region in regions.nodes)
    assert regions.thread("hebei", shared).step.state == "received"


def test_a_region_that_left_and_is_added_again_gets_what_it_missed(
    regions: Neighbours, shared: str
) -> None:
    regions.says(LANGFANG, "LeaveAsked", shared)
    regions.carry_all()
    regions.says(BINHAI, "Commented", shared)
    regions.says(HAIDIAN, "Commented", shared)
    regions.carry_all()
    missed = len(regions.log("hebei"))
    regions.adds(HAIDIAN, SANHE, shared)
    regions.carry_all()
    assert len(regions.log("hebei")) == missed + 3
    assert regions.agree(shared)


def test_an_office_that_the_region_awaited_looks_after_is_let_go_at_once(
    regions: Neighbours,
) -> None:
    matter = regions.open(HAIDIAN, CHAOYANG, FENGTAI)
    regions.says(FENGTAI, "LeaveAsked", matter)
    assert regions.types("beijing")[-2:] == ["LeaveAsked", "ParticipantLeft"]
    assert (FENGTAI, True, True) in parties(regions, "beijing", matter)
    outcome = regions.hand_in(regions.draft(FENGTAI, "Commented", matter))
    assert outcome.code == "NOT_A_PARTY"


def test_nobody_is_let_go_who_hasnt_asked() -> None:
    thread = st.Thread(step=ev.Step(number=1))
    thread.parties.add(addition="a", office=BINHAI)
    body = body_pb2.Body()
    body.participant_left.office = BINHAI
    body.participant_left.additions.append("a")
    envelope = ev.Envelope(origin="beijing", number=1, type="ParticipantLeft", seen_step=1)
    application.apply(thread, envelope, body, bytes(32), START_MS)
    assert threads.members(thread) == {"tianjin"}


# The picture ----------------------------------------------------------------------------------


def test_a_picture_shows_every_difference_and_no_order_of_arrival() -> None:
    def filled() -> st.Thread:
        thread = st.Thread(thread="main", step=ev.Step(number=2, state="received", due_ms=5))
        for region, office in (("beijing", HAIDIAN), ("tianjin", BINHAI)):
            thread.origins.add(region=region, last=1, digests=region.encode())
            thread.parties.add(addition=region, office=office)
            thread.bound.add(type="WithdrawalAsked", origin=region, number=1, step=2)
            thread.freezes.add(refuser=region, origin="hebei", number=1, code="X")
            thread.links.add(matter_id=region, family=ev.FAMILY_CLUE, state="received")
            thread.once += region.encode().ljust(threads.DIGEST)
            thread.model.findings.add(origin=region, number=1, hit=bytes(16))
        return thread

    one, two = filled(), filled()
    for name in ("origins", "parties", "bound", "freezes", "links"):
        kept = list(getattr(two, name))
        del getattr(two, name)[:]
        getattr(two, name).extend(reversed(kept))
    two.model.findings.reverse()
    two.once = two.once[threads.DIGEST :] + two.once[: threads.DIGEST]
    two.reminded = True  # each region's own
    two.deadline = "answer"  # and so is what its rules call it
    two.stepped_ms = 7
    two.freezes.add(refuser="tianjin", origin="tianjin", number=0, code="INTERNAL")  # so is this
    assert threads.picture(one) == threads.picture(two)
    for change in (
        lambda t: setattr(t.step, "due_ms", 6),
        lambda t: setattr(t.step, "state", "accepted"),
        lambda t: setattr(t, "overdue", True),
        lambda t: setattr(t, "escalated", 1),
        lambda t: setattr(t, "claimed_ms", 1),
        lambda t: setattr(t, "ended", 2),
        lambda t: setattr(t, "proposed", bytes(32)),
        lambda t: setattr(t, "agreed", bytes(32)),
        lambda t: setattr(t, "once", t.once + bytes(16)),
        lambda t: setattr(t.links[0], "state", "closed"),
        lambda t: setattr(t.origins[0], "last", 2),
        lambda t: setattr(t.origins[0], "digests", b"other"),
        lambda t: setattr(t.parties[0], "left", True),
        lambda t: setattr(t.bound[0], "number", 2),
        lambda t: setattr(t.freezes[0], "code", "Y"),
        lambda t: setattr(t.model, "version", "2"),
        lambda t: setattr(t.model.findings[0], "confirmed", False),
    ):
        other = filled()
        change(other)
        assert threads.picture(other) != threads.picture(one)
