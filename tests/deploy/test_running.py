"""The compose file's services, run here by their commands and environments, play a scenario.

Kafka is the shared cluster's; each region's certificate names its alias, so both ways of running
differ in the mirrors alone, of which one is started too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import pytest

from collabbus.installation import Installation
from collabbus.operate import process
from collabbus.operate.kafka import Kafka
from collabbus.operate.mirror import MirrorMaker
from collabbus.simulate.library import load
from collabbus.simulate.play import play
from collabbus.stage import KafkaStage
from tests.deploy.composed import CONTRACTS, Composed, config, prepared
from tests.support.metrics import total
from tests.support.waiting import until

pytestmark = pytest.mark.kafka
SHARDS = 2


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composed:
    folder = tmp_path_factory.mktemp("composed")
    secrets = prepared(folder / "secrets")
    # Whoever runs compose brings the uid that owns the secrets.
    file = config("--profile", "*", SECRETS=str(secrets), SHARDS=str(SHARDS))
    return Composed(folder, secrets, SHARDS, file)


@pytest.fixture(scope="module")
def running(composed: Composed, kafka: Kafka) -> Iterator[Composed]:
    """Keys, Kafka and each region's topics, made by the services that make them."""
    keys = composed.file["services"]["keys"]
    composed.ports["kafka"] = 0
    assert composed.start("keys").wait(60) == 0, process.tail(composed.folder / "keys.log")
    assert keys["network_mode"] == "none"
    with ExitStack() as stack:
        broker = composed.start_kafka(kafka)
        stack.callback(process.stop, broker, 15)
        for region in composed.regions:
            # Compose waits for Kafka's health check; `restart: on-failure` does the rest.
            for _ in range(5):
                code = composed.start(f"topics-{region}").wait(60)
                if code == 0:
                    break
            assert code == 0, process.tail(composed.folder / f"topics-{region}.log")
        yield composed


def test_a_mirror_of_the_file_carries(running: Composed, kafka: Kafka) -> None:
    """It logs in by the passwords in its secrets. Before there is a record: both ends are one."""
    mounted = running.mounted("mirror-hebei")
    text = mounted["/etc/collabbus/mirror.properties"].read_text("ascii")
    file = running.folder / "mirror-hebei" / "mirror.properties"
    for region in running.regions:
        # On the shared cluster the mirrors' user is the region's own.
        text = text.replace(f"/run/secrets:{region}", f"/run/secrets-services:{region}")
        services = running.folder / "mirror-hebei" / "run-secrets-services"
        services.mkdir(exist_ok=True)
        (services / region).write_bytes((running.secrets / region / "services").read_bytes())
        text = "\n".join(
            line.replace('"mirror"', f'"{region}"') if line.startswith(f"{region}.") else line
            for line in text.splitlines()
        )
    text = text.replace("/run/secrets-services", str(services))
    file.write_text(running.here("mirror-hebei", text) + "\n", "ascii")
    command = running.service("mirror-hebei")["command"]
    assert command[0].endswith("connect-mirror-maker.sh")
    target = {region: running.kafka_of(region) for region in running.regions}
    flows = {(one, "hebei"): [f"collab.{one}.to.hebei"] for one in ("beijing", "tianjin")}
    mirror = MirrorMaker(kafka, file.parent, "hebei", target, flows)
    # Its own command and file; what MirrorMaker publishes is read by the class that knows it.
    mirror._process = process.spawn(
        kafka.command("org.apache.kafka.connect.mirror.MirrorMaker", file, "--clusters", "hebei"),
        log=mirror.log,
    )
    try:
        mirror.wait_ready()
    finally:
        mirror.stop()


def test_the_first_scenario_plays_on_the_services_of_the_file(running: Composed) -> None:
    with ExitStack() as stack:
        for region in running.regions:
            stack.callback(process.stop, running.start(f"processor-{region}"), 20)
        ports = [running.ports[f"processor-{region}"] for region in running.regions]
        until(
            lambda: all(total(p, "collabbus_take_seconds_count") >= 2 * SHARDS for p in ports),
            90,
            "every shard taken; see processor-*.log in " + str(running.folder),
            pause=0.5,
        )
        stage = stack.enter_context(KafkaStage(cast("Installation", running)))
        played = play(load(CONTRACTS)["s1-jjj-assistance"], stage, "composed")
        assert played.differences == []


def test_keys_of_others_are_not_where_a_service_could_read_them(running: Composed) -> None:
    keys = Path(running.environment("processor-tianjin")["COLLABBUS_KEYS"])
    assert sorted(os.listdir(keys / "private")) == ["tianjin"]
