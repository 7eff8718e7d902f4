"""Exactly once under kill -9, on Apache Kafka, on one shared cluster and on three with MirrorMaker.

While 3,000 submissions are under way, processors are killed at random moments and started again,
some are stopped for longer than their session and woken, a second worker of a region joins and
leaves, and a broker is restarted. Then all comes to rest, and plain confluent-kafka readers look at
what lies in the topics. The controls must be seen to fail: a stock Faust processor over the same
submissions, and a processor with one transactional id per worker instead of one per shard.

campaign.py plays it, checks.py judges it; `make faults` plays longer ones.
"""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collabbus.installation import Installation
from tests.faults import campaign
from tests.faults.campaign import BACK_AT_WORK_S, Plan, Report
from tests.faults.checks import violations
from tests.faults.history import collect
from tests.faults.nemesis import PAUSE_S
from tests.support.crowd import Crowd
from tests.support.desk import Desk
from tests.support.waiting import until

if TYPE_CHECKING:
    from collabbus.operate.kafka import Kafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module", params=["shared", "clusters"])
def report(
    request: pytest.FixtureRequest, kafka: Kafka, tmp_path_factory: pytest.TempPathFactory
) -> Report:
    """One campaign in each topology; what it saw is told at the end of the test session."""
    folder = tmp_path_factory.mktemp(f"campaign-{request.param}")
    found = campaign.run(kafka, folder, Plan(topology=request.param))
    told = "\n".join(found.lines())
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{told}")
    return found


def test_the_faults_have_happened(report: Report) -> None:
    """A campaign in which nothing went wrong would show nothing."""
    done = report.done
    assert report.submissions >= 3000
    assert report.repeats > 50
    assert len(done.kills) >= 20
    assert len({kill.region for kill in done.kills}) == 3
    assert len(done.pauses) == 3
    assert len(done.joined) == len(done.left) == len(done.restarts) == 1
    assert report.aborted > 0, "no transaction was ever cut off"


def test_every_acknowledged_submission_is_decided_and_its_events_stand_once(
    report: Report,
) -> None:
    """Invariants 1 and 2: nothing is lost, nothing has its effect twice, the bytes are the same."""
    assert report.unacknowledged == []
    assert len(report.history.acknowledged) == len(report.history.attempted)
    assert not report.rested
    assert report.violations.get("decided_once", []) == []
    assert report.violations.get("once_everywhere", []) == []
    for region, log in report.history.logs.items():
        own = sum(one.envelope.origin == region for one in log)
        assert 0 < own < len(log), f"{region} has nothing of its own, or nothing of others"


def test_every_log_is_in_order(report: Report) -> None:
    """Invariant 3: in order by thread and origin, and no event before its cause."""
    assert report.violations.get("in_order", []) == []


def test_all_regions_hold_the_same_state_and_it_is_that_of_their_logs(report: Report) -> None:
    """Invariant 4."""
    assert report.violations.get("converged", []) == []
    assert report.violations.get("folded", []) == []


def test_nothing_is_left_over_and_every_link_is_receipted(report: Report) -> None:
    """Invariants 5 and 8: gaps have healed by themselves, and nobody was refused."""
    assert report.violations.get("nothing_left", []) == []
    assert report.violations.get("receipted", []) == []
    assert report.violations == {}


def test_a_killed_processor_is_back_at_work_within_5_seconds(report: Report) -> None:
    """From `kill -9` to the region's next visible event, by static membership.

    Where others use the machine, the new process waits for a core; that isn't held against it,
    and the report tells both.
    """
    assert len(report.quiet) >= 6
    assert max(away.own for away in report.quiet) <= BACK_AT_WORK_S, report.lines()


def test_processors_end_in_good_order(report: Report) -> None:
    """Whoever is told to end finishes what is under way, and says so by exit code 0."""
    running = {name: code for name, code in report.exits.items() if code is not None}
    assert len(running) == 3
    assert set(running.values()) == {0}, running
    assert [code for _, code in report.done.left] == [0]


def test_stock_faust_over_the_same_submissions_loses_or_doubles(report: Report) -> None:
    """The control: killed like ours, at the same time, over the same topic."""
    assert report.stock is not None
    submissions, lost, doubled = report.stock
    assert submissions > 500
    assert lost + doubled > 0


# One transactional id per worker ------------------------------------------------------------------


def planted(kafka: Kafka, folder: Path, faults: str) -> tuple[dict[str, list[str]], int]:
    """Run two workers of a region that hesitate, and stop one after the other.

    Give what broke, and how often a former owner was fenced.
    """
    installation = Installation(
        kafka,
        folder,
        campaign.ROOT / "contracts",
        "jingjinji",
        environment=campaign.environment(PLANTED=faults),
        module="tests.faults.planted",
    )
    desk = Desk(installation)
    stop = threading.Event()
    with installation, Crowd(installation, desk, 5) as crowd:
        installation.add_processor("beijing", "1")
        groups = campaign.plain.Groups(installation.broker_of("beijing").bootstrap)
        until(lambda: groups.members("collab.beijing.processor") == 2, 60, "two workers in Beijing")
        submitting = threading.Thread(target=crowd.submit, args=(10_000, 25.0, stop))
        submitting.start()
        try:
            for name in ("beijing-0", "beijing-1", "beijing-0"):
                began = time.time() * 1000
                until(lambda t=began: crowd.seen_after("beijing", t), 60, "an event of Beijing")
                installation.supervisor.kill(name, signal.SIGSTOP)
                time.sleep(PAUSE_S)  # the fault itself, not a wait for something
                installation.supervisor.kill(name, signal.SIGCONT)
                until(lambda: groups.members("collab.beijing.processor") == 2, 60, "both workers")
        finally:
            stop.set()
            submitting.join()
        rested = campaign.rest(installation, desk, 60 if faults == "hesitant" else 20)
        installation.supervisor.stop()
        found = violations(collect(installation, desk))
        fenced = campaign.failures(folder)["ProducerFenced"]
        return found | ({"rest": [rested]} if rested else {}), fenced


def test_one_transactional_id_per_worker_corrupts(kafka: Kafka, tmp_path: Path) -> None:
    """The control: the same workers, the same stops; only what fences a former owner differs."""
    broken, fenced = planted(kafka, tmp_path / "per-shard", "hesitant")
    assert broken == {}
    assert fenced > 0, "nobody who was stopped had anything left to write when he woke up"
    corrupted = {"once_everywhere", "in_order", "folded"}
    found = []
    for attempt in range(3):  # whether the woken worker is in the midst of something is chance
        broken, _ = planted(kafka, tmp_path / f"per-worker-{attempt}", "one-id,hesitant")
        found.append(broken)
        if broken.keys() & corrupted:
            return
    raise AssertionError(f"none of three was corrupted: {found}")
