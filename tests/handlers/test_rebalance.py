"""What a host does while shards go and come back; what Kafka would give it is handed in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from collab.v1 import event_pb2 as ev
from collabbus.handlers import Call, Failure, Handlers, Retry
from collabbus.handlers.delivery import Action, Decision, Park, Parked, Replay
from collabbus.handlers.host import Host, _Listener
from collabbus.handlers.middleware.metrics import Metrics
from collabbus.handlers.parking import Entry, Place
from collabbus.handlers.past import readable
from collabbus.handlers.work import Work
from collabbus.link.keys import PrivateKey
from collabbus.sdk import Seen
from collabbus.settings import HandlerSettings, KafkaSettings
from tests.handlers.bench import OFFICE
from tests.handlers.test_work import seen
from tests.handlers.typed import triage

HANDLERS = Handlers("desk", triage)
EVENTS = "collab.tianjin.events"


class Over(Exception):
    """There is nothing more to read."""


class Log:
    """Stands for the consumer of the group: gives what it was given, then raises Over."""

    def __init__(self, *fetches: dict[int, list[Any]]) -> None:
        self.fetches = list(fetches)
        self.committed_to = 0
        self.sought: dict[int, int] = {}
        self.meanwhile: Callable[[], None] = lambda: None

    async def getmany(self, timeout_ms: int) -> dict[Any, list[Any]]:
        if not self.fetches:
            raise Over
        given = self.fetches.pop(0)
        return {TopicPartition(EVENTS, shard): records for shard, records in given.items()}

    async def committed(self, tp: Any) -> int:
        self.meanwhile()
        return self.committed_to

    def seek(self, tp: Any, offset: int) -> None:
        self.sought[tp.partition] = offset


def record(shard: int, offset: int, **more: Any) -> Any:
    """An event of the log, of the one matter that the shard has."""
    one = seen(offset, **{"matter_id": f"{shard:032x}", "event_id": f"{offset:032x}", **more})
    return SimpleNamespace(
        topic=EVENTS, partition=shard, offset=offset, timestamp=1,
        key=one.envelope.matter_id.encode(),
        value=ev.Event(
            envelope=one.envelope.SerializeToString(), body=one.body.SerializeToString()
        ).SerializeToString(),
    )  # fmt: skip


@pytest.fixture
def host() -> Iterator[Host]:
    key = PrivateKey(f"{OFFICE}/submit/1", "ed25519+x25519-aes256gcm", b"\1" * 32)
    made = Host(
        HANDLERS, OFFICE, key, KafkaSettings(), HandlerSettings(concurrency=1),
        metrics=Metrics(OFFICE, "desk"),
    )  # fmt: skip
    made._pump = lambda: None  # type: ignore[method-assign] # nothing is begun: it would end later
    yield made
    made._crew.stop()


def give(host: Host, shard: int, position: int) -> None:
    host._work[shard] = Work(shard, HANDLERS, (OFFICE,), position)


def order(work: Work) -> list[int]:
    """Give the offsets of the shard's matter in the order in which they are handled."""
    offsets = []
    while runs := work.delivery.due(0, 1):
        offsets.append(runs[0].item.offset)
        work.delivery.succeeded(runs[0])
    return offsets


def read(host: Host) -> None:
    with pytest.raises(Over):
        asyncio.run(host._read())


def test_what_was_fetched_before_a_rebalance_is_for_nobody_after_it(host: Host) -> None:
    """Invariant 1, for handlers: shards come back while the past of a matter is read."""
    unheard = record(0, 5, number=2, recorded_ms=1_793_000_009_000)
    host._consumer = Log(
        {1: [record(1, offset) for offset in range(100, 105)]},
        {0: [unheard], 1: [record(1, 105), record(1, 106)]},
        {0: [unheard], 1: [record(1, offset) for offset in range(100, 107)]},
    )
    rebalances = iter([True])

    class Past:
        async def since(self, *asked: object) -> list[Seen]:
            if next(rebalances, False):
                give(host, 0, 5)
                give(host, 1, host._work[1].delivery.committable)
            return []

    host._past = Past()  # type: ignore[assignment]
    give(host, 0, 5)
    give(host, 1, 100)
    read(host)
    work = host._work[1]
    assert work.delivery.committable == 100, "nothing of it is done"
    assert order(work) == list(range(100, 107))
    assert order(host._work[0]) == [5]


