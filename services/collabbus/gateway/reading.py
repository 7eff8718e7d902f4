"""Reading: matters and events of those who take part in them, from the region's ledger."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from collabbus.gateway import shapes
from collabbus.gateway.entrance import Gateway
from collabbus.gateway.operation import reads
from collabbus.gateway.problem import Problem
from collabbus.gateway.submissions import MatterId
from collabbus.ledger.queries import MOST
from collabbus.ledger.views import EventFilter, MatterFilter

Word = Annotated[str | None, Query(max_length=128, pattern=r"^[^\x00]*$")]
OfficeId = Annotated[
    str | None,
    Query(
        pattern="^[a-z][a-z0-9-]{0,31}/[a-z0-9][a-z0-9-]{0,63}$",
        description="Ask as this office, for which one's own may act; left out: one's own.",
    ),
]
Cursor = Annotated[str | None, Query(max_length=1024, pattern=r"^[\x21-\x7e]+$")]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Time = Annotated[int | None, Query(ge=0, lt=1 << 53)]
Words = Annotated[
    list[Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z_]+$")]] | None, Query(max_length=32)
]


def wanted(
    network: Word = None,
    family: Word = None,
    kind: Word = None,
    host: Word = None,
    domain: Word = None,
    case_number: Annotated[
        str | None, Query(alias="caseNumber", max_length=128, pattern=r"^[^\x00]*$")
    ] = None,
    party: Word = None,
    state: Word = None,
    awaits: Word = None,
    waits: Word = None,
    unfinished: Annotated[bool | None, Query(alias="open")] = None,
    archived: bool | None = None,
    overdue: bool | None = None,
    frozen: bool | None = None,
    due_before: Annotated[int | None, Query(alias="dueBeforeMs", ge=0, lt=1 << 53)] = None,
    opened_from: Annotated[int | None, Query(alias="openedFromMs", ge=0, lt=1 << 53)] = None,
    opened_before: Annotated[int | None, Query(alias="openedBeforeMs", ge=0, lt=1 << 53)] = None,
    updated_from: Annotated[int | None, Query(alias="updatedFromMs", ge=0, lt=1 << 53)] = None,
) -> MatterFilter:
    """Give which matters a list is of; all that is given must hold."""
    return MatterFilter(
        network=network, family=family, kind=kind, host=host, domain=domain,
        case_number=case_number, office=party, open=unfinished, archived=archived,
        opened_from_ms=opened_from, opened_before_ms=opened_before, updated_from_ms=updated_from,
        state=state, awaits=awaits, waits=waits, overdue=overdue, due_before_ms=due_before,
        frozen=frozen,
    )  # fmt: skip


def events_wanted(
    network: Word = None,
    family: Words = None,
    kind: Annotated[
        list[Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z_]+$")]] | None,
        Query(alias="type", max_length=32),
    ] = None,
    matter: Annotated[str | None, Query(alias="matterId", pattern="^[0-9a-f]{32}$")] = None,
) -> EventFilter:
    """Give which events are followed; all that is given must hold."""
    return EventFilter(
        network=network, families=tuple(family or ()), types=tuple(kind or ()), matter_id=matter
    )


def routes(gateway: Gateway) -> APIRouter:
    """Give the routes that read matters and events."""
    router = APIRouter(tags=["matters 事项"])

    @router.get(
        "/v1/matters", summary="事项列表 list matters", response_model=shapes.Matters, **reads()
    )
    async def list_matters(
        request: Request,
        filters: Annotated[MatterFilter, Depends(wanted)],
        office: OfficeId = None,
        order: Literal["updated", "opened"] = "updated",
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """The matters in which the office takes part, the newest first."""
        caller = gateway.enter(request)
        page = await gateway.reading().matters(
            gateway.offices(caller, office), filters, order=order, cursor=cursor, limit=limit
        )
        return _json(shapes.matters(page))

    @router.get(
        "/v1/matters/{matterId}",
        summary="查看事项 read a matter",
        response_model=shapes.WholeMatter,
        **reads(),
    )
    async def read_matter(
        request: Request, matter_id: MatterId, office: OfficeId = None
    ) -> Response:
        """A matter, with the threads in which the office takes part."""
        caller = gateway.enter(request)
        found = await gateway.reading().matter(gateway.offices(caller, office), matter_id)
        if found is None:
            raise Problem("NOT_FOUND", f"{caller.office} takes part in no matter {matter_id}")
        return _json(shapes.matter(found))

    @router.get(
        "/v1/matters/{matterId}/events",
        summary="事项经过 the events of a matter",
        response_model=shapes.Events,
        **reads(),
    )
    async def matter_events(
        request: Request,
        matter_id: MatterId,
        thread: Word = None,
        office: OfficeId = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Response:
        """In the order in which the region recorded them."""
        caller = gateway.enter(request)
        page = await gateway.reading().matter_events(
            gateway.offices(caller, office), matter_id, thread=thread, cursor=cursor, limit=limit
        )
        return _json(shapes.events(page))

    @router.get(
        "/v1/events",
        summary="事件 events after a place",
        response_model=shapes.Events,
        **reads(),
    )
    async def list_events(
        request: Request,
        filters: Annotated[EventFilter, Depends(events_wanted)],
        office: OfficeId = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Response:
        """At once, from the first one or after a cursor; the page's cursor is always given."""
        caller = gateway.enter(request)
        page = await gateway.reading().events_after(
            gateway.offices(caller, office), cursor, filters, limit=limit
        )
        return _json(shapes.events(page))

    return router


def _json(shape: shapes.Matters | shapes.WholeMatter | shapes.Events) -> Response:
    return Response(shape.text(), media_type="application/json")
