"""The supervisor starts what ends by itself again, and stops all when it is told to."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collabbus.operate import process
from collabbus.operate.supervisor import ProgramUnknownError, Supervisor

SLEEPER = ["sh", "-c", "echo up; exec sleep 600"]


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    with Supervisor() as running:
        yield running


def test_a_program_that_is_killed_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    first = supervisor.add("one", SLEEPER, log=tmp_path / "one.log")
    assert supervisor.kill("one") == first
    assert supervisor.wait_starts("one", 2)
    assert supervisor.pid("one") not in (None, first)
    assert supervisor.last_exit("one") == -signal.SIGKILL
    assert "one ended with -9, again in 0.2 s" in process.tail(tmp_path / "one.log")


def test_a_program_that_keeps_ending_is_started_ever_more_slowly(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    begin = time.monotonic()
    supervisor.add("one", ["sh", "-c", "exit 3"], log=tmp_path / "one.log")
    assert supervisor.wait_starts("one", 4)
    assert time.monotonic() - begin >= 0.2 + 0.4 + 0.8
    assert supervisor.last_exit("one") == 3


def test_stop_ends_all_at_once_and_tells_how(supervisor: Supervisor, tmp_path: Path) -> None:
    stubborn = ["sh", "-c", "trap '' TERM; echo up; while true; do sleep 0.1; done"]
    orderly = ["sh", "-c", "trap 'exit 0' TERM; echo up; while true; do sleep 0.1; done"]
    for name, argv in (("orderly", orderly), ("plain", SLEEPER), ("stubborn", stubborn)):
        supervisor.add(name, argv, log=tmp_path / name)
        assert any("up" in process.tail(tmp_path / name) for _ in process.attempts(20))
    assert supervisor.stop(grace=1) == {"orderly": 0, "plain": -15, "stubborn": -9}
    assert [supervisor.pid(name) for name in ("orderly", "plain", "stubborn")] == [None] * 3
    assert supervisor.stop() == {"orderly": None, "plain": None, "stubborn": None}


def test_a_stopped_program_stays_down_until_it_is_started(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.add("one", SLEEPER, log=tmp_path / "one.log")
    other = supervisor.add("two", SLEEPER, log=tmp_path / "two.log")
    supervisor.stop("one")
    assert not supervisor.wait_starts("one", 2, timeout=0.5)
    assert supervisor.pid("two") == other
    pid = supervisor.start("one")
    assert supervisor.start("one") == pid == supervisor.pid("one")
    assert supervisor.starts("one") == 2


def test_stop_reaches_a_program_between_two_lives(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.add("one", ["sh", "-c", "exit 1"], log=tmp_path / "one.log")
    assert supervisor.wait_starts("one", 4)
    begin = time.monotonic()
    supervisor.stop()
    # Not after the pause of seconds that comes next.
    assert time.monotonic() - begin < 1
    starts = supervisor.starts("one")
    assert not supervisor.wait_starts("one", starts + 1, timeout=0.3)


def test_a_paused_program_is_neither_dead_nor_started_again(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    pid = supervisor.add("one", SLEEPER, log=tmp_path / "one.log")
    supervisor.kill("one", signal.SIGSTOP)
    assert not supervisor.wait_starts("one", 2, timeout=0.3)
    supervisor.kill("one", signal.SIGCONT)
    assert supervisor.pid("one") == pid


def test_the_environment_reaches_the_program(supervisor: Supervisor, tmp_path: Path) -> None:
    argv = ["sh", "-c", "echo region $REGION; exec sleep 600"]
    supervisor.add("one", argv, log=tmp_path / "log", env={"REGION": "beijing"})
    assert any("region beijing" in process.tail(tmp_path / "log") for _ in process.attempts(20))


def test_unknown_names_are_refused(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.add("one", SLEEPER, log=tmp_path / "one.log")
    with pytest.raises(ProgramUnknownError, match="no program 'two'; there are: one"):
        supervisor.kill("two")
    with pytest.raises(ProgramUnknownError, match="'one' is there already"):
        supervisor.add("one", SLEEPER, log=tmp_path / "one.log")
    supervisor.stop("one")
    with pytest.raises(ProgramUnknownError, match="isn't running"):
        supervisor.kill("one")
    with pytest.raises(process.ProgramMissingError):
        supervisor.add("three", ["no-such-program"], log=tmp_path / "three.log")
    assert supervisor.stop() == {"one": None}
