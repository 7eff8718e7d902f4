from __future__ import annotations

import random
import re

import protovalidate
import pytest

from collab.v1 import body_pb2
from collabbus.model.body import FIELD_OF, said, type_of
from collabbus.simulate.bodies import Bodies
from collabbus.simulate.pattern import UnknownPatternError, parse

NOW_MS = 1_790_000_000_000
OFFICES = ("beijing/haidian", "tianjin/binhai")


def bodies(seed: int) -> Bodies:
    return Bodies(random.Random(seed), OFFICES, ("beijing", "tianjin"))


@pytest.mark.parametrize("kind", sorted(FIELD_OF))
def test_a_body_of_any_type_keeps_the_rules_of_its_fields(kind: str) -> None:
    for seed in range(10):
        body = bodies(seed).write(kind, NOW_MS)
        assert type_of(body) == kind
        assert not protovalidate.collect_violations(said(body), fail_fast=True), body


def test_what_is_wanted_is_filled_in_however_deep() -> None:
    for seed in range(20):
        body = bodies(seed).write("ClueTransferred", NOW_MS, {"model.hit_id", "damage.amount"})
        assert body.clue_transferred.model.hit_id


def test_of_fields_that_exclude_each_other_the_wanted_one_is_filled_in() -> None:
    for seed in range(20):
        body = bodies(seed).write("ConsultationConvened", NOW_MS, {"campaign"})
        assert body.consultation_convened.HasField("campaign")


def test_the_same_seed_writes_the_same_body() -> None:
    assert bodies(1).write("Replied", NOW_MS) == bodies(1).write("Replied", NOW_MS)
    several = {bodies(seed).write("CaseNotified", NOW_MS).SerializeToString() for seed in range(9)}
    assert len(several) > 3


def test_a_body_is_of_the_message_that_all_families_share() -> None:
    assert isinstance(bodies(0).write("Commented", NOW_MS), body_pb2.Body)


@pytest.mark.parametrize(
    "text",
    [
        "^[a-z][a-z0-9-]{0,31}/[a-z0-9][a-z0-9-]{0,63}$",
        "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$",
        "^[a-z][a-z0-9_]{0,63}(\\.[a-z][a-z0-9_]{0,63}){0,3}$",
        "^[A-Za-z0-9][A-Za-z0-9_.:-]{7,63}$",
    ],
)
def test_what_a_pattern_writes_it_matches(text: str) -> None:
    for seed in range(50):
        assert re.fullmatch(text, parse(text).write(random.Random(seed)))


def test_a_pattern_that_may_be_empty_says_so() -> None:
    assert parse("^([0-9]{4})?$").may_be_empty
    assert not parse("^[a-z]([0-9]{4})?$").may_be_empty


@pytest.mark.parametrize("text", ["^a|b$", "^.*$", "^a+$"])
def test_a_pattern_that_isnt_known_is_named(text: str) -> None:
    with pytest.raises(UnknownPatternError, match="teach it"):
        parse(text)
