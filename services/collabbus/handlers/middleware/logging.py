"""Logging: each run with its ids; never what was said in it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collabbus.handlers.run import Call

log = structlog.get_logger()


async def logging(call: Call, go_on: Callable[[], Awaitable[None]]) -> None:
    """Log how the run went; lines that the handler logs meanwhile carry the same ids."""
    ids = {
        "handler": f"{call.group}/{call.handler.name}",
        "event_id": call.event.id,
        "matter": call.event.matter_id,
        "thread": call.event.thread,
        "office": call.matter.office,
    }
    begun = time.monotonic()
    with structlog.contextvars.bound_contextvars(**ids):
        try:
            await go_on()
        except Exception as error:
            # The error's text may say something of the case.
            log.warning("handler failed", attempt=call.attempt, error=type(error).__name__)
            raise
        log.info(
            "handled",
            type=call.event.type,
            answers=len(call.matter.answers),
            seconds=round(time.monotonic() - begun, 3),
        )
