"""Campaigns: whoever ends one leaves nothing behind that goes on playing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.descendants import commands, descendants
from tests.support.waiting import until

CONTRACTS = Path(__file__).parents[2] / "contracts"


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes where Linux lists them")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_who_ends_a_campaign_ends_its_workers(number: int) -> None:
    campaign = subprocess.Popen(
        [sys.executable, "-m", "collabbus", "simulate", "--seeds", "100000"],
        env={**os.environ, "COLLABBUS_CONTRACTS": str(CONTRACTS)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    workers: set[int] = set()
    try:
        workers = until(lambda: descendants(campaign.pid), 30, "a worker")
        campaign.send_signal(number)
        assert campaign.wait(10) == -number
        until(lambda: not commands(workers), 5, "the end of the workers")
    finally:
        campaign.kill()
        campaign.wait()
        for worker in workers:
            if commands({worker}):
                os.kill(worker, signal.SIGKILL)