class Followed:
    """Stands for the parked topic's consumer, which has read all there was."""

    async def end_offsets(self, tps: list[Any]) -> dict[Any, int]:
        return dict.fromkeys(tps, 0)

    async def position(self, tp: Any) -> int:
        return 0


def test_what_another_host_parks_until_a_shard_is_taken_is_known_to_its_new_owner(
    host: Host,
) -> None:
    place = Place(OFFICE, "desk", f"{0:032x}")
    late = Entry(place, 0, Parked(place.matter_id, 7, "e7", "triage", Failure("X"), 1, 99), "", "h")

    def park() -> None:
        host._parked.take(0, place.key, late.value())

    host._follower = Followed()
    host._consumer = Log()
    host._consumer.meanwhile = park
    asyncio.run(host.take_over([0]))
    assert host._consumer.sought == {0: 0}
    assert list(host._work[0].delivery.parked_matters()) == [place.matter_id]


@pytest.mark.parametrize("number", [1, 2])
def test_what_was_parked_is_handled_also_by_a_host_that_was_started_since(
    host: Host, number: int
) -> None:
    """Invariant 1, for handlers: the new host has read nothing of the matter."""
    opening, later = record(0, 3), record(0, 4, number=2, recorded_ms=1_793_000_009_000, step=None)
    log = readable([opening, later])
    first = log[number - 1]
    matter_id = first.envelope.matter_id

    class Past:
        async def between(self, shard: int, matter: str, start: int, end: int) -> list[Seen]:
            return [one for one in log if start <= one.offset < end]

        async def since(self, shard: int, matters: list[str], time_ms: int, end: int) -> list[Seen]:
            assert (matters, time_ms) == ([matter_id], first.envelope.opened_ms)
            return [one for one in log if one.offset < end]

    parked = Parked(
        matter_id, first.offset, first.envelope.event_id, "triage", Failure("X"), 1, 99
    )  # fmt: skip
    host._past = Past()  # type: ignore[assignment]
    work = host._work[0] = Work(0, HANDLERS, (OFFICE,), 9, [parked])
    [replay] = work.delivery.decide(parked, Decision.RETRY)
    assert isinstance(replay, Replay)
    asyncio.run(host._replay(work, replay))
    assert order(work) == [3, 4][number - 1 :]


class Topic:
    """Stands for the parked topic: its host hears at once, before it knows that it was heard."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.meanwhile: Callable[[Entry], Entry | None] = lambda _: None
        """Given what the host writes, what somebody else writes then."""
        self.replays: list[Replay] = []
        host._aside = self.replays.append  # type: ignore[method-assign]
        host._replay = lambda _, action: action  # type: ignore[assignment,return-value]

    async def send_and_wait(self, topic: str, value: bytes | None, *, key: bytes, **_: Any) -> None:
        entry = self._hear(key, value)
        if entry is not None and (late := self.meanwhile(entry)) is not None:
            if late.decision is None:
                self._hear(late.place.key, late.value())
            else:
                self._hear(late.place.decision_key, late.decided(late.decision))

    def _hear(self, key: bytes, value: bytes | None) -> Entry | None:
        entry = self.host._parked.take(0, key, value)
        if entry is not None:
            self.host._react(self.host._work[0], entry)
        return entry

    def write(self, work: Work, *actions: Action) -> None:
        async def main() -> None:
            self.host._producer = self
            self.host._do(work, actions)
            writing = asyncio.create_task(self.host._write())
            await asyncio.sleep(0.05)
            writing.cancel()

        asyncio.run(main())


def fail(work: Work, event: Any, now_ms: int = 7) -> list[Action]:
    """Have the handler fail for good on the matter's next event."""
    work.take(readable([event])[0])
    [run] = work.delivery.due(0, 1)
    return work.delivery.failed(run, Failure("X", permanent=True), now_ms)


def test_a_decision_that_is_heard_before_the_parking_is_acknowledged_counts(host: Host) -> None:
    """Who decides reads the record once it is written, which may be before the host knows it."""
    topic = Topic(host)
    topic.meanwhile = lambda entry: replace(entry, decision=Decision.RETRY)
    give(host, 0, 0)
    topic.write(host._work[0], *fail(host._work[0], record(0, 0)))
    assert topic.replays == [Replay(f"{0:032x}", 0, 1)]


