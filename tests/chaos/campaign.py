"""A campaign: offices act on a running installation while its processes are killed and stopped.

`python -m tests.chaos.campaign --minutes N [--topology clusters]` runs it longer than `make test`.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kafka import KafkaProducer

from collab.state.v1 import state_pb2 as st
from collab.v1 import submission_pb2 as sub
from collabbus.installation import Installation, Topology
from collabbus.model import batch
from collabbus.model.shard import shard_of
from collabbus.model.thread import region_of
from collabbus.operate.kafka import Kafka, fetch
from collabbus.operate.supervisor import ProgramUnknownError
from collabbus.sdk import follow
from collabbus.simulate.traffic import Traffic
from tests.chaos.history import History, violations
from tests.support import plain

CONTRACTS = Path(__file__).parents[2] / "contracts"
OFFICES = (
    "beijing/haidian",
    "beijing/chaoyang",
    "tianjin/binhai",
    "tianjin/heping",
    "hebei/langfang",
    "hebei/sanhe",
)
SESSION_S = 6.0


@dataclass
class Plan:
    """What a campaign does, and how fast."""

    topology: Topology = "shared"
    submissions: int = 3000
    seconds: float = 80.0
    kills: int = 22
    stops: int = 1
    joins: bool = True
    broker_restart: bool = True
    seed: int = 1
    module: str = "collabbus"
    second: str = ""
    """`always`: the first region has two workers from the start."""
    stop_only: str = ""
    """The only process to be stopped, if not any."""
    regions: Sequence[str] = ("beijing", "tianjin", "hebei")
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """What happened."""

    history: History
    kills: int = 0
    stops: int = 0
    take_over_s: list[float] = field(default_factory=list)
    """From each kill to the next event in the log of the region."""
    exits: dict[str, int | None] = field(default_factory=dict)
    events: int = 0

    def __str__(self) -> str:
        times = sorted(self.take_over_s) or [0.0]
        return (
            f"{len(self.history.acknowledged)} acknowledged of {len(self.history.sent)}, "
            f"{self.events} events in all logs, {self.kills} kills, {self.stops} stops, back at "
            f"work after {times[len(times) // 2]:.1f} s (median), {times[-1]:.1f} s (worst), "
            f"exits {self.exits}"
        )


class Offices:
    """The offices' systems: they open matters and answer what their regions' logs show."""

    def __init__(self, installation: Installation, plan: Plan) -> None:
        self.history = History()
        self._installation = installation
        self._rnd = random.Random(plan.seed)
        self._lock = threading.Lock()
        lifecycle = installation.contracts.pin(installation.network.id).lifecycles["assistance"]
        offices = [office for office in OFFICES if region_of(office) in plan.regions]
        self._offices = offices
        self._traffic = Traffic(self._rnd, lifecycle, installation.network.id, offices, 0, 1)
        self._keys = {office: installation.office_key(office) for office in offices}
        self._producers = {
            region: KafkaProducer(**installation.kafka_of(region).kafka_python(), linger_ms=2)
            for region in installation.regions
        }
        self._sent: list[tuple[str, bytes, bytes, int]] = []
        self.stop = threading.Event()
        self.last_event_ms: dict[str, int] = {}
        """The broker's time of the last event in each region's log."""
        self._news = threading.Condition()
        self._wanted = plan.submissions

    @property
    def count(self) -> int:
        """How many submissions were sent."""
        return len(self.history.sent)

    def open(self) -> None:
        """Have some office open a matter."""
        with self._lock:
            now = time.time_ns() // 1_000_000
            draft = self._traffic.open(self._rnd.choice(self._offices), now)
            if draft.not_after_ms < now:
                draft.not_after_ms = now + 86_400_000
            self._submit(draft)
            if self._sent and self._rnd.random() < 0.05:
                self._put(*self._rnd.choice(self._sent))  # once more, the very same

    def answer(self, region: str, matter: st.Matter) -> None:
        """Have an office of a region act in a matter."""
        with self._lock:
            if self.count >= self._wanted:
                return
            draft = self._traffic.act(region, matter, time.time_ns() // 1_000_000)
            if draft is not None:
                self._submit(draft)

    def _submit(self, draft: sub.Draft) -> None:
        region = region_of(draft.office)
        [record] = batch.sign([draft.SerializeToString()], self._keys[draft.office])
        shard = shard_of(draft.matter_id, self._installation.shards)
        self.history.sent.add(draft.submission_id)
        where = (region, draft.matter_id.encode(), record, shard)
        self._sent.append(where)
        future = self._put(*where)

        def acknowledged(_: object) -> None:
            self.history.acknowledged[draft.submission_id] = region

        future.add_callback(acknowledged)

    def _put(self, region: str, key: bytes, record: bytes, shard: int):  # type: ignore[no-untyped-def]
        return self._producers[region].send(
            f"collab.{region}.submissions", record, key=key, partition=shard
        )

    def watch(self, region: str) -> None:
        """Follow a region's log, and answer what it shows; for a thread of its own."""
        folded: dict[str, st.Thread] = {}
        from tests.chaos.history import Logged, fold  # the same fold as the checks use

        logs: dict[str, list[Logged]] = {}
        settings = self._installation.kafka_of(region)
        for seen in follow(region, settings, self._installation.shards, stop=self.stop):
            with self._news:
                self.last_event_ms[region] = seen.time_ms
                self._news.notify_all()
            matter_id = seen.envelope.matter_id
            log = logs.setdefault(matter_id, [])
            log.append(Logged(region, b"", seen.event, seen.envelope))
            folded.update(fold(log))
            thread = folded.get(matter_id)
            if thread is not None and self._rnd.random() < 0.8:
                self.answer(region, st.Matter(matter_id=matter_id, threads=[thread]))

    def back_at_work(self, region: str, since_ms: int, limit_s: float) -> float | None:
        """Wait for an event in a region's log after a time; give the seconds, or None."""
        with self._news:
            if self._news.wait_for(
                lambda: self.last_event_ms.get(region, 0) > since_ms, timeout=limit_s
            ):
                return (self.last_event_ms[region] - since_ms) / 1000
        return None

    def flush(self) -> None:
        """Wait until the broker has acknowledged what was sent."""
        for producer in self._producers.values():
            producer.flush(60)

    def close(self) -> None:
        """Disconnect."""
        self.stop.set()
        for producer in self._producers.values():
            producer.close(10)


