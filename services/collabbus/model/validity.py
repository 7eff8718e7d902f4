"""Validity: whether what enters keeps the field rules of the schema."""

from __future__ import annotations

import protovalidate
from google.protobuf.message import Message

from collab.v1 import body_pb2
from collabbus.model.body import said, type_of
from collabbus.model.rejection import Rejection


def check(message: Message, path: str = "") -> None:
    """See that a message keeps its rules; raises Rejection with the field at fault.

    `path` is where the message stands, and what the field's name begins with.
    """
    for violation in protovalidate.collect_violations(message, fail_fast=True):
        raise _broken(violation, path)


def check_body(body: body_pb2.Body) -> None:
    """See that a body says something that keeps its rules; raises Rejection."""
    if not type_of(body):
        raise Rejection(
            "MISSING_FIELD",
            "body.kind",
            "body.kind: it says nothing, or what only a newer schema knows",
        )
    check(said(body), f"body.{body.WhichOneof('kind')}.")


def _broken(violation: protovalidate.Violation, path: str) -> Rejection:
    proto = violation.proto
    elements = proto.field.elements if proto.field is not None else []
    field = path + ".".join(element.field_name or "" for element in elements)
    missing = proto.rule_id == "required" or not violation.field_value
    return Rejection(
        "MISSING_FIELD" if missing else "INVALID_FIELD",
        field.rstrip("."),
        f"{field or 'the message'}: {proto.message or proto.rule_id}",
    )
