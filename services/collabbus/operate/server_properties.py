"""The configuration of a broker that stands alone, and why it differs from Kafka's defaults."""

from __future__ import annotations

import os
from pathlib import Path

from collabbus.operate.process import LOOPBACK
from collabbus.settings import KafkaSettings
from collabbus.settings.kafka import Protocol

_CORES = os.cpu_count() or 1

_FIXED = {
    # One broker holds one copy of everything.
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # Of the 50 of a large cluster each costs files and time at the first use.
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.num.partitions": "8",
    # After kill -9 a broker may register again only when its last session is over: 9 s by default.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # Topics are made from their contract; a misspelt name must fail.
    "auto.create.topics.enable": "false",
    # A lone consumer needn't wait for others that might join.
    "group.initial.rebalance.delay.ms": "0",
    # A whole parcel is one record.
    "message.max.bytes": str(4 << 20),
    "log.cleaner.enable": "true",
    # Compacted topics of a demo or a test would otherwise wait 15 s for their cleaner.
    "log.cleaner.backoff.ms": "5000",
    # 128 MB a cleaner by default, a quarter of our heap.
    "log.cleaner.dedupe.buffer.size": str(16 << 20),
    # 8 and 3 by default, which on a small machine only take turns.
    "num.io.threads": str(max(2, _CORES)),
    "num.network.threads": str(max(1, _CORES // 2)),
}


def server_properties(client: int, controller: int, data: Path) -> dict[str, str]:
    """For one process that is broker and controller, listening on two ports of loopback."""
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller}",
        "listeners": f"CLIENT://{LOOPBACK}:{client},CONTROLLER://{LOOPBACK}:{controller}",
        "advertised.listeners": f"CLIENT://{LOOPBACK}:{client}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "CLIENT",
        "log.dirs": str(data),
        **_FIXED,
    }


def client_protocol(passwords: bool, tls: bool) -> Protocol:
    """The security protocol of the port for clients."""
    if passwords:
        return "SASL_SSL" if tls else "SASL_PLAINTEXT"
    return "SSL" if tls else "PLAINTEXT"


def secured_properties(broker: KafkaSettings) -> dict[str, str]:
    """In addition, for a port that wants passwords or certificates.

    The broker is also a client of itself, and `broker` is how it reaches itself.
    """
    protocol = broker.security_protocol
    found = {"listener.security.protocol.map": f"CLIENT:{protocol},CONTROLLER:PLAINTEXT"}
    if protocol.startswith("SASL"):
        found["sasl.enabled.mechanisms"] = broker.sasl_mechanism
        found["sasl.mechanism.inter.broker.protocol"] = broker.sasl_mechanism
        mechanism = broker.sasl_mechanism.lower()
        found[f"listener.name.client.{mechanism}.sasl.jaas.config"] = broker.jaas()
        # Nobody logs in to the controller's own port; it is on loopback.
        found["super.users"] = f"User:{broker.sasl_username};User:ANONYMOUS"
    if protocol.endswith("SSL"):
        ssl = {key: text for key, text in broker.properties().items() if key.startswith("ssl.")}
        found |= ssl | {"ssl.client.auth": "required"}
    return found
