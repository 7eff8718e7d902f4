"""Dashboards: as generated, and each query of metrics and labels that exist."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.known import ROOT, faults

FOLDER = ROOT / "deploy" / "grafana"


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("dashboards", FOLDER / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["dashboards"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


DASHBOARDS = generator()
NAMES = tuple(DASHBOARDS.DASHBOARDS)
QUERIES = [
    (query, legend)
    for _, rows in DASHBOARDS.DASHBOARDS.values()
    for panel in DASHBOARDS.panels(rows)
    for query, legend in panel.queries.items()
]


def test_the_committed_dashboards_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert DASHBOARDS.main(["--check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize(("query", "legend"), QUERIES)
def test_a_query_names_what_is_told_and_shows_labels_that_are_left(query: str, legend: str) -> None:
    assert faults(query, set(re.findall(r"\{\{(\w+)\}\}", legend))) == []


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool isn't installed")
def test_prometheus_reads_each_query(tmp_path: Path) -> None:
    rules = [
        {"record": f"query:{number}", "expr": query.replace("$region", ".*")}
        for number, (query, _) in enumerate(QUERIES)
    ]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    done = subprocess.run(
        ["promtool", "check", "rules", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_dashboard_has_each_panel_once_and_none_over_another(name: str) -> None:
    shown = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert shown["uid"] == f"collabbus-{name}"
    panels = shown["panels"]
    ids = [panel["id"] for panel in panels]
    assert len(set(ids)) == len(ids)
    cells = [
        (x, y)
        for panel in panels
        for place in [panel["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    for panel in panels:
        if panel["type"] != "row":
            assert panel["datasource"]["uid"] == "prometheus"
            assert panel["targets"]
