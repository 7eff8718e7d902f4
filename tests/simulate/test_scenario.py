"""Scenarios: every story of the contracts goes as it says, on the core alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from collabbus.model.body import kinds_of, said
from collabbus.repertoire import Repertoire
from collabbus.simulate.content import body_of, written
from collabbus.simulate.library import SAMPLE
from collabbus.simulate.play import play
from collabbus.simulate.stage import SimulatedStage

CONTRACTS = Path(__file__).parents[2] / "contracts"
REPERTOIRE = Repertoire.load(CONTRACTS)
SCENARIOS = REPERTOIRE.scenarios


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_goes_as_it_says(name: str) -> None:
    scenario = SCENARIOS[name]
    played = play(scenario, REPERTOIRE.simulated(scenario), "test")
    assert played.differences == []
    assert played.skipped == []
    assert [held.state for held in played.held] == [
        ending.state for ending in scenario.ends for _ in ending.regions
    ]


@pytest.mark.parametrize("name", [n for n, s in SCENARIOS.items() if any(a.days for a in s.acts)])
def test_where_time_cannot_leap_the_rest_goes_as_it_says(name: str) -> None:
    scenario = SCENARIOS[name]
    stage = SimulatedStage(REPERTOIRE.contracts, scenario.networks, scenario.links_ms, leaps=False)
    played = play(scenario, stage, "test")
    assert played.differences == []
    assert played.skipped != []


def test_a_newcomer_gets_history_as_evidence_items_and_holds_back_what_comes_before_its_cause() -> (
    None
):
    scenario = SCENARIOS["assistance-forwarded-direct"]
    stage = REPERTOIRE.simulated(scenario)
    assert play(scenario, stage, "test").differences == []
    assert stage.most_held["hebei"] > 0  # invariant 3: Beijing's remark came before its cause
    carried = [c for leaves in stage.nodes["hebei"].disk.leaves for c in leaves.carried]
    assert len(carried) == 1  # Beijing's request, handed on by Tianjin


def test_every_row_of_the_table_of_mechanisms_is_shown() -> None:
    assert REPERTOIRE.rows_without() == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_opens_a_matter_of_each_row_that_it_claims(name: str) -> None:
    scenario = SCENARIOS[name]
    carried: set[int] = set()
    for act in scenario.acts:
        for lifecycle in REPERTOIRE.contracts.lifecycles.values():
            opening = lifecycle.opens.get(act.says)
            if opening is not None and not act.rejected:
                body = body_of(act.says, written(act.content, lambda word, rest: SAMPLE[word]))
                carried.update(
                    row for kind in kinds_of(said(body)) for row in opening.kinds[kind].rows
                )
    assert set(scenario.rows) <= carried


def test_a_row_without_a_scenario_is_told() -> None:
    few = Repertoire(
        CONTRACTS,
        REPERTOIRE.contracts,
        {name: one for name, one in SCENARIOS.items() if 68 not in one.rows},
    )
    assert few.rows_without() == [68]
    assert few.summary().endswith("show 77 of 78 rows; none shows 68")
