"""Broker: Apache Kafka for whoever has none."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def broker(
    folder: Annotated[Path, typer.Option(help="Where it keeps its data.")] = Path(".kafka"),
    port: Annotated[int | None, typer.Option(help="Port; chosen at the first start.")] = None,
) -> None:
    """启动 Kafka: run an Apache Kafka broker until Ctrl-C, for whoever has none."""
    from collabbus.operate.broker import Broker
    from collabbus.operate.kafka import fetch

    with Broker(fetch(), folder, port) as running:
        print(f"Kafka: {running.bootstrap}", flush=True)
        _until_told()


def _until_told() -> None:
    import signal
    import threading

    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    told.wait()
