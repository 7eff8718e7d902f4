from __future__ import annotations

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import assistance_pb2 as assistance
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model import rules
from collabbus.model.deadline import DAY_MS, days_after, end_of, parse_day
from collabbus.model.rejection import Rejection
from tests.model.neighbours import (
    BINHAI,
    BODIES,
    CHAOYANG,
    HAIDIAN,
    HEPING,
    LANGFANG,
    START_MS,
    jingjinji,
)

LIFECYCLE = jingjinji().lifecycles["assistance"]
BASIS = [ev.LegalBasis(instrument="《意见》", article="第十一条")]
ASKS = [
    ev.Participant(office=HAIDIAN, role=ev.ROLE_REQUESTER),
    ev.Participant(office=BINHAI, role=ev.ROLE_EXECUTOR),
]


def at(state: str, number: int = 4, **fields: object) -> st.Thread:
    """Give a thread in a state: Haidian asked, Binhai was asked, Langfang looks on."""
    thread = st.Thread(thread="main")
    for office, role in (
        (HAIDIAN, ev.ROLE_REQUESTER),
        (BINHAI, ev.ROLE_EXECUTOR),
        (LANGFANG, ev.ROLE_OBSERVER),
    ):
        thread.parties.add(addition="a", office=office, role=role)
    rule = LIFECYCLE.states[state]
    places = {None: "", "requester": HAIDIAN, "executor": BINHAI}
    thread.step.CopyFrom(
        ev.Step(
            number=number,
            state=state,
            awaits=places[rule.awaits],
            waits=places[rule.waits],
            due_ms=0 if rule.final else START_MS,
            **fields,
        )
    )
    return thread


def act(
    kind: str,
    office: str,
    seen: int = 4,
    participants: list[ev.Participant] | None = None,
    body: body_pb2.Body | None = None,
    **fields: object,
) -> rules.Act:
    values: dict[str, object] = {
        "kind": kind,
        "office": office,
        "officer": "王敏",
        "participants": participants or [],
        "legal_basis": [],
        "body": body or BODIES[kind],
        "seen_step": seen,
        **fields,
    }
    return rules.Act(**values)


def refused(thread: st.Thread, what: rules.Act) -> tuple[str, str]:
    with pytest.raises(Rejection) as caught:
        rules.judge(LIFECYCLE, thread, what)
    assert caught.value.reason
    return caught.value.reason_code, caught.value.field


def bound(thread: st.Thread, kind: str, step: int = 4) -> st.Thread:
    thread.bound.add(type=kind, origin="beijing", number=1, step=step, office=HAIDIAN)
    return thread


def test_every_step_leads_where_the_contract_says_and_awaits_whom_the_state_names() -> None:
    for kind, rule in LIFECYCLE.steps.items():
        for state in rule.from_:
            thread = at(state, resumes="accepted" if rule.to == "resume" else "")
            if rule.answers:
                bound(thread, rule.answers)
            office = thread.step.awaits
            added = [ev.Participant(office=HEPING, role=ev.ROLE_EXECUTOR)] if rule.forwards else []
            verdict = rules.judge(LIFECYCLE, thread, act(kind, office, participants=added))
            step = verdict.step
            assert step is not None
            to = LIFECYCLE.states["accepted" if rule.to == "resume" else rule.to]
            assert step.number == 5
            assert (step.awaits == "") is to.final
            assert (verdict.deadline == "") is to.final
            if not to.final:
                executor = HEPING if rule.forwards else BINHAI
                places = {"requester": HAIDIAN, "executor": executor}
                assert (step.awaits, step.waits) == (places[to.awaits], places[to.waits])
                assert verdict.deadline == rule.deadline
            assert step.resumes == (state if rule.asks else "")


def test_only_the_awaited_office_writes_the_next_step() -> None:
    for kind, rule in LIFECYCLE.steps.items():
        for state in rule.from_:
            thread = at(state)
            added = [ev.Participant(office=HEPING, role=ev.ROLE_EXECUTOR)] if rule.forwards else []
            for office, code in (
                (thread.step.waits, "NOT_AWAITED"),
                (LANGFANG, "NOT_AWAITED"),
                (CHAOYANG, "NOT_A_PARTY"),
            ):
                assert refused(thread, act(kind, office, participants=added)) == (code, "office")


def test_no_step_leads_out_of_a_state_that_the_contract_doesnt_name() -> None:
    for kind, rule in LIFECYCLE.steps.items():
        added = [ev.Participant(office=HEPING, role=ev.ROLE_EXECUTOR)] if rule.forwards else []
        for state, found in LIFECYCLE.states.items():
            if state in rule.from_:
                continue
            thread = at(state)
            what = act(kind, thread.step.awaits or BINHAI, participants=added)
            code = "NOT_AWAITED" if found.final else "WRONG_STATE"
            assert refused(thread, what)[0] == code


