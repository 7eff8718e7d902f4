"""Examinations: a region looked at, check by check, without changing anything.

A check is a function that gives lines. Whoever has more to look at (a ledger, a host of handlers)
adds a `Check` to those that the command line hands to `examine`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from collabbus.contracts import Contracts, load
from collabbus.errors import CollabbusError
from collabbus.keyring import load_directory
from collabbus.link.keys import KeyDirectory
from collabbus.operate.records import Records
from collabbus.operate.topics import administrator
from collabbus.settings import Settings


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    """Nothing is lost or late yet; a person should look within the day."""
    FAIL = "fail"
    """Something doesn't work, or will not after the next restart; a person must act."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was seen, in both languages, and what to do where it isn't well."""

    level: Level
    zh: str
    en: str
    do_zh: str = ""
    do_en: str = ""

    def __post_init__(self) -> None:
        if (self.level is not Level.OK) != bool(self.do_zh and self.do_en):
            raise ValueError(f"{self.en!r}: whoever says {self.level} says what to do, or nothing")


def fine(zh: str, en: str) -> Line:
    """Give a line on what is as it should be."""
    return Line(Level.OK, zh, en)


def warn(zh: str, en: str, do_zh: str, do_en: str) -> Line:
    """Give a line on what a person should look at, and what helps."""
    return Line(Level.WARN, zh, en, do_zh, do_en)


def fail(zh: str, en: str, do_zh: str, do_en: str) -> Line:
    """Give a line on what doesn't work, and what helps."""
    return Line(Level.FAIL, zh, en, do_zh, do_en)


def _system_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Subject:
    """The region that is examined: its settings, and what they lead to, opened when asked for.

    A context manager that closes what was opened.
    """

    settings: Settings
    now_ms: Callable[[], int] = _system_ms
    """This machine's clock, milliseconds since 1970."""
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    @property
    def region(self) -> str:
        """The region's name."""
        return self.settings.region

    @cached_property
    def contracts(self) -> Contracts:
        """The contract files; raises ContractError."""
        return load(self.settings.contracts)

    @cached_property
    def directory(self) -> KeyDirectory:
        """The key directory, its signatures checked; raises the errors of `load_directory`."""
        return load_directory(self.settings.keys)

    @cached_property
    def peers(self) -> tuple[str, ...]:
        """Every region with which this one shares a network; raises ContractError."""
        networks = self.contracts.networks.values()
        mine = (network for network in networks if self.region in network.regions)
        return tuple(sorted({peer for network in mine for peer in network.peers(self.region)}))

    @cached_property
    def admin(self) -> Any:
        """kafka-python's administration client; raises TopicsRefusedError."""
        return self._stack.enter_context(administrator(self.settings.kafka))

    @cached_property
    def records(self) -> Records:
        """A reader of the region's topics; raises RecordsUnreachableError."""
        return self._stack.enter_context(Records(self.settings.kafka, self.region))

    def topic(self, name: str) -> str:
        """Give the full name of one of the region's topics."""
        return f"collab.{self.region}.{name}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()


@dataclass(frozen=True)
class Check:
    """A part of the examination."""

    name: str
    zh: str
    look: Callable[[Subject], Iterable[Line]]
    """Raises CollabbusError where it can't look: that is a failure too."""
    needs: tuple[str, ...] = ()
    """Checks that must not have failed, or this one isn't tried."""


@dataclass(frozen=True, slots=True)
class Found:
    """A line and the check that gave it."""

    check: Check
    line: Line


def examine(subject: Subject, checks: Sequence[Check]) -> Iterator[Found]:
    """Give what the checks say, line by line, as they say it.

    A check that fails ends none of the others but those that need it, which say so. Only what was
    seen is told well: a check that raises, whatever it is, is a failure.
    """
    failed: set[str] = set()
    for check in checks:
        missing = [name for name in check.needs if name in failed]
        if missing:
            failed.add(check.name)
            yield Found(check, _not_tried(missing))
            continue
        for line in _guarded(subject, check):
            if line.level is Level.FAIL:
                failed.add(check.name)
            yield Found(check, line)


def _guarded(subject: Subject, check: Check) -> Iterator[Line]:
    try:
        yield from check.look(subject)
    except CollabbusError as error:
        yield fail(
            f"检查未能完成（{error.code}）",
            f"{error.code}: {error}",
            "见英文说明",
            "see the message",
        )
    except Exception as error:  # the doctor must not fall silent because one check does
        yield fail(
            f"检查本身出错：{type(error).__name__}",
            f"the check itself failed: {type(error).__name__}: {error}",
            "请重试；若仍如此，请上报",
            "try again; if it stays so, report it",
        )


def _not_tried(missing: Sequence[str]) -> Line:
    names = ", ".join(missing)
    return warn(
        f"未检查：先须解决 {names}",
        f"not examined: it needs {names}",
        f"先处理 {names}，再运行一次",
        f"mend {names} first, then run this again",
    )


def worst(lines: Iterable[Line]) -> Level:
    """Give the worst of the lines; OK for none."""
    levels = {line.level for line in lines}
    return next((level for level in (Level.FAIL, Level.WARN) if level in levels), Level.OK)
