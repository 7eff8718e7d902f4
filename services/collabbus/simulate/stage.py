"""A stage in one process: the simulator's nodes, on links of chosen slowness.

Nothing fails on it unless that is asked for: links that lose and repeat (`weather`), links that are
cut, regions that are down.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.contracts import Contracts
from collabbus.model.deadline import DAY_MS
from collabbus.model.journal import thread_key
from collabbus.model.report import KINDS, Reports
from collabbus.model.thread import region_of
from collabbus.simulate.cast import company
from collabbus.simulate.node import Node
from collabbus.simulate.play import Refused
from collabbus.simulate.weather import Weather

START_MS = 1_790_000_000_000
STEP_MS = 20
LIMIT_MS = 600_000
"""How long something may take to arrive, in the stage's own time."""
PATIENT_MS = 100 * LIMIT_MS
"""The same once something was lost or held up: what is sent again waits ever longer in between."""
PATIENCE_MS = 500
"""How far time goes at once while nothing is left to do but to send again what was lost."""
TICKS_A_DAY = 2
TICK = sub.Submission(tick=sub.Tick()).SerializeToString()


class SimulatedStage:
    """Plays scenarios on the core alone; time passes only while somebody waits."""

    def __init__(
        self,
        contracts: Contracts,
        networks: Iterable[str],
        links_ms: Mapping[str, int],
        *,
        leaps: bool = True,
        seed: int = 1,
    ) -> None:
        """One node a region of the networks; `leaps` False: as if time were real.

        `seed` decides keys, the order of inputs, and which parcels the weather takes.
        """
        self.contracts = contracts
        self.weather = Weather.calm()
        """Of its chances those that parcels are lost or repeated; may be changed at any time."""
        self.down: set[str] = set()
        """Regions whose processors don't run; their brokers do, and keep what comes in."""
        self.cut: set[tuple[str, str]] = set()
        """Links, sender and receiver, on which nothing arrives until they are taken out again."""
        self.lost = 0
        """How many parcels the weather has taken."""
        self.leaps = leaps
        pinned = [contracts.pin(name) for name in networks]
        regions = tuple(dict.fromkeys(r for one in pinned for r in one.network.regions))
        offices = [office.id for one in pinned for office in one.network.offices()]
        self._cast = company(regions, offices, seed)
        self.nodes = {
            region: Node(
                region,
                tuple(
                    dict.fromkeys(
                        peer
                        for one in pinned
                        if region in one.network.regions
                        for peer in one.network.peers(region)
                    )
                ),
                identity,
                self._cast.keys,
                {one.network.id: one for one in pinned if region in one.network.regions},
                0,
                1,
            )
            for region, identity in self._cast.identities.items()
        }
        self.links_ms = dict(links_ms)
        """How slow links are, by `beijing>hebei`; others take 5 ms."""
        self._ways: dict[tuple[str, str], list[tuple[int, bytes]]] = {}
        self._now_ms = START_MS
        self._idled = False
        """Whether a region was ever down, or a link cut."""
        self._random = random.Random(seed)
        self._events: dict[str, dict[str, ev.Envelope]] = {region: {} for region in regions}
        self._read = dict.fromkeys(regions, 0)
        self._threads: dict[str, dict[str, tuple[bytes, st.Thread]]] = {r: {} for r in regions}
        self.most_held: dict[str, int] = dict.fromkeys(regions, 0)
        """How many events each region held back at once, at most."""

    def now_ms(self) -> int:
        """Give the stage's time."""
        return self._now_ms

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions, in the order of their networks."""
        return tuple(self.nodes)

    def submit(self, draft: sub.Draft) -> tuple[str, ...]:
        """Have the office's region decide; raises Refused."""
        outcome = self.outcome(region_of(draft.office), self.hand_in(draft))
        if outcome is None:
            raise RuntimeError(f"{region_of(draft.office)} is down: it decides nothing")
        if outcome.decision != sub.DECISION_RECORDED:
            raise Refused(outcome.code, outcome.field, outcome.reason)
        return tuple(outcome.event_ids)

    def hand_in(self, draft: sub.Draft) -> bytes:
        """Sign a submission and give it to its region's broker, which has it durably then.

        Unless its region is down, it is decided when this returns. Gives the record's SHA-256, for
        `outcome`.
        """
        node = self.nodes[region_of(draft.office)]
        [record] = self._cast.sign([draft], self._cast.offices[draft.office])
        node.disk.inputs[""].append((self._now_ms, draft.matter_id.encode(), record))
        self._pass()
        return sha256(record).digest()

    def outcome(self, region: str, digest: bytes) -> sub.Outcome | None:
        """Give what a region last decided about a submission; None: nothing yet."""
        for value in reversed(self.nodes[region].disk.outcomes):
            outcome = sub.Outcome.FromString(value)
            if outcome.submission_sha256 == digest:
                return outcome
        return None

    def events(self, region: str) -> Mapping[str, ev.Envelope]:
        """Give what a region's log holds, by event id."""
        log, held = self.nodes[region].disk.events, self._events[region]
        for record in log[self._read[region] :]:
            envelope = ev.Envelope.FromString(ev.Event.FromString(record.value).envelope)
            held[envelope.event_id] = envelope
        self._read[region] = len(log)
        return held

    def threads(self, region: str) -> Mapping[str, st.Thread]:
        """Give what threads a region holds, by the keys of its state."""
        cached = self._threads[region]
        for key, value in self.nodes[region].disk.state.items():
            if key.startswith("t/") and (key not in cached or cached[key][0] != value):
                cached[key] = value, st.Thread.FromString(value)
        return {key: thread for key, (_, thread) in cached.items()}

    def thread(self, region: str, matter_id: str, name: str) -> st.Thread | None:
        """Give a thread as a region holds it; None if it holds nothing of it."""
        kept = self.nodes[region].disk.state.get(thread_key(matter_id, name))
        return None if kept is None else st.Thread.FromString(kept)

    def matter(self, region: str, matter_id: str) -> st.Matter:
        """Give what the threads of a matter share, as a region holds it; empty if it doesn't."""
        return st.Matter.FromString(self.nodes[region].disk.state.get("m/" + matter_id, b""))

    def reports(self, region: str, matter_id: str) -> Reports:
        """Give what a region's log tells of reports of a matter."""
        found = Reports()
        for record in self.nodes[region].disk.events:
            if record.envelope.matter_id == matter_id and record.envelope.type in KINDS:
                found.take(record.envelope, body_pb2.Body.FromString(record.event.body))
        return found

    def until(self, reached: Callable[[], bool]) -> bool:
        """Let time pass until something holds."""
        end = self._now_ms + (PATIENT_MS if self.lost or self._idled else LIMIT_MS)
        while not reached():
            if self._now_ms > end or (self._is_quiet() and not reached()):
                return False
            self._pass()
        return True

    def rest(self) -> None:
        """Let everything arrive that is under way."""
        self.until(lambda: False)

    def leap(self, days: int) -> None:
        """Let days pass, with some ticks in each."""
        for _ in range(days * TICKS_A_DAY):
            self._now_ms += DAY_MS // TICKS_A_DAY
            for node in self.nodes.values():
                node.disk.inputs[""].append((self._now_ms, b"", TICK))
            self.rest()

    def wait(self, milliseconds: int) -> None:
        """Let so much time pass, without ticks, and all arrive that is then under way."""
        self._now_ms += milliseconds
        self.rest()

    def _is_quiet(self) -> bool:
        """Tell whether nothing happens any more: no input, nothing under way or to be shipped."""
        return not any(self._arrivals()) and self._is_idle() and not self._is_short()

    def _is_idle(self) -> bool:
        """Tell whether the nodes have nothing to do until something arrives."""
        return not any(
            node.waiting_inputs
            or any(
                way.out.offset != node.disk.next_offset or way.out.pending
                for way in node.shipping.ways.values()
            )
            for name, node in self.nodes.items()
            if name not in self.down
        )

    def _is_short(self) -> bool:
        """Tell whether a region lacks, for what was lost, what another will send again."""
        if not (self.lost or self._idled):
            return False
        return any(
            way.receipt_size < way.out.size and self._connected(name, peer)
            for name, node in self.nodes.items()
            for peer, way in node.shipping.ways.items()
        )

    def _connected(self, one: str, other: str) -> bool:
        """Tell whether two regions run and hear each other."""
        return not (
            self.down & {one, other} or (one, other) in self.cut or (other, one) in self.cut
        )

    def _arrivals(self) -> list[int]:
        """Give when the next parcel of each link arrives, of those that aren't cut."""
        ways = self._ways.items()
        return [records[0][0] for link, records in ways if records and link not in self.cut]

    def _pass(self) -> None:
        """Let one moment pass everywhere; all wait for the next arrival where nobody can act."""
        self._idled |= bool(self.down or self.cut)
        arrivals, idle = self._arrivals(), self._is_idle()
        self._now_ms += STEP_MS
        if idle and arrivals:
            self._now_ms = max(self._now_ms, min(arrivals))
        elif idle and self._is_short():
            self._now_ms += PATIENCE_MS
        for link, records in self._ways.items():
            while records and records[0][0] <= self._now_ms and link not in self.cut:
                _, parcel = records.pop(0)
                self.nodes[link[1]].disk.inputs[link[0]].append((self._now_ms, b"", parcel))
        for name, node in self.nodes.items():
            if name in self.down:
                continue
            while node.record(self._random, 50):
                pass
            self.most_held[name] = max(self.most_held[name], len(node.disk.waiting))
            for peer, parcel in node.dispatch(self._now_ms):
                self._send(name, peer, parcel)

    def _send(self, sender: str, receiver: str, parcel: bytes) -> None:
        if self.weather.drop and self._random.random() < self.weather.drop:
            self.lost += 1
            return
        arrival = self._now_ms + self.links_ms.get(f"{sender}>{receiver}", 5)
        way = self._ways.setdefault((sender, receiver), [])
        way.append((arrival, parcel))
        if self.weather.repeat and self._random.random() < self.weather.repeat:
            way.append((arrival, parcel))
