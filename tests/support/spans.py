"""Spans that are kept in memory, of a provider that the test alone has."""

from __future__ import annotations

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from collabbus.handlers.spans import SpanIds


def kept(patch: pytest.MonkeyPatch, *, derived: bool = True) -> InMemorySpanExporter:
    """Have the spans of this test be kept; without `derived` their ids are all drawn."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(id_generator=SpanIds() if derived else None)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    patch.setattr(trace, "get_tracer_provider", lambda: provider)
    return exporter
