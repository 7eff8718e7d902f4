"""Scenarios: every story of the contracts ends as it says, on the core alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from collabbus.contracts import load as load_contracts
from collabbus.simulate.scenario import Scenario, load, play
from collabbus.simulate.stage import SimulatedStage

CONTRACTS = Path(__file__).parents[2] / "contracts"
SCENARIOS = load(CONTRACTS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_ends_as_it_says(name: str) -> None:
    scenario = SCENARIOS[name]
    stage = SimulatedStage(load_contracts(CONTRACTS).pin(scenario.network), scenario.links_ms)
    played = play(scenario, stage, "test")
    assert played.differences == []
    assert played.states == dict.fromkeys(scenario.ends.regions, scenario.ends.state)


def test_a_newcomer_gets_history_as_evidence_items_and_holds_back_what_comes_before_its_cause() -> (
    None
):
    scenario = SCENARIOS["assistance-forwarded-direct"]
    stage = SimulatedStage(load_contracts(CONTRACTS).pin(scenario.network), scenario.links_ms)
    assert play(scenario, stage, "test").differences == []
    assert stage.most_held["hebei"] > 0  # invariant 3: Beijing's remark came before its cause
    carried = [c for leaves in stage.nodes["hebei"].disk.leaves for c in leaves.carried]
    assert len(carried) == 1  # Beijing's request, handed on by Tianjin


def test_a_scenario_that_says_another_ending_differs() -> None:
    told = SCENARIOS["assistance-declined"].model_dump(by_alias=True)
    told["ends"]["state"] = "closed"
    scenario = Scenario.model_validate(told)
    stage = SimulatedStage(load_contracts(CONTRACTS).pin(scenario.network), {})
    played = play(scenario, stage, "test")
    assert any("expected 'closed'" in difference for difference in played.differences)


def test_an_act_that_should_be_rejected_and_is_not_differs() -> None:
    told = SCENARIOS["assistance-withdrawn"].model_dump(by_alias=True)
    told["acts"][1]["rejected"] = "NOT_AWAITED"
    scenario = Scenario.model_validate(told)
    stage = SimulatedStage(load_contracts(CONTRACTS).pin(scenario.network), {})
    assert any("expected NOT_AWAITED" in d for d in play(scenario, stage, "test").differences)
