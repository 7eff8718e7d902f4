"""What must hold of an alliance at rest: invariants 1 to 8 of the design, whatever had happened.

Of what each log must be at every moment, `audit` is the judge; of equal treatment, `equality`; of
what is reported and found, `rounds`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.link import inbound
from collabbus.link.merkle import leaf_hash
from collabbus.link.parcel import verify_header
from collabbus.model.deadline import DAY_MS
from collabbus.model.lifecycle import Deadline, Lifecycle, Target
from collabbus.model.thread import (
    ARCHIVE,
    FAMILIES,
    LOCAL,
    MAIN,
    TRACK,
    is_leaving,
    members,
    party,
    picture,
    recipient_of,
    region_of,
    stays,
)
from collabbus.simulate.alliance import Alliance
from collabbus.simulate.node import Node
from collabbus.simulate.operators import frozen
from collabbus.simulate.rounds import uneven

LATE_MS = 100 * DAY_MS
"""So long after its due time every level of escalation has been reached."""

_PARTS = (
    "names",
    "steps",
    "the clock's words",
    "hashes",
    "origins",
    "parties",
    "bound remarks",
    "freezes",
    "links",
    "findings of a model",
)
"""Of a thread's picture, in its order."""


def violations(alliance: Alliance) -> Iterator[str]:
    """Give every broken invariant, in words; nothing if all hold."""
    yield from alliance.broken
    yield from _accepted(alliance)
    for node in alliance.nodes.values():
        yield from _asked(alliance, node)
        yield from _waiting(alliance, node)
        yield from _frozen(node)
        yield from _left(alliance, node)
        yield from _clock(alliance, node)
        yield from _audience(alliance, node)
        yield from _archived(alliance, node)
        yield from _endings(alliance, node)
        yield from _recipients(alliance, node)
        yield from _linked(alliance, node)
    yield from _convergence(alliance)
    yield from _links(alliance)
    yield from uneven(alliance)


def _accepted(alliance: Alliance) -> Iterator[str]:
    """1 and 2: what was acknowledged is decided exactly once, and has its effect exactly once."""
    for node in alliance.nodes.values():
        decided: dict[bytes, set[tuple[int, tuple[str, ...], str]]] = defaultdict(set)
        for value in node.disk.outcomes:
            outcome = sub.Outcome.FromString(value)
            decided[outcome.submission_sha256].add(
                (outcome.decision, tuple(outcome.event_ids), outcome.code)
            )
        events = Counter(record.envelope.event_id for record in node.disk.events)
        named: dict[str, set[str]] = defaultdict(set)
        for sent in alliance.sent:
            if (sent.region, sent.shard) != (node.name, node.shard):
                continue
            what = sent.draft.submission_id
            found = decided.get(sha256(sent.record).digest(), set())
            if len(found) > 1 and all(one[0] == sub.DECISION_REJECTED for one in found):
                # A rejected opening is remembered until it has expired, and then is just that, or
                # its id is another's by then.
                first = {one for one in found if one[2] not in ("EXPIRED", "ID_REUSED")}
                found = first or {min(found)}
            if len(found) != 1:
                yield f"1 (nothing lost): {what} has {len(found)} decisions: {sorted(found)}"
                continue
            [(decision, event_ids, _)] = found
            if (decision == sub.DECISION_RECORDED) != bool(event_ids):
                yield f"1: {what} is {decision} with events {event_ids}"
            if sent.wrong and decision == sub.DECISION_RECORDED:
                yield f"8 (fail closed): {what} is recorded, and is wrong: {sent.wrong}"
            for event in event_ids:
                named[event].add(what)
                if events[event] != 1:
                    yield f"1: event {event} of {what} stands {events[event]} times"
        if shared := {event: whose for event, whose in named.items() if len(whose) > 1}:
            yield f"2: events answer several submissions: {shared}"


def _asked(alliance: Alliance, node: Node) -> Iterator[str]:
    """8: what is recorded for an office is what its system has signed, and nothing else."""
    sent = {sha256(one.record).digest() for one in alliance.sent}
    answered: set[str] = set()
    for value in node.disk.outcomes:
        outcome = sub.Outcome.FromString(value)
        answered.update(outcome.event_ids)
        itself = outcome.submission_id.startswith("linked-")
        recorded = outcome.decision == sub.DECISION_RECORDED
        if recorded and not itself and outcome.submission_sha256 not in sent:
            yield f"8 (speaker): {node.name} recorded {outcome.submission_id}, which nobody signed"
    for record in node.disk.events:
        one = record.envelope
        asked = one.origin == node.name and bool(one.causation.submission_id)
        if asked and one.event_id not in answered | alliance.lies.told.keys():
            yield f"8 (speaker): {one.type} {one.event_id} answers no submission"


