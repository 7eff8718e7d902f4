"""A processor with a fault planted in it: `python -m tests.faults.planted run processor`.

PLANTED names the faults, with commas. An Installation runs this as its module.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

from aiokafka import AIOKafkaProducer

from collabbus.cli import main
from collabbus.processor.recording import RecordShard

HESITATES_S = 0.3


def hesitant() -> None:
    """Wait before each transaction: whoever is stopped is mostly stopped there."""
    transact = RecordShard._transact

    async def hesitate(self: RecordShard, *arguments: Any) -> None:
        await asyncio.sleep(HESITATES_S)
        await transact(self, *arguments)

    RecordShard._transact = hesitate


def one_id() -> None:
    """One transactional id per worker instead of per shard: nobody fences a former owner."""
    shared: dict[str, AIOKafkaProducer] = {}
    lock = asyncio.Lock()
    transact = RecordShard._transact

    async def fence(self: RecordShard) -> None:
        settings = self._outfit.settings
        async with lock:
            if "it" not in shared:
                producer = AIOKafkaProducer(
                    transactional_id=f"{self._outfit.group}.{settings.instance}",
                    transaction_timeout_ms=int(settings.transaction_timeout_s * 1000),
                    **self._outfit.kafka,
                )
                await producer.start()
                shared["it"] = producer
        self._producer = shared["it"]

    async def one_at_a_time(self: RecordShard, *arguments: Any) -> None:
        async with lock:
            try:
                await transact(self, *arguments)
            except BaseException:
                producer = shared.pop("it", None)
                if producer is not None:
                    await producer.stop()
                raise

    async def release(self: RecordShard) -> None:
        self._producer = None

    RecordShard._fence = fence
    RecordShard._transact = one_at_a_time
    RecordShard.release = release


FAULTS = {"one-id": one_id, "hesitant": hesitant}


if __name__ == "__main__":
    # In this order: who hesitates does so outside of the lock and before the transaction.
    for name in os.environ["PLANTED"].split(","):
        FAULTS[name]()
    main()
