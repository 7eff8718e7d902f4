"""`python -m benchmarks`: everything in one run, interleaved, medians; a table and a report."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table
from tests.support import plain

from benchmarks import regions
from benchmarks.job import PARTITIONS, events
from benchmarks.transports import ALL, COUNTS
from collabbus.operate.broker import Broker
from collabbus.operate.kafka import Kafka, fetch

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "benchmarks" / "report.json"
PAGE = ROOT / "docs" / "benchmarks.md"
ROUNDS = 3
BARS: dict[str, tuple[str, float]] = {
    "transport_vs_stock_faust": (">=", 20),
    "transport_vs_quix": (">=", 1.5),
    "transport_vs_faststream": (">=", 2),
    "transport_vs_aiokafka": (">=", 0.85),
    "transport_vs_confluent": (">=", 0),
    "record_per_s": (">=", 0),
    "end_to_end_per_s": (">=", 3000),
    "crossing_ms_p50": ("<=", 1000),
    "crossing_ms_p99": ("<=", 150),
    "crypto_share": ("<=", 0.15),
    "rss_mb_processor": ("<=", 1000),
}
MEANING = {
    "transport_vs_stock_faust": "our transport's events/s against a stock Faust agent",
    "transport_vs_quix": "against Quix Streams",
    "transport_vs_faststream": "against FastStream (aiokafka, batches)",
    "transport_vs_aiokafka": "against bare aiokafka with send_batch",
    "transport_vs_confluent": "against confluent-kafka (librdkafka)",
    "record_per_s": "submissions/s that one region's record stage decides, all on",
    "end_to_end_per_s": "submission to the other region's log, events/s, broker included",
    "crossing_ms_p50": "SDK's call to the reader in the other region at 500/s, median, ms",
    "crossing_ms_p99": "the same, 99th percentile, ms",
    "crypto_share": "CPU share of signing, sealing, verifying, hashing in the processors",
    "rss_mb_processor": "peak memory of a processor after end_to_end, MB",
}
HAND = "<!-- by hand: what stands below is kept by each run -->"


def transport_round(broker: Broker, run: str) -> dict[str, dict[str, float]]:
    """Have each transport do the job once, one after another."""
    found = {}
    for name in ALL:
        environment = {
            **os.environ,
            "BENCH_BOOT": broker.bootstrap,
            "BENCH_IN": "bench.in",
            "BENCH_OUT": "bench.out",
            "BENCH_GROUP": f"bench-{name}-{run}",
            "BENCH_COUNT": str(COUNTS.get(name, 100_000)),
        }
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.transports", name],
            env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        lines = [part for part in done.stdout.splitlines() if "RESULT " in part]
        if not lines:
            raise RuntimeError(f"{name} gave no result: {done.stderr[-2000:]}")
        found[name] = json.loads(lines[-1].partition("RESULT ")[2])
    return found


def measure(kafka: Kafka, console: Console) -> dict[str, Any]:
    """Run all of it; give the report."""
    began = time.monotonic()
    rates: dict[str, list[float]] = {name: [] for name in ALL}
    record: list[float] = []
    ends: list[dict[str, float]] = []
    crossings: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for turn in range(ROUNDS):
            console.print(f"round {turn + 1} of {ROUNDS}: transports")
            with Broker(kafka, work / f"transports-{turn}", jit="full", heap="1g") as broker:
                plain.create(broker.bootstrap, {"bench.in": PARTITIONS, "bench.out": PARTITIONS})
                by_part: dict[int, list[tuple[bytes, bytes]]] = {}
                for partition, key, value in events(100_000):
                    by_part.setdefault(partition, []).append((key, value))
                for partition, records in by_part.items():
                    plain.produce(broker.bootstrap, "bench.in", records, partition=partition)
                for transport, result in transport_round(broker, str(turn)).items():
                    rates[transport].append(result["per_s"])
            console.print(f"round {turn + 1} of {ROUNDS}: record, end to end, crossing")
            record.append(regions.record_per_s(kafka, work / f"record-{turn}", f"r{turn}"))
            ends.append(regions.end_to_end(kafka, work / f"ends-{turn}", f"e{turn}"))
            crossings.append(regions.crossing(kafka, work / f"crossing-{turn}"))
    ours = rates["ours"]
    report: dict[str, Any] = {
        f"transport_vs_{name}": median(a / b for a, b in zip(ours, rates[name], strict=True))
        for name in ALL
        if name != "ours"
    }
    report |= {
        "record_per_s": median(record),
        "end_to_end_per_s": median(one["per_s"] for one in ends),
        "crossing_ms_p50": median(one["p50"] for one in crossings),
        "crossing_ms_p99": median(one["p99"] for one in crossings),
        "crypto_share": median(one["crypto_share"] for one in ends),
        "rss_mb_processor": median(one["rss_mb"] for one in ends),
        "machine": machine(),
        "rounds": {
            "transport_per_s": rates,
            "record_per_s": record,
            "end_to_end": ends,
            "crossing": crossings,
        },
        "seconds": round(time.monotonic() - began),
    }
    return {
        key: round(value, 3) if isinstance(value, float) else value for key, value in report.items()
    }


def machine() -> dict[str, Any]:
    """Say on what it ran."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1 << 30)
    return {
        "cores": os.cpu_count(),
        "memory_gb": memory,
        "cpu": model,
        "python": platform.python_version(),
        "kafka": "4.3.0",
        "load_before": round(os.getloadavg()[0], 2),
        **{name: version(name) for name in ("faust-streaming", "aiokafka", "quixstreams",
                                            "faststream", "confluent-kafka")},
    }  # fmt: skip


def held(key: str, value: float) -> bool:
    """Tell whether a figure meets its bar."""
    sign, bar = BARS[key]
    return value >= bar if sign == ">=" else value <= bar


def page(report: dict[str, Any]) -> str:
    """Give docs/benchmarks.md, with what was written into it by hand."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`: everything in one run, interleaved, medians of "
        f"{ROUNDS} rounds. Quote ratios, not absolutes.",
        "",
        "| figure | value | bar | |",
        "|---|---|---|---|",
    ]
    for key, meaning in MEANING.items():
        sign, bar = BARS[key]
        shown = f"{sign} {bar:g}" if bar not in (0, 1000) else ""
        mark = ("met" if held(key, report[key]) else "**not met**") if shown else ""
        lines.append(f"| `{key}`: {meaning} | {report[key]:g} | {shown} | {mark} |")
    lines += ["", f"Machine: {report['machine']}. The run took {report['seconds']} s.", ""]
    lines += [
        "The transports' job: consume, decode, validate, drop repeats, count, encode, produce "
        "(394 bytes of protobuf, 4 partitions, acks=all, no transactions, commits of what is done "
        "once a second). `record_per_s` and `end_to_end_per_s` work off a backlog of "
        f"{regions.BACKLOG} signed submissions (32 to a signature, whole matters of six acts) and "
        "are taken from the broker's times in the log, without the first and last hundredth.",
        "",
        HAND,
    ]
    kept = PAGE.read_text("utf-8").partition(HAND)[2] if PAGE.exists() else "\n"
    return "\n".join(lines) + kept


def main() -> int:
    """Measure, print, write."""
    console = Console()
    report = measure(fetch(), console)
    table = Table("figure", "value", "bar", "")
    for key in MEANING:
        sign, bar = BARS[key]
        table.add_row(
            key, f"{report[key]:g}", f"{sign} {bar:g}", "✓" if held(key, report[key]) else "✗"
        )
    console.print(table)
    REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(report), "utf-8")
    console.print(f"{REPORT.relative_to(ROOT)}, {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