def _left(alliance: Alliance, node: Node) -> Iterator[str]:
    """Rule 6: whoever has asked to leave is awaited no more where it can hand the step back."""
    for matter_id, thread in _threads(node):
        awaited = party(thread, thread.step.awaits)
        if awaited is None or not awaited.leaving or thread.freezes or thread.ended:
            continue
        lifecycle, _ = _lifecycle(alliance, node, matter_id)
        chain = lifecycle.chain(thread.thread)
        if chain is not None and chain.step(thread.step.state, chain.hand_back or ""):
            yield f"rule 6 (leaving): {matter_id[:6]} awaits {awaited.office}, which has left"


def _waiting(alliance: Alliance, node: Node) -> Iterator[str]:
    """4 and 8: nothing is held for good, nothing was refused between honest regions."""
    for value in node.disk.waiting.values():
        waiting = sub.Waiting.FromString(value)
        yield (
            f"4 (convergence): {node.name} still holds {waiting.number} of {waiting.origin} in "
            f"{waiting.matter_id[:6]}/{waiting.thread}: {waiting.code} {list(waiting.missing)}"
        )
    wrong = {sent.record for sent in alliance.sent if sent.wrong}
    for value in node.disk.quarantine:
        found = sub.Quarantined.FromString(value)
        known = found.value in wrong | alliance.garbage or found.value in alliance.lies.heads
        if found.code == "INTERNAL" or not (known or _is_lie(alliance, found)):
            yield f"8 (fail closed): {node.name} quarantined {found.code}: {found.reason}"


def _is_lie(alliance: Alliance, found: sub.Quarantined) -> bool:
    """Tell whether what lies in quarantine is an event that a region has made up."""
    if found.offset >= 0:
        return False
    event = inbound.event_of(pb.Entry.FromString(found.value))
    return ev.Envelope.FromString(event.envelope).event_id in alliance.lies.told


def _frozen(node: Node) -> Iterator[str]:
    """Rule 10: once operators have seen to it, nothing is frozen any more."""
    for matter, thread in frozen(node):
        if is_leaving(thread, node.name):
            continue  # that it was released was for those who stay
        freezes = [(one.refuser, one.origin, one.number, one.code) for one in thread.freezes]
        yield (
            f"rule 10 (freezes): {node.title} has {matter.matter_id[:6]}/{thread.thread} frozen "
            f"for good: {freezes}"
        )


def _convergence(alliance: Alliance) -> Iterator[str]:
    """4: every member of a thread has the same picture of it, and the same bytes."""
    views: dict[tuple[str, str], dict[str, st.Thread]] = defaultdict(dict)
    bytes_of: dict[str, set[bytes]] = defaultdict(set)
    for node in alliance.nodes.values():
        for matter_id, thread in _threads(node):
            views[matter_id, thread.thread][node.name] = thread
        for record in node.disk.events:
            event = record.event
            bytes_of[record.envelope.event_id].add(
                leaf_hash(event.envelope) + event.body + event.salt
            )
    archived = {
        key.removeprefix("a/")
        for node in alliance.nodes.values()
        for key in node.disk.state
        if key.startswith("a/")
    }
    for (matter_id, thread_name), seen in views.items():
        if matter_id in archived:
            continue  # of these `_archived` judges
        # Who has left keeps what it saw; all who are there agree, and know that they are.
        longest = max(seen.values(), key=lambda thread: sum(o.last for o in thread.origins))
        there = {region: seen.get(region) for region in members(longest) & set(alliance.regions)}
        if lacking := sorted(region for region, view in there.items() if view is None):
            yield f"4 (convergence): {lacking} never got {matter_id[:6]}/{thread_name}"
        pictures = {region: picture(view) for region, view in there.items() if view is not None}
        for part, *versions in zip(_PARTS, *pictures.values(), strict=True):
            if len(set(versions)) > 1:
                told = dict(zip(pictures, versions, strict=True))
                yield f"4 (convergence): {matter_id[:6]}/{thread_name}: {part} differ: {told}"
    for event_id, found in bytes_of.items():
        if len(found) > 1:
            yield f"4: event {event_id} has {len(found)} versions"


