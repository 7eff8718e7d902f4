"""A desk whose handlers do what the tests want them to, by what the matter is about."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from collabbus.handlers import (
    AssistanceMatter,
    AssistanceRequested,
    Event,
    Handlers,
    Permanent,
    Retry,
    on,
)


def mended() -> bool:
    return Path(os.environ["MENDED"]).exists()


@on(AssistanceRequested, timeout=6.0)
async def register(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    await matter.receive(officer="王芳")
    subject = event.body.subject
    if not mended():
        if "hang" in subject:
            await asyncio.sleep(3600)
        if "block" in subject:
            time.sleep(3600)  # noqa: ASYNC251 - the fault that is tested
        if "exit" in subject:
            sys.exit("the case system is away")
        if "wrong" in subject:
            raise Permanent("this one is never going to work")
    await matter.comment(officer="王芳", text=f"登记 {subject}")


@on(AssistanceRequested, timeout=6.0)
def plain(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    if "stuck" in event.body.subject and not mended():
        time.sleep(3600)
    matter.comment(officer="李强", text=f"已阅 {event.body.subject}")


handlers = Handlers("desk", register, plain, retry=Retry(at_once=1, waits_ms=(100,)))
