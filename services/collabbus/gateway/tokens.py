"""Tokens: who asks. Signed JWTs (EdDSA), checked against a file of public keys (JWKS)."""

from __future__ import annotations

import json
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet, OKPKey

from collabbus.errors import CollabbusError
from collabbus.gateway.problem import Problem
from collabbus.model.office import is_office_id

ALGORITHMS = ["EdDSA", "Ed25519"]
"""RFC 8037 and RFC 9864 have two names for the same; no other algorithm is believed."""
OFFICER_LIMIT = 64
REMEMBERED = 10_000
_LEEWAY_S = 5
_RELOAD_S = 5.0


class Role(StrEnum):
    """What a token's holder may do (角色)."""

    READER = "reader"
    """Reads what concerns its office."""
    OFFICER = "officer"
    """Reads, and acts for its office under its own name."""
    SYSTEM = "system"
    """An office's case system: reads, acts in the name of the officer that it gives, and manages
    webhooks."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as a token says whose signature was good."""

    office: str
    officer: str
    """Empty for a system that names its officer with each act."""
    role: Role
    expires_s: float

    @property
    def acts(self) -> bool:
        """Whether it may act at all."""
        return self.role is not Role.READER


class KeySetInvalid(CollabbusError):
    """The file of public keys can't be used."""

    code: ClassVar[str] = "JWKS_INVALID"


class Tokens:
    """Checks bearer tokens; a token that was good is remembered until it expires.

    The file is read again when it changes, so keys rotate without a restart; one that became
    unreadable leaves the keys that were read before.
    """

    def __init__(
        self, file: Path, *, audience: str, issuer: str = "", clock: Callable[[], float] = time.time
    ) -> None:
        """Raises KeySetInvalid."""
        self._file = file
        self._audience = audience
        self._clock = clock
        claims: dict[str, Any] = {
            "exp": {"essential": True},
            "aud": {"essential": True, "value": audience},
            "office": {"essential": True},
            "role": {"essential": True, "values": [str(role) for role in Role]},
        }
        if issuer:
            claims["iss"] = {"essential": True, "value": issuer}
        self._claims = jwt.JWTClaimsRegistry(now=lambda: int(clock()), leeway=_LEEWAY_S, **claims)
        self._good: OrderedDict[bytes, Caller] = OrderedDict()
        self._stamp: tuple[int, int] = (0, 0)
        self._next_look = 0.0
        self._keys = self._load()

    def caller(self, authorization: str | None) -> Caller:
        """Give who sends this Authorization header; raises Problem."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _refused("give `Authorization: Bearer <token>`", "")
        self._look_again()
        digest = sha256(token.strip().encode("utf-8", "replace")).digest()
        known = self._good.get(digest)
        if known is not None and known.expires_s + _LEEWAY_S > self._clock():
            return known
        found = self._check(token.strip())
        self._good[digest] = found
        if len(self._good) > REMEMBERED:
            self._good.popitem(last=False)
        return found

    def _check(self, token: str) -> Caller:
        try:
            with warnings.catch_warnings():
                # The library would rather have only the new name of the algorithm.
                warnings.simplefilter("ignore", SecurityWarning)
                decoded = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
            self._claims.validate(decoded.claims)
        except Exception as error:
            # Whatever it makes the library do: one of its checks raises TypeError on `"crit": 5`.
            raise _refused(f"the token isn't good: {_words(error)}", "invalid_token") from None
        claims = decoded.claims
        office, officer = claims["office"], claims.get("officer", "")
        if not isinstance(office, str) or not is_office_id(office):
            raise _refused("claim `office` must be an id such as beijing/haidian", "invalid_token")
        role = Role(claims["role"])
        if not isinstance(officer, str) or len(officer) > OFFICER_LIMIT or "\0" in officer:
            raise _refused("claim `officer` must be a name of 64 characters", "invalid_token")
        if not officer and role is Role.OFFICER:
            raise _refused("role `officer` needs the claim `officer`", "invalid_token")
        return Caller(office, officer, role, float(claims["exp"]))

    def _look_again(self) -> None:
        """Read the file anew if it was changed, and believe nothing that was checked before."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _RELOAD_S
        try:
            found = self._file.stat()
        except OSError:
            return
        if (found.st_mtime_ns, found.st_size) == self._stamp:
            return
        try:
            self._keys = self._load()
        except KeySetInvalid:
            return
        self._good.clear()

    def _load(self) -> KeySet:
        try:
            found = self._file.stat()
            data = json.loads(self._file.read_bytes())
            keys = [OKPKey.import_key(key) for key in data["keys"]]
        except OSError as error:
            raise KeySetInvalid(
                f"{self._file} can't be read ({error.strerror}): give a JWKS file with the public "
                "keys of who issues tokens as COLLABBUS_GATEWAY_JWKS"
            ) from None
        except (ValueError, KeyError, TypeError, JoseError) as error:
            raise KeySetInvalid(
                f"{self._file} is no JWKS of Ed25519 keys ({type(error).__name__}): it holds "
                '{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": ..., "x": ...}]}'
            ) from None
        if not keys:
            raise KeySetInvalid(
                f"{self._file} holds no key: put the public keys of who issues tokens there, or "
                "make an issuer of your own with `collabbus gateway issuer`"
            )
        if any(key.curve_name != "Ed25519" or not key.kid for key in keys):
            raise KeySetInvalid(f"{self._file}: each key must be of curve Ed25519, with a `kid`")
        if any(key.is_private for key in keys):
            raise KeySetInvalid(
                f"{self._file} holds a private key (`d`): give public keys only, and replace that "
                "one, since who reads the file could issue tokens"
            )
        self._stamp = (found.st_mtime_ns, found.st_size)
        return KeySet(list(keys))


def _refused(detail: str, error: str) -> Problem:
    challenge = "Bearer" + (f' error="{error}"' if error else "")
    return Problem("TOKEN", detail, headers={"WWW-Authenticate": challenge})


def _words(error: Exception) -> str:
    """Say what is wrong with a token without repeating any of it."""
    claim = getattr(error, "claim", "")
    name = type(error).__name__
    return f"{name} at claim {claim!r}" if claim else name