def _threads(node: Node) -> Iterator[tuple[str, st.Thread]]:
    """Give the threads that a node shares with others, each with its matter's id."""
    for key, value in node.disk.state.items():
        if key.startswith("t/"):
            _, matter_id, thread = key.split("/", 2)
            if thread != LOCAL:
                yield matter_id, st.Thread.FromString(value)


def _audience(alliance: Alliance, node: Node) -> Iterator[str]:
    """7: a region holds the threads in which it has a party, or had one, and nothing of others."""
    parties: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in node.disk.events:
        envelope = record.envelope
        if envelope.event_id in alliance.lies.told:
            continue
        where = envelope.matter_id, envelope.thread
        parties[where] |= {region_of(one.office) for one in envelope.participants}
        if envelope.thread.startswith(ARCHIVE):  # to whom it may go, `audit` judges
            parties[where] |= {envelope.origin, *envelope.to}
    for (matter_id, thread), regions in parties.items():
        if thread != LOCAL and node.name not in regions:
            yield f"7 (privacy): {node.name} holds {matter_id[:6]}/{thread}, of {sorted(regions)}"


def _lifecycle(alliance: Alliance, node: Node, matter_id: str) -> tuple[Lifecycle, st.Matter]:
    matter = st.Matter.FromString(node.disk.state["m/" + matter_id])
    return alliance.contract.lifecycles[FAMILIES[matter.family]], matter


def _clock(alliance: Alliance, node: Node) -> Iterator[str]:
    """Rule 7: what is due is overdue, escalated level by level, and its default is made."""
    for matter_id, thread in _threads(node):
        step, waiter = thread.step, party(thread, thread.step.waits)
        late_ms = alliance.now_ms - step.due_ms if step.due_ms else -1
        quiet = thread.freezes or thread.ended or not step.awaits
        if late_ms < 0 or quiet or waiter is None or waiter.leaving:
            continue
        lifecycle, _ = _lifecycle(alliance, node, matter_id)
        chain, deadline = lifecycle.chain(thread.thread), lifecycle.deadlines.get(thread.deadline)
        name = f"{matter_id[:6]}/{thread.thread}"
        if region_of(step.waits) == node.name:
            if not thread.overdue:
                yield f"rule 7 (clock): {node.name} never says that {name} is overdue"
            wanted = _levels(alliance, step, deadline) if deadline is not None else 0
            if late_ms > LATE_MS and thread.escalated < wanted:
                yield f"rule 7 (clock): {node.name} escalates {name} to {thread.escalated} only"
        default = deadline.default if deadline is not None else None
        if default is None or chain is None or region_of(step.awaits) != node.name:
            continue
        if late_ms > DAY_MS and chain.step(step.state, default.act):
            yield f"rule 7 (default): {name} still awaits {default.act}"


def _levels(alliance: Alliance, step: ev.Step, deadline: Deadline) -> int:
    """Give the highest level of escalation at which there is somebody to turn to."""
    network = alliance.contract.network
    linkage = network.linkage
    there = {
        Target.SUPERIOR: bool(network.superiors(step.awaits)),
        Target.LINKAGE_OFFICE: linkage is not None and linkage.office != step.awaits,
        Target.CONVENERS: linkage is not None and linkage.conveners != step.awaits,
        Target.WAITER: step.waits != step.awaits,
    }
    levels = [level for level, rule in enumerate(deadline.escalate, 1) if there[rule.to]]
    if not levels and deadline.otherwise is not None and there[deadline.otherwise.to]:
        return len(deadline.escalate) + 1
    return max(levels, default=0)


def _archived(alliance: Alliance, node: Node) -> Iterator[str]:
    """Rule 11: what its host has archived, whoever has something of it lets go of, but a stub."""
    for record in node.disk.events:
        if record.envelope.type != "Archived" or record.envelope.origin != node.name:
            continue
        matter_id = record.envelope.matter_id
        for name in alliance.regions:
            state = alliance.nodes[name, node.shard].disk.state
            heard = name in (record.envelope.origin, *record.envelope.to)
            if heard and f"a/{matter_id}" not in state:
                yield f"rule 11 (archive): {name} has no stub of {matter_id[:6]}"
            if left := [
                key for key in state if key.startswith((f"t/{matter_id}", f"m/{matter_id}"))
            ]:
                yield f"rule 11 (archive): {name} keeps {left}"


