"""Delivery: which handler is to run next on which event of a shard. No I/O, no clock, no chance.

Events of a matter are handled in their order, each by the handlers that want it, one after the
other; matters don't wait for each other. What fails is tried again at once, then after longer and
longer waits, then its matter is parked: its later events wait until a person decides.

Whoever runs it (the host on Kafka, the test kit) tells it what has happened, with the time, and
does what it answers: the same telling gives the same answers.

What a crash leaves: `committable` is the offset from which the log must be read again. It passes
an event only when all its handlers are done, or its matter is durably parked; the record of a
parked matter names the offset from which the rest is read when somebody decides.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, TypeVar

P = TypeVar("P")
"""What an item carries for the one that runs it; delivery never looks at it."""


class Decision(StrEnum):
    """What an operator can have done with a parked matter."""

    RETRY = "retry"
    SKIP = "skip"


class Phase(StrEnum):
    """What is under way in a matter."""

    READY = "ready"
    RUNNING = "running"
    WAITING = "waiting"
    """After a failure, until it is tried again."""
    PARKING = "parking"
    """Until its record is durable."""
    PARKED = "parked"
    REPLAYING = "replaying"
    """Until its events are read from the log again."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How often, and after what waits, something that failed is tried again."""

    at_once: int = 1
    waits_ms: tuple[int, ...] = (1_000, 5_000, 30_000, 120_000)

    def wait_ms(self, failures: int) -> int | None:
        """Give how long to wait after so many failures in a row; None: park."""
        if failures <= self.at_once:
            return 0
        later = failures - self.at_once
        return self.waits_ms[later - 1] if later <= len(self.waits_ms) else None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run failed."""

    error: str
    """The error's kind."""
    traceback: str = ""
    permanent: bool = False
    """Whether it is useless to try again: the matter is parked at once."""
    rejected: int = 0
    """The ordinal of the answer that the region decided against, if that was it."""
    outage: bool = False
    """Whether the region was away: no fault of the handler's, and tried until it is back."""


@dataclass(frozen=True, slots=True)
class Item(Generic[P]):
    """An event that some handlers want."""

    offset: int
    event_id: str
    handlers: tuple[str, ...]
    """By name, in the order in which they run."""
    payload: P


@dataclass(frozen=True, slots=True)
class Parked:
    """What is kept of a parked matter; durable before its shard goes on."""

    matter_id: str
    offset: int
    """Of the event that failed: the matter's events from here on wait."""
    event_id: str
    handler: str
    failure: Failure
    failures: int
    """In a row."""
    since_ms: int
    again: Mapping[int, int] = field(default_factory=dict)
    """By ordinal of an answer, how often it was rejected: the next try gives it a new id."""

    @property
    def which(self) -> tuple[str, str, int]:
        """What tells it from another one, also of the same event, where that failed once more."""
        return self.event_id, self.handler, self.since_ms


@dataclass(frozen=True, slots=True)
class Run(Generic[P]):
    """Run a handler on an event, then tell `succeeded` or `failed`."""

    matter_id: str
    handler: str
    item: Item[P]
    attempt: int
    """From 1."""
    again: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Park:
    """Write the record of a parked matter, then tell `parked`."""

    record: Parked


@dataclass(frozen=True, slots=True)
class Clear:
    """Delete the record of a parked matter, and what was decided about it."""

    matter_id: str


@dataclass(frozen=True, slots=True)
class Replay:
    """Read the events of a matter again, then tell `replayed`."""

    matter_id: str
    start: int
    """The first offset."""
    end: int
    """The first offset that is not to be read."""


Action = Park | Clear | Replay


@dataclass(slots=True)
class _Lane(Generic[P]):
    """A matter of which something is to be done."""

    items: deque[Item[P]] = field(default_factory=deque)
    phase: Phase = Phase.READY
    done: int = 0
    """How many handlers of the first item are done with it."""
    failures: int = 0
    again: Mapping[int, int] = field(default_factory=dict)
    record: Parked | None = None
    """What is durably parked, also while its events are handled anew."""
    until: int = 0
    """The end of what the record stands for, while it is handled anew."""
    decision: Decision | None = None


