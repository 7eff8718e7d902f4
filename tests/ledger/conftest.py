"""One PostgreSQL for the session; a test gets a database of its own, with an empty ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collabbus.ledger.database import Server
from tests.support import postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with postgres.running() as running:
        yield running


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """A database with an empty ledger."""
    with postgres.database(server) as made:
        yield made
