"""Tally: what a scenario says of figures, compared with what the regions are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from collab.state.v1 import state_pb2 as st
from collabbus.model.hits import figures
from collabbus.model.journal import thread_key
from collabbus.model.report import Reports
from collabbus.model.thread import MAIN
from collabbus.simulate.scenario import Found, Scenario, Totalled

Wanted = tuple[str, dict[str, Any], Callable[[], dict[str, Any] | None]]
"""Of what and where, the figures that are wanted, and those that are there now; None: nothing."""


def wanted(
    scenario: Scenario,
    matters: Mapping[str, str],
    threads: Callable[[str], Mapping[str, st.Thread]],
    reports: Callable[[str, str], Reports],
) -> Iterator[Wanted]:
    """Give all figures that a scenario expects, with a way to look whether they are reached.

    `matters` are the ids by label; `threads` and `reports` tell what a region holds, the latter of
    a matter.
    """
    for totalled in scenario.totals:
        for region in totalled.regions:
            yield _totalled(totalled, region, matters[totalled.in_], reports)
    for found in scenario.models:
        for region in found.regions:
            yield _found(found, region, matters[found.in_], threads)


def _totalled(
    totalled: Totalled, region: str, matter_id: str, reports: Callable[[str, str], Reports]
) -> Wanted:
    def now() -> dict[str, Any] | None:
        return next(
            (
                one.numbers()
                for one in reports(region, matter_id).totals()
                if one.series == totalled.series
            ),
            None,
        )

    expected = totalled.model_dump(exclude={"in_", "series", "regions"})
    return f"the reports {totalled.series} of {totalled.in_} in {region}", expected, now


def _found(
    found: Found, region: str, matter_id: str, threads: Callable[[str], Mapping[str, st.Thread]]
) -> Wanted:
    def now() -> dict[str, Any] | None:
        thread = threads(region).get(thread_key(matter_id, MAIN))
        if thread is None or not thread.HasField("model"):
            return None
        return asdict(figures(thread.model))

    return (
        f"the model of {found.in_} in {region}",
        found.model_dump(exclude={"in_", "regions"}),
        now,
    )
