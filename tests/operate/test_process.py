"""Children never outlive their parent, and files for Java are read as they were meant."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from collabbus.operate import process


def wait_gone(pid: int) -> bool:
    for _ in process.attempts(10):
        try:
            state = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        # Where nobody reaps orphans they stay as zombies.
        if state == "Z":
            return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    script = (
        "import pathlib, sys, time\n"
        "from collabbus.operate import process\n"
        "child = process.spawn(['sleep', '600'], log=pathlib.Path(sys.argv[1]) / 'log')\n"
        "path = pathlib.Path(sys.argv[1]) / 'new'\n"
        "path.write_text(str(child.pid))\n"
        "path.rename(sys.argv[2])\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(told)])
    try:
        assert any(told.exists() for _ in process.attempts(20))
    finally:
        parent.kill()
        parent.wait()
    assert wait_gone(int(told.read_text("ascii")))


def test_a_child_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    started: list[subprocess.Popen[bytes]] = []
    script = "import sys; print('up', flush=True); sys.stdin.read(); import time; time.sleep(600)"
    thread = threading.Thread(
        target=lambda: started.append(
            process.spawn([sys.executable, "-c", script], log=tmp_path / "log")
        )
    )
    thread.start()
    thread.join()
    child = started[0]
    try:
        assert any("up" in process.tail(tmp_path / "log") for _ in process.attempts(20))
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.3)
    finally:
        assert process.kill(child) == -signal.SIGKILL


def test_stop_kills_what_does_not_end_by_itself(tmp_path: Path) -> None:
    script = "trap '' TERM; echo up; while true; do sleep 0.1; done"
    child = process.spawn(["sh", "-c", script], log=tmp_path / "log")
    assert any("up" in process.tail(tmp_path / "log") for _ in process.attempts(20))
    assert process.stop(child, grace=0.3) == -signal.SIGKILL
    assert process.stop(child, grace=0.3) == -signal.SIGKILL


def test_a_missing_program_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(process.ProgramMissingError, match="'no-such-program' is neither") as told:
        process.spawn(["no-such-program"], log=tmp_path / "log")
    assert told.value.code == "PROGRAM_MISSING"


def test_free_ports_differ_and_are_free() -> None:
    ports = process.free_ports(5)
    assert len(set(ports)) == 5
    assert not any(process.taken(port) for port in ports)
    assert all(port < process._outgoing_ports_begin() for port in ports)


def test_where_no_port_is_left_below_the_system_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_outgoing_ports_begin", lambda: 1024)
    assert len(set(process.free_ports(3))) == 3


def test_properties_are_escaped_and_private(tmp_path: Path) -> None:
    path = tmp_path / "x.properties"
    process.write_properties(path, {"a b": " x\\.y\nz", "名": "京"})
    assert path.read_text("ascii") == "a\\ b=\\ x\\\\.y\\nz\n\\u540d=\\u4eac\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_tail_of_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert process.tail(tmp_path / "none") == ""
    (tmp_path / "log").write_text("".join(f"line {i}\n" for i in range(1000)))
    assert process.tail(tmp_path / "log", 2) == "line 998\nline 999"
