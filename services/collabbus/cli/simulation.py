"""Simulation: alliances by seed."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from collabbus.cli.options import Contracts, settings_of

TOLD = 3
"""So many broken seeds are told with their stories; of the others only the numbers."""
ENDLESS = 1 << 40


def simulate(
    seeds: Annotated[int | None, typer.Option(help="How many; 300 without --seconds.")] = None,
    start: Annotated[int, typer.Option("--from", help="The first one.")] = 0,
    seconds: Annotated[
        float | None, typer.Option(help="Begin no more seeds after so many seconds.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Only this one, with its story.")] = None,
    network: Annotated[
        str | None, typer.Option(help="The network; without it each seed has its own.")
    ] = None,
    contracts: Contracts = None,
) -> None:
    """模拟: alliances by seed, over bad links, with crashes; exit 1 if an invariant breaks."""
    from collabbus.simulate.campaign import Verdict, campaign, play

    settings = settings_of(None, region="none", contracts=contracts)
    if seed is not None:
        verdict = play(settings.contracts, network, seed)
        print("\n".join(verdict.story))
        print(verdict.tell() if verdict.broken else f"seed {seed} ({verdict.network}) holds")
        raise typer.Exit(1 if verdict.broken else 0)
    count = seeds if seeds is not None else (300 if seconds is None else ENDLESS)
    began = time.monotonic()
    played = events = 0
    broken: list[Verdict] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("模拟 seeds", total=count if count < ENDLESS else None)
        workers = os.cpu_count() or 1
        for verdicts in campaign(
            settings.contracts, network, range(start, start + count), workers, seconds
        ):
            played += len(verdicts)
            events += sum(verdict.events for verdict in verdicts)
            broken += [verdict for verdict in verdicts if verdict.broken]
            bar.update(task, completed=played)
    broken.sort(key=lambda verdict: verdict.seed)
    for verdict in broken[:TOLD]:
        print(verdict.tell())
    if broken[TOLD:]:
        print(f"broken, too: {', '.join(str(verdict.seed) for verdict in broken[TOLD:])}")
    print(
        f"{played} seeds, {events} events, {len(broken)} broken, {time.monotonic() - began:.1f} s"
    )
    raise typer.Exit(1 if broken else 0)