class Chaos:
    """Kills, stops, joins and leaves, by seed."""

    def __init__(self, installation: Installation, offices: Offices, plan: Plan) -> None:
        self._installation = installation
        self._offices = offices
        self._plan = plan
        self._rnd = random.Random(plan.seed + 1)
        self.report = Report(offices.history)
        self._stopped: set[str] = set()

    def run(self) -> None:
        """Do what the plan says, spread over its seconds."""
        plan = self._plan
        began = time.monotonic()
        deeds = [(plan.seconds * (n + 0.5) / plan.kills, self._kill) for n in range(plan.kills)]
        deeds += [
            (plan.seconds * (n + 0.3) / max(1, plan.stops), self._stop) for n in range(plan.stops)
        ]
        if plan.joins and not plan.second:
            deeds += [(plan.seconds * 0.4, self._join), (plan.seconds * 0.8, self._leave)]
        if plan.broker_restart:
            deeds.append((plan.seconds * 0.55, self._restart_broker))
        for moment, deed in sorted(deeds, key=lambda pair: pair[0]):
            while (left := began + moment - time.monotonic()) > 0:
                self._offices.stop.wait(left)
            deed()
        for waker in self._wakers:
            waker.join()

    _wakers: list[threading.Timer] = []  # noqa: RUF012 - replaced for each campaign below

    def _choose(self) -> str:
        names = [f"{region}-0" for region in self._plan.regions]
        return self._rnd.choice([name for name in names if name not in self._stopped])

    def _kill(self) -> None:
        name = self._choose()
        region = name.rpartition("-")[0]
        try:
            since = time.time_ns() // 1_000_000
            self._installation.supervisor.kill(name)
        except ProgramUnknownError:
            return  # between two lives already
        self.report.kills += 1
        if self.report.kills % 4 == 0:  # each of these waits, which spaces the others
            taken = self._offices.back_at_work(region, since, 15.0)
            if taken is not None:
                self.report.take_over_s.append(taken)

    def _stop(self) -> None:
        name = self._plan.stop_only or self._choose()
        pid = self._installation.supervisor.pid(name)
        if pid is None:
            return
        self._installation.supervisor.kill(name, signal.SIGSTOP)
        self._stopped.add(name)
        self.report.stops += 1

        def wake() -> None:
            if self._installation.supervisor.pid(name) == pid:
                self._installation.supervisor.kill(name, signal.SIGCONT)
            self._stopped.discard(name)

        timer = threading.Timer(SESSION_S + 3.0, wake)
        self._wakers = [*self._wakers, timer]
        timer.start()

    def _join(self) -> None:
        self._installation.add_processor(self._plan.regions[0], "1")

    def _leave(self) -> None:
        name = f"{self._plan.regions[0]}-1"
        self.report.exits.update(self._installation.supervisor.stop(name, grace=20))

    def _restart_broker(self) -> None:
        self._installation.broker_of(self._plan.regions[0]).restart()


