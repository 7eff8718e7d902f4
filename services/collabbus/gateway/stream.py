"""Streams: events as they come, as server-sent events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from collabbus.gateway import shapes
from collabbus.gateway.entrance import Gateway
from collabbus.gateway.operation import reads
from collabbus.gateway.problem import Problem, answer
from collabbus.gateway.reading import Cursor, OfficeId, events_wanted
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
        `fromBeginning` it begins now. The stream ends when the token does, or its key is taken out.
        """
        caller = gateway.enter(request)
        ledger = gateway.reading()
        offices = gateway.offices(caller, office)
        place = last or cursor
        if place is None and not begin:
            place = await ledger.end()
        elif place is not None:
            # A place that isn't known is told before the stream begins.
            await ledger.events_after(offices, place, filters, limit=1)
        authorization = request.headers.get("authorization")

        def stands() -> bool:
            try:
                return gateway.tokens.caller(authorization) == caller
            except Problem:
                return False

        events = _follow(ledger, stands, caller.expires_s, offices, place, filters)
        return Counted(gateway, caller.office, events)

    return router


class Counted(EventSourceResponse):
    """A stream that is counted while it is open, and refused where there are too many."""

    def __init__(
        self, gateway: Gateway, office: str, events: AsyncIterator[ServerSentEvent]
    ) -> None:
        super().__init__(
            events,
            ping=3600,  # our own comments come sooner, and carry the place
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        self._gateway = gateway
        self._office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until one side ends it."""
        # Here, where nothing is waited for between looking and counting: requests that come all at
        # once would else each find room.
        of = self._gateway.streams
        settings = self._gateway.settings
        if of.total() >= settings.streams or of[self._office] >= settings.streams_per_office:
            mine = of[self._office]
            full = Problem(
                "BUSY",
                f"too many streams are open, {mine} of them {self._office}'s",
                headers={"Retry-After": "5"},
            )
            await answer(full)(scope, receive, send)
            return
        of[self._office] += 1
        self._gateway.metrics.streams(of.total())
        try:
            await super().__call__(scope, receive, send)
        finally:
            of[self._office] -= 1
            if not of[self._office]:
                del of[self._office]
            self._gateway.metrics.streams(of.total())


async def _follow(
    ledger: Ledger,
    stands: Callable[[], bool],
    expires_s: float,
    offices: Sequence[str],
    place: str | None,
    wanted: EventFilter,
) -> AsyncIterator[ServerSentEvent]:
    try:
        pages = ledger.follow(offices, place, wanted, idle=IDLE_S)
        while True:
            async with asyncio.timeout(expires_s - time.time()):
                page = await anext(pages)
            for one in page.items:
                # A slow reader takes them long after they were found.
                if time.time() >= expires_s or not stands():
                    return
                yield ServerSentEvent(shapes.event(one).text(), id=one.cursor)
            if not stands():
                return
            if not page.items:
                yield ServerSentEvent(comment="waiting", id=page.cursor)
    except (CursorLost, SQLAlchemyError, OSError, TimeoutError):
        # The client comes again with the last id that it has, and is told what is wrong; or the
        # token's time was over while it waited.
        return
