"""Standing (现状): what is open, late or stands still in the shards of one process, for Prometheus.

Read from the state, as the models are: a restart changes nothing. A commit costs the reading of the
threads that it changed, a scrape the number of groups and of what stands still.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from collab.state.v1 import state_pb2 as st
from collabbus.measures import processor as measures
from collabbus.model.calendar import WEEKENDS, Calendar
from collabbus.model.contract import Contract
from collabbus.model.deadline import DAY_MS, day_of, end_of
from collabbus.model.journal import UNKNOWN
from collabbus.model.store import Store
from collabbus.model.thread import FAMILIES, region_of

FROZEN = "FROZEN"
CODES = ("CAUSE", "CONTRACT", "REFUSED", FROZEN)
"""Why something stands still; the same codes as in `collabbus waiting list`."""
LONGEST_DAYS = 366
"""A longer wait is told as that of a year."""

V = TypeVar("V")
Group = tuple[str, str, str, str]
"""Network, family, region and level of the office that is awaited."""
Stand = tuple[Group, bool, bool]
"""How an open thread stands: its group, whether it is overdue, whether that was escalated."""


@dataclass(slots=True)
class _Shard:
    threads: dict[str, Stand] = field(default_factory=dict)
    """The open ones."""
    counts: Counter[Stand] = field(default_factory=Counter)
    waiting: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By key of the state: why it stands still, and since when, in ms."""
    ticked_ms: int = 0


def working_days(calendar: Calendar, since_ms: int, now_ms: int) -> float:
    """Give how many working days have passed between two times, parts of a day as fractions."""
    since_ms = max(since_ms, now_ms - LONGEST_DAYS * DAY_MS)
    passed, day = 0, day_of(since_ms)
    while (start := end_of(day) - DAY_MS) < now_ms:
        if calendar.is_workday(day):
            passed += min(now_ms, end_of(day)) - max(since_ms, start)
        day += timedelta(days=1)
    return passed / DAY_MS


class Standing(Collector):
    """The open threads, the waiting and the ticks of one process's shards."""

    def __init__(self, region: str, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives seconds since 1970; it only tells ages."""
        self._region = region
        self._clock = clock
        self._contracts: Mapping[str, Contract] = {}
        self._levels: dict[tuple[str, str], str] = {}
        self._shards: dict[int, _Shard] = {}

    def know(self, contracts: Mapping[str, Contract]) -> None:
        """Take the contracts of today, by network: they say which level an office has."""
        self._contracts = contracts
        self._levels = {
            (name, office.id): office.level.value.lower()
            for name, contract in contracts.items()
            for office in contract.network.offices()
        }

    def restored(self, shard: int, store: Store) -> None:
        """Take the state of a shard that was taken."""
        found = _Shard()
        keys = (key for prefix in ("t/", "h/", "until/") for key, _ in store.items(prefix))
        for key in keys:
            self._take(found, store, key)
        self._shards[shard] = found

    def changed(self, shard: int, store: Store, keys: Iterable[str]) -> None:
        """Take what a committed transaction has changed; `store` holds it already."""
        found = self._shards.setdefault(shard, _Shard())
        for key in keys:
            self._take(found, store, key)

    def released(self, shard: int) -> None:
        """Forget a shard: another process may tell of it from now on."""
        self._shards.pop(shard, None)

    def _take(self, shard: _Shard, store: Store, key: str) -> None:
        if key.startswith("t/"):
            self._thread(shard, store, key)
        elif key.startswith("h/"):
            kept = store.get(key)
            held = None if kept is None else st.HeldEvent.FromString(kept)
            _set(shard.waiting, key, None if held is None else (held.code, held.since_ms))
        elif key == f"until/{self._region}":
            shard.ticked_ms = int(store.get(key) or 0)

    def _thread(self, shard: _Shard, store: Store, key: str) -> None:
        kept = store.get(key)
        thread = None if kept is None else st.Thread.FromString(kept)
        before = shard.threads.get(key)
        now = None
        if thread is not None and thread.step.awaits and not thread.ended:
            matter = st.Matter.FromString(store.get("m/" + key.split("/")[1]) or b"")
            group = self._group(matter, thread.step.awaits)
            now = (group, thread.overdue, thread.escalated > 0)
        if now != before:
            if before is not None:
                shard.counts[before] -= 1
            if now is not None:
                shard.counts[now] += 1
            _set(shard.threads, key, now)
        if thread is not None and thread.freezes:
            since = min(one.since_ms or thread.stepped_ms for one in thread.freezes)
            shard.waiting[key] = FROZEN, since
        else:
            shard.waiting.pop(key, None)

    def _group(self, matter: st.Matter, awaited: str) -> Group:
        # Under an old contract offices may be awaited that today's doesn't have.
        level = self._levels.get((matter.network, awaited))
        network = matter.network if matter.network in self._contracts else UNKNOWN
        region = UNKNOWN if level is None else region_of(awaited)
        return network, FAMILIES.get(matter.family, UNKNOWN), region, level or UNKNOWN

    # Scraped from a thread of its own --------------------------------------------------------

    def describe(self) -> Iterator[Metric]:
        """Name the metrics, before there is anything to tell."""
        for measure in (
            measures.OPEN, measures.OVERDUE, measures.ESCALATED,
            measures.WAITING, measures.WAITING_WORKDAYS, measures.TICK_AGE,
        ):  # fmt: skip
            yield measure.family()

    def collect(self) -> Iterator[Metric]:
        """Give all that stands, as the last commits left it."""
        yield from self._threads()
        yield from self._waiting()
        ages = measures.TICK_AGE.family()
        for number, shard in list(self._shards.items()):
            if shard.ticked_ms:
                age = max(0.0, self._clock() - shard.ticked_ms / 1000)
                ages.add_metric([self._region, str(number)], age)
        yield ages

    def _threads(self) -> Iterator[Metric]:
        sums: dict[Group, list[int]] = {}
        for shard in list(self._shards.values()):
            for (group, overdue, escalated), count in list(shard.counts.items()):
                found = sums.setdefault(group, [0, 0, 0])
                found[0] += count
                found[1] += count if overdue else 0
                found[2] += count if escalated else 0
        for place, measure in enumerate((measures.OPEN, measures.OVERDUE, measures.ESCALATED)):
            family = measure.family()
            for group, counts in sums.items():
                family.add_metric([self._region, *group], counts[place])
            yield family

    def _waiting(self) -> Iterator[Metric]:
        counts, oldest = dict.fromkeys(CODES, 0), dict[str, int]()
        for shard in list(self._shards.values()):
            for code, since_ms in list(shard.waiting.values()):
                counts[code] = counts.get(code, 0) + 1
                oldest[code] = min(oldest.get(code, since_ms), since_ms)
        now_ms = int(self._clock() * 1000)
        calendar = next((one.calendar for one in self._contracts.values()), WEEKENDS)
        waiting, ages = measures.WAITING.family(), measures.WAITING_WORKDAYS.family()
        for code, count in counts.items():
            waiting.add_metric([self._region, code], count)
            days = working_days(calendar, oldest[code], now_ms) if code in oldest else 0
            ages.add_metric([self._region, code], days)
        yield waiting
        yield ages


def _set(kept: dict[str, V], key: str, value: V | None) -> None:
    if value is None:
        kept.pop(key, None)
    else:
        kept[key] = value
