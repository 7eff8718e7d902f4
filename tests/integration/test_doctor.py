"""The doctor: each fault is planted on a running region, and seen as the line that names it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from collab.state.v1 import state_pb2 as st
from collab.v1 import submission_pb2 as sub
from collabbus.cli import app
from collabbus.cli.doctor import checks
from collabbus.installation import Installation
from collabbus.ledger import rebuilding, tables
from collabbus.ledger.database import Server, engine_of
from collabbus.ledger.metrics import Metrics
from collabbus.ledger.service import Service, prepared
from collabbus.model.journal import thread_key
from collabbus.model.shard import shard_of
from collabbus.operate.examination import Level, Line, Subject, examine
from collabbus.operate.kafka import Kafka
from collabbus.operate.topic_contract import TopicContract
from collabbus.operate.topics import Change, apply, ensure
from collabbus.settings import KafkaSettings, LedgerSettings, Settings
from tests.integration.conftest import CONTRACTS, ROOT
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
    wanted = [check for check in checks() if check.name in names]
    with Subject(chosen, now_ms=now) as subject:
        return [each.line for each in examine(subject, wanted)]


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
        found = seen(settings(regions), *(c.name for c in checks() if c.name != "calendar"))
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
        "no ledger's database is named",
        "no matter is parked",
        "no handlers have run",
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
    assert {line["check"] for line in told["lines"]} == {check.name for check in checks()}
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
    for name in (
        "topics", "disk", "clock", "lag", "links", "waiting", "quarantine", "ledger", "parked",
        "handlers",
    ):  # fmt: skip
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


# Ledger ---------------------------------------------------------------------------------------


def on(url: str, work: Callable[[AsyncEngine], Awaitable[object]]) -> None:
    async def done() -> None:
        engine = engine_of(url)
        await work(engine)
        await engine.dispose()

    asyncio.run(done())


def fill(regions: Installation, url: str) -> None:
    """Have the ledger's own service read all of the log, and end."""

    async def read(chosen: Settings) -> None:
        engine = await prepared(url, 2)
        await Service(chosen, engine, Metrics("beijing")).catch_up()
        await engine.dispose()

    asyncio.run(read(settings(regions)))


def ledger(regions: Installation, url: str, region: str = "beijing", later: int = 0) -> Line:
    chosen = settings(regions, region, ledger=LedgerSettings(url=url))
    [line] = seen(chosen, "ledger", later=later)
    return line


def record(regions: Installation, name: str) -> None:
    """Have Beijing record one more event; on return its log has it."""
    with Subject(settings(regions)) as subject:
        before = sum(1 for _ in subject.records.read("events"))
        draft = opening(name)
        submit(regions, draft, signed(regions, draft))
        until(
            lambda: sum(1 for _ in subject.records.read("events")) > before,
            30,
            "one more event in the log",
        )


def test_a_ledger_that_lacks_something_is_told_with_how_much_and_since_when(
    regions: Installation, url: str
) -> None:
    assert (ledger(regions, url).level, ledger(regions, url).en) == (
        Level.FAIL, "the ledger is empty: nobody has read the log into it",
    )  # fmt: skip
    record(regions, "read")
    fill(regions, url)
    line = ledger(regions, url)
    assert line.level is Level.OK
    assert "events and lacks 0; it had all of the log " in line.en

    # Nobody follows the log any more: nothing lacks, but nobody knows that.
    assert ledger(regions, url, later=120_000).level is Level.WARN
    assert ledger(regions, url, later=3_600_000).level is Level.WARN
    record(regions, "lacking")
    line = ledger(regions, url)
    assert line.level is Level.OK  # it may be on its way
    assert "lacks 1, the oldest for " in line.en
    for later, level in ((120_000, Level.WARN), (400_000, Level.FAIL)):
        line = ledger(regions, url, later=later)
        assert line.level is level
        assert "lacks 1, the oldest for " in line.en
        assert "`collabbus run ledger`" in line.do_en
    fill(regions, url)
    assert ledger(regions, url).level is Level.OK


