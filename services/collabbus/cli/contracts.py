"""Contracts: checked and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collabbus.cli.options import Contracts, settings_of

app = typer.Typer(no_args_is_help=True, help="契约: networks and lifecycles.")


@app.command("check")
def check(contracts: Contracts = None) -> None:
    """检查契约: read all contract files and walk every lifecycle; exit 2 with every mistake."""
    from collabbus.contracts import load
    from collabbus.operate.topic_contract import TopicContract
    from collabbus.simulate.library import load as load_scenarios

    settings = settings_of(None, region="none", contracts=contracts)
    found = load(settings.contracts)
    TopicContract.load(settings.contracts)
    scenarios = load_scenarios(settings.contracts, found)
    for name, network in found.networks.items():
        offices = sum(1 for _ in network.offices())
        print(f"{name} {network.zh}: {offices} offices, contract {found.hash(name).hex()[:16]}")
    for family, lifecycle in found.lifecycles.items():
        kinds = sum(len(opening.kinds) for opening in lifecycle.opens.values())
        print(f"{family} {lifecycle.zh}: {kinds} kinds; every way through it ends")
    print(f"日历 calendar: up to {found.calendar.last_year}, version {found.calendar.version}")
    print(f"{len(found.lifecycles)} lifecycles, {len(scenarios)} scenarios")


@app.command()
def draw(
    contracts: Contracts = None,
    to: Annotated[Path, typer.Option(help="The document to write.")] = Path("docs/lifecycles.md"),
) -> None:
    """绘制类别: write all lifecycles as a document with diagrams."""
    from collabbus.contracts import load
    from collabbus.drawing import document

    settings = settings_of(None, region="none", contracts=contracts)
    to.write_text(document(load(settings.contracts).lifecycles), "utf-8")
    print(to)
