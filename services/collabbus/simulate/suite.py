"""A suite for the simulator: a few microseconds instead of a few hundred, and no security at all.

Signing and verifying use one and the same key, sealing none; it still notices any changed byte.
"""

from __future__ import annotations

import hmac

from collabbus.link.suite import SUITES, SealBroken


class Simulated:
    """Signs by HMAC under the public key, seals by a keyed checksum."""

    name = "simulated"

    def sign(self, private: bytes, message: bytes) -> bytes:
        """Give the HMAC of a message."""
        return hmac.digest(private, message, "sha256")

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether it is that HMAC."""
        return hmac.compare_digest(hmac.digest(public, message, "sha256"), signature)

    def seal(self, public: bytes, plain: bytes, binding: bytes) -> bytes:
        """Give the plain body with a checksum that its receiver and binding go into."""
        return hmac.digest(public, binding + plain, "sha256") + plain

    def open(self, private: bytes, sealed: bytes, binding: bytes) -> bytes:
        """Give the plain body; raises SealBroken."""
        plain = sealed[32:]
        if not hmac.compare_digest(hmac.digest(private, binding + plain, "sha256"), sealed[:32]):
            raise SealBroken("the checksum is another")
        return plain


# Only who imports the simulator knows this suite: no processor does.
SUITES.setdefault(Simulated.name, Simulated())
