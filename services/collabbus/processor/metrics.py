"""Metrics: what an operator sees of a processor. No contents, no ids of matters, in any label.

A shared model's id stands in labels: it names a tool, and no matter or person.
"""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from collabbus.model.effects import Crossed
from collabbus.processor.models import Models

_CROSSING_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15, 60, 3600, 86400)
_TAKE_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The metrics of one process of one region."""

    def __init__(self, region: str) -> None:
        self.registry = CollectorRegistry()
        self._region = region

        def labels(*names: str) -> list[str]:
            return ["region", *names]

        def counter(name: str, text: str, *names: str) -> Counter:
            return Counter(f"collabbus_{name}", text, labels(*names), registry=self.registry)

        def gauge(name: str, text: str, *names: str) -> Gauge:
            return Gauge(f"collabbus_{name}", text, labels(*names), registry=self.registry)

        self._events = counter(
            "events",
            "Events recorded; direction is own or the peer.",
            "family",
            "kind",
            "direction",
        )
        self._crossing = Histogram(
            "collabbus_crossing_seconds",
            "From a submission at its origin to its event in this log, by the brokers' clocks.",
            labels("peer"),
            buckets=_CROSSING_S,
            registry=self.registry,
        )
        self._quarantined = counter("quarantined", "Records put into quarantine.", "code")
        self._rejected = counter("rejected", "Submissions rejected, events refused.", "code")
        self._link = gauge(
            "link_size",
            "Events of a link shard: sent, received, or countersigned by the peer.",
            "peer", "shard", "what",
        )  # fmt: skip
        self._shards = gauge("shards", "Shards that the group has given to this process.")
        self._lag = gauge("lag", "Records fetched not yet, by input.", "stage", "topic", "shard")
        self._transactions = counter(
            "transactions", "Transactions: committed, aborted or fenced.", "result"
        )
        self._take = Histogram(
            "collabbus_take_seconds",
            "Time to take a shard: fence, read offsets, restore.",
            labels("stage"),
            buckets=_TAKE_S,
            registry=self.registry,
        )
        self._failures = counter("shard_failures", "Shards that were taken anew.", "stage", "error")
        self._resent = counter("resent", "Parcels sent again, since a receipt stood still.", "peer")
        self._held = gauge(
            "held", "Events of a link shard that are held or refused.", "peer", "shard"
        )
        self._beyond = counter(
            "due_beyond_calendar",
            "Due times set beyond the calendar's last year, where only weekends count as free.",
        )
        self._last_year = gauge(
            "calendar_last_year",
            "The last year whose holidays a network's contract knows.",
            "network",
        )
        self.models = Models(region)
        """Read from the state, where the others are counted as things happen."""
        self.registry.register(self.models)
        self._cache: dict[tuple[object, ...], Counter | Gauge | Histogram] = {}

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

    def recorded(self, crossed: Iterable[Crossed]) -> None:
        """Count events that a committed transaction recorded."""
        for one in crossed:
            self._count(self._events, 1, one.family, one.kind, one.direction)
            if one.crossing_ms >= 0:
                key = ("crossing", one.direction)
                child = self._cache.get(key)
                if child is None:
                    child = self._cache[key] = self._crossing.labels(self._region, one.direction)
                child.observe(one.crossing_ms / 1000)  # type: ignore[union-attr]

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

    def calendar(self, network: str, last_year: int) -> None:
        """Set the last year that a network's calendar covers."""
        self._last_year.labels(self._region, network).set(last_year)

    def transaction(self, result: str) -> None:
        """Count a transaction: committed, aborted or fenced."""
        self._count(self._transactions, 1, result)

    def link(self, peer: str, shard: int, what: str, size: int) -> None:
        """Set a link shard's size: sent, received or countersigned."""
        self._link.labels(self._region, peer, str(shard), what).set(size)

    def held(self, peer: str, shard: int, count: int) -> None:
        """Set how many events of a link shard are held or refused."""
        self._held.labels(self._region, peer, str(shard)).set(count)

    def shards(self, count: int) -> None:
        """Set how many shards this process owns."""
        self._shards.labels(self._region).set(count)

    def lag(self, stage: str, topic: str, shard: int, records: int) -> None:
        """Set how many records of an input are not read yet."""
        self._lag.labels(self._region, stage, topic, str(shard)).set(records)

    def taken(self, stage: str, seconds: float) -> None:
        """Observe how long it took to take a shard."""
        self._take.labels(self._region, stage).observe(seconds)

    def failed(self, stage: str, error: str) -> None:
        """Count a shard that must be taken anew, by the error's type."""
        self._count(self._failures, 1, stage, error)

    def resent(self, peer: str, parcels: int) -> None:
        """Count parcels that were sent again."""
        self._count(self._resent, parcels, peer)
