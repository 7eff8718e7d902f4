from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
from chinese_calendar.constants import holidays
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from collabbus.contracts import load
from collabbus.model.calendar import WEEKENDS, Calendar

CONTRACTS = Path(__file__).parents[2] / "contracts"
CALENDAR = load(CONTRACTS).calendar
days = some.dates(date(2003, 6, 1), date(2027, 12, 31))
one = timedelta(days=1)


def every_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += one


def table(**change: Any) -> dict[str, Any]:
    year = {"holidays": ["2026-01-01", "2026-10-01"], "workdays": ["2026-10-10"]}
    return {"version": 1, "source": "none", "years": {"2026": year}} | change


def test_the_table_is_what_the_package_gathered_day_by_day() -> None:
    first, last = min(holidays).year, max(holidays).year
    assert (min(CALENDAR.years), CALENDAR.last_year) == (first, last) == (2004, 2026)
    for day in every_day(date(first, 1, 1), date(last, 12, 31)):
        assert CALENDAR.is_workday(day) is chinese_calendar.is_workday(day), day


def test_the_file_is_what_the_script_writes() -> None:
    done = subprocess.run(
        [sys.executable, str(CONTRACTS / "generate_calendar.py"), "--check"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-09-30", True),
        ("2026-10-01", False),  # 国庆节
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # a Saturday that is worked for it
        ("2026-10-11", False),
    ],
)
def test_the_national_days_of_2026(day: str, worked: bool) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        ("2026-09-30", 0, "2026-09-30"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-10-03", 0, "2026-10-03"),  # not worked, and not moved
        ("2026-10-03", 1, "2026-10-08"),
        ("2026-12-31", 1, "2027-01-01"),  # beyond the table: a Friday
        ("2026-12-31", 2, "2027-01-04"),
    ],
)
def test_working_days_are_counted_from_the_next_day(day: str, count: int, then: str) -> None:
    assert CALENDAR.workdays_after(date.fromisoformat(day), count) == date.fromisoformat(then)


@given(some.dates(date(2027, 1, 1), date(9999, 12, 31)))
def test_beyond_the_table_weekends_alone_count(day: date) -> None:
    assert not CALENDAR.covers(day)
    assert CALENDAR.is_workday(day) is (day.weekday() < 5)
    assert WEEKENDS.is_workday(day) is (day.weekday() < 5)


@given(some.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_within_the_table_every_day_is_covered(day: date) -> None:
    assert CALENDAR.covers(day)
    assert not WEEKENDS.covers(day)


@given(days, some.integers(1, 400))
def test_so_many_working_days_lie_between(day: date, count: int) -> None:
    """Against a count over the package's own answers, day by day."""
    then = CALENDAR.workdays_after(day, count)

    def worked(each: date) -> bool:
        return chinese_calendar.is_workday(each) if CALENDAR.covers(each) else each.weekday() < 5

    assert worked(then)
    assert sum(worked(each) for each in every_day(day + one, then)) == count
    assert CALENDAR.workdays_between(day, then) == count


@given(days, days, some.integers(0, 60), some.integers(0, 60))
def test_who_begins_later_or_has_more_days_ends_no_earlier(
    a: date, b: date, few: int, more: int
) -> None:
    early, late = sorted((a, b))
    few, more = sorted((few, more))
    assert CALENDAR.workdays_after(early, few) <= CALENDAR.workdays_after(late, more)
    if few < more:
        assert CALENDAR.workdays_after(early, few) < CALENDAR.workdays_after(early, more)


@given(days, some.integers(0, 60), some.integers(0, 60))
def test_days_may_be_counted_in_parts(day: date, first: int, rest: int) -> None:
    whole = CALENDAR.workdays_after(day, first + rest)
    assert CALENDAR.workdays_after(CALENDAR.workdays_after(day, first), rest) == whole


def test_what_lies_not_later_is_no_working_day_late() -> None:
    assert CALENDAR.workdays_between(date(2026, 10, 9), date(2026, 10, 9)) == 0
    assert CALENDAR.workdays_between(date(2026, 10, 9), date(2026, 10, 8)) == 0


def test_less_than_no_working_days_are_refused() -> None:
    with pytest.raises(ValueError, match="-1 working days after 2026-10-09"):
        CALENDAR.workdays_after(date(2026, 10, 9), -1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"years": {"2026": {"holidays": ["2026-10-03"], "workdays": []}}},
         "Mondays to Fridays; 2026-10-03 is free as it is"),
        ({"years": {"2026": {"holidays": [], "workdays": ["2026-10-01"]}}},
         "Saturdays and Sundays; 2026-10-01 is worked as it is"),
        ({"years": {"2026": {"holidays": ["2025-10-01"], "workdays": []}}},
         "must hold each day in its year; 2025-10-01 stands in 2026"),
        ({"years": {"2026": {"holidays": ["2026-10-01", "2026-10-01"], "workdays": []}}},
         "must name each day once; 2026-10-01"),
        ({"years": {"2026": {"holidays": ["2026-02-30"], "workdays": []}}}, "a day that exists"),
        ({"years": {"2026": {"holidays": ["20261001"], "workdays": []}}}, "a day that exists"),
        ({"years": {"2026": {"holidays": [20261001], "workdays": []}}}, "a day that exists"),
        ({"years": {"26": {"holidays": [], "workdays": []}}}, "must be a year in quotes"),
        ({"years": {"2024": {"holidays": [], "workdays": []},
                    "2026": {"holidays": [], "workdays": []}}}, "2025 is missing"),
        ({"years": {"2026": {"holidays": []}}}, "Field required"),
        ({"version": "1"}, "valid integer"),
        ({"source": ""}, "not empty"),
        ({"valid": True}, "not permitted"),
    ],
)  # fmt: skip
def test_a_table_that_says_what_cant_be_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Calendar.model_validate(table(**change))


def test_the_order_of_days_and_years_doesnt_show() -> None:
    turned = table()
    turned["years"]["2026"]["holidays"].reverse()
    turned["years"] = {"2027": {"holidays": [], "workdays": []}} | turned["years"]
    straight = table()
    straight["years"]["2027"] = {"holidays": [], "workdays": []}
    assert Calendar.model_validate(turned) == Calendar.model_validate(straight)
    assert list(Calendar.model_validate(turned).years) == [2026, 2027]


def test_a_calendar_is_the_same_after_a_round_trip_and_cant_be_changed() -> None:
    assert Calendar.model_validate(CALENDAR.model_dump()) == CALENDAR
    assert Calendar.model_validate_json(CALENDAR.model_dump_json()) == CALENDAR
    with pytest.raises(ValidationError, match="frozen"):
        CALENDAR.version = 2
