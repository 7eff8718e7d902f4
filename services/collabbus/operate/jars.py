"""The jars of Apache Kafka: which ones, byte for byte, and how they come to this machine."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

from collabbus.errors import CollabbusError

KAFKA_VERSION = "4.3.0"
# slf4j-simple writes Kafka's log; without it a broker that can't start dies without a word.
ROOTS = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
    f"org.apache.kafka:connect-mirror:{KAFKA_VERSION}",
    "org.slf4j:slf4j-simple:1.7.36",
)
_TRIES = 3

Progress = Callable[[int], None]
"""Called with the number of bytes that have arrived since the last call, from any thread."""


class JarUnavailableError(CollabbusError):
    """A jar couldn't be downloaded; the way out is a repository that this machine can reach."""

    code: ClassVar[str] = "JAR_UNAVAILABLE"


class JarDiffersError(CollabbusError):
    """A downloaded jar isn't the one that the lock file names; it has been thrown away."""

    code: ClassVar[str] = "JAR_DIFFERS"


@dataclass(frozen=True)
class Jar:
    """One jar of the lock file: its Maven coordinates, its size and its SHA-256."""

    group: str
    artifact: str
    version: str
    size: int
    sha256: str

    @property
    def filename(self) -> str:
        """The name of the file, as in a Maven repository."""
        return f"{self.artifact}-{self.version}.jar"

    def matches(self, path: Path) -> bool:
        """Whether the file at `path` exists and is this jar, to the last byte."""
        return path.is_file() and _sha256(path) == self.sha256


@dataclass(frozen=True)
class Lock:
    """The jars that make this version of Kafka, and a digest that names the set."""

    jars: tuple[Jar, ...]
    digest: str

    @property
    def size(self) -> int:
        """The bytes of all jars together."""
        return sum(jar.size for jar in self.jars)

    @classmethod
    def committed(cls) -> Lock:
        """The lock file that ships with collabbus, `operate/kafka.lock.toml`."""
        text = resources.files(__package__).joinpath("kafka.lock.toml").read_text("utf-8")
        return cls.parse(text)

    @classmethod
    def parse(cls, text: str) -> Lock:
        """Read a lock file's text."""
        jars = tuple(Jar(**entry) for entry in tomllib.loads(text)["jar"])
        return cls(jars, hashlib.sha256(text.encode()).hexdigest())

    @classmethod
    def resolve(cls) -> str:
        """Ask a Maven repository what `ROOTS` need now, and give the text of a new lock file.

        It names coordinates, sizes and digests, and no address of a repository.
        """
        from jgo.parse import Coordinate

        with tempfile.TemporaryDirectory() as folder:
            context = _maven(Path(folder), None)
            roots = [
                context.create_dependency(Coordinate(*root.split(":"), scope="compile"))
                for root in ROOTS
            ]
            resolved, transitive = context.resolver.resolve(roots)
            artifacts = {
                dependency.artifact.key: dependency.artifact
                for dependency in [*resolved, *transitive]
                if dependency.scope in ("compile", "runtime")
            }
            entries = []
            for _, artifact in sorted(artifacts.items()):
                path = artifact.resolve()
                entries.append(
                    f'\n[[jar]]\ngroup = "{artifact.groupId}"\n'
                    f'artifact = "{artifact.artifactId}"\nversion = "{artifact.version}"\n'
                    f'size = {path.stat().st_size}\nsha256 = "{_sha256(path)}"\n'
                )
        return (
            "# The jars of Apache Kafka, by Maven coordinates. Nothing is run that differs.\n"
            "# Written by `python -m collabbus.operate.jars`; to be read before it is committed.\n"
            f"roots = {json.dumps(ROOTS)}\n" + "".join(entries)
        )


def install(lock: Lock, folder: Path, progress: Progress, waiting: Callable[[], None]) -> None:
    """Bring every jar of the lock into `folder`.

    On return the folder holds exactly these jars, each compared with its SHA-256. Jars that are
    there already aren't fetched again, so a broken download goes on where it stopped. Two
    processes may call this at once: the second waits, having called `waiting`.

    `COLLABBUS_MAVEN` names the Maven repository to use instead of Maven Central, for networks
    that can't reach it: a URL, whatever it serves is compared with the lock.

    Raises:
        JarUnavailableError: a jar couldn't be fetched; those that could be are kept.
        JarDiffersError: a jar that was served isn't the locked one; it isn't kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _exclusively(folder / "lock", waiting):
        missing = []
        for jar in lock.jars:
            if jar.matches(folder / jar.filename):
                progress(jar.size)
            else:
                missing.append(jar)
        scratch = folder / "incoming"
        try:
            # A few at once: most of the time goes by in waiting for answers.
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda jar: _fetch(jar, folder, scratch, progress), missing))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        wanted = {jar.filename for jar in lock.jars}
        for path in folder.glob("*.jar"):
            # Java is given the whole folder, so nothing else may stand in it.
            if path.name not in wanted:
                path.unlink()


def _fetch(jar: Jar, folder: Path, scratch: Path, progress: Progress) -> None:
    import requests

    last: Exception | None = None
    for attempt in range(_TRIES):
        # A folder for each attempt: jgo takes a file that is there, even a torn one.
        repository = scratch / f"{jar.artifact}-{attempt}"
        context = _maven(repository, progress)
        try:
            component = context.project(jar.group, jar.artifact).at_version(jar.version)
            path: Path = component.artifact().resolve()
        except (requests.RequestException, RuntimeError, OSError) as error:
            last = error
            continue
        found = _sha256(path)
        if found != jar.sha256:
            raise JarDiffersError(
                f"{jar.filename} was served with SHA-256 {found}, the lock file says {jar.sha256}; "
                "it has been thrown away. Name another repository in COLLABBUS_MAVEN, or find out "
                "what changes files between that repository and this machine"
            )
        path.replace(folder / jar.filename)
        return
    raise JarUnavailableError(
        f"{jar.filename} couldn't be fetched in {_TRIES} tries ({_reason(last)}); try again, what "
        "has arrived is kept. Where Maven Central can't be reached, name a Maven repository in "
        f"COLLABBUS_MAVEN, or put the file into {folder} by hand"
    )


def _reason(error: Exception | None) -> str:
    # Only the first line: jgo's and requests' messages go on with addresses and internals.
    return f"{type(error).__name__}: {str(error).splitlines()[0][:160]}" if error else "unknown"


def _maven(repository: Path, progress: Progress | None) -> Any:
    from jgo.maven import MavenContext, PythonResolver

    @contextmanager
    def report(_filename: str, _size: int) -> Iterator[Progress]:
        yield progress or (lambda _: None)

    mirror = os.environ.get("COLLABBUS_MAVEN")
    return MavenContext(
        repo_cache=repository,
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        resolver=PythonResolver(progress_callback=report),
        timeout=60,
    )


@contextmanager
def _exclusively(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    print(Lock.resolve(), end="")
