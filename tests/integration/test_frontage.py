"""The frontage where it can't come up, or nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

import pytest

from collabbus.frontage import Frontage, FrontageFailed
from collabbus.installation import Installation
from collabbus.operate.kafka import Kafka
from collabbus.operate.supervisor import ProgramUnknownError, Supervisor
from tests.integration.conftest import CONTRACTS
from tests.integration.test_demo import left_behind
from tests.support.waiting import until

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def installation(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Whose ledgers' database is named twice, so that none starts."""
    folder = tmp_path_factory.mktemp("frontage")
    twice = {"COLLABBUS_LEDGER_URL_FILE": str(folder / "url")}
    made = Installation(kafka, folder, CONTRACTS, "jingjinji", environment=twice)
    try:
        yield made.start(processors=False)
    finally:
        made.stop()


def database(front: Frontage) -> Path:
    """Give the folder of the PostgreSQL that holds its ledgers."""
    [folder] = {unquote(url.rpartition("host=")[2]) for url in front.ledgers.values()}
    return Path(folder)


def test_a_ledger_that_cannot_start_is_told_with_its_reason_and_nothing_is_left(
    installation: Installation,
) -> None:
    front = Frontage(installation, ["beijing", "tianjin"])
    with pytest.raises(FrontageFailed) as told, front:
        front.wait_ready()
    assert "ledger-beijing doesn't come up (3 starts)" in str(told.value)
    assert "url and url_file both name the database" in str(told.value)
    assert set(front.ledgers) == {"beijing", "tianjin"}
    for region in front.regions:
        assert installation.supervisor.pid(f"ledger-{region}") is None
    assert not database(front).exists()
    assert left_behind(database(front)) == []


def test_who_gives_up_early_waits_for_nothing_and_leaves_nothing(
    installation: Installation,
) -> None:
    """As Ctrl-C does while they start."""
    ended = threading.Event()
    installation.supervisor = Supervisor()  # another frontage had programs of these names
    with Frontage(installation, ["hebei"], ended=ended) as front:
        until(lambda: front.ledgers, 60, "the database")
        ended.set()
        started = time.monotonic()
        front.wait_ready()
        assert time.monotonic() - started < 30
        assert front.gateways == {}
    with suppress(ProgramUnknownError):  # it may not even have been started
        assert installation.supervisor.pid("ledger-hebei") is None
    assert not database(front).exists()
    assert left_behind(database(front)) == []
