"""The working calendar (工作日历): which days are worked in China, as the contract's table says.

The State Council announces each year's holidays, and the days at weekends that are worked for them
(调休), in the autumn before. The table holds what was announced. Beyond it weekends alone count as
free, so a due time that is set there may be some days off; a new table makes a new contract, and
moves no due time that stands in an event.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, field_validator

from collabbus.model.deadline import parse_day
from collabbus.model.office import Text, rule

_SATURDAY = 5


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    day = parse_day(value) if isinstance(value, str) else None
    if day is None or day.isoformat() != value:
        raise rule("must be a day that exists, such as 2026-10-01")
    return day


def _year(key: Any) -> Any:
    if isinstance(key, str) and len(key) == 4 and key.isdecimal() and key.isascii():
        return int(key)
    if isinstance(key, int):
        return key
    raise rule('must be a year in quotes, such as "2026"')


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY


Day = Annotated[date, BeforeValidator(_day)]
Year = Annotated[int, BeforeValidator(_year), Field(ge=1949, le=9999)]


class Deviations(BaseModel):
    """How one year deviates from working Monday to Friday; days in order, each once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    holidays: tuple[Day, ...]
    """放假: Mondays to Fridays that are free."""
    workdays: tuple[Day, ...]
    """调休上班: Saturdays and Sundays that are worked."""

    @field_validator("holidays", "workdays", mode="after")
    @classmethod
    def _in_order(cls, value: tuple[date, ...]) -> tuple[date, ...]:
        twice = sorted({each for each in value if value.count(each) > 1})
        if twice:
            raise rule(f"must name each day once; {twice[0]} stands there twice")
        return tuple(sorted(value))

    @field_validator("holidays", mode="after")
    @classmethod
    def _weekdays(cls, value: tuple[date, ...]) -> tuple[date, ...]:
        for each in value:
            if _is_weekend(each):
                raise rule(f"must be Mondays to Fridays; {each} is free as it is")
        return value

    @field_validator("workdays", mode="after")
    @classmethod
    def _weekends(cls, value: tuple[date, ...]) -> tuple[date, ...]:
        for each in value:
            if not _is_weekend(each):
                raise rule(f"must be Saturdays and Sundays; {each} is worked as it is")
        return value


class Calendar(BaseModel):
    """A table of deviations, year by year without a gap; every lookup is a set's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[StrictInt, Field(ge=0)]
    """Raised by one whenever a day of the table changes."""
    source: Text
    years: dict[Year, Deviations]

    @field_validator("years", mode="after")
    @classmethod
    def _whole(cls, value: dict[int, Deviations]) -> dict[int, Deviations]:
        missing = sorted(set(range(min(value, default=0), max(value, default=0))) - set(value))
        if value and missing:
            raise rule(f"must have every year from the first to the last; {missing[0]} is missing")
        for year, deviations in value.items():
            for each in (*deviations.holidays, *deviations.workdays):
                if each.year != year:
                    raise rule(f"must hold each day in its year; {each} stands in {year}")
        return dict(sorted(value.items()))

    @cached_property
    def _holidays(self) -> frozenset[date]:
        return frozenset(each for year in self.years.values() for each in year.holidays)

    @cached_property
    def _workdays(self) -> frozenset[date]:
        return frozenset(each for year in self.years.values() for each in year.workdays)

    @property
    def last_year(self) -> int | None:
        """The last year that the table covers; None if it covers none."""
        return max(self.years, default=None)

    def covers(self, day: date) -> bool:
        """Tell whether the table says how the day's year deviates."""
        return day.year in self.years

    def is_workday(self, day: date) -> bool:
        """Tell whether a day is worked; where the table doesn't cover it, Monday to Friday are."""
        if _is_weekend(day):
            return day in self._workdays
        return day not in self._holidays

    def workdays_after(self, day: date, count: int) -> date:
        """Return the day on which the `count`-th working day after `day` falls.

        `day` itself isn't counted, whether it is worked or not; 0 working days after it is itself.
        Raises ValueError for less than 0 and OverflowError beyond the year 9999.
        """
        if count < 0:
            raise ValueError(f"{count} working days after {day}: the count must be at least 0")
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def workdays_before(self, day: date, count: int) -> date:
        """Return the day from which on `count` working days are left up to the end of `day`.

        0 working days before it is itself. Raises OverflowError before the year 1.
        """
        while count > 0:
            count -= self.is_workday(day)
            day -= timedelta(days=1)
        return day

    def workdays_between(self, day: date, later: date) -> int:
        """Count the working days after `day` up to `later`, that day included; 0 if none is later.

        So a matter that is late since `day` is so many working days late at the end of `later`.
        """
        days = range(day.toordinal() + 1, later.toordinal() + 1)
        return sum(self.is_workday(date.fromordinal(each)) for each in days)


WEEKENDS = Calendar(version=0, source="no table", years={})
"""The calendar that covers no year: only Saturdays and Sundays are free."""
