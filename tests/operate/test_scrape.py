"""Scraping: sums of what a process tells, and of nobody else."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

from collabbus.operate.process import free_ports
from collabbus.operate.scrape import total


def test_samples_of_the_name_alone_are_added_up() -> None:
    registry = CollectorRegistry()
    runs = Counter("runs", "Runs.", ["of"], registry=registry)
    Gauge("runs_total_lost", "Of another name.", registry=registry).set(100)
    runs.labels("a").inc(2)
    runs.labels('b} 7 "').inc(3)
    server, thread = start_http_server(0, "127.0.0.1", registry=registry)
    port = server.server_address[1]
    assert total(port, "runs_total") == 5
    assert total(port, "walks_total") == 0
    server.shutdown()
    server.server_close()
    thread.join()


def test_nobody_tells_nothing() -> None:
    [port] = free_ports(1)
    assert total(port, "runs_total") == 0
