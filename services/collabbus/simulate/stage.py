"""A stage in one process: the simulator's nodes, on links of chosen slowness, without faults."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.contracts import Contracts
from collabbus.model.deadline import DAY_MS
from collabbus.model.report import KINDS, Reports
from collabbus.model.thread import region_of
from collabbus.simulate.cast import company
from collabbus.simulate.node import Node
from collabbus.simulate.play import Refused

START_MS = 1_790_000_000_000
STEP_MS = 20
LIMIT_MS = 600_000
"""How long something may take to arrive, in the stage's own time."""
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
    ) -> None:
        """One node a region of the networks; `leaps` False: as if time were real."""
        self.contracts = contracts
        self.leaps = leaps
        pinned = [contracts.pin(name) for name in networks]
        regions = tuple(dict.fromkeys(r for one in pinned for r in one.network.regions))
        offices = [office.id for one in pinned for office in one.network.offices()]
        self._cast = company(regions, offices, 1)
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
        self._links_ms = links_ms
        self._ways: dict[tuple[str, str], list[tuple[int, bytes]]] = {}
        self._now_ms = START_MS
        self._random = random.Random(1)
        self._events: dict[str, dict[str, ev.Envelope]] = {region: {} for region in regions}
        self._read = dict.fromkeys(regions, 0)
        self._threads: dict[str, dict[str, tuple[bytes, st.Thread]]] = {r: {} for r in regions}
        self.most_held: dict[str, int] = dict.fromkeys(regions, 0)
        """How many events each region held back at once, at most."""

    def now_ms(self) -> int:
        """Give the stage's time."""
        return self._now_ms

    def submit(self, draft: sub.Draft) -> tuple[str, ...]:
        """Have the office's region decide; raises Refused."""
        node = self.nodes[region_of(draft.office)]
        [record] = self._cast.sign([draft], self._cast.offices[draft.office])
        node.disk.inputs[""].append((self._now_ms, draft.matter_id.encode(), record))
        answered = len(node.disk.outcomes)
        self._pass()
        outcome = sub.Outcome.FromString(node.disk.outcomes[answered])
        if outcome.decision != sub.DECISION_RECORDED:
            raise Refused(outcome.code, outcome.field, outcome.reason)
        return tuple(outcome.event_ids)

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

    def reports(self, region: str, matter_id: str) -> Reports:
        """Give what a region's log tells of reports of a matter."""
        found = Reports()
        for record in self.nodes[region].disk.events:
            if record.envelope.matter_id == matter_id and record.envelope.type in KINDS:
                found.take(record.envelope, body_pb2.Body.FromString(record.event.body))
        return found

    def until(self, reached: Callable[[], bool]) -> bool:
        """Let time pass until something holds."""
        end = self._now_ms + LIMIT_MS
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

    def _is_quiet(self) -> bool:
        """Tell whether nothing happens any more: no input, nothing under way or to be shipped."""
        return not any(self._ways.values()) and self._is_idle()

    def _is_idle(self) -> bool:
        """Tell whether the nodes have nothing to do until something arrives."""
        return not any(
            node.waiting_inputs
            or any(
                way.out.offset != node.disk.next_offset or way.out.pending
                for way in node.shipping.ways.values()
            )
            for node in self.nodes.values()
        )

    def _pass(self) -> None:
        """Let one moment pass everywhere; all wait for the next arrival where nobody can act."""
        arrivals = [records[0][0] for records in self._ways.values() if records]
        self._now_ms += STEP_MS
        if arrivals and self._is_idle():
            self._now_ms = max(self._now_ms, min(arrivals))
        for (sender, receiver), records in self._ways.items():
            while records and records[0][0] <= self._now_ms:
                _, parcel = records.pop(0)
                self.nodes[receiver].disk.inputs[sender].append((self._now_ms, b"", parcel))
        for name, node in self.nodes.items():
            while node.record(self._random, 50):
                pass
            self.most_held[name] = max(self.most_held[name], len(node.disk.waiting))
            for peer, parcel in node.dispatch(self._now_ms):
                delay = self._links_ms.get(f"{name}>{peer}", 5)
                self._ways.setdefault((name, peer), []).append((self._now_ms + delay, parcel))