class Delivery(Generic[P]):
    """The deliveries of one shard to the handlers of one group."""

    def __init__(self, retry: Retry, position: int = 0, parked: Iterable[Parked] = ()) -> None:
        """`position` is the offset from which the log is read, `parked` what is durably so."""
        self._retry = retry
        self.position = position
        self._lanes: dict[str, _Lane[P]] = {
            one.matter_id: _Lane(phase=Phase.PARKED, record=one) for one in parked
        }
        self._ready: dict[str, None] = {}
        self._later: list[tuple[int, str]] = []
        # Offsets come in order, so the first one is the lowest.
        self._open: dict[int, None] = {}

    @property
    def committable(self) -> int:
        """From here on the log must be read again after a crash."""
        return next(iter(self._open), self.position)

    @property
    def backlog(self) -> int:
        """How many events are in memory that wait or run."""
        return len(self._open)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way and nothing will be, unless something is told."""
        busy = (Phase.READY, Phase.RUNNING, Phase.WAITING, Phase.PARKING, Phase.REPLAYING)
        return not any(lane.phase in busy for lane in self._lanes.values())

    def parked_matters(self) -> dict[str, Parked]:
        """Give what is durably parked, by matter, also while it is handled anew."""
        return {name: lane.record for name, lane in self._lanes.items() if lane.record}

    def phase(self, matter_id: str) -> Phase | None:
        """Give what is under way in a matter; None: nothing."""
        lane = self._lanes.get(matter_id)
        return None if lane is None else lane.phase

    def take(self, matter_id: str, item: Item[P]) -> list[Action]:
        """Take the next event that somebody wants; one that was passed is without effect."""
        if item.offset < self.position:
            return []
        self.position = item.offset + 1
        lane = self._lanes.get(matter_id)
        if lane is not None and lane.phase is Phase.PARKED:
            return self._decided(matter_id, lane)
        if not item.handlers:
            return []
        if lane is None:
            lane = self._lanes[matter_id] = _Lane()
        lane.items.append(item)
        self._open[item.offset] = None
        if lane.phase is Phase.READY:
            self._ready[matter_id] = None
        return []

    def passed(self, offset: int) -> None:
        """Take note that the log was read up to an offset that nobody wants."""
        self.position = max(self.position, offset + 1)

    def due(self, now_ms: int, limit: int) -> list[Run[P]]:
        """Give up to `limit` runs to start now; each matter has one at a time."""
        while self._later and self._later[0][0] <= now_ms:
            _, matter_id = heapq.heappop(self._later)
            lane = self._lanes.get(matter_id)
            if lane is not None and lane.phase is Phase.WAITING:
                lane.phase = Phase.READY
                self._ready[matter_id] = None
        runs: list[Run[P]] = []
        while self._ready and len(runs) < limit:
            matter_id = next(iter(self._ready))
            del self._ready[matter_id]
            lane = self._lanes[matter_id]
            lane.phase = Phase.RUNNING
            item = lane.items[0]
            runs.append(
                Run(matter_id, item.handlers[lane.done], item, lane.failures + 1, lane.again)
            )
        return runs

    def next_ms(self) -> int | None:
        """Give when something that failed is to be tried again; None: nothing waits."""
        return self._later[0][0] if self._later else None

    def succeeded(self, run: Run[P]) -> list[Action]:
        """Take note that a run is done and all its answers are recorded."""
        lane = self._lanes[run.matter_id]
        lane.done += 1
        lane.failures, lane.again = 0, {}
        if lane.done == len(run.item.handlers):
            self._drop_first(lane)
        return self._go_on(run.matter_id, lane)

    def interrupted(self, run: Run[P]) -> None:
        """Take note that a run ended for a reason that isn't its handler's; it is run again."""
        self._lanes[run.matter_id].phase = Phase.READY
        self._ready[run.matter_id] = None

    def failed(
        self, run: Run[P], failure: Failure, now_ms: int, since_ms: int | None = None
    ) -> list[Action]:
        """Take note that a run failed.

        `since_ms` is the time for a parked matter's record, where `now_ms` is of a clock that
        doesn't tell the time of day; it must be that of `due`.
        """
        lane = self._lanes[run.matter_id]
        lane.failures += 1
        wait = None if failure.permanent else self._retry.wait_ms(lane.failures)
        if wait is None and failure.outage:
            wait = max(self._retry.waits_ms, default=1_000)
        if wait is None:
            lane.phase = Phase.PARKING
            again = dict(lane.again)
            if failure.rejected:
                again[failure.rejected] = again.get(failure.rejected, 0) + 1
            return [
                Park(
                    Parked(
                        run.matter_id, run.item.offset, run.item.event_id, run.handler, failure,
                        lane.failures, now_ms if since_ms is None else since_ms, again,
                    )
                )
            ]  # fmt: skip
        if wait:
            lane.phase = Phase.WAITING
            heapq.heappush(self._later, (now_ms + wait, run.matter_id))
        else:
            self.interrupted(run)
        return []

    def parked(self, record: Parked) -> None:
        """Take note that a record is durable: what waits behind it needs no memory any more."""
        lane = self._lanes[record.matter_id]
        for item in lane.items:
            self._open.pop(item.offset, None)
        self._lanes[record.matter_id] = _Lane(phase=Phase.PARKED, record=record)

    def decide(self, record: Parked, decision: Decision) -> list[Action]:
        """Take what an operator decided; of no effect unless its matter is parked with this record.

        So a decision counts once: where the event fails again, a person decides again.
        """
        lane = self._lanes.get(record.matter_id)
        if lane is None or lane.phase is not Phase.PARKED or lane.record is None:
            return []
        if lane.record.which != record.which:
            return []
        lane.decision = decision
        return self._decided(record.matter_id, lane)

    def replayed(self, matter_id: str, items: Sequence[Item[P]]) -> list[Action]:
        """Take the events of a matter that were read again, in order."""
        lane = self._lanes[matter_id]
        record = lane.record
        if record is None or lane.phase is not Phase.REPLAYING:
            return []
        again = [
            self._cut(one, record, lane.decision) if one.offset == record.offset else one
            for one in items
        ]
        lane.items.extendleft(reversed([one for one in again if one.handlers]))
        lane.phase = Phase.READY
        lane.again = record.again if lane.decision is Decision.RETRY else {}
        lane.decision = None
        return self._go_on(matter_id, lane)

    def _decided(self, matter_id: str, lane: _Lane[P]) -> list[Action]:
        # After a restart the log may not be read as far as the event yet.
        if lane.decision is None or lane.record is None or self.position <= lane.record.offset:
            return []
        lane.phase = Phase.REPLAYING
        lane.until = self.position
        return [Replay(matter_id, lane.record.offset, lane.until)]

    @staticmethod
    def _cut(item: Item[P], record: Parked, decision: Decision | None) -> Item[P]:
        """Leave out the handlers that were done with the event, or are to be skipped."""
        if record.handler not in item.handlers:
            return item
        at = item.handlers.index(record.handler) + (decision is Decision.SKIP)
        return replace(item, handlers=item.handlers[at:])

    def _drop_first(self, lane: _Lane[P]) -> None:
        item = lane.items.popleft()
        self._open.pop(item.offset, None)
        lane.done = 0

    def _go_on(self, matter_id: str, lane: _Lane[P]) -> list[Action]:
        actions: list[Action] = []
        if lane.record is not None and not (lane.items and lane.items[0].offset < lane.until):
            lane.record = None
            actions.append(Clear(matter_id))
        if lane.items:
            lane.phase = Phase.READY
            self._ready[matter_id] = None
        else:
            del self._lanes[matter_id]
        return actions
