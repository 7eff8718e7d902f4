"""TLS: a handshake that the client's authority vouches for, and nothing beside it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

import pytest

from collabbus.gateway.server import config
from collabbus.gateway.trust import CertificateUnusable
from collabbus.settings import SettingsError, load_gateway
from tests.gateway.authority import Authority
from tests.gateway.conftest import Counter, Make


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority(folder / "ours", "ours")


@pytest.fixture(scope="module")
def stranger(folder: Path) -> Authority:
    return Authority(folder / "another", "another")


@pytest.fixture(scope="module")
def counter(make: Make, authority: Authority) -> Counter:
    certificate, key = authority.issue("gateway")
    return make(tls_certfile=certificate, tls_keyfile=key)


@pytest.fixture(scope="module")
def port(counter: Counter) -> Iterator[int]:
    with counter.listening() as address:
        yield int(address.rpartition(":")[2])


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.file))


def health(port: int, context: ssl.SSLContext) -> int:
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
    with opener.open(f"https://127.0.0.1:{port}/healthz", timeout=10) as answer:
        status: int = answer.status
        return status


def test_who_trusts_its_authority_speaks_with_it(port, authority):
    assert health(port, trusting(authority)) == 200


def test_who_trusts_another_authority_ends_the_handshake(port, stranger):
    with pytest.raises(URLError) as caught:
        health(port, trusting(stranger))
    assert isinstance(caught.value.reason, ssl.SSLCertVerificationError)


def test_plain_http_gets_no_answer_on_that_port(port, authority):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n")
        answer = b""
        try:
            while part := plain.recv(4096):
                answer += part
        except ConnectionError:
            pass
    assert b"HTTP/" not in answer
    assert health(port, trusting(authority)) == 200  # and it goes on


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_older_than_tls_1_2_is_refused(port, authority):
    def version(port: int, newest: ssl.TLSVersion) -> str | None:
        context = trusting(authority)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as raw,
            context.wrap_socket(raw, server_hostname="127.0.0.1") as secured,
        ):
            return secured.version()

    assert version(port, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    assert version(port, ssl.TLSVersion.MAXIMUM_SUPPORTED) == "TLSv1.3"
    if not _old_spoken(authority, version):
        pytest.skip("this machine's OpenSSL itself doesn't speak TLS 1.1 any more")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        version(port, ssl.TLSVersion.TLSv1_1)


def _old_spoken(authority: Authority, version) -> bool:
    """Tell whether the client would speak TLS 1.1 with a server that does."""
    lax = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    lax.load_cert_chain(*authority.issue("lax"))
    lax.minimum_version = ssl.TLSVersion.TLSv1
    lax.set_ciphers("ALL:@SECLEVEL=0")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            raw, _ = listening.accept()
            try:
                with lax.wrap_socket(raw, server_side=True) as secured:
                    secured.recv(1)
            except OSError:
                raw.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            return version(listening.getsockname()[1], ssl.TLSVersion.TLSv1_1) == "TLSv1.1"
        except (ssl.SSLError, ConnectionError):
            return False


def test_with_an_authority_of_clients_nobody_else_gets_as_far_as_a_token(make, authority, stranger):
    certificate, key = authority.issue("gateway")
    counter = make(tls_certfile=certificate, tls_keyfile=key, tls_client_cafile=authority.file)
    with counter.listening() as address:
        port = int(address.rpartition(":")[2])
        known, unknown, none = (trusting(authority) for _ in range(3))
        known.load_cert_chain(*authority.issue("office"))
        unknown.load_cert_chain(*stranger.issue("office"))
        assert health(port, known) == 200
        for context in (unknown, none):
            with pytest.raises((URLError, ssl.SSLError, ConnectionError)):
                health(port, context)


def test_it_tells_for_how_many_days_its_certificate_is_good(counter, make):
    name = "collabbus_gateway_certificate_days"
    told = counter.gateway.metrics.registry.get_sample_value(name, {"region": "beijing"})
    assert 0.9 < told < 1.0  # as the authority issues them
    plain = make().gateway.metrics.registry
    assert plain.get_sample_value(name, {"region": "beijing"}) is None


def test_a_certificate_that_is_not_there_or_no_certificate_is_told_before_it_listens(
    make, authority, folder, issuer
):
    def configured(**files: Path) -> None:
        counter = make(**files)
        config(counter.app, counter.gateway.settings)

    certificate, _ = authority.issue("whole")
    _, other = authority.issue("other")
    (folder / "torn.pem").write_text("torn")
    for files in (
        {"tls_certfile": folder / "nowhere.pem"},
        {"tls_certfile": folder / "torn.pem"},
        {"tls_certfile": certificate, "tls_keyfile": other},
    ):
        with pytest.raises(CertificateUnusable, match="COLLABBUS_GATEWAY_TLS"):
            configured(**files)
    with pytest.raises(CertificateUnusable, match="COLLABBUS_GATEWAY_WEBHOOK_CAFILE"):
        configured(webhook_cafile=folder / "torn.pem")
    with pytest.raises(SettingsError, match="tls_certfile"):
        load_gateway(jwks=issuer, tls_keyfile=other)
