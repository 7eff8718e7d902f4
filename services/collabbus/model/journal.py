"""The journal: how events come into being, are applied, and are laid down for the log."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.link.keys import Identity, KeyDirectory
from collabbus.link.merkle import leaf_hash
from collabbus.model import ids
from collabbus.model import thread as threads
from collabbus.model.contract import Contract
from collabbus.model.deadline import rfc3339
from collabbus.model.effects import Crossed, Effects
from collabbus.model.lifecycle import Lifecycle
from collabbus.model.store import Store
from collabbus.model.thread import BODY_TYPES, FAMILIES, members, region_of

BODY_CONTEXT = b"collabbus/body/v1\0"


def body_digest(salt: bytes, body: bytes) -> bytes:
    """Give the salted digest by which an envelope vouches for its body."""
    return sha256(BODY_CONTEXT + salt + body).digest()


@dataclass(slots=True)
class Region:
    """What a region's core works with: who it is, what it may rely on, and its state of a shard."""

    name: str
    shard: int
    shards: int
    identity: Identity
    keys: KeyDirectory
    current: Mapping[str, Contract]
    """The contract under which a network's new matters are opened, by network."""
    pinned: Mapping[bytes, Contract]
    """Every contract that a matter may be pinned to, by hash."""
    store: Store
    touched: dict[str, st.Matter] = field(default_factory=dict)
    """The matters that the run has kept, for whoever caches something of them."""

    def lifecycle(self, matter: st.Matter) -> Lifecycle | None:
        """Give the rules to which a matter is pinned; None if this region doesn't have them."""
        contract = self.pinned.get(matter.contract)
        if contract is None:
            return None
        return contract.lifecycles.get(FAMILIES.get(matter.family, ""))

    def matter(self, matter_id: str) -> st.Matter | None:
        """Give a copy of a matter's state; `keep` puts it back."""
        kept = self.store.get("m/" + matter_id)
        return None if kept is None else st.Matter.FromString(kept)

    def keep(self, matter: st.Matter) -> None:
        """Put a matter's state back."""
        self.store.put("m/" + matter.matter_id, matter.SerializeToString())
        self.touched[matter.matter_id] = matter


