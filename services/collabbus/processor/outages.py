"""Outages: what aiokafka says of a broker that is away, told once and not at each try.

It writes two or three lines a try, and a processor's producers try 50 times a second each: an
outage of a minute filled a log with thousands of lines, in which nothing else was found.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from aiokafka.errors import NodeNotReadyError

log = structlog.get_logger()

QUIET_S = 10.0
"""A complaint that hasn't come for so long is over; between two tries lies less."""
LOOK_S = 1.0
_FOLLOWS = "Unable to update metadata from"
"""How a line begins that comes when no node could be asked; why, each node's own line has said."""

Complaint = tuple[object, ...]
"""What is complained of: logger, text, node, error's type; not the partition or request."""


@dataclass(slots=True)
class _Outage:
    text: str
    since: float
    last: float
    left_out: int = 0


class Outages(logging.Filter):
    """Lets each complaint of aiokafka pass when it begins, and tells when it is over.

    For a handler, since a logger's filter doesn't see what loggers below it write. Records of
    others pass as they are.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._going_on: dict[Complaint, _Outage] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        if record.name.partition(".")[0] != "aiokafka" or record.levelno < logging.WARNING:
            return True
        if str(record.msg).startswith(_FOLLOWS) or _is_unconnected(record):
            return False
        now = self._clock()
        outage = self._going_on.get(complaint := _complaint(record))
        if outage is None:
            self._going_on[complaint] = _Outage(record.getMessage(), now, now)
            return True
        outage.last = now
        outage.left_out += 1
        return False

    async def run(self) -> None:
        """Look for complaints that are over several times within their quiet, for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()

    def look(self) -> None:
        """Tell of each complaint that is over, if any line of it was left out."""
        now = self._clock()
        for complaint, outage in list(self._going_on.items()):
            if now - outage.last < QUIET_S:
                continue
            del self._going_on[complaint]
            if outage.left_out:
                log.warning(
                    "over", complaint=outage.text, lines_left_out=outage.left_out,
                    seconds=round(outage.last - outage.since, 1),
                )  # fmt: skip


def _is_unconnected(record: logging.LogRecord) -> bool:
    """Tell whether something wasn't sent for want of a connection, whose failing has been told."""
    arguments = record.args if isinstance(record.args, tuple) else ()
    return any(_error(one) is NodeNotReadyError for one in arguments)


def _complaint(record: logging.LogRecord) -> Complaint:
    arguments = record.args if isinstance(record.args, tuple) else ()
    telling = [
        _error(one) or one for one in arguments if isinstance(one, int | str | BaseException)
    ]
    return (record.name, record.msg, *telling)


def _error(argument: object) -> type[BaseException] | None:
    """Give the type of an error that stands in a line, as itself or as its class."""
    if isinstance(argument, type) and issubclass(argument, BaseException):
        return argument
    return type(argument) if isinstance(argument, BaseException) else None
