"""Tables: others' words are shown, and do nothing."""

from __future__ import annotations

import pytest

from collabbus.cli import tables

ERASES = "main\x1b[2K\r\x1b[1A✓ 验证通过"
TURNS = "张\u202e三"


def test_a_terminal_is_told_nothing_by_what_others_wrote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tables.table(
        f"title {ERASES}", ("one", "other"), [(ERASES, TURNS), ("\x9b2J", "第一行\n第二行")]
    )
    tables.line(ERASES)
    shown = capsys.readouterr().out
    assert not {"\x1b", "\r", "\x9b", "\u202e"} & set(shown)
    assert shown.count(r"main\x1b[2K\r\x1b[1A✓ 验证通过") == 3
    assert r"张\u202e三" in shown
    assert "第二行" in shown
