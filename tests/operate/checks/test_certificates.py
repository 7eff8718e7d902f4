"""Certificates that brokers show: each is told by its days, and what can't be spoken to is."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

from collabbus.model.deadline import DAY_MS
from collabbus.operate.checks import certificates
from collabbus.operate.examination import Level, Line, Subject
from collabbus.settings import KafkaSettings, Settings
from tests.gateway.authority import Authority


def told(port: int, authority: Authority | None, later: int = 0) -> Line:
    kafka = (
        KafkaSettings(security_protocol="SSL", ssl_cafile=authority.file)
        if authority
        else KafkaSettings()
    )
    now = time.time_ns() // 1_000_000 + later
    with Subject(Settings(region="beijing", kafka=kafka), now_ms=lambda: now) as subject:
        brokers = [{"host": "127.0.0.1", "port": port}]
        subject.__dict__["admin"] = SimpleNamespace(describe_cluster=lambda: {"brokers": brokers})
        [line] = certificates.brokers(subject)
    return line


def test_a_certificate_is_told_before_it_ends_and_after(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ours", "ours")
    with authority.serving("kafka") as port:
        good = told(port, authority, later=-40 * DAY_MS)
        soon, over = told(port, authority), told(port, authority, later=2 * DAY_MS)
    assert (good.level, soon.level, over.level) == (Level.OK, Level.WARN, Level.FAIL)
    assert "is good for 40 days" in good.en
    assert f"127.0.0.1:{port} ends in 0 days" in soon.en
    assert "has ended" in over.en


def test_a_broker_whose_certificate_nobody_trusts_is_told(tmp_path: Path) -> None:
    ours, another = Authority(tmp_path / "ours", "ours"), Authority(tmp_path / "other", "other")
    with another.serving("kafka") as port:
        line = told(port, ours)
    assert line.level is Level.FAIL
    assert "CERTIFICATE_VERIFY_FAILED" in line.en
    assert told(port, ours).level is Level.FAIL  # nobody listens there any more


def test_a_cluster_without_tls_has_none() -> None:
    assert told(1, None).en == "Kafka is spoken to without TLS (PLAINTEXT)"
