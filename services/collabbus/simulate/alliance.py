"""An alliance under a seed: offices act, links lose and repeat and delay, processors crash."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from collab.state.v1 import state_pb2 as st
from collab.v1 import submission_pb2 as sub
from collabbus.model.body import type_of
from collabbus.model.contract import Contract
from collabbus.model.deadline import DAY_MS
from collabbus.model.thread import MAIN, region_of
from collabbus.simulate.cast import Cast, cast
from collabbus.simulate.node import Crashed, Node
from collabbus.simulate.traffic import Traffic

START_MS = 1_790_000_000_000
TICK = sub.Submission(tick=sub.Tick()).SerializeToString()
SHARD, SHARDS = 1, 4
OFFICES = (
    "beijing/haidian",
    "beijing/chaoyang",
    "tianjin/binhai",
    "tianjin/heping",
    "hebei/langfang",
    "hebei/sanhe",
)


@dataclass(frozen=True, slots=True)
class Faults:
    """How rough it is: chances per parcel and per run."""

    drop: float = 0.08
    repeat: float = 0.08
    crash: float = 0.1

    @classmethod
    def none(cls) -> Faults:
        """Give links that lose nothing and processors that stay up."""
        return cls(0, 0, 0)


@dataclass(slots=True)
class Way:
    """A link's records on their way: (arrival, bytes), in order of arrival."""

    delay_ms: int
    records: list[tuple[int, bytes]] = field(default_factory=list)


