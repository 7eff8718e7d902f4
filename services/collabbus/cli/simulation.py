"""Simulation: alliances by seed."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from collabbus.cli.options import Contracts, settings_of


def simulate(
    seeds: Annotated[int, typer.Option(help="How many.")] = 300,
    start: Annotated[int, typer.Option("--from", help="The first one.")] = 0,
    seed: Annotated[int | None, typer.Option(help="Only this one, with its story.")] = None,
    network: Annotated[str, typer.Option(help="The network.")] = "jingjinji",
    contracts: Contracts = None,
) -> None:
    """模拟: alliances by seed, over bad links, with crashes; exit 1 if an invariant breaks."""
    from collabbus.simulate.campaign import campaign, play

    settings = settings_of(None, region="none", contracts=contracts)
    if seed is not None:
        verdict = play(settings.contracts, network, seed)
        print("\n".join(verdict.story))
        print(verdict.tell() if verdict.broken else f"seed {seed} holds")
        raise typer.Exit(1 if verdict.broken else 0)
    began = time.monotonic()
    verdicts = campaign(settings.contracts, network, range(start, start + seeds))
    broken = [verdict for verdict in verdicts if verdict.broken]
    for verdict in broken[:3]:
        print(verdict.tell())
    events = sum(verdict.events for verdict in verdicts)
    print(
        f"{len(verdicts)} seeds, {events} events, {len(broken)} broken, "
        f"{time.monotonic() - began:.1f} s"
    )
    raise typer.Exit(1 if broken else 0)
