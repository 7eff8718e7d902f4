"""`python -m benchmarks`: everything in one run, interleaved, medians; a table and a report."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table
from tests.support import plain

from benchmarks import gateway as gateways
from benchmarks import machine, regions
from benchmarks.bed import Bed
from benchmarks.job import PARTITIONS, events
from benchmarks.transports import ALL, COUNTS
from collabbus.operate.kafka import Kafka, fetch

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "benchmarks" / "report.json"
PAGE = ROOT / "docs" / "benchmarks.md"
ROUNDS = 3
EVENTS = 300_000
"""Events of the transports' job; the slow ones do fewer."""
BARS: dict[str, tuple[str, float]] = {
    "transport_vs_stock_faust": (">=", 20),
    "transport_vs_quix": (">=", 1.5),
    "transport_vs_faststream": (">=", 2),
    "transport_vs_aiokafka": (">=", 0.85),
    "end_to_end_per_s": (">=", 3000),
    "crossing_ms_p99": ("<=", 150),
    "crypto_share": ("<=", 0.15),
    "gateway_per_s": (">=", 1000),
    "gateway_ms_p99": ("<=", 1000),
}
MEANING = {
    "transport_vs_stock_faust": "our transport's events/s against a stock Faust agent",
    "transport_vs_tuned_faust": "against the same agent with every setting that helps it",
    "transport_vs_quix": "against Quix Streams",
    "transport_vs_faststream": "against FastStream (aiokafka, batches)",
    "transport_vs_aiokafka": "against bare aiokafka with send_batch",
    "transport_vs_confluent": "against confluent-kafka (librdkafka)",
    "record_per_s": "submissions/s that one region's record stage decides, all families, all on",
    "record_assistance_per_s": "the same of requests for assistance alone",
    "end_to_end_per_s": "submission to the other region's log, events/s, broker included",
    "crossing_ms_p50": "SDK's call to the reader in the other region at 500/s, median, ms",
    "crossing_ms_p99": "the same, 99th percentile, ms",
    "crypto_share": "CPU share of signing, sealing, verifying, hashing in the processors",
    "gateway_per_s": "submissions/s that one gateway process accepts, callers and broker included",
    "gateway_ms_p99": "request to answer at that load, 99th percentile, ms",
    "rss_mb_processor": "peak memory of a processor after end_to_end, MB",
}
HAND = "<!-- by hand: what stands below is kept by each run -->"


