"""A terminal: commands as documents print them, run in one folder."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from collabbus.cli import app
from collabbus.errors import CollabbusError
from collabbus.operate import process

PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
_FOR_A_SHELL = re.compile(r"[$`|&;<>*?~]")
ENDING_S = 30.0


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    output: str
    errors: str = ""


class Started:
    """A command that stays until Ctrl-C."""

    def __init__(self, command: str, log: Path, child: subprocess.Popen[bytes]) -> None:
        self.command = command
        self.log = log
        self._child = child

    @property
    def said(self) -> str:
        """What it has printed; raises AssertionError where it has ended."""
        text = self.log.read_text("utf-8", errors="replace")
        code = self._child.poll()
        assert code is None, f"{self.command}: ended with {code}: {process.tail(self.log)}"
        return text

    def interrupt(self) -> None:
        """Type Ctrl-C."""
        self._child.send_signal(signal.SIGINT)

    def ended(self) -> int:
        """Give its exit code; raises AssertionError where it takes longer than `ENDING_S`."""
        try:
            return self._child.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            process.kill(self._child)
            raise AssertionError(
                f"{self.command}: runs {ENDING_S:g} s after Ctrl-C: {process.tail(self.log)}"
            ) from None


class Terminal:
    """A shell in a folder; what is exported stays for the commands that follow."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {"PATH": PATH, "COLUMNS": "250", "NO_COLOR": "1", **environment}
        self._started: list[Started] = []

    def run(self, command: str) -> Done:
        """Run a command to its end.

        `collabbus` runs in this process where no shell is needed: a start takes a second.
        """
        if command.startswith("collabbus ") and not _FOR_A_SHELL.search(command):
            return self._in_process(shlex.split(command)[1:])
        if command.startswith("export "):
            return self._export(command)
        done = self._shell(command)
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, command: str) -> Started:
        """Start a command that stays; it is killed with this process at the latest."""
        log = self.folder / "logs" / f"{time.monotonic_ns()}.log"
        words = shlex.split(command)
        # By its full path: which program is meant is looked up along our own PATH.
        words[0] = str(Path(sys.executable).with_name(words[0]))
        child = process.spawn(words, log=log, env=self.environment, cwd=self.folder)
        self._started.append(Started(command, log, child))
        return self._started[-1]

    def interrupt(self) -> dict[str, int]:
        """Type Ctrl-C to all that stay; give their exit codes by command."""
        started, self._started = self._started, []
        for one in started:
            one.interrupt()
        return {one.command: one.ended() for one in started}

    def _in_process(self, words: list[str]) -> Done:
        with contextlib.chdir(self.folder):
            done = CliRunner().invoke(app, words, env=self.environment)
        if isinstance(done.exception, CollabbusError):
            return Done(2, done.output, f"{done.exception.code}: {done.exception}")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(done.exit_code, done.output)

    def _export(self, command: str) -> Done:
        done = self._shell(f"{command}; env -0")
        values = dict(line.partition("=")[::2] for line in done.stdout.split("\0"))
        exported = {name: values.get(name, "") for name in re.findall(r"(\w+)=", command)}
        self.environment |= exported
        # `export NAME=$(command)` itself succeeds whatever the command does.
        lacking = [name for name, value in exported.items() if not value]
        return Done(done.returncode or len(lacking), "", done.stderr)

    def _shell(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", script], cwd=self.folder, env={**os.environ, **self.environment},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
