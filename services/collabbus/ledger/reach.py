"""Reach: which threads and events of the tables a set of offices may see.

An office sees the threads of which it is a party, from their beginning, and no more of them than
was said until it left. What only the region's own clock says is seen by the office it is said to.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, and_, exists, or_, true
from sqlalchemy.sql.selectable import FromClause

from collabbus.ledger.tables import events, parties
from collabbus.model.thread import LOCAL

Offices = Collection[str] | None
"""None: all that the region holds, for its operators."""


def is_party(
    offices: Offices, table: Table, *, past: bool = False, main: bool = False
) -> ColumnElement[bool]:
    """Tell whether one of the offices is a party of a line's thread.

    `past`: or was one. `main`: the line is of a matter, and its main thread is meant.
    """
    if offices is None:
        return true()
    found = [parties.c.matter_id == table.c.matter_id, parties.c.office.in_(offices)]
    if main:
        found.append(parties.c.thread == "main")
    elif "thread" in table.c:
        found.append(parties.c.thread == table.c.thread)
    if not past:
        found.append(parties.c.left_position.is_(None))
    return exists().where(*found)


def may_read(offices: Offices, event: FromClause = events) -> ColumnElement[bool]:
    """Tell whether one of the offices may read an event, a line of `events` or of an alias."""
    if offices is None:
        return true()
    party = exists().where(
        parties.c.matter_id == event.c.matter_id,
        parties.c.thread == event.c.thread,
        parties.c.office.in_(offices),
        or_(parties.c.left_position.is_(None), parties.c.left_position >= event.c.position),
    )
    return or_(party, and_(event.c.thread == LOCAL, event.c.office.in_(offices)))
