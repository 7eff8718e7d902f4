"""Coordination (协调机制): who calls the members of a network together, and by which right."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator, model_validator

from collabbus.model.office import Name, OfficeId, rule


def each_once(value: tuple[str, ...]) -> tuple[str, ...]:
    """Return `value` as it is; raise a contract rule's error if something stands in it twice."""
    twice = sorted({each for each in value if value.count(each) > 1})
    if twice:
        raise rule(f"must name each once; {twice[0]} stands there twice")
    return value


class Rotation(BaseModel):
    """轮值召集: the regions convene by turns, a calendar year each (003§10)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_year: Annotated[StrictInt, Field(ge=1, le=9999)]
    """The year in which the first of `order` convenes; before it nobody does."""
    order: tuple[Name, ...] = Field(min_length=1)
    """Every region of the network, each once; after the last the first convenes again."""

    @field_validator("order", mode="after")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return each_once(value)

    def in_year(self, year: int) -> str | None:
        """Return the region that convenes in a year; None before the first year."""
        turn = year - self.first_year
        return None if turn < 0 else self.order[turn % len(self.order)]


class Linkage(BaseModel):
    """府检联动: a government and a procuratorate that coordinate under conveners (004三(一))."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conveners: OfficeId
    """召集人: they decide together, so they are one office."""
    deputy: OfficeId | None = None
    """副召集人."""
    office: OfficeId
    """联动办公室: in charge of daily contact and coordination."""
    members: tuple[OfficeId, ...] = Field(min_length=2)
    """成员单位, in the order of their ids: on their application talks are held (004三(二)).

    Who is addressed only (各街道办事处) is an office of the network and no member.
    """

    @field_validator("members", mode="after")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return each_once(value)

    @field_validator("members", mode="after")
    @classmethod
    def _in_order(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(value))

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.deputy == self.conveners:
            raise ValueError(
                f"deputy: must be another office than {self.conveners}, which convenes"
            )
        return self
