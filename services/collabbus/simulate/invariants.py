"""What must hold of an alliance at rest: invariants 1 to 5 of the design, and the proofs of 6."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.link.merkle import leaf_hash
from collabbus.link.parcel import verify_header
from collabbus.model.thread import LOCAL, members, party, picture, region_of
from collabbus.simulate.alliance import Alliance
from collabbus.simulate.node import Node

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
)
"""Of a thread's picture, in its order."""


def violations(alliance: Alliance) -> Iterator[str]:
    """Give every broken invariant, in words; nothing if all hold."""
    yield from _accepted(alliance)
    for node in alliance.nodes.values():
        yield from _order(node)
        yield from _steps(node)
        yield from _clock(alliance, node)
        yield from _waiting(node)
    yield from _convergence(alliance)
    yield from _links(alliance)


def _accepted(alliance: Alliance) -> Iterator[str]:
    """1 and 2: what was acknowledged is decided exactly once, and has its effect exactly once."""
    for name, node in alliance.nodes.items():
        decided: dict[tuple[str, str], set[tuple[int, tuple[str, ...], str]]] = defaultdict(set)
        for value in node.disk.outcomes:
            outcome = sub.Outcome.FromString(value)
            decided[outcome.office, outcome.submission_id].add(
                (outcome.decision, tuple(outcome.event_ids), outcome.code)
            )
        events = Counter(
            ev.Envelope.FromString(ev.Event.FromString(r.value).envelope).event_id
            for r in node.disk.events
        )
        if doubled := [event for event, count in events.items() if count > 1]:
            yield f"2 (one effect): {name}'s log holds {doubled} more than once"
        named: Counter[str] = Counter()
        for region, draft in alliance.accepted:
            if region != name:
                continue
            found = decided.get((draft.office, draft.submission_id), set())
            if len(found) > 1 and all(
                decision == sub.DECISION_REJECTED for decision, _, _ in found
            ):
                # A rejected opening is remembered until it has expired, and then is just that.
                found = {one for one in found if one[2] != "EXPIRED"}
            if len(found) != 1:
                yield f"1 (nothing lost): {draft.submission_id} has {len(found)} decisions: {found}"
                continue
            decision, event_ids, _ = next(iter(found))
            if (decision == sub.DECISION_RECORDED) != bool(event_ids):
                yield f"1: {draft.submission_id} is {decision} with events {event_ids}"
            for event in event_ids:
                named[event] += 1
                if events[event] != 1:
                    yield f"1: event {event} of {draft.submission_id} stands {events[event]} times"
        if shared := [event for event, count in named.items() if count > 1]:
            yield f"2: events {shared} answer several submissions"


def _order(node: Node) -> Iterator[str]:
    """3: numbers are dense in each log, and no event stands before what its origin had seen."""
    have: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for record in node.disk.events:
        envelope = ev.Envelope.FromString(ev.Event.FromString(record.value).envelope)
        last = have[envelope.matter_id, envelope.thread]
        if envelope.number != last[envelope.origin] + 1:
            yield (
                f"3 (order): {node.name} has number {envelope.number} of {envelope.origin} "
                f"after {last[envelope.origin]} in {envelope.matter_id[:6]}"
            )
        for seen in envelope.seen:
            if last[seen.origin] < seen.number:
                yield (
                    f"3 (cause): {node.name} has {envelope.type} {envelope.number} of "
                    f"{envelope.origin} before {seen.number} of {seen.origin}"
                )
        last[envelope.origin] = envelope.number


def _waiting(node: Node) -> Iterator[str]:
    """4: nothing is held for good, nothing was refused between honest regions."""
    for value in node.disk.waiting.values():
        waiting = sub.Waiting.FromString(value)
        yield (
            f"4 (convergence): {node.name} still holds {waiting.number} of {waiting.origin} in "
            f"{waiting.matter_id[:6]}: {waiting.code} {list(waiting.missing)}"
        )
    for value in node.disk.quarantine:
        found = sub.Quarantined.FromString(value)
        yield f"8 (fail closed): {node.name} quarantined {found.code}: {found.reason}"


