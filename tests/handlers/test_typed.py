"""A wrong answer is a type error: `typed.py` under mypy, its strict settings and ours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TYPED = Path(__file__).parent / "typed.py"


def test_mypy_objects_to_wrong_handlers_and_to_no_right_one() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context",
         "--cache-dir", str(ROOT / ".mypy_cache"), str(TYPED)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={"MYPYPATH": f"{ROOT / 'services'}:{ROOT / 'schemas' / 'python'}"},
    )  # fmt: skip
    lines = TYPED.read_text("utf-8").splitlines()
    expected = {
        number: line.partition("# expect error: ")[2]
        for number, line in enumerate(lines, 1)
        if "# expect error: " in line
    }
    found: dict[int, list[str]] = {}
    for told in re.finditer(r"typed\.py:(\d+): error: (.*)", done.stdout):
        found.setdefault(int(told[1]), []).append(told[2])
    assert found.keys() == expected.keys(), done.stdout + done.stderr
    for number, words in expected.items():
        assert any(words in one for one in found[number]), (lines[number - 1], found[number])
