"""A projection in a process of its own, which a test kills; it goes on from the offsets."""

from __future__ import annotations

import asyncio
import pickle
import sys
from pathlib import Path

from collabbus.ledger.database import engine_of
from collabbus.ledger.projection import Projection
from tests.ledger import told


async def go(url: str, records: list[object]) -> None:
    engine = engine_of(url)
    projection = Projection(engine, "beijing", told.pinned())
    done = await projection.offsets()
    left = [r for r in records if r.offset >= done.get((r.topic, r.shard), 0)]  # type: ignore[attr-defined]
    for start in range(0, len(left), 20):
        end = start + 20
        print("writing", flush=True)
        await projection.write(left[start:end], current=end >= len(left))  # type: ignore[arg-type]
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(go(*pickle.loads(Path(sys.argv[1]).read_bytes())))  # noqa: S301 - the test's own
