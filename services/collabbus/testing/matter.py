"""MatterView: one matter as one region holds it at the moment, to look at in a test."""

from __future__ import annotations

from datetime import date

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.model.deadline import day_of
from collabbus.model.thread import FAMILIES, MAIN, TRACK
from collabbus.simulate.stage import SimulatedStage
from collabbus.testing.log import Log


class MatterView:
    """A matter as a region holds it; each look is a look at what it holds then.

    Where the region holds nothing of it, texts are empty, numbers 0, and `due` None.
    """

    def __init__(
        self, stage: SimulatedStage, matter_id: str, region: str, thread: str = MAIN
    ) -> None:
        self.id = matter_id
        self.region = region
        self.thread = thread
        self._stage = stage

    def __repr__(self) -> str:
        where = "" if self.thread == MAIN else f", {self.thread}"
        return f"<matter {self.id[:6]}{where} in {self.region}: {self.state or 'nothing'}>"

    def at(self, region: str) -> MatterView:
        """Look at the same thread in another region."""
        return MatterView(self._stage, self.id, region, self.thread)

    def track(self, office: str) -> MatterView:
        """Look at a recipient's track; a guest's is that of `guest/<id>`."""
        return MatterView(self._stage, self.id, self.region, TRACK + office)

    @property
    def state(self) -> str:
        """The state of the lifecycle, such as `accepted`."""
        return self._thread().step.state

    @property
    def step(self) -> int:
        """The number of the last step."""
        return self._thread().step.number

    @property
    def awaits(self) -> str:
        """The office that may take the next step; empty: nobody."""
        return self._thread().step.awaits

    @property
    def waits(self) -> str:
        """The office that waits for it."""
        return self._thread().step.waits

    @property
    def due(self) -> date | None:
        """The last day (UTC+8) of the step's term; None: nothing falls due."""
        due_ms = self._thread().step.due_ms
        return day_of(due_ms - 1) if due_ms else None

    @property
    def overdue(self) -> bool:
        """Whether its clock has called the step overdue."""
        return self._thread().overdue

    @property
    def parties(self) -> tuple[str, ...]:
        """The offices that are in the thread, in the order in which they came."""
        there = (party.office for party in self._thread().parties if not party.left)
        return tuple(dict.fromkeys(there))

    @property
    def held(self) -> int:
        """How many events the region holds back because their causes haven't come (rule 4)."""
        return len(self._thread().held)

    @property
    def host(self) -> str:
        """The office that opened it."""
        return self._stage.matter(self.region, self.id).host

    @property
    def family(self) -> str:
        """Such as `assistance`."""
        return FAMILIES.get(self._stage.matter(self.region, self.id).family, "")

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it was opened for, such as `WITNESS`."""
        return tuple(self._stage.matter(self.region, self.id).kinds)

    @property
    def domain(self) -> ev.Domain:
        """Its domain (领域), a number of `collab.v1.Domain`."""
        return self._stage.matter(self.region, self.id).domain

    @property
    def linked(self) -> tuple[MatterView, ...]:
        """The matters that were opened because of it, as far as the region was told."""
        links = self._thread().links
        return tuple(MatterView(self._stage, one.matter_id, self.region) for one in links)

    @property
    def events(self) -> Log:
        """What the region has recorded of it, in all threads."""
        return Log.read(self.region, self._stage.nodes[self.region].disk.events).of(matter=self.id)

    def _thread(self) -> st.Thread:
        return self._stage.thread(self.region, self.id, self.thread) or st.Thread()
