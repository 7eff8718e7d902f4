"""How a region's gateway listens, whom it believes, and how much it takes."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from collabbus.settings.processor import faults_text
from collabbus.settings.sources import SettingsError, Sourced

MAX_BODY = 262_144


class GatewaySettings(Sourced):
    """How a region's gateway listens, whom it believes, and how much it takes."""

    model_config = SettingsConfigDict(env_prefix="COLLABBUS_GATEWAY_", extra="forbid")
    section = "gateway"

    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. Another one than loopback needs `tls_certfile`, or "
        "`plain` where a proxy on the same network ends TLS.",
        examples=["10.1.2.3"],
    )
    port: int = Field(
        default=8080,
        description="Port to listen on; 0 takes any free one and prints it.",
        examples=[8443],
        ge=0,
        le=65535,
    )
    tls_certfile: Path | None = Field(
        default=None,
        description="PEM file with the server's certificate and its chain. Without it the gateway "
        "speaks plain HTTP, which shows tokens and contents to the network.",
        examples=["/etc/collabbus/gateway.pem"],
    )
    tls_keyfile: Path | None = Field(
        default=None,
        description="PEM file with the certificate's private key, without a password. Without it "
        "the key is looked for in `tls_certfile`.",
        examples=["/etc/collabbus/gateway.key"],
    )
    tls_client_cafile: Path | None = Field(
        default=None,
        description="PEM file with authorities of clients' certificates. With it a client without "
        "a certificate of theirs is turned away before it can show a token.",
        examples=["/etc/collabbus/offices-ca.pem"],
    )
    plain: bool = Field(
        default=False,
        description="Whether it may speak plain HTTP on other addresses than loopback. True only "
        "behind something that ends TLS.",
        examples=[False],
    )
    jwks: Path = Field(
        description="JWKS file with the Ed25519 public keys of who issues tokens. It is read again "
        "within 5 seconds of a change, so keys rotate without a restart.",
        examples=["/etc/collabbus/jwks.json"],
    )
    audience: str = Field(
        default="collabbus",
        description="What a token's claim `aud` must hold, so that one for another service isn't "
        "good here.",
        examples=["collabbus-beijing"],
        min_length=1,
    )
    issuer: str = Field(
        default="",
        description="What a token's claim `iss` must be. Empty: whoever has a key in `jwks`.",
        examples=["https://sso.bj.example"],
    )
    rate_per_s: float = Field(
        default=200.0,
        description="Requests a second that one office may send in the long run; more is answered "
        "with 429. Each process counts for itself.",
        examples=[200.0],
        gt=0,
    )
    burst: float = Field(
        default=400.0,
        description="Requests that one office may send at once after a rest.",
        examples=[400.0],
        ge=1,
    )
    max_body: int = Field(
        default=MAX_BODY,
        description="Bytes of a request's body; a larger one is answered with 413. More than the "
        "default helps only with many escapes, as a submission ends at 256 KiB anyway.",
        examples=[MAX_BODY],
        ge=1024,
        le=4 * MAX_BODY,
    )
    accept_timeout_s: float = Field(
        default=10.0,
        description="Seconds until a submission that Kafka doesn't acknowledge is answered with "
        "503. Longer waits through a longer outage, with the client waiting too.",
        examples=[10.0],
        gt=0,
        le=60,
    )
    wait_limit_s: float = Field(
        default=30.0,
        description="Seconds that `Prefer: wait` may ask for at the most.",
        examples=[30.0],
        gt=0,
        le=300,
    )
    connections: int = Field(
        default=800,
        description="Connections that may be open at once, streams included; another one is "
        "answered with 503 and closed. Each is an open file, as those to Kafka and PostgreSQL are: "
        "keep it 200 below what the process may have open (`ulimit -n`, often 1024).",
        examples=[800],
        ge=1,
    )
    connections_per_address: int = Field(
        default=200,
        description="Connections that one address may have open, so that none takes all; another "
        "one is answered with 503 and closed. Behind a proxy all come from its address: give what "
        "`connections` has, and let the proxy count.",
        examples=[800],
        ge=1,
    )
    ledger: bool = Field(
        default=True,
        description="Whether it reads the region's ledger (see above). False takes submissions "
        "alone: nothing can be read, followed or called back.",
        examples=[True],
    )
    streams: int = Field(
        default=600,
        description="Streams of events that may be open at once; another one is answered with 503.",
        examples=[600],
        ge=1,
    )
    streams_per_office: int = Field(
        default=100,
        description="Streams that one office may have open at once, so that none takes all; "
        "another one is answered with 503.",
        examples=[100],
        ge=1,
    )
    webhook_hosts: list[str] = Field(
        default=[],
        description="Hosts to which webhooks may be sent, `name` or `name:port`, and `*.name` for "
        "all below a name. Empty: no webhooks, so that nobody can use the gateway to reach others. "
        "A name that stands for this machine, its neighbours on the link or a cloud's metadata is "
        "refused at each connection; such an address must be listed itself, or `localhost`.",
        examples=['["cases.bj.example", "*.court.example"]'],
    )
    webhook_plain: bool = Field(
        default=False,
        description="Whether webhooks may go to http:// addresses, unencrypted.",
        examples=[False],
    )
    webhook_cafile: Path | None = Field(
        default=None,
        description="PEM file with authorities that may have certified receivers of webhooks, "
        "beside the public ones: those of a network of the offices' own.",
        examples=["/etc/collabbus/offices-ca.pem"],
    )
    webhook_give_up_days: float = Field(
        default=3.0,
        description="Days of failures after which a webhook is disabled; it goes on from where it "
        "was when its office enables it again.",
        examples=[3.0],
        gt=0,
    )

    @model_validator(mode="after")
    def _private(self) -> Self:
        if not (self.tls_certfile or self.plain or _is_loopback(self.host)):
            raise ValueError(
                f"host {self.host} is no loopback address and tls_certfile isn't set: give a "
                "certificate, or plain=true where a proxy ends TLS"
            )
        for name in ("tls_keyfile", "tls_client_cafile"):
            if getattr(self, name) and not self.tls_certfile:
                raise ValueError(f"{name} needs tls_certfile; set both")
        return self


def load_gateway(**flags: Any) -> GatewaySettings:
    """The gateway's settings from flags (those that aren't None), the environment and the file.

    Raises:
        SettingsError: listing every fault at once.
    """
    try:
        return GatewaySettings(**{name: one for name, one in flags.items() if one is not None})
    except ValidationError as error:
        raise SettingsError(faults_text(error, "COLLABBUS_GATEWAY_")) from None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
