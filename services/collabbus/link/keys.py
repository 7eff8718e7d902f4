"""Keys: who holds which, for what, and from when until when.

The key directory stands beside the contract, outside its hash, so that keys rotate without a new
contract. It is signed by the network's operators; nothing is believed of an unsigned one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from collabbus.errors import CollabbusError
from collabbus.link.suite import SUITES, Suite

DIRECTORY_CONTEXT = b"collabbus/keys/v1\0"


class KeyDirectoryError(CollabbusError):
    """The key directory can't be trusted or read."""

    code: ClassVar[str] = "KEYS_INVALID"


class Use(StrEnum):
    """What a key may be used for."""

    SUBMIT = "submit"
    """An office's system signs submissions."""
    SIGN = "sign"
    """A region signs parcels, and so tree heads, and receipts."""
    SEAL = "seal"
    """Others seal parcels to a region."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An entry of the key directory."""

    id: str
    holder: str
    use: Use
    suite: str
    public: bytes
    not_before_ms: int
    not_after_ms: int

    def valid(self, time_ms: int) -> bool:
        """Tell whether the key may be used at a time."""
        return self.not_before_ms <= time_ms < self.not_after_ms


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """The private half of a key; its representation shows the id only."""

    id: str
    suite: str
    private: bytes

    def __repr__(self) -> str:
        return f"PrivateKey({self.id!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """What a region's processor signs, opens and salts with."""

    region: str
    sign: PrivateKey
    seal: Mapping[str, PrivateKey]
    """By key id: several while one takes the place of another."""
    salt_secret: bytes

    def __repr__(self) -> str:
        return f"Identity({self.region!r})"


class KeyDirectory:
    """The public keys of a network."""

    def __init__(self, keys: Iterable[PublicKey], version: int = 0) -> None:
        """Take the keys; raises KeyDirectoryError if an id stands twice or a suite is unknown."""
        self.version = version
        """Each signing counts one up, so that regions can compare what they have."""
        self._keys: dict[str, PublicKey] = {}
        self._held: dict[tuple[str, Use], list[PublicKey]] = {}
        for key in keys:
            if key.id in self._keys:
                raise KeyDirectoryError(f"key {key.id!r} is listed twice: give each its own id")
            if key.suite not in SUITES:
                raise KeyDirectoryError(
                    f"key {key.id!r} is of suite {key.suite!r}: known are {', '.join(SUITES)}"
                )
            self._keys[key.id] = key
            self._held.setdefault((key.holder, key.use), []).append(key)

    def __iter__(self) -> Iterator[PublicKey]:
        return iter(self._keys.values())

    def get(self, key_id: str, use: Use, time_ms: int) -> PublicKey | None:
        """Give the key of that id if it is for that use and valid at that time, else None."""
        key = self._keys.get(key_id)
        if key is None or key.use is not use or not key.valid(time_ms):
            return None
        return key

    def proving(self, key_id: str, use: Use) -> PublicKey | None:
        """Give the key of that id whatever the time: what was signed while it was valid stands."""
        key = self._keys.get(key_id)
        return key if key is not None and key.use is use else None

    def current(self, holder: str, use: Use, time_ms: int) -> PublicKey | None:
        """Give the holder's key that is valid at that time, the newest if there are several."""
        valid = [key for key in self._held.get((holder, use), ()) if key.valid(time_ms)]
        return max(valid, key=lambda key: key.not_before_ms) if valid else None


def suite_of(key: PublicKey | PrivateKey) -> Suite:
    """Give the suite of a key."""
    return SUITES[key.suite]


def write_directory(
    keys: Iterable[PublicKey], operators: Mapping[str, PrivateKey], version: int = 1
) -> str:
    """Give the text of a key directory signed by operators; the version is signed with it."""
    entries = [
        {
            "id": key.id,
            "holder": key.holder,
            "use": str(key.use),
            "suite": key.suite,
            "public": key.public.hex(),
            "not_before_ms": key.not_before_ms,
            "not_after_ms": key.not_after_ms,
        }
        for key in keys
    ]
    text = {"version": version, "keys": entries}
    signed = json.dumps(text, ensure_ascii=False, sort_keys=True, indent=1)
    signatures = {
        name: suite_of(key).sign(key.private, DIRECTORY_CONTEXT + signed.encode()).hex()
        for name, key in operators.items()
    }
    return json.dumps({"signed": signed, "signatures": signatures}, ensure_ascii=False, indent=1)


def read_directory(text: str, operators: Mapping[str, PublicKey]) -> KeyDirectory:
    """Read a key directory that every one of the operators has signed.

    Raises KeyDirectoryError if a signature lacks or is wrong, or the text isn't one.
    """
    try:
        outer = json.loads(text)
        signed, signatures = outer["signed"], outer["signatures"]
        for name, key in operators.items():
            good = suite_of(key).verify(
                key.public,
                DIRECTORY_CONTEXT + signed.encode(),
                bytes.fromhex(signatures.get(name, "")),
            )
            if not good:
                raise KeyDirectoryError(
                    f"the key directory lacks a good signature of operator {name!r}: "
                    "have it signed anew with `collabbus keys sign`, or correct operators.json"
                )
        if not operators:
            raise KeyDirectoryError("no operator is named: nothing vouches for the key directory")
        content = json.loads(signed)
        # A directory of 0.1.0 has no version.
        version = int(content.get("version", 0))
        return KeyDirectory((_entry(item) for item in content["keys"]), version)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KeyDirectoryError(f"the key directory can't be read: {error!r}") from error


def _entry(item: Mapping[str, object]) -> PublicKey:
    return PublicKey(
        id=str(item["id"]),
        holder=str(item["holder"]),
        use=Use(str(item["use"])),
        suite=str(item["suite"]),
        public=bytes.fromhex(str(item["public"])),
        not_before_ms=int(str(item["not_before_ms"])),
        not_after_ms=int(str(item["not_after_ms"])),
    )
