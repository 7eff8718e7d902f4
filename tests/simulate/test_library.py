"""The library: mistakes in scenario files are all told, with file, key, value and rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from collabbus.contracts import load as load_contracts
from collabbus.fault import ContractError, Fault
from collabbus.simulate.library import load
from collabbus.simulate.play import play
from collabbus.simulate.scenario import Act, Ending, Found, Scenario, Totalled
from collabbus.simulate.stage import SimulatedStage

CONTRACTS = Path(__file__).parents[2] / "contracts"
LOADED = load_contracts(CONTRACTS)
NAME = "assistance-withdrawn"


@pytest.fixture
def faults(tmp_path: Path) -> Callable[[str, str], list[Fault]]:
    """Give what a loader says of a scenario in which one text is replaced by another."""

    def tell(old: str, new: str) -> list[Fault]:
        text = (CONTRACTS / "scenarios" / f"{NAME}.yaml").read_text("utf-8")
        assert old in text
        (tmp_path / "scenarios").mkdir()
        (tmp_path / "scenarios" / f"{NAME}.yaml").write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(ContractError) as caught:
            load(tmp_path, LOADED)
        assert {one.file for one in caught.value.faults} == {f"scenarios/{NAME}.yaml"}
        return list(caught.value.faults)

    return tell


@pytest.mark.parametrize(
    ("old", "new", "key", "value", "rule"),
    [
        ("network: jingjinji", "network: jjj", "network", '"jjj"', "must be a network"),
        ("id: assistance", "id: assisted", "id", '"assisted-withdrawn"', "as the file's name is"),
        ("rows: [1]", "rows: [79]", "rows[0]", "79", "must be at most 78"),
        ("asks: tianjin/binhai", "asks: tianjin/binghai", "acts[0].asks", '"tianjin/binghai"',
         "must be an office of jingjinji"),
        ("says: Received", "says: Recieved", "acts[1].says", '"Recieved"', "must be a type of act"),
        ("says: Received", "says: Received\n    in: other", "acts[1].in", '"other"',
         "must be a matter that this or an earlier act opens"),
        ("says: Received", "says: Received\n    because: other", "acts[1].because", '"other"',
         "must be a matter that an earlier act opens"),
        ("register_number:", "registered:", "acts[1].with", "", "must be a Received"),
        ("ASSISTANCE_KIND_WITNESS", "<when 3>", "acts[0].with", "", "must be one of day, matter"),
        ("regions: [beijing, tianjin]", "regions: [beijing, gansu]", "ends[0].regions[1]",
         '"gansu"', "must be a region of the scenario's networks"),
        ("ends:", "totals: [{series: a, regions: [gansu]}]\nends:", "totals[0].regions[0]",
         '"gansu"', "must be a region of the scenario's networks"),
        ("ends:", "totals: [{series: a, regions: [beijing], fen: {LOST: 1}}]\nends:",
         "totals[0].fen", "", "'LOST' is none of LOSS"),
        ("ends:", "models: [{in: other, regions: [beijing]}]\nends:", "models[0].in", '"other"',
         "must be a matter that an act opens"),
        ("reason: 证人已自行到案", 'reason: ""', "acts[2].with.reason", '""',
         "must hold to the schema"),
        ("    officer: 李静\n", "", "acts[1].officer", "nothing", "must be given"),
        ("says: Received", "says: Received\n    days: 3", "acts[1].records", "nothing",
         "must be given where days pass"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_key_its_value_and_the_rule(
    faults: Callable[[str, str], list[Fault]], old: str, new: str, key: str, value: str, rule: str
) -> None:
    found = [one for one in faults(old, new) if one.key == key]
    assert found
    assert value in found[0].value
    assert rule in found[0].rule
    assert found[0].line is not None


def test_every_mistake_of_a_file_is_told_at_once(
    faults: Callable[[str, str], list[Fault]],
) -> None:
    assert len(faults("asks: tianjin/binhai", "asks: tianjin/x\n    adds: [hebei/x]")) == 2


def test_the_scenario_that_the_page_shows_is_good_and_goes_as_it_says(tmp_path: Path) -> None:
    page = (CONTRACTS.parent / "docs" / "scenarios.md").read_text("utf-8")
    [example] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "two-matters.yaml").write_text(example, "utf-8")
    scenario = load(tmp_path, LOADED)["two-matters"]
    stage = SimulatedStage(LOADED, scenario.networks, scenario.links_ms)
    assert play(scenario, stage, "page").differences == []


def test_the_page_names_every_key_of_an_act_and_of_a_scenario() -> None:
    page = (CONTRACTS.parent / "docs" / "scenarios.md").read_text("utf-8")
    for model in (Act, Scenario, Ending, Totalled, Found):
        for name, field in model.model_fields.items():
            assert re.search(rf"\b{field.alias or name}\b", page), name
