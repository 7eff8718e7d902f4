"""The repertoire: all scenarios of the contracts, which mechanisms they show, and their plays."""

from __future__ import annotations

import difflib
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from collabbus.contracts import Contracts
from collabbus.contracts import load as load_contracts
from collabbus.errors import CollabbusError
from collabbus.installation import Installation, Topology
from collabbus.operate.kafka import fetch
from collabbus.simulate.library import load
from collabbus.simulate.play import Played, Stage, play
from collabbus.simulate.scenario import Scenario
from collabbus.simulate.stage import SimulatedStage
from collabbus.stage import KafkaStage

ROWS = range(1, 79)
"""The rows of the table of mechanisms."""


class UnknownScenarioError(CollabbusError):
    """A scenario was named that the contracts don't hold."""

    code: ClassVar[str] = "SCENARIO_UNKNOWN"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(name, list(known), 3, 0.4)
        hint = f"; perhaps {', '.join(near)}" if near else ""
        super().__init__(f"there is no scenario {name!r}{hint}: `collabbus scenario list` has all")


@dataclass(frozen=True)
class Repertoire:
    """All scenarios of a contracts folder."""

    folder: Path
    contracts: Contracts
    scenarios: dict[str, Scenario]
    """By id."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read contracts and scenarios; raises ContractError with every fault."""
        contracts = load_contracts(folder)
        return cls(folder, contracts, load(folder, contracts))

    # Rows -----------------------------------------------------------------------------------

    def kinds(self, row: int) -> list[tuple[str, str]]:
        """Give the kinds that carry a row: family and Chinese name."""
        return [
            (lifecycle.zh, kind.zh)
            for lifecycle in self.contracts.lifecycles.values()
            for opening in lifecycle.opens.values()
            for kind in opening.kinds.values()
            if row in kind.rows
        ]

    def showing(self, row: int) -> list[str]:
        """Give the ids of the scenarios that show a row."""
        return [one.id for one in self.scenarios.values() if row in one.rows]

    def rows_without(self) -> list[int]:
        """Give the rows that no scenario shows."""
        return [row for row in ROWS if not self.showing(row)]

    def table(self) -> Table:
        """Give the rows with their families, kinds and scenarios, for a terminal."""
        table = Table("行 row", "类别 family")
        table.add_column("事项 kinds", overflow="fold")
        table.add_column("场景 scenarios", overflow="fold")
        for row in ROWS:
            kinds = self.kinds(row)
            families = dict.fromkeys(family for family, _ in kinds)
            table.add_row(
                str(row),
                "、".join(families) or "[red]无 none[/]",
                "、".join(zh for _, zh in kinds),
                ", ".join(self.showing(row)) or "[red]无 none[/]",
            )
        return table

    def summary(self) -> str:
        """Say how many rows are shown, and which aren't."""
        without = self.rows_without()
        text = (
            f"{len(self.scenarios)} scenarios show {len(ROWS) - len(without)} of {len(ROWS)} rows"
        )
        return text + (f"; none shows {', '.join(map(str, without))}" if without else "")

    # Plays ----------------------------------------------------------------------------------

    def chosen(self, names: Sequence[str]) -> list[Scenario]:
        """Give the scenarios of these names, all if none is given; raises UnknownScenarioError."""
        for name in names:
            if name not in self.scenarios:
                raise UnknownScenarioError(name, self.scenarios)
        return [self.scenarios[name] for name in names or self.scenarios]

    def simulated(self, scenario: Scenario) -> SimulatedStage:
        """Give a fresh stage in this process for a scenario."""
        return SimulatedStage(self.contracts, scenario.networks, scenario.links_ms)

    def play_simulated(self, chosen: Sequence[Scenario], console: Console) -> list[Played]:
        """Play scenarios on the core alone, each on a stage of its own."""
        return _played(chosen, console, self.simulated)

    def play_on_kafka(
        self,
        chosen: Sequence[Scenario],
        console: Console,
        folder: Path,
        topology: Topology = "shared",
    ) -> list[Played]:
        """Play scenarios on one installation with all networks that they need; it is then stopped.

        `folder` is emptied first.
        """
        networks = list(dict.fromkeys(name for one in chosen for name in one.networks))
        shutil.rmtree(folder, ignore_errors=True)
        installation = Installation(
            fetch(),
            folder,
            self.folder,
            networks,
            topology=topology,
            say=lambda text: console.print(f"[dim]{text}[/]"),
        )
        with installation, KafkaStage(installation) as stage:
            return _played(chosen, console, lambda scenario: stage)

    def tell(self, played: Sequence[Played], console: Console) -> bool:
        """Print how each scenario went; tell whether all went as they say."""
        for one in played:
            mark = "[red]✗[/]" if one.differences else "[green]✓[/]"
            console.print(f"{mark} {one.scenario.id} {one.scenario.zh}")
            for left_out in one.skipped:
                console.print(f"    未演 left out, time can't leap here: {left_out}", markup=False)
            for difference in one.differences:
                console.print(f"    {difference}", markup=False)
        wrong = sum(1 for one in played if one.differences)
        console.print(f"{len(played)} played, {wrong} different")
        return not wrong


def _played(
    chosen: Sequence[Scenario], console: Console, stage: Callable[[Scenario], Stage]
) -> list[Played]:
    run = f"{int(time.time()):x}"
    played = []
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as progress:
        task = progress.add_task("演练 playing", total=len(chosen))
        for scenario in chosen:
            progress.update(task, description=scenario.id)
            played.append(play(scenario, stage(scenario), run))
            progress.advance(task)
    return played
