"""Runs: one handler on one event, with the middleware around it, until its answers are recorded."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message

from collab.v1 import event_pb2 as ev
from collabbus.handlers.answer import Submitter
from collabbus.handlers.delivery import Failure
from collabbus.handlers.event import Event
from collabbus.handlers.failure import Quit
from collabbus.handlers.families import OF_FAMILY, CommonMatter
from collabbus.handlers.handler import Handler, Handlers
from collabbus.handlers.middleware.retry import judged
from collabbus.handlers.standing import Standing
from collabbus.model.body import type_of
from collabbus.sdk import Seen


@dataclass(slots=True)
class Call:
    """What middleware knows of a run."""

    group: str
    handler: Handler[Any, Any]
    event: Event[Message]
    matter: CommonMatter
    attempt: int
    """From 1; more where it failed before."""
    notes: dict[str, Any] = field(default_factory=dict)
    """For middleware of one's own."""


Middleware = Callable[[Call, Callable[[], Awaitable[None]]], Awaitable[None]]
"""Called around a run: `async def mine(call, go_on): ...; await go_on(); ...`."""


def event_of(seen: Seen) -> Event[Message] | None:
    """Give the event as handlers see it; None where its body was erased or is newer."""
    message = seen.message
    if message is None or not type_of(seen.body):
        return None
    return Event(message, seen.envelope, seen.time_ms, seen.partition, seen.offset)


def acting_office(
    envelope: ev.Envelope, standing: Standing, offices: tuple[str, ...]
) -> str | None:
    """Give which of the host's offices takes part in an event's thread; None: it isn't theirs."""
    if envelope.office in offices:
        return envelope.office
    return standing.party(envelope.thread, offices)


def call_of(
    handlers: Handlers,
    handler: str,
    event: Event[Message],
    office: str,
    standing: Standing,
    submitter: Submitter,
    *,
    loop: asyncio.AbstractEventLoop,
    attempt: int = 1,
    again: Mapping[int, int] | None = None,
) -> Call:
    """Put together what a run needs; `standing` is read here, and not afterwards."""
    matter = OF_FAMILY[event.family](
        event, office, standing, submitter,
        group=handlers.name, handler=handler, loop=loop, again=again,
    )  # fmt: skip
    return Call(handlers.name, handlers[handler], event, matter, attempt)


async def perform(call: Call, middleware: Sequence[Middleware] = ()) -> Failure | None:
    """Run the handler; when it returns None, the handler is done and its answers are recorded.

    What it raises becomes a Failure. Being cancelled takes no more answers and raises.
    """

    async def innermost() -> None:
        try:
            await _function(call)
        except (SystemExit, KeyboardInterrupt, asyncio.CancelledError) as error:
            # What would end a loop or a thread ends this run alone, unless we cancelled it.
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise
            raise Quit(call.handler.name, error) from error
        await call.matter.settle()

    go_on: Callable[[], Awaitable[None]] = innermost
    for one in reversed(middleware):
        go_on = _around(one, call, go_on)
    try:
        await go_on()
    except Exception as error:
        # Answers that are on their way are waited for: the next run repeats them under their ids.
        return judged(error, call.matter.rejected)
    finally:
        call.matter.give_up()
    return None


def _around(
    one: Middleware, call: Call, go_on: Callable[[], Awaitable[None]]
) -> Callable[[], Awaitable[None]]:
    async def around() -> None:
        await one(call, go_on)

    return around


async def _function(call: Call) -> None:
    if call.handler.is_async:
        done = call.handler(call.event, call.matter)
        if done is not None:
            await done
        return
    # A thread of its own, which nobody waits for at the end: one that hangs takes no place away.
    # What was raised is its result: a future can't raise all that a function can.
    future: Future[BaseException | None] = Future()

    def plain() -> None:
        error: BaseException | None = None
        try:
            call.handler(call.event, call.matter)
        except BaseException as raised:
            error = raised
        # Nobody waits any more where the run was given up.
        with contextlib.suppress(InvalidStateError):
            future.set_result(error)

    name = f"handler-{call.handler.name}"
    threading.Thread(target=plain, name=name, daemon=True).start()
    error = await asyncio.wrap_future(future)
    if error is not None:
        raise error
