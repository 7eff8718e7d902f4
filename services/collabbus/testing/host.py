"""HostInMemory: runs a group of handlers for an office, by the delivery that the real host uses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from google.protobuf.message import Message

from collab.v1 import submission_pb2 as sub
from collabbus.handlers import Event, Handlers
from collabbus.handlers.delivery import (
    Action,
    Clear,
    Decision,
    Delivery,
    Item,
    Park,
    Parked,
    Replay,
    Run,
)
from collabbus.handlers.middleware.timeout import timeout
from collabbus.handlers.run import acting_office, call_of, event_of, perform
from collabbus.handlers.standing import Standing
from collabbus.model.body import said
from collabbus.model.thread import region_of
from collabbus.sdk import Recorded, Rejected
from collabbus.sdk.draft import serialized
from collabbus.simulate.node import Logged
from collabbus.simulate.stage import SimulatedStage
from collabbus.testing.log import seen_of

LIMIT = 16
"""How many matters have a handler running at once."""
_REUSED = "ID_REUSED"


@dataclass(frozen=True, slots=True)
class Payload:
    """An event, and which office takes part in its thread."""

    event: Event[Message]
    office: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What a handler answered; delivered twice, it stands here once."""

    handler: str
    event: Event[Message]
    """To which it is the answer."""
    office: str
    matter_id: str
    """Of the answer: that of the event, or the one that it opened."""
    thread: str
    body: Message
    draft: sub.Draft
    event_ids: tuple[str, ...] = ()
    """The events that the region recorded of it; none where it was rejected."""
    rejected: str = ""
    """The code with which the region rejected it."""
    times: int = 1
    """How often it was submitted."""

    @property
    def type(self) -> str:
        """Such as `Received`."""
        return self.body.DESCRIPTOR.name


