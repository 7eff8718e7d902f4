"""A kind is added by proto, lifecycle entry and scenario alone: docs/adding-a-kind.md."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "adding-a-kind.md").read_text("utf-8")
PROTO = "schemas/collab/v1/consultation.proto"
LIFECYCLE = "contracts/lifecycles/consultation.yaml"
VERBS = "services/collabbus/handlers/families.py"


def block(what: str) -> str:
    """Give a block of the page by the words after its fence."""
    found = re.search(rf"^```{re.escape(what)}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None, what
    return found[1]


VERBS = "services/collabbus/handlers/families.py"


def insert(path: Path, after: str, text: str) -> None:
    """Insert a text behind the line that matches."""
    old = path.read_text("utf-8")
    found = re.search(after, old, re.MULTILINE)
    assert found is not None, after
    path.write_text(old[: found.end()] + text + old[found.end() :], "utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What a maker of kinds works on, and nothing of the code."""
    for name in ("schemas", "contracts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "docs").mkdir()
    (tmp_path / VERBS).parent.mkdir(parents=True)
    return tmp_path


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(copy / "schemas" / "python"), str(ROOT / "services")])
    return subprocess.run(
        [sys.executable, *words],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": path, "COLLABBUS_CONTRACTS": str(copy / "contracts")},
        capture_output=True,
        text=True,
        check=False,
    )


def add(copy: Path, *, field: bool = True, entry: bool = True) -> None:
    """Do what the page says."""
    proto = copy / PROTO
    insert(proto, r"^enum ConsultationKind \{\n.*\n", block("proto enum ConsultationKind"))
    with proto.open("a", encoding="utf-8") as file:
        file.write("\n" + block("proto file"))
    if field:
        insert(proto, r"^  oneof details \{\n", block("proto oneof ConsultationConvened"))
    assert run(copy, "schemas/generate.py").returncode == 0
    if entry:
        insert(copy / LIFECYCLE, r"^    kinds:\n", block("yaml kinds ConsultationConvened"))
    (copy / "contracts/scenarios/video-talks.yaml").write_text(block("yaml scenario"), "utf-8")


def test_a_kind_needs_a_proto_a_lifecycle_entry_and_a_scenario(copy: Path) -> None:
    add(copy)
    checked = run(copy, "-m", "collabbus", "contracts", "check")
    assert checked.returncode == 0, checked.stderr
    played = run(copy, "-m", "collabbus", "scenario", "run", "video-talks")
    assert played.returncode == 0, played.stdout + played.stderr
    assert "视频会商" in (copy / "docs" / "catalogue.md").read_text("utf-8")
    # What handlers can answer follows from acts, and a kind is none.
    assert (copy / VERBS).read_text("utf-8") == (ROOT / VERBS).read_text("utf-8")


def test_a_kind_without_its_entry_is_a_fault_of_the_contracts(copy: Path) -> None:
    add(copy, entry=False)
    checked = run(copy, "-m", "collabbus", "contracts", "check")
    assert checked.returncode == 2
    assert "VIDEO_TALKS" in checked.stderr


def test_a_kind_whose_field_is_there_must_fill_it_in(copy: Path) -> None:
    add(copy)
    scenario = copy / "contracts/scenarios/video-talks.yaml"
    kept = [line for line in scenario.read_text("utf-8").splitlines() if "video_talks:" not in line]
    scenario.write_text("\n".join(kept) + "\n", "utf-8")
    played = run(copy, "-m", "collabbus", "scenario", "run", "video-talks")
    assert played.returncode == 1
    assert "MISSING_FIELD" in played.stdout
