"""Rejections: why a submission isn't recorded, or an event of a peer isn't taken."""

from __future__ import annotations

from typing import ClassVar

from collabbus.errors import CollabbusError


class Rejection(CollabbusError):
    """An act that the rules don't allow; `reason_code` is stable, `field` says where to look."""

    code: ClassVar[str] = "REJECTED"

    def __init__(self, reason_code: str, field: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.field = field
        self.reason = reason


class Unauthentic(Rejection):
    """A submission of which it isn't sure whose it is: quarantined, and never remembered.

    Else anyone could use up an honest office's submission id.
    """

    code: ClassVar[str] = "UNAUTHENTIC"
