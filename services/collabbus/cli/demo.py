"""Demo: alliances on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from collabbus.cli.options import Contracts, settings_of


def demo(
    once: Annotated[bool, typer.Option(help="Play, tell, stop; else stay until Ctrl-C.")] = False,
    topology: Annotated[
        Literal["shared", "clusters"],
        typer.Option(help="shared: one cluster; clusters: one a region, with MirrorMaker 2."),
    ] = "shared",
    networks: Annotated[
        list[str] | None,
        typer.Option("--network", help="Only these; all if left out, or jingjinji on clusters."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where it all is kept; emptied first.")] = Path(
        ".demo"
    ),
    contracts: Contracts = None,
    scenario: Annotated[list[str] | None, typer.Option(help="Only these scenarios.")] = None,
) -> None:
    """演示: alliances on this machine, and the five great scenarios played on them.

    With ledgers and gateways for 京津冀, and Prometheus where it is installed. Exit 0: every
    region, ledger and gateway shows what the stories say. 1: not so. 2: something isn't up.
    """
    from collabbus.contracts import load
    from collabbus.demo import demo as play

    settings = settings_of(None, region="none", contracts=contracts)
    # Ten regions on clusters of their own would be ten brokers and ten mirrors on one machine.
    usual = ["jingjinji"] if topology == "clusters" else list(load(settings.contracts).networks)
    raise typer.Exit(
        play(
            settings.contracts,
            folder,
            networks or usual,
            topology=topology,
            once=once,
            only=scenario or (),
        )
    )
