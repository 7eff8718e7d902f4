"""What Prometheus knows of collabbus: its metrics and recording rules, with their labels."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from collabbus.measures import Kind
from collabbus.measures.document import all_measures
from collabbus.processor.metrics import Metrics
from tests.support.promql import named

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
TARGET = {"job", "instance"}
"""Labels that a scrape adds."""


def rules(file: str) -> list[dict[str, Any]]:
    """Give the rules of a file."""
    read = yaml.safe_load((PROMETHEUS / file).read_text("utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


@cache
def known() -> dict[str, set[str]]:
    """Give the labels of every series by its name."""
    found: dict[str, set[str]] = {"up": set(TARGET)}
    for family in Metrics("x").registry.collect():
        if family.name.startswith("collabbus_process_"):
            found.update({sample.name: set(TARGET) for sample in family.samples})
    for measure in all_measures():
        for name in measure.samples:
            le = {"le"} if measure.kind is Kind.HISTOGRAM and name.endswith("_bucket") else set()
            found[name] = {*measure.all_labels, *TARGET, *le}
    for rule in rules("recording.rules.yml"):
        here = named(rule["expr"])
        labels = set().union(*(found[name] for name in here.matched))
        found[rule["record"]] = (here.grouped & labels) or labels
    return found


def faults(expression: str, shown: set[str] | None = None) -> list[str]:
    """Give what an expression, or the labels that are shown of it, name and nobody tells."""
    here = named(expression)
    if not here.matched and "vector(" not in expression:
        return [f"names no metric: {expression}"]
    wrong = [f"no metric {name}" for name in here.matched if name not in known()]
    if wrong:
        return wrong
    for name, labels in here.matched.items():
        wrong += [f"{name} has no label {one}" for one in labels - known()[name]]
    everything = set().union(*(known()[name] for name in here.matched)) | here.made
    wrong += [f"no label {one} to group by" for one in here.grouped - everything]
    left = here.grouped or everything
    wrong += [f"no label {one} to show" for one in (shown or set()) - left]
    return wrong
