"""The clock: what falls due, said once, by the region whose clock it is (rule 7)."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from functools import partial

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collabbus.model import ids
from collabbus.model import thread as threads
from collabbus.model.deadline import DAY_MS
from collabbus.model.journal import Journal, Region
from collabbus.model.thread import LOCAL, MAIN, region_of


class Clock:
    """Finds what a tick makes due. Its agenda is a cache: the state alone decides."""

    def __init__(self, region: Region, journal: Journal) -> None:
        self._region = region
        self._journal = journal
        self._agenda: list[tuple[int, str]] = []
        self._noted: dict[str, tuple[int, int]] = {}
        for _, value in region.store.items("m/"):
            self.note(st.Matter.FromString(value))
        for key, value in region.store.items("r/"):
            heapq.heappush(
                self._agenda, (st.RejectedOpening.FromString(value).not_after_ms + 1, key)
            )

    def next_ms(self) -> int | None:
        """Give when something falls due next, so that the shell knows when a tick is worth it."""
        return self._agenda[0][0] if self._agenda else None

    def note(self, matter: st.Matter) -> None:
        """Put what a matter will need of the clock on the agenda."""
        thread = threads.find(matter, MAIN)
        if thread is None:
            return
        step = thread.step
        waits = region_of(step.waits) == self._region.name and not thread.overdue
        awaits = region_of(step.awaits) == self._region.name and not thread.reminded
        times = (
            step.due_ms if waits else 0,
            self._remind_ms(matter, thread) if awaits else 0,
        )
        if self._noted.get(matter.matter_id, (0, 0)) == times:
            return
        for time_ms in filter(None, times):
            heapq.heappush(self._agenda, (time_ms, matter.matter_id))
        if any(times):
            self._noted[matter.matter_id] = times
        else:
            self._noted.pop(matter.matter_id, None)

    def note_rejection(self, key: str, not_after_ms: int) -> None:
        """Have a rejection without a matter forgotten once every copy of it is void."""
        heapq.heappush(self._agenda, (not_after_ms + 1, key))

    def tick(self, time_ms: int, guard: Callable[[Callable[[], None]], bool]) -> None:
        """Do what is due at a time; `guard` runs each matter by itself."""
        while self._agenda and self._agenda[0][0] <= time_ms:
            _, key = heapq.heappop(self._agenda)
            if key.startswith("r/"):
                self._region.store.drop(key)
            else:
                self._noted.pop(key, None)
                if not guard(partial(self._due, key, time_ms)):
                    guard(partial(self._freeze, key))
        self._region.store.put(f"until/{self._region.name}", b"%d" % time_ms)

    def _freeze(self, matter_id: str) -> None:
        """Freeze the thread of a matter on which the clock fails: it spoils no other."""
        matter = self._region.matter(matter_id)
        thread = threads.find(matter, MAIN) if matter is not None else None
        if matter is not None and thread is not None:
            thread.freezes.add(
                refuser=self._region.name, origin=self._region.name, number=0, code="INTERNAL"
            )
            self._region.keep(matter)
            self._journal.effects.quarantined.append("INTERNAL")

    def _due(self, matter_id: str, time_ms: int) -> None:
        matter = self._region.matter(matter_id)
        thread = threads.find(matter, MAIN) if matter is not None else None
        if matter is None or thread is None or thread.freezes:
            return
        step = thread.step
        waiter = threads.party(thread, step.waits)
        changed = False
        remind = self._remind_ms(matter, thread)
        if (
            remind
            and remind <= time_ms
            and not thread.reminded
            and region_of(step.awaits) == self._region.name
        ):
            thread.reminded = changed = True
            self._remind(matter, thread, time_ms)
        if (
            step.due_ms
            and step.due_ms <= time_ms
            and not thread.overdue
            and region_of(step.waits) == self._region.name
            # Who has asked to leave has had its last word (rule 6).
            and waiter is not None
            and not waiter.leaving
        ):
            changed = True
            self._overdue(matter, thread, time_ms)
        if changed:
            self._region.keep(matter)

    def _remind_ms(self, matter: st.Matter, thread: st.Thread) -> int:
        """Give when the awaited office is to be reminded; 0 for never."""
        lifecycle = self._region.lifecycle(matter)
        if lifecycle is None or not thread.step.due_ms:
            return 0
        days = max(rule.remind_days for rule in lifecycle.deadlines.values())
        return thread.step.due_ms - days * DAY_MS if days else 0

    def _remind(self, matter: st.Matter, thread: st.Thread, time_ms: int) -> None:
        step = thread.step
        self._journal.own(
            matter,
            threads.find_or_add(matter, LOCAL),
            body_pb2.Body(reminded=verbs_pb2.Reminded(step=step.number, due_ms=step.due_ms)),
            event_id=ids.clock_event_id(
                matter.matter_id,
                MAIN,
                self._region.name,
                "Reminded",
                _occasion(thread, self._region.name),
            ),
            office=step.awaits,
            recorded_ms=time_ms,
            clock=True,
        )

    def _overdue(self, matter: st.Matter, thread: st.Thread, time_ms: int) -> None:
        step = thread.step
        awaited = region_of(step.awaits)
        heard = time_ms
        if awaited != self._region.name:
            kept = self._region.store.get("in/" + awaited)
            heard = st.LinkIn.FromString(kept).heard_until_ms if kept is not None else 0
        self._journal.own(
            matter,
            thread,
            body_pb2.Body(
                overdue=verbs_pb2.Overdue(
                    step=step.number, due_ms=step.due_ms, heard_until_ms=heard
                )
            ),
            event_id=ids.clock_event_id(
                matter.matter_id,
                MAIN,
                self._region.name,
                "Overdue",
                _occasion(thread, self._region.name),
            ),
            office=step.waits,
            recorded_ms=time_ms,
            clock=True,
        )


def _occasion(thread: st.Thread, region: str) -> str:
    """Give what tells this occasion from any other; a due time can come back by an extension."""
    return f"{thread.step.number}/{thread.step.due_ms}/{threads.last(thread, region)}"
