"""The parked matters' commands: a person decides about the one that is meant, and no other."""

from __future__ import annotations

import pytest
from click.testing import Result
from typer.testing import CliRunner

from collabbus.cli import app
from collabbus.handlers import Failure, register
from collabbus.handlers.delivery import Decision, Parked
from collabbus.handlers.parking import Entry, Place

MATTER = "84d24ab4" + "0" * 24


def entry(office: str, group: str) -> Entry:
    failure = Failure("ValueError", f"traceback of {office} {group}")
    record = Parked(MATTER, 7, "cd" * 16, "triage", failure, 6, 1_793_000_000_000)
    return Entry(Place(office, group, MATTER), 0, record, "ClueTransferred", "host")


ENTRIES = [
    entry("tianjin/binhai", "desk"),
    entry("tianjin/heping", "desk"),
    entry("tianjin/heping", "mail"),
]
Decided = list[tuple[Entry, Decision]]


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> Decided:
    made: Decided = []
    monkeypatch.setattr(register, "listed", lambda *_: ENTRIES)
    monkeypatch.setattr(register, "decide", lambda _, __, one, what: made.append((one, what)))
    return made


def parked(*words: str) -> Result:
    env = {"NO_COLOR": "1", "COLUMNS": "400", "TERM": "dumb"}
    return CliRunner().invoke(app, ["parked", *words, "--region", "tianjin"], env=env)


@pytest.mark.parametrize("one", ENTRIES, ids=lambda one: f"{one.place.office} {one.place.group}")
def test_office_and_group_say_which_of_several_is_meant(decided: Decided, one: Entry) -> None:
    which = ("84d24ab4", "--office", one.place.office, "--group", one.place.group)
    assert one.parked.failure.traceback in parked("show", *which).output
    for what in Decision:
        done = parked(what.value, *which)
        assert done.exit_code == 0, done.output
        assert one.place.office in done.output
    assert decided == [(one, Decision.RETRY), (one, Decision.SKIP)]


def test_what_fits_several_decides_nothing_and_names_them_all(decided: Decided) -> None:
    done = parked("retry", "84d24ab4", "--group", "desk")
    assert done.exit_code == 2
    for office in ("tianjin/binhai", "tianjin/heping"):
        assert f"--office {office} --group desk" in done.output
    assert "mail" not in done.output
    assert decided == []


def test_an_office_that_parked_nothing_is_told_so(decided: Decided) -> None:
    assert parked("skip", "84d24ab4", "--office", "tianjin/provincial").exit_code == 1
    assert decided == []
