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
from collabbus.model.thread import MAIN
from collabbus.operate.kafka import fetch
from collabbus.repertoire import Repertoire
from collabbus.sdk import Seen
from collabbus.simulate.play import Played, play
from collabbus.simulate.scenario import Scenario
from collabbus.stage import KafkaStage
from collabbus.telling import Teller


def demo(
    contracts: Path,
    folder: Path,
    networks: Sequence[str],
    *,
    topology: Topology,
    once: bool,
    only: Sequence[str] = (),
) -> int:
    """Start everything, play, tell; give the exit code.

    Plays the scenarios that `only` names, else those made for the demo, of these networks alone; a
    network in which no story plays isn't started.

    0: every region that takes part holds the state that its scenario says. 1: it doesn't. Without
    `once` it stays until SIGINT or SIGTERM. All that was started is stopped in any case.
    """
    # Width is the reader's business: a pipe must not break lines at 80 columns.
    console = Console(highlight=False, soft_wrap=True)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    repertoire = Repertoire.load(contracts)
    scenarios = [
        scenario
        for scenario in repertoire.chosen(only)
        if set(scenario.networks) <= set(networks) and (only or scenario.demo)
    ]
    needed = [name for name in networks if any(name in one.networks for one in scenarios)]
    if not needed:
        console.print(f"没有场景 no scenario to play in {', '.join(networks)}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    installation = Installation(
        fetch(),
        folder,
        contracts,
        needed,
        topology=topology,
        say=lambda text: console.print(f"[dim]{text}[/]"),
    )
    pinned = [installation.contracts.pin(name) for name in needed]
    teller = Teller({contract.hash: contract for contract in pinned})

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
    """Print a line a thread and region; give the exit code."""
    console.print()
    good = len(played) == wanted
    for one in played:
        for held in one.held:
            mark = "✓" if held.state == held.ending.state else "✗"
            thread = "" if held.ending.thread == MAIN else f" {held.ending.thread}"
            console.print(
                f"{mark} {held.region}: {one.scenario.id} {held.ending.in_} "
                f"{held.matter_id[:8]}{thread} {held.state}"
            )
        for left_out in one.skipped:
            console.print(
                f"- {one.scenario.id}: 未演 left out, time can't leap here: {left_out}",
                markup=False,
            )
        for difference in one.differences:
            console.print(f"✗ {one.scenario.id}: {difference}", markup=False)
        good = good and not one.differences
    return 0 if good else 1
