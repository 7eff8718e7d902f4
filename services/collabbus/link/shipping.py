"""Shipping: which events of the log go to which peer, and when parcels, receipts and heads leave.

Pure: the log, the records of `collab.<region>.heads` and the time are handed in; parcels come out.
One `Shipping` serves one shard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from collab.state.v1 import state_pb2
from collab.v1 import event_pb2
from collab.v1 import link_pb2 as pb
from collabbus.link.evidence import Proof
from collabbus.link.keys import Identity, KeyDirectory, Use
from collabbus.link.outbound import BEGINNING, Outbound, Place
from collabbus.link.parcel import ParcelError, countersign, verify_receipt


@dataclass(frozen=True, slots=True)
class Past:
    """An event of a thread's history, with the proof that makes it an evidence item."""

    event: event_pb2.Event
    envelope: event_pb2.Envelope
    proof: Proof | None
    """None for the region's own events, which need none."""


@dataclass(slots=True)
class _Way:
    """What dispatch knows of the way to and from one peer."""

    out: Outbound
    receipt_size: int = 0
    in_head: pb.SignedHeader | None = None
    in_seen: tuple[int, int] = (0, 0)
    """Size received and times asked, as last told to the peer."""
    in_now: tuple[int, int] = (0, 0)
    due_since_ms: int | None = None
    """Since when a receipt waits to be sent."""
    sent_ms: int = 0
    progress_ms: int = 0
    """When something was last sent for the first time, or receipted."""
    backoff: int = 0
    last_resend_ms: int = 0


@dataclass(slots=True)
class Shipping:
    """The shipping of one shard."""

    region: str
    shard: int
    peers: tuple[str, ...]
    identity: Identity
    keys: KeyDirectory
    receipt_wait_ms: int = 20
    head_interval_ms: int = 10_000
    resend_after_ms: int = 5_000
    until_ms: int = 0
    ways: dict[str, _Way] = field(default_factory=dict)

    def restore(self, kept: Mapping[str, bytes]) -> int:
        """Take up the records of `heads`; give the log offset from which to read on."""
        for peer in self.peers:
            sent = receipted = BEGINNING
            if f"out/{peer}" in kept:
                out = state_pb2.LinkOut.FromString(kept[f"out/{peer}"])
                sent, receipted = Place.read(out.sent), Place.read(out.receipted)
            self.ways[peer] = _Way(Outbound(self.region, peer, self.shard, sent, receipted))
        for key, value in kept.items():
            self.hear(key, value, 0)
        return min((way.out.offset for way in self.ways.values()), default=0)

    def checkpoint(self) -> dict[str, bytes]:
        """Give the records of `heads` from which `restore` goes on; nothing may be pending."""
        return {
            f"out/{peer}": state_pb2.LinkOut(
                sent=way.out.sent.write(), receipted=way.out.receipted.write()
            ).SerializeToString()
            for peer, way in self.ways.items()
        }

    def hear(self, key: str, value: bytes, now_ms: int) -> None:
        """Take a record of `heads` that `record` wrote."""
        kind, _, peer = key.partition("/")
        if kind == "until":
            self.until_ms = max(self.until_ms, int(value))
            return
        way = self.ways.get(peer)
        if way is None:
            return
        if kind == "in":
            link = state_pb2.LinkIn.FromString(value)
            way.in_head = link.head if link.HasField("head") else None
            way.in_now = (link.size, link.asks)
            if way.in_now != way.in_seen and way.due_since_ms is None:
                way.due_since_ms = now_ms
        elif kind == "receipt":
            self._receipted(way, pb.Receipt.FromString(value), now_ms)

    def _receipted(self, way: _Way, receipt: pb.Receipt, now_ms: int) -> None:
        try:
            head = verify_receipt(receipt, self.keys)
        except ParcelError:
            return  # record has verified it before it wrote it; a key that is gone proves nothing
        if head.epoch != way.out.epoch:
            return
        if head.size > way.receipt_size:
            way.receipt_size = head.size
            way.progress_ms = now_ms
            way.backoff = 0
        elif head.size < way.out.size and now_ms - way.last_resend_ms > self.resend_after_ms / 5:
            # The same receipt again: the peer asks for what comes after it.
            way.progress_ms = min(way.progress_ms, now_ms - self.resend_after_ms)
            way.backoff = 0
        way.out.receipt(head.size)

    def needs_history(self, envelope: event_pb2.Envelope) -> bool:
        """Tell whether `ship` needs the thread's history, since the event brings a newcomer."""
        return any(region in self.ways for region in envelope.joining)

    def ship(
        self,
        offset: int,
        event: event_pb2.Event,
        envelope: event_pb2.Envelope,
        history: Sequence[Past] = (),
        only: str | None = None,
    ) -> None:
        """Take the log record at `offset`, for all peers or for one whose link is replayed.

        `history` holds the earlier events of the thread in log order if the event brings a
        newcomer.
        """
        for peer, past in bound(self.region, event, envelope, history):
            way = self.ways.get(peer)
            if way is None or only not in (None, peer) or offset < way.out.offset:
                continue
            # Its own events go as they are, others' as evidence items.
            own = past.event is event or past.envelope.origin == self.region
            way.out.append(pb.Entry(event=past.event) if own else _item(peer, past))

    def flush(self, next_offset: int, now_ms: int) -> Iterable[tuple[str, bytes]]:
        """Give the parcels that are due, with their receivers; all before `next_offset` is cut."""
        made: list[tuple[str, bytes]] = []
        for peer, way in self.ways.items():
            waiting = way.due_since_ms is not None and (
                now_ms - way.due_since_ms >= self.receipt_wait_ms
            )
            idle = now_ms - way.sent_ms >= self.head_interval_ms
            if way.out.pending or waiting or idle:
                key = self.keys.current(peer, Use.SEAL, now_ms)
                if key is None:
                    continue  # kept pending: the directory names no key to seal to, yet
                had = way.out.pending
                parcels = way.out.parcels(
                    self.identity, key, self.until_ms, self._receipts(way), even_empty=idle
                )
                if parcels:
                    way.sent_ms = now_ms
                if had:
                    way.progress_ms = max(way.progress_ms, now_ms)
                made.extend((peer, parcel) for parcel in parcels)
            if not way.out.pending and next_offset > way.out.offset:
                way.out.mark(next_offset)
        return made

    def _receipts(self, way: _Way) -> list[pb.Receipt]:
        if way.due_since_ms is None or way.in_head is None:
            return []
        way.due_since_ms = None
        way.in_seen = way.in_now
        header = pb.ParcelHeader.FromString(way.in_head.header)
        return [countersign(self.identity, header.head)]

    def stalled(self, now_ms: int) -> list[str]:
        """Give the peers whose receipts stand still, each at most once per back-off.

        The shell then calls `replay` for each. Waits double from `resend_after_ms` to 64 times
        that, so that a peer that is gone for a week costs next to nothing.
        """
        found = []
        for peer, way in self.ways.items():
            if way.receipt_size >= way.out.size:
                continue
            wait = self.resend_after_ms << min(way.backoff, 6)
            if now_ms - max(way.progress_ms, way.last_resend_ms) >= wait:
                way.backoff += 1
                way.last_resend_ms = now_ms
                found.append(peer)
        return found

    def replay(self, peer: str, records: Iterable[Replayed], now_ms: int) -> list[bytes]:
        """Cut a peer's link anew from its last receipted place, with current keys.

        `records` are the log records from `replay_from(peer)` up to the one where shipping stands.
        The link itself doesn't move.
        """
        way = self.ways[peer]
        key = self.keys.current(peer, Use.SEAL, now_ms)
        if key is None:
            return []
        again = Outbound(self.region, peer, self.shard, way.out.receipted, way.out.receipted)
        twin = Shipping(self.region, self.shard, (peer,), self.identity, self.keys)
        twin.ways[peer] = _Way(again)
        end = way.out.offset
        for record in records:
            if record.offset < end:
                twin.ship(record.offset, record.event, record.envelope, record.history, only=peer)
        way.sent_ms = now_ms
        return again.parcels(self.identity, key, self.until_ms)

    def replay_from(self, peer: str) -> int:
        """Give the log offset from which `replay` wants the records."""
        return self.ways[peer].out.receipted.offset


