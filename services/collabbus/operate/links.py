"""Links (链路): what a region keeps of both ends of each, as its topic `heads` tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.operate.records import Records

SOUGHT = 2_000
"""Log records among which the oldest event that isn't countersigned is looked for."""


@dataclass(slots=True)
class End:
    """A region's end of one link shard."""

    peer: str
    shard: int
    received: int = 0
    """Events that came from the peer."""
    heard_until_ms: int = 0
    """Until when the peer had recorded, by its broker; 0 if it was never heard."""
    held: int = 0
    """Of its events, how many wait for their cause."""
    sent: int = 0
    """Events that were sent to the peer."""
    countersigned: int = 0
    """Of those, how many the peer has countersigned."""
    offset: int = 0
    """Of the log, from which the oldest that isn't countersigned is to be looked for."""

    @property
    def open(self) -> int:
        """How many events were sent and aren't countersigned."""
        return max(0, self.sent - self.countersigned)


class Ends:
    """Both ends' records of a region, taken one by one as they lie in `heads`."""

    def __init__(self) -> None:
        self.by_link: dict[tuple[str, int], End] = {}
        """By peer and shard."""
        self.until_ms: dict[int, int] = {}
        """By shard, the time of the last tick that the region recorded."""

    def take(self, shard: int, key: bytes, value: bytes | None) -> None:
        """Take a record of `heads`; keys that aren't known are left alone."""
        kind, _, name = key.decode(errors="replace").partition("/")
        if value is None or kind not in ("in", "out", "receipt", "until"):
            return
        if kind == "until":
            self.until_ms[shard] = int(value)
            return
        end = self.by_link.setdefault((name, shard), End(name, shard))
        if kind == "in":
            link = st.LinkIn.FromString(value)
            end.received, end.held = link.size, link.held
            end.heard_until_ms = link.heard_until_ms
        elif kind == "out":
            out = st.LinkOut.FromString(value)
            end.sent, end.offset = out.sent.size, out.receipted.offset
            end.countersigned = max(end.countersigned, out.receipted.size)
        else:
            head = pb.ReceiptStatement.FromString(pb.Receipt.FromString(value).statement).head
            # Checkpoints are written once a second: a receipt may be ahead of the last one.
            end.countersigned = max(end.countersigned, head.size)
            end.sent = max(end.sent, head.size)

    def of(self, peer: str) -> list[End]:
        """Give the shards of the link with a peer of which anything is known."""
        return [end for (name, _), end in sorted(self.by_link.items()) if name == peer]


def ends(records: Records) -> Ends:
    """Give how a region's links stand now. Raises RecordsUnreachableError."""
    found = Ends()
    for key, record in latest_by_shard(records.read("heads")).items():
        found.take(key[0], key[1], record.value)
    return found


def latest_by_shard(read: Iterable[Any]) -> Mapping[tuple[int, bytes], Any]:
    """Give the last record of each key of each shard: in `heads` all shards use the same keys."""
    return {(record.partition, record.key): record for record in read}


def oldest_open_ms(records: Records, end: End) -> int | None:
    """Give when the oldest event that the peer hasn't countersigned came into the log.

    None if none is open, or it isn't among the next records of the log. Raises
    RecordsUnreachableError.
    """
    if not end.open:
        return None
    stop = end.offset + SOUGHT
    for record in records.read("events", [end.shard], start=end.offset, end=stop):
        event = ev.Event.FromString(record.value)
        envelope = ev.Envelope.FromString(event.envelope)
        if end.peer in (*envelope.to, *envelope.joining):
            return int(record.timestamp)
    return None
