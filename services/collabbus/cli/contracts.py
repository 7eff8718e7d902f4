"""Contracts: checked."""

from __future__ import annotations

import typer

from collabbus.cli.options import Contracts, settings_of

app = typer.Typer(no_args_is_help=True, help="契约: networks and lifecycles.")


@app.command("check")
def check(contracts: Contracts = None) -> None:
    """检查契约: read all contract files; exit 2 with every mistake if there is one."""
    from collabbus.contracts import load
    from collabbus.operate.topic_contract import TopicContract
    from collabbus.simulate.scenario import load as load_scenarios

    settings = settings_of(None, region="none", contracts=contracts)
    found = load(settings.contracts)
    TopicContract.load(settings.contracts)
    scenarios = load_scenarios(settings.contracts)
    for name, network in found.networks.items():
        offices = sum(1 for _ in network.offices())
        print(f"{name} {network.zh}: {offices} offices, contract {found.hash(name).hex()[:16]}")
    print(f"日历 calendar: up to {found.calendar.last_year}, version {found.calendar.version}")
    print(f"{len(found.lifecycles)} lifecycles, {len(scenarios)} scenarios")
