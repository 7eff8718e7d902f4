"""Figures of shared models and of reports in rounds, as an operator sees them; on real Kafka."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from typer.testing import CliRunner

from collabbus.cli import app
from collabbus.installation import Installation
from collabbus.simulate.library import load
from collabbus.simulate.play import play
from collabbus.stage import KafkaStage
from tests.integration.conftest import CONTRACTS
from tests.integration.records import metric
from tests.support.waiting import until

pytestmark = pytest.mark.kafka


def show(installation: Installation, region: str, matter: str, *words: str) -> str:
    done = CliRunner().invoke(
        app,
        ["matter", "show", matter, "--region", region, *words],
        env={
            "COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": installation.broker_of(region).bootstrap,
            "COLLABBUS_CONTRACTS": str(CONTRACTS),
            "COLUMNS": "250",
            "NO_COLOR": "1",
        },
    )
    assert done.exit_code == 0, done.output
    return done.output


def told(installation: Installation, region: str, model: str) -> tuple[float, ...]:
    """Give what a region's processor tells Prometheus: hits, answered, confirmed, precision."""
    names = ("hits", "answered", "confirmed", "precision")
    return tuple(
        metric(installation, region, f"collabbus_model_{name}", model=model) for name in names
    )


def _tells(installation: Installation, region: str, model: str, wanted: object) -> bool:
    return told(installation, region, model) == wanted


def test_a_model_has_the_same_figures_everywhere_and_after_its_processor_was_killed(
    installation: Installation, stage: KafkaStage
) -> None:
    played = play(load(CONTRACTS)["s2-jjj-clue-model-hit"], stage, "figures")
    assert played.differences == []
    model, wanted = "bonded-zone-fuel", (3, 2, 1, 0.5)
    for region in ("beijing", "tianjin", "hebei"):
        until(partial(_tells, installation, region, model, wanted), 10, f"figures of {region}")
    supervisor = installation.supervisor
    starts = supervisor.starts("tianjin-0")
    supervisor.kill("tianjin-0")
    assert supervisor.wait_starts("tianjin-0", starts + 1)
    until(lambda: told(installation, "tianjin", model) == wanted, 60, "the same after a restart")
    for region in ("beijing", "hebei"):
        assert told(installation, region, model) == wanted
        [shown] = [
            line
            for line in show(installation, region, played.matters["model"]).splitlines()
            if line.strip().startswith(model)
        ]
        rates = ["50.0%", "33.3%"]
        assert shown.split() == [model, "1.2", "beijing/provincial", "3", "2", "1", "1", *rates]


def test_a_standing_report_is_shown_in_numbers(
    installation: Installation, stage: KafkaStage
) -> None:
    played = play(load(CONTRACTS)["row-55-compliance"], stage, "figures")
    assert played.differences == []
    [matter] = played.matters.values()
    shown = show(installation, "beijing", matter)
    assert "分轮报告 standing reports" in shown
    assert "60%" in shown
    assert shown.count("损失 loss 12,500.00 元; 已整改 rectified 3; 企业 enterprises 1") == 2
    assert "91110108MA0500006R" not in shown
    machine: Any = json.loads(show(installation, "beijing", matter, "--json"))
    assert machine["totals"]["evaluation"]["fen"] == {"LOSS": 1_250_000}
    assert [report["percent"] for report in machine["reports"]] == [60]
    assert machine["models"] == []
