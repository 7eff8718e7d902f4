"""Fixtures for all tests. A broker is started only when a test asks for one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collabbus.ledger.database import Server
    from collabbus.operate.broker import Broker
    from collabbus.operate.kafka import Kafka

# A check that fails must fail again: examples are the same each time. `HYPOTHESIS=random` looks
# further.
settings.register_profile("check", derandomize=True)
settings.register_profile("random", max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS", "check"))

# A shell lets its background jobs ignore Ctrl-C, and so would what tests start, were they one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

CONTRACTS = Path(__file__).parent.parent / "contracts"


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a broker, said or not: `make test` runs such tests beside the others."""
    for item in items:
        if "kafka" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.kafka)


@pytest.fixture(scope="session")
def kafka() -> Kafka:
    """Apache Kafka, fetched at the first use on this machine."""
    from collabbus.operate.kafka import fetch

    return fetch()


@pytest.fixture(scope="session")
def broker(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One broker for the whole session: tests choose topic names that nobody else has."""
    from collabbus.operate.broker import Broker

    with Broker(kafka, tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One PostgreSQL for the whole session: a test takes a database of its own."""
    from tests.support import postgres

    with postgres.running() as running:
        yield running


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """A database with an empty ledger."""
    from tests.support import postgres

    with postgres.database(server) as made:
        yield made


@pytest.fixture
def contracts() -> Path:
    """The folder with the committed contracts."""
    return CONTRACTS
