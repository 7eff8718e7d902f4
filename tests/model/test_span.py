from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import TypeAdapter, ValidationError

from collabbus.model.calendar import WEEKENDS
from collabbus.model.span import Span, SpanText, Unit, months_after

WORKING = WEEKENDS
READ = TypeAdapter(SpanText)
DAYS = some.dates(date(2024, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1 day", Span(1, Unit.DAYS)),
        ("30 days", Span(30, Unit.DAYS)),
        ("1 working day", Span(1, Unit.WORKING_DAYS)),
        ("10 working days", Span(10, Unit.WORKING_DAYS)),
        ("1 month", Span(1, Unit.MONTHS)),
        ("9999 months", Span(9999, Unit.MONTHS)),
    ],
)
def test_a_span_is_read_as_it_is_written(text: str, span: Span) -> None:
    found = READ.validate_python(text)
    assert found == span
    assert READ.validate_python(found) == span
    assert READ.validate_python(READ.dump_python(found)) == span  # and can be read back


@pytest.mark.parametrize(
    "text",
    ["", "days", "0 days", "-1 days", "1.5 days", "10000 days", "10  days", "10 weeks",
     "10 days ", "十 days", "010 days", 10, None, ["10 days"], {"days": 10}],
)  # fmt: skip
def test_what_is_no_span_is_refused_with_the_way_out(text: object) -> None:
    with pytest.raises(ValidationError, match="such as 10 working days"):
        READ.validate_python(text)


@given(DAYS, some.integers(1, 60))
def test_days_are_counted_from_the_day_after(day: date, number: int) -> None:
    span = Span(number, Unit.DAYS)
    assert span.after(day, WORKING) == day + timedelta(days=number)
    assert span.before(span.after(day, WORKING), WORKING) == day


@given(DAYS, some.integers(1, 30))
def test_a_span_of_working_days_ends_on_one_and_takes_no_shorter_than_its_days(
    day: date, number: int
) -> None:
    """Whatever the calendar says of a day, each span is one working day longer than the last."""
    span = Span(number, Unit.WORKING_DAYS)
    end = span.after(day, WORKING)
    assert end >= day + timedelta(days=number)
    assert end == WORKING.workdays_after(day, number)
    assert Span(number + 1, Unit.WORKING_DAYS).after(day, WORKING) > end
    assert (
        span.before(day, WORKING)
        == WORKING.workdays_before(day, number)
        <= day - timedelta(days=number)
    )


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_a_month_ends_on_the_same_number_or_on_its_last_day(
    day: date, months: int, end: date
) -> None:
    assert months_after(day, months) == end
    unit = Span(abs(months), Unit.MONTHS)
    assert (unit.after if months > 0 else unit.before)(day, WORKING) == end


@given(DAYS, some.integers(1, 36))
def test_months_go_by_the_calendar_and_not_by_a_number_of_days(day: date, months: int) -> None:
    end = months_after(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day <= day.day
    assert end.day == day.day or (end + timedelta(days=1)).day == 1
