"""Campaigns: submissions under way on real Apache Kafka, faults, rest, and then the checks.

`python -m tests.faults.campaign --minutes 30` runs one after the other, in both topologies, each
with a seed of its own; it ends with 1 if any of them broke an invariant. Told to end (SIGTERM), it
ends all that it has started, removes its folder, and gives 143.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from types import FrameType

from collab.state.v1 import state_pb2 as st
from collabbus.installation import Installation, Topology
from collabbus.operate.kafka import Kafka, fetch
from collabbus.processor.recording import POSITION
from tests.faults.checks import violations
from tests.faults.history import History, collect, heads
from tests.faults.nemesis import STALL_S, Done, Nemesis, impatient_supervisor
from tests.support import plain
from tests.support.crowd import Crowd
from tests.support.desk import Desk
from tests.support.waiting import NotInTime, until

ROOT = Path(__file__).parent.parent.parent
SESSION_S = 6
STOCK = "stock"
BACK_AT_WORK_S = 5.0
"""So soon after `kill -9` a region's next event is to be visible."""


@dataclass(frozen=True)
class Plan:
    """A campaign. The defaults are the short form that `make test` has time for."""

    topology: Topology = "shared"
    submissions: int = 3000
    kills: int = 22
    seconds: float = 100.0
    seed: int = 1
    quiet_kills: int = 2
    """Kills of each region under little load, by which the taking over is judged."""
    stalls: bool = False
    """Whether brokers stand still for a while. librdkafka's clients, by which the campaign submits
    and looks, don't always survive that; ours must."""
    stock: bool = True
    """Whether a stock Faust processor runs beside ours, and is killed like it."""


@dataclass(frozen=True, slots=True)
class Away:
    """How long a killed processor was away."""

    seconds: float
    """From the kill to the region's next event that a reader could see."""
    waited: float
    """Of that, how long the new process was ready to run and had to wait for a processor core."""

    @property
    def own(self) -> float:
        """How long it would have been away on a machine of its own, or a little more."""
        return self.seconds - self.waited


@dataclass
class Report:
    """What a campaign did and saw."""

    plan: Plan
    done: Done
    history: History
    violations: Mapping[str, list[str]]
    rested: str
    """Empty, or why the regions didn't come to rest."""
    submissions: int
    repeats: int
    unacknowledged: list[str]
    loaded: list[float]
    """Seconds from a kill to the region's next visible event, with everything else going on."""
    quiet: list[Away]
    """The same with little else going on."""
    stock: tuple[int, int, int] | None
    """What the stock processor made of its submissions: all, lost, doubled."""
    exits: Mapping[str, int | None]
    aborted: int
    """Transactions that were cut off."""
    failures: Counter[str] = field(default_factory=Counter)
    """Why shards were taken anew, from the processors' logs."""

    def lines(self) -> list[str]:
        """Tell it in words."""
        done = self.done
        events = {region: len(log) for region, log in self.history.logs.items()}
        told = [
            (
                f"{self.plan.topology}, seed {self.plan.seed}: {self.submissions} submissions, "
                f"{self.repeats} repeated, {len(self.history.acknowledged)} acknowledged, "
                f"{len(self.unacknowledged)} refused {self.unacknowledged[:2]}; events "
                f"in the logs: {events}"
            ),
            (
                f"{len(done.kills)} kills, {len(done.pauses)} pauses longer than a session, "
                f"{len(done.joined)} joined, {len(done.left)} left, brokers restarted: "
                f"{[region for region, _, _ in done.restarts]}, stalled: "
                f"{[region for region, _ in done.stalls]}"
            ),
            (f"transactions cut off: {self.aborted}; shards taken anew for {dict(self.failures)}"),
            (
                f"kill to next visible event: under load {_spread(self.loaded)}; quiet "
                f"{_spread([away.seconds for away in self.quiet])}, without the wait for a core "
                f"{_spread([away.own for away in self.quiet])}"
            ),
        ]
        if self.stock is not None:
            told.append("stock Faust: {} submissions, {} lost, {} doubled".format(*self.stock))
        if self.rested:
            told.append(f"NOT AT REST: {self.rested}")
        for name, lines in self.violations.items():
            told.append(f"BROKEN {name}: {len(lines)}, such as")
            told += [f"    {line}" for line in lines[:3]]
        return told


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    return f"median {median(seconds):.1f} s, worst {max(seconds):.1f} s of {len(seconds)}"


