"""Delivery: in order per matter, at least once, parked where it must be, through any crash."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabbus.handlers.delivery import (
    Action,
    Clear,
    Decision,
    Delivery,
    Failure,
    Item,
    Park,
    Parked,
    Phase,
    Replay,
    Retry,
    Run,
)

RETRY = Retry(at_once=1, waits_ms=(10, 100))
NOTHING: list[Action] = []


def item(offset: int, *handlers: str) -> Item[None]:
    return Item(offset, f"e{offset}", handlers or ("a",), None)


def one(delivery: Delivery[None], now_ms: int = 0) -> Run[None]:
    [run] = delivery.due(now_ms, 10)
    return run


def parked(delivery: Delivery[None], run: Run[None], *, permanent: bool = True) -> Parked:
    [park] = delivery.failed(run, Failure("X", permanent=permanent), 0)
    assert isinstance(park, Park)
    delivery.parked(park.record)
    return park.record


def test_events_of_a_matter_wait_for_each_other_and_matters_do_not() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    for offset, matter in enumerate("mmn"):
        delivery.take(matter, item(offset))
    first, other = delivery.due(0, 10)
    assert (first.item.offset, other.item.offset) == (0, 2)
    assert delivery.due(0, 10) == []
    delivery.succeeded(first)
    assert one(delivery).item.offset == 1


def test_handlers_of_an_event_run_one_after_the_other_in_their_order() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0, "a", "b"))
    run = one(delivery)
    assert run.handler == "a"
    delivery.succeeded(run)
    assert delivery.committable == 0
    run = one(delivery)
    assert run.handler == "b"
    delivery.succeeded(run)
    assert delivery.committable == 1
    assert delivery.idle


def test_an_event_that_comes_again_is_taken_once_and_in_its_place() -> None:
    delivery: Delivery[None] = Delivery(RETRY, 3)
    for offset in (3, 4, 2, 3, 4, 5):
        delivery.take("m", item(offset))
    seen = []
    while runs := delivery.due(0, 1):
        seen.append(runs[0].item.offset)
        delivery.succeeded(runs[0])
    assert seen == [3, 4, 5]
    assert delivery.committable == 6


def test_no_more_runs_are_begun_than_there_is_room_for() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    for offset in range(5):
        delivery.take(f"m{offset}", item(offset))
    assert len(delivery.due(0, 2)) == 2
    assert len(delivery.due(0, 10)) == 3


def test_a_failure_is_tried_at_once_then_later_and_later_then_parked() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0))
    now = 0
    for attempt, wait in ((1, 0), (2, 10), (3, 100)):
        run = one(delivery, now)
        assert run.attempt == attempt
        assert delivery.failed(run, Failure("X"), now) == NOTHING
        if wait:
            assert delivery.next_ms() == now + wait
            assert delivery.due(now + wait - 1, 1) == []
        now += wait
    [park] = delivery.failed(one(delivery, now), Failure("X"), now)
    assert isinstance(park, Park)
    assert park.record.failures == 4


def test_while_the_region_is_away_nothing_is_parked() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0))
    now = 0
    for _ in range(10):
        assert delivery.failed(one(delivery, now), Failure("NotAccepted", outage=True), now) == []
        now = delivery.next_ms() or now
    assert now == 10 + 100 * 8, "one at once, one soon, then after the longest wait"


def test_success_forgets_earlier_failures() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0))
    delivery.take("m", item(1))
    delivery.failed(one(delivery), Failure("X"), 0)
    delivery.succeeded(one(delivery))
    assert one(delivery).attempt == 1


def test_a_permanent_failure_parks_at_once() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0))
    assert parked(delivery, one(delivery)).failures == 1


def test_nothing_is_committed_past_a_parked_event_before_its_record_is_durable() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0))
    [park] = delivery.failed(one(delivery), Failure("X", permanent=True), 0)
    assert isinstance(park, Park)
    delivery.take("m", item(5))
    assert delivery.committable == 0
    assert delivery.due(1_000_000, 10) == []
    delivery.parked(park.record)
    assert delivery.committable == 6


def test_a_parked_matter_waits_and_others_go_on() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0))
    parked(delivery, one(delivery))
    delivery.take("m", item(1))
    delivery.take("n", item(2))
    assert one(delivery).matter_id == "n"
    assert delivery.committable == 2


def test_a_retry_reads_again_from_the_event_that_failed_and_ends_with_clearing() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0, "a", "b"))
    delivery.succeeded(one(delivery))
    record = parked(delivery, one(delivery))
    assert record.handler == "b"
    delivery.take("m", item(4))
    assert delivery.decide(record, Decision.RETRY) == [Replay("m", 0, 5)]
    delivery.take("m", item(7))
    delivery.replayed("m", [item(0, "a", "b"), item(4)])
    seen = []
    cleared: list[int] = []
    for _ in range(3):
        run = one(delivery)
        seen.append((run.item.offset, run.handler))
        if delivery.succeeded(run) == [Clear("m")]:
            cleared.append(run.item.offset)
    assert seen == [(0, "b"), (4, "a"), (7, "a")]
    assert cleared == [4], "what the record stood for is done, and not before"
    assert delivery.idle


def test_a_skip_leaves_out_the_handler_that_failed_and_no_other() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0, "a", "b"))
    record = parked(delivery, one(delivery))
    delivery.decide(record, Decision.SKIP)
    delivery.replayed("m", [item(0, "a", "b")])
    assert one(delivery).handler == "b"


def test_a_skip_of_all_there_was_clears() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0))
    record = parked(delivery, one(delivery))
    delivery.decide(record, Decision.SKIP)
    assert delivery.replayed("m", [item(0)]) == [Clear("m")]
    assert delivery.idle


def test_a_decision_about_another_event_is_of_no_effect() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0))
    record = parked(delivery, one(delivery))
    other = replace(record, offset=9, event_id="e9")
    assert delivery.decide(other, Decision.SKIP) == NOTHING
    assert delivery.phase("m") is Phase.PARKED


@pytest.mark.parametrize("decision", list(Decision))
def test_a_decision_counts_once_where_the_event_fails_again(decision: Decision) -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0, "a", "b"))
    first = parked(delivery, one(delivery))
    delivery.decide(first, decision)
    delivery.replayed("m", [item(0, "a", "b")])
    run = one(delivery)
    assert run.handler == ("a" if decision is Decision.RETRY else "b")
    [park] = delivery.failed(run, Failure("X", permanent=True), 70)
    assert isinstance(park, Park)
    delivery.parked(park.record)
    assert delivery.decide(first, decision) == NOTHING
    assert delivery.phase("m") is Phase.PARKED
    assert delivery.decide(park.record, decision) == [Replay("m", 0, 1)]


def test_a_decision_waits_until_the_log_is_read_as_far_as_the_event() -> None:
    record = Parked("m", 5, "e5", "a", Failure("X"), 1, 0)
    delivery: Delivery[None] = Delivery(RETRY, 3, [record])
    assert delivery.decide(record, Decision.RETRY) == NOTHING
    assert delivery.take("m", item(3)) == NOTHING, "done before the crash, and not committed"
    assert delivery.take("m", item(5)) == [Replay("m", 5, 6)]


def test_an_answer_that_was_rejected_gets_a_new_id_at_the_next_try_alone() -> None:
    delivery: Delivery[None] = Delivery(RETRY)
    delivery.take("m", item(0))
    run = one(delivery)
    [park] = delivery.failed(run, Failure("Rejected", permanent=True, rejected=2), 0)
    assert isinstance(park, Park)
    assert park.record.again == {2: 1}
    delivery.parked(park.record)
    delivery.decide(park.record, Decision.RETRY)
    delivery.replayed("m", [item(0)])
    run = one(delivery)
    assert run.again == {2: 1}
    [park] = delivery.failed(run, Failure("Rejected", permanent=True, rejected=2), 0)
    assert isinstance(park, Park)
    assert park.record.again == {2: 2}


@dataclass
class Disk:
    """What survives a crash of a host, and what its handlers did."""

    log: list[tuple[str, tuple[str, ...]]]
    committed: int = 0
    parked: dict[str, Parked] = field(default_factory=dict)
    decisions: dict[str, tuple[Parked, Decision]] = field(default_factory=dict)
    done: list[tuple[str, int, str]] = field(default_factory=list)
    skipped: set[tuple[str, int, str]] = field(default_factory=set)

    def items(self, matter: str, start: int, end: int) -> list[Item[None]]:
        return [
            Item(offset, f"e{offset}", self.log[offset][1], None)
            for offset in range(start, end)
            if self.log[offset][0] == matter
        ]


class Driver:
    """A host without Kafka: what it writes is durable when a choice says so."""

    def __init__(self, disk: Disk, choose: st.DataObject, faulty: set[tuple[int, str]]) -> None:
        self.disk, self.choose, self.faulty = disk, choose, faulty
        self.now = 0
        self.boot()

    def boot(self) -> None:
        self.delivery: Delivery[None] = Delivery(
            Retry(1, (5,)), self.disk.committed, list(self.disk.parked.values())
        )
        self.next = self.disk.committed
        self.running: list[Run[None]] = []
        self.actions: list[Action] = []
        for decided in self.disk.decisions.values():
            self.actions += self.delivery.decide(*decided)

    def step(self, what: str) -> None:
        disk, delivery = self.disk, self.delivery
        if what == "take" and self.next < len(disk.log):
            matter, handlers = disk.log[self.next]
            one = Item(self.next, f"e{self.next}", handlers, None)
            self.actions += delivery.take(matter, one)
            self.next += 1
        elif what == "start":
            self.running += delivery.due(self.now, 2)
        elif what == "end" and self.running:
            run = self.running.pop(0)
            if (run.item.offset, run.handler) in self.faulty:
                self.actions += delivery.failed(run, Failure("X"), self.now)
            else:
                disk.done.append((run.matter_id, run.item.offset, run.handler))
                self.actions += delivery.succeeded(run)
        elif what == "write" and self.actions:
            self.write(self.actions.pop(0))
        elif what == "commit":
            assert delivery.committable >= disk.committed
            disk.committed = delivery.committable
        elif what == "later":
            self.now += 10
        elif what == "crash":
            self.boot()
        elif what == "decide" and disk.parked:
            matter = self.choose.draw(st.sampled_from(sorted(disk.parked)))
            self.decide(matter, self.choose.draw(st.sampled_from(list(Decision))))

    def decide(self, matter: str, decision: Decision) -> None:
        record = self.disk.parked[matter]
        before = self.disk.decisions.get(matter)
        if before is None or before[0].which != record.which:
            self.disk.decisions[matter] = record, decision
            if decision is Decision.SKIP:
                self.disk.skipped.add((matter, record.offset, record.handler))
            self.actions += self.delivery.decide(record, decision)

    def write(self, action: Action) -> None:
        if isinstance(action, Park):
            self.disk.parked[action.record.matter_id] = action.record
            self.delivery.parked(action.record)
            if (decided := self.disk.decisions.get(action.record.matter_id)) is not None:
                self.actions += self.delivery.decide(*decided)  # which the host hears of again
        elif isinstance(action, Clear):
            self.disk.parked.pop(action.matter_id)
            self.disk.decisions.pop(action.matter_id, None)
        else:
            items = self.disk.items(action.matter_id, action.start, action.end)
            self.actions += self.delivery.replayed(action.matter_id, items)

    def rest(self) -> None:
        for _ in range(400):
            for what in ("take", "start", "end", "write", "later", "commit"):
                self.step(what)


STEPS = ("take", "take", "start", "end", "write", "commit", "later", "decide", "crash")


@given(
    st.lists(
        st.tuples(st.sampled_from("mno"), st.sampled_from([("a",), ("b",), ("a", "b")])),
        min_size=1, max_size=12,
    ),
    st.sets(st.tuples(st.integers(0, 11), st.sampled_from("ab")), max_size=4),
    st.lists(st.sampled_from(STEPS), max_size=120),
    st.data(),
)  # fmt: skip
def test_whatever_crashes_all_is_handled_in_order_or_parked_or_skipped(
    log: list[tuple[str, tuple[str, ...]]],
    faulty: set[tuple[int, str]],
    steps: list[str],
    choose: st.DataObject,
) -> None:
    driver = Driver(Disk(log), choose, faulty)
    for what in steps:
        driver.step(what)
    driver.rest()
    # The fault is mended, and a person has all that is parked tried again.
    driver.faulty = set()
    for _ in range(len(log) + 1):
        for matter in list(driver.disk.parked):
            driver.decide(matter, Decision.RETRY)
        driver.rest()
    disk = driver.disk
    assert not disk.parked
    assert disk.committed == len(log)
    wanted = [(m, offset, h) for offset, (m, handlers) in enumerate(log) for h in handlers]
    lost = set(wanted) - set(disk.done) - disk.skipped
    assert not lost
    for matter in "mno":
        first: dict[tuple[int, str], int] = {}
        for place, (of, offset, handler) in enumerate(disk.done):
            if of == matter:
                first.setdefault((offset, handler), place)
        assert list(first) == sorted(first), "the first time is in order"
