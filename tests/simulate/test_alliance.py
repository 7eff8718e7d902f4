from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest

from collabbus.simulate.campaign import Verdict, campaign, play
from collabbus.simulate.coverage import EXPECTED
from tests.model.neighbours import CONTRACTS
from tests.simulate import planted, planted_refusals

SEEDS = range(300, 1000)
"""Beyond those that every `make check` has played before."""
FEW = range(6)
PLANTED = planted.PLANTED | planted_refusals.PLANTED


@cache
def sound() -> list[Verdict]:
    workers = os.cpu_count() or 1
    found = campaign(CONTRACTS, None, SEEDS, workers)
    return sorted((verdict for some in found for verdict in some), key=lambda v: v.seed)


def test_seeds_hold() -> None:
    broken = [verdict.tell() for verdict in sound() if verdict.broken]
    assert not broken, "\n\n".join(broken[:3])


def test_every_seed_of_a_campaign_is_played_once() -> None:
    assert [verdict.seed for verdict in sound()] == list(SEEDS)


def test_the_same_seed_is_the_same_story_whichever_process_plays_it() -> None:
    for verdict in sound()[:3]:
        assert play(CONTRACTS, None, verdict.seed) == verdict


def test_no_seed_tells_anothers_story() -> None:
    assert len({verdict.story for verdict in sound()}) == len(SEEDS)


def test_a_campaign_begins_nothing_after_its_seconds_are_over() -> None:
    assert list(campaign(CONTRACTS, None, range(1 << 40), workers=1, seconds=-1)) == []


def test_a_network_can_be_asked_for() -> None:
    assert {play(CONTRACTS, "jiangan", seed, steps=20).network for seed in FEW} == {"jiangan"}
    assert {verdict.network for verdict in sound()} == {"jingjinji", "northwest", "jiangan"}


def test_the_seeds_exercise_all_that_the_simulator_is_there_for() -> None:
    """Else it may stop trying something one day, and nobody would notice."""
    found = sum((verdict.exercised for verdict in sound()), Counter[str]())
    assert {name: found[name] for name in EXPECTED if not found[name]} == {}
    assert sum(verdict.events for verdict in sound()) > 80 * len(SEEDS)


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(
    plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    for seed in range(PLANTED[plant]):
        verdict = play(CONTRACTS, None, seed)
        if verdict.broken:
            assert f"collabbus simulate --seed {seed}" in verdict.tell()
            return
    pytest.fail(f"{plant.__name__}: {PLANTED[plant]} seeds found nothing")


def test_without_a_planted_fault_the_same_seeds_find_nothing() -> None:
    for seed in range(max(PLANTED.values())):
        verdict = play(CONTRACTS, None, seed)
        assert not verdict.broken, verdict.tell()
