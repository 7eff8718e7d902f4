"""The same job on each transport: `python -m benchmarks.transports NAME` in a fresh process.

Every one acknowledges by all replicas, commits only what is done, and is written as its guide would
have it written for throughput. The clock runs from the first record to the last acknowledgement.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.job import PARTITIONS, Job

BOOT = os.environ.get("BENCH_BOOT", "")
IN = os.environ.get("BENCH_IN", "")
OUT = os.environ.get("BENCH_OUT", "")
GROUP = os.environ.get("BENCH_GROUP", "")
COUNT = int(os.environ.get("BENCH_COUNT", "0"))
COMMIT_S = 1.0

job = Job()


class Clock:
    """Runs from the first record to the last."""

    def __init__(self) -> None:
        self.begun: float | None = None
        self.cpu = 0.0
        self.count = 0

    def start(self) -> None:
        """Begin, at the first call."""
        if self.begun is None:
            self.begun, self.cpu = time.perf_counter(), time.process_time()

    def add(self, count: int) -> bool:
        """Count what is done; tell whether it is all."""
        self.count += count
        return self.count >= COUNT

    def report(self) -> None:
        """Print the result, and end the process: stopping isn't measured."""
        took = time.perf_counter() - (self.begun or 0.0)
        cpu = time.process_time() - self.cpu
        result = {"per_s": self.count / took, "cpu_us": cpu / self.count * 1e6}
        print("RESULT " + json.dumps(result), flush=True)
        os._exit(0)


clock = Clock()


def ours() -> None:  # noqa: C901 - one app, told from top to bottom
    """Our transport and shards, in the mode of `dispatch`."""
    import mode.loop

    from collabbus.processor.app import calm_collector

    calm_collector()  # as every processor does
    mode.loop.use("uvloop")
    import faust
    from aiokafka import AIOKafkaProducer, TopicPartition

    from collabbus.processor.batches import NO_HEADERS, send
    from collabbus.processor.metrics import Metrics
    from collabbus.processor.shard import Run, Shard
    from collabbus.processor.shards import Shards
    from collabbus.processor.transport import NoTables, transport

    kafka = {"bootstrap_servers": BOOT}
    producers: list[AIOKafkaProducer] = []

    async def producer() -> AIOKafkaProducer:
        if not producers:
            made = AIOKafkaProducer(
                enable_idempotence=True, linger_ms=0, max_batch_size=1 << 20,
                max_request_size=4 << 20, **kafka,
            )  # fmt: skip
            producers.append(made)
            await made.start()
        return producers[0]

    class JobShard(Shard):
        stage = "job"
        most = 2000

        async def take(self, sure: bool) -> dict[TopicPartition, int]:
            await producer()
            found = await shards.consumer._coordinator.fetch_committed_offsets(self.tps)  # noqa: SLF001
            return {tp: found[tp].offset if tp in found else 0 for tp in self.tps}

        async def work(self, runs: Sequence[Run]) -> None:
            if not runs:
                return
            clock.start()
            out = []
            for run in runs:
                for record in run.records:
                    made = job.process(record.value)
                    if made is not None:
                        out.append((made[0], made[1], NO_HEADERS))
            for future in await send(await producer(), OUT, self.number, out):
                await future
            done[self.tps[0]] = runs[-1].next
            now = time.monotonic()
            complete = clock.add(sum(len(run.records) for run in runs))
            if complete or now - committed[0] > COMMIT_S:
                committed[0] = now
                await shards.consumer.commit(dict(done))
            if complete:
                clock.report()

        async def release(self) -> None:
            pass

    done: dict[TopicPartition, int] = {}
    committed = [time.monotonic()]
    metrics = Metrics("bench")

    def make(number: int) -> Shard:
        return JobShard(number, [IN], metrics)

    shards = Shards({IN: make})
    app = faust.App(
        GROUP,
        broker=f"kafka://{BOOT}",
        agent_supervisor="mode.CrashingSupervisor",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        TableManager=NoTables,
        datadir=tempfile.mkdtemp(),
        consumer_auto_offset_reset="earliest",
        worker_redirect_stdouts=False,
    )
    app.transport = transport(app, shards, kafka)

    async def take(stream: Any) -> None:
        async for event in stream.noack().events():
            run = event.value
            shards.of(run.tp.topic, run.tp.partition).submit(run)

    raw = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw"}
    app.agent(app.topic(IN, value_serializer="raw", **raw), name="job")(take)
    faust.Worker(
        app, loglevel="ERROR", redirect_stdouts=False, quiet=True
    ).execute_from_commandline()


