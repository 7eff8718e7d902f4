"""The nemesis: kills, pauses, joins and restarts what runs, at random moments, by seed."""

from __future__ import annotations

import heapq
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from collabbus.installation import Installation
from collabbus.operate import supervisor
from collabbus.operate.supervisor import ProgramUnknownError
from tests.support import plain
from tests.support.metrics import total
from tests.support.waiting import until

PAUSE_S = 8.5
"""A pause longer than the session of 6 s, after which the group has given the shards away."""
STALL_S = 7.0
"""A stall longer than what a shard that must stop waits for its transaction."""


@dataclass(frozen=True, slots=True)
class Kill:
    """A processor that was killed, when, and whether nobody else did its work meanwhile."""

    region: str
    at_s: float
    alone: bool


@dataclass
class Done:
    """What the nemesis did."""

    kills: list[Kill] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Names of other programs that were killed."""
    pauses: list[tuple[str, float]] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    left: list[tuple[str, int | None]] = field(default_factory=list)
    restarts: list[tuple[str, float, float]] = field(default_factory=list)
    stalls: list[tuple[str, float]] = field(default_factory=list)


class Nemesis:
    """Works off an agenda; `run` returns when all of it is done."""

    def __init__(self, installation: Installation, seed: int) -> None:
        self._installation = installation
        self._rnd = random.Random(seed)
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._busy: set[str] = set()
        """Programs that are paused."""
        self._workers = dict.fromkeys(installation.regions, 1)
        self._begin = 0.0
        self._wakings: list[threading.Timer] = []
        self.done = Done()

    def at(self, seconds: float, deed: Callable[[], None]) -> None:
        """Have something done so many seconds after the start."""
        heapq.heappush(self._agenda, (seconds, len(self._agenda), deed))

    def run(self) -> Done:
        self._begin = time.monotonic()
        while self._agenda:
            at, _, deed = heapq.heappop(self._agenda)
            time.sleep(max(0.0, self._begin + at - time.monotonic()))
            deed()
        for waking in self._wakings:
            waking.join()
        return self.done

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._begin

    def kill_somebody(self) -> None:
        """Kill any worker that isn't paused; one in five is killed again while it starts."""
        free = [
            f"{region}-{instance}"
            for region, count in self._workers.items()
            for instance in range(count)
            if f"{region}-{instance}" not in self._busy
        ]
        if not free:
            return
        name = self._rnd.choice(free)
        if self._rnd.random() < 0.5:
            self._await_transaction(name.rpartition("-")[0])
        self.kill(name)

    def _await_transaction(self, region: str) -> None:
        """Wait, a second at most, until a transaction of a region is under way.

        At a random moment one is in one case of ten; here its first records have just been written.
        """
        bootstrap = self._installation.broker_of(region).bootstrap
        plain.await_record(bootstrap, f"collab.{region}.state", 1.0)

    def kill(self, name: str) -> None:
        region = name.rpartition("-")[0]
        try:
            self._installation.supervisor.kill(name)
        except ProgramUnknownError:
            self.at(self.elapsed_s + 0.3, lambda: self.kill(name))  # between two lives
            return
        alone = self._workers[region] == 1
        self.done.kills.append(Kill(region, time.time(), alone))
        if self._rnd.random() < 0.2:
            self.at(self.elapsed_s + self._rnd.uniform(0.3, 3.0), lambda: self._again(name))

    def _again(self, name: str) -> None:
        if name not in self._busy and name in self._names():
            self.kill(name)

    def _names(self) -> list[str]:
        return [f"{r}-{i}" for r, count in self._workers.items() for i in range(count)]

    def kill_other(self, name: str) -> None:
        """Kill a program that is no processor of ours."""
        try:
            self._installation.supervisor.kill(name)
        except ProgramUnknownError:
            return
        self.done.others.append(name)

    def pause(self, name: str, seconds: float = PAUSE_S) -> None:
        """Stop a worker for longer than its session, then wake it."""
        try:
            self._installation.supervisor.kill(name, signal.SIGSTOP)
        except ProgramUnknownError:
            self.at(self.elapsed_s + 0.3, lambda: self.pause(name, seconds))
            return
        self._busy.add(name)
        self.done.pauses.append((name, time.time()))

        def wake() -> None:
            self._installation.supervisor.kill(name, signal.SIGCONT)
            self._busy.discard(name)

        self.at(self.elapsed_s + seconds, wake)

    def join(self, region: str) -> None:
        """Start a second worker of a region."""
        self.done.joined.append(self._installation.add_processor(region, "1"))
        self._workers[region] = 2

    def leave(self, region: str) -> None:
        """Have the second worker of a region end in good order, once it has begun to work."""
        self._workers[region] = 1  # nobody kills it any more
        name = f"{region}-1"
        port = self._installation.metrics_ports[name]
        until(lambda: total(port, "collabbus_take_seconds_count"), 30, f"{name} at work")
        self.done.left.append((name, self._installation.supervisor.stop(name)[name]))

    def restart_broker(self, region: str) -> None:
        begin = time.time()
        self._installation.broker_of(region).restart()
        self.done.restarts.append((region, begin, time.time()))

    def stall_broker(self, region: str, seconds: float = STALL_S) -> None:
        """Have a broker answer nothing for a while, and then everything."""
        pid = self._installation.broker_of(region).pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        self.done.stalls.append((region, time.time()))
        # Not on the agenda: what is done meanwhile may itself wait for this broker.
        waking = threading.Timer(seconds, os.kill, (pid, signal.SIGCONT))
        waking.start()
        self._wakings.append(waking)


@contextmanager
def impatient_supervisor() -> Iterator[None]:
    """A supervisor backs off from what keeps ending; here that is the test's own doing."""
    pauses: Any = {"_FIRST_PAUSE": 0.2, "_LONGEST_PAUSE": 0.2}
    with patch.multiple(supervisor, **pauses):
        yield
