"""The project's lifecycles as they stand in their files, to be changed in one place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from collabbus.fault import dotted
from collabbus.model.lifecycle import Lifecycle
from collabbus.model.soundness import flaws

CONTRACTS = Path(__file__).parents[2] / "contracts"
FAMILIES = (
    "assistance", "clue", "notification", "consultation", "recommendation", "datashare",
)  # fmt: skip

Change = Callable[[dict[str, Any]], object]


@cache
def _text(family: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CONTRACTS / f"lifecycles/{family}.yaml").read_text())
    common = yaml.safe_load((CONTRACTS / "remarks.yaml").read_text())
    for sort in ("main", "track"):
        if sort in found:
            own = found[sort].get("remarks", {})
            found[sort]["remarks"] = {**own, **common["all"], **common[sort]}
    return found


def text(family: str) -> dict[str, Any]:
    """Give what stands in a family's file, with the remarks that all have."""
    return copy.deepcopy(_text(family))


def lifecycle(family: str, *changes: Change) -> Lifecycle:
    found = text(family)
    for change in changes:
        change(found)
    return Lifecycle.model_validate(found)


def told(family: str, *changes: Change) -> dict[str, str]:
    """Give the flaws of a changed lifecycle: the rules that are broken, by key."""
    said: dict[str, str] = {}
    for flaw in flaws(lifecycle(family, *changes)):
        key = dotted(flaw.key)
        said[key] = f"{said[key]}; {flaw.rule}" if key in said else flaw.rule
    return said


def put(*path_and_value: Any) -> Change:
    """Put a value at a place, where there may be none yet."""
    *path, last, value = path_and_value

    def change(found: dict[str, Any]) -> None:
        for name in path:
            found = found[name] if isinstance(found, list) else found.setdefault(name, {})
        found[last] = value

    return change


def drop(*path: Any) -> Change:
    """Take out what stands at a place; of a list, the entry of this value."""
    *around, last = path

    def change(found: Any) -> None:
        for name in around:
            found = found[name]
        if isinstance(found, list):
            found.remove(last)
        else:
            del found[last]

    return change


def add(*path_and_value: Any) -> Change:
    """Add an entry to a list, which may not be there yet."""
    *path, last, value = path_and_value

    def change(found: dict[str, Any]) -> None:
        for name in path:
            found = found[name]
        found.setdefault(last, []).append(value)

    return change
