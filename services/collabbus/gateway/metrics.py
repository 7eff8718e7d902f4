"""Metrics of a gateway. No office, officer or matter stands in a label."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from collabbus.measures import process

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The metrics of one process of one region's gateway."""

    def __init__(self, region: str) -> None:
        self.registry = CollectorRegistry()
        process.born(self.registry, region)
        self._requests = Counter(
            "collabbus_gateway_requests",
            "Requests answered, by route and status.",
            ["region", "method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "collabbus_gateway_seconds",
            "Time until the answer began, by route.",
            ["region", "method", "route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._streams = Gauge(
            "collabbus_gateway_streams",
            "Streams of events that are open.",
            ["region"],
            registry=self.registry,
        )
        self._webhooks = Counter(
            "collabbus_gateway_webhook_deliveries",
            "Webhook deliveries: delivered, failed, or disabled after days of failures.",
            ["region", "result"],
            registry=self.registry,
        )
        self._region = region
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer; `route` is the template of the address, never the address."""
        found = self._known.get((method, route, status))
        if found is None:
            found = (
                self._requests.labels(self._region, method, route, str(status)),
                self._seconds.labels(self._region, method, route),
            )
            self._known[method, route, status] = found
        found[0].inc()
        found[1].observe(seconds)

    def streams(self, count: int) -> None:
        """Tell how many streams are open."""
        self._streams.labels(self._region).set(count)

    def webhook(self, result: str) -> None:
        """Count an attempt at a webhook."""
        self._webhooks.labels(self._region, result).inc()
