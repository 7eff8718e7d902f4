"""Bodies: what an act may say, made from nothing but its message and the rules of its fields.

A new kind of collaboration is a message; it needs no change here.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import protovalidate
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from buf.validate import validate_pb2
from collab.v1 import body_pb2
from collabbus.model.body import FIELD_OF
from collabbus.model.deadline import DAY_MS, day_of
from collabbus.simulate.pattern import Pattern, parse

WORDS = ("知悉", "情况说明", "请予协助", "已办理", "当日在何处?", "材料见附件", "第三条")
"""What stands where any text may stand."""
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_REGION = "^[a-z][a-z0-9-]{0,31}$"
_OFFICE = "^[a-z][a-z0-9-]{0,31}/[a-z0-9][a-z0-9-]{0,63}$"
_DEPTH = 3
"""Deeper than this, only what must be there is there."""
_TRIES = 12

_INTEGERS = (
    FieldDescriptor.TYPE_INT32,
    FieldDescriptor.TYPE_INT64,
    FieldDescriptor.TYPE_UINT32,
    FieldDescriptor.TYPE_UINT64,
)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field, and what its rules say of one value and of how many there are."""

    name: str
    type: int
    many: bool
    message: Descriptor | None
    enum: tuple[int, ...]
    excludes: bool
    needed: bool
    fewest: int
    most: int
    unique: bool
    pattern: str
    grammar: Pattern | None
    shortest: int
    longest: int
    size: int
    lowest: int
    highest: int


class Bodies:
    """Writes bodies, by seed."""

    def __init__(self, rnd: random.Random, offices: Sequence[str], regions: Sequence[str]) -> None:
        self._rnd = rnd
        self._offices = offices
        self._regions = regions
        self._now_ms = 0

    def write(self, kind: str, now_ms: int, wanted: Collection[str] = ()) -> body_pb2.Body:
        """Give a body of a type that keeps all rules of its fields.

        `wanted` are paths of fields that must be filled in, `model.model_id` for one in another.
        """
        self._now_ms = now_ms
        body = body_pb2.Body()
        self._fill(getattr(body, FIELD_OF[kind]), set(wanted), 0)
        getattr(body, FIELD_OF[kind]).SetInParent()
        return body

    def _fill(self, message: Message, wanted: set[str], depth: int) -> None:
        """Fill in a message; one with a rule over several fields is drawn until it keeps it."""
        fields, ruled = _plan(message.DESCRIPTOR)
        for _ in range(_TRIES):
            for one in fields:
                if one.message is body_pb2.Body.DESCRIPTOR:
                    continue  # a correction without the whole body corrects the envelope
                here = {path[len(one.name) + 1 :] for path in wanted if _begins(path, one.name)}
                # Of fields that exclude each other only what is wanted is filled in.
                likely = 0.25 if depth < _DEPTH and not one.excludes else 0.0
                if one.needed or here or self._rnd.random() < likely:
                    self._set(message, one, here - {""}, depth)
            if not ruled or not protovalidate.collect_violations(message, fail_fast=True):
                return
            message.Clear()

    def _set(self, message: Message, one: _Field, wanted: set[str], depth: int) -> None:
        if not one.many:
            if one.message is not None:
                within = getattr(message, one.name)
                within.SetInParent()
                self._fill(within, wanted, depth + 1)
            else:
                setattr(message, one.name, self._value(one, bool(wanted) or depth == 0))
            return
        into = getattr(message, one.name)
        count = min(max(one.fewest, self._rnd.choice((1, 1, 2))), one.most)
        for _ in range(count + _TRIES):
            if len(into) >= count:
                return
            if one.message is not None:
                self._fill(into.add(), wanted, depth + 1)
            elif (found := self._value(one, filled=True)) not in into or not one.unique:
                into.append(found)

    def _value(self, one: _Field, filled: bool) -> Any:
        rnd = self._rnd
        if one.type == FieldDescriptor.TYPE_STRING:
            return self._text(one)
        if one.type == FieldDescriptor.TYPE_BYTES:
            return rnd.randbytes(one.size or max(one.shortest, 8))
        if one.type == FieldDescriptor.TYPE_ENUM:
            return rnd.choice(one.enum)
        if one.type == FieldDescriptor.TYPE_BOOL:
            return filled and rnd.random() < 0.5
        if one.type in _INTEGERS:
            return rnd.randint(max(one.lowest, 1 if filled else 0), max(one.highest, 1))
        return rnd.random()

    def _text(self, one: _Field) -> str:
        rnd = self._rnd
        if _DATE in one.pattern:
            return day_of(self._now_ms + rnd.randint(0, 50) * DAY_MS).isoformat()
        if one.pattern == _OFFICE:
            return rnd.choice(self._offices)
        if one.pattern == _REGION:
            return rnd.choice(self._regions)
        if one.grammar is not None:
            return one.grammar.write(rnd)
        word = rnd.choice(WORDS)
        while len(word) < one.shortest:
            word += word
        return word[: one.longest]


