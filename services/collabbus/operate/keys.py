"""Keys of an installation: made, replaced, and the directory that vouches for them signed."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from collabbus import keyring
from collabbus.errors import CollabbusError
from collabbus.keyring import KeyHolderError
from collabbus.link.keys import KeyDirectory, PrivateKey, PublicKey, Use, write_directory
from collabbus.link.suite import Ed25519X25519
from collabbus.model.network import Network

SUITE = Ed25519X25519.name
DAY_MS = 86_400_000
SKEW_MS = 3_600_000
"""A key is valid from so much before it was made: clocks differ, and brokers judge by theirs."""


class KeysExistError(CollabbusError):
    """The folder holds keys and no directory that vouches for them; nothing was written."""

    code: ClassVar[str] = "KEYS_EXIST"


@dataclass(frozen=True, slots=True)
class Pair:
    """Both halves of a key."""

    public: PublicKey
    private: PrivateKey


def generate(
    folder: Path,
    networks: Iterable[Network],
    *,
    offices: Iterable[str] | None = None,
    days: int = 3650,
    now_ms: int,
) -> list[Path]:
    """Make the keys of an installation that lack, and give the files that were written.

    An operator per network, a key to sign, one to seal and a secret for salts per region, a key
    to submit per office (`offices`: only these; None: all), and the directory signed by the
    operators. A region or an office that is in several networks gets its keys once. When it
    returns, `collabbus.keyring` reads the folder.

    In a folder with a directory, who has an entry in it keeps his keys and their files as they
    are; the directory is signed anew with the entries that lacked, so every operator's private key
    must be there. The directory is written behind the private files: a run that was cut short is
    made good by another, but in a folder without a directory, which may then be removed.

    Raises KeysExistError if the folder holds keys and no directory, KeyHolderError if one of
    `offices` is in none of the networks, and the errors of `collabbus.keyring`.
    """
    networks = list(networks)
    regions = sorted({region for network in networks for region in network.regions})
    known = {office.id for network in networks for office in network.offices()}
    chosen = known if offices is None else set(offices)
    if strangers := sorted(chosen - known):
        raise KeyHolderError(
            f"{', '.join(strangers)}: no office of {', '.join(n.id for n in networks)}; use ids "
            "that contracts/networks lists"
        )
    fresh = not keyring.directory_file(folder).exists()
    if fresh:
        _refuse_if_used(folder)
    public = {} if fresh else dict(keyring.load_operators(folder))
    signers = {} if fresh else _operators(folder)
    # Read with its signatures: what isn't vouched for now mustn't become so by an addition.
    directory = KeyDirectory([]) if fresh else keyring.load_directory(folder)
    entries = list(directory)
    held = {(entry.holder, entry.use) for entry in entries}
    taken = {entry.id for entry in (*entries, *public.values())}
    files: list[Path] = []

    def make(holder: str, label: str, use: Use, file: Path) -> Pair:
        # Of a run that was cut short, or of somebody whose entry was taken out, since his key was
        # lost: neither may be vouched for.
        old = keyring.load_private(file) if file.exists() else []
        new = _pair(holder, label, use, days, now_ms, taken | {key.id for key in old})
        taken.add(new.public.id)
        files.append(_write_keys(folder, file, [*old, new.private]))
        return new

    for name in sorted({network.id for network in networks} - set(signers)):
        operator = make(name, "operator", Use.SIGN, keyring.operator_file(folder, name))
        public[name], signers[name] = operator.public, operator.private
    holders = [(region, use) for region in regions for use in (Use.SIGN, Use.SEAL)]
    holders += [(office, Use.SUBMIT) for office in sorted(chosen)]
    for holder, use in holders:
        if (holder, use) not in held:
            file = keyring.private_file(folder, holder, use)
            entries.append(make(holder, use, use, file).public)
    for region in regions:
        if (region, Use.SIGN) not in held and not keyring.salt_file(folder, region).exists():
            secret = json.dumps({"salt": secrets.token_hex(keyring.RAW_KEY)})
            files.append(_write_private(folder, keyring.salt_file(folder, region), secret))
    if not files:
        return files
    version = directory.version + 1
    if fresh:
        files.append(_write_operators(folder, public))
        files.append(_write_directory(folder, entries, signers, version))
    else:
        # A directory that more have signed than are trusted is good; one that fewer have isn't.
        files.append(_write_directory(folder, entries, signers, version))
        files.append(_write_operators(folder, public))
    return files


def sign(folder: Path) -> list[str]:
    """Sign the directory anew, as it stands in its file, and give the operators' names.

    For a directory that was edited by hand: whoever calls it vouches for all that stands there.
    Every operator's private key must be in the folder. Raises the errors of `collabbus.keyring`.
    """
    operators = _operators(folder)
    entries, version = _entries(folder)
    _write_directory(folder, entries, operators, version + 1)
    return list(operators)


def rotate(folder: Path, holder: str, use: Use, *, days: int = 3650, now_ms: int) -> PublicKey:
    """Give a region or an office a further key, valid from now on; the old one stays valid.

    When it returns, the new key stands in the signed directory, and last in the holder's private
    file: a process that is started from now on uses it. To sign or submit, hand the directory to
    all regions first, then restart the holder; to seal, restart the holder first. A crash in
    between leaves a directory with a key that nobody has: rotate again.

    Raises the errors of `collabbus.keyring`.
    """
    operators = _operators(folder)
    # Read with its signatures: what isn't vouched for now mustn't become so by a rotation.
    directory = keyring.load_directory(folder)
    entries = list(directory)
    file = keyring.private_file(folder, holder, use)
    old = keyring.load_private(file)
    taken = {entry.id for entry in entries} | {key.id for key in old}
    new = _pair(holder, use, use, days, now_ms, taken)
    _write_directory(folder, [*entries, new.public], operators, directory.version + 1)
    _write_keys(folder, file, [*old, new.private])
    return new.public


def _refuse_if_used(folder: Path) -> None:
    for path in (keyring.operators_file(folder), folder / keyring.PRIVATE):
        if path.exists():
            raise KeysExistError(
                f"{path} exists, and {keyring.directory_file(folder).name} doesn't: bring it back "
                "from a backup; or if a first run was cut short here, remove the folder"
            )


def _pair(holder: str, label: str, use: Use, days: int, now_ms: int, taken: set[str]) -> Pair:
    if use is Use.SEAL:
        opener = X25519PrivateKey.generate()
        private, public = opener.private_bytes_raw(), opener.public_key().public_bytes_raw()
    else:
        signer = Ed25519PrivateKey.generate()
        private, public = signer.private_bytes_raw(), signer.public_key().public_bytes_raw()
    month = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m")
    key_id, count = f"{holder}/{label}/{month}", 1
    while key_id in taken:
        count += 1
        key_id = f"{holder}/{label}/{month}-{count}"
    start, end = now_ms - SKEW_MS, now_ms + days * DAY_MS
    return Pair(
        PublicKey(key_id, holder, use, SUITE, public, start, end),
        PrivateKey(key_id, SUITE, private),
    )


def _operators(folder: Path) -> dict[str, PrivateKey]:
    return {
        name: keyring.load_private(keyring.operator_file(folder, name))[-1]
        for name in keyring.load_operators(folder)
    }


def _entries(folder: Path) -> tuple[list[PublicKey], int]:
    """Read the entries of the directory and its version as they stand, whoever wrote them."""
    file = keyring.directory_file(folder)
    try:
        text = json.loads(json.loads(file.read_text("utf-8"))["signed"])
        entries = [
            PublicKey(
                id=item["id"],
                holder=item["holder"],
                use=Use(item["use"]),
                suite=item["suite"],
                public=bytes.fromhex(item["public"]),
                not_before_ms=int(item["not_before_ms"]),
                not_after_ms=int(item["not_after_ms"]),
            )
            for item in text["keys"]
        ]
        return entries, int(text.get("version", 0))
    except FileNotFoundError:
        raise keyring.KeyFileMissingError(
            f"{file} doesn't exist: run `collabbus keys generate`, or name the folder that has it"
        ) from None
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise keyring.KeyFileInvalidError(
            f"{file} isn't a key directory ({error!r}): correct it, or restore it from a backup"
        ) from error


def _write_directory(
    folder: Path,
    entries: Iterable[PublicKey],
    operators: Mapping[str, PrivateKey],
    version: int,
) -> Path:
    return _replace(keyring.directory_file(folder), write_directory(entries, operators, version))


def _write_operators(folder: Path, operators: Mapping[str, PublicKey]) -> Path:
    listed = {
        name: {"id": key.id, "suite": key.suite, "public": key.public.hex()}
        for name, key in operators.items()
    }
    return _replace(keyring.operators_file(folder), json.dumps({"operators": listed}, indent=1))


def _write_keys(root: Path, file: Path, keys: Iterable[PrivateKey]) -> Path:
    listed = [{"id": key.id, "suite": key.suite, "private": key.private.hex()} for key in keys]
    return _write_private(root, file, json.dumps({"keys": listed}, indent=1))


def _write_private(root: Path, file: Path, text: str) -> Path:
    place = root
    place.mkdir(parents=True, exist_ok=True)
    for part in file.relative_to(root).parent.parts:
        place /= part
        place.mkdir(mode=0o700, exist_ok=True)
    return _replace(file, text, mode=0o600)


def _replace(file: Path, text: str, mode: int = 0o644) -> Path:
    """Write a file as a whole: a crash leaves the old one or the new one."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
        raise
    return file
