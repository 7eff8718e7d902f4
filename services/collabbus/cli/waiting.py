"""Waiting: what a region holds back, listed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from collabbus.cli import tables
from collabbus.cli.options import Bootstrap, Region, Set, settings_of

if TYPE_CHECKING:
    from collabbus.operate.waiting import Wait

app = typer.Typer(no_args_is_help=True, help="等待: what is held, refused or frozen.")

CODES = {
    "CAUSE": "暂缓 held",
    "CONTRACT": "暂缓 held",
    "REFUSED": "拒收 refused",
    "FROZEN": "冻结 frozen",
}


@app.callback()
def _group() -> None:
    """Keep `list` a command of its own."""


@app.command("list")
def list_(
    region: Region = None,
    bootstrap: Bootstrap = None,
    json: tables.Json = False,
    sets: Set = None,
) -> None:
    """列出等待: what is held, refused or frozen, since when, and what it waits for.

    Exit 1 if there is nothing.
    """
    from collabbus.operate.waiting import listed

    settings = settings_of(sets, bootstrap, region=region)
    found = listed(settings.kafka, settings.region)
    if json:
        tables.as_json([asdict(one) for one in found])
    elif not found:
        print(f"{settings.region} 没有等待的事件 has nothing that waits")
    else:
        tables.table(
            f"等待 waiting: {settings.region}",
            ("事项 matter", "线程 thread", "情况 what", "事件 event", "自 since", "等待 waits for"),
            (
                (one.matter_id, one.thread, CODES.get(one.code, one.code),
                 tables.numbers([(one.origin, one.number)]) if one.number else "—",
                 tables.moment(one.since_ms), waits_for(one))
                for one in found
            ),
        )  # fmt: skip
    raise typer.Exit(0 if found else 1)


def waits_for(one: Wait) -> str:
    """Say what has to happen."""
    if one.code == "CAUSE":
        return tables.numbers(one.missing)
    if one.code == "CONTRACT":
        return "所依契约 the contract of its matter, which this region doesn't have yet"
    if not one.number:
        return f"本区域处理出错 this region failed on it ({one.reason})：解除 its release"
    refused = f"{one.refuser} 已拒收 refused it ({one.reason})：" if one.refuser else ""
    return f"{refused}来源方作废该号或拒收方解除 its voiding by its origin, or its release"
