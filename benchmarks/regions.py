"""Regions: what one records, what crosses to another, how long it takes, what signing costs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.support import plain
from tests.support.waiting import until

from benchmarks.bed import NETWORK, REGIONS, Bed, rate
from benchmarks.machine import Usage, peak_mb
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub

LOCAL = 20_000
"""Submissions of the backlog of assistance of which nothing leaves the region."""
WATCHED = 40_000
"""Submissions of the backlog of which all crosses."""
METERED = 12_000
RATE = 500.0
"""Submissions a second for the crossing."""
WARM_UP_S = 5.0
SECONDS = 12.0
SENDER, RECEIVER = "beijing", "tianjin"
ROOT = Path(__file__).parent.parent

STAGES = (
    "call of the SDK to submission on the broker",
    "submission to event in Beijing's log",
    "event to parcel on the link",
    "parcel to event in Tianjin's log",
    "event to reader",
)


def record(bed: Bed, run: str) -> dict[str, Any]:
    """Have one region's processor, alone, record a backlog of all families."""
    count, shares = bed.mixture(SENDER, run)
    since, events = bed.ends(SENDER, "outcomes"), bed.ends(SENDER)
    bed.start([SENDER])
    usage = _begun(bed, SENDER, events, [SENDER])
    outcomes = bed.decided(SENDER, since, count, run)
    usage.stop()
    bed.stop()
    made = len(bed.read(SENDER, "events", events)) / count
    return {
        "per_s": rate(outcomes),
        "count": count,
        "events_each": round(made, 3),
        "shares": shares,
        **_use(usage, count),
    }


def record_assistance(bed: Bed, run: str) -> dict[str, Any]:
    """Have it record a backlog of requests for assistance that concern nobody else."""
    count = bed.backlog(SENDER, None, LOCAL, run)
    since = bed.ends(SENDER)
    bed.start([SENDER])
    usage = _begun(bed, SENDER, since, [SENDER])
    events = bed.recorded(SENDER, since, count)
    usage.stop()
    bed.stop()
    return {"per_s": rate(events), **_use(usage, count)}


def end_to_end(bed: Bed, run: str) -> dict[str, Any]:
    """Have a backlog cross; the processors are left running."""
    count = bed.backlog(SENDER, RECEIVER, WATCHED, run)
    since = bed.ends(RECEIVER)
    bed.start(REGIONS)
    usage = _begun(bed, RECEIVER, since, REGIONS)
    events = bed.recorded(RECEIVER, since, count)
    usage.stop()
    memory = {region: round(peak_mb(pid)) for region, pid in bed.pids(REGIONS).items()}
    del memory["broker"]
    return {
        "per_s": rate(events),
        "rss_mb": max(memory.values()),
        "rss_mb_each": memory,
        **_use(usage, count),
    }


def _begun(bed: Bed, region: str, since: dict[int, int], regions: Any) -> Usage:
    """Wait until a region's log grows, and count the CPU from there."""
    what = f"the first record of {region}, whose logs are in {bed.folder},"
    until(lambda: bed.ends(region) != since, 60, what)
    return Usage(bed.pids(regions)).start()


def _use(usage: Usage, count: int) -> dict[str, Any]:
    """Give the cores in use, and the microseconds that one event costs whom."""
    each = {
        name: round(cores * usage.seconds / count * 1e6, 1)
        for name, cores in usage.cores.items()
        if name not in ("others", "benchmark")
    }
    return {"cores": usage.cores, "cpu_us": each}


def cryptography(bed: Bed, run: str) -> dict[str, Any]:
    """Have a backlog cross with the processors metered; give what share of their CPU it was."""
    count = bed.backlog(SENDER, RECEIVER, METERED, run)
    since = bed.ends(RECEIVER)
    bed.start(REGIONS, metered=True)
    events = bed.recorded(RECEIVER, since, count)
    begin = min(event.time_ms for event in events) / 1000
    end = max(event.time_ms for event in events) / 1000
    bed.metered(end)
    bed.stop()
    seconds: dict[str, float] = {}
    cpu = 0.0
    for region in REGIONS:
        lines = [json.loads(line) for line in bed.sums(region).read_text("utf-8").splitlines()]
        first = max((one for one in lines if one["time"] <= begin), key=_time, default=lines[0])
        last = min((one for one in lines if one["time"] >= end), key=_time, default=lines[-1])
        cpu += last["cpu"] - first["cpu"]
        for name, total in last["seconds"].items():
            seconds[name] = seconds.get(name, 0.0) + total - first["seconds"][name]
    return {
        "share": sum(seconds.values()) / cpu,
        "share_each": {name: round(one / cpu, 4) for name, one in seconds.items()},
    }


def _time(snapshot: dict[str, Any]) -> float:
    return float(snapshot["time"])


