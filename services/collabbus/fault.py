"""Faults in contract files, and the error that carries all of them at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from collabbus.errors import CollabbusError

NOTHING = "nothing"

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One mistake in a contract file."""

    file: str
    """Relative to the contracts' folder, with slashes."""
    key: str
    """The way to the value, such as `regions.beijing.offices[3].parent`; "" is the whole file."""
    value: str
    """What was found there, as JSON (long values are cut); `nothing` where a key is missing."""
    rule: str
    """What would have been right, in words."""
    line: int | None = None
    """Counted from 1; of the enclosing value where a key is missing."""

    def __str__(self) -> str:
        at = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{at}: {self.key or 'the file'} is {self.value}: {self.rule}"


class ContractError(CollabbusError):
    """Contract files that break their rules; `faults` lists every one that was found."""

    code: ClassVar[str] = "CONTRACT_INVALID"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        many = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"the contracts have {many}; mend the files and load again:\n{lines}")


def dotted(key: Key) -> str:
    """Write a key path the way `Fault.key` shows it."""
    parts: list[str] = []
    for part in key:
        if isinstance(part, int):
            parts.append(f"[{part}]")
        else:
            parts.append(f".{part}" if parts else part)
    return "".join(parts)


def shown(value: object) -> str:
    """Write a value the way `Fault.value` shows it."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
