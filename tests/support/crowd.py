"""A crowd of offices: random acts, legal for the most part, at a steady pace, in a thread."""

from __future__ import annotations

import random
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from collab.v1 import submission_pb2 as sub
from collabbus.installation import Installation
from collabbus.model.thread import region_of
from collabbus.simulate.traffic import Seen, Traffic
from tests.support.desk import Desk, now_ms
from tests.support.following import Follower
from tests.support.plain import Plain

RECENT = 300
"""Matters of a region, those that moved last, in which something may be done next."""
OFFICES = 6
"""Offices of each region that take part, its provincial one among them."""


class Crowd:
    """Knows the matters of all regions from their state topics, and acts in them.

    A context manager: what it follows is followed from its entry to its exit.
    """

    def __init__(self, installation: Installation, desk: Desk, seed: int) -> None:
        self.installation = installation
        self.desk = desk
        self.rnd = random.Random(seed)
        self.offices = [
            office.id
            for region in installation.regions
            for office in installation.network.regions[region].offices[:OFFICES]
        ]
        contract = installation.contracts.pin(installation.network.id)
        self._traffic = Traffic(self.rnd, contract, self.offices, (0,), installation.shards)
        self.events: dict[str, list[tuple[int, float]]] = {r: [] for r in installation.regions}
        """Of each event of a region's log: the broker's time in ms, and when it could be seen."""
        self._recent: dict[str, OrderedDict[str, dict[str, bytes]]] = {
            region: OrderedDict() for region in installation.regions
        }
        """Of each region's matters, the state, by its keys."""
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self.count = self.repeats = 0

    def __enter__(self) -> Self:
        places: dict[str, list[str]] = {}
        for region in self.installation.regions:
            bootstrap = self.installation.broker_of(region).bootstrap
            places.setdefault(bootstrap, []).extend(
                f"collab.{region}.{name}" for name in ("events", "state")
            )
        for bootstrap, topics in places.items():
            follower = Follower(bootstrap, topics, self.installation.shards, self._see)
            self._stack.enter_context(follower)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _see(self, record: Plain, seen_s: float) -> None:
        _, region, name = record.topic.split(".")
        if name == "events":
            self.events[region].append((record.time_ms, seen_s))
        elif record.key[:2] in (b"m/", b"t/") and record.value is not None:
            key = record.key.decode()
            matter_id = key.split("/")[1]
            with self._lock:
                recent = self._recent[region]
                recent.setdefault(matter_id, {})[key] = record.value
                recent.move_to_end(matter_id)
                if len(recent) > RECENT:
                    recent.popitem(last=False)

    def seen_after(self, region: str, time_ms: float) -> float | None:
        """Give when the first event that a region recorded after a time could be seen."""
        return next((seen for at, seen in self.events[region] if at > time_ms), None)

    def submit(self, count: int, per_s: float, stop: threading.Event | None = None) -> None:
        """Make so many submissions at that pace, a few at a time under one signature.

        One in twenty is sent once more, sooner or later.
        """
        begin = time.monotonic()
        made = 0
        while made < count and not (stop is not None and stop.is_set()):
            early = begin + made / per_s - time.monotonic()
            if early > 0:
                self.desk.poll()
                time.sleep(min(early, 0.02))
                continue
            drafts = self._some(self.rnd.choice(self.installation.regions))
            made += len(drafts)
            self.count += len(drafts)
            region = region_of(drafts[0].office)
            if self.rnd.random() < 0.3:
                # Who may act for its subordinates signs for several offices at once.
                self.desk.submit(drafts, self.installation.network.regions[region].provincial)
            else:
                self.desk.submit_by_office(drafts)
            if self.rnd.random() < 0.15:
                self._repeat()
        self.desk.poll()

    def _some(self, region: str) -> Sequence[sub.Draft]:
        rnd = self.rnd
        mine = [office for office in self.offices if region_of(office) == region]
        drafts: list[sub.Draft] = []
        for _ in range(rnd.choice((1, 1, 2, 3, 6))):
            seen = self._seen(region)
            draft = None
            if seen.state and rnd.random() < 0.8:
                draft = self._traffic.act(seen)
            if draft is None:
                self._traffic._shard = rnd.randrange(self.installation.shards)
                draft = self._traffic.open(rnd.choice(mine), seen)
            drafts.append(draft)
        return drafts

    def _seen(self, region: str) -> Seen:
        """Give what a region holds of a few of the matters that moved last."""
        with self._lock:
            recent = self._recent[region]
            some = self.rnd.sample(list(recent), min(3, len(recent)))
            state = {key: value for one in some for key, value in recent[one].items()}
        # What was said before is corrected in the simulator, which has the logs at hand.
        return Seen(region, state, (), now_ms())

    def _repeat(self) -> None:
        """Send a submission again: the same record, or the same draft under a new signature."""
        record = self.rnd.choice(self.desk.records)[2]
        draft = sub.Draft.FromString(sub.Submission.FromString(record).draft)
        if self.rnd.random() < 0.5:
            [record] = self.desk.sign([draft])
        self.desk.send(draft, record)
        self.repeats += 1
