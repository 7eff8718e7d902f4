"""The checkup: of each group of handlers it is told whether it runs and keeps up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from kafka import TopicPartition

from collabbus import checkup
from collabbus.operate.examination import Level, Line, Subject
from collabbus.settings import Settings

EVENTS = "collab.tianjin.events"
END = 5_000


@dataclass
class Offset:
    offset: int


@dataclass
class Admin:
    """What Kafka would say: by group, its members and what it has read of two shards."""

    groups: dict[str, tuple[int, tuple[int, int]]]

    def list_groups(self) -> list[dict[str, Any]]:
        return [{"group_id": name, "group_state": "Stable"} for name in self.groups]

    def describe_topics(self, names: list[str]) -> list[dict[str, Any]]:
        assert names == [EVENTS]
        parts = [{"partition_index": number} for number in range(2)]
        return [{"error_code": 0, "name": EVENTS, "partitions": parts}]

    def list_partition_offsets(self, wanted: dict[Any, Any]) -> dict[Any, Offset]:
        return {tp: Offset(0 if spec == -2 else END) for tp, spec in wanted.items()}

    def describe_groups(self, names: list[str]) -> dict[str, Any]:
        return {name: {"members": [{}] * self.groups[name][0]} for name in names}

    def list_group_offsets(self, name: str) -> dict[str, Any]:
        read = self.groups[name][1]
        return {name: {TopicPartition(EVENTS, shard): Offset(read[shard]) for shard in (0, 1)}}


def told(groups: dict[str, tuple[int, tuple[int, int]]]) -> list[Line]:
    subject = Subject(Settings(region="tianjin"))
    subject.__dict__["admin"] = cast("Any", Admin(groups))
    return list(checkup.handlers(subject))


def test_a_group_of_handlers_without_a_host_or_far_behind_is_told_by_name() -> None:
    well, behind, gone = told(
        {
            "collab.handlers.tianjin.binhai.desk": (2, (END - 1, END)),
            "collab.handlers.tianjin.binhai.mail": (1, (END - 1_500, END - 10)),
            "collab.handlers.tianjin.heping.desk": (0, (END, END - 3)),
            "collab.handlers.beijing.haidian.desk": (0, (0, 0)),
            "collab.tianjin.processor": (0, (0, 0)),
        }
    )
    assert well.level is Level.OK
    assert behind.level is Level.WARN
    assert "tianjin.binhai.mail has 1 hosts, 1510 records not done" in behind.en
    assert gone.level is Level.WARN
    assert "tianjin.heping.desk has 0 hosts, 3 records not done" in gone.en
    assert "进程 0 个" in gone.zh


def test_a_region_in_which_no_handlers_have_run_is_well() -> None:
    [line] = told({"collab.tianjin.processor": (1, (0, 0))})
    assert line.level is Level.OK
