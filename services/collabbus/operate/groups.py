"""Consumer groups: who works on a region's topics, and how far behind they are."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a group hasn't read."""

    members: int
    """Processes that the group has now."""
    lag: dict[tuple[str, int], int]
    """Records, by topic and shard. Marks of transactions count too: one or two are none."""


def named(admin: Any, beginning: str) -> list[str]:
    """Give the groups of which Kafka knows whose names begin so. Raises kafka-python's errors."""
    return sorted(
        name for one in admin.list_groups() if (name := one["group_id"]).startswith(beginning)
    )


def backlog(admin: Any, group: str, topics: Iterable[str]) -> Backlog:
    """Give what a group has still to read of topics; topics that don't exist are left out.

    A group of which Kafka knows nothing has no members and has read nothing. Raises kafka-python's
    errors.
    """
    from kafka import TopicPartition
    from kafka.admin import OffsetSpec
    from kafka.errors import CoordinatorNotAvailableError, GroupIdNotFoundError

    # It can't read what Faust's members say of themselves, which we don't ask for, and says so.
    logging.getLogger("kafka.admin._groups").setLevel(logging.ERROR)
    known = [one for one in admin.describe_topics(sorted(topics)) if one["error_code"] == 0]
    tps = [
        TopicPartition(topic["name"], part["partition_index"])
        for topic in known
        for part in topic["partitions"]
    ]
    first = admin.list_partition_offsets(dict.fromkeys(tps, OffsetSpec.EARLIEST))
    ends = admin.list_partition_offsets(dict.fromkeys(tps, OffsetSpec.LATEST))
    try:
        members = len(admin.describe_groups([group])[group]["members"])
        read = admin.list_group_offsets(group)[group]
    except (CoordinatorNotAvailableError, GroupIdNotFoundError):
        members, read = 0, {}
    lag = {}
    for tp in tps:
        at = read[tp].offset if tp in read else -1
        lag[tp.topic, tp.partition] = max(0, ends[tp].offset - max(at, first[tp].offset))
    return Backlog(members, lag)