def _begins(path: str, name: str) -> bool:
    return path == name or path.startswith(name + ".")


@cache
def _plan(descriptor: Descriptor) -> tuple[tuple[_Field, ...], bool]:
    """Give the fields of a message, and whether it has rules over several of them."""
    options = descriptor.GetOptions()
    rules: validate_pb2.MessageRules = options.Extensions[validate_pb2.message]  # type: ignore[index]
    ruled = bool(rules.cel)
    return tuple(_fields(descriptor)), ruled


def _fields(descriptor: Descriptor) -> Iterator[_Field]:
    for field in descriptor.fields:
        rules: validate_pb2.FieldRules = field.GetOptions().Extensions[validate_pb2.field]  # type: ignore[index]
        many = field.is_repeated
        of_one = rules.repeated.items if many else rules
        text, data, number = of_one.string, of_one.bytes, _number(field, of_one)
        pattern = text.pattern
        enum: tuple[int, ...] = ()
        if field.enum_type is not None:
            never = set(of_one.enum.not_in)
            enum = tuple(v for v in field.enum_type.values_by_number if v not in never and v)
        optional = rules.ignore == validate_pb2.IGNORE_IF_ZERO_VALUE
        must = (
            text.min_len > 0
            or bool(pattern and not parse(pattern).may_be_empty)
            or bool(0 in of_one.enum.not_in)
            or bool(data.len or data.min_len)
            or number[0] > 0
        )
        yield _Field(
            name=field.name,
            type=field.type,
            many=many,
            message=field.message_type,
            enum=enum,
            excludes=field.containing_oneof is not None and len(field.containing_oneof.fields) > 1,
            needed=rules.required
            or (rules.repeated.min_items > 0 if many else must and not optional),
            fewest=rules.repeated.min_items,
            most=rules.repeated.max_items or 64,
            unique=rules.repeated.unique,
            pattern=pattern,
            grammar=parse(pattern) if pattern else None,
            shortest=text.min_len or data.min_len,
            longest=text.max_len or 64,
            size=data.len,
            lowest=number[0],
            highest=number[1],
        )


def _number(field: FieldDescriptor, rules: validate_pb2.FieldRules) -> tuple[int, int]:
    """Give the lowest and highest value that a whole number may have, near zero."""
    names = {
        FieldDescriptor.TYPE_INT32: "int32",
        FieldDescriptor.TYPE_INT64: "int64",
        FieldDescriptor.TYPE_UINT32: "uint32",
        FieldDescriptor.TYPE_UINT64: "uint64",
    }
    if field.type not in names:
        return 0, 0
    found = getattr(rules, names[field.type])
    lowest = max(found.gt + 1 if found.HasField("gt") else 0, found.gte)
    highest = lowest + 100
    if found.HasField("lte"):
        highest = min(highest, found.lte)
    if found.HasField("lt"):
        highest = min(highest, found.lt - 1)
    return lowest, highest
