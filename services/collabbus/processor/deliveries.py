"""Deliveries (送达): whether each event was countersigned by its peer in time, for one shard.

It watches the sending end of the links, and moves nothing. An event counts as late as soon as its
time is over, not when its peer comes back: what is down must show while it is down.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from collabbus.processor.metrics import Metrics

COARSE_MS = 60_000
"""Late events are told apart by the minute only: a peer may be away for a week."""


@dataclass(slots=True)
class _Way:
    start: int
    """How many events of the link are countersigned."""
    end: int
    """And how many are noted."""
    blind: int
    """Up to here nobody knows here when they were recorded."""
    young: deque[tuple[int, int]] = field(default_factory=deque)
    """Of events within their time: the link's size with them, and when they were recorded."""
    late: deque[tuple[int, int]] = field(default_factory=deque)
    """The same of those beyond it; they are the older ones."""


class Deliveries:
    """What was shipped to each peer and isn't countersigned yet."""

    def __init__(self, shard: int, patience_s: float, metrics: Metrics) -> None:
        self._shard = shard
        self._patience_ms = int(patience_s * 1000)
        self._metrics = metrics
        self._ways: dict[str, _Way] = {}

    def take(self, peer: str, countersigned: int, sent: int, oldest_ms: int | None) -> None:
        """Begin to watch a link, as it stands.

        Of what is under way only the oldest is known, for its age: it was judged by who had the
        shard before, or is left out.
        """
        way = self._ways[peer] = _Way(countersigned, max(sent, countersigned), sent)
        if sent > countersigned and oldest_ms is not None:
            way.late.append((sent, oldest_ms))

    def shipped(self, peer: str, end: int, recorded_ms: int) -> None:
        """Note events of a time, with which a link is of size `end`; no effect if none is new."""
        way = self._ways[peer]
        if end > way.end:
            way.end = end
            way.young.append((end, recorded_ms))

    def countersigned(self, peer: str, size: int, now_ms: int) -> None:
        """Take a peer's countersignature of a link's first `size` events."""
        way = self._ways[peer]
        for kept in (way.late, way.young):
            while kept and way.start < size:
                end, recorded_ms = kept[0]
                upto = min(end, size)
                age_ms = max(0, now_ms - recorded_ms)
                if way.start >= way.blind:
                    self._metrics.countersigned(peer, upto - way.start, age_ms / 1000)
                if kept is way.young:
                    self._judge(peer, upto - way.start, age_ms)
                way.start = upto
                if upto == end:
                    kept.popleft()
        way.start = max(way.start, size)

    def look(self, now_ms: int) -> None:
        """Count what has become late, and tell since when each peer's oldest event waits."""
        for peer, way in self._ways.items():
            while way.young and now_ms - way.young[0][1] > self._patience_ms:
                end, recorded_ms = way.young.popleft()
                before = way.late[-1][0] if way.late else way.start
                self._judge(peer, end - before, now_ms - recorded_ms)
                if way.late and recorded_ms - way.late[-1][1] < COARSE_MS:
                    way.late[-1] = end, way.late[-1][1]
                else:
                    way.late.append((end, recorded_ms))
            oldest = way.late[0] if way.late else way.young[0] if way.young else None
            self._metrics.links.oldest(peer, self._shard, oldest and oldest[1])

    def _judge(self, peer: str, events: int, age_ms: int) -> None:
        self._metrics.delivered(peer, events, age_ms <= self._patience_ms)
