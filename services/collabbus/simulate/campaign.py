"""Campaigns: many seeds, each an alliance that must hold its invariants."""

from __future__ import annotations

import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from collabbus.contracts import load
from collabbus.model.contract import Contract
from collabbus.simulate.alliance import Alliance, Faults
from collabbus.simulate.coverage import exercised
from collabbus.simulate.invariants import violations

STEPS = 260


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a seed showed."""

    seed: int
    events: int
    broken: tuple[str, ...]
    story: tuple[str, ...]
    exercised: Counter[str]
    """How often each thing happened that a simulator should try."""

    def tell(self) -> str:
        """Give the story of a broken seed, and the command that plays it again."""
        return "\n".join(
            [
                f"seed {self.seed} breaks:",
                *(f"  - {line}" for line in self.broken[:8]),
                "its story:",
                *(f"  {line}" for line in self.story[-60:]),
                f"again: collabbus simulate --seed {self.seed}",
            ]
        )


def play(folder: Path, network: str, seed: int, steps: int = STEPS) -> Verdict:
    """Play one seed: `steps` things happen, faults stop, everything arrives, invariants hold."""
    alliance = Alliance(_contract(folder, network), seed, Faults())
    try:
        for _ in range(steps):
            alliance.step()
        rested = alliance.drain()
        broken = list(violations(alliance))
        if not rested:
            broken.insert(0, "5 (gaps heal): the alliance didn't come to rest")
    except Exception:
        broken = [traceback.format_exc()]
    events = sum(len(node.disk.events) for node in alliance.nodes.values())
    return Verdict(seed, events, tuple(broken), tuple(alliance.story), exercised(alliance))


@cache
def _contract(folder: Path, network: str) -> Contract:
    return load(folder).pin(network)


def campaign(folder: Path, network: str, seeds: range, workers: int = 2) -> list[Verdict]:
    """Play seeds on several cores; give their verdicts, in order."""
    with ProcessPoolExecutor(workers) as pool:
        return list(
            pool.map(
                play,
                [folder] * len(seeds),
                [network] * len(seeds),
                seeds,
                chunksize=max(1, len(seeds) // (workers * 4)),
            )
        )
