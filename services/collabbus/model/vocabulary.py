"""Vocabulary: whether a lifecycle speaks only of what the schemas have.

Every type of act is a message of `Body`, every kind a value of its opening's enumeration, and every
path leads to a field. Pydantic knows the form of a lifecycle, and this module its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import cast

import protovalidate
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model.body import FIELD_OF, kind_names, said
from collabbus.model.lifecycle import (
    Chain,
    CopyRule,
    Default,
    Kind,
    Lifecycle,
    Opening,
    RemarkRule,
    StepRule,
)
from collabbus.model.rules import Act

ENVELOPE = frozenset(each.name for each in fields(Act)) - {"kind", "office", "body", "seen_step"}
"""What an act may be required to bring beside its body."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a lifecycle that its form alone doesn't show."""

    key: tuple[str | int, ...]
    """Where, as in the file."""
    rule: str
    """What would have been right."""


def unknown_words(lifecycle: Lifecycle) -> Iterator[Flaw]:
    """Yield every word of a lifecycle that the schemas don't have; none if all are known."""
    for kind, opening in lifecycle.opens.items():
        yield from _opening(("opens", kind), kind, opening)
    yield from _kinds(lifecycle)
    for name, chain in chains(lifecycle):
        for kind, step in chain.steps.items():
            yield from _step((name, "steps", kind), kind, step)
        for kind, remark in chain.remarks.items():
            yield from _remark((name, "remarks", kind), kind, remark)
    for name, deadline in lifecycle.deadlines.items():
        if deadline.default is not None and deadline.default.act in FIELD_OF:
            yield from _default(("deadlines", name, "default"), deadline.default)


def chains(lifecycle: Lifecycle) -> Iterator[tuple[str, Chain]]:
    """Yield the sorts of threads of a family by their key in the file."""
    yield "main", lifecycle.main
    if lifecycle.track is not None:
        yield "track", lifecycle.track


def message_of(kind: str) -> Descriptor | None:
    """Give the message of a type of act; None if the schemas have none."""
    field = FIELD_OF.get(kind)
    if field is None:
        return None
    return cast("Descriptor", body_pb2.Body.DESCRIPTOR.fields_by_name[field].message_type)


def several_kinds(kind: str) -> bool:
    """Tell whether an opening may name several kinds at once."""
    message = message_of(kind)
    return message is not None and "kinds" in message.fields_by_name


# Acts ---------------------------------------------------------------------------------------


def _opening(key: tuple[str, ...], kind: str, opening: Opening) -> Iterator[Flaw]:
    message = message_of(kind)
    if message is None:
        yield _no_type(key, kind)
        return
    yield from _required((*key, "requires"), message, opening.requires)
    yield from _once((*key, "once"), message, opening.once)
    yield from _correctable((*key, "correctable"), message, opening.correctable)
    for index, copy in enumerate(opening.copies):
        yield from _copies((*key, "copies", index), message, copy)
    known = kind_names(kind)
    for name, each in opening.kinds.items():
        place = (*key, "kinds", name)
        if name not in known:
            yield Flaw(place, f"must be a kind of {kind} in the schemas: {_some(known)}")
        yield from _required((*place, "requires"), message, each.requires)
        yield from _details((*place, "details"), message, name, each)
    named = {each.details or name.lower() for name, each in opening.kinds.items()}
    for oneof in message.oneofs:
        if oneof.name != "details":
            continue
        for field in oneof.fields:
            if field.name not in named:
                words = f"must have a kind whose details are {field.name}, a field of {kind}"
                yield Flaw((*key, "kinds"), words)


def _details(
    key: tuple[str | int, ...], message: Descriptor, name: str, kind: Kind
) -> Iterator[Flaw]:
    if kind.details is None:
        return
    if not _is_message(message.fields_by_name.get(kind.details)):
        yield Flaw(key, f"must be a field of {message.name} that is a message")
    elif kind.details != name.lower() and _is_message(message.fields_by_name.get(name.lower())):
        yield Flaw(key, f"must be {name.lower()}, the field that is named after the kind")


def _kinds(lifecycle: Lifecycle) -> Iterator[Flaw]:
    """Openings that share an enumeration share its kinds among them, and leave none out."""
    held: dict[tuple[str, ...], list[str]] = {}
    for kind in lifecycle.opens:
        if kind in FIELD_OF:
            held.setdefault(kind_names(kind), []).append(kind)
    for known, openings in held.items():
        for name in known:
            holders = [each for each in openings if name in lifecycle.opens[each].kinds]
            if not holders:
                words = f"must have {name} too, a kind of {' or '.join(openings)} in the schemas"
                yield Flaw(("opens", openings[0], "kinds"), words)
            elif len(holders) > 1:
                words = f"must stand in one opening; {holders[0]} has it already"
                yield Flaw(("opens", holders[1], "kinds", name), words)
    all_kinds = {name for opening in lifecycle.opens.values() for name in opening.kinds}
    for sort, chain in chains(lifecycle):
        acts: list[tuple[str, str, StepRule | RemarkRule]] = [
            *(("steps", kind, step) for kind, step in chain.steps.items()),
            *(("remarks", kind, remark) for kind, remark in chain.remarks.items()),
        ]
        for group, kind, rule in acts:
            field = "kinds" if rule.kinds else "unless"
            for index, name in enumerate(rule.kinds or rule.unless):
                if name not in all_kinds:
                    key = (sort, group, kind, field, index)
                    yield Flaw(key, "must be one of the kinds of the family's openings")


