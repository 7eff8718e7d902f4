"""The doctor: each fault is planted on a running region, and seen as the line that names it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from collab.state.v1 import state_pb2 as st
from collab.v1 import submission_pb2 as sub
from collabbus.cli import app
from collabbus.installation import Installation
from collabbus.model.journal import thread_key
from collabbus.model.shard import shard_of
from collabbus.operate.checks import CHECKS
from collabbus.operate.examination import Level, Line, Subject, examine
from collabbus.operate.kafka import Kafka
from collabbus.operate.topic_contract import TopicContract
from collabbus.operate.topics import Change, apply, ensure
from collabbus.settings import KafkaSettings, Settings
from tests.integration.conftest import CONTRACTS
from tests.integration.records import opening, put, signed, submit
from tests.support.waiting import until

pytestmark = pytest.mark.kafka
SHARDS = 2


@pytest.fixture(scope="module")
def regions(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Two regions with their processors on one broker; Hebei isn't there yet."""
    with Installation(
        kafka,
        tmp_path_factory.mktemp("regions"),
        CONTRACTS,
        "jingjinji",
        shards=SHARDS,
        regions=["beijing", "tianjin"],
        environment={"COLLABBUS_HEAD_INTERVAL_S": "2"},
    ) as running:
        # Hebei's links are in the contract, so their topics belong to the others' installation.
        for region in running.regions:
            ensure(
                running.kafka_of(region),
                TopicContract.load(CONTRACTS),
                region,
                running.network.peers(region),
                SHARDS,
            )
        yield running


def settings(regions: Installation, region: str = "beijing", **others: Any) -> Settings:
    given = {
        "contracts": CONTRACTS,
        "keys": regions.keys,
        "shards": SHARDS,
        "kafka": regions.kafka_of("beijing"),
        "head_interval_s": 2,
    }
    return Settings(region=region, **(given | others))


def seen(chosen: Settings, *names: str, later: int = 0) -> list[Line]:
    """Give the lines of the checks of these names, seen by a clock that is so much ahead."""
    now = lambda: time.time_ns() // 1_000_000 + later  # noqa: E731
    checks = [check for check in CHECKS if check.name in names]
    with Subject(chosen, now_ms=now) as subject:
        return [each.line for each in examine(subject, checks)]


def of(lines: list[Line], words: str) -> Line:
    [line] = [line for line in lines if words in line.en]
    return line


def doctor(regions: Installation, *words: str, at: str = "") -> Result:
    return CliRunner().invoke(
        app,
        ["doctor", "--region", "beijing", "--shards", str(SHARDS), *words],
        env={
            "COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": at or regions.broker_of("beijing").bootstrap,
            "COLLABBUS_KEYS": str(regions.keys),
            "COLLABBUS_CONTRACTS": str(CONTRACTS),
            "NO_COLOR": "1",
        },
    )


def test_a_region_that_is_well_has_no_bad_line_but_what_one_broker_means(
    regions: Installation,
) -> None:
    """And that Hebei was never heard: it isn't there."""

    def well() -> list[Line] | None:
        found = seen(settings(regions), *(c.name for c in CHECKS if c.name != "calendar"))
        heard = [line for line in found if "tianjin was heard" in line.en]
        return found if heard and heard[0].level is Level.OK else None

    found = until(well, 60, "Tianjin's heads on every shard", pause=1)
    bad = [line.en for line in found if line.level is not Level.OK]
    assert len(bad) == 2, bad
    assert "topics have one copy" in bad[0]
    assert f"hebei was never heard on 2 of {SHARDS} shards" in bad[1]
    for words in (
        "or newer answers at 127.0.0.1",
        f"with {SHARDS} shards each",
        "this machine's",
        "1 workers, ",
        "tianjin has countersigned all",
        "nothing is frozen",
    ):
        of(found, words)


