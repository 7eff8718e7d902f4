"""The demo: an alliance on this machine, and the scenarios of the contracts played on it."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from collabbus.installation import Installation, Topology
from collabbus.operate.kafka import fetch
from collabbus.sdk import Seen
from collabbus.simulate.scenario import Played, Scenario, load, play
from collabbus.stage import KafkaStage
from collabbus.telling import Teller


def demo(
    contracts: Path,
    folder: Path,
    network: str,
    *,
    topology: Topology,
    once: bool,
    only: Sequence[str] = (),
) -> int:
    """Start everything, play, tell; give the exit code.

    0: every region that takes part holds the state that its scenario says. 1: it doesn't. Without
    `once` it stays until SIGINT or SIGTERM. All that was started is stopped in any case.
    """
    # Width is the reader's business: a pipe must not break lines at 80 columns.
    console = Console(highlight=False, soft_wrap=True)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    scenarios = [
        scenario
        for scenario in load(contracts).values()
        if scenario.network == network and (not only or scenario.id in only)
    ]
    shutil.rmtree(folder, ignore_errors=True)
    installation = Installation(
        fetch(),
        folder,
        contracts,
        network,
        topology=topology,
        say=lambda text: console.print(f"[dim]{text}[/]"),
    )
    pinned = installation.contracts.pin(network)
    teller = Teller({pinned.hash: pinned})

    def show(region: str, seen: Seen) -> None:
        console.print(teller.line(region, seen), markup=False)

    started = time.monotonic()
    try:
        with installation, KafkaStage(installation, show) as stage:
            console.print(
                f"[dim]就绪 up after {time.monotonic() - started:.1f} s: "
                f"{', '.join(installation.regions)}[/]"
            )
            played = _play(console, scenarios, stage, ended)
            _addresses(console, installation)
            if not once and not ended.is_set():
                console.print("按 Ctrl-C 结束 / Ctrl-C ends it")
                ended.wait()
            console.print("[dim]停止 stopping[/]")
    finally:
        installation.stop()
    return _summary(console, played, len(scenarios))


def _play(
    console: Console, scenarios: Sequence[Scenario], stage: KafkaStage, ended: threading.Event
) -> list[Played]:
    run = f"{int(time.time()):x}"
    played = []
    for scenario in scenarios:
        if ended.is_set():
            break
        console.print(f"\n[bold]{scenario.zh}[/] {scenario.en}")
        played.append(play(scenario, stage, run))
    return played


def _addresses(console: Console, installation: Installation) -> None:
    console.print()
    for name, port in installation.metrics_ports.items():
        console.print(f"指标 metrics of {name}: http://127.0.0.1:{port}/metrics")
    for name, broker in installation.brokers.items():
        console.print(f"Kafka ({name}): {broker.bootstrap}")


def _summary(console: Console, played: Sequence[Played], wanted: int) -> int:
    """Print a line a region and matter; give the exit code."""
    console.print()
    good = len(played) == wanted
    for one in played:
        for region, state in one.states.items():
            mark = "✓" if state == one.scenario.ends.state else "✗"
            console.print(f"{mark} {region}: {one.scenario.id} {one.matter_id[:8]} {state}")
        for difference in one.differences:
            console.print(f"✗ {one.scenario.id}: {difference}", markup=False)
        good = good and not one.differences
    return 0 if good else 1
