"""The processor's own shell, transport and transactions, around a recorder of a few lines.

Run by test_transport.py as `python -m tests.processor.ours`. `did <value>` on its output means that
a value was recorded; what counts is its copy in the log.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import faust
import structlog
from faust.assignor.partition_assignor import PartitionAssignor

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import KeyDirectory
from collabbus.model.effects import Effects
from collabbus.model.record import Input
from collabbus.model.store import Store
from collabbus.processor import app as shell
from collabbus.processor import transport
from collabbus.processor.metrics import Metrics
from collabbus.processor.outfit import Outfit
from collabbus.processor.recording import RecordShard
from collabbus.processor.shard import Run, Shard
from collabbus.settings import KafkaSettings, Settings

ASLEEP = os.environ.get("ASLEEP") == "1"
"""Whether the group's leader gives nobody anything."""
HEALED = os.environ.get("HEALED") == "1"
TICK = sub.Submission(tick=sub.Tick()).SerializeToString()


class Copier:
    """Stands where the core's Recorder stands: copies each input to the log."""

    def __init__(self) -> None:
        self.effects = Effects()
        self.clock = SimpleNamespace(next_ms=lambda: None)

    def record(self, item: Input) -> None:
        value = item.value
        if value == TICK:
            return
        if value == b"bad" and not HEALED:
            raise ValueError("boom")
        if value == b"slow" and not HEALED:
            print("begun slow", flush=True)
            time.sleep(3600)
        if value == b"large" and not HEALED:
            value *= 2000
        self.effects.events.append((b"key", value, []))

    def changes(self) -> Mapping[str, bytes]:
        return {}

    def commit(self) -> None:
        for _, value, _ in self.effects.events:
            print("did", value.decode(errors="replace"), flush=True)
        self.effects = Effects()


class CopyingShard(RecordShard):
    def _recorder(self, store: Store) -> Any:
        return Copier()


class IdleShard(Shard):
    """A dispatch stage that ships nothing."""

    stage = "dispatch"

    def __init__(self, number: int, outfit: Outfit, producer_of: Any) -> None:
        super().__init__(number, [outfit.topic("events"), outfit.topic("heads")], outfit.metrics)

    async def take(self, sure: bool) -> dict[Any, int]:
        return dict.fromkeys(self.tps, 0)

    async def work(self, runs: Sequence[Run]) -> None:
        return

    async def release(self) -> None:
        return


def _nothing(assignor: Any, cluster: Any, members: Any) -> Any:
    """Do as Faust's assignor does before it has heard of any topic."""
    unheard = SimpleNamespace(partitions_for_topic=lambda topic: set())
    return PartitionAssignor.assign(assignor, unheard, members)


def main() -> None:
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])
    shell.RecordShard = CopyingShard
    shell.DispatchShard = IdleShard
    if ASLEEP:
        transport.ShardAssignor.assign = _nothing
    region = os.environ["REGION_NAME"]
    settings = Settings(
        region=region,
        instance=os.environ["INSTANCE"],
        session_timeout_s=6.0,
        heartbeat_interval_s=1.0,
        watchdog_s=float(os.environ.get("WATCHDOG_S", "30")),
        contracts=Path(),
        shards=1,
        kafka=KafkaSettings(bootstrap_servers=os.environ["BROKER"]),
    )
    outfit = Outfit(
        settings=settings,
        contracts={},
        pinned={},
        identity=None,
        keys=KeyDirectory([]),
        metrics=Metrics(region),
        kafka=settings.kafka.aiokafka(),
    )
    processor = shell.Processor(outfit)
    worker = faust.Worker(
        processor.app, loglevel="WARNING", redirect_stdouts=False, override_logging=False
    )
    worker.execute_from_commandline()


if __name__ == "__main__":
    main()
