"""Handlers on Apache Kafka: nothing lost, nothing answered twice, one matter alone stops."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from collab.v1 import assistance_pb2 as assistance
from collab.v1 import event_pb2 as ev
from collabbus.cli import app
from collabbus.handlers import register
from collabbus.installation import Installation
from collabbus.operate.kafka import Kafka
from collabbus.operate.records import Records
from collabbus.operate.supervisor import Supervisor
from collabbus.sdk import Office, Submitted
from tests.support.waiting import until

pytestmark = pytest.mark.kafka

ROOT = Path(__file__).parents[2]
REGION = "beijing"
ASKER, ASKED = "beijing/haidian", "beijing/xicheng"
FAULTS = {
    "hang": "TimedOut",
    "block": "Blocked",
    "exit": "Ended",
    "wrong": "Permanent",
    "stuck": "TimedOut",
}
EVENTS = int(os.environ.get("HANDLER_EVENTS", "200"))


@pytest.fixture(scope="module")
def region(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(
        kafka, tmp_path_factory.mktemp("region"), ROOT / "contracts", "jingjinji", regions=[REGION]
    ) as running:
        yield running


class Desk:
    """A host of the desk's handlers, as a process that is started again whenever it dies."""

    def __init__(self, region: Installation, folder: Path) -> None:
        self.region = region
        self.mended = folder / "mended"
        self.logs = folder
        self.supervisor = Supervisor()
        self.office = Office(
            ASKER, region.office_key(ASKER), "jingjinji", kafka=region.kafka_of(REGION)
        )

    def start(self, name: str = "desk") -> None:
        self.supervisor.add(
            name,
            [sys.executable, "-m", "collabbus", "run", "handlers", "tests.handlers.desk:handlers",
             "--office", ASKED, "--start", "beginning"],
            log=self.logs / f"{name}.log",
            env={
                "COLLABBUS_CONTRACTS": str(self.region.contracts_folder),
                "COLLABBUS_KEYS": str(self.region.keys.resolve()),
                "COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": self.region.broker_of(REGION).bootstrap,
                "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
                "MENDED": str(self.mended),
            },
        )  # fmt: skip

    def ask(self, *subjects: str) -> dict[str, Submitted]:
        drafts = [
            self.office.opening(
                assistance.AssistanceRequested(
                    kinds=[assistance.ASSISTANCE_KIND_WITNESS], subject=one, questions=["?"]
                ),
                officer="张伟",
                to=ASKED,
                legal_basis=[ev.LegalBasis(instrument="《办法》", article="第一条")],
            )
            for one in subjects
        ]
        futures = [self.office.submit(draft) for draft in drafts]
        sent = [future.result(30) for future in futures]
        for one in sent:
            self.office.wait_recorded(one, timeout=60)
        return dict(zip(subjects, sent, strict=True))

    def told(self) -> dict[str, Counter[tuple[str, str]]]:
        """Give what the asked office said, by matter."""
        found: dict[str, Counter[tuple[str, str]]] = {}
        with Records(self.region.kafka_of(REGION), REGION) as records:
            for record in records.read("events"):
                envelope = ev.Envelope.FromString(ev.Event.FromString(record.value).envelope)
                if envelope.office == ASKED:
                    of = found.setdefault(envelope.matter_id, Counter())
                    of[envelope.type, envelope.officer] += 1
        return found

    def parked(self) -> dict[str, str]:
        return {
            one.parked.matter_id: one.parked.failure.error
            for one in register.listed(self.region.kafka_of(REGION), REGION)
        }

    def parked_command(self, *words: str) -> str:
        bootstrap = self.region.broker_of(REGION).bootstrap
        where = ["--region", REGION, "--bootstrap", bootstrap]
        done = CliRunner().invoke(app, ["parked", *words, *where])
        assert done.exit_code == 0, done.output
        return done.output


@pytest.fixture
def desk(region: Installation, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(region, tmp_path)
    with made.office, made.supervisor:
        yield made
    for log in made.logs.glob("*.log"):
        print(log.name, log.read_text("utf-8")[-6000:])


ONCE = Counter({("Received", "王芳"): 1, ("Commented", "王芳"): 1, ("Commented", "李强"): 1})


def test_handlers_lose_nothing_and_answer_nothing_twice_through_kill_and_hanging(
    desk: Desk,
) -> None:
    """Invariants 1, 2 and 9, for handlers."""
    good = [f"事项 {number}" for number in range(EVENTS)]
    asked = desk.ask(*FAULTS, *good)
    desk.start()
    kills = 0
    limit = time.monotonic() + 180 + EVENTS / 4
    while True:
        told = desk.told()
        done = sum(told.get(asked[one].matter_id) == ONCE for one in good)
        if done == len(good):
            break
        assert time.monotonic() < limit, (
            kills,
            desk.parked(),
            {one: told.get(asked[one].matter_id) for one in good
             if told.get(asked[one].matter_id) != ONCE},
        )  # fmt: skip
        if kills < 3 and done > EVENTS * (kills + 1) // 5:
            desk.supervisor.kill("desk")
            kills += 1
            if kills == 2:
                desk.start("another")  # and Kafka shares the shards out anew
        time.sleep(0.2)
    assert kills == 3
    wanted = {asked[name].matter_id: error for name, error in FAULTS.items()}
    until(lambda: len(desk.parked()) >= len(wanted), 120, "all that must be is parked")
    assert desk.parked() == wanted
    # A person has it tried again, or leaves it out.
    desk.mended.touch()
    for name, error in FAULTS.items():
        assert error in desk.parked_command("show", asked[name].matter_id)
        desk.parked_command("skip" if name == "wrong" else "retry", asked[name].matter_id)
    until(lambda: not desk.parked(), 90, "nothing parked")
    told = desk.told()
    skipped = ONCE - Counter({("Commented", "王芳"): 1})
    assert {name: told[asked[name].matter_id] for name in asked} == {
        **dict.fromkeys(asked, ONCE), "wrong": skipped,
    }  # fmt: skip
