"""What clusters tell of copies and disks that no test broker can be brought to: judged."""

from __future__ import annotations

from typing import Any

import pytest

from collabbus.operate.checks.cluster import judged_copies, judged_disks
from collabbus.operate.examination import Level


def topic(*partitions: tuple[int, list[int], list[int]]) -> list[dict[str, Any]]:
    return [
        {
            "name": "collab.beijing.events",
            "partitions": [
                {"partition_index": n, "leader_id": lead, "replica_nodes": all_, "isr_nodes": isr}
                for n, (lead, all_, isr) in enumerate(partitions)
            ],
        }
    ]


@pytest.mark.parametrize(
    ("told", "level", "says"),
    [
        (topic((1, [1, 2, 3], [1, 2, 3])), Level.OK, "every shard has 3 copies"),
        (topic((1, [1, 2, 3], [1, 3])), Level.WARN, "1 shards lack copies in sync"),
        (topic((-1, [1, 2, 3], [])), Level.FAIL, "no leader: collab.beijing.events/0"),
        (topic((1, [1], [1])), Level.WARN, "one copy"),
    ],
)
def test_copies(told: list[dict[str, Any]], level: Level, says: str) -> None:
    [line] = judged_copies(told)
    assert line.level is level
    assert says in line.en


@pytest.mark.parametrize(
    ("error", "usable", "level", "says"),
    [
        (0, 60, Level.OK, "60.0 GB (60%) of /data are free"),
        (0, 15, Level.WARN, "(15%)"),
        (0, 4, Level.FAIL, "(4%)"),
        (56, 60, Level.FAIL, "/data is offline (Kafka's error 56)"),
    ],
)
def test_disks(error: int, usable: int, level: Level, says: str) -> None:
    folder = {"error_code": error, "log_dir": "/data", "total_bytes": 100 * 10**9}
    folder["usable_bytes"] = usable * 10**9
    [line] = judged_disks([{"broker": 1, "log_dirs": [folder]}])
    assert line.level is level
    assert says in line.en


def test_a_broker_that_does_not_tell_its_disks_is_no_good_news() -> None:
    folder = {"error_code": 0, "log_dir": "/data", "total_bytes": -1, "usable_bytes": -1}
    [line] = judged_disks([{"broker": 1, "log_dirs": [folder]}])
    assert line.level is Level.WARN
