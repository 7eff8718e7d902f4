"""An alliance under a seed: offices act, links lose and repeat and delay, processors crash."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from collab.v1 import submission_pb2 as sub
from collabbus.model.body import type_of
from collabbus.model.contract import Contract
from collabbus.model.deadline import DAY_MS
from collabbus.model.thread import region_of
from collabbus.simulate.audit import Auditor
from collabbus.simulate.cast import Cast, company
from collabbus.simulate.mischief import Mischief, Wrong
from collabbus.simulate.node import Crashed, Fenced, Node
from collabbus.simulate.traffic import Seen, Traffic
from collabbus.simulate.weather import Weather

START_MS = 1_790_000_000_000
TICK = sub.Submission(tick=sub.Tick()).SerializeToString()
SHARD, SHARDS = 1, 4
AGE_DAYS = 900
"""After so long everything is due, and what has ended is archived."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission that was acknowledged."""

    region: str
    """To which region."""
    draft: sub.Draft
    record: bytes
    wrong: str = ""
    """Why it must be rejected; empty for one that nobody can tell of beforehand."""


@dataclass(slots=True)
class Way:
    """A link's records on their way: (arrival, bytes), in order of arrival."""

    delay_ms: int
    records: list[tuple[int, bytes]] = field(default_factory=list)
    cut: bool = False
    """Whether nothing gets through."""


