from __future__ import annotations

import pytest

from collab.v1 import body_pb2, clue_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model.body import (
    BODY_TYPES,
    FIELD_OF,
    kind_names,
    kinds_of,
    said,
    type_of,
    value,
)
from tests.model.neighbours import BODIES


def test_every_body_has_a_type_of_its_own() -> None:
    for kind, body in BODIES.items():
        assert type_of(body) == kind
        assert said(body).DESCRIPTOR.name == kind
    assert set(BODY_TYPES) == set(body_pb2.Body.DESCRIPTOR.fields_by_name)
    assert len(set(BODY_TYPES.values())) == len(BODY_TYPES)
    assert {FIELD_OF[kind]: kind for kind in FIELD_OF} == BODY_TYPES


def test_what_a_newer_schema_says_has_no_type_here() -> None:
    """Invariant 8: it is answered by the rules, not by a failure."""
    newer = body_pb2.Body.FromString(b"\xfa\x3f\x00")  # a field 1023 that nobody has
    assert type_of(newer) == ""
    assert type_of(body_pb2.Body()) == ""


def test_kinds_are_named_without_the_prefix_of_their_enumeration() -> None:
    several = body_pb2.Body(assistance_requested={"kinds": [11, 12], "subject": "某"})
    assert kinds_of(said(several)) == ("WITNESS", "EVIDENCE")
    one = clue_pb2.ClueTransferred(kind=clue_pb2.ClueKind.values()[1])
    assert kinds_of(one) == (kind_names("ClueTransferred")[0],)
    assert kinds_of(said(BODIES["Received"])) == ()
    unknown = body_pb2.Body(assistance_requested={"kinds": [99], "subject": "某"})
    assert kinds_of(said(unknown)) == ("99",)


@pytest.mark.parametrize("kind", ["AssistanceRequested", "ClueTransferred", "CaseNotified"])
def test_the_kinds_of_an_opening_are_those_of_its_enumeration(kind: str) -> None:
    names = kind_names(kind)
    assert names
    assert len(set(names)) == len(names)
    assert "UNSPECIFIED" not in names


def test_what_opens_nothing_has_no_kinds() -> None:
    assert kind_names("Received") == ()


def test_a_value_lies_at_the_end_of_its_path() -> None:
    known = ev.Participant(office="beijing/haidian", route=ev.Route(region="beijing"))
    assert value(known, "route.region") == "beijing"
    assert value(known, "office") == "beijing/haidian"
