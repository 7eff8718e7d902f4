"""Targets: a webhook reaches what its operator meant, whatever a name stands for today."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpcore
import httpx
import psutil
import pytest

from collabbus.gateway.target import Guard, allowed, barred, client
from collabbus.settings import GatewaySettings
from tests.gateway.authority import Authority

NAME = "cases.example"
OURS, LOOPBACK = "10.1.2.3", "127.0.0.1"


def settings(issuer: Any, *hosts: str) -> GatewaySettings:
    return GatewaySettings(jwks=issuer, webhook_hosts=list(hosts), webhook_plain=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",  # noqa: S104 - it is barred
        "169.254.169.254",
        "169.254.1.1",
        "100.100.100.200",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "ff02::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1",
        "64:ff9b:1:7f00:1::",
        "2002:7f00:1::",
    ],
)
def test_this_machine_its_neighbours_and_a_clouds_secrets_are_barred(address):
    assert barred(ip_address(address))


def test_what_this_machines_interfaces_have_is_barred(monkeypatch):
    own = [
        one.address
        for interface in psutil.net_if_addrs().values()
        for one in interface
        if one.family == socket.AF_INET
    ]
    assert all(barred(ip_address(one)) for one in own)

    taken: set[str] = set()

    def binding(self: socket.socket, address: tuple[str, int]) -> None:
        if address[0] not in taken:
            raise OSError

    # Where anything can be bound to, that tells nothing.
    for free, found in (([OURS], True), ([OURS, "192.0.2.1"], False), ([], False)):
        taken.clear()
        taken.update(free)
        with monkeypatch.context() as patch:
            patch.setattr(socket.socket, "bind", binding)
            assert barred(ip_address(OURS)) is found


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.16.0.9", "192.168.1.1", "203.0.113.9", "fd12::1", "2001:db8::1"]
)
def test_where_offices_systems_stand_is_not_barred(address):
    assert not barred(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://cases.example\\@evil.example/",
        "https://evil.example\\.court.example/",
        "https://127.0.0.1%2f.court.example/",
        "https://127.0.0.1%23.court.example/",
        "https://evil.example;.court.example/",
        "https://[::1].court.example/",
        "https://-.court.example/",
        "https://evil.example:443@cases.example/",
        "https://cases.example@evil.example/",
        "https://evil.example?.court.example/",
        "https://evil.example/.court.example",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://localhost/",
        "https://[::1]/",
        "https://cases.example./",
        "https://a..court.example/",
        "https://.court.example/",
        f"https://{'a' * 64}.court.example/",
        f"https://{'a.' * 121}court.example/",
        "https://a-.court.example/",
        "gopher://cases.example/",
        "file:///etc/passwd",
    ],
)
def test_no_way_of_writing_leads_past_the_operators_list(issuer, url):
    assert allowed(url, settings(issuer, NAME, "*.court.example"))


def test_a_name_may_be_as_long_as_names_may(issuer):
    own = settings(issuer, "*.court.example")
    for name in ("a" * 63, "a." * 119 + "a", "a_b-c.x1"):
        assert allowed(f"https://{name}.court.example/", own) == ""


def test_what_the_resolver_cannot_even_read_is_a_name_that_is_not_known(issuer):
    guard = Guard(settings(issuer, "*.court.example"))
    for host in ("a..court.example", "a" * 64 + ".court.example"):
        with pytest.raises(httpcore.ConnectError, match="isn't known"):
            asyncio.run(guard.connect_tcp(host, 443))


class Resolver:
    """Names and what they stand for, in turn; and what was connected to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *turns: list[str]) -> None:
        self.turns = list(turns)
        self.connected: list[str] = []
        self._patch = monkeypatch

    async def connect(self, guard: Guard, host: str) -> None:
        loop = asyncio.get_running_loop()

        async def resolved(name: str, port: int, **more: Any) -> list[Any]:
            found = self.turns.pop(0) if name == host and self.turns else [name]
            return [(0, 0, 0, "", (one, port)) for one in found]

        connected = self.connected

        class Inner(httpcore.AsyncMockBackend):
            async def connect_tcp(self, address: str, *more: Any, **others: Any) -> Any:
                connected.append(address)
                return await super().connect_tcp(address, *more, **others)

        self._patch.setattr(loop, "getaddrinfo", resolved)
        self._patch.setattr(guard, "_inner", Inner([]))
        await guard.connect_tcp(host, 443)


