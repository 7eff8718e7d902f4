"""Contract files and keys: each fault, planted, is a line that names it and the way out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from collabbus.contracts import load
from collabbus.keyring import private_file
from collabbus.link.keys import Use
from collabbus.operate.checks import CHECKS
from collabbus.operate.examination import Check, Level, Line, Subject, examine, fine, worst
from collabbus.operate.keys import generate, sign
from collabbus.settings import Settings

NOW = 1_772_323_200_000  # 2026-03-01, from when on everything here is made
DAY = 86_400_000
FILES = [check for check in CHECKS if check.name in ("contracts", "calendar", "keys")]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doctor") / "keys"
    contracts = Path(__file__).parents[3] / "contracts"
    generate(folder, [load(contracts).networks["jingjinji"]], now_ms=NOW)
    return folder


@pytest.fixture
def folders(made: Path, contracts: Path, tmp_path: Path) -> Path:
    """Contracts and keys of which a test may spoil what it likes."""
    shutil.copytree(made, tmp_path / "keys")
    shutil.copytree(contracts, tmp_path / "contracts")
    return tmp_path


def lines(folders: Path, region: str = "beijing", later: int = 0) -> dict[str, list[Line]]:
    settings = Settings(
        region=region, contracts=folders / "contracts", keys=folders / "keys", shards=2
    )
    found: dict[str, list[Line]] = {}
    with Subject(settings, now_ms=lambda: NOW + later) as subject:
        for each in examine(subject, FILES):
            found.setdefault(each.check.name, []).append(each.line)
    return found


def bad(found: list[Line]) -> list[Line]:
    return [line for line in found if line.level is not Level.OK]


def test_good_files_give_good_lines(folders: Path) -> None:
    found = lines(folders)
    assert set(found) == {"contracts", "calendar", "keys"}
    assert [line for each in found.values() for line in bad(each)] == []
    assert found["keys"][0].en.startswith("key directory version 1, signed")


def test_each_fault_of_a_contract_file_is_a_line_and_what_needs_it_says_so(folders: Path) -> None:
    for name in ("assistance", "clue"):
        file = folders / "contracts" / "lifecycles" / f"{name}.yaml"
        file.write_text(file.read_text("utf-8").replace("to: received", "to: recieved", 1), "utf-8")
    found = lines(folders)
    told = [line.en for line in found["contracts"]]
    assert {line.level for line in found["contracts"]} == {Level.FAIL}
    assert any("assistance.yaml" in one and "recieved" in one for one in told)
    assert any("clue.yaml" in one for one in told)
    assert found["keys"][0].en == "not examined: it needs contracts"


def test_topics_yaml_is_a_contract_file_too(folders: Path) -> None:
    (folders / "contracts" / "topics.yaml").write_text("version: 2\n", "utf-8")
    [line] = bad(lines(folders)["contracts"])
    assert "topics.yaml" in line.en


def test_a_region_of_no_network_is_told(folders: Path) -> None:
    [line] = bad(lines(folders, "shanghai")["contracts"])
    assert "shanghai is a member of no network" in line.en


def test_a_calendar_that_ends_is_told_before_its_end(folders: Path) -> None:
    last = load(folders / "contracts").calendar.last_year or 0
    [line] = lines(folders, later=(last - 2026) * 366 * DAY + 250 * DAY)["calendar"]
    assert line.level is Level.WARN
    assert str(last) in line.en


def test_a_private_file_that_others_may_read_is_told(folders: Path) -> None:
    private_file(folders / "keys", "beijing", Use.SIGN).chmod(0o644)
    [line] = lines(folders)["keys"]
    assert line.level is Level.FAIL
    assert "KEY_FILE_EXPOSED" in line.en


@pytest.mark.parametrize("use", [Use.SIGN, Use.SEAL])
def test_a_private_key_that_is_not_the_directorys_half_is_told(folders: Path, use: Use) -> None:
    mine = private_file(folders / "keys", "beijing", use)
    theirs = json.loads(private_file(folders / "keys", "hebei", use).read_text())
    held = json.loads(mine.read_text())
    held["keys"][-1]["private"] = theirs["keys"][-1]["private"]
    mine.write_text(json.dumps(held))
    [line] = bad(lines(folders)["keys"])
    assert line.level is Level.FAIL
    assert "isn't the half" in line.en
    held["keys"][-1]["id"] = theirs["keys"][-1]["id"]
    mine.write_text(json.dumps(held))
    [line] = bad(lines(folders)["keys"])
    assert "isn't in the key directory as beijing's" in line.en


def test_a_directory_that_was_changed_is_not_believed(folders: Path) -> None:
    file = folders / "keys" / "directory.json"
    file.write_text(file.read_text().replace("tianjin/binhai", "tianjin/hexi", 1))
    [line] = lines(folders)["keys"]
    assert line.level is Level.FAIL
    assert "KEYS_INVALID" in line.en


def test_a_key_is_told_before_it_ends_and_after(folders: Path) -> None:
    soon = bad(lines(folders, later=3640 * DAY)["keys"])
    assert {line.level for line in soon} == {Level.WARN}
    assert any("ends in 10 days" in line.en for line in soon)
    assert {line.en.partition(" ends ")[0] for line in soon if "'s key to" in line.en} == {
        f"{peer}'s key to {use}" for peer in ("hebei", "tianjin") for use in ("sign", "seal")
    }
    [offices] = [line.en for line in soon if line.en.startswith("keys to submit of ")]
    assert "offices end within 30 days, the first in 10: beijing/" in offices
    assert bad(lines(folders, later=3619 * DAY)["keys"]) == []
    late = bad(lines(folders, later=3660 * DAY)["keys"])
    assert any("isn't valid today" in line.en for line in late)
    assert any("tianjin has no valid key to sign or seal" in line.en for line in late)
    assert any("offices have no valid key to submit" in line.en for line in late)


def test_whoever_has_the_next_key_already_is_not_told(folders: Path) -> None:
    """Of a peer and of an office: until when they have keys counts, not when the first one ends."""
    file = folders / "keys" / "directory.json"
    outer = json.loads(file.read_text())
    content = json.loads(outer["signed"])
    named = [("tianjin", "sign"), ("beijing/haidian", "submit")]
    for key in content["keys"]:
        if (key["holder"], key["use"]) not in named:
            key["not_after_ms"] += 400 * DAY
    nexts = [dict(key) for key in content["keys"] if (key["holder"], key["use"]) in named]
    for key in nexts:
        key |= {"id": f"{key['id']}-next", "not_after_ms": key["not_after_ms"] + 365 * DAY}
        key["not_before_ms"] = NOW + 3645 * DAY
    content["keys"] += nexts
    outer["signed"] = json.dumps(content)
    file.write_text(json.dumps(outer))
    sign(folders / "keys")
    assert len(nexts) == 2
    assert bad(lines(folders, later=3640 * DAY)["keys"]) == []


def test_an_office_without_a_key_is_told(folders: Path) -> None:
    file = folders / "keys" / "directory.json"
    outer = json.loads(file.read_text())
    content = json.loads(outer["signed"])
    content["keys"] = [key for key in content["keys"] if key["holder"] != "beijing/haidian"]
    outer["signed"] = json.dumps(content)
    file.write_text(json.dumps(outer))
    sign(folders / "keys")
    [line] = bad(lines(folders)["keys"])
    assert line.level is Level.WARN
    assert "1 offices have no valid key to submit: beijing/haidian" in line.en


def test_a_check_that_raises_is_a_failure_and_ends_no_other(folders: Path) -> None:
    def breaks(subject: Subject) -> list[Line]:
        raise ZeroDivisionError("planted")

    checks = [
        Check("broken", "坏", breaks),
        Check("after", "后", lambda subject: [fine("好", "good")]),
        Check("upon", "依", lambda subject: [fine("好", "good")], needs=("broken",)),
    ]
    with Subject(Settings(region="beijing")) as subject:
        found = list(examine(subject, checks))
    assert [each.line.level for each in found] == [Level.FAIL, Level.OK, Level.WARN]
    assert "ZeroDivisionError: planted" in found[0].line.en
    assert worst(each.line for each in found) is Level.FAIL


def test_a_bad_line_without_a_way_out_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="says what to do"):
        Line(Level.WARN, "坏", "bad")
