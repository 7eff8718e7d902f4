"""A bridge to a local case system (对接本院办案系统) over HTTP, with an outbox (发件箱) of its own.

What comes is first laid down in SQLite, then posted under the event's id as its Idempotency-Key,
so that it is entered once however often the event is delivered or the post is tried. The case
system's number (登记号) is kept, and goes back to who asked with `Received`. While the case system
is away the handler fails, and the bus tries again; its matter waits, others go on.

    CASE_SYSTEM=http://127.0.0.1:8080 OUTBOX=/var/lib/bridge/outbox.sqlite \
        collabbus run handlers case_system_bridge:handlers --office tianjin/binhai --key FILE
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import httpx

from collabbus.handlers import AssistanceMatter, AssistanceRequested, Event, Handlers, on

OFFICER = "李静"
TABLE = "CREATE TABLE IF NOT EXISTS outbox (event TEXT PRIMARY KEY, subject TEXT, number TEXT)"


def outbox() -> sqlite3.Connection:
    """Open the outbox, which is made at the first use."""
    connection = sqlite3.connect(os.environ.get("OUTBOX", "outbox.sqlite"), timeout=10)
    connection.execute(TABLE)
    return connection


def register(event: str, subject: str) -> str:
    """Give the number under which the case system has the request; raises httpx.HTTPError."""
    with closing(outbox()) as box:
        with box:
            box.execute("INSERT OR IGNORE INTO outbox VALUES (?, ?, NULL)", (event, subject))
        [number] = box.execute("SELECT number FROM outbox WHERE event = ?", (event,)).fetchone()
        if number is None:
            answer = httpx.post(
                os.environ["CASE_SYSTEM"] + "/requests",
                json={"subject": subject},
                headers={"Idempotency-Key": event},
                timeout=10,
            )
            number = answer.raise_for_status().json()["number"]
            with box:
                box.execute("UPDATE outbox SET number = ? WHERE event = ?", (number, event))
        return str(number)


@on(AssistanceRequested, timeout=30)
def enter(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    """Enter a request into the case system; a plain function: it blocks, in a thread of its own."""
    number = register(event.id, event.body.subject)
    matter.receive(officer=OFFICER, register_number=number)


handlers = Handlers("case-system", enter)
