"""Services: what a region runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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


@app.command("gateway")
def gateway(
    region: Region = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    keys: Keys = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0: any.")] = None,
    jwks: Annotated[Path | None, typer.Option(help="Public keys of who issues tokens.")] = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port of /metrics; 0: none.")] = None,
    sets: Set = None,
) -> None:
    """网关: serve HTTP for office systems until SIGTERM; what was accepted is flushed."""
    from collabbus.gateway.server import run
    from collabbus.settings import load_gateway

    mine = [one.removeprefix("gateway.") for one in sets or () if one.startswith("gateway.")]
    settings = settings_of(
        [one for one in sets or () if not one.startswith("gateway.")],
        bootstrap, region=region, shards=shards, contracts=contracts, keys=keys,
        metrics_port=metrics_port,
    )  # fmt: skip
    given: dict[str, Any] = dict(one.split("=", 1) for one in mine if "=" in one)
    flags = {"host": host, "port": port, "jwks": jwks}
    given |= {name: one for name, one in flags.items() if one is not None}
    raise typer.Exit(run(settings, load_gateway(**given)))


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


@app.command("handlers")
def handlers(
    which: Annotated[str, typer.Argument(help="The group, `module:name`, such as desk:handlers.")],
    office: Annotated[str, typer.Option(help="For whom they act, such as tianjin/binhai.")],
    key: Annotated[
        Path | None,
        typer.Option(help="File of the office's key; left out: from the folder of keys."),
    ] = None,
    subordinate: Annotated[
        list[str] | None,
        typer.Option(help="An office for which it acts by contract, too; may be repeated."),
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="Where a new group begins: end or beginning.")
    ] = None,
    concurrency: Annotated[int | None, typer.Option(help="Matters handled at once.")] = None,
    bootstrap: Bootstrap = None,
    contracts: Contracts = None,
    keys: Keys = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port of /metrics; 0: any.")] = None,
    sets: Set = None,
) -> None:
    """处理器程序: run developers' handlers for an office until SIGTERM.

    Any number of hosts may run one group: the shards are shared out among them.
    """
    from collabbus.handlers.service import run

    settings = settings_of(
        sets, bootstrap, region=office.partition("/")[0], contracts=contracts, keys=keys,
        metrics_port=metrics_port,
    )  # fmt: skip
    raise typer.Exit(
        run(which, office, settings, key, subordinate or (), start=start, concurrency=concurrency)
    )
