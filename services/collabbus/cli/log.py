"""Log: followed in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from collabbus.cli import tables
from collabbus.cli.options import Bootstrap, Contracts, Region, Set, settings_of


def watch(
    region: Region = None,
    bootstrap: Bootstrap = None,
    contracts: Contracts = None,
    beginning: Annotated[bool, typer.Option(help="From the first event on.")] = False,
    sets: Set = None,
) -> None:
    """查看区域日志: follow a region's log in the terminal until Ctrl-C."""
    from collabbus.contracts import load
    from collabbus.sdk import follow
    from collabbus.telling import Teller

    settings = settings_of(sets, bootstrap, region=region, contracts=contracts)
    loaded = load(settings.contracts)
    pinned = [loaded.pin(name) for name in loaded.networks]
    teller = Teller({contract.hash: contract for contract in pinned})
    with follow(settings.region, settings.kafka, start="beginning" if beginning else "end") as log:
        for seen in log:
            print(tables.plain(teller.line(settings.region, seen)), flush=True)
