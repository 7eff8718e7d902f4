"""Arrivals: parcels of a peer, verified, opened, held back or applied, refused or quarantined."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256

from google.protobuf.message import DecodeError

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.link import inbound
from collabbus.link import parcel as parcels
from collabbus.link.merkle import leaf_hash
from collabbus.link.parcel import ParcelError
from collabbus.model import admission, application, rules
from collabbus.model import thread as threads
from collabbus.model.archive import Archive
from collabbus.model.consequences import Consequences
from collabbus.model.holding import Arrival, Holding
from collabbus.model.journal import Journal, Region
from collabbus.model.rejection import Rejection
from collabbus.model.thread import region_of

MAX_HELD = 10_000
"""Events of one link shard that may be held; beyond it that link shard alone waits."""


class Arrivals:
    """Takes what comes over the links of one shard."""

    def __init__(self, region: Region, journal: Journal, consequences: Consequences) -> None:
        self._region = region
        self._journal = journal
        self._consequences = consequences
        self._archive = Archive(region, journal)
        self._holding = Holding(region, journal)
        # Contracts come with a restart: what was too new for us may not be any more.
        self._too_new = self._holding.keys("CONTRACT")

    def retry(self, time_ms: int, guard: Callable[[Callable[[], None]], bool]) -> None:
        """Take up, once, what was held at the start because its contract wasn't known then."""
        keys, self._too_new = self._too_new, []
        for key in keys:
            guard(partial(self._retry, key, time_ms))

    def _retry(self, key: str, time_ms: int) -> None:
        _, matter_id, *name, _, _ = key.split("/")
        matter = self._region.matter(matter_id)
        thread = self._region.thread(matter_id, "/".join(name))
        if matter is not None and thread is not None:
            self._release(matter, thread, time_ms)
            self._region.keep(matter, thread)

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
        link = inbound.restored(region.store.get("in/" + peer))
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
        arrival = self._place(peer, event, ev.Envelope.FromString(event.envelope), time_ms)
        self._refuse(arrival, "INTERNAL")
        self._region.keep(arrival.matter, arrival.thread)

    def _offer(self, peer: str, entry: pb.Entry, time_ms: int) -> None:
        """Take one event: apply it, hold it, refuse it, or put it into quarantine."""
        event = inbound.event_of(entry)
        try:
            envelope = admission.envelope_of(self._region, peer, entry, event)
        except Rejection as wrong:
            self._quarantine(wrong.reason_code, wrong.reason, peer, entry, time_ms)
            return
        if envelope.origin == self._region.name:
            return  # our own, handed on by another: the log has it
        if self._archive.has(envelope.matter_id):
            self._archive.late(event, envelope)
            return
        arrival = self._place(peer, event, envelope, time_ms)
        kept = self._holding.digest(arrival)
        if kept is not None:
            if kept not in (leaf_hash(event.envelope)[: threads.DIGEST], threads.VOIDED):
                self._quarantine(
                    "NUMBER_CONFLICT", "the same number with other bytes", peer, entry, time_ms
                )
                if self._takes_part(arrival.thread):
                    self._refuse(arrival, "NUMBER_CONFLICT")
                    self._region.keep(arrival.matter, arrival.thread)
                else:
                    self._holding.note_conflict(arrival)
            return
        if envelope.type == "Voided":
            self._void(arrival)
        if self._settle(arrival):
            self._release(arrival.matter, arrival.thread, time_ms)
            if arrival.thread.archived:
                self._archive.put(arrival.matter, arrival.thread)
            else:
                self._region.keep(arrival.matter, arrival.thread)

    def _place(self, peer: str, event: ev.Event, envelope: ev.Envelope, time_ms: int) -> Arrival:
        """Find the matter and thread of an event; new ones are shells until the opening comes."""
        matter = self._region.matter(envelope.matter_id)
        if matter is None:
            matter = st.Matter(matter_id=envelope.matter_id)
        if not matter.host:
            matter.network = envelope.network
            matter.contract = envelope.contract
            matter.family = envelope.family
            matter.domain = envelope.domain
            matter.function = envelope.function
            matter.classification = envelope.classification
            matter.opened_ms = envelope.opened_ms
            if admission.opens(envelope):
                matter.host, matter.seed = envelope.office, envelope.seed
        thread = self._region.thread(envelope.matter_id, envelope.thread)
        if thread is None:
            thread = st.Thread(thread=envelope.thread)
        return Arrival(peer, matter, thread, event, envelope, time_ms)

    def _settle(self, arrival: Arrival) -> bool:
        """Apply an event if its causes are here and the rules allow it; else hold or refuse it.

        Gives False if it was put into quarantine, and so left nothing in the matter.
        """
        peer, time_ms = arrival.peer, arrival.time_ms
        matter, thread = arrival.matter, arrival.thread
        event, envelope = arrival.event, arrival.envelope
        needs = threads.missing(thread, envelope, self._region.name)
        if needs:
            self._holding.hold(arrival, "CAUSE", needs)
            return True
        if not _known(thread, envelope):
            self._quarantine(
                "NOT_A_MEMBER",
                f"{envelope.origin} is no member of the thread",
                peer,
                pb.Entry(event=event),
                time_ms,
            )
            return False
        if self._region.contract(envelope.contract) is None:
            self._holding.hold(arrival, "CONTRACT")
            return True
        try:
            body, verdict = admission.admit(self._region, matter, thread, event, envelope)
        except Rejection as wrong:
            if self._is_history(thread, envelope):
                self._take_as_others_did(arrival, wrong)
            else:
                self._refuse(arrival, wrong.reason_code)
            return True
        self._lay_down(arrival, body, verdict)
        return True

    def _takes_part(self, thread: st.Thread) -> bool:
        """Tell whether the others can know who it is that refuses something."""
        return self._region.name in threads.members(thread)

    def _is_history(self, thread: st.Thread, envelope: ev.Envelope) -> bool:
        """Tell whether an event was said, and not to the own region, before that came in (rule 5).

        Nobody would know yet who it is that refuses it: that was for those to whom it was said.
        """
        own = self._region.name
        return own not in envelope.to and not any(
            region_of(party.office) == own for party in thread.parties
        )

    def _take_as_others_did(self, arrival: Arrival, wrong: Rejection) -> None:
        """Take what those may have refused who were there; it lies in quarantine, too."""
        entry = pb.Entry(event=arrival.event)
        self._quarantine(wrong.reason_code, wrong.reason, arrival.peer, entry, arrival.time_ms)
        matter, thread, envelope = arrival.matter, arrival.thread, arrival.envelope
        try:
            taken = admission.taken(self._region, matter, thread, arrival.event, envelope)
        except Rejection:  # it can't be read: nobody has taken it, and it may be void one day
            application.count(thread, envelope, leaf_hash(arrival.event.envelope))
        else:
            self._lay_down(arrival, *taken)

    def _lay_down(self, arrival: Arrival, body: body_pb2.Body, verdict: rules.Verdict) -> None:
        matter, thread, envelope = arrival.matter, arrival.thread, arrival.envelope
        self._journal.lay_down(
            matter, thread, arrival.event, envelope, body, arrival.time_ms, arrival.peer,
            verdict.rule, verdict.deadline,
        )  # fmt: skip
        self._consequences.follow(matter, thread, envelope, body, arrival.time_ms)

    def _void(self, arrival: Arrival) -> None:
        """Skip a number that its origin takes back, so that what comes after it can be applied."""
        try:
            voided = body_pb2.Body.FromString(arrival.event.body).voided
        except DecodeError:
            return  # refused as what it is when its turn comes
        if voided.origin == arrival.envelope.origin:
            self._keep_proof(arrival, voided.number)
            application.skip(arrival.thread, voided.origin, voided.number)

    def _keep_proof(self, arrival: Arrival, number: int) -> None:
        """Put what was refused, and is void now, into quarantine: it was said."""
        matter, thread, origin = arrival.matter, arrival.thread, arrival.envelope.origin
        refused = self._holding.code(matter, thread, origin, number) == "REFUSED"
        held = self._holding.take(matter, thread, origin, number, arrival.time_ms)
        if held is not None and refused:
            reason = f"refused, and taken back by {origin}"
            entry = pb.Entry(event=held.event)
            self._quarantine("VOIDED", reason, held.peer, entry, arrival.time_ms)

    def force(
        self, matter: st.Matter, thread: st.Thread, origin: str, number: int, now_ms: int
    ) -> bool:
        """Apply an event that was refused, as its refuser has asked; False if there is none.

        What is held under the number and merely waits goes on waiting: it was another that had the
        same number, and lies in quarantine. Raises Rejection if it can't be read.
        """
        if self._holding.code(matter, thread, origin, number) != "REFUSED":
            return False
        arrival = self._holding.take(matter, thread, origin, number, now_ms)
        if arrival is None:
            return False
        taken = admission.taken(self._region, matter, thread, arrival.event, arrival.envelope)
        self._lay_down(arrival, *taken)
        self._release(matter, thread, now_ms)
        return True

    def _release(self, matter: st.Matter, thread: st.Thread, time_ms: int) -> None:
        """Take up what is held and waits for nothing any more."""
        while arrival := self._holding.lift(matter, thread, time_ms):
            if arrival.envelope.number <= threads.last(thread, arrival.envelope.origin):
                continue
            if self._settle(arrival) and arrival.conflict and self._takes_part(thread):
                self._refuse(arrival, "NUMBER_CONFLICT")

    def _refuse(self, arrival: Arrival, code: str) -> None:
        envelope = arrival.envelope
        self._journal.effects.rejected.append(code)
        self._journal.count(
            envelope.network, envelope.family, envelope.type, arrival.peer, "refused"
        )
        known = any(
            (f.refuser, f.origin, f.number) == (self._region.name, envelope.origin, envelope.number)
            for f in arrival.thread.freezes
        )
        if self._holding.digest(arrival) is None:
            self._holding.hold(arrival, "REFUSED")
        if not known:
            self._journal.refuse(
                arrival.matter,
                arrival.thread,
                envelope,
                arrival.event.envelope,
                code,
                arrival.time_ms,
            )

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


def _known(thread: st.Thread, envelope: ev.Envelope) -> bool:
    """Tell whether the origin may speak in the thread, whose causes are all here.

    Also by what it refuses: it hasn't taken that.
    """
    if admission.opens(envelope):
        return True
    refused = envelope.causation.event_id if envelope.type == "Refused" else ""
    return envelope.origin in threads.members(thread, threads.past_of(envelope), refused)
