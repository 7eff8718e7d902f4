"""The journal: how events come into being, are applied, and are laid down for the log."""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.link.keys import Identity, KeyDirectory
from collabbus.link.merkle import leaf_hash
from collabbus.model import application, ids
from collabbus.model import thread as threads
from collabbus.model.body import FIELD_OF, kinds_of, said, type_of
from collabbus.model.contract import Contract
from collabbus.model.deadline import day_of, rfc3339
from collabbus.model.effects import Crossed, Effects
from collabbus.model.lifecycle import RemarkRule, StepRule
from collabbus.model.store import Store
from collabbus.model.thread import FAMILIES, MAIN, members, region_of
from collabbus.model.where import Where

BODY_CONTEXT = b"collabbus/body/v1\0"
UNKNOWN = "unknown"
"""In metrics: a name that no contract of this region has."""


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
    pinned: dict[bytes, Contract]
    """Contracts that a matter may be pinned to, by hash; `contract` finds those that are older."""
    store: Store
    touched: dict[tuple[str, str], tuple[st.Matter, st.Thread]] = field(default_factory=dict)
    """The threads that the run has kept, for whoever caches something of them."""

    def where(self, matter: st.Matter, thread: st.Thread) -> Where | None:
        """Give the rules to which a thread is pinned; None if this region doesn't have them."""
        contract = self.contract(matter.contract)
        if contract is None:
            return None
        lifecycle = contract.lifecycles.get(FAMILIES.get(matter.family, ""))
        chain = lifecycle.chain(thread.thread) if lifecycle is not None else None
        if lifecycle is None or chain is None:
            return None
        return Where(contract, lifecycle, chain, matter, thread)

    def contract(self, digest: bytes) -> Contract | None:
        """Give the contract of a hash, also one that the files don't hold any more.

        Each shard keeps every contract that it has known (rule 10); None is one from the future.
        """
        found = self.pinned.get(digest)
        if found is None:
            kept = self.store.get(_contract_key(digest))
            if kept is not None:
                found = self.pinned[digest] = Contract.read(zlib.decompress(kept))
        return found

    def keep_contracts(self) -> None:
        """Put the contracts of today into the state, for the day on which others have come."""
        for contract in self.current.values():
            key = _contract_key(contract.hash)
            if self.store.get(key) is None:
                self.store.put(key, zlib.compress(contract.canonical()))

    def matter(self, matter_id: str) -> st.Matter | None:
        """Give a copy of what a matter's threads share; `keep` puts it back."""
        kept = self.store.get("m/" + matter_id)
        return None if kept is None else st.Matter.FromString(kept)

    def thread(self, matter_id: str, name: str) -> st.Thread | None:
        """Give a copy of a thread's state; `keep` puts it back."""
        kept = self.store.get(thread_key(matter_id, name))
        return None if kept is None else st.Thread.FromString(kept)

    def keep(self, matter: st.Matter, thread: st.Thread) -> None:
        """Put a matter's and a thread's state back."""
        key, header = "m/" + matter.matter_id, matter.SerializeToString()
        if self.store.get(key) != header:
            self.store.put(key, header)
            self.keep_contracts()
        key = thread_key(matter.matter_id, thread.thread)
        if thread.thread != MAIN and self.store.get(key) is None:
            others = st.Threads(names=[*self.others(matter.matter_id), thread.thread])
            self.store.put("k/" + matter.matter_id, others.SerializeToString())
        self.store.put(key, thread.SerializeToString())
        self.touched[matter.matter_id, thread.thread] = matter, thread

    def others(self, matter_id: str) -> Sequence[str]:
        """Give the names of a matter's threads beside the main one, in the order they came."""
        return st.Threads.FromString(self.store.get("k/" + matter_id) or b"").names


def _contract_key(digest: bytes) -> str:
    return f"c/{digest.hex()}"


