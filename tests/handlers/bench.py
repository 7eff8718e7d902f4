"""A bench on which a handler is run without Kafka: what it submits is kept in a list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message

from collab.v1 import clue_pb2 as clue
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.handlers import Event, Failure, Handler, Handlers
from collabbus.handlers.run import Call, Middleware, call_of, perform
from collabbus.handlers.standing import Standing
from collabbus.sdk import Recorded

MATTER = "ab" * 16
OFFICE = "tianjin/binhai"


def envelope(**more: Any) -> ev.Envelope:
    facts: dict[str, Any] = {
        "event_id": "cd" * 16,
        "network": "jingjinji",
        "family": ev.FAMILY_CLUE,
        "matter_id": MATTER,
        "thread": "main",
        "origin": "beijing",
        "number": 1,
        "type": "ClueTransferred",
        "office": "beijing/daxing",
        "officer": "张伟",
        "domain": ev.DOMAIN_FINANCE,
        "recorded_ms": 1_793_000_000_000,
        "opened_ms": 1_793_000_000_000,
        "step": ev.Step(number=1, state="transferred", awaits=OFFICE, waits="beijing/daxing"),
    }
    facts.update(more)
    return ev.Envelope(**facts)


def event(**more: Any) -> Event[Message]:
    body = clue.ClueTransferred(summary="线索")
    return Event(body, envelope(**more), 1_793_000_000_500, 0, 7)


@dataclass
class Tray:
    """A submitter: records everything, but for what `reject` raises for."""

    drafts: list[sub.Draft] = field(default_factory=list)
    reject: Callable[[sub.Draft], Exception | None] = lambda _: None
    seconds: float = 0.0
    at_once: int = 0

    async def submit(self, draft: sub.Draft) -> Recorded:
        self.at_once += 1
        assert self.at_once == 1, "answers of a run go out one after the other"
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        self.drafts.append(draft)
        error = self.reject(draft)
        if error is not None:
            raise error
        return Recorded(draft.submission_id, draft.matter_id, ("ef" * 16,), 1_793_000_000_900)


def run(
    handler: Handler[Any, Any],
    tray: Tray,
    middleware: Sequence[Middleware] = (),
    *,
    about: Event[Message] | None = None,
    again: Mapping[int, int] | None = None,
    calls: list[Call] | None = None,
) -> Failure | None:
    happened = about or event()
    standing = Standing(MATTER)
    standing.take(happened.envelope)

    async def main() -> Failure | None:
        call = call_of(
            Handlers("desk", handler), handler.name, happened, OFFICE, standing, tray,
            loop=asyncio.get_running_loop(), again=again,
        )  # fmt: skip
        if calls is not None:
            calls.append(call)
        return await perform(call, middleware)

    return asyncio.run(main())
