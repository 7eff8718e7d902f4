"""The jars of Apache Kafka: fetched once, and verified."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from collabbus.operate import jars
from collabbus.operate.jars import Jar, JarDiffersError, JarUnavailableError, Lock


def nothing(*_: Any) -> None:
    """Progress that nobody wants to see."""


def serve(monkeypatch: pytest.MonkeyPatch, content: bytes | None) -> list[str]:
    """Stand in for the repository: every jar has this content, or there is none."""
    asked: list[str] = []

    class Component:
        def __init__(self, folder: Path) -> None:
            self.folder = folder

        def project(self, _group: str, artifact: str) -> Component:
            asked.append(artifact)
            return self

        def at_version(self, _version: str) -> Component:
            return self

        def artifact(self) -> Component:
            return self

        def resolve(self) -> Path:
            if content is None:
                raise OSError("connection reset")
            self.folder.mkdir(parents=True)
            path = self.folder / "served.jar"
            path.write_bytes(content)
            return path

    monkeypatch.setattr(jars, "_maven", lambda folder, _progress: Component(folder))
    return asked


GOOD = b"good"
LOCK = Lock((Jar("g", "a", "1", 4, jars.hashlib.sha256(GOOD).hexdigest()),), "digest")


def test_the_committed_lock_names_digests_and_no_host() -> None:
    lock = Lock.committed()
    assert len(lock.jars) > 80
    assert {jar.artifact for jar in lock.jars} >= {"kafka_2.13", "connect-mirror", "slf4j-simple"}
    assert all(len(jar.sha256) == 64 and jar.size for jar in lock.jars)
    text = (Path(jars.__file__).parent / "kafka.lock.toml").read_text("utf-8")
    assert "://" not in text


def test_a_jar_is_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = serve(monkeypatch, GOOD)
    (tmp_path / "stray.jar").write_bytes(b"not in the lock")
    for _ in range(2):
        jars.install(LOCK, tmp_path, nothing, nothing)
    assert asked == ["a"]
    assert [path.name for path in tmp_path.glob("*.jar")] == ["a-1.jar"]


def test_a_jar_that_differs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, b"evil")
    with pytest.raises(JarDiffersError, match="COLLABBUS_MAVEN") as told:
        jars.install(LOCK, tmp_path, nothing, nothing)
    assert told.value.code == "JAR_DIFFERS"
    assert list(tmp_path.glob("**/*.jar")) == []


def test_a_torn_jar_is_fetched_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a-1.jar").write_bytes(GOOD[:2])
    serve(monkeypatch, GOOD)
    jars.install(LOCK, tmp_path, nothing, nothing)
    assert (tmp_path / "a-1.jar").read_bytes() == GOOD


def test_an_unreachable_repository_is_told_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = serve(monkeypatch, None)
    with pytest.raises(JarUnavailableError, match=r"3 tries \(OSError: connection reset\)"):
        jars.install(LOCK, tmp_path, nothing, nothing)
    assert len(asked) == 3


def test_the_second_of_two_processes_waits_for_the_first(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    script = (
        "import fcntl, sys\n"
        "file = open(sys.argv[1], 'w')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\n"
        "sys.stdin.readline()\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", script, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdin is not None
    assert first.stdout is not None
    assert first.stdout.readline() == "locked\n"
    (tmp_path / "a-1.jar").write_bytes(GOOD)
    told: list[bool] = []
    standard_input = first.stdin

    def waiting() -> None:
        told.append(first.poll() is None)
        standard_input.write("go\n")
        standard_input.close()

    jars.install(LOCK, tmp_path, nothing, waiting)
    assert told == [True]
    assert first.wait(10) == 0
    first.stdout.close()
