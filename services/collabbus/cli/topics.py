"""Topics: what the cluster lacks, and made."""

from __future__ import annotations

from typing import Any

import typer

from collabbus.cli.options import Bootstrap, Contracts, Region, Set, Shards, settings_of

app = typer.Typer(no_args_is_help=True, help="主题: the topics of a region.")


def _changes(settings: Any) -> Any:
    from collabbus.contracts import load
    from collabbus.operate.topic_contract import TopicContract
    from collabbus.operate.topics import plan

    peers = {
        peer
        for network in load(settings.contracts).networks.values()
        if settings.region in network.regions
        for peer in network.peers(settings.region)
    }
    contract = TopicContract.load(settings.contracts)
    return plan(settings.kafka, contract, settings.region, sorted(peers), settings.shards)


@app.command("plan")
def plan(
    region: Region = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    sets: Set = None,
) -> None:
    """主题计划: show what the cluster lacks; exit 1 if it is anything."""
    changes = _changes(
        settings_of(sets, bootstrap, region=region, shards=shards, contracts=contracts)
    )
    for change in changes:
        print(change)
    raise typer.Exit(1 if changes else 0)


@app.command("apply")
def apply(
    region: Region = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    sets: Set = None,
) -> None:
    """创建主题: make the cluster have the region's topics."""
    from collabbus.operate.topics import apply

    settings = settings_of(sets, bootstrap, region=region, shards=shards, contracts=contracts)
    changes = _changes(settings)
    apply(settings.kafka, changes)
    for change in changes:
        print(change)
