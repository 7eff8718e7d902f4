"""Quarantine: listed and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from collabbus.cli import tables
from collabbus.cli.options import Bootstrap, Region, Set, settings_of

if TYPE_CHECKING:
    from collabbus.operate.quarantine import Quarantined

app = typer.Typer(no_args_is_help=True, help="隔离区: what could not be read, verified or allowed.")

KEY_SHOWN = 12
"""Hex digits of a key that a list shows; they are enough to name it."""


@app.command("list")
def list_(
    region: Region = None,
    bootstrap: Bootstrap = None,
    json: tables.Json = False,
    sets: Set = None,
) -> None:
    """列出隔离区: time, code, place and reason, no contents; exit 1 if there is nothing."""
    found, region = _listed(region, bootstrap, sets)
    if json:
        tables.as_json([_plain(one) for one in found])
    elif not found:
        print(f"{region} 的隔离区为空 has nothing in quarantine")
    else:
        tables.table(
            f"隔离区 quarantine: {region}",
            ("编号 key", "时间 time", "代码 code", "位置 place", "理由 reason"),
            (
                (one.key[:KEY_SHOWN], tables.moment(one.time_ms), one.code, _place(one), one.reason)
                for one in found
            ),
        )
    raise typer.Exit(0 if found else 1)


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="编号: as `list` shows it, or its beginning.")],
    region: Region = None,
    contents: Annotated[
        bool, typer.Option("--contents", help="显示内容: decoded contents, too.")
    ] = False,
    bootstrap: Bootstrap = None,
    json: tables.Json = False,
    sets: Set = None,
) -> None:
    """显示隔离的记录: all but its contents, which --contents adds; exit 1 if there is none.

    Contents may hold what concerns persons of a case.
    """
    wanted = key.lower()
    if len(wanted) < 4 or wanted.strip("0123456789abcdef"):
        raise typer.BadParameter(f"{key!r} isn't 4 to 32 hex digits", param_hint="KEY")
    listed, region = _listed(region, bootstrap, sets)
    found = [one for one in listed if one.key.startswith(wanted)]
    if json:
        tables.as_json([_plain(one, contents=contents) for one in found])
    elif not found:
        print(f"{region} 的隔离区没有 has no record {key} in quarantine")
    for one in () if json else found:
        rows: list[tuple[object, object]] = [
            ("编号 key", one.key),
            ("时间 time", tables.moment(one.time_ms)),
            ("代码 code", one.code),
            ("理由 reason", one.reason),
            ("来自 topic", one.topic),
            ("位置 shard/offset", _place(one).removeprefix(f"{one.topic}/")),
            ("记录键 record's key", one.record_key.decode("utf-8", "backslashreplace") or "—"),
            ("大小 size", f"{len(one.value)} bytes"),
            ("SHA-256", one.sha256),
        ]
        tables.table("隔离的记录 quarantined record", ("", ""), rows)
        if contents:
            tables.as_json(one.contents())
    raise typer.Exit(0 if found else 1)


def _listed(
    region: str | None, bootstrap: str | None, sets: list[str] | None
) -> tuple[list[Quarantined], str]:
    from collabbus.operate.quarantine import listed

    settings = settings_of(sets, bootstrap, region=region)
    return listed(settings.kafka, settings.region), settings.region


def _place(one: Quarantined) -> str:
    offset = "封包内 in a parcel" if one.offset < 0 else one.offset
    return f"{one.topic}/{one.shard}/{offset}"


def _plain(one: Quarantined, *, contents: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": one.key,
        "time_ms": one.time_ms,
        "code": one.code,
        "reason": one.reason,
        "topic": one.topic,
        "shard": one.shard,
        "offset": one.offset,
        "record_key": one.record_key.decode("utf-8", "backslashreplace"),
        "size": len(one.value),
        "sha256": one.sha256,
    }
    return {**found, "contents": one.contents()} if contents else found
