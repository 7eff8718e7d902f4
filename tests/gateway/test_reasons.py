"""Reasons: every code that somebody can be refused with is explained."""

from __future__ import annotations

import ast
from pathlib import Path

from collabbus.gateway.reasons import REASONS

SERVICES = Path(__file__).parents[2] / "services" / "collabbus"


def codes(folder: str, *names: str) -> set[str]:
    """Give the constants that are the first argument of calls of these names."""
    found: set[str] = set()
    for path in (SERVICES / folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id in names and node.args:
                found |= {
                    one.value
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def test_every_code_of_the_core_is_explained_in_both_languages():
    used = codes("model", "Rejection", "Unauthentic")
    assert len(used) > 25
    assert used <= set(REASONS)
    assert all(one.zh and one.en and 400 <= one.status < 600 for one in REASONS.values())


def test_every_code_of_the_gateway_is_used():
    own = codes("gateway", "Problem")
    core = codes("model", "Rejection", "Unauthentic")
    assert own <= set(REASONS)
    assert set(REASONS) == own | core
