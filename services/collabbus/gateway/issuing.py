"""Issuing: tokens for demo, tests and small installations, which have no service for that."""

from __future__ import annotations

import json
import os
import time
import warnings
from pathlib import Path
from typing import ClassVar

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

from collabbus.errors import CollabbusError
from collabbus.gateway.tokens import Role
from collabbus.model.office import is_office_id


class IssuingError(CollabbusError):
    """A key or a token can't be made."""

    code: ClassVar[str] = "TOKEN_NOT_ISSUED"


def make_issuer(folder: Path) -> tuple[Path, Path]:
    """Make `issuer.json`, which only its owner can read, and `jwks.json`; give their paths.

    Raises IssuingError where there is an issuer already: its tokens would be good no more.
    """
    private, public = folder / "issuer.json", folder / "jwks.json"
    if private.exists() or public.exists():
        raise IssuingError(f"{folder} has an issuer already: take another folder, or remove it")
    folder.mkdir(parents=True, exist_ok=True)
    key = OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(key.as_dict(private=True), file)
    public.write_text(json.dumps({"keys": [key.as_dict(private=False)]}), "utf-8")
    return private, public


def issue(
    issuer: Path,
    office: str,
    officer: str = "",
    role: str = Role.OFFICER,
    *,
    hours: float = 8.0,
    audience: str = "collabbus",
) -> str:
    """Give a signed token that is good for so many hours from now; raises IssuingError."""
    if not is_office_id(office) or role not in list(Role):
        raise IssuingError(
            f"{office!r} as {role!r}: give an office such as beijing/haidian and one of the roles "
            f"{', '.join(Role)}"
        )
    if role == Role.OFFICER and not officer:
        raise IssuingError("a token of role officer names its officer: give --officer")
    try:
        key = OKPKey.import_key(json.loads(issuer.read_bytes()))
    except (OSError, ValueError, TypeError, JoseError) as error:
        raise IssuingError(
            f"{issuer} is no issuer's key ({type(error).__name__}): see `collabbus gateway issuer`"
        ) from None
    now = int(time.time())
    claims = {
        "aud": audience,
        "iat": now,
        "exp": now + int(hours * 3600),
        "office": office,
        "role": str(role),
        **({"officer": officer} if officer else {}),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.encode({"alg": "EdDSA", "kid": key.kid}, claims, key, algorithms=["EdDSA"])
