"""The stage: what is asked of it goes wrong, and nothing else."""

from __future__ import annotations

from collabbus.simulate.weather import Weather
from collabbus.testing import Alliance
from tests.testing.stories import asked


def test_a_link_that_loses_everything_brings_nothing_and_one_that_loses_nothing_all() -> None:
    stage = (alliance := Alliance("jingjinji")).stage
    stage.weather = Weather(1, 0, 0, 0, 0, 0)
    asked(alliance)
    stage.until(lambda: stage.lost >= 30)
    assert not stage.nodes["tianjin"].disk.inputs["beijing"]
    assert not alliance.log("tianjin")
    stage.weather = Weather.calm()
    stage.rest()
    assert alliance.log("tianjin").types == ["AssistanceRequested"]


def test_a_link_repeats_what_it_is_told_to_and_otherwise_nothing() -> None:
    for chance, times in ((0, 1), (1, 2)):
        stage = (alliance := Alliance("jingjinji")).stage
        stage.weather = Weather(0, chance, 0, 0, 0, 0)
        asked(alliance)
        stage.rest()
        came = [value for _, _, value in stage.nodes["tianjin"].disk.inputs["beijing"]]
        assert len(came) == times * len(set(came)) > 0
