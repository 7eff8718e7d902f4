"""The examples are typed end to end: mypy is content with them, and not with what is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

WRONG = [
    # what is altered, what it says instead, what mypy calls it
    ("route_by_speciality", "matter.receive(officer=OFFICER)", "matter.receive()", "call-arg"),
    ("route_by_speciality", "matter.assign(", "matter.acknowledge(", "attr-defined"),
    ("acknowledge_notices", "register_number=number", "register_number=1", "arg-type"),
    ("case_system_bridge", "event.body.subject", "event.body.title", "attr-defined"),
    ("case_system_bridge", "matter: AssistanceMatter", "matter: ClueMatter", "name-defined"),
    ("hit_opens_clue", "matter: DatashareMatter", "matter: DatashareMater", "name-defined"),
    ("hit_opens_clue", '-> None:\n    """Transfer', '-> int:\n    """Transfer', "arg-type"),
]


def mypy(*files: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), *files],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_there_are_the_four_examples_of_sixty_lines_or_so() -> None:
    assert len(EXAMPLES) == 4
    for example in EXAMPLES:
        assert len(example.read_text("utf-8").splitlines()) <= 70, example.name


def test_mypy_is_content_with_each_example() -> None:
    assert "no issues found in 4 source files" in mypy(*EXAMPLES)


def test_a_wrong_answer_is_a_type_error(tmp_path: Path) -> None:
    wrong: list[tuple[Path, str]] = []
    for number, (name, right, instead, kind) in enumerate(WRONG):
        text = (ROOT / "examples" / f"{name}.py").read_text("utf-8")
        assert right in text, f"{name} doesn't say {right!r} any more"
        file = tmp_path / f"wrong_{number}.py"
        file.write_text(text.replace(right, instead), "utf-8")
        wrong.append((file, kind))
    said = mypy(*(file for file, _ in wrong))
    for file, kind in wrong:
        assert re.search(rf"{file.name}:\d+: error: .*\[{kind}\]", said), f"{file.name}\n{said}"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_says_how_it_is_run(example: Path) -> None:
    run = f"collabbus run handlers {example.stem}:handlers --office"
    assert run in example.read_text("utf-8")
