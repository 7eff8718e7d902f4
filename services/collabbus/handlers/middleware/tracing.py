"""Tracing: a run is a span of the trace that its event carries, its answers others below it.

Where the process exports no spans this costs next to nothing and does nothing. The trace goes on
into the answers by itself (`handlers/trace.py`), and so over the border: there the
span of an answer is the parent of the runs that handle it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
)

from collabbus.handlers import spans
from collabbus.handlers.trace import answer_span, carried, context_of

if TYPE_CHECKING:
    from collab.v1 import event_pb2 as ev
    from collabbus.handlers.run import Call


async def tracing(call: Call, go_on: Callable[[], Awaitable[None]]) -> None:
    """Have the run be a span; no contents stand in its attributes.

    Each answer that was recorded is a span, too, under the id that its event carries. One that is
    given again, as the delivery was repeated, is exported again under the same id.
    """
    envelope = call.event.envelope
    tracer = trace.get_tracer("collabbus.handlers")
    with spans.given(context_of(envelope)[0]):
        begun = tracer.start_span(
            f"handle {call.event.type}",
            context=_before(envelope),
            kind=SpanKind.CONSUMER,
            attributes={
                "collab.handler": f"{call.group}/{call.handler.name}",
                "collab.office": call.matter.office,
                "collab.network": call.event.network,
                "collab.family": str(call.event.family),
                "collab.matter_id": call.event.matter_id,
                "collab.event_id": call.event.id,
                "collab.attempt": call.attempt,
            },
        )
    with trace.use_span(
        begun, end_on_exit=True, record_exception=False, set_status_on_exception=False
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
            if spans.in_use():
                _answers(tracer, call)


def _before(envelope: ev.Envelope) -> Context:
    """Give the context in which the event was made; an event that nothing went before has none."""
    if spans.in_use() and carried(envelope) is None:
        return Context()
    trace_id, span_id = context_of(envelope)
    parent = SpanContext(
        int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(1)
    )
    return trace.set_span_in_context(NonRecordingSpan(parent), Context())


def _answers(tracer: Tracer, call: Call) -> None:
    trace_id, _ = context_of(call.event.envelope)
    for one in call.matter.answers:
        if one.recorded:
            with spans.given(trace_id, answer_span(one.submission_id)):
                span = tracer.start_span(
                    "answer",
                    kind=SpanKind.PRODUCER,
                    attributes={"collab.submission_id": one.submission_id},
                    start_time=one.given_ns,
                )
            span.end()
