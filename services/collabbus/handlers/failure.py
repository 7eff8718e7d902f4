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


class AnswerPending(TimedOut):
    """A handler's time was over while its region hadn't decided an answer: tried until it has."""

    code: ClassVar[str] = "HANDLER_ANSWER_PENDING"

    def __init__(self, handler: str, seconds: float) -> None:
        CollabbusError.__init__(
            self,
            f"the region hadn't decided an answer of {handler} when its {seconds:g} s were over: "
            "it is given again under the same id; if that goes on, see `collabbus doctor`",
        )


class Ended(CollabbusError):
    """A handler ended in what ends a task or a program, and not in an error; it has failed."""

    code: ClassVar[str] = "HANDLER_ENDED"

    def __init__(self, handler: str, how: str) -> None:
        super().__init__(
            f"{handler} ended in {how}, which isn't an error of its own: catch it where the "
            "function cancels, exits or runs out, and raise what tells why it failed"
        )


class HandlersInvalid(CollabbusError):
    """Handlers that can't be run as they were declared; the message says what to change."""

    code: ClassVar[str] = "HANDLERS_INVALID"
