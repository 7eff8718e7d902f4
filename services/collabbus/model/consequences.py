"""Consequences: what the rules do by themselves once an event stands.

A track is opened for each recipient and ended with its matter, copies are made, leaving is
confirmed, a step that was given to somebody who had asked to leave is handed back, and a matter
that led to another is told. All of it is a function of the event and the state, and is recorded in
the same transaction.
"""

from __future__ import annotations

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model import due
from collabbus.model import thread as threads
from collabbus.model.causes import Causes
from collabbus.model.journal import Journal, Region
from collabbus.model.thread import COPY, GUEST, MAIN, TRACK, region_of


class Consequences:
    """Follows up the events of one shard."""

    def __init__(self, region: Region, journal: Journal) -> None:
        self._region = region
        self._journal = journal
        self._causes = Causes(region, journal)

    def follow(
        self,
        matter: st.Matter,
        thread: st.Thread,
        envelope: ev.Envelope,
        body: body_pb2.Body,
        now_ms: int,
        wanted: str = "",
    ) -> None:
        """Record what follows an event that was just laid down, in whichever threads.

        `thread` is changed and not kept, every other thread is kept. `wanted` is the due date that
        the act named, for the tracks that it opens.
        """
        if thread.thread == MAIN and region_of(matter.host) == self._region.name:
            self._host(matter, thread, envelope, body, now_ms, wanted)
        self._leaving(matter, thread, now_ms, envelope.event_id)
        self._causes.take_up(thread, matter.matter_id, envelope)

    def _host(
        self,
        matter: st.Matter,
        thread: st.Thread,
        envelope: ev.Envelope,
        body: body_pb2.Body,
        now_ms: int,
        wanted: str,
    ) -> None:
        for participant in envelope.participants:
            if participant.role == ev.ROLE_RECIPIENT:
                self._open_track(matter, participant.office, envelope, now_ms, wanted)
        # Only what this region recorded itself: nobody has another's host sign copies.
        for copy in envelope.copies if envelope.origin == self._region.name else ():
            self._copy(matter, copy, envelope, body, now_ms)
        if envelope.type == "ParticipantLeft":
            self._end_left(matter, thread, body.participant_left.office, now_ms, envelope.event_id)
        if not envelope.HasField("step"):
            return
        where = self._region.where(matter, thread)
        ended = where is not None and where.chain.states[envelope.step.state].final
        if ended:
            for name in self._tracks(matter):
                reason = verbs_pb2.TRACK_END_REASON_MATTER_ENDED
                self._end_track(matter, name, reason, now_ms, envelope.event_id)
        if matter.cause_matter and (ended or envelope.step.number == 1):
            self._causes.tell(matter, envelope, now_ms)

    # Tracks ---------------------------------------------------------------------------------

    def open_guest_track(self, matter: st.Matter, body: body_pb2.Body, now_ms: int) -> str | None:
        """Open the track of a guest, in which the host's office records what it says.

        Gives the id of the event, and None where the family has no tracks or the guest has one.
        """
        name = GUEST + body.track_opened.guest.id
        return self._open(matter, name, matter.host, body, "", now_ms, "")

    def _open_track(
        self, matter: st.Matter, office: str, envelope: ev.Envelope, now_ms: int, wanted: str
    ) -> None:
        name, again = TRACK + office, 1
        while (thread := self._region.thread(matter.matter_id, name)) and threads.dormant(thread):
            # It had left. What it still says in the old track has no effect, so it gets another.
            again += 1
            name = f"{TRACK}{office}/{again}"
        body = body_pb2.Body(track_opened=verbs_pb2.TrackOpened())
        self._open(matter, name, office, body, envelope.event_id, now_ms, wanted)

    def _open(
        self,
        matter: st.Matter,
        name: str,
        awaited: str,
        body: body_pb2.Body,
        cause: str,
        now_ms: int,
        wanted: str,
    ) -> str | None:
        if self._region.thread(matter.matter_id, name) is not None:
            return None  # it is open, or was brought to its end
        thread = st.Thread(thread=name)
        where = self._region.where(matter, thread)
        if where is None or where.chain.begins is None:
            return None
        step = ev.Step(
            number=1,
            state=where.chain.begins,
            awaits=awaited,
            waits=matter.host,
            due_ms=due.due_ms(where, where.term(), now_ms, wanted),
        )
        parties = {matter.host: ev.ROLE_REQUESTER, awaited: ev.ROLE_EXECUTOR}
        opened = self._journal.by_rule(
            matter,
            thread,
            body,
            matter.host,
            now_ms,
            cause,
            occasion=name,
            step=step,
            deadline=where.term(),
            seed=matter.seed,
            participants=[ev.Participant(office=o, role=r) for o, r in parties.items()],
        )
        self._region.keep(matter, thread)
        return opened.event_id

    def _tracks(self, matter: st.Matter) -> list[str]:
        return [n for n in self._region.others(matter.matter_id) if n.startswith(TRACK)]

    def agreed(self, matter: st.Matter, main: st.Thread) -> bool:
        """Tell whether all who are asked have agreed to what was proposed last.

        That is the other side of a matter without tracks, else every office that has one: at least
        one of them, and not who has left, declined or withdrawn. Guests are heard, and don't sign.
        """
        asked = [
            thread
            for name in self._tracks(matter)
            if not name.startswith(GUEST)
            and (thread := self._region.thread(matter.matter_id, name)) is not None
            and not threads.dormant(thread)
            and (thread.step.awaits or thread.agreed)
        ]
        if not any(not name.startswith(GUEST) for name in self._tracks(matter)):
            asked = [main]
        return bool(asked) and all(thread.agreed == main.proposed for thread in asked)

    def _end_track(
        self,
        matter: st.Matter,
        name: str,
        reason: verbs_pb2.TrackEndReason,
        now_ms: int,
        cause: str,
    ) -> None:
        """End a track that is open at the step that the host has seen: what crosses is late."""
        thread = self._region.thread(matter.matter_id, name)
        if thread is None or threads.dormant(thread) or not thread.step.awaits:
            return
        ended = verbs_pb2.TrackEnded(step=thread.step.number, reason=reason)
        body = body_pb2.Body(track_ended=ended)
        self._journal.by_rule(matter, thread, body, matter.host, now_ms, cause)
        self._region.keep(matter, thread)

    def _end_left(
        self, matter: st.Matter, main: st.Thread, office: str, now_ms: int, cause: str
    ) -> None:
        """End the track of an office that has left: the others go on without it."""
        if (
            main.thread == MAIN
            and region_of(matter.host) == self._region.name
            and threads.party(main, office) is None
        ):
            reason = verbs_pb2.TRACK_END_REASON_LEFT
            for name in self._tracks(matter):
                if name.startswith(TRACK + office) and threads.recipient_of(name) == office:
                    self._end_track(matter, name, reason, now_ms, cause)

    # Copies ---------------------------------------------------------------------------------

    def _copy(
        self,
        matter: st.Matter,
        copy: ev.Copy,
        envelope: ev.Envelope,
        body: body_pb2.Body,
        now_ms: int,
    ) -> None:
        """Send a copy: a thread of its own, in which only the issuer writes (001§15)."""
        role = ev.CopyRole.Name(copy.role).removeprefix("COPY_ROLE_").lower().replace("_", "-")
        name = f"{COPY}{role}/{copy.office}"
        thread = self._region.thread(matter.matter_id, name) or st.Thread(thread=name)
        offices = {matter.host: ev.ROLE_REQUESTER, copy.office: ev.ROLE_OBSERVER}
        copied = verbs_pb2.Copied(
            role=copy.role,
            type=envelope.type,
            event_id=envelope.event_id,
            content=body.SerializeToString(),
        )
        self._journal.by_rule(
            matter,
            thread,
            body_pb2.Body(copied=copied),
            matter.host,
            now_ms,
            envelope.event_id,
            seed=matter.seed,
            participants=[
                ev.Participant(office=o, role=r)
                for o, r in offices.items()
                if threads.party(thread, o) is None
            ],
        )
        self._region.keep(matter, thread)

    # Leaving --------------------------------------------------------------------------------

    def _leaving(self, matter: st.Matter, thread: st.Thread, now_ms: int, cause: str) -> None:
        """Hand back a step given to who has asked to leave, and confirm the leaving of others.

        Both are for the region awaited (design, section 4, rule 6); where nobody is awaited any
        more, for the host's.
        """
        leaving = [one for one in thread.parties if one.leaving and not one.left]
        if not leaving:
            return
        step = thread.step
        by = step.awaits or matter.host
        if not by or region_of(by) != self._region.name:
            return
        awaited = threads.party(thread, step.awaits) if step.awaits else None
        if awaited is not None and awaited.leaving:
            self._hand_back(matter, thread, now_ms, cause)
            return
        for office in sorted({one.office for one in leaving}):
            left = verbs_pb2.ParticipantLeft(
                office=office,
                additions=sorted(one.addition for one in leaving if one.office == office),
            )
            gone = self._journal.by_rule(
                matter,
                thread,
                body_pb2.Body(participant_left=left),
                by,
                now_ms,
                cause,
                occasion=cause + office,
            )
            self._end_left(matter, thread, office, now_ms, gone.event_id)

    def _hand_back(self, matter: st.Matter, thread: st.Thread, now_ms: int, cause: str) -> None:
        where = self._region.where(matter, thread)
        now = thread.step
        rule = where.chain.step(now.state, where.chain.hand_back or "") if where else None
        if where is None or rule is None:
            return
        returned = verbs_pb2.Returned(
            reason=verbs_pb2.RETURN_REASON_LEAVING, text="已申请退出协作 / has asked to leave"
        )
        step = ev.Step(
            number=now.number + 1,
            state=rule.turn("").to,
            awaits=now.waits,
            waits=now.awaits,
            due_ms=now.due_ms,
        )
        self._journal.by_rule(
            matter,
            thread,
            body_pb2.Body(returned=returned),
            now.awaits,
            now_ms,
            cause,
            step=step,
            rule=rule,
            deadline=where.named(rule.turn("").deadline),
        )
