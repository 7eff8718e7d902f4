from __future__ import annotations

import pytest
from pydantic import ValidationError

from collabbus.model.lifecycle import BEGINNINGS, Turn, Who
from tests.model.altered import FAMILIES, Change, drop, lifecycle, put

OPENED = ("opens", "AssistanceRequested")
STEPS = ("main", "steps")
REMARKS = ("main", "remarks")
REMARK = {"zh": "x", "by": "party", "articles": ["engineering"]}
DEADLINE = {"zh": "x", "within": "1 days", "articles": ["engineering"]}
RECEIVED = {"zh": "x", "from": ["received"], "to": "received", "articles": ["engineering"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("main", "states", "closed", "awaits", "executor"), "a final state awaits nobody"),
        (put("main", "states", "closed", "idle", True), "a final state awaits nobody"),
        (put("main", "states", "received", {"zh": "已收到"}), "names whom it awaits and who waits"),
        (put("main", "states", "received", "waits", "executor"),
         "nobody but the host waits for itself"),
        (put("main", "states", "received", "awaits", "court"), "states.received.awaits"),
        (put("main", "states", "Received", {"zh": "x", "final": True}), "states.Received"),
        (put(*OPENED, "to", "nowhere"),
         "opens.AssistanceRequested.to: 'nowhere' is no state of the main thread"),
        (put(*OPENED, "alone", "nowhere"), "opens.AssistanceRequested.alone: 'nowhere' is no"),
        (put(*OPENED, "circulates", "received"), "circulates: the family has no track"),
        (drop(*OPENED, "to"), "an opening leads to a state: give to, circulates or alone"),
        (put(*OPENED, "deadline", "soon"),
         "opens.AssistanceRequested.deadline: 'soon' is no deadline"),
        (put(*OPENED, "kinds", "WITNESS", "to", "nowhere"), "kinds.WITNESS.to: 'nowhere' is no"),
        (put(*OPENED, "kinds", "WITNESS", "deadline", "soon"), "kinds.WITNESS.deadline: 'soon'"),
        (put(*OPENED, "kinds", "WITNESS", "alone", "nowhere"), "kinds.WITNESS.alone: 'nowhere' is"),
        (put(*OPENED, "kinds", "WITNESS", "circulates", "nowhere"),
         "kinds.WITNESS.circulates: 'nowhere' is no state"),
        (put(*OPENED, "kinds", "WITNESS", "circulates", "received"),
         "kinds.WITNESS.circulates: the family has no track"),
        (put(*OPENED, "kinds", "WITNESS", "to", ""),
         "kinds.WITNESS: no matter of this kind can begin"),
        (put(*OPENED, "kinds", "WITNESS", "host_deadline", "soon"),
         "kinds.WITNESS.host_deadline: 'soon' is no deadline"),
        (put(*OPENED, "kinds", "WITNESS", "track_deadline", "answer"),
         "kinds.WITNESS.track_deadline: the family has no track"),
        (put("deadlines", "kind", DEADLINE), "deadlines.kind: 'kind' says something else"),
        (put("deadlines", "keep", DEADLINE), "deadlines.keep: 'keep' says something else"),
        (drop("deadlines", "answer", "escalate"), "otherwise stands in for the levels of escalate"),
        (put("deadlines", "answer", "otherwise", "to", "nobody"), "deadlines.answer.otherwise.to"),
        (put(*OPENED, "kinds", "WITNESS", "rows", [79]), "kinds.WITNESS.rows.0"),
        (put(*OPENED, "kinds", "WITNESS", "rows", []), "kinds.WITNESS.rows"),
        (put(*OPENED, "kinds", {}), "opens.AssistanceRequested.kinds"),
        (put(*STEPS, "Received", "from", ["nowhere"]), "steps.Received.from: 'nowhere' is no"),
        (put(*STEPS, "Received", "from", []), "steps.Received.from"),
        (put(*STEPS, "Received", "from", ["closed"]), "'closed' is final, nothing leads out"),
        (put(*STEPS, "Received", "to", "nowhere"), "steps.Received.to: 'nowhere' is no state"),
        (put(*STEPS, "Received", "deadline", "soon"), "steps.Received.deadline: 'soon' is no"),
        (put(*STEPS, "Received", "field", "outcome"), "field and turns go together"),
        (put(*STEPS, "Received", "turns", {"YES": {"to": "closed"}}), "field and turns go to"),
        (put(*STEPS, "Received", RECEIVED | {"field": "x", "turns": {"YES": {"to": "nowhere"}}}),
         "steps.Received.turns.YES.to: 'nowhere' is no state"),
        (put(*STEPS, "Received",
             RECEIVED | {"field": "x", "turns": {"YES": {"to": "closed", "deadline": "soon"}}}),
         "steps.Received.turns.YES.deadline: 'soon' is no deadline"),
        (put(*STEPS, "WithdrawalGranted", "answers", "Commented"),
         "steps.WithdrawalGranted.answers: 'Commented' is no bound remark"),
        (put(*STEPS, "WithdrawalGranted", "answers", "Received"), "is no bound remark"),
        (put(*REMARKS, "WithdrawalRefused", "answers", "Commented"),
         "remarks.WithdrawalRefused.answers: 'Commented' is no bound remark"),
        (put(*REMARKS, "WithdrawalAsked", "from", ["nowhere"]),
         "remarks.WithdrawalAsked.from: 'nowhere' is no state"),
        (put(*REMARKS, "Commented", "by", "anybody"), "remarks.Commented.by"),
        (put(*REMARKS, "Received", REMARK), "steps.Received: the same type is a step and a remark"),
        (put(*STEPS, "AssistanceRequested", RECEIVED),
         "opens.AssistanceRequested.zh: the same type opens a matter and acts in one"),
        (put("main", "hand_back", "Commented"), "hand_back: 'Commented' is no step"),
        (put("track", {"states": {}}), "track.begins: a track begins in a state"),
        (put("track", {"begins": "nowhere", "states": {}}), "track.begins: 'nowhere' is no state"),
        (put("deadlines", "closing", "default", "act", "Gossiped"),
         "deadlines.closing.default.act: 'Gossiped' is no step"),
        (put("deadlines", "answer", "within", "0 days"), "deadlines.answer.within"),
        (put("deadlines", "answer", "within", "some days"), "deadlines.answer.within"),
        (put("deadlines", "answer", "articles", []), "deadlines.answer.articles"),
        (put("deadlines", "answer", "articles", [" "]), "deadlines.answer.articles"),
        (put(*STEPS, "Received", "articles", []), "steps.Received.articles"),
        (put(*STEPS, "Received", "form", ["requested"]), "steps.Received.form"),
        (put("family", "gossip"), "family"),
    ],
)  # fmt: skip
def test_each_kind_of_mistake_is_named_with_its_place(change: Change, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        lifecycle("assistance", change)
    assert words in str(caught.value)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_projects_lifecycles_are_whole(family: str) -> None:
    assert lifecycle(family).family == family


@pytest.mark.parametrize("family", FAMILIES)
def test_one_look_decides_whether_an_act_leads_out_of_a_state(family: str) -> None:
    for chain in lifecycle(family).chains:
        for kind, rule in chain.steps.items():
            for state in chain.states:
                found = chain.step(state, kind)
                assert (found is rule) if state in rule.from_ else (found is None)
        assert all(chain.step(state, "Commented") is None for state in chain.states)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_state_that_isnt_final_names_whom_it_awaits(family: str) -> None:
    for chain in lifecycle(family).chains:
        for name, state in chain.states.items():
            assert isinstance(state.awaits, Who) is not state.final, name


def test_a_step_leads_where_what_it_says_tells_it_to() -> None:
    assessed = lifecycle("recommendation").main.steps["Assessed"]
    assert assessed.field == "assessment"
    assert assessed.turn("SATISFIED") == Turn(to="satisfied")
    assert assessed.turn("REJECTED") == Turn(to="rectifying", deadline="kind")
    assert [value for value, _ in assessed.ends()] == ["", "REJECTED"]


def test_a_kind_begins_as_it_says_and_else_as_all_do() -> None:
    opening = lifecycle("notification").opens["CaseNotified"]
    sensitive = [opening.begins(how, ["SENSITIVE_CASE"]) for how in BEGINNINGS]
    assert sensitive == ["alarmed", "responding", ""]
    assert [opening.begins(how, ["TYPICAL_CASE"]) for how in BEGINNINGS] == [
        "told",
        "circulated",
        "circulated",
    ]
    assert [opening.term(how, ["PAROLE"]) for how in BEGINNINGS] == ["prompt", "notice", "notice"]
    assert [opening.term(how, ["SENSITIVE_CASE"]) for how in BEGINNINGS] == ["urgent"] * 3
    assert [opening.term(how, ["TYPICAL_CASE"]) for how in BEGINNINGS] == ["notice"] * 3
    assert (opening.track_term(["PAROLE"]), opening.track_term(["TYPICAL_CASE"])) == (
        "prompt",
        None,
    )


def test_of_several_kinds_the_first_that_has_its_own_counts() -> None:
    kinds = ("opens", "AssistanceRequested", "kinds")
    opening = lifecycle(
        "assistance",
        put(*kinds, "WITNESS", "to", "returned"),
        put(*kinds, "EVIDENCE", "to", "received"),
        put(*kinds, "EVIDENCE", "deadline", "decision"),
    ).opens["AssistanceRequested"]
    assert opening.begins("to", ["OTHER", "WITNESS", "EVIDENCE"]) == "returned"
    assert opening.begins("to", ["EVIDENCE", "WITNESS"]) == "received"
    assert opening.term("to", ["WITNESS", "EVIDENCE"]) == "decision"
    assert opening.term("to", ["WITNESS", "OTHER"]) == "answer"


def test_a_lifecycle_knows_its_acts_and_threads() -> None:
    assistance, clue = lifecycle("assistance"), lifecycle("clue")
    assert all(map(assistance.knows, ["AssistanceRequested", "Received", "Commented"]))
    assert not assistance.knows("Gossiped")
    assert assistance.chain("track/beijing/haidian") is None
    assert clue.chain("track/guest/a") is clue.track
    assert clue.chain("main") is clue.main
