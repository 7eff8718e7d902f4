"""The compose file and what it mounts: read by the real tools, compared with the contract."""

from __future__ import annotations

import re
import socket
import struct
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from collabbus.gateway.issuing import issue
from collabbus.gateway.problem import Problem
from collabbus.gateway.tokens import Tokens
from collabbus.operate.kafka import Kafka
from collabbus.operate.mirror import MirrorMaker
from collabbus.settings import KafkaSettings
from tests.deploy.composed import ROOT, config, prepared

REGIONS = ("beijing", "tianjin", "hebei")
OURS = ("topics", "processor", "ledger", "gateway", "handlers")
CLUSTERS = [f"kafka-{region}" for region in REGIONS]


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return config("--profile", "*")


def services(file: dict[str, Any]) -> set[str]:
    return set(file["services"])


def test_each_region_has_its_own_cluster_unless_they_share_one() -> None:
    alone, shared = services(config()), services(config("--profile", "shared"))
    assert alone - shared == {*CLUSTERS, *(f"mirror-{region}" for region in REGIONS)}
    assert shared - alone == {"kafka"}
    assert {f"{one}-{region}" for one in OURS for region in REGIONS} < (alone & shared)


def test_in_either_way_a_region_finds_a_kafka_that_its_certificate_names(
    whole: dict[str, Any],
) -> None:
    for region in REGIONS:
        at = whole["services"][f"processor-{region}"]["environment"]
        assert at["COLLABBUS_KAFKA_BOOTSTRAP_SERVERS"] == f"kafka-{region}:9092"
        shared = whole["services"]["kafka"]["networks"][region]
        assert shared["aliases"] == [f"kafka-{region}"]
        assert region in whole["services"][f"kafka-{region}"]["networks"]


WRITES_AT_ITS_ROOT = {
    "its image writes Kafka's configuration at the start": {"kafka", *CLUSTERS},
}
RUNS_ONCE = {
    "makes keys, for a person who asked for it": {"keys"},
    "makes topics, again only where that failed": {f"topics-{region}" for region in REGIONS},
}
NO_HEALTH_CHECK = {
    **RUNS_ONCE,
    "opens no port; the links' metrics tell whether it carries": {
        f"mirror-{region}" for region in REGIONS
    },
}
WRITES_INTO_A_FOLDER = {"the folder is what it is for": {"keys"}}


def excused(exceptions: dict[str, set[str]]) -> set[str]:
    return set().union(*exceptions.values())


def test_nothing_runs_as_root_or_with_more_rights_than_it_needs(whole: dict[str, Any]) -> None:
    for name, service in whole["services"].items():
        user, _, group = service.get("user", "root").partition(":")
        assert user not in ("", "root", "0"), name
        assert group not in ("root", "0"), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert int(service["mem_limit"]) <= 1 << 30, name
        assert service["logging"]["options"]["max-size"], name
        for more in ("privileged", "cap_add", "devices", "pid", "ipc", "userns_mode"):
            assert more not in service, f"{name}: {more}"
        assert service.get("network_mode", "none") == "none", name
        for port in service.get("ports", ()):
            assert port["host_ip"] == "127.0.0.1", name


def test_nothing_writes_but_into_its_volumes_and_memory(whole: dict[str, Any]) -> None:
    """With exceptions, each for a reason; an exception that isn't needed any more must go."""
    writable = {name for name, one in whole["services"].items() if not one.get("read_only")}
    assert writable == excused(WRITES_AT_ITS_ROOT)
    into = {
        name
        for name, one in whole["services"].items()
        for volume in one.get("volumes", ())
        if volume["type"] == "bind" and not volume.get("read_only")
    }
    assert into == excused(WRITES_INTO_A_FOLDER)
    # Two that write into one volume would ruin each other's data.
    named = [
        volume["source"]
        for one in whole["services"].values()
        for volume in one.get("volumes", ())
        if volume["type"] == "volume"
    ]
    assert len(named) == len(set(named))


def test_whatever_ends_is_started_again(whole: dict[str, Any]) -> None:
    policies = {name: one["restart"] for name, one in whole["services"].items()}
    assert {n for n, one in policies.items() if one != "unless-stopped"} == excused(RUNS_ONCE)
    assert all(policies[f"topics-{region}"] == "on-failure" for region in REGIONS)


def test_whatever_stays_up_has_a_health_check(whole: dict[str, Any]) -> None:
    without = {name for name, one in whole["services"].items() if "healthcheck" not in one}
    assert without == excused(NO_HEALTH_CHECK)


