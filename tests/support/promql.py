"""PromQL, as far as a test must read it: which metrics an expression names, and which labels."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_SELECTOR = re.compile(r"\b(?P<name>(?:collabbus[\w:]*|up))\b\s*(?:\{(?P<labels>[^}]*)\})?")
_MATCHER = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_GROUPING = re.compile(r"\b(?:by|on|without|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_REPLACED = re.compile(r"\blabel_replace\s*\(.*?\"(\w+)\"", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """What an expression names."""

    matched: dict[str, set[str]]
    """By metric, the labels by which it is chosen."""
    grouped: set[str]
    """Labels by which series are grouped or joined."""
    made: set[str]
    """Labels that the expression makes itself."""


def named(expression: str) -> Named:
    """Give what an expression names."""
    made = set(_REPLACED.findall(expression))
    bare = _TEXT.sub('""', expression)
    matched: dict[str, set[str]] = {}
    for found in _SELECTOR.finditer(bare):
        matched.setdefault(found["name"], set()).update(_MATCHER.findall(found["labels"] or ""))
    grouped = {
        label.strip()
        for found in _GROUPING.findall(bare)
        for label in found.split(",")
        if label.strip()
    }
    return Named(matched, grouped, made)
