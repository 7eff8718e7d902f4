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
from urllib.parse import unquote

import httpx
import pytest

CONTRACTS = Path(__file__).parents[2] / "contracts"


def demo(
    folder: Path, contracts: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "collabbus", "demo", "--once", "--folder", str(folder),
         "--contracts", str(contracts), *arguments],
        capture_output=True, text=True, timeout=240, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


def left_behind(*folders: Path | str) -> list[str]:
    """Give the processes that still have a file of the folders in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if any(str(f) in line for f in folders) and int(entry.name) != os.getpid():
                found.append(line)
    return found


def databases(told: str) -> set[str]:
    """Give the folders of the databases of which a demo told."""
    return {unquote(one) for one in re.findall(r"ledger of \w+: \S+[?]host=(\S+)", told)}


GREAT = {
    "s1-jjj-assistance": ("beijing", "tianjin"),
    "s2-jjj-clue-model-hit": ("beijing", "tianjin", "hebei"),
    "s3-nw-ecology": ("gansu", "qinghai"),
    "s4-nw-circulation": ("gansu", "shaanxi", "qinghai", "ningxia", "xinjiang", "xpcc"),
    "s5-jiangan-penalty-opinion": ("jiangan",),
}
FRONTED = ("beijing", "tianjin", "hebei")


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
    for region in FRONTED:
        assert f"✓ {region}: 台账 the ledger has all of its log" in done.stdout
        assert re.search(rf"✓ {region}: 网关 the gateway shows {region}/\S+ what", done.stdout)
    # The clue's model is what all three hold at the end.
    assert done.stdout.count("what the processor holds: ") == 3
    assert re.search(r"the gateway shows hebei/\S+ .*: \w{8} published", done.stdout)
    [database] = databases(done.stdout)
    assert left_behind(tmp_path, database) == []
    assert not Path(database).exists()
    if shutil.which("prometheus"):
        # Ten processors, three ledgers, three gateways.
        assert "16/16 个目标正常 targets up" in done.stdout
    else:
        assert "no prometheus on the PATH" in done.stdout


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
def test_the_demo_fails_when_a_gateway_does_not_show_what_the_processor_holds(
    kafka: object, tmp_path: Path
) -> None:
    """These gateways believe tokens for somebody else alone; Prometheus isn't on this path."""
    done = demo(
        tmp_path / "demo", CONTRACTS, "--scenario", "assistance-declined",
        COLLABBUS_GATEWAY_AUDIENCE="somebody-else", PATH=str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "✓ tianjin: assistance-declined" in done.stdout
    assert "✓ tianjin: 台账" in done.stdout
    assert re.search(r"✗ tianjin: 网关 .* answers 401", done.stdout)
    assert "没有安装 Prometheus，略过 no prometheus on the PATH: left out" in done.stdout


@pytest.mark.kafka
def test_a_demo_that_stays_answers_as_it_says_until_ctrl_c_ends_all_that_it_started(
    kafka: object, tmp_path: Path
) -> None:
    folder = tmp_path / "demo"
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "collabbus", "demo", "--folder", str(folder),
         "--contracts", str(CONTRACTS), "--scenario", "assistance-declined"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if "Ctrl-C" in line:
            break
    offered = re.findall(r'curl -sS -H "Authorization: Bearer \$\(cat (\S+)\)" (\S+) ', told)
    assert len(offered) == len(FRONTED)
    shown = []
    for token, address in offered:
        assert Path(token).stat().st_mode & 0o777 == 0o600
        assert httpx.get(address, trust_env=False).status_code == 401
        bearer = {"Authorization": f"Bearer {Path(token).read_text('ascii')}"}
        answer = httpx.get(address, headers=bearer, trust_env=False)
        assert answer.status_code == 200, answer.text
        shown.append([one["main"]["state"] for one in answer.json()["items"]])
    assert shown == [["declined"], ["declined"], []]
    for address in re.findall(r"OpenAPI: (\S+)", told):
        assert "operations" in httpx.get(address, trust_env=False).text
    [database] = databases(told)
    assert left_behind(database)

    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    assert process.wait(60) == 0
    assert time.monotonic() - started < 40
    assert left_behind(tmp_path, database) == []
