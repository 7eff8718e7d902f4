"""Keyrings: what is read from a folder of keys, and what is refused."""

from __future__ import annotations

import json

import pytest

from collabbus.contracts import load
from collabbus.keyring import (
    KeyFileExposedError,
    KeyFileInvalidError,
    KeyFileMissingError,
    KeyHolderError,
    directory_file,
    load_directory,
    load_identity,
    load_office_key,
    operators_file,
    private_file,
    salt_file,
)
from collabbus.link.keys import KeyDirectoryError, Use, suite_of
from collabbus.operate.keys import generate

NOW = 1_793_000_000_000
HAIDIAN = "beijing/haidian"


@pytest.fixture
def keys(contracts, tmp_path):
    folder = tmp_path / "keys"
    generate(folder, load(contracts).networks.values(), offices=[HAIDIAN], now_ms=NOW)
    return folder


def test_each_private_key_fits_its_entry_in_the_directory(keys):
    directory = load_directory(keys)
    identity = load_identity(keys, "beijing")
    office = load_office_key(keys, HAIDIAN)
    assert load_office_key(str(keys), HAIDIAN) == office
    for private, holder, use in (
        (identity.sign, "beijing", Use.SIGN),
        (office, HAIDIAN, Use.SUBMIT),
    ):
        public = directory.current(holder, use, NOW)
        assert public is not None
        assert public.id == private.id
        suite = suite_of(private)
        assert suite.verify(public.public, b"text", suite.sign(private.private, b"text"))
    public = directory.current("beijing", Use.SEAL, NOW)
    assert public is not None
    suite = suite_of(public)
    sealed = suite.seal(public.public, b"text", b"binding")
    assert suite.open(identity.seal[public.id].private, sealed, b"binding") == b"text"
    assert len(identity.salt_secret) == 32


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o606])
@pytest.mark.parametrize(
    "file",
    [
        lambda folder: private_file(folder, "beijing", Use.SIGN),
        lambda folder: private_file(folder, "beijing", Use.SEAL),
        lambda folder: salt_file(folder, "beijing"),
    ],
)
def test_a_private_file_that_others_may_use_is_refused(keys, file, mode):
    file(keys).chmod(mode)
    with pytest.raises(KeyFileExposedError, match=f"mode {mode:04o}.*chmod 600"):
        load_identity(keys, "beijing")


def test_an_office_key_that_others_may_read_is_refused(keys):
    private_file(keys, HAIDIAN, Use.SUBMIT).chmod(0o644)
    with pytest.raises(KeyFileExposedError):
        load_office_key(keys, HAIDIAN)


def test_a_directory_that_was_changed_is_refused(keys):
    file = directory_file(keys)
    outer = json.loads(file.read_text("utf-8"))
    outer["signed"] = outer["signed"].replace("beijing/haidian", "beijing/chaoyang")
    file.write_text(json.dumps(outer), encoding="utf-8")
    with pytest.raises(KeyDirectoryError, match=r"directory\.json.*signature of operator"):
        load_directory(keys)


@pytest.mark.parametrize(
    ("read", "file"),
    [
        (load_directory, operators_file),
        (load_directory, directory_file),
        (lambda folder: load_identity(folder, "beijing"), lambda f: salt_file(f, "beijing")),
        (
            lambda folder: load_office_key(folder, HAIDIAN),
            lambda f: private_file(f, HAIDIAN, Use.SUBMIT),
        ),
    ],
)
def test_a_missing_file_is_named(keys, read, file):
    file(keys).unlink()
    with pytest.raises(KeyFileMissingError, match=file(keys).name):
        read(keys)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json, but 5ec2e7",
        "[]",
        "{}",
        '{"keys": []}',
        '{"keys": [{"suite": "ed25519+x25519-aes256gcm", "private": "5ec2e7"}]}',
        '{"keys": [{"id": "k", "suite": "other", "private": "5ec2e7"}]}',
        '{"keys": [{"id": "k", "suite": "ed25519+x25519-aes256gcm", "private": "5ec2e7"}]}',
        '{"keys": [{"id": "k", "suite": "ed25519+x25519-aes256gcm", "private": "5ec2e7!"}]}',
    ],
)
def test_a_broken_private_file_is_refused_without_showing_it(keys, text):
    file = private_file(keys, HAIDIAN, Use.SUBMIT)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KeyFileInvalidError, match=r"haidian\.json") as caught:
        load_office_key(keys, HAIDIAN)
    error: BaseException | None = caught.value
    while error is not None:
        assert "5ec2e7" not in repr(error) + str(error) + str(vars(error))
        error = error.__cause__


def test_nothing_secret_is_shown(keys):
    identity = load_identity(keys, "beijing")
    shown = repr(identity) + repr(identity.sign) + repr(identity.seal)
    for secret in (identity.sign.private, identity.salt_secret):
        assert secret.hex() not in shown
        assert repr(secret)[2:-1] not in shown


@pytest.mark.parametrize("name", ["../beijing", "beijing/../../x", "", "Beijing", "beijing/"])
def test_a_name_that_leads_out_of_the_folder_is_refused(keys, name):
    with pytest.raises(KeyHolderError):
        load_identity(keys, name)
    with pytest.raises(KeyHolderError):
        load_office_key(keys, name)
