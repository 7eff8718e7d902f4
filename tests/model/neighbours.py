"""Regions of one network on one shard, whose links a test carries by hand."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from collab.state.v1 import state_pb2 as st
from collab.v1 import assistance_pb2 as assistance
from collab.v1 import body_pb2, recommendation_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.contracts import load
from collabbus.link import inbound
from collabbus.link.evidence import proofs_in
from collabbus.link.keys import Use
from collabbus.link.merkle import Frontier, leaf_hash
from collabbus.link.parcel import cut, tree_head
from collabbus.model import ids
from collabbus.model import thread as threads
from collabbus.model.contract import Contract
from collabbus.model.deadline import DAY_MS
from collabbus.model.journal import body_digest, thread_key
from collabbus.model.thread import MAIN, region_of
from collabbus.simulate.cast import cast
from collabbus.simulate.node import Node

CONTRACTS = Path(__file__).parents[2] / "contracts"
START_MS = 1_790_000_000_000
TICK = sub.Submission(tick=sub.Tick()).SerializeToString()

HAIDIAN, CHAOYANG, FENGTAI = "beijing/haidian", "beijing/chaoyang", "beijing/fengtai"
BEIJING = "beijing/provincial"
BINHAI, HEPING = "tianjin/binhai", "tianjin/heping"
TIANJIN = "tianjin/provincial"
LANGFANG, SANHE = "hebei/langfang", "hebei/sanhe"
OFFICES = (HAIDIAN, CHAOYANG, FENGTAI, BEIJING, BINHAI, HEPING, LANGFANG, SANHE)

BODIES: dict[str, body_pb2.Body] = {
    "AssistanceRequested": body_pb2.Body(
        assistance_requested=assistance.AssistanceRequested(
            kinds=[assistance.ASSISTANCE_KIND_WITNESS], subject="证人李某"
        )
    ),
    "Received": body_pb2.Body(received=verbs_pb2.Received()),
    "Accepted": body_pb2.Body(
        accepted=verbs_pb2.Accepted(officer="李静", venue="第一询问室", date="2026-12-01")
    ),
    "Declined": body_pb2.Body(
        declined=verbs_pb2.Declined(reason=verbs_pb2.DECLINE_REASON_NO_COMPETENCE, text="无职权")
    ),
    "Returned": body_pb2.Body(
        returned=verbs_pb2.Returned(reason=verbs_pb2.RETURN_REASON_INCOMPLETE, text="材料不齐")
    ),
    "Forwarded": body_pb2.Body(forwarded=verbs_pb2.Forwarded(office=HEPING)),
    "Assigned": body_pb2.Body(assigned=verbs_pb2.Assigned(office=TIANJIN)),
    "ClarificationAsked": body_pb2.Body(
        clarification_asked=verbs_pb2.ClarificationAsked(questions=["何时?"])
    ),
    "ClarificationAnswered": body_pb2.Body(
        clarification_answered=verbs_pb2.ClarificationAnswered(answers=["昨日"])
    ),
    "Progressed": body_pb2.Body(progressed=verbs_pb2.Progressed(text="已联系证人")),
    "Assessed": body_pb2.Body(
        assessed=recommendation_pb2.Assessed(assessment=recommendation_pb2.ASSESSMENT_SATISFIED)
    ),
    "Completed": body_pb2.Body(
        completed=verbs_pb2.Completed(
            results=[verbs_pb2.Result(title="笔录")], transcript_sha256=bytes(32)
        )
    ),
    "Closed": body_pb2.Body(closed=verbs_pb2.Closed(rating=5)),
    "WithdrawalAsked": body_pb2.Body(withdrawal_asked=verbs_pb2.WithdrawalAsked(reason="撤回")),
    "WithdrawalGranted": body_pb2.Body(withdrawal_granted=verbs_pb2.WithdrawalGranted()),
    "WithdrawalRefused": body_pb2.Body(
        withdrawal_refused=verbs_pb2.WithdrawalRefused(reason="已办理")
    ),
    "ExtensionAsked": body_pb2.Body(
        extension_asked=verbs_pb2.ExtensionAsked(due_date="2026-12-31", reason="人手不足")
    ),
    "Extended": body_pb2.Body(
        extended=verbs_pb2.Extended(due_date="2026-12-31", reason="案情复杂")
    ),
    "Commented": body_pb2.Body(commented=verbs_pb2.Commented(text="知悉")),
    "ParticipantAdded": body_pb2.Body(participant_added=verbs_pb2.ParticipantAdded()),
    "LeaveAsked": body_pb2.Body(leave_asked=verbs_pb2.LeaveAsked()),
    "ParticipantLeft": body_pb2.Body(participant_left=verbs_pb2.ParticipantLeft(office=BINHAI)),
    "Overdue": body_pb2.Body(overdue=verbs_pb2.Overdue(step=1)),
    "Reminded": body_pb2.Body(reminded=verbs_pb2.Reminded(step=1)),
    "Refused": body_pb2.Body(
        refused=verbs_pb2.Refused(
            origin="beijing", number=1, envelope_sha256=bytes(32), code="INTERNAL"
        )
    ),
}
"""A body that says each kind of act, complete."""


@cache
def jingjinji() -> Contract:
    return load(CONTRACTS).pin("jingjinji")


class Neighbours:
    """Beijing, Tianjin and Hebei; nothing moves but what a test moves."""

    def __init__(
        self,
        contract: Contract | None = None,
        shard: int = 0,
        shards: int = 1,
        offices: Sequence[str] = OFFICES,
    ) -> None:
        self.contract = contract or jingjinji()
        self.cast = cast(self.contract, offices, 1)
        self.shard, self.shards = shard, shards
        self.now_ms = START_MS
        self.count = 0
        self.mail: dict[tuple[str, str], list[bytes]] = defaultdict(list)
        regions = self.cast.regions
        self.nodes = {
            region: Node(
                region,
                tuple(r for r in regions if r != region),
                identity,
                self.cast.keys,
                {self.contract.network.id: self.contract},
                shard,
                shards,
            )
            for region, identity in self.cast.identities.items()
        }

    # Submissions ----------------------------------------------------------------------------

    def draft(self, office: str, kind: str, matter: str = "", **fields: object) -> sub.Draft:
        """Give a draft without a fault; `fields` replace or add to it."""
        self.count += 1
        draft = sub.Draft(
            submission_id=f"draft-{self.count:06}",
            network=self.contract.network.id,
            family=ev.FAMILY_ASSISTANCE,
            matter_id=matter,
            thread=MAIN,
            office=office,
            officer="王敏",
            not_after_ms=self.now_ms + 30 * DAY_MS,
            body=BODIES[kind],
        )
        for name, value in fields.items():
            kept = getattr(draft, name)
            if isinstance(value, list):
                del kept[:]
                kept.extend(value)
            elif hasattr(kept, "CopyFrom"):
                kept.CopyFrom(value)
            else:
                setattr(draft, name, value)
        if not matter:
            draft.matter_id = ids.matter_id(office, draft.submission_id)
        return draft

    def opening(
        self, office: str = HAIDIAN, executor: str = BINHAI, *observers: str, **fields: object
    ) -> sub.Draft:
        """Give a draft that opens a matter."""
        fields.setdefault(
            "participants",
            [
                ev.Participant(office=executor, role=ev.ROLE_EXECUTOR),
                *(ev.Participant(office=one, role=ev.ROLE_OBSERVER) for one in observers),
            ],
        )
        fields.setdefault("legal_basis", [ev.LegalBasis(instrument="《意见》", article="第十一条")])
        return self.draft(office, "AssistanceRequested", **fields)

    def sign(self, draft: sub.Draft, signer: str = "") -> bytes:
        [record] = self.cast.sign([draft], self.cast.offices[signer or draft.office])
        return record

    def put(self, region: str, value: bytes, key: bytes) -> sub.Outcome | None:
        """Have a region decide a record of its submissions; give the outcome, if there is one."""
        node = self.nodes[region]
        before = len(node.disk.outcomes)
        node.disk.inputs[""].append((self.now_ms, key, value))
        self.record(region)
        found = node.disk.outcomes[before:]
        return (
            sub.Outcome.FromString(found[0]) if found else None
        )  # others answer the region itself

    def hand_in(self, draft: sub.Draft, signer: str = "") -> sub.Outcome:
        """Have the office's region decide a draft."""
        record = self.sign(draft, signer)
        outcome = self.put(region_of(draft.office), record, draft.matter_id.encode())
        assert outcome is not None
        return outcome

    def open(self, office: str = HAIDIAN, executor: str = BINHAI, *observers: str) -> str:
        """Open a matter; give its id."""
        outcome = self.hand_in(self.opening(office, executor, *observers))
        assert not outcome.code, outcome
        return outcome.matter_id

    def says(self, office: str, kind: str, matter: str, **fields: object) -> sub.Outcome:
        """Have an office act; it must be allowed."""
        outcome = self.hand_in(self.draft(office, kind, matter, **fields))
        assert not outcome.code, outcome
        return outcome

    def adds(self, office: str, added: str, matter: str) -> sub.Outcome:
        there = [ev.Participant(office=added, role=ev.ROLE_OBSERVER)]
        return self.says(office, "ParticipantAdded", matter, participants=there)

    def forwards(self, office: str, to: str, matter: str) -> sub.Outcome:
        body = body_pb2.Body(forwarded=verbs_pb2.Forwarded(office=to))
        return self.says(office, "Forwarded", matter, body=body)

    def tick(self, *regions: str) -> None:
        for region in regions or self.nodes:
            self.nodes[region].disk.inputs[""].append((self.now_ms, b"", TICK))
            self.record(region)

    def record(self, region: str) -> None:
        node = self.nodes[region]
        while node.waiting_inputs:
            node.record(random.Random(1), 50)

    # Links ----------------------------------------------------------------------------------

    def carry(self, sender: str, receiver: str) -> None:
        """Bring all that a region has for another, and nothing that it has for a third."""
        self.now_ms += 30
        for peer, parcel in self.nodes[sender].dispatch(self.now_ms):
            self.mail[sender, peer].append(parcel)
        for parcel in self.mail.pop((sender, receiver), ()):
            self.deliver(sender, receiver, parcel)

    def deliver(self, sender: str, receiver: str, parcel: bytes) -> None:
        self.nodes[receiver].disk.inputs[sender].append((self.now_ms, b"", parcel))
        self.record(receiver)

    def carry_all(self) -> None:
        """Bring everything everywhere."""
        for _ in range(4):
            for sender in self.nodes:
                for receiver in self.nodes:
                    if sender != receiver:
                        self.carry(sender, receiver)

    def forge(self, sender: str, receiver: str, *entries: ev.Event | pb.EvidenceItem) -> None:
        """Send what a region's core never would, under the region's own keys.

        It takes the place of whatever the honest link would bring at these indexes.
        """
        link = self.link(receiver, sender)
        frontier = Frontier(link.size, link.frontier)
        body = [
            pb.Entry(event=one) if isinstance(one, ev.Event) else pb.Entry(item=one)
            for one in entries
        ]
        frontier.extend(leaf_hash(inbound.event_of(entry).envelope) for entry in body)
        head = tree_head(
            sender, receiver, self.shard, 0, frontier.size, frontier.root(), self.now_ms
        )
        key = self.cast.keys.current(receiver, Use.SEAL, self.now_ms)
        assert key is not None
        self.deliver(sender, receiver, cut(self.cast.identities[sender], key, head, body))

    # What is there --------------------------------------------------------------------------

    def link(self, receiver: str, sender: str) -> st.LinkIn:
        kept = self.nodes[receiver].disk.heads.get("in/" + sender)
        return inbound.restored(kept)

    def matter(self, region: str, matter: str) -> st.Matter:
        return st.Matter.FromString(self.nodes[region].disk.state["m/" + matter])

    def thread(self, region: str, matter: str, name: str = MAIN) -> st.Thread:
        return st.Thread.FromString(self.nodes[region].disk.state[thread_key(matter, name)])

    def threads(self, region: str, matter: str) -> list[str]:
        """Give the names of the threads of a matter that a region has."""
        prefix = thread_key(matter, "")
        state = self.nodes[region].disk.state
        return sorted(key.removeprefix(prefix) for key in state if key.startswith(prefix))

    def alter(self, region: str, matter: str, change: Callable[[st.Thread], object]) -> None:
        """Change what a region holds of a matter's main thread, and restart its record stage."""
        thread = self.thread(region, matter)
        change(thread)
        node = self.nodes[region]
        node.disk.state[thread_key(matter, MAIN)] = thread.SerializeToString()
        node.start_record()

    def events(self, region: str) -> list[ev.Event]:
        return [ev.Event.FromString(record.value) for record in self.nodes[region].disk.events]

    def log(self, region: str) -> list[ev.Envelope]:
        return [ev.Envelope.FromString(event.envelope) for event in self.events(region)]

    def types(self, region: str) -> list[str]:
        """Give the types of a region's events, in the order of its log."""
        return [envelope.type for envelope in self.log(region)]

    def quarantined(self, region: str) -> list[str]:
        return [sub.Quarantined.FromString(q).code for q in self.nodes[region].disk.quarantine]

    def waiting(self, region: str) -> list[tuple[str, str, int]]:
        """Give what a region holds: code, origin and number."""
        found = [sub.Waiting.FromString(w) for w in self.nodes[region].disk.waiting.values()]
        return sorted((one.code, one.origin, one.number) for one in found)

    def agree(self, matter: str, *regions: str, thread: str = MAIN) -> bool:
        """Tell whether regions have the same picture of a thread."""
        pictures = [threads.picture(self.thread(r, matter, thread)) for r in regions or self.nodes]
        return len(set(pictures)) == 1

    def snapshot(self, region: str) -> dict[str, bytes]:
        return dict(self.nodes[region].disk.state)