def test_an_opening_asks_one_other_office_on_a_legal_basis() -> None:
    verdict = rules.judge(
        LIFECYCLE,
        st.Thread(),
        act("AssistanceRequested", HAIDIAN, 0, ASKS, legal_basis=BASIS),
    )
    assert verdict.step == ev.Step(number=1, state="requested", awaits=BINHAI, waits=HAIDIAN)
    assert verdict.deadline == "answer"


EXECUTOR, REQUESTER, OBSERVER = ev.ROLE_EXECUTOR, ev.ROLE_REQUESTER, ev.ROLE_OBSERVER


@pytest.mark.parametrize(
    ("participants", "fields", "code", "field"),
    [
        ([(HAIDIAN, REQUESTER)], {}, "MISSING_FIELD", "participants"),
        ([(HAIDIAN, REQUESTER), (BINHAI, OBSERVER)], {}, "MISSING_FIELD", "participants"),
        ([(HAIDIAN, REQUESTER), (BINHAI, EXECUTOR), (HEPING, EXECUTOR)], {},
         "INVALID_FIELD", "participants"),
        ([(HAIDIAN, REQUESTER), (HAIDIAN, EXECUTOR)], {}, "INVALID_FIELD", "participants"),
        ([(BINHAI, REQUESTER), (HEPING, EXECUTOR)], {}, "INVALID_FIELD", "participants"),
        ([(BINHAI, EXECUTOR)], {}, "INVALID_FIELD", "participants"),
        ([(HAIDIAN, REQUESTER), (BINHAI, EXECUTOR), (BINHAI, OBSERVER)], {},
         "INVALID_FIELD", "participants"),
        (None, {"legal_basis": []}, "MISSING_FIELD", "legal_basis"),
        (None, {"officer": ""}, "MISSING_FIELD", "officer"),
    ],
)  # fmt: skip
def test_an_opening_with_a_fault_names_its_field(
    participants: list[tuple[str, ev.Role]] | None, fields: dict[str, object], code: str, field: str
) -> None:
    named = ASKS
    if participants is not None:
        named = [ev.Participant(office=office, role=role) for office, role in participants]
    what = act("AssistanceRequested", HAIDIAN, 0, named, **{"legal_basis": BASIS, **fields})
    assert refused(st.Thread(), what) == (code, field)


@pytest.mark.parametrize("kind", LIFECYCLE.opens["AssistanceRequested"].details)
def test_a_kind_that_needs_details_names_the_field_that_lacks(kind: str) -> None:
    field = LIFECYCLE.opens["AssistanceRequested"].details[kind]
    request = assistance.AssistanceRequested(
        kinds=[assistance.AssistanceKind.Value(f"ASSISTANCE_KIND_{kind}")], subject="某"
    )
    what = act(
        "AssistanceRequested",
        HAIDIAN,
        0,
        ASKS,
        body_pb2.Body(assistance_requested=request),
        legal_basis=BASIS,
    )
    assert refused(st.Thread(), what) == ("MISSING_FIELD", f"body.{field}")
    getattr(request, field).SetInParent()
    filled = body_pb2.Body(assistance_requested=request)
    full = act("AssistanceRequested", HAIDIAN, 0, ASKS, filled, legal_basis=BASIS)
    assert rules.judge(LIFECYCLE, st.Thread(), full).step is not None


def test_nothing_but_an_opening_opens_and_nothing_opens_twice() -> None:
    opening = act("AssistanceRequested", HAIDIAN, 4, ASKS, legal_basis=BASIS)
    assert refused(at("requested"), opening) == ("WRONG_STATE", "body")
    assert refused(st.Thread(), act("Received", BINHAI)) == ("UNKNOWN_MATTER", "matter_id")
    assert refused(st.Thread(), act("Gossiped", BINHAI, body=BODIES["Received"])) == (
        "UNKNOWN_KIND",
        "body",
    )
    assert refused(at("requested"), act("Gossiped", BINHAI, body=BODIES["Received"])) == (
        "UNKNOWN_KIND",
        "body",
    )


REQUIRED = [
    (kind, field.removeprefix("body."))
    for kind, rule in LIFECYCLE.steps.items()
    for field in rule.requires
] + [
    (kind, field.removeprefix("body."))
    for kind, rule in LIFECYCLE.remarks.items()
    for field in rule.requires
    if field.startswith("body.")
]


