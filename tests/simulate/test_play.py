"""Plays: a scenario that says something else than what happens is reported, each sort of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from collab.state.v1 import state_pb2 as st
from collab.v1 import submission_pb2 as sub
from collabbus.contracts import load as load_contracts
from collabbus.simulate.library import load
from collabbus.simulate.play import Played, play
from collabbus.simulate.scenario import Scenario
from collabbus.simulate.stage import SimulatedStage

FOLDER = Path(__file__).parents[2] / "contracts"
CONTRACTS = load_contracts(FOLDER)
SCENARIOS = load(FOLDER, CONTRACTS)


def said(name: str) -> dict[str, Any]:
    """Give a scenario as its file says it."""
    return SCENARIOS[name].model_dump(by_alias=True)


def played(told: dict[str, Any], *, leaps: bool = True) -> Played:
    scenario = Scenario.model_validate(told)
    stage = SimulatedStage(CONTRACTS, scenario.networks, scenario.links_ms, leaps=leaps)
    return play(scenario, stage, "test")


def test_another_ending_differs() -> None:
    told = said("assistance-declined")
    told["ends"][0]["state"] = "closed"
    assert any("expected 'closed'" in one for one in played(told).differences)


def test_an_ending_in_a_region_that_takes_no_part_differs() -> None:
    told = said("assistance-declined")
    told["ends"][0]["regions"] = ("beijing", "tianjin", "hebei")
    assert played(told).differences == [
        "the end of matter, main: hebei holds '-', expected 'declined'"
    ]


def test_another_step_differs() -> None:
    told = said("assistance-completed")
    told["acts"][2]["then"]["step"] = 4
    [difference] = played(told).differences
    assert difference.startswith("act 3 (Accepted by tianjin/binhai): tianjin holds (3, ")


def test_another_office_awaited_differs() -> None:
    told = said("assistance-completed")
    told["acts"][4]["then"]["awaits"] = "tianjin/binhai"
    assert any(one.startswith("act 5") for one in played(told).differences)


def test_another_term_differs() -> None:
    told = said("assistance-completed")
    for term, good in (("20 days", True), ("21 days", False), ("none", False)):
        told["acts"][0]["then"]["within"] = term
        differences = played(told).differences
        assert not differences if good else "falls due 2026-10-11" in differences[0]
    told["acts"][0]["then"]["within"] = None
    told["acts"][-1]["then"]["within"] = "none"
    assert played(told).differences == []


def test_a_region_that_holds_something_and_isnt_named_differs() -> None:
    told = said("assistance-declined")
    told["ends"][0]["regions"] = ("beijing",)
    assert played(told).differences == [
        "the end of matter, main: tianjin holds something of it, expected nothing"
    ]


def test_an_office_too_many_and_one_too_few_in_a_thread_differ() -> None:
    told = said("assistance-declined")
    told["ends"][0]["sees"] = ("beijing/haidian", "tianjin/binhai")
    assert played(told).differences == []
    for wrong in (("beijing/haidian",), ("beijing/haidian", "tianjin/binhai", "tianjin/hexi")):
        told["ends"][0]["sees"] = wrong
        [difference] = played(told).differences
        assert "main: seen by beijing/haidian, tianjin/binhai, expected" in difference


def test_a_remark_too_many_and_one_too_few_differ_in_each_region() -> None:
    told = said("assistance-returned-forwarded")
    told["ends"][0]["remarks"] = ("Commented",)
    assert played(told).differences == []
    for wrong in ((), ("Commented", "Commented")):
        told["ends"][0]["remarks"] = wrong
        differences = played(told).differences
        assert [one.split(" holds ")[0] for one in differences] == [
            f"the end of matter, main: {region}" for region in ("beijing", "tianjin", "hebei")
        ]


def test_a_copy_that_is_missing_or_for_another_differs() -> None:
    class Doctored(SimulatedStage):
        change: ClassVar[dict[str, str]] = {}

        def threads(self, region):  # type: ignore[no-untyped-def]
            held = {}
            for key, thread in super().threads(region).items():
                if "copy/report/" in key:
                    if not self.change:
                        continue
                    thread = st.Thread.FromString(thread.SerializeToString())
                    for party in thread.parties:
                        party.office = self.change.get(party.office, party.office)
                held[key] = thread
            return held

    scenario = SCENARIOS["row-42-important-copies"]
    for change in ({}, {"beijing/provincial": "beijing/branch-1"}):
        Doctored.change = change
        one = play(scenario, Doctored(CONTRACTS, scenario.networks, {}), "test")
        assert any(each.startswith("the copies of matter: ") for each in one.differences)


def test_another_figure_of_a_report_differs() -> None:
    told = said("row-49-campaign")
    told["totals"][1]["counts"] = {"CASES_FILED": 31}
    [difference] = played(told).differences
    assert difference.startswith("the reports cards of matter in gansu: {'reports': 1, ")
    assert "'CASES_FILED': 18" in difference
    assert "expected {'reports': 1, 'fen': {'RECOVERED': 80050000}" in difference


def test_a_report_that_a_region_may_not_see_is_no_report_there() -> None:
    told = said("row-49-campaign")
    told["totals"][1]["regions"] = ("shaanxi", "qinghai")
    shaanxi, qinghai = played(told).differences
    assert "in shaanxi: {'reports': 1, 'fen': {'RECOVERED': 120000001}" in shaanxi
    assert "in qinghai: None, expected" in qinghai


def test_another_figure_of_a_model_differs() -> None:
    told = said("s2-jjj-clue-model-hit")
    told["models"][0]["confirmed"] = 2
    told["models"][0]["regions"] = ("hebei",)
    [difference] = played(told).differences
    assert difference == (
        "the model of model in hebei: {'hits': 3, 'answered': 2, 'confirmed': 1, 'clues': 1}, "
        "expected {'hits': 3, 'answered': 2, 'confirmed': 2, 'clues': 1}"
    )
    told["models"] = [{"in": "clue", "regions": ["hebei"]}]
    [difference] = played(told).differences
    assert difference.startswith("the model of clue in hebei: None, expected")


def test_an_act_that_should_be_rejected_and_is_not_differs() -> None:
    told = said("assistance-withdrawn")
    told["acts"][1]["rejected"] = "NOT_AWAITED"
    assert any("recorded, expected NOT_AWAITED" in one for one in played(told).differences)


def test_an_act_that_is_rejected_and_should_not_be_differs_and_ends_the_play() -> None:
    told = said("assistance-completed")
    told["acts"] = told["acts"][:2] + told["acts"][3:]
    [difference] = played(told).differences
    assert difference.startswith("act 3 (Progressed by tianjin/binhai): rejected as WRONG_STATE")


def test_an_act_that_is_rejected_with_another_code_differs() -> None:
    told = said("assistance-declined")
    told["acts"][4]["rejected"] = "WRONG_STATE"
    assert any("rejected as NOT_AWAITED" in one for one in played(told).differences)


def clocked() -> dict[str, Any]:
    """Give a story in which thirty days pass over a request with twenty days to answer."""
    told = said("assistance-withdrawn")
    told["acts"] = [told["acts"][0], {"days": 21, "records": ("Reminded", "Overdue")}]
    told["ends"] = [{"state": "requested", "regions": ("beijing", "tianjin")}]
    return told


def test_what_the_clocks_record_is_compared_exactly() -> None:
    assert played(clocked()).differences == []
    for wrong in ((), ("Reminded",), ("Reminded", "Overdue", "Overdue")):
        told = clocked()
        told["acts"][1]["records"] = wrong
        [difference] = played(told).differences
        assert "clocks and rules recorded 1 Overdue, 1 Reminded" in difference


def test_days_are_left_out_where_time_cannot_leap_and_that_is_told() -> None:
    told = clocked()
    told["acts"].append(
        {"by": "tianjin/binhai", "officer": "李静", "says": "Received", "clock": True}
    )
    one = played(told, leaps=False)
    assert one.differences == []
    assert one.skipped == ["act 2 (21 days)", "act 3 (Received by tianjin/binhai)"]


def test_what_is_submitted_twice_and_has_two_effects_differs() -> None:
    told = said("assistance-withdrawn")
    told["acts"][0]["again"] = True
    assert played(told).differences == []

    class Forgetful(SimulatedStage):
        """Doesn't know a submission that comes again."""

        seen: ClassVar[set[str]] = set()

        def submit(self, draft: sub.Draft) -> tuple[str, ...]:
            if draft.submission_id in self.seen:
                draft.submission_id += "-again"
            self.seen.add(draft.submission_id)
            return super().submit(draft)

    told = said("assistance-withdrawn")
    told["acts"][2]["again"] = True  # a remark: nothing but its id keeps it from counting twice
    scenario = Scenario.model_validate(told)
    one = play(scenario, Forgetful(CONTRACTS, scenario.networks, {}), "test")
    assert any("submitted again, it had another effect" in each for each in one.differences)


