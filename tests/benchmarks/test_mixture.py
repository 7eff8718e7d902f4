"""The mixture of the recording benchmark: all families, and nothing that a region would reject."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.mixture import Mixture

from benchmarks import mixture as module
from collab.v1 import submission_pb2 as sub
from collabbus.contracts import load
from collabbus.simulate.cast import cast
from collabbus.simulate.node import Node
from collabbus.simulate.stage import START_MS

NETWORK, REGION = "jingjinji", "beijing"
SHARDS = 2


def test_a_region_records_all_of_the_mixture_whatever_its_shards(
    contracts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between shards nothing keeps the order: an act may come long after what follows from it."""
    monkeypatch.setattr(module, "BATCH", 2)
    contract = load(contracts).pin(NETWORK)
    players = cast(contract, [office.id for office in contract.network.offices()], 1)
    mixture = Mixture(contracts, NETWORK, REGION, SHARDS, players.offices.__getitem__, "run")
    nodes = [
        Node(
            REGION, (), players.identities[REGION], players.keys, {NETWORK: contract},
            shard, SHARDS,
        )
        for shard in range(SHARDS)
    ]  # fmt: skip
    given = 0
    for signed in mixture.backlog(1, START_MS):
        nodes[signed.shard].disk.inputs[""].append((START_MS, signed.key, signed.value))
        given += 1
    outcomes = Counter[str]()
    for node in nodes:
        while node.record(random.Random(1), 100):
            pass
        for record in node.disk.outcomes:
            outcome = sub.Outcome.FromString(record)
            if outcome.submission_id.startswith("run-"):
                assert outcome.decision == sub.DECISION_RECORDED, outcome
                outcomes[outcome.submission_id] += 1
    assert len(outcomes) == sum(outcomes.values()) == given == sum(mixture.shares.values())
    assert {family for family, _ in mixture.shares} == set(contract.lifecycles)
    assert {part for _, part in mixture.shares} == {
        "opening", "step", "remark", "step in a track", "remark in a track",
    }  # fmt: skip
    # The library is told, not only the part of it that happens to fit one region.
    assert mixture.left_out.total() < 0.05 * given / module.BATCH
