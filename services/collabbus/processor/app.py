"""The app: one region's processor as a Faust app with two agents, `record` and `dispatch`."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import hashlib
import logging
import os
import tempfile
from collections.abc import AsyncIterable, Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import structlog

from collabbus.contracts import load as load_contracts
from collabbus.errors import CollabbusError
from collabbus.keyring import load_directory, load_identity
from collabbus.processor.credentials import credentials
from collabbus.processor.dispatching import DispatchShard
from collabbus.processor.metrics import Metrics
from collabbus.processor.outages import Outages
from collabbus.processor.outfit import Outfit
from collabbus.processor.progress import Progress
from collabbus.processor.recording import REQUEST_BYTES, RecordShard
from collabbus.processor.shard import Shard
from collabbus.processor.shards import Shards
from collabbus.processor.ticks import Ticks
from collabbus.processor.watchdog import Watchdog
from collabbus.settings import Settings

log = structlog.get_logger()


class InstanceRunsError(CollabbusError):
    """Another live process has this region and instance."""

    code: ClassVar[str] = "INSTANCE_RUNS"


class NotAMemberError(CollabbusError):
    """The region is in no network of the contracts."""

    code: ClassVar[str] = "REGION_WITHOUT_NETWORK"


def outfit(settings: Settings) -> Outfit:
    """Read contracts and keys; raises ContractError, KeyDirectoryError, NotAMemberError."""
    contracts = load_contracts(settings.contracts)
    pinned = {name: contracts.pin(name) for name in contracts.networks}
    mine = {name: c for name, c in pinned.items() if settings.region in c.network.regions}
    if not mine:
        raise NotAMemberError(
            f"region {settings.region!r} is a member of no network in {settings.contracts}: "
            "set `region` to one that is, or add it to a network's file"
        )
    return Outfit(
        settings=settings,
        contracts=mine,
        pinned={contract.hash: contract for contract in pinned.values()},
        identity=load_identity(settings.keys, settings.region),
        keys=load_directory(settings.keys),
        metrics=Metrics(settings.region),
        kafka=settings.kafka.aiokafka(),
    )


class Processor:
    """One process of a region's processor."""

    def __init__(self, outfit: Outfit) -> None:
        import faust  # here: mode's event loop must have been chosen before

        from collabbus.processor.transport import NoTables, ShardAssignor, transport

        settings = outfit.settings
        self.outfit = outfit
        self.app = faust.App(
            outfit.group,
            broker=[f"kafka://{one}" for one in settings.kafka.bootstrap_servers.split(",")],
            broker_credentials=credentials(outfit.kafka),
            agent_supervisor="mode.CrashingSupervisor",
            web_enabled=False,
            topic_allow_declare=False,
            topic_disable_leader=True,
            TableManager=NoTables,
            PartitionAssignor=type("Assignor", (ShardAssignor,), {"shards": outfit.shards}),
            table_standby_replicas=0,
            stream_recovery_delay=0.0,
            consumer_auto_offset_reset="earliest",
            consumer_group_instance_id=f"{settings.region}-{settings.instance}",
            canonical_url=f"http://{settings.region}-{settings.instance}:1",
            broker_session_timeout=settings.session_timeout_s,
            broker_heartbeat_interval=settings.heartbeat_interval_s,
            broker_rebalance_timeout=settings.session_timeout_s,
            broker_request_timeout=20.0,
            producer_request_timeout=10.0,
            worker_redirect_stdouts=False,
            # Faust makes this folder for tables, of which we have none.
            datadir=str(Path(tempfile.gettempdir()) / f"collabbus-{os.getuid()}"),
        )
        self.shards: Shards
        self._producer: Any = None
        self._starting = asyncio.Lock()
        record = partial(RecordShard, outfit=outfit)
        dispatch = partial(DispatchShard, outfit=outfit, producer_of=self.producer)
        shipped = [outfit.topic("events"), outfit.topic("heads")]
        stages: dict[str, Callable[[int], Shard]] = {
            **dict.fromkeys(outfit.record_topics, record),
            **dict.fromkeys(shipped, dispatch),
        }
        self.shards = Shards(stages)
        self.shards.crash = self._crash
        self.app.transport = transport(self.app, self.shards, outfit.kafka)
        self._agent("record", list(outfit.record_topics))
        self._agent("dispatch", shipped)
        ticks = Ticks(outfit, self.shards, self.producer)
        progress = Progress(self.shards)
        watchdog = Watchdog(outfit, self.shards)
        self.app.task(ticks.run)
        self.app.task(progress.run)
        self.app.task(watchdog.run)

    def _agent(self, name: str, topics: list[str]) -> None:
        raw = {
            "key_type": bytes,
            "value_type": bytes,
            "key_serializer": "raw",
            "value_serializer": "raw",
        }

        async def take(stream: Any) -> None:
            events: AsyncIterable[Any] = stream.noack().events()
            async for event in events:
                run = event.value
                self.shards.of(run.tp.topic, run.tp.partition).submit(run)

        self.app.agent(self.app.topic(*topics, **raw), name=name, concurrency=1)(take)

    def _crash(self, error: BaseException) -> None:
        self._crashing = asyncio.ensure_future(self.app.crash(error))

    async def producer(self) -> Any:
        """Give the producer of what needs no transaction: parcels, checkpoints, ticks."""
        from aiokafka import AIOKafkaProducer

        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    enable_idempotence=True,
                    linger_ms=0,
                    max_batch_size=1 << 20,
                    max_request_size=REQUEST_BYTES,
                    request_timeout_ms=10_000,
                    retry_backoff_ms=20,
                    **self.outfit.kafka,
                )
                await producer.start()
                self._producer = producer
        return self._producer


