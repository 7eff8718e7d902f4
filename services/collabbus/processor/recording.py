"""The record stage: one transaction for all that a shard has pending.

Events, outcomes, state, heads and input offsets commit together, or not at all. An owner that was
paused and wakes up is fenced by Kafka: its producer's transactional id names region, app, stage
and shard, and whoever takes the shard starts a producer of that name first.

The offsets lie in the state topic, as one more record of each transaction, so that a state can't be
read without the offsets for which it stands, nor they without it. What the group has committed is
only told to it, for those who watch its lag (progress.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar

import aiokafka.producer.sender
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import ProducerFenced

from collab.state.v1 import state_pb2 as st
from collab.v1 import link_pb2 as pb
from collabbus.errors import CollabbusError
from collabbus.model.journal import Region
from collabbus.model.record import Input, Recorder
from collabbus.model.shard import shard_of
from collabbus.model.store import Store, topic_of
from collabbus.processor.batches import NO_HEADERS, Record, send
from collabbus.processor.links import COUNTERSIGNED, RECEIVED
from collabbus.processor.outfit import Outfit
from collabbus.processor.reading import compacted, read, reader
from collabbus.processor.shard import Run, Shard

# aiokafka waits so long between the steps of a transaction; measured: p50 12 -> 8 ms.
aiokafka.producer.sender.BACKOFF_OVERRIDE = 0.002

BATCH_BYTES = 900_000
REQUEST_BYTES = 4 << 20
POSITION = b"position"
"""Key of the input offsets in the state topic."""


class StateLostError(CollabbusError):
    """A shard has a log and no state: the state topic was lost, or another one is read."""

    code: ClassVar[str] = "STATE_LOST"


class RecordShard(Shard):
    """Decides and records what comes into one shard."""

    stage = "record"
    pace_s = 0.04
    chunk = 200

    def __init__(self, number: int, outfit: Outfit) -> None:
        super().__init__(number, outfit.record_topics, outfit.metrics)
        self._outfit = outfit
        self._peers = outfit.record_topics
        self._producer: AIOKafkaProducer | None = None
        self.recorder: Recorder | None = None

    async def take(self, sure: bool) -> dict[TopicPartition, int]:
        """Fence whoever had the shard, then restore state and offsets.

        In the other order a transaction of the old owner could commit after the reading. A new
        producer starts only when the markers of the last transaction are written, so that all of
        it is read; the answer to a commit comes sooner. A shard that was kept through a rebalance,
        and has no transaction whose end isn't known, goes on from memory: had anybody else taken
        it, our next transaction would be fenced.
        """
        if sure and self._producer is not None and self.position is not None:
            return self.position
        await self.release()
        await self._fence()
        self.recorder, position = await self._restore()
        return position

    async def _fence(self) -> None:
        outfit = self._outfit
        producer = AIOKafkaProducer(
            transactional_id=f"{outfit.group}.{self.stage}.{self.number}",
            transaction_timeout_ms=int(outfit.settings.transaction_timeout_s * 1000),
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=BATCH_BYTES,
            max_request_size=REQUEST_BYTES,
            request_timeout_ms=10_000,
            # A broker that is away is asked as often as this; of the lines in the log that come
            # with it, see outages.py.
            retry_backoff_ms=20,
            **outfit.kafka,
        )
        try:
            await producer.start()
        except BaseException:
            await _close(producer)
            raise
        self._producer = producer

    async def _restore(self) -> tuple[Recorder, dict[TopicPartition, int]]:
        outfit = self._outfit
        async with reader(outfit.kafka) as consumer:
            kept = await compacted(consumer, TopicPartition(outfit.topic("state"), self.number))
            heads = await compacted(consumer, TopicPartition(outfit.topic("heads"), self.number))
            if POSITION.decode() not in kept:
                await self._nothing_recorded(consumer)
        following = st.Position.FromString(kept.pop(POSITION.decode(), b"")).next
        position = {tp: following.get(tp.topic, 0) for tp in self.tps}
        kept.update({key: value for key, value in heads.items() if topic_of(key) == "heads"})
        store = Store(kept)
        self.metrics.models.restored(self.number, store)
        self.metrics.standing.restored(self.number, store)
        for prefix in ("in/", "receipt/"):
            for key, value in store.items(prefix):
                self._tell(key, value)
        return self._recorder(store), position

    async def _nothing_recorded(self, consumer: AIOKafkaConsumer) -> None:
        # Every transaction writes the position. Who began anew beside a log would record all of
        # its submissions a second time.
        log = TopicPartition(self._outfit.topic("events"), self.number)
        async for records in read(consumer, log):
            if records:
                raise StateLostError(
                    f"{log.topic}/{log.partition} holds events and "
                    f"{self._outfit.topic('state')}/{log.partition} no position: nothing is "
                    "recorded before the state topic is restored from the backup that goes with "
                    "this log"
                )

    def _recorder(self, store: Store) -> Recorder:
        outfit = self._outfit
        return Recorder(
            Region(
                name=outfit.region,
                shard=self.number,
                shards=outfit.shards,
                identity=outfit.identity,
                keys=outfit.keys,
                current=outfit.contracts,
                pinned=dict(outfit.pinned),
                store=store,
            )
        )

    async def work(self, runs: Sequence[Run]) -> None:
        """Record the runs in one transaction."""
        recorder, producer = self.recorder, self._producer
        if not runs or recorder is None or producer is None:
            return
        for run in runs:
            peer = self._peers[run.tp.topic]
            for record in run.records:
                recorder.record(
                    Input(
                        peer,
                        run.tp.topic,
                        record.offset,
                        record.timestamp,
                        record.key or b"",
                        record.value or b"",
                    )
                )
            # A long run would hold up everybody else in this process.
            await asyncio.sleep(0)
        try:
            await self._transact(producer, recorder, self.after(runs))
        except ProducerFenced:
            self.metrics.transaction("fenced")
            raise
        except Exception:
            self.metrics.transaction("aborted")
            raise
        self._count(recorder)
        recorder.commit()

    async def _transact(
        self, producer: AIOKafkaProducer, recorder: Recorder, position: dict[TopicPartition, int]
    ) -> None:
        await producer.begin_transaction()
        futures = []
        for (topic, shard), records in self._outputs(recorder, position).items():
            if records:
                futures += await send(producer, self._outfit.topic(topic), shard, records)
        # commit_transaction() succeeds although a batch failed: each future must be looked at.
        await asyncio.gather(*futures)
        await producer.commit_transaction()

    def _outputs(
        self, recorder: Recorder, position: Mapping[TopicPartition, int]
    ) -> Mapping[tuple[str, int], list[Record]]:
        """Give what a transaction writes, by topic and shard: this one, but for own submissions."""
        effects = recorder.effects
        place = st.Position(next={tp.topic: offset for tp, offset in position.items()})
        here: dict[str, list[Record]] = {
            "events": list(effects.events),
            "outcomes": [(key, value, NO_HEADERS) for key, value in effects.outcomes],
            "quarantine": [(key, value, NO_HEADERS) for key, value in effects.quarantine],
            "leaves": [(key, value, NO_HEADERS) for key, value in effects.leaves],
            "waiting": [(key, value, NO_HEADERS) for key, value in effects.waiting],
            "state": [(POSITION, place.SerializeToString(), NO_HEADERS)],
            "heads": [],
        }
        for key, content in recorder.changes().items():
            here[topic_of(key)].append((key.encode(), content, NO_HEADERS))
        found = {(topic, self.number): records for topic, records in here.items()}
        for matter_id, value in effects.submissions:
            shard = shard_of(matter_id.decode(), self._outfit.shards)
            found.setdefault(("submissions", shard), []).append((matter_id, value, NO_HEADERS))
        return found

    def _count(self, recorder: Recorder) -> None:
        metrics, effects = self.metrics, recorder.effects
        metrics.transaction("committed")
        metrics.recorded(effects.crossed)
        metrics.quarantined(effects.quarantined)
        metrics.rejected(effects.rejected)
        metrics.beyond_calendar(len(effects.beyond_calendar))
        changes = recorder.changes()
        if changes:
            metrics.models.changed(self.number, recorder.region.store, changes)
            metrics.standing.changed(self.number, recorder.region.store, changes)
        for key, value in changes.items():
            if value is not None:
                self._tell(key, value)

    def _tell(self, key: str, value: bytes) -> None:
        """Tell the metrics of a link's end, if that is what a key holds."""
        links = self.metrics.links
        kind, _, peer = key.partition("/")
        if kind == "in":
            link = st.LinkIn.FromString(value)
            links.size(peer, self.number, RECEIVED, link.size)
            links.held(peer, self.number, link.held)
        elif kind == "receipt":
            statement = pb.ReceiptStatement.FromString(pb.Receipt.FromString(value).statement)
            links.size(peer, self.number, COUNTERSIGNED, statement.head.size)

    async def release(self) -> None:
        """Close the producer; what is remembered counts for nothing from now on."""
        self.recorder = None
        self.metrics.released(self.stage, self.number)
        producer, self._producer = self._producer, None
        if producer is not None:
            await _close(producer)


async def _close(producer: AIOKafkaProducer) -> None:
    """Stop a producer within bounds, whatever state it is in."""
    try:
        async with asyncio.timeout(3):
            await producer.stop()
    except Exception:
        await producer.client.close()
