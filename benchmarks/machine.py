"""The machine: what it is, and who uses it while something is measured."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from collabbus.operate.jars import KAFKA_VERSION

_TICK = os.sysconf("SC_CLK_TCK")
_PACKAGES = ("faust-streaming", "aiokafka", "quixstreams", "faststream", "confluent-kafka")


def machine() -> dict[str, Any]:
    """Give what the figures were taken on."""
    told = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory, 1),
        "cpu": models[0] if models else platform.processor(),
        "python": platform.python_version(),
        "kafka": KAFKA_VERSION,
        "packages": {name: version(name) for name in _PACKAGES},
    }


def cpu_of(pid: int | None) -> float:
    """Give the CPU seconds that a process has used; 0 if it isn't there."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(stat[11]) + int(stat[12])) / _TICK


def peak_mb(pid: int | None) -> float:
    """Give the most memory that a process has had so far."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _busy() -> float:
    user, nice, system, idle, wait, *others = (
        int(part) / _TICK
        for part in Path("/proc/stat").read_text("utf-8").partition("\n")[0].split()[1:9]
    )
    del idle, wait
    return user + nice + system + sum(others)


@dataclass
class Usage:
    """CPU of some processes over a stretch of time, and of everybody else on the machine."""

    pids: Mapping[str, int | None]
    cores: dict[str, float] = field(default_factory=dict)
    """By name; `others` is who isn't ours."""
    seconds: float = 0.0

    def start(self) -> Usage:
        """Begin to count."""
        self._at = time.monotonic()
        self._began = {name: cpu_of(pid) for name, pid in self.pids.items()}
        self._own = time.process_time()
        self._all = _busy()
        return self

    def stop(self) -> Usage:
        """Count up to now."""
        self.seconds = time.monotonic() - self._at
        used = {name: cpu_of(pid) - self._began[name] for name, pid in self.pids.items()}
        used["benchmark"] = time.process_time() - self._own
        used["others"] = max(0.0, _busy() - self._all - sum(used.values()))
        self.cores = {name: round(one / self.seconds, 3) for name, one in used.items()}
        return self


def in_use(seconds: float = 2.0) -> float:
    """Give how many cores are in use now, by whomever."""
    usage = Usage({}).start()
    time.sleep(seconds)
    return usage.stop().cores["others"]
