"""Metrics: what an operator sees of a processor. No contents, no ids of matters, in any label.

What they are called and mean stands in `collabbus.measures`. A shared model's id stands in labels:
it names a tool, and no matter or person.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    start_http_server,
)

from collabbus.link.keys import KeyDirectory, Use
from collabbus.measures import process
from collabbus.measures import processor as measures
from collabbus.model.contract import Contract
from collabbus.model.effects import Crossed
from collabbus.model.thread import region_of
from collabbus.processor.links import Links
from collabbus.processor.models import Models
from collabbus.processor.standing import Standing

DAY_S = 86_400
QUARANTINED = (
    "INTERNAL", "BAD_SIGNATURE", "UNKNOWN_KEY", "FOREIGN_OFFICE", "UNKNOWN_OFFICE",
    "UNKNOWN_NETWORK", "WRONG_SHARD", "MISROUTED", "UNOPENABLE", "ROOT_MISMATCH", "EPOCH",
    "EQUIVOCATION", "NUMBER_CONFLICT", "NOT_A_MEMBER", "FOREIGN_MATTER", "NOT_ALLOWED",
    "BAD_PROOF", "BODY_MISMATCH", "UNREADABLE", "TOO_LARGE",
)  # fmt: skip
"""Codes that are told from the start: Prometheus sees no increase in what begins at 1."""
STATE_LOST = "StateLostError"
"""What a shard fails with that has a log and no state; told from the start for the same reason."""


class Metrics:
    """The metrics of one process of one region."""

    def __init__(self, region: str) -> None:
        registry = self.registry = CollectorRegistry()
        self._region = region
        self._events = measures.EVENTS.counter(registry)
        self._crossing = measures.CROSSING.histogram(registry)
        self._took = {
            "receive": measures.RECEIVE.histogram(registry),
            "answer": measures.ANSWER.histogram(registry),
            "close": measures.CLOSE.histogram(registry),
        }
        self._quarantined = measures.QUARANTINED.counter(registry)
        self._rejected = measures.REJECTED.counter(registry)
        self._countersigned = measures.COUNTERSIGNED.histogram(registry)
        self._deliveries = measures.DELIVERIES.counter(registry)
        self._shards = measures.SHARDS.gauge(registry)
        self._shards_wanted = measures.SHARDS_WANTED.gauge(registry)
        self._lag = measures.LAG.gauge(registry)
        self._transactions = measures.TRANSACTIONS.counter(registry)
        self._take = measures.TAKE.histogram(registry)
        self._failures = measures.SHARD_FAILURES.counter(registry)
        self._resent = measures.RESENT.counter(registry)
        self._beyond = measures.BEYOND_CALENDAR.counter(registry)
        self._last_year = measures.LAST_YEAR.gauge(registry)
        self._key_expiry = measures.KEY_EXPIRY.gauge(registry)
        self.models = Models(region)
        """Read from the state, where counters are counted as things happen."""
        self.standing = Standing(region)
        self.links = Links(region)
        for collector in (self.models, self.standing, self.links):
            registry.register(collector)
        self._lags: set[tuple[str, str, int]] = set()
        self._cache: dict[tuple[object, ...], Counter | Gauge | Histogram] = {}
        self._born()

    def _born(self) -> None:
        """Tell what is known before anything happens."""
        process.born(self.registry, self._region)
        self._count(self._beyond, 0)
        self._count(self._failures, 0, "record", STATE_LOST)
        for code in QUARANTINED:
            self._count(self._quarantined, 0, code)

    def know(self, contracts: Mapping[str, Contract], shards: int, keys: KeyDirectory) -> None:
        """Take what a processor goes by: by network its contracts, its shards, the directory."""
        self.standing.know(contracts)
        self._shards_wanted.labels(self._region).set(shards)
        regions = {self._region}
        for name, contract in contracts.items():
            self._last_year.labels(self._region, name).set(contract.calendar.last_year or 0)
            regions.update(contract.network.regions)
            for peer in contract.network.peers(self._region):
                for result in ("in_time", "late"):
                    self._count(self._deliveries, 0, peer, result)
        for (holder, use), end_ms in _ends(keys).items():
            if holder in regions:
                gauge = self._key_expiry.labels(self._region, holder, use.value)
                gauge.set_function(lambda end=end_ms: (end / 1000 - time.time()) / DAY_S)  # type: ignore[misc]

    def serve(self, host: str, port: int) -> int:
        """Serve the metrics over HTTP from a thread of its own; give the port."""
        server, _ = start_http_server(port, host, registry=self.registry)
        return int(server.server_port)

    def _count(self, metric: Counter, amount: float, *labels: object) -> None:
        # A child that is looked up once costs a tenth of labels() each time.
        key = (id(metric), *labels)
        child = self._cache.get(key)
        if child is None:
            child = self._cache[key] = metric.labels(self._region, *map(str, labels))
        child.inc(amount)  # type: ignore[union-attr]

    def _observe(self, metric: Histogram, value: float, *labels: str) -> None:
        key = (id(metric), *labels)
        child = self._cache.get(key)
        if child is None:
            child = self._cache[key] = metric.labels(self._region, *labels)
        child.observe(value)  # type: ignore[union-attr]

    def recorded(self, crossed: Iterable[Crossed]) -> None:
        """Count what a committed transaction has recorded, rejected or refused."""
        for one in crossed:
            self._count(
                self._events, 1, one.network, one.family, one.kind, one.direction, one.outcome
            )
            if one.crossing_ms >= 0:
                self._observe(self._crossing, one.crossing_ms / 1000, one.direction)
            for name, took_ms in one.took:
                self._observe(self._took[name], took_ms / 1000, one.network, one.family)

    def quarantined(self, codes: Iterable[str]) -> None:
        """Count what was put into quarantine, by reason code."""
        for code in codes:
            self._count(self._quarantined, 1, code)

    def rejected(self, codes: Iterable[str]) -> None:
        """Count what was rejected or refused, by code."""
        for code in codes:
            self._count(self._rejected, 1, code)

    def beyond_calendar(self, count: int) -> None:
        """Count due times that were set without knowledge of the year's holidays."""
        if count:
            self._count(self._beyond, count)

    def transaction(self, result: str) -> None:
        """Count a transaction: committed, aborted or fenced."""
        self._count(self._transactions, 1, result)

    def countersigned(self, peer: str, events: int, seconds: float) -> None:
        """Observe events that a peer has countersigned so long after they were recorded."""
        for _ in range(events):
            self._observe(self._countersigned, seconds, peer)

    def delivered(self, peer: str, events: int, in_time: bool) -> None:
        """Count events that were countersigned in time, or weren't."""
        self._count(self._deliveries, events, peer, "in_time" if in_time else "late")

    def shards(self, count: int) -> None:
        """Set how many shards this process owns."""
        self._shards.labels(self._region).set(count)

    def lag(self, stage: str, topic: str, shard: int, records: int) -> None:
        """Set how many records of an input are not read yet."""
        self._lags.add((stage, topic, shard))
        self._lag.labels(self._region, stage, topic, str(shard)).set(records)

    def released(self, stage: str, shard: int) -> None:
        """Forget the gauges of a shard's stage: another process may tell of it from now on."""
        self.links.released(stage, shard)
        if stage == "record":
            self.models.released(shard)
            self.standing.released(shard)
        for one in [lag for lag in self._lags if (lag[0], lag[2]) == (stage, shard)]:
            self._lags.remove(one)
            self._lag.remove(self._region, stage, one[1], str(shard))

    def taken(self, stage: str, seconds: float) -> None:
        """Observe how long it took to take a shard."""
        self._observe(self._take, seconds, stage)

    def failed(self, stage: str, error: str) -> None:
        """Count a shard that must be taken anew, by the error's type."""
        self._count(self._failures, 1, stage, error)

    def resent(self, peer: str, parcels: int) -> None:
        """Count parcels that were sent again."""
        self._count(self._resent, parcels, peer)


def _ends(keys: KeyDirectory) -> dict[tuple[str, Use], int]:
    """Give by region and use until when each of its holders has a key, in ms."""
    last: dict[tuple[str, Use], int] = {}
    for key in keys:
        name = key.holder, key.use
        last[name] = max(last.get(name, 0), key.not_after_ms)
    ends: dict[tuple[str, Use], int] = {}
    for (holder, use), end_ms in last.items():
        region = region_of(holder), use
        ends[region] = min(ends.get(region, end_ms), end_ms)
    return ends