def crossing(bed: Bed, run: str) -> dict[str, Any]:
    """Submit through the SDK at a steady rate, read in the other region; give milliseconds.

    The processors run already, and have nothing else to do.
    """
    folder = bed.folder / f"crossing-{run}"
    folder.mkdir()
    plan: dict[str, Any] = {
        "bootstrap": bed.bootstrap,
        "keys": str(bed.installation.keys),
        "office": "beijing/haidian",
        "to": "tianjin/binhai",
        "network": NETWORK,
        "region": RECEIVER,
        "rate": RATE,
        "warm_up_s": WARM_UP_S,
        "seconds": SECONDS,
        "sender": SENDER,
        "wanted": int(RATE * WARM_UP_S) + int(RATE * SECONDS),
        **{name: str(folder / name) for name in ("ready", "warm", "calls", "seen")},
    }
    file = folder / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    since = {name: bed.ends(region, topic) for name, (region, topic) in _TOPICS.items()}
    children = [reader := _spawn("reader", file)]
    try:
        _await(folder / "ready", reader)
        children.append(office := _spawn("office", file))
        _await(folder / "warm", office)
        pids = bed.pids(REGIONS) | {"office": office.pid, "reader": reader.pid}
        done = bed.transactions(REGIONS)
        usage = Usage(pids).start()
        # A stretch of time is what is measured.
        time.sleep(SECONDS - 1)
        usage.stop()
        done = {name: count - done[name] for name, count in bed.transactions(REGIONS).items()}
        if office.wait(60):
            raise RuntimeError("the office's process failed")
        # It ends by itself when it has all; if something is lost, it says what it has seen.
        try:
            reader.wait(20)
        except subprocess.TimeoutExpired:
            reader.send_signal(signal.SIGTERM)
            reader.wait(20)
    finally:
        for child in children:
            child.kill()
    told = json.loads(Path(plan["calls"]).read_text("utf-8"))
    calls: dict[str, int] = dict(told["calls"])
    # Should an event have been read twice, the first time counts.
    seen = dict(reversed(json.loads(Path(plan["seen"]).read_text("utf-8"))))
    if lost := len(calls.keys() - seen.keys()):
        raise RuntimeError(f"{lost} of {len(calls)} events never came across")
    took = [(seen[name] - called) / 1e6 for name, called in calls.items()]
    return {
        "p50": median(took),
        "p99": _percentile(took, 0.99),
        "per_s": told["per_s"],
        "late_ms": told["late_ms"],
        "stages": _stages(bed, since, calls, seen),
        "cores": usage.cores,
        "transactions_per_s": {name: round(n / usage.seconds, 1) for name, n in done.items()},
    }


def _spawn(name: str, plan: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", f"benchmarks.{name}", str(plan)], cwd=ROOT)


def _await(file: Path, child: subprocess.Popen[bytes]) -> None:
    until(lambda: file.exists() or child.poll() is not None, 60, file.name, pause=0.02)
    if not file.exists():
        raise RuntimeError(f"{file.name} was never written; exit code {child.returncode}")


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


_TOPICS = {
    "submissions": (SENDER, "submissions"),
    "events": (SENDER, "events"),
    "link": (SENDER, f"to.{RECEIVER}"),
    "arrived": (RECEIVER, "events"),
}


def _stages(
    bed: Bed, since: dict[str, dict[int, int]], calls: dict[str, int], seen: dict[str, int]
) -> list[dict[str, Any]]:
    """Give where the time goes, by the times that the broker gave the records on the way."""
    records = {
        name: bed.read(region, topic, since[name]) for name, (region, topic) in _TOPICS.items()
    }
    submitted = {
        sub.Draft.FromString(sub.Submission.FromString(one.value or b"").draft).submission_id: one
        for one in records["submissions"]
    }
    recorded: dict[str, plain.Plain] = {}
    order: dict[int, list[str]] = {}
    for one in records["events"]:
        envelope = _envelope(one)
        if envelope.origin == SENDER and RECEIVER in envelope.to:
            recorded[envelope.causation.submission_id] = one
            order.setdefault(one.partition, []).append(envelope.causation.submission_id)
    shipped: dict[str, plain.Plain] = {}
    begin: dict[int, int] = {}
    for one in records["link"]:
        signed = pb.Parcel.FromString(one.value or b"").signed
        header = pb.ParcelHeader.FromString(signed.header)
        first = begin.setdefault(one.partition, header.first)
        for index in range(max(header.first, first), header.head.size):
            shipped.setdefault(order[one.partition][index - first], one)
    arrived = {_envelope(one).causation.submission_id: one for one in records["arrived"]}
    names = [name for name in calls if name in submitted]
    steps = (
        # The broker's times are whole milliseconds, so on the average half of one too early.
        [submitted[name].time_ms + 0.5 - calls[name] / 1e6 for name in names],
        [float(recorded[name].time_ms - submitted[name].time_ms) for name in names],
        [float(shipped[name].time_ms - recorded[name].time_ms) for name in names],
        [float(arrived[name].time_ms - shipped[name].time_ms) for name in names],
        [seen[name] / 1e6 - arrived[name].time_ms - 0.5 for name in names],
    )
    return [
        {"stage": stage, "p50": round(median(step), 1), "p99": round(_percentile(step, 0.99), 1)}
        for stage, step in zip(STAGES, steps, strict=True)
    ]


def _envelope(record: plain.Plain) -> ev.Envelope:
    return ev.Envelope.FromString(ev.Event.FromString(record.value or b"").envelope)
