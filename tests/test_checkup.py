"""The checkup of a gateway: whether it listens, its certificate, whom it believes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from collabbus import checkup
from collabbus.gateway.issuing import make_issuer
from collabbus.model.deadline import DAY_MS
from collabbus.operate.examination import Level, Line, Subject, examine
from collabbus.settings import Settings
from tests.gateway.authority import Authority

CHECKS = [check for check in checkup.CHECKS if check.name == "gateway"]


def lines(later: int = 0) -> list[Line]:
    now = time.time_ns() // 1_000_000 + later
    with Subject(Settings(region="beijing"), now_ms=lambda: now) as subject:
        return [each.line for each in examine(subject, CHECKS)]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ours", "ours")


@pytest.fixture
def configured(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file of keys of a gateway that is configured."""
    jwks = make_issuer(tmp_path)[1]
    monkeypatch.setenv("COLLABBUS_GATEWAY_JWKS", str(jwks))
    monkeypatch.setenv("COLLABBUS_GATEWAY_HOST", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("COLLABBUS_GATEWAY_TLS_CERTFILE", str(authority.issue("gateway")[0]))
    return jwks


def test_where_no_gateway_is_configured_none_is_looked_at() -> None:
    [line] = lines()
    assert line.level is Level.OK
    assert "no gateway is configured" in line.en


def test_settings_of_a_gateway_that_are_not_whole_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLABBUS_GATEWAY_PORT", "8443")
    [line] = lines()
    assert line.level is Level.FAIL
    assert "jwks" in line.en


def test_its_certificate_is_told_before_it_ends_and_after(
    authority: Authority, configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with authority.serving("shown") as port:
        monkeypatch.setenv("COLLABBUS_GATEWAY_PORT", str(port))
        good, soon, over = lines(-40 * DAY_MS), lines(), lines(2 * DAY_MS)
    assert [line.level for line in good] == [Level.OK, Level.OK]
    assert f"the gateway at 127.0.0.1:{port} is good for 40 days" in good[0].en
    assert [line.level for line in soon] == [Level.WARN, Level.OK]
    assert [line.level for line in over] == [Level.FAIL, Level.OK]
    assert lines()[0].level is Level.FAIL
    assert "nobody answers as a gateway" in lines()[0].en


def test_keys_of_issuers_that_cannot_be_used_are_told(
    authority: Authority, configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured.write_text('{"keys": []}', "ascii")
    with authority.serving("shown") as port:
        monkeypatch.setenv("COLLABBUS_GATEWAY_PORT", str(port))
        line = lines()[1]
    assert line.level is Level.FAIL
    assert "JWKS_INVALID" in line.en
    assert f"correct {configured}" in line.do_en
