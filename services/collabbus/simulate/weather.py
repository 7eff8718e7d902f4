"""Weather (故障): how rough it is for an alliance, by seed."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weather:
    """Chances of each fault, per parcel, per run, or per mishap."""

    drop: float = 0.08
    """That a parcel is lost."""
    repeat: float = 0.08
    crash: float = 0.1
    """That a processor crashes in a run, or a transaction fails."""
    zombie: float = 0.03
    """That a processor stops in a run, and wakes when another has taken its shard."""
    mishap: float = 0.05
    """That something larger happens instead of a step: a partition, an outage, lost records."""
    mischief: float = 0.08
    """That a submission is one that no contract allows."""

    @classmethod
    def of(cls, rnd: random.Random) -> Weather:
        """Give the weather of a seed: some are calm but for one thing, some are all storm."""
        return cls(
            drop=rnd.choice((0, 0.05, 0.15)),
            repeat=rnd.choice((0, 0.05, 0.15)),
            crash=rnd.choice((0, 0.1, 0.25)),
            zombie=rnd.choice((0, 0.03, 0.1)),
            mishap=rnd.choice((0, 0.03, 0.08)),
            mischief=rnd.choice((0, 0.1, 0.2)),
        )

    @classmethod
    def calm(cls) -> Weather:
        """Give links that lose nothing and processors that stay up."""
        return cls(0, 0, 0, 0, 0, 0)