def test_regions_that_hold_different_states_differ() -> None:
    class Doctored(SimulatedStage):
        def threads(self, region):  # type: ignore[no-untyped-def]
            held = {key: st.Thread.FromString(t.SerializeToString())
                    for key, t in super().threads(region).items()}  # fmt: skip
            if region == "tianjin":
                for thread in held.values():
                    thread.overdue = True
            return held

    scenario = SCENARIOS["assistance-declined"]
    one = play(scenario, Doctored(CONTRACTS, scenario.networks, {}), "test")
    assert any("the regions hold different states" in each for each in one.differences)


def test_a_member_that_holds_nothing_differs() -> None:
    class Blind(SimulatedStage):
        def threads(self, region):  # type: ignore[no-untyped-def]
            return {} if region == "tianjin" else super().threads(region)

    told = said("assistance-withdrawn")
    told["acts"] = told["acts"][:1]
    told["ends"] = [{"state": "requested", "regions": ("beijing",)}]
    scenario = Scenario.model_validate(told)
    one = play(scenario, Blind(CONTRACTS, scenario.networks, {}), "test")
    assert one.differences == ["matter, main: tianjin is a member and holds nothing of it"]


def test_a_scenario_of_another_year_is_left_out() -> None:
    told = said("row-45-chief-meeting")
    assert not played(told).skipped
    told["year"] = 2031
    one = played(told)
    assert (one.skipped, one.held) == (["all of it: it happens in 2031"], [])
