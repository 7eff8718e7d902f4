"""Tracing: each run is a span of the trace that its event carries (OpenTelemetry).

Without an OpenTelemetry SDK in the process this costs next to nothing and does nothing. The trace
goes on into the answers by itself (`handlers/trace.py`), and so over the border.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)

from collabbus.handlers.trace import context_of

if TYPE_CHECKING:
    from collabbus.handlers.run import Call


async def tracing(call: Call, go_on: Callable[[], Awaitable[None]]) -> None:
    """Have the run be a span; no contents stand in its attributes."""
    trace_id, span_id = context_of(call.event.envelope)
    parent = SpanContext(
        int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(1)
    )
    with trace.get_tracer("collabbus.handlers").start_as_current_span(
        f"handle {call.event.type}",
        context=trace.set_span_in_context(NonRecordingSpan(parent)),
        kind=SpanKind.CONSUMER,
        record_exception=False,
        set_status_on_exception=False,
        attributes={
            "collab.handler": f"{call.group}/{call.handler.name}",
            "collab.office": call.matter.office,
            "collab.network": call.event.network,
            "collab.family": str(call.event.family),
            "collab.matter_id": call.event.matter_id,
            "collab.event_id": call.event.id,
            "collab.attempt": call.attempt,
        },
    ) as span:
        try:
            await go_on()
        except Exception as error:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            span.set_attribute(
                "collab.submission_ids", [one.submission_id for one in call.matter.answers]
            )
