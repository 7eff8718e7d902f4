from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from kafka.partitioner.default import DefaultPartitioner

from collabbus.model.shard import shard_of

# Kafka's own vectors (org.apache.kafka.common.utils.UtilsTest#testMurmur2).
KAFKA = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    "abc": 479470107,
}


@pytest.mark.parametrize("key", KAFKA)
@pytest.mark.parametrize("shards", [1, 4, 16, 256])
def test_a_shard_is_the_partition_of_kafkas_default_partitioner(key: str, shards: int) -> None:
    assert shard_of(key, shards) == (KAFKA[key] & 0x7FFFFFFF) % shards


class Topic:
    """As much of a cluster's metadata as a partitioner asks for: one topic."""

    def __init__(self, shards: int) -> None:
        self.shards = shards

    def topics(self) -> set[str]:
        return {"t"}

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(range(self.shards))

    available_partitions_for_topic = partitions_for_topic


@given(some.from_regex("[0-9a-f]{32}", fullmatch=True), some.integers(1, 256))
def test_clients_that_partition_by_default_find_the_same_shard(matter: str, shards: int) -> None:
    found = DefaultPartitioner().partition("t", matter, matter.encode(), None, None, Topic(shards))
    assert shard_of(matter, shards) == found
