"""Failures that a handler can declare."""

from __future__ import annotations

from typing import ClassVar

from collabbus.errors import CollabbusError


class Permanent(CollabbusError):
    """Raised by a handler that knows that trying again is useless: its matter is parked at once."""

    code: ClassVar[str] = "HANDLER_PERMANENT"


class TimedOut(CollabbusError):
    """A handler took longer than it may, and was given up; its matter is tried again."""

    code: ClassVar[str] = "HANDLER_TIMED_OUT"

    def __init__(self, handler: str, seconds: float) -> None:
        super().__init__(
            f"{handler} was not done after {seconds:g} s: give it a longer timeout=..., or have it "
            "wait less"
        )


class Quit(CollabbusError):
    """A handler raised what ends a program or a task; its matter is tried again."""

    code: ClassVar[str] = "HANDLER_QUIT"

    def __init__(self, handler: str, error: BaseException) -> None:
        super().__init__(
            f"{handler} raised {error!r}, with which it can end nothing but its own run: raise "
            "Permanent where trying again is useless, another error else"
        )


class HandlersInvalid(CollabbusError):
    """Handlers that can't be run as they were declared; the message says what to change."""

    code: ClassVar[str] = "HANDLERS_INVALID"
