"""Tables: what commands show to people, and the same as JSON for machines."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

WIDTH = 160
"""Columns where nobody says how many there are: in a pipe or a file."""

Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出: JSON, for machines.")]
MatterId = Annotated[
    str, typer.Argument(metavar="MATTER", help="事项编号: the matter's id, 32 hex digits.")
]


def console() -> Console:
    """Give the console on which tables are shown."""
    asked = os.environ.get("COLUMNS", "")
    known = sys.stdout.isatty() or asked.isdigit()
    return Console(width=None if known else WIDTH, highlight=False, markup=False, emoji=False)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show a table; long cells are wrapped, never cut."""
    made = Table(title=plain(title), title_justify="left", box=box.SIMPLE, pad_edge=False)
    for place, column in enumerate(columns):
        # What stands first names the row, and is copied into the next command.
        made.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in rows:
        made.add_row(*(plain(str(cell)) for cell in row))
    console().print(made)


def line(text: str) -> None:
    """Print a line in which others' words may stand."""
    print(plain(text))


def plain(text: str) -> str:
    """Give a text whose control characters are seen: a terminal would do what they say.

    Also those by which a text is shown in another order than it has (Unicode's bidirectional ones).
    """
    return "".join(
        one if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cf") else repr(one)[1:-1]
        for one in text
    )


def as_json(found: Any) -> None:
    """Print as JSON."""
    print(json.dumps(found, ensure_ascii=False, indent=1))


def moment(time_ms: int | None) -> str:
    """Write a time as people here read it, UTC+8; a dash for none."""
    from collabbus.model.deadline import CHINA

    if not time_ms:
        return "—"
    return datetime.fromtimestamp(time_ms / 1000, CHINA).strftime("%Y-%m-%d %H:%M:%S")


def due(time_ms: int) -> str:
    """Write a due time as people say it, 24:00 of its day; a dash for none."""
    from collabbus.model.deadline import day_of

    # 24:00 of a day is the first moment of the next one.
    return f"{day_of(time_ms - 1)} 24:00" if time_ms else "—"


def matter_id(given: str) -> str:
    """Give a matter's id as it was typed, if it can be one; else the command ends with exit 2."""
    if not re.fullmatch(r"[0-9a-f]{32}", given):
        raise typer.BadParameter(
            f"{given!r} isn't 32 hex digits: `collabbus submit` and the outcomes tell it whole",
            param_hint="MATTER",
        )
    return given


def numbers(missing: Iterable[tuple[str, int]]) -> str:
    """Name events by origin and number, `hebei 第 5 号 number 5 of hebei`."""
    return "; ".join(
        f"{origin} 第 {number} 号 number {number} of {origin}" for origin, number in missing
    )
