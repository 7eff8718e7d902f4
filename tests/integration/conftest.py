"""One installation for the tests of a module: they use matters of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from collabbus.installation import Installation
from collabbus.operate.kafka import Kafka
from collabbus.stage import KafkaStage

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "contracts"


@pytest.fixture(scope="module")
def installation(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Three regions on one broker, with a processor in which POISON makes the core raise."""
    with Installation(
        kafka,
        tmp_path_factory.mktemp("installation"),
        CONTRACTS,
        "jingjinji",
        module="tests.integration.poisoned",
        environment={"PYTHONPATH": ":".join([str(ROOT), *filter(None, sys.path)])},
    ) as running:
        yield running


@pytest.fixture(scope="module")
def stage(installation: Installation) -> Iterator[KafkaStage]:
    with KafkaStage(installation) as running:
        yield running
