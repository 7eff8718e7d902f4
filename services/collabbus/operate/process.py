"""Child processes that never outlive their parent, and the small things they need."""

from __future__ import annotations

import os
import queue
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import ClassVar

from collabbus.errors import CollabbusError

LOOPBACK = "127.0.0.1"
_LOWEST_PORT = 20000

# Runs in the child, before the program it is to become. Linux kills the child when its parent
# dies (option 1 of prctl, PR_SET_PDEATHSIG); a parent that died before that call is noticed by
# the comparison. Other systems have no such call: there a parent's kill -9 leaves the child.
# An interpreter of its own instead of Popen's preexec_fn, which may deadlock where threads run.
_TRAMPOLINE = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(137)
try:
    os.execvpe(sys.argv[2], sys.argv[2:], os.environ)
except OSError as error:
    sys.exit(f"{sys.argv[2]} can't be started: {error.strerror}")
"""


class ProgramMissingError(CollabbusError):
    """The program to start isn't there; the way out is to install it or to give its full path."""

    code: ClassVar[str] = "PROGRAM_MISSING"


class _Spawner:
    """Starts every child from one thread that lives as long as the process.

    Linux sends the parent-death signal when the *thread* that started the child ends. A child
    started by a worker thread would be killed with that thread, while the process goes on.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._jobs: queue.SimpleQueue[
            tuple[Future[subprocess.Popen[bytes]], Callable[[], subprocess.Popen[bytes]]]
        ] = queue.SimpleQueue()
        # A daemon: it must end with the process and not a moment sooner.
        threading.Thread(target=self._run, name="spawner", daemon=True).start()

    def _run(self) -> None:
        while True:
            future, job = self._jobs.get()
            try:
                future.set_result(job())
            except BaseException as error:
                future.set_exception(error)

    def run(self, job: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        future: Future[subprocess.Popen[bytes]] = Future()
        self._jobs.put((future, job))
        return future.result()


_lock = threading.Lock()
_spawner: _Spawner | None = None


def _the_spawner() -> _Spawner:
    global _spawner
    with _lock:
        # A forked child has the object, but not its thread.
        if _spawner is None or _spawner.pid != os.getpid():
            _spawner = _Spawner()
        return _spawner


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; on Linux it dies when this process dies.

    On return the process exists, but may not have got far. Both its outputs are appended to
    `log`, whose folder is made. `env` is added to this process's environment.

    Raises:
        ProgramMissingError: the program isn't on the path.
    """
    command = [str(part) for part in argv]
    environment = {**os.environ, **(env or {})}
    if _which(command[0], environment, cwd) is None:
        raise ProgramMissingError(
            f"program {command[0]!r} is neither on the path nor a file that may be run; "
            "install it or give its full path"
        )
    log.parent.mkdir(parents=True, exist_ok=True)

    def job() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _TRAMPOLINE, str(os.getpid()), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=cwd,
                start_new_session=True,
            )

    return _the_spawner().run(job)


def _which(program: str, environment: Mapping[str, str], cwd: Path | None) -> str | None:
    from shutil import which

    if os.sep in program and cwd is not None:
        program = str(cwd / program)
    return which(program, path=environment.get("PATH"))


def stop(process: subprocess.Popen[bytes], grace: float) -> int:
    """Ask a child to end, kill its whole group after `grace` seconds, and give its exit code.

    On return it has ended. Calling it again returns the same code.
    """
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            kill(process)
    return process.wait()


def kill(process: subprocess.Popen[bytes]) -> int:
    """Kill a child and all of its group at once; on return it has ended."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            # It ended, or it isn't yet the leader of its group: then this is enough.
            process.kill()
    return process.wait()


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on now; somebody may an instant later.

    They lie below those that the system gives to outgoing connections. From among these, a client
    that keeps calling a server which is down gets the server's own port one day, is connected to
    itself, and the server can't come back.
    """
    first = _outgoing_ports_begin()
    candidates = list(range(_LOWEST_PORT, first)) if first > _LOWEST_PORT + 1000 else []
    secrets.SystemRandom().shuffle(candidates)
    sockets: list[socket.socket] = []
    try:
        # Where the system leaves none below, it chooses (0).
        for port in [*candidates[: 50 * count], *[0] * count]:
            if len(sockets) == count:
                break
            one = socket.socket()
            sockets.append(one)
            try:
                one.bind((LOOPBACK, port))
            except OSError:
                sockets.pop().close()
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _outgoing_ports_begin() -> int:
    try:
        told = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii")
    except FileNotFoundError:
        return 49152  # what macOS and the registry of ports say
    return int(told.split()[0])


def taken(port: int) -> bool:
    """Whether somebody listens on this port of the loopback address."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def tail(path: Path, lines: int = 20) -> str:
    """The last lines of a log file, for an error message; empty if there is no such file."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 200 * lines))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


def attempts(seconds: float, pause: float = 0.05) -> Iterator[float]:
    """Yield the seconds left, `pause` apart, until `seconds` are over; always at least once."""
    end = time.monotonic() + seconds
    while True:
        yield max(0.0, end - time.monotonic())
        if time.monotonic() + pause > end:
            return
        time.sleep(pause)


def write_properties(path: Path, properties: Mapping[str, str]) -> None:
    """Write a Java properties file that only its owner may read, for it may hold passwords."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(
        "".join(f"{_escape(k, key=True)}={_escape(v)}\n" for k, v in properties.items()),
        encoding="ascii",
    )


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}


def _escape(text: str, *, key: bool = False) -> str:
    special = {**_ESCAPES, **({c: "\\" + c for c in " =:#!"} if key else {})}
    body = "".join(special.get(c, c) for c in text)
    if body.startswith(" "):
        body = "\\" + body
    utf16 = body.encode("utf-16-be")
    units = [int.from_bytes(utf16[i : i + 2]) for i in range(0, len(utf16), 2)]
    return "".join(chr(unit) if 0x20 <= unit < 0x7F else f"\\u{unit:04x}" for unit in units)
