"""Bodies: what an act says, by the type of its message."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor
from google.protobuf.message import Message

from collab.v1 import body_pb2

BODY_TYPES = {
    field.name: field.message_type.name
    for field in body_pb2.Body.DESCRIPTOR.oneofs[0].fields
    if field.message_type is not None
}
"""Type name (`AssistanceRequested`) by field of the body."""
FIELD_OF = {kind: field for field, kind in BODY_TYPES.items()}


def type_of(body: body_pb2.Body) -> str:
    """Give the type of what a body says; empty for one of a schema that is newer than ours."""
    return BODY_TYPES.get(body.WhichOneof("kind") or "", "")


def said(body: body_pb2.Body) -> Message:
    """Give the message in a body that has one."""
    found: Message = getattr(body, body.WhichOneof("kind") or "")
    return found


def value(message: Message, path: str) -> Any:
    """Give the value of a field, `model.model_id` for one within another."""
    found: Any = message
    for name in path.split("."):
        found = getattr(found, name)
    return found


def kinds_of(message: Message) -> tuple[str, ...]:
    """Give the kinds that an opening names, without the prefix of their enumeration."""
    found = _kinds(message.DESCRIPTOR)
    if found is None:
        return ()
    field, names = found
    given = getattr(message, field)
    numbers = [given] if isinstance(given, int) else given
    return tuple(names.get(number, str(number)) for number in numbers)


def choice(message: Message, field: str) -> str:
    """Give the value of an enumeration's field by name, without the enumeration's prefix."""
    enum = message.DESCRIPTOR.fields_by_name[field].enum_type
    if enum is None:
        raise TypeError(f"{message.DESCRIPTOR.name}.{field} is no enumeration")
    number = getattr(message, field)
    return _names(enum).get(number, str(number))


def details_field(message: Message, kind: str) -> str | None:
    """Give the field that describes a kind, which by convention is named like it; None: no need."""
    field = message.DESCRIPTOR.fields_by_name.get(kind.lower())
    return field.name if field is not None and field.message_type is not None else None


def kind_names(type_name: str) -> tuple[str, ...]:
    """Give all kinds of a type of opening, without the unspecified one."""
    field = body_pb2.Body.DESCRIPTOR.fields_by_name[FIELD_OF[type_name]]
    found = _kinds(field.message_type) if field.message_type is not None else None
    return tuple(name for number, name in found[1].items() if number) if found else ()


@lru_cache
def _kinds(descriptor: Descriptor) -> tuple[str, dict[int, str]] | None:
    for name in ("kinds", "kind"):
        field = descriptor.fields_by_name.get(name)
        if field is not None and field.enum_type is not None:
            return name, _names(field.enum_type)
    return None


@lru_cache
def _names(enum: EnumDescriptor) -> dict[int, str]:
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return {one.number: one.name.removeprefix(prefix) for one in enum.values}
