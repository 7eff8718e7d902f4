"""Watch: a region's log, followed as it grows."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, ClassVar, Literal, Self

from google.protobuf.message import DecodeError, Message

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.errors import CollabbusError
from collabbus.sdk.errors import ShardsDiffer, Unreachable, words
from collabbus.sdk.listener import reader, seek
from collabbus.settings import KafkaSettings

_POLL_MS = 200


class LogUnreadable(CollabbusError):
    """A record of the log is no event; the message says which one."""

    code: ClassVar[str] = "LOG_UNREADABLE"


@dataclass(frozen=True, slots=True)
class Seen:
    """An event of a region's log."""

    envelope: ev.Envelope
    body: body_pb2.Body
    """Empty where it was erased."""
    type: str
    """Such as `AssistanceRequested`."""
    time_ms: int
    """When this region's broker took it, milliseconds since 1970."""
    partition: int
    offset: int
    event: ev.Event
    """As it was recorded, to the byte."""

    @property
    def message(self) -> Message | None:
        """What the body says, such as an AssistanceRequested; None where it was erased."""
        kind = self.body.WhichOneof("kind")
        return None if kind is None else getattr(self.body, kind)


class Watch(Iterator[Seen]):
    """An endless iterator over a log; `stop` or `close` ends it. For one thread."""

    def __init__(self, consumer: Any, stop: threading.Event) -> None:
        self._consumer = consumer
        self._stop = stop
        self._ready: deque[Seen] = deque()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __next__(self) -> Seen:
        """Wait for the next event; ends within 0.2 s of `stop` being set.

        Raises LogUnreadable, or kafka-python's errors; events that were not given yet are then
        given by nobody, so begin anew.
        """
        while not self._stop.is_set():
            if self._ready:
                return self._ready.popleft()
            for records in self._consumer.poll(timeout_ms=_POLL_MS).values():
                self._ready.extend(seen(record) for record in records)
        self.close()
        raise StopIteration

    def close(self) -> None:
        """End it and disconnect; may be called again."""
        self._stop.set()
        if not self._closed:
            self._closed = True
            self._consumer.close(autocommit=False, timeout_ms=1000)


def follow(
    region: str,
    kafka: KafkaSettings,
    shards: int | None = None,
    start: Literal["end", "beginning"] = "end",
    *,
    stop: threading.Event | None = None,
    timeout: float = 10.0,
) -> Watch:
    """Follow the log of a region: events in the order of each shard, committed ones only.

    When it returns the place is fixed: with "end" everything recorded from now on is given, with
    "beginning" everything. Setting `stop`, from any thread, ends it. Between matters of several
    shards there is no order.

    Raises Unreachable if the log can't be reached within `timeout` seconds, or ShardsDiffer.
    """
    topic = f"collab.{region}.events"
    try:
        consumer = reader(kafka, timeout)
        try:
            seek(consumer, topic, start, timeout, shards)
        except BaseException:
            consumer.close(autocommit=False, timeout_ms=1000)
            raise
    except ShardsDiffer:
        raise
    except Exception as error:
        raise Unreachable(kafka.bootstrap_servers, topic, words(error)) from error
    return Watch(consumer, stop or threading.Event())


def seen(record: Any) -> Seen:
    """Give the event that a record of a log holds; raises LogUnreadable."""
    try:
        event = ev.Event.FromString(record.value or b"")
        envelope = ev.Envelope.FromString(event.envelope)
        body = body_pb2.Body.FromString(event.body)
    except DecodeError as error:
        raise LogUnreadable(
            f"{record.topic} partition {record.partition} offset {record.offset} is no event "
            f"({error}): only the processor may write there; see the topic's ACLs"
        ) from error
    return Seen(
        envelope, body, envelope.type, record.timestamp, record.partition, record.offset, event
    )
