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


def test_alerts_are_grouped_and_silenced_by_labels_and_severities_that_they_have() -> None:
    file = Alerting.model_validate(read())
    alerts = rules("alerts.rules.yml")
    used = {label for one in routes(file.route) for label in one.group_by}
    used |= {label for one in file.inhibit_rules for label in one.equal}
    assert used
    for label in used:
        assert any(label in labels_of(alert) for alert in alerts), label
    severities = {alert["labels"]["severity"] for alert in alerts}
    matchers = [
        m for one in file.inhibit_rules for m in (*one.source_matchers, *one.target_matchers)
    ]
    assert matchers
    for matcher in matchers:
        name, value = re.split("[=!~]+", matcher)
        assert name == "severity"
        assert value.strip('"') in severities


@pytest.mark.parametrize(
    ("path", "value"),
    [("group_wait", "soon"), ("group_wiat", "30s"), ("matchers", ["severity critical"])],
)
def test_the_reading_finds_what_alertmanager_would_refuse(path: str, value: object) -> None:
    wrong = read()
    wrong["route"][path] = value
    with pytest.raises(ValidationError, match=path):
        Alerting.model_validate(wrong)
