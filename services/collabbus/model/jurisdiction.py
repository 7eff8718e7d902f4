"""Jurisdiction (管辖): zones and areas for which a region names an office."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from collabbus.model.coordination import each_once
from collabbus.model.function import Function
from collabbus.model.office import Name, OfficeId, Text


class Zone(BaseModel):
    """综合保税区: a bonded zone, and the office in whose district it lies (000§9)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    zh: Text
    en: Text
    office: OfficeId


class Area(BaseModel):
    """片区: some offices of a region, for one function of which another keeps contact (002)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    zh: Text
    en: Text
    function: Function
    contact: OfficeId
    """片区联系: above each of the area's offices, with a department for the function."""
    offices: tuple[OfficeId, ...] = Field(min_length=1)
    """In the order of their ids; those below them are of the area too."""

    @field_validator("offices", mode="after")
    @classmethod
    def _in_order(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(each_once(value)))
