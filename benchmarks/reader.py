"""A reader of a region's log, and the time at which it had each event of another region.

Run as `python -m benchmarks.reader plan.json`; it says "ready", and writes when it is told to end.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from pathlib import Path

from collabbus.sdk import follow
from collabbus.settings import KafkaSettings


def main(file: Path) -> None:
    """Read until SIGTERM, then write what was seen: submission id and time in nanoseconds."""
    plan = json.loads(file.read_text("utf-8"))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    seen: list[tuple[str, int]] = []
    kafka = KafkaSettings(bootstrap_servers=plan["bootstrap"])
    with follow(plan["region"], kafka, stop=stop) as log:
        Path(plan["ready"]).touch()
        for event in log:
            # Before the next event of the same fetch is read: this one is at hand now.
            seen.append((event.envelope.causation.submission_id, time.time_ns()))
    Path(plan["seen"]).write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
