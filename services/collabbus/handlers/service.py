"""The service that `collabbus run handlers` is: settings, key, signals, metrics, then the host."""

from __future__ import annotations

import asyncio
import logging as stdlib
import signal
from collections.abc import Sequence
from pathlib import Path

import structlog
from prometheus_client import start_http_server

from collabbus.contracts import load as load_contracts
from collabbus.handlers.failure import HandlersInvalid
from collabbus.handlers.handler import Handlers, load
from collabbus.handlers.host import Host
from collabbus.handlers.middleware.logging import logging
from collabbus.handlers.middleware.metrics import Metrics
from collabbus.handlers.middleware.timeout import timeout
from collabbus.handlers.middleware.tracing import tracing
from collabbus.keyring import load_office_key, load_private
from collabbus.settings import HandlerSettings, Settings

log = structlog.get_logger()


def run(
    which: str,
    office: str,
    settings: Settings,
    key: Path | None = None,
    subordinates: Sequence[str] = (),
    *,
    start: str | None = None,
    concurrency: int | None = None,
) -> int:
    """Run a group of handlers until SIGTERM or Ctrl-C; give the exit code, 0.

    Raises HandlersInvalid, errors of keys and contracts, Unreachable, or what Kafka says.
    """
    _configure_logging(settings.log_level)
    handlers = load(which)
    _check_subordinates(office, subordinates, settings)
    signing = load_private(key)[-1] if key else load_office_key(settings.keys, office)
    metrics = Metrics(office, handlers.name)
    server, _ = start_http_server(
        settings.metrics_port, settings.metrics_host, registry=metrics.registry
    )
    log.info("metrics", address=f"http://{settings.metrics_host}:{server.server_port}/metrics")
    flags = {"start": start, "concurrency": concurrency}
    host_settings = HandlerSettings(
        **{name: value for name, value in flags.items() if value is not None}  # type: ignore[arg-type]
    )
    host = Host(
        handlers, office, signing, settings.kafka, host_settings, subordinates=subordinates,
        middleware=(tracing, logging, metrics, timeout), metrics=metrics,
    )  # fmt: skip
    asyncio.run(_until_told(host, handlers))
    return 0


async def _until_told(host: Host, handlers: Handlers) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, host.stop)
    await host.run()
    log.info("handlers stopped", group=handlers.name)


def _check_subordinates(office: str, subordinates: Sequence[str], settings: Settings) -> None:
    if not subordinates:
        return
    networks = load_contracts(settings.contracts).networks.values()
    for one in subordinates:
        if not any(network.may_act_for(office, one) for network in networks):
            raise HandlersInvalid(
                f"{office} may not act for {one} by any network's contract: leave it out, or run "
                "a host for that office with its own key"
            )


def _configure_logging(level: str) -> None:
    stdlib.basicConfig(level=level, format="%(asctime)s %(name)s %(message)s")
    for name in ("aiokafka", "kafka", "asyncio"):
        stdlib.getLogger(name).setLevel(max(stdlib.WARNING, stdlib.root.level))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.add_log_level,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(stdlib.getLevelNamesMapping()[level]),
    )
