from __future__ import annotations

import json

import pytest

from collabbus.link.keys import (
    DIRECTORY_CONTEXT,
    KeyDirectory,
    KeyDirectoryError,
    Use,
    read_directory,
    suite_of,
    write_directory,
)
from tests.link.border import EXPIRES_MS, NOW_MS, SUITES, Border, make_key

OPERATOR, OPERATOR_PUBLIC = make_key(SUITES[0], Use.SIGN, "operator", 1)
SECOND, SECOND_PUBLIC = make_key(SUITES[0], Use.SIGN, "second", 1)
OPERATORS = {"one": OPERATOR_PUBLIC, "two": SECOND_PUBLIC}


@pytest.fixture
def text(border: Border) -> str:
    return write_directory(border.publics, {"one": OPERATOR, "two": SECOND})


def test_a_directory_that_all_operators_signed_is_read_as_it_was_written(
    border: Border, text: str
) -> None:
    assert list(read_directory(text, OPERATORS)) == border.publics


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old)
    return text.replace(old, new, 1)


@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize("how", ["missing", "empty", "another's", "of another text"])
def test_a_directory_without_the_signature_of_each_operator_is_refused(
    text: str, name: str, how: str
) -> None:
    outer = json.loads(text)
    signatures = outer["signatures"]
    if how == "missing":
        del signatures[name]
    elif how == "empty":
        signatures[name] = ""
    elif how == "another's":
        signatures[name] = signatures["two" if name == "one" else "one"]
    else:
        key = OPERATOR if name == "one" else SECOND
        signatures[name] = suite_of(key).sign(key.private, DIRECTORY_CONTEXT + b"{}").hex()
    with pytest.raises(KeyDirectoryError, match=f"operator '{name}'") as caught:
        read_directory(json.dumps(outer), OPERATORS)
    assert caught.value.code == "KEYS_INVALID"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tianjin", "beijing"),
        (str(EXPIRES_MS), str(EXPIRES_MS + 1)),
        ("seal", "sign"),
        ("public", "publik"),
    ],
)
def test_a_directory_that_was_changed_after_it_was_signed_is_refused(
    text: str, old: str, new: str
) -> None:
    with pytest.raises(KeyDirectoryError, match="lacks a good signature"):
        read_directory(changed(text, old, new), OPERATORS)


def test_a_directory_is_believed_by_nobody_who_names_no_operator(text: str) -> None:
    with pytest.raises(KeyDirectoryError, match="no operator is named"):
        read_directory(text, {})


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", "{}", '{"signed": 7, "signatures": {}}', '{"signed": "{}"}',
     '{"signed": "x", "signatures": {"one": "zz"}}', '{"signed": "x", "signatures": []}'],
)  # fmt: skip
def test_what_is_no_directory_is_refused_in_words(text: str) -> None:
    with pytest.raises(KeyDirectoryError, match=r"can't be read|lacks a good signature"):
        read_directory(text, OPERATORS)


STRANGE_USE = {
    "id": "a",
    "holder": "b",
    "use": "eat",
    "suite": SUITES[0],
    "public": "",
    "not_before_ms": 0,
    "not_after_ms": 1,
}


@pytest.mark.parametrize(
    "signed",
    ["x", "[]", "{}", '{"keys": [{}]}', '{"keys": [7]}', json.dumps({"keys": [STRANGE_USE]})],
)
def test_a_signed_text_that_is_no_directory_is_refused_in_words(signed: str) -> None:
    signature = suite_of(OPERATOR).sign(OPERATOR.private, DIRECTORY_CONTEXT + signed.encode())
    text = json.dumps({"signed": signed, "signatures": {"one": signature.hex()}})
    with pytest.raises(KeyDirectoryError, match="can't be read"):
        read_directory(text, {"one": OPERATOR_PUBLIC})


def test_a_key_id_stands_once_and_its_suite_is_known() -> None:
    _, key = make_key(SUITES[0], Use.SIGN, "beijing", 1)
    with pytest.raises(KeyDirectoryError, match="listed twice"):
        KeyDirectory([key, key])
    _, strange = make_key("rot13", Use.SIGN, "beijing", 1)
    with pytest.raises(KeyDirectoryError, match=r"of suite 'rot13': known are ed25519"):
        KeyDirectory([strange])


def test_a_key_is_given_for_its_use_within_its_window_only(border: Border) -> None:
    keys = border.keys
    sign = "beijing/sign/1"
    assert keys.get(sign, Use.SIGN, NOW_MS) is not None
    assert keys.get(sign, Use.SEAL, NOW_MS) is None
    assert keys.get(sign, Use.SUBMIT, NOW_MS) is None
    assert keys.get("beijing/sign/2", Use.SIGN, NOW_MS) is None
    assert keys.get(sign, Use.SIGN, NOW_MS - 1) is not None
    assert keys.get(sign, Use.SIGN, NOW_MS - 2) is None
    assert keys.get(sign, Use.SIGN, EXPIRES_MS - 1) is not None
    assert keys.get(sign, Use.SIGN, EXPIRES_MS) is None


def test_what_was_signed_while_a_key_was_valid_stays_proof(border: Border) -> None:
    assert border.keys.proving("beijing/sign/1", Use.SIGN) is not None
    assert border.keys.proving("beijing/sign/1", Use.SEAL) is None
    assert border.keys.proving("nobody/sign/1", Use.SIGN) is None


def test_the_newest_valid_key_of_a_holder_is_its_current_one() -> None:
    _, old = make_key(SUITES[0], Use.SEAL, "tianjin", 1)
    _, new = make_key(SUITES[0], Use.SEAL, "tianjin", 2)
    later = type(new)(**{**{f: getattr(new, f) for f in new.__slots__}, "not_before_ms": NOW_MS})
    keys = KeyDirectory([old, later])
    assert keys.current("tianjin", Use.SEAL, NOW_MS - 1) == old
    assert keys.current("tianjin", Use.SEAL, NOW_MS) == later
    assert keys.current("tianjin", Use.SEAL, EXPIRES_MS) is None
    assert keys.current("beijing", Use.SEAL, NOW_MS) is None


def test_private_keys_show_their_id_and_nothing_else(border: Border) -> None:
    identity = border.identity()
    assert repr(identity) == "Identity('beijing')"
    assert repr(identity.sign) == "PrivateKey('beijing/sign/1')"
    assert identity.sign.private.hex() not in f"{identity!r}{identity.sign!r}{identity.sign}"