class Alliance:
    """One shard of the regions of a network, their links, and their offices."""

    def __init__(self, contract: Contract, seed: int) -> None:
        self.rnd = rnd = random.Random(seed)
        self.seed = seed
        self.contract = contract
        self.weather = Weather.of(rnd)
        self.now_ms = START_MS
        self.story: list[str] = []
        regions = _regions(rnd, contract)
        self.troupe = _troupe(rnd, contract, regions)
        self.cast: Cast = company(regions, [o.id for o in contract.network.offices()], seed)
        contracts: Mapping[str, Contract] = {contract.network.id: contract}
        self.nodes = {
            region: Node(
                region,
                tuple(r for r in regions if r != region),
                self.cast.identities[region],
                self.cast.keys,
                contracts,
                SHARD,
                SHARDS,
            )
            for region in regions
        }
        self.ways = {
            (a, b): Way(rnd.choice((5, 5, 40, 300, 2000)))
            for a in self.nodes
            for b in self.nodes
            if a != b
        }
        self.auditors = {name: Auditor(node) for name, node in self.nodes.items()}
        self.broken: list[str] = []
        """What the auditors have found so far."""
        self.traffic = Traffic(rnd, contract, self.troupe, SHARD, SHARDS)
        self.mischief = Mischief(rnd, contract)
        self.sent: list[Sent] = []
        self.garbage: set[bytes] = set()
        """Records that nobody can read or verify, which somebody wrote all the same."""
        self.happened: Counter[str] = Counter()
        """How often each fault struck."""
        self._down: dict[str, int] = {}
        """Processors that don't run, and for how many steps yet."""
        # Each seed is of its own kind: few matters or many, hours between acts or weeks.
        self._most_matters = rnd.choice((1, 2, 4, 8))
        self._matters = 0
        self._leap_ms = rnd.choice((40_000_000, 40_000_000, 200_000_000, 800_000_000))
        self._leaps = rnd.choice((0.005, 0.03))

    def tell(self, text: str) -> None:
        """Add a line to the story."""
        self.story.append(f"{self.now_ms - START_MS:>12} ms  {text}")

    def happens(self, fault: str, text: str) -> None:
        """Count a fault, and tell it."""
        self.happened[fault] += 1
        self.tell(text)

    # What can happen next -------------------------------------------------------------------

    def step(self) -> None:
        """Let one thing happen."""
        rnd = self.rnd
        leaps = rnd.random() < self._leaps
        self.now_ms += self._leap_ms if leaps else rnd.choice((1, 3, 10, 50))
        for name in list(self._down):
            self._down[name] -= 1
            if self._down[name] == 0:
                del self._down[name]
                self.tell(f"{name}: its processor is up again")
        node = rnd.choice(list(self.nodes.values()))
        dice = rnd.random()
        if rnd.random() < self.weather.mishap:
            self._mishap(node)
        elif dice < 0.25:
            self._submit(node)
        elif node.name in self._down:
            return
        elif dice < 0.3:
            self._tick(node)
        elif dice < 0.6:
            self._record(node)
        elif dice < 0.8:
            self._dispatch(node)
        else:
            self._deliver()

    def _submit(self, node: Node) -> None:
        rnd = self.rnd
        records = node.disk.inputs[""]
        if records and rnd.random() < 0.08:
            _, key, value = rnd.choice(records)
            self.happens("submission again", f"{node.name}: a submission comes again")
            records.append((self.now_ms, key, value))
            return
        drafts = self._drafts(node)
        if not drafts:
            return
        if rnd.random() < self.weather.mischief:
            wrong = self.mischief.spoil(drafts[0])
            used = {sent.draft.submission_id for sent in self.sent}
            if wrong is not None and drafts[0].submission_id not in used:
                self._misbehave(node, wrong)
            return
        signer = self.cast.offices[drafts[0].office]
        for draft, value in zip(drafts, self.cast.sign(drafts, signer), strict=True):
            records.append((self.now_ms, draft.matter_id.encode(), value))
            self.sent.append(Sent(node.name, draft, value))
            self.tell(
                f"{draft.office} submits {type_of(draft.body)} {draft.submission_id} "
                f"in {draft.matter_id[:6]}/{draft.thread}"
            )

    def _misbehave(self, node: Node, wrong: Wrong) -> None:
        draft = wrong.draft
        [value] = self.cast.sign([draft], self.cast.offices[wrong.signer])
        node.disk.inputs[""].append((self.now_ms, wrong.key.encode(), value))
        self.sent.append(Sent(node.name, draft, value, wrong.why))
        self.happens(
            f"wrong: {wrong.why}",
            f"{draft.office} submits {type_of(draft.body)} {draft.submission_id} "
            f"in {draft.matter_id[:6]}/{draft.thread}, which is wrong: {wrong.why}",
        )

    def _drafts(self, node: Node) -> Sequence[sub.Draft]:
        rnd = self.rnd
        seen = Seen(node.name, node.disk.state, node.disk.events, self.now_ms)
        few = self._matters < self._most_matters or (
            self._matters < 4 * self._most_matters and not seen.matters()
        )
        if few or rnd.random() < 0.01:
            office = rnd.choice([o for o in self.troupe if region_of(o) == node.name])
            count = rnd.choice((1, 1, 2))
            self._matters += count
            return [self.traffic.open(office, seen) for _ in range(count)]
        if rnd.random() < 0.03 and (said := self._said(node)):
            return [self._reused(rnd.choice(said).draft)]
        draft = self.traffic.act(seen)
        return [] if draft is None else [draft]

    def _said(self, node: Node) -> list[Sent]:
        return [sent for sent in self.sent if sent.region == node.name and not sent.wrong]

    def _reused(self, draft: sub.Draft) -> sub.Draft:
        """Give another submission under an id that was used."""
        twin = sub.Draft.FromString(draft.SerializeToString())
        twin.officer = "李静"
        self.happened["id used again"] += 1
        return twin

    def _tick(self, node: Node) -> None:
        node.disk.inputs[""].append((self.now_ms, b"", TICK))

    def _record(self, node: Node) -> None:
        rnd = self.rnd
        crash = ""
        if rnd.random() < self.weather.crash:
            crash = rnd.choice(("before", "in", "after", "abort"))
        elif rnd.random() < self.weather.zombie and node.zombie is None:
            crash = "pause"
        before = len(node.disk.events)
        try:
            node.record(rnd, rnd.choice((1, 3, 20)), crash)
        except Crashed:
            self.tell(f"{node.name}: record crashes {crash} its transaction")
            self.happened[f"record {crash}"] += 1
        if crash == "abort":
            self.happens("record abort", f"{node.name}: a transaction is aborted")
        if len(node.disk.events) > before:
            self.tell(f"{node.name}: records {len(node.disk.events) - before} events")
            self._audit(node)

    def _audit(self, node: Node) -> None:
        for found in self.auditors[node.name].look():
            self.tell(f"{node.name}: BREAKS {found}")
            self.broken.append(found)

    def _dispatch(self, node: Node) -> None:
        rnd = self.rnd
        crash = "sent" if rnd.random() < self.weather.crash else ""
        if crash:
            self.happens("dispatch sent", f"{node.name}: dispatch crashes before its checkpoint")
        for peer, parcel in node.dispatch(self.now_ms, crash):
            self._send(node.name, peer, parcel)

    def _send(self, sender: str, receiver: str, parcel: bytes) -> None:
        rnd = self.rnd
        way = self.ways[sender, receiver]
        if rnd.random() < self.weather.drop:
            self.happens("parcel lost", f"{sender}>{receiver}: a parcel is lost")
            return
        arrival = self.now_ms + rnd.randint(1, way.delay_ms)
        if way.records and rnd.random() > self.weather.drop / 2:
            arrival = max(arrival, way.records[-1][0])  # in order, but now and then not
        if way.records and arrival < way.records[-1][0]:
            self.happened["parcel overtakes"] += 1
        way.records.append((arrival, parcel))
        if rnd.random() < self.weather.repeat:
            self.happened["parcel repeated"] += 1
            way.records.append((arrival + rnd.randint(1, way.delay_ms), parcel))
        way.records.sort(key=lambda record: record[0])

    def _deliver(self) -> None:
        for (sender, receiver), way in self.ways.items():
            while not way.cut and way.records and way.records[0][0] <= self.now_ms:
                _, parcel = way.records.pop(0)
                self.nodes[receiver].disk.inputs[sender].append((self.now_ms, b"", parcel))

    # Mishaps --------------------------------------------------------------------------------

    def _mishap(self, node: Node) -> None:
        """Let something larger go wrong around a node, or end."""
        rnd = self.rnd
        dice = rnd.random()
        if node.zombie is not None and dice < 0.5:
            self._wake(node)
        elif dice < 0.4:
            self._cut(node)
        elif dice < 0.6:
            self._down[node.name] = rnd.choice((5, 20, 60))
            self.happens("outage", f"{node.name}: its processor is down")
        elif dice < 0.8:
            self._forget(node)
        else:
            self._litter(node)

    def _wake(self, node: Node) -> None:
        before = len(node.disk.events)
        try:
            node.wake()
        except Fenced:
            self.happens("zombie fenced", f"{node.name}: a stale owner wakes, and is fenced")
        if len(node.disk.events) > before:
            self._audit(node)

    def _cut(self, node: Node) -> None:
        """Cut some regions off from all others, or make all links whole again."""
        if any(way.cut for way in self.ways.values()):
            self.happens("partition heals", "all links are whole again")
            for way in self.ways.values():
                way.cut = False
            return
        island = {node.name, *(name for name in self.nodes if self.rnd.random() < 0.3)}
        for (a, b), way in self.ways.items():
            way.cut = (a in island) != (b in island)
        self.happens("partition", f"{', '.join(sorted(island))}: cut off from all others")

    def _forget(self, node: Node) -> None:
        """Lose what is under way to a node, and what it hasn't read yet, for good."""
        lost = 0
        for (sender, receiver), way in self.ways.items():
            if receiver == node.name:
                unread = node.disk.inputs[sender]
                start = node.disk.positions[sender]
                lost += len(way.records) + len(unread) - start
                way.records.clear()
                del unread[start:]
        if lost:
            self.happens("records lost", f"{node.name}: {lost} link records are gone for good")

    def _litter(self, node: Node) -> None:
        """Write something into a topic that nobody can read, or that was tampered with."""
        rnd = self.rnd
        topic = rnd.choice(["", rnd.choice(list(node.disk.inputs))])
        records = node.disk.inputs[topic]
        key, junk = b"", rnd.randbytes(rnd.choice((1, 40)))
        if records and rnd.random() < 0.7:
            _, key, value = rnd.choice(records)
            found = bytearray(value or junk)
            found[rnd.randrange(len(found))] ^= 1 << rnd.randrange(8)
            junk = bytes(found)
        self.garbage.add(junk)
        records.append((self.now_ms, key, junk))
        self.happens("litter", f"{node.name}: {topic or 'submissions'} holds something unreadable")

    # The end --------------------------------------------------------------------------------

    def drain(self) -> bool:
        """Stop the faults and let everything arrive; tell whether it came to rest."""
        self.weather = Weather.calm()
        self._down.clear()
        for way in self.ways.values():
            way.cut = False
        self.tell("the faults stop")
        for node in self.nodes.values():
            if node.zombie is not None:
                self._wake(node)
        return self._rest()

    def age(self) -> bool:
        """Let everything fall due, and what has ended be archived; tell whether it came to rest."""
        self.now_ms += AGE_DAYS * DAY_MS
        self.tell(f"{AGE_DAYS} days pass")
        return self._rest()

    def _rest(self, rounds: int = 200) -> bool:
        """Let everything arrive; tell whether it came to rest."""
        quiet = 0
        for _ in range(rounds):
            self.now_ms += 6_000
            for node in self.nodes.values():
                self._tick(node)
                while node.waiting_inputs:
                    node.record(self.rnd, 50)
                self._audit(node)
                for peer, parcel in node.dispatch(self.now_ms):
                    self._send(node.name, peer, parcel)
            self.now_ms += 4_000
            self._deliver()
            quiet = quiet + 1 if self._receipted() else 0
            if quiet == 3 or self.broken:
                return True
        return False

    def _receipted(self) -> bool:
        """Tell whether everything that was recorded has arrived; idle heads go on for ever."""
        return all(
            way.out.offset == node.disk.next_offset
            and not way.out.pending
            and way.receipt_size == way.out.size
            for node in self.nodes.values()
            for way in node.shipping.ways.values()
        )


def _regions(rnd: random.Random, contract: Contract) -> list[str]:
    """Choose the regions of a network that play: all of a small one."""
    regions = sorted(contract.network.regions)
    most = min(len(regions), rnd.choice((3, 3, 4, 6)))
    return sorted(rnd.sample(regions, most))


def _troupe(rnd: random.Random, contract: Contract, regions: Sequence[str]) -> list[str]:
    """Choose the offices that open matters and are asked first: some of each region."""
    troupe: list[str] = []
    few = rnd.choice((1, 2, 3)) if len(regions) > 1 else rnd.choice((4, 6))
    for region in regions:
        offices = [office.id for office in contract.network.regions[region].offices]
        troupe += sorted(rnd.sample(offices, min(few, len(offices))))
    return troupe