def stock_faust(**settings: Any) -> None:
    """A stock Faust agent, as its guide has it: one event, one awaited send."""
    import faust

    app = faust.App(
        GROUP,
        broker=f"kafka://{BOOT}",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        datadir=tempfile.mkdtemp(),
        consumer_auto_offset_reset="earliest",
        worker_redirect_stdouts=False,
        **settings,
    )
    raw = {"key_serializer": "raw", "value_serializer": "raw", "key_type": bytes}
    source = app.topic(IN, value_type=bytes, **raw)
    target = app.topic(OUT, value_type=bytes, **raw)

    async def agent(stream: Any) -> None:
        async for value in stream:
            clock.start()
            made = job.process(value)
            if made is not None:
                await target.send(key=made[0], value=made[1])
            if clock.add(1):
                await app.producer.flush()
                clock.report()

    app.agent(source, name="job")(agent)
    faust.Worker(
        app, loglevel="ERROR", redirect_stdouts=False, quiet=True
    ).execute_from_commandline()


def tuned_faust() -> None:
    """The same agent with what Faust's settings can do for it."""
    import mode.loop

    mode.loop.use("uvloop")
    for name in ("aiokafka", "faust", "mode", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    stock_faust(producer_linger=0.005, producer_max_batch_size=1 << 18, stream_buffer_maxsize=16384)


def aiokafka() -> None:
    """Bare aiokafka: batches of our own, one in flight while the next is made."""
    import uvloop
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

    async def main() -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=BOOT, enable_idempotence=True, linger_ms=0,
            max_batch_size=1 << 20, max_request_size=4 << 20,
        )  # fmt: skip
        await producer.start()
        consumer = AIOKafkaConsumer(
            IN, bootstrap_servers=BOOT, group_id=GROUP, auto_offset_reset="earliest",
            enable_auto_commit=False, isolation_level="read_committed", fetch_max_wait_ms=50,
            max_partition_fetch_bytes=4 << 20, check_crcs=False,
        )  # fmt: skip
        await consumer.start()
        waiting: list[Any] = []
        committed = time.monotonic()
        while True:
            fetched = await consumer.getmany(timeout_ms=1000, max_records=4000)
            if not fetched:
                continue
            clock.start()
            offsets, futures, count = {}, [], 0
            for tp, records in fetched.items():
                batch = producer.create_batch()
                for record in records:
                    made = job.process(record.value)
                    if made is None:
                        continue
                    if batch.append(key=made[0], value=made[1], timestamp=None) is None:
                        batch.close()
                        futures.append(
                            await producer.send_batch(batch, OUT, partition=tp.partition)
                        )
                        batch = producer.create_batch()
                        batch.append(key=made[0], value=made[1], timestamp=None)
                batch.close()
                futures.append(await producer.send_batch(batch, OUT, partition=tp.partition))
                offsets[tp] = records[-1].offset + 1
                count += len(records)
            if waiting:
                await asyncio.gather(*waiting)
            waiting = futures
            complete = clock.add(count)
            if complete or time.monotonic() - committed > COMMIT_S:
                await asyncio.gather(*waiting)
                await consumer.commit(offsets)
                committed = time.monotonic()
            if complete:
                clock.report()

    uvloop.run(main())


