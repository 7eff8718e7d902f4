"""The server: one gateway as a process."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import structlog
import uvicorn
from fastapi import FastAPI
from prometheus_client import start_http_server

from collabbus.contracts import load
from collabbus.errors import CollabbusError
from collabbus.gateway import target, trust
from collabbus.gateway.app import Lifespan, create
from collabbus.gateway.delivery import TIMEOUT_S, Delivery
from collabbus.gateway.desk import Desk
from collabbus.gateway.entrance import Gateway
from collabbus.gateway.hooks import Hooks
from collabbus.gateway.limits import HEAD, Doors, Limits
from collabbus.gateway.metrics import Metrics
from collabbus.gateway.signers import Signers
from collabbus.gateway.tokens import Tokens
from collabbus.gateway.trust import CertificateUnusable
from collabbus.ledger import database
from collabbus.ledger.queries import Ledger
from collabbus.ledger.service import opened
from collabbus.sdk import Mailroom, NotFlushed
from collabbus.settings import GatewaySettings, Settings

_log = structlog.get_logger(__name__)


def run(settings: Settings, own: GatewaySettings) -> int:
    """Serve until SIGTERM; on return what was accepted is flushed, else the code is 1.

    It is 1 as well if the task that brings webhooks has died: a supervisor starts it anew.

    Raises CollabbusError where Kafka, ledger, keys or settings can't be used.
    """
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(opened(settings.ledger, settings.region)) if own.ledger else None
        return _serve(settings, own, url)


def _serve(settings: Settings, own: GatewaySettings, ledger_url: str | None) -> int:
    # A request makes objects that live for milliseconds, and 65,536 submissions are remembered,
    # which the collector would else go through again and again.
    gc.set_threshold(20_000, 20, 50)
    mailroom = Mailroom(settings.region, settings.kafka, holder=f"the gateway of {settings.region}")
    app = build(settings, own, mailroom, ledger_url)
    gateway: Gateway = app.state.gateway
    server = Server(config(app, own), lambda: gateway.broken)
    mailroom.start()
    if settings.metrics_port:
        start_http_server(settings.metrics_port, settings.metrics_host, gateway.metrics.registry)
    code = 0
    try:
        with listening(own) as held:
            server.run([held])
    finally:
        try:
            mailroom.close()
        except NotFlushed as error:
            _log.error("gateway.unflushed", count=len(error.submission_ids))
            code = 1
    return code if server.started and not gateway.broken else 1


class Server(uvicorn.Server):
    """Ends at SIGTERM and SIGINT by returning, and as soon as `broken` says so.

    uvicorn raises them once more when it has served, and the process would die before it flushes.
    """

    def __init__(self, served: uvicorn.Config, broken: Callable[[], bool] = lambda: False) -> None:
        super().__init__(served)
        self._broken = broken

    async def on_tick(self, counter: int) -> bool:
        """Tell whether it shall end; asked ten times a second."""
        return await super().on_tick(counter) or self._broken()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals while it serves; without effect in other threads than the main one."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        taken = (signal.SIGTERM, signal.SIGINT)
        kept = {number: signal.signal(number, self.handle_exit) for number in taken}
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)


@contextlib.contextmanager
def listening(own: GatewaySettings) -> Iterator[socket.socket]:
    """Give the socket on which a gateway listens, and say where that is.

    Raises AddressTaken.
    """
    family = socket.AF_INET6 if ":" in own.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it. Of the megabytes that the system would hold for each, a slow
        # reader takes too little in PATIENCE_S for the gateway to see that it reads at all.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 131_072)
        try:
            held.bind((own.host, own.port))
        except OSError as error:
            raise AddressTaken(
                f"{own.host}:{own.port} can't be listened on ({error.strerror}): stop who does, or "
                "give another COLLABBUS_GATEWAY_PORT"
            ) from error
        scheme = "https" if own.tls_certfile else "http"
        print(f"网关 gateway: {scheme}://{own.host}:{held.getsockname()[1]}/docs", flush=True)
        yield held


class AddressTaken(CollabbusError):
    """The address can't be listened on."""

    code: ClassVar[str] = "ADDRESS_TAKEN"


