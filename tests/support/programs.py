"""Test programs: Python modules that run as processes of their own and say what they did."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from collabbus.operate import process
from tests.support.waiting import until

ROOT = Path(__file__).parent.parent.parent


class Program:
    """One run of a module; killed at the end if it still lives."""

    def __init__(self, module: str, log: Path, env: Mapping[str, str]) -> None:
        self.log = log
        self._child: subprocess.Popen[bytes] = process.spawn(
            [sys.executable, "-m", module],
            log=log,
            env={"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]), **env},
            cwd=log.parent,
        )

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether it hasn't ended."""
        return self._child.poll() is None

    def kill(self) -> None:
        """End it as `kill -9` does; on return it has ended."""
        process.kill(self._child)

    def stop(self, grace: float = 10.0) -> int:
        """Ask it to end, and force it after `grace` seconds; give its exit code."""
        return process.stop(self._child, grace)

    def ended(self, seconds: float) -> int:
        """Wait until it ends by itself; give its exit code."""
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(
                f"{self.log.name} still runs after {seconds:g} s: {process.tail(self.log)}"
            ) from None

    def said(self, word: str) -> list[str]:
        """Give what followed `word` on each line that begins with it."""
        text = self.log.read_text("utf-8", errors="replace") if self.log.exists() else ""
        return [
            line.removeprefix(word).strip() for line in text.splitlines() if line.startswith(word)
        ]

    def says(self, word: str, what: str, seconds: float = 30.0) -> None:
        """Wait until it says so."""
        until(
            lambda: what in self.said(word) or (self._child.poll() is not None and self._gone()),
            seconds,
            f"{word} {what!r} of {self.log.name}",
        )

    def _gone(self) -> bool:
        raise AssertionError(
            f"{self.log.name} ended with {self._child.returncode}: {process.tail(self.log)}"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
