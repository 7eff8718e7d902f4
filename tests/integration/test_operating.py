"""What an operator sees, as he types it: evidence, quarantine, waiting, matters; on real Kafka."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from collab.v1 import event_pb2 as ev
from collab.v1 import evidence_pb2 as ed
from collab.v1 import submission_pb2 as sub
from collabbus.cli import app
from collabbus.installation import Installation
from collabbus.keyring import load_directory
from collabbus.model.thread import MAIN
from collabbus.operate.keys import generate
from collabbus.simulate.library import load
from collabbus.simulate.play import play
from collabbus.stage import KafkaStage
from tests.integration.conftest import CONTRACTS
from tests.integration.records import POISON, SECRETS, freeze, now_ms, opening, put, records
from tests.support.waiting import until

pytestmark = pytest.mark.kafka


@dataclass
class Desk:
    """An operator's terminal."""

    installation: Installation

    def type(self, *words: str) -> Result:
        return CliRunner().invoke(
            app,
            words,
            env={
                "COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": self.installation.broker_of(
                    "beijing"
                ).bootstrap,
                "COLLABBUS_KEYS": str(self.installation.keys),
                "COLLABBUS_CONTRACTS": str(CONTRACTS),
                "COLUMNS": "250",
                "NO_COLOR": "1",
            },
        )

    def json(self, *words: str) -> Any:
        return json.loads(self.type(*words, "--json").output)


@pytest.fixture(scope="module")
def desk(installation: Installation) -> Desk:
    return Desk(installation)


@pytest.fixture(scope="module")
def forwarded(stage: KafkaStage) -> str:
    """A matter of three regions: Hebei has what came before it from Beijing, as evidence items."""
    played = play(load(CONTRACTS)["assistance-returned-forwarded"], stage, "operating")
    assert played.differences == []
    [matter_id] = played.matters.values()
    return matter_id


@pytest.fixture(scope="module")
def frozen(installation: Installation, stage: KafkaStage) -> str:
    """A matter that Tianjin has frozen: it fails on Beijing's second event, and says so."""
    return freeze(installation, stage, "operating")


def exported(desk: Desk, matter: str, region: str, file: Path) -> Any:
    """Export until all that crossed is countersigned; receipts take a moment."""

    def whole() -> Any:
        told = desk.json("evidence", "export", matter, "--region", region, "--out", str(file))
        crossed = [event for event in told["events"] if event["crossed"]]
        return told if all(event["countersigned"] for event in crossed) else None

    return until(whole, 30, "receipts", pause=0.5)


def public_only(desk: Desk, folder: Path) -> Path:
    """What an outsider has: the directory, and whose signatures it bears."""
    folder.mkdir()
    for name in ("operators.json", "directory.json"):
        shutil.copy(desk.installation.keys / name, folder / name)
    return folder


