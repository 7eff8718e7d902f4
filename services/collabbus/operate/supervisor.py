"""A supervisor: starts programs and starts them again when they end by themselves."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from collabbus.errors import CollabbusError
from collabbus.operate import process

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_STEADY_SECONDS = 5.0


class ProgramUnknownError(CollabbusError):
    """The supervisor has no program of this name, or it isn't running, or the name is taken."""

    code: ClassVar[str] = "PROGRAM_UNKNOWN"


@dataclass
class _Program:
    name: str
    argv: list[str]
    env: dict[str, str]
    log: Path
    cwd: Path | None
    wanted: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    child: subprocess.Popen[bytes] | None = None
    starts: int = 0
    code: int | None = None


class Supervisor:
    """Runs programs side by side, each in a process group of its own.

    A program that ends by itself, with whatever exit code, is started again after a pause: 0.2 s,
    doubling up to 5 s while it keeps ending, 0.2 s again once it has run for 5 s. Children die
    with this process. All methods may be called from any thread; as a context manager it stops
    everything on exit.
    """

    def __init__(self) -> None:
        self._programs: dict[str, _Program] = {}
        # Guards all that is in the programs, and announces every change of it.
        self._changed = threading.Condition()

    def add(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> int:
        """Start a program and keep it running; gives its process id.

        On return its process exists. `env` is added to this process's environment, and both
        outputs are appended to `log`.

        Raises:
            ProgramUnknownError: a program of this name is there already.
            ProgramMissingError: there is no such program to run.
        """
        with self._changed:
            if name in self._programs:
                raise ProgramUnknownError(
                    f"program {name!r} is there already; take another name, or start() it"
                )
            program = _Program(name, [str(part) for part in argv], dict(env or {}), log, cwd)
            self._spawn(program)
            self._programs[name] = program
            return self.start(name)

    def start(self, name: str) -> int:
        """Run a program again that was stopped; gives its process id. No effect if it runs.

        Raises:
            ProgramUnknownError: there is no program of this name.
        """
        with self._changed:
            program = self._program(name)
            if not program.wanted.is_set():
                if program.child is None:
                    self._spawn(program)
                program.wanted.set()
                program.thread = threading.Thread(
                    target=self._keep, args=(program,), name=f"keep-{name}", daemon=True
                )
                program.thread.start()
            # Between two lives: wait for the next one.
            while program.child is None and program.wanted.is_set():
                self._changed.wait()
            if program.child is None:
                raise ProgramUnknownError(f"program {name!r} was stopped while it was started")
            return program.child.pid

    def stop(self, *names: str, grace: float = 10.0) -> dict[str, int | None]:
        """Stop these programs, or all; gives their last exit codes.

        They are asked all at once (SIGTERM) and share one time of `grace` seconds; then what is
        left is killed with its group. On return all have ended and stay so until `start`. An exit
        code below 0 is the signal that ended the program, None says that it wasn't running.

        Raises:
            ProgramUnknownError: there is no program of one of these names.
        """
        with self._changed:
            programs = [self._program(name) for name in names or list(self._programs)]
            running: dict[str, subprocess.Popen[bytes]] = {}
            for program in programs:
                program.wanted.clear()
                if program.child is not None and program.child.poll() is None:
                    program.child.send_signal(signal.SIGTERM)
                    running[program.name] = program.child
            # Whoever pauses before a restart must see that it is off.
            self._changed.notify_all()
        end = time.monotonic() + grace
        for child in running.values():
            try:
                child.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill(child)
        for program in programs:
            thread = program.thread
            if thread is not None:
                thread.join()
        codes = {name: child.wait() for name, child in running.items()}
        return {program.name: codes.get(program.name) for program in programs}

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Send a running program a signal, for tests of faults; gives the id of its process.

        The program is started again if the signal ends it. SIGKILL takes its whole group along;
        any other signal goes to the program alone.

        Raises:
            ProgramUnknownError: there is no program of this name, or it isn't running now.
        """
        with self._changed:
            child = self._program(name).child
            if child is None or child.poll() is not None:
                raise ProgramUnknownError(f"program {name!r} isn't running; wait for it first")
            if number == signal.SIGKILL:
                # Not waiting for it, as process.kill does: the keeping thread does that.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
            else:
                child.send_signal(number)
            return child.pid

    def pid(self, name: str) -> int | None:
        """The process id while the program runs, None between two lives.

        Raises:
            ProgramUnknownError: there is no program of this name.
        """
        with self._changed:
            child = self._program(name).child
            return child.pid if child is not None and child.poll() is None else None

    def starts(self, name: str) -> int:
        """How often the program has been started, the first time included.

        Raises:
            ProgramUnknownError: there is no program of this name.
        """
        with self._changed:
            return self._program(name).starts

    def last_exit(self, name: str) -> int | None:
        """The exit code of the program's last life that is over, None during the first.

        Raises:
            ProgramUnknownError: there is no program of this name.
        """
        with self._changed:
            return self._program(name).code

    def wait_starts(self, name: str, count: int, timeout: float = 30.0) -> bool:
        """Wait until the program has been started `count` times; False if `timeout` comes first.

        Raises:
            ProgramUnknownError: there is no program of this name.
        """
        with self._changed:
            program = self._program(name)
            return self._changed.wait_for(lambda: program.starts >= count, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _program(self, name: str) -> _Program:
        if name not in self._programs:
            known = ", ".join(sorted(self._programs)) or "none"
            raise ProgramUnknownError(f"there is no program {name!r}; there are: {known}")
        return self._programs[name]

    def _spawn(self, program: _Program) -> None:
        program.child = process.spawn(
            program.argv, log=program.log, env=program.env, cwd=program.cwd
        )
        program.starts += 1
        self._changed.notify_all()

    def _keep(self, program: _Program) -> None:
        """Wait for the program's end and start it again, until it is no longer wanted."""
        pause = _FIRST_PAUSE
        while (child := program.child) is not None:
            born = time.monotonic()
            code = child.wait()
            if time.monotonic() - born >= _STEADY_SECONDS:
                pause = _FIRST_PAUSE
            with self._changed:
                program.child = None
                program.code = code
                self._changed.notify_all()
                while program.child is None:
                    if not program.wanted.is_set():
                        return
                    _note(program, f"ended with {program.code}, again in {pause:.1f} s")
                    if self._changed.wait_for(lambda: not program.wanted.is_set(), pause):
                        return
                    pause = min(2 * pause, _LONGEST_PAUSE)
                    try:
                        self._spawn(program)
                    except (CollabbusError, OSError) as error:
                        # Its file is being replaced, or memory is short: try again later.
                        _note(program, f"can't be started: {error}")


def _note(program: _Program, text: str) -> None:
    with contextlib.suppress(OSError), program.log.open("a", encoding="utf-8") as log:
        log.write(f"collabbus: {program.name} {text}\n")