class Journal:
    """Records events of one shard into `effects`."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.effects = Effects()

    def own(
        self,
        matter: st.Matter,
        thread: st.Thread,
        body: body_pb2.Body,
        *,
        event_id: str,
        office: str,
        recorded_ms: int,
        step: ev.Step | None = None,
        participants: Sequence[ev.Participant] = (),
        also_to: Sequence[str] = (),
        clock: bool = False,
        **fields: object,
    ) -> str:
        """Make an event of this region, apply it, and lay it down; give its id.

        `fields` are further fields of the envelope.
        """
        region = self.region.name
        kind = BODY_TYPES[body.WhichOneof("kind") or ""]
        there = members(thread)
        new = {region_of(participant.office) for participant in participants}
        to = sorted((there | new | set(also_to)) - {region})
        salt = hmac.digest(self.region.identity.salt_secret, event_id.encode(), "sha256")
        content = body.SerializeToString()
        envelope = ev.Envelope(
            event_id=event_id,
            network=matter.network,
            contract=matter.contract,
            family=matter.family,
            matter_id=matter.matter_id,
            thread=thread.thread,
            origin=region,
            number=threads.last(thread, region) + 1,
            type=kind,
            step=step,
            seen_step=thread.step.number,
            seen=[
                ev.Seen(origin=origin.region, number=origin.last)
                for origin in thread.origins
                if origin.region != region and origin.last
            ],
            to=to,
            office=office,
            clock=clock,
            participants=participants,
            # Who is there from the first event on has no history to be sent. A region that is a
            # member as far as we know is named, too: its leaving may be on its way to us.
            joining=sorted(new - {region}) if there else (),
            domain=matter.domain,
            function=matter.function,
            classification=matter.classification,
            recorded_ms=recorded_ms,
            opened_ms=matter.opened_ms,
            body_digest=body_digest(salt, content),
            **fields,  # type: ignore[arg-type]
        )
        event = ev.Event(envelope=envelope.SerializeToString(), body=content, salt=salt)
        self.lay_down(matter, thread, event, envelope, body, recorded_ms, "own")
        return event_id

    def lay_down(
        self,
        matter: st.Matter,
        thread: st.Thread,
        event: ev.Event,
        envelope: ev.Envelope,
        body: body_pb2.Body,
        now_ms: int,
        direction: str,
    ) -> None:
        """Apply an event that is in order, and write it to the log."""
        threads.apply(thread, envelope, body, leaf_hash(event.envelope))
        self.effects.events.append(
            (envelope.matter_id.encode(), event.SerializeToString(), headers(envelope))
        )
        self.effects.crossed.append(
            Crossed(
                FAMILIES[envelope.family],
                envelope.type,
                direction,
                -1 if direction == "own" else max(0, now_ms - envelope.recorded_ms),
            )
        )

    def follow_up(self, matter: st.Matter, thread: st.Thread, now_ms: int, cause: str) -> None:
        """Do what the rules do by themselves where this region's office is awaited.

        Hand back a step given to an office that has asked to leave, and confirm the leaving of
        others (design, section 4, rule 6).
        """
        step = thread.step
        if not step.awaits or region_of(step.awaits) != self.region.name:
            return
        awaited = threads.party(thread, step.awaits)
        if awaited is not None and awaited.leaving:
            self._hand_back(matter, thread, now_ms, cause)
            return
        for office in sorted({p.office for p in thread.parties if p.leaving and not p.left}):
            additions = sorted(
                p.addition
                for p in thread.parties
                if p.office == office and p.leaving and not p.left
            )
            self.own(
                matter,
                thread,
                body_pb2.Body(
                    participant_left=verbs_pb2.ParticipantLeft(office=office, additions=additions)
                ),
                event_id=self._clock_id(matter, thread, "ParticipantLeft", cause + office),
                office=step.awaits,
                recorded_ms=now_ms,
                clock=True,
                causation=ev.Causation(event_id=cause),
            )

    def _hand_back(self, matter: st.Matter, thread: st.Thread, now_ms: int, cause: str) -> None:
        lifecycle = self.region.lifecycle(matter)
        now = thread.step
        if lifecycle is None or now.state not in lifecycle.steps[lifecycle.hand_back].from_:
            return
        rule = lifecycle.steps[lifecycle.hand_back]
        office = now.awaits
        step = ev.Step(
            number=now.number + 1,
            state=rule.to,
            awaits=now.waits,
            waits=office,
            due_ms=now.due_ms,
        )
        self.own(
            matter,
            thread,
            body_pb2.Body(
                returned=verbs_pb2.Returned(
                    reason=verbs_pb2.RETURN_REASON_LEAVING,
                    text="已申请退出协作 / has asked to leave",
                )
            ),
            event_id=self._clock_id(matter, thread, lifecycle.hand_back, cause),
            office=office,
            recorded_ms=now_ms,
            step=step,
            clock=True,
            causation=ev.Causation(event_id=cause),
        )

    def refuse(
        self,
        matter: st.Matter,
        thread: st.Thread,
        envelope: ev.Envelope,
        envelope_bytes: bytes,
        code: str,
        now_ms: int,
    ) -> None:
        """Say to all that an event can't be taken; its thread is frozen from now on (rule 10)."""
        self.own(
            matter,
            thread,
            body_pb2.Body(
                refused=verbs_pb2.Refused(
                    origin=envelope.origin,
                    number=envelope.number,
                    envelope_sha256=sha256(envelope_bytes).digest(),
                    code=code,
                )
            ),
            event_id=self._clock_id(
                matter, thread, "Refused", f"{envelope.origin}/{envelope.number}/{code}"
            ),
            office=f"{self.region.name}/clock",
            recorded_ms=now_ms,
            also_to=[envelope.origin, *envelope.to],
            clock=True,
            causation=ev.Causation(event_id=envelope.event_id),
        )

    def _clock_id(self, matter: st.Matter, thread: st.Thread, kind: str, cause: str) -> str:
        return ids.clock_event_id(matter.matter_id, thread.thread, self.region.name, kind, cause)


def headers(envelope: ev.Envelope) -> list[tuple[str, bytes]]:
    """Give the CloudEvents 1.0 headers (Kafka binding, binary mode) of an event in the log."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", envelope.event_id.encode()),
        ("ce_source", f"/collab/{envelope.network}/{envelope.origin}".encode()),
        ("ce_type", f"collab.v1.{envelope.type}".encode()),
        ("ce_subject", envelope.matter_id.encode()),
        ("ce_time", rfc3339(envelope.recorded_ms).encode()),
        ("ce_sequence", b"%d" % envelope.number),
        ("ce_thread", envelope.thread.encode()),
        ("content-type", b"application/protobuf"),
    ]
