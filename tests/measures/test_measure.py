"""The catalogue of metrics: complete, explained in two languages, and what the processes tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from collabbus.measures import Kind, Measure, document
from collabbus.measures.document import SHELLS, all_measures
from collabbus.processor.metrics import Metrics

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[一-鿿]")
SECRET = {"matter", "matter_id", "thread", "officer", "subject", "event_id", "office"}


def test_the_committed_catalogue_is_current() -> None:
    told = "run: python -m collabbus.measures > docs/metrics.md"
    assert (ROOT / "docs/metrics.md").read_text("utf-8") == document(), told


@pytest.mark.parametrize("measure", all_measures(), ids=lambda one: one.name)
def test_every_metric_has_a_unit_and_is_explained_in_both_languages(measure: Measure) -> None:
    assert measure.unit
    assert measure.en.endswith((".", ";"))
    assert CHINESE.search(measure.zh)
    assert not CHINESE.search(measure.en)
    assert bool(measure.buckets) == (measure.kind is Kind.HISTOGRAM)
    assert list(measure.buckets) == sorted(measure.buckets)
    assert not measure.name.endswith("_total")


@pytest.mark.parametrize("measure", all_measures(), ids=lambda one: one.name)
def test_no_metric_has_a_label_without_bounds(measure: Measure) -> None:
    assert not SECRET & set(measure.labels)
    assert "region" not in measure.labels


def test_no_two_metrics_share_a_name() -> None:
    names = [name for measure in all_measures() for name in measure.samples]
    assert len(names) == len(set(names))


def test_a_processor_tells_every_metric_of_its_catalogue_and_no_other() -> None:
    told = {family.name for family in Metrics("beijing").registry.collect()}
    ours = {name for name in told if not name.startswith("collabbus_process_")}
    assert ours == {"collabbus_" + measure.name for measure in SHELLS["Processor 处理器"]}


def test_no_other_module_makes_metrics_by_itself() -> None:
    """Else the catalogue would be silent about them."""
    made = re.compile(r"\b(?:Counter|Gauge|Histogram|Summary|\w+MetricFamily)\(\s*f?[\"']")
    for path in (ROOT / "services").rglob("*.py"):
        assert not made.search(path.read_text("utf-8")), path


@pytest.mark.parametrize("kind", list(Kind))
def test_samples_are_what_prometheus_reads(kind: Kind) -> None:
    measure = Measure(kind, "x", "s", "X.", "某", ("peer",), (1.0,))
    registry = CollectorRegistry()
    if kind is Kind.COUNTER:
        measure.counter(registry).labels("beijing", "tianjin").inc()
    elif kind is Kind.GAUGE:
        measure.gauge(registry).labels("beijing", "tianjin").set(1)
    else:
        measure.histogram(registry).labels("beijing", "tianjin").observe(1)
    names = {s.name for family in registry.collect() for s in family.samples}
    assert names == set(measure.samples)
