"""Lies (妄报): events that a region signs rightly and that break a rule, by seed.

A region whose core is broken, or was tampered with, is believed in nothing that no contract
allows: what it says is refused or quarantined by all others, and only its thread stops (rule 10).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.link import inbound
from collabbus.link.keys import KeyDirectory, Use
from collabbus.link.parcel import cut, tree_head
from collabbus.model import ids
from collabbus.model.contract import Contract
from collabbus.model.journal import body_digest, thread_key
from collabbus.model.lifecycle import Chain, StepRule, Who
from collabbus.model.record import Recorder
from collabbus.model.thread import (
    COPY,
    FAMILIES,
    GUEST,
    LOCAL,
    MAIN,
    is_open,
    last,
    members,
    party,
    region_of,
    stays,
)
from collabbus.simulate.bodies import Bodies
from collabbus.simulate.node import Node

T = TypeVar("T")

LYING = 0.4
"""Share of the seeds in which a region lies."""
HEADS = "two heads of one size"
KINDS = (
    "a body that isn't its digest",
    "a number used twice",
    "a step that leads elsewhere",
    "a step that the state doesn't allow",
    "an act by an office that is no party",
    "by a region that is no member",
    "in the name of another region's office",
    HEADS,
)
"""Every sort of lie."""


@dataclass(frozen=True, slots=True)
class Lie:
    """An event that its origin has signed, and that others may not take."""

    kind: str
    node: Node
    """Who tells it."""
    event: ev.Event
    envelope: ev.Envelope
    slipped: bool
    """Whether even its origin holds nothing of it: it stands in its log, and nowhere else."""
    freezes: bool
    """Whether who gets it refuses it for all to see; else it goes into quarantine alone."""


@dataclass(slots=True)
class Lies:
    """What was told in an alliance that isn't so, and what operators made of it."""

    told: dict[str, Lie] = field(default_factory=dict)
    """By event id."""
    heads: dict[bytes, Node] = field(default_factory=dict)
    """Parcels with a second head of a size, and to whom they went."""
    touched: set[str] = field(default_factory=set)
    """Matters in which a member has lied."""
    outside: set[str] = field(default_factory=set)
    """Matters in which a region has spoken that has no part in them."""
    voided: set[tuple[str, str, str, int]] = field(default_factory=set)
    """Numbers that their origin has taken back: matter, thread, origin, number."""


