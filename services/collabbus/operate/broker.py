"""A broker of our own: one Apache Kafka process that is broker and controller, on loopback."""

from __future__ import annotations

import base64
import json
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from collabbus.errors import CollabbusError
from collabbus.operate import process
from collabbus.operate.kafka import Jit, Kafka
from collabbus.operate.process import LOOPBACK
from collabbus.operate.server_properties import (
    client_protocol,
    secured_properties,
    server_properties,
)
from collabbus.settings import KafkaSettings

_ANSWER_SECONDS = 60.0
_STOP_SECONDS = 15.0
_PORT_TRIES = 5


class BrokerFailedError(CollabbusError):
    """The broker ended, or didn't answer in time; the message has the last lines of its log."""

    code: ClassVar[str] = "BROKER_FAILED"


class PortTakenError(CollabbusError):
    """Another program listens on the port that the broker is to have."""

    code: ClassVar[str] = "PORT_TAKEN"


class Broker:
    """One Apache Kafka process with all that it keeps in `directory`.

    The first start chooses the ports (unless `port` is given) and formats the storage; both stay
    with the directory, so a later start, also by another process, finds the data and has the same
    address. As a context manager it is started on entry and stopped on exit. The process dies
    with the process that started it.

    `users` (name to password) makes clients log in by SCRAM-SHA-512; the first of them is the
    broker itself and super user; they are made when the storage is formatted. `tls` names PEM
    files that broker and clients then show each other, valid for 127.0.0.1. `properties` are added
    to the broker's configuration and win over ours. `heap` and `jit` are for benchmarks.
    """

    def __init__(
        self,
        kafka: Kafka,
        directory: Path,
        port: int | None = None,
        *,
        heap: str = "512m",
        jit: Jit = "quick",
        users: Mapping[str, str] | None = None,
        tls: KafkaSettings | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        self.kafka = kafka
        self.directory = directory
        self.log = directory / "broker.log"
        self._heap = heap
        self._jit: Jit = jit
        self._users = dict(users or {})
        self._tls = tls
        self._extra = dict(properties or {})
        self._wanted = port
        self._process: subprocess.Popen[bytes] | None = None
        self._ports = directory / "ports.json"
        self._settings = directory / "server.properties"
        self._data = directory / "data"

    @property
    def port(self) -> int:
        """The port for clients; known once the broker has been started for the first time."""
        return self._chosen()[0]

    @property
    def bootstrap(self) -> str:
        """The address for clients, `127.0.0.1:port`."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The process id while the broker runs."""
        return self._process.pid if self.running and self._process else None

    @property
    def running(self) -> bool:
        """Whether the process is there; it may not answer yet, or be stopped by a signal."""
        return self._process is not None and self._process.poll() is None

    def settings(self, user: str | None = None) -> KafkaSettings:
        """How a client on this machine reaches the broker, as `user` or else the first user."""
        found = self._tls.model_dump() if self._tls else {}
        found["bootstrap_servers"] = self.bootstrap
        found["security_protocol"] = client_protocol(bool(self._users), bool(self._tls))
        if self._users:
            name = user or next(iter(self._users))
            found["sasl_mechanism"] = "SCRAM-SHA-512"
            found["sasl_username"] = name
            found["sasl_password"] = self._users[name]
        return KafkaSettings.model_validate(found)

    def start(self) -> Self:
        """Start the broker; on return it answers clients. Does nothing if it runs.

        Raises:
            PortTakenError: the port is another program's.
            BrokerFailedError: it ended or didn't answer within a minute.
        """
        if self.running:
            return self
        for attempt in range(_PORT_TRIES):
            fresh = not self._data.exists()
            self._choose(fresh)
            try:
                self._launch()
            except PortTakenError:
                # Between choosing and listening another program may take a port. Once clients
                # know the address, or where it was asked for, only a person can help.
                if self._wanted is not None or not fresh or attempt == _PORT_TRIES - 1:
                    raise
                self._forget()
            else:
                return self
        raise AssertionError("the last attempt returns or raises")

    def stop(self, grace: float = _STOP_SECONDS) -> int | None:
        """Stop the broker; on return it has ended, after `grace` seconds by force.

        Gives its exit code: 143 if it ended as asked, -9 if by force, None if it was never
        started. What clients were told is written is with the operating system in both cases.
        """
        return process.stop(self._process, grace) if self._process else None

    def kill(self) -> None:
        """End the broker as a power cut would (`kill -9`); on return it has ended."""
        if self._process:
            process.kill(self._process)

    def restart(self) -> Self:
        """Stop the broker and start it on the same port with the same data.

        Raises:
            PortTakenError, BrokerFailedError: as `start` does.
        """
        self.stop()
        return self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _chosen(self) -> tuple[int, int]:
        try:
            client, controller = json.loads(self._ports.read_text("ascii"))
        except FileNotFoundError:
            raise BrokerFailedError(
                f"the broker in {self.directory} was never started, so it has no port yet; "
                "call start() first"
            ) from None
        return client, controller

    def _choose(self, fresh: bool) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        if self._ports.exists():
            client, controller = self._chosen()
        else:
            client, controller = process.free_ports(2)
        if self._wanted is not None:
            client = self._wanted
        for port in (client, controller):
            if process.taken(port):
                if fresh and self._wanted is None:
                    self._forget()
                    return self._choose(fresh)
                raise PortTakenError(self._taken(port))
        # Others may be reading the address just now: they see the old file or the new one.
        writing = self._ports.with_suffix(".writing")
        writing.write_text(json.dumps([client, controller]), encoding="ascii")
        writing.replace(self._ports)
        return None

    def _taken(self, port: int) -> str:
        return (
            f"port {port} of {LOOPBACK} is in use by another program, and the broker in "
            f"{self.directory} needs it; end that program, or give another port (clients must "
            "then be told)"
        )

    def _forget(self) -> None:
        self._ports.unlink(missing_ok=True)

    def _launch(self) -> None:
        client, controller = self._chosen()
        properties = {
            **server_properties(client, controller, self._data),
            **secured_properties(self.settings()),
            **self._extra,
        }
        process.write_properties(self._settings, properties)
        if not (self._data / "meta.properties").exists():
            self._format()
        begin = self.log.stat().st_size if self.log.exists() else 0
        command = self.kafka.command("kafka.Kafka", self._settings, heap=self._heap, jit=self._jit)
        self._process = process.spawn(command, log=self.log)
        try:
            self._await(begin)
        except BaseException:
            process.kill(self._process)
            raise

    def _format(self) -> None:
        # A cluster id is 16 bytes in URL-safe base 64, which mustn't begin with a dash.
        cluster = base64.urlsafe_b64encode(b"\x63" + uuid.uuid4().bytes[1:]).decode().rstrip("=")
        scram = [
            part
            for name, password in self._users.items()
            for part in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]")
        ]
        arguments = [
            "format",
            "--ignore-formatted",
            "-t",
            cluster,
            "-c",
            str(self._settings),
            *scram,
        ]
        command = self.kafka.command("kafka.tools.StorageTool", *arguments)
        child = process.spawn(command, log=self.log)
        try:
            code = child.wait(_ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            code = process.kill(child)
        if code != 0:
            raise BrokerFailedError(
                f"the storage in {self._data} couldn't be formatted (exit code {code}); the last "
                f"lines of {self.log}:\n{process.tail(self.log)}"
            )

    def _await(self, begin: int) -> None:
        from kafka.admin import KafkaAdminClient
        from kafka.errors import KafkaError

        assert self._process is not None  # noqa: S101 - for the type checker
        for _ in process.attempts(_ANSWER_SECONDS):
            if (code := self._process.poll()) is not None:
                said = self._said(begin)
                if "Address already in use" in said:
                    raise PortTakenError(self._taken(self.port))
                raise BrokerFailedError(
                    f"the broker in {self.directory} ended with exit code {code} before it "
                    f"answered; the last lines of {self.log}:\n{process.tail(self.log)}"
                )
            # Kafka's own line first: it is cheaper to wait for, and shows that whoever answers
            # on the port is this process and not a stranger.
            if "Kafka Server started" not in self._said(begin):
                continue
            try:
                client = KafkaAdminClient(
                    **self.settings().kafka_python(), bootstrap_timeout_ms=2000
                )
            except KafkaError:
                continue
            try:
                if client.describe_cluster()["brokers"]:
                    return
            except KafkaError:
                continue
            finally:
                client.close()
        raise BrokerFailedError(
            f"the broker in {self.directory} didn't answer on {self.bootstrap} within "
            f"{_ANSWER_SECONDS:.0f} s; the last lines of {self.log}:\n{process.tail(self.log)}"
        )

    def _said(self, begin: int) -> str:
        with self.log.open("rb") as log:
            log.seek(begin)
            return log.read().decode(errors="replace")
