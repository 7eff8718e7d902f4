"""Metrics: what an operator sees of a ledger. No contents, no ids of matters, in any label."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from collabbus.measures import process

_BATCH_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The metrics of one ledger's projection."""

    def __init__(self, region: str) -> None:
        self.registry = CollectorRegistry()
        process.born(self.registry, region)
        self._region = region

        def gauge(name: str, text: str, *names: str) -> Gauge:
            return Gauge(
                f"collabbus_ledger_{name}", text, ["region", *names], registry=self.registry
            )

        def counter(name: str, text: str) -> Counter:
            return Counter(f"collabbus_ledger_{name}", text, ["region"], registry=self.registry)

        self._behind = gauge("behind", "Offsets of the log that the tables lack.", "shard")
        self._current = gauge(
            "current_timestamp_seconds",
            "When the tables last had all of the log, in seconds since 1970; 0: not yet.",
        ).labels(region)
        self._rebuilding = gauge("rebuilding", "1 while the tables are made anew.").labels(region)
        self._events = counter("events", "Events written.").labels(region)
        self._unfolded = counter(
            "unfolded", "Events that could be kept but not understood: their matters lag."
        ).labels(region)
        self._skipped = counter(
            "skipped", "Records of the log that could be neither read nor kept, and were left out."
        ).labels(region)
        self._troubles = counter(
            "interruptions", "Times that Kafka or the database was lost, and tried again."
        ).labels(region)
        self._batch = Histogram(
            "collabbus_ledger_batch_seconds",
            "Time of a transaction that wrote something.",
            ["region"],
            buckets=_BATCH_S,
            registry=self.registry,
        ).labels(region)

    def serve(self, host: str, port: int) -> int:
        """Serve /metrics; give the port."""
        server, _ = start_http_server(port, host, registry=self.registry)
        return int(server.server_address[1])

    def written(self, events: int, unfolded: int, skipped: int, seconds: float) -> None:
        """A transaction is through."""
        self._events.inc(events)
        self._unfolded.inc(unfolded)
        self._skipped.inc(skipped)
        self._batch.observe(seconds)

    def stands(self, behind: Mapping[int, int], now_s: float, rebuilding: bool) -> None:
        """The ledger lacks so many offsets of each shard."""
        for shard, offsets in behind.items():
            self._behind.labels(self._region, str(shard)).set(offsets)
        if not any(behind.values()):
            self._current.set(now_s)
        self._rebuilding.set(rebuilding)

    def interrupted(self) -> None:
        """Kafka or the database was lost."""
        self._troubles.inc()
