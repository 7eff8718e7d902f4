"""Waiting for what must come: polled, with a bound, and an error that says what was last seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from collabbus.operate.process import attempts

T = TypeVar("T")


class NotInTime(AssertionError):
    """What was waited for didn't come within its bound."""


def until(look: Callable[[], T], seconds: float, what: str, pause: float = 0.05) -> T:
    """Give the first truthy answer; raises NotInTime with the last one after `seconds`."""
    seen: T | None = None
    for _ in attempts(seconds, pause):
        seen = look()
        if seen:
            return seen
    raise NotInTime(f"{what} didn't come within {seconds:g} s; last seen: {seen!r}")
