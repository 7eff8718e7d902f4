"""Write `contracts/calendar.yaml` from the package `chinesecalendar`.

`python contracts/generate_calendar.py` after an update of the package; with `--check` it changes
nothing and exits 1 when the file isn't what it would write. The package gathers what the State
Council's General Office announces each autumn (关于部分节假日安排的通知); what counts is the file.
A day that changes raises the version by one.
"""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
from chinese_calendar.constants import holidays

FILE = Path(__file__).with_name("calendar.yaml")
HEAD = """\
# 工作日历: the days on which work in China deviates from Monday to Friday.
#
# Source: 国务院办公厅关于部分节假日安排的通知, of each year, as gathered by the package
# `chinesecalendar`. Written by `generate_calendar.py` beside this file, which a test compares.
# Beyond the last year weekends alone count.
#
#   holidays  放假: Mondays to Fridays that are free
#   workdays  调休上班: Saturdays and Sundays that are worked

"""


def listed(days: list[date]) -> str:
    """Write days as a list, six a line."""
    rows = [days[at : at + 6] for at in range(0, len(days), 6)]
    return "[" + ",\n               ".join(", ".join(map(str, row)) for row in rows) + "]"


def years() -> str:
    """Write the table."""
    lines = ["years:"]
    for year in range(min(holidays).year, max(holidays).year + 1):
        day = date(year, 1, 1)
        free: list[date] = []
        worked: list[date] = []
        while day.year == year:
            if chinese_calendar.is_workday(day) != (day.weekday() < 5):
                (free if day.weekday() < 5 else worked).append(day)
            day += timedelta(days=1)
        lines += [
            f'  "{year}":',
            f"    holidays: {listed(free)}",
            f"    workdays: {listed(worked)}",
        ]
    return "\n".join(lines) + "\n"


def text(before: str) -> str:
    """Give what the file should hold; `before` is what it holds now."""
    found = re.search(r"^version: (\d+)$", before, re.MULTILINE)
    version = int(found[1]) if found else 0
    table = years()
    if not before.endswith(table):
        version += 1
    source = "国务院办公厅关于部分节假日安排的通知"
    return f"{HEAD}version: {version}\nsource: {source}\n{table}"


if __name__ == "__main__":
    before = FILE.read_text("utf-8") if FILE.exists() else ""
    if "--check" in sys.argv:
        sys.exit(0 if text(before) == before else f"{FILE.name} differs: run this without --check")
    FILE.write_text(text(before), "utf-8")
