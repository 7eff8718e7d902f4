"""An alliance under a seed: offices act, links lose and repeat and delay, processors crash."""

from __future__ import annotations

import random
from collections import ChainMap, Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from collab.v1 import submission_pb2 as sub
from collabbus.model.body import type_of
from collabbus.model.contract import Contract
from collabbus.model.deadline import DAY_MS
from collabbus.model.own_acts import REGION_ACTS
from collabbus.model.shard import shard_of
from collabbus.model.thread import region_of
from collabbus.simulate.audit import Auditor
from collabbus.simulate.cast import Cast, company
from collabbus.simulate.lies import LYING, Liar, Lies
from collabbus.simulate.mischief import STRAY, Mischief, Wrong
from collabbus.simulate.node import Crashed, Fenced, Node
from collabbus.simulate.operators import RELEASES, VOIDS, Operators, frozen
from collabbus.simulate.traffic import Seen, Traffic
from collabbus.simulate.weather import Weather

START_MS = 1_790_000_000_000
TICK = sub.Submission(tick=sub.Tick()).SerializeToString()
SHARDS = 4
"""Of the topics. A seed plays one of them, or some."""
AGE_DAYS = 900
"""After so long everything is due, and what has ended is archived."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission that was acknowledged."""

    region: str
    """To which region."""
    shard: int
    """Into which shard of it."""
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
    """One shard or some of the regions of a network, their links, and their offices."""

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
        self.regions = regions
        self.shards = _shards(seed)
        self.nodes = {
            (region, shard): Node(
                region,
                tuple(r for r in regions if r != region),
                self.cast.identities[region],
                self.cast.keys,
                contracts,
                shard,
                SHARDS,
            )
            for shard in self.shards
            for region in regions
        }
        for (region, _), node in self.nodes.items():
            node.siblings = {shard: self.nodes[region, shard] for shard in self.shards}
        self.ways = {
            (a, b, shard): Way(rnd.choice((5, 5, 40, 300, 2000)))
            for shard in self.shards
            for a in regions
            for b in regions
            if a != b
        }
        self.lies = Lies()
        hosts: dict[str, dict[str, str]] = {region: {} for region in regions}
        self.auditors = {
            (region, shard): Auditor(node, hosts[region], self.lies)
            for (region, shard), node in self.nodes.items()
        }
        self.broken: list[str] = []
        """What the auditors have found so far."""
        self.traffic = Traffic(rnd, contract, self.troupe, self.shards, SHARDS)
        self.mischief = Mischief(rnd, contract)
        self.sent: list[Sent] = []
        self.garbage: set[bytes] = set()
        """Records that nobody can read or verify, which somebody wrote all the same."""
        self.happened: Counter[str] = Counter()
        """How often each fault struck."""
        self._down: dict[tuple[str, int], int] = {}
        """Processors that don't run, and for how many steps yet."""
        # Each seed is of its own kind: few matters or many, hours between acts or weeks.
        self._liar: Liar | None = None
        self._fate = random.Random(f"lies {seed}")
        self._operators = Operators(self._fate)
        # Operators telephone before they act: a void and a release that cross part the regions.
        self._mends = self._fate.choice((VOIDS, RELEASES))
        if len(regions) > 1 and self._fate.random() < LYING:
            region = self._fate.choice(regions)
            self._liar = Liar(self._fate, contract, region, self.troupe, self.cast.keys, self.lies)
            self._lying = self._fate.choice((0.02, 0.06))
        self._most_matters = rnd.choice((1, 2, 4, 8))
        self._matters = 0
        self._leap_ms = rnd.choice((40_000_000, 40_000_000, 200_000_000, 800_000_000))
        self._leaps = rnd.choice((0.005, 0.03))

    def home(self, region: str, matter_id: str) -> Node:
        """Give the node of a region in whose shard a matter lives."""
        return self.nodes[region, shard_of(matter_id, SHARDS)]

    def state(self, region: str) -> Mapping[str, bytes]:
        """Give what a region holds, in whichever shard."""
        return ChainMap(*(self.nodes[region, shard].disk.state for shard in self.shards))

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
        for down in list(self._down):
            self._down[down] -= 1
            if self._down[down] == 0:
                del self._down[down]
                self.tell(f"{self.nodes[down].title}: its processor is up again")
        if self._liar is not None and self._fate.random() < 0.1:
            self._lie_or_mend(self._liar)
            return
        node = rnd.choice(list(self.nodes.values()))
        dice = rnd.random()
        if rnd.random() < self.weather.mishap:
            self._mishap(node)
        elif dice < 0.25:
            self._submit(node)
        elif (node.name, node.shard) in self._down:
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
            self.happens("submission again", f"{node.title}: a submission comes again")
            records.append((self.now_ms, key, value))
            return
        drafts = self._drafts(node)
        if not drafts:
            return
        if rnd.random() < self.weather.mischief:
            wrong = self.mischief.spoil(drafts[0])
            used = {sent.draft.submission_id for sent in self.sent}
            if wrong is not None and drafts[0].submission_id not in used:
                self._misbehave(node.name, wrong, shard_of(drafts[0].matter_id, SHARDS))
            elif len(self.shards) > 1 and drafts[0].submission_id not in used:
                elsewhere = [s for s in self.shards if s != shard_of(drafts[0].matter_id, SHARDS)]
                stray = Wrong(STRAY, drafts[0], drafts[0].office, drafts[0].matter_id)
                self._misbehave(node.name, stray, rnd.choice(elsewhere))
            return
        signer = self.cast.offices[drafts[0].office]
        for draft, value in zip(drafts, self.cast.sign(drafts, signer), strict=True):
            home = self.home(node.name, draft.matter_id)
            home.hand_in(self.now_ms, draft.matter_id.encode(), value)
            self.sent.append(Sent(home.name, home.shard, draft, value))
            self.tell(
                f"{draft.office} submits {type_of(draft.body)} {draft.submission_id} "
                f"in {draft.matter_id[:6]}/{draft.thread}"
            )

    def _misbehave(self, region: str, wrong: Wrong, shard: int) -> None:
        draft = wrong.draft
        [value] = self.cast.sign([draft], self.cast.offices[wrong.signer])
        self.nodes[region, shard].hand_in(self.now_ms, wrong.key.encode(), value)
        self.sent.append(Sent(region, shard, draft, value, wrong.why))
        self.happens(
            f"wrong: {wrong.why}",
            f"{draft.office} submits {type_of(draft.body)} {draft.submission_id} "
            f"in {draft.matter_id[:6]}/{draft.thread}, which is wrong: {wrong.why}",
        )

    def _drafts(self, node: Node) -> Sequence[sub.Draft]:
        rnd = self.rnd
        seen = Seen(node.name, self.state(node.name), node.disk.events, self.now_ms)
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
        return [] if draft is None or not self._becoming(draft) else [draft]

    def _said(self, node: Node) -> list[Sent]:
        """Give what offices of a region have said that was in order."""
        return [
            sent
            for sent in self.sent
            if sent.region == node.name
            and not sent.wrong
            and type_of(sent.draft.body) not in REGION_ACTS
        ]

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
            self.tell(f"{node.title}: record crashes {crash} its transaction")
            self.happened[f"record {crash}"] += 1
        if crash == "abort":
            self.happens("record abort", f"{node.title}: a transaction is aborted")
        if len(node.disk.events) > before:
            self.tell(f"{node.title}: records {len(node.disk.events) - before} events")
            self._audit(node)

    def _audit(self, node: Node) -> None:
        for found in self.auditors[node.name, node.shard].look():
            self.tell(f"{node.title}: BREAKS {found}")
            self.broken.append(found)

    def _dispatch(self, node: Node) -> None:
        rnd = self.rnd
        crash = "sent" if rnd.random() < self.weather.crash else ""
        if crash:
            self.happens("dispatch sent", f"{node.title}: dispatch crashes before its checkpoint")
        for peer, parcel in node.dispatch(self.now_ms, crash):
            self._send(node, peer, parcel)

    def _send(self, node: Node, receiver: str, parcel: bytes) -> None:
        rnd = self.rnd
        sender = node.name
        way = self.ways[sender, receiver, node.shard]
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
        for (sender, receiver, shard), way in self.ways.items():
            while not way.cut and way.records and way.records[0][0] <= self.now_ms:
                _, parcel = way.records.pop(0)
                self.nodes[receiver, shard].disk.inputs[sender].append((self.now_ms, b"", parcel))

    # Lies -----------------------------------------------------------------------------------

    def _lie_or_mend(self, liar: Liar) -> None:
        """Have the region that lies do so, or some operator look after what is frozen."""
        fate = self._fate
        if fate.random() > 10 * self._lying:
            self._mend(fate.choice(list(self.nodes.values())), self._mends)
            return
        shard = fate.choice(self.shards)
        node = self.nodes[liar.region, shard]
        others = {r: self.nodes[r, shard] for r in self.regions if r != liar.region}
        if (node.name, shard) in self._down:
            return
        if node.waiting_inputs:
            return  # what is decided next would rest on the lie
        kind = liar.lie(node, others, self.now_ms, self._apart, self._leaving)
        if kind:
            self.happens(f"lie: {kind}", f"{node.title}: LIES: {kind}")
            self._audit(node)

    def _apart(self, matter_id: str) -> bool:
        """Tell whether nobody has named the region that lies in a matter."""
        return not any(
            self._names_liar(sent.draft)
            for sent in self.sent
            if sent.draft.matter_id == matter_id and not sent.wrong
        )

    def _leaving(self, matter_id: str) -> bool:
        return any(
            sent.draft.body.HasField("leave_asked")
            for sent in self.sent
            if sent.draft.matter_id == matter_id
        )

    def _names_liar(self, draft: sub.Draft) -> bool:
        return self._liar is not None and self._liar.region.encode() in draft.SerializeToString()

    def _becoming(self, draft: sub.Draft) -> bool:
        """Tell whether an act fits what was lied about, so that operators can still mend it.

        Of a region that lies or has asked to leave rule 6 and rule 10 don't say how its later words
        count; and a stranger that has used up a number can't become a member.
        """
        if draft.matter_id in self.lies.outside:
            return not self._names_liar(draft)
        if draft.matter_id not in self.lies.touched or self._liar is None:
            return True
        liars = region_of(draft.office) == self._liar.region
        return not liars and not draft.body.HasField("leave_asked")

    def _mend(self, node: Node, kinds: Collection[str]) -> bool:
        """Have a region's operator do something about all that is frozen there; tell whether."""
        drafts = self._operators.acts(node, self.now_ms, kinds)
        for draft in drafts:
            [value] = self.cast.sign([draft], self.cast.identities[node.name].sign)
            node.hand_in(self.now_ms, draft.matter_id.encode(), value)
            self.sent.append(Sent(node.name, node.shard, draft, value))
            said = draft.body.voided if draft.body.HasField("voided") else draft.body.released
            self.happens(
                f"operator: {type_of(draft.body)}",
                f"{node.title}: an operator submits {type_of(draft.body)} of {said.number} of "
                f"{said.origin} in {draft.matter_id[:6]}/{draft.thread}",
            )
        return bool(drafts)

    def settle(self) -> bool:
        """Have operators see to all that is frozen; tell whether it came to rest.

        All void or all release, as long as that changes something, and where it doesn't any more,
        they do the other. What one mends lets the next one be seen that was waiting behind it.
        """
        kinds, stuck = self._mends, 0
        while stuck < 2 and (before := self._freezes()):
            for node in self.nodes.values():
                self._mend(node, kinds)
            if not self._rest():
                return False
            stuck = stuck + 1 if self._freezes() == before else 0
            kinds = self._mends if not stuck else RELEASES if kinds is VOIDS else VOIDS
        return True

    def _freezes(self) -> set[tuple[str, str, str, bytes]]:
        """Give what is frozen, and where."""
        return {
            (node.title, matter.matter_id, thread.thread, freeze.SerializeToString())
            for node in self.nodes.values()
            for matter, thread in frozen(node)
            for freeze in thread.freezes
        }

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
            self._down[node.name, node.shard] = rnd.choice((5, 20, 60))
            self.happens("outage", f"{node.title}: its processor is down")
        elif dice < 0.8:
            self._forget(node)
        else:
            self._litter(node)

    def _wake(self, node: Node) -> None:
        before = len(node.disk.events)
        try:
            node.wake()
        except Fenced:
            self.happens("zombie fenced", f"{node.title}: a stale owner wakes, and is fenced")
        if len(node.disk.events) > before:
            self._audit(node)

    def _cut(self, node: Node) -> None:
        """Cut some regions off from all others, or make all links whole again."""
        if any(way.cut for way in self.ways.values()):
            self.happens("partition heals", "all links are whole again")
            for way in self.ways.values():
                way.cut = False
            return
        island = {node.name, *(name for name in self.regions if self.rnd.random() < 0.3)}
        for (a, b, _), way in self.ways.items():
            way.cut = (a in island) != (b in island)
        self.happens("partition", f"{', '.join(sorted(island))}: cut off from all others")

    def _forget(self, node: Node) -> None:
        """Lose what is under way to a node, and what it hasn't read yet, for good."""
        lost = 0
        for (sender, receiver, shard), way in self.ways.items():
            if (receiver, shard) == (node.name, node.shard):
                unread = node.disk.inputs[sender]
                start = node.disk.positions[sender]
                lost += len(way.records) + len(unread) - start
                way.records.clear()
                for _, _, parcel in unread[start:]:
                    self.lies.heads.pop(parcel, None)
                del unread[start:]
        if lost:
            self.happens("records lost", f"{node.title}: {lost} link records are gone for good")

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
        self.happens("litter", f"{node.title}: {topic or 'submissions'} holds something unreadable")

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
                    self._send(node, peer, parcel)
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


def _shards(seed: int) -> Sequence[int]:
    """Choose the shards that play: one, or some whose matters lead to each other."""
    rnd = random.Random(f"shards {seed}")
    return sorted(rnd.sample(range(SHARDS), rnd.choice((1, 1, 1, 2, 2, 3))))


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
