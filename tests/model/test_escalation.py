"""Escalation, defaults and reminders: one clock a step, the waiter's (rule 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.contracts import load
from collabbus.model.contract import Contract, contract_hash
from collabbus.model.deadline import DAY_MS, days_after
from collabbus.model.escalation import reached, target, unheard
from collabbus.model.lifecycle import Deadline, Lifecycle, Target
from tests.model.neighbours import (
    BINHAI,
    BODIES,
    CONTRACTS,
    HAIDIAN,
    HEPING,
    LANGFANG,
    START_MS,
    TIANJIN,
    Neighbours,
    altered,
    jingjinji,
)
from tests.model.signing import circulating, code, convene, guest, says, track

ABOVE = "tianjin/branch-3"
"""The office above Binhai."""
HOUR_MS = DAY_MS // 24
DUE_MS = days_after(START_MS, 10)
FIRST_MS, GRACE_MS = DUE_MS + DAY_MS, DUE_MS + 4 * DAY_MS
"""When the first level of `STEEP` is reached, and when its grace ends."""
SECOND_MS = DUE_MS + 7 * DAY_MS
STEEP = {
    "zh": "期限",
    "within": "10 days",
    "at_most": "60 days",
    "escalate": [
        {"after": "1 day", "to": "superior", "grace": "3 days", "articles": ["engineering"]},
        {"after": "2 days", "to": "linkage_office", "grace": "1 day", "articles": ["engineering"]},
        {"after": "7 days", "to": "superior", "grace": "1 day", "articles": ["engineering"]},
    ],
    "articles": ["engineering"],
}


def contract(**deadlines: Mapping[str, Any]) -> Contract:
    """Give the contract of assistance with some other deadlines."""
    now = jingjinji()
    old = now.lifecycles["assistance"]
    rules = {name: Deadline.model_validate(each) for name, each in deadlines.items()}
    changed = old.model_copy(update={"deadlines": {**old.deadlines, **rules}})
    lifecycles = {"assistance": changed}
    return Contract(
        network=now.network, lifecycles=lifecycles, hash=contract_hash(now.network, lifecycles)
    )


def steep(answer: Mapping[str, Any]) -> Lifecycle:
    return contract(answer=answer).lifecycles["assistance"]


@pytest.fixture
def regions() -> Neighbours:
    """Regions whose answers are escalated twice: to nobody in between, who isn't in the network."""
    return Neighbours(contract(answer=STEEP))


@pytest.fixture
def shared(regions: Neighbours) -> str:
    """A matter of Beijing, which waits, and Tianjin, which is awaited; Hebei looks on."""
    matter = regions.open(HAIDIAN, BINHAI, LANGFANG)
    regions.carry_all()
    return matter


def at(regions: Neighbours, time_ms: int, *ticking: str) -> None:
    regions.now_ms = time_ms
    regions.tick(*ticking)


def heard(regions: Neighbours, time_ms: int) -> None:
    """Have Beijing hear that Tianjin has recorded until a time."""
    at(regions, time_ms, "tianjin")
    regions.now_ms += 10_000
    regions.carry("tianjin", "beijing")


def escalations(regions: Neighbours, region: str) -> list[verbs_pb2.Escalated]:
    return [
        body_pb2.Body.FromString(event.body).escalated
        for envelope, event in zip(regions.log(region), regions.events(region), strict=True)
        if envelope.type == "Escalated"
    ]


def levels(regions: Neighbours, region: str = "beijing") -> list[tuple[int, str]]:
    """Give what a log says was escalated: level, and to whom."""
    return [(said.level, *said.to) for said in escalations(regions, region)]


# Escalation -----------------------------------------------------------------------------------


def test_what_stays_overdue_is_escalated_level_by_level_and_once_each(
    regions: Neighbours, shared: str
) -> None:
    """A level at which the network has nobody to turn to is passed over."""
    at(regions, DUE_MS, "beijing")
    heard(regions, DUE_MS)
    at(regions, FIRST_MS - 1, "beijing")
    assert levels(regions) == []
    for later in (0, 1, HOUR_MS, DAY_MS):
        at(regions, FIRST_MS + later, "beijing")
        assert levels(regions) == [(1, ABOVE)]
    at(regions, SECOND_MS - 1, "beijing")
    assert len(levels(regions)) == 1
    for later in (0, 1, DAY_MS, 100 * DAY_MS):
        at(regions, SECOND_MS + later, "beijing")
        assert levels(regions) == [(1, ABOVE), (3, ABOVE)]
    regions.carry_all()
    for region in regions.nodes:
        thread = regions.thread(region, shared)
        assert thread.escalated == 3
        assert levels(regions, region) == [(1, ABOVE), (3, ABOVE)]
    assert regions.agree(shared)
    assert not any(regions.quarantined(r) or regions.waiting(r) for r in regions.nodes)


