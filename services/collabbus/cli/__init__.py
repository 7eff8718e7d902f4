"""`collabbus`: the command line.

Exit codes: 0 done; 1 the answer is no (a check failed, a submission was rejected, a scenario
differs); 2 it could not be tried (wrong arguments, settings, contracts or keys; Kafka away); 75 the
watchdog ended a processor that stood still.
"""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from collabbus.cli import (
    contracts,
    evidence,
    keys,
    matter,
    parked,
    quarantine,
    scenario,
    services,
    topics,
    waiting,
)
from collabbus.cli.broker import broker
from collabbus.cli.demo import demo
from collabbus.cli.log import watch
from collabbus.cli.simulation import simulate
from collabbus.cli.submission import submit
from collabbus.errors import CollabbusError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="collabbus 检察协作事件总线: the event bus of procuratorates that work together.",
)
for command in (broker, submit, watch, demo, simulate):
    app.command()(command)
for name, group in (
    ("keys", keys),
    ("topics", topics),
    ("run", services),
    ("contracts", contracts),
    ("scenario", scenario),
    ("matter", matter),
    ("waiting", waiting),
    ("parked", parked),
    ("quarantine", quarantine),
    ("evidence", evidence),
):
    app.add_typer(group.app, name=name)


def main() -> None:
    """Run the command line; errors of ours are one line with their code, and exit 2."""
    try:
        app()
    except CollabbusError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"{error.code}: {error}", markup=False
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
