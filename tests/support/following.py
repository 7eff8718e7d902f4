"""Following topics as they grow: each record as soon as a plain reader can see it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from confluent_kafka import Consumer, TopicPartition

from tests.support.plain import Plain

See = Callable[[Plain, float], None]
"""Gets each record, and when it was seen (seconds since 1970)."""


class Follower:
    """A read_committed reader of all partitions of some topics, from their beginning, in a thread.

    It goes on through whatever happens to the broker.
    """

    def __init__(self, bootstrap: str, topics: Sequence[str], shards: int, see: See) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": "follower",  # never joined
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "auto.offset.reset": "earliest",
                "fetch.wait.max.ms": 20,
                "reconnect.backoff.max.ms": 500,
                "topic.metadata.refresh.interval.ms": 500,
                "log_level": 2,
            }
        )
        self._consumer.assign(
            [TopicPartition(topic, shard, 0) for topic in topics for shard in range(shards)]
        )
        self._see = see
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def _run(self) -> None:
        while not self._ended.is_set():
            for message in self._consumer.consume(500, 0.05):
                if message.error() is not None:
                    continue  # the broker is away; what is missing comes later
                self._see(
                    Plain(
                        message.topic(),
                        message.partition(),
                        message.offset(),
                        message.timestamp()[1],
                        message.key() or b"",
                        message.value(),
                        (),
                    ),
                    time.time(),
                )
        self._consumer.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(10)
