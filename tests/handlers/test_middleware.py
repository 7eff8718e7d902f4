"""Middleware: one concern each, and none tells what was said."""

from __future__ import annotations

import os

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from collabbus.handlers import ClueMatter, ClueTransferred, Event, on
from collabbus.handlers.middleware.logging import logging
from collabbus.handlers.middleware.metrics import Metrics
from collabbus.handlers.middleware.retry import LIMIT, judged
from collabbus.handlers.middleware.tracing import tracing
from tests.handlers.bench import MATTER, OFFICE, Tray, event, run
from tests.support.spans import kept

SECRET = "the-name-of-a-person"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@on(ClueTransferred)
async def good(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    await matter.comment(officer="王芳", text=SECRET)


@on(ClueTransferred)
async def bad(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    raise ValueError(SECRET)


def test_logs_carry_ids_and_no_contents() -> None:
    with capture_logs() as told:
        run(good, Tray(), [logging])
        run(bad, Tray(), [logging])
    done, failed = told
    assert (done["event"], done["answers"]) == ("handled", 1)
    assert (failed["event"], failed["error"]) == ("handler failed", "ValueError")
    assert SECRET not in repr(told)


def test_metrics_count_runs_failures_and_time_by_handler_and_name_no_matter() -> None:
    metrics = Metrics(OFFICE, "desk")
    run(good, Tray(), [metrics])
    run(bad, Tray(), [metrics])
    metrics.parked({"good": 0, "bad": 2, "renamed": 1})
    metrics.parked({"good": 0, "bad": 3})
    names = {"office": OFFICE, "group": "desk"}
    value = metrics.registry.get_sample_value
    runs = "collabbus_handler_runs_total"
    assert value(runs, {**names, "handler": "good", "outcome": "done"}) == 1
    assert value(runs, {**names, "handler": "bad", "outcome": "failed"}) == 1
    failures = {**names, "handler": "bad", "error": "ValueError"}
    assert value("collabbus_handler_failures_total", failures) == 1
    assert value("collabbus_handler_seconds_count", {**names, "handler": "good"}) == 1
    for handler, parked in {"good": 0, "bad": 3, "renamed": 0}.items():
        assert value("collabbus_handler_parked", {**names, "handler": handler}) == parked
    assert MATTER not in generate_latest(metrics.registry).decode()


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    return kept(monkeypatch)


def test_a_run_is_a_span_of_its_events_trace_which_goes_on_in_the_answers(
    spans: InMemorySpanExporter,
) -> None:
    tray = Tray()
    run(good, tray, [tracing], about=event(trace_parent=PARENT))
    answer, span = spans.get_finished_spans()
    assert f"{span.context.trace_id:032x}" == PARENT.split("-")[1]
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == PARENT.split("-")[2]
    assert tray.drafts[0].trace_parent.split("-")[1] == PARENT.split("-")[1]
    assert span.attributes is not None
    assert span.attributes["collab.submission_ids"] == (tray.drafts[0].submission_id,)
    assert tray.drafts[0].trace_parent.split("-")[2] == f"{answer.context.span_id:016x}"
    assert answer.parent is not None
    assert answer.parent.span_id == span.context.span_id
    assert (answer.start_time or 0) <= (answer.end_time or 0)
    assert SECRET not in span.to_json() + answer.to_json()


def test_where_the_sdk_draws_all_ids_a_run_is_a_span_of_the_trace_and_no_answer_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spans = kept(monkeypatch, derived=False)
    run(good, Tray(), [tracing])
    [span] = spans.get_finished_spans()
    assert f"{span.context.trace_id:032x}" == event().id


def test_an_event_without_a_trace_begins_one_under_its_own_id(spans: InMemorySpanExporter) -> None:
    tray = Tray()
    run(good, tray, [tracing])
    assert tray.drafts[0].trace_parent.split("-")[1] == event().id
    run(bad, Tray(), [tracing])
    *_, failed = spans.get_finished_spans()
    assert f"{failed.context.trace_id:032x}" == event().id
    assert not failed.status.is_ok
    assert SECRET not in failed.to_json()


def test_a_traceback_that_is_no_text_can_be_written_all_the_same() -> None:
    told = judged(FileNotFoundError(os.fsdecode(b"\xe4.pdf")))
    assert r"\udce4.pdf" in told.traceback.encode().decode()


def test_a_traceback_is_kept_in_part_where_it_is_long() -> None:
    told = judged(ValueError("x" * 2 * LIMIT))
    assert len(told.traceback) == LIMIT
