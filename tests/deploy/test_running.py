"""The compose file's services, run here by their commands and environments, play a scenario.

Kafka is the shared cluster's; each region's certificate names its alias, so both ways of running
differ in the mirrors alone, of which one is started too.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
import pytest
from sqlalchemy import make_url

from collabbus.gateway.issuing import issue
from collabbus.installation import Installation
from collabbus.operate import process
from collabbus.operate.kafka import Kafka
from collabbus.operate.mirror import MirrorMaker
from collabbus.simulate.library import load
from collabbus.simulate.play import Played, play
from collabbus.stage import KafkaStage
from tests.deploy.composed import CONTRACTS, METRICS, Composed, config, prepared
from tests.support.metrics import total
from tests.support.waiting import until

pytestmark = pytest.mark.kafka
SHARDS = 2
HAIDIAN, BINHAI = "beijing/haidian", "tianjin/binhai"
SERVICES = ("processor", "ledger", "gateway", "handlers")


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composed:
    folder = tmp_path_factory.mktemp("composed")
    secrets = prepared(folder / "secrets")
    # Whoever runs compose brings the uid that owns the secrets.
    file = config("--profile", "*", SECRETS=str(secrets), SHARDS=str(SHARDS))
    return Composed(folder, secrets, SHARDS, file)


@pytest.fixture(scope="module")
def cluster(composed: Composed, kafka: Kafka) -> Iterator[Composed]:
    """Keys, Kafka and each region's topics, made by the services that make them."""
    composed.once(["keys"])
    assert composed.service("keys")["network_mode"] == "none"
    with ExitStack() as stack:
        stack.callback(process.stop, composed.start_kafka(kafka), 15)
        composed.once(f"topics-{region}" for region in composed.regions)
        yield composed


@pytest.fixture(scope="module")
def running(cluster: Composed) -> Iterator[Composed]:
    """All services of all regions, healthy by the checks of the file."""
    with ExitStack() as stack:
        # Not in pytest's folder: as root PostgreSQL runs as another user, who is shut out of that.
        place = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="collabbus-", ignore_cleanup_errors=True)
        )
        for region in cluster.regions:
            name = f"postgres-{region}"
            stack.enter_context(cluster.database(name, Path(place, region)))
        stack.callback(cluster.supervisor.stop, grace=20)
        # As `depends_on` has it: gateways when their ledgers are healthy.
        for kinds in (("processor", "ledger"), ("gateway", "handlers")):
            cluster.up(f"{kind}-{region}" for kind in kinds for region in cluster.regions)
        for region in cluster.regions:
            # Both stages of the processor take each shard; handlers see what comes from then on.
            taken = partial(
                total, cluster.port(f"processor-{region}", METRICS), "collabbus_take_seconds_count"
            )
            what = f"every shard taken; see {cluster.log(f'processor-{region}')}"
            until(lambda taken=taken: taken() >= 2 * SHARDS, 90, what, 0.5)
            log = cluster.log(f"handlers-{region}")
            until(lambda log=log: "shards taken" in log.read_text("utf-8"), 60, f"shards: {log}")
        yield cluster


@pytest.fixture(scope="module")
def played(running: Composed) -> Played:
    with KafkaStage(cast("Installation", running)) as stage:
        return play(load(CONTRACTS)["s1-jjj-assistance"], stage, "composed")


def client(composed: Composed, office: str, at: str = "", officer: str = "王敏") -> httpx.Client:
    """Give what an office's system has: the authority, an address, a token of its region's."""
    region = office.partition("/")[0]
    trusted = ssl.create_default_context(cafile=composed.secrets / "ca.pem")
    # What Python checks from 3.13 on unless told otherwise.
    trusted.verify_flags |= ssl.VERIFY_X509_STRICT
    token = issue(composed.secrets / region / "issuer.json", office, officer)
    return httpx.Client(
        base_url=f"https://127.0.0.1:{composed.port(f'gateway-{at or region}', '8443')}",
        headers={"Authorization": f"Bearer {token}"},
        verify=trusted,
        trust_env=False,
        timeout=60,
    )


def states(answer: httpx.Response) -> list[str]:
    """Give the states of a matter's threads; none where it isn't known yet."""
    found: dict[str, Any] = answer.json()
    return [one["state"] for one in found["threads"]] if answer.status_code == 200 else []


def test_a_mirror_of_the_file_carries(cluster: Composed, kafka: Kafka) -> None:
    """It logs in by the passwords in its secrets. Before there is a record: both ends are one."""
    mounted = cluster.mounted("mirror-hebei")
    text = mounted["/etc/collabbus/mirror.properties"].read_text("ascii")
    file = cluster.folder / "mirror-hebei" / "mirror.properties"
    for region in cluster.regions:
        # On the shared cluster the mirrors' user is the region's own.
        text = text.replace(f"/run/secrets:{region}", f"/run/secrets-services:{region}")
        services = cluster.folder / "mirror-hebei" / "run-secrets-services"
        services.mkdir(exist_ok=True)
        (services / region).write_bytes((cluster.secrets / region / "services").read_bytes())
        text = "\n".join(
            line.replace('"mirror"', f'"{region}"') if line.startswith(f"{region}.") else line
            for line in text.splitlines()
        )
    text = text.replace("/run/secrets-services", str(services))
    file.write_text(cluster.here("mirror-hebei", text) + "\n", "ascii")
    command = cluster.service("mirror-hebei")["command"]
    assert command[0].endswith("connect-mirror-maker.sh")
    target = {region: cluster.kafka_of(region) for region in cluster.regions}
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


