"""An office's system at a steady pace, and the time of each of its calls.

Run as `python -m benchmarks.office plan.json`; it writes its calls to the file that the plan names.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from concurrent.futures import Future
from pathlib import Path

from benchmarks.matters import request
from collab.v1 import event_pb2 as ev
from collab.v1 import verbs_pb2 as verbs
from collabbus.keyring import load_office_key
from collabbus.sdk import Office, Submitted
from collabbus.settings import KafkaSettings

COMMENTS = 4
"""What is said in each matter after it was opened."""
_BASIS = ev.LegalBasis(instrument="《关于加强区域检察协作的意见》", article="第十一条")


class Pace:
    """Submits at a steady rate, whatever becomes of it."""

    def __init__(self, office: Office, to: str) -> None:
        self._office = office
        self._to = to
        self._open: deque[Submitted] = deque()
        """Matters in which something is still to be said, as often as that."""
        self.calls: list[tuple[str, int]] = []
        """Submission id, and the time of the call in nanoseconds."""
        self.late_s = 0.0
        """By how much a call came after its time, at the most."""

    def run(self, rate: float, seconds: float) -> None:
        """Submit at `rate` for so long; on return all is acknowledged."""
        begin = time.perf_counter()
        futures = []
        for number in range(int(rate * seconds)):
            early = begin + number / rate - time.perf_counter()
            if early > 0:
                time.sleep(early)
            self.late_s = max(self.late_s, -early)
            futures.append(self._one())
        for future in futures:
            future.result(30)

    def _one(self) -> Future[Submitted]:
        office = self._office
        called = time.time_ns()
        if self._open:
            comment = verbs.Commented(text="材料已寄出, 请查收")
            draft = office.acting(self._open.popleft(), comment, officer="王敏")
            future = office.submit(draft)
        else:
            draft = office.opening(request(), to=self._to, officer="王敏", legal_basis=[_BASIS])
            future = office.submit(draft)
            future.add_done_callback(self._opened)
        self.calls.append((draft.submission_id, called))
        return future

    def _opened(self, future: Future[Submitted]) -> None:
        if future.exception() is None:
            self._open.extend([future.result()] * COMMENTS)


def main(file: Path) -> None:
    """Warm up, then keep the pace."""
    plan = json.loads(file.read_text("utf-8"))
    kafka = KafkaSettings(bootstrap_servers=plan["bootstrap"])
    key = load_office_key(Path(plan["keys"]), plan["office"])
    with Office(plan["office"], key, plan["network"], kafka=kafka) as office:
        pace = Pace(office, plan["to"])
        pace.run(plan["rate"], plan["warm_up_s"])
        pace.calls.clear()
        pace.late_s = 0.0
        Path(plan["warm"]).touch()
        begin = time.perf_counter()
        pace.run(plan["rate"], plan["seconds"])
        took = time.perf_counter() - begin
    result = {
        "calls": pace.calls,
        "per_s": len(pace.calls) / took,
        "late_ms": pace.late_s * 1000,
    }
    Path(plan["calls"]).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
