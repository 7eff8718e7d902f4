"""Runs: one handler on one event, with the middleware around it, until its answers are recorded."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message

from collab.v1 import event_pb2 as ev
from collabbus.handlers.answer import Submitter
from collabbus.handlers.delivery import Failure
from collabbus.handlers.event import Event
from collabbus.handlers.failure import Ended
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

    What it raises becomes a Failure, also a SystemExit, and a CancelledError where nobody has
    cancelled the run. Being cancelled takes no more answers and raises.
    """

    async def innermost() -> None:
        with _failing(call):
            await _function(call)
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
        with _failing(call):
            await one(call, go_on)

    return around


@contextlib.contextmanager
def _failing(call: Call) -> Iterator[None]:
    """Have what would end the task or the loop, and was meant for neither, be an error of the run.

    It stands around each layer, so that the ones outside of it count and log a failure.
    """
    try:
        yield
    except (asyncio.CancelledError, SystemExit) as error:
        task = asyncio.current_task()
        if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
            raise
        raise Ended(call.handler.name, type(error).__name__) from error


async def _function(call: Call) -> None:
    if call.handler.is_async:
        done = call.handler(call.event, call.matter)
        if done is not None:
            await done
        return
    # A thread of its own, which nobody waits for at the end: one that hangs takes no place away.
    future: Future[None] = Future()

    def plain() -> None:
        error: BaseException | None = None
        try:
            call.handler(call.event, call.matter)
        except StopIteration as raised:
            # No future takes it.
            error = Ended(call.handler.name, "StopIteration")
            error.__cause__ = raised
        except BaseException as raised:
            error = raised
        # Nobody waits any more where the run was given up.
        with contextlib.suppress(InvalidStateError):
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

    name = f"handler-{call.handler.name}"
    threading.Thread(target=plain, name=name, daemon=True).start()
    await asyncio.wrap_future(future)