def _convergence(alliance: Alliance) -> Iterator[str]:
    """4: every member of a thread has the same picture of it, and the same bytes."""
    views: dict[tuple[str, str], dict[str, st.Thread]] = defaultdict(dict)
    bytes_of: dict[str, set[bytes]] = defaultdict(set)
    for name, node in alliance.nodes.items():
        for matter_id, thread in _threads(node):
            views[matter_id, thread.thread][name] = thread
        for record in node.disk.events:
            event = ev.Event.FromString(record.value)
            envelope = ev.Envelope.FromString(event.envelope)
            bytes_of[envelope.event_id].add(leaf_hash(event.envelope) + event.body + event.salt)
    for (matter_id, thread_name), seen in views.items():
        # Who has left keeps what it saw; all who are there agree, and know that they are.
        longest = max(seen.values(), key=lambda thread: sum(o.last for o in thread.origins))
        there = {region: seen.get(region) for region in members(longest)}
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
        kind, _, name = key.partition("/")
        matter_id, _, thread = name.partition("/")
        if kind == "t" and thread != LOCAL:
            yield matter_id, st.Thread.FromString(value)


def _steps(node: Node) -> Iterator[str]:
    """Rule 2: only the office awaited at step n writes step n+1."""
    last: dict[tuple[str, str], ev.Step] = {}
    for record in node.disk.events:
        envelope = ev.Envelope.FromString(ev.Event.FromString(record.value).envelope)
        if not envelope.HasField("step"):
            continue
        where = envelope.matter_id, envelope.thread
        before = last.get(where, ev.Step(awaits=envelope.office))
        if (envelope.step.number, envelope.office) != (before.number + 1, before.awaits):
            yield (
                f"rule 2 (steps): {node.name} has step {envelope.step.number} of {envelope.office} "
                f"after {before.number}, which awaits {before.awaits or 'nobody'}"
            )
        last[where] = envelope.step


def _clock(alliance: Alliance, node: Node) -> Iterator[str]:
    """Rule 7: what is due is overdue, said once, by the region that waits."""
    said: Counter[tuple[str, int, int]] = Counter()
    for record in node.disk.events:
        event = ev.Event.FromString(record.value)
        envelope = ev.Envelope.FromString(event.envelope)
        if envelope.type == "Overdue" and envelope.origin == node.name:
            due = body_pb2.Body.FromString(event.body).overdue
            said[envelope.matter_id, due.step, due.due_ms] += 1
    if twice := [occasion for occasion, count in said.items() if count > 1]:
        yield f"rule 7 (clock): {node.name} says more than once that {twice} is overdue"
    for matter_id, thread in _threads(node):
        step = thread.step
        waiter = party(thread, step.waits)
        if (
            step.due_ms
            and step.due_ms <= alliance.now_ms
            and region_of(step.waits) == node.name
            and waiter is not None
            and not (waiter.leaving or thread.overdue or thread.freezes)
        ):
            yield f"rule 7 (clock): {node.name} never says that {matter_id[:6]} is overdue"


def _links(alliance: Alliance) -> Iterator[str]:
    """5 and 6: both ends of each link agree on size and root, and the heads on both sides prove."""
    for a, sender in alliance.nodes.items():
        for b, way in sender.shipping.ways.items():
            kept = alliance.nodes[b].disk.heads.get("in/" + a)
            link = st.LinkIn.FromString(kept) if kept is not None else st.LinkIn()
            if link.size != way.out.size:
                yield f"5 (gaps heal): {a}>{b} sent {way.out.size}, arrived {link.size}"
            elif link.size:
                header = verify_header(link.head, alliance.cast.keys, None)
                if (header.head.size, header.head.root) != (link.size, link.root):
                    yield f"6 (proof): {a}>{b}: the kept head isn't that of size {link.size}"
            if way.receipt_size != way.out.size:
                yield f"5: {a}>{b}: {way.receipt_size} of {way.out.size} receipted"