class Liar:
    """Thinks of lies for one region, by seed."""

    def __init__(
        self,
        rnd: random.Random,
        contract: Contract,
        region: str,
        offices: Sequence[str],
        keys: KeyDirectory,
        lies: Lies,
    ) -> None:
        """Tell all that is told to `lies`."""
        self.region = region
        self._rnd = rnd
        self._contract = contract
        self._keys = keys
        self._lies = lies
        self._bodies = Bodies(rnd, offices, sorted(contract.network.regions))
        self._count = 0
        self._now_ms = 0
        self._ways: Mapping[str, Callable[[Node, Mapping[str, Node]], bool]] = {
            "a body that isn't its digest": self._body,
            "a number used twice": self._number,
            "a step that leads elsewhere": self._elsewhere,
            "a step that the state doesn't allow": self._state,
            "an act by an office that is no party": self._stranger,
            "by a region that is no member": self._outsider,
            "in the name of another region's office": self._foreign,
            HEADS: self._heads,
        }
        self._kinds = rnd.sample(KINDS, rnd.choice((1, 2, len(KINDS))))
        self._apart: Callable[[str], bool] = lambda matter_id: False
        self._leaving: Callable[[str], bool] = lambda matter_id: False

    def lie(
        self,
        node: Node,
        others: Mapping[str, Node],
        now_ms: int,
        apart: Callable[[str], bool],
        leaving: Callable[[str], bool],
    ) -> str:
        """Have the region's node tell a lie; give its kind, empty if it knows none now.

        `others` are the nodes of the same shard, by region; `apart` tells of a matter whether
        nobody has thought of bringing the region in, `leaving` whether somebody is about to leave.
        """
        self._apart, self._leaving = apart, leaving
        kind = self._rnd.choice(self._kinds)
        self._now_ms = now_ms
        self._count += 1
        return kind if self._ways[kind](node, others) else ""

    # In its own state, too ------------------------------------------------------------------

    def _state(self, node: Node, others: Mapping[str, Node]) -> bool:
        """Make a step that leads out of another state than the thread is in."""
        return self._step(node, "a step that the state doesn't allow", lambda now, rule: (
            now not in rule.from_
        ))  # fmt: skip

    def _elsewhere(self, node: Node, others: Mapping[str, Node]) -> bool:
        """Make a step that may be made, and lead to another state by it."""
        return self._step(node, "a step that leads elsewhere", lambda now, rule: now in rule.from_)

    def _step(self, node: Node, kind: str, fits: Callable[[str, StepRule], bool]) -> bool:
        for matter, thread, chain in self._places(node):
            now = thread.step
            if region_of(now.awaits) != self.region or thread.thread.startswith(GUEST):
                continue
            rules = {k: rule for k, rule in chain.steps.items() if _plain(rule)}
            found = sorted(k for k, rule in rules.items() if fits(now.state, rule))
            if not found:
                continue
            said = self._rnd.choice(found)
            to = sorted(
                name
                for name, state in chain.states.items()
                if not state.final
                and (name != rules[said].to or now.state not in rules[said].from_)
            )
            if kind.endswith("allow"):
                to = [rules[said].to] if not chain.states[rules[said].to].final else []
            if not to:
                continue
            step = _stepping(chain, now, self._rnd.choice(to))
            wanted = {name[5:] for name in rules[said].requires if name.startswith("body.")}
            body = self._bodies.write(said, self._now_ms, wanted)
            self._say(
                node, kind, matter, thread, body, now.awaits, step=step, rule=rules[said],
                deadline=rules[said].deadline,
            )  # fmt: skip
            return True
        return False

    def _stranger(self, node: Node, others: Mapping[str, Node]) -> bool:
        """Have an office speak that is no party of the thread."""
        for matter, thread, chain in self._places(node):
            offices = [
                office.id
                for office in self._contract.network.regions[self.region].offices
                if all(office.id != one.office for one in thread.parties)
            ]
            if offices and "Commented" in chain.remarks:
                office = self._rnd.choice(offices)
                kind = "an act by an office that is no party"
                self._say(node, kind, matter, thread, _commented(), office)
                return True
        return False

    def _body(self, node: Node, others: Mapping[str, Node]) -> bool:
        """Send other words than those of which the envelope has the digest."""
        for matter, thread, chain in self._places(node):
            office = self._speaker(thread)
            if office and "Commented" in chain.remarks:
                kind = "a body that isn't its digest"
                self._say(node, kind, matter, thread, _commented(), office, other_words=True)
                return True
        return False

    def _say(
        self,
        node: Node,
        kind: str,
        matter: st.Matter,
        thread: st.Thread,
        body: body_pb2.Body,
        office: str,
        *,
        other_words: bool = False,
        **fields: Any,
    ) -> None:
        """Record an event as if it were in order."""
        event_id = ids.event_id(matter.matter_id, office, f"lie-{self._count}", 0)

        def deed(recorder: Recorder) -> None:
            recorder.journal.own(
                matter, thread, body, event_id=event_id, office=office, recorded_ms=self._now_ms,
                officer="王敏", **fields,
            )  # fmt: skip
            key, value, headers = recorder.effects.events.pop()
            event = ev.Event.FromString(value)
            if other_words:
                event.body = body_pb2.Body(
                    commented=verbs_pb2.Commented(text="另说")
                ).SerializeToString()
            recorder.effects.events.append((key, event.SerializeToString(), headers))
            recorder.region.keep(matter, thread)

        node.record_deed(deed)
        self._note(kind, node, node.disk.events[-1].event, slipped=False, freezes=True)

    # In its log alone -----------------------------------------------------------------------

    def _number(self, node: Node, others: Mapping[str, Node]) -> bool:
        """Say something else under a number that was used."""
        for matter, thread, _ in self._places(node):
            number = last(thread, self.region)
            for record in reversed(node.disk.events):
                one = record.envelope
                at = (one.matter_id, one.thread, one.origin, one.number)
                here = at == (matter.matter_id, thread.thread, self.region, number)
                opens = one.step.number == 1  # which can't be void: nothing was before it
                if here and one.to and not opens:
                    self._slip(
                        node, "a number used twice", record.event, freezes=True, officer="李静"
                    )
                    return True
        return False

    def _foreign(self, node: Node, others: Mapping[str, Node]) -> bool:
        """Say something in the name of an office of another region."""
        for _, thread, _ in self._places(node):
            theirs = sorted(
                one.office for one in thread.parties if region_of(one.office) != self.region
            )
            mine = self._last_own(node, thread)
            if theirs and mine is not None:
                self._slip(
                    node, "in the name of another region's office", mine, freezes=False,
                    office=self._rnd.choice(theirs), number=last(thread, self.region) + 1,
                    seen_step=thread.step.number, body=_commented(),
                )  # fmt: skip
                return True
        return False

    def _outsider(self, node: Node, others: Mapping[str, Node]) -> bool:
        """Speak in a matter in which the region has never had a part."""
        mine = {record.envelope.matter_id for record in node.disk.events}
        for name, other in self._shuffled(sorted(others.items())):
            for record in self._shuffled(other.disk.events):
                one = record.envelope
                kept = other.disk.state.get(thread_key(one.matter_id, MAIN), b"")
                parties = {region_of(p.office) for p in st.Thread.FromString(kept).parties}
                if one.matter_id in mine or one.thread != MAIN or one.origin != name:
                    continue
                if self.region in parties or name not in parties or not self._apart(one.matter_id):
                    continue  # it may not have heard yet that it is brought in
                office = self._contract.network.regions[self.region].offices[0].id
                self._slip(
                    node, "by a region that is no member", record.event, freezes=False,
                    origin=self.region, office=office, number=1, to=[name], seen=[],
                    body=_commented(),
                )  # fmt: skip
                return True
        return False

    def _last_own(self, node: Node, thread: st.Thread) -> ev.Event | None:
        """Give the region's last event in a thread that went to others."""
        for record in reversed(node.disk.events):
            one = record.envelope
            if one.origin == self.region and one.thread == thread.thread and one.to:
                known = st.Thread.FromString(
                    node.disk.state.get(thread_key(one.matter_id, one.thread), b"")
                )
                if known == thread and one.event_id not in self._lies.told:
                    return record.event
        return None

    def _slip(
        self,
        node: Node,
        kind: str,
        like: ev.Event,
        *,
        freezes: bool,
        body: body_pb2.Body | None = None,
        **fields: object,
    ) -> None:
        """Write into the log what the region's own state knows nothing of."""
        envelope = ev.Envelope.FromString(like.envelope)
        twin = ev.Event(body=like.body, salt=like.salt)
        envelope.event_id = ids.event_id(envelope.matter_id, self.region, f"lie-{self._count}", 0)
        if body is not None:
            twin.body = body.SerializeToString()
            envelope.type = "Commented"
            envelope.body_digest = body_digest(twin.salt, twin.body)
            for name in (
                "step",
                "participants",
                "copies",
                "joining",
                "clock",
                "causation",
                "guest",
            ):
                envelope.ClearField(name)
            envelope.officer = "王敏"
        for name, value in fields.items():
            if isinstance(value, list):
                del getattr(envelope, name)[:]
                getattr(envelope, name).extend(value)
            else:
                setattr(envelope, name, value)
        twin.envelope = envelope.SerializeToString()
        node.record_deed(lambda recorder: recorder.journal.record_late(twin, envelope))
        self._note(kind, node, twin, slipped=True, freezes=freezes)

    # Of a link ------------------------------------------------------------------------------

    def _heads(self, node: Node, others: Mapping[str, Node]) -> bool:
        """Sign another root for a size that a peer has reached."""
        for peer, other in self._shuffled(sorted(others.items())):
            kept = other.disk.heads.get("in/" + self.region)
            link = inbound.restored(kept)
            key = self._keys.current(peer, Use.SEAL, self._now_ms)
            waiting = len(other.disk.inputs[self.region]) - other.disk.positions[self.region]
            if waiting or not link.size or key is None:
                continue  # what is on its way moves the peer on, and then it can't compare
            root = self._rnd.randbytes(32)
            head = tree_head(
                self.region, peer, node.shard, link.epoch, link.size, root, link.heard_until_ms
            )
            parcel = cut(node.identity, key, head, [])
            other.disk.inputs[self.region].append((self._now_ms, b"", parcel))
            self._lies.heads[parcel] = other
            return True
        return False

    # What all have in common ----------------------------------------------------------------

    def _places(self, node: Node) -> Iterator[tuple[st.Matter, st.Thread, Chain]]:
        """Give the threads in which the region has a word, each with its matter and its rules."""
        state = node.disk.state
        for key in self._shuffled([key for key in state if key.startswith("t/")]):
            _, matter_id, name = key.split("/", 2)
            matter = st.Matter.FromString(state.get("m/" + matter_id, b""))
            thread = st.Thread.FromString(state[key])
            main = st.Thread.FromString(state.get(thread_key(matter_id, MAIN), b""))
            lifecycle = self._contract.lifecycles.get(FAMILIES.get(matter.family, ""))
            chain = lifecycle.chain(name) if lifecycle is not None else None
            if name == LOCAL or name.startswith(COPY) or chain is None or not is_open(thread):
                continue
            quiet = not self._leaving(matter_id) and not (
                thread.freezes or main.freezes or thread.archived or thread.ended
            )
            if quiet and stays(thread, self.region) and len(members(thread)) > 1:
                yield matter, thread, chain

    def _speaker(self, thread: st.Thread) -> str:
        mine = sorted({p.office for p in thread.parties if region_of(p.office) == self.region})
        found = [o for o in mine if (there := party(thread, o)) is not None and not there.leaving]
        return self._rnd.choice(found) if found else ""

    def _shuffled(self, found: Sequence[T]) -> list[T]:
        return self._rnd.sample(found, len(found))

    def _note(
        self, kind: str, node: Node, event: ev.Event, *, slipped: bool, freezes: bool
    ) -> None:
        envelope = ev.Envelope.FromString(event.envelope)
        self._lies.told[envelope.event_id] = Lie(kind, node, event, envelope, slipped, freezes)
        if envelope.number == 1 and kind.endswith("member"):
            self._lies.outside.add(envelope.matter_id)
        if freezes:
            self._lies.touched.add(envelope.matter_id)


def _commented() -> body_pb2.Body:
    return body_pb2.Body(commented=verbs_pb2.Commented(text="妄言"))


def _plain(rule: StepRule) -> bool:
    """Tell whether a step needs nothing of the thread but its state."""
    bound = (
        rule.asks, rule.forwards, rule.assigns, rule.proposes, rule.agrees, rule.gathers,
        rule.answers, rule.turns, rule.to == "resume",
    )  # fmt: skip
    return not any(bound)


def _stepping(chain: Chain, now: ev.Step, to: str) -> ev.Step:
    """Give the step to a state, as if a rule led there from the one that is open."""
    requester, executor = now.awaits, now.waits
    if chain.states[now.state].awaits is Who.EXECUTOR:
        requester, executor = executor, requester
    office = {Who.REQUESTER: requester, Who.EXECUTOR: executor}
    found = chain.states[to]
    return ev.Step(
        number=now.number + 1,
        state=to,
        awaits=office[found.awaits or Who.REQUESTER],
        waits=office[found.waits or Who.REQUESTER],
    )