def transport_round(bed: Bed, run: str) -> dict[str, dict[str, Any]]:
    """Have each transport do the job once, one after another."""
    found = {}
    for name in ALL:
        environment = {
            **os.environ,
            "BENCH_BOOT": bed.bootstrap,
            "BENCH_IN": "bench.in",
            "BENCH_OUT": "bench.out",
            "BENCH_GROUP": f"bench-{name}-{run}",
            "BENCH_COUNT": str(COUNTS.get(name, EVENTS)),
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


def fill(bed: Bed) -> None:
    """Lay out the job of the transports."""
    plain.create(bed.bootstrap, {"bench.in": PARTITIONS, "bench.out": PARTITIONS})
    by_part: dict[int, list[tuple[bytes, bytes]]] = {}
    for partition, key, value in events(EVENTS):
        by_part.setdefault(partition, []).append((key, value))
    for partition, records in by_part.items():
        plain.produce(bed.bootstrap, "bench.in", records, partition=partition)


PARTS: dict[str, Callable[[Bed, str], dict[str, Any]]] = {
    "transports": transport_round,
    "record": regions.record,
    "record_assistance": regions.record_assistance,
    "end_to_end": regions.end_to_end,
    # While the processors of end_to_end still run.
    "crossing": regions.crossing,
    "cryptography": regions.cryptography,
    "gateway": gateways.gateway,
}


def measure(
    kafka: Kafka, console: Console, rounds: int, parts: Sequence[str]
) -> dict[str, list[Any]]:
    """Run the parts, round by round on one bed; give what each round of each part gave."""
    found: dict[str, list[Any]] = {part: [] for part in parts}
    with tempfile.TemporaryDirectory() as folder, Bed(kafka, Path(folder)) as bed:
        if "transports" in parts:
            fill(bed)
        # The first turn counts for nothing: for minutes a broker that was just started spends half
        # a core on compiling itself.
        for turn in range(rounds + 1):
            for part in parts:
                console.print(f"round {turn} of {rounds}: {part}" if turn else f"warm-up: {part}")
                if part == "crossing":
                    bed.start(regions.REGIONS)
                else:
                    bed.stop()
                initials = "".join(word[0] for word in part.split("_"))
                result = PARTS[part](bed, f"{initials}{turn}")
                if turn:
                    found[part].append(result)
    return found


def report_of(rounds: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Give the medians of all parts, by the keys that others read."""
    transports = rounds["transports"]
    report: dict[str, Any] = {
        f"transport_vs_{name}": median(
            one["ours"]["per_s"] / one[name]["per_s"] for one in transports
        )
        for name in ALL
        if name != "ours"
    }
    medians = {
        "record_per_s": ("record", "per_s"),
        "record_assistance_per_s": ("record_assistance", "per_s"),
        "end_to_end_per_s": ("end_to_end", "per_s"),
        "crossing_ms_p50": ("crossing", "p50"),
        "crossing_ms_p99": ("crossing", "p99"),
        "crypto_share": ("cryptography", "share"),
        "gateway_per_s": ("gateway", "per_s"),
        "gateway_ms_p99": ("gateway", "p99"),
        "rss_mb_processor": ("end_to_end", "rss_mb"),
    }
    for key, (part, value) in medians.items():
        report[key] = median(one[value] for one in rounds[part])
    return {key: round(value, 3) for key, value in report.items()}


def held(key: str, value: float) -> bool:
    """Tell whether a figure meets its bar."""
    sign, bar = BARS[key]
    return value >= bar if sign == ">=" else value <= bar


def mixture(record: Mapping[str, Any]) -> list[str]:
    """Give the lines that tell what `record_per_s` records, and why that."""
    parts = list(dict.fromkeys(part for one in record["shares"].values() for part in one))
    lines = [
        "The mixture: no source says how often which kind will be used, so each mechanism weighs "
        "the same. Every scenario of the library, which shows each row of the table of mechanisms, "
        "is recast with offices of one region and told 32 times, all side by side; what a region "
        "can't say by itself, or what rests on days that pass, is left out. A submission makes "
        f"{record['events_each']:g} events on the average: tracks open and end, copies and links "
        "are told by rule. Percent of the submissions:",
        "",
        "| family | " + " | ".join(parts) + " |",
        "|---|" + "---|" * len(parts),
    ]
    for family, shares in record["shares"].items():
        cells = (f"{100 * shares.get(part, 0) / record['count']:.1f}" for part in parts)
        lines.append(f"| {family} | " + " | ".join(cells) + " |")
    return lines


def page(report: dict[str, Any]) -> str:
    """Give docs/benchmarks.md, with what was written into it by hand."""
    rounds = len(report["rounds"]["record"])
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`: everything in one run, interleaved, medians of "
        f"{rounds} rounds after one that counts for nothing. Quote ratios, not absolutes.",
        "",
        "| figure | value | bar | |",
        "|---|---|---|---|",
    ]
    for key, meaning in MEANING.items():
        shown = "{} {:g}".format(*BARS[key]) if key in BARS else ""
        mark = ("met" if held(key, report[key]) else "**not met**") if shown else ""
        lines.append(f"| `{key}`: {meaning} | {report[key]:g} | {shown} | {mark} |")
    machine = report["machine"]
    lines += [
        "",
        f"Machine: {machine['cores']} cores ({machine['cpu']}), {machine['memory_gb']:g} GB, "
        f"Python {machine['python']}, Kafka {machine['kafka']}; others used "
        f"{machine['in_use_before']:g} cores before. The run took {report['seconds']} s.",
        "",
        "The transports' job: consume, decode, validate, drop repeats, count, encode, produce "
        "(394 bytes of protobuf, 4 partitions, acks=all, no transactions, commits of what is done "
        "once a second). The others work off backlogs of signed submissions, 32 to a signature: "
        f"`record_per_s` {report['rounds']['record'][-1]['count']} of the mixture below, "
        f"`record_assistance_per_s` {regions.LOCAL} and `end_to_end_per_s` {regions.WATCHED} of "
        "whole requests for assistance, six acts each. Their pace is by the broker's times of "
        "outcomes or events, without the first and last hundredth. The broker has the machine in "
        "common with all else.",
        "",
        *mixture(report["rounds"]["record"][-1]),
        "",
        "Where the time of a crossing goes, milliseconds (the last round):",
        "",
        "| stage | p50 | p99 |",
        "|---|---|---|",
    ]
    crossing = report["rounds"]["crossing"][-1]
    lines += [f"| {one['stage']} | {one['p50']:g} | {one['p99']:g} |" for one in crossing["stages"]]
    cores = ", ".join(f"{name} {used:g}" for name, used in crossing["cores"].items())
    lines += ["", f"Cores in use meanwhile: {cores}.", ""]
    entered = report["rounds"]["gateway"][-1]
    cpu = ", ".join(f"{name} {used:g}" for name, used in entered["cpu_ms"].items())
    lines += [
        f"`gateway_per_s` has {gateways.CALLERS} connections with one request under way on each, "
        "kept open; what is counted was answered with 202 and read back from the topic. CPU time "
        f"of one request, milliseconds: {cpu}.",
        "",
        HAND,
    ]
    kept = PAGE.read_text("utf-8").partition(HAND)[2] if PAGE.exists() else "\n"
    return "\n".join(lines) + kept


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--only", help="parts with commas, to look at: prints what they gave, and writes nothing"
    )
    options = parser.parse_args()
    console = Console()
    kafka = fetch()
    if options.only:
        console.print_json(
            json.dumps(measure(kafka, console, options.rounds, options.only.split(",")))
        )
        return 0
    began = time.monotonic()
    told = machine.machine() | {"in_use_before": machine.in_use()}
    rounds = measure(kafka, console, options.rounds, list(PARTS))
    report = report_of(rounds) | {
        "machine": told,
        "rounds": rounds,
        "seconds": round(time.monotonic() - began),
    }
    table = Table("figure", "value", "bar", "")
    for key in MEANING:
        bar = BARS.get(key)
        mark = "" if bar is None else "✓" if held(key, report[key]) else "✗"
        table.add_row(key, f"{report[key]:g}", "{} {:g}".format(*bar) if bar else "", mark)
    console.print(table)
    REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(report), "utf-8")
    console.print(f"{REPORT.relative_to(ROOT)}, {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
