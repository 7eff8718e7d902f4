"""Doctor: everything about a region that can be wrong, looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from collabbus.cli import tables
from collabbus.cli.options import Bootstrap, Contracts, Keys, Region, Set, Shards, settings_of

if TYPE_CHECKING:
    from collabbus.operate.examination import Check, Found

EXITS = {"ok": 0, "warn": 1, "fail": 2}
_MARKS = {
    "ok": ("✓ 正常 ok  ", "green"),
    "warn": ("! 注意 warn", "yellow"),
    "fail": ("✗ 故障 fail", "red"),
}


def doctor(
    region: Region = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    keys: Keys = None,
    json: tables.Json = False,
    sets: Set = None,
) -> None:
    """体检: look at everything about a region that can be wrong, and say what to do.

    Changes nothing. Exit 0: all is well. 1: warnings alone. 2: something fails, or it could not be
    looked at.
    """
    from collabbus.operate.examination import Subject, examine, worst

    settings = settings_of(
        sets, bootstrap, region=region, shards=shards, contracts=contracts, keys=keys
    )
    found = []
    with Subject(settings) as subject:
        for each in examine(subject, checks()):
            found.append(each)
            if not json:
                _show(each)
    level = worst(each.line for each in found)
    if json:
        tables.as_json(
            {"region": settings.region, "level": level, "lines": [_plain(each) for each in found]}
        )
    raise typer.Exit(EXITS[level])


def checks() -> tuple[Check, ...]:
    """Give what is looked at, in order: the region's own checks, then those of its services.

    A service that isn't part of `operate` is registered here, since shells don't know each other.
    """
    from collabbus import checkup
    from collabbus.operate.checks import CHECKS

    return (*CHECKS, *checkup.CHECKS)


def _show(found: Found) -> None:
    mark, colour = _MARKS[found.line.level]
    console = tables.console()
    line = Text(f"{mark} ", style=colour)
    line.append(f"{found.check.zh} {found.check.name}: ", style="bold")
    line.append(f"{found.line.zh} · {found.line.en}", style="none")
    console.print(line, soft_wrap=True)
    if found.line.do_en:
        console.print(f"    → {found.line.do_zh}", soft_wrap=True)
        console.print(f"    → {found.line.do_en}", soft_wrap=True)


def _plain(found: Found) -> dict[str, Any]:
    line = found.line
    shown = {
        "check": found.check.name,
        "level": line.level,
        "zh": line.zh,
        "en": line.en,
    }
    if line.do_en:
        shown |= {"do_zh": line.do_zh, "do_en": line.do_en}
    return shown