def test_no_password_stands_in_the_file_and_each_secret_is_made(
    whole: dict[str, Any], tmp_path: Path
) -> None:
    for name, service in whole["services"].items():
        for key, value in (service.get("environment") or {}).items():
            if re.search("PASSWORD|SECRET|JAAS", key) and "PROVIDERS" not in key:
                assert re.fullmatch(r"/run/secrets/\w+", value) or "${secrets:" in value, name
                assert not re.search(r'password="(?!\$\{)', value), name
    made = prepared(tmp_path / "secrets")
    file = config("--profile", "*", SECRETS=str(made))
    for name, secret in file["secrets"].items():
        assert Path(secret["file"]).stat().st_size, name
    # The folder is closed; inside, what our own services read is closed too.
    kinds = ("gateway.pem", "settings.yaml", "issuer.json")
    own = [made / "ca.key", *(path for kind in kinds for path in made.glob(f"*/{kind}"))]
    assert len(own) == 1 + 3 * len(kinds)
    assert all(
        path.stat().st_mode & 0o077 == 0 for path in [made, *own, *made.glob("*/ledger-url")]
    )
    for region in REGIONS:
        for one in file["services"][f"kafka-{region}"]["secrets"]:
            source = Path(file["secrets"][one["source"]]["file"])
            assert source.stat().st_mode & 0o044 == 0o044, f"{source}: the image's user reads it"
    # Issuers of the regions' tokens are the regions' own; a set of keys without any is replaced.
    (made / "hebei" / "jwks.json").write_text('{"keys": []}', "ascii")
    prepared(made)
    believes = {r: Tokens(made / r / "jwks.json", audience="collabbus") for r in REGIONS}
    for region in REGIONS:
        token = issue(made / region / "issuer.json", f"{region}/provincial", "王敏")
        for other, tokens in believes.items():
            if other == region:
                assert tokens.caller(f"Bearer {token}").officer == "王敏"
            else:
                with pytest.raises(Problem):
                    tokens.caller(f"Bearer {token}")
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    prepared(made)
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("answers", [True, False])
def test_a_kafka_that_takes_connections_and_answers_nothing_is_not_healthy(
    whole: dict[str, Any], answers: bool
) -> None:
    kind, *command = whole["services"]["kafka"]["healthcheck"]["test"]
    assert kind == "CMD"
    with (
        socket.create_server(("127.0.0.1", 0)) as clients,
        socket.create_server(("127.0.0.1", 0)) as controller,
    ):

        def serve() -> None:
            asked, _ = controller.accept()
            with asked:
                # bash writes in pieces.
                request = asked.makefile("rb").read(14)
                size, key, version, number = struct.unpack(">ihh4s", request[:12])
                assert (size, key, version) == (10, 18, 0)
                if answers:
                    asked.sendall(struct.pack(">i4s", 6, number) + bytes(6))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        for port, server in (("9092", clients), ("9093", controller)):
            here = str(server.getsockname()[1])
            command = [word.replace(f"127.0.0.1/{port}", f"127.0.0.1/{here}") for word in command]
        done = subprocess.run(command, check=False, capture_output=True, timeout=10)
        thread.join(5)
    assert (done.returncode == 0) is answers


SEES = {
    "processor": ["private/{region}", "operators.json", "directory.json"],
    "gateway": ["private/{region}/offices"],
    "handlers": ["private/{region}/offices"],
}
"""Which files of the keys a service of a region has; the others have none."""


def test_a_service_sees_the_keys_of_its_own_region_that_it_needs_and_no_others(
    whole: dict[str, Any],
) -> None:
    for name, service in whole["services"].items():
        kind, _, region = name.partition("-")
        seen = {
            volume["target"]: volume
            for volume in service.get("volumes", ())
            if "/keys" in volume["target"]
        }
        if name == "keys":
            assert list(seen) == ["/etc/collabbus/keys"]
            continue
        wanted = {f"/etc/collabbus/keys/{one.format(region=region)}" for one in SEES.get(kind, ())}
        assert set(seen) == wanted, name
        for target, volume in seen.items():
            assert volume["source"].endswith(target.removeprefix("/etc/collabbus")), name
            assert volume["read_only"], name


def test_what_is_mounted_from_here_is_here(whole: dict[str, Any]) -> None:
    for name, service in whole["services"].items():
        for volume in service.get("volumes", ()):
            source = Path(volume["source"])
            if volume["type"] == "bind" and "secrets" not in source.parts:
                assert source.exists(), f"{name}: {source}"


@pytest.mark.parametrize("region", REGIONS)
def test_the_handlers_that_run_unless_told_otherwise_are_in_their_folder(
    region: str, whole: dict[str, Any]
) -> None:
    service = whole["services"][f"handlers-{region}"]
    assert service["command"][:2] == ["run", "handlers"]
    module, _, name = service["command"][2].partition(":")
    [folder] = [v["source"] for v in service["volumes"] if v["target"] == "/opt/handlers"]
    assert service["environment"]["PYTHONPATH"] == "/opt/handlers"
    source = Path(folder, f"{module}.py").read_text("utf-8")
    assert f"\n{name} = Handlers(" in source
    assert service["command"][3:] == ["--office", f"{region}/{service['command'][4].split('/')[1]}"]


def read_properties(file: Path) -> dict[str, str]:
    found = {}
    for line in file.read_text("ascii").splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition(" = ")
            found[key] = value.replace("\\\\", "\\")
    return found


@pytest.mark.parametrize("region", REGIONS)
def test_the_mirrors_are_those_that_demo_and_tests_run(region: str, tmp_path: Path) -> None:
    clusters = {
        other: KafkaSettings(
            bootstrap_servers=f"kafka-{other}:9092",
            security_protocol="SASL_SSL",
            sasl_mechanism="PLAIN",
            sasl_username="mirror",
            sasl_password=f"${{secrets:/run/secrets:{other}}}",
        )
        for other in REGIONS
    }
    wanted = MirrorMaker(
        Kafka(Path("java"), Path("jars")),
        tmp_path,
        region,
        clusters,
        {(one, region): [f"collab.{one}.to.{region}"] for one in REGIONS if one != region},
    )._properties()
    found = read_properties(ROOT / "deploy" / "mirror" / f"{region}.properties")
    added = {key: value for key, value in found.items() if key not in wanted}
    assert {key: value for key, value in found.items() if key in wanted} == wanted
    assert {key.removeprefix(f"{one}.") for key in added for one in REGIONS if one in key} == {
        "ssl.truststore.type",
        "ssl.truststore.location",
    }
    assert set(added) > {"config.providers", "config.providers.secrets.class"}
