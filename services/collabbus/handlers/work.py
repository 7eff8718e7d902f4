"""Work: one shard of the log in the hands of a host: what is known of its matters, what is due."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from google.protobuf.message import Message

from collabbus.handlers.delivery import Action, Delivery, Item, Parked
from collabbus.handlers.event import Event
from collabbus.handlers.handler import Handlers
from collabbus.handlers.run import acting_office, event_of
from collabbus.handlers.standing import Standing
from collabbus.sdk import Seen

KNOWN = 50_000
"""Matters of a shard whose standing is kept; that of another one is read from the log again."""

Payload = tuple[Event[Message], str]
"""An event, and the office for which it is handled."""


class Work:
    """What a host has to do in one shard. No I/O."""

    def __init__(
        self,
        shard: int,
        handlers: Handlers,
        offices: tuple[str, ...],
        position: int,
        parked: Iterable[Parked] = (),
    ) -> None:
        self.id = uuid.uuid4().hex
        """Stands in what is written of parked matters, so that a late writer is found out."""
        self.shard = shard
        self.delivery: Delivery[Payload] = Delivery(handlers.retry, position, parked)
        self.committed = position
        self.leaving = False
        """Whether the shard is being given away: nothing new is begun."""
        self.paused = False
        """Whether enough of it is in memory."""
        self.kinds: dict[str, str] = {}
        """The type of the event on which a matter failed."""
        self._handlers = handlers
        self._offices = offices
        self._standings: OrderedDict[str, Standing] = OrderedDict()

    def standing(self, matter_id: str) -> Standing:
        """Give how a matter stands by what was taken of it."""
        return self._standings.get(matter_id) or Standing(matter_id)

    def unknown(self, events: Iterable[Seen]) -> dict[str, int]:
        """Give the matters of which something was said unheard, and when each was opened."""
        found: dict[str, int] = {}
        fresh: set[str] = set()
        for one in events:
            envelope = one.envelope
            if envelope.matter_id in self._standings or envelope.matter_id in fresh:
                continue
            if envelope.opened_ms == envelope.recorded_ms and envelope.number == 1:
                fresh.add(envelope.matter_id)
            else:
                found.setdefault(envelope.matter_id, envelope.opened_ms)
        return found

    def learn(self, events: Iterable[Seen]) -> None:
        """Take note of what was said before; nothing of it is handled."""
        for one in events:
            self._note(one)

    def take(self, one: Seen) -> list[Action]:
        """Take the next event of the shard."""
        self._note(one)
        item = self._item(one)
        if item is None:
            self.delivery.passed(one.offset)
            return []
        return self.delivery.take(one.envelope.matter_id, item)

    def replayed(self, matter_id: str, events: Sequence[Seen]) -> list[Action]:
        """Take events of a parked matter that were read again.

        A host that took the shard later has met none of them: they count as said by now.
        """
        if matter_id not in self._standings:
            self.learn(events)
        items = [item for one in events if (item := self._item(one)) is not None]
        return self.delivery.replayed(matter_id, items)

    def _item(self, one: Seen) -> Item[Payload] | None:
        envelope = one.envelope
        standing = self.standing(envelope.matter_id)
        names = self._handlers.wanting(envelope, standing.domain)
        event = event_of(one) if names else None
        office = acting_office(envelope, standing, self._offices) if event else None
        if event is None or office is None:
            return None
        return Item(one.offset, envelope.event_id, names, (event, office))

    def _note(self, one: Seen) -> None:
        matter_id = one.envelope.matter_id
        standing = self._standings.get(matter_id)
        if standing is None:
            standing = self._standings[matter_id] = Standing(matter_id)
            if len(self._standings) > KNOWN:
                self._standings.popitem(last=False)
        else:
            self._standings.move_to_end(matter_id)
        standing.take(one.envelope)
