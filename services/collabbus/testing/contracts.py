"""The contracts under which an alliance in memory plays: found, and read once a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

from collabbus.contracts import Contracts
from collabbus.contracts import load as load_contracts
from collabbus.errors import CollabbusError
from collabbus.simulate import library
from collabbus.simulate.scenario import Scenario

FOLDER = "COLLABBUS_CONTRACTS"
"""The environment variable that names the folder, as for every command."""


class NoContractsError(CollabbusError):
    """No folder with contracts was found."""

    code: ClassVar[str] = "CONTRACTS_NOT_FOUND"

    def __init__(self, looked: list[Path]) -> None:
        super().__init__(
            f"there are no contracts in {', '.join(map(str, looked))}: give contracts=..., or name "
            f"the folder in {FOLDER}"
        )


def find() -> Path:
    """Give the folder that COLLABBUS_CONTRACTS names, else the nearest `contracts` above here.

    The last that is looked at are the contracts that collabbus itself came with. Raises
    NoContractsError.
    """
    looked = list(_places())
    for place in looked:
        if (place / "networks").is_dir():
            return place
    raise NoContractsError(looked)


def _places() -> Iterator[Path]:
    named = os.environ.get(FOLDER)
    if named:
        yield Path(named)
        return  # who names a folder doesn't want another one in silence
    here = Path.cwd()
    for folder in (here, *here.parents):
        yield folder / "contracts"
    package = Path(__file__).parents[1]
    yield package / "_contracts"
    yield package.parents[1] / "contracts"


@lru_cache
def scenarios(folder: Path) -> dict[str, Scenario]:
    """Read the scenarios of a folder, by id; raises ContractError."""
    return library.load(folder, load(folder))


@lru_cache
def load(folder: Path) -> Contracts:
    """Read the contracts of a folder, which takes a second or two; raises ContractError."""
    return load_contracts(folder)
