"""A gateway for tests: the real application over a mailroom, connected or not."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import uvicorn

from collabbus.contracts import Contracts, load
from collabbus.gateway.app import create
from collabbus.gateway.desk import Desk
from collabbus.gateway.entrance import Gateway
from collabbus.gateway.hooks import Hooks
from collabbus.gateway.issuing import issue, make_issuer
from collabbus.gateway.limits import Limits
from collabbus.gateway.metrics import Metrics
from collabbus.gateway.server import attached, config, listening
from collabbus.gateway.signers import Signers
from collabbus.gateway.tokens import Tokens
from collabbus.ledger.database import Server, engine_of
from collabbus.ledger.projection import Projection, Record
from collabbus.operate.keys import generate
from collabbus.sdk import Mailroom
from collabbus.settings import GatewaySettings, KafkaSettings
from collabbus.simulate.alliance import Alliance
from tests.sdk.conftest import Member, answering
from tests.support import postgres

if TYPE_CHECKING:
    from collabbus.operate.broker import Broker

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

    def __init__(
        self, gateway: Gateway, contracts: Contracts, issuer: Path, url: str | None
    ) -> None:
        self.gateway = gateway
        self.contracts = contracts
        self.app = create(gateway, contracts, attached(gateway, url))
        self.issuer = issuer

    def token(self, office: str, officer: str = "王敏", role: str = "officer", **more: Any) -> str:
        return issue(self.issuer, office, officer, role, **more)

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Serve it from a thread of its own; gives its address."""
        own = self.gateway.settings.model_copy(update={"port": 0})
        with listening(own) as held:
            server = uvicorn.Server(config(self.app, own))
            thread = threading.Thread(target=server.run, args=([held],), daemon=True)
            thread.start()
            try:
                while not server.started and thread.is_alive():
                    time.sleep(0.02)
                yield f"http://127.0.0.1:{held.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join(20)

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
        url: str | None = None,
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
        return Counter(gateway, contracts, issuer, url)

    yield made  # noqa: PT022 - so that it reads like the others


@pytest.fixture
def url(url: str) -> str:
    """A database of the test's own, with an empty ledger and no webhooks."""
    asyncio.run(_hooked(url))
    return url


async def _hooked(url: str) -> None:
    engine = engine_of(url)
    await Hooks(engine).prepare()
    await engine.dispose()


@pytest.fixture(scope="module")
def told(contracts_held: Contracts) -> list[Record]:
    """The log of a region of a network that the simulator has played, as its ledger reads it."""
    alliance = Alliance(contracts_held.pin("jingjinji"), 7)
    for _ in range(220):
        alliance.step()
    alliance.drain()
    return [
        Record("events", node.shard, one.offset, 1_790_000_000_000, one.key, one.value)
        for (region, _), node in alliance.nodes.items()
        if region == "beijing"
        for one in node.disk.events
    ]


class Log:
    """What a ledger reads, a part at a time."""

    def __init__(self, contracts: Contracts, url: str) -> None:
        self.engine = engine_of(url)
        pinned = contracts.pin("jingjinji")
        self._projection = Projection(self.engine, "beijing", {pinned.hash: pinned})

    async def write(self, records: Sequence[Record]) -> None:
        await self._projection.offsets()
        await self._projection.write(records, current=True)


@pytest.fixture
def log_of(contracts_held: Contracts, url: str) -> Callable[[], Log]:
    return lambda: Log(contracts_held, url)


@pytest.fixture
def served_app() -> Callable[[Counter, str], Any]:
    """Serves a gateway on a socket, as streams need it, in the test's own loop."""

    @asynccontextmanager
    async def serving(counter: Counter, office: str) -> AsyncIterator[httpx.AsyncClient]:
        own = counter.gateway.settings.model_copy(update={"port": 0})
        with listening(own) as held:
            server = uvicorn.Server(config(counter.app, own))
            task = asyncio.create_task(server.serve([held]))
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            address = f"http://127.0.0.1:{held.getsockname()[1]}"
            headers = {"authorization": f"Bearer {counter.token(office, role='system')}"}
            try:
                async with httpx.AsyncClient(
                    base_url=address, headers=headers, timeout=30, trust_env=False
                ) as client:
                    yield client
            finally:
                server.should_exit = True
                await task

    return serving


@pytest.fixture(scope="module")
def deserted_member(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Member:
    member = Member(broker.settings(), CONTRACTS, tmp_path_factory.mktemp("member") / "keys")
    member.make_topics()
    return member


@pytest.fixture(scope="module")
def member(deserted_member: Member) -> Iterator[Member]:
    with answering(deserted_member):
        yield deserted_member


@pytest.fixture(scope="module")
def open_counter(
    make: Make, member: Member, contracts_held: Contracts
) -> Iterator[Callable[..., Counter]]:
    """Makes gateways of the member, each with a mailroom of its own, as processes have."""
    rooms: list[Mailroom] = []
    network = member.contract.network
    contracts = Contracts({network.id: network}, contracts_held.lifecycles, contracts_held.calendar)

    def opened(**more: Any) -> Counter:
        room = Mailroom(member.name, member.kafka, holder="a test")
        room.start()
        rooms.append(room)
        return make(room, contracts=contracts, folder=member.keys, region=member.name, **more)

    yield opened
    for room in rooms:
        room.close()


@pytest.fixture(scope="module")
def counter(open_counter: Callable[..., Counter]) -> Counter:
    return open_counter()


def opening(member: Member, **more: Any) -> dict[str, Any]:
    return {
        "participants": [{"office": member.two, "role": "ROLE_EXECUTOR"}],
        "legalBasis": [{"instrument": "《协作意见》", "article": "第十一条"}],
        "body": {
            "assistanceRequested": {"kinds": ["ASSISTANCE_KIND_WITNESS"], "subject": "证人李某"}
        },
        **more,
    }


@pytest.fixture(scope="module")
def ledger_url(server: Server) -> Iterator[str]:
    """A database of the module's own, with an empty ledger."""
    with postgres.database(server) as made:
        asyncio.run(_hooked(made))
        yield made
