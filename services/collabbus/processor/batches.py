"""Batches: records of one partition laid into as few Kafka record batches as fit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from collabbus.model.effects import Headers

Record = tuple[bytes | None, bytes | None, Headers]
NO_HEADERS: Headers = []


async def send(
    producer: Any, topic: str, partition: int, records: Iterable[Record]
) -> list[asyncio.Future[Any]]:
    """Hand records to a producer, in order; give the delivery futures, which must be awaited.

    A batch of our own costs a fiftieth of a `send` for each record.
    """
    futures: list[asyncio.Future[Any]] = []
    batch = None
    for key, value, headers in records:
        if batch is not None and batch.append(
            key=key, value=value, timestamp=None, headers=headers
        ):
            continue
        if batch is not None:
            batch.close()
            futures.append(await producer.send_batch(batch, topic, partition=partition))
        batch = producer.create_batch()
        if not batch.append(key=key, value=value, timestamp=None, headers=headers):
            # Larger than a batch may be: by itself then, up to the largest request.
            batch = None
            futures.append(
                await producer.send(topic, value, key=key, partition=partition, headers=headers)
            )
    if batch is not None and batch.record_count():
        batch.close()
        futures.append(await producer.send_batch(batch, topic, partition=partition))
    return futures