@pytest.mark.parametrize(
    "found",
    [[LOOPBACK], ["169.254.169.254"], ["::ffff:127.0.0.1"], [OURS, LOOPBACK], ["fe80::1%eth0"]],
)
def test_a_name_that_stands_for_a_barred_address_is_not_connected_to(issuer, monkeypatch, found):
    names = Resolver(monkeypatch, found)
    with pytest.raises(httpcore.ConnectError, match="barred"):
        asyncio.run(names.connect(Guard(settings(issuer, NAME)), NAME))
    assert names.connected == []


def test_a_name_is_asked_once_and_what_was_looked_at_is_connected_to(issuer, monkeypatch):
    # It stands for another address the second time that it is asked.
    names = Resolver(monkeypatch, [OURS], [LOOPBACK])
    asyncio.run(names.connect(Guard(settings(issuer, NAME)), NAME))
    assert names.connected == [OURS]
    assert names.turns == [[LOOPBACK]]


def test_a_barred_address_is_reached_only_where_the_list_has_it_itself(issuer, monkeypatch):
    for listed, host, good in (
        (LOOPBACK, LOOPBACK, True),
        ("127.0.0.1:8000", LOOPBACK, True),
        ("[::1]:8000", "::1", True),
        ("localhost", "localhost", True),
        (NAME, LOOPBACK, False),
        (NAME, "localhost", False),
    ):
        names = Resolver(monkeypatch, [LOOPBACK])
        guard = Guard(settings(issuer, listed))
        if good:
            asyncio.run(names.connect(guard, host))
        else:
            with pytest.raises(httpcore.ConnectError):
                asyncio.run(names.connect(guard, host))
        assert bool(names.connected) is good


@contextmanager
def listener(
    location: str = "", context: ssl.SSLContext | None = None
) -> Iterator[tuple[int, list[str]]]:
    """A server on loopback that notes who comes; it sends them elsewhere, if told where."""
    came: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.path)
            self.send_response(307 if location else 200)
            self.send_header("Content-Length", "0")
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], came
        finally:
            server.shutdown()


def test_the_client_of_deliveries_is_guarded_and_follows_nobody(issuer, monkeypatch):
    async def post(url: str, *hosts: str) -> int:
        async with client(settings(issuer, *hosts), 5.0) as found:
            return (await found.post(url, content=b"{}")).status_code

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with listener() as (inside, came):
        assert asyncio.run(post(f"http://127.0.0.1:{inside}/in", LOOPBACK)) == 200
        assert came == ["/in"]
        with listener(f"http://127.0.0.1:{inside}/secret") as (outside, sent):
            assert asyncio.run(post(f"http://127.0.0.1:{outside}/", LOOPBACK)) == 307
        assert sent == ["/"]
        with pytest.raises(httpx.ConnectError):
            asyncio.run(post(f"http://localhost:{inside}/", NAME))
        assert came == ["/in"]


def test_a_receiver_is_known_by_an_authority_that_the_operator_names(
    issuer: Any, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "offices", "offices")
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(*authority.issue("cases"))

    async def post(port: int, cafile: Path | None) -> int:
        own = settings(issuer, LOOPBACK).model_copy(update={"webhook_cafile": cafile})
        async with client(own, 5.0) as found:
            return (await found.post(f"https://127.0.0.1:{port}/in", content=b"{}")).status_code

    with listener(context=served) as (port, came):
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            asyncio.run(post(port, None))
        assert came == []
        assert asyncio.run(post(port, authority.file)) == 200
        assert came == ["/in"]
