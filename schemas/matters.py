"""The verbs of each family, written from the messages and lifecycles: `handlers/families.py`.

What an office can answer in a matter of a family is a method there, with the fields of its message
as typed arguments; those that the schema wants filled must be given. So an answer that the family
doesn't have, or that lacks something, is a type error before it runs.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "services" / "collabbus" / "handlers" / "families.py"

VERBS = {
    "Accepted": "accept",
    "AccessRequested": "request_access",
    "Acknowledged": "acknowledge",
    "ApplicationWithdrawn": "withdraw_application",
    "Assessed": "assess",
    "Assigned": "assign",
    "CaseIndexed": "index_case",
    "ClarificationAnswered": "answer",
    "ClarificationAsked": "ask",
    "Closed": "close",
    "ClueResultReported": "report_result",
    "ClueReviewed": "review",
    "Commented": "comment",
    "Completed": "complete",
    "DecisionAgreed": "agree",
    "DecisionProposed": "propose_decision",
    "DecisionRecorded": "record_decision",
    "Declined": "decline",
    "Drafted": "draft",
    "Extended": "extend",
    "ExtensionAsked": "ask_extension",
    "Forwarded": "forward",
    "Granted": "grant",
    "HearingHeld": "hold_hearing",
    "HitOutcomeRecorded": "record_hit_outcome",
    "InForce": "put_in_force",
    "LeaveAsked": "leave",
    "MediationStaged": "stage_mediation",
    "ModelHit": "report_hit",
    "ObjectionDecided": "decide_objection",
    "Objected": "object_to",
    "OpinionSubmitted": "submit_opinion",
    "ParticipantAdded": "add_participants",
    "Progressed": "progress",
    "ProposalAnswered": "answer_proposal",
    "Received": "receive",
    "Rectified": "rectify",
    "Replied": "reply",
    "Returned": "hand_back",
    "Signed": "sign",
    "StageRecorded": "record_stage",
    "Subscribed": "subscribe",
    "Unsubscribed": "unsubscribe",
    "VersionPublished": "publish_version",
    "WithdrawalAsked": "ask_withdrawal",
    "WithdrawalGranted": "grant_withdrawal",
    "WithdrawalRefused": "refuse_withdrawal",
}
"""What an officer does, by the message that says that it was done."""
RESERVED = {"officer": "assignee", "due_date": "until", "case_number": "filed_as"}
"""Fields that are named like what every answer is told, and what they are called instead."""

_SCALARS = {
    FieldDescriptor.CPPTYPE_INT32: "int",
    FieldDescriptor.CPPTYPE_INT64: "int",
    FieldDescriptor.CPPTYPE_UINT32: "int",
    FieldDescriptor.CPPTYPE_UINT64: "int",
    FieldDescriptor.CPPTYPE_DOUBLE: "float",
    FieldDescriptor.CPPTYPE_FLOAT: "float",
    FieldDescriptor.CPPTYPE_BOOL: "bool",
}


class _Source:
    """One writing of the module: what it refers to is gathered on the way."""

    def __init__(self) -> None:
        from collab.v1 import body_pb2

        fields = body_pb2.Body.DESCRIPTOR.oneofs[0].fields
        self.messages: dict[str, Descriptor] = {f.message_type.name: f.message_type for f in fields}
        self.enums: dict[str, EnumDescriptor] = {}
        self.files: set[str] = set()

    def reference(self, message: Descriptor) -> str:
        module = message.file.name.rpartition("/")[2].removesuffix(".proto") + "_pb2"
        self.files.add(module)
        return f"{module}.{message.name}"

    def type_of(self, field: FieldDescriptor) -> str:
        if field.message_type is not None:
            single = self.reference(field.message_type)
        elif field.enum_type is not None:
            self.enums[field.enum_type.name] = field.enum_type
            single = field.enum_type.name
        elif field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
            single = "bytes" if field.type == FieldDescriptor.TYPE_BYTES else "str"
        else:
            single = _SCALARS[field.cpp_type]
        return f"Sequence[{single}]" if field.is_repeated else single

    def method(self, act: str, zh: str) -> list[str]:
        message = self.messages[act]
        needed, optional, given = [], [], []
        for field in message.fields:
            name = RESERVED.get(field.name, field.name)
            kind = self.type_of(field)
            given.append((field.name, name))
            if _wanted(field):
                needed.append(f"{name}: {kind}")
            elif field.is_repeated:
                optional.append(f"{name}: {kind} = ()")
            else:
                optional.append(f"{name}: {kind} | None = None")
        head = [f"    def {VERBS[act]}(", "        self,", "        *,", "        officer: str,"]
        head += [f"        {one}," for one in needed + optional]
        head += ["        **details: Unpack[Answering],", "    ) -> Answer:"]
        says = f'        """{zh}: answer with {act}."""'
        body = f"        return self.act({self.reference(message)}("
        body += ", ".join(f"{field}={name}" for field, name in given)
        return [*head, says, f"{body}), officer=officer, **details)", ""]


def _wanted(field: FieldDescriptor) -> bool:
    """Tell whether the schema's rules refuse a message without this field."""
    from buf.validate import validate_pb2

    rules = field.GetOptions().Extensions[validate_pb2.field]
    if rules.ignore == validate_pb2.IGNORE_IF_ZERO_VALUE:
        return False
    return bool(
        rules.required
        or rules.string.min_len
        or rules.bytes.min_len
        or rules.bytes.len
        or rules.repeated.min_items
        or 0 in rules.enum.not_in
        or rules.uint32.HasField("gt")
        or rules.uint64.HasField("gt")
        or (rules.string.pattern and not re.fullmatch(rules.string.pattern, ""))
    )


