"""The catalogue of kinds and acts, read from the protobuf files and their comments.

`schemas/generate.py` writes it to `docs/catalogue.md`. A kind's row is its number without the last
digit; its details stand in the field that is named after it, or that the family's lifecycle names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from google.protobuf import descriptor_pb2 as pb

LIFECYCLES = Path(__file__).parents[1] / "contracts" / "lifecycles"
FAMILIES = {
    "assistance": ("协助", "AssistanceKind", ("AssistanceRequested",)),
    "clue": ("线索", "ClueKind", ("ClueTransferred",)),
    "notification": ("通报", "NotificationKind", ("CaseNotified",)),
    "consultation": ("会商", "ConsultationKind", ("ConsultationConvened",)),
    "recommendation": ("建议", "RecommendationKind", ("RecommendationIssued",)),
    "datashare": ("数据共享", "DatashareKind", ("ModelPublished", "DatasetPublished")),
}
"""By family: its Chinese name, the enum of its kinds, the messages that open a matter of it."""
DETAILS_FROM = 20
"""Fields below this number are shared by all kinds."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SHARED, _PAGE = 100, "collab/v1/"


@dataclass(frozen=True)
class Schema:
    """Messages and enums of `collab.v1` by name, and the comment above each thing."""

    messages: dict[str, pb.DescriptorProto]
    enums: dict[str, pb.EnumDescriptorProto]
    comments: dict[str, str]
    """By `Message`, `Message.field`, `Enum` or `Enum.VALUE`; one line each."""


@dataclass(frozen=True)
class Kind:
    """One kind of a family."""

    row: int
    family: str
    name: str
    zh: str
    details: str
    """The field that describes it; empty where it needs none."""
    fields: tuple[str, ...]
    """The fields of its details."""


def read(image: bytes) -> Schema:
    """Read an image with source information, as `protoc --include_source_info` writes it."""
    found = Schema({}, {}, {})
    for file in pb.FileDescriptorSet.FromString(image).file:
        if not file.name.startswith(_PAGE):
            continue
        comments = {
            tuple(place.path): " ".join(place.leading_comments.split())
            for place in file.source_code_info.location
        }
        for m, message in enumerate(file.message_type):
            found.messages[message.name] = message
            found.comments[message.name] = comments.get((4, m), "")
            for f, field in enumerate(message.field):
                found.comments[f"{message.name}.{field.name}"] = comments.get((4, m, 2, f), "")
        for e, enum in enumerate(file.enum_type):
            found.enums[enum.name] = enum
            found.comments[enum.name] = comments.get((5, e), "")
            for v, value in enumerate(enum.value):
                found.comments[f"{enum.name}.{value.name}"] = comments.get((5, e, 2, v), "")
    return found


def kinds(schema: Schema) -> Iterator[Kind]:
    """Give the kinds of all families, in the order of their rows."""
    found: list[Kind] = []
    for family, (_, enum, openings) in FAMILIES.items():
        named = _named(family)
        prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", enum).upper() + "_"
        described = {
            field.name: field.type_name.rpartition(".")[2]
            for opening in openings
            for field in schema.messages[opening].field
            if field.number >= DETAILS_FROM
        }
        for value in schema.enums[enum].value:
            if value.number == 0:
                continue
            name = value.name.removeprefix(prefix)
            details = named.get(name, name.lower())
            message = schema.messages.get(described.get(details, ""))
            found.append(
                Kind(
                    value.number // 10,
                    family,
                    name,
                    schema.comments[f"{enum}.{value.name}"].partition(":")[0],
                    details if message else "",
                    tuple(field.name for field in message.field) if message else (),
                )
            )
    # The sort is stable: within a row, families and numbers stay in order.
    yield from sorted(found, key=lambda kind: kind.row)


def _named(family: str) -> dict[str, str]:
    """Give the details that a lifecycle names for kinds whose field has another name."""
    file = LIFECYCLES / f"{family}.yaml"
    if not file.exists():
        return {}
    found: dict[str, str] = {}
    for opening in yaml.safe_load(file.read_text("utf-8"))["opens"].values():
        found.update(opening.get("details") or {})
    return found


def document(schema: Schema) -> str:
    """Give the catalogue as Markdown: what `docs/catalogue.md` must contain."""
    lines = [
        "# Catalogue",
        "",
        "What collaborations the bus carries (协作事项目录), by the rows of the source study. "
        "Written from `schemas/collab/v1/`: change it there, then run `make schemas`. Rules of "
        "single fields (lengths, patterns, what must be filled in) stand beside the fields.",
        "",
        "## Kinds",
        "",
        "A matter is opened by one message of its family. It names its kind; what all kinds share "
        "comes first, the details of the kind stand in a field of the same name.",
        "",
        "| family | 类别 | opened by | fields that all kinds share |",
        "|---|---|---|---|",
    ]
    for family, (zh, _, openings) in FAMILIES.items():
        for opening in openings:
            shared = [f.name for f in schema.messages[opening].field if f.number < DETAILS_FROM]
            lines.append(f"| {family} | {zh} | `{opening}` | {_code(shared)} |")
    lines += ["", "| row | family | kind | 中文 | details |", "|---|---|---|---|---|"]
    for kind in kinds(schema):
        details = f"`{kind.details}`: {_code(kind.fields)}" if kind.details else ""
        lines.append(f"| {kind.row} | {kind.family} | `{kind.name}` | {kind.zh} | {details} |")
    lines += ["", "## Acts", "", "What else is said in a matter (行为).", ""]
    lines += ["| family | act | 中文 | fields |", "|---|---|---|---|"]
    openings = {opening for *_, all_of in FAMILIES.values() for opening in all_of}
    family = "all"
    for field in sorted(schema.messages["Body"].field, key=lambda one: one.number):
        act = field.type_name.rpartition(".")[2]
        if act in openings:
            family = next(name for name, (*_, all_of) in FAMILIES.items() if act in all_of)
            continue
        zh = re.split(r"[:(,.;]", schema.comments[act])[0].strip()
        fields = [one.name for one in schema.messages[act].field]
        whose = family if field.number >= _SHARED else "all"
        lines.append(f"| {whose} | `{act}` | {zh} | {_code(fields)} |")
    return "\n".join(lines) + "\n"


def _code(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
