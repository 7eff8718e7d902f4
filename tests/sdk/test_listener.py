"""The listener: whatever one record or one poll brings, the next ones are heard."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from collabbus.sdk.listener import Listener
from collabbus.settings import KafkaSettings


def test_a_fault_in_one_record_or_one_poll_keeps_nobody_from_hearing_of_the_next(
    caplog: pytest.LogCaptureFixture,
) -> None:
    taken: list[bytes] = []

    class Outcomes:
        trouble = ""

        def take(self, key: bytes, value: bytes) -> None:
            if key == b"bad":
                raise ZeroDivisionError
            taken.append(key)

    listener = Listener(KafkaSettings(), "t", Outcomes())  # type: ignore[arg-type]
    polls: list[Any] = [AssertionError("a fault of the library"), [b"one", b"bad", b"two"], [b"x"]]

    class Consumer:
        def poll(self, timeout_ms: int) -> dict[str, list[Any]]:
            given = polls.pop(0)
            if isinstance(given, Exception):
                raise given
            if not polls:
                listener._stop.set()
            return {"tp": [SimpleNamespace(key=k, value=b"", partition=0, offset=1) for k in given]}

        def close(self, **_: Any) -> None:
            """It holds nothing."""

    listener._run(Consumer())
    assert taken == [b"one", b"two", b"x"]
    assert "a fault of the library" in caplog.text
    assert "t 0/1 failed" in caplog.text