def test_a_ledger_that_is_made_anew_or_is_of_another_log_is_told(
    regions: Installation, url: str
) -> None:
    record(regions, "anew")
    fill(regions, url)
    on(url, rebuilding.begin)
    line = ledger(regions, url)
    assert line.level is Level.WARN
    assert line.en.endswith("; it is being made anew")
    fill(regions, url)
    assert ledger(regions, url).level is Level.OK

    line = ledger(regions, url, "tianjin")
    assert line.level is Level.FAIL
    assert line.en == "the database is the ledger of beijing, not of tianjin"

    async def beyond(engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            await connection.execute(update(tables.offsets).values(next=1_000_000))

    on(url, beyond)
    line = ledger(regions, url)
    assert line.level is Level.FAIL
    assert "goes on at 1000000 of shard 0, where the log holds 0 to " in line.en
    assert "`collabbus ledger rebuild`" in line.do_en


def test_a_ledger_that_cannot_be_looked_at_is_a_failure_that_shows_no_password(
    regions: Installation, server: Server, tmp_path: Path
) -> None:
    line = ledger(regions, server.url("untouched"))
    assert line.level is Level.FAIL
    assert "LEDGER_SCHEMA" in line.en
    assert "`collabbus ledger migrate`" in line.en
    away = ledger(regions, "postgresql://collabbus:s3cret@127.0.0.1:1/beijing")
    assert away.level is Level.FAIL
    assert "DATABASE_UNREACHABLE" in away.en
    assert "s3cret" not in away.en
    chosen = settings(regions, ledger=LedgerSettings(url_file=tmp_path / "none"))
    [unread] = seen(chosen, "ledger")
    assert unread.level is Level.FAIL
    assert "ledger.url_file" in unread.en


# Parked ---------------------------------------------------------------------------------------


def test_matters_that_handlers_have_parked_are_told_until_they_go_on(
    regions: Installation, tmp_path: Path
) -> None:
    """By a handler that really fails, and an operator who skips it."""
    assert [line.level for line in seen(settings(regions), "parked")] == [Level.OK]
    regions.supervisor.add(
        "desk",
        [sys.executable, "-m", "collabbus", "run", "handlers", "tests.handlers.desk:handlers",
         "--office", "beijing/xicheng", "--start", "beginning"],
        log=regions.folder / "desk.log",
        env={
            **regions.environment_of("beijing"),
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
            "MENDED": str(tmp_path / "mended"),
        },
    )  # fmt: skip
    for name in ("one", "two"):
        draft = opening(name, to="beijing/xicheng")
        draft.body.assistance_requested.subject = f"wrong {name}"
        submit(regions, draft, signed(regions, draft))

    def told(words: str) -> Callable[[], Line | None]:
        def look() -> Line | None:
            [line] = seen(settings(regions), "parked")
            return line if words in line.en else None

        return look

    line = until(told("desk of beijing/xicheng has 2 matters parked, "), 60, "two parked", 0.5)
    assert line is not None
    assert line.level is Level.WARN
    assert "`collabbus parked list --region beijing`" in line.do_en
    assert re.search(r"the oldest since 20\d\d-\d\d-\d\d \d\d:\d\d \(UTC\+8\)$", line.en)
    [line] = seen(settings(regions), "handlers")
    assert line.en.startswith("beijing.xicheng.desk has 1 hosts, ")
    assert line.level is Level.OK

    # Decided while their host is away, they still wait for it.
    regions.supervisor.stop("desk")
    [line] = seen(settings(regions), "handlers")
    assert line.en.startswith("beijing.xicheng.desk has 0 hosts, ")
    assert line.level is Level.WARN
    listed = parked(regions, "list", "--json")
    first, second = (one["matter_id"] for one in json.loads(listed.output))
    assert parked(regions, "skip", first).exit_code == 0
    assert "1 of them decided" in of(seen(settings(regions), "parked"), "2 matters parked").en
    assert parked(regions, "skip", second).exit_code == 0
    line = of(seen(settings(regions), "parked"), "2 matters parked")
    assert line.en.endswith("all of them decided")
    assert "`collabbus run handlers --office beijing/xicheng`" in line.do_en

    regions.supervisor.start("desk")
    gone = until(told("no matter is parked"), 60, "both to go on", 0.5)
    assert gone is not None
    assert gone.level is Level.OK
    regions.supervisor.stop("desk")


def parked(regions: Installation, *words: str) -> Result:
    at = regions.broker_of("beijing").bootstrap
    return CliRunner().invoke(
        app, ["parked", *words, "--region", "beijing", "--bootstrap", at], env={"NO_COLOR": "1"}
    )


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
