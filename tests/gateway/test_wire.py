"""The wire: who hasn't shown a token yet can neither fill the gateway nor hold it."""

from __future__ import annotations

import asyncio
import json
import logging
import select
import socket
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
import uvicorn
from fastapi import FastAPI

from collabbus.gateway import limits
from collabbus.gateway.wire import Wire
from tests.gateway.conftest import Counter, Make, request_body
from tests.gateway.test_app import _samples
from tests.support.waiting import until

PATIENCE_S = 0.6


@pytest.fixture(scope="module")
def counter(make: Make) -> Counter:
    return make(burst=1e6)


@pytest.fixture(scope="module")
def port(counter: Counter) -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "PATIENCE_S", PATIENCE_S)
        with counter.listening() as address:
            yield int(address.rpartition(":")[2])


class Raw:
    """A connection that says whatever it likes."""

    def __init__(self, port: int, buffer: int = 0, host: str = "127.0.0.1") -> None:
        self.socket = socket.socket()
        self.socket.settimeout(10)
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.bind((host, 0))
        self.socket.connect(("127.0.0.1", port))

    def say(self, data: bytes) -> bool:
        """Send; False if the other side has gone."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Read one answer."""
        file = self.socket.makefile("rb")
        status = int(file.readline().split()[1])
        headers = {}
        while line := file.readline().strip().decode():
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return status, headers, file.read(int(headers["content-length"]))

    def stirs(self, seconds: float) -> bool:
        """Tell whether the other side says something, or ends, within so many seconds."""
        return bool(select.select([self.socket], [], [], seconds)[0])

    def ended(self) -> bool:
        """Wait until the other side has closed."""
        try:
            while self.socket.recv(65_536):
                pass
        except ConnectionError:
            return True
        return True


@pytest.fixture
def raw(port: int) -> Iterator[Raw]:
    found = Raw(port)
    with found.socket:
        yield found


def head(token: str, *lines: str) -> bytes:
    first = ("POST /v1/matters HTTP/1.1", "Host: gateway", f"Authorization: Bearer {token}")
    return "\r\n".join([*first, "Content-Type: application/json", *lines, "", ""]).encode()


def refused(raw: Raw, status: int, code: str) -> None:
    found, headers, body = raw.answer()
    assert (found, json.loads(body)["code"]) == (status, code)
    assert headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("line", [b"X-Filler: %s\r\n", b"X-%s: y\r\n"])
def test_a_head_that_never_ends_is_cut_off(raw, line):
    raw.say(b"GET /v1/matters HTTP/1.1\r\nHost: gateway\r\n")
    sent = 0
    while sent < 50_000_000 and raw.say(line % (b"a" * 8192)):
        sent += 8192
    assert sent < 20_000_000  # buffers of the machine's, not ours
    assert raw.ended()


def test_a_head_that_is_too_large_is_told_so(raw):
    raw.say(b"GET /" + b"a" * (limits.HEAD + 1))
    refused(raw, 431, "HEAD_TOO_LARGE")
    assert raw.ended()


def test_what_is_no_http_is_a_problem_too(raw):
    raw.say(b"\x16\x03\x01 good day\r\n\r\n")
    refused(raw, 400, "BAD_BODY")
    assert raw.ended()


@pytest.mark.parametrize(
    "lines", [("Content-Length: 5", "Transfer-Encoding: chunked"), ("Content-Length: 5",) * 2]
)
def test_a_body_whose_length_is_told_twice_is_refused(raw, counter, lines):
    raw.say(head(counter.token("beijing/haidian"), *lines) + b"0\r\n\r\n{}")
    refused(raw, 400, "BAD_BODY")


def test_a_body_without_a_length_is_read_as_far_as_it_may_be(raw, counter):
    raw.say(head(counter.token("beijing/haidian"), "Transfer-Encoding: chunked"))
    chunk = b"%x\r\n%s\r\n" % (65_536, b" " * 65_536)
    for _ in range(6):
        raw.say(chunk)
    refused(raw, 413, "TOO_LARGE")


def test_a_body_in_chunks_is_as_good_as_any(raw, counter):
    raw.say(head(counter.token("beijing/haidian"), "Transfer-Encoding: chunked"))
    body = json.dumps(request_body()).encode()
    for part in (body[:40], body[40:], b""):
        raw.say(b"%x\r\n%s\r\n" % (len(part), part))
    refused(raw, 503, "BUSY")  # there is no Kafka


def test_who_says_nothing_or_does_not_come_to_an_end_is_hung_up_on(port, counter):
    token = counter.token("beijing/haidian")
    begun = [
        b"",
        b"GET /v1/matters HTTP/1.1\r\n",
        head(token, "Content-Length: 100") + b"{",
        head(token, "Transfer-Encoding: chunked") + b"1\r\n{\r\n",
    ]
    slow = [Raw(port) for _ in begun]
    since = time.monotonic()
    for raw, said in zip(slow, begun, strict=True):
        raw.say(said)
    for raw in slow:
        assert raw.ended()
        raw.socket.close()
    assert PATIENCE_S <= time.monotonic() - since < 10