def build(
    settings: Settings, own: GatewaySettings, mailroom: Mailroom, ledger_url: str | None
) -> FastAPI:
    """Give the application over a mailroom; its lifespan opens and closes ledger and webhooks."""
    contracts = load(settings.contracts)
    desk = Desk(settings.region, contracts.networks, Signers(settings.keys), mailroom)
    gateway = Gateway(
        settings=own,
        desk=desk,
        tokens=Tokens(own.jwks, audience=own.audience, issuer=own.issuer),
        limits=Limits(own.rate_per_s, own.burst, time.monotonic),
        metrics=Metrics(settings.region),
    )

    app = create(gateway, contracts, attached(gateway, ledger_url))
    app.state.gateway = gateway
    return app


def attached(gateway: Gateway, ledger_url: str | None) -> Lifespan:
    """Give what opens a gateway's ledger and webhooks before requests come, and closes them."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            if ledger_url is not None:
                await _attach(stack, gateway, ledger_url)
            yield

    return lifespan


def config(app: FastAPI, own: GatewaySettings) -> uvicorn.Config:
    """Give how uvicorn serves an application; raises CertificateUnusable."""
    found = uvicorn.Config(
        app,
        host=own.host,
        port=own.port,
        log_level="warning",
        access_log=False,
        http=_http(own),
        ws="none",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=HEAD,
        ssl_certfile=_path(own.tls_certfile),
        ssl_keyfile=_path(own.tls_keyfile),
        ssl_ca_certs=_path(own.tls_client_cafile),
        ssl_cert_reqs=ssl.CERT_REQUIRED if own.tls_client_cafile else ssl.CERT_NONE,
    )
    trust.receivers(own)
    if own.tls_certfile:
        try:
            found.load()
        except OSError as error:  # ssl.SSLError is one
            files = (own.tls_certfile, own.tls_keyfile, own.tls_client_cafile)
            raise CertificateUnusable(
                f"{', '.join(str(one) for one in files if one)} can't be used "
                f"({error.strerror or error}): give PEM files, the key that belongs to the "
                "certificate and without a password, as COLLABBUS_GATEWAY_TLS_CERTFILE, "
                "COLLABBUS_GATEWAY_TLS_KEYFILE and COLLABBUS_GATEWAY_TLS_CLIENT_CAFILE"
            ) from None
        if found.ssl is not None:
            found.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return found


async def _attach(stack: contextlib.AsyncExitStack, gateway: Gateway, url: str) -> None:
    ledger = await stack.enter_async_context(Ledger.connect(url))
    await database.check(ledger.engine)
    gateway.ledger, gateway.hooks = ledger, Hooks(ledger.engine)
    await gateway.hooks.prepare()
    client = await stack.enter_async_context(target.client(gateway.settings, TIMEOUT_S))
    delivery = Delivery(gateway.hooks, ledger, gateway.settings, gateway.metrics, client)
    task = asyncio.create_task(delivery.run(), name="gateway-webhooks")
    task.add_done_callback(partial(_ended, gateway))
    stack.push_async_callback(_cancelled, task)


def _ended(gateway: Gateway, task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        _log.error("gateway.webhooks_died", error=type(task.exception()).__name__)
        gateway.broken = True


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    # What it died of has been told.
    await asyncio.wait([task])


def _http(own: GatewaySettings) -> Any:
    """Give what reads HTTP: ours, but where its parser can't be installed uvicorn's own."""
    if find_spec("httptools") is None:
        return "h11"
    from collabbus.gateway.wire import Wire

    return partial(Wire, doors=Doors(own.connections, own.connections_per_address))


def _path(path: Path | None) -> str | None:
    return str(path) if path is not None else None