def thread_key(matter_id: str, name: str) -> str:
    """Give the key of a thread in the state."""
    return f"t/{matter_id}/{name}"


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
        rule: StepRule | RemarkRule | None = None,
        deadline: str = "",
        **fields: object,
    ) -> ev.Envelope:
        """Make an event of this region, apply it, and lay it down; give its envelope.

        `fields` are further fields of the envelope.
        """
        region = self.region.name
        kind = type_of(body)
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
        self._note_due(matter, step)
        event = ev.Event(envelope=envelope.SerializeToString(), body=content, salt=salt)
        self.lay_down(matter, thread, event, envelope, body, recorded_ms, "own", rule, deadline)
        return envelope

    def _note_due(self, matter: st.Matter, step: ev.Step | None) -> None:
        if step is None or not step.due_ms:
            return
        contract = self.region.contract(matter.contract)
        if contract is not None and not contract.calendar.covers(day_of(step.due_ms - 1)):
            self.effects.beyond_calendar.append(step.due_ms)

    def lay_down(
        self,
        matter: st.Matter,
        thread: st.Thread,
        event: ev.Event,
        envelope: ev.Envelope,
        body: body_pb2.Body,
        now_ms: int,
        direction: str,
        rule: StepRule | RemarkRule | None = None,
        deadline: str = "",
    ) -> None:
        """Apply an event that is in order, and write it to the log."""
        took = _took(self.region.name, matter, thread, envelope)
        application.apply(thread, envelope, body, leaf_hash(event.envelope), now_ms, rule, deadline)
        if thread.thread == MAIN and envelope.HasField("step") and envelope.step.number == 1:
            matter.host = envelope.office
            matter.seed = envelope.seed
            matter.opening = envelope.type
            matter.kinds[:] = kinds_of(said(body))
            matter.cause_matter = envelope.causation.matter_id
            matter.cause_event = envelope.causation.event_id
        self._write(event, envelope)
        self.effects.crossed.append(
            Crossed(
                envelope.network,
                FAMILIES[envelope.family],
                envelope.type,
                direction,
                "recorded",
                -1 if direction == "own" else max(0, now_ms - envelope.recorded_ms),
                took,
            )
        )

    def record_late(self, event: ev.Event, envelope: ev.Envelope) -> None:
        """Write an event to the log, and nothing else: its matter is over."""
        self._write(event, envelope)
        self.count(envelope.network, envelope.family, envelope.type, envelope.origin, "late")

    def _write(self, event: ev.Event, envelope: ev.Envelope) -> None:
        self.effects.events.append(
            (envelope.matter_id.encode(), event.SerializeToString(), headers(envelope))
        )

    def count(self, network: str, family: int, kind: str, direction: str, outcome: str) -> None:
        """Note for the metrics what had no effect; a name that the contract hasn't is `unknown`.

        Nobody has checked such a record's words, and each new one would be another series.
        """
        self.effects.crossed.append(
            Crossed(
                network if network in self.region.current else UNKNOWN,
                FAMILIES.get(family, UNKNOWN),
                kind if kind in FIELD_OF else UNKNOWN,
                direction,
                outcome,
            )
        )

    def by_rule(
        self,
        matter: st.Matter,
        thread: st.Thread,
        body: body_pb2.Body,
        office: str,
        now_ms: int,
        cause: str = "",
        *,
        occasion: str = "",
        **fields: Any,
    ) -> ev.Envelope:
        """Record what this region's clock or rules do for an office; give the event's envelope.

        The id derives from the occasion, by default the event that is the cause, so that whoever
        records it again records the same.
        """
        return self.own(
            matter,
            thread,
            body,
            event_id=ids.clock_event_id(
                matter.matter_id, thread.thread, self.region.name, type_of(body), occasion or cause
            ),
            office=office,
            recorded_ms=now_ms,
            clock=True,
            causation=ev.Causation(event_id=cause),
            **fields,
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
        self.by_rule(
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
            f"{self.region.name}/clock",
            now_ms,
            envelope.event_id,
            # What was released may come under its number once more, and is refused once more.
            occasion=f"{envelope.origin}/{envelope.number}/{code}/"
            f"{threads.last(thread, self.region.name)}",
            also_to=[envelope.origin, *envelope.to],
        )


def _took(
    region: str, matter: st.Matter, thread: st.Thread, envelope: ev.Envelope
) -> tuple[tuple[str, int], ...]:
    """Give how long the step before an event lasted, and its matter if it ends it.

    Each is told by one region alone: by that of the office that was awaited, and by the host's.
    """
    if not envelope.HasField("step") or envelope.type == "Voided":
        return ()
    now_ms, before = envelope.recorded_ms, thread.step
    found = []
    if envelope.origin == region and before.awaits:
        name = "receive" if before.number == 1 else "answer"
        found.append((name, max(0, now_ms - thread.stepped_ms)))
    ends = thread.thread == MAIN and before.awaits and not envelope.step.awaits
    if ends and region_of(matter.host) == region:
        found.append(("close", max(0, now_ms - matter.opened_ms)))
    return tuple(found)


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
