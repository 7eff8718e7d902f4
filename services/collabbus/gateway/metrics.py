"""Metrics of a gateway. No office, officer or matter stands in a label.

What they are called and mean stands in `collabbus.measures`.
"""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Histogram

from collabbus.measures import gateway as measures
from collabbus.measures import process

DAY_S = 86_400
RESULTS = ("delivered", "failed", "disabled")
"""Of deliveries to webhooks, told from the start: an increase isn't seen in what begins at 1."""


class Metrics:
    """The metrics of one process of one region's gateway."""

    def __init__(self, region: str) -> None:
        registry = self.registry = CollectorRegistry()
        self._region = region
        process.born(registry, region)
        self._requests = measures.REQUESTS.counter(registry)
        self._seconds = measures.SECONDS.histogram(registry)
        self._streams = measures.STREAMS.gauge(registry)
        self._certificate = measures.CERTIFICATE.gauge(registry)
        self._webhooks = measures.WEBHOOKS.counter(registry)
        for result in RESULTS:
            self._webhooks.labels(region, result)
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

    def certificate(self, end_ms: int) -> None:
        """Tell from now on for how many days the certificate is still good."""
        gauge = self._certificate.labels(self._region)
        gauge.set_function(lambda: (end_ms / 1000 - time.time()) / DAY_S)

    def webhook(self, result: str) -> None:
        """Count an attempt at a webhook."""
        self._webhooks.labels(self._region, result).inc()
