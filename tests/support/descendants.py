"""Descendants: the processes that a process has started, and those that these have (Linux)."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")


def descendants(pid: int) -> set[int]:
    """Give the ids of all that live under a process, itself not among them."""
    found: set[int] = set()
    for task in (PROC / str(pid) / "task").glob("*"):
        try:
            children = (task / "children").read_text("ascii").split()
        except OSError:
            continue  # it has ended meanwhile
        for child in map(int, children):
            found |= {child, *descendants(child)}
    return found


def commands(pids: set[int]) -> list[str]:
    """Give the command lines of those of the processes that still live."""
    found = []
    for pid in sorted(pids):
        try:
            state = (PROC / str(pid) / "stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
            line = (PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            continue
        # Where nobody reaps orphans they stay as zombies.
        if state != "Z":
            found.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return found
