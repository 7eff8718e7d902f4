"""Streams: events as they come, as server-sent events."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse, ServerSentEvent

from collabbus.gateway import shapes
from collabbus.gateway.entrance import Gateway
from collabbus.gateway.operation import reads
from collabbus.gateway.problem import Problem
from collabbus.gateway.reading import Cursor, OfficeId, events_wanted
from collabbus.gateway.tokens import Caller
from collabbus.ledger.cursor import CursorLost
from collabbus.ledger.queries import Ledger
from collabbus.ledger.views import EventFilter

IDLE_S = 15.0
"""Without news a comment comes so often, so that a dead connection is noticed."""


def routes(gateway: Gateway) -> APIRouter:
    """Give the route that streams."""
    router = APIRouter(tags=["events 事件"])

    @router.get(
        "/v1/events/stream",
        summary="订阅事件 follow events",
        response_class=EventSourceResponse,
        **reads(),
    )
    async def follow(
        request: Request,
        filters: Annotated[EventFilter, Depends(events_wanted)],
        office: OfficeId = None,
        cursor: Cursor = None,
        last: Annotated[
            str | None,
            Header(alias="Last-Event-ID", max_length=1024, pattern=r"^[\x21-\x7e]+$"),
        ] = None,
        begin: Annotated[bool, Query(alias="fromBeginning")] = False,
    ) -> EventSourceResponse:
        """Each event once, in the order of the region's ledger; `id` is its cursor.

        A client that reconnects with `Last-Event-ID` misses nothing. Without it, `cursor` and
        `fromBeginning` it begins now. The stream ends when the token does.
        """
        caller = gateway.enter(request)
        ledger = gateway.reading()
        offices = gateway.offices(caller, office)
        place = last or cursor
        if gateway.streams >= gateway.settings.streams:
            raise Problem("BUSY", "too many streams are open", headers={"Retry-After": "5"})
        if place is None and not begin:
            place = await ledger.end()
        elif place is not None:
            # A place that isn't known is told before the stream begins.
            await ledger.events_after(offices, place, filters, limit=1)
        return EventSourceResponse(
            _counted(gateway, _follow(ledger, caller, offices, place, filters)),
            ping=3600,  # our own comments come sooner, and carry the place
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return router


async def _counted(
    gateway: Gateway, events: AsyncIterator[ServerSentEvent]
) -> AsyncIterator[ServerSentEvent]:
    gateway.streams += 1
    gateway.metrics.streams(gateway.streams)
    try:
        async for event in events:
            yield event
    finally:
        gateway.streams -= 1
        gateway.metrics.streams(gateway.streams)


async def _follow(
    ledger: Ledger,
    caller: Caller,
    offices: Sequence[str],
    place: str | None,
    wanted: EventFilter,
) -> AsyncIterator[ServerSentEvent]:
    try:
        async for page in ledger.follow(offices, place, wanted, idle=IDLE_S):
            for one in page.items:
                yield ServerSentEvent(shapes.event(one).text(), id=one.cursor)
            if not page.items:
                yield ServerSentEvent(comment="waiting", id=page.cursor)
            if time.time() >= caller.expires_s:
                return
    except (CursorLost, SQLAlchemyError, OSError, TimeoutError):
        # The client comes again with the last id that it has, and is told what is wrong.
        return
