"""The host: runs a group of handlers over a region's log, acting for an office.

What is durable: the consumer group's offset of a shard passes an event when all its handlers are
done, their answers recorded, or when its matter is parked and the record of that acknowledged. So
whatever dies, the next host delivers again what isn't done, and the answers' ids make that one
effect. A host that was thought dead may still write that it parked a matter: the shard's new owner
sees it, and writes what is so.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

import structlog
from aiokafka import (
    AIOKafkaConsumer,
    AIOKafkaProducer,
    ConsumerRebalanceListener,
    TopicPartition,
)
from aiokafka.errors import CommitFailedError, IllegalOperation, IllegalStateError, KafkaError

from collab.v1 import submission_pb2 as sub
from collabbus.handlers.carrier import Carrier
from collabbus.handlers.crew import Crew, Interrupted
from collabbus.handlers.delivery import Action, Clear, Failure, Park, Phase, Replay, Run
from collabbus.handlers.handler import Handlers
from collabbus.handlers.matter import VALID_DAYS
from collabbus.handlers.middleware.metrics import Metrics
from collabbus.handlers.parking import Entry, ParkedTopic, Place
from collabbus.handlers.past import Past
from collabbus.handlers.run import Middleware, call_of, perform
from collabbus.handlers.work import Payload, Work
from collabbus.link.keys import PrivateKey
from collabbus.model.deadline import DAY_MS
from collabbus.model.shard import shard_of
from collabbus.model.thread import region_of
from collabbus.sdk import LogUnreadable, Recorded, Seen
from collabbus.sdk.watch import seen
from collabbus.settings import HandlerSettings, KafkaSettings

POLL_MS = 100
COMMIT_S = 0.5
LEAVE_S = 5.0
"""How long runs may take to end when their shard goes to another host, or the host stops."""

log = structlog.get_logger()


class Host:
    """Runs handlers until it is told to stop; for one loop."""

    def __init__(
        self,
        handlers: Handlers,
        office: str,
        key: PrivateKey,
        kafka: KafkaSettings,
        settings: HandlerSettings,
        *,
        subordinates: Sequence[str] = (),
        middleware: Sequence[Middleware] = (),
        metrics: Metrics,
    ) -> None:
        """`subordinates` are offices for which `office` may act by contract."""
        region = region_of(office)
        self._handlers = handlers
        self._office = office
        self._offices = (office, *subordinates)
        self._kafka = kafka
        self._settings = settings
        self._metrics = metrics
        self._middleware = (*middleware, *handlers.middleware)
        self._events = f"collab.{region}.events"
        self._parked_topic = f"collab.{region}.parked"
        self._carrier = Carrier(
            kafka, key, self._recall, settings.concurrency, settings.answer_timeout_s
        )
        self._crew = Crew()
        self._work: dict[int, Work] = {}
        self._running: dict[asyncio.Task[None], Work] = {}
        self._asides: set[asyncio.Task[None]] = set()
        self._writes: asyncio.Queue[tuple[Work, Action]] = asyncio.Queue()
        self._parked = ParkedTopic()
        self._stop = asyncio.Event()

    @property
    def group(self) -> str:
        """The consumer group: one for each office and group of handlers."""
        return f"collab.handlers.{self._office.replace('/', '.')}.{self._handlers.name}"

    def stop(self) -> None:
        """Have `run` end: it finishes what is under way, for some seconds, and commits."""
        self._stop.set()

    async def run(self) -> None:
        """Handle events until `stop`. Raises what makes it impossible to go on."""
        common = self._kafka.aiokafka()
        reader = {"enable_auto_commit": False, "isolation_level": "read_committed"}
        self._consumer = AIOKafkaConsumer(
            **common, **reader, group_id=self.group, auto_offset_reset="earliest",
            session_timeout_ms=int(self._settings.session_timeout_s * 1000),
            heartbeat_interval_ms=int(self._settings.session_timeout_s * 1000 / 4),
            max_poll_records=self._settings.backlog,
        )  # fmt: skip
        self._follower = AIOKafkaConsumer(**common, **reader, group_id=None)
        self._producer = AIOKafkaProducer(**common, acks="all", enable_idempotence=True)
        self._past = Past(self._kafka, self._events)
        loops: list[Coroutine[Any, Any, None]] = [
            self._read(), self._follow(), self._write(), self._look_round(), self._stop_wanted(),
        ]  # fmt: skip
        await self._carrier.connect(self._office)
        async with self._past:
            await self._producer.start()
            await self._follower.start()
            await self._begin_to_follow()
            await self._consumer.start()
            self._consumer.subscribe([self._events], listener=_Listener(self))
            tasks = [asyncio.ensure_future(one) for one in loops]
            log.info("handlers run", group=self.group, handlers=[h.name for h in self._handlers])
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                await self._leave(list(self._work.values()))
                for one in done:
                    one.result()
            finally:
                await self._end(tasks)

    async def _end(self, tasks: Iterable[asyncio.Future[None]]) -> None:
        for one in (*tasks, *self._running, *self._asides):
            one.cancel()
        await asyncio.wait([*tasks], timeout=LEAVE_S)
        for close in (self._consumer.stop, self._follower.stop, self._producer.stop):
            await close()
        for told in await self._carrier.close():
            log.warning("not acknowledged", why=told)
        self._crew.stop()

    async def _stop_wanted(self) -> None:
        await self._stop.wait()

    # What a rebalance brings.

    async def take_over(self, shards: Iterable[int]) -> None:
        """Begin with shards that Kafka has given to this host."""
        numbers = list(shards)
        await self._caught_up(numbers)
        entries = self._parked.of(self._office, self._handlers.name, numbers)
        for number in numbers:
            tp = TopicPartition(self._events, number)
            position = await self._consumer.committed(tp)
            if position is None:
                # Where a group begins is decided once; else what comes before its first commit
                # would be passed over when it starts again.
                ask = self._consumer.beginning_offsets
                if self._settings.start == "end":
                    ask = self._consumer.end_offsets
                position = (await ask([tp]))[tp]
                await self._consumer.commit({tp: position})
            self._consumer.seek(tp, position)
            mine = [one for one in entries if one.shard == number]
            work = Work(
                number, self._handlers, self._offices, position, [one.parked for one in mine]
            )
            self._work[number] = work
            for one in mine:
                self._decide(work, one)
        self._count_parked()
        log.info("shards taken", shards=numbers, parked=len(entries))

    async def give_away(self, shards: Iterable[int]) -> None:
        """End with shards that Kafka is about to give to another host, or to this one again."""
        await self._leave([self._work[one] for one in shards if one in self._work])

    async def _leave(self, works: Sequence[Work]) -> None:
        for work in works:
            work.leaving = True
        mine = [task for task, work in self._running.items() if work in works]
        if mine:
            await asyncio.wait(mine, timeout=LEAVE_S)
        await self._commit(works)
        for task, work in list(self._running.items()):
            if work in works:
                task.cancel()
        for work in works:
            if self._work.get(work.shard) is work:
                del self._work[work.shard]

    def _is_mine(self, work: Work) -> bool:
        return self._work.get(work.shard) is work

    # The log.

    async def _read(self) -> None:
        while True:
            # No await between what was fetched and what is taken, so no rebalance either.
            fetched = await self._consumer.getmany(timeout_ms=POLL_MS)
            for tp, records in fetched.items():
                work = self._work.get(tp.partition)
                if work is None:
                    continue
                events = [one for record in records if (one := _readable(record)) is not None]
                unknown = work.unknown(events)
                if unknown:
                    work.learn(
                        await self._past.since(
                            tp.partition, unknown, min(unknown.values()), records[0].offset
                        )
                    )
                    if not self._is_mine(work):
                        continue
                for one in events:
                    self._do(work, work.take(one))
                work.delivery.passed(records[-1].offset)
            self._pump()
            self._balance()

    def _balance(self) -> None:
        """Fetch no more of a shard of which enough is in memory."""
        for number, work in self._work.items():
            tp = TopicPartition(self._events, number)
            full = work.delivery.backlog >= self._settings.backlog
            if full and not work.paused:
                self._consumer.pause(tp)
            elif work.paused and not full:
                self._consumer.resume(tp)
            work.paused = full

    def _pump(self) -> None:
        """Begin what is due, as far as there is room."""
        now_ms = _now_ms()
        running = list(self._running.values())
        works = sorted(self._work.values(), key=running.count)
        for work in works:
            free = self._settings.concurrency - len(self._running)
            if free <= 0:
                return
            if not work.leaving:
                for run in work.delivery.due(now_ms, free):
                    task = asyncio.ensure_future(self._handle(work, run))
                    self._running[task] = work
                    task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("host failed on a run", error=repr(error))
            self._stop.set()
        self._pump()

    async def _handle(self, work: Work, run: Run[Payload]) -> None:
        event, office = run.item.payload
        call = call_of(
            self._handlers, run.handler, event, office, work.standing(run.matter_id),
            self._carrier, loop=asyncio.get_running_loop(), attempt=run.attempt, again=run.again,
        )  # fmt: skip
        try:
            failure: Failure | None = await self._crew.run(call, perform(call, self._middleware))
        except Interrupted:
            work.delivery.interrupted(run)
            return
        if not self._is_mine(work):
            return
        if failure is None:
            self._do(work, work.delivery.succeeded(run))
        else:
            work.kinds[run.matter_id] = event.type
            self._do(work, work.delivery.failed(run, failure, _now_ms()))

    async def _recall(self, draft: sub.Draft) -> Recorded | None:
        """Find in the log what a submission has recorded before."""
        shard = shard_of(draft.matter_id, len(self._consumer.partitions_for_topic(self._events)))
        tp = TopicPartition(self._events, shard)
        end = (await self._consumer.end_offsets([tp]))[tp]
        begun_ms = draft.not_after_ms - VALID_DAYS * DAY_MS
        found = [
            one.envelope
            for one in await self._past.since(shard, {draft.matter_id}, begun_ms, end)
            if one.envelope.causation.submission_id == draft.submission_id
            and one.envelope.office == draft.office
        ]
        if not found:
            return None
        return Recorded(
            draft.submission_id, draft.matter_id,
            tuple(one.event_id for one in found), found[0].recorded_ms,
        )  # fmt: skip

    # What delivery wants done.

    def _do(self, work: Work, actions: Iterable[Action]) -> None:
        for action in actions:
            if isinstance(action, Replay):
                self._aside(self._replay(work, action))
            else:
                self._writes.put_nowait((work, action))

    def _aside(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _replay(self, work: Work, action: Replay) -> None:
        events = await self._past.between(work.shard, action.matter_id, action.start, action.end)
        if unknown := work.unknown(events):
            before = await self._past.since(
                work.shard, unknown, min(unknown.values()), action.start
            )
            work.learn([*before, *events])
        if self._is_mine(work):
            self._do(work, work.replayed(action.matter_id, events))
            self._pump()

    async def _write(self) -> None:
        """Write what is parked, one after the other."""
        while True:
            work, action = await self._writes.get()
            if not self._is_mine(work):
                continue
            if isinstance(action, Park):
                matter_id = action.record.matter_id
                place = Place(self._office, self._handlers.name, matter_id)
                kind = work.kinds.get(matter_id, "")
                entry = Entry(place, work.shard, action.record, kind, work.id)
                await self._send(work.shard, place.key, entry.value())
                if work.delivery.phase(matter_id) is Phase.PARKING:
                    work.delivery.parked(action.record)
                log.warning(
                    "matter parked", matter=matter_id, event_id=action.record.event_id,
                    handler=action.record.handler, error=action.record.failure.error,
                )  # fmt: skip
            elif isinstance(action, Clear):
                place = Place(self._office, self._handlers.name, action.matter_id)
                await self._send(work.shard, place.key, None)
                await self._send(work.shard, place.decision_key, None)
                log.info("matter goes on", matter=action.matter_id)
            self._count_parked()

    async def _send(self, shard: int, key: bytes, value: bytes | None) -> None:
        while True:
            try:
                await self._producer.send_and_wait(
                    self._parked_topic, value, key=key, partition=shard
                )
            except KafkaError as error:
                log.warning("parked topic can't be written", error=repr(error))
                await asyncio.sleep(1.0)
            else:
                return

    # What is parked, and decided.

    async def _begin_to_follow(self) -> None:
        numbers = await self._producer.partitions_for(self._parked_topic)
        tps = [TopicPartition(self._parked_topic, number) for number in sorted(numbers)]
        self._follower.assign(tps)
        for tp, offset in (await self._follower.beginning_offsets(tps)).items():
            self._follower.seek(tp, offset)

    async def _caught_up(self, shards: Sequence[int]) -> None:
        tps = [TopicPartition(self._parked_topic, number) for number in shards]
        for tp, end in (await self._follower.end_offsets(tps)).items():
            while await self._follower.position(tp) < end:  # noqa: ASYNC110 - Kafka tells nobody
                await asyncio.sleep(0.02)

    async def _follow(self) -> None:
        while True:
            for tp, records in (await self._follower.getmany(timeout_ms=POLL_MS)).items():
                for record in records:
                    entry = self._parked.take(tp.partition, record.key or b"", record.value)
                    work = self._work.get(tp.partition)
                    if entry is not None and work is not None:
                        self._react(work, entry)

    def _react(self, work: Work, entry: Entry) -> None:
        if (entry.place.office, entry.place.group) != (self._office, self._handlers.name):
            return
        mine = work.delivery.parked_matters().get(entry.place.matter_id)
        if entry.host == work.id or (mine and mine.event_id == entry.parked.event_id):
            self._decide(work, entry)
        elif mine is None:
            # Somebody who lost this shard to us has written late.
            self._writes.put_nowait((work, Clear(entry.place.matter_id)))
        else:
            self._writes.put_nowait((work, Park(mine)))

    def _decide(self, work: Work, entry: Entry) -> None:
        if entry.decision is not None:
            delivery = work.delivery
            self._do(
                work,
                delivery.decide(entry.place.matter_id, entry.parked.event_id, entry.decision),
            )

    def _count_parked(self) -> None:
        found = Counter({one.name: 0 for one in self._handlers})
        for work in self._work.values():
            found.update(one.handler for one in work.delivery.parked_matters().values())
        self._metrics.parked(found)

    # What is done from time to time.

    async def _look_round(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_S)
            told = self._crew.watch()
            if told:
                log.error(told)
            await self._commit(list(self._work.values()))
            self._count_behind()

    def _count_behind(self) -> None:
        behind = 0
        for tp in self._consumer.assignment():
            work, end = self._work.get(tp.partition), self._consumer.highwater(tp)
            if work is not None and end is not None:
                behind += max(0, end - work.delivery.committable)
        self._metrics.behind(behind)

    async def _commit(self, works: Iterable[Work]) -> None:
        offsets = {
            TopicPartition(self._events, work.shard): work.delivery.committable
            for work in works
            if work.delivery.committable > work.committed and self._is_mine(work)
        }
        if not offsets:
            return
        try:
            await self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError, IllegalOperation) as error:
            # The shards go to somebody else, who begins at what was committed before.
            log.info("not committed", why=repr(error))
            return
        for tp, offset in offsets.items():
            if (work := self._work.get(tp.partition)) is not None:
                work.committed = max(work.committed, offset)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Tells the host what Kafka decides about shards."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
        """Give away what is taken from this host."""
        await self._host.give_away(tp.partition for tp in revoked)

    async def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        """Take over what it is given."""
        await self._host.take_over(tp.partition for tp in assigned)


def _readable(record: Any) -> Seen | None:
    try:
        return seen(record)
    except LogUnreadable as error:
        log.error("no event", why=str(error))  # noqa: TRY400 - it says all
        return None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
