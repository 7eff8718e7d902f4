"""A measure: one metric's name, unit, labels and meaning, from which it is registered.

Whoever tells a metric registers it from here and nowhere else, so that catalogue, alerts and
dashboards can't speak of a metric that nobody has. The first label says whose process tells it.

No label may hold contents, a person, or the id of a matter: its values must be few and known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.metrics_core import GaugeMetricFamily

PREFIX = "collabbus_"

# Else each counter and histogram has a second series, of when it was made, that nobody reads.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Kind(StrEnum):
    """What a metric does over time."""

    COUNTER = "counter"
    """Only grows, from 0 when its process starts: look at its increase."""
    GAUGE = "gauge"
    """How it is now."""
    HISTOGRAM = "histogram"
    """How its values are spread: counters by upper bound (`le`), with sum and count."""


_SUFFIXES = {
    Kind.COUNTER: ("_total",),
    Kind.GAUGE: ("",),
    Kind.HISTOGRAM: ("_bucket", "_count", "_sum"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric."""

    kind: Kind
    name: str
    """Without `collabbus_`, and without what its kind adds."""
    unit: str
    en: str
    zh: str
    labels: tuple[str, ...] = ()
    """Beside `base`."""
    buckets: tuple[float, ...] = ()
    """Upper bounds of a histogram, in its unit."""
    base: str = "region"
    """Whose process tells it: a region's, or for handlers an office's."""

    @property
    def samples(self) -> tuple[str, ...]:
        """The names by which queries find it."""
        return tuple(PREFIX + self.name + suffix for suffix in _SUFFIXES[self.kind])

    @property
    def all_labels(self) -> tuple[str, ...]:
        """Its labels, whose it is first."""
        return (self.base, *self.labels)

    @property
    def help(self) -> str:
        """What Prometheus shows beside the name."""
        return f"{self.en} {self.zh} [{self.unit}]"

    def counter(self, registry: CollectorRegistry) -> Counter:
        """Register it as a counter."""
        return Counter(PREFIX + self.name, self.help, self.all_labels, registry=registry)

    def gauge(self, registry: CollectorRegistry) -> Gauge:
        """Register it as a gauge."""
        return Gauge(PREFIX + self.name, self.help, self.all_labels, registry=registry)

    def histogram(self, registry: CollectorRegistry) -> Histogram:
        """Register it as a histogram."""
        return Histogram(
            PREFIX + self.name, self.help, self.all_labels, buckets=self.buckets, registry=registry
        )

    def family(self) -> GaugeMetricFamily:
        """Give an empty family, for a collector that reads a gauge from a state."""
        return GaugeMetricFamily(PREFIX + self.name, self.help, labels=self.all_labels)


def measures_of(module: ModuleType) -> Iterator[Measure]:
    """Give the measures that a module defines, in its order."""
    return (value for value in vars(module).values() if isinstance(value, Measure))
