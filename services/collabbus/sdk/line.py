"""The line to the broker: a producer, and another one where that is given up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from collabbus.sdk.errors import words
from collabbus.sdk.producer import Producer

RETRY_S = 0.25
"""Between two attempts to connect."""

_CONNECTED = "the broker doesn't acknowledge"

_log = logging.getLogger(__name__)


class Line:
    """Keeps a producer connected; attempts are made in a thread of their own."""

    def __init__(self, make: Callable[[], Producer], changed: Callable[[], None]) -> None:
        self._make = make
        self._changed = changed
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self.producer: Producer | None = None
        """The one to use; None while there is none."""
        self.error: Exception | None = None
        """Why the last attempt failed; None after one that succeeded."""
        self.why = _CONNECTED
        """What keeps records from being acknowledged, as far as is known."""

    def open(self) -> None:
        """Begin to connect; `changed` is called when an attempt has succeeded or failed."""
        self._begin(0.0)

    def drop(self, producer: Producer, why: str) -> None:
        """Give up a producer, if it is still the one in use, and connect another.

        On return it takes no records any more; those that it held fail.
        """
        with self._lock:
            if producer is not self.producer:
                return
            self.producer = None
            self.why = why
        _log.warning("giving up a producer: %s", why)
        producer.abandon()
        self._changed()
        if not self._closed.is_set():
            self._begin(RETRY_S)

    def close(self, *, idle: bool) -> None:
        """Connect no more, and close the producer: as if nothing were under way, if `idle`."""
        with self._lock:
            self._closed.set()
            producer, self.producer = self.producer, None
        if producer is not None:
            if idle:
                producer.finish(1.0)
            else:
                producer.abandon()

    def _begin(self, wait: float) -> None:
        threading.Thread(
            target=self._connect, args=(wait,), name="collabbus-connect", daemon=True
        ).start()

    def _connect(self, wait: float) -> None:
        while not self._closed.wait(wait):
            wait = RETRY_S
            try:
                producer = self._make()
            except Exception as error:
                self.error = error
                self.why = f"no connection: {words(error)}"
                self._changed()
                continue
            with self._lock:
                if self._closed.is_set():
                    producer.abandon()
                    return
                self.producer, self.error, self.why = producer, None, _CONNECTED
            self._changed()
            return
