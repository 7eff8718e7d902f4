from __future__ import annotations

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import binary, sampled_from

from collabbus.model.store import Store, topic_of

KEYS = sampled_from(["m/1", "m/2", "r/1", "in/tianjin"])


class StoreMachine(RuleBasedStateMachine):
    """A store beside three dictionaries: committed, with the run, with the input."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store({"m/1": b"old"})
        self.committed: dict[str, bytes] = {"m/1": b"old"}
        self.run: dict[str, bytes] = dict(self.committed)
        self.one: dict[str, bytes] = dict(self.committed)

    @rule(key=KEYS, value=binary(max_size=2))
    def put(self, key: str, value: bytes) -> None:
        self.store.put(key, value)
        self.one[key] = value

    @rule(key=KEYS)
    def drop(self, key: str) -> None:
        self.store.drop(key)
        self.one.pop(key, None)

    @rule()
    def keep_input(self) -> None:
        self.store.keep_input()
        self.run = dict(self.one)

    @rule()
    def undo_input(self) -> None:
        self.store.undo_input()
        self.one = dict(self.run)

    @rule()
    def commit(self) -> None:
        self.store.keep_input()
        changelog = dict(self.committed)
        for key, value in self.store.changes().items():
            if value is None:
                changelog.pop(key, None)
            else:
                changelog[key] = value
        self.store.commit()
        self.committed = dict(self.one)
        self.run = dict(self.one)
        assert changelog == self.committed  # who restores from it has the same state

    @invariant()
    def the_input_sees_what_it_and_the_run_have_done(self) -> None:
        for key in ("m/1", "m/2", "r/1", "in/tianjin"):
            assert self.store.get(key) == self.one.get(key)

    @invariant()
    def only_what_is_committed_is_listed(self) -> None:
        assert dict(self.store.items("")) == self.committed
        assert dict(self.store.items("m/")) == {
            key: value for key, value in self.committed.items() if key.startswith("m/")
        }
        assert len(self.store) == len(self.committed)


TestStore = StoreMachine.TestCase


@pytest.mark.parametrize(
    ("key", "topic"),
    [
        ("in/tianjin", "heads"),
        ("receipt/tianjin", "heads"),
        ("until/beijing", "heads"),
        ("m/49a680d2", "state"),
        ("r/49a680d2/beijing/haidian/draft-1", "state"),
        ("h/49a680d2/main/beijing/1", "state"),
    ],
)
def test_what_dispatch_reads_is_kept_in_heads_and_the_rest_in_state(key: str, topic: str) -> None:
    assert topic_of(key) == topic


def test_what_a_store_was_given_stays_the_givers() -> None:
    given = {"m/1": b"old"}
    store = Store(given)
    store.put("m/1", b"new")
    store.keep_input()
    store.commit()
    assert given == {"m/1": b"old"}
