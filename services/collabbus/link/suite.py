"""Suites: how parcels are signed and sealed, behind one small protocol.

A suite knows nothing of parcels; what is signed and what is bound to a seal is said by its callers.
"""

from __future__ import annotations

from typing import Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM
from cryptography.hazmat.primitives.hpke import Suite as Hpke


class SealBroken(Exception):
    """A sealed body can't be opened with this key and this binding."""


class Suite(Protocol):
    """Signing and sealing with raw keys of one kind."""

    name: str

    def sign(self, private: bytes, message: bytes) -> bytes:
        """Give the signature of a message."""

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature is right; never raises on bad input."""

    def seal(self, public: bytes, plain: bytes, binding: bytes) -> bytes:
        """Give the body sealed to a receiver; it opens only with the same binding."""

    def open(self, private: bytes, sealed: bytes, binding: bytes) -> bytes:
        """Give the plain body; raises SealBroken."""


class Ed25519X25519:
    """The default: Ed25519 (RFC 8032) signatures, HPKE (RFC 9180) with X25519 and AES-256-GCM."""

    name = "ed25519+x25519-aes256gcm"

    def __init__(self) -> None:
        self._hpke = Hpke(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        self._signers: dict[bytes, Ed25519PrivateKey] = {}
        self._verifiers: dict[bytes, Ed25519PublicKey] = {}
        self._openers: dict[bytes, X25519PrivateKey] = {}
        self._sealers: dict[bytes, X25519PublicKey] = {}

    def sign(self, private: bytes, message: bytes) -> bytes:
        """Give the Ed25519 signature of a message (64 bytes)."""
        key = self._signers.get(private)
        if key is None:
            key = self._signers[private] = Ed25519PrivateKey.from_private_bytes(private)
        return key.sign(message)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature is right; never raises on bad input."""
        try:
            key = self._verifiers.get(public)
            if key is None:
                key = self._verifiers[public] = Ed25519PublicKey.from_public_bytes(public)
            key.verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def seal(self, public: bytes, plain: bytes, binding: bytes) -> bytes:
        """Give the body sealed to a receiver; `binding` goes into HPKE's info."""
        key = self._sealers.get(public)
        if key is None:
            key = self._sealers[public] = X25519PublicKey.from_public_bytes(public)
        return self._hpke.encrypt(plain, key, binding)

    def open(self, private: bytes, sealed: bytes, binding: bytes) -> bytes:
        """Give the plain body; raises SealBroken."""
        key = self._openers.get(private)
        if key is None:
            key = self._openers[private] = X25519PrivateKey.from_private_bytes(private)
        try:
            return self._hpke.decrypt(sealed, key, binding)
        except (InvalidTag, ValueError) as error:
            raise SealBroken(str(error)) from error


SUITES: dict[str, Suite] = {Ed25519X25519.name: Ed25519X25519()}
