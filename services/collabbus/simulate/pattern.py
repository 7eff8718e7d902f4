"""Patterns of the schemas, turned round: texts that they match.

Of regular expressions this knows what the field rules use: characters, sets, groups, and how often.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from collabbus.errors import CollabbusError

_LONG = 7
"""So much more than the least of what may be repeated is written at most."""


class UnknownPatternError(CollabbusError):
    """A field rule uses what `parse` doesn't know."""

    code = "PATTERN_UNKNOWN"


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some characters or a group, so many times."""

    what: str | Pattern
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that can be written."""

    pieces: tuple[_Piece, ...]

    @property
    def may_be_empty(self) -> bool:
        """Tell whether the empty text matches."""
        return all(
            piece.fewest == 0 or (isinstance(piece.what, Pattern) and piece.what.may_be_empty)
            for piece in self.pieces
        )

    def write(self, rnd: random.Random) -> str:
        """Give a text that matches."""
        found = []
        for piece in self.pieces:
            for _ in range(rnd.randint(piece.fewest, min(piece.most, piece.fewest + _LONG))):
                what = piece.what
                found.append(what.write(rnd) if isinstance(what, Pattern) else rnd.choice(what))
        return "".join(found)


@cache
def parse(text: str) -> Pattern:
    """Read a pattern; raises UnknownPatternError for one that says more than is known here."""
    found, at = _pieces(text.removeprefix("^").removesuffix("$"), 0)
    if at != len(text.removeprefix("^").removesuffix("$")):
        raise UnknownPatternError(f"pattern {text!r}: a group ends that never began")
    return found


def _pieces(text: str, at: int) -> tuple[Pattern, int]:
    pieces = []
    while at < len(text) and text[at] != ")":
        what: str | Pattern
        sign = text[at]
        if sign == "(":
            what, at = _pieces(text, at + 1)
            at += 1
        elif sign == "[":
            end = text.index("]", at)
            what, at = _set(text[at + 1 : end]), end + 1
        elif sign == "\\":
            what, at = text[at + 1], at + 2
        elif sign in ".*+|^$":
            raise UnknownPatternError(
                f"pattern {text!r}: {sign!r} isn't known; teach it to collabbus.simulate.pattern"
            )
        else:
            what, at = sign, at + 1
        fewest, most, at = _times(text, at)
        pieces.append(_Piece(what, fewest, most))
    return Pattern(tuple(pieces)), at


def _set(text: str) -> str:
    found, at = "", 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            found += "".join(map(chr, range(ord(text[at]), ord(text[at + 2]) + 1)))
            at += 3
        else:
            found += text[at]
            at += 1
    return found


def _times(text: str, at: int) -> tuple[int, int, int]:
    if text[at : at + 1] == "?":
        return 0, 1, at + 1
    if text[at : at + 1] == "{":
        end = text.index("}", at)
        fewest, _, most = text[at + 1 : end].partition(",")
        return int(fewest), int(most or fewest), end + 1
    return 1, 1, at
