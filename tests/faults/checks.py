"""Checks: what must hold of a history. Each gives its violations in words, or nothing.

What is written anew here must not share a mistake with what it judges, so the processor's code is
used for two things only: `thread.picture`, which says what members must agree on, and
`thread.apply`, by which a log is folded, with the rules of the contracts that the events name.

test_checks.py holds a tiny history that each check rejects, and one that all accept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from itertools import chain

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import application
from collabbus.model import thread as threads
from collabbus.model.lifecycle import RemarkRule, StepRule
from tests.faults.history import History, Logged

Counts = Mapping[str, Counter[str]]
"""How often each event id stands in each region's log."""
Check = Callable[[History], Iterator[str]]


def decided_once(history: History) -> Iterator[str]:
    """Invariant 1: every acknowledged submission is decided, and never in two ways."""
    decisions: dict[tuple[str, str], set[tuple[int, tuple[str, ...], str]]] = defaultdict(set)
    for region, values in history.outcomes.items():
        for value in values:
            outcome = sub.Outcome.FromString(value)
            name = outcome.office, outcome.submission_id
            itself = outcome.submission_id.startswith("linked-")  # asked by the region of itself
            if name not in history.attempted and not itself:
                yield f"1: {region} decided {name}, which nobody submitted"
            if threads.region_of(outcome.office) != region:
                yield f"1: {region} decided {name} of another region"
            decisions[name].add((outcome.decision, tuple(outcome.event_ids), outcome.code))
    for name in sorted(history.acknowledged - decisions.keys()):
        yield f"1 (nothing lost): {name} was acknowledged and is not decided"
    for name, found in decisions.items():
        if len(found) > 1:
            yield f"1 (decided once): {name} was decided in {len(found)} ways: {sorted(found)}"
        for decision, event_ids, code in found:
            recorded = decision == sub.DECISION_RECORDED
            if recorded != bool(event_ids) or recorded == bool(code):
                yield f"1: {name} is {decision} with {len(event_ids)} events and code {code!r}"


def once_everywhere(history: History) -> Iterator[str]:
    """Invariants 1 and 2: each event once in its sender's log, once in each receiver's, the same.

    What an outcome names stands in the log, and what an office did stands there only because an
    outcome names it.
    """
    counts = {
        region: Counter(one.envelope.event_id for one in log)
        for region, log in history.logs.items()
    }
    for region, count in counts.items():
        for event_id, times in count.items():
            if times > 1:
                yield f"2 (one effect): event {event_id} stands {times} times in {region}'s log"
    named: Counter[str] = Counter()
    for region, values in history.outcomes.items():
        # A repeated submission is answered again, in the same words.
        answers = {
            (outcome.office, outcome.submission_id): tuple(outcome.event_ids)
            for outcome in map(sub.Outcome.FromString, values)
        }
        for event_id in chain.from_iterable(answers.values()):
            named[event_id] += 1
            if not counts[region][event_id]:
                yield f"1 (nothing lost): event {event_id} isn't in the log of its {region}"
    for event_id, times in named.items():
        if times > 1:
            yield f"2 (one effect): event {event_id} answers {times} submissions"
    versions: dict[str, bytes] = {}
    for region, log in history.logs.items():
        for one in log:
            event_id = one.envelope.event_id
            if versions.setdefault(event_id, one.value) != one.value:
                yield f"1: event {event_id} has other bytes in {region}'s log"
            if one.envelope.origin == region:
                yield from _sent(one, counts, named)
            elif not counts[one.envelope.origin][event_id]:
                yield f"1: {region} has event {event_id}; {one.envelope.origin}, its origin, hasn't"


def _sent(one: Logged, counts: Counts, named: Counter[str]) -> Iterator[str]:
    """Check an event of a region's own."""
    envelope = one.envelope
    if not envelope.clock and not named[envelope.event_id]:
        yield f"2: event {envelope.event_id} of {envelope.office} answers no submission"
    for receiver in envelope.to:
        if receiver in counts and not counts[receiver][envelope.event_id]:
            yield f"1 (nothing lost): event {envelope.event_id} isn't in {receiver}'s log"


def in_order(history: History) -> Iterator[str]:
    """Invariant 3: dense numbers in every log, and nothing before what its origin had seen."""
    for region, log in history.logs.items():
        last: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        shards: dict[bytes, int] = {}
        for one in log:
            envelope = one.envelope
            if shards.setdefault(one.key, one.shard) != one.shard:
                yield f"3: matter {one.key.decode()} stands in two shards of {region}'s log"
            have = last[envelope.matter_id, envelope.thread]
            if envelope.number != have[envelope.origin] + 1:
                yield (
                    f"3 (order): {region} has number {envelope.number} of {envelope.origin} after "
                    f"{have[envelope.origin]} in {envelope.matter_id}"
                )
            have[envelope.origin] = envelope.number
            for seen in envelope.seen:
                if have[seen.origin] < seen.number:
                    yield (
                        f"3 (cause): {region} has number {envelope.number} of {envelope.origin} "
                        f"before number {seen.number} of {seen.origin} in {envelope.matter_id}"
                    )


