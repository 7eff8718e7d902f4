"""Alertmanager's file: routes lead to receivers, matchers name labels that alerts have."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tests.deploy.known import ROOT, known, rules
from tests.support.promql import named

FILE = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
Duration = Annotated[str, Field(pattern=r"^(\d+(ms|[smhdwy]))+$")]
Matcher = Annotated[str, Field(pattern=r'^\w+(=~|!~|!=|=)"[^"]*"$')]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Route(Strict):
    receiver: str | None = None
    group_by: list[str] = []
    group_wait: Duration | None = None
    group_interval: Duration | None = None
    repeat_interval: Duration | None = None
    matchers: list[Matcher] = []
    routes: list[Route] = []


class Receiver(BaseModel):
    """What it is told by (mail, webhook) is the operator's affair."""

    name: str


class Inhibition(Strict):
    source_matchers: list[Matcher]
    target_matchers: list[Matcher]
    equal: list[str]


class Alerting(BaseModel):
    route: Route
    receivers: list[Receiver]
    inhibit_rules: list[Inhibition] = []


def read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


def labels_of(alert: dict[str, Any]) -> set[str]:
    """Give the labels that an alert can have."""
    here = named(alert["expr"])
    have = set().union(*(known()[name] for name in here.matched)) | here.made
    return {"alertname", *alert["labels"], *(here.grouped or have)}


def routes(of: Route) -> Iterator[Route]:
    yield of
    for one in of.routes:
        yield from routes(one)


@pytest.mark.skipif(shutil.which("amtool") is None, reason="amtool isn't installed")
def test_alertmanager_reads_it() -> None:
    done = subprocess.run(
        ["amtool", "check-config", FILE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_route_leads_to_a_receiver_that_is_there() -> None:
    file = Alerting.model_validate(read())
    receivers = [one.name for one in file.receivers]
    assert len(receivers) == len(set(receivers))
    assert file.route.receiver
    assert not file.route.matchers, "the root takes every alert"
    assert {one.receiver for one in routes(file.route) if one.receiver} <= set(receivers)


def matched(matchers: list[str], alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the alerts of which all matchers hold; raises KeyError for a label that isn't fixed."""
    found = alerts
    for matcher in matchers:
        parts = re.fullmatch(r'(\w+)(=~|=)"([^"]*)"', matcher)
        assert parts, matcher
        name, sign, value = parts.groups()
        wanted = re.compile(value if sign == "=~" else re.escape(value))
        found = [
            alert
            for alert in found
            if wanted.fullmatch({"alertname": alert["alert"], **alert["labels"]}[name])
        ]
    return found


def test_alerts_are_grouped_by_labels_that_they_have_and_routes_are_for_some() -> None:
    file = Alerting.model_validate(read())
    alerts = rules("alerts.rules.yml")
    for route in routes(file.route):
        assert matched(route.matchers, alerts)
        for label in route.group_by:
            assert any(label in labels_of(alert) for alert in alerts), label


def test_a_worse_alert_silences_a_lesser_one_of_the_same_thing_and_never_itself() -> None:
    alerts = rules("alerts.rules.yml")
    order = ["critical", "warning", "none"]
    for rule in Alerting.model_validate(read()).inhibit_rules:
        worse, lesser = (matched(m, alerts) for m in (rule.source_matchers, rule.target_matchers))
        assert worse, rule
        assert lesser, rule
        assert not {one["alert"] for one in worse} & {one["alert"] for one in lesser}
        for one in (*worse, *lesser):
            # A label that both lack is the same in both, and would silence too much.
            assert set(rule.equal) <= labels_of(one), one["alert"]
        assert max(order.index(one["labels"]["severity"]) for one in worse) <= min(
            order.index(one["labels"]["severity"]) for one in lesser
        )


def test_the_alert_that_always_fires_is_told_as_often_as_its_page_says() -> None:
    [alert] = [one for one in rules("alerts.rules.yml") if one["alert"] == "AlertingWorks"]
    assert "十分钟" in (ROOT / alert["annotations"]["runbook"]).read_text("utf-8")
    [route] = [
        one for one in read()["route"]["routes"] if one["matchers"] == ['alertname="AlertingWorks"']
    ]
    minutes = {key: int(str(route[key])[:-1]) for key in ("group_interval", "repeat_interval")}
    assert all(str(route[key]).endswith("m") for key in minutes)
    assert sum(minutes.values()) < 10


@pytest.mark.parametrize(
    ("path", "value"),
    [("group_wait", "soon"), ("group_wiat", "30s"), ("matchers", ["severity critical"])],
)
def test_the_reading_finds_what_alertmanager_would_refuse(path: str, value: object) -> None:
    wrong = read()
    wrong["route"][path] = value
    with pytest.raises(ValidationError, match=path):
        Alerting.model_validate(wrong)
