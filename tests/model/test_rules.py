from __future__ import annotations

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import assistance_pb2 as assistance
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model import rules
from collabbus.model.lifecycle import StepRule
from collabbus.model.rejection import Rejection
from collabbus.model.where import Where
from tests.model.neighbours import (
    BINHAI,
    BODIES,
    CHAOYANG,
    HAIDIAN,
    HEPING,
    LANGFANG,
    START_MS,
    TIANJIN,
    jingjinji,
)

LIFECYCLE = jingjinji().lifecycles["assistance"]
CHAIN = LIFECYCLE.main
BASIS = [ev.LegalBasis(instrument="《意见》", article="第十一条")]
ASKS = [
    ev.Participant(office=HAIDIAN, role=ev.ROLE_REQUESTER),
    ev.Participant(office=BINHAI, role=ev.ROLE_EXECUTOR),
]


def place(thread: st.Thread) -> Where:
    """Give where an act takes place: a matter of two kinds that Haidian opened."""
    matter = st.Matter(
        host=HAIDIAN if thread.parties else "",
        opening="AssistanceRequested",
        kinds=["WITNESS", "EVIDENCE"],
    )
    return Where(jingjinji(), LIFECYCLE, CHAIN, matter, thread)


def empty() -> st.Thread:
    """Give a main thread in which nothing has been said."""
    return st.Thread(thread="main")


def at(state: str, number: int = 4, **fields: object) -> st.Thread:
    """Give a thread in a state: Haidian asked, Binhai was asked, Langfang looks on."""
    thread = st.Thread(thread="main")
    for office, role in (
        (HAIDIAN, ev.ROLE_REQUESTER),
        (BINHAI, ev.ROLE_EXECUTOR),
        (LANGFANG, ev.ROLE_OBSERVER),
    ):
        thread.parties.add(addition="a", office=office, role=role)
    rule = CHAIN.states[state]
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
        rules.judge(place(thread), what)
    assert caught.value.reason
    return caught.value.reason_code, caught.value.field


def newcomer(rule: StepRule) -> list[ev.Participant]:
    """Give whom a step that hands the matter on brings in; its own region's, if it assigns."""
    office = TIANJIN if rule.assigns else HEPING
    handed_on = rule.forwards or rule.assigns
    return [ev.Participant(office=office, role=ev.ROLE_EXECUTOR)] if handed_on else []


def bound(thread: st.Thread, kind: str, step: int = 4) -> st.Thread:
    thread.bound.add(type=kind, origin="beijing", number=1, step=step, office=HAIDIAN)
    return thread


def test_every_step_leads_where_the_contract_says_and_awaits_whom_the_state_names() -> None:
    for kind, rule in CHAIN.steps.items():
        for state in rule.from_:
            thread = at(state, resumes="accepted" if rule.to == "resume" else "")
            if rule.answers:
                bound(thread, rule.answers)
            office = thread.step.awaits
            added = newcomer(rule)
            verdict = rules.judge(place(thread), act(kind, office, participants=added))
            step = verdict.step
            assert step is not None
            to = CHAIN.states["accepted" if rule.to == "resume" else rule.to]
            assert step.number == 5
            assert (step.awaits == "") is to.final
            assert (verdict.deadline == "") is to.final
            if not to.final:
                executor = added[0].office if added else BINHAI
                places = {"requester": HAIDIAN, "executor": executor}
                assert (step.awaits, step.waits) == (places[to.awaits], places[to.waits])
                assert verdict.deadline == ("answer" if rule.deadline == "kind" else rule.deadline)
            assert verdict.rule is rule
            assert step.resumes == (state if rule.asks else "")


def test_only_the_awaited_office_writes_the_next_step() -> None:
    for kind, rule in CHAIN.steps.items():
        for state in rule.from_:
            thread = at(state)
            added = newcomer(rule)
            for office, code in (
                (thread.step.waits, "NOT_AWAITED"),
                (LANGFANG, "NOT_AWAITED"),
                (CHAOYANG, "NOT_A_PARTY"),
            ):
                assert refused(thread, act(kind, office, participants=added)) == (code, "office")


def test_no_step_leads_out_of_a_state_that_the_contract_doesnt_name() -> None:
    for kind, rule in CHAIN.steps.items():
        added = newcomer(rule)
        for state, found in CHAIN.states.items():
            if state in rule.from_:
                continue
            thread = at(state)
            what = act(kind, thread.step.awaits or BINHAI, participants=added)
            code = "NOT_AWAITED" if found.final else "WRONG_STATE"
            assert refused(thread, what)[0] == code


def test_an_opening_asks_one_other_office_on_a_legal_basis() -> None:
    verdict = rules.judge(
        place(empty()),
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
    assert refused(empty(), what) == (code, field)


KINDS = LIFECYCLE.opens["AssistanceRequested"].kinds


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.details])
def test_a_kind_that_needs_details_names_the_field_that_lacks(kind: str) -> None:
    field = KINDS[kind].details
    assert field is not None
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
    assert refused(empty(), what) == ("MISSING_FIELD", f"body.{field}")
    getattr(request, field).SetInParent()
    filled = body_pb2.Body(assistance_requested=request)
    full = act("AssistanceRequested", HAIDIAN, 0, ASKS, filled, legal_basis=BASIS)
    assert rules.judge(place(empty()), full).step is not None


def test_nothing_but_an_opening_opens_and_nothing_opens_twice() -> None:
    opening = act("AssistanceRequested", HAIDIAN, 4, ASKS, legal_basis=BASIS)
    assert refused(at("requested"), opening) == ("WRONG_STATE", "body")
    assert refused(empty(), act("Received", BINHAI)) == (
        "UNKNOWN_MATTER",
        "matter_id",
    )
    assert refused(empty(), act("Gossiped", BINHAI, body=BODIES["Received"])) == (
        "UNKNOWN_KIND",
        "body",
    )
    assert refused(at("requested"), act("Gossiped", BINHAI, body=BODIES["Received"])) == (
        "UNKNOWN_KIND",
        "body",
    )


