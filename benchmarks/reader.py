"""A reader of a region's log, and the time at which it had each event of another region.

Run as `python -m benchmarks.reader plan.json`; it says "ready", and writes when it has seen as many
submissions of the other region as the plan wants, or is told to end.
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
    """Read, then write what was seen: submission id and time in nanoseconds."""
    plan = json.loads(file.read_text("utf-8"))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    seen: list[tuple[str, int]] = []
    different: set[str] = set()
    kafka = KafkaSettings(bootstrap_servers=plan["bootstrap"])
    with follow(plan["region"], kafka, stop=stop) as log:
        Path(plan["ready"]).touch()
        for event in log:
            # Before the next event of the same fetch is read: this one is at hand now.
            now = time.time_ns()
            envelope = event.envelope
            if envelope.origin == plan["sender"] and envelope.causation.submission_id:
                seen.append((envelope.causation.submission_id, now))
                different.add(envelope.causation.submission_id)
                if len(different) == plan["wanted"]:
                    break
    Path(plan["seen"]).write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
