"""Effects: what a run of inputs writes, all of it in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Headers = list[tuple[str, bytes]]


@dataclass(slots=True)  # frozen, it would take three times as long to make
class Crossed:
    """For the metrics: something that came to be recorded here."""

    network: str
    family: str
    kind: str
    direction: str
    """`own`, or the peer's region."""
    outcome: str = "recorded"
    """Or `rejected`, `refused`, `late`."""
    crossing_ms: int = -1
    """From the submission's record to this one's, by the brokers' clocks; -1 for own events."""
    took: tuple[tuple[str, int], ...] = ()
    """How long its office needed to `receive` or to `answer`, or its matter to `close`, in ms."""


@dataclass(slots=True)
class Effects:
    """Records to write, by topic, in order."""

    events: list[tuple[bytes, bytes, Headers]] = field(default_factory=list)
    outcomes: list[tuple[bytes, bytes]] = field(default_factory=list)
    quarantine: list[tuple[bytes, bytes]] = field(default_factory=list)
    leaves: list[tuple[bytes, bytes]] = field(default_factory=list)
    waiting: list[tuple[bytes, bytes | None]] = field(default_factory=list)
    submissions: list[tuple[bytes, bytes]] = field(default_factory=list)
    """What the region asks of itself; each goes to the shard of its key."""
    crossed: list[Crossed] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    beyond_calendar: list[int] = field(default_factory=list)
    """Due times beyond the last year that the contract's calendar knows the holidays of."""

    _all: tuple[list[Any], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Note the lists once: a mark is taken several times for each input."""
        self._all = (
            self.events,
            self.outcomes,
            self.quarantine,
            self.leaves,
            self.waiting,
            self.submissions,
            self.crossed,
            self.quarantined,
            self.rejected,
            self.beyond_calendar,
        )

    def size(self) -> list[int]:
        """Give a mark for `cut_back`."""
        return list(map(len, self._all))

    def cut_back(self, mark: list[int]) -> None:
        """Forget what was added since the mark."""
        for records, length in zip(self._all, mark, strict=True):
            del records[length:]
