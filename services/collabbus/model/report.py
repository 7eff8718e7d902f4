"""Reports in rounds (分轮报告): what stands reported of a matter.

A report tells what has been reached so far, in full: it is state, never an increment (design,
section 4, rule 9). In each thread the latest of a series and origin stands, as corrected; what is
told of a series in all is counted from those. So a repeat of an event, or another order of arrival,
changes nothing. It is a function of a region's log and needs no state of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.descriptor import EnumDescriptor

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import common_pb2 as common
from collab.v1 import event_pb2 as ev

KINDS = frozenset({"Progressed", "Corrected", "Voided", "TrackEnded"})
"""The types of events that say something of reports: others needn't be decoded."""

_Place = tuple[str, str, int]
"""Thread, origin and number of an event."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The report of a series that stands, of one origin in one thread."""

    thread: str
    series: str
    """Its key; empty where an act of progress tells a share and no report."""
    origin: str
    number: int
    """Of the event that reported it."""
    corrected: bool
    percent: int | None
    report: verbs_pb2.Report


@dataclass(frozen=True, slots=True)
class Total:
    """What all have reported of a series, as it stands."""

    series: str
    reports: int = 0
    """How many reports it is made of."""
    fen: Mapping[int, int] = field(default_factory=dict)
    """By `collab.v1.SumOf`: whole fen (分)."""
    counts: Mapping[int, int] = field(default_factory=dict)
    """By `collab.v1.Counted`."""
    persons: frozenset[str] = frozenset()
    """By identifier: who is named by two regions is one."""
    enterprises: frozenset[str] = frozenset()
    area_m2: int = 0
    milestones: Mapping[str, str] = field(default_factory=dict)
    """By title, the first day (`2026-12-01`) on which somebody says that it was reached."""

    def numbers(self) -> dict[str, Any]:
        """Give it in numbers that name nobody, under the schema's names; money in whole fen."""
        return {
            "reports": self.reports,
            "fen": _named(common.SumOf.DESCRIPTOR, self.fen),
            "counts": _named(common.Counted.DESCRIPTOR, self.counts),
            "persons": len(self.persons),
            "enterprises": len(self.enterprises),
            "area_m2": self.area_m2,
            "milestones": len(self.milestones),
        }


class Reports:
    """Gathers the events of one matter, and tells what stands reported. No I/O."""

    def __init__(self) -> None:
        self._said: dict[_Place, tuple[int, verbs_pb2.Progressed]] = {}
        self._corrections: dict[_Place, dict[int, body_pb2.Corrected]] = defaultdict(dict)
        self._voided: set[_Place] = set()
        self._ended: dict[str, int] = {}

    def take(self, envelope: ev.Envelope, body: body_pb2.Body) -> None:
        """Take an event of the log, in any order, as often as it comes.

        A body that was erased tells nothing.
        """
        place = envelope.thread, envelope.origin, envelope.number
        if body.HasField("progressed"):
            self._said[place] = envelope.step.number, body.progressed
        elif body.HasField("corrected") and body.corrected.body.HasField("progressed"):
            of = envelope.thread, envelope.origin, body.corrected.number
            self._corrections[of][envelope.number] = body.corrected
        elif body.HasField("voided"):
            self._voided.add((envelope.thread, body.voided.origin, body.voided.number))
        elif body.HasField("track_ended"):
            step = body.track_ended.step
            self._ended[envelope.thread] = min(self._ended.get(envelope.thread, step), step)

    def standing(self) -> list[Standing]:
        """Give what stands, by thread, series and origin."""
        latest: dict[tuple[str, str, str], Standing] = {}
        for place, (step, progressed) in self._said.items():
            thread, origin, number = place
            # A step that crossed the end of its track has no effect (rule 8).
            if place in self._voided or step > self._ended.get(thread, step):
                continue
            corrections = self._standing_corrections(place)
            told = _corrected(progressed, corrections)
            if not told.HasField("report") and not told.HasField("percent"):
                continue
            key = thread, told.report.key, origin
            if key not in latest or latest[key].number < number:
                percent = told.percent if told.HasField("percent") else None
                latest[key] = Standing(*key, number, bool(corrections), percent, told.report)
        return [latest[key] for key in sorted(latest)]

    def totals(self) -> list[Total]:
        """Give what all have reported together, by series; shares don't add up and aren't here."""
        return total(self.standing())

    def _standing_corrections(self, place: _Place) -> list[body_pb2.Corrected]:
        thread, origin, _ = place
        return [
            corrected
            for number, corrected in sorted(self._corrections.get(place, {}).items())
            if (thread, origin, number) not in self._voided
        ]


def total(standing: Iterable[Standing]) -> list[Total]:
    """Add up reports that stand, by series."""
    series: dict[str, list[verbs_pb2.Report]] = defaultdict(list)
    for one in standing:
        if one.report.key:
            series[one.report.key].append(one.report)
    return [_total(key, reports) for key, reports in sorted(series.items())]


def _total(series: str, reports: list[verbs_pb2.Report]) -> Total:
    fen: Counter[int] = Counter()
    counts: Counter[int] = Counter()
    milestones: dict[str, str] = {}
    for report in reports:
        for sum_ in report.sums:
            fen[sum_.of] += sum_.fen
        for count in report.counts:
            counts[count.counted] += count.number
        for done in report.milestones:
            milestones[done.title] = min(milestones.get(done.title, done.date), done.date)
    return Total(
        series=series,
        reports=len(reports),
        fen=dict(fen),
        counts=dict(counts),
        persons=frozenset(person for report in reports for person in report.persons),
        enterprises=frozenset(one for report in reports for one in report.enterprises),
        area_m2=sum(report.area_m2 for report in reports),
        milestones=milestones,
    )


def _named(enum: EnumDescriptor, numbers: Mapping[int, int]) -> dict[str, int]:
    """Name each value without its enumeration's prefix; by its number where our schema is older."""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    known = {one.number: one.name.removeprefix(prefix) for one in enum.values}
    return {known.get(of, str(of)): number for of, number in sorted(numbers.items())}


def _corrected(
    progressed: verbs_pb2.Progressed, corrections: Iterable[body_pb2.Corrected]
) -> verbs_pb2.Progressed:
    """Give what was said as it should have read: of each corrected field the latest stands."""
    stands = verbs_pb2.Progressed.FromString(progressed.SerializeToString())
    for corrected in corrections:
        read = verbs_pb2.Progressed.FromString(corrected.body.progressed.SerializeToString())
        for name in stands.DESCRIPTOR.fields_by_name:
            (stands if name in corrected.fields else read).ClearField(name)
        stands.MergeFrom(read)
    return stands
