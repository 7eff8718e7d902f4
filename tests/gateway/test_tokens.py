"""Tokens: only what a known key signed, for this service and now, says who asks."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from collabbus.gateway.issuing import IssuingError, issue, make_issuer
from collabbus.gateway.problem import Problem
from collabbus.gateway.tokens import KeySetInvalid, Role, Tokens

OFFICE = "beijing/haidian"


@pytest.fixture
def issuer(tmp_path: Path) -> Path:
    return make_issuer(tmp_path / "issuer")[0]


def tokens(issuer: Path, **more: Any) -> Tokens:
    return Tokens(issuer.with_name("jwks.json"), audience="collabbus", **more)


def refused(checked: Tokens, token: str) -> str:
    with pytest.raises(Problem) as caught:
        checked.caller(f"Bearer {token}")
    assert caught.value.reason == "TOKEN"
    return caught.value.detail


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def signed(issuer: Path, **claims: Any) -> str:
    key = OKPKey.import_key(json.loads(issuer.read_bytes()))
    good = {
        "aud": "collabbus",
        "exp": 1 << 40,
        "office": OFFICE,
        "role": "officer",
        "officer": "王",
    }
    payload = {name: one for name, one in {**good, **claims}.items() if one is not None}
    return jwt.encode({"alg": "Ed25519", "kid": key.kid}, payload, key, algorithms=["Ed25519"])


def test_a_good_token_says_who_asks(issuer):
    found = tokens(issuer).caller(f"bearer {issue(issuer, OFFICE, '王敏')}")
    assert (found.office, found.officer, found.role) == (OFFICE, "王敏", Role.OFFICER)
    system = tokens(issuer).caller(f"Bearer {issue(issuer, OFFICE, role='system')}")
    assert (system.officer, system.acts) == ("", True)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"office": None},
        {"office": "haidian"},
        {"office": 3},
        {"role": "chief"},
        {"role": None},
        {"officer": None},
        {"officer": "x" * 65},
        {"nbf": 1 << 39},
    ],
)
def test_a_claim_that_is_wrong_or_missing_spoils_it(issuer, claims):
    checked = tokens(issuer)
    assert checked.caller(f"Bearer {signed(issuer)}")
    refused(checked, signed(issuer, **claims))


def test_nobody_elses_signature_is_believed(issuer, tmp_path):
    other, _ = make_issuer(tmp_path / "other")
    refused(tokens(issuer), issue(other, OFFICE, "王敏"))


def test_another_algorithm_is_not_believed(issuer):
    public = json.loads(issuer.with_name("jwks.json").read_bytes())["keys"][0]
    claims = {"aud": "collabbus", "exp": 1 << 40, "office": OFFICE, "role": "system"}
    # Who has the public key could sign with it, if it were taken for a shared secret.
    secret = OctKey.import_key(base64.urlsafe_b64decode(public["x"] + "=="))
    forged = jwt.encode({"alg": "HS256", "kid": public["kid"]}, claims, secret)
    refused(tokens(issuer), forged)
    parts = [json.dumps({"alg": "none", "kid": public["kid"]}), json.dumps(claims)]
    plain = ".".join(base64.urlsafe_b64encode(p.encode()).decode().rstrip("=") for p in parts)
    refused(tokens(issuer), plain + ".")


def part(content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def by(key: OKPKey, said: str) -> str:
    """Give the signature of a token's first two parts."""
    assert isinstance(key.private_key, Ed25519PrivateKey)
    return base64.urlsafe_b64encode(key.private_key.sign(said.encode())).decode().rstrip("=")


def test_what_a_header_says_of_keys_and_algorithms_is_not_believed(issuer, tmp_path):
    checked = tokens(issuer)
    good = issue(issuer, OFFICE, "王敏")
    _, claims, signature = good.split(".")
    kid = json.loads(issuer.read_bytes())["kid"]
    for name in ("none", "None", "NONE", "", "HS256", "EDDSA", "ES256", None, 5, ["EdDSA"]):
        for ending in ("", signature):
            refused(checked, f"{part({'alg': name, 'kid': kid})}.{claims}.{ending}")
    # Who brings his own key along, or says where it lies, is somebody else still.
    private = json.loads(make_issuer(tmp_path / "other")[0].read_bytes())
    mine = OKPKey.import_key(private)
    public = {name: one for name, one in private.items() if name != "d"}
    body = json.loads(base64.urlsafe_b64decode(claims + "=="))
    for more in (
        {"kid": kid},
        {"kid": private["kid"]},
        {"kid": kid, "jwk": public},
        {"jwk": public},
        {"kid": "../../issuer/issuer.json"},
        {"kid": kid, "jku": "https://evil.example/jwks.json"},
        {"kid": kid, "x5u": "https://evil.example/"},
    ):
        header = {"alg": "Ed25519", **more}
        signed_part = f"{part(header)}.{claims}"
        refused(checked, f"{signed_part}.{by(mine, signed_part)}")
    # Nor are claims that were changed, or a signature that stands for others.
    refused(checked, f"{good.split('.')[0]}.{part(body | {'role': 'system'})}.{signature}")
    refused(checked, good + "A")
    refused(checked, good + "." + signature)
    refused(checked, f"{part('{')}.{claims}.{signature}")
    refused(checked, "." * 5000)
    refused(checked, "é.ü.ß")
    assert checked.caller(f"Bearer {good}").office == OFFICE


