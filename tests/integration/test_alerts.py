"""A real Prometheus beside a running alliance: the right alert fires, and clears.

Time runs sixty times faster in its rules: a minute of theirs is a second here.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from collabbus.installation import Installation
from collabbus.operate import process, prometheus
from collabbus.operate.kafka import Kafka
from collabbus.operate.process import free_ports
from tests.deploy.known import PROMETHEUS
from tests.integration.conftest import CONTRACTS
from tests.integration.records import metric, opening, signed, submit
from tests.support.waiting import until

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(not prometheus.installed(), reason="Prometheus isn't installed"),
]

FASTER = 60
DELIVERY_S = 300 / FASTER
UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
ALWAYS = "AlertingWorks"


def faster(rules: str) -> str:
    """Give rules in which every window and threshold of seconds is so much shorter."""

    def shorter(found: re.Match[str]) -> str:
        seconds = int(found[2]) * UNIT_S[found[3]] / FASTER
        return f"{found[1]}{max(1, round(seconds))}s"

    rules = re.sub(r"(\[|for: )(\d+)([smhd])\b", shorter, rules)
    age = "link_uncountersigned_seconds:max > "
    assert rules.count(age + "300") == (1 if "alert:" in rules else 0)
    return rules.replace(age + "300", f"{age}{DELIVERY_S:g}")


class Watch:
    """A Prometheus that scrapes an installation."""

    def __init__(self, folder: Path, installation: Installation) -> None:
        folder.mkdir()
        for file in PROMETHEUS.glob("*.rules.yml"):
            (folder / file.name).write_text(faster(file.read_text("utf-8")), "utf-8")
        jobs = {"processor": installation.metrics_ports}
        config = prometheus.configure(folder, jobs, folder, every_s=1)
        [self._port] = free_ports(1)
        self._command = prometheus.command(config, self._port)
        self.log = folder / "prometheus.log"

    def __enter__(self) -> Watch:
        self._child = process.spawn(self._command, log=self.log)
        return self

    def __exit__(self, *_: object) -> None:
        process.stop(self._child, 10)

    def ask(self, path: str) -> Any:
        try:
            with urlopen(f"http://127.0.0.1:{self._port}/api/v1/{path}", timeout=5) as answer:
                return json.load(answer)["data"]
        except OSError:
            return None

    def firing(self) -> set[tuple[str, str]]:
        """Give what fires: the alert, and the peer or process that it names."""
        told = self.ask("alerts") or {"alerts": []}
        found = [one["labels"] for one in told["alerts"] if one["state"] == "firing"]
        return {
            (labels["alertname"], labels.get("peer") or labels.get("process") or "")
            for labels in found
        }

    def scraped(self) -> set[str]:
        told = self.ask("targets") or {"activeTargets": []}
        return {one["labels"]["process"] for one in told["activeTargets"] if one["health"] == "up"}


@pytest.fixture(scope="module")
def installation(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Three regions' topics on one broker, and the processors of two of them."""
    made = Installation(
        kafka,
        tmp_path_factory.mktemp("alerts"),
        CONTRACTS,
        "jingjinji",
        shards=2,
        environment={
            "PYTHONPATH": ":".join(filter(None, sys.path)),
            "COLLABBUS_DELIVERY_S": str(DELIVERY_S),
        },
    )
    try:
        made.start(processors=False)
        for region in ("beijing", "tianjin"):
            made.add_processor(region)
            until(lambda r=region: taken(made, r) == 4, 60, f"all shards of {region}")  # type: ignore[misc]
        yield made
    finally:
        made.stop()


def taken(installation: Installation, region: str) -> float:
    return metric(installation, region, "collabbus_take_seconds_count")


def send(installation: Installation, name: str, count: int = 1) -> None:
    for number in range(count):
        draft = opening(f"{name}-{number}")
        submit(installation, draft, signed(installation, draft))


def test_a_region_that_is_stopped_raises_an_alert_and_clears_it_when_it_is_back(
    installation: Installation, tmp_path: Path
) -> None:
    def delivered(result: str) -> float:
        return metric(
            installation, "beijing", "collabbus_deliveries_total", peer="tianjin", result=result
        )

    with Watch(tmp_path / "prometheus", installation) as watch:
        until(lambda: watch.scraped() == {"beijing-0", "tianjin-0"}, 30, "both processors scraped")
        send(installation, "before", 3)
        until(lambda: delivered("in_time") == 3, 30, "three events countersigned")
        until(lambda: watch.firing() == {(ALWAYS, "")}, 30, "quiet")

        installation.supervisor.stop("tianjin-0")
        send(installation, "while", 2)
        wanted = {
            ("LinkNotCountersigned", "tianjin"),
            ("ProcessDown", "tianjin-0"),
            ("DeliveriesBurnFast", "tianjin"),
        }
        until(lambda: wanted <= watch.firing(), 60, f"alerts {wanted}")
        assert {name for _, name in watch.firing()} <= {"", "tianjin", "tianjin-0"}
        assert delivered("late") == 2

        installation.supervisor.start("tianjin-0")
        until(lambda: not wanted & watch.firing(), 90, "alerts cleared")
        send(installation, "after", 3)
        until(lambda: delivered("in_time") == 6, 30, "three more countersigned")
        assert delivered("late") == 2
        assert not wanted & watch.firing()


def test_what_a_region_tells_of_its_matters_is_the_same_after_it_was_killed(
    installation: Installation,
) -> None:
    def told() -> tuple[float, ...]:
        return tuple(
            metric(installation, "beijing", f"collabbus_{name}", **labels)
            for name, labels in (
                ("threads_open", {"awaited": "tianjin", "level": "district"}),
                ("link_size", {"peer": "tianjin", "what": "sent"}),
                ("link_size", {"peer": "tianjin", "what": "countersigned"}),
            )
        )

    send(installation, "kept", 4)
    before = metric(installation, "beijing", "collabbus_link_size", what="sent", peer="tianjin")
    until(lambda: told()[1] == told()[2] >= before and told()[0] >= 4, 30, "all countersigned")
    wanted = told()
    assert wanted[0] == wanted[1]
    starts = installation.supervisor.starts("beijing-0")
    installation.supervisor.kill("beijing-0")
    assert installation.supervisor.wait_starts("beijing-0", starts + 1)
    until(lambda: told() == wanted, 60, f"{wanted} again")