def test_the_first_scenario_plays_on_the_services_of_the_file(played: Played) -> None:
    assert played.differences == []


@pytest.mark.parametrize("office", [HAIDIAN, BINHAI])
def test_both_sides_read_it_from_their_gateway_by_its_certificate(
    office: str, played: Played, running: Composed
) -> None:
    [held] = [one for one in played.held if one.region == office.partition("/")[0]]
    with client(running, office) as system:
        read = partial(system.get, f"/v1/matters/{held.matter_id}")
        until(lambda: states(read()) == [held.state], 30, f"{held.state} in {office}'s ledger")
        listed = system.get("/v1/matters", params={"family": "assistance"}).json()
        assert [one["matterId"] for one in listed["items"]] == [held.matter_id]


def test_what_a_gateway_takes_is_answered_by_the_handlers_of_another_region(
    running: Composed,
) -> None:
    notice = {
        "network": "jingjinji",
        "participants": [{"office": BINHAI, "role": "ROLE_RECIPIENT"}],
        "legalBasis": [{"instrument": "京检发〔2025〕108号", "article": "第十二条"}],
        "body": {
            "caseNotified": {
                "kind": "NOTIFICATION_KIND_DOCUMENT_ISSUED",
                "title": "关于印发意见的通知",
                "text": "全文",
            }
        },
    }
    with client(running, HAIDIAN) as haidian:
        said = haidian.post("/v1/matters", json=notice, headers={"Prefer": "wait=30"})
        assert said.status_code == 201, said.text
        where = said.headers["Location"]
        until(
            lambda: "acknowledged" in states(haidian.get(where)),
            60,
            f"Binhai's answer; see {running.log('handlers-tianjin')}",
            0.2,
        )


def test_a_gateway_believes_its_own_region_s_issuer_alone_and_shows_its_own_certificate(
    running: Composed,
) -> None:
    with client(running, HAIDIAN, at="tianjin") as stranger:
        assert stranger.get("/v1/matters").status_code == 401
    where = f"https://127.0.0.1:{running.port('gateway-beijing', '8443')}/healthz"
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(where, trust_env=False)


def test_every_service_tells_metrics_where_prometheus_looks(running: Composed) -> None:
    for region in running.regions:
        for kind in SERVICES:
            port = running.port(f"{kind}-{region}", METRICS)
            answer = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
            assert "\n# HELP collabbus_" in "\n" + answer.text, f"{kind}-{region}"


def test_a_database_wants_the_password_of_its_secret(running: Composed) -> None:
    url = make_url(
        Path(running.environment("ledger-beijing")["COLLABBUS_LEDGER_URL_FILE"])
        .read_text("ascii")
        .strip()
    )
    assert url.password == (running.secrets / "beijing" / "postgres").read_text("ascii")

    async def log_in(password: str) -> None:
        found = await asyncpg.connect(
            host=running.sockets["postgres-beijing"],
            user=url.username, database=url.database, password=password,
        )  # fmt: skip
        await found.close()

    asyncio.run(log_in(str(url.password)))
    with pytest.raises(asyncpg.InvalidPasswordError):
        asyncio.run(log_in("0" * len(str(url.password))))


def test_the_doctor_finds_nothing_broken_where_the_processor_runs(
    played: Played, running: Composed
) -> None:
    """As `docker compose exec processor-beijing collabbus doctor` asks it."""
    done = subprocess.run(
        [*running.command("processor-beijing")[:3], "doctor", "--json"],
        env={**os.environ, **running.environment("processor-beijing")},
        capture_output=True, text=True, check=False, timeout=120, cwd=running.folder,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    lines = json.loads(done.stdout)["lines"]
    # What is this machine's: one broker has one copy, of a full disk or the year's end it warns.
    assert {line["check"] for line in lines if line["level"] != "ok"} <= {
        "copies",
        "disk",
        "calendar",
    }
    assert [line["level"] for line in lines if line["check"] == "links"] == ["ok"] * 4


def test_keys_of_others_are_not_where_a_service_could_read_them(running: Composed) -> None:
    keys = Path(running.environment("processor-tianjin")["COLLABBUS_KEYS"])
    assert sorted(os.listdir(keys / "private")) == ["tianjin"]
    keys = Path(running.environment("gateway-tianjin")["COLLABBUS_KEYS"])
    assert sorted(os.listdir(keys / "private" / "tianjin")) == ["offices"]


def test_no_processor_had_to_be_started_again(played: Played, running: Composed) -> None:
    """Its watchdog ends one that stands still, as happened where connections closed too slowly."""
    names = [f"processor-{region}" for region in running.regions]
    assert {name: running.supervisor.starts(name) for name in names} == dict.fromkeys(names, 1)
