"""An installation on this machine: brokers, topics, keys, mirrors, and each region's processor.

The demo, the tests and the benchmarks all run on one of these: real brokers, one process a
processor, under a supervisor.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from collabbus.contracts import Contracts, load
from collabbus.keyring import load_office_key
from collabbus.link.keys import PrivateKey
from collabbus.operate.broker import Broker
from collabbus.operate.kafka import Kafka
from collabbus.operate.keys import generate
from collabbus.operate.mirror import MirrorMaker
from collabbus.operate.process import attempts, free_ports
from collabbus.operate.scrape import total
from collabbus.operate.supervisor import Supervisor
from collabbus.operate.topic_contract import TopicContract
from collabbus.operate.topics import ensure
from collabbus.settings import KafkaSettings

Topology = Literal["shared", "clusters"]


class Installation:
    """One or more networks' regions on this machine, in a folder of their own.

    `shared`: one broker holds all regions' topics. `clusters`: one broker a region, and beside
    each a MirrorMaker 2 that brings the links in. Keys are made at the first start.
    """

    def __init__(
        self,
        kafka: Kafka,
        folder: Path,
        contracts: Path,
        networks: str | Sequence[str],
        *,
        topology: Topology = "shared",
        shards: int = 4,
        regions: Iterable[str] | None = None,
        environment: Mapping[str, str] | None = None,
        module: str = "collabbus",
        mirrored: bool = True,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        """A region's processor carries every network that the region is in.

        `module` is what `python -m` runs as a processor; tests plant their faults in one.

        Without `mirrored` nothing carries links between clusters: the caller does.
        """
        self.kafka = kafka
        self.folder = folder
        self.contracts_folder = contracts.resolve()
        self.contracts: Contracts = load(contracts)
        names = [networks] if isinstance(networks, str) else networks
        self.networks = [self.contracts.networks[name] for name in names]
        self.network = self.networks[0]
        self.topology: Topology = topology
        self.shards = shards
        everyone = (region for network in self.networks for region in network.regions)
        self.regions = tuple(dict.fromkeys(regions or everyone))
        self.keys = folder / "keys"
        self.supervisor = Supervisor()
        self.metrics_ports: dict[str, int] = {}
        self._environment = dict(environment or {})
        self._module = module
        self._mirrored = mirrored
        self._say = say
        clusters = ("all",) if topology == "shared" else self.regions
        self.brokers = {name: Broker(kafka, folder / f"broker-{name}") for name in clusters}
        self.mirrors: dict[str, MirrorMaker] = {}

    def broker_of(self, region: str) -> Broker:
        """Give the broker that holds a region's topics."""
        return self.brokers["all" if self.topology == "shared" else region]

    def kafka_of(self, region: str) -> KafkaSettings:
        """Give how a client reaches a region's cluster."""
        return self.broker_of(region).settings()

    def office_key(self, office: str) -> PrivateKey:
        """Give the key with which an office's system signs."""
        return load_office_key(self.keys, office)

    def start(self, *, processors: bool = True) -> Self:
        """Start everything; on return brokers answer, topics exist, processors are started."""
        with ExitStack() as guard:
            guard.callback(self.stop)
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.keys / "directory.json").exists():
                self._say("生成密钥 keys")
                generate(self.keys, self.networks, now_ms=time.time_ns() // 1_000_000)
            self._say(f"启动 Kafka: {len(self.brokers)} broker(s)")
            with ThreadPoolExecutor(len(self.brokers)) as pool:
                list(pool.map(Broker.start, self.brokers.values()))
            self._say("创建主题 topics")
            contract = TopicContract.load(self.contracts_folder)
            for region in self.regions:
                ensure(self.kafka_of(region), contract, region, self.peers(region), self.shards)
            if self.topology == "clusters" and self._mirrored:
                self._say("启动 MirrorMaker 2")
                self._start_mirrors()
            if processors:
                for region in self.regions:
                    self.add_processor(region)
            guard.pop_all()
        return self

    def peers(self, region: str) -> tuple[str, ...]:
        """Give the regions that a region has links with."""
        peers = (
            peer
            for network in self.networks
            if region in network.regions
            for peer in network.peers(region)
        )
        return tuple(dict.fromkeys(peer for peer in peers if peer in self.regions))

    def _start_mirrors(self) -> None:
        for region in self.regions:
            mirror = self.mirrors.get(region) or MirrorMaker(
                self.kafka,
                self.folder / f"mirror-{region}",
                region,
                {name: broker.bootstrap for name, broker in self.brokers.items()},
                {(peer, region): [f"collab.{peer}.to.{region}"] for peer in self.peers(region)},
            )
            mirror.directory.mkdir(exist_ok=True)
            self.mirrors[region] = mirror.start()
        for mirror in self.mirrors.values():
            mirror.wait_ready()

    def add_processor(self, region: str, instance: str = "0", *, start: bool = True) -> str:
        """Put a processor of a region under the supervisor; give its name there."""
        name = f"{region}-{instance}"
        [port] = free_ports(1)
        self.metrics_ports[name] = port
        if start:
            self.supervisor.add(
                name,
                [sys.executable, "-m", self._module, "run", "processor"],
                log=self.folder / f"processor-{name}.log",
                env={
                    **self.environment_of(region),
                    "COLLABBUS_INSTANCE": instance,
                    "COLLABBUS_METRICS_PORT": str(port),
                },
            )
        return name

    def wait_ready(self, timeout: float = 60.0) -> Self:
        """Wait until the processors have taken every shard of their regions.

        Raises TimeoutError, naming the region that lacks some.
        """
        stages = 2
        for region in self.regions:
            wanted = stages * self.shards
            ports = [
                port
                for name, port in self.metrics_ports.items()
                if name.rpartition("-")[0] == region
            ]
            taken = 0.0
            for _ in attempts(timeout, 0.1):
                taken = sum(total(port, "collabbus_take_seconds_count") for port in ports)
                if taken >= wanted:
                    break
            else:
                raise TimeoutError(
                    f"{region} has taken {taken:.0f} of {wanted} shards after {timeout:g} s; "
                    f"see processor-{region}-*.log in {self.folder}"
                )
        return self

    def environment_of(self, region: str) -> dict[str, str]:
        """Give the environment in which a region's services run here."""
        return {
            "COLLABBUS_REGION": region,
            "COLLABBUS_CONTRACTS": str(self.contracts_folder),
            "COLLABBUS_KEYS": str(self.keys.resolve()),
            "COLLABBUS_SHARDS": str(self.shards),
            "COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": self.broker_of(region).bootstrap,
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
            **self._environment,
        }

    def stop(self) -> dict[str, int | None]:
        """Stop all that was started; give the processors' exit codes."""
        codes = self.supervisor.stop()
        for mirror in self.mirrors.values():
            mirror.stop()
        for broker in self.brokers.values():
            broker.stop()
        return codes

    def __enter__(self) -> Self:
        return self.start().wait_ready()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
