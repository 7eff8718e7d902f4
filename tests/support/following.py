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


SILENT_S = 6.0
"""A consumer that hears nothing for so long is given up for another.

After a broker's restart librdkafka may believe for minutes that a topic isn't there.
"""


class Follower:
    """A read_committed reader of all partitions of some topics, from their beginning, in a thread.

    It goes on through whatever happens to the broker.
    """

    def __init__(self, bootstrap: str, topics: Sequence[str], shards: int, see: See) -> None:
        self._bootstrap = bootstrap
        self._next = {(topic, shard): 0 for topic in topics for shard in range(shards)}
        self._see = see
        self._ended = threading.Event()
        self._given_up: list[Consumer] = []
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def _connect(self) -> Consumer:
        consumer = Consumer(
            {
                "bootstrap.servers": self._bootstrap,
                "group.id": "follower",  # never joined
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "auto.offset.reset": "earliest",
                "fetch.wait.max.ms": 20,
                "reconnect.backoff.max.ms": 500,
                "log_level": 2,
            }
        )
        consumer.assign([TopicPartition(*tp, offset) for tp, offset in self._next.items()])
        return consumer

    def _run(self) -> None:
        consumer = self._connect()
        heard = time.monotonic()
        while not self._ended.is_set():
            for message in consumer.consume(500, 0.05):
                if message.error() is not None:
                    continue  # the broker is away; what is missing comes later
                heard = time.monotonic()
                self._next[message.topic(), message.partition()] = message.offset() + 1
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
            if time.monotonic() - heard > SILENT_S:
                self._given_up.append(consumer)
                consumer = self._connect()
                heard = time.monotonic()
        consumer.close()

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
