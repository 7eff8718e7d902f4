"""What every process of a region tells of itself: which version it is, and since when it runs."""

from __future__ import annotations

import platform
import time
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import CollectorRegistry, ProcessCollector

from collabbus.measures.measure import Kind, Measure

STARTED = Measure(
    Kind.GAUGE, "started_timestamp_seconds", "seconds since 1970",
    "When the process started: each change is a restart.",
    "进程启动时间；每次变化即一次重启。",
)  # fmt: skip
BUILD = Measure(
    Kind.GAUGE, "build_info", "1",
    "Which version runs.",
    "运行的版本。",
    ("version", "python"),
)  # fmt: skip


def born(registry: CollectorRegistry, region: str) -> None:
    """Tell in a registry, from now on, which process of a region this is.

    Beside the measures above: its memory, CPU and open files, as `collabbus_process_*`.
    """
    ProcessCollector(namespace="collabbus", registry=registry)
    STARTED.gauge(registry).labels(region).set(time.time())
    try:
        mine = version("collabbus")
    except PackageNotFoundError:
        mine = "unknown"  # run from a folder, without having been installed
    BUILD.gauge(registry).labels(region, mine, platform.python_version()).set(1)
