"""Figures: what was reported of a matter, and how often a model was right, shown in numbers.

Persons, enterprises and milestones are counted, and never named: a table is no place for what
concerns persons of a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from collabbus.cli import tables

if TYPE_CHECKING:
    from collab.state.v1 import state_pb2 as st
    from collabbus.model.hits import Figures
    from collabbus.model.report import Reports, Total

SUMS = {
    "LOSS": "损失 loss",
    "COMPENSATION_PAID": "已付赔偿 compensation paid",
    "RECOVERED": "追赃挽损 recovered",
    "TAX_ADDED": "追加虚开税款 tax added",
    "DEPOSITED": "赔偿保证金提存 deposited",
    "PENALTY": "行政处罚 penalties",
    "WAGES": "追回欠薪 wages",
    "AID": "救助金 aid",
    "DAMAGES_FUND": "损害赔偿资金 damages fund",
}
"""By name of `collab.v1.SumOf`, without its prefix."""
COUNTED = {
    "CLUES": "线索 clues",
    "CASES_FILED": "立案 cases filed",
    "CASES_WITHDRAWN": "撤案 cases withdrawn",
    "SUSPECTS_ADDED": "追诉人数 suspects added",
    "RECOMMENDATIONS": "制发检察建议 recommendations",
    "CORRECTIONS": "纠正意见 corrections",
    "OPINIONS": "检察意见 opinions",
    "REPLIES": "已回复 replies",
    "RECTIFIED": "已整改 rectified",
    "HEARINGS": "公开听证 hearings",
    "DISPUTES_SETTLED": "化解行政争议 disputes settled",
    "MEDIATIONS": "调解成功 mediations",
    "NEITHER_PUNISHED": "不刑不罚 neither punished",
    "NOT_TRANSFERRED": "应移未移 not transferred",
    "NOT_PENALISED": "应罚未罚 not penalised",
    "VISITS": "走访 visits",
    "TESTS": "检测 tests",
    "TREES": "植树 trees",
    "DOCUMENTS_SCREENED": "筛查文书 documents screened",
    "FAST_TRACK_CASES": "速裁案件 fast-track cases",
    "OVERDUE": "逾期 overdue",
}
"""By name of `collab.v1.Counted`, without its prefix."""


def show(threads: Sequence[st.Thread], reports: Reports) -> None:
    """Print the tables for which there is something to tell."""
    from collabbus.model.report import total

    models = list(_models(threads))
    if models:
        tables.table(
            "数据模型 model",
            ("模型 model", "版本 version", "负责机构 owner", "命中 hits", "已反馈 answered",
             "查实 confirmed", "成线索 clues", "查实率 precision", "命中率 hit rate"),
            (
                (model.model_id, model.version, model.owner, found.hits, found.answered,
                 found.confirmed, found.clues, _share(found.precision), _share(found.hit_rate))
                for model, found in models
            ),
        )  # fmt: skip
    standing = reports.standing()
    if not standing:
        return
    tables.table(
        "分轮报告 standing reports",
        ("线程 thread", "系列 series", "报告 report", "完成 done", "数额 figures"),
        (
            (one.thread, one.series or "—",
             tables.numbers([(one.origin, one.number)])
             + (" 已更正 corrected" if one.corrected else ""),
             "—" if one.percent is None else f"{one.percent}%",
             "; ".join(line for each in total([one]) for line in _lines(each)) or "—")
            for one in standing
        ),
    )  # fmt: skip
    totals = total(standing)
    if totals:
        tables.table(
            "合计 totals",
            ("系列 series", "报告数 reports", "数额 figures"),
            ((one.series, one.reports, "; ".join(_lines(one)) or "—") for one in totals),
        )


def plain(threads: Sequence[st.Thread], reports: Reports) -> dict[str, Any]:
    """Give the same for machines."""
    from collabbus.model.report import total

    standing = reports.standing()
    return {
        "models": [
            {
                "model_id": model.model_id,
                "version": model.version,
                "owner": model.owner,
                "hits": found.hits,
                "answered": found.answered,
                "confirmed": found.confirmed,
                "clues": found.clues,
                "precision": found.precision,
                "hit_rate": found.hit_rate,
            }
            for model, found in _models(threads)
        ],
        "reports": [
            {
                "thread": one.thread,
                "series": one.series,
                "origin": one.origin,
                "number": one.number,
                "corrected": one.corrected,
                "percent": one.percent,
                "figures": next((each.numbers() for each in total([one])), {}),
            }
            for one in standing
        ],
        "totals": {one.series: one.numbers() for one in total(standing)},
    }


def _models(threads: Sequence[st.Thread]) -> Iterator[tuple[st.Model, Figures]]:
    from collabbus.model.hits import figures

    for thread in threads:
        if thread.HasField("model"):
            yield thread.model, figures(thread.model)


def _lines(found: Total) -> Iterator[str]:
    """Tell what a series comes to, leaving out what nobody reports."""
    numbers = found.numbers()
    for name, fen in numbers["fen"].items():
        yield f"{SUMS.get(name, name)} {fen // 100:,}.{fen % 100:02} 元"
    for name, number in numbers["counts"].items():
        yield f"{COUNTED.get(name, name)} {number:,}"
    if found.persons:
        yield f"人员 persons {len(found.persons):,}"
    if found.enterprises:
        yield f"企业 enterprises {len(found.enterprises):,}"
    if found.area_m2:
        yield f"面积 area {found.area_m2:,} m²"
    if found.milestones:
        latest = max(found.milestones.values())
        yield f"节点 milestones {len(found.milestones)}, 最近 latest {latest}"


def _share(found: float | None) -> str:
    return "—" if found is None else f"{found:.1%}"
