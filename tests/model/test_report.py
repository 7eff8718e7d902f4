from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import common_pb2 as common
from collab.v1 import event_pb2 as ev
from collabbus.model import thread as threads
from collabbus.model.report import Reports, Standing, total
from tests.model.neighbours import BINHAI, HAIDIAN, Neighbours

Told = tuple[ev.Envelope, body_pb2.Body]
MAIN, TRACK = "main", "track/gansu/provincial"


def report(series: str = "campaign", fen: int = 0, area: int = 0, *persons: str) -> body_pb2.Body:
    """Give what an office says of a round, in full."""
    sums = [common.Sum(of=common.SUM_OF_RECOVERED, fen=fen)] if fen else []
    of = verbs_pb2.Report(key=series, sums=sums, area_m2=area, persons=persons)
    return body_pb2.Body(progressed=verbs_pb2.Progressed(text="进展", report=of))


def correction(number: int, body: body_pb2.Body, *fields: str) -> body_pb2.Body:
    return body_pb2.Body(
        corrected=body_pb2.Corrected(number=number, fields=fields, reason="笔误", body=body)
    )


def voided(origin: str, number: int) -> body_pb2.Body:
    return body_pb2.Body(voided=verbs_pb2.Voided(origin=origin, number=number))


def at(
    number: int, body: body_pb2.Body, origin: str = "gansu", thread: str = MAIN, step: int = 0
) -> Told:
    """Give an event as a log has it."""
    envelope = ev.Envelope(origin=origin, number=number, thread=thread)
    if step:
        envelope.step.number = step
    return envelope, body


def gathered(*told: Told) -> Reports:
    reports = Reports()
    for envelope, body in told:
        reports.take(envelope, body)
    return reports


# What stands ----------------------------------------------------------------------------------


def test_the_latest_report_stands_and_isnt_added_to_the_one_before() -> None:
    reports = gathered(at(1, report(fen=100, area=7)), at(2, report(fen=250, area=7)))
    [campaign] = reports.totals()
    assert (campaign.fen, campaign.area_m2) == ({common.SUM_OF_RECOVERED: 250}, 7)
    assert [one.number for one in reports.standing()] == [2]


def test_a_report_that_is_said_again_adds_nothing() -> None:
    once = gathered(at(1, report("campaign", 100, 7, "p1")))
    twice = gathered(*[at(n, report("campaign", 100, 7, "p1")) for n in (1, 2)])
    assert twice.totals() == once.totals()


def test_a_correction_replaces_what_it_names_and_nothing_else() -> None:
    said = report(fen=100)
    said.progressed.percent = 40
    read = report(fen=900)
    read.progressed.percent = 90
    [stands] = gathered(at(1, said), at(2, correction(1, read, "report"))).standing()
    assert (stands.report.sums[0].fen, stands.percent, stands.corrected) == (900, 40, True)
    [stands] = gathered(at(1, said), at(2, correction(1, read, "percent"))).standing()
    assert (stands.report.sums[0].fen, stands.percent) == (100, 90)
    assert gathered(at(1, said), at(2, correction(1, read, "text"))).standing() == [
        replace(gathered(at(1, said)).standing()[0], corrected=True)
    ]


def test_the_latest_correction_stands_and_a_later_report_before_it() -> None:
    acts = [
        at(1, report(fen=1)),
        at(2, correction(1, report(fen=2), "report")),
        at(3, correction(1, report(fen=3), "report")),
    ]
    for order in (acts, reversed(acts)):
        assert gathered(*order).totals()[0].fen == {common.SUM_OF_RECOVERED: 3}
    assert gathered(*acts, at(4, report(fen=4))).totals()[0].fen == {common.SUM_OF_RECOVERED: 4}


def test_nobody_corrects_the_report_of_another() -> None:
    mine = at(1, report(fen=5))
    theirs = at(1, correction(1, report(fen=9), "report"), "shaanxi")
    elsewhere = at(2, correction(1, report(fen=9), "report"), thread=TRACK)
    assert gathered(mine, theirs, elsewhere).standing() == gathered(mine).standing()


def test_a_report_that_its_origin_voids_was_never_said() -> None:
    acts = at(1, report(fen=1)), at(2, report(fen=2)), at(3, voided("gansu", 2))
    assert gathered(*acts).totals()[0].fen == {common.SUM_OF_RECOVERED: 1}
    back = (
        at(1, report(fen=1)),
        at(2, correction(1, report(fen=2), "report")),
        at(3, voided("gansu", 2)),
    )
    assert gathered(*back).standing() == gathered(at(1, report(fen=1))).standing()


def test_a_step_that_crosses_the_end_of_its_track_reports_nothing() -> None:
    """Rule 8: it is recorded, without effect."""
    ended = at(1, body_pb2.Body(track_ended=verbs_pb2.TrackEnded(step=2)), "ningxia", TRACK)
    before = at(1, report(fen=1), thread=TRACK, step=2)
    late = at(2, report(fen=2), thread=TRACK, step=3)
    assert [one.number for one in gathered(before, late, ended).standing()] == [1]


