"""Cursors: where a page ended, as text that means nothing to who hands it back."""

from __future__ import annotations

import base64
import binascii
import json
from types import UnionType
from typing import ClassVar, get_args

from collabbus.errors import CollabbusError


class CursorError(CollabbusError):
    """A cursor that this ledger didn't give, or not for this list."""

    code: ClassVar[str] = "CURSOR_INVALID"


class CursorLost(CollabbusError):
    """A place in the events of another life of the ledger: the database was made anew since."""

    code: ClassVar[str] = "CURSOR_LOST"


def pack(name: str, *keys: str | int | None) -> str:
    """Give a cursor of a list, from the keys of the last line of its page."""
    text = json.dumps([name, *keys], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpack(name: str, cursor: str, *kinds: type | UnionType) -> list[str | int | None]:
    """Give the keys in a cursor of a list. Raises CursorError if it isn't one.

    `kinds` are the keys' types, such as `str` or `int | None`.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _wrong(name, cursor) from error
    good = isinstance(found, list) and len(found) == len(kinds) + 1 and found[0] == name
    if not good or not all(
        type(key) in (get_args(kind) or (kind,)) for key, kind in zip(found[1:], kinds, strict=True)
    ):
        raise _wrong(name, cursor)
    keys: list[str | int | None] = found[1:]
    if not all(_held(key) for key in keys):
        raise _wrong(name, cursor)
    return keys


def place(life: str, position: int) -> str:
    """Give the cursor of a place in the events, fit for an SSE id: `3f9a12cd-1042`."""
    return f"{life}-{position}"


def position(life: str, cursor: str) -> int:
    """Give the place in the events that a cursor names.

    Raises CursorError if it names none, CursorLost if it is of another life: then follow from the
    beginning, and leave out the events whose ids are known.
    """
    theirs, dash, number = cursor.partition("-")
    if not (dash and theirs and number.isascii() and number.isdigit() and len(number) < 19):
        raise _wrong("events", cursor)
    if theirs != life:
        raise CursorLost(
            f"cursor {cursor!r} is of another life of this ledger, whose life is {life}: it was "
            "made anew since; follow without a cursor, and leave out the event ids that you have"
        )
    return int(number)


def _held(key: str | int | None) -> bool:
    """Tell whether PostgreSQL can hold a key: no larger numbers, no NUL, nothing but UTF-8."""
    if isinstance(key, int):
        return abs(key) < 1 << 63
    return "\0" not in (key or "") and (key or "").encode("utf-8", "replace").decode() == (
        key or ""
    )


def _wrong(name: str, cursor: str) -> CursorError:
    return CursorError(
        f"cursor {cursor[:80]!r} is none of the list of {name}: hand back the cursor of its last "
        "page as it was, or none to begin anew"
    )
