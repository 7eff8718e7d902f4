"""A shard's state: a mapping that is exactly what its changelog holds.

Values are bytes, so a value that was read can't be changed by accident, and restoring a shard is
filling a dictionary. Changes go through two layers, so that one input, or one transaction, can be
taken back whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_HEADS = ("in/", "receipt/", "until/")


class Store:
    """The state of one shard."""

    def __init__(self, kept: Mapping[str, bytes] | None = None) -> None:
        self._kept: dict[str, bytes] = dict(kept or {})
        self._run: dict[str, bytes | None] = {}
        self._one: dict[str, bytes | None] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: str) -> bytes | None:
        """Give the value of a key as the current input sees it."""
        if key in self._one:
            return self._one[key]
        if key in self._run:
            return self._run[key]
        return self._kept.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Set a key, for the current input."""
        self._one[key] = value

    def drop(self, key: str) -> None:
        """Remove a key, for the current input."""
        self._one[key] = None

    def keep_input(self) -> None:
        """The current input is decided: its changes belong to the run."""
        self._run.update(self._one)
        self._one.clear()

    def undo_input(self) -> None:
        """Forget what the current input changed."""
        self._one.clear()

    def changes(self) -> Mapping[str, bytes | None]:
        """Give what the run has changed; None stands for removed."""
        return self._run

    def commit(self) -> None:
        """The run's transaction is through: its changes are the state."""
        for key, value in self._run.items():
            if value is None:
                self._kept.pop(key, None)
            else:
                self._kept[key] = value
        self._run.clear()

    def items(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Give what is kept under a prefix; changes under way are not seen."""
        return ((key, value) for key, value in self._kept.items() if key.startswith(prefix))


def topic_of(key: str) -> str:
    """Give the topic that keeps a key: `heads` for what dispatch reads too, else `state`."""
    return "heads" if key.startswith(_HEADS) else "state"