def environment(**more: str) -> dict[str, str]:
    """What the processors of a campaign are told beside what an Installation tells them."""
    return {
        "COLLABBUS_SESSION_TIMEOUT_S": str(SESSION_S),
        "COLLABBUS_HEARTBEAT_INTERVAL_S": "1.5",
        "COLLABBUS_LOG_LEVEL": "INFO",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
        **more,
    }


def run(kafka: Kafka, folder: Path, plan: Plan) -> Report:
    """Run a campaign in a folder of its own; everything that it starts has ended on return."""
    installation = Installation(
        kafka,
        folder,
        ROOT / "contracts",
        "jingjinji",
        topology=plan.topology,
        environment=environment(),
    )
    desk = Desk(installation)
    with impatient_supervisor(), installation, Crowd(installation, desk, plan.seed) as crowd:
        if plan.stock:
            _start_stock(installation)
        done = _fight(installation, crowd, plan)
        loaded = _loaded(crowd, done)
        quiet = _quiet(installation, crowd, plan)
        rested = rest(installation, desk)
        stock = _judge_stock(installation) if plan.stock else None
        exits = installation.supervisor.stop()
        history = collect(installation, desk)
        return Report(
            plan=plan,
            done=done,
            history=history,
            violations=violations(history),
            rested=rested,
            submissions=crowd.count,
            repeats=crowd.repeats,
            unacknowledged=desk.failed,
            loaded=loaded,
            quiet=quiet,
            stock=stock,
            exits={name: code for name, code in exits.items() if name != STOCK},
            aborted=_aborted(installation),
            failures=failures(folder),
        )


def _fight(installation: Installation, crowd: Crowd, plan: Plan) -> Done:
    """Have the crowd submit while the nemesis does its worst."""
    nemesis = Nemesis(installation, plan.seed)
    stop = threading.Event()
    first, second, third = installation.regions
    rnd, whole = nemesis._rnd, plan.seconds
    for number in range(plan.kills):
        share = (number + rnd.uniform(0.1, 0.9)) / plan.kills
        nemesis.at(whole * (0.02 + 0.94 * share), nemesis.kill_somebody)
    nemesis.at(whole * 0.12, lambda: nemesis.join(second))
    nemesis.at(whole * 0.25, lambda: nemesis.pause(f"{second}-0"))
    nemesis.at(whole * 0.40, lambda: nemesis.pause(f"{second}-1"))
    nemesis.at(whole * 0.50, lambda: nemesis.restart_broker(third))
    if plan.stalls:
        nemesis.at(whole * 0.33, lambda: nemesis.stall_broker(second))
        nemesis.at(whole * 0.80, lambda: nemesis.stall_broker(third))
    nemesis.at(whole * 0.65, lambda: nemesis.pause(f"{first}-0"))
    nemesis.at(whole * 0.72, lambda: nemesis.leave(second))
    if plan.stock:
        for number in range(6):
            nemesis.at(whole * (0.15 + 0.14 * number), lambda: nemesis.kill_other(STOCK))
    with ThreadPoolExecutor(1, "crowd") as pool:
        pace = plan.submissions / whole
        submitting = pool.submit(crowd.submit, plan.submissions, pace, stop)
        try:
            done = nemesis.run()
            submitting.result()
        finally:
            stop.set()
    return done


def _loaded(crowd: Crowd, done: Done) -> list[float]:
    """Give how long each region was away after a kill, where nothing else kept it away."""
    found = []
    for kill in done.kills:
        undisturbed = kill.alone and not any(
            begin - 10 < kill.at_s < end + 5
            for _, begin, end in [*done.restarts, *((r, at, at + STALL_S) for r, at in done.stalls)]
        )
        # Killed once more while it started: only the last kill counts.
        again = any(
            one.region == kill.region and kill.at_s < one.at_s < kill.at_s + 4.0
            for one in done.kills
        )
        paused = any(
            name.startswith(kill.region) and at - 5 < kill.at_s < at + 20
            for name, at in done.pauses
        )
        seen = crowd.seen_after(kill.region, kill.at_s * 1000)
        if undisturbed and not again and not paused and seen is not None:
            found.append(seen - kill.at_s)
    return found