def _step(key: tuple[str, ...], kind: str, step: StepRule) -> Iterator[Flaw]:
    message = message_of(kind)
    if message is None:
        yield _no_type(key, kind)
        return
    yield from _required((*key, "requires"), message, step.requires)
    if step.forwards or step.assigns:
        flag = "forwards" if step.forwards else "assigns"
        yield from _has((*key, flag), message, "office", FieldDescriptor.TYPE_STRING)
    for flag in ("proposes", "agrees", "gathers"):
        if getattr(step, flag):
            yield from _has((*key, flag), message, "sha256", FieldDescriptor.TYPE_BYTES)
    yield from _correctable((*key, "correctable"), message, step.correctable)
    if step.field is not None:
        known = _values(message, step.field)
        if not known:
            yield Flaw((*key, "field"), f"must be a field of {message.name} that is an enumeration")
        for value in step.turns:
            if known and value not in known:
                words = f"must be a value of {step.field}: {_some(known)}"
                yield Flaw((*key, "turns", value), words)
    for name, values in step.allows.items():
        known = _values(message, name)
        if not known:
            words = f"must be a field of {message.name} that is an enumeration"
            yield Flaw((*key, "allows", name), words)
        for index, value in enumerate(values):
            if known and value not in known:
                words = f"must be a value of {name}: {_some(known)}"
                yield Flaw((*key, "allows", name, index), words)


def _values(message: Descriptor, name: str) -> list[str]:
    """Give the names of an enumeration's values without their prefix; none of another field."""
    field = message.fields_by_name.get(name)
    if field is None or field.enum_type is None or field.is_repeated:
        return []
    prefix = field.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return [one.name.removeprefix(prefix) for one in field.enum_type.values if one.number]


def _remark(key: tuple[str, ...], kind: str, remark: RemarkRule) -> Iterator[Flaw]:
    message = message_of(kind)
    if message is None:
        yield _no_type(key, kind)
        return
    yield from _required((*key, "requires"), message, remark.requires)
    yield from _once((*key, "once"), message, remark.once)
    yield from _correctable((*key, "correctable"), message, remark.correctable)
    if remark.dated:
        yield from _has((*key, "dated"), message, "due_date", FieldDescriptor.TYPE_STRING)


def _default(key: tuple[str, ...], default: Default) -> Iterator[Flaw]:
    """A default's body must stand by itself: nobody is there to fill it in."""
    content = {FIELD_OF[default.act]: dict(default.content)}
    try:
        body = json_format.ParseDict(content, body_pb2.Body())
    except json_format.ParseError as error:
        yield Flaw((*key, "with"), f"must be the fields of {default.act}: {error}")
        return
    for violation in protovalidate.collect_violations(said(body), fail_fast=True):
        yield Flaw((*key, "with"), f"must be a whole {default.act}: {violation.proto.message}")


# Paths --------------------------------------------------------------------------------------


def _required(
    key: tuple[str | int, ...], message: Descriptor, paths: tuple[str, ...]
) -> Iterator[Flaw]:
    for index, path in enumerate(paths):
        place = (*key, index)
        if not path.startswith("body."):
            if path not in ENVELOPE:
                words = f"must be body.<field>, or one of {', '.join(sorted(ENVELOPE))}"
                yield Flaw(place, words)
            continue
        field = _field(message, path.removeprefix("body."))
        if field is None:
            yield Flaw(place, f"must lead to a field of {message.name}, and to none of a list")
        elif _is_message(field):
            # A message counts as filled in even when it is absent.
            yield Flaw(place, f"must lead to a field within {path}, not to the message itself")


def _once(
    key: tuple[str | int, ...], message: Descriptor, paths: tuple[str, ...]
) -> Iterator[Flaw]:
    for index, path in enumerate(paths):
        field = _field(message, path)
        if field is None or field.message_type is not None or field.is_repeated:
            words = f"must lead to a single value of {message.name}, such as an identifier"
            yield Flaw((*key, index), words)


def _correctable(
    key: tuple[str | int, ...], message: Descriptor, paths: tuple[str, ...]
) -> Iterator[Flaw]:
    for index, path in enumerate(paths):
        if _field(message, path) is None:
            yield Flaw((*key, index), f"must lead to a field of {message.name}")


def _copies(key: tuple[str | int, ...], message: Descriptor, copy: CopyRule) -> Iterator[Flaw]:
    field = _field(message, copy.when)
    if field is None or field.message_type is not None:
        yield Flaw((*key, "when"), f"must be a field of {message.name} that says yes or no")
    known = [name.removeprefix("COPY_ROLE_") for name, number in ev.CopyRole.items() if number]
    for index, role in enumerate(copy.roles):
        if role not in known:
            yield Flaw((*key, "roles", index), f"must be a role of a copy: {_some(known)}")


def _field(message: Descriptor | None, path: str) -> FieldDescriptor | None:
    """Give the field at the end of a path; None if it leads nowhere, or through a list."""
    field: FieldDescriptor | None = None
    for name in path.split("."):
        if message is None or (field is not None and field.is_repeated):
            return None
        field = message.fields_by_name.get(name)
        if field is None:
            return None
        message = field.message_type
    return field


def _is_message(field: FieldDescriptor | None) -> bool:
    return field is not None and field.message_type is not None and not field.is_repeated


def _has(key: tuple[str, ...], message: Descriptor, name: str, type_number: int) -> Iterator[Flaw]:
    field = message.fields_by_name.get(name)
    if field is None or field.type != type_number:
        yield Flaw(key, f"must be said of an act whose message has a field {name}")


def _no_type(key: tuple[str, ...], kind: str) -> Flaw:
    return Flaw(key, f"must be a type of act of the schemas (Body); they have no {kind}")


def _some(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more
