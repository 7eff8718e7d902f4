"""The catalogue of all metrics, written from their definitions."""

from __future__ import annotations

from collabbus.measures import gateway, handlers, ledger, process, processor
from collabbus.measures.measure import Measure, measures_of

SHELLS = {
    "Every process 各进程": tuple(measures_of(process)),
    "Processor 处理器": tuple(measures_of(processor)),
    "Handlers 处理程序": tuple(measures_of(handlers)),
    "Ledger 台账": tuple(measures_of(ledger)),
    "Gateway 网关": tuple(measures_of(gateway)),
}
"""Every metric, by who tells it."""
HEAD = """# Metrics 指标

Written from `services/collabbus/measures/`; change it there, then run
`python -m collabbus.measures > docs/metrics.md`.

Every metric says by its first label whose process tells it. No label holds contents, a person, or
the id of a matter. Counters and histograms begin at 0 when a process starts; gauges of matters,
waiting and links are read from the state that was committed, so a restart changes none of them, and
what several processes of a region tell of different shards may be added up.

Every process also serves what `prometheus_client` tells of it, as `collabbus_process_*` (memory,
CPU, open files), without a region. A host of handlers tells of itself by its office's region.

Alerts and recording rules stand in `deploy/prometheus/`, what to do about each alert in
[runbooks](runbooks/README.md), dashboards in `deploy/grafana/`.
"""


def all_measures() -> tuple[Measure, ...]:
    """Give every metric of every process."""
    return tuple(measure for found in SHELLS.values() for measure in found)


def document() -> str:
    """Give the catalogue as Markdown: what docs/metrics.md must contain."""
    return "\n".join([HEAD, *(_table(title, found) for title, found in SHELLS.items())])


def _table(title: str, measures: tuple[Measure, ...]) -> str:
    lines = [
        f"## {title}\n",
        "| metric 名称 | kind | unit | labels | meaning 含义 |",
        "|---|---|---|---|---|",
    ]
    for one in measures:
        name = one.samples[0].removesuffix("_bucket")
        labels = ", ".join(one.all_labels)
        lines.append(f"| `{name}` | {one.kind} | {one.unit} | {labels} | {one.en}<br>{one.zh} |")
    return "\n".join([*lines, ""])
