"""Schemas: the JSON form of messages as JSON Schema, written from descriptors and field rules."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, OneofDescriptor

from buf.validate import validate_pb2

Schema = dict[str, Any]

_RANGES = {
    FieldDescriptor.TYPE_INT32: (-(1 << 31), (1 << 31) - 1),
    FieldDescriptor.TYPE_UINT32: (0, (1 << 32) - 1),
}
_NAMES = {
    FieldDescriptor.TYPE_INT32: "int32",
    FieldDescriptor.TYPE_UINT32: "uint32",
    FieldDescriptor.TYPE_INT64: "int64",
    FieldDescriptor.TYPE_UINT64: "uint64",
}
_NO_NUL = r"^[^\u0000]*$"


class Schemas:
    """The components of one OpenAPI document, filled as messages are asked for."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}

    def ref(self, descriptor: Descriptor) -> Schema:
        """Give a reference to a message, with which it stands among the components."""
        name = descriptor.full_name
        if name not in self.components:
            self.components[name] = {}  # so that a message that holds itself comes to an end
            self.components[name] = self.message(descriptor)
        return {"$ref": f"#/components/schemas/{name}"}

    def message(self, descriptor: Descriptor, only: Collection[str] | None = None) -> Schema:
        """Give the schema of a message; with `only`, of these fields of it."""
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for field in descriptor.fields:
            if only is not None and field.json_name not in only:
                continue
            properties[field.json_name] = self._field(field)
            if _needed(field):
                required.append(field.json_name)
        schema: Schema = {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
        }
        if required:
            schema["required"] = required
        for oneof in descriptor.oneofs:
            names = [field.json_name for field in oneof.fields]
            if len(names) == len(properties) > 1:
                schema["maxProperties"] = 1
                if _must_choose(oneof):
                    schema["minProperties"] = 1
        return schema

    def _field(self, field: FieldDescriptor) -> Schema:
        rules = _rules(field)
        if not field.is_repeated:
            return self._single(field, rules)
        schema: Schema = {"type": "array", "items": self._single(field, rules.repeated.items)}
        if rules.repeated.HasField("min_items"):
            schema["minItems"] = rules.repeated.min_items
        if rules.repeated.HasField("max_items"):
            schema["maxItems"] = rules.repeated.max_items
        if rules.repeated.unique:
            schema["uniqueItems"] = True
        return schema

    def _single(self, field: FieldDescriptor, rules: validate_pb2.FieldRules) -> Schema:
        if field.message_type is not None:
            return self.ref(field.message_type)
        if field.enum_type is not None:
            barred = set(rules.enum.not_in)
            names = [one.name for one in field.enum_type.values if one.number not in barred]
            return {"type": "string", "enum": names}
        match field.type:
            case FieldDescriptor.TYPE_STRING:
                return _text(rules.string)
            case FieldDescriptor.TYPE_BYTES:
                return {"type": "string", "contentEncoding": "base64", **_size(rules.bytes)}
            case FieldDescriptor.TYPE_BOOL:
                return {"type": "boolean"}
            case FieldDescriptor.TYPE_DOUBLE:
                return {"type": "number"}
            case _:
                return _whole(field, rules)


def _rules(field: FieldDescriptor) -> validate_pb2.FieldRules:
    # The stubs know extensions of generated messages only.
    options: Any = field.GetOptions()
    found: validate_pb2.FieldRules = options.Extensions[validate_pb2.field]
    return found


def _must_choose(oneof: OneofDescriptor) -> bool:
    options: Any = oneof.GetOptions()
    return bool(options.Extensions[validate_pb2.oneof].required)


def _text(rules: validate_pb2.StringRules) -> Schema:
    schema: Schema = {"type": "string"}
    if rules.HasField("min_len"):
        schema["minLength"] = rules.min_len
    if rules.HasField("max_len"):
        schema["maxLength"] = rules.max_len
    # PostgreSQL, which holds all that is recorded, has no character U+0000.
    schema["pattern"] = rules.pattern if rules.HasField("pattern") else _NO_NUL
    return schema


def _size(rules: validate_pb2.BytesRules) -> Schema:
    """Give how many characters so many bytes are in base64."""
    schema: Schema = {"pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"}
    least = rules.len if rules.HasField("len") else rules.min_len
    most = rules.len if rules.HasField("len") else rules.max_len
    if least:
        schema["minLength"] = (least + 2) // 3 * 4
    if most:
        schema["maxLength"] = (most + 2) // 3 * 4
    return schema


def _whole(field: FieldDescriptor, rules: validate_pb2.FieldRules) -> Schema:
    kind = _NAMES[field.type]
    bounds = getattr(rules, kind)
    schema: Schema = {"type": "integer", "format": kind}
    if field.type in _RANGES:
        schema["minimum"], schema["maximum"] = _RANGES[field.type]
    elif kind == "uint64":
        schema["minimum"], schema["maximum"] = 0, (1 << 64) - 1
    else:
        schema["minimum"], schema["maximum"] = -(1 << 63), (1 << 63) - 1
    if bounds.HasField("gt"):
        schema["minimum"] = bounds.gt + 1
    if bounds.HasField("gte"):
        schema["minimum"] = bounds.gte
    if bounds.HasField("lt"):
        schema["maximum"] = bounds.lt - 1
    if bounds.HasField("lte"):
        schema["maximum"] = bounds.lte
    if kind.endswith("64"):
        return {"anyOf": [schema, {"type": "string", "pattern": "^-?[0-9]{1,19}$"}]}
    return schema


def _needed(field: FieldDescriptor) -> bool:
    """Tell whether a message without the field breaks a rule."""
    rules = _rules(field)
    if rules.required:
        return True
    if rules.ignore != validate_pb2.IGNORE_UNSPECIFIED or field.message_type is not None:
        return field.is_repeated and rules.repeated.min_items > 0
    if field.is_repeated:
        return rules.repeated.min_items > 0
    if field.has_presence:
        return False
    if field.enum_type is not None:
        return 0 in rules.enum.not_in
    if field.type == FieldDescriptor.TYPE_STRING:
        text = rules.string
        return bool(text.min_len or (text.HasField("pattern") and not re.search(text.pattern, "")))
    if field.type == FieldDescriptor.TYPE_BYTES:
        return bool(rules.bytes.min_len or rules.bytes.len)
    if field.type in _NAMES:
        bounds = getattr(rules, _NAMES[field.type])
        return bool(
            (bounds.HasField("gt") and bounds.gt >= 0)
            or (bounds.HasField("gte") and bounds.gte > 0)
        )
    return False
