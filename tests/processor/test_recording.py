"""How a record shard is taken: what is asked in which order, and what of its memory is believed.

That the transactions themselves hold, on a real broker, is shown in tests/faults.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiokafka import TopicPartition

from collabbus.link.keys import KeyDirectory
from collabbus.processor.metrics import Metrics
from collabbus.processor.outfit import Outfit
from collabbus.processor.recording import RecordShard
from collabbus.settings import KafkaSettings, Settings

TP = TopicPartition("collab.beijing.submissions", 0)
AT_3, AT_5, AT_9 = {TP: 3}, {TP: 5}, {TP: 9}
WHOLE = ["release", "fence", "offsets", "state"]


class Taken(RecordShard):
    """Notes in which order it asks, and is answered from a list."""

    def __init__(self, *answers: dict[TopicPartition, int]) -> None:
        outfit = Outfit(
            settings=Settings(region="beijing", contracts=Path(), kafka=KafkaSettings()),
            contracts={},
            pinned={},
            identity=None,  # type: ignore[arg-type]
            keys=KeyDirectory([]),
            metrics=Metrics("beijing"),
            kafka={},
        )
        super().__init__(0, outfit, None)
        self.story: list[str] = []
        self.answers = list(answers)

    async def _fence(self) -> None:
        self.story.append("fence")
        self._producer = object()  # type: ignore[assignment]

    async def release(self) -> None:
        self.story.append("release")
        self._producer = None

    async def _committed(self) -> dict[TopicPartition, int]:
        self.story.append("offsets")
        return self.answers.pop(0)

    async def _restore(self) -> Any:
        self.story.append("state")
        return object()

    def remembers(self, position: dict[TopicPartition, int], *, producer: bool = True) -> Any:
        """Have it been the owner before; give what it remembers."""
        self._producer = object() if producer else None  # type: ignore[assignment]
        self.recorder = object()  # type: ignore[assignment]
        self.position = position
        return self.recorder


def take(shard: Taken, *, sure: bool = True) -> dict[TopicPartition, int]:
    return asyncio.run(shard.take(sure))


def test_a_shard_is_fenced_before_its_offsets_are_read_and_they_before_its_state() -> None:
    """Invariant 1: in another order a former owner could commit between two of the steps."""
    shard = Taken(AT_5)
    assert take(shard, sure=False) == AT_5
    assert shard.story == WHOLE


def test_a_shard_that_was_kept_goes_on_from_memory() -> None:
    shard = Taken(AT_5)
    memory = shard.remembers(AT_5)
    assert take(shard) == AT_5
    assert shard.story == ["offsets"]
    assert shard.recorder is memory


@pytest.mark.parametrize("found", [AT_3, AT_9])
def test_a_shard_whose_offsets_have_moved_is_fenced_and_restored(
    found: dict[TopicPartition, int],
) -> None:
    """Invariants 1 and 2: another worker had it, or our own last commit can't be read yet.

    The markers of a commit are written after its answer; who went on from the offsets before it
    would record a run twice. A new producer starts only when they are written.
    """
    shard = Taken(found, AT_9)
    memory = shard.remembers(AT_5)
    assert take(shard) == AT_9
    assert shard.story == ["offsets", *WHOLE]
    assert shard.recorder is not memory


@pytest.mark.parametrize("found", [AT_5, AT_9])
@pytest.mark.parametrize(("sure", "producer"), [(False, True), (True, False), (False, False)])
def test_who_doubts_a_transaction_or_has_lost_its_producer_believes_nothing_of_its_memory(
    found: dict[TopicPartition, int], sure: bool, producer: bool
) -> None:
    """Invariants 1 and 2, also where the offsets are those that it knows, or expects.

    A commit that is under way may still get through (seen in a campaign: the broker stood still
    for longer than a shard that must stop waits), and another owner may have recorded the same
    inputs in another order.
    """
    shard = Taken(found)
    memory = shard.remembers(AT_5, producer=producer)
    assert take(shard, sure=sure) == found
    assert shard.story == WHOLE
    assert shard.recorder is not memory