# Evidence ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["beijing", "tianjin", "hebei"])
def test_each_region_exports_one_file_that_proves_every_event_offline(
    desk: Desk, forwarded: str, region: str, tmp_path: Path
) -> None:
    """Invariant 6."""
    file = tmp_path / "m.evidence"
    told = exported(desk, forwarded, region, file)
    assert told["worth"] == "proven"
    assert told["disagreeing"] == []
    assert len(told["events"]) >= 8
    assert {event["origin"] for event in told["events"]} == {"beijing", "tianjin", "hebei"}
    assert all(event["proven"] for event in told["events"])
    for event in told["events"]:
        assert all(link.startswith(f"{event['origin']}>") for link in event["signed"])
    if region == "hebei":
        assert any(event["handed_on"] for event in told["events"])
    log = records(desk.installation, f"collab.{region}.events")
    mine = [record.value for record in log if record.key == forwarded.encode()]
    assert [one.event for one in ed.Dossier.FromString(file.read_bytes()).exhibits] == mine
    keys = public_only(desk, tmp_path / "public")
    done = CliRunner().invoke(
        app,
        ["evidence", "verify", str(file), "--keys", str(keys)],
        env={"COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "COLUMNS": "250"},
    )
    assert done.exit_code == 0, done.output
    assert "✓ 验证通过" in done.output
    assert "✓ holds" in done.output


def test_a_changed_file_is_named_for_what_was_changed(
    desk: Desk, forwarded: str, tmp_path: Path
) -> None:
    file = tmp_path / "m.evidence"
    exported(desk, forwarded, "beijing", file)
    dossier = ed.Dossier.FromString(file.read_bytes())
    event = ev.Event.FromString(dossier.exhibits[0].event)
    event.body += b"\0"
    dossier.exhibits[0].event = event.SerializeToString()
    file.write_bytes(dossier.SerializeToString(deterministic=True))
    done = desk.type("evidence", "verify", str(file))
    assert done.exit_code == 1
    assert "第 1 号事件 event 1 (main beijing 1 AssistanceRequested), 正文 body:" in done.output
    assert "✗ does not hold" in done.output
    file.write_bytes(b"no such thing")
    broken = desk.type("evidence", "verify", str(file))
    assert broken.exit_code == 1
    assert "EVIDENCE_UNREADABLE" in broken.output


def test_the_keys_in_the_file_are_not_believed(desk: Desk, forwarded: str, tmp_path: Path) -> None:
    """Another network's directory vouches for none of the keys, whatever the file says."""
    file = tmp_path / "m.evidence"
    exported(desk, forwarded, "beijing", file)
    generate(tmp_path / "other", [desk.installation.network], now_ms=now_ms())
    done = desk.type("evidence", "verify", str(file), "--keys", str(tmp_path / "other"))
    assert done.exit_code == 1
    told = desk.json("evidence", "verify", str(file), "--keys", str(tmp_path / "other"))
    assert not any(event["proven"] or event["countersigned"] for event in told["events"])


def test_what_never_crossed_a_link_is_listed_as_that(
    desk: Desk, stage: KafkaStage, tmp_path: Path
) -> None:
    draft = opening("inside", to="beijing/dongcheng")
    stage.submit(draft)
    file = tmp_path / "m.evidence"
    done = desk.type(
        "evidence", "export", draft.matter_id, "--region", "beijing", "--out", str(file)
    )
    assert done.exit_code == 3
    assert "nothing shows that it crossed a link: not proven" in done.output
    assert "⚠ holds in part" in done.output
    assert "events: 1; signed by their origin: 0;" in done.output


def test_an_unknown_matter_is_exit_1_and_no_matter_id_is_exit_2(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "m.evidence"
    unknown = desk.type("evidence", "export", "0" * 32, "--region", "hebei", "--out", str(out))
    assert unknown.exit_code == 1
    assert not out.exists()
    assert desk.type("evidence", "export", "84d24ab4", "--region", "hebei").exit_code == 2
    assert desk.type("matter", "show", "0" * 32, "--region", "hebei").exit_code == 1
    assert desk.type("matter", "show", "x", "--region", "hebei").exit_code == 2


# What stands still ------------------------------------------------------------------------------


def test_quarantine_shows_contents_only_to_who_asks_for_them(desk: Desk, frozen: str) -> None:
    """Invariant 8."""
    listed = desk.type("quarantine", "list", "--region", "tianjin")
    assert listed.exit_code == 0
    assert "INTERNAL" in listed.output
    assert "collab.beijing.to.tianjin" in listed.output
    [found] = [
        one
        for one in desk.json("quarantine", "list", "--region", "tianjin")
        if one["code"] == "INTERNAL"
    ]
    assert found["key"][:12] in listed.output
    show = ("quarantine", "show", found["key"][:12], "--region", "tianjin")
    plain = desk.type(*show)
    assert plain.exit_code == 0
    assert found["sha256"] in plain.output
    with_contents = desk.type(*show, "--contents")
    assert POISON in with_contents.output
    [whole] = desk.json(*show, "--contents")
    assert whole["contents"]["body"] == {"commented": {"text": POISON}}
    for shown in (listed.output, plain.output, json.dumps(desk.json(*show))):
        assert POISON not in shown
        assert not any(secret in shown for secret in SECRETS)


def test_nothing_such_in_quarantine_is_exit_1(desk: Desk) -> None:
    assert desk.type("quarantine", "list", "--region", "hebei").exit_code == 1
    assert desk.json("quarantine", "list", "--region", "hebei") == []
    assert desk.type("quarantine", "show", "abcdef", "--region", "hebei").exit_code == 1
    assert desk.type("quarantine", "show", "xyz1", "--region", "hebei").exit_code == 2


def test_who_refused_sees_the_event_and_the_others_the_frozen_thread(
    desk: Desk, frozen: str
) -> None:
    there = desk.type("waiting", "list", "--region", "tianjin")
    assert there.exit_code == 0
    assert "拒收 refused" in there.output
    assert "beijing 第 2 号 number 2 of beijing" in there.output
    told = {
        (one["code"], one["origin"], one["number"], one["refuser"])
        for region in ("tianjin", "beijing")
        for one in desk.json("waiting", "list", "--region", region)
        if one["matter_id"] == frozen
    }
    seen_there = desk.type("waiting", "list", "--region", "beijing").output
    assert "tianjin 已拒收 refused it (INTERNAL)" in seen_there
    assert told == {("REFUSED", "beijing", 2, ""), ("FROZEN", "beijing", 2, "tianjin")}
    since = [one["since_ms"] for one in desk.json("waiting", "list", "--region", "tianjin")]
    assert since[0] is not None
    assert desk.type("waiting", "list", "--region", "hebei").exit_code == 1


def test_what_waits_for_its_cause_is_told_with_the_number_that_it_waits_for(desk: Desk) -> None:
    waiting = sub.Waiting(
        matter_id="e" * 32, thread="main", event_id="f" * 32, origin="beijing", number=2,
        missing=[ev.Seen(origin="tianjin", number=5)], code="CAUSE", since_ms=now_ms(),
    )  # fmt: skip
    key = f"h/{'e' * 32}/main/beijing/2".encode()
    put(desk.installation, "collab.hebei.waiting", waiting.SerializeToString(), 0, key)
    listed = desk.type("waiting", "list", "--region", "hebei")
    assert listed.exit_code == 0
    assert "tianjin 第 5 号 number 5 of tianjin" in listed.output
    put(desk.installation, "collab.hebei.waiting", None, 0, key)
    assert desk.type("waiting", "list", "--region", "hebei").exit_code == 1


def test_a_matter_is_shown_with_who_is_awaited_until_when_and_what_is_frozen(
    desk: Desk, frozen: str, forwarded: str
) -> None:
    shown = desk.type("matter", "show", frozen, "--region", "tianjin")
    assert shown.exit_code == 0
    for word in (
        "已请求 requested", "天津市滨海新区人民检察院 tianjin/binhai", "请求方 requester",
        "冻结 freezes", "INTERNAL", "拒收 refused REFUSED", " 24:00",
    ):  # fmt: skip
        assert word in shown.output, word
    told = desk.json("matter", "show", frozen, "--region", "tianjin")
    [thread] = told["threads"]
    assert thread["step"]["awaits"] == "tianjin/binhai"
    assert int(thread["step"]["due_ms"]) > now_ms()
    assert [(held["number"], held["code"]) for held in told["held"]] == [(2, "REFUSED")]
    ended = desk.type("matter", "show", forwarded, "--region", "hebei")
    assert "已结束 closed" in ended.output
    assert "冻结 freezes" not in ended.output


def test_the_evidence_of_a_frozen_matter_still_holds(
    desk: Desk, frozen: str, tmp_path: Path
) -> None:
    for region in ("beijing", "tianjin"):
        assert exported(desk, frozen, region, tmp_path / region)["worth"] == "proven"


def test_the_exporter_signs_nothing_and_needs_no_private_key(
    desk: Desk, forwarded: str, tmp_path: Path
) -> None:
    keys = public_only(desk, tmp_path / "public")
    done = desk.type(
        "evidence", "export", forwarded, "--region", "tianjin", "--keys", str(keys),
        "--out", str(tmp_path / "m.evidence"),
    )  # fmt: skip
    assert done.exit_code == 0
    used = {key.id for key in load_directory(keys)}
    dossier = ed.Dossier.FromString((tmp_path / "m.evidence").read_bytes())
    assert {key.id for key in dossier.keys} <= used


# Acts of an operator ----------------------------------------------------------------------------

WHO = ("--operator", "张操作", "--reason", "记录有误")


def test_an_operator_voids_what_another_region_refused_and_the_thread_goes_on(
    desk: Desk, installation: Installation, stage: KafkaStage, tmp_path: Path
) -> None:
    matter = freeze(installation, stage, "voided")
    wrong = desk.type("matter", "void", matter, "9", "--region", "beijing", *WHO)
    assert (wrong.exit_code, "9" in wrong.output) == (1, True)
    done = desk.type("matter", "void", matter, "2", "--region", "beijing", *WHO)
    assert "已登记 recorded" in done.output
    for region in ("beijing", "tianjin"):
        stage.await_thread(region, matter, MAIN, lambda thread: not thread.freezes)
        # Tianjin never recorded what it had refused; the file says why.
        assert exported(desk, matter, region, tmp_path / region)["worth"] == "proven"
    again = desk.type("matter", "void", matter, "2", "--region", "beijing", *WHO)
    assert (again.exit_code, "NOTHING_PENDING" in again.output) == (1, True)
