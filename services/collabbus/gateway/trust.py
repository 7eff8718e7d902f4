"""Trust: by whose certificates the gateway knows the receivers of webhooks, and its clients it."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import ClassVar

import httpx
from cryptography.x509 import load_pem_x509_certificates

from collabbus.errors import CollabbusError
from collabbus.settings import GatewaySettings


class CertificateUnusable(CollabbusError):
    """The files for TLS can't be used."""

    code: ClassVar[str] = "CERTIFICATE_UNUSABLE"


def end_ms(file: Path) -> int:
    """Give when the first certificate of a PEM file's chain ends, in ms since 1970.

    Raises CertificateUnusable.
    """
    try:
        chain = load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise CertificateUnusable(
            f"{file} can't be read ({getattr(error, 'strerror', None) or error}): give a PEM file "
            "with the server's certificate and its chain as COLLABBUS_GATEWAY_TLS_CERTFILE"
        ) from None
    return int(min(one.not_valid_after_utc for one in chain).timestamp() * 1000)


def receivers(settings: GatewaySettings) -> ssl.SSLContext:
    """Give how a receiver of webhooks is verified: by the public authorities and the operator's.

    Raises CertificateUnusable.
    """
    context = httpx.create_ssl_context(trust_env=False)
    if settings.webhook_cafile is not None:
        try:
            context.load_verify_locations(cafile=settings.webhook_cafile)
        except OSError as error:  # ssl.SSLError is one
            raise CertificateUnusable(
                f"{settings.webhook_cafile} can't be used ({error.strerror or error}): give a PEM "
                "file with authorities' certificates as COLLABBUS_GATEWAY_WEBHOOK_CAFILE"
            ) from None
    return context