class Alliance:
    """One shard of every region of a network, its links, and its offices."""

    def __init__(self, contract: Contract, seed: int, faults: Faults) -> None:
        self.rnd = random.Random(seed)
        self.seed = seed
        self.faults = faults
        self.now_ms = START_MS
        self.story: list[str] = []
        self.cast: Cast = cast(contract, OFFICES, seed)
        contracts: Mapping[str, Contract] = {contract.network.id: contract}
        self.nodes = {
            region: Node(
                region,
                tuple(r for r in self.cast.regions if r != region),
                identity,
                self.cast.keys,
                contracts,
                SHARD,
                SHARDS,
            )
            for region, identity in self.cast.identities.items()
        }
        self.ways = {
            (a, b): Way(self.rnd.choice((5, 5, 40, 300, 2000)))
            for a in self.nodes
            for b in self.nodes
            if a != b
        }
        self.traffic = Traffic(
            self.rnd,
            contract.lifecycles["assistance"],
            contract.network.id,
            OFFICES,
            SHARD,
            SHARDS,
        )
        self.accepted: list[tuple[str, sub.Draft]] = []
        """Every submission that was acknowledged, with its region."""
        self.happened: Counter[str] = Counter()
        """How often each fault struck."""
        # Each seed is of its own kind: few matters or many, hours between acts or weeks.
        self._most_matters = self.rnd.choice((1, 2, 4, 8))
        self._matters = 0
        self._leap_ms = self.rnd.choice((40_000_000, 40_000_000, 200_000_000, 800_000_000))
        self._leaps = self.rnd.choice((0.005, 0.03))

    def tell(self, text: str) -> None:
        """Add a line to the story."""
        self.story.append(f"{self.now_ms - START_MS:>12} ms  {text}")

    # What can happen next -------------------------------------------------------------------

    def step(self) -> None:
        """Let one thing happen."""
        rnd = self.rnd
        leaps = rnd.random() < self._leaps
        self.now_ms += self._leap_ms if leaps else rnd.choice((1, 3, 10, 50))
        node = rnd.choice(list(self.nodes.values()))
        dice = rnd.random()
        if dice < 0.25:
            self._submit(node)
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
            self.tell(f"{node.name}: a submission comes again")
            self.happened["submission again"] += 1
            records.append((self.now_ms, key, value))
            return
        drafts = self._drafts(node)
        if not drafts:
            return
        signer = self.cast.offices[drafts[0].office]
        for draft, value in zip(drafts, self.cast.sign(drafts, signer), strict=True):
            records.append((self.now_ms, draft.matter_id.encode(), value))
            self.accepted.append((node.name, draft))
            kind = type_of(draft.body)
            self.tell(
                f"{draft.office} submits {kind} {draft.submission_id} in {draft.matter_id[:6]}"
            )

    def _drafts(self, node: Node) -> Sequence[sub.Draft]:
        rnd = self.rnd
        mine = [office for office in OFFICES if region_of(office) == node.name]
        kept = [key for key in node.disk.state if key.startswith("t/") and key.endswith(f"/{MAIN}")]
        if self._matters < self._most_matters or rnd.random() < 0.01:
            office = rnd.choice(mine)
            count = rnd.choice((1, 1, 2))
            self._matters += count
            return [self.traffic.open(office, self.now_ms) for _ in range(count)]
        if not kept:
            return []
        key = rnd.choice(kept)
        thread = st.Thread.FromString(node.disk.state[key])
        if not thread.step.awaits:  # over: seldom is something said there
            key = rnd.choice(kept)
            thread = st.Thread.FromString(node.disk.state[key])
        draft = self.traffic.act(node.name, key.split("/")[1], thread, self.now_ms)
        return [] if draft is None else [draft]

    def _tick(self, node: Node) -> None:
        node.disk.inputs[""].append((self.now_ms, b"", TICK))

    def _record(self, node: Node) -> None:
        rnd = self.rnd
        crash = ""
        if rnd.random() < self.faults.crash:
            crash = rnd.choice(("before", "in", "after", "abort"))
        before = len(node.disk.events)
        try:
            node.record(rnd, rnd.choice((1, 3, 20)), crash)
        except Crashed:
            self.tell(f"{node.name}: record crashes {crash} its transaction")
        if crash:
            self.happened[f"record {crash}"] += 1
        if len(node.disk.events) > before:
            self.tell(f"{node.name}: records {len(node.disk.events) - before} events")

    def _dispatch(self, node: Node) -> None:
        rnd = self.rnd
        crash = "sent" if rnd.random() < self.faults.crash else ""
        if crash:
            self.tell(f"{node.name}: dispatch crashes before its checkpoint")
            self.happened["dispatch sent"] += 1
        for peer, parcel in node.dispatch(self.now_ms, crash):
            self._send(node.name, peer, parcel)

    def _send(self, sender: str, receiver: str, parcel: bytes) -> None:
        rnd = self.rnd
        way = self.ways[sender, receiver]
        if rnd.random() < self.faults.drop:
            self.tell(f"{sender}>{receiver}: a parcel is lost")
            self.happened["parcel lost"] += 1
            return
        arrival = self.now_ms + rnd.randint(1, way.delay_ms)
        if way.records and rnd.random() > self.faults.drop / 2:
            arrival = max(arrival, way.records[-1][0])  # in order, but now and then not
        if way.records and arrival < way.records[-1][0]:
            self.happened["parcel overtakes"] += 1
        way.records.append((arrival, parcel))
        if rnd.random() < self.faults.repeat:
            self.happened["parcel repeated"] += 1
            way.records.append((arrival + rnd.randint(1, way.delay_ms), parcel))
        way.records.sort(key=lambda record: record[0])

    def _deliver(self) -> None:
        for (sender, receiver), way in self.ways.items():
            while way.records and way.records[0][0] <= self.now_ms:
                _, parcel = way.records.pop(0)
                self.nodes[receiver].disk.inputs[sender].append((self.now_ms, b"", parcel))

    # The end --------------------------------------------------------------------------------

    def drain(self) -> bool:
        """Stop the faults, let everything arrive, then let everything fall due.

        Tells whether it came to rest both times.
        """
        self.faults = Faults.none()
        self.tell("the faults stop")
        if not self._rest():
            return False
        self.now_ms += 400 * DAY_MS
        self.tell("400 days pass")
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
                for peer, parcel in node.dispatch(self.now_ms):
                    self._send(node.name, peer, parcel)
            self.now_ms += 4_000
            self._deliver()
            quiet = quiet + 1 if self._receipted() else 0
            if quiet == 3:
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
