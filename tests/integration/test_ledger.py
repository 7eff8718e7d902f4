"""The ledger on Kafka: it follows, is killed, is rebuilt, and holds what the processor holds."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from collab.state.v1 import state_pb2 as st
from collabbus.installation import Installation
from collabbus.ledger import tables
from collabbus.ledger.database import Server, engine_of
from collabbus.model.thread import picture
from collabbus.repertoire import Repertoire
from collabbus.simulate.play import play
from collabbus.stage import KafkaStage
from tests.support.waiting import until

pytestmark = pytest.mark.kafka

REGION = "beijing"
STORIES = ("s1-jjj-assistance", "s2-jjj-clue-model-hit", "row-40-mutual-recognition")
WAIT_S = 60.0


@pytest.fixture(scope="module")
def url(server: Server) -> str:
    return server.url("projected")


@pytest.fixture(scope="module")
def environment(installation: Installation, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "COLLABBUS_REGION": REGION,
        "COLLABBUS_CONTRACTS": str(installation.contracts_folder),
        "COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": installation.broker_of(REGION).bootstrap,
        "COLLABBUS_LEDGER_URL": url,
        "COLLABBUS_LEDGER_BATCH": "5",
        "COLLABBUS_SHARDS": str(installation.shards),
    }


async def _held(url: str) -> tuple[dict[str, tuple[object, ...]], list[tuple[str, int]]]:
    engine = engine_of(url)
    async with engine.connect() as connection:
        t, e = tables.threads.c, tables.events.c
        kept = await connection.execute(select(t.matter_id, t.kept))
        threads = {
            f"t/{row.matter_id}/{thread.thread}": picture(thread)
            for row in kept
            for thread in [st.Thread.FromString(row.kept)]
        }
        rows = await connection.execute(select(e.event_id, e.position).order_by(e.event_id))
        events = [(row.event_id, row.position) for row in rows]
    await engine.dispose()
    return threads, events


async def _count(url: str) -> int:
    engine = engine_of(url)
    try:
        async with engine.connect() as connection:
            found = await connection.execute(select(func.count()).select_from(tables.events))
            return int(found.scalar_one())
    except ProgrammingError:
        return 0  # there are no tables yet
    finally:
        await engine.dispose()


def _until_same(stage: KafkaStage, url: str) -> list[tuple[str, int]]:
    """Wait until the ledger holds what log and state topic show; give its events."""
    end = time.monotonic() + WAIT_S
    while True:
        threads, events = asyncio.run(_held(url))
        wanted = {
            key: picture(one) for key, one in dict(stage.threads(REGION)).items() if one.origins
        }
        logged = sorted(dict(stage.events(REGION)))
        if threads == wanted and [event_id for event_id, _ in events] == logged:
            return events
        if time.monotonic() > end:
            assert [event_id for event_id, _ in events] == logged
            assert threads == wanted
        time.sleep(0.3)


def test_a_ledger_that_is_killed_again_and_again_holds_what_the_processor_holds(
    installation: Installation, stage: KafkaStage, environment: dict[str, str], url: str
) -> None:
    supervisor = installation.supervisor
    supervisor.add(
        "ledger",
        [sys.executable, "-m", "collabbus", "run", "ledger"],
        log=installation.folder / "ledger.log",
        env=environment,
    )
    ended = threading.Event()
    killed = []

    def kill() -> None:
        """Kill it whenever it has written something."""
        seen = 0
        while not ended.wait(0.2):
            count = asyncio.run(_count(url))
            if count > seen and supervisor.pid("ledger") is not None:
                seen = count
                killed.append(supervisor.kill("ledger"))

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        for scenario in Repertoire.load(installation.contracts_folder).chosen(STORIES):
            assert not play(scenario, stage, "ledger").differences
        end = time.monotonic() + WAIT_S
        while not killed and time.monotonic() < end:
            time.sleep(0.1)
    finally:
        ended.set()
        killer.join()
    before = _until_same(stage, url)
    assert len(before) > 20
    assert killed  # how often, is a matter of how fast it starts

    # It is current, and says so; told to stop, it stops.
    def shown() -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "collabbus", "ledger", "status", "--json"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        status = json.loads(done.stdout)
        return status if status["fresh"] else None  # it may only just have been started again

    status = until(shown, WAIT_S, "a ledger that is current")
    assert (status["region"], status["events"]) == (REGION, len(before))
    assert supervisor.stop("ledger") == {"ledger": 0}

    # Made anew from the log: the same, each event at its place.
    rebuilt = subprocess.run(
        [sys.executable, "-m", "collabbus", "ledger", "rebuild"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "generation 2" in rebuilt.stdout
    assert _until_same(stage, url) == before