def test_who_drips_is_hung_up_on_as_well(raw):
    raw.say(b"GET /healthz HTTP/1.1\r\nHost: gateway\r\nX: ")
    end = time.monotonic() + 10
    while raw.say(b"a") and not raw.stirs(0.05):
        assert time.monotonic() < end
    assert raw.ended()


ASK = b"GET /openapi.json HTTP/1.1\r\nHost: gateway\r\n\r\n"


def test_who_reads_no_answers_is_hung_up_on(port):
    raws = [Raw(port, buffer=4096) for _ in range(3)]
    peers = {raw.socket.getsockname()[1] for raw in raws}
    for raw in raws:
        raw.say(ASK * 60)
    assert all(raw.stirs(5) for raw in raws)
    until(lambda: not _held(port) & peers, 20 * PATIENCE_S, "the end of those connections")
    for raw in raws:
        raw.socket.close()


def _held(port: int) -> set[int]:
    """Give the ports of clients whose connection with this process's server has its socket yet."""
    return {
        one.raddr.port
        for one in psutil.Process().net_connections("tcp4")
        if one.raddr and one.laddr.port == port
    }


def test_who_reads_slowly_gets_all_of_it(port):
    raw = Raw(port, buffer=4096)
    since = time.monotonic()
    raw.say(ASK * 59 + ASK[:-2] + b"Connection: close\r\n\r\n")
    found = []
    while part := raw.socket.recv(65_536):
        found.append(part)
        time.sleep(0.005)
    assert b"".join(found).count(b'"openapi":"3.1.0"') == 60
    assert time.monotonic() - since > PATIENCE_S * 1.5  # so that it would have been noticed
    raw.socket.close()


class Dripping(asyncio.Transport):
    """A connection that was closed, and whose other side takes a byte between looks."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 1_000_000
        self.aborted = asyncio.Event()

    def get_write_buffer_size(self) -> int:
        self.left -= 1
        return self.left

    def is_closing(self) -> bool:
        return True

    def write(self, data: Any) -> None:
        pass

    def close(self) -> None:
        pass

    def abort(self) -> None:
        self.aborted.set()


def test_a_connection_that_was_closed_ends_though_the_other_side_drips(monkeypatch):
    monkeypatch.setattr(limits, "PATIENCE_S", 0.1)

    async def story() -> None:
        config = uvicorn.Config(FastAPI(), ws="none")
        config.load()
        wire = Wire(config, uvicorn.server.ServerState(), {}, doors=limits.Doors(1, 1))
        transport = Dripping()
        wire.connection_made(transport)
        async with asyncio.timeout(10):
            await transport.aborted.wait()
        wire.connection_lost(None)

    asyncio.run(story())


def test_one_connection_too_many_is_told_so_and_others_leave_room(make):
    with make(connections=4, connections_per_address=2).listening() as address:
        number = int(address.rpartition(":")[2])

        def healthy(raw: Raw) -> bool:
            raw.say(b"GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n")
            return raw.answer()[0] == 200

        def comes(host: str) -> bool:
            raw = Raw(number, host=host)
            good = raw.say(b"") and not raw.stirs(0.2) and healthy(raw)
            raws.append(raw)
            return good

        raws: list[Raw] = []
        assert comes("127.0.0.1")
        assert comes("127.0.0.1")
        third = Raw(number)
        refused(third, 503, "BUSY")
        assert third.ended()
        assert comes("127.0.0.2")
        assert comes("127.0.0.3")
        fifth = Raw(number, host="127.0.0.4")
        refused(fifth, 503, "BUSY")
        assert all(healthy(raw) for raw in raws)
        raws.pop(0).socket.close()
        until(lambda: comes("127.0.0.1"), 10, "room for another")
        for raw in (*raws, third, fifth):
            raw.socket.close()


def test_a_connection_may_rest_between_its_requests(raw):
    for _ in range(2):
        raw.say(b"GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n")
        assert raw.answer()[0] == 200
        assert not raw.stirs(PATIENCE_S * 2.5)


def test_who_goes_in_the_middle_of_a_body_is_no_failure_of_ours(port, counter, caplog):
    with caplog.at_level(logging.WARNING):
        raw = Raw(port)
        token = counter.token("beijing/haidian")
        raw.say(head(token, "Content-Length: 100", "Expect: 100-continue"))
        assert raw.socket.recv(100).startswith(b"HTTP/1.1 100 ")  # it reads the body
        raw.socket.close()
        counted = ("POST", "/v1/matters", "400")
        until(lambda: counted in _samples(counter), 10, "the count of it")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_nobody_speaks_websocket_here(raw):
    raw.say(
        b"GET /v1/matters HTTP/1.1\r\nHost: gateway\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n"
    )
    refused(raw, 401, "TOKEN")
