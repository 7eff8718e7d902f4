"""The frontage of an installation: ledgers and gateways of its regions, and Prometheus beside them.

What office systems, the console and operators meet, each a process of its own under the
installation's supervisor. One PostgreSQL holds a database a region.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

import httpx

from collabbus.errors import CollabbusError
from collabbus.gateway.issuing import issue, make_issuer
from collabbus.gateway.tokens import Role
from collabbus.installation import Installation
from collabbus.ledger.database import served
from collabbus.operate import prometheus
from collabbus.operate.process import LOOPBACK, attempts, free_ports, tail
from collabbus.operate.scrape import total

OFFICER = "演示"
"""In whose name the demo's tokens act."""
TOKEN_HOURS = 24.0
_READY_S = 120.0
_LIVES = 2
"""So often a program may have to be started before it is said to be unable to run."""


class FrontageFailed(CollabbusError):
    """A ledger, a gateway or Prometheus doesn't come up."""

    code: ClassVar[str] = "FRONTAGE_FAILED"


class Frontage:
    """Ledgers and gateways for some regions of an installation; a context manager.

    Entering begins to start them, beside whatever comes next: `wait_ready` says when they are up.
    Leaving stops all of them, and the databases are gone.
    """

    def __init__(
        self,
        installation: Installation,
        regions: Sequence[str],
        *,
        rules: Path | None = None,
        ended: threading.Event | None = None,
    ) -> None:
        """`rules` is the folder of Prometheus' rules, if there is one.

        Once `ended` is set, nothing more is started, and nothing is waited for.
        """
        self.regions = tuple(regions)
        self.ledgers: dict[str, str] = {}
        """The URL of each region's database."""
        self.gateways: dict[str, str] = {}
        """The address of each region's gateway."""
        self.prometheus: int | None = None
        """The port of Prometheus; None where it isn't installed."""
        self._installation = installation
        self._rules = rules
        self._folder = installation.folder
        ports = iter(free_ports(3 * len(self.regions) + 1))
        self._ledger_metrics = {region: next(ports) for region in self.regions}
        self._gateway_metrics = {region: next(ports) for region in self.regions}
        self._gateway_ports = {region: next(ports) for region in self.regions}
        self._prometheus_port = next(ports)
        self._programs: list[str] = []
        self._given_up = ended or threading.Event()
        # A proxy of the environment has no business between two processes of this machine.
        self._client = httpx.Client(trust_env=False, timeout=10.0)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="frontage")
        self._opening: Future[None] | None = None
        self._postgres = ExitStack()

    # Up and down ----------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._opening = self._pool.submit(self._open)
        return self

    def wait_ready(self) -> Self:
        """Wait until every ledger has all of its log, and every gateway answers.

        Raises FrontageFailed, and DatabaseError where PostgreSQL doesn't come up.
        """
        if self._opening is not None:
            self._opening.result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._given_up.set()
        self._pool.shutdown()
        try:
            if self._programs:
                self._installation.supervisor.stop(*self._programs)
        finally:
            self._postgres.close()
            self._client.close()

    def _open(self) -> None:
        if self._given_up.is_set():
            return
        if prometheus.installed():
            self._start_prometheus()
        # Not in the installation's folder: as root PostgreSQL runs as another user, for whom each
        # folder above its own would be opened.
        folder = Path(tempfile.mkdtemp(prefix="collabbus-pg-"))
        self._postgres.callback(shutil.rmtree, folder, ignore_errors=True)
        server = self._postgres.enter_context(served(folder / "pg"))
        server.forgetful()
        for region in self.regions:
            self.ledgers[region] = server.url(region)
            make_issuer(self._issuer(region).parent)
            self._start_ledger(region)
        for region in self.regions:
            # It makes the tables first, without which no gateway starts.
            if not self._came(f"ledger-{region}", partial(self._current, region)):
                return
            self._start_gateway(region)
        for region in self.regions:
            self._came(f"gateway-{region}", partial(self._answers, region))

    def _came(self, name: str, ready: Callable[[], float]) -> bool:
        """Wait until a program is ready; False if that was given up. Raises FrontageFailed."""
        supervisor = self._installation.supervisor
        for _ in attempts(_READY_S, 0.2):
            if self._given_up.is_set():
                return False
            if ready():
                return True
            if supervisor.starts(name) > _LIVES:
                break
        log = self._log(name)
        raise FrontageFailed(
            f"{name} doesn't come up ({supervisor.starts(name)} starts); see {log}:\n{tail(log, 5)}"
        )

    def _start(self, name: str, argv: list[str], env: dict[str, str] | None = None) -> None:
        if not self._given_up.is_set():
            self._installation.supervisor.add(name, argv, log=self._log(name), env=env)
            self._programs.append(name)

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _service(self, service: str, region: str, **environment: str | int | Path) -> None:
        settings = {f"COLLABBUS_{name}": str(value) for name, value in environment.items()}
        self._start(
            f"{service}-{region}",
            [sys.executable, "-m", "collabbus", "run", service],
            {**self._installation.environment_of(region), **settings},
        )

    def _start_ledger(self, region: str) -> None:
        self._service(
            "ledger",
            region,
            LEDGER_URL=self.ledgers[region],
            METRICS_PORT=self._ledger_metrics[region],
        )

    def _start_gateway(self, region: str) -> None:
        port = self._gateway_ports[region]
        self.gateways[region] = f"http://{LOOPBACK}:{port}"
        self._service(
            "gateway",
            region,
            LEDGER_URL=self.ledgers[region],
            METRICS_PORT=self._gateway_metrics[region],
            GATEWAY_HOST=LOOPBACK,
            GATEWAY_PORT=port,
            GATEWAY_JWKS=self._issuer(region).with_name("jwks.json"),
        )

    def _start_prometheus(self) -> None:
        config = prometheus.configure(
            (self._folder / "prometheus").resolve(),
            {
                "processor": self._installation.metrics_ports,
                **self.metrics_ports(),
            },
            self._rules,
        )
        self._start("prometheus", prometheus.command(config, self._prometheus_port))
        self.prometheus = self._prometheus_port

    # What it tells --------------------------------------------------------------------------

    def metrics_ports(self) -> dict[str, dict[str, int]]:
        """Give, by job, the port on which each process serves its metrics."""
        return {
            "ledger": {f"ledger-{r}": port for r, port in self._ledger_metrics.items()},
            "gateway": {f"gateway-{r}": port for r, port in self._gateway_metrics.items()},
        }

    def _current(self, region: str) -> float:
        """Give when a ledger last had all of its log, in seconds since 1970; 0: not yet."""
        return total(self._ledger_metrics[region], "collabbus_ledger_current_timestamp_seconds")

    def _answers(self, region: str) -> bool:
        try:
            return self._client.get(self.gateways[region] + "/healthz").is_success
        except httpx.HTTPError:
            return False

    def caught_up(self, region: str, since_s: float, timeout: float = 60.0) -> bool:
        """Wait until a ledger had all of its log at some time after `since_s`, seconds since 1970.

        False if it hadn't within `timeout` seconds.
        """
        return any(self._current(region) > since_s for _ in attempts(timeout, 0.2))

    def scraped(self, timeout: float = 4.0 * prometheus.SCRAPE_S) -> tuple[int, int]:
        """Give how many targets Prometheus reaches, and how many it has, once these are the same.

        After `timeout` seconds as they are then.
        """
        found = (0, 0)
        for _ in attempts(timeout, 0.5):
            found = prometheus.up(self._prometheus_port)
            if found[1] and found[0] == found[1]:
                break
        return found

    # Tokens, and what they open -------------------------------------------------------------

    def _issuer(self, region: str) -> Path:
        return self._folder / f"issuer-{region}" / "issuer.json"

    def token(self, region: str, office: str) -> Path:
        """Write a token of an office of a region to a file that only its owner can read.

        It reads and acts for a day, under the name of `OFFICER`. Gives the file's path.
        """
        made = issue(self._issuer(region), office, OFFICER, Role.OFFICER, hours=TOKEN_HOURS)
        path = (self._folder / f"token-{region}").resolve()
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
        return path

    def read(self, region: str, token: Path, path: str) -> Any:
        """Give what a region's gateway answers to who holds a token.

        Raises FrontageFailed where it answers with a problem, or not at all.
        """
        address = self.gateways[region] + path
        try:
            answer = self._client.get(
                address, headers={"Authorization": f"Bearer {token.read_text('ascii')}"}
            )
        except httpx.HTTPError as error:
            raise FrontageFailed(f"{address} doesn't answer: {type(error).__name__}") from error
        if not answer.is_success:
            raise FrontageFailed(f"{address} answers {answer.status_code}: {answer.text[:200]}")
        return answer.json()
