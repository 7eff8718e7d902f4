"""Viewing: lines of the tables made into views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import FromClause

from collabbus.ledger import cursor as cursors
from collabbus.ledger import tables
from collabbus.ledger.reach import Offices, is_party, may_read
from collabbus.ledger.tables import copies, events, links, matters, parties, threads, waiting
from collabbus.ledger.views import (
    CopyView,
    EventView,
    LinkView,
    MatterDetail,
    MatterView,
    PartyView,
    ShardStatus,
    Status,
    ThreadView,
    WaitView,
)

_OF_MATTER = [name for name in MatterView.__dataclass_fields__ if name != "main"]
_OF_THREAD = list(ThreadView.__dataclass_fields__)
_OF_EVENT = [
    name
    for name in EventView.__dataclass_fields__
    if name not in ("cursor", "erased", "corrected_by", "content", "legal_basis", "case_number")
]
MATTER: Sequence[ColumnElement[Any]] = [
    *(matters.c[name] for name in _OF_MATTER),
    matters.c.position,
]
"""The columns of a matter that a view needs."""
_OF_MAIN: Mapping[str, Any] = {
    "kinds": (), "opening": "", "case_number": "", "closed_ms": None, "cause_matter": "",
    "cause_event": "",
}  # fmt: skip
"""What only the main thread tells, and what stands there for who may not see that."""


def labelled(table: FromClause, prefix: str) -> list[ColumnElement[Any]]:
    """Give the columns of a thread that a view needs, under names of their own."""
    return [table.c[name].label(prefix + name) for name in _OF_THREAD]


def matter(row: Mapping[str, Any]) -> MatterView:
    """Make a matter's view of a line that has its main thread's columns as `main_…`."""
    found = {name: row[name] for name in _OF_MATTER}
    found["kinds"] = tuple(found["kinds"])
    main = None if row["main_thread"] is None else thread(row, "main_")
    if main is None:
        found |= _OF_MAIN
    return MatterView(**found, main=main)


def thread(row: Mapping[str, Any], prefix: str = "") -> ThreadView:
    """Make a thread's view."""
    found = {name: row[prefix + name] for name in _OF_THREAD}
    found["pending"] = tuple(found["pending"])
    return ThreadView(**found)


def event(life: str, row: Mapping[str, Any]) -> EventView:
    """Make an event's view, with what its correction changes; what was erased stays away."""
    found = {name: row[name] for name in _OF_EVENT}
    erased = row["body"] is None
    content, basis, case = row["content"], row["legal_basis"], row["case_number"]
    later = row["later_content"]
    if later is not None:
        fields = later.get("fields", [])
        if "body" in later and not erased:
            # A Body in JSON is one key, the name of what it says.
            [content] = later["body"].values()
        if "legal_basis" in fields:
            basis = row["later_basis"]
        if "case_number" in fields:
            case = row["later_case"]
    return EventView(
        **found,
        cursor=cursors.place(life, row["position"]),
        erased=erased,
        corrected_by=row["later_id"],
        content=None if erased else content,
        legal_basis=tuple(basis),
        case_number=case,
    )


async def detail(connection: AsyncConnection, offices: Offices, found: MatterView) -> MatterDetail:
    """Give the rest of what the offices may see of a matter."""

    async def rows(table: Any, *conditions: ColumnElement[bool], order: Sequence[Any]) -> Any:
        query = select(table).where(table.c.matter_id == found.matter_id, *conditions)
        return (await connection.execute(query.order_by(*order))).mappings().all()

    c = threads.c
    seen = await rows(
        threads, is_party(offices, threads), order=(c.thread != "main", c.sort, c.thread)
    )
    names = [row["thread"] for row in seen]
    # An office that left is named where it was, for those who are still there.
    there = await rows(
        parties,
        parties.c.thread.in_(names),
        order=(parties.c.thread != "main", parties.c.thread, parties.c.addition, parties.c.office),
    )
    led = await rows(links, order=(links.c.linked,)) if "main" in names else []
    readable = select(events.c.event_id).where(
        events.c.matter_id == found.matter_id, may_read(offices)
    )
    copied = await rows(
        copies,
        or_(copies.c.event_id.in_(readable), copies.c.office.in_(offices or ())),
        order=(copies.c.event_id, copies.c.role, copies.c.office),
    )
    # What waits may be in a thread that hasn't opened here: only operators see that.
    held = await rows(
        waiting,
        *([] if offices is None else [waiting.c.thread.in_(names)]),
        order=(waiting.c.since_ms, waiting.c.key),
    )
    return MatterDetail(
        found,
        tuple(thread(row) for row in seen),
        tuple(
            PartyView(
                row["thread"], row["office"], row["role"], row["addition"], row["leaving"],
                row["left_position"] is not None,
            )
            for row in there
        ),
        tuple(LinkView(row["linked"], row["family"], row["state"]) for row in led),
        tuple(CopyView(row["event_id"], row["role"], row["office"]) for row in copied),
        tuple(
            WaitView(
                row["thread"], row["event_id"], row["origin"], row["number"], row["code"],
                tuple((origin, number) for origin, number in row["missing"]), row["since_ms"],
            )
            for row in held
        ),
    )  # fmt: skip


async def status(connection: AsyncConnection) -> Status:
    """Tell how the ledger stands."""
    whole = (await connection.execute(select(tables.ledger))).mappings().one()
    counted = [
        (await connection.execute(select(func.count()).select_from(table))).scalar_one()
        for table in (matters, events)
    ]
    at = tables.offsets.c
    shards = await connection.execute(select(at.topic, at.shard, at.next).order_by(*at[:2]))
    return Status(
        region=whole["region"],
        life=whole["life"],
        position=whole["position"],
        generation=whole["generation"],
        rebuilding=whole["rebuilding"],
        current_ms=whole["current_ms"],
        matters=counted[0],
        events=counted[1],
        shards=tuple(ShardStatus(*row) for row in shards),
    )
