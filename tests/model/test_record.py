from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import rules
from collabbus.model import thread as threads
from collabbus.model.answers import Answers
from collabbus.model.deadline import DAY_MS
from collabbus.model.record import Input
from collabbus.model.where import Where
from tests.model.neighbours import (
    BINHAI,
    BODIES,
    CHAOYANG,
    FENGTAI,
    HAIDIAN,
    HEPING,
    LANGFANG,
    OFFICES,
    SANHE,
    TICK,
    Neighbours,
    jingjinji,
)

CHAIN = jingjinji().lifecycles["assistance"].main
KINDS = [kind for kind in BODIES if kind != "AssistanceRequested"]
LIKELY = [*CHAIN.steps, "Commented", "WithdrawalAsked", "WithdrawalRefused", "Extended"]

offices_of = {
    "beijing": [HAIDIAN, CHAOYANG, FENGTAI],
    "tianjin": [BINHAI, HEPING],
    "hebei": [LANGFANG, SANHE],
}
acts = some.tuples(
    some.sampled_from([*LIKELY, *KINDS]),
    some.booleans(),  # by whom the step awaits, if that office is here
    some.integers(0, 9),  # else by whom
    some.sampled_from(OFFICES),  # whom it brings in or gives the matter to
    some.sampled_from([0, 0, 0, 1, 2, 5]),  # the step that it says it saw
)
Act = tuple[str, bool, int, str, int]


def draft_of(regions: Neighbours, region: str, matter: str, act: Act) -> sub.Draft:
    kind, awaited, place, other, expected = act
    office = offices_of[region][place % len(offices_of[region])]
    step = regions.thread(region, matter).step
    if awaited and step.awaits in offices_of[region]:
        office = step.awaits
    body = body_pb2.Body()
    body.CopyFrom(BODIES[kind])
    if kind in ("Forwarded", "Assigned"):
        getattr(body, kind.lower()).office = other
    draft = regions.draft(office, kind, matter, body=body, expected_step=expected)
    if kind == "ParticipantAdded":
        draft.participants.add(office=other, role=ev.ROLE_OBSERVER)
    return draft


def without_memory(thread: st.Thread) -> bytes:
    twin = st.Thread.FromString(thread.SerializeToString())
    del twin.decided[:]
    return twin.SerializeToString()


