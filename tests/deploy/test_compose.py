"""The compose file and what it mounts: read by the real tools, compared with the contract."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from collabbus.operate.kafka import Kafka
from collabbus.operate.mirror import MirrorMaker
from collabbus.settings import KafkaSettings
from tests.deploy.composed import ROOT, TOOLS, config, prepared

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
    assert {
        f"{one}-{region}" for one in ("topics", "processor", "ledger") for region in REGIONS
    } < (alone & shared)
    assert services(config("--profile", "clusters", "--profile", "handlers")) - alone == {
        f"handlers-{region}" for region in REGIONS
    }


def test_in_either_way_a_region_finds_a_kafka_that_its_certificate_names(
    whole: dict[str, Any],
) -> None:
    for region in REGIONS:
        at = whole["services"][f"processor-{region}"]["environment"]
        assert at["COLLABBUS_KAFKA_BOOTSTRAP_SERVERS"] == f"kafka-{region}:9092"
        shared = whole["services"]["kafka"]["networks"][region]
        assert shared["aliases"] == [f"kafka-{region}"]
        assert region in whole["services"][f"kafka-{region}"]["networks"]


def test_nothing_runs_as_root_or_with_more_rights_than_it_needs(whole: dict[str, Any]) -> None:
    writable = set()
    for name, service in whole["services"].items():
        assert service.get("user", "root").split(":")[0] not in ("root", "0"), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
        assert int(service["mem_limit"]) <= 1 << 30, name
        if not service.get("read_only"):
            writable.add(name)
        if not name.startswith(("topics", "keys")):
            assert service["restart"] == "unless-stopped", name
        for port in service.get("ports", ()):
            assert port["host_ip"] == "127.0.0.1", name
    assert writable == {"kafka", *CLUSTERS}


def test_whatever_stays_up_has_a_health_check(whole: dict[str, Any]) -> None:
    without = {name for name, one in whole["services"].items() if "healthcheck" not in one}
    once = {"keys", *(f"topics-{region}" for region in REGIONS)}
    # A mirror opens no port; the links' metrics tell whether it carries.
    assert without == once | {f"mirror-{region}" for region in REGIONS}


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
    own = [made / "ca.key", *made.glob("*/gateway.pem"), *made.glob("*/settings.yaml")]
    assert len(own) == 7
    assert all(
        path.stat().st_mode & 0o077 == 0 for path in [made, *own, *made.glob("*/ledger-url")]
    )
    for region in REGIONS:
        for one in file["services"][f"kafka-{region}"]["secrets"]:
            source = Path(file["secrets"][one["source"]]["file"])
            assert source.stat().st_mode & 0o044 == 0o044, f"{source}: the image's user reads it"
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    prepared(made)
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


def test_a_service_sees_the_keys_of_its_own_region_alone(whole: dict[str, Any]) -> None:
    for name, service in whole["services"].items():
        for volume in service.get("volumes", ()):
            if "/private/" in volume["target"]:
                region = name.rpartition("-")[2]
                assert f"/private/{region}" in volume["target"], name
                assert volume["source"].endswith(volume["target"].removeprefix("/etc/collabbus"))
                assert volume["read_only"], name
    handlers = whole["services"]["handlers-tianjin"]["volumes"]
    assert [v["target"] for v in handlers if "/private/" in v["target"]] == [
        "/etc/collabbus/keys/private/tianjin/offices"
    ]


def test_what_is_mounted_from_here_is_here(whole: dict[str, Any]) -> None:
    for name, service in whole["services"].items():
        for volume in service.get("volumes", ()):
            source = Path(volume["source"])
            if volume["type"] == "bind" and "secrets" not in source.parts:
                # The examples come with the handlers.
                assert source.exists() or source.name == "examples", f"{name}: {source}"


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


def test_prometheus_reads_services_that_are_there(whole: dict[str, Any]) -> None:
    prometheus = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8"))
    for job in prometheus["scrape_configs"]:
        targets = [t for s in job.get("static_configs", ()) for t in s["targets"]]
        targets += [f"{n}:{s['port']}" for s in job.get("dns_sd_configs", ()) for n in s["names"]]
        assert targets
        for target in targets:
            name, _, port = target.partition(":")
            service = whole["services"][name]
            assert service["environment"]["COLLABBUS_METRICS_PORT"] == port
            assert set(service["networks"]) & set(whole["services"]["prometheus"]["networks"])


def test_the_image_passes_the_linter() -> None:
    done = subprocess.run(
        [TOOLS / "hadolint", "--failure-threshold", "info", ROOT / "deploy" / "Dockerfile"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_image_gets_what_it_copies_and_no_secret() -> None:
    passed = (ROOT / ".dockerignore").read_text("utf-8").split()
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE
    )
    wanted = {f"!{name}" for line in copied for name in line.split()}
    assert wanted == {line for line in passed if line.startswith("!")}
    assert "*" in passed


def test_the_image_has_what_the_package_needs_in_the_versions_that_are_tested() -> None:
    """`make lock` writes both files."""
    tested, image = (
        set((ROOT / name).read_text("ascii").split("\n"))
        for name in ("requirements.lock", "deploy/requirements.lock")
    )
    assert image <= tested
    names = {canonicalize_name(line.split("==")[0]) for line in image if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = [Requirement(line) for line in project["project"]["dependencies"]]
    assert {canonicalize_name(one.name) for one in needed} <= names
    assert "hatchling" in names
    assert "pytest" not in names