def test_which_key_signed_is_told_by_the_kid_and_must_be_that_key(issuer, tmp_path):
    other, public = make_issuer(tmp_path / "other")
    file = issuer.with_name("jwks.json")
    both = [json.loads(one.read_bytes())["keys"][0] for one in (file, public)]
    file.write_text(json.dumps({"keys": both}))
    checked = tokens(issuer)
    assert checked.caller(f"Bearer {issue(issuer, OFFICE, '王敏')}")
    assert checked.caller(f"Bearer {issue(other, OFFICE, '李强')}")
    confused = json.loads(issuer.read_bytes()) | {"kid": both[1]["kid"]}
    (tmp_path / "confused.json").write_text(json.dumps(confused))
    refused(checked, issue(tmp_path / "confused.json", OFFICE, "王敏"))


def test_what_must_be_understood_and_is_not_spoils_it(issuer):
    key = OKPKey.import_key(json.loads(issuer.read_bytes()))
    claims = part({"aud": "collabbus", "exp": 1 << 40, "office": OFFICE, "role": "system"})
    for more in ({"crit": ["exp"], "exp": 1}, {"crit": ["b64"], "b64": False}):
        said = f"{part({'alg': 'Ed25519', 'kid': key.kid, **more})}.{claims}"
        refused(tokens(issuer), f"{said}.{by(key, said)}")


# What JSON can hold, and the names that the library looks for.
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
_HEADERS = ["alg", "kid", "crit", "b64", "typ", "cty", "zip", "enc", "jwk", "jku", "x5c", "exp"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    header=st.dictionaries(st.sampled_from(_HEADERS), _VALUES, max_size=4) | _VALUES,
    named=st.booleans(),
    claims=_VALUES,
)
@example(header={"crit": 5}, named=True, claims={})
def test_no_header_of_json_makes_anything_but_a_refusal(issuer, header, named, claims):
    if named and isinstance(header, dict):
        header = {"alg": "EdDSA", "kid": json.loads(issuer.read_bytes())["kid"], **header}
    refused(tokens(issuer), f"{part(header)}.{part(json.dumps(claims))}.AAAA")


def test_a_token_that_was_good_ends_when_it_says(issuer):
    now = [1000.0]
    checked = tokens(issuer, clock=lambda: now[0])
    token = signed(issuer, exp=1100)
    assert checked.caller(f"Bearer {token}")
    now[0] = 1106.0
    refused(checked, token)


def test_keys_rotate_without_a_restart(issuer, tmp_path, monkeypatch):
    checked = tokens(issuer)
    token = issue(issuer, OFFICE, "王敏")
    assert checked.caller(f"Bearer {token}")
    other, public = make_issuer(tmp_path / "other")
    issuer.with_name("jwks.json").write_bytes(public.read_bytes() + b"\n")
    checked._next_look = 0.0
    refused(checked, token)
    assert checked.caller(f"Bearer {issue(other, OFFICE, '王敏')}")
    issuer.with_name("jwks.json").write_bytes(b"torn")
    checked._next_look = 0.0
    assert checked.caller(f"Bearer {issue(other, OFFICE, '李强')}")


def test_what_a_token_says_never_stands_in_what_is_told(issuer):
    detail = refused(tokens(issuer), signed(issuer, role="秘密角色"))
    assert "秘密" not in detail


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is no JWKS"),
        ("{}", "is no JWKS"),
        ('{"keys": []}', "holds no key"),
        ('{"keys": [{"kty": "oct", "k": "eA"}]}', "is no JWKS"),
    ],
)
def test_a_file_without_good_keys_is_refused(tmp_path, content, why):
    (tmp_path / "jwks.json").write_text(content)
    with pytest.raises(KeySetInvalid, match=why):
        Tokens(tmp_path / "jwks.json", audience="collabbus")


def test_a_private_key_in_the_file_is_refused(issuer, tmp_path):
    private = json.loads(issuer.read_bytes())
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [private]}))
    with pytest.raises(KeySetInvalid, match="private"):
        Tokens(tmp_path / "jwks.json", audience="collabbus")


def test_an_issuer_is_its_owners_alone_and_never_replaced(issuer):
    assert os.stat(issuer).st_mode & 0o077 == 0
    with pytest.raises(IssuingError):
        make_issuer(issuer.parent)
    for office, role, officer in (
        ("x", "officer", "a"),
        (OFFICE, "chief", "a"),
        (OFFICE, "officer", ""),
    ):
        with pytest.raises(IssuingError):
            issue(issuer, office, officer, role)
