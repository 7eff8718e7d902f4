"""The database: its tables are those of the program, and it tells what is wrong with it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from typer.testing import CliRunner

from collabbus.cli import app
from collabbus.ledger import tables
from collabbus.ledger.database import (
    DatabaseError,
    SchemaError,
    Server,
    check,
    engine_of,
    migrate,
    newest,
    reached,
    served,
    shown,
)
from collabbus.settings import LedgerSettings, SettingsError
from tests.support import postgres
from tests.support.waiting import until


def test_the_migrations_make_the_tables_that_the_program_works_with(url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "version_table_schema": tables.SCHEMA,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == tables.SCHEMA,
            },
        )
        found: list[object] = compare_metadata(context, tables.metadata)
        return found

    async def go() -> None:
        engine = engine_of(url)
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
            # Alembic compares no conditions of indexes.
            made = await connection.execute(
                text("SELECT count(*) FROM pg_indexes WHERE schemaname = 'ledger'"
                     " AND indexdef LIKE '%WHERE%'")
            )  # fmt: skip
            wanted = [
                index
                for table in tables.metadata.tables.values()
                for index in table.indexes
                if index.dialect_options["postgresql"]["where"] is not None
            ]
            assert made.scalar_one() == len(wanted)
        await engine.dispose()

    asyncio.run(go())


def test_a_server_that_may_forget_waits_for_no_disk() -> None:
    """The tests' own server is one."""

    async def waits(server: Server) -> str:
        engine = engine_of(server.uri)
        async with engine.connect() as connection:
            found = await connection.execute(text("SHOW fsync"))
            told = str(found.scalar_one())
        await engine.dispose()
        return told

    with postgres.running() as server:
        until(lambda: asyncio.run(waits(server)) == "off", 10, "the setting")


def test_a_database_is_migrated_once_however_many_start_at_once(server: Server) -> None:
    async def go() -> None:
        engine = engine_of(await server.create("fresh"))
        with pytest.raises(SchemaError, match=f"none, this program needs {newest()}"):
            await check(engine)
        found = await asyncio.gather(*(migrate(engine) for _ in range(3)))
        assert sorted(found) == [("", newest()), (newest(), newest()), (newest(), newest())]
        await check(engine)
        await engine.dispose()

    asyncio.run(go())


def test_a_database_that_is_away_is_told_without_its_password() -> None:
    url = "postgresql://collabbus:geheim@127.0.0.1:1/beijing"

    async def go() -> None:
        engine = engine_of(url)
        with pytest.raises(DatabaseError) as caught:
            async with reached(engine), engine.connect():
                pass
        assert "geheim" not in str(caught.value)
        assert "127.0.0.1:1/beijing" in str(caught.value)
        await engine.dispose()

    asyncio.run(go())
    assert shown(url) == "postgresql://collabbus:***@127.0.0.1:1/beijing"


def test_a_database_that_there_is_not_is_told(server: Server) -> None:
    async def go() -> None:
        engine = engine_of(server.uri.replace("/postgres?", "/none?"))
        with pytest.raises(DatabaseError, match="/none"):
            async with reached(engine), engine.connect():
                pass
        await engine.dispose()

    asyncio.run(go())


def test_a_database_that_cannot_hold_chinese_is_refused(server: Server) -> None:
    async def go() -> None:
        engine = engine_of(server.uri).execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(
                text("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
            )
        await engine.dispose()
        latin = engine_of(server.uri.replace("/postgres?", "/latin?"))
        with pytest.raises(DatabaseError, match="encoding is LATIN1"):
            await migrate(latin)
        await latin.dispose()

    asyncio.run(go())


@pytest.mark.parametrize("url", ["mysql://u:geheim@h/d", "geheim", "sqlite:///x"])
def test_what_is_no_postgresql_is_refused(url: str) -> None:
    with pytest.raises(DatabaseError, match="postgresql://user@host") as caught:
        engine_of(url)
    assert "geheim" not in str(caught.value)


def test_a_url_comes_from_a_file_or_a_setting_and_not_from_both(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://u@h/d\n")
    assert LedgerSettings(url_file=file).address() == "postgresql://u@h/d"
    assert LedgerSettings(url="postgresql://u@h/e").address() == "postgresql://u@h/e"  # type: ignore[arg-type]
    assert LedgerSettings().address() is None
    with pytest.raises(ValueError, match="set one of them"):
        LedgerSettings(url="x", url_file=file)  # type: ignore[arg-type]
    file.write_text("")
    with pytest.raises(SettingsError, match="is empty"):
        LedgerSettings(url_file=file).address()
    with pytest.raises(SettingsError, match="can't be read"):
        LedgerSettings(url_file=tmp_path / "none").address()


def test_the_commands_make_tables_and_tell_how_they_stand(server: Server) -> None:
    def run(*words: str) -> tuple[int, str]:
        url = f"ledger.url={server.url('commands')}"
        found = CliRunner().invoke(app, ["ledger", *words, "--region", "beijing", "--set", url])
        return found.exit_code, found.output + repr(found.exception or "")

    code, told = run("status")
    assert code == 1
    assert "LEDGER_SCHEMA" in told or "collabbus ledger migrate" in told
    assert run("migrate") == (0, f"台账表结构 tables: 无 none -> {newest()}\n''")
    assert "already" in run("migrate")[1]
    code, told = run("status", "--json")
    assert code == 1  # nobody follows the log
    assert '"fresh": false' in told


@pytest.fixture
def place() -> Iterator[Path]:
    """Not in pytest's folder, from which another pytest may shut out the server's user."""
    with tempfile.TemporaryDirectory(prefix="collabbus-pg-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "pg"


def running(place: Path) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if str(place) in str(p.info)]


def test_a_server_that_was_started_for_a_command_runs_no_longer_than_that(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "collabbus", "ledger", "migrate", "--region", "beijing",
         "--set", f"ledger.folder={place}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert running(place) == []


USER = """
import pathlib, sys
from collabbus.ledger.database import served
with served(pathlib.Path(sys.argv[1])):
    print("served", flush=True)
    sys.stdin.read()
"""


def test_a_server_ends_with_who_used_it_though_that_was_killed(place: Path) -> None:
    users = [
        subprocess.Popen(
            [sys.executable, "-c", USER, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for user in users:
        assert user.stdout
        assert user.stdout.readline() == b"served\n"
    users[0].kill()
    with pytest.raises(subprocess.TimeoutExpired):
        users[1].wait(1)
    assert any("postgres" in p.name() for p in running(place)), "somebody still uses it"
    users[1].kill()
    until(lambda: not running(place), 30, "the server has ended")


def test_a_server_that_cannot_start_is_told(place: Path) -> None:
    place.write_text("a file stands where its folder should be")
    with pytest.raises(DatabaseError, match="doesn't start"), served(place):
        pass
