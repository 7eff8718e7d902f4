"""The whole thing: what a region records, what crosses to another, how long it takes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tests.support import plain

from benchmarks.matters import Region
from collabbus.installation import Installation
from collabbus.operate.broker import Broker
from collabbus.operate.kafka import Kafka

CONTRACTS = Path(__file__).parent.parent / "contracts"
BACKLOG = 24_000
"""Submissions that wait when the processors start."""
RATE = 500.0
SHARDS = 4


@contextmanager
def installation(kafka: Kafka, folder: Path, *, meter: bool = False) -> Iterator[Installation]:
    """Give an installation without processors, with the broker as one would run it for speed."""
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, [os.getcwd(), *sys.path]))}
    if meter:
        environment["COLLABBENCH_METER"] = str(folder)
    found = Installation(
        kafka, folder, CONTRACTS, "jingjinji", shards=SHARDS, module="benchmarks.processor",
        environment=environment,
    )  # fmt: skip
    found.brokers["all"] = Broker(kafka, folder / "broker-all", jit="full", heap="1g")
    found.start(processors=False)
    try:
        yield found
    finally:
        found.stop()


def backlog(found: Installation, run: str) -> int:
    """Fill Beijing's submissions with whole matters that Tianjin watches; give how many."""
    region = Region(found.network, "beijing", "tianjin", SHARDS, found.office_key, run)
    by_shard: dict[int, list[tuple[bytes, bytes]]] = {n: [] for n in range(SHARDS)}
    for signed in region.backlog(BACKLOG, time.time_ns() // 1_000_000):
        by_shard[signed.shard].append((signed.key, signed.value))
    bootstrap = found.broker_of("beijing").bootstrap
    for shard, records in by_shard.items():
        plain.produce(bootstrap, "collab.beijing.submissions", records, partition=shard)
    return sum(map(len, by_shard.values()))


def recorded(found: Installation, region: str, wanted: int, limit_s: float = 120.0) -> float:
    """Wait until a region's log has so many events; give its events/s, by the broker's clock."""
    bootstrap = found.broker_of(region).bootstrap
    ends = time.monotonic() + limit_s
    while time.monotonic() < ends:
        records = plain.read(bootstrap, f"collab.{region}.events")
        if len(records) >= wanted:
            times = sorted(record.time_ms for record in records)
            # Without the first and last hundredth: start and end aren't the pace.
            cut = len(times) // 100
            return (len(times) - 2 * cut) / (times[-1 - cut] - times[cut]) * 1000
        time.sleep(0.5)
    raise TimeoutError(f"{region} has not recorded {wanted} events within {limit_s:g} s")


def record_per_s(kafka: Kafka, folder: Path, run: str) -> float:
    """Give what one region's processor records, with transactions, signatures and validation."""
    with installation(kafka, folder) as found:
        wanted = backlog(found, run)
        found.add_processor("beijing")
        return recorded(found, "beijing", wanted)


def end_to_end(kafka: Kafka, folder: Path, run: str) -> dict[str, float]:
    """Give events/s from Beijing's submissions into Tianjin's log, crypto's share, and memory."""
    with installation(kafka, folder, meter=True) as found:
        wanted = backlog(found, run)
        names = [found.add_processor(region) for region in ("beijing", "tianjin")]
        per_s = recorded(found, "tianjin", wanted)
        time.sleep(1.0)  # the meters write twice a second
        memory = max(_peak_mb(found.supervisor.pid(name)) for name in names)
        sums = [_last(folder / f"{region}.jsonl") for region in ("beijing", "tianjin")]
    crypto = sum(sum(one["seconds"].values()) for one in sums)
    return {
        "per_s": per_s,
        "crypto_share": crypto / sum(one["cpu"] for one in sums),
        "rss_mb": memory,
    }


def _last(file: Path) -> dict[str, Any]:
    lines = file.read_text("utf-8").splitlines()
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def _peak_mb(pid: int | None) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def crossing(kafka: Kafka, folder: Path, seconds: float = 12.0) -> dict[str, float]:
    """Give the milliseconds from the SDK's call to the reader in the other region, at 500/s."""
    with installation(kafka, folder) as found:
        for region in ("beijing", "tianjin"):
            found.add_processor(region)
        found.regions = ("beijing", "tianjin")
        found.wait_ready()
        plan = {
            "bootstrap": found.broker_of("beijing").bootstrap,
            "keys": str(found.keys),
            "office": "beijing/haidian",
            "to": "tianjin/binhai",
            "network": "jingjinji",
            "region": "tianjin",
            "rate": RATE,
            "warm_up_s": 6.0,
            "seconds": seconds,
            "calls": str(folder / "calls.json"),
            "seen": str(folder / "seen.json"),
            "ready": str(folder / "ready"),
        }
        file = folder / "plan.json"
        file.write_text(json.dumps(plan), "utf-8")
        reader = subprocess.Popen([sys.executable, "-m", "benchmarks.reader", str(file)])
        while not (folder / "ready").exists():
            time.sleep(0.05)
        subprocess.run([sys.executable, "-m", "benchmarks.office", str(file)], check=True)
        time.sleep(2.0)
        reader.send_signal(signal.SIGTERM)
        reader.wait(20)
    calls = json.loads((folder / "calls.json").read_text("utf-8"))
    seen = dict(reversed(json.loads((folder / "seen.json").read_text("utf-8"))))
    took = sorted((seen[i] - at) / 1e6 for i, at in calls["calls"] if i in seen)
    if len(took) < len(calls["calls"]):
        raise RuntimeError(f"{len(calls['calls']) - len(took)} events never came across")
    return {"p50": median(took), "p99": took[int(len(took) * 0.99)], "per_s": calls["per_s"]}
