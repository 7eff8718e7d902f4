"""The wire: what a connection may do before anybody knows who asks.

uvicorn reads the head of a request however long it is, waits for its end for ever, and as long for
who doesn't read what it answers: `close` leaves a socket open until all of that has gone out.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from collabbus.gateway import limits
from collabbus.gateway.problem import Problem, answer

if TYPE_CHECKING:
    from asyncio import TimerHandle


class Wire(HttpToolsProtocol):
    """A connection whose requests must come in time and with a head that isn't too large.

    Its answers must be read, and it is turned away where too many are open.
    """

    def __init__(self, *arguments: Any, doors: limits.Doors, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._doors = doors
        self._entered = False
        self._head = 0
        """Bytes of a head that isn't complete."""
        self._heading = True
        self._since: float | None = None
        """Since when a request is coming; None while none is."""
        self._left = 0
        """Bytes that the other side hadn't taken at the last look."""
        self._moved = 0.0
        """When it was last seen to take any, or nothing was left."""
        self._closed: float | None = None
        """When the connection was first seen to have been closed by this side."""
        self._watch: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request; a connection too many is told so, and closed."""
        super().connection_made(transport)
        self._since = self._moved = time.monotonic()
        self._watch = self.loop.call_later(limits.PATIENCE_S / 4, self._look)
        self._entered = self._doors.enter(self._address)
        if not self._entered:
            why = "too many connections are open, in all or from this address"
            self._refuse(Problem("BUSY", why, headers={"Retry-After": "5"}))

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        if self._watch is not None:
            self._watch.cancel()
        if self._entered:
            self._doors.leave(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless a head has become too large."""
        if not self._entered:
            return
        if self._heading:
            self._head += len(data)
        super().data_received(data)
        if self._heading and self._head > limits.HEAD and not self.transport.is_closing():
            self._refuse(Problem("HEAD_TOO_LARGE", f"the head has more than {limits.HEAD} bytes"))

    def on_message_begin(self) -> None:
        """Note when a request began to come."""
        super().on_message_begin()
        self._since = time.monotonic()
        if not self._heading:
            self._heading, self._head = True, 0

    def on_headers_complete(self) -> None:
        """Note that its head is there."""
        self._heading = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that it has come."""
        self._since = None
        super().on_message_complete()

    def resume_writing(self) -> None:
        """Note that the other side has read."""
        self._moved = time.monotonic()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP as everything else that can't be done."""
        self._refuse(Problem("BAD_BODY", "the request is no HTTP that can be read"))

    def _look(self) -> None:
        now = time.monotonic()
        left = self.transport.get_write_buffer_size()
        if not left or left < self._left:
            self._moved = now
        self._left = left
        if self._closed is None and self.transport.is_closing():
            self._closed = now
        # One that was closed is given the same time to take what is left, however it reads.
        if now - (self._closed or self._moved) >= limits.PATIENCE_S:
            self.transport.abort()
            return
        late = self._since is not None and now - self._since >= limits.PATIENCE_S
        # One that waits behind others isn't read meanwhile.
        if late and not self.pipeline:
            self.transport.close()
        self._watch = self.loop.call_later(limits.PATIENCE_S / 4, self._look)

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _refuse(self, problem: Problem) -> None:
        told = answer(problem)
        head = [f"HTTP/1.1 {told.status_code} \r\n".encode()]
        head += [b"%s: %s\r\n" % pair for pair in (*told.raw_headers, (b"connection", b"close"))]
        self.transport.write(b"".join([*head, b"\r\n", bytes(told.body)]))
        self.transport.close()
