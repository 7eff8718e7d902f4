"""The words in which contract files are told what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic_core import ErrorDetails

from collabbus.document import Document
from collabbus.fault import NOTHING, Fault, Key, shown

_TEXT = "must be text; put it in quotes if it looks like something else"

_WORDS: dict[str, str | Callable[[Mapping[str, Any]], str]] = {
    "contract_rule": lambda ctx: str(ctx["words"]),
    "value_error": lambda ctx: str(ctx["error"]),
    "assertion_error": lambda ctx: str(ctx["error"]),
    "missing": "must be given",
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "string_pattern_mismatch": lambda ctx: f"must have the form {ctx['pattern']}",
    "string_too_short": lambda ctx: f"must have at least {ctx['min_length']} characters",
    "string_too_long": lambda ctx: f"must have at most {ctx['max_length']} characters",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "none_required": "must be absent",
    "dict_type": "must be a mapping (key: value)",
    "mapping_type": "must be a mapping (key: value)",
    "model_type": "must be a mapping (key: value)",
    "model_attributes_type": "must be a mapping (key: value)",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "set_type": "must be a list",
    "frozen_set_type": "must be a list",
    "iterable_type": "must be a list",
    "enum": lambda ctx: f"must be {ctx['expected']}".replace("'", ""),
    "literal_error": lambda ctx: f"must be {ctx['expected']}".replace("'", ""),
    "greater_than": lambda ctx: f"must be more than {ctx['gt']}",
    "greater_than_equal": lambda ctx: f"must be at least {ctx['ge']}",
    "less_than": lambda ctx: f"must be less than {ctx['lt']}",
    "less_than_equal": lambda ctx: f"must be at most {ctx['le']}",
    "too_short": lambda ctx: f"must have at least {ctx['min_length']} entries",
    "too_long": lambda ctx: f"must have at most {ctx['max_length']} entries",
}


def faults_of(
    error: ValidationError, document: Document, model: type[BaseModel]
) -> Iterator[Fault]:
    """Yield each of a model's validation errors as a fault of the file it was read from."""
    schema: dict[str, Any] | None = None
    choices: dict[Key, Fault] = {}
    for found in error.errors(include_url=False):
        key = _key(found, document.data)
        rule = _rule(found)
        if found["type"] == "extra_forbidden":
            if schema is None:
                schema = _schema(model)
            rule = _unknown(_keys_at(schema, key[:-1]))
        elif found["type"] == "value_error":
            key, rule = _named(key, rule, document.data)
        of_key = found["loc"][-1:] == ("[key]",)
        value = shown(found["input"]) if of_key else value_at(key, document.data)
        fault = document.fault(key, value, rule)
        if not _is_choice(found["loc"], key):
            yield fault
        elif key in choices:
            choices[key] = replace(fault, rule=f"{choices[key].rule}; or {rule}")
        else:
            choices[key] = fault
    yield from choices.values()


def _rule(found: ErrorDetails) -> str:
    words = _WORDS.get(found["type"])
    if words is None:
        return found["msg"][:1].lower() + found["msg"][1:]
    return words if isinstance(words, str) else words(found.get("ctx", {}))


def _unknown(known: list[str]) -> str:
    if not known:
        return "is not a key here: mend its spelling or take it out"
    return f"is not a key here: use one of {', '.join(known)}, or take it out"


def _key(found: ErrorDetails, data: Any) -> Key:
    """Keep of an error's place what stands in the file.

    The rest names validators and members of unions; only the last part may be missing.
    """
    loc = found["loc"]
    may_be_absent = found["type"] in {"missing", "contract_rule"}
    kept: list[str | int] = []
    at = data
    for index, part in enumerate(loc):
        if isinstance(at, dict) and part in at:
            at = at[str(part)]
        elif isinstance(at, list) and isinstance(part, int) and part < len(at):
            at = at[part]
        elif part == "[key]" or not (
            may_be_absent and isinstance(at, dict) and index == len(loc) - 1
        ):
            continue
        kept.append(part)
    return tuple(kept)


def _is_choice(loc: Key, key: Key) -> bool:
    """Tell whether the error comes from one of several members of a union."""
    return loc[: len(key)] == key and len(loc) > len(key) and loc[-1] != "[key]"


_NAMED = re.compile(r"([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*): (.+)", re.DOTALL)


def _named(key: Key, rule: str, data: Any) -> tuple[Key, str]:
    """Split a model's own message `states.open.to: ...` into the key it names and the rule."""
    match = _NAMED.fullmatch(rule)
    if match is None:
        return key, rule
    named = (*key, *match[1].split("."))
    return (named, match[2]) if value_at(named[:-1], data) != NOTHING else (key, rule)


def value_at(key: Key, data: Any) -> str:
    """Show what stands at `key`; `nothing` where there is nothing."""
    at = data
    for part in key:
        if isinstance(at, dict):
            if part not in at:
                return NOTHING
            at = at[str(part)]
        elif isinstance(at, list) and isinstance(part, int) and part < len(at):
            at = at[part]
        else:
            return NOTHING
    return shown(at)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    try:
        return model.model_json_schema()
    except PydanticInvalidForJsonSchema:
        return {}  # the fault is told all the same, without the keys that would be right


def _keys_at(schema: dict[str, Any], key: Key) -> list[str]:
    """Return the keys that the schema knows at `key`; none where it can't be followed."""
    at = _resolved(schema, schema)
    for part in key:
        below = at.get("items") if isinstance(part, int) else at.get("properties", {}).get(part)
        at = _resolved(schema, below or at.get("additionalProperties") or {})
    return list(at.get("properties", {}))


def _resolved(schema: dict[str, Any], at: Any) -> dict[str, Any]:
    while isinstance(at, dict):
        if "$ref" in at:
            at = schema.get("$defs", {}).get(at["$ref"].rpartition("/")[2], {})
            continue
        objects = [each for each in at.get("anyOf", ()) if each.get("type") != "null"]
        if len(objects) != 1:
            return at
        at = objects[0]
    return {}
