"""A trace over two regions: each span's parent is exported, by one or the other."""

from __future__ import annotations

import asyncio

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan

from collabbus.handlers import (
    AssistanceMatter,
    AssistanceRequested,
    Commented,
    CommonMatter,
    Event,
    Handlers,
    Received,
    on,
)
from collabbus.handlers.middleware.tracing import tracing
from collabbus.testing import Alliance
from tests.support.spans import kept
from tests.testing.stories import BINHAI, HAIDIAN, STATED, witness


@on(AssistanceRequested)
async def register(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    await matter.receive(officer="李静")


@on(Received)
def thank(event: Event[Received], matter: CommonMatter) -> None:
    matter.comment(officer="王敏", text="收悉")


@on(Commented)
async def note(event: Event[Commented], matter: CommonMatter) -> None:
    pass


def played(trace_parent: str) -> None:
    """Have Haidian ask, Binhai receive, Haidian thank for that, and Binhai note it."""
    alliance = Alliance("jingjinji")
    for office, handlers in ((BINHAI, (register, note)), (HAIDIAN, (thank,))):
        alliance.handle(Handlers("desk", *handlers, middleware=[tracing]), office=office)
    alliance.office(HAIDIAN).open(witness(), to=BINHAI, trace_parent=trace_parent, **STATED)
    asyncio.run(alliance.settle())
    alliance.assert_recorded(Commented, region="tianjin", times=1)


def way_of(spans: tuple[ReadableSpan, ...]) -> list[str]:
    """Give the names from the trace's root on; each span has the one before as parent."""
    assert len({span.context.trace_id for span in spans}) == 1
    by_parent = {span.parent.span_id if span.parent else 0: span for span in spans}
    assert len(by_parent) == len(spans), "none has two children in this story"
    at, way = 0, []
    while span := by_parent.get(at):
        way.append(span.name)
        at = span.context.span_id
    assert len(way) == len(spans), "a span's parent was exported by nobody"
    return way


RUNS = [
    "handle AssistanceRequested",
    "answer",
    "handle Received",
    "answer",
    "handle Commented",
]


def test_an_event_without_a_trace_is_the_root_of_one_over_both_regions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spans = kept(monkeypatch)
    played("")
    assert way_of(spans.get_finished_spans()) == RUNS


def test_a_clients_trace_goes_on_over_both_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    spans = kept(monkeypatch)
    with trace.get_tracer("case-system").start_as_current_span("ask") as asking:
        context = asking.get_span_context()
    played(f"00-{context.trace_id:032x}-{context.span_id:016x}-01")
    assert way_of(spans.get_finished_spans()) == ["ask", *RUNS]