@pytest.mark.parametrize(("kind", "field"), [pair for pair in REQUIRED if pair[0] != "Forwarded"])
def test_an_act_without_a_field_that_the_contract_requires_names_it(kind: str, field: str) -> None:
    body = body_pb2.Body()
    body.CopyFrom(BODIES[kind])
    getattr(body, body.WhichOneof("kind") or "").ClearField(field)
    step = LIFECYCLE.steps.get(kind)
    thread = at(step.from_[0] if step is not None else "requested", resumes="accepted")
    office = thread.step.awaits
    if step is None:
        by = LIFECYCLE.remarks[kind].by
        office = {"waiter": thread.step.waits, "observer": LANGFANG}.get(by, office)
    bound(thread, "WithdrawalAsked")
    assert refused(thread, act(kind, office, body=body)) == ("MISSING_FIELD", f"body.{field}")


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("WithdrawalAsked", HAIDIAN),
        ("WithdrawalRefused", BINHAI),
        ("ExtensionAsked", BINHAI),
        ("Extended", HAIDIAN),
        ("LeaveAsked", LANGFANG),
    ],
)
def test_a_remark_is_for_the_party_that_the_contract_names(kind: str, allowed: str) -> None:
    for office in (HAIDIAN, BINHAI, LANGFANG):
        thread = bound(at("accepted"), "WithdrawalAsked")
        if office == allowed:
            assert rules.judge(LIFECYCLE, thread, act(kind, office)).step is None
        else:
            assert refused(thread, act(kind, office)) == ("NOT_ALLOWED", "office")
    assert refused(at("accepted"), act(kind, CHAOYANG)) == ("NOT_A_PARTY", "office")


def test_any_party_may_comment_and_no_stranger() -> None:
    for state in LIFECYCLE.states:
        for office in (HAIDIAN, BINHAI, LANGFANG):
            assert rules.judge(LIFECYCLE, at(state), act("Commented", office)).step is None
        assert refused(at(state), act("Commented", CHAOYANG)) == ("NOT_A_PARTY", "office")


def test_what_only_a_regions_clock_says_no_office_says() -> None:
    for kind in ("Overdue", "Reminded", "Refused", "ParticipantLeft"):
        for office in (HAIDIAN, BINHAI, LANGFANG):
            assert refused(at("accepted"), act(kind, office)) == ("NOT_ALLOWED", "office")


def test_a_remark_whose_step_is_over_is_taken_whatever_the_thread_has_come_to() -> None:
    """Whether it was in order when it was said can be told by nobody but its origin."""
    for state in LIFECYCLE.states:
        for kind in ("WithdrawalAsked", "WithdrawalRefused", "ExtensionAsked", "Extended"):
            for office in (HAIDIAN, BINHAI):
                verdict = rules.judge(LIFECYCLE, at(state), act(kind, office, seen=3))
                assert verdict.step is None


@pytest.mark.parametrize("kind", ["WithdrawalAsked", "ExtensionAsked", "Extended"])
def test_what_is_bound_to_a_step_needs_one_that_awaits_somebody(kind: str) -> None:
    thread = at("closed")
    thread.step.waits = HAIDIAN
    office = HAIDIAN
    if LIFECYCLE.remarks[kind].by == "awaited":
        return  # nobody is awaited there: NOT_ALLOWED says so before
    assert refused(thread, act(kind, office)) == ("WRONG_STATE", "body")


def test_an_answer_needs_something_that_is_pending() -> None:
    for kind in ("WithdrawalGranted", "WithdrawalRefused"):
        assert refused(at("accepted"), act(kind, BINHAI)) == ("NOTHING_PENDING", "body")
        over = bound(at("accepted"), "WithdrawalAsked", step=3)
        assert refused(over, act(kind, BINHAI)) == ("NOTHING_PENDING", "body")


def test_a_withdrawal_is_asked_for_while_there_is_work_to_withdraw() -> None:
    thread = at("completed")  # the executor waits there
    assert refused(thread, act("WithdrawalAsked", BINHAI)) == ("WRONG_STATE", "body")


def test_nobody_is_brought_in_but_by_opening_forwarding_and_adding() -> None:
    one = [ev.Participant(office=HEPING, role=ev.ROLE_OBSERVER)]
    for kind in (*LIFECYCLE.steps, *LIFECYCLE.remarks):
        if kind not in ("Forwarded", "ParticipantAdded"):
            what = act(kind, BINHAI, participants=one)
            assert refused(at("requested"), what) == ("INVALID_FIELD", "participants")


