"""The compose file, as docker-compose reads it; and its services run here, without an engine.

Names of services become ports of this machine, and files that are mounted files that lie here.
Commands, environments and secrets are those of the file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from collabbus.contracts import Contracts, load
from collabbus.keyring import load_office_key
from collabbus.link.keys import PrivateKey
from collabbus.operate import process
from collabbus.operate.kafka import Kafka
from collabbus.settings import KafkaSettings

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "contracts"
TOOLS = Path(sys.executable).parent
METRICS = "9400"


def config(*options: str, **variables: str) -> dict[str, Any]:
    """Give the file as docker-compose understands it, with these options and variables."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("COMPOSE_", "COLLABBUS_"))}
    done = subprocess.run(
        [TOOLS / "docker-compose", *options, "config", "--format", "json"],
        capture_output=True, text=True, check=False, cwd=ROOT, env=env | variables, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.replace("$$", "$"))
    return found


def properties(environment: Mapping[str, str]) -> dict[str, str]:
    """Give Kafka's properties as its image makes them of `KAFKA_*`."""
    return {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in environment.items()
        if name.startswith("KAFKA_") and name != "KAFKA_HEAP_OPTS"
    }


@dataclass
class Composed:
    """Services of the file, to be run in a folder; what a stage needs of an installation."""

    folder: Path
    secrets: Path
    shards: int
    file: dict[str, Any]
    regions: Sequence[str] = ("beijing", "tianjin", "hebei")
    ports: dict[str, int] = field(default_factory=dict)

    @cached_property
    def contracts(self) -> Contracts:
        return load(CONTRACTS)

    @property
    def network(self) -> Any:
        return self.contracts.networks["jingjinji"]

    def office_key(self, office: str) -> PrivateKey:
        return load_office_key(self.secrets / "keys", office)

    def service(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.file["services"][name]
        return found

    def mounted(self, name: str) -> dict[str, Path]:
        """Give what stands where in a service, by path; secrets get a folder of its own."""
        service, run = self.service(name), self.folder / name / "run-secrets"
        run.mkdir(parents=True, exist_ok=True)
        for one in service.get("secrets", ()):
            source = Path(self.file["secrets"][one["source"]]["file"])
            (run / one["target"]).write_bytes(source.read_bytes())
            (run / one["target"]).chmod(0o600)
        found = {"/run/secrets": run}
        for one in service.get("volumes", ()):
            if one["type"] == "bind":
                found[one["target"]] = Path(one["source"])
            else:
                found[one["target"]] = self.folder / name / "volumes" / one["source"]
        if "/etc/collabbus/keys/directory.json" in found:
            found["/etc/collabbus/keys"] = self._keys(name, found)
        return found

    def _keys(self, name: str, mounted: Mapping[str, Path]) -> Path:
        """Lay the keys out as they are mounted: a service sees its own alone."""
        keys = self.folder / name / "keys"
        for target, source in mounted.items():
            if target.startswith("/etc/collabbus/keys/"):
                place = keys / target.removeprefix("/etc/collabbus/keys/")
                place.parent.mkdir(parents=True, exist_ok=True)
                if not place.exists():
                    place.symlink_to(source)
        return keys

    def here(self, name: str, text: str) -> str:
        """Translate a value of a service to this machine."""
        for target, source in sorted(self.mounted(name).items(), reverse=True):
            text = text.replace(target, str(source))
        for host in ("kafka-beijing", "kafka-tianjin", "kafka-hebei", "kafka"):
            text = text.replace(f"{host}:9092", f"127.0.0.1:{self.ports['kafka']}")
        return text

    def environment(self, name: str) -> dict[str, str]:
        """Give a service's environment, translated, with a port of its own for metrics."""
        found = {
            key: self.here(name, str(value))
            for key, value in self.service(name).get("environment", {}).items()
        }
        if found.get("COLLABBUS_METRICS_PORT") == METRICS:
            [port] = process.free_ports(1)
            self.ports[name] = port
            found |= {"COLLABBUS_METRICS_HOST": "127.0.0.1", "COLLABBUS_METRICS_PORT": str(port)}
        return found

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start a service of our own image by its command."""
        command = [self.here(name, word) for word in self.service(name)["command"]]
        return process.spawn(
            [sys.executable, "-m", "collabbus", *command],
            log=self.folder / f"{name}.log",
            env={**self.environment(name), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    def start_kafka(self, kafka: Kafka) -> subprocess.Popen[bytes]:
        """Start the shared Kafka by the environment of its service, on our jars."""
        self.ports["kafka"], self.ports["controller"] = process.free_ports(2)
        found = properties(self.service("kafka")["environment"])
        found = {key: self.here("kafka", value) for key, value in found.items()}
        for key, value in found.items():
            value = value.replace("CLIENT://:9092", f"CLIENT://127.0.0.1:{self.ports['kafka']}")
            found[key] = value.replace("127.0.0.1:9093", f"127.0.0.1:{self.ports['controller']}")
        file, log = self.folder / "kafka" / "server.properties", self.folder / "kafka.log"
        process.write_properties(file, found)
        formatted = kafka.command(
            "kafka.tools.StorageTool", "format", "-t", "Y2ONMc92RPutsNvHrWX0-w", "-c", file
        )
        assert process.spawn(formatted, log=log).wait(60) == 0, process.tail(log)
        return process.spawn(kafka.command("kafka.Kafka", file, heap="512m"), log=log)

    def kafka_of(self, region: str) -> KafkaSettings:
        """Give how the region's processor reaches its cluster: by its settings file."""
        name = f"processor-{region}"
        environment = self.environment(name)
        section = yaml.safe_load(Path(environment["COLLABBUS_SETTINGS"]).read_text("utf-8"))
        return KafkaSettings(
            **section["kafka"],
            bootstrap_servers=environment["COLLABBUS_KAFKA_BOOTSTRAP_SERVERS"],
            ssl_cafile=environment["COLLABBUS_KAFKA_SSL_CAFILE"],
        )


def prepared(folder: Path) -> Path:
    """Run deploy/prepare.sh and the service `keys` for a folder of secrets."""
    done = subprocess.run(
        ["sh", ROOT / "deploy" / "prepare.sh", folder],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder
