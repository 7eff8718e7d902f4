"""Forms: messages as JSON that comes from outside, read strictly, with every fault at once.

Protobuf's own reader takes several spellings of everything and stops at the first fault. Here a
field has one name (lowerCamelCase) and one form, the one in the OpenAPI document, and whoever sends
a wrong one learns of all of them, each with its place.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import protovalidate
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

DEPTH = 32
"""Messages within messages; the schemas need less than ten."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a request."""

    pointer: str
    """A JSON pointer (RFC 6901) into the body; "" is the whole of it."""
    rule: str
    """Which rule is broken, such as `string.max_len`."""
    detail: str


def read(
    message: Message, data: object, *, at: str = "", only: Collection[str] | None = None
) -> list[Fault]:
    """Fill a message from its JSON form, and give what is wrong with it; then throw it away.

    `at` is where `data` stands in the request; with `only` no other fields of it are known.
    """
    faults: list[Fault] = []
    _read(message, data, at, faults, 0, only)
    return faults


def broken(message: Message, at: str = "") -> list[Fault]:
    """Give the field rules of the schema that a message breaks."""
    descriptor: Any = message.DESCRIPTOR
    return [_broken(one, descriptor, at) for one in protovalidate.collect_violations(message)]


def json_name(descriptor: Descriptor, path: str) -> str:
    """Give the pointer of a field that is named the schema's way, such as `body.place`."""
    parts = []
    at: Descriptor | None = descriptor
    for name in path.split("."):
        field = at.fields_by_name.get(name) if at is not None else None
        parts.append(field.json_name if field is not None else name)
        at = field.message_type if field is not None else None
    return "/" + "/".join(parts)


def _read(
    message: Message,
    data: object,
    at: str,
    faults: list[Fault],
    depth: int,
    only: Collection[str] | None = None,
) -> None:
    if not isinstance(data, dict):
        faults.append(Fault(at, "type", f"must be an object, it is {_shown(data)}"))
        return
    if depth > DEPTH:
        faults.append(Fault(at, "depth", f"must not lie deeper than {DEPTH} messages"))
        return
    fields = _fields(message.DESCRIPTOR)
    choices: dict[str, str] = {}
    for name, value in data.items():
        field = fields.get(name)
        if field is None or (only is not None and name not in only):
            known = ", ".join(sorted(fields if only is None else only))
            place = f"{at}/{_escaped(name)}"
            faults.append(Fault(place, "unknown", f"is no field here: use {known[:400]}"))
            continue
        place = f"{at}/{name}"
        if field.choice:
            if field.choice in choices:
                other = choices[field.choice]
                faults.append(Fault(place, "oneof", f"can't be given beside {other!r}"))
                continue
            choices[field.choice] = name
        field.fill(message, value, place, faults, depth)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    choice: str
    repeated: bool
    scalar: Callable[[object], Any] | None
    """None for a message."""

    def fill(
        self, message: Message, value: object, at: str, faults: list[Fault], depth: int
    ) -> None:
        if self.repeated:
            if not isinstance(value, list):
                faults.append(Fault(at, "type", f"must be a list, it is {_shown(value)}"))
                return
            held = getattr(message, self.name)
            for index, one in enumerate(value):
                if self.scalar is None:
                    _read(held.add(), one, f"{at}/{index}", faults, depth + 1)
                else:
                    self._try(held.append, self.scalar, one, f"{at}/{index}", faults)
        elif self.scalar is None:
            inner = getattr(message, self.name)
            # An empty message, too, says that it is there.
            inner.SetInParent()
            _read(inner, value, at, faults, depth + 1)
        else:
            self._try(lambda v: setattr(message, self.name, v), self.scalar, value, at, faults)

    @staticmethod
    def _try(
        keep: Callable[[Any], object],
        scalar: Callable[[object], Any],
        value: object,
        at: str,
        faults: list[Fault],
    ) -> None:
        try:
            keep(scalar(value))
        except UnicodeError:
            faults.append(Fault(at, "text", "must be text that UTF-8 can write"))
        except (ValueError, TypeError) as error:
            faults.append(Fault(at, "type", str(error)))


