"""Quarantine (隔离区): what couldn't be read, verified or allowed, for a person to decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collabbus.link.inbound import event_of
from collabbus.operate.records import Records
from collabbus.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record in quarantine."""

    key: str
    """32 hex digits: of the SHA-256 of what was quarantined. The same twice has the same key."""
    code: str
    reason: str
    topic: str
    """Whence it came."""
    shard: int
    offset: int
    """-1 for an event of a parcel, which has no offset of its own."""
    time_ms: int
    """When the broker took it, milliseconds since 1970."""
    record_key: bytes
    value: bytes

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was quarantined."""
        return sha256(self.value).hexdigest()

    def contents(self) -> dict[str, object]:
        """Give what was quarantined, decoded as far as it can be; its bytes where it can't.

        It may hold what concerns persons of a case: show it only to who has asked for it.
        """
        try:
            if not self.topic.endswith(".submissions"):
                return _entry(self.value) if self.offset < 0 else _parcel(self.value)
            return _submission(self.value)
        except (DecodeError, ValueError):
            return {"bytes": self.value.hex()}


def listed(kafka: KafkaSettings, region: str) -> list[Quarantined]:
    """Give what a region has in quarantine, oldest first. Raises RecordsUnreachableError."""
    with Records(kafka, region) as records:
        found = list(_read(records))
    return sorted(found, key=lambda one: (one.time_ms, one.topic, one.shard, one.offset))


def _read(records: Records) -> Iterator[Quarantined]:
    for record in records.read("quarantine"):
        one = sub.Quarantined.FromString(record.value)
        yield Quarantined(
            (record.key or b"").hex(),
            one.code,
            one.reason,
            one.topic,
            one.shard,
            one.offset,
            one.time_ms,
            one.key,
            one.value,
        )


def _submission(value: bytes) -> dict[str, object]:
    submission = sub.Submission.FromString(value)
    draft = sub.Draft.FromString(submission.draft)
    submission.ClearField("draft")
    return {"submission": _json(submission), "draft": _json(draft)}


def _parcel(value: bytes) -> dict[str, object]:
    parcel = pb.Parcel.FromString(value)
    header = pb.ParcelHeader.FromString(parcel.signed.header)
    # What is sealed was never opened here, or not to be opened.
    return {"header": _json(header), "sealed_bytes": len(parcel.sealed)}


def _entry(value: bytes) -> dict[str, object]:
    event = event_of(pb.Entry.FromString(value))
    envelope = ev.Envelope.FromString(event.envelope)
    body = body_pb2.Body.FromString(event.body)
    return {"envelope": _json(envelope), "body": _json(body)}


def _json(message: Message) -> object:
    return json_format.MessageToDict(message, preserving_proto_field_name=True)
