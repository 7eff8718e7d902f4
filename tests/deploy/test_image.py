"""The image's recipe: linted, compared with the lock files, and its lines run here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.composed import ROOT, TOOLS, config

DOCKERFILE = ROOT / "deploy" / "Dockerfile"


def test_the_image_passes_the_linter() -> None:
    done = subprocess.run(
        [TOOLS / "hadolint", "--failure-threshold", "info", DOCKERFILE],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_image_gets_what_it_copies_and_no_secret() -> None:
    passed = (ROOT / ".dockerignore").read_text("utf-8").split()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    wanted = {f"!{name}" for line in copied for name in line.split()}
    assert wanted == {line for line in passed if line.startswith("!")}
    assert "*" in passed


def test_the_image_has_what_the_package_needs_in_the_versions_that_are_tested() -> None:
    """`make lock` writes both files."""
    tested, image = (
        set((ROOT / name).read_text("ascii").split("\n"))
        for name in ("requirements.lock", "deploy/requirements.lock")
    )
    assert image <= tested
    names = {canonicalize_name(line.split("==")[0]) for line in image if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = [Requirement(line) for line in project["project"]["dependencies"]]
    assert {canonicalize_name(one.name) for one in needed} <= names
    assert "hatchling" in names
    assert "pytest" not in names


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the image has it: built of what the recipe copies, by the line that it runs.

    The packages below it are those of the tests; they are the same versions (above).
    """
    folder = tmp_path_factory.mktemp("image")
    build = DOCKERFILE.read_text("utf-8").split("\nFROM ")[1]
    for sources in re.findall(r"^COPY (.+) \S+$", build, re.MULTILINE):
        for name in sources.split():
            if (ROOT / name).is_dir():
                leave = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, folder / "src" / name, ignore=leave)
            else:
                (folder / "src").mkdir(exist_ok=True)
                shutil.copy(ROOT / name, folder / "src")
    [line] = re.findall(r"^RUN (pip install --no-deps .+)$", build, re.MULTILINE)
    command = [sys.executable, "-m", *shlex.split(line), "--target", str(folder / "site")]
    done = subprocess.run(
        command, cwd=folder / "src", capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


PROGRAM = """
import sys
import collabbus.gateway.server, collabbus.handlers.service, collabbus.ledger.service
import collabbus.processor.app, collab.v1.event_pb2
from collabbus.cli import app
from typer.testing import CliRunner

for module in (collabbus, collab.v1.event_pb2):
    assert module.__file__.startswith(sys.argv[1]), module.__file__
for command in sys.argv[2:]:
    shown = CliRunner().invoke(app, [*command.split(), "--help"])
    assert shown.exit_code == 0 and "Usage" in shown.output, command
checked = CliRunner().invoke(app, ["contracts", "check"])
assert checked.exit_code == 0, checked.output
"""


def test_what_the_image_has_runs_the_commands_of_the_services(
    installed: Path, tmp_path: Path
) -> None:
    services = config("--profile", "*")["services"].values()
    ours = [one["command"] for one in services if one["image"].startswith("collabbus:")]
    commands = sorted({" ".join(words[:2]) for words in ours})
    assert len(commands) == 6
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, installed, *commands, "gateway token", "doctor", "top"],
        env={
            **os.environ,
            "PYTHONPATH": str(installed),
            "COLLABBUS_CONTRACTS": str(installed.parent / "src" / "contracts"),
        },
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
