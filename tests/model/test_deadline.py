from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collabbus.model.deadline import (
    CHINA,
    DAY_MS,
    day_of,
    days_after,
    end_of,
    months_after,
    parse_day,
    rfc3339,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)
times = some.integers(0, 4_102_444_800_000)


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def test_a_day_ends_at_midnight_in_china() -> None:
    assert end_of(date(2026, 12, 31)) == ms(datetime(2027, 1, 1, tzinfo=CHINA))
    assert end_of(date(2026, 12, 31)) == ms(datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert end_of(date(1970, 1, 1)) == 16 * 3_600_000


@given(some.dates(date(1970, 1, 2), date(9999, 12, 30)))
def test_every_day_has_an_end_which_belongs_to_the_next(day: date) -> None:
    assert day_of(end_of(day) - 1) == day
    assert day_of(end_of(day)) == day + timedelta(days=1)


def test_the_last_day_that_can_be_written_has_an_end_too() -> None:
    assert end_of(date.max) - end_of(date(9999, 12, 30)) == DAY_MS


@pytest.mark.parametrize(
    ("at", "days", "due"),
    [
        (NOON, 0, datetime(2026, 11, 23, tzinfo=CHINA)),
        (NOON, 30, datetime(2026, 12, 23, tzinfo=CHINA)),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=CHINA), 1, datetime(2026, 11, 24, tzinfo=CHINA)),
        (datetime(2026, 11, 23, 0, 0, 0, tzinfo=CHINA), 1, datetime(2026, 11, 25, tzinfo=CHINA)),
        (datetime(2028, 2, 28, 12, tzinfo=CHINA), 1, datetime(2028, 3, 1, tzinfo=CHINA)),
    ],
)
def test_days_are_counted_from_the_day_in_china(at: datetime, days: int, due: datetime) -> None:
    assert days_after(ms(at), days) == ms(due)


@given(times, some.integers(0, 3660))
def test_days_after_is_the_end_of_the_day_so_many_days_on(time_ms: int, days: int) -> None:
    assert days_after(time_ms, days) == end_of(day_of(time_ms) + timedelta(days=days))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),  # of the first day, not of what lay between
        (date(2026, 11, 22), 2, date(2027, 1, 22)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(
    day: date, months: int, then: date
) -> None:
    assert months_after(day, months) == then


@given(some.dates(date(1, 1, 1), date(9000, 1, 1)), some.integers(0, 1000))
def test_no_month_is_left_out_and_no_day_comes_after_the_one_that_was_asked(
    day: date, months: int
) -> None:
    then = months_after(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    if then.day != day.day:
        assert then.day < day.day
        assert (then + timedelta(days=1)).day == 1


@given(some.dates(date(1, 1, 1)))
def test_a_written_day_is_read_back(day: date) -> None:
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize("text", ["", "2026-02-30", "2026-13-01", "0000-01-01", "tomorrow"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert parse_day(text) is None


@given(times)
def test_a_time_is_written_with_milliseconds_in_utc(time_ms: int) -> None:
    text = rfc3339(time_ms)
    moment = datetime.fromisoformat(text)
    assert text.endswith("Z")
    assert round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000) == time_ms


def test_a_time_is_written_as_cloudevents_want_it() -> None:
    assert rfc3339(1_790_000_000_004) == "2026-09-21T14:13:20.004Z"
