"""Standing: figures that are functions of the state, whoever has it and however he came by it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.contracts import load
from collabbus.model.calendar import Calendar, Deviations
from collabbus.model.deadline import CHINA
from collabbus.model.journal import thread_key
from collabbus.model.store import Store
from collabbus.processor.standing import Standing, working_days

CONTRACTS = Path(__file__).parents[2] / "contracts"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=CHINA)
"""A Friday."""
NOW_MS = int(NOW.timestamp() * 1000)
BINHAI = {"awaited": "tianjin", "level": "district", "network": "jingjinji"}


@pytest.fixture(scope="module")
def contracts() -> dict[str, object]:
    found = load(CONTRACTS)
    return {name: found.pin(name) for name in ("jingjinji",)}


@pytest.fixture
def standing(contracts: dict[str, object]) -> Standing:
    made = Standing("beijing", clock=NOW.timestamp)
    made.know(contracts)  # type: ignore[arg-type]
    return made


def thread(
    number: int,
    awaits: str = "tianjin/binhai",
    name: str = "main",
    network: str = "jingjinji",
    **fields: object,
) -> dict[str, bytes]:
    matter_id = f"{number:032x}"
    matter = st.Matter(matter_id=matter_id, network=network, family=ev.FAMILY_ASSISTANCE)
    kept = st.Thread(thread=name, step=ev.Step(number=1, awaits=awaits), **fields)  # type: ignore[arg-type]
    return {
        "m/" + matter_id: matter.SerializeToString(),
        thread_key(matter_id, name): kept.SerializeToString(),
    }


def told(standing: Standing, name: str, **labels: str) -> float:
    registry = CollectorRegistry()
    registry.register(standing)
    return sum(
        sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name == f"collabbus_{name}" and labels.items() <= sample.labels.items()
    )


def commit(standing: Standing, store: Store, changes: dict[str, bytes | None]) -> None:
    """Change a shard's state as a transaction does: the shell looks before the store commits."""
    for key, value in changes.items():
        if value is None:
            store.drop(key)
        else:
            store.put(key, value)
    store.keep_input()
    standing.changed(0, store, store.changes())
    store.commit()


def figures(standing: Standing) -> tuple[float, float, float]:
    found = [told(standing, f"threads_{name}") for name in ("open", "overdue", "escalated")]
    return found[0], found[1], found[2]


def test_open_threads_are_told_by_the_office_that_is_awaited(standing: Standing) -> None:
    standing.restored(0, Store({**thread(1), **thread(2, "beijing/provincial", overdue=True)}))
    assert told(standing, "threads_open", **BINHAI, family="assistance") == 1
    assert told(standing, "threads_open", awaited="beijing", level="provincial") == 1
    assert figures(standing) == (2, 1, 0)


def test_a_thread_that_awaits_nobody_or_was_ended_by_its_host_is_not_open(
    standing: Standing,
) -> None:
    ended = thread(2, name="track/tianjin/binhai", ended=1)
    standing.restored(0, Store({**thread(1, ""), **ended}))
    assert figures(standing) == (0, 0, 0)


def test_what_commits_changed_and_what_a_restart_reads_give_the_same(standing: Standing) -> None:
    """Over a course of openings, lateness, answers and ends, after each commit."""
    store = Store()
    course: list[dict[str, bytes | None]] = [
        {**thread(1), **thread(2)},
        {**thread(1, overdue=True)},
        {**thread(1, overdue=True, escalated=1), **thread(3, "beijing/haidian")},
        {**thread(1, "beijing/haidian")},
        {**thread(2, "")},
        dict.fromkeys(thread(3)),
    ]
    wanted = [(2, 0, 0), (2, 1, 0), (3, 1, 1), (3, 0, 0), (2, 0, 0), (1, 0, 0)]
    for changes, figure in zip(course, wanted, strict=True):
        commit(standing, store, changes)
        assert figures(standing) == figure
        again = Standing("beijing")
        again.know(standing._contracts)
        again.restored(0, store)
        assert figures(again) == figure


