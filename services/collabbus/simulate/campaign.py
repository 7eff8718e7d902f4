"""Campaigns: many seeds, each an alliance that must hold its invariants."""

from __future__ import annotations

import os
import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from multiprocessing import parent_process
from pathlib import Path

from collabbus.contracts import Contracts, load
from collabbus.model.contract import Contract
from collabbus.simulate.alliance import Alliance
from collabbus.simulate.coverage import exercised
from collabbus.simulate.equality import unequal
from collabbus.simulate.invariants import violations
from collabbus.simulate.refusals import refusals

STEPS = 260
NETWORKS = {"jingjinji": 6, "northwest": 3, "jiangan": 1}
"""How often a seed plays in each network, where none is asked for."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a seed showed."""

    seed: int
    network: str
    events: int
    broken: tuple[str, ...]
    story: tuple[str, ...]
    exercised: Counter[str]
    """How often each thing happened that a simulator should try."""

    def tell(self) -> str:
        """Give the story of a broken seed, and the command that plays it again."""
        return "\n".join(
            [
                f"seed {self.seed} ({self.network}) breaks:",
                *(f"  - {line}" for line in self.broken[:8]),
                "its story:",
                *(f"  {line}" for line in self.story[-60:]),
                f"again: collabbus simulate --seed {self.seed} --network {self.network}",
            ]
        )


def network_of(seed: int, known: Contracts) -> str:
    """Give the network in which a seed plays."""
    names = sorted(set(NETWORKS) & set(known.networks)) or sorted(known.networks)
    weights = [NETWORKS.get(name, 1) for name in names]
    return random.Random(f"network {seed}").choices(names, weights)[0]


def play(folder: Path, network: str | None, seed: int, steps: int = STEPS) -> Verdict:
    """Play one seed: `steps` things happen, faults stop, everything arrives, invariants hold.

    Without a network the seed chooses it. The same arguments give the same verdict, always.
    """
    network = network or network_of(seed, _load(folder))
    alliance = Alliance(_contract(folder, network), seed)
    try:
        for _ in range(steps):
            alliance.step()
            if alliance.broken:
                break
        broken = _rested(alliance)
    except Exception:
        broken = [traceback.format_exc()]
    events = sum(len(node.disk.events) for node in alliance.nodes.values())
    return Verdict(seed, network, events, tuple(broken), tuple(alliance.story), exercised(alliance))


def _rested(alliance: Alliance) -> list[str]:
    """Give what doesn't hold once all has arrived, and once all has fallen due."""
    for rest, judge in (
        (alliance.drain, refusals),
        (alliance.settle, violations),
        (alliance.age, violations),
    ):
        if alliance.broken:
            return alliance.broken
        if not rest():
            return ["5 (gaps heal): the alliance doesn't come to rest", *judge(alliance)]
        if broken := list(judge(alliance)):
            return broken
    return list(unequal(alliance))


@cache
def _load(folder: Path) -> Contracts:
    return load(folder)


@cache
def _contract(folder: Path, network: str) -> Contract:
    return _load(folder).pin(network)


def _plays(folder: Path, network: str | None, seeds: range) -> list[Verdict]:
    return [play(folder, network, seed) for seed in seeds]


def _attend() -> None:
    """Have a worker end with its parent, which may be ended without a word to its workers."""
    parent = parent_process()

    def look() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=look, name="attend", daemon=True).start()


def campaign(
    folder: Path,
    network: str | None,
    seeds: range,
    workers: int = 2,
    seconds: float | None = None,
) -> Iterator[list[Verdict]]:
    """Play seeds on several cores; give their verdicts as they come, some at a time.

    It ends with the last seed, or begins no more after `seconds`. However this process ends, no
    worker of it plays on for longer than a moment.
    """
    began = time.monotonic()
    size = max(1, min(20, len(seeds) // (workers * 4)))
    chunks = (seeds[at : at + size] for at in range(0, len(seeds), size))
    with ProcessPoolExecutor(workers, initializer=_attend) as pool:
        running: set[Future[list[Verdict]]] = set()
        while True:
            while len(running) < workers * 2:
                late = seconds is not None and time.monotonic() - began > seconds
                chunk = None if late else next(chunks, None)
                if chunk is None:
                    break
                running.add(pool.submit(_plays, folder, network, chunk))
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