REQUIRED = [
    (kind, field.removeprefix("body."))
    for kind, rule in CHAIN.steps.items()
    for field in rule.requires
] + [
    (kind, field.removeprefix("body."))
    for kind, rule in CHAIN.remarks.items()
    for field in rule.requires
    if field.startswith("body.")
]


def test_an_answer_to_what_asked_nothing_is_rejected() -> None:
    """Such a step no rule writes; but an operator may have released one."""
    [(kind, rule)] = [one for one in CHAIN.steps.items() if one[1].to == "resume"]
    thread = at(rule.from_[0], resumes="")
    assert refused(thread, act(kind, thread.step.awaits)) == ("WRONG_STATE", "body")


@pytest.mark.parametrize(("kind", "field"), [pair for pair in REQUIRED if pair[1] != "office"])
def test_an_act_without_a_field_that_the_contract_requires_names_it(kind: str, field: str) -> None:
    body = body_pb2.Body()
    body.CopyFrom(BODIES[kind])
    getattr(body, body.WhichOneof("kind") or "").ClearField(field)
    step = CHAIN.steps.get(kind)
    thread = at(step.from_[0] if step is not None else "requested", resumes="accepted")
    office = thread.step.awaits
    if step is None:
        by = CHAIN.remarks[kind].by
        others = {"waiter": thread.step.waits, "observer": LANGFANG, "host": HAIDIAN}
        office = others.get(by, office)
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
            assert rules.judge(place(thread), act(kind, office)).step is None
        else:
            assert refused(thread, act(kind, office)) == ("NOT_ALLOWED", "office")
    assert refused(at("accepted"), act(kind, CHAOYANG)) == ("NOT_A_PARTY", "office")


def test_any_party_may_comment_and_no_stranger() -> None:
    for state in CHAIN.states:
        for office in (HAIDIAN, BINHAI, LANGFANG):
            assert rules.judge(place(at(state)), act("Commented", office)).step is None
        assert refused(at(state), act("Commented", CHAOYANG)) == ("NOT_A_PARTY", "office")


def test_what_only_a_regions_clock_says_no_office_says() -> None:
    for kind in (name for name, rule in CHAIN.remarks.items() if rule.by == "region"):
        for office in (HAIDIAN, BINHAI, LANGFANG):
            assert refused(at("accepted"), act(kind, office, body=BODIES["Overdue"])) == (
                "NOT_ALLOWED",
                "office",
            )


def test_a_remark_whose_step_is_over_is_taken_whatever_the_thread_has_come_to() -> None:
    """Whether it was in order when it was said can be told by nobody but its origin."""
    for state in CHAIN.states:
        for kind in ("WithdrawalAsked", "WithdrawalRefused", "ExtensionAsked", "Extended"):
            for office in (HAIDIAN, BINHAI):
                verdict = rules.judge(place(at(state)), act(kind, office, seen=3))
                assert verdict.step is None


@pytest.mark.parametrize("kind", ["WithdrawalAsked", "ExtensionAsked", "Extended"])
def test_what_is_bound_to_a_step_needs_one_that_awaits_somebody(kind: str) -> None:
    thread = at("closed")
    thread.step.waits = HAIDIAN
    office = HAIDIAN
    if CHAIN.remarks[kind].by == "awaited":
        return  # nobody is awaited there: NOT_ALLOWED says so before
    assert refused(thread, act(kind, office)) == ("WRONG_STATE", "body")


def test_an_answer_needs_something_that_is_pending() -> None:
    for kind in ("WithdrawalGranted", "WithdrawalRefused"):
        assert refused(at("accepted"), act(kind, BINHAI)) == ("NOTHING_PENDING", "body")
        over = bound(at("accepted"), "WithdrawalAsked", step=3)
        assert refused(over, act(kind, BINHAI)) == ("NOTHING_PENDING", "body")


def test_a_withdrawal_is_for_who_opened_the_matter_whoever_waits() -> None:
    thread = at("completed")  # the executor waits there, and has nothing to withdraw
    assert refused(thread, act("WithdrawalAsked", BINHAI)) == ("NOT_ALLOWED", "office")
    assert rules.judge(place(thread), act("WithdrawalAsked", HAIDIAN)).step is None


def test_nobody_is_brought_in_but_by_opening_forwarding_and_adding() -> None:
    one = [ev.Participant(office=HEPING, role=ev.ROLE_OBSERVER)]
    for kind in (*CHAIN.steps, *CHAIN.remarks):
        if kind not in ("Forwarded", "Assigned", "ParticipantAdded"):
            what = act(kind, BINHAI, participants=one, body=BODIES["Received"])
            assert refused(at("requested"), what) == ("INVALID_FIELD", "participants")


def test_who_is_added_is_an_observer_and_named_once() -> None:
    def adds(*roles: ev.Role, office: str = HEPING) -> rules.Act:
        return act(
            "ParticipantAdded",
            HAIDIAN,
            participants=[ev.Participant(office=office, role=role) for role in roles],
        )

    assert rules.judge(place(at("accepted")), adds(OBSERVER)).step is None
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
    step = rules.judge(place(at("requested")), act("Forwarded", BINHAI, participants=heping))
    assert step.step is not None
    body = body_pb2.Body()
    body.forwarded.office = LANGFANG
    there = rules.judge(place(at("requested")), act("Forwarded", BINHAI, body=body))
    assert there.step is not None
    assert there.step.awaits == LANGFANG
