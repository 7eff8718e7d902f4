"""A Faust transport that loses nothing: runs instead of records, and no offset of its own.

Stock faust-streaming commits what was not done (tests/processor/test_transport.py shows each way).
Here Faust keeps what it is good at, group membership and the lifecycle of agents, and the shards
keep the rest: a *run*, consecutive records of one partition, is handed to the agent as one Faust
event, and offsets move only in the shards' own transactions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aiokafka
from faust.assignor.partition_assignor import PartitionAssignor
from faust.tables import TableManager
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from mode.utils.futures import maybe_async

if TYPE_CHECKING:
    from collabbus.processor.shards import Shards

FETCH_WAIT_MS = 15
FETCH_BYTES = 1 << 16
"""The broker answers a fetch after so long, or as soon as there is so much.

An answer for each record that comes costs more than the record does: at 500 submissions a second
the 99th percentile of the crossing was 442 ms with 50 ms and one byte, 274 ms with these.
"""


class NoTables(TableManager):
    """A table manager without tables: stock Faust waits a second for some to be declared."""

    async def on_start(self) -> None:
        """Be ready at once."""
        if not self.should_stop:
            await self._update_channels()
            await self.recovery.start()


class ShardAssignor(PartitionAssignor):
    """Faust's assignor, which knows the number of shards when the cluster's metadata is not there.

    The stock one ignores topics of which it has not heard: a leader that has just reconnected would
    give nobody anything, and where members are static nothing would ever change that (seen in a
    campaign, after a broker had stood still: a region that slept for ever).
    """

    shards: int

    def assign(self, cluster: Any, member_metadata: Any) -> Any:
        """Give each member its shards."""

        def partitions_for_topic(topic: str) -> set[int]:
            return set(cluster.partitions_for_topic(topic) or range(self.shards))

        known = SimpleNamespace(partitions_for_topic=partitions_for_topic)
        return super().assign(known, member_metadata)


class NotCopartitionedError(RuntimeError):
    """The group gave us a partition of one input topic without its siblings."""


class InLoop(driver.AIOKafkaConsumerThread):
    """The driver in the app's own loop: no second thread, so no hand-over for each record."""

    shards: Shards
    kafka: dict[str, Any]

    def __init__(self, consumer: Any, *, loop: Any = None, **kwargs: Any) -> None:
        own = loop or consumer.loop
        super().__init__(consumer, loop=own, thread_loop=own, **kwargs)

    async def start(self) -> None:
        """Start in the loop that calls."""
        self._thread_started.set()
        await self._default_start()

    async def stop(self) -> None:
        """Stop the consumer, and leave the group, in the loop that calls."""
        if self._started.is_set() and not self._stopped.is_set():
            self._stopped.set()
            if self._consumer is not None:
                await self._consumer.stop()
            self.set_shutdown()

    async def call_thread(self, fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call at once: there is no other thread."""
        return await maybe_async(fun(*args, **kwargs))

    async def cast_thread(self, fun: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Call at once: there is no other thread."""
        await maybe_async(fun(*args, **kwargs))

    def _create_worker_consumer(self, transport: Any) -> Any:
        # Faust hard-codes a fetch wait of 1.5 s and reads uncommitted. Its assignor is kept: it
        # gives one member the same partition of all topics with the same subscribers.
        conf = self.app.conf
        self._assignor = self.app.assignor
        consumer = aiokafka.AIOKafkaConsumer(
            client_id=conf.broker_client_id,
            group_id=conf.id,
            group_instance_id=conf.consumer_group_instance_id,
            partition_assignment_strategy=[self._assignor],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_max_wait_ms=FETCH_WAIT_MS,
            fetch_min_bytes=FETCH_BYTES,
            max_partition_fetch_bytes=4 << 20,
            check_crcs=False,
            session_timeout_ms=int(conf.broker_session_timeout * 1e3),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1e3),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1e3),
            request_timeout_ms=int(conf.broker_request_timeout * 1e3),
            retry_backoff_ms=50,
            **self.kafka,
        )
        # Set after the fact, since aiokafka checks it against nothing and getmany() would ask it.
        consumer._max_poll_records = 4000  # noqa: SLF001
        self.shards.consumer = consumer
        return consumer


class RunConsumer(driver.Consumer):
    """Hands runs to agents; seeks, commits and waits for acks only as the shards say."""

    shards: Shards
    kafka: dict[str, Any]

    def _new_consumer_thread(self) -> Any:
        thread = type("Thread", (InLoop,), {"shards": self.shards, "kafka": self.kafka})
        return thread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        """Do nothing: a shard is sought to where its state stands, when it is taken."""

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        """Do nothing: offsets stand with what they led to."""
        return False

    async def wait_empty(self) -> None:
        """Have every shard finish the transaction that it is in."""
        await self.shards.quiesce()

    async def verify_all_partitions_active(self) -> None:
        """Do nothing: the watchdog asks the broker itself."""

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Finish what is under way before others may take the shards."""
        self.stop_flow()
        await self.shards.quiesce()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: Any, generation_id: int = 0) -> None:
        """Take the shards, outside of this callback: it must not hold up the group."""
        owned: dict[str, set[int]] = {topic: set() for topic in self.shards.topics}
        for tp in assigned:
            if tp.topic in owned:
                owned[tp.topic].add(tp.partition)
        sets = list(owned.values())
        if any(one != sets[0] for one in sets):
            await self.app.crash(
                NotCopartitionedError(
                    f"shards are split between members: {owned}; every topic needs the same "
                    "number of partitions, see `collabbus topics plan`"
                )
            )
            return
        await super().on_partitions_assigned(assigned, generation_id)
        await self.shards.assign(sets[0])

    async def on_stop(self) -> None:
        """Finish and close the shards, then leave the group."""
        await self.shards.close()
        await super().on_stop()

    async def _drain_messages(self, fetcher: Any) -> None:
        # The only place that seeks and fetches, so that a seek can't race a fetch.
        shards = self.shards
        try:
            while not (self._stopped.is_set() or fetcher._stopped.is_set()):  # noqa: SLF001
                if not self.flow_active:
                    await self.wait(self.can_resume_flow)
                    continue
                active = shards.fetchable()
                if not active:
                    await shards.changed_within(0.1)
                    continue
                records = await self._thread.getmany(
                    set(active), 0.05 if len(active) < shards.inputs_owned else 0.2
                )
                generation = self.app.consumer_generation_id
                for run in shards.runs(active, records):
                    if not self.flow_active or generation != self.app.consumer_generation_id:
                        break
                    last = run.records[-1]
                    tp = TP(run.tp.topic, run.tp.partition)
                    self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
                    await self.callback(
                        ConsumerMessage(
                            tp.topic,
                            tp.partition,
                            last.offset,
                            last.timestamp / 1e3,
                            last.timestamp_type,
                            (),
                            None,
                            run,
                            None,
                            0,
                            0,
                            tp,
                            generation_id=generation,
                        )
                    )
                await asyncio.sleep(0)
        except self.consumer_stopped_errors:
            if not self.transport.app.should_stop:
                raise


def transport(app: Any, shards: Shards, kafka: dict[str, Any]) -> Any:
    """Give the transport for an app: its consumer serves these shards, over these connections."""
    consumer = type("Consumer", (RunConsumer,), {"shards": shards, "kafka": kafka})
    return type("Transport", (driver.Transport,), {"Consumer": consumer})(
        app.conf.broker_consumer, app
    )
