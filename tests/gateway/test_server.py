"""The server: it ends when it is told to, and leaves the flushing to who started it."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

import pytest
from fastapi import FastAPI

from collabbus.gateway.delivery import Delivery
from collabbus.gateway.server import AddressTaken, Server, config, listening
from collabbus.settings import GatewaySettings, SettingsError, load_gateway


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_by_returning(number, issuer):
    again: list[int] = []
    before = signal.signal(number, lambda caught, frame: again.append(caught))
    own = GatewaySettings(jwks=issuer, port=0)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), number))
    try:
        with listening(own) as held:
            server = Server(config(FastAPI(), own))
            timer.start()
            server.run([held])
        assert server.started
        assert again == []
        os.kill(os.getpid(), number)
        assert again == [number]  # the handlers are as they were
    finally:
        signal.signal(number, before)


def test_a_gateway_whose_webhooks_have_died_ends(make, ledger_url, monkeypatch):
    async def run(self: Delivery) -> None:
        raise KeyError("证人李某")

    monkeypatch.setattr(Delivery, "run", run)
    counter = make(url=ledger_url)
    own = counter.gateway.settings.model_copy(update={"port": 0})
    with listening(own) as held:
        server = Server(config(counter.app, own), lambda: counter.gateway.broken)
        thread = threading.Thread(target=server.run, args=([held],), daemon=True)
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
    assert counter.gateway.broken


def test_an_address_that_is_taken_is_told(issuer):
    with socket.create_server(("127.0.0.1", 0)) as other:
        own = GatewaySettings(jwks=issuer, port=other.getsockname()[1])
        with pytest.raises(AddressTaken, match="COLLABBUS_GATEWAY_PORT"), listening(own):
            pass


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "gateway.example", "::"])  # noqa: S104
def test_it_shows_nothing_in_clear_to_the_network_unless_told_to(host, issuer):
    with pytest.raises(SettingsError, match="tls_certfile"):
        load_gateway(jwks=issuer, host=host)
    assert load_gateway(jwks=issuer, host=host, plain=True)
    assert load_gateway(jwks=issuer, host=host, tls_certfile=Path("gateway.pem"))
    assert load_gateway(jwks=issuer, host="localhost")
