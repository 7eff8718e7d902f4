"""MirrorMaker 2: carries the link topics of other clusters to the cluster it runs beside."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from collabbus.errors import CollabbusError
from collabbus.operate import process
from collabbus.operate.kafka import Kafka
from collabbus.settings import KafkaSettings

_MAIN = "org.apache.kafka.connect.mirror.MirrorMaker"
_READY_SECONDS = 90.0
_STOP_SECONDS = 15.0


class MirrorFailedError(CollabbusError):
    """MirrorMaker ended, or carries nothing; the message has the last lines of its log."""

    code: ClassVar[str] = "MIRROR_FAILED"


class MirrorFlowError(CollabbusError):
    """A flow names a cluster that isn't there, or isn't towards the target, or has no topics."""

    code: ClassVar[str] = "MIRROR_FLOW"


class MirrorMaker:
    """One MirrorMaker process that carries topics to the cluster `target`, at least once.

    `clusters` says how each is reached: an address, or `KafkaSettings` where a login is needed.
    `topics` names for each pair (source, target) the topics to carry. They must exist on both
    sides with the same number of partitions. Names, partitions, keys, values and headers stay as
    they are, the time is the target broker's; after a crash the last second may be carried again.
    It opens no port, dies with the process that started it, and is started on entry and stopped
    on exit as a context manager.
    """

    def __init__(
        self,
        kafka: Kafka,
        directory: Path,
        target: str,
        clusters: Mapping[str, str | KafkaSettings],
        topics: Mapping[tuple[str, str], Sequence[str]],
        *,
        heap: str = "256m",
        properties: Mapping[str, str] | None = None,
    ) -> None:
        """Check the flows; `properties` are added to MirrorMaker's and win over ours.

        Raises:
            MirrorFlowError: a pair doesn't lead to the target, names an unknown cluster, or no
                topic at all.
        """
        self.kafka = kafka
        self.directory = directory
        self.target = target
        self.log = directory / "mirror.log"
        self.clusters = {
            name: KafkaSettings(bootstrap_servers=at, security_protocol="PLAINTEXT")
            if isinstance(at, str)
            else at
            for name, at in clusters.items()
        }
        self.sources = {source: list(names) for (source, _), names in topics.items()}
        for (source, end), names in topics.items():
            if end != target or source == target or not names:
                raise MirrorFlowError(
                    f"flow {source}->{end} with {len(names)} topics: a MirrorMaker beside "
                    f"{target} carries topics of other clusters to {target}; start another one "
                    f"beside {end}"
                )
        if unknown := {target, *self.sources} - set(self.clusters):
            raise MirrorFlowError(
                f"clusters {sorted(unknown)} have no address; known are {sorted(self.clusters)}"
            )
        self._heap = heap
        self._extra = dict(properties or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._started_ms = 0

    @property
    def running(self) -> bool:
        """Whether the process is there; it may not carry anything yet."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self.running and self._process else None

    def start(self) -> Self:
        """Start the process, which takes seconds to carry: see `wait_ready`. No effect if it runs.

        The clusters needn't be up yet.
        """
        if not self.running:
            path = self.directory / "mirror.properties"
            process.write_properties(path, self._properties())
            command = self.kafka.command(_MAIN, path, "--clusters", self.target, heap=self._heap)
            self._started_ms = int(time.time() * 1000)
            self._process = process.spawn(command, log=self.log)
        return self

    def wait_ready(self, timeout: float = _READY_SECONDS) -> Self:
        """Wait until every flow's task runs: it has its partitions and reads them.

        What is known is what MirrorMaker itself has published on the target since this start, in
        its topic `mm2-status.<source>.internal`: for each source a running task of the connector
        that carries records. A task that fails later isn't noticed here.

        Raises:
            MirrorFailedError: the process ended, a task failed, or `timeout` seconds went by.
        """
        missing = set(self.sources)
        failed: dict[str, str] = {}
        for left in process.attempts(timeout, pause=0.1):
            if not self.running:
                code = self._process.returncode if self._process else None
                raise MirrorFailedError(self._failure(f"isn't running (exit code {code})"))
            for source in sorted(missing):
                state, trace = self._task(source, left)
                if state == "RUNNING":
                    missing.discard(source)
                    failed.pop(source, None)
                elif state == "FAILED":
                    failed[source] = trace
            if not missing:
                return self
        faults = "".join(f"\n{source}: {trace}" for source, trace in failed.items())
        raise MirrorFailedError(
            self._failure(
                f"has no running task for {sorted(missing)} after {timeout:.0f} s{faults}"
            )
        )

    def stop(self, grace: float = _STOP_SECONDS) -> int | None:
        """Stop it; on return it has ended, after `grace` seconds by force. Gives its exit code.

        What it has carried is with the target. 143 says that it ended as asked, -9 that it was
        forced, None that it was never started.
        """
        return process.stop(self._process, grace) if self._process else None

    def kill(self) -> None:
        """End it by `kill -9`; what it carried last will be carried again."""
        if self._process:
            process.kill(self._process)

    def restart(self) -> Self:
        """Stop and start it; it goes on where its offsets, kept on the target, say."""
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

    def _failure(self, what: str) -> str:
        return (
            f"MirrorMaker beside {self.target} {what}; see that all clusters run and that the "
            f"topics exist on both sides; the last lines of {self.log}:\n{process.tail(self.log)}"
        )

    def _task(self, source: str, left: float) -> tuple[str | None, str]:
        """The last state that this start of MirrorMaker published about its first task."""
        from kafka import KafkaConsumer, TopicPartition
        from kafka.errors import KafkaError

        topic = TopicPartition(f"mm2-status.{source}.internal", 0)
        milliseconds = max(1000, int(left * 1000))
        try:
            consumer = KafkaConsumer(
                **self.clusters[self.target].kafka_python(),
                consumer_timeout_ms=1,
                bootstrap_timeout_ms=min(5000, milliseconds),
                allow_auto_create_topics=False,
            )
        except KafkaError:
            return None, ""
        try:
            return self._last_state(consumer, topic)
        except KafkaError:
            return None, ""
        finally:
            consumer.close()

    def _last_state(self, consumer: Any, topic: Any) -> tuple[str | None, str]:
        state: tuple[str | None, str] = (None, "")
        if topic.topic not in consumer.topics():
            return state
        consumer.assign([topic])
        consumer.seek_to_beginning()
        end = consumer.end_offsets([topic])[topic]
        while consumer.position(topic) < end:
            for record in consumer.poll(timeout_ms=500).get(topic, []):
                # Older states were published by an earlier process.
                if record.timestamp < self._started_ms or not record.value:
                    continue
                if record.key == b"status-task-MirrorSourceConnector-0":
                    told = json.loads(record.value)
                    state = (told["state"], told.get("trace") or "")
        return state

    def _properties(self) -> dict[str, str]:
        found = {"clusters": ", ".join(self.clusters), **_FIXED}
        for name, settings in self.clusters.items():
            found |= {f"{name}.{key}": value for key, value in settings.properties().items()}
            found |= {f"{name}.{key}": value for key, value in _CLIENTS.items()}
        found |= {f"{self.target}.{key}": value for key, value in _WORKER.items()}
        for source, names in self.sources.items():
            flow = f"{source}->{self.target}"
            found[f"{flow}.enabled"] = "true"
            found[f"{flow}.topics"] = ",".join(re.escape(name) for name in names)
            # Unless told otherwise it makes heartbeat topics for the way back too.
            found[f"{self.target}->{source}.enabled"] = "false"
        return found | self._extra