def test_the_command_tells_each_line_in_both_languages_and_exits_by_the_worst(
    regions: Installation,
) -> None:
    done = doctor(regions)
    assert done.exit_code == 2, done.output  # Hebei was never heard
    assert "✓ 正常 ok" in done.output
    assert "! 注意 warn 副本 copies: 日志只有一个副本" in done.output
    assert "✗ 故障 fail 链路 links: 2 个分片从未收到 hebei 的消息" in done.output
    assert "    → look at hebei's processor" in done.output
    told = json.loads(doctor(regions, "--json").output)
    assert told["region"] == "beijing"
    assert told["level"] == "fail"
    assert {line["check"] for line in told["lines"]} == {check.name for check in CHECKS}
    assert all(("do_en" in line) == (line["level"] != "ok") for line in told["lines"])


def test_a_broker_that_is_away_is_one_failure_and_what_needs_it_is_not_examined(
    regions: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collabbus.operate.topics._REACH_MS", 500)
    done = doctor(regions, "--json", at="127.0.0.1:1")
    assert done.exit_code == 2
    lines = {line["check"]: line for line in json.loads(done.output)["lines"]}
    assert lines["broker"]["level"] == "fail"
    assert "127.0.0.1:1 can't be reached" in lines["broker"]["en"]
    for name in ("topics", "disk", "clock", "lag", "links", "waiting", "quarantine"):
        assert lines[name]["en"].startswith("not examined: it needs broker"), name
    assert lines["keys"]["level"] == "ok"


def test_topics_that_differ_from_the_contract_are_named(regions: Installation) -> None:
    log, at = "collab.beijing.events", regions.kafka_of("beijing")
    apply(at, [Change(log, "alter", {"retention.ms": "86400000"})])
    [line] = seen(settings(regions), "topics")
    assert line.level is Level.FAIL
    assert line.en == f"{log} has retention.ms=86400000, the contract says -1"
    apply(at, [Change(log, "alter", {"retention.ms": "-1"})])
    [line] = seen(settings(regions, shards=3), "topics")
    assert line.level is Level.FAIL
    assert "collab.beijing.events has 2, " in line.en
    assert "but shards is 3" in line.en
    missing = seen(settings(regions, "hebei"), "topics")
    assert of(missing, "there is no topic collab.hebei.events").level is Level.FAIL
    assert [line.level for line in seen(settings(regions), "topics")] == [Level.OK]


def test_too_little_disk_is_told(regions: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collabbus.operate.checks.cluster.WARN_FREE", 1.0)
    [line] = seen(settings(regions), "disk")
    assert line.level is Level.WARN
    assert str(regions.broker_of("beijing").directory) in line.en
    monkeypatch.setattr("collabbus.operate.checks.cluster.FAIL_FREE", 1.0)
    assert [line.level for line in seen(settings(regions), "disk")] == [Level.FAIL]


@pytest.mark.parametrize(
    ("later", "level", "says"),
    [
        (0, Level.OK, "this machine's"),
        (10_000, Level.WARN, "s behind this machine's"),
        (-10_000, Level.WARN, "s ahead of this machine's"),
        (-100_000, Level.FAIL, "s ahead of this machine's"),
    ],
)
def test_a_clock_that_differs_from_the_brokers_is_told(
    regions: Installation, later: int, level: Level, says: str
) -> None:
    [line] = seen(settings(regions), "clock", later=later)
    assert line.level is level
    assert says in line.en


def test_what_came_into_quarantine_of_late_is_told(regions: Installation) -> None:
    assert [line.level for line in seen(settings(regions), "quarantine")] == [Level.OK]
    put(regions, "collab.beijing.submissions", b"no such thing", 0, b"key")

    def told() -> list[Line]:
        found = seen(settings(regions), "quarantine")
        return found if found[0].level is Level.WARN else []

    [line] = until(told, 30, "it in quarantine", pause=0.5)
    assert line.en == "1 records came into quarantine in 7 days: UNREADABLE 1"
    [line] = seen(settings(regions), "quarantine", later=8 * 86_400_000)
    assert line.level is Level.OK


def test_what_waits_for_its_cause_and_what_is_frozen_is_told(regions: Installation) -> None:
    matter, now = "8a8eaaa80b7cfff7661984c68827091a", time.time_ns() // 1_000_000
    held = sub.Waiting(
        matter_id=matter, thread="main", code="CAUSE", origin="tianjin", number=2, since_ms=now
    )
    held.missing.add(origin="hebei", number=5)
    shard = shard_of(matter, SHARDS)
    put(regions, "collab.beijing.waiting", held.SerializeToString(), shard, b"planted")
    [line] = seen(settings(regions), "waiting")
    assert line.level is Level.OK
    assert "1 events wait for a cause" in line.en
    [line] = seen(settings(regions), "waiting", later=400_000)
    assert line.level is Level.WARN
    assert "(from hebei)" in line.en
    thread = st.Thread(thread="main", freezes=[st.Freeze(refuser="tianjin", code="NOT_ALLOWED")])
    # Beside the state of the running processor, which doesn't read it while it runs.
    planted = {
        f"m/{matter}": st.Matter(matter_id=matter, network="jingjinji"),
        thread_key(matter, "main"): thread,
    }
    for key, message in planted.items():
        put(regions, "collab.beijing.state", message.SerializeToString(), shard, key.encode())
    frozen = seen(settings(regions), "waiting")
    assert of(frozen, "1 threads are frozen").level is Level.WARN
    for key in planted:
        put(regions, "collab.beijing.state", None, shard, key.encode())
    put(regions, "collab.beijing.waiting", None, shard, b"planted")
    assert [line.level for line in seen(settings(regions), "waiting")] == [Level.OK]


def test_a_peer_that_is_silent_and_countersigns_nothing_is_told(regions: Installation) -> None:
    regions.supervisor.stop("tianjin-0")
    draft = opening("doctor")
    submit(regions, draft, signed(regions, draft))

    def open_() -> list[Line]:
        found = seen(settings(regions), "links")
        return found if any("aren't countersigned" in line.en for line in found) else []

    found = until(open_, 30, "an event that isn't countersigned", pause=0.5)
    assert of(found, "1 events to tianjin aren't countersigned").level is Level.OK
    for later, level in ((120_000, Level.WARN), (400_000, Level.FAIL)):
        found = seen(settings(regions), "links", later=later)
        assert of(found, "1 events to tianjin aren't countersigned").level is level
        assert of(found, "tianjin was heard").level is level
    regions.supervisor.start("tianjin-0")

    def healed() -> bool:
        lines = seen(settings(regions), "links")
        return any("tianjin has countersigned all" in line.en for line in lines)

    until(healed, 60, "its receipt", pause=1)


def test_a_region_without_a_processor_is_told(
    regions: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Last: nobody works for Beijing afterwards."""
    regions.supervisor.stop("beijing-0")
    [line] = seen(settings(regions), "clock")
    assert line.level is Level.FAIL
    assert "no tick in 5 s" in line.en
    for _ in range(40):
        put(regions, "collab.beijing.submissions", b"more", 0, b"key")

    def left() -> list[Line]:
        found = seen(settings(regions), "lag")
        return found if "no processor works" in found[0].en else []

    [line] = until(left, 30, "the group to be empty", pause=1)
    assert line.level is Level.FAIL
    monkeypatch.setattr("collabbus.operate.checks.backlog.WARN_LAG", 40)
    lines = seen(settings(regions), "lag")
    assert of(lines, "most of collab.beijing.submissions/0").level is Level.WARN
    monkeypatch.setattr("collabbus.operate.checks.backlog.FAIL_LAG", 40)
    lines = seen(settings(regions), "lag")
    assert of(lines, "most of collab.beijing.submissions/0").level is Level.FAIL


def test_a_wrong_login_is_a_failure_of_the_broker(regions: Installation) -> None:
    secured = KafkaSettings(
        bootstrap_servers=regions.broker_of("beijing").bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_username="beijing",
        sasl_password="wrong",
    )
    [line] = seen(settings(regions, kafka=secured), "broker")
    assert line.level is Level.FAIL
    assert "wrong" not in line.en


def test_files_alone_are_examined_without_a_broker(regions: Installation, tmp_path: Path) -> None:
    [line] = seen(settings(regions, keys=tmp_path / "none"), "keys")
    assert line.level is Level.FAIL
    assert "KEY_FILE_MISSING" in line.en
