"""A stage in one process: the simulator's nodes, on links of chosen slowness, without faults."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model.contract import Contract
from collabbus.model.journal import thread_key
from collabbus.model.thread import region_of
from collabbus.simulate.cast import cast
from collabbus.simulate.node import Node
from collabbus.simulate.scenario import Refused

START_MS = 1_790_000_000_000
STEP_MS = 20
LIMIT_MS = 600_000
"""How long something may take to arrive, in the stage's own time."""


class SimulatedStage:
    """Plays scenarios on the core alone; time passes only while somebody waits."""

    def __init__(self, contract: Contract, links_ms: Mapping[str, int]) -> None:
        self._cast = cast(contract, [office.id for office in contract.network.offices()], 1)
        contracts = {contract.network.id: contract}
        regions = self._cast.regions
        self.nodes = {
            region: Node(
                region, tuple(r for r in regions if r != region), identity, self._cast.keys,
                contracts, 0, 1,
            )
            for region, identity in self._cast.identities.items()
        }  # fmt: skip
        self._links_ms = links_ms
        self._ways: dict[tuple[str, str], list[tuple[int, bytes]]] = {}
        self._now_ms = START_MS
        self._random = random.Random(1)
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
        self._pass()
        outcome = sub.Outcome.FromString(node.disk.outcomes[-1])
        if outcome.decision != sub.DECISION_RECORDED:
            raise Refused(outcome.code, outcome.field, outcome.reason)
        return tuple(outcome.event_ids)

    def await_event(self, region: str, matter_id: str, event_id: str) -> bool:
        """Let time pass until the region's log has the event."""
        return self._until(lambda: event_id in self._events(region))

    def await_thread(
        self, region: str, matter_id: str, name: str, good: Callable[[st.Thread], bool]
    ) -> st.Thread | None:
        """Let time pass until the region's state of the thread is good."""

        def found() -> st.Thread | None:
            kept = self.nodes[region].disk.state.get(thread_key(matter_id, name))
            return None if kept is None else st.Thread.FromString(kept)

        self._until(lambda: (thread := found()) is not None and good(thread))
        return found()

    def _events(self, region: str) -> set[str]:
        return {
            ev.Envelope.FromString(ev.Event.FromString(record.value).envelope).event_id
            for record in self.nodes[region].disk.events
        }

    def _until(self, reached: Callable[[], bool]) -> bool:
        end = self._now_ms + LIMIT_MS
        while not reached():
            if self._now_ms > end:
                return False
            self._pass()
        return True

    def _pass(self) -> None:
        """Let one moment pass everywhere."""
        self._now_ms += STEP_MS
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
