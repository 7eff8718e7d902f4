"""Effects: what a run of inputs writes, all of it in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field

Headers = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Crossed:
    """For the metrics: an event that was recorded here."""

    family: str
    kind: str
    direction: str
    """`own`, or the peer's region."""
    crossing_ms: int
    """From the submission's record to this one's, by the brokers' clocks; -1 for own events."""


@dataclass(slots=True)
class Effects:
    """Records to write, by topic, in order."""

    events: list[tuple[bytes, bytes, Headers]] = field(default_factory=list)
    outcomes: list[tuple[bytes, bytes]] = field(default_factory=list)
    quarantine: list[tuple[bytes, bytes]] = field(default_factory=list)
    leaves: list[tuple[bytes, bytes]] = field(default_factory=list)
    waiting: list[tuple[bytes, bytes | None]] = field(default_factory=list)
    crossed: list[Crossed] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    def _lists(self) -> tuple[list[object], ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def size(self) -> tuple[int, ...]:
        """Give a mark for `cut_back`."""
        return tuple(map(len, self._lists()))

    def cut_back(self, mark: tuple[int, ...]) -> None:
        """Forget what was added since the mark."""
        for records, length in zip(self._lists(), mark, strict=True):
            del records[length:]