def test_who_is_added_is_an_observer_and_named_once() -> None:
    def adds(*roles: ev.Role, office: str = HEPING) -> rules.Act:
        return act(
            "ParticipantAdded",
            HAIDIAN,
            participants=[ev.Participant(office=office, role=role) for role in roles],
        )

    assert rules.judge(LIFECYCLE, at("accepted"), adds(OBSERVER)).step is None
    assert refused(at("accepted"), adds()) == ("MISSING_FIELD", "participants")
    assert refused(at("accepted"), adds(EXECUTOR)) == ("INVALID_FIELD", "participants")
    assert refused(at("accepted"), adds(OBSERVER, OBSERVER)) == ("INVALID_FIELD", "participants")


@pytest.mark.parametrize(
    ("state", "by", "to"),
    [("requested", BINHAI, BINHAI), ("requested", BINHAI, HAIDIAN), ("returned", HAIDIAN, HAIDIAN)],
)
def test_nobody_forwards_to_itself_or_to_who_asked(state: str, by: str, to: str) -> None:
    body = body_pb2.Body()
    body.forwarded.office = to
    assert refused(at(state), act("Forwarded", by, body=body)) == ("INVALID_FIELD", "body.office")


def test_a_forwarding_brings_in_whom_it_names_or_who_is_there() -> None:
    heping = [ev.Participant(office=HEPING, role=ev.ROLE_EXECUTOR)]
    other = [ev.Participant(office=CHAOYANG, role=ev.ROLE_EXECUTOR)]
    assert refused(at("requested"), act("Forwarded", BINHAI, participants=other)) == (
        "INVALID_FIELD",
        "participants",
    )
    assert refused(at("requested"), act("Forwarded", BINHAI)) == ("INVALID_FIELD", "participants")
    step = rules.judge(LIFECYCLE, at("requested"), act("Forwarded", BINHAI, participants=heping))
    assert step.step is not None
    body = body_pb2.Body()
    body.forwarded.office = LANGFANG
    there = rules.judge(LIFECYCLE, at("requested"), act("Forwarded", BINHAI, body=body))
    assert there.step is not None
    assert there.step.awaits == LANGFANG


# Due times ----------------------------------------------------------------------------------


def wanted(days: int) -> str:
    day = parse_day("2026-09-21")
    assert day is not None
    return day.fromordinal(day.toordinal() + days).isoformat()


def test_a_due_time_is_the_contracts_or_the_day_that_is_named() -> None:
    thread = at("requested")
    assert rules.due(LIFECYCLE, thread, "", START_MS, "") == 0
    assert rules.due(LIFECYCLE, thread, "keep", START_MS + DAY_MS, "") == START_MS
    assert rules.due(LIFECYCLE, thread, "answer", START_MS, "") == days_after(START_MS, 30)
    assert rules.due(LIFECYCLE, thread, "closing", START_MS, "") == days_after(START_MS, 15)
    named = rules.due(LIFECYCLE, thread, "answer", START_MS, wanted(0))
    assert named == days_after(START_MS, 0)
    last = rules.due(LIFECYCLE, thread, "answer", START_MS, wanted(365))
    assert last == days_after(START_MS, 365)


@pytest.mark.parametrize(
    ("deadline", "day", "code"),
    [
        ("answer", wanted(-1), "DUE_OUT_OF_RANGE"),
        ("answer", wanted(366), "DUE_OUT_OF_RANGE"),
        ("answer", "9999-12-31", "DUE_OUT_OF_RANGE"),
        ("answer", "0001-01-01", "DUE_OUT_OF_RANGE"),
        ("answer", "2026-02-30", "INVALID_FIELD"),
        ("closing", wanted(3), "INVALID_FIELD"),
    ],
)
def test_a_day_that_cant_be_had_is_refused_with_its_field(
    deadline: str, day: str, code: str
) -> None:
    with pytest.raises(Rejection) as caught:
        rules.due(LIFECYCLE, at("requested"), deadline, START_MS, day)
    assert (caught.value.reason_code, caught.value.field) == (code, "due_date")


@pytest.mark.parametrize(
    ("day", "code"),
    [(wanted(-1), "DUE_OUT_OF_RANGE"), (wanted(366), "DUE_OUT_OF_RANGE"), ("x", "INVALID_FIELD")],
)
def test_an_extension_has_its_bounds_too(day: str, code: str) -> None:
    found = parse_day(wanted(9))
    assert found is not None
    assert rules.extended(LIFECYCLE, wanted(9), START_MS) == end_of(found)
    with pytest.raises(Rejection) as caught:
        rules.extended(LIFECYCLE, day, START_MS)
    assert (caught.value.reason_code, caught.value.field) == (code, "body.due_date")