_FIXED = {
    # Topics keep their names, so that the receiver reads what the sender wrote.
    "replication.policy.class": "org.apache.kafka.connect.mirror.IdentityReplicationPolicy",
    "refresh.topics.interval.seconds": "5",
    # Both sides make their topics from the contract; nothing is copied but records.
    "sync.topic.configs.enabled": "false",
    "sync.topic.acls.enabled": "false",
    "emit.heartbeats.enabled": "false",
    "heartbeats.replication.enabled": "false",
    # It logs an error at each start, that its checkpoint connector can't run so: true and harmless.
    "emit.checkpoints.enabled": "false",
    # Only checkpoints need these; without them it never writes to the source cluster.
    "emit.offset-syncs.enabled": "false",
    # Its own topics, on the target. -1 is the cluster's default number of copies.
    "replication.factor": "-1",
    "heartbeats.topic.replication.factor": "-1",
    "offset.storage.replication.factor": "-1",
    "status.storage.replication.factor": "-1",
    "config.storage.replication.factor": "-1",
    "offset.storage.partitions": "1",
    "status.storage.partitions": "1",
    # No port: several processes beside one target would need it to share their work.
    "dedicated.mode.enable.internal.rest": "false",
    # All plugins are in our jars; looking through every class for more takes over a second. It is
    # read here for MirrorMaker and below for its worker.
    "plugin.discovery": "service_load",
}

# For the worker. MirrorMaker takes these only with the target's name before them, and passes over
# them in silence without it.
_WORKER = {
    # After kill -9 the next process waits until the last one has left the group: 10 s by default,
    # and a broker grants no less than 6 s. Nobody else will come back for its tasks.
    "session.timeout.ms": "6000",
    "heartbeat.interval.ms": "1500",
    "scheduled.rebalance.max.delay.ms": "0",
    # What was carried since the last flush is carried again after a crash: 60 s by default.
    "offset.flush.interval.ms": "1000",
    "plugin.discovery": "service_load",
}

_CLIENTS = {
    # A record is passed on as soon as it is there; batches form by themselves under load.
    "producer.linger.ms": "0",
    "producer.acks": "all",
    "consumer.fetch.min.bytes": "1",
    # A whole parcel is one record.
    "producer.max.request.size": str(5 << 20),
    "consumer.max.partition.fetch.bytes": str(5 << 20),
    # The system's own, growing buffer: 64 kB would allow 64 kB a round trip, 2 MB/s at 30 ms.
    "consumer.receive.buffer.bytes": "-1",
}
