"""Forms: what is read is what the schema says, and what isn't is told with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf import json_format

from collab.v1 import submission_pb2 as sub
from collabbus.gateway import form
from collabbus.gateway.schema import Schemas


def read(data: object) -> tuple[sub.Draft, dict[str, str]]:
    draft = sub.Draft()
    return draft, {one.pointer: one.rule for one in form.read(draft, data)}


def test_what_protobuf_writes_is_read_back_to_the_same_message():
    draft = sub.Draft(
        submission_id="submission-1", family=3, not_after_ms=1 << 62, expected_step=7,
        once="模型/1", participants=[{"office": "beijing/haidian", "role": 2}],
    )  # fmt: skip
    draft.body.progressed.percent = 0
    draft.body.progressed.text = '已询问\t"证人"'
    data = json.loads(json_format.MessageToJson(draft))
    found, faults = read(data)
    assert (found, faults) == (draft, {})
    assert found.body.progressed.HasField("percent")


@pytest.mark.parametrize(
    ("data", "pointer", "rule"),
    [
        ([], "", "type"),
        ({"submission_id": "x"}, "/submission_id", "unknown"),
        ({"officer": None}, "/officer", "type"),
        ({"officer": "\ud800"}, "/officer", "text"),
        ({"officer": "a\0b"}, "/officer", "type"),
        ({"family": 3}, "/family", "type"),
        ({"family": "ASSISTANCE"}, "/family", "type"),
        ({"expectedStep": 1.5}, "/expectedStep", "type"),
        ({"expectedStep": True}, "/expectedStep", "type"),
        ({"expectedStep": 1 << 32}, "/expectedStep", "type"),
        ({"notAfterMs": "9" * 30}, "/notAfterMs", "type"),
        ({"participants": {}}, "/participants", "type"),
        ({"participants": [{"office": 1}]}, "/participants/0/office", "type"),
        ({"body": {"closed": {}, "received": {}}}, "/body/received", "oneof"),
        ({"a/b~c": 1}, "/a~1b~0c", "unknown"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(data, pointer, rule):
    assert read(data)[1] == {pointer: rule}


def test_a_message_in_itself_ends_somewhere():
    data: dict[str, Any] = {"body": {"received": {}}}
    for _ in range(200):
        data = {"body": {"corrected": {"number": 1, **data}}}
    assert "depth" in read(data)[1].values()


def test_broken_rules_are_told_by_the_names_of_the_form():
    draft = sub.Draft(participants=[{"office": "nowhere"}])
    found = {one.pointer: one.rule for one in form.broken(draft)}
    assert found["/participants/0/office"] == "string.pattern"
    assert found["/submissionId"] == "string.pattern"


def test_contents_never_stand_in_what_is_told():
    _, faults = read({"officer": 4711, "participants": ["秘密"], "family": "秘密"})
    draft = sub.Draft()
    told = str(form.read(draft, {"officer": 4711, "participants": ["秘密"], "family": "秘密"}))
    assert len(faults) == 3
    assert "秘密" not in told
    assert "4711" not in told


def test_the_schema_requires_what_a_rule_requires():
    schemas = Schemas()
    schemas.ref(sub.Draft.DESCRIPTOR)
    draft = schemas.components["collab.v1.Draft"]
    assert {"submissionId", "family", "officer"} <= set(draft["required"])
    assert "caseNumber" not in draft["required"]
    assert draft["properties"]["participants"]["maxItems"] == 64
    assert schemas.components["collab.v1.Body"]["maxProperties"] == 1
    names = draft["properties"]["domain"]["enum"]
    assert "DOMAIN_FINANCE" in names
    assert "FAMILY_UNSPECIFIED" not in draft["properties"]["family"]["enum"]
