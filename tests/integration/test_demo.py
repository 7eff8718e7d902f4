"""The demo, as people run it: real brokers, real processes, both topologies."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CONTRACTS = Path(__file__).parents[2] / "contracts"


def demo(folder: Path, contracts: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "collabbus", "demo", "--once", "--folder", str(folder),
         "--contracts", str(contracts), *arguments],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def left_behind(folder: Path) -> list[str]:
    """Give the processes that still have a file of the folder in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if str(folder) in line and int(entry.name) != os.getpid():
                found.append(line)
    return found


GREAT = {
    "s1-jjj-assistance": ("beijing", "tianjin"),
    "s2-jjj-clue-model-hit": ("beijing", "tianjin", "hebei"),
    "s3-nw-ecology": ("gansu", "qinghai"),
    "s4-nw-circulation": ("gansu", "shaanxi", "qinghai", "ningxia", "xinjiang", "xpcc"),
    "s5-jiangan-penalty-opinion": ("jiangan",),
}


@pytest.mark.kafka
def test_the_demo_plays_the_five_great_scenarios_and_leaves_nothing_running(
    kafka: object, tmp_path: Path
) -> None:
    """Invariants 1 to 4 over three networks and ten regions, and up within a minute."""
    done = demo(tmp_path / "demo", CONTRACTS)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for name, regions in GREAT.items():
        for region in regions:
            assert f"✓ {region}: {name}" in done.stdout
    assert "✗" not in done.stdout
    assert "送达 crossed in" in done.stdout
    up = re.search(r"up after ([0-9.]+) s", done.stdout)
    assert up is not None
    assert float(up[1]) < 60
    assert left_behind(tmp_path) == []


@pytest.mark.kafka
def test_the_demo_plays_on_a_cluster_a_region_with_mirrors_between(
    kafka: object, tmp_path: Path
) -> None:
    """Invariants 1 to 4: MirrorMaker 2 carries the links."""
    done = demo(
        tmp_path / "demo", CONTRACTS, "--topology", "clusters",
        "--scenario", "s1-jjj-assistance", "--scenario", "s2-jjj-clue-model-hit",
        "--scenario", "assistance-forwarded-direct",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for region in ("beijing", "tianjin", "hebei"):
        assert f"✓ {region}: assistance-forwarded-direct" in done.stdout
        assert f"✓ {region}: s2-jjj-clue-model-hit" in done.stdout
    assert left_behind(tmp_path) == []


@pytest.mark.kafka
def test_the_demo_fails_when_a_region_ends_in_another_state(kafka: object, tmp_path: Path) -> None:
    contracts = tmp_path / "contracts"
    shutil.copytree(CONTRACTS, contracts)
    story = contracts / "scenarios" / "assistance-declined.yaml"
    story.write_text(
        story.read_text("utf-8").replace("  - {state: declined", "  - {state: closed"), "utf-8"
    )
    done = demo(tmp_path / "demo", contracts, "--scenario", "assistance-declined")
    assert done.returncode == 1
    assert "expected 'closed'" in done.stdout


@pytest.mark.kafka
def test_ctrl_c_ends_the_demo_and_all_that_it_started(kafka: object, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "collabbus", "demo", "--folder", str(folder),
         "--contracts", str(CONTRACTS), "--scenario", "assistance-declined"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    assert process.wait(60) == 0
    assert time.monotonic() - started < 40
    assert left_behind(tmp_path) == []
