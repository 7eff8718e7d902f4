"""Arrivals: parcels of a peer, verified, opened, held back or applied, refused or quarantined."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256

import protovalidate
from google.protobuf.message import DecodeError

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.link import inbound
from collabbus.link import parcel as parcels
from collabbus.link.evidence import verify_item
from collabbus.link.merkle import leaf_hash
from collabbus.link.parcel import ParcelError
from collabbus.model import ids, rules
from collabbus.model import thread as threads
from collabbus.model.journal import Journal, Region, body_digest
from collabbus.model.rejection import Rejection
from collabbus.model.shard import shard_of
from collabbus.model.thread import BODY_TYPES, MAIN, region_of

MAX_HELD = 10_000
"""Events of one link shard that may be held; beyond it that link shard alone waits."""


class Arrivals:
    """Takes what comes over the links of one shard."""

    def __init__(self, region: Region, journal: Journal) -> None:
        self._region = region
        self._journal = journal
        # Contracts come with a restart: what was too new for us may not be any more.
        self._too_new = [
            key
            for key, value in region.store.items("h/")
            if st.HeldEvent.FromString(value).code == "CONTRACT"
        ]

    def retry(self, time_ms: int, guard: Callable[[Callable[[], None]], bool]) -> None:
        """Take up, once, what was held at the start because its contract wasn't known then."""
        keys, self._too_new = self._too_new, []
        for key in keys:
            guard(partial(self._retry, key, time_ms))

    def _retry(self, key: str, time_ms: int) -> None:
        _, matter_id, name, *_ = key.split("/")
        matter = self._region.matter(matter_id)
        thread = threads.find(matter, name) if matter is not None else None
        if matter is not None and thread is not None:
            self._release(matter, thread, time_ms)
            self._region.keep(matter)

    def take(
        self, peer: str, value: bytes, time_ms: int, guard: Callable[[Callable[[], None]], bool]
    ) -> None:
        """Take a parcel; raises ParcelError if it must be quarantined.

        `guard` runs a step of its own and undoes it if it raises: one event that can't be dealt
        with spoils neither its parcel nor its neighbours.
        """
        region = self._region
        parcel, header = parcels.verify(
            value, region.identity, region.keys, peer, region.shard, time_ms
        )
        link = self._link(peer)
        before = link.SerializeToString()
        entries = None
        try:
            for receipt in header.receipts:
                self._receipt(peer, receipt)
            if inbound.wants(link, header):
                if link.held >= MAX_HELD:
                    return
                opened = parcels.unseal(parcel, header, region.identity)
                entries, leaves = inbound.advance(link, parcel.signed, header, opened)
                self._journal.effects.leaves.append((peer.encode(), leaves.SerializeToString()))
            else:
                inbound.hear(link, parcel.signed, header.head)
        finally:
            if link.SerializeToString() != before:
                region.store.put("in/" + peer, link.SerializeToString())
        for entry in entries or ():
            self._entry(peer, entry, time_ms, guard)

    def _link(self, peer: str) -> st.LinkIn:
        kept = self._region.store.get("in/" + peer)
        return inbound.fresh() if kept is None else st.LinkIn.FromString(kept)

    def _receipt(self, peer: str, receipt: pb.Receipt) -> None:
        head = parcels.verify_receipt(receipt, self._region.keys)
        if (parcels.sender_of(head), head.to, head.shard) != (
            self._region.name,
            peer,
            self._region.shard,
        ):
            raise ParcelError("MISROUTED", "the receipt is for another link shard")
        # Written even if it says what the last one said: a repeat is the request to send again.
        self._region.store.put("receipt/" + peer, receipt.SerializeToString())

    def _entry(
        self,
        peer: str,
        entry: pb.Entry,
        time_ms: int,
        guard: Callable[[Callable[[], None]], bool],
    ) -> None:
        if not guard(partial(self._offer, peer, entry, time_ms)):
            guard(partial(self._poison, peer, entry, time_ms))

    def _poison(self, peer: str, entry: pb.Entry, time_ms: int) -> None:
        event = inbound.event_of(entry)
        self._quarantine("INTERNAL", "the core failed on it twice", peer, entry, time_ms)
        envelope = ev.Envelope.FromString(event.envelope)
        matter, thread = self._place(envelope)
        self._refuse(peer, matter, thread, event, envelope, "INTERNAL", time_ms)
        self._region.keep(matter)

    def _offer(self, peer: str, entry: pb.Entry, time_ms: int) -> None:
        """Take one event: apply it, hold it, refuse it, or put it into quarantine."""
        event = inbound.event_of(entry)
        try:
            envelope = self._read(peer, entry, event)
        except Rejection as wrong:
            self._quarantine(wrong.reason_code, wrong.reason, peer, entry, time_ms)
            return
        if envelope.origin == self._region.name:
            return  # our own, handed on by another: the log has it
        matter, thread = self._place(envelope)
        kept = self._digest(matter, thread, envelope)
        if kept is not None:
            if kept != leaf_hash(event.envelope)[: threads.DIGEST]:
                self._quarantine(
                    "NUMBER_CONFLICT", "the same number with other bytes", peer, entry, time_ms
                )
                self._refuse(peer, matter, thread, event, envelope, "NUMBER_CONFLICT", time_ms)
                self._region.keep(matter)
            return
        if self._settle(peer, matter, thread, event, envelope, time_ms):
            self._release(matter, thread, time_ms)
            self._region.keep(matter)

    def _digest(self, matter: st.Matter, thread: st.Thread, envelope: ev.Envelope) -> bytes | None:
        """Give the digest of what has come under the number of an event; None if nothing has."""
        if envelope.number <= threads.last(thread, envelope.origin):
            return threads.digest(thread, envelope.origin, envelope.number)
        for held in thread.held:
            if (held.origin, held.number) == (envelope.origin, envelope.number):
                kept = self._held(matter, thread, held)
                return None if kept is None else leaf_hash(kept.event.envelope)[: threads.DIGEST]
        return None

    def _read(self, peer: str, entry: pb.Entry, event: ev.Event) -> ev.Envelope:
        try:
            envelope = ev.Envelope.FromString(event.envelope)
        except DecodeError as error:
            raise Rejection("UNREADABLE", "envelope", "the envelope is no Envelope") from error
        violations = protovalidate.collect_violations(envelope, fail_fast=True)
        if violations:
            raise Rejection(
                "INVALID_FIELD", "envelope", f"the envelope breaks {violations[0].proto.rule_id}"
            )
        sender = peer
        if entry.HasField("item"):
            try:
                sender = parcels.sender_of(verify_item(entry.item, self._region.keys))
            except ParcelError as error:
                raise Rejection(error.reason_code, "item", str(error)) from error
            if body_digest(event.salt, event.body) != envelope.body_digest:
                # The proof doesn't cover the body: who hands it on changed it, not its origin.
                raise Rejection("BODY_MISMATCH", "item", "the body isn't the one that was recorded")
        if envelope.origin != sender or region_of(envelope.office) != sender:
            raise Rejection(
                "FOREIGN_OFFICE",
                "office",
                f"{sender} sent an act of {envelope.office}, recorded by {envelope.origin}",
            )
        if envelope.thread != MAIN:
            raise Rejection("UNKNOWN_THREAD", "thread", f"no thread {envelope.thread!r} crosses")
        opens = envelope.HasField("step") and envelope.step.number == 1
        if opens and envelope.matter_id != ids.matter_id(
            envelope.office, envelope.causation.submission_id
        ):
            raise Rejection("FOREIGN_MATTER", "matter_id", "another act opened that matter")
        if shard_of(envelope.matter_id, self._region.shards) != self._region.shard:
            raise Rejection("WRONG_SHARD", "matter_id", "the matter lives in another shard")
        return envelope

    def _place(self, envelope: ev.Envelope) -> tuple[st.Matter, st.Thread]:
        """Give the matter and thread of an event; new ones are shells until the opening comes."""
        matter = self._region.matter(envelope.matter_id)
        if matter is None:
            matter = st.Matter(matter_id=envelope.matter_id)
        if not threads.is_open(matter):
            matter.network = envelope.network
            matter.contract = envelope.contract
            matter.family = envelope.family
            matter.domain = envelope.domain
            matter.function = envelope.function
            matter.classification = envelope.classification
            matter.opened_ms = envelope.opened_ms
        return matter, threads.find_or_add(matter, envelope.thread)

    def _known(self, thread: st.Thread, envelope: ev.Envelope) -> bool:
        """Tell whether the origin may speak in the thread, whose causes are all here."""
        opens = envelope.HasField("step") and envelope.step.number == 1 and envelope.number == 1
        return opens or envelope.origin in threads.members(thread)

    def _settle(
        self,
        peer: str,
        matter: st.Matter,
        thread: st.Thread,
        event: ev.Event,
        envelope: ev.Envelope,
        time_ms: int,
    ) -> bool:
        """Apply an event if its causes are here and the rules allow it; else hold or refuse it.

        Gives False if it was put into quarantine, and so left nothing in the matter.
        """
        needs = threads.missing(thread, envelope, self._region.name)
        if needs:
            self._hold(peer, matter, thread, event, envelope, "CAUSE", needs, time_ms)
            return True
        if not self._known(thread, envelope):
            self._quarantine(
                "NOT_A_MEMBER",
                f"{envelope.origin} is no member of the thread",
                peer,
                pb.Entry(event=event),
                time_ms,
            )
            return False
        if self._region.pinned.get(envelope.contract) is None:
            self._hold(peer, matter, thread, event, envelope, "CONTRACT", (), time_ms)
            return True
        try:
            body = self._check(matter, thread, event, envelope)
        except Rejection as wrong:
            self._refuse(peer, matter, thread, event, envelope, wrong.reason_code, time_ms)
            return True
        self._journal.lay_down(matter, thread, event, envelope, body, time_ms, peer)
        self._journal.follow_up(matter, thread, time_ms, envelope.event_id)
        return True

    def _check(
        self, matter: st.Matter, thread: st.Thread, event: ev.Event, envelope: ev.Envelope
    ) -> body_pb2.Body:
        """Give the body of an event that the matter's contract allows; raises Rejection."""
        try:
            body = body_pb2.Body.FromString(event.body)
        except DecodeError as error:
            raise Rejection("UNREADABLE", "body", "the body is no Body") from error
        if body_digest(event.salt, event.body) != envelope.body_digest:
            raise Rejection("BODY_MISMATCH", "body", "the body isn't the one that was recorded")
        if protovalidate.collect_violations(body, fail_fast=True):
            raise Rejection("INVALID_FIELD", "body", "the body breaks a field rule")
        if BODY_TYPES[body.WhichOneof("kind") or ""] != envelope.type:
            raise Rejection("BODY_MISMATCH", "type", "the type isn't that of the body")
        if (envelope.contract, envelope.family) != (matter.contract, matter.family):
            raise Rejection("WRONG_CONTRACT", "contract", "the matter is pinned to another one")
        lifecycle = self._region.lifecycle(matter)
        if lifecycle is None:
            raise Rejection("UNKNOWN_KIND", "family", "the contract has no such family")
        network = self._region.pinned[matter.contract].network
        for participant in envelope.participants:
            if network.office(participant.office) is None:
                raise Rejection("UNKNOWN_OFFICE", "participants", "not in the network")
        if envelope.clock and envelope.type in _CLOCK:
            if not _CLOCK[envelope.type](thread, envelope):
                raise Rejection("NOT_ALLOWED", "clock", "another region's clock speaks here")
            return body
        if network.office(envelope.office) is None:
            raise Rejection("UNKNOWN_OFFICE", "office", "not in the network")
        act = rules.Act(
            envelope.type,
            envelope.office,
            envelope.officer or ("clock" if envelope.clock else ""),
            envelope.participants,
            envelope.legal_basis,
            body,
            envelope.seen_step,
        )
        verdict = rules.judge(lifecycle, thread, act)
        said = envelope.step if envelope.HasField("step") else None
        if _course(said) != _course(verdict.step):
            raise Rejection("WRONG_STEP", "step", "the step isn't the one that the rules give")
        return body

    def _hold(
        self,
        peer: str,
        matter: st.Matter,
        thread: st.Thread,
        event: ev.Event,
        envelope: ev.Envelope,
        code: str,
        needs: object,
        time_ms: int,
    ) -> None:
        held = thread.held.add(origin=envelope.origin, number=envelope.number)
        held.needs.extend(needs)  # type: ignore[arg-type]
        self._lay_aside(peer, matter, thread, event, envelope, code, held, time_ms)

    def _lay_aside(
        self,
        peer: str,
        matter: st.Matter,
        thread: st.Thread,
        event: ev.Event,
        envelope: ev.Envelope,
        code: str,
        held: st.Held,
        time_ms: int,
    ) -> None:
        key = _held_key(matter, thread, held)
        self._region.store.put(
            key,
            st.HeldEvent(event=event, code=code, since_ms=time_ms, peer=peer).SerializeToString(),
        )
        self._count_held(peer, 1)
        waiting = sub.Waiting(
            matter_id=matter.matter_id,
            thread=thread.thread,
            event_id=envelope.event_id,
            origin=envelope.origin,
            number=envelope.number,
            missing=held.needs,
            code=code,
            since_ms=time_ms,
        )
        self._journal.effects.waiting.append((key.encode(), waiting.SerializeToString()))

    def _count_held(self, peer: str, change: int) -> None:
        link = self._link(peer)
        link.held = max(0, link.held + change)
        self._region.store.put("in/" + peer, link.SerializeToString())

    def _held(self, matter: st.Matter, thread: st.Thread, held: st.Held) -> st.HeldEvent | None:
        kept = self._region.store.get(_held_key(matter, thread, held))
        return None if kept is None else st.HeldEvent.FromString(kept)

    def _release(self, matter: st.Matter, thread: st.Thread, time_ms: int) -> None:
        """Take up what is held and waits for nothing any more."""
        moved = True
        while moved:
            moved = False
            for place, held in enumerate(thread.held):
                kept = self._held(matter, thread, held)
                if kept is None or kept.code == "REFUSED":
                    continue
                envelope = ev.Envelope.FromString(kept.event.envelope)
                if threads.missing(thread, envelope, self._region.name) or (
                    self._region.pinned.get(envelope.contract) is None
                ):
                    continue
                key = _held_key(matter, thread, held)
                del thread.held[place]
                self._region.store.drop(key)
                self._journal.effects.waiting.append((key.encode(), None))
                self._count_held(kept.peer, -1)
                if envelope.number > threads.last(thread, envelope.origin):
                    self._settle(kept.peer, matter, thread, kept.event, envelope, time_ms)
                moved = True
                break

    def _refuse(
        self,
        peer: str,
        matter: st.Matter,
        thread: st.Thread,
        event: ev.Event,
        envelope: ev.Envelope,
        code: str,
        time_ms: int,
    ) -> None:
        self._journal.effects.rejected.append(code)
        known = any(
            (f.refuser, f.origin, f.number) == (self._region.name, envelope.origin, envelope.number)
            for f in thread.freezes
        )
        if known:
            return
        if self._digest(matter, thread, envelope) is None:
            held = thread.held.add(origin=envelope.origin, number=envelope.number)
            self._lay_aside(peer, matter, thread, event, envelope, "REFUSED", held, time_ms)
        self._journal.refuse(matter, thread, envelope, event.envelope, code, time_ms)

    def _quarantine(self, code: str, reason: str, peer: str, entry: pb.Entry, time_ms: int) -> None:
        record = sub.Quarantined(
            code=code,
            reason=reason,
            topic=f"collab.{peer}.to.{self._region.name}",
            shard=self._region.shard,
            offset=-1,
            time_ms=time_ms,
            value=entry.SerializeToString(),
        )
        key = sha256(record.value).digest()[:16]
        self._journal.effects.quarantine.append((key, record.SerializeToString()))
        self._journal.effects.quarantined.append(code)


def _held_key(matter: st.Matter, thread: st.Thread, held: st.Held) -> str:
    return f"h/{matter.matter_id}/{thread.thread}/{held.origin}/{held.number}"


def _course(step: ev.Step | None) -> tuple[object, ...] | None:
    """Give what of a step the rules fix; its due time is the origin's to set."""
    if step is None:
        return None
    return (step.number, step.state, step.awaits, step.waits, step.resumes)


_CLOCK: dict[str, Callable[[st.Thread, ev.Envelope], bool]] = {
    # Nobody else can have moved the thread since: a step it hasn't seen is one it didn't write.
    "ParticipantLeft": lambda t, e: (
        e.seen_step == t.step.number and region_of(t.step.awaits) == e.origin
    ),
    "Overdue": lambda t, e: e.seen_step != t.step.number or region_of(t.step.waits) == e.origin,
    "Refused": lambda t, e: True,
}
"""What a region's clock and rules may say by themselves, and when it is that region's turn."""