@settings(max_examples=60, deadline=None)
@given(some.lists(acts, min_size=1, max_size=14), some.lists(some.integers(0, 13), max_size=4))
def test_whatever_offices_of_one_region_do_the_rules_hold(
    history: list[Act], repeats: list[int]
) -> None:
    regions = Neighbours()
    matter = regions.open(HAIDIAN, CHAOYANG, FENGTAI)
    handed_in: list[tuple[sub.Draft, sub.Outcome]] = []
    for act in history:
        draft = draft_of(regions, "beijing", matter, act)
        before = regions.thread("beijing", matter)
        step = before.step
        outcome = regions.hand_in(draft)
        handed_in.append((draft, outcome))
        after = regions.thread("beijing", matter)
        kind = act[0]
        if outcome.decision == sub.DECISION_REJECTED:
            assert outcome.code
            assert not outcome.event_ids
            assert without_memory(after) == without_memory(before)
        elif kind in CHAIN.steps:
            assert draft.office == step.awaits  # only the awaited office writes steps
            assert after.step.number >= step.number + 1
        elif kind != "LeaveAsked":
            assert after.step.number == step.number
        if draft.expected_step not in (0, step.number):
            assert outcome.code in ("STEP_OVER", "UNKNOWN_THREAD", "MISSING_FIELD", "INVALID_FIELD")
    kept, log = regions.snapshot("beijing"), regions.types("beijing")
    for place in repeats:  # the same submission again is one effect and one answer
        draft, outcome = handed_in[place % len(handed_in)]
        assert regions.hand_in(draft) == outcome
    assert (regions.snapshot("beijing"), regions.types("beijing")) == (kept, log)
    steps = [e.step.number for e in regions.log("beijing") if e.HasField("step")]
    assert steps == list(range(1, len(steps) + 1))
    numbers = [e.number for e in regions.log("beijing") if e.origin == "beijing"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert regions.quarantined("beijing") == []


ways = some.sampled_from([(a, b) for a in offices_of for b in offices_of if a != b])
moves = some.one_of(
    some.tuples(some.sampled_from(list(offices_of)), acts),
    ways,
    ways,
    some.sampled_from([("tick", 0), ("tick", 3), ("tick", 40), ("restart", 0)]),
)


@settings(max_examples=70, deadline=None)
@given(some.booleans(), some.lists(moves, min_size=4, max_size=24))
def test_whatever_the_interleaving_regions_that_share_a_thread_agree_once_all_has_come(
    three: bool, story: list[tuple[str, object]]
) -> None:
    regions = Neighbours()
    observers = [LANGFANG] if three else []
    matter = regions.open(HAIDIAN, BINHAI, *observers)
    for first, second in story:
        if first == "tick":
            regions.now_ms += int(str(second)) * DAY_MS
            regions.tick()
        elif first == "restart":
            for node in regions.nodes.values():
                node.start_record()
                node.start_dispatch()
        elif isinstance(second, str):
            regions.carry(first, second)
        elif regions.threads(first, matter) and threads.is_open(regions.thread(first, matter)):
            regions.hand_in(draft_of(regions, first, matter, second))
    regions.carry_all()
    regions.carry_all()
    members = threads.members(regions.thread("beijing", matter)) | {
        region
        for region in ("tianjin", "hebei")
        if regions.threads(region, matter)
        and region in threads.members(regions.thread(region, matter))
    }
    longest = max(
        (regions.thread(r, matter) for r in members),
        key=lambda thread: sum(origin.last for origin in thread.origins),
    )
    assert regions.agree(matter, *threads.members(longest))
    for region in regions.nodes:
        assert regions.quarantined(region) == []
        assert regions.waiting(region) == []
        last: dict[str, int] = {}
        step = 0
        for envelope in regions.log(region):
            if envelope.thread != threads.MAIN:
                continue
            assert envelope.number == last.get(envelope.origin, 0) + 1
            for seen in envelope.seen:
                assert last.get(seen.origin, 0) >= seen.number
            last[envelope.origin] = envelope.number
            if envelope.HasField("step"):
                assert envelope.step.number == step + 1
                step += 1


# Runs -----------------------------------------------------------------------------------------


def test_who_records_the_same_inputs_writes_the_same_records() -> None:
    def lives(restarts: bool) -> Neighbours:
        regions = Neighbours()
        matter = regions.open(HAIDIAN, CHAOYANG, FENGTAI)
        for kind in ("Received", "Commented", "Accepted", "Declined", "Completed"):
            if restarts:
                regions.nodes["beijing"].start_record()
            regions.hand_in(regions.draft(CHAOYANG, kind, matter))
        regions.now_ms += 90 * DAY_MS
        if restarts:
            regions.nodes["beijing"].start_record()
        regions.tick()
        return regions

    one, two = lives(False), lives(True)
    assert one.events("beijing") == two.events("beijing")
    assert one.nodes["beijing"].disk.outcomes == two.nodes["beijing"].disk.outcomes
    assert one.snapshot("beijing") == two.snapshot("beijing")


def test_inputs_of_one_run_see_each_other(regions: Neighbours) -> None:
    node = regions.nodes["beijing"]
    draft = regions.opening()
    for _ in range(3):
        node.recorder.record(
            Input(None, "", 0, regions.now_ms, draft.matter_id.encode(), regions.sign(draft))
        )
    assert len(node.recorder.effects.events) == 1
    assert len(node.recorder.effects.outcomes) == 3
    node.recorder.commit()
    assert not node.recorder.changes()
    assert node.recorder.effects.size() == [0] * 10


def test_a_tick_is_nobodys_act(regions: Neighbours) -> None:
    before = regions.snapshot("beijing")
    assert regions.put("beijing", TICK, b"") is None
    after = regions.snapshot("beijing")
    # The contracts of today are kept, for the matters that are pinned to them.
    assert {key: value for key, value in after.items() if not key.startswith("c/")} == before
    assert not regions.events("beijing")


# Poison (invariant 8) -------------------------------------------------------------------------


def planted(
    monkeypatch: pytest.MonkeyPatch, poison: Callable[[rules.Act], bool], times: int = 99
) -> list[int]:
    """Have the core fail on some acts, for the first so many times."""
    real = rules.judge
    struck: list[int] = []

    def failing(where: Where, act: rules.Act) -> rules.Verdict:
        if poison(act) and len(struck) < times:
            struck.append(1)
            raise ZeroDivisionError("planted: 李某")
        return real(where, act)

    monkeypatch.setattr(rules, "judge", failing)
    return struck


def test_a_submission_on_which_the_core_fails_stops_nobody_but_its_thread(
    regions: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt, whole = (regions.open(HAIDIAN, CHAOYANG) for _ in range(2))
    struck = planted(monkeypatch, lambda act: act.kind == "Accepted")
    drafts = [
        regions.draft(CHAOYANG, "Received", spoilt),
        regions.draft(CHAOYANG, "Accepted", spoilt),
        regions.draft(CHAOYANG, "Received", whole),
    ]
    node = regions.nodes["beijing"]
    for draft in drafts:
        key = draft.matter_id.encode()
        node.disk.inputs[""].append((regions.now_ms, key, regions.sign(draft)))
    regions.record("beijing")  # one run
    assert len(struck) == 2  # tried twice
    assert regions.types("beijing")[2:] == ["Received", "Received"]
    assert regions.quarantined("beijing") == ["INTERNAL"]
    outcome = sub.Outcome.FromString(node.disk.outcomes[-2])
    assert (outcome.submission_id, outcome.code) == (drafts[1].submission_id, "INTERNAL")
    [kept] = map(sub.Quarantined.FromString, node.disk.quarantine)
    assert "李某" not in kept.reason  # where it failed is told, never with what
    [freeze] = regions.thread("beijing", spoilt).freezes
    assert (freeze.refuser, freeze.code) == ("beijing", "INTERNAL")
    monkeypatch.undo()
    assert regions.hand_in(drafts[1]).code == "INTERNAL"  # remembered: it is decided
    again = regions.draft(CHAOYANG, "Accepted", spoilt)
    assert regions.hand_in(again).code == "FROZEN"
    regions.says(CHAOYANG, "Accepted", whole)


def test_what_fails_once_is_tried_again_and_leaves_no_trace_of_it(
    regions: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    struck = planted(monkeypatch, lambda act: True, times=1)
    matter = regions.open(HAIDIAN, CHAOYANG)
    assert len(struck) == 1
    assert regions.types("beijing") == ["AssistanceRequested"]
    assert regions.quarantined("beijing") == []
    assert not regions.thread("beijing", matter).freezes


def test_a_failure_after_an_event_was_laid_down_takes_the_event_back(
    regions: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Answers.tell

    def failing(self: Answers, draft: sub.Draft, record: bytes, decided: st.Decided) -> None:
        if not decided.code:
            raise RuntimeError("planted")
        real(self, draft, record, decided)

    monkeypatch.setattr(Answers, "tell", failing)
    draft = regions.opening()
    outcome = regions.hand_in(draft)
    assert outcome.code == "INTERNAL"
    assert not regions.events("beijing")
    assert not [key for key in regions.snapshot("beijing") if key[:2] in ("m/", "t/")]


def test_a_parcel_on_which_the_core_fails_is_quarantined_whole_and_can_come_again(
    regions: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collabbus.link import inbound

    def failing(*rest: object) -> None:
        raise RuntimeError("planted")

    regions.open()
    monkeypatch.setattr(inbound, "advance", failing)
    regions.carry("beijing", "tianjin")
    assert regions.quarantined("tianjin") == ["INTERNAL"]
    assert regions.link("tianjin", "beijing").size == 0
    monkeypatch.undo()
    regions.forge("beijing", "tianjin", *regions.events("beijing"))
    assert regions.types("tianjin") == ["AssistanceRequested"]
