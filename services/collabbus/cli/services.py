"""Services: what a region runs."""

from __future__ import annotations

from typing import Annotated

import typer

from collabbus.cli.options import Bootstrap, Contracts, Keys, Region, Set, Shards, settings_of

app = typer.Typer(no_args_is_help=True, help="运行: a region's services.")


@app.command("processor")
def processor(
    region: Region = None,
    instance: Annotated[
        str | None, typer.Option(help="Name of this process among its region's.")
    ] = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    keys: Keys = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port of /metrics; 0: any.")] = None,
    sets: Set = None,
) -> None:
    """处理器: run a region's processor until SIGTERM; it finishes what is under way."""
    from collabbus.processor.app import run

    settings = settings_of(
        sets, bootstrap, region=region, instance=instance, shards=shards, contracts=contracts,
        keys=keys, metrics_port=metrics_port,
    )  # fmt: skip
    raise typer.Exit(run(settings))


@app.command("ledger")
def ledger(
    region: Region = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port of /metrics; 0: any.")] = None,
    sets: Set = None,
) -> None:
    """台账: follow a region's log into its ledger until SIGTERM or Ctrl-C.

    The tables are made, or brought to this program's version, first.
    """
    from collabbus.ledger.service import run

    settings = settings_of(
        sets, bootstrap, region=region, shards=shards, contracts=contracts,
        metrics_port=metrics_port,
    )  # fmt: skip
    raise typer.Exit(run(settings))
