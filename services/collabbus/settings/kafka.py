"""How to reach a Kafka cluster."""

from __future__ import annotations

import contextlib
import ssl
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from collabbus.settings.sources import Sourced

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class KafkaSettings(Sourced):
    """How to reach a Kafka cluster, for each of the client libraries that are used."""

    model_config = SettingsConfigDict(env_prefix="COLLABBUS_KAFKA_", extra="forbid")
    section = "kafka"

    bootstrap_servers: str = Field(
        default="127.0.0.1:9092",
        description="Brokers to ask first, with commas between them. One is enough to find the "
        "others; two or three let a client start while one of them is down.",
        examples=["kafka-1:9092,kafka-2:9092"],
        min_length=1,
    )
    security_protocol: Protocol = Field(
        default="PLAINTEXT",
        description="PLAINTEXT neither hides nor authenticates, for loopback alone. SSL encrypts, "
        "and authenticates by certificate if there is one. SASL_PLAINTEXT authenticates by "
        "password and hides nothing else. SASL_SSL does both and is what production wants.",
        examples=["SASL_SSL"],
    )
    ssl_cafile: Path | None = Field(
        default=None,
        description="PEM file with the authorities that may have signed the brokers' "
        "certificates. Without it the system's authorities are trusted.",
        examples=["/etc/collabbus/kafka-ca.pem"],
    )
    ssl_certfile: Path | None = Field(
        default=None,
        description="PEM file with this client's certificate and its chain. Without it the "
        "client shows none, and brokers that ask for one refuse it.",
        examples=["/etc/collabbus/processor.pem"],
    )
    ssl_keyfile: Path | None = Field(
        default=None,
        description="PEM file with the private key of `ssl_certfile`. Without it the key is "
        "looked for in `ssl_certfile`.",
        examples=["/etc/collabbus/processor.key"],
    )
    ssl_password: SecretStr | None = Field(
        default=None,
        description="Password of the private key, if it is encrypted.",
        examples=["only in the environment, never in a file that is shared"],
    )
    ssl_check_hostname: bool = Field(
        default=True,
        description="Whether a broker's certificate must name the host that was asked for. False "
        "lets any broker with a trusted certificate answer for another one.",
        examples=[True],
    )
    sasl_mechanism: Mechanism = Field(
        default="SCRAM-SHA-512",
        description="How the password is shown with SASL_*. The SCRAM mechanisms never send it; "
        "PLAIN sends it as it is and belongs only into SASL_SSL.",
        examples=["SCRAM-SHA-512"],
    )
    sasl_username: str | None = Field(
        default=None,
        description="Kafka user to log in as; ACLs are granted to it. Needed with SASL_*.",
        examples=["beijing-processor"],
    )
    sasl_password: SecretStr | None = Field(
        default=None,
        description="Password of `sasl_username`. Needed with SASL_*; never shown in a log or "
        "an error.",
        examples=["only in the environment, never in a file that is shared"],
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self._sasl and not (self.sasl_username and self.sasl_password):
            raise ValueError(
                f"security_protocol {self.security_protocol} needs sasl_username and "
                "sasl_password; set both, or choose PLAINTEXT or SSL"
            )
        if self.ssl_keyfile and not self.ssl_certfile:
            raise ValueError(f"ssl_keyfile {self.ssl_keyfile} needs ssl_certfile; set both")
        return self

    @property
    def _sasl(self) -> bool:
        return self.security_protocol.startswith("SASL")

    @property
    def _tls(self) -> bool:
        return self.security_protocol.endswith("SSL")

    def aiokafka(self) -> dict[str, Any]:
        """The keyword arguments for any client of aiokafka. Reads the certificate files."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "security_protocol": self.security_protocol,
        }
        if self._tls:
            arguments["ssl_context"] = self._ssl_context()
        if self._sasl and self.sasl_password:
            arguments["sasl_mechanism"] = self.sasl_mechanism
            arguments["sasl_plain_username"] = self.sasl_username
            arguments["sasl_plain_password"] = self.sasl_password.get_secret_value()
        return arguments

    def kafka_python(self) -> dict[str, Any]:
        """The keyword arguments for any client of kafka-python. Reads the certificate files."""
        # Both libraries chose the same names; kafka-python's own reading of files knows no
        # password callback and would fall back to a prompt.
        return self.aiokafka()

    def _ssl_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ssl_cafile)
        context.sslobject_class = _Parting
        context.check_hostname = self.ssl_check_hostname
        if self.ssl_certfile:
            # An empty password makes OpenSSL fail on an encrypted key instead of asking.
            password = self.ssl_password.get_secret_value() if self.ssl_password else ""
            context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile, password)
        return context

    def properties(self) -> dict[str, str]:
        """The properties for any of Kafka's Java clients; they may hold passwords and a key."""
        found = {
            "bootstrap.servers": self.bootstrap_servers,
            "security.protocol": self.security_protocol,
        }
        if self._tls:
            if not self.ssl_check_hostname:
                found["ssl.endpoint.identification.algorithm"] = ""
            if self.ssl_cafile:
                found["ssl.truststore.type"] = "PEM"
                found["ssl.truststore.certificates"] = self.ssl_cafile.read_text("ascii")
            if self.ssl_certfile:
                found["ssl.keystore.type"] = "PEM"
                found["ssl.keystore.certificate.chain"] = _certificates(self.ssl_certfile)
                found["ssl.keystore.key"] = self._pkcs8()
        if self._sasl:
            found["sasl.mechanism"] = self.sasl_mechanism
            found["sasl.jaas.config"] = self.jaas()
        return found

    def jaas(self) -> str:
        """User and password as Java's login modules want them."""
        module = (
            "plain.PlainLoginModule" if self.sasl_mechanism == "PLAIN" else "scram.ScramLoginModule"
        )
        password = self.sasl_password.get_secret_value() if self.sasl_password else ""
        user, secret = (
            '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
            for text in (self.sasl_username or "", password)
        )
        return (
            f"org.apache.kafka.common.security.{module} required username={user} password={secret};"
        )

    def _pkcs8(self) -> str:
        # Java reads no other form, and before version 19 no encrypted one.
        from cryptography.hazmat.primitives import serialization as pem

        path = self.ssl_keyfile or self.ssl_certfile
        if path is None:
            raise AssertionError("called with a certificate only")
        password = self.ssl_password.get_secret_value().encode() if self.ssl_password else None
        key = pem.load_pem_private_key(path.read_bytes(), password)
        return key.private_bytes(
            pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()
        ).decode()


class _Parting(ssl.SSLObject):
    """Says goodbye without waiting for the answer, as TLS allows (RFC 8446, 6.1).

    Where the goodbye reaches a broker together with a request, which a reader that is closed has
    often just sent, the broker answers the request alone: asyncio and uvloop would wait for 30
    seconds, and a shard would be taken that much later. What was to be sent is sent by then.
    """

    def unwrap(self) -> None:
        with contextlib.suppress(ssl.SSLWantReadError):
            super().unwrap()


def _certificates(path: Path) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_pem_x509_certificates

    return "".join(
        one.public_bytes(Encoding.PEM).decode()
        for one in load_pem_x509_certificates(path.read_bytes())
    )
