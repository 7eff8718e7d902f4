"""One PostgreSQL for the session; a test gets a database of its own, with an empty ledger."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from collabbus.ledger.database import Server, engine_of, migrate, served


async def _prepare(server: Server) -> None:
    engine = engine_of(await server.create("empty"))
    await migrate(engine)
    await engine.dispose()


async def _on_server(server: Server, statement: str) -> None:
    engine = engine_of(server.uri).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("ledger") / "pg") as running:
        asyncio.run(_prepare(running))
        yield running


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """A database with an empty ledger."""
    name = f"t{secrets.token_hex(6)}"
    asyncio.run(_on_server(server, f"CREATE DATABASE {name} TEMPLATE empty"))
    yield server.url(name)
    asyncio.run(_on_server(server, f"DROP DATABASE {name} WITH (FORCE)"))
