"""Measures (指标): what every process of a region tells Prometheus, in one catalogue."""

from collabbus.measures.document import document
from collabbus.measures.measure import Kind, Measure

__all__ = ["Kind", "Measure", "document"]