def run(kafka: Kafka, folder: Path, plan: Plan, settle_s: float = 120.0) -> Report:
    """Run a campaign to its end: drained, processors stopped, logs and states read."""
    installation = Installation(
        kafka,
        folder,
        CONTRACTS,
        "jingjinji",
        topology=plan.topology,
        module=plan.module,
        environment={"COLLABBUS_SESSION_TIMEOUT_S": str(SESSION_S), **plan.environment},
    )
    with installation:
        if plan.second:
            installation.add_processor(plan.regions[0], "1")
        offices = Offices(installation, plan)
        watchers = [
            threading.Thread(target=offices.watch, args=(region,), daemon=True)
            for region in plan.regions
        ]
        for watcher in watchers:
            watcher.start()
        chaos = Chaos(installation, offices, plan)
        chaotic = threading.Thread(target=chaos.run)
        chaotic.start()
        pace = plan.seconds / plan.submissions
        while offices.count < plan.submissions or chaotic.is_alive():
            if offices.count < plan.submissions:
                offices.open()
                # Half of it are openings, the rest are the answers to them.
                offices.stop.wait(pace * 2)
            else:
                chaotic.join(0.5)
        offices.flush()
        report = chaos.report
        collect(installation, plan, report, settle_s)
        offices.close()
        codes = installation.supervisor.stop()
        report.exits.update({name: code for name, code in codes.items() if code is not None})
    return report


def collect(installation: Installation, plan: Plan, report: Report, limit_s: float) -> None:
    """Read all that the regions hold, again and again until nothing is missing any more."""
    history = report.history
    before = -1
    ends = time.monotonic() + limit_s
    while True:
        for region in plan.regions:
            bootstrap = installation.broker_of(region).bootstrap
            log = plain.read(bootstrap, f"collab.{region}.events")
            history.logs[region] = [(r.partition, r.value or b"") for r in log]
            outcomes = plain.read(bootstrap, f"collab.{region}.outcomes")
            history.outcomes[region] = [r.value or b"" for r in outcomes]
            state = plain.latest(plain.read(bootstrap, f"collab.{region}.state"))
            history.states[region] = {
                key[2:].decode(): value for key, value in state.items() if key.startswith(b"m/")
            }
        report.events = sum(len(log) for log in history.logs.values())
        settled = report.events == before
        before = report.events
        if (settled and not violations(history)) or time.monotonic() > ends:
            return
        time.sleep(1.0)  # nothing tells that nothing more will come


def main(arguments: Sequence[str]) -> int:
    """Run campaigns one after another for some minutes; 1 if a promise was broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--topology", choices=["shared", "clusters"], default="shared")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    ends = time.monotonic() + options.minutes * 60
    seed, broken = options.seed, 0
    kafka = fetch()
    while time.monotonic() < ends:
        with tempfile.TemporaryDirectory() as folder:
            report = run(kafka, Path(folder), Plan(topology=options.topology, seed=seed))
        found = violations(report.history)
        print(f"seed {seed}: {report}; {len(found)} violations", *found[:5], sep="\n  ", flush=True)
        broken += bool(found)
        seed += 1
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
