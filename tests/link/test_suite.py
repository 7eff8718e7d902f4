from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collabbus.link.keys import Use
from collabbus.link.suite import SUITES, SealBroken
from tests.link.border import SUITES as NAMES
from tests.link.border import make_key

suites = some.sampled_from(NAMES)


def test_processors_know_the_default_suite_alone_and_the_simulator_one_more() -> None:
    assert NAMES == ("ed25519+x25519-aes256gcm", "simulated")
    assert {name: SUITES[name].name for name in NAMES} == dict(zip(NAMES, NAMES, strict=True))


@given(suites, some.binary(max_size=200), some.data())
def test_a_signature_is_of_one_message_by_one_key(
    name: str, message: bytes, data: some.DataObject
) -> None:
    suite = SUITES[name]
    private, public = make_key(name, Use.SIGN, "beijing", 1)
    _, other = make_key(name, Use.SIGN, "beijing", 2)
    signature = suite.sign(private.private, message)
    assert suite.verify(public.public, message, signature)
    assert suite.sign(private.private, message) == signature
    assert not suite.verify(other.public, message, signature)
    assert not suite.verify(public.public, message + b"\0", signature)
    place = data.draw(some.integers(0, len(signature) * 8 - 1))
    bent = bytearray(signature)
    bent[place // 8] ^= 1 << place % 8
    assert not suite.verify(public.public, message, bytes(bent))


@given(suites, some.binary(max_size=80), some.binary(max_size=80), some.binary(max_size=80))
def test_verifying_never_raises(name: str, public: bytes, message: bytes, signed: bytes) -> None:
    assert SUITES[name].verify(public, message, signed) is False


@given(suites, some.binary(max_size=300), some.binary(max_size=40), some.data())
def test_a_seal_opens_for_its_receiver_with_its_binding_only(
    name: str, plain: bytes, binding: bytes, data: some.DataObject
) -> None:
    suite = SUITES[name]
    private, public = make_key(name, Use.SEAL, "tianjin", 1)
    other, _ = make_key(name, Use.SEAL, "tianjin", 2)
    sealed = suite.seal(public.public, plain, binding)
    assert suite.open(private.private, sealed, binding) == plain
    place = data.draw(some.integers(0, len(sealed) * 8 - 1))
    bent = bytearray(sealed)
    bent[place // 8] ^= 1 << place % 8
    for key, content, bound in (
        (private, bytes(bent), binding),
        (private, sealed[:-1], binding),
        (private, b"", binding),
        (private, sealed, binding + b"x"),
        (other, sealed, binding),
    ):
        with pytest.raises(SealBroken):
            suite.open(key.private, content, bound)


def test_the_default_suite_hides_what_it_seals() -> None:
    name = NAMES[0]
    _, public = make_key(name, Use.SEAL, "tianjin", 1)
    sealed = [SUITES[name].seal(public.public, b"secret" * 9, b"") for _ in range(2)]
    assert b"secret" not in sealed[0]
    assert sealed[0] != sealed[1]
