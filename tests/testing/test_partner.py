"""Partners: they go on by the lifecycle, or as they are told."""

from __future__ import annotations

import asyncio

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import verbs_pb2 as verbs
from collab.v1.recommendation_pb2 import Assessed
from collabbus.testing import Alliance, PartnerStuckError
from collabbus.testing.contracts import find, load
from tests.testing.stories import BINHAI, HAIDIAN, asked, told

CONTRACTS = load(find())


def settle(alliance: Alliance) -> None:
    asyncio.run(alliance.settle())


def test_two_partners_bring_an_assistance_to_its_end() -> None:
    alliance = Alliance("jingjinji")
    alliance.partner("tianjin")
    alliance.partner("beijing")
    matter = asked(alliance)
    settle(alliance)
    alliance.assert_state(matter, "closed", awaits="")
    assert matter.events.types == [
        "AssistanceRequested",
        "Received",
        "Accepted",
        "Progressed",
        "Completed",
        "Assessed",
    ]


def test_a_partner_acknowledges_on_its_track_and_then_owes_nothing() -> None:
    alliance = Alliance("jingjinji")
    alliance.partner("tianjin")
    alliance.partner("hebei/provincial")
    matter = told(alliance, BINHAI, "hebei/provincial", "hebei/langfang")
    settle(alliance)
    assert matter.track(BINHAI).state == "acknowledged"
    assert matter.track("hebei/provincial").state == "acknowledged"
    assert matter.track("hebei/langfang").state == "notified"
    alliance.assert_recorded("Acknowledged", region="beijing", times=2)


def test_a_partner_says_what_it_is_told() -> None:
    alliance = Alliance("jingjinji")
    refusal = verbs.Declined(reason=verbs.DECLINE_REASON_NO_COMPETENCE, text="不属本院管辖")
    alliance.partner(BINHAI, {"received": refusal})
    matter = asked(alliance)
    settle(alliance)
    alliance.assert_state(matter, "declined")
    assert matter.events[-1].message == refusal


def test_a_partner_that_is_told_a_type_writes_the_rest_itself() -> None:
    alliance = Alliance("jingjinji")
    alliance.partner(BINHAI, {"requested": verbs.ClarificationAsked, "in_progress": None})
    matter = asked(alliance)
    settle(alliance)
    alliance.assert_state(matter, "clarifying", awaits=HAIDIAN)
    answer = verbs.ClarificationAnswered(answers=["见附件"])
    questions = matter.events[-1].body.clarification_asked.questions
    answer.answers[:] = ["见附件"] * len(questions)
    alliance.office(HAIDIAN).act(matter, answer, officer="王敏")
    alliance.partners.clear()
    settle(alliance)
    alliance.assert_state(matter, "requested", awaits=BINHAI)


def test_a_partner_that_is_told_what_no_rule_allows_says_so() -> None:
    alliance = Alliance("jingjinji")
    alliance.partner(BINHAI, {"requested": "Completed"})
    asked(alliance)
    with pytest.raises(PartnerStuckError, match=r"'requested'.*says="):
        settle(alliance)


@pytest.mark.parametrize("family", sorted(CONTRACTS.lifecycles))
def test_no_kind_of_any_family_leaves_partners_at_a_loss(family: str) -> None:
    """Each kind is opened, and partners on both sides go on until nobody owes anything."""
    import random

    from collabbus.sdk import Rejected
    from collabbus.simulate.traffic import Seen, Traffic

    alliance = Alliance("jingjinji", contracts=CONTRACTS)
    for region in alliance.regions:
        alliance.partner(region)
    rnd = random.Random(family)
    offices = [HAIDIAN, BINHAI, "hebei/provincial"]
    contract = alliance.pinned["jingjinji"]
    only = type(contract)(
        contract.network, {family: contract.lifecycles[family]}, contract.hash, contract.calendar
    )
    traffic = Traffic(rnd, only, offices, (0,), 1)
    opened = 0
    for _ in range(40):
        stage = alliance.stage
        node = stage.nodes["beijing"]
        seen = Seen("beijing", node.disk.state, node.disk.events, stage.now_ms())
        try:
            alliance.office(HAIDIAN).submit(traffic.open(HAIDIAN, seen))
            opened += 1
        except Rejected:
            continue
    assert opened >= 10
    settle(alliance)
    alliance.assert_converged()
    for region in alliance.regions:
        for key, thread in alliance.stage.threads(region).items():
            if thread.thread.startswith(("copy/", "local", "track/guest/")):
                continue
            chain = contract.lifecycles[family].chain(thread.thread)
            assert chain is not None
            state = chain.states.get(thread.step.state)
            owed = state is not None and not state.final and not state.idle
            assert not owed or thread.ended or not thread.step.awaits, (key, thread.step)


def test_a_partner_refuses_nothing_and_finds_nothing_wanting_of_itself() -> None:
    from collab.v1.recommendation_pb2 import ASSESSMENT_REJECTED
    from collabbus.testing.partner import REFUSALS, _candidates, _go_on

    for lifecycle in CONTRACTS.lifecycles.values():
        for chain in lifecycle.chains:
            for state in chain.states:
                thread = st.Thread(step=ev.Step(state=state))
                kinds = {kind for kind, _ in _candidates(chain, thread, st.Matter(), "")}
                assert not kinds & set(REFUSALS), (lifecycle.family, state)
    rule = CONTRACTS.lifecycles["assistance"].main.steps["Assessed"]
    message = Assessed(assessment=ASSESSMENT_REJECTED)
    _go_on(message, rule)
    assert message.assessment != ASSESSMENT_REJECTED
    alliance = Alliance("jingjinji", contracts=CONTRACTS)
    alliance.partner("tianjin")
    alliance.partner("beijing")
    opened = [asked(alliance) for _ in range(8)]
    settle(alliance)
    for matter in opened:
        assert matter.events.types.count("Completed") == 1
