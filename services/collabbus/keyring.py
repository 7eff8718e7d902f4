"""Keyrings: the folder in which keys lie, and how they are read from it.

    operators.json                         the operators' public keys; whoever trusts the folder
                                           trusts them
    directory.json                         the key directory, signed by every one of them
    private/<region>/sign.json             what the region signs parcels with
    private/<region>/seal.json             what opens parcels that are sealed to the region
    private/<region>/salt.json             the secret from which bodies' salts are made
    private/<region>/offices/<name>.json   what an office's system signs submissions with
    private/operators/<name>.json          what an operator signs the directory with

A machine gets the two public files and of `private/` what is its own. A private file holds its
keys oldest first: the last one is used, the others still open what was sealed to them.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any, ClassVar

from collabbus.errors import CollabbusError
from collabbus.link.keys import (
    Identity,
    KeyDirectory,
    KeyDirectoryError,
    PrivateKey,
    PublicKey,
    Use,
    read_directory,
)
from collabbus.link.suite import SUITES
from collabbus.model.office import is_name, is_office_id

PRIVATE = "private"
RAW_KEY = 32
"""Bytes of a private key and of the salts' secret."""


class KeyFileMissingError(CollabbusError):
    """A key file isn't there; the message says how to get it."""

    code: ClassVar[str] = "KEY_FILE_MISSING"


class KeyFileExposedError(CollabbusError):
    """A private file may be read or written by others than its owner; it wasn't read."""

    code: ClassVar[str] = "KEY_FILE_EXPOSED"


class KeyFileInvalidError(CollabbusError):
    """A key file doesn't hold what it should."""

    code: ClassVar[str] = "KEY_FILE_INVALID"


class KeyHolderError(CollabbusError):
    """What was named has not the form of a key's holder, or holds none."""

    code: ClassVar[str] = "KEY_HOLDER_INVALID"


def operators_file(folder: Path) -> Path:
    """Give the path of the operators' public keys."""
    return folder / "operators.json"


def directory_file(folder: Path) -> Path:
    """Give the path of the signed key directory."""
    return folder / "directory.json"


def operator_file(folder: Path, name: str) -> Path:
    """Give the path of an operator's private key; raises KeyHolderError."""
    if not is_name(name):
        raise KeyHolderError(f"{name!r} is no operator's name: use one from operators.json")
    return folder / PRIVATE / "operators" / f"{name}.json"


def private_file(folder: Path, holder: str, use: Use) -> Path:
    """Give the path of the private keys of a region (sign, seal) or an office (submit).

    Raises KeyHolderError if such a holder has no key for that use, or `holder` is neither.
    """
    if use is Use.SUBMIT and is_office_id(holder):
        region, _, name = holder.partition("/")
        return folder / PRIVATE / region / "offices" / f"{name}.json"
    if use is not Use.SUBMIT and is_name(holder):
        return folder / PRIVATE / holder / f"{use}.json"
    raise KeyHolderError(
        f"{holder!r} has no keys for use {use}: a region such as beijing signs and seals, "
        "an office such as beijing/haidian submits"
    )


def salt_file(folder: Path, region: str) -> Path:
    """Give the path of the secret from which a region makes salts; raises KeyHolderError."""
    return private_file(folder, region, Use.SIGN).with_name("salt.json")