def _said(chain: dict[str, Any] | None) -> dict[str, str]:
    acts: dict[str, str] = {}
    for part in ("steps", "remarks"):
        for act, rule in ((chain or {}).get(part) or {}).items():
            acts.setdefault(act, rule["zh"])
    return acts


def document() -> str:
    """Give the module as it must stand, formatted."""
    source = _Source()
    common: dict[str, str] = {}
    for rules in yaml.safe_load((ROOT / "contracts" / "remarks.yaml").read_text("utf-8")).values():
        if isinstance(rules, dict):
            for act, rule in rules.items():
                if act in VERBS and rule.get("by") != "region":
                    common.setdefault(act, rule["zh"])
    lifecycles = [
        yaml.safe_load(path.read_text("utf-8"))
        for path in sorted((ROOT / "contracts" / "lifecycles").glob("*.yaml"))
    ]
    classes: list[str] = []
    families: list[tuple[str, str, list[str]]] = []
    for lifecycle in lifecycles:
        family = lifecycle["family"]
        name = f"{family.capitalize()}Matter"
        acts = _said(lifecycle["main"]) | _said(lifecycle.get("track"))
        classes += [f"class {name}(CommonMatter):", f'    """{lifecycle["zh"]}: what an office '
                    f'can answer in a matter of the family {family}."""', ""]  # fmt: skip
        for act in sorted(set(acts) - set(common)):
            classes += source.method(act, acts[act])
        own = sorted(
            message.name
            for message in source.messages.values()
            if message.file.name == f"collab/v1/{family}.proto"
        )
        families.append((family, name, own))
    methods: list[str] = []
    for act in sorted(common):
        methods += source.method(act, common[act])
    head = ['"""What an office can answer, by family: written by `make schemas`."""',
            "", "from __future__ import annotations", "", "from collections.abc import Sequence",
            "from enum import StrEnum", "from typing import Unpack", ""]  # fmt: skip
    head += [f"from collab.v1 import {', '.join(sorted(source.files))}", *_friendly(source)]
    head += ["from collabbus.handlers.answer import Answer, Answering",
             "from collabbus.handlers.matter import Matter", ""]  # fmt: skip
    enums: list[str] = []
    for enum in sorted(source.enums.values(), key=lambda one: one.name):
        prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
        enums += [f"class {enum.name}(StrEnum):", f'    """Values of collab.v1.{enum.name}."""', ""]
        enums += [
            f'    {one.name.removeprefix(prefix)} = "{one.name}"'
            for one in enum.values
            if one.number
        ]
        enums += [""]
    unions = []
    for family, _, own in families:
        unions += [f"{family.capitalize()}Body = {' | '.join(own)}",
                   f'"""What is said in matters of the family {family} alone."""']  # fmt: skip
    shared = ["class CommonMatter(Matter):",
              '    """A matter, and what an office can say in one of any family."""',
              "", *methods]  # fmt: skip
    table = [
        "OF_FAMILY: dict[str, type[CommonMatter]] = {",
        *(f'    "{family}": {name},' for family, name, _ in families),
        "}",
        '"""The matter that a handler is given, by family."""',
    ]
    exported = [m.name for m in source.messages.values() if m.file.name != "collab/v1/body.proto"]
    exported += [*source.enums, "CommonMatter", *(name for _, name, _ in families)]
    names = ["__all__ = [", *(f'    "{one}",' for one in sorted(exported)), "]", ""]
    text = "\n".join([*head, *names, *enums, *unions, "", *shared, *classes, *table, ""])
    ruff = [Path(sys.executable).parent / "ruff", "format", "--isolated", "--line-length", "100"]
    formatted = subprocess.run(
        [*ruff, "--target-version", "py311", "-"],
        input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return formatted.stdout


def _friendly(source: _Source) -> list[str]:
    files: dict[str, list[str]] = {}
    for message in source.messages.values():
        module = message.file.name.rpartition("/")[2].removesuffix(".proto") + "_pb2"
        if module != "body_pb2":
            files.setdefault(module, []).append(message.name)
    return [
        f"from collab.v1.{module} import (" + ", ".join(sorted(names)) + ")"
        for module, names in sorted(files.items())
    ]


if __name__ == "__main__":
    TARGET.write_text(document(), "utf-8")
