from __future__ import annotations

from typing import Any

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import common_pb2 as common
from collab.v1 import event_pb2 as ev
from collabbus.cli import figures
from collabbus.model.report import Reports

RECOVERED = common.SUM_OF_RECOVERED


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")


def campaign() -> Reports:
    """Two regions that name one person both; one of them corrects what it said."""
    reports = Reports()
    for origin, fen, persons in (("gansu", 1, ["p1", "p2"]), ("shaanxi", 250_000_00, ["p2"])):
        report = verbs_pb2.Report(
            key="cards",
            sums=[common.Sum(of=RECOVERED, fen=fen)],
            counts=[common.Count(counted=common.COUNTED_CASES_FILED, number=7)],
            persons=persons,
            enterprises=["e1"],
            area_m2=1500,
            milestones=[verbs_pb2.MilestoneDone(title="张三退赃", date="2026-10-02")],
        )
        said = verbs_pb2.Progressed(text="进展", percent=50, report=report)
        at = ev.Envelope(thread=f"track/{origin}/provincial", origin=origin, number=1)
        reports.take(at, body_pb2.Body(progressed=said))
        if origin == "gansu":
            at.number = 2
            report.sums[0].fen = 105
            read = body_pb2.Body(progressed=verbs_pb2.Progressed(report=report))
            fixed = body_pb2.Corrected(number=1, fields=["report"], body=read)
            reports.take(at, body_pb2.Body(corrected=fixed))
    return reports


def model() -> st.Thread:
    thread = st.Thread(thread="main")
    thread.model.model_id, thread.model.version = "fuel", "1.2"
    thread.model.owner = "beijing/provincial"
    for number in (1, 2, 3):
        thread.model.findings.add(origin="beijing", number=number, hit=b"%d" % number)
    thread.model.findings.add(origin="beijing", number=4, hit=b"1", confirmed=True, clue=True)
    thread.model.findings.add(origin="beijing", number=5, hit=b"2", confirmed=False, clue=False)
    return thread


@pytest.mark.parametrize(
    ("enum", "words"), [(common.SumOf, figures.SUMS), (common.Counted, figures.COUNTED)]
)
def test_whatever_is_reported_has_its_words(enum: Any, words: dict[str, str]) -> None:
    names = [value.name for value in enum.DESCRIPTOR.values if value.number]
    assert {name.removeprefix("SUM_OF_").removeprefix("COUNTED_") for name in names} == set(words)


def test_standing_reports_and_totals_are_shown_in_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures.show([], campaign())
    shown = capsys.readouterr().out
    gansu, shaanxi, total = (line for line in shown.splitlines() if "追赃挽损 recovered" in line)
    assert "已更正 corrected" in gansu
    assert "追赃挽损 recovered 1.05 元; 立案 cases filed 7; 人员 persons 2" in gansu
    assert "250,000.00 元" in shaanxi
    assert "50%" in shaanxi
    assert "250,001.05 元; 立案 cases filed 14; 人员 persons 2; 企业 enterprises 1" in total
    assert "面积 area 3,000 m²; 节点 milestones 1, 最近 latest 2026-10-02" in total


def test_nobody_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    figures.show([], campaign())
    told = capsys.readouterr().out + str(figures.plain([], campaign()))
    for name in ("p1", "p2", "e1", "张三"):
        assert name not in told


def test_machines_get_whole_fen() -> None:
    told = figures.plain([model()], campaign())
    assert told["totals"]["cards"]["fen"] == {"RECOVERED": 25_000_105}
    assert [one["figures"]["fen"] for one in told["reports"]] == [
        {"RECOVERED": 105},
        {"RECOVERED": 25_000_000},
    ]
    [one] = told["models"]
    assert (one["hits"], one["answered"], one["confirmed"], one["clues"]) == (3, 2, 1, 1)
    assert (one["precision"], one["hit_rate"]) == (1 / 2, 1 / 3)


def test_a_model_is_shown_with_its_rates(capsys: pytest.CaptureFixture[str]) -> None:
    figures.show([model()], Reports())
    shown = capsys.readouterr().out
    assert "fuel" in shown
    assert "50.0%" in shown
    assert "33.3%" in shown


def test_where_nothing_is_reported_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    figures.show([st.Thread(thread="main")], Reports())
    assert capsys.readouterr().out == ""


def test_what_a_newer_schema_counts_is_shown_by_its_number() -> None:
    reports = Reports()
    newer = common.Count.FromString(b"\x08\x63\x10\x01")  # counted: 99, number: 1
    report = verbs_pb2.Report(key="a", counts=[newer])
    at = ev.Envelope(thread="main", origin="gansu", number=1)
    reports.take(at, body_pb2.Body(progressed=verbs_pb2.Progressed(report=report)))
    assert figures.plain([], reports)["totals"]["a"]["counts"] == {"99": 1}
