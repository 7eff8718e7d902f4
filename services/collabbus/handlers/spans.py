"""Span ids: what is exported (OpenTelemetry) has the ids that stand in signed events.

A span gets its id from the SDK when it begins, at random; but an answer names its span in what is
signed, and a repeated delivery must say the same. So these ids are derived, and the SDK is given a
generator that knows them:

    trace.set_tracer_provider(TracerProvider(id_generator=SpanIds()))

With another generator the spans of runs still share their trace, and miss their parents.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

_GIVEN: ContextVar[tuple[int, int]] = ContextVar("collabbus_span", default=(0, 0))
"""Trace and span id of the span that begins; 0 for one that is drawn."""


class SpanIds(RandomIdGenerator):
    """Gives the spans of handlers and answers their derived ids, all others random ones."""

    def generate_trace_id(self) -> int:
        """Give the id of a trace that begins."""
        return _GIVEN.get()[0] or super().generate_trace_id()

    def generate_span_id(self) -> int:
        """Give the id of a span that begins."""
        return _GIVEN.get()[1] or super().generate_span_id()


def in_use() -> bool:
    """Tell whether the process exports its spans under these ids."""
    return isinstance(getattr(trace.get_tracer_provider(), "id_generator", None), SpanIds)


@contextmanager
def given(trace_id: str, span_id: str = "0") -> Iterator[None]:
    """Have a span that begins within be of this trace if it has no parent, and have this id.

    Ids are in hex; "0" leaves the span's to chance.
    """
    token = _GIVEN.set((int(trace_id, 16), int(span_id, 16)))
    try:
        yield
    finally:
        _GIVEN.reset(token)
