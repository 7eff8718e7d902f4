"""The demo: an alliance on this machine, and the scenarios of the contracts played on it."""

from __future__ import annotations

import shlex
import shutil
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from collabbus.frontage import OFFICER, Frontage, FrontageFailed
from collabbus.installation import Installation, Topology
from collabbus.model.journal import thread_key
from collabbus.model.thread import MAIN, region_of
from collabbus.operate.kafka import fetch
from collabbus.operate.process import attempts
from collabbus.repertoire import Repertoire
from collabbus.sdk import Seen
from collabbus.simulate.play import Played, play
from collabbus.simulate.scenario import Scenario
from collabbus.stage import KafkaStage
from collabbus.telling import Teller

FRONTED = "jingjinji"
"""The network whose regions get ledgers and gateways: those of ten would be too much here."""
_READ_S = 10.0
"""How long a gateway may go on showing something else than what the processor holds."""


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

    Beside the processors run a ledger and a gateway for each region of `FRONTED`, and a Prometheus
    where one is installed.

    0: every region that takes part holds the state that its scenario says, each ledger has all of
    its log, and each gateway shows the state that its region's processor holds. 1: that isn't so.
    Without `once` it stays until SIGINT or SIGTERM. All that was started is stopped in any case.
    Raises FrontageFailed and what the installation raises where something doesn't come up.
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

    rules = contracts.resolve().parent / "deploy" / "prometheus"
    started = time.monotonic()
    checked: list[_Checked] = []
    try:
        with installation, KafkaStage(installation, show) as stage, ExitStack() as stack:
            console.print(
                f"[dim]就绪 up after {time.monotonic() - started:.1f} s: "
                f"{', '.join(installation.regions)}[/]"
            )
            front = None
            if FRONTED in needed:
                front = Frontage(
                    installation,
                    tuple(installation.contracts.networks[FRONTED].regions),
                    rules=rules if rules.is_dir() else None,
                    ended=ended,
                )
                console.print("[dim]启动台账与网关 ledgers and gateways, meanwhile[/]")
                stack.enter_context(front)
            played = _play(console, scenarios, stage, ended)
            if front is not None:
                front.wait_ready()
            _addresses(console, installation)
            if front is not None and not ended.is_set():
                since = time.time()
                checked = [_check(front, one, stage, played, since) for one in front.regions]
                _front_addresses(console, front, checked)
            if not once and not ended.is_set():
                console.print("按 Ctrl-C 结束 / Ctrl-C ends it")
                ended.wait()
            console.print("[dim]停止 stopping[/]")
    finally:
        installation.stop()
    fronted = len(front.regions) if front is not None else 0
    whole = len(played) == len(scenarios) and len(checked) == fronted
    return _summary(console, played, checked, whole=whole)


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


# Ledgers and gateways -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Checked:
    """What a region's ledger and gateway have shown."""

    region: str
    office: str
    """Whose token it was read with."""
    token: Path
    current: bool
    """Whether the ledger had all of its log after all was played."""
    shown: str
    """What the gateway has shown, in words."""
    same: bool
    """Whether that is what the processor holds."""


def _check(
    front: Frontage, region: str, stage: KafkaStage, played: Sequence[Played], since_s: float
) -> _Checked:
    """Look whether a ledger had all after `since_s`, and read from its gateway what was played.

    A region that takes part in none has nothing to show: then that is compared.
    """
    current = front.caught_up(region, since_s)
    matter_id, office = _a_matter(region, stage, played)
    if not office:
        networks = stage.contracts.networks
        office = networks[FRONTED].regions[region].provincial
    token = front.token(region, office)
    shown, same = "", False
    for _ in attempts(_READ_S, 0.5):
        try:
            if matter_id:
                main = front.read(region, token, f"/v1/matters/{matter_id}")["main"] or {}
                step = stage.threads(region)[thread_key(matter_id, MAIN)].step
                shown = f"{matter_id[:8]} {main.get('state')}"
                same = (main.get("step"), main.get("state"), main.get("awaits")) == (
                    step.number, step.state, step.awaits,
                )  # fmt: skip
            else:
                items = front.read(region, token, "/v1/matters")["items"]
                shown, same = f"{len(items)} matters", not items
        except FrontageFailed as error:
            shown = str(error)
            break
        if same:
            break
    return _Checked(region, office, token, current, shown, same)


def _a_matter(region: str, stage: KafkaStage, played: Sequence[Played]) -> tuple[str, str]:
    """Give the last played matter whose main thread a region holds, and an office of it there."""
    for one in reversed(played):
        for matter_id in one.matters.values():
            thread = stage.threads(region).get(thread_key(matter_id, MAIN))
            there = [
                party.office
                for party in (thread.parties if thread is not None else ())
                if region_of(party.office) == region and not party.left
            ]
            if there:
                return matter_id, min(there)
    return "", ""


def _front_addresses(console: Console, front: Frontage, checked: Sequence[_Checked]) -> None:
    for job in front.metrics_ports().values():
        for name, port in job.items():
            console.print(f"指标 metrics of {name}: http://127.0.0.1:{port}/metrics")
    for region, url in front.ledgers.items():
        console.print(f"台账 ledger of {region}: {url}", markup=False)
    if front.prometheus is None:
        console.print("没有安装 Prometheus，略过 no prometheus on the PATH: left out")
    else:
        reached, targets = front.scraped()
        console.print(
            f"Prometheus: http://127.0.0.1:{front.prometheus} "
            f"{reached}/{targets} 个目标正常 targets up"
        )
    for one in checked:
        address = front.gateways[one.region]
        console.print(f"网关 gateway of {one.region}: {address}  接口文档 OpenAPI: {address}/docs")
        console.print(
            f'  curl -sS -H "Authorization: Bearer $(cat {shlex.quote(str(one.token))})" '
            f"{address}/v1/matters    # {one.office} {OFFICER}",
            markup=False,
        )


def _summary(
    console: Console, played: Sequence[Played], checked: Sequence[_Checked], *, whole: bool
) -> int:
    """Print a line a thread and region; give the exit code. `whole`: nothing was left out."""
    console.print()
    good = whole
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
    for front in checked:
        mark = "✓" if front.current else "✗"
        console.print(f"{mark} {front.region}: 台账 the ledger has all of its log")
        mark = "✓" if front.same else "✗"
        console.print(
            f"{mark} {front.region}: 网关 the gateway shows {front.office} what the processor "
            f"holds: {front.shown}",
            markup=False,
        )
        good = good and front.current and front.same
    return 0 if good else 1