def test_the_same_change_told_twice_counts_once(standing: Standing) -> None:
    store = Store()
    commit(standing, store, dict(thread(1)))
    commit(standing, store, dict(thread(1)))
    assert figures(standing) == (1, 0, 0)


def test_a_shard_that_was_given_away_is_told_no_more(standing: Standing) -> None:
    standing.restored(0, Store(thread(1)))
    standing.restored(1, Store(thread(2)))
    standing.released(0)
    assert figures(standing) == (1, 0, 0)


def test_names_that_the_contract_has_not_make_one_series(standing: Standing) -> None:
    kept: dict[str, bytes] = {}
    for number in range(50):
        kept |= thread(number, f"region{number}/office", network=f"network{number}")
    standing.restored(0, Store(kept))
    labels = {"awaited": "unknown", "level": "unknown", "network": "unknown"}
    assert told(standing, "threads_open", **labels) == 50


def held(number: int, code: str, since_ms: int) -> dict[str, bytes]:
    kept = st.HeldEvent(code=code, since_ms=since_ms).SerializeToString()
    return {f"h/{number:032x}/main/tianjin/1": kept}


def test_what_stands_still_is_told_by_code_and_gone_when_it_goes_on(standing: Standing) -> None:
    store = Store()
    day = 86_400_000
    freeze = st.Freeze(refuser="beijing", origin="tianjin", number=1, since_ms=NOW_MS - 2 * day)
    commit(standing, store, {
        **held(1, "CAUSE", NOW_MS - day), **held(2, "CAUSE", NOW_MS), **held(3, "REFUSED", NOW_MS),
        **thread(3, freezes=[freeze]),
    })  # fmt: skip
    assert [told(standing, "waiting", code=c) for c in ("CAUSE", "REFUSED", "FROZEN")] == [2, 1, 1]
    assert told(standing, "waiting_oldest_workdays", code="CAUSE") == 1
    assert told(standing, "waiting_oldest_workdays", code="FROZEN") == 2
    commit(standing, store, {**dict.fromkeys(held(1, "CAUSE", 0)), **thread(3)})
    assert told(standing, "waiting", code="CAUSE") == 1
    assert told(standing, "waiting", code="FROZEN") == 0
    assert told(standing, "waiting_oldest_workdays", code="CAUSE") == 0


def test_a_freeze_without_a_time_counts_from_its_threads_last_step(standing: Standing) -> None:
    freezes = [st.Freeze(refuser="beijing", code="INTERNAL")]
    standing.restored(0, Store(thread(1, freezes=freezes, stepped_ms=NOW_MS - 86_400_000)))
    assert told(standing, "waiting_oldest_workdays", code="FROZEN") == 1


def test_a_shards_clock_is_as_old_as_its_last_tick(standing: Standing) -> None:
    store = Store({"until/beijing": b"%d" % (NOW_MS - 30_000), "until/tianjin": b"1"})
    standing.restored(3, store)
    assert told(standing, "tick_age_seconds", shard="3") == 30
    standing.restored(4, Store())
    assert told(standing, "tick_age_seconds", shard="4") == 0


CALENDAR = Calendar(
    version=1,
    source="test",
    years={2026: Deviations(holidays=("2026-11-24",), workdays=("2026-11-28",))},  # type: ignore[arg-type]
)


@pytest.mark.parametrize(
    ("day", "hour", "days"),
    [
        (20, 15, 0.0),
        (20, 18, 0.125),
        (21, 0, 0.375),
        (22, 23, 0.375),  # a weekend
        (23, 15, 1.0),
        (24, 12, 1.375),  # a holiday
        (25, 15, 2.0),
        (28, 12, 4.875),  # a Saturday that is worked
    ],
)
def test_working_days_pass_on_days_that_are_worked(day: int, hour: int, days: float) -> None:
    until = datetime(2026, 11, day, hour, tzinfo=CHINA)
    assert working_days(CALENDAR, NOW_MS, int(until.timestamp() * 1000)) == days
