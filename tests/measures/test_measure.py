"""The catalogue of metrics: complete, explained in two languages, and what the processes tell."""

from __future__ import annotations

import platform
import re
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from collabbus.measures import Kind, Measure, document
from collabbus.measures.document import SHELLS, all_measures

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[一-鿿]")
EVERY = "Every process 各进程"
SECRET = {"matter", "matter_id", "thread", "officer", "subject", "event_id"}


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
    assert measure.base in {"region", "office"}
    assert not {"region", "office"} & set(measure.labels)


def test_no_two_metrics_share_a_name() -> None:
    names = [name for measure in all_measures() for name in measure.samples]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("module", "shell", "names"),
    [
        ("collabbus.processor.metrics", "Processor 处理器", ("beijing",)),
        ("collabbus.handlers.middleware.metrics", "Handlers 处理程序", ("beijing/haidian", "h")),
        ("collabbus.ledger.metrics", "Ledger 台账", ("beijing",)),
        ("collabbus.gateway.metrics", "Gateway 网关", ("beijing",)),
    ],
)
def test_what_a_process_registers_has_the_names_and_labels_of_the_catalogue(
    module: str, shell: str, names: tuple[str, ...]
) -> None:
    registry = pytest.importorskip(module).Metrics(*names).registry
    labels = {
        collector._name: tuple(collector._labelnames)
        for collector in registry._collector_to_names
        if hasattr(collector, "_labelnames")
    }
    told = {family.name for family in registry.collect()}
    measures = {"collabbus_" + one.name: one for one in (*SHELLS[EVERY], *SHELLS[shell])}
    assert {name for name in told if not name.startswith("collabbus_process_")} == set(measures)
    for name, found in labels.items():
        assert found == measures[name].all_labels, name


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("collabbus.processor.metrics", ("beijing",)),
        ("collabbus.handlers.middleware.metrics", ("beijing/haidian", "h")),
        ("collabbus.ledger.metrics", ("beijing",)),
        ("collabbus.gateway.metrics", ("beijing",)),
    ],
)
def test_every_process_tells_its_version_its_beginning_and_its_memory(
    module: str, names: tuple[str, ...]
) -> None:
    before = time.time()
    registry = pytest.importorskip(module).Metrics(*names).registry
    told = {sample.name: sample for one in registry.collect() for sample in one.samples}
    assert told["collabbus_build_info"].value == 1
    assert told["collabbus_build_info"].labels == {
        "region": "beijing",
        "version": version("collabbus"),
        "python": platform.python_version(),
    }
    started = told["collabbus_started_timestamp_seconds"]
    assert started.labels == {"region": "beijing"}
    assert before <= started.value <= time.time()
    assert told["collabbus_process_resident_memory_bytes"].value > 0


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