@cache
def _fields(descriptor: Descriptor) -> Mapping[str, _Field]:
    return {
        field.json_name: _Field(
            field.name,
            _choice(field),
            field.is_repeated,
            None if field.message_type is not None else _scalar(field),
        )
        for field in descriptor.fields
    }


def _choice(field: FieldDescriptor) -> str:
    """Give the oneof of a field, "" for none; `optional` is written as a oneof of its own."""
    oneof = field.containing_oneof
    return oneof.name if oneof is not None and len(oneof.fields) > 1 else ""


def _scalar(field: FieldDescriptor) -> Callable[[object], Any]:
    if field.enum_type is not None:
        return _enum(field.enum_type)
    return _SCALARS[field.type]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"must be text, it is {_shown(value)}")
    if "\0" in value:
        raise ValueError("must not hold the character U+0000")
    return value


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"must be true or false, it is {_shown(value)}")
    return value


def _whole(bits: int, *, signed: bool) -> Callable[[object], int]:
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)

    def whole(value: object) -> int:
        if bits == 64 and isinstance(value, str) and value.removeprefix("-").isdecimal():
            # JavaScript can't hold 64 bits, so they may stand in a string.
            value = int(value) if value.isascii() and len(value) <= 20 else value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"must be a whole number, it is {_shown(value)}")
        if not low <= value <= high:
            raise ValueError(f"must lie from {low} to {high}")
        return value

    return whole


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"must be a number, it is {_shown(value)}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError("must be a number that 64 bits can hold") from None


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise TypeError(f"must be base64 in a string, it is {_shown(value)}")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must be base64 (RFC 4648, section 4)") from None


def _enum(enum: EnumDescriptor) -> Callable[[object], int]:
    numbers = {value.name: value.number for value in enum.values}

    def named(value: object) -> int:
        found = numbers.get(value) if isinstance(value, str) else None
        if found is None:
            known = ", ".join(numbers)
            raise ValueError(f"must be one of {known[:600]}; it is {_shown(value)}")
        return found

    return named


_SCALARS: dict[int, Callable[[object], Any]] = {
    FieldDescriptor.TYPE_STRING: _text,
    FieldDescriptor.TYPE_BYTES: _bytes,
    FieldDescriptor.TYPE_BOOL: _bool,
    FieldDescriptor.TYPE_INT32: _whole(32, signed=True),
    FieldDescriptor.TYPE_UINT32: _whole(32, signed=False),
    FieldDescriptor.TYPE_INT64: _whole(64, signed=True),
    FieldDescriptor.TYPE_UINT64: _whole(64, signed=False),
    FieldDescriptor.TYPE_DOUBLE: _number,
}


def _broken(violation: protovalidate.Violation, descriptor: Descriptor, at: str) -> Fault:
    proto = violation.proto
    inside: Descriptor | None = descriptor
    pointer = at
    for element in proto.field.elements if proto.field is not None else ():
        name = element.field_name or ""
        field = inside.fields_by_name.get(name) if inside is not None else None
        pointer += f"/{field.json_name if field is not None else name}"
        if element.subscript is not None:
            pointer += f"/{element.subscript.value}"
        inside = field.message_type if field is not None else None
    return Fault(pointer, proto.rule_id or "rule", proto.message or proto.rule_id or "is wrong")


def _escaped(name: str) -> str:
    # What isn't text in UTF-8 can't be answered either.
    readable = name.encode("utf-8", "replace").decode()
    return readable[:80].replace("~", "~0").replace("/", "~1")


def _shown(value: object) -> str:
    """Say what sort of JSON a value is; what it says stays out of answers and logs."""
    if value is None:
        return "null"
    for sort, name in (
        (bool, "true or false"),
        (str, "text"),
        (list, "a list"),
        (dict, "an object"),
    ):
        if isinstance(value, sort):
            return name
    return "a number"