def altered(
    event: ev.Event, body: body_pb2.Body | None = None, drop: Sequence[str] = (), **fields: object
) -> ev.Event:
    """Give an event with another envelope or body, and the digest that fits it."""
    envelope = ev.Envelope.FromString(event.envelope)
    twin = ev.Event(body=event.body, salt=event.salt)
    if body is not None:
        twin.body = body.SerializeToString()
        envelope.type = body.DESCRIPTOR.fields_by_name[body.WhichOneof("kind")].message_type.name
    envelope.body_digest = body_digest(twin.salt, twin.body)
    for name in drop:
        envelope.ClearField(name)
    for name, value in fields.items():
        kept = getattr(envelope, name)
        if isinstance(value, list):
            del kept[:]
            kept.extend(value)
        elif hasattr(kept, "CopyFrom"):
            kept.CopyFrom(value)
        else:
            setattr(envelope, name, value)
    twin.envelope = envelope.SerializeToString()
    return twin


def last(regions: Neighbours, region: str) -> ev.Event:
    return regions.events(region)[-1]


def crossed(regions: Neighbours) -> None:
    """Bring Beijing's log everywhere, under indexes that `forge` can go on from."""
    regions.forge("beijing", "tianjin", *regions.events("beijing"))
    regions.forge("beijing", "hebei", *regions.events("beijing"))


def handed_on(regions: Neighbours, event: ev.Event) -> pb.EvidenceItem:
    """Give Beijing's event as Tianjin hands it on."""
    leaf = leaf_hash(event.envelope)
    for leaves in regions.nodes["tianjin"].disk.leaves:
        found = proofs_in(leaves, [leaf])
        if leaf in found:
            return found[leaf].item(event)
    raise AssertionError("nothing is kept of it")


def refused(regions: Neighbours, matter: str) -> tuple[str, str, int]:
    """Give what Tianjin has refused: code, origin and number; its thread is frozen."""
    assert regions.types("tianjin")[-1] == "Refused"
    thread = regions.thread("tianjin", matter)
    [freeze] = thread.freezes
    assert freeze.refuser == "tianjin"
    event = last(regions, "tianjin")
    said = body_pb2.Body.FromString(event.body).refused
    assert (said.code, said.origin, said.number) == (freeze.code, freeze.origin, freeze.number)
    envelope = regions.log("tianjin")[-1]
    assert {"beijing", "hebei"} == set(envelope.to)
    return freeze.code, freeze.origin, freeze.number
