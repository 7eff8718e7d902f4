"""Deliveries: each event is judged once, when it is countersigned or when its time is over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collabbus.processor.deliveries import COARSE_MS, Deliveries
from collabbus.processor.metrics import Metrics

PEER = {"region": "beijing", "peer": "tianjin"}
START = 1_000_000_000_000


class Watched:
    """Deliveries of one link within 5 minutes, and what they tell."""

    def __init__(self, countersigned: int = 0, sent: int = 0, oldest_ms: int | None = None) -> None:
        self.metrics = Metrics("beijing")
        self.watch = Deliveries(0, 300.0, self.metrics)
        self.watch.take("tianjin", countersigned, sent, oldest_ms)

    def ship(self, end: int, second: float) -> None:
        self.watch.shipped("tianjin", end, START + int(second * 1000))

    def receipt(self, size: int, second: float) -> None:
        self.watch.countersigned("tianjin", size, START + int(second * 1000))

    def look(self, second: float) -> None:
        self.watch.look(START + int(second * 1000))

    def judged(self, result: str) -> float:
        return self._told("deliveries_total", result=result)

    @property
    def results(self) -> tuple[float, float]:
        return self.judged("in_time"), self.judged("late")

    @property
    def observed(self) -> float:
        return self._told("countersigned_seconds_count")

    def _told(self, name: str, **labels: str) -> float:
        found = self.metrics.registry.get_sample_value(f"collabbus_{name}", {**PEER, **labels})
        return found or 0.0

    def age(self, second: float) -> float:
        self.look(second)
        self.metrics.links._clock = lambda: START / 1000 + second
        return self._told("link_uncountersigned_seconds", shard="0")


def test_what_is_countersigned_in_time_is_counted_once() -> None:
    link = Watched()
    link.ship(3, 0)
    link.look(1)
    assert link.results == (0, 0)
    link.receipt(2, 2)
    link.receipt(2, 3)
    assert link.results == (2, 0)
    link.receipt(3, 4)
    link.look(400)
    assert link.results == (3, 0)
    assert link.observed == 3


def test_what_is_late_counts_while_its_peer_is_down_and_never_again() -> None:
    link = Watched()
    link.ship(2, 0)
    link.ship(3, 200)
    link.look(300)
    assert link.results == (0, 0)
    link.look(301)
    assert link.results == (0, 2)
    link.receipt(3, 400)
    assert link.results == (1, 2)
    link.look(1000)
    assert link.results == (1, 2)
    assert link.observed == 3


def test_a_receipt_that_comes_too_late_before_anybody_looked_is_late() -> None:
    link = Watched()
    link.ship(1, 0)
    link.receipt(1, 301)
    assert link.results == (0, 1)


def test_the_oldest_events_age_is_told_and_grows_without_anything_moving() -> None:
    link = Watched()
    assert link.age(5) == 0
    link.ship(1, 10)
    link.ship(2, 80)
    assert [link.age(30), link.age(500)] == [20, 490]
    link.receipt(1, 501)
    assert link.age(510) == 430
    link.receipt(2, 511)
    assert link.age(520) == 0


def test_what_was_under_way_at_the_start_has_an_age_and_is_not_judged() -> None:
    link = Watched(countersigned=4, sent=7, oldest_ms=START - 60_000)
    assert link.age(0) == 60
    link.ship(8, 1)
    link.look(302)
    link.receipt(8, 303)
    assert link.results == (0, 1)
    assert link.observed == 1
    assert link.age(304) == 0


def test_what_is_read_again_after_a_restart_is_not_noted_twice() -> None:
    """A checkpoint may lie before the last receipt: the link grows past it once more."""
    link = Watched(countersigned=5, sent=3)
    for end in (4, 5, 6):
        link.ship(end, 0)
    link.receipt(6, 1)
    assert link.results == (1, 0)


def test_a_peer_that_is_away_for_a_week_costs_an_entry_a_minute() -> None:
    link = Watched()
    for second in range(0, 36_000, 10):
        link.ship(second // 10 + 1, second)
        link.look(second)
    late = link.watch._ways["tianjin"].late
    assert len(late) <= 36_000_000 / COARSE_MS + 1
    link.look(40_000)
    assert link.results == (0, 3600)
    link.receipt(3600, 40_001)
    assert link.observed == 3600


@given(
    some.lists(
        some.tuples(some.sampled_from(["ship", "receipt", "look"]), some.integers(0, 400)),
        max_size=40,
    )
)
def test_each_event_is_judged_exactly_once_whatever_comes_when(
    course: list[tuple[str, int]],
) -> None:
    link, end, at, signed = Watched(), 0, 0, 0
    for what, number in course:
        at += number
        if what == "ship":
            end += number % 5 + 1
            link.ship(end, at)
        elif what == "receipt":
            signed = max(signed, min(end, signed + number % 7))
            link.receipt(signed, at)
        else:
            link.look(at)
    link.receipt(end, at + 1)
    link.look(at + 1000)
    assert sum(link.results) == end
    assert link.observed == end


@pytest.mark.parametrize("stage", ["record", "dispatch"])
def test_a_released_stage_takes_its_own_gauges_along(stage: str) -> None:
    metrics = Metrics("beijing")
    metrics.links.size("tianjin", 0, "sent", 1)
    metrics.links.size("tianjin", 0, "received", 2)
    metrics.links.size("tianjin", 1, "sent", 3)
    metrics.links.held("tianjin", 0, 4)
    metrics.links.oldest("tianjin", 0, 5)
    metrics.lag(stage, "topic", 0, 6)
    metrics.released(stage, 0)
    left = {
        (sample.name, sample.labels.get("what"), sample.labels["shard"])
        for family in metrics.registry.collect()
        for sample in family.samples
        if "shard" in sample.labels
    }
    mine = ("collabbus_link_uncountersigned_seconds", None, "0")
    other = ("collabbus_held", None, "0")
    size = "collabbus_link_size"
    assert left == {
        (size, "sent", "1"),
        *({(size, "received", "0"), other} if stage == "dispatch" else {(size, "sent", "0"), mine}),
    }
