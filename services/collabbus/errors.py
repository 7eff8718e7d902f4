"""The root of every error that collabbus raises on purpose."""

from __future__ import annotations

from typing import ClassVar


class CollabbusError(Exception):
    """Something that collabbus refuses or can't do; `code` stays the same over all versions."""

    code: ClassVar[str] = "COLLABBUS"
