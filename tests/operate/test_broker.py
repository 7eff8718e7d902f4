"""A broker: started, stopped, killed, secured."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import uvloop

from collabbus.operate import process
from collabbus.operate.broker import Broker, BrokerFailedError, PortTakenError
from collabbus.operate.kafka import Kafka
from collabbus.operate.mirror import MirrorMaker
from collabbus.settings import KafkaSettings
from tests.operate.topic import create, read, roundtrip


@pytest.mark.kafka
def test_a_broker_keeps_port_and_data_through_a_restart_and_a_kill(
    kafka: Kafka, tmp_path: Path
) -> None:
    with Broker(kafka, tmp_path) as broker:
        port, first = broker.port, broker.pid
        assert roundtrip(broker.settings(), "kept", b"1") == [b"1"]
        broker.restart()
        assert broker.port == port
        assert broker.pid != first
        assert roundtrip(broker.settings(), "kept", b"2") == [b"1", b"2"]
        broker.kill()
        assert not broker.running
        broker.start()
        assert roundtrip(broker.settings(), "kept", b"3") == [b"1", b"2", b"3"]
    assert broker.stop() == 143
    # Another object on the same folder is the same broker.
    assert Broker(kafka, tmp_path).port == port


@pytest.mark.kafka
def test_the_address_can_be_asked_for_while_the_broker_starts_again(tmp_path: Path) -> None:
    """Seen in a campaign: a client asked in the moment in which the file was empty."""
    broker = Broker(Kafka(Path(), Path()), tmp_path)  # never launched
    broker._choose(fresh=True)
    address = broker.bootstrap
    ended = threading.Event()

    def start_again() -> None:
        for _ in range(300):
            broker._choose(fresh=False)
        ended.set()

    starting = threading.Thread(target=start_again)
    starting.start()
    try:
        while not ended.is_set():
            assert broker.bootstrap == address
    finally:
        starting.join()


def test_a_broker_listens_on_loopback_alone(broker: Broker) -> None:
    tables = [Path(f"/proc/{broker.pid}/net/{name}") for name in ("tcp", "tcp6")]
    ours = {
        link.readlink().name[8:-1]
        for link in Path(f"/proc/{broker.pid}/fd").iterdir()
        if link.is_symlink() and str(link.readlink()).startswith("socket:")
    }
    addresses = set()
    for table in tables:
        for line in table.read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in ours:
                addresses.add(fields[1].split(":")[0])
    # 127.0.0.1 as it stands in the kernel's tables, also inside an IPv6 address.
    assert addresses
    assert all(address.endswith("0100007F") for address in addresses)


@pytest.mark.kafka
def test_a_port_that_is_taken_is_told(kafka: Kafka, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"port {port} of"):
            Broker(kafka, tmp_path, port).start()


@pytest.mark.kafka
def test_a_port_that_is_taken_meanwhile_is_given_up_for_another(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = process.free_ports
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        bad = other.getsockname()[1]
        answers = [[bad, genuine(1)[0]]]
        monkeypatch.setattr(
            process, "free_ports", lambda n: answers.pop() if answers else genuine(n)
        )
        # As if it had been free when we looked.
        monkeypatch.setattr(process, "taken", lambda _port: False)
        with Broker(kafka, tmp_path) as broker:
            assert broker.port != bad
            assert answers == []


@pytest.mark.kafka
def test_a_start_that_fails_shows_the_log(kafka: Kafka, tmp_path: Path) -> None:
    broker = Broker(kafka, tmp_path, properties={"num.io.threads": "many"})
    with pytest.raises(BrokerFailedError, match=r"num\.io\.threads"):
        broker.start()
    assert not broker.running
    with pytest.raises(BrokerFailedError, match="never started"):
        _ = Broker(kafka, tmp_path / "none").port


async def over_aiokafka(settings: KafkaSettings, topic: str) -> list[bytes]:
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

    async with AIOKafkaProducer(**settings.aiokafka()) as producer:
        await producer.send_and_wait(topic, b"aiokafka")
    consumer = AIOKafkaConsumer(topic, auto_offset_reset="earliest", **settings.aiokafka())
    async with consumer:
        return [(await consumer.getone()).value for _ in range(2)]


@pytest.mark.kafka
def test_both_libraries_and_mirrormaker_log_in_by_password(
    kafka: Kafka, broker: Broker, tmp_path: Path
) -> None:
    users = {"admin": 'se"cret\\', "beijing": "other"}
    topic = "test.secured"
    with Broker(kafka, tmp_path / "b", users=users) as secured:
        settings = secured.settings("beijing")
        assert roundtrip(settings, topic, b"kafka-python") == [b"kafka-python"]
        both = [b"kafka-python", b"aiokafka"]
        assert asyncio.run(over_aiokafka(settings, topic)) == both

        create(broker.settings(), topic, 1)
        clusters = {"beijing": settings, "tianjin": broker.bootstrap}
        flow = {("beijing", "tianjin"): [topic]}
        with MirrorMaker(kafka, tmp_path / "m", "tianjin", clusters, flow) as mirror:
            mirror.wait_ready()
            assert read(broker.settings(), topic, 0, 2) == both


def certificate(folder: Path, password: bytes) -> KafkaSettings:
    """A certificate for 127.0.0.1 that vouches for itself, and its encrypted key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "collabbus test")])
    now = datetime.datetime.now(datetime.UTC)
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    cert_path.write_bytes(signed.public_bytes(pem.Encoding.PEM))
    encrypted = pem.BestAvailableEncryption(password)
    key_path.write_bytes(key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, encrypted))
    return KafkaSettings.model_validate(
        {
            "security_protocol": "SSL",
            "ssl_cafile": cert_path,
            "ssl_certfile": cert_path,
            "ssl_keyfile": key_path,
            "ssl_password": password.decode(),
        }
    )


@pytest.mark.kafka
def test_both_libraries_connect_over_tls_with_certificates(kafka: Kafka, tmp_path: Path) -> None:
    tls = certificate(tmp_path, b"secret")
    with Broker(kafka, tmp_path / "b", tls=tls, users={"admin": "pass"}) as secured:
        settings = secured.settings()
        assert settings.security_protocol == "SASL_SSL"
        assert roundtrip(settings, "test.tls", b"kafka-python") == [b"kafka-python"]
        found = asyncio.run(over_aiokafka(settings, "test.tls"))
        assert found == [b"kafka-python", b"aiokafka"]


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_who_closes_a_connection_over_tls_waits_for_no_goodbye(run: Any, tmp_path: Path) -> None:
    """Kafka doesn't answer one that came together with a request; the loops wait for 30 s."""
    tls = certificate(tmp_path, b"secret")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem", "secret")
    done = threading.Event()
    heard: list[bytes] = []

    def serve(listening: socket.socket) -> None:
        with context.wrap_socket(listening.accept()[0], server_side=True) as accepted:
            heard.append(accepted.recv(100))
            done.wait(20)

    async def call(port: int) -> float:
        trusting = tls.aiokafka()["ssl_context"]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
        writer.write(b"all of it")
        began = time.monotonic()
        writer.close()
        await writer.wait_closed()
        return time.monotonic() - began

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=serve, args=(listening,))
        server.start()
        try:
            assert run(call(listening.getsockname()[1])) < 5
        finally:
            done.set()
            server.join()
    assert heard == [b"all of it"]
