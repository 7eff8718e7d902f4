"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest

def test_without_a_mark(alliance):
    assert alliance.regions == ("beijing", "tianjin", "hebei")

@pytest.mark.alliance("northwest", seed=7)
def test_with_a_mark(alliance):
    assert "gansu" in alliance.regions

def test_each_has_its_own(alliance):
    assert not alliance.partners
    alliance.partner("hebei")

def test_each_has_its_own_again(alliance):
    assert not alliance.partners
"""


def test_the_fixture_gives_each_test_an_alliance_of_its_mark(tmp_path: Path) -> None:
    (tmp_path / "test_ours.py").write_text(TESTS, "utf-8")
    # Blocked under its entry point's name, so that this test needs no installation.
    plugin = ["-p", "no:collabbus", "-p", "collabbus.pytest_plugin"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--strict-markers", *plugin, str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"COLLABBUS_CONTRACTS": str(ROOT / "contracts")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "4 passed" in done.stdout, done.stdout + done.stderr
