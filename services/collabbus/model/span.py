"""Spans: how long something may take, in calendar days, working days or calendar months."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, PlainSerializer

from collabbus.model.calendar import Calendar
from collabbus.model.deadline import months_after
from collabbus.model.office import rule

_WRITTEN = re.compile(r"([1-9][0-9]{0,3}) (days?|working days?|months?)")


class Unit(StrEnum):
    """In what a span is counted."""

    DAYS = "days"
    WORKING_DAYS = "working days"
    MONTHS = "months"


class Span(NamedTuple):
    """So many of a unit; written `10 working days`."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"

    def after(self, day: date, calendar: Calendar) -> date:
        """Give the last day of a span that begins with the day after `day`.

        A month ends on the day of the same number, or on its last one where it is shorter.
        """
        if self.unit is Unit.WORKING_DAYS:
            return calendar.workdays_after(day, self.number)
        if self.unit is Unit.MONTHS:
            return months_after(day, self.number)
        return day + timedelta(days=self.number)

    def before(self, day: date, calendar: Calendar) -> date:
        """Give the day that lies so long before another."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.workdays_before(day, self.number)
        if self.unit is Unit.MONTHS:
            return months_after(day, -self.number)
        return day - timedelta(days=self.number)


def _read(value: Any) -> Any:
    if isinstance(value, Span):
        return value
    found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise rule("must be a number of days, working days or months, such as 10 working days")
    unit = found[2] if found[2].endswith("s") else found[2] + "s"
    return Span(int(found[1]), Unit(unit))


SpanText = Annotated[Span, BeforeValidator(_read), PlainSerializer(str)]
"""A span as a contract file writes it."""
