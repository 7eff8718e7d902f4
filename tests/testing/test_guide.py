"""The guide: its code runs as printed, and it names only what exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from collabbus.testing import Alliance, MatterView

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "testing-handlers.md").read_text("utf-8")


def test_the_code_of_the_guide_runs_as_printed() -> None:
    names: dict[str, Any] = {"__name__": "guide"}
    for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL):
        exec(compile(block, "testing-handlers.md", "exec"), names)  # noqa: S102 - our own guide
    tests = [name for name in names if name.startswith("test_")]
    assert len(tests) == 4
    for name in tests:
        names[name]()


def test_the_guide_names_only_what_exists() -> None:
    called = set(re.findall(r"alliance\.(\w+)", GUIDE)) | set(re.findall(r"`(assert_\w+)`", GUIDE))
    assert len(called) >= 15
    assert [one for one in called if not hasattr(Alliance, one)] == []
    looked = re.findall(r"^\| `matter\.(.*?)` \|", GUIDE, re.MULTILINE)[0]
    for one in re.findall(r"\w+", looked):
        assert hasattr(MatterView, one), one


def test_the_guide_names_each_example() -> None:
    named = set(re.findall(r"\.\./(examples/\w+\.py)", GUIDE))
    assert named == {f"examples/{path.name}" for path in (ROOT / "examples").glob("*.py")}
