"""Rules and alerts: they name what is told, are explained, and fire when they should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.composed import METRICS, config
from tests.deploy.known import PROMETHEUS, ROOT, faults, rules

ALERTS = rules("alerts.rules.yml")
RECORDED = rules("recording.rules.yml")
TESTS = sorted((PROMETHEUS / "tests").glob("*.test.yml"))
RUNBOOKS = ROOT / "docs" / "runbooks"
SHOWN = re.compile(r"\$labels\.(\w+)")
needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool isn't installed (Debian: prometheus)"
)


def promtool(*arguments: str | Path) -> None:
    done = subprocess.run(
        ["promtool", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = config("--profile", "*")["services"]
    return found


def targets(scraped: dict[str, Any]) -> set[str]:
    """Give `name:port` of all that a configuration scrapes."""
    return {
        target
        for job in scraped["scrape_configs"]
        for each in job["static_configs"]
        for target in each["targets"]
    }


@needs_promtool
def test_prometheus_reads_all_rules() -> None:
    promtool("check", "rules", *sorted(PROMETHEUS.glob("*.rules.yml")))


@needs_promtool
def test_prometheus_reads_its_configuration_with_the_files_that_are_mounted(
    services: dict[str, Any], tmp_path: Path
) -> None:
    service = services["prometheus"]
    [file] = [word for word in service["command"] if word.startswith("--config.file=")]
    mounted = {v["target"]: v["source"] for v in service["volumes"] if v["type"] == "bind"}
    text = Path(mounted[file.partition("=")[2]]).read_text("utf-8")
    for target, source in mounted.items():
        text = text.replace(f"{target}/", f"{source}/")
    rules_read = yaml.safe_load(text)["rule_files"]
    assert [path.name for one in rules_read for path in Path("/").glob(one[1:])] == [
        path.name for path in PROMETHEUS.glob("*.rules.yml")
    ]
    (tmp_path / "prometheus.yml").write_text(text, "utf-8")
    promtool("check", "config", "--lint=all", tmp_path / "prometheus.yml")


def test_prometheus_reads_whoever_tells_metrics_and_nobody_else(services: dict[str, Any]) -> None:
    telling = {
        name
        for name, one in services.items()
        if one["image"] == services["keys"]["image"] and one["command"][0] == "run"
    }
    assert len(telling) == 4 * 3
    scraped = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))
    assert targets(scraped) == {f"{name}:{METRICS}" for name in telling}
    jobs = {
        (job["job_name"], name.partition(":")[0].rpartition("-")[0])
        for job in scraped["scrape_configs"]
        for name in targets({"scrape_configs": [job]})
    }
    assert all(job == kind for job, kind in jobs)
    for name in telling:
        assert services[name]["environment"]["COLLABBUS_METRICS_PORT"] == METRICS
        assert set(services[name]["networks"]) & set(services["prometheus"]["networks"])
    [alerted] = scraped["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"]
    name, _, port = alerted.partition(":")
    assert str(services[name]["ports"][0]["target"]) == port
    assert set(services[name]["networks"]) & set(services["prometheus"]["networks"])


@needs_promtool
def test_each_alert_fires_when_its_story_says_and_not_otherwise() -> None:
    promtool("test", "rules", *TESTS)


@pytest.mark.parametrize("rule", RECORDED, ids=lambda rule: str(rule["record"]))
def test_a_recording_rule_names_what_is_told(rule: dict[str, Any]) -> None:
    assert faults(rule["expr"]) == []


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: str(alert["alert"]))
def test_an_alert_names_what_is_told_and_is_explained_in_both_languages(
    alert: dict[str, Any],
) -> None:
    notes = alert["annotations"]
    shown = set(SHOWN.findall(" ".join(notes.values())))
    assert faults(alert["expr"], shown) == []
    assert alert["labels"]["severity"] in {"critical", "warning", "none"}
    assert re.search("[一-鿿]", notes["zh"])
    assert not re.search("[一-鿿]", notes["summary"])
    page = ROOT / notes["runbook"]
    assert page.parent == RUNBOOKS
    assert f"`{alert['alert']}`" in page.read_text("utf-8")


def test_each_alert_has_a_story_in_which_it_fires() -> None:
    told = {
        one["alertname"]
        for file in TESTS
        for story in yaml.safe_load(file.read_text("utf-8"))["tests"]
        for one in story.get("alert_rule_test", ())
        if one.get("exp_alerts")
    }
    assert told == {alert["alert"] for alert in ALERTS}


def test_each_runbook_is_of_an_alert_and_listed() -> None:
    pages = {Path(alert["annotations"]["runbook"]).name for alert in ALERTS}
    assert {page.name for page in RUNBOOKS.glob("*.md")} - {"README.md"} == pages
    listed = (RUNBOOKS / "README.md").read_text("utf-8")
    for alert in ALERTS:
        page = Path(alert["annotations"]["runbook"]).name
        [line] = [one for one in listed.splitlines() if f"`{alert['alert']}`" in one]
        assert f"({page})" in line


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("*.md")), ids=lambda page: page.stem)
def test_a_runbook_says_what_it_means_what_to_look_at_and_what_to_do(page: Path) -> None:
    text = page.read_text("utf-8")
    if page.name != "README.md":
        headings = re.findall("^## (.*)$", text, re.MULTILINE)
        assert headings == ["Meaning 含义", "Look at 查看", "Do 处理"]
    for target in re.findall(r"\]\(([^)#]+\.md)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), target
    for query in re.findall(r"`([^`]*collabbus[_:][^`]*)`", text):
        # A histogram is spoken of without its suffix.
        assert [] in (faults(query), faults(query + "_count")), query


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("sum(collabbus_no_such_total)", "no metric collabbus_no_such_total"),
        ('collabbus_events_total{matter="1"}', "collabbus_events_total has no label matter"),
        ("sum by (matter) (collabbus_shards)", "no label matter to group by"),
        ("1 + 1", "names no metric: 1 + 1"),
    ],
)
def test_the_reading_of_expressions_finds_what_nobody_tells(expression: str, wrong: str) -> None:
    assert faults(expression) == [wrong]
