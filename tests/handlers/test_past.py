"""The past: what is read of it may hold what is no event."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from collabbus.handlers import past as pasts
from collabbus.handlers.past import Past
from collabbus.settings import KafkaSettings
from tests.handlers.test_rebalance import record

MATTER = f"{3:032x}"


class Log:
    """Stands for a consumer of a log that holds an event, no event, and an event."""

    def __init__(self, **_: Any) -> None:
        broken = SimpleNamespace(
            topic="t", partition=3, offset=1, timestamp=1, key=MATTER.encode(), value=b"\xff"
        )
        self.records = [record(3, 0), broken, record(3, 2)]
        self.at = 0

    def assign(self, tps: list[Any]) -> None:
        """Take what it is given."""

    def seek(self, tp: Any, offset: int) -> None:
        self.at = offset

    async def position(self, tp: Any) -> int:
        return self.at

    async def offsets_for_times(self, times: dict[Any, int]) -> dict[Any, Any]:
        return {tp: SimpleNamespace(offset=0) for tp in times}

    async def getmany(self, tp: Any, timeout_ms: int) -> dict[Any, list[Any]]:
        found, self.at = self.records[self.at :], 3
        return {tp: found}


def test_one_record_that_is_no_event_does_not_keep_the_past_from_being_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Invariant 9, for handlers: nor does it end their host."""
    monkeypatch.setattr(pasts, "AIOKafkaConsumer", Log)

    async def main() -> tuple[list[int], list[int]]:
        past = Past(KafkaSettings(), "t")
        between = await past.between(3, MATTER, 0, 3)
        since = await past.since(3, [MATTER], 1, 3)
        return [one.offset for one in between], [one.offset for one in since]

    with capture_logs() as told:
        assert asyncio.run(main()) == ([0, 2], [0, 2])
    assert "t partition 3 offset 1 is no event" in told[0]["why"]
