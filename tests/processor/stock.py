"""A stock Faust app, with its public settings at their safest: what it loses all the same.

Run by test_transport.py as `python -m tests.processor.stock`. Each mode is an agent on a topic of
its own; `did <mode> <value>` on its output means that a value was handled to its end.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import faust

PREFIX = os.environ["TOPICS"]
HEALED = os.environ.get("HEALED") == "1"
MODES = os.environ["MODES"].split(",")

app = faust.App(
    os.environ["GROUP"],
    broker=f"kafka://{os.environ['BROKER']}",
    web_enabled=False,
    topic_allow_declare=False,
    topic_disable_leader=True,
    table_standby_replicas=0,
    stream_recovery_delay=0.0,
    consumer_auto_offset_reset="earliest",
    consumer_group_instance_id=os.environ["INSTANCE"],
    canonical_url=f"http://{os.environ['INSTANCE']}:1",
    broker_commit_interval=float(os.environ.get("COMMIT_S", "0.3")),
    broker_session_timeout=6.0,
    broker_heartbeat_interval=1.0,
    broker_rebalance_timeout=6.0,
    agent_supervisor=os.environ.get("SUPERVISOR", "mode.OneForOneSupervisor"),
)


def did(mode: str, value: Any) -> None:
    text = value if isinstance(value, str) else bytes(value).decode(errors="replace")
    print(f"did {mode} {text}", flush=True)


def check(value: bytes) -> None:
    """The body's own fault: it can't deal with `bad` before it is mended."""
    if value == b"bad" and not HEALED:
        raise ValueError("boom")


def raw(mode: str) -> Any:
    return app.topic(f"{PREFIX}.{mode}", value_serializer="raw")


if "plain" in MODES:

    @app.agent(raw("plain"))
    async def plain(stream: Any) -> None:
        async for value in stream:
            check(value)
            did("plain", value)


if "take" in MODES:

    @app.agent(raw("take"))
    async def take(stream: Any) -> None:
        async for values in stream.take(10, within=0.5):
            for value in values:
                check(value)
            for value in values:
                did("take", value)


if "noack" in MODES:

    @app.agent(raw("noack"))
    async def noack(stream: Any) -> None:
        async for event in stream.noack().events():
            check(event.value)
            did("noack", event.value)
            event.ack()


if "concurrent" in MODES:

    @app.agent(raw("concurrent"), concurrency=2)
    async def concurrent(stream: Any) -> None:
        async for value in stream:
            if value == b"slow" and not HEALED:
                print("begun concurrent slow", flush=True)
                await asyncio.sleep(3600)
            did("concurrent", value)


if "sends" in MODES:
    small = raw("small")

    @app.agent(raw("sends"))
    async def sends(stream: Any) -> None:
        async for value in stream:
            # As Faust's own guide has it; what comes back is a future that nobody awaits.
            await small.send(value=value * (2000 if value == b"bad" and not HEALED else 1))
            did("sends", value)


if "decoded" in MODES:

    @app.agent(app.topic(f"{PREFIX}.decoded", value_serializer="json"))
    async def decoded(stream: Any) -> None:
        async for value in stream:
            did("decoded", json.dumps(value))


if __name__ == "__main__":
    worker = faust.Worker(app, loglevel="WARNING", redirect_stdouts=False)
    worker.execute_from_commandline()
