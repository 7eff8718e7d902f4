"""Timeout: a run that takes longer than its handler may is given up, and tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from collabbus.handlers.failure import AnswerPending, TimedOut

if TYPE_CHECKING:
    from collabbus.handlers.run import Call


async def timeout(call: Call, go_on: Callable[[], Awaitable[None]]) -> None:
    """Raise TimedOut once the handler's seconds are over; AnswerPending where the region took them.

    An async function is cancelled where it waits. The thread of a plain one can't be stopped; it
    goes on by itself, and what it still answers is taken no more.
    """
    try:
        async with asyncio.timeout(call.handler.timeout_s) as limit:
            await go_on()
    except TimeoutError:
        if not limit.expired():
            raise
        raise late(call) from None


def late(call: Call) -> TimedOut:
    """Give why a run whose seconds are over has failed.

    What waits for the region is no fault of the handler's, though it may have been slow before: the
    next run finds this answer decided.
    """
    error = AnswerPending if call.matter.unsettled else TimedOut
    return error(call.handler.name, call.handler.timeout_s)