def _quiet(installation: Installation, crowd: Crowd, plan: Plan) -> list[Away]:
    """Kill each region's processor under little load; give how long each was away."""
    found = []
    stop = threading.Event()
    with ThreadPoolExecutor(1, "crowd") as pool:
        submitting = pool.submit(crowd.submit, 10_000, 12.0, stop)
        try:
            for _ in range(plan.quiet_kills):
                for region in installation.regions:
                    found.append(_kill_one(installation, crowd, region))
        finally:
            stop.set()
        submitting.result()
    return found


def _kill_one(installation: Installation, crowd: Crowd, region: str) -> Away:
    began = time.time() * 1000
    until(lambda: crowd.seen_after(region, began), 60, f"an event of {region}")
    at = time.time()
    installation.supervisor.kill(f"{region}-0")
    seen = until(
        lambda: crowd.seen_after(region, at * 1000), 60, f"an event of {region} after its kill"
    )
    return Away(seen - at, _waited(installation.supervisor.pid(f"{region}-0")))


def _waited(pid: int | None) -> float:
    """Give for how many seconds of its life a process has waited for a core (Linux only)."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[1]) / 1e9
    except OSError:
        return 0.0


def rest(installation: Installation, desk: Desk, seconds: float = 240) -> str:
    """Wait until everything is decided and has arrived; give "" or what is still missing."""
    desk.flush()
    try:
        until(lambda: not unfinished(installation), seconds, "rest", pause=0.5)
    except NotInTime:
        return unfinished(installation) or "it came to rest only at the very end"
    return ""


def unfinished(installation: Installation) -> str:
    """Give the first thing that is still under way, or "" at rest."""
    shards = installation.shards
    sizes = {}
    logs: dict[str, dict[int, int]] = {}
    for region in installation.regions:
        bootstrap = installation.broker_of(region).bootstrap
        inputs = [f"collab.{region}.submissions"]
        inputs += [f"collab.{peer}.to.{region}" for peer in installation.peers(region)]
        wanted = {
            (topic, shard): end
            for topic in inputs
            for shard, end in plain.ends(bootstrap, topic, shards).items()
        }
        group = f"collab.{region}.processor"
        done = plain.Groups(bootstrap).committed_all(group, inputs, shards)
        for tp, end in wanted.items():
            if done[tp] < end:
                return f"{region} has recorded {done[tp]} of {end} of {tp}"
        logs[region] = plain.ends(bootstrap, f"collab.{region}.events", shards)
        for (shard, key), value in heads(installation, region).items():
            kind, _, peer = key.partition("/")
            if kind == "out" and peer in installation.regions:
                out = st.LinkOut.FromString(value)
                sizes[region, peer, shard] = out.sent.size, out.receipted.size, out.sent.offset
            elif kind == "in":
                sizes[region, peer, shard, "in"] = (st.LinkIn.FromString(value).size,)
    for way, said in sizes.items():
        if len(way) == 4:
            continue
        sender, receiver, shard = way
        sent, receipted, offset = said
        [arrived] = sizes.get((receiver, sender, shard, "in"), (0,))
        if not sent == receipted == arrived:
            return f"{sender}>{receiver}/{shard}: sent {sent}, {arrived=}, {receipted=}"
        # The log ends in the control record of its last transaction.
        if offset < logs[sender][shard] - 1:
            return f"{sender}/{shard} has shipped {offset} of {logs[sender][shard]}"
    return ""


def _aborted(installation: Installation) -> int:
    """Count the positions that were never committed: each transaction writes one."""
    found = 0
    for region in installation.regions:
        bootstrap = installation.broker_of(region).bootstrap
        committed, every = (
            {
                (record.partition, record.offset)
                for record in plain.read(bootstrap, f"collab.{region}.state", isolation=isolation)
                if record.key == POSITION
            }
            for isolation in ("read_committed", "read_uncommitted")
        )
        found += len(every - committed)
    return found


def failures(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for log in folder.glob("processor-*.log"):
        for line in log.read_text("utf-8", errors="replace").splitlines():
            if "shard failed" in line:
                error = re.search(r"error=[\"']?(\w+)", line)
                found[error[1] if error else "?"] += 1
            elif "stalled" in line:
                found["stalled"] += 1
    return found


# The stock control ------------------------------------------------------------------------------


STOCK_PATIENCE_S = 45.0
"""What it hasn't handled after so long it has lost: a member that was killed is gone after six."""


