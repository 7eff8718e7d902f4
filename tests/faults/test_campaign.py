"""Campaigns: whoever ends one ends its brokers and processors, and its folder goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.descendants import commands, descendants
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]


@pytest.mark.kafka
@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes where Linux lists them")
def test_a_campaign_that_is_told_to_end_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        campaign = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.campaign", "--topology", "shared",
             "--seconds", "60", "--folder", str(tmp_path)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=log, stderr=log,
        )  # fmt: skip
    started: set[int] = set()

    def at_work() -> bool:
        started.update(descendants(campaign.pid))
        running = " ".join(commands(started))
        return "kafka" in running and "tests.faults.stock" in running

    try:
        until(at_work, 90, "a broker, processors and stock Faust")
        started.update(descendants(campaign.pid))
        campaign.send_signal(signal.SIGTERM)
        assert campaign.wait(60) == 128 + signal.SIGTERM, (tmp_path / "log").read_text()
        assert commands(started) == []
        assert [path.name for path in tmp_path.iterdir()] == ["log"]
    finally:
        campaign.kill()
        campaign.wait()