def _shared(history: History, region: str) -> Iterator[tuple[tuple[str, str], st.Thread]]:
    for key, value in history.states[region].items():
        kind, _, place = key.partition("/")
        matter_id, _, name = place.partition("/")
        if kind == "t" and name != threads.LOCAL:
            yield (matter_id, name), st.Thread.FromString(value)


def converged(history: History) -> Iterator[str]:
    """Invariant 4: all members of a thread hold the same picture of it."""
    views: dict[tuple[str, str], dict[str, st.Thread]] = defaultdict(dict)
    for region in history.regions:
        for where, thread in _shared(history, region):
            views[where][region] = thread
    for (matter_id, name), seen in views.items():
        # Who has left keeps what it saw then; who is there now, says whoever has seen most.
        longest = max(seen.values(), key=lambda thread: sum(o.last for o in thread.origins))
        there = threads.members(longest) & set(history.regions)
        for region in sorted(there - seen.keys()):
            yield f"4 (convergence): {region} knows nothing of {matter_id}/{name}"
        pictures = {region: threads.picture(seen[region]) for region in sorted(there & seen.keys())}
        if len(set(pictures.values())) > 1:
            yield f"4 (convergence): {matter_id}/{name} differs: {_differing(pictures)}"


def _differing(pictures: dict[str, tuple[object, ...]]) -> str:
    for parts in zip(*pictures.values(), strict=True):
        if len(set(parts)) > 1:
            said = (f"{who}: {repr(part)[:120]}" for who, part in zip(pictures, parts, strict=True))
            return "; ".join(said)
    return ""


def folded(history: History) -> Iterator[str]:
    """Invariants 1 and 4: a region's state is the fold of its log, and of nothing else."""
    for region, log in history.logs.items():
        folds: dict[tuple[str, str], st.Thread] = {}
        for one in log:
            envelope = one.envelope
            if envelope.thread != threads.LOCAL:
                place = envelope.matter_id, envelope.thread
                thread = folds.setdefault(place, st.Thread(thread=envelope.thread))
                body = body_pb2.Body.FromString(one.event.body)
                rule = _rule(history, thread, envelope)
                # When it came moves nothing that the members must agree on.
                application.apply(thread, envelope, body, _leaf(one), envelope.recorded_ms, rule)
        states = dict(_shared(history, region))
        for where in sorted(states.keys() | folds.keys()):
            pictures = {
                "state": threads.picture(states.get(where, st.Thread())),
                "log": threads.picture(folds.get(where, st.Thread())),
            }
            if pictures["state"] != pictures["log"]:
                yield f"4: {region}'s state of {where[0]} isn't its log's: {_differing(pictures)}"


def _rule(
    history: History, thread: st.Thread, envelope: ev.Envelope
) -> StepRule | RemarkRule | None:
    """Give the rule that governs an event in the state that it finds."""
    contract = history.contracts.get(envelope.contract)
    lifecycle = contract.lifecycles.get(threads.FAMILIES[envelope.family]) if contract else None
    chain = lifecycle.chain(envelope.thread) if lifecycle is not None else None
    if chain is None:
        return None
    return chain.step(thread.step.state, envelope.type) or chain.remarks.get(envelope.type)


def _leaf(one: Logged) -> bytes:
    return sha256(b"\0" + one.event.envelope).digest()


def nothing_left(history: History) -> Iterator[str]:
    """Invariants 4 and 8: between honest regions nothing is held for good or quarantined."""
    for region, values in history.waiting.items():
        for value in values:
            held = sub.Waiting.FromString(value)
            yield f"4: {region} still holds number {held.number} of {held.origin}: {held.code}"
    for region, values in history.quarantine.items():
        for value in values:
            found = sub.Quarantined.FromString(value)
            yield f"8: {region} quarantined {found.code} of {found.topic}: {found.reason}"


def receipted(history: History) -> Iterator[str]:
    """Invariant 5: what was sent on a link has arrived, and its sender has the receipt."""
    for sender, heads in history.heads.items():
        for (shard, key), value in heads.items():
            kind, _, receiver = key.partition("/")
            if kind != "out" or receiver not in history.heads:
                continue
            out = st.LinkOut.FromString(value)
            kept = history.heads[receiver].get((shard, f"in/{sender}"))
            arrived = st.LinkIn.FromString(kept).size if kept else 0
            if not out.sent.size == out.receipted.size == arrived:
                yield (
                    f"5 (gaps heal): {sender}>{receiver}/{shard} sent {out.sent.size}, arrived "
                    f"{arrived}, receipted {out.receipted.size}"
                )


ALL: tuple[Check, ...] = (
    decided_once,
    once_everywhere,
    in_order,
    converged,
    folded,
    nothing_left,
    receipted,
)


def violations(history: History) -> dict[str, list[str]]:
    """Give what each check finds, of those that find something."""
    found = {check.__name__: list(check(history)) for check in ALL}
    return {name: lines for name, lines in found.items() if lines}
