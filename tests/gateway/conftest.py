"""A gateway for tests: the real application over a mailroom, connected or not."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from collabbus.contracts import Contracts, load
from collabbus.gateway.app import create
from collabbus.gateway.desk import Desk
from collabbus.gateway.entrance import Gateway
from collabbus.gateway.issuing import issue, make_issuer
from collabbus.gateway.limits import Limits
from collabbus.gateway.metrics import Metrics
from collabbus.gateway.signers import Signers
from collabbus.gateway.tokens import Tokens
from collabbus.operate.keys import generate
from collabbus.sdk import Mailroom
from collabbus.settings import GatewaySettings, KafkaSettings

CONTRACTS = Path(__file__).parents[2] / "contracts"
HAIDIAN, BINHAI = "beijing/haidian", "tianjin/binhai"


def request_body(**more: Any) -> dict[str, Any]:
    """An opening as an office's system writes it."""
    return {
        "network": "jingjinji",
        "participants": [{"office": BINHAI, "role": "ROLE_EXECUTOR"}],
        "legalBasis": [{"instrument": "《协作意见》", "article": "第十一条"}],
        "body": {
            "assistanceRequested": {"kinds": ["ASSISTANCE_KIND_WITNESS"], "subject": "证人李某"}
        },
        **more,
    }


class Counter:
    """A gateway, and tokens for it."""

    def __init__(self, gateway: Gateway, contracts: Contracts, issuer: Path) -> None:
        self.gateway = gateway
        self.contracts = contracts
        self.app = create(gateway, contracts)
        self._issuer = issuer

    def token(self, office: str, officer: str = "王敏", role: str = "officer", **more: Any) -> str:
        return issue(self._issuer, office, officer, role, **more)

    @asynccontextmanager
    async def client(
        self, office: str = HAIDIAN, role: str = "officer"
    ) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"authorization": f"Bearer {self.token(office, role=role)}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://gateway", headers=headers
        ) as client:
            yield client


Make = Callable[..., Counter]


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_issuer(tmp_path_factory.mktemp("issuer"))[0]


@pytest.fixture(scope="module")
def contracts_held() -> Contracts:
    return load(CONTRACTS)


@pytest.fixture(scope="module")
def keys(contracts_held: Contracts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    network = contracts_held.networks["jingjinji"]
    offices = [HAIDIAN, "beijing/provincial"]
    generate(folder, [network], now_ms=time.time_ns() // 1_000_000, offices=offices)
    return folder


@pytest.fixture(scope="module")
def make(issuer: Path, contracts_held: Contracts, keys: Path) -> Iterator[Make]:
    """Makes gateways; without `mailroom` one that isn't connected."""

    def made(
        mailroom: Mailroom | None = None,
        *,
        contracts: Contracts = contracts_held,
        folder: Path = keys,
        region: str = "beijing",
        ledger: Any = None,
        hooks: Any = None,
        **settings: Any,
    ) -> Counter:
        own = GatewaySettings(jwks=issuer.with_name("jwks.json"), **settings)
        if mailroom is None:
            mailroom = Mailroom(region, KafkaSettings(), holder="a test")
        gateway = Gateway(
            settings=own,
            desk=Desk(region, contracts.networks, Signers(folder), mailroom),
            tokens=Tokens(own.jwks, audience=own.audience),
            limits=Limits(own.rate_per_s, own.burst, time.monotonic),
            metrics=Metrics(region),
            ledger=ledger,
            hooks=hooks,
        )
        return Counter(gateway, contracts, issuer)

    yield made  # noqa: PT022 - so that it reads like the others
