"""Due times: 24:00 (UTC+8) of a day, as milliseconds since 1970."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

CHINA = timezone(timedelta(hours=8))
DAY_MS = 86_400_000
_OFFSET_MS = 8 * 3_600_000
_EPOCH = date(1970, 1, 1).toordinal()


def end_of(day: date) -> int:
    """Give 24:00 (UTC+8) of a day."""
    return (day.toordinal() - _EPOCH + 1) * DAY_MS - _OFFSET_MS


def day_of(time_ms: int) -> date:
    """Give the day (UTC+8) in which a time falls."""
    return datetime.fromtimestamp(time_ms / 1000, CHINA).date()


def days_after(time_ms: int, days: int) -> int:
    """Give 24:00 (UTC+8) of the day that lies `days` calendar days after a time."""
    return ((time_ms + _OFFSET_MS) // DAY_MS + days + 1) * DAY_MS - _OFFSET_MS


def months_after(day: date, months: int) -> date:
    """Give the day so many calendar months after a day, or the last of a month that is too short.

    One month after 31 January is the last day of February. Raises ValueError beyond the years 1
    to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_day(text: str) -> date | None:
    """Read `2026-12-31`; None if there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def rfc3339(time_ms: int) -> str:
    """Write a time as CloudEvents want it, `2026-12-31T01:02:03.004Z`."""
    seconds, rest = divmod(time_ms, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
