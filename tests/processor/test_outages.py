"""Outages: what the client really writes of a broker that is away is told once, and its end too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import pytest
import structlog
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaConnectionError, NodeNotReadyError
from aiokafka.structs import BrokerMetadata, TopicPartition
from structlog.testing import capture_logs

from collabbus.operate.process import free_ports
from collabbus.processor.app import configure_logging
from collabbus.processor.outages import QUIET_S, Outages


class Kept(logging.Handler):
    """Writes into a list."""

    def __init__(self, written: list[str]) -> None:
        super().__init__()
        self._written = written

    def emit(self, record: logging.LogRecord) -> None:
        self._written.append(record.getMessage())


class Bench:
    """A handler behind the filter, what it wrote, and a clock."""

    def __init__(self) -> None:
        self.now = 100.0
        self.written: list[str] = []
        self.outages = Outages(lambda: self.now)
        self.handler = Kept(self.written)
        self.handler.addFilter(self.outages)

    def over(self) -> list[tuple[str, int, float]]:
        with capture_logs() as told:
            self.outages.look()
        return [(one["complaint"], one["lines_left_out"], one["seconds"]) for one in told]


@pytest.fixture
def bench() -> Iterator[Bench]:
    found = Bench()
    logging.root.addHandler(found.handler)
    yield found
    logging.root.removeHandler(found.handler)


async def ask(times: int, nodes: int) -> None:
    """Have a client ask brokers for their metadata that are all away."""
    client = AIOKafkaClient(bootstrap_servers="127.0.0.1:1")
    ports = free_ports(nodes)
    client.cluster._brokers = {
        node: BrokerMetadata(node, "127.0.0.1", port, None) for node, port in enumerate(ports)
    }
    for _ in range(times):
        assert not await client._metadata_update(client.cluster, [])
        with pytest.raises(NodeNotReadyError):
            await client.send(0, None)
    await client.close()


def test_a_broker_that_is_away_is_told_once_however_often_it_is_asked(bench: Bench) -> None:
    asyncio.run(ask(20, nodes=2))
    assert len(bench.written) == 2
    assert {line.partition(":")[0] for line in bench.written} == {
        "Unable connect to node with id 0",
        "Unable connect to node with id 1",
    }


def test_the_end_of_an_outage_is_told_with_what_was_left_out(bench: Bench) -> None:
    asyncio.run(ask(1, nodes=1))
    bench.now += 5
    asyncio.run(ask(2, nodes=1))
    bench.now += QUIET_S - 0.1
    assert bench.over() == []
    bench.now += 0.1
    [(complaint, left_out, seconds)] = bench.over()
    assert complaint == bench.written[0]
    assert (left_out, seconds) == (5, 5.0)  # a send asks for a connection, too
    assert bench.over() == []
    asyncio.run(ask(1, nodes=1))
    assert len(bench.written) == 2  # another outage


def test_a_single_line_has_no_end(bench: Bench) -> None:
    logging.getLogger("aiokafka").error("Heartbeat session expired")
    bench.now += QUIET_S
    assert bench.over() == []
    assert bench.written == ["Heartbeat session expired"]


def test_partitions_share_a_complaint_and_errors_do_not(bench: Bench) -> None:
    log = logging.getLogger("aiokafka.producer.sender")
    for partition in range(4):
        for error in (KafkaConnectionError("closed"), TimeoutError()):
            log.warning("Got error on %s: %s", TopicPartition("t", partition), error)
    assert len(bench.written) == 2


def test_what_wasnt_sent_for_want_of_a_connection_follows_from_what_was_told(bench: Bench) -> None:
    log = logging.getLogger("aiokafka.consumer.fetcher")
    log.error("Failed fetch messages from %s: %s", 0, NodeNotReadyError("0"))
    log.warning("Got error on %s: %s", TopicPartition("t", 0), NodeNotReadyError)
    assert bench.written == []


def test_what_others_write_is_never_left_out(bench: Bench) -> None:
    for _ in range(3):
        logging.getLogger("aiokafkaesque").error("again")
        logging.getLogger("faust").error("again")
    assert len(bench.written) == 6


def test_a_processor_filters_all_that_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = logging.NullHandler()
    monkeypatch.setattr(logging.root, "handlers", [handler])
    levels = {name: logging.getLogger(name).level for name in ("aiokafka", "faust", "asyncio")}
    try:
        assert configure_logging("INFO") in handler.filters
    finally:
        structlog.reset_defaults()
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
