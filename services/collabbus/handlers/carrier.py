"""The carrier: takes answers to the region through the client library, and tells the outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import PrivateKey
from collabbus.sdk import NotFlushed, Office, Recorded, Rejected, SubmissionIdReused
from collabbus.settings import KafkaSettings

REUSED = "ID_REUSED"

Recall = Callable[[sub.Draft], Awaitable[Recorded | None]]
"""Finds in the log what a submission of this id has recorded before."""


class Carrier:
    """Submits answers; for one loop. Connects at the first answer of each office."""

    def __init__(
        self, kafka: KafkaSettings, key: PrivateKey, recall: Recall, threads: int, timeout: float
    ) -> None:
        """`timeout` is how many seconds an acknowledgement and an outcome may each take."""
        self._kafka = kafka
        self._key = key
        self._recall = recall
        self._timeout = timeout
        self._pool = ThreadPoolExecutor(threads + 1, thread_name_prefix="answers")
        self._offices: dict[str, Office] = {}
        self._lock = asyncio.Lock()

    async def connect(self, office: str) -> Office:
        """Connect for an office; raises Unreachable."""
        async with self._lock:
            found = self._offices.get(office)
            if found is None:
                made = Office(office, self._key, kafka=self._kafka)
                loop = asyncio.get_running_loop()
                found = await loop.run_in_executor(self._pool, made.start)
                self._offices[office] = found
            return found

    async def submit(self, draft: sub.Draft) -> Recorded:
        """Return once the region has recorded the draft, now or before.

        Raises Rejected, or what tells that nobody knows yet: NotAccepted, NotDecidedInTime,
        Unreachable. Then the same may be submitted again.
        """
        office = await self.connect(draft.office)
        loop = asyncio.get_running_loop()
        try:
            await asyncio.wrap_future(office.submit(draft, timeout=self._timeout))
            return await loop.run_in_executor(self._pool, self._outcome, office, draft)
        except (SubmissionIdReused, Rejected) as error:
            # A handler that says the same thing in other words when an event comes again has
            # answered it already.
            if isinstance(error, Rejected) and error.reason_code != REUSED:
                raise
            before = await self._recall(draft)
            if before is None:
                raise
            return before

    def _outcome(self, office: Office, draft: sub.Draft) -> Recorded:
        return office.wait_recorded(draft.submission_id, timeout=self._timeout)

    async def close(self) -> list[str]:
        """Disconnect; give what to log of answers that nobody has acknowledged."""
        loop = asyncio.get_running_loop()
        told = []
        for office in self._offices.values():
            try:
                await loop.run_in_executor(None, office.close)
            except NotFlushed as error:
                told.append(str(error))
        self._pool.shutdown(wait=False, cancel_futures=True)
        return told
