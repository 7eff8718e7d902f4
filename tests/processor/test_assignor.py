"""Who gets which shards, also when the leader of the group knows nothing of the topics yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import faust
import pytest
from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from faust.assignor.partition_assignor import PartitionAssignor

from collabbus.processor.transport import ShardAssignor

TOPICS = {"collab.beijing.submissions", "collab.tianjin.to.beijing"}
SHARDS = 4


class Assignor(ShardAssignor):
    shards = SHARDS


def given(assignor: type[PartitionAssignor], members: int) -> list[dict[str, list[int]]]:
    """Give what each member gets of a leader that has just reconnected."""
    app = faust.App("test", table_standby_replicas=0, PartitionAssignor=assignor)
    asked = {f"member-{n}": app.assignor.metadata(TOPICS) for n in range(members)}
    found: Mapping[str, Any] = app.assignor.assign(ClusterMetadata(), asked)
    return [
        {topic: sorted(partitions) for topic, partitions in one.assignment}
        for one in map(_assignment, found.values())
    ]


def _assignment(one: Any) -> Any:
    return ConsumerProtocolMemberAssignment.decode(one.encode())


def test_a_leader_without_metadata_gives_out_all_shards_each_with_all_its_topics() -> None:
    """Invariant 1: what is accepted is recorded, and not left lying by a group that sleeps."""
    for members in (1, 2, 3):
        gets = given(Assignor, members)
        assert sorted(n for one in gets for n in one["collab.beijing.submissions"]) == [0, 1, 2, 3]
        assert all(one.keys() == TOPICS and len(set(map(tuple, one.values()))) == 1 for one in gets)


def test_stock_fausts_gives_out_nothing() -> None:
    """The control; if it fails, Faust has mended it, and ours can go."""
    assert given(PartitionAssignor, 2) == [{}, {}]


def test_metadata_counts_where_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ClusterMetadata, "partitions_for_topic", lambda self, topic: {0, 1})
    [gets] = given(Assignor, 1)
    assert gets["collab.beijing.submissions"] == [0, 1]