def test_whom_it_is_escalated_to_looks_on_from_then_on(regions: Neighbours, shared: str) -> None:
    at(regions, DUE_MS, "beijing")
    heard(regions, DUE_MS)
    at(regions, FIRST_MS, "beijing")
    at(regions, SECOND_MS, "beijing")
    regions.carry_all()
    for region in regions.nodes:
        found = [p.role for p in regions.thread(region, shared).parties if p.office == ABOVE]
        assert found == [ev.ROLE_OBSERVER]  # brought in once


def test_an_escalation_says_until_when_the_awaited_region_was_heard(
    regions: Neighbours, shared: str
) -> None:
    at(regions, DUE_MS, "beijing")
    heard(regions, DUE_MS + 5)
    at(regions, FIRST_MS, "beijing")
    [said] = escalations(regions, "beijing")
    assert (said.step, said.due_ms, said.heard_until_ms) == (1, DUE_MS, DUE_MS + 5)
    assert said.reason == verbs_pb2.ESCALATION_REASON_OVERDUE
    assert shared


@pytest.mark.parametrize("every_ms", [HOUR_MS // 60, HOUR_MS, 5 * HOUR_MS])
def test_while_the_link_is_down_nothing_is_escalated_before_the_grace_is_over(
    regions: Neighbours, shared: str, every_ms: int
) -> None:
    """Invariant 10, why.md 6: the answer may be on its way. However often the clock ticks."""
    at(regions, DUE_MS, "beijing")
    time_ms = FIRST_MS - 2 * every_ms
    while time_ms < FIRST_MS + 12 * every_ms:
        at(regions, time_ms, "beijing")
        time_ms += every_ms
    at(regions, GRACE_MS - 1, "beijing")
    assert levels(regions) == []
    at(regions, GRACE_MS, "beijing")
    assert levels(regions) == [(1, ABOVE)]
    assert escalations(regions, "beijing")[0].heard_until_ms < DUE_MS
    regions.carry_all()
    assert regions.agree(shared)


def test_once_the_awaited_region_is_heard_the_escalation_waits_for_no_grace(
    regions: Neighbours, shared: str
) -> None:
    at(regions, DUE_MS, "beijing")
    at(regions, FIRST_MS, "beijing")
    at(regions, FIRST_MS + 60_000, "beijing")
    heard(regions, FIRST_MS + 120_000)
    assert levels(regions) == []
    at(regions, FIRST_MS + 2 * HOUR_MS, "beijing")  # it is looked at once an hour
    assert levels(regions) == [(1, ABOVE)]
    assert shared


def test_an_escalation_that_waits_is_looked_at_after_a_restart_too(
    regions: Neighbours, shared: str
) -> None:
    at(regions, DUE_MS, "beijing")
    at(regions, FIRST_MS, "beijing")
    regions.nodes["beijing"].start_record()
    at(regions, FIRST_MS + 60_000, "beijing")
    assert levels(regions) == []
    at(regions, GRACE_MS, "beijing")
    assert levels(regions) == [(1, ABOVE)]
    assert shared


def test_an_agenda_that_waits_doesnt_grow(regions: Neighbours, shared: str) -> None:
    for matter in [regions.open() for _ in range(3)]:
        regions.says(HAIDIAN, "Commented", matter)
    at(regions, DUE_MS, "beijing")
    clock = regions.nodes["beijing"].recorder.clock
    sizes = []
    for hour in range(48):
        at(regions, FIRST_MS + hour * HOUR_MS, "beijing")
        sizes.append(len(clock._agenda))
    assert max(sizes[2:]) <= sizes[2]
    assert levels(regions) == []
    assert shared


def test_an_answer_in_time_that_comes_late_is_never_escalated(
    regions: Neighbours, shared: str
) -> None:
    """why.md 6: Tianjin answered, the link was down for five days."""
    regions.now_ms = DUE_MS - 1
    regions.says(BINHAI, "Declined", shared)
    at(regions, DUE_MS, "beijing")
    at(regions, FIRST_MS + DAY_MS, "beijing")
    regions.carry_all()
    at(regions, SECOND_MS + 9 * DAY_MS)
    assert levels(regions) == []


def test_an_extension_begins_the_escalation_anew(regions: Neighbours, shared: str) -> None:
    at(regions, DUE_MS, "beijing")
    heard(regions, DUE_MS)
    at(regions, FIRST_MS, "beijing")
    body = body_pb2.Body(extended=verbs_pb2.Extended(due_date="2026-10-20", reason="案情复杂"))
    regions.says(HAIDIAN, "Extended", shared, body=body)
    assert regions.thread("beijing", shared).escalated == 0
    due = regions.thread("beijing", shared).step.due_ms
    at(regions, due, "beijing")
    heard(regions, due)
    at(regions, due + DAY_MS, "beijing")
    assert levels(regions) == [(1, ABOVE), (1, ABOVE)]
    regions.carry_all()
    assert regions.agree(shared)


def test_nobody_but_the_waiters_region_escalates_or_claims(
    regions: Neighbours, shared: str
) -> None:
    regions.says(BINHAI, "Commented", shared)
    bodies = (
        body_pb2.Body(
            escalated=verbs_pb2.Escalated(
                step=1,
                due_ms=DUE_MS,
                level=1,
                to=[ABOVE],
                reason=verbs_pb2.ESCALATION_REASON_OVERDUE,
            )
        ),
        body_pb2.Body(
            default_claimed=verbs_pb2.DefaultClaimed(step=1, due_ms=DUE_MS, act="Closed")
        ),
    )
    for body in bodies:
        fresh = Neighbours(regions.contract)
        assert fresh.open(HAIDIAN, BINHAI, LANGFANG) == shared
        forged = altered(regions.events("tianjin")[-1], body, clock=True, office=BINHAI)
        fresh.forge("tianjin", "beijing", forged)
        thread = fresh.thread("beijing", shared)
        assert [freeze.code for freeze in thread.freezes] == ["NOT_ALLOWED"]
        assert (thread.escalated, thread.claimed_ms) == (0, 0)


TOP = {
    **STEEP,
    "otherwise": {"after": "2 days", "to": "waiter", "grace": "1 day", "articles": ["engineering"]},
}
OTHERWISE_MS = DUE_MS + 2 * DAY_MS


def test_where_nobody_stands_above_the_waiter_is_told_once_and_for_all() -> None:
    """A provincial office is asked: no superior, and the network has no office that coordinates."""
    regions = Neighbours(contract(answer=TOP))
    matter = regions.open(HAIDIAN, TIANJIN)
    regions.carry_all()
    at(regions, DUE_MS, "beijing")
    heard(regions, DUE_MS)
    at(regions, OTHERWISE_MS - 1, "beijing")
    assert levels(regions) == []
    for later in (0, 1, DAY_MS, 100 * DAY_MS):
        at(regions, OTHERWISE_MS + later, "beijing")
        assert levels(regions) == [(4, HAIDIAN)]
    regions.carry_all()
    assert levels(regions, "tianjin") == [(4, HAIDIAN)]
    assert {p.office for p in regions.thread("tianjin", matter).parties} == {HAIDIAN, TIANJIN}
    assert regions.agree(matter, "beijing", "tianjin")
    assert not any(regions.quarantined(r) or regions.waiting(r) for r in regions.nodes)


def test_without_a_word_of_the_contract_nobody_is_told() -> None:
    """What `contracts check` doesn't let through: overdue, and nothing follows."""
    regions = Neighbours(contract(answer=STEEP))
    regions.open(HAIDIAN, TIANJIN)
    regions.carry_all()
    at(regions, DUE_MS, "beijing")
    heard(regions, DUE_MS)
    at(regions, DUE_MS + 100 * DAY_MS, "beijing")
    assert levels(regions) == []
    assert [flaw.key for flaw in unheard(jingjinji().network, steep(STEEP))] == [
        ("deadlines", "answer", "escalate")
    ]
    assert list(unheard(jingjinji().network, steep(TOP))) == []


def test_what_is_done_otherwise_isnt_done_where_somebody_stands_above() -> None:
    regions = Neighbours(contract(answer=TOP))
    regions.open(HAIDIAN, BINHAI)
    regions.carry_all()
    at(regions, DUE_MS, "beijing")
    heard(regions, DUE_MS)
    at(regions, DUE_MS + 100 * DAY_MS, "beijing")
    assert levels(regions) == [(1, ABOVE), (3, ABOVE)]


@pytest.mark.parametrize(
    ("to", "awaited", "found"),
    [
        (Target.SUPERIOR, "jiangan/deputy-convener", "jiangan/conveners"),
        (Target.SUPERIOR, "jiangan/conveners", None),
        (Target.SUPERIOR, "jiangan/unheard-of", None),
        (Target.LINKAGE_OFFICE, "jiangan/water", "jiangan/linkage-office"),
        (Target.LINKAGE_OFFICE, "jiangan/linkage-office", None),
        (Target.CONVENERS, "jiangan/water", "jiangan/conveners"),
        (Target.CONVENERS, "jiangan/conveners", None),
        (Target.WAITER, "jiangan/water", "jiangan/justice"),
        (Target.WAITER, "jiangan/justice", None),
    ],
)
def test_nobody_is_told_of_its_own_lateness_in_anothers_place(
    to: Target, awaited: str, found: str | None
) -> None:
    network = load(CONTRACTS).networks["jiangan"]
    assert target(network, to, awaited, "jiangan/justice") == found


def test_a_network_without_a_coordinating_office_has_none() -> None:
    network = jingjinji().network
    for to in (Target.LINKAGE_OFFICE, Target.CONVENERS):
        assert target(network, to, BINHAI, HAIDIAN) is None


def test_every_office_of_every_network_has_somebody_told_of_its_lateness() -> None:
    contracts = load(CONTRACTS)
    for network in contracts.networks.values():
        for lifecycle in contracts.lifecycles.values():
            for deadline in lifecycle.deadlines.values():
                for office in network.offices() if deadline.escalate else ():
                    assert list(reached(network, deadline, office.id, "elsewhere/office"))


@pytest.mark.parametrize(
    ("to", "whom"),
    [
        ("superior", "where jiangan/conveners and 2 more are awaited"),
        ("linkage_office", "where jiangan/linkage-office is awaited"),
        ("conveners", "where jiangan/conveners is awaited"),
    ],
)
def test_a_deadline_that_reaches_nobody_is_named_with_network_and_office(
    to: str, whom: str
) -> None:
    level = {"after": "1 day", "to": to, "grace": "1 day", "articles": ["engineering"]}
    network = load(CONTRACTS).networks["jiangan"]
    [flaw] = unheard(network, steep({**STEEP, "escalate": [level]}))
    assert flaw.key == ("deadlines", "answer", "escalate")
    assert f"in network jiangan {whom}" in flaw.rule
    assert "say with `otherwise`" in flaw.rule


# Reminders ------------------------------------------------------------------------------------


def test_reminders_of_several_threads_and_steps_are_told_apart() -> None:
    """Each is an event of its own in the region's own thread, which names the thread and step."""
    reminding = {**STEEP, "remind": "3 days"}
    regions = Neighbours(contract(answer=reminding, decision=reminding))
    matter = regions.open(BINHAI, HEPING)
    at(regions, DUE_MS - 3 * DAY_MS, "tianjin")
    regions.says(HEPING, "Returned", matter)
    due = regions.thread("tianjin", matter).step.due_ms
    at(regions, due - 3 * DAY_MS, "tianjin")
    said = [
        body_pb2.Body.FromString(event.body).reminded
        for event in regions.events("tianjin")
        if b"Reminded" in event.envelope
    ]
    assert [(one.step, one.due_ms, one.thread) for one in said] == [
        (1, DUE_MS, "main"),
        (2, due, "main"),
    ]
    found = [e for e in regions.log("tianjin") if e.type == "Reminded"]
    assert [(e.office, e.number) for e in found] == [(HEPING, 1), (BINHAI, 2)]
    assert len({e.event_id for e in found}) == 2


# Defaults -------------------------------------------------------------------------------------


@pytest.fixture
def completed(regions: Neighbours) -> str:
    """Binhai waits, in Tianjin, for Haidian to close within 15 days; else it counts as closed."""
    matter = regions.open()
    regions.carry_all()
    regions.says(BINHAI, "Accepted", matter)
    regions.says(BINHAI, "Completed", matter)
    regions.carry_all()
    return matter


CLOSING_MS = days_after(START_MS, 15)


def test_a_default_is_claimed_by_the_waiter_and_made_by_the_awaited_region(
    regions: Neighbours, completed: str
) -> None:
    at(regions, CLOSING_MS - 1)
    assert "DefaultClaimed" not in regions.types("tianjin")
    at(regions, CLOSING_MS)
    at(regions, CLOSING_MS + 1)
    assert regions.types("tianjin")[-2:] == ["Overdue", "DefaultClaimed"]
    assert regions.thread("tianjin", completed).step.state == "completed"  # nobody else's to make
    regions.carry("tianjin", "beijing")
    assert regions.thread("beijing", completed).step.state == "completed"  # not by arriving alone
    regions.now_ms += 1
    regions.tick("beijing")
    made = regions.log("beijing")[-1]
    assert (made.type, made.office, made.clock, made.origin) == ("Closed", HAIDIAN, True, "beijing")
    regions.carry_all()
    for region in ("beijing", "tianjin"):
        assert regions.thread(region, completed).step.state == "closed"
        assert regions.types(region).count("DefaultClaimed") == 1
    assert regions.agree(completed, "beijing", "tianjin")
    assert not any(regions.quarantined(r) or regions.waiting(r) for r in regions.nodes)


def test_a_default_falls_only_at_a_tick_later_than_its_claims_arrival(
    regions: Neighbours, completed: str
) -> None:
    """why.md 5: what was acknowledged before the claim came lies before that tick."""
    at(regions, CLOSING_MS, "tianjin")
    regions.carry("tianjin", "beijing")
    arrived = regions.now_ms
    at(regions, arrived, "beijing")
    assert "Closed" not in regions.types("beijing")
    at(regions, arrived + 1, "beijing")
    assert regions.types("beijing")[-1] == "Closed"
    assert completed


def test_no_default_falls_over_an_answer_acknowledged_before_it(
    regions: Neighbours, completed: str
) -> None:
    """why.md 5: 16:59 the answer is acknowledged, the processor down; the tick comes after it."""
    at(regions, CLOSING_MS, "tianjin")
    regions.carry("tianjin", "beijing")
    node = regions.nodes["beijing"]
    answer = regions.draft(HAIDIAN, "Forwarded", completed)
    answer.body.CopyFrom(BODIES["Closed"])
    answer.not_after_ms = CLOSING_MS + DAY_MS
    key = completed.encode()
    node.disk.inputs[""].append((regions.now_ms + 5, key, regions.sign(answer)))
    at(regions, regions.now_ms + HOUR_MS, "beijing")
    closed = [e for e in regions.log("beijing") if e.type == "Closed"]
    assert [(e.clock, e.step.number) for e in closed] == [(False, 4)]
    at(regions, regions.now_ms + DAY_MS, "beijing")
    assert regions.types("beijing").count("Closed") == 1


def test_a_claim_that_crosses_an_answer_or_an_extension_has_no_effect(
    regions: Neighbours, completed: str
) -> None:
    regions.now_ms = CLOSING_MS - 1
    regions.says(HAIDIAN, "Closed", completed)
    at(regions, CLOSING_MS, "tianjin")
    regions.carry_all()
    at(regions, CLOSING_MS + DAY_MS)
    assert regions.types("beijing").count("Closed") == 1
    assert regions.agree(completed, "beijing", "tianjin")


def test_who_claimed_and_then_extends_takes_its_claim_back(
    regions: Neighbours, completed: str
) -> None:
    """Invariant 4: the due time has one writer, so claim and extension come in one order."""
    at(regions, CLOSING_MS, "tianjin")
    body = body_pb2.Body(extended=verbs_pb2.Extended(due_date="2026-10-20", reason="尚待核实"))
    regions.says(BINHAI, "Extended", completed, body=body)
    regions.carry("tianjin", "beijing")
    at(regions, CLOSING_MS + DAY_MS, "beijing")
    assert "Closed" not in regions.types("beijing")
    later = regions.thread("beijing", completed).step.due_ms
    at(regions, later, "tianjin")
    regions.carry("tianjin", "beijing")
    at(regions, later + DAY_MS, "beijing")
    assert regions.types("beijing")[-1] == "Closed"
    regions.carry_all()
    assert regions.types("tianjin").count("DefaultClaimed") == 2
    assert regions.agree(completed, "beijing", "tianjin")


def test_a_default_that_crosses_an_extension_stands_everywhere(
    regions: Neighbours, completed: str
) -> None:
    at(regions, CLOSING_MS, "tianjin")
    regions.carry("tianjin", "beijing")
    regions.now_ms += 1
    regions.tick("beijing")  # makes it
    body = body_pb2.Body(extended=verbs_pb2.Extended(due_date="2026-10-20", reason="尚待核实"))
    regions.says(BINHAI, "Extended", completed, body=body)  # hasn't heard of it
    regions.carry_all()
    assert regions.agree(completed, "beijing", "tianjin")
    assert regions.thread("tianjin", completed).step.state == "closed"
    assert not any(regions.quarantined(r) or regions.waiting(r) for r in regions.nodes)


def test_in_one_region_a_default_falls_at_the_tick_after_its_claim(regions: Neighbours) -> None:
    matter = regions.open(BINHAI, HEPING)
    regions.says(HEPING, "Accepted", matter)
    regions.says(HEPING, "Completed", matter)
    at(regions, CLOSING_MS, "tianjin")
    assert regions.types("tianjin")[-2:] == ["Overdue", "DefaultClaimed"]
    at(regions, CLOSING_MS + 1, "tianjin")
    assert regions.types("tianjin")[-1] == "Closed"
    at(regions, CLOSING_MS + DAY_MS, "tianjin")
    assert regions.types("tianjin").count("Closed") == 1


def test_a_default_is_due_in_tracks_too_and_says_what_the_contract_says() -> None:
    regions = Neighbours(circulating())
    matter = convene(regions, BINHAI)
    regions.carry_all()
    at(regions, DUE_MS, "beijing")
    regions.carry("beijing", "tianjin")
    at(regions, regions.now_ms + 1, "tianjin")
    regions.carry_all()
    made = regions.log("tianjin")[-1]
    assert (made.type, made.office, made.clock, made.thread) == (
        "Acknowledged",
        BINHAI,
        True,
        track(BINHAI),
    )
    said = body_pb2.Body.FromString(regions.events("tianjin")[-1].body).acknowledged
    assert said.register_number == "缺省"
    assert regions.thread("beijing", matter, track(BINHAI)).step.state == "attending"
    assert regions.agree(matter, "beijing", "tianjin", thread=track(BINHAI))
    assert not any(regions.quarantined(r) or regions.waiting(r) for r in regions.nodes)


def test_a_guests_default_is_said_for_the_guest() -> None:
    """Invariant 8: the event shows that the host speaks for it, the clock's as any other."""
    regions = Neighbours(circulating())
    matter = convene(regions, BINHAI)
    firm = "track/guest/firm-1"
    says(regions, HAIDIAN, matter, guest("firm-1"), firm)
    at(regions, DUE_MS, "beijing")
    at(regions, DUE_MS + 1, "beijing")
    [made] = [e for e in regions.log("beijing") if e.thread == firm and e.HasField("step")][1:]
    assert (made.type, made.office, made.guest, made.clock) == (
        "Acknowledged",
        HAIDIAN,
        "firm-1",
        True,
    )
    assert code(regions, HAIDIAN, matter, verbs_pb2.Commented(text="知悉"), firm) == ""


def test_a_claim_without_a_default_in_the_contract_makes_nothing(
    regions: Neighbours, shared: str
) -> None:
    """A peer claims what the contract doesn't give: the rules decide, not its word."""
    regions.says(HAIDIAN, "Commented", shared)
    body = body_pb2.Body(
        default_claimed=verbs_pb2.DefaultClaimed(step=1, due_ms=DUE_MS, act="Declined")
    )
    forged = altered(regions.events("beijing")[-1], body, clock=True)
    regions.forge("beijing", "tianjin", forged)
    at(regions, DUE_MS + DAY_MS, "tianjin")
    assert regions.thread("tianjin", shared).step.number == 1
    assert "Declined" not in regions.types("tianjin")
