"""The dispatch stage: ships the log of one shard to the peers.

It needs no transaction: link events are numbered, so what is sent twice is taken once. Its
checkpoints stand in `collab.<region>.heads`, beside the records by which `record` tells it what has
arrived.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.link.history import history
from collabbus.link.shipping import Past, Replayed, Shipping
from collabbus.processor.batches import NO_HEADERS, send
from collabbus.processor.deliveries import Deliveries
from collabbus.processor.links import SENT
from collabbus.processor.outfit import Outfit
from collabbus.processor.reading import compacted, offset_at, read, reader
from collabbus.processor.shard import Run, Shard

CHECKPOINT_S = 1.0
REPLAY_RECORDS = 20_000
"""Log records that a replay reads at most; a peer that lags further gets the rest the next time."""
CLOCKS_MS = 86_400_000
"""How much two brokers' clocks may differ: history is looked for from a day earlier."""


def now_ms() -> int:
    """Give this machine's time; it only decides when to send, never what."""
    return time.time_ns() // 1_000_000


class DispatchShard(Shard):
    """Cuts, seals, signs and sends the parcels of one shard."""

    stage = "dispatch"
    most = 2000

    def __init__(self, number: int, outfit: Outfit, producer_of: Any) -> None:
        super().__init__(number, [outfit.topic("events"), outfit.topic("heads")], outfit.metrics)
        self._outfit = outfit
        self._producer_of = producer_of
        self._events, self._heads = self.tps
        self._read_to = 0
        self._shipping: Shipping | None = None
        self._deliveries = Deliveries(number, outfit.settings.delivery_s, outfit.metrics)
        self._kept: dict[str, bytes] = {}
        self._kept_at = 0.0
        self._replays: dict[str, asyncio.Task[None]] = {}

    async def take(self, sure: bool) -> dict[TopicPartition, int]:
        """Take up the checkpoint; what was sent after it is sent again."""
        settings = self._outfit.settings
        shipping = Shipping(
            self._outfit.region,
            self.number,
            self._outfit.peers,
            self._outfit.identity,
            self._outfit.keys,
            receipt_wait_ms=settings.receipt_wait_ms,
            head_interval_ms=int(settings.head_interval_s * 1000),
        )
        async with reader(self._outfit.kafka) as consumer:
            self._kept = await compacted(consumer, self._heads)
            heads_end = await consumer.position(self._heads)
            self._read_to = shipping.restore(self._kept)
            self._deliveries = await self._under_way(consumer, shipping)
        self._shipping = shipping
        return {self._events: self._read_to, self._heads: heads_end}

    async def _under_way(self, consumer: AIOKafkaConsumer, shipping: Shipping) -> Deliveries:
        """Give the watch over deliveries, with the age of the oldest that is under way."""
        found = Deliveries(self.number, self._outfit.settings.delivery_s, self.metrics)
        for peer, way in shipping.ways.items():
            oldest = None
            if way.receipt_size < way.out.size:
                start = shipping.replay_from(peer)
                oldest = await self._oldest(consumer, peer, start)
            found.take(peer, way.receipt_size, way.out.size, oldest)
            self.metrics.links.size(peer, self.number, SENT, way.out.size)
        found.look(now_ms())
        return found

    async def _oldest(self, consumer: AIOKafkaConsumer, peer: str, start: int) -> int | None:
        """Give when the first event for a peer was recorded, from an offset on.

        One look into the log: where it shows none for this peer, the age is told too long rather
        than not at all.
        """
        async for records in read(consumer, self._events, start, self._read_to):
            seen = [
                ev.Envelope.FromString(ev.Event.FromString(record.value).envelope)
                for record in records
            ]
            mine = (one.recorded_ms for one in seen if peer in one.to or peer in one.joining)
            first = seen[0].recorded_ms if seen else None
            return next(mine, first)
        return None

    def pause(self) -> float | None:
        """Wake up for receipts that wait, idle heads and checkpoints."""
        if self._shipping is None:
            return None
        if any(way.due_since_ms is not None for way in self._shipping.ways.values()):
            return self._outfit.settings.receipt_wait_ms / 1000
        return 0.5

    async def work(self, runs: Sequence[Run]) -> None:
        """Ship what the runs hold, and what is due by now; sent for good when it returns."""
        shipping = self._shipping
        if shipping is None:
            return
        for run in runs:
            if run.tp == self._heads:
                for record in run.records:
                    if record.value is not None:
                        self._hear(shipping, record.key.decode(), record.value)
                continue
            for record in run.records:
                event = ev.Event.FromString(record.value)
                envelope = ev.Envelope.FromString(event.envelope)
                past: Sequence[Past] = ()
                if shipping.needs_history(envelope):
                    past = await self._history(envelope, record.offset)
                shipping.ship(record.offset, event, envelope, past)
                self._note(shipping, envelope)
            self._read_to = run.next
        await self._send(list(shipping.flush(self._read_to, now_ms())))
        self._deliveries.look(now_ms())
        self._heal(shipping)
        await self._checkpoint(shipping)

    def _hear(self, shipping: Shipping, key: str, value: bytes) -> None:
        now = now_ms()
        shipping.hear(key, value, now)
        kind, _, peer = key.partition("/")
        if kind == "receipt" and peer in shipping.ways:
            self._deliveries.countersigned(peer, shipping.ways[peer].receipt_size, now)

    def _note(self, shipping: Shipping, envelope: ev.Envelope) -> None:
        for peer in (*envelope.to, *envelope.joining):
            way = shipping.ways.get(peer)
            if way is not None:
                end = way.out.size + way.out.pending
                self._deliveries.shipped(peer, end, envelope.recorded_ms)

    async def _send(self, parcels: Sequence[tuple[str, bytes]]) -> None:
        producer = await self._producer_of()
        futures = [
            await producer.send(self._outfit.link_out(peer), parcel, partition=self.number)
            for peer, parcel in parcels
        ]
        if futures:
            await asyncio.gather(*futures)
            for peer in {peer for peer, _ in parcels}:
                self.metrics.links.size(peer, self.number, SENT, self._size(peer))

    def _size(self, peer: str) -> int:
        return self._shipping.ways[peer].out.size if self._shipping is not None else 0

    async def _checkpoint(self, shipping: Shipping) -> None:
        """Write what has moved since the last checkpoint, at most once a second."""
        if time.monotonic() - self._kept_at < CHECKPOINT_S:
            return
        self._kept_at = time.monotonic()
        moved = {
            key: value
            for key, value in shipping.checkpoint().items()
            if self._kept.get(key) != value
        }
        if not moved:
            return
        producer: AIOKafkaProducer = await self._producer_of()
        records = [(key.encode(), value, NO_HEADERS) for key, value in moved.items()]
        await asyncio.gather(*await send(producer, self._heads.topic, self.number, records))
        self._kept.update(moved)

    # Healing --------------------------------------------------------------------------------

    def _heal(self, shipping: Shipping) -> None:
        """Start a reader of its own for each peer whose receipts stand still."""
        for peer in shipping.stalled(now_ms()):
            running = self._replays.get(peer)
            if running is None or running.done():
                self._replays[peer] = asyncio.ensure_future(self._replay(shipping, peer))

    async def _replay(self, shipping: Shipping, peer: str) -> None:
        """Send a peer's link again from its last receipt; nobody else waits for it."""
        records: list[Replayed] = []
        async with reader(self._outfit.kafka) as consumer:
            start = shipping.replay_from(peer)
            async for found in read(consumer, self._events, start, self._read_to):
                for record in found:
                    event = ev.Event.FromString(record.value)
                    envelope = ev.Envelope.FromString(event.envelope)
                    past: Sequence[Past] = ()
                    if shipping.needs_history(envelope):
                        past = await self._history(envelope, record.offset)
                    records.append(Replayed(record.offset, event, envelope, past))
                if len(records) >= REPLAY_RECORDS:
                    break
        if shipping is not self._shipping:
            return
        parcels = shipping.replay(peer, records, now_ms())
        await self._send([(peer, parcel) for parcel in parcels])
        self.metrics.resent(peer, len(parcels))

    async def _history(self, added: ev.Envelope, before: int) -> list[Past]:
        """Read the thread of an event, and the proofs of its foreign events, from the log."""
        leaves_tp = TopicPartition(self._outfit.topic("leaves"), self.number)
        since = added.opened_ms - CLOCKS_MS
        key = added.matter_id.encode()
        events: list[ev.Event] = []
        leaves: list[pb.Leaves] = []
        async with reader(self._outfit.kafka) as consumer:
            start = await offset_at(consumer, self._events, since)
            async for found in read(consumer, self._events, start, before):
                events += [ev.Event.FromString(r.value) for r in found if r.key == key]
            start = await offset_at(consumer, leaves_tp, since)
            async for found in read(consumer, leaves_tp, start):
                leaves += [pb.Leaves.FromString(r.value) for r in found]
        return history(self._outfit.region, added, events, leaves)

    async def release(self) -> None:
        """Write a last checkpoint's worth of nothing: what isn't checkpointed is sent again."""
        for task in self._replays.values():
            task.cancel()
        self._replays.clear()
        self._shipping = None
        self.metrics.released(self.stage, self.number)
