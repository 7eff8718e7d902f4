"""What the core notes for the metrics: each fact once in an alliance, and no name made up."""

from __future__ import annotations

from collections import Counter

import pytest

from collab.v1 import event_pb2 as ev
from collabbus.model.deadline import DAY_MS
from collabbus.model.effects import Crossed
from collabbus.model.record import Recorder
from tests.model.neighbours import BINHAI, BODIES, HAIDIAN, Neighbours, altered, last


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Crossed]]:
    """What each region's committed transactions have noted."""
    found: list[tuple[str, Crossed]] = []
    commit = Recorder.commit

    def look(recorder: Recorder) -> None:
        found.extend((recorder.region.name, one) for one in recorder.effects.crossed)
        commit(recorder)

    monkeypatch.setattr(Recorder, "commit", look)
    return found


def outcomes(noted: list[tuple[str, Crossed]]) -> Counter[tuple[str, str, str, str]]:
    return Counter((region, one.direction, one.kind, one.outcome) for region, one in noted)


def test_how_long_offices_took_is_told_by_their_own_region_alone(
    noted: list[tuple[str, Crossed]],
) -> None:
    regions = Neighbours()
    matter = regions.open()
    regions.carry_all()
    for office, kind, days in (
        (BINHAI, "Accepted", 2), (BINHAI, "Completed", 5), (HAIDIAN, "Closed", 1),
    ):  # fmt: skip
        regions.now_ms += days * DAY_MS
        regions.says(office, kind, matter)
        regions.carry_all()
    took = [
        (region, name, round(ms / DAY_MS))
        for region, one in noted
        for name, ms in one.took
    ]  # fmt: skip
    assert sorted(took) == [
        ("beijing", "answer", 1),
        ("beijing", "close", 8),
        ("tianjin", "answer", 5),
        ("tianjin", "receive", 2),
    ]
    assert {(one.network, one.family) for _, one in noted} == {("jingjinji", "assistance")}
    assert outcomes(noted)["tianjin", "own", "Completed", "recorded"] == 1
    assert outcomes(noted)["beijing", "tianjin", "Completed", "recorded"] == 1


def test_a_rejected_submission_is_noted_and_what_it_had_begun_is_not(
    noted: list[tuple[str, Crossed]],
) -> None:
    regions = Neighbours()
    matter = regions.open()
    noted.clear()
    assert regions.hand_in(regions.draft(HAIDIAN, "Completed", matter)).code
    assert outcomes(noted) == {("beijing", "own", "Completed", "rejected"): 1}


def test_a_refused_event_is_noted_by_who_refuses_it(noted: list[tuple[str, Crossed]]) -> None:
    regions = Neighbours()
    matter = regions.open()
    regions.carry_all()
    regions.says(HAIDIAN, "Commented", matter)
    wrong = altered(last(regions, "beijing"), BODIES["Overdue"], office="beijing/clock")
    noted.clear()
    regions.forge("beijing", "tianjin", wrong)
    assert outcomes(noted)["tianjin", "beijing", "Overdue", "refused"] == 1
    assert outcomes(noted)["tianjin", "own", "Refused", "recorded"] == 1
    assert outcomes(noted)["tianjin", "beijing", "Overdue", "recorded"] == 0


def test_names_that_nobody_has_checked_make_no_series(noted: list[tuple[str, Crossed]]) -> None:
    regions = Neighbours()
    journal = regions.nodes["beijing"].recorder.journal
    journal.count("no such network", 99, "NoSuchKind", "own", "rejected")
    journal.count("jingjinji", ev.FAMILY_CLUE, "ClueReceived", "own", "rejected")
    names = [(c.network, c.family, c.kind) for c in journal.effects.crossed]
    assert names[0] == ("unknown", "unknown", "unknown")
    assert names[1][:2] == ("jingjinji", "clue")


def test_what_comes_after_its_matter_was_archived_is_late(
    noted: list[tuple[str, Crossed]],
) -> None:
    regions = Neighbours()
    regions.open()
    regions.carry_all()
    node = regions.nodes["tianjin"]
    event = last(regions, "beijing")
    noted.clear()
    node.recorder.journal.record_late(event, ev.Envelope.FromString(event.envelope))
    node.recorder.commit()
    assert outcomes(noted) == {("tianjin", "beijing", "AssistanceRequested", "late"): 1}
