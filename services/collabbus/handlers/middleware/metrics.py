"""Metrics: how often each handler runs and fails, how long it takes, how much is parked."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from collabbus.measures import process
from collabbus.model.thread import region_of

if TYPE_CHECKING:
    from collabbus.handlers.run import Call

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """The metrics of one host. Labels name office and handler, and nothing of a matter."""

    def __init__(self, office: str, group: str, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        process.born(self.registry, region_of(office))
        self._names = office, group
        labels = ["office", "group"]
        self._runs = Counter(
            "collabbus_handler_runs", "Runs of a handler that have ended, by outcome.",
            [*labels, "handler", "outcome"], registry=self.registry,
        )  # fmt: skip
        self._failures = Counter(
            "collabbus_handler_failures", "Runs that failed, by the error's kind.",
            [*labels, "handler", "error"], registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "collabbus_handler_seconds", "From a run's beginning until its answers were recorded.",
            [*labels, "handler"], buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._parked = Gauge(
            "collabbus_handler_parked",
            "Matters that are parked in the shards of this host, by the handler that failed.",
            [*labels, "handler"], registry=self.registry,
        )  # fmt: skip
        self._stuck: set[str] = set()
        self._behind = Gauge(
            "collabbus_handler_behind",
            "Records of the log from the first that isn't done, in the shards of this host.",
            labels, registry=self.registry,
        ).labels(*self._names)  # fmt: skip

    def parked(self, matters: Mapping[str, int]) -> None:
        """Say how many matters are parked, by handler; those that aren't named have none."""
        # A handler that was renamed goes on under its old name until its last matter does.
        self._stuck |= matters.keys()
        for handler in self._stuck:
            self._parked.labels(*self._names, handler).set(matters.get(handler, 0))

    def behind(self, records: int) -> None:
        """Say how much of the log isn't done."""
        self._behind.set(records)

    async def __call__(self, call: Call, go_on: Callable[[], Awaitable[None]]) -> None:
        """Count and time a run."""
        names = (*self._names, call.handler.name)
        begun = time.monotonic()
        outcome = "failed"
        try:
            await go_on()
            outcome = "done"
        except Exception as error:
            self._failures.labels(*names, type(error).__name__).inc()
            raise
        finally:
            self._runs.labels(*names, outcome).inc()
            self._seconds.labels(*names).observe(time.monotonic() - begun)