def confluent() -> None:
    """confluent-kafka, librdkafka in a loop."""
    from confluent_kafka import Consumer, Producer, TopicPartition

    producer = Producer(
        {"bootstrap.servers": BOOT, "linger.ms": 5, "batch.size": 1_000_000, "acks": "all",
         "enable.idempotence": True, "queue.buffering.max.messages": 500_000}
    )  # fmt: skip
    consumer = Consumer(
        {"bootstrap.servers": BOOT, "group.id": GROUP, "auto.offset.reset": "earliest",
         "enable.auto.commit": False, "isolation.level": "read_committed"}
    )  # fmt: skip
    consumer.subscribe([IN])
    offsets: dict[int, int] = {}
    committed = time.monotonic()
    while True:
        messages = consumer.consume(1000, 1.0)
        if not messages:
            continue
        clock.start()
        for message in messages:
            if message.error():
                raise SystemExit(str(message.error()))
            made = job.process(message.value())
            if made is not None:
                producer.produce(OUT, made[1], made[0], partition=message.partition())
            offsets[message.partition()] = message.offset() + 1
        producer.poll(0)
        complete = clock.add(len(messages))
        if complete or time.monotonic() - committed > COMMIT_S:
            producer.flush()
            consumer.commit(
                offsets=[TopicPartition(IN, p, o) for p, o in offsets.items()], asynchronous=False
            )
            committed = time.monotonic()
        if complete:
            clock.report()


def faststream() -> None:
    """FastStream's batch subscriber on aiokafka."""
    import uvloop
    from faststream import AckPolicy, FastStream
    from faststream.kafka import KafkaBroker

    broker = KafkaBroker(BOOT, logger=None, acks="all", linger_ms=5, max_batch_size=1 << 18)
    app = FastStream(broker, logger=None)

    async def handle(values: list[bytes]) -> None:
        clock.start()
        futures = []
        for value in values:
            made = job.process(value)
            if made is not None:
                futures.append(await broker.publish(made[1], OUT, key=made[0], no_confirm=True))
        await asyncio.gather(*(f for f in futures if f is not None))
        if clock.add(len(values)):
            clock.report()

    broker.subscriber(
        IN, group_id=GROUP, auto_offset_reset="earliest", batch=True, max_records=1000,
        ack_policy=AckPolicy.ACK,
    )(handle)  # fmt: skip
    uvloop.run(app.run())


def quix() -> None:
    """Quix Streams, at least once."""
    from quixstreams import Application

    app = Application(
        BOOT, consumer_group=GROUP, auto_offset_reset="earliest", loglevel="ERROR",
        commit_interval=COMMIT_S, use_changelog_topics=False,
        producer_extra_config={"linger.ms": 5, "batch.size": 1_000_000, "acks": "all"},
        state_dir=tempfile.mkdtemp(),
    )  # fmt: skip
    source = app.topic(IN, value_deserializer="bytes", key_deserializer="bytes")
    target = app.topic(OUT, value_serializer="bytes", key_serializer="bytes")

    def process(value: bytes) -> bytes | None:
        clock.start()
        made = job.process(value)
        return None if made is None else made[1]

    frame = app.dataframe(source).apply(process).filter(lambda value: value is not None)
    frame.to_topic(target)
    app.run(count=COUNT, timeout=60)
    clock.count = COUNT
    clock.report()


ALL: dict[str, Callable[[], None]] = {
    "ours": ours,
    "stock_faust": stock_faust,
    "tuned_faust": tuned_faust,
    "quix": quix,
    "faststream": faststream,
    "aiokafka": aiokafka,
    "confluent": confluent,
}
COUNTS = {"stock_faust": 8_000, "tuned_faust": 15_000, "quix": 100_000, "faststream": 60_000}
"""How many events each gets, by what it does in a few seconds; all of them for the others."""

if __name__ == "__main__":
    assert PARTITIONS == 4
    ALL[sys.argv[1]]()
