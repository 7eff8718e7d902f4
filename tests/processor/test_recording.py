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
from collabbus.model.store import Store
from collabbus.processor.metrics import Metrics
from collabbus.processor.outfit import Outfit
from collabbus.processor.recording import RecordShard
from collabbus.settings import KafkaSettings, Settings
from tests.processor.test_models import state

TP = TopicPartition("collab.beijing.submissions", 0)
AT_5, AT_9 = {TP: 5}, {TP: 9}
WHOLE = ["release", "fence", "state"]


class Taken(RecordShard):
    """Notes in which order it asks, and restores what it is given."""

    def __init__(self, stored: dict[TopicPartition, int]) -> None:
        outfit = Outfit(
            settings=Settings(region="beijing", contracts=Path(), kafka=KafkaSettings()),
            contracts={},
            pinned={},
            identity=None,
            keys=KeyDirectory([]),
            metrics=Metrics("beijing"),
            kafka={},
        )
        super().__init__(0, outfit)
        self.story: list[str] = []
        self._stored = stored

    async def _fence(self) -> None:
        self.story.append("fence")
        self._producer = object()

    async def release(self) -> None:
        self.story.append("release")
        self._producer = None

    async def _restore(self) -> Any:
        self.story.append("state")
        return object(), self._stored

    def remembers(self, position: dict[TopicPartition, int], *, producer: bool = True) -> Any:
        """Have it been the owner before; give what it remembers."""
        self._producer = object() if producer else None
        self.recorder = object()
        self.position = position
        return self.recorder


def take(shard: Taken, *, sure: bool = True) -> dict[TopicPartition, int]:
    return asyncio.run(shard.take(sure))


def test_a_shard_is_fenced_before_its_state_is_read() -> None:
    """Invariant 1: in the other order a former owner could commit after the reading."""
    shard = Taken(AT_5)
    assert take(shard, sure=False) == AT_5
    assert shard.story == WHOLE


def test_a_shard_that_was_kept_goes_on_from_memory() -> None:
    """Had another worker taken it meanwhile, the next transaction would be fenced."""
    shard = Taken(AT_9)
    memory = shard.remembers(AT_5)
    assert take(shard) == AT_5
    assert shard.story == []
    assert shard.recorder is memory


@pytest.mark.parametrize("stored", [AT_5, AT_9])
@pytest.mark.parametrize(("sure", "producer"), [(False, True), (True, False), (False, False)])
def test_who_doubts_a_transaction_or_has_lost_its_producer_believes_nothing_of_its_memory(
    stored: dict[TopicPartition, int], sure: bool, producer: bool
) -> None:
    """Invariants 1 and 2, also where the offsets are those that it knows.

    A commit that is under way may still get through, and another owner may have recorded the same
    inputs in another order.
    """
    shard = Taken(stored)
    memory = shard.remembers(AT_5, producer=producer)
    assert take(shard, sure=sure) == stored
    assert shard.story == WHOLE
    assert shard.recorder is not memory


def test_a_shard_that_is_given_away_tells_no_figures_any_more() -> None:
    """Else two processes would tell the same hits, and their sum would be wrong."""
    shard = Taken(AT_5)
    shard.metrics.models.restored(0, Store(state(1)))
    shard.metrics.models.restored(1, Store(state(2)))
    asyncio.run(RecordShard.release(shard))
    assert {s.labels["model"] for f in shard.metrics.models.collect() for s in f.samples} == {"m2"}
