"""Scenarios: listed and played."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from collabbus.cli.options import Contracts, settings_of

app = typer.Typer(no_args_is_help=True, help="场景: stories from the trade, as data.")


@app.command("list")
def listed(contracts: Contracts = None) -> None:
    """场景目录: the table of mechanisms, and what shows each row; exit 1 if one has none."""
    from collabbus.repertoire import Repertoire

    repertoire = Repertoire.load(settings_of(None, region="none", contracts=contracts).contracts)
    console = Console(highlight=False)
    console.print(repertoire.table())
    console.print(repertoire.summary())
    raise typer.Exit(1 if repertoire.rows_without() else 0)


@app.command()
def run(
    names: Annotated[list[str] | None, typer.Argument(help="Ids of scenarios.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that there are.")] = False,
    on: Annotated[
        Literal["simulator", "kafka"],
        typer.Option("--on", help="simulator: the core in this process; kafka: real brokers."),
    ] = "simulator",
    folder: Annotated[
        Path, typer.Option(help="Where Kafka's installation is kept; emptied first.")
    ] = Path(".scenarios"),
    contracts: Contracts = None,
) -> None:
    """演练场景: play scenarios; exit 1, with each difference, if one goes another way."""
    from collabbus.repertoire import Repertoire

    repertoire = Repertoire.load(settings_of(None, region="none", contracts=contracts).contracts)
    if bool(names) == everything:
        raise typer.BadParameter("name scenarios, or give --all", param_hint="NAMES")
    chosen = repertoire.chosen(names or ())
    console = Console(highlight=False, soft_wrap=True)
    if on == "simulator":
        played = repertoire.play_simulated(chosen, console)
    else:
        played = repertoire.play_on_kafka(chosen, console, folder)
    raise typer.Exit(0 if repertoire.tell(played, console) else 1)
