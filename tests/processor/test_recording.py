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


class Memory:
    """Stands for a Recorder with a run that isn't durable yet."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def commit(self) -> None:
        self.said.append("commit")

    def rollback(self) -> None:
        self.said.append("rollback")


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
        return Memory()

    def remembers(
        self,
        position: dict[TopicPartition, int] | None,
        doubt: dict[TopicPartition, int] | None = None,
        *,
        producer: bool = True,
    ) -> Memory:
        """Have it been the owner before."""
        self._producer = object() if producer else None  # type: ignore[assignment]
        self.recorder = memory = Memory()  # type: ignore[assignment]
        self.position, self._doubt = position, doubt
        return memory


def take(shard: Taken) -> dict[TopicPartition, int]:
    return asyncio.run(shard.take())


def test_a_shard_is_fenced_before_its_offsets_are_read_and_they_before_its_state() -> None:
    """Invariant 1: in another order a former owner could commit between two of the steps."""
    shard = Taken(AT_5)
    assert take(shard) == AT_5
    assert shard.story == ["fence", "offsets", "state"]


def test_a_shard_that_was_kept_goes_on_from_memory() -> None:
    shard = Taken(AT_5)
    memory = shard.remembers(AT_5)
    assert take(shard) == AT_5
    assert shard.story == ["offsets"]
    assert shard.recorder is memory
    assert memory.said == ["rollback"]  # what had begun is off


def test_offsets_older_than_our_own_last_commit_are_asked_again_behind_a_fence() -> None:
    """Invariant 2: the markers of a commit are written after its answer; until then offsets and
    state can't be read, and who went on from the older ones would record a run twice."""
    shard = Taken(AT_3, AT_5)
    memory = shard.remembers(AT_5)
    assert take(shard) == AT_5
    assert shard.story == ["offsets", "release", "fence", "offsets"]
    assert shard.recorder is memory


def test_a_shard_that_another_worker_had_meanwhile_is_restored() -> None:
    """Invariant 1: its memory is of before, the changelog is of now."""
    shard = Taken(AT_9, AT_9)
    memory = shard.remembers(AT_5)
    assert take(shard) == AT_9
    assert shard.story == ["offsets", "release", "fence", "offsets", "state"]
    assert shard.recorder is not memory


@pytest.mark.parametrize(("found", "said"), [(AT_9, ["commit"]), (AT_5, ["rollback"])])
def test_a_commit_whose_answer_got_lost_is_settled_by_the_offsets(
    found: dict[TopicPartition, int], said: list[str]
) -> None:
    """Invariant 1: it got through, or it didn't; the memory follows."""
    shard = Taken(found)
    memory = shard.remembers(AT_5, doubt=AT_9, producer=False)
    assert take(shard) == found
    assert shard.story == ["fence", "offsets"]
    assert shard.recorder is memory
    assert memory.said == said


def test_a_run_that_was_cut_off_leaves_no_memory() -> None:
    shard = Taken(AT_9)
    memory = shard.remembers(None, doubt=AT_9, producer=False)
    assert take(shard) == AT_9
    assert shard.story == ["fence", "offsets", "state"]
    assert shard.recorder is not memory