def test_what_a_late_host_parks_while_its_matter_is_being_parked_takes_nothing_away(
    host: Host,
) -> None:
    """Invariant 1, for handlers: both fail on the same matter, at the same time."""
    topic = Topic(host)
    give(host, 0, 0)
    work = host._work[0]

    def late(entry: Entry) -> Entry | None:
        parked = replace(entry.parked, since_ms=6)
        return replace(entry, host="late", parked=parked) if entry.host == work.id else None

    def once(entry: Entry) -> Entry | None:
        topic.meanwhile = lambda _: None
        return late(entry)

    topic.meanwhile = once
    topic.write(work, *fail(work, record(0, 0)))
    [mine] = work.delivery.parked_matters().values()
    [entry] = host._parked.entries()
    assert (entry.parked, entry.host) == (mine, work.id)


def test_what_a_late_host_parks_while_its_matter_is_parked_anew_is_not_taken_for_it(
    host: Host,
) -> None:
    topic = Topic(host)
    give(host, 0, 0)
    work = host._work[0]
    matter_id = f"{0:032x}"
    topic.write(work, *fail(work, record(0, 0)))
    [first] = work.delivery.parked_matters().values()
    work.delivery.decide(first, Decision.RETRY)
    work.replayed(matter_id, readable([record(0, 0)]))
    [run] = work.delivery.due(0, 1)
    [park] = work.delivery.failed(run, Failure("X", permanent=True), 8)
    late = replace(first, since_ms=6)
    host._react(work, Entry(Place(OFFICE, "desk", matter_id), 0, late, "", "late"))
    topic.write(work, park)
    assert isinstance(park, Park)
    [entry] = host._parked.entries()
    assert work.delivery.parked_matters() == {matter_id: park.record}
    assert entry.parked == park.record


def test_a_host_that_cannot_take_or_give_away_its_shards_ends_and_says_why(host: Host) -> None:
    """Else it would keep them, handle nothing of them, and seem to be well."""

    class Broken(Log):
        async def committed(self, tp: Any) -> int:
            raise KafkaError("no coordinator")

        async def commit(self, offsets: Any) -> None:
            raise KafkaError("no coordinator")

    async def main(what: str) -> None:
        host._stop.clear()
        listener = _Listener(host)
        tps = [TopicPartition(EVENTS, 0)]
        if what == "take":
            await listener.on_partitions_assigned(tps)
        else:
            give(host, 0, 0)
            host._work[0].delivery.passed(3)
            await listener.on_partitions_revoked(tps)
        await asyncio.wait_for(host._stop_wanted(), 1)

    host._follower = Followed()
    host._consumer = Broken()
    for what in ("take", "give"):
        with pytest.raises(KafkaError, match="no coordinator"):
            asyncio.run(main(what))
        assert host._work == {}


def test_a_host_that_cannot_read_again_what_was_parked_ends_and_says_why(host: Host) -> None:
    class Past:
        async def between(self, *_: Any) -> list[Seen]:
            raise KafkaError("no leader")

    async def main() -> None:
        host._past = Past()  # type: ignore[assignment]
        give(host, 0, 9)
        host._do(host._work[0], [Replay("m", 0, 9)])
        await asyncio.wait_for(host._stop_wanted(), 1)

    with pytest.raises(KafkaError, match="no leader"):
        asyncio.run(main())


def test_a_clock_that_is_set_back_keeps_no_matter_waiting(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    class Crew:
        async def run(self, call: Call, work: object) -> Failure | None:
            attempts.append(call.attempt)
            return Failure("X") if call.attempt == 1 else None

        def stop(self) -> None:
            """Nothing runs."""

    async def main() -> None:
        work = host._work[0] = Work(0, soon, (OFFICE,), 0)
        work.take(readable([record(0, 0)])[0])
        [run] = work.delivery.due(0, 1)
        await host._handle(work, run)
        monkeypatch.setattr(time, "time_ns", lambda: 0)
        await asyncio.sleep(0.05)
        Host._pump(host)
        await asyncio.wait(host._running)

    soon = Handlers("desk", triage, retry=Retry(at_once=0, waits_ms=(20,)))
    host._crew.stop()
    host._crew = Crew()  # type: ignore[assignment]
    asyncio.run(main())
    assert attempts == [1, 2]
