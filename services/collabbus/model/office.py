"""Offices (机构): the organisations of a region, and the text forms that name them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StrictBool,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from collabbus.model.bilingual import Bilingual
from collabbus.model.domain import Domain
from collabbus.model.function import Function

_SLUG = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_NAME = re.compile(_SLUG)
_OFFICE = re.compile(f"{_SLUG}/{_SLUG}")
_CODE = re.compile("[1-8][0-9]{5}")


def rule(words: str) -> PydanticCustomError:
    """Make the error of a broken contract rule; a validator raises it, a loader shows `words`."""
    return PydanticCustomError("contract_rule", "{words}", {"words": words})


def _name(text: str) -> str:
    if not is_name(text):
        raise rule("must be at most 40 lower-case letters, digits and single hyphens, "
                   "a letter first, such as beijing")  # fmt: skip
    return text


def _office_id(text: str) -> str:
    if not is_office_id(text):
        raise rule("must be a region's id, a slash and a name in lower case, "
                   "such as beijing/haidian")  # fmt: skip
    return text


def _code(text: str) -> str:
    if not is_code(text):
        raise rule('must be a GB/T 2260 code: six digits in quotes, such as "110108"')
    return text


def _filled(text: str) -> str:
    if not text or text != text.strip():
        raise rule("must be text that is not empty and has no blanks around it")
    return text


def is_name(text: str) -> bool:
    """Tell whether `text` has the form of a region's or network's id; it need not exist."""
    return _NAME.fullmatch(text) is not None and len(text) <= 40


def is_office_id(text: str) -> bool:
    """Tell whether `text` has the form of an office's id; the office need not exist."""
    return _OFFICE.fullmatch(text) is not None and len(text) <= 80


def is_code(text: str) -> bool:
    """Tell whether `text` has the form of a GB/T 2260 code; the place need not exist."""
    return _CODE.fullmatch(text) is not None


Name = Annotated[str, AfterValidator(_name)]
OfficeId = Annotated[str, AfterValidator(_office_id)]
Code = Annotated[str, AfterValidator(_code)]
Text = Annotated[str, AfterValidator(_filled)]


class Level(Bilingual):
    """Where an office stands; values equal the names."""

    PROVINCIAL = "PROVINCIAL", "省级院"
    BRANCH = "BRANCH", "分院、市州院"
    DISTRICT = "DISTRICT", "基层院"
    DISPATCHED = "DISPATCHED", "派出院"
    OTHER = "OTHER", "其他机关"

    def above(self, other: Level) -> bool:
        """Tell whether an office of this level may be the parent of one of level `other`."""
        if other is Level.OTHER or self is Level.OTHER:
            return self is other  # outside the procuratorates' hierarchy, but with one of its own
        return _RANK[self] > _RANK[other]


# A dispatched office may stand under any other level of procuratorate.
_RANK = {Level.PROVINCIAL: 3, Level.BRANCH: 2, Level.DISTRICT: 1, Level.DISPATCHED: 0}


class Office(BaseModel):
    """An organisation that takes part through its region's node."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: OfficeId
    zh: Text
    en: Text
    level: Level
    parent: OfficeId | None = None
    code: Code | None = None
    specialities: tuple[Domain, ...] = ()
    """The domains whose matters are routed to it; in alphabetical order, each once."""
    cross_district: StrictBool = False
    """跨行政区划: for its specialities it answers in the whole region, not in one district."""
    acts_for_subordinates: StrictBool = False
    """It may take the steps of the offices below it in their name."""
    departments: dict[Function, Text] = {}
    """内设部门: by function, the department that does this work here, where known."""

    @field_validator("specialities", mode="after")
    @classmethod
    def _each_once(cls, value: tuple[Domain, ...]) -> tuple[Domain, ...]:
        if len(set(value)) < len(value):
            raise rule("must name each domain once")
        return tuple(sorted(value))

    @field_validator("cross_district", mode="after")
    @classmethod
    def _has_domains(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("specialities") == ():
            raise rule("a cross-district office must name the specialities for which it is one")
        return value

    @property
    def region(self) -> str:
        """The id of the office's region."""
        return self.id.partition("/")[0]
