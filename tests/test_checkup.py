"""The checkup of what stands beside the processor: the gateway, each group of handlers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from kafka import TopicPartition

from collabbus import checkup
from collabbus.gateway.issuing import make_issuer
from collabbus.model.deadline import DAY_MS
from collabbus.operate.examination import Level, Line, Subject, examine
from collabbus.settings import Settings
from tests.gateway.authority import Authority

CHECKS = [check for check in checkup.CHECKS if check.name == "gateway"]


def lines(later: int = 0) -> list[Line]:
    now = time.time_ns() // 1_000_000 + later
    with Subject(Settings(region="beijing"), now_ms=lambda: now) as subject:
        return [each.line for each in examine(subject, CHECKS)]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ours", "ours")


@pytest.fixture
def configured(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file of keys of a gateway that is configured."""
    jwks = make_issuer(tmp_path)[1]
    monkeypatch.setenv("COLLABBUS_GATEWAY_JWKS", str(jwks))
    monkeypatch.setenv("COLLABBUS_GATEWAY_HOST", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("COLLABBUS_GATEWAY_TLS_CERTFILE", str(authority.issue("gateway")[0]))
    return jwks


def test_where_no_gateway_is_configured_none_is_looked_at() -> None:
    [line] = lines()
    assert line.level is Level.OK
    assert "no gateway is configured" in line.en


def test_settings_of_a_gateway_that_are_wrong_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLABBUS_GATEWAY_PORT", "8443")  # whom it believes it is told elsewhere
    [line] = lines()
    assert line.level is Level.OK
    monkeypatch.setenv("COLLABBUS_GATEWAY_PORT", "https")
    [line] = lines()
    assert line.level is Level.FAIL
    assert "COLLABBUS_GATEWAY_PORT" in line.en


def test_its_certificate_is_told_before_it_ends_and_after(
    authority: Authority, configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with authority.serving("shown") as port:
        monkeypatch.setenv("COLLABBUS_GATEWAY_PORT", str(port))
        good, soon, over = lines(-40 * DAY_MS), lines(), lines(2 * DAY_MS)
    assert [line.level for line in good] == [Level.OK, Level.OK]
    assert f"the gateway at 127.0.0.1:{port} is good for 40 days" in good[0].en
    assert [line.level for line in soon] == [Level.WARN, Level.OK]
    assert [line.level for line in over] == [Level.FAIL, Level.OK]
    assert lines()[0].level is Level.FAIL
    assert "nobody answers as a gateway" in lines()[0].en


def test_keys_of_issuers_that_cannot_be_used_are_told(
    authority: Authority, configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured.write_text('{"keys": []}', "ascii")
    with authority.serving("shown") as port:
        monkeypatch.setenv("COLLABBUS_GATEWAY_PORT", str(port))
        line = lines()[1]
    assert line.level is Level.FAIL
    assert "JWKS_INVALID" in line.en
    assert f"correct {configured}" in line.do_en


# Handlers ---------------------------------------------------------------------------------------

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
