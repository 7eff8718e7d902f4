"""The clock: what falls due, said once, by the region whose clock it is (rule 7).

The waiter's region records overdue, escalation and the claim to a default outcome; the awaited
region reminds itself, and makes the default.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from functools import partial

from google.protobuf import json_format

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model import due, rules
from collabbus.model import thread as threads
from collabbus.model.archive import Archive
from collabbus.model.body import FIELD_OF
from collabbus.model.consequences import Consequences
from collabbus.model.escalation import reached
from collabbus.model.journal import Journal, Region
from collabbus.model.lifecycle import Default
from collabbus.model.rejection import Rejection
from collabbus.model.thread import ARCHIVE, LOCAL, MAIN, region_of
from collabbus.model.where import Where

RETRY_MS = 3_600_000
"""So often an escalation is looked at anew that waits for the awaited region to be heard."""
NEVER_MS = 1 << 62


class Clock:
    """Finds what a tick makes due. Its agenda is a cache: the state alone decides."""

    def __init__(self, region: Region, journal: Journal, consequences: Consequences) -> None:
        self._region = region
        self._journal = journal
        self._consequences = consequences
        self._archive = Archive(region, journal)
        self._agenda: list[tuple[int, str]] = []
        self._noted: dict[str, tuple[int, ...]] = {}
        for key, value in region.store.items("t/"):
            matter = region.matter(key.split("/")[1])
            if matter is not None:
                self.note(matter, st.Thread.FromString(value))
        for key, value in region.store.items("r/"):
            self.note_memory(key, st.Remembered.FromString(value).not_after_ms)

    def next_ms(self) -> int | None:
        """Give when something falls due next, so that the shell knows when a tick is worth it."""
        return self._agenda[0][0] if self._agenda else None

    def note(self, matter: st.Matter, thread: st.Thread, now_ms: int = 0) -> None:
        """Put what a thread will need of the clock on the agenda.

        `now_ms` is the time of the tick at which the thread was looked at, if it was.
        """
        if not thread.step.due_ms and (thread.thread != MAIN or thread.step.awaits):
            return
        key = f"{matter.matter_id}/{thread.thread}"
        where = self._region.where(matter, thread)
        times = tuple(at for at, _ in self._deeds(where, now_ms)) if where is not None else ()
        if self._noted.get(key, ()) == times:
            return
        for time_ms in times:
            heapq.heappush(self._agenda, (time_ms, key))
        if times:
            self._noted[key] = times
        else:
            self._noted.pop(key, None)

    def note_memory(self, key: str, not_after_ms: int) -> None:
        """Have what is remembered without a matter forgotten once it is void."""
        heapq.heappush(self._agenda, (not_after_ms + 1, key))

    def tick(self, time_ms: int, guard: Callable[[Callable[[], None]], bool]) -> None:
        """Do what is due at a time; `guard` runs each thread by itself."""
        while self._agenda and self._agenda[0][0] <= time_ms:
            at, key = heapq.heappop(self._agenda)
            if key.startswith("r/"):
                self._forget(key, time_ms)
            elif at in self._noted.get(key, ()):  # else it was noted anew since, for other times
                del self._noted[key]
                matter_id, _, name = key.partition("/")
                if not guard(partial(self._due, matter_id, name, time_ms)):
                    guard(partial(self._freeze, matter_id, name, time_ms))
        self._region.store.put(f"until/{self._region.name}", b"%d" % time_ms)

    def _forget(self, key: str, time_ms: int) -> None:
        # What waits may have grown since it was noted, and then stays as long as the last of it.
        kept = self._region.store.get(key)
        if kept is not None and st.Remembered.FromString(kept).not_after_ms < time_ms:
            self._region.store.drop(key)

    def _freeze(self, matter_id: str, name: str, time_ms: int) -> None:
        """Freeze a thread on which the clock fails: it spoils no other."""
        matter, thread = self._region.matter(matter_id), self._region.thread(matter_id, name)
        if matter is not None and thread is not None:
            thread.freezes.add(
                refuser=self._region.name, origin=self._region.name, code="INTERNAL",
                since_ms=time_ms,
            )  # fmt: skip
            self._region.keep(matter, thread)
            self._journal.effects.quarantined.append("INTERNAL")

    def _due(self, matter_id: str, name: str, time_ms: int) -> None:
        matter, thread = self._region.matter(matter_id), self._region.thread(matter_id, name)
        where = None
        if matter is not None and thread is not None:
            where = self._region.where(matter, thread)
        if matter is None or thread is None or where is None:
            return
        changed = False
        while not thread.archived and (
            deeds := [deed for at, deed in self._deeds(where, time_ms) if at <= time_ms]
        ):
            changed = True
            deeds[0](where, time_ms)
        if thread.archived:
            self._archive.put(matter, thread)
            return
        if changed:
            self._region.keep(matter, thread)
        # Also where nothing was done: what has been put off is looked at again.
        self.note(matter, thread, time_ms)

    def _deeds(self, where: Where, now_ms: int) -> list[tuple[int, Callable[[Where, int], None]]]:
        """Give what this region's clock has yet to do in a thread, each with its time."""
        thread = where.thread
        step = thread.step
        found: list[tuple[int, Callable[[Where, int], None]]] = []
        if thread.freezes or thread.ended:
            return found
        if not step.due_ms:
            if self._is_over(where):
                found.append((due.archive_ms(where), self._put_away))
            return found
        waiter = threads.party(thread, step.waits)
        if region_of(step.awaits) == self._region.name:
            remind = due.remind_ms(where)
            if remind and not thread.reminded:
                found.append((remind, self._remind))
            if thread.claimed_ms and self._default(where) is not None:
                found.append((thread.claimed_ms + 1, self._make_default))
        # Who has asked to leave has had its last word (rule 6).
        if region_of(step.waits) == self._region.name and waiter is not None and not waiter.leaving:
            if not thread.overdue:
                found.append((step.due_ms, self._overdue))
                return found
            if self._default(where) is not None and not thread.claimed_ms:
                found.append((step.due_ms, self._claim))
            if (rung := self._rung(where)) is not None:
                found.append((self._escalate_ms(where, rung[0], now_ms), self._escalate))
        return found

    def _is_over(self, where: Where) -> bool:
        """Tell whether the thread is a main one that has ended, hosted here, with nothing held."""
        thread = where.thread
        ended = thread.thread == MAIN and thread.HasField("step") and not thread.step.awaits
        return ended and region_of(where.matter.host) == self._region.name and not thread.held

    def _put_away(self, where: Where, time_ms: int) -> None:
        matter, main = where.matter, where.thread
        archived = verbs_pb2.Archived(final_state=main.step.state)
        body = body_pb2.Body(archived=archived)
        for region in self._archive.unheard(matter, main):
            thread = st.Thread(thread=ARCHIVE + region)
            self._journal.by_rule(
                matter, thread, body, matter.host, time_ms,
                occasion="archived", seed=matter.seed, also_to=[region],
            )  # fmt: skip
        self._journal.by_rule(matter, main, body, matter.host, time_ms, occasion="archived")

    def _default(self, where: Where) -> Default | None:
        """Give the default outcome of the step that is open, if the contract has one."""
        rule = where.deadline()
        if rule is None or rule.default is None:
            return None
        out = where.chain.step(where.thread.step.state, rule.default.act)
        return rule.default if out is not None else None

    def _heard_ms(self, where: Where, time_ms: int) -> int:
        """Give until when the awaited region has been heard."""
        awaited = region_of(where.thread.step.awaits)
        if awaited == self._region.name:
            return time_ms
        kept = self._region.store.get("in/" + awaited)
        return st.LinkIn.FromString(kept).heard_until_ms if kept is not None else 0

    # Deeds ----------------------------------------------------------------------------------

    def _remind(self, where: Where, time_ms: int) -> None:
        step = where.thread.step
        where.thread.reminded = True
        local = self._region.thread(where.matter.matter_id, LOCAL) or st.Thread(thread=LOCAL)
        reminded = verbs_pb2.Reminded(
            step=step.number, due_ms=step.due_ms, thread=where.thread.thread
        )
        self._journal.by_rule(
            where.matter,
            local,
            body_pb2.Body(reminded=reminded),
            step.awaits,
            time_ms,
            # Others may move the due time away and back, with no word of this region between.
            occasion=f"{where.thread.thread}/{self._occasion(where.thread)}"
            f"/{threads.last(local, self._region.name)}",
        )
        self._region.keep(where.matter, local)

    def _overdue(self, where: Where, time_ms: int) -> None:
        step = where.thread.step
        overdue = verbs_pb2.Overdue(
            step=step.number, due_ms=step.due_ms, heard_until_ms=self._heard_ms(where, time_ms)
        )
        self._say(where, body_pb2.Body(overdue=overdue), time_ms)

    def _claim(self, where: Where, time_ms: int) -> None:
        step, default = where.thread.step, self._default(where)
        claimed = verbs_pb2.DefaultClaimed(
            step=step.number, due_ms=step.due_ms, act=default.act if default is not None else ""
        )
        self._say(where, body_pb2.Body(default_claimed=claimed), time_ms)

    def _rung(self, where: Where) -> tuple[int, str] | None:
        """Give the next level of escalation at which there is somebody to turn to, and whom."""
        rule, step = where.deadline(), where.thread.step
        if rule is None:
            return None
        rungs = reached(where.contract.network, rule, step.awaits, step.waits)
        return next((rung for rung in rungs if rung[0] >= where.thread.escalated), None)

    def _escalate_ms(self, where: Where, level: int, now_ms: int) -> int:
        """Give when a level is reached: not before the awaited region was heard until the due time.

        Where the link is merely down the answer may be on its way; after the grace of the contract
        that is no excuse any more.
        """
        at, grace = due.escalation_ms(where, level)
        if self._heard_ms(where, 1 << 62) >= where.thread.step.due_ms:
            return at
        return max(at, min(grace, now_ms + RETRY_MS))

    def _escalate(self, where: Where, time_ms: int) -> None:
        rung, step = self._rung(where), where.thread.step
        if rung is None:
            return
        level, to = rung
        body = body_pb2.Body(
            escalated=verbs_pb2.Escalated(
                step=step.number,
                due_ms=step.due_ms,
                heard_until_ms=self._heard_ms(where, time_ms),
                level=level + 1,
                to=[to],
                reason=verbs_pb2.ESCALATION_REASON_OVERDUE,
            )
        )
        new = [] if threads.party(where.thread, to) is not None else [to]
        self._say(
            where, body, time_ms, [ev.Participant(office=o, role=ev.ROLE_OBSERVER) for o in new]
        )

    def _make_default(self, where: Where, time_ms: int) -> None:
        """Do what counts as done where nothing was: it is claimed, and the step open and due."""
        thread, default = where.thread, self._default(where)
        if default is None:
            return
        body = json_format.ParseDict(
            {FIELD_OF[default.act]: dict(default.content)}, body_pb2.Body()
        )
        guest = threads.guest_of(thread.thread)
        act = rules.Act(
            default.act, thread.step.awaits, "clock", (), (), body, thread.step.number, guest
        )
        try:
            verdict = rules.judge(where, act)
        except Rejection:
            thread.claimed_ms = NEVER_MS
            return
        if verdict.step is not None:
            verdict.step.due_ms = due.due_ms(where, verdict.deadline, time_ms, "")
        envelope = self._journal.by_rule(
            where.matter,
            thread,
            body,
            thread.step.awaits,
            time_ms,
            occasion=self._occasion(thread),
            step=verdict.step,
            rule=verdict.rule,
            deadline=verdict.deadline,
            guest=guest,
        )
        self._consequences.follow(where.matter, thread, envelope, body, time_ms)

    def _say(
        self,
        where: Where,
        body: body_pb2.Body,
        time_ms: int,
        participants: list[ev.Participant] | None = None,
    ) -> None:
        self._journal.by_rule(
            where.matter,
            where.thread,
            body,
            where.thread.step.waits,
            time_ms,
            occasion=self._occasion(where.thread),
            participants=participants or [],
        )

    def _occasion(self, thread: st.Thread) -> str:
        """Give what tells this occasion from any other; a due time can come back when extended."""
        step = thread.step
        return f"{step.number}/{step.due_ms}/{threads.last(thread, self._region.name)}"
