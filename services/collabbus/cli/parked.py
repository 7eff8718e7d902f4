"""Parked: matters whose handler keeps failing, listed, shown, tried again or passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from collabbus.cli import tables
from collabbus.cli.options import Bootstrap, Region, Set, settings_of

if TYPE_CHECKING:
    from collabbus.handlers.parking import Entry
    from collabbus.settings import Settings

app = typer.Typer(no_args_is_help=True, help="挂起: matters whose handler keeps failing.")

Matter = Annotated[str, typer.Argument(help="事项: the matter's id, or its beginning.")]
Office = Annotated[
    str | None, typer.Option(help="机构: whose handlers, where several parked the matter.")
]
Group = Annotated[
    str | None, typer.Option(help="The group of handlers, where several parked the matter.")
]
STANDS = {None: "待处置 nobody has decided", "retry": "将重试 retried", "skip": "将跳过 skipped"}


@app.command("list")
def list_(
    region: Region = None,
    bootstrap: Bootstrap = None,
    json: tables.Json = False,
    sets: Set = None,
) -> None:
    """列出挂起事项: which, at what, since when, and what was decided; exit 1 if there is none."""
    found, settings = _listed(region, bootstrap, sets)
    if json:
        tables.as_json([_plain(one) for one in found])
    elif not found:
        print(f"{settings.region} 没有挂起的事项 has no parked matters")
    else:
        tables.table(
            f"挂起 parked: {settings.region}",
            ("事项 matter", "机构 office", "处理器 handler", "事件 event", "错误 error",
             "自 since", "处置 decision"),
            (
                (one.parked.matter_id, one.place.office, f"{one.place.group}/{one.parked.handler}",
                 one.kind, one.parked.failure.error, tables.moment(one.parked.since_ms),
                 STANDS[one.decision])
                for one in found
            ),
        )  # fmt: skip
    raise typer.Exit(0 if found else 1)


@app.command()
def show(
    matter: Matter,
    region: Region = None,
    office: Office = None,
    group: Group = None,
    bootstrap: Bootstrap = None,
    json: tables.Json = False,
    sets: Set = None,
) -> None:
    """显示挂起事项: with the traceback, which may hold what concerns persons of a case."""
    one, _ = _the_one(matter, office, group, region, bootstrap, sets)
    parked = one.parked
    if json:
        tables.as_json({**_plain(one), "traceback": parked.failure.traceback})
        return
    rows: list[tuple[object, object]] = [
        ("事项 matter", parked.matter_id),
        ("机构 office", one.place.office),
        ("处理器 handler", f"{one.place.group}/{parked.handler}"),
        ("事件 event", f"{one.kind} {parked.event_id}"),
        ("位置 shard/offset", f"{one.shard}/{parked.offset}"),
        ("错误 error", parked.failure.error),
        ("失败次数 failures", parked.failures),
        ("自 since", tables.moment(parked.since_ms)),
        ("处置 decision", STANDS[one.decision]),
    ]
    tables.table("挂起的事项 parked matter", ("", ""), rows)
    print(parked.failure.traceback)


@app.command()
def retry(
    matter: Matter,
    region: Region = None,
    office: Office = None,
    group: Group = None,
    bootstrap: Bootstrap = None,
    sets: Set = None,
) -> None:
    """重试: have the handler that failed try again, then go on with what waits behind it."""
    _decide("retry", matter, office, group, region, bootstrap, sets)


@app.command()
def skip(
    matter: Matter,
    region: Region = None,
    office: Office = None,
    group: Group = None,
    bootstrap: Bootstrap = None,
    sets: Set = None,
) -> None:
    """跳过: leave out the handler that failed on this event, and go on with what waits."""
    _decide("skip", matter, office, group, region, bootstrap, sets)


def _decide(
    what: str,
    matter: str,
    office: str | None,
    group: str | None,
    region: str | None,
    bootstrap: str | None,
    sets: list[str] | None,
) -> None:
    from collabbus.handlers.delivery import Decision
    from collabbus.handlers.register import decide

    one, settings = _the_one(matter, office, group, region, bootstrap, sets)
    decide(settings.kafka, settings.region, one, Decision(what))
    print(
        f"{one.parked.matter_id} {one.place.office} {one.place.group}/{one.parked.handler}: "
        f"{STANDS[what]}"
    )


def _the_one(
    matter: str,
    office: str | None,
    group: str | None,
    region: str | None,
    bootstrap: str | None,
    sets: list[str] | None,
) -> tuple[Entry, Settings]:
    listed, settings = _listed(region, bootstrap, sets)
    found = [
        one
        for one in listed
        if one.parked.matter_id.startswith(matter.lower())
        and office in (None, one.place.office)
        and group in (None, one.place.group)
    ]
    if not found:
        print(f"{settings.region} 没有这一挂起事项 has no such parked matter: {matter}")
        raise typer.Exit(1)
    if len(found) > 1:
        many = ", ".join(
            f"{one.parked.matter_id} (--office {one.place.office} --group {one.place.group})"
            for one in found
        )
        raise typer.BadParameter(
            f"{matter!r} fits {many}: write more of it, or say which", param_hint="MATTER"
        )
    return found[0], settings


def _listed(
    region: str | None, bootstrap: str | None, sets: list[str] | None
) -> tuple[list[Entry], Settings]:
    from collabbus.handlers.register import listed

    settings = settings_of(sets, bootstrap, region=region)
    return listed(settings.kafka, settings.region), settings


def _plain(one: Entry) -> dict[str, Any]:
    return {
        "matter_id": one.parked.matter_id,
        "office": one.place.office,
        "group": one.place.group,
        "handler": one.parked.handler,
        "type": one.kind,
        "event_id": one.parked.event_id,
        "shard": one.shard,
        "offset": one.parked.offset,
        "failures": one.parked.failures,
        "error": one.parked.failure.error,
        "since_ms": one.parked.since_ms,
        "decision": one.decision,
    }