def test_who_is_named_by_two_regions_is_counted_once_and_money_is_whole_fen() -> None:
    reports = gathered(
        at(1, report("campaign", 1, 10, "p1", "p2")),
        at(1, report("campaign", 2**63, 20, "p2", "p3"), "shaanxi", TRACK),
        at(2, report("other", 5, 0, "p9"), "shaanxi", TRACK),
    )
    campaign, other = reports.totals()
    assert campaign.persons == {"p1", "p2", "p3"}
    assert campaign.fen == {common.SUM_OF_RECOVERED: 2**63 + 1}
    assert (campaign.area_m2, campaign.reports) == (30, 2)
    assert (other.series, other.persons) == ("other", {"p9"})


def test_a_milestone_is_reached_on_the_first_day_that_is_told_of_it() -> None:
    def reached(day: str) -> body_pb2.Body:
        told = report()
        told.progressed.report.milestones.add(title="补植", date=day)
        return told

    for days in (("2026-10-02", "2026-10-01"), ("2026-10-01", "2026-10-02")):
        acts = at(1, reached(days[0])), at(1, reached(days[1]), "shaanxi")
        assert gathered(*acts).totals()[0].milestones == {"补植": "2026-10-01"}


def test_progress_that_tells_no_figure_is_no_report() -> None:
    said = body_pb2.Body(progressed=verbs_pb2.Progressed(text="已联系证人"))
    assert gathered(at(1, said)).standing() == []
    said.progressed.percent = 0
    [stands] = gathered(at(1, said)).standing()
    assert (stands.series, stands.percent) == ("", 0)
    assert total([stands]) == []


def test_an_erased_body_tells_nothing() -> None:
    assert gathered(at(1, body_pb2.Body())).standing() == []


# Order and repeats ----------------------------------------------------------------------------

_ACTS = some.tuples(
    some.sampled_from((MAIN, TRACK)),
    some.sampled_from(("gansu", "shaanxi")),
    some.sampled_from(("report", "report", "correct", "void")),
    some.sampled_from(("a", "b")),
    some.integers(1, 5),
)


def _log(acts: list[tuple[str, str, str, str, int]]) -> list[Told]:
    """Give acts as events, each origin's numbered in each thread; `value` also picks a number."""
    last: Counter[tuple[str, str]] = Counter()
    log = []
    for thread, origin, what, series, value in acts:
        last[thread, origin] += 1
        body = {
            "report": report(series, value, 0, f"p{value}"),
            "correct": correction(value, report(series, value * 10), "report"),
            "void": voided(origin, value),
        }[what]
        log.append(at(last[thread, origin], body, origin, thread))
    return log


def _expected(log: list[Told]) -> dict[tuple[str, str, str], int]:
    """Give what stands, in fen, as one would find it by hand: origin by origin, from the end."""
    found = {}
    for thread, origin in {(envelope.thread, envelope.origin) for envelope, _ in log}:
        mine = [body for e, body in log if (e.thread, e.origin) == (thread, origin)]
        void = {body.voided.number for body in mine if body.HasField("voided")}
        for number, body in enumerate(mine, 1):
            if not body.HasField("progressed") or number in void:
                continue
            stands = body.progressed.report
            for later, other in enumerate(mine, 1):
                if other.corrected.number == number and later not in void:
                    stands = other.corrected.body.progressed.report
            found[thread, stands.key, origin] = stands.sums[0].fen
    return found


def _fen(standing: list[Standing]) -> dict[tuple[str, str, str], int]:
    return {(one.thread, one.series, one.origin): one.report.sums[0].fen for one in standing}


@given(some.lists(_ACTS, max_size=12), some.randoms(use_true_random=False))
def test_no_order_and_no_repeat_changes_what_stands(
    acts: list[tuple[str, str, str, str, int]], rnd: random.Random
) -> None:
    log = _log(acts)
    stands = gathered(*log).standing()
    assert _fen(stands) == _expected(log)
    mixed = [*log, *log]
    rnd.shuffle(mixed)
    assert gathered(*mixed).standing() == stands
    assert total(stands) == gathered(*mixed).totals()


# In a log -------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [False, True])
def test_all_regions_have_the_same_report_of_a_matter(regions: Neighbours, again: bool) -> None:
    matter = regions.open(HAIDIAN, BINHAI)
    regions.carry_all()
    for kind in ("Received", "Accepted"):
        regions.says(BINHAI, kind, matter)
    regions.says(BINHAI, "Progressed", matter, body=report(fen=100))
    regions.says(BINHAI, "Progressed", matter, body=report(fen=300, area=5))
    number = threads.last(regions.thread("tianjin", matter), "tianjin")
    fixed = correction(number, report(fen=200, area=5), "report")
    regions.says(BINHAI, "Commented", matter, body=fixed)
    if again:
        regions.says(BINHAI, "Progressed", matter, body=report(fen=200, area=5))
    regions.carry_all()
    for region in ("beijing", "tianjin"):
        reports = Reports()
        for event in regions.events(region):
            envelope = ev.Envelope.FromString(event.envelope)
            reports.take(envelope, body_pb2.Body.FromString(event.body))
        [campaign] = reports.totals()
        assert campaign.fen == {common.SUM_OF_RECOVERED: 200}
        assert campaign.area_m2 == 5