def hold_instance(settings: Settings) -> int:
    """Hold the lock of this region and instance until the process ends; give its descriptor.

    Two live processes with one static membership id would evict each other for ever. Raises
    InstanceRunsError if another process holds it.
    """
    where = hashlib.sha256(settings.kafka.bootstrap_servers.encode()).hexdigest()[:12]
    name = f"collabbus-{os.getuid()}-{settings.region}-{settings.instance}-{where}.lock"
    descriptor = os.open(
        Path(tempfile.gettempdir()) / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600
    )
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise InstanceRunsError(
            f"instance {settings.instance!r} of {settings.region!r} runs already on this machine: "
            "stop it, or give this one another name with --instance"
        ) from error
    return descriptor


def calm_collector() -> None:
    """Have Python's garbage collector look around less often.

    A run makes thousands of records that live for milliseconds and hold no cycles. By default it
    looks after every 700 of them, which took a seventh of the transport's time.
    """
    gc.set_threshold(20_000, 20, 50)


def configure_logging(level: str) -> Outages:
    """Have this process write to its standard outputs, from this level on.

    What it gives must `run`, to tell when a broker is back.
    """
    logging.basicConfig(level=level, format="%(asctime)s %(name)s %(message)s")
    for name in ("aiokafka", "faust", "mode", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.root.level))
    outages = Outages()
    for handler in logging.root.handlers:
        handler.addFilter(outages)
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
    )
    return outages


def run(settings: Settings) -> int:
    """Run the processor until it is told to stop (SIGTERM, Ctrl-C); give the exit code.

    0: everything under way was finished. 1: it crashed, start it again. 75: the watchdog ended it.
    """
    outages = configure_logging(settings.log_level)
    structlog.contextvars.bind_contextvars(region=settings.region)
    hold_instance(settings)
    calm_collector()
    ready = outfit(settings)
    try:
        import mode.loop

        mode.loop.use("uvloop")
    except ImportError:
        pass  # Windows has none; the standard loop does the same, a little slower
    import faust

    port = ready.metrics.serve(settings.metrics_host, settings.metrics_port)
    log.info("key directory", version=ready.keys.version)
    log.info("metrics", address=f"http://{settings.metrics_host}:{port}/metrics")
    ready.metrics.know(ready.contracts, ready.shards, ready.keys)
    processor = Processor(ready)
    processor.app.task(outages.run)
    worker = faust.Worker(
        processor.app, loglevel="WARNING", redirect_stdouts=False, override_logging=False
    )
    try:
        worker.execute_from_commandline()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
