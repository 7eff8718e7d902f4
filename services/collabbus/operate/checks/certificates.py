"""Certificates: until when what a server shows of itself is good."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from cryptography.x509 import load_der_x509_certificate

from collabbus.model.deadline import DAY_MS
from collabbus.operate.checks.files import EXPIRY_DAYS
from collabbus.operate.examination import Line, Subject, fail, fine, warn

_PATIENCE_S = 5.0


def end_ms(host: str, port: int, context: ssl.SSLContext) -> int:
    """Give when the certificate ends that a server shows, in ms since 1970.

    Raises OSError where it can't be reached, or `context` doesn't accept what it shows.
    """
    with (
        socket.create_connection((host, port), _PATIENCE_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert(binary_form=True)
    if shown is None:
        raise OSError(f"{host}:{port} shows no certificate")
    return int(load_der_x509_certificate(shown).not_valid_after_utc.timestamp() * 1000)


def until(zh: str, en: str, end: int, now: int) -> Line:
    """Say for how many days the certificate of whom `zh` and `en` name is still good."""
    days = (end - now) // DAY_MS
    if days >= EXPIRY_DAYS:
        return fine(
            f"{zh} 的证书还有 {days} 天", f"the certificate of {en} is good for {days} days"
        )
    do = (
        "换发证书并重启该服务；见 docs/runbooks/certificates.md",
        "give it a new one and restart it; docs/runbooks/certificates.md",
    )
    if end <= now:
        return fail(f"{zh} 的证书已失效", f"the certificate of {en} has ended", *do)
    return warn(
        f"{zh} 的证书将在 {days} 天后失效", f"the certificate of {en} ends in {days} days", *do
    )


def brokers(subject: Subject) -> Iterator[Line]:
    """Look until when the brokers' certificates are good, each as it is shown to clients."""
    given = subject.settings.kafka.kafka_python()
    context = given.get("ssl_context")
    if context is None:
        yield fine(
            "Kafka 不用 TLS", f"Kafka is spoken to without TLS ({given['security_protocol']})"
        )
        return
    for one in subject.admin.describe_cluster()["brokers"]:
        name = f"{one['host']}:{one['port']}"
        try:
            yield until(name, name, end_ms(one["host"], one["port"], context), subject.now_ms())
        except OSError as error:
            yield fail(
                f"{name} 的证书不可用或无法连接",
                f"{name} can't be spoken to by TLS: {error}",
                "检查该节点的证书与 COLLABBUS_KAFKA_SSL_CAFILE",
                "look at that broker's certificate, and at COLLABBUS_KAFKA_SSL_CAFILE",
            )
