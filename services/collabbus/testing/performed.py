"""Performed: how a scenario went that was played against handlers."""

from __future__ import annotations

from dataclasses import dataclass

from collabbus.simulate.play import Played


@dataclass(frozen=True, slots=True)
class Performed:
    """A scenario that was played, and which of its acts handlers said."""

    played: Played
    by_handlers: tuple[int, ...]
    """The numbers of those acts, from 1."""
    parked: str
    """What was parked then, and why; empty if nothing was."""

    def assert_as_written(self) -> None:
        """See that it went as the scenario says; raises AssertionError with each difference."""
        if self.played.differences or self.parked:
            raise AssertionError(
                f"{self.played.scenario.id} went another way:\n  "
                + "\n  ".join(self.played.differences)
                + self.parked
            )