def _start_stock(installation: Installation) -> None:
    region = installation.regions[0]
    bootstrap = installation.broker_of(region).bootstrap
    plain.create(bootstrap, {"stock.seen": installation.shards})
    installation.supervisor.add(
        STOCK,
        [sys.executable, "-m", "tests.faults.stock"],
        log=installation.folder / "stock.log",
        env=environment(
            STOCK_REGION=region,
            STOCK_BROKER=bootstrap,
            STOCK_SEEN="stock.seen",
            STOCK_DATA=str(installation.folder / "stock-data"),
        ),
    )


def _judge_stock(installation: Installation) -> tuple[int, int, int]:
    """Give how many submissions there were, how many stock Faust lost, and how many it doubled."""
    region = installation.regions[0]
    bootstrap = installation.broker_of(region).bootstrap
    topic = f"collab.{region}.submissions"
    all_of_them = [
        b"%d/%d" % (record.partition, record.offset) for record in plain.read(bootstrap, topic)
    ]
    limit = time.monotonic() + STOCK_PATIENCE_S

    def handled() -> Counter[bytes] | None:
        # Not what it commits: of two marks of transactions in a row it never gets past the first.
        found = Counter(record.value for record in plain.read(bootstrap, "stock.seen"))
        lost = any(not found[place] for place in all_of_them)
        return None if lost and time.monotonic() < limit else found

    seen = until(handled, 2 * STOCK_PATIENCE_S, "the end of the submissions for stock Faust")
    lost = sum(1 for place in all_of_them if not seen[place])
    doubled = sum(1 for place in all_of_them if seen[place] > 1)
    return len(all_of_them), lost, doubled


# The command ------------------------------------------------------------------------------------


def _told_to_end(number: int, frame: FrameType | None) -> None:
    """Leave every `with` in good order; whoever is told once more is gone at once."""
    signal.signal(number, signal.SIG_DFL)
    sys.exit(128 + number)


def main() -> int:
    """Run campaigns for so many minutes; give 1 if one broke an invariant."""
    signal.signal(signal.SIGTERM, _told_to_end)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--topology", choices=["shared", "clusters", "both"], default="both")
    parser.add_argument("--seconds", type=float, default=240.0, help="of faults in each campaign")
    parser.add_argument("--stalls", action="store_true", help="have brokers stand still, too")
    parser.add_argument("--folder", type=Path, help="where to keep what broke")
    options = parser.parse_args()
    topologies: list[Topology] = ["shared", "clusters"]
    if options.topology != "both":
        topologies = [options.topology]
    end = time.monotonic() + options.minutes * 60
    number = broken = 0
    while number == 0 or time.monotonic() < end:
        plan = Plan(
            topology=topologies[number % len(topologies)],
            submissions=int(options.seconds * 30),
            kills=int(options.seconds / 3.5),
            seconds=options.seconds,
            seed=options.seed + number,
            stalls=options.stalls,
        )
        folder = Path(tempfile.mkdtemp(prefix="collabbus-campaign-", dir=options.folder))
        try:
            report = run(fetch(), folder, plan)
        except SystemExit:
            shutil.rmtree(folder)
            raise
        print("\n".join(report.lines()), flush=True)
        if report.violations or report.rested:
            broken += 1
            print(f"what lay in its topics and logs: {folder}", flush=True)
        else:
            shutil.rmtree(folder)
        number += 1
    print(f"{number} campaigns, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