def _endings(alliance: Alliance, node: Node) -> Iterator[str]:
    """A matter that has ended leaves none of its tracks open."""
    for matter_id, thread in _threads(node):
        if not thread.thread.startswith(TRACK):
            continue
        lifecycle, matter = _lifecycle(alliance, node, matter_id)
        main = node.disk.state.get(f"t/{matter_id}/{MAIN}")
        if main is None or region_of(matter.host) != node.name:
            continue
        state = st.Thread.FromString(main).step.state
        if lifecycle.main.states[state].final and thread.step.awaits and not thread.ended:
            yield f"rule 8 (tracks): {matter_id[:6]} is {state}, {thread.thread} still open"


def _recipients(alliance: Alliance, node: Node) -> Iterator[str]:
    """Whoever is a recipient has a track in which it is heard, also if it had left before."""
    tracks: dict[str, dict[str, list[st.Thread]]] = defaultdict(lambda: defaultdict(list))
    for matter_id, thread in _threads(node):
        if thread.thread.startswith(TRACK):
            tracks[matter_id][recipient_of(thread.thread)].append(thread)
    for matter_id, thread in _threads(node):
        lifecycle, matter = _lifecycle(alliance, node, matter_id)
        if thread.thread != MAIN or region_of(matter.host) != node.name:
            continue
        if lifecycle.track is None or lifecycle.main.states[thread.step.state].final:
            continue
        for one in thread.parties:
            heard = any(not track.ended for track in tracks[matter_id][one.office])
            if one.role == ev.ROLE_RECIPIENT and not (one.left or one.leaving or heard):
                yield f"rule 5 (tracks): {one.office} has no track in {matter_id[:6]}"


def _linked(alliance: Alliance, node: Node) -> Iterator[str]:
    """A matter that another led to is told there, by its own region, as it stands."""
    said: Counter[tuple[str, str]] = Counter()
    for record in node.disk.events:
        if record.envelope.type == "Linked" and record.envelope.event_id not in alliance.lies.told:
            linked = body_pb2.Body.FromString(record.event.body).linked
            said[linked.matter_id, linked.state] += 1
    for (child_id, state), count in said.items():
        if count > 1:
            yield f"rule (links): {child_id[:6]} is told {count} times to be {state}"
    held = alliance.state(node.name)
    for key, value in node.disk.state.items():
        if not key.startswith("m/"):
            continue
        matter = st.Matter.FromString(value)
        cause = held.get(f"t/{matter.cause_matter}/{MAIN}")
        if not matter.cause_matter or region_of(matter.host) != node.name or cause is None:
            continue
        lifecycle = alliance.contract.lifecycles[FAMILIES[matter.family]]
        thread = st.Thread.FromString(cause)
        if not stays(thread, node.name):
            continue  # what it has yet to say waits until it takes part again
        main = st.Thread.FromString(node.disk.state[f"t/{matter.matter_id}/{MAIN}"])
        found = [link.state for link in thread.links if link.matter_id == matter.matter_id]
        wanted = main.step.state
        if len(found) != 1 or (lifecycle.main.states[wanted].final and found != [wanted]):
            yield (
                f"rule (links): {matter.matter_id[:6]} is {wanted}, and "
                f"{matter.cause_matter[:6]} has it as {found}"
            )


def _links(alliance: Alliance) -> Iterator[str]:
    """5 and 6: both ends of each link agree on size and root, and the heads on both sides prove."""
    for sender in alliance.nodes.values():
        a = sender.title
        for b, way in sender.shipping.ways.items():
            kept = alliance.nodes[b, sender.shard].disk.heads.get("in/" + sender.name)
            link = st.LinkIn.FromString(kept) if kept is not None else st.LinkIn()
            if link.size != way.out.size:
                yield f"5 (gaps heal): {a}>{b} sent {way.out.size}, arrived {link.size}"
            elif link.size:
                header = verify_header(link.head, alliance.cast.keys, None)
                if (header.head.size, header.head.root) != (link.size, link.root):
                    yield f"6 (proof): {a}>{b}: the kept head isn't that of size {link.size}"
            if way.receipt_size != way.out.size:
                yield f"5: {a}>{b}: {way.receipt_size} of {way.out.size} receipted"