def load_operators(folder: Path) -> dict[str, PublicKey]:
    """Read the operators' public keys, by name.

    Raises KeyFileMissingError or KeyFileInvalidError.
    """
    file = operators_file(folder)
    data = _json(file, _text(file, "copy it from whoever runs the network"))
    try:
        return {
            str(name): PublicKey(
                id=str(item["id"]),
                holder=str(name),
                use=Use.SIGN,
                suite=_suite(item["suite"]),
                public=bytes.fromhex(item["public"]),
                # An operator's key is believed for as long as it stands in this file.
                not_before_ms=0,
                not_after_ms=2**63 - 1,
            )
            for name, item in data["operators"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KeyFileInvalidError(
            f"{file} isn't a list of operators' keys ({error!r}): copy it anew"
        ) from error


def load_directory(folder: Path) -> KeyDirectory:
    """Read the key directory; when it returns, every operator's signature was good.

    Raises KeyFileMissingError, KeyFileInvalidError, or KeyDirectoryError if it can't be trusted.
    """
    operators = load_operators(folder)
    file = directory_file(folder)
    text = _text(file, "copy it from whoever runs the network, or run `collabbus keys generate`")
    try:
        return read_directory(text, operators)
    except KeyDirectoryError as error:
        raise KeyDirectoryError(f"{file}: {error}") from error


def load_identity(folder: Path, region: str) -> Identity:
    """Read what a region's processor signs, opens and salts with.

    Raises KeyFileMissingError, KeyFileExposedError, KeyFileInvalidError, or KeyHolderError.
    """
    seal = load_private(private_file(folder, region, Use.SEAL))
    file = salt_file(folder, region)
    data = _json(file, _secret(file))
    return Identity(
        region=region,
        sign=load_private(private_file(folder, region, Use.SIGN))[-1],
        seal={key.id: key for key in seal},
        salt_secret=_raw(file, data, "salt"),
    )


def load_office_key(folder: Path | str, office: str) -> PrivateKey:
    """Read the newest key with which an office's system signs its submissions.

    `folder` is the folder of keys; office systems name it as they like, as text too.

    Raises KeyFileMissingError, KeyFileExposedError, KeyFileInvalidError, or KeyHolderError.
    """
    return load_private(private_file(Path(folder), office, Use.SUBMIT))[-1]


def load_private(file: Path) -> list[PrivateKey]:
    """Read a file of private keys, oldest first; there is at least one.

    Raises KeyFileMissingError, KeyFileExposedError or KeyFileInvalidError.
    """
    data = _json(file, _secret(file))
    items = data.get("keys")
    if not isinstance(items, list) or not items:
        raise KeyFileInvalidError(_restore(file, "it holds no list `keys`"))
    keys = []
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            raise KeyFileInvalidError(_restore(file, "a key in it has no id"))
        try:
            suite = _suite(item.get("suite"))
        except ValueError as error:
            raise KeyFileInvalidError(_restore(file, f"key {item['id']!r}: {error}")) from None
        keys.append(PrivateKey(item["id"], suite, _raw(file, item, "private")))
    return keys


def _text(file: Path, way_out: str) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise KeyFileMissingError(f"{file} doesn't exist: {way_out}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileInvalidError(f"{file} can't be read ({error}): {way_out}") from None


def _secret(file: Path) -> str:
    """Read a private file that nobody else can read."""
    try:
        with file.open("rb") as opened:
            # What was opened is looked at, so that nobody can put another file there meanwhile.
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            if mode & 0o077:
                raise KeyFileExposedError(
                    f"{file} has mode {mode:04o}, so others may have read it: replace the key with "
                    f"`collabbus keys rotate`, or if nobody else uses this machine, "
                    f"`chmod 600 {file}`"
                )
            return opened.read().decode("utf-8")
    except FileNotFoundError:
        raise KeyFileMissingError(
            f"{file} doesn't exist: bring it from where `collabbus keys generate` was run, or name "
            "the folder that has it"
        ) from None
    except OSError as error:
        raise KeyFileInvalidError(
            f"{file} can't be read ({error.strerror}): run as the user who owns it"
        ) from None
    except UnicodeDecodeError:
        raise KeyFileInvalidError(_restore(file, "it isn't text")) from None


def _json(file: Path, text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        data = None  # its error would carry the whole text along
    if not isinstance(data, dict):
        raise KeyFileInvalidError(_restore(file, "it isn't a JSON object"))
    return data


def _raw(file: Path, item: dict[str, Any], name: str) -> bytes:
    try:
        raw = bytes.fromhex(item[name])
    except (KeyError, TypeError, ValueError):
        raw = b""
    if len(raw) != RAW_KEY:
        raise KeyFileInvalidError(_restore(file, f"`{name}` isn't {2 * RAW_KEY} hex digits"))
    return raw


def _suite(name: object) -> str:
    if name not in SUITES:
        raise ValueError(f"suite {name!r} isn't one of {', '.join(SUITES)}")
    return str(name)


def _restore(file: Path, fault: str) -> str:
    return f"{file}: {fault}; restore it from a backup, or replace it with `collabbus keys rotate`"
