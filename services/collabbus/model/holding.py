"""Holding: events of peers that wait, for a cause or a contract, or that were refused.

Their bytes stand under keys of their own, `h/<matter>/<thread>/<origin>/<number>`; who waits for
what is listed in `collab.<region>.waiting`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.link import inbound
from collabbus.link.merkle import leaf_hash
from collabbus.model import thread as threads
from collabbus.model.journal import Journal, Region


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event that a peer has sent, and where it belongs."""

    peer: str
    matter: st.Matter
    thread: st.Thread
    event: ev.Event
    envelope: ev.Envelope
    time_ms: int
    """When its parcel, or whatever it waited for, came."""
    conflict: bool = False
    """Whether other bytes came under its number while it was held."""


class Holding:
    """What is held of one shard."""

    def __init__(self, region: Region, journal: Journal) -> None:
        self._region = region
        self._journal = journal

    def keys(self, code: str) -> list[str]:
        """Give the keys of what is held for a reason."""
        return [
            key
            for key, value in self._region.store.items("h/")
            if st.HeldEvent.FromString(value).code == code
        ]

    def digest(self, arrival: Arrival) -> bytes | None:
        """Give the digest of what has come under the number of an event; None if nothing has."""
        thread, envelope = arrival.thread, arrival.envelope
        if envelope.number <= threads.last(thread, envelope.origin):
            return threads.digest(thread, envelope.origin, envelope.number)
        for held in thread.held:
            if (held.origin, held.number) == (envelope.origin, envelope.number):
                kept = self._kept(_key(arrival.matter, thread, held))
                return None if kept is None else leaf_hash(kept.event.envelope)[: threads.DIGEST]
        return None

    def code(self, matter: st.Matter, thread: st.Thread, origin: str, number: int) -> str:
        """Give why an event is held; empty if nothing is held under its number."""
        kept = self._kept(_key(matter, thread, st.Held(origin=origin, number=number)))
        return "" if kept is None else kept.code

    def hold(self, arrival: Arrival, code: str, needs: Iterable[ev.Seen] = ()) -> None:
        """Lay an event aside, and list it as waiting."""
        matter, thread, envelope = arrival.matter, arrival.thread, arrival.envelope
        held = thread.held.add(origin=envelope.origin, number=envelope.number, needs=needs)
        key = _key(matter, thread, held)
        kept = st.HeldEvent(
            event=arrival.event, code=code, since_ms=arrival.time_ms, peer=arrival.peer
        )
        self._region.store.put(key, kept.SerializeToString())
        self._count(arrival.peer, 1)
        waiting = sub.Waiting(
            matter_id=matter.matter_id,
            thread=thread.thread,
            event_id=envelope.event_id,
            origin=envelope.origin,
            number=envelope.number,
            missing=held.needs,
            code=code,
            since_ms=arrival.time_ms,
        )
        self._journal.effects.waiting.append((key.encode(), waiting.SerializeToString()))

    def note_conflict(self, arrival: Arrival) -> None:
        """Note of what is held under an arrival's number that other bytes came under it, too."""
        held = st.Held(origin=arrival.envelope.origin, number=arrival.envelope.number)
        key = _key(arrival.matter, arrival.thread, held)
        kept = self._kept(key)
        if kept is not None:
            kept.conflict = True
            self._region.store.put(key, kept.SerializeToString())

    def lift(self, matter: st.Matter, thread: st.Thread, time_ms: int) -> Arrival | None:
        """Take out one event that waits for nothing any more; None if there is none."""
        for held in thread.held:
            kept = self._kept(_key(matter, thread, held))
            if kept is None or kept.code == "REFUSED":
                continue
            envelope = ev.Envelope.FromString(kept.event.envelope)
            if threads.missing(thread, envelope, self._region.name) or (
                self._region.contract(envelope.contract) is None
            ):
                continue
            return self.take(matter, thread, held.origin, held.number, time_ms)
        return None

    def take(
        self, matter: st.Matter, thread: st.Thread, origin: str, number: int, time_ms: int
    ) -> Arrival | None:
        """Take out what is held under a number, whatever it waits for; None if nothing is."""
        for place, held in enumerate(thread.held):
            if (held.origin, held.number) != (origin, number):
                continue
            key = _key(matter, thread, held)
            kept = self._kept(key)
            del thread.held[place]
            self._region.store.drop(key)
            self._journal.effects.waiting.append((key.encode(), None))
            if kept is None:
                return None
            self._count(kept.peer, -1)
            envelope = ev.Envelope.FromString(kept.event.envelope)
            return Arrival(kept.peer, matter, thread, kept.event, envelope, time_ms, kept.conflict)
        return None

    def _kept(self, key: str) -> st.HeldEvent | None:
        kept = self._region.store.get(key)
        return None if kept is None else st.HeldEvent.FromString(kept)

    def _count(self, peer: str, change: int) -> None:
        link = inbound.restored(self._region.store.get("in/" + peer))
        link.held = max(0, link.held + change)
        self._region.store.put("in/" + peer, link.SerializeToString())


def _key(matter: st.Matter, thread: st.Thread, held: st.Held) -> str:
    return f"h/{matter.matter_id}/{thread.thread}/{held.origin}/{held.number}"
