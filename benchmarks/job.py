"""The job that every transport does: decode, validate, drop what came before, count, encode."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PARTITIONS = 4
KEYS = 10_000


def _message() -> Any:
    """Give the class of the benchmark's own event; it needs no generated code."""
    file = descriptor_pb2.FileDescriptorProto(
        name="collabbench/v1/event.proto", package="collabbench.v1", syntax="proto3"
    )
    event = file.message_type.add(name="Event")
    kinds = descriptor_pb2.FieldDescriptorProto
    for number, (name, kind) in enumerate(
        (
            ("id", kinds.TYPE_BYTES),
            ("type", kinds.TYPE_STRING),
            ("source", kinds.TYPE_STRING),
            ("key", kinds.TYPE_STRING),
            ("time_us", kinds.TYPE_INT64),
            ("version", kinds.TYPE_UINT32),
            ("number", kinds.TYPE_UINT64),
            ("trace", kinds.TYPE_STRING),
            ("note", kinds.TYPE_STRING),
            ("signature", kinds.TYPE_BYTES),
        ),
        1,
    ):
        event.field.add(name=name, number=number, type=kind, label=kinds.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("collabbench.v1.Event"))


Event = _message()


def events(count: int, seed: int = 1) -> Iterator[tuple[int, bytes, bytes]]:
    """Give partition, key and value (394 bytes) of so many events; one in a hundred comes twice."""
    rnd = random.Random(seed)
    last = b""
    for number in range(count):
        key = f"matter-{rnd.randrange(KEYS):08}"
        if number % 100 or not last:
            last = rnd.randbytes(16)
        value = Event(
            id=last, type="request.opened", source="beijing", key=key,
            time_us=1_790_000_000_000_000 + number, version=3, number=number,
            trace=rnd.randbytes(24).hex(), note="x" * 180, signature=rnd.randbytes(64),
        ).SerializeToString()  # fmt: skip
        yield number % PARTITIONS, key.encode(), value


class Job:
    """What one process remembers while it does the job."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self._state: dict[str, int] = {}

    def process(self, value: bytes) -> tuple[bytes, bytes] | None:
        """Give key and value of what is to be written; None for a repeat."""
        event = Event.FromString(value)
        known = event.id
        if len(known) != 16 or not event.type or event.time_us <= 0 or event.version != 3:
            raise ValueError("an event of another kind")
        if known in self._seen:
            return None
        self._seen.add(known)
        key = event.key
        self._state[key] = self._state.get(key, 0) + 1
        event.type = "request.recorded"
        return key.encode(), event.SerializeToString()