class HostInMemory:
    """What a group has done with the log of a region's office, in memory."""

    def __init__(self, stage: SimulatedStage, handlers: Handlers, offices: tuple[str, ...]) -> None:
        """`offices` are those for which it acts, all of one region."""
        self.handlers = handlers
        self.offices = offices
        self.region = region_of(offices[0])
        self.answers: dict[str, Answered] = {}
        """By submission id, in the order in which they were given."""
        self.runs = 0
        """How often a handler was run."""
        self._stage = stage
        self._records: dict[str, Parked] = {}
        """What the topic of parked matters would hold."""
        self._start()

    def __repr__(self) -> str:
        return f"HostInMemory({self.handlers.name!r}, {self.offices[0]!r})"

    @property
    def parked(self) -> tuple[Parked, ...]:
        """The parked matters, in the order in which they were parked."""
        return tuple(self._records.values())

    def restart(self) -> None:
        """Lose all memory, as by a `kill -9` before anything was committed.

        Every event but those of parked matters is then delivered again.
        """
        self._start()

    def _start(self) -> None:
        self._delivery: Delivery[Payload] = Delivery(self.handlers.retry, 0, self._records.values())
        self._standings: dict[str, Standing] = {}
        self._read = 0

    async def deliver(self) -> bool:
        """Run what is to be run now of what is recorded by now; tell whether anything was.

        What comes of it is for the next call, so that a handler that answers itself comes to light.
        """
        if self.region in self._stage.down:
            return False
        self._take()
        ran = False
        while runs := self._delivery.due(self._stage.now_ms(), LIMIT):
            ran = True
            await asyncio.gather(*(self._run(run) for run in runs))
        return ran

    def next_ms(self) -> int | None:
        """Give when something that failed is tried again; None: nothing waits."""
        return None if self.region in self._stage.down else self._delivery.next_ms()

    def decide(self, parked: Parked, decision: Decision) -> None:
        """Do what an operator decided about a parked matter."""
        self._do(self._delivery.decide(parked, decision))

    # The log --------------------------------------------------------------------------------

    def _take(self) -> None:
        log = self._stage.nodes[self.region].disk.events
        for record in log[self._read :]:
            standing = self._standing(record.envelope.matter_id)
            standing.take(record.envelope)
            item = self._item(record, standing)
            if item is None:
                self._delivery.passed(record.offset)
            else:
                self._do(self._delivery.take(record.envelope.matter_id, item))
        self._read = len(log)

    def _standing(self, matter_id: str) -> Standing:
        return self._standings.setdefault(matter_id, Standing(matter_id))

    def _item(self, record: Logged, standing: Standing) -> Item[Payload] | None:
        envelope = record.envelope
        event = event_of(seen_of(record))
        office = acting_office(envelope, standing, self.offices)
        if event is None or office is None:
            return None
        wanting = self.handlers.wanting(envelope, standing.domain)
        return Item(record.offset, envelope.event_id, wanting, Payload(event, office))

    def _between(self, matter_id: str, start: int, end: int) -> Iterator[Item[Payload]]:
        for record in self._stage.nodes[self.region].disk.events:
            if record.envelope.matter_id == matter_id and start <= record.offset < end:
                item = self._item(record, self._standing(matter_id))
                if item is not None:
                    yield item

    # Runs -----------------------------------------------------------------------------------

    async def _run(self, run: Run[Payload]) -> None:
        self.runs += 1
        payload = run.item.payload
        call = call_of(
            self.handlers,
            run.handler,
            payload.event,
            payload.office,
            self._standing(run.matter_id),
            _Desk(self, run),
            loop=asyncio.get_running_loop(),
            attempt=run.attempt,
            again=run.again,
        )
        failure = await perform(call, (*self.handlers.middleware, timeout))
        if failure is None:
            self._do(self._delivery.succeeded(run))
        else:
            self._do(self._delivery.failed(run, failure, self._stage.now_ms()))

    def _do(self, actions: Iterable[Action]) -> None:
        """Do what the delivery asks for, at once: in memory everything is durable."""
        todo = list(actions)
        while todo:
            match todo.pop(0):
                case Park(record):
                    self._records[record.matter_id] = record
                    self._delivery.parked(record)
                case Clear(matter_id):
                    self._records.pop(matter_id, None)
                case Replay(matter_id, start, end):
                    items = list(self._between(matter_id, start, end))
                    todo += self._delivery.replayed(matter_id, items)

    def submit(self, run: Run[Payload], draft: sub.Draft) -> Recorded:
        """Have the region decide an answer, and keep what became of it; raises Rejected."""
        serialized(draft)
        digest = self._stage.hand_in(draft)
        outcome = self._stage.outcome(self.region, digest)
        if outcome is None:
            raise RuntimeError(f"{self.region} is down, and runs no handlers")
        before = self.answers.get(draft.submission_id)
        if before is not None and outcome.code == _REUSED:
            # It says it in other words this time: it has answered already.
            return Recorded(
                draft.submission_id, before.matter_id, before.event_ids, outcome.decided_ms
            )
        rejected = "" if outcome.decision == sub.DECISION_RECORDED else outcome.code
        self.answers[draft.submission_id] = Answered(
            run.handler,
            run.item.payload.event,
            draft.office,
            draft.matter_id,
            draft.thread,
            said(draft.body),
            draft,
            tuple(outcome.event_ids),
            rejected,
            before.times + 1 if before is not None else 1,
        )
        if rejected:
            raise Rejected(outcome.code, outcome.field, outcome.reason, draft.submission_id)
        return Recorded(
            draft.submission_id,
            draft.matter_id,
            tuple(outcome.event_ids),
            outcome.decided_ms,
        )


class _Desk:
    """Takes the answers of one run."""

    def __init__(self, host: HostInMemory, run: Run[Payload]) -> None:
        self._host = host
        self._run = run

    async def submit(self, draft: sub.Draft) -> Recorded:
        """Return once the region has recorded the draft; raises Rejected."""
        return self._host.submit(self._run, draft)
