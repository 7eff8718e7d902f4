"""The archive (归档): what is left of a matter long after its end, and what still comes for it.

A stub stays for ever: the final state and the last numbers, so that a late event is known to be new
and is recorded, and an act is rejected. Everything else of the state goes; the log keeps it.
"""

from __future__ import annotations

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.model import thread as threads
from collabbus.model.holding import Holding
from collabbus.model.journal import Journal, Region, thread_key
from collabbus.model.thread import MAIN, region_of


class Archive:
    """The archived matters of one shard."""

    def __init__(self, region: Region, journal: Journal) -> None:
        self._region = region
        self._journal = journal
        self._holding = Holding(region, journal)

    def has(self, matter_id: str) -> bool:
        """Tell whether a matter is archived."""
        return self._region.store.get(_key(matter_id)) is not None

    def put(self, matter: st.Matter, said: st.Thread) -> None:
        """Let go of a matter's state; `said` is the thread that says so, as it is now.

        The main one for its members. For whom takes no part in it, a thread of its own.
        """
        region, matter_id = self._region, matter.matter_id
        main = said if said.thread == MAIN else region.thread(matter_id, MAIN)
        main = main or st.Thread(thread=MAIN)
        stub = st.Stub(state=main.step.state)
        for name in sorted(threads.members(main)):
            stub.origins.add(region=name, last=threads.last(main, name))
        for name in region.others(matter_id):
            thread = region.thread(matter_id, name)
            if thread is None:
                continue
            if name != threads.LOCAL:
                sides = (region_of(matter.host), region_of(_short(name)))
                stub.tracks.add(
                    thread=_short(name), last=[threads.last(thread, one) for one in sides]
                )
            self._drop(matter, thread)
        self._drop(matter, main)
        for key in ("m/", "k/"):
            region.store.drop(key + matter_id)
        region.store.put(_key(matter_id), stub.SerializeToString())

    def unheard(self, matter: st.Matter, main: st.Thread) -> list[str]:
        """Give the regions that hold something of a matter and don't hear its main thread.

        They have left, or got a copy, or were told of a track that is overdue.
        """
        found = {region_of(one.office) for one in main.parties}
        for name in self._region.others(matter.matter_id):
            thread = self._region.thread(matter.matter_id, name)
            if thread is not None and name != threads.LOCAL:
                found |= {region_of(one.office) for one in thread.parties}
        return sorted(found - threads.members(main) - {self._region.name})

    def _drop(self, matter: st.Matter, thread: st.Thread) -> None:
        self._region.store.drop(thread_key(matter.matter_id, thread.thread))
        self._region.touched.pop((matter.matter_id, thread.thread), None)
        for held in list(thread.held):
            late = self._holding.take(matter, thread, held.origin, held.number, 0)
            if late is not None:
                self._journal.record_late(late.event, late.envelope)

    def late(self, event: ev.Event, envelope: ev.Envelope) -> None:
        """Record what came too late to change anything, once."""
        key = _key(envelope.matter_id)
        stub = st.Stub.FromString(self._region.store.get(key) or b"")
        if _is_new(stub, envelope):
            self._region.store.put(key, stub.SerializeToString())
            self._journal.record_late(event, envelope)


def _short(name: str) -> str:
    """Give a track's name as stubs have it: the recipient's office."""
    return name.removeprefix(threads.TRACK)


def _key(matter_id: str) -> str:
    return "a/" + matter_id


def _is_new(stub: st.Stub, envelope: ev.Envelope) -> bool:
    """Note a number in the stub; tell whether it is later than what the stub had."""
    if envelope.thread == MAIN:
        for origin in stub.origins:
            if origin.region == envelope.origin:
                break
        else:
            origin = stub.origins.add(region=envelope.origin)
        if envelope.number <= origin.last:
            return False
        origin.last = envelope.number
        return True
    name = _short(envelope.thread)
    for track in stub.tracks:
        if track.thread == name:
            break
    else:
        track = stub.tracks.add(thread=name, last=[0, 0])
    # The host opened the track: what isn't the recipient's is the host's.
    side = 1 if envelope.origin == region_of(name) else 0
    if envelope.number <= track.last[side]:
        return False
    track.last[side] = envelope.number
    return True