@dataclass(frozen=True, slots=True)
class Replayed:
    """A log record that is read again."""

    offset: int
    event: event_pb2.Event
    envelope: event_pb2.Envelope
    history: Sequence[Past] = ()


def bound(
    region: str,
    event: event_pb2.Event,
    envelope: event_pb2.Envelope,
    history: Sequence[Past] = (),
) -> Iterator[tuple[str, Past]]:
    """Give what a record of a region's log adds to its links, each with the peer, in order.

    The adder sends a newcomer all of the thread's history, every other region its own events beyond
    what the adder had seen (design, section 4, rule 5). What was addressed to it anyway, and what
    lies before the last time that it was added, is on its way without that. The region's own events
    then go to whom they name.
    """
    own = envelope.origin == region
    for newcomer in envelope.joining:
        seen = {s.origin: s.number for s in envelope.seen}.get(region, 0)
        for past in _lacking(history, newcomer):
            if past.envelope.origin == region:
                if own or past.envelope.number > seen:
                    yield newcomer, past
            elif own and past.envelope.origin != newcomer:
                yield newcomer, past
    if own:
        itself = Past(event, envelope, None)
        for peer in envelope.to:
            yield peer, itself


def _item(peer: str, past: Past) -> pb.Entry:
    if past.proof is None:
        raise LookupError(
            f"no proof is kept of event {past.envelope.event_id}, which "
            f"{peer} needs: it can't be handed on as an evidence item"
        )
    return pb.Entry(item=past.proof.item(past.event))


def _lacking(history: Sequence[Past], peer: str) -> Sequence[Past]:
    """Give those of a thread's earlier events that nothing else has brought or brings to a peer."""
    start = 0
    for place, past in enumerate(history):
        if any(p.office.partition("/")[0] == peer for p in past.envelope.participants):
            start = place
    return [past for past in history[start:] if peer not in past.envelope.to]


History = Callable[[event_pb2.Envelope, int], Sequence[Past]]
"""Gives the earlier events of an envelope's thread, before a log offset, in log order."""
