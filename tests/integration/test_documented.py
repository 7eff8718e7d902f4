"""Every command that the documents show is run here once, as it is printed, page by page.

All on one installation of 京津冀 that has a matter of each sort of which a page speaks. What isn't
run stands in `EXCEPTIONS`, with a reason.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from collabbus.handlers import register
from collabbus.installation import Installation
from collabbus.operate.process import attempts, free_ports, taken
from collabbus.simulate.library import load
from collabbus.simulate.play import play
from collabbus.stage import KafkaStage
from tests.integration.conftest import CONTRACTS, ROOT
from tests.integration.records import freeze, opening
from tests.support.metrics import total
from tests.support.pages import blocks, commands, pages
from tests.support.terminal import Done, Started, Terminal
from tests.support.waiting import until

pytestmark = pytest.mark.kafka
T = TypeVar("T")

EXCEPTIONS = {
    "docker compose": "needs Docker: tests/deploy/ runs what the file's services run, without it",
    "TOKEN=$(docker run": "the same",
    "curl --cacert deploy/secrets/ca.pem": "the same: they read the gateways over TLS",
    "make demo": "tests/integration/test_demo.py runs what it runs",
    "make test": "runs this test",
}
"""Beginnings of commands that aren't run here, and why."""

NEEDS = {"curl ": "curl", "deploy/prepare.sh": "openssl"}
"""Programs that not every machine has, by the beginning of what needs them."""

PRINTED = {
    "6611d30a9327977d30400d33b82708c7": "forwarded",
    "84d24ab4a06120e123162d8b0749e199": "forwarded",
    "84d24ab4": "parked",
    "matter release 8a8eaaa80b7cfff7661984c68827091a": "released",
    "8a8eaaa80b7cfff7661984c68827091a": "frozen",
    "aa9f28c92f24": "quarantined",
    "kafka.beijing.example:9092": "kafka",
    "kafka.tianjin.example:9092": "kafka",
    "--port 9092": "port",
    "127.0.0.1:8080": "gateway",
}
"""What pages print for something that each installation has of its own, and its name in `World`."""

ENDS = {
    "collabbus doctor": 1,  # docs/operating.md: one copy, and connections in the clear
    "curl -sS -N --max-time 2": 28,  # until --max-time
}
"""Exit codes other than 0, by the command's beginning."""

INTERRUPTED = {"collabbus watch": 130}
"""Exit codes other than 0 after Ctrl-C: it has nothing to finish."""

ANSWERED = {'curl -sS -X POST "$GATEWAY/v1/matters"': "201", "curl -sS -X POST": "20"}
"""How the gateway's answer to a command begins; else 200. The first that fits."""

IN_A_MOMENT = ("collabbus ledger status", 'curl -sS "$GATEWAY/v1/matters/')
"""What waits for the ledger: tried again for some seconds."""


@dataclass
class World:
    """The installation that pages find, and a terminal before it."""

    installation: Installation
    stage: KafkaStage
    terminal: Terminal
    stands_for: dict[str, str]
    ran: set[str] = field(default_factory=set)

    def meant(self, command: str) -> str:
        """Put what this installation has for what is printed."""
        for printed, name in PRINTED.items():
            command = command.replace(printed, self.stands_for[name])
        return command

    def run(self, printed: str) -> None:
        """Run a command if it wasn't, and see that it does what its page says."""
        if printed in self.ran or _first(EXCEPTIONS, printed) or lacking(printed):
            return
        self.ran.add(printed)
        began = time.monotonic()
        if printed.startswith("make "):
            for line in recipe(printed):
                self.run(line)
        elif shows := _first(STAYS, printed):
            shows(self, self.terminal.start(self.meant(printed)))
        else:
            self._to_its_end(printed)
        print(f"{time.monotonic() - began:5.1f} s {printed}")

    def _to_its_end(self, printed: str) -> None:
        for _ in attempts(20.0 if printed.startswith(IN_A_MOMENT) else 0.0, 0.5):
            done = self.terminal.run(self.meant(printed))
            fault = wrong(printed, done)
            if not fault:
                break
        assert not fault, f"{printed}\n{fault}\n{done.output}{done.errors}"
        if done.output.endswith("\n201") and "submissionId" in done.output:
            told = json.loads(done.output.removesuffix("201"))
            self.terminal.environment["MATTER"] = told["matterId"]
            self.terminal.environment["SUBMISSION"] = told["submissionId"]


def wrong(printed: str, done: Done) -> str:
    """Say how a command ended otherwise than its page says; empty if it didn't."""
    code, status = _first(ENDS, printed) or 0, _first(ANSWERED, printed) or "200"
    if done.code != code:
        return f"ended with {done.code} instead of {code}"
    answered = done.output.rpartition("\n")[2]
    if printed.startswith("curl ") and not answered.startswith(status):
        return f"was answered with {answered} instead of {status}"
    return ""


def _first(table: Mapping[str, T], command: str) -> T | None:
    """Give what the first beginning that fits leads to; None if none does."""
    return next((found for begin, found in table.items() if command.startswith(begin)), None)


def lacking(command: str) -> str | None:
    """Give the program that a command needs and this machine lacks."""
    program = _first(NEEDS, command)
    return program if program and shutil.which(program) is None else None


def recipe(command: str) -> list[str]:
    """Give what `make` would run, but for the environment, which is there."""
    told = subprocess.run(
        [*command.split(), "-n", "-o", ".venv/.ready"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line.removeprefix(".venv/bin/") for line in told.stdout.splitlines()]


# What stays until Ctrl-C, and how it is seen to work ----------------------------------------------


def _broker(world: World, started: Started) -> None:
    until(lambda: "Kafka: 127.0.0.1:" in started.said, 60, "the broker's address")
    assert taken(int(world.stands_for["port"].split()[-1]))


def _processor(world: World, started: Started) -> None:
    port = int(until(lambda: _told(started, r"127\.0\.0\.1:(\d+)/metrics"), 60, "its metrics"))
    until(lambda: total(port, "collabbus_take_seconds_count"), 60, "a shard")


def _handlers(world: World, started: Started) -> None:
    until(lambda: "shards taken" in started.said, 60, "its shards")


def _ledger(world: World, started: Started) -> None:
    until(lambda: _told(started, r"(/metrics)"), 60, "its metrics")


def _gateway(world: World, started: Started) -> None:
    port = int(world.stands_for["gateway"].rpartition(":")[2])
    until(lambda: started.said is not None and taken(port), 60, "its port")


def _watch(world: World, started: Started) -> None:
    def shows() -> bool:
        world.stage.submit(opening("watched"))
        return bool(started.said)

    until(shows, 60, "an event", pause=1)


STAYS: dict[str, Callable[[World, Started], None]] = {
    "collabbus broker": _broker,
    "collabbus run processor": _processor,
    "collabbus run handlers": _handlers,
    "collabbus run ledger": _ledger,
    "collabbus run gateway": _gateway,
    "collabbus watch": _watch,
}


def _told(started: Started, pattern: str) -> str:
    found = re.search(pattern, started.said)
    return found[1] if found else ""


# The world ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(
    installation: Installation, stage: KafkaStage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("home")
    kafka = installation.broker_of("beijing").bootstrap
    port, gateway = free_ports(2)
    # Not in pytest's own folder: as root PostgreSQL runs as another user, who is shut out of that.
    with tempfile.TemporaryDirectory(prefix="collabbus-", ignore_cleanup_errors=True) as apart:
        terminal = Terminal(
            folder,
            {
                "COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": kafka,
                "COLLABBUS_KEYS": str(installation.keys),
                "COLLABBUS_SHARDS": str(installation.shards),
                "COLLABBUS_INSTANCE": "printed",  # beside the installation's own
                "COLLABBUS_LEDGER_FOLDER": str(Path(apart) / "pg"),
                "COLLABBUS_GATEWAY_PORT": str(gateway),
                "COLLABBUS_GATEWAY_WEBHOOK_HOSTS": '["cases.bj.example"]',
                "CURL_HOME": str(folder),
                "no_proxy": "127.0.0.1",
                "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
            },
        )
        _furnish(folder, installation)
        with _ledgers(installation, terminal):
            yield World(
                installation,
                stage,
                terminal,
                {
                    **_told_of(installation, stage, terminal),
                    "kafka": kafka,
                    "port": f"--port {port}",
                    "gateway": f"127.0.0.1:{gateway}",
                },
            )


@contextmanager
def _ledgers(installation: Installation, terminal: Terminal) -> Iterator[None]:
    """Run the ledgers of the regions of which pages speak."""
    names = []
    for region in ("beijing", "tianjin"):
        names.append(f"ledger-{region}")
        installation.supervisor.add(
            names[-1],
            [sys.executable, "-m", "collabbus", "run", "ledger", "--region", region],
            log=installation.folder / f"{names[-1]}.log",
            env=terminal.environment,
            cwd=terminal.folder,
        )
    try:
        yield
    finally:
        installation.supervisor.stop(*names)


def _furnish(folder: Path, installation: Installation) -> None:
    """Lay into a folder what who types the commands has there."""
    for part in ("contracts", "deploy"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("secrets"))
    # Copies: a page that rotates keys must not change those that the installation runs on.
    shutil.copytree(installation.keys, folder / "keys")
    (folder / "public").mkdir()
    for name in ("operators.json", "directory.json"):
        shutil.copy(installation.keys / name, folder / "public" / name)
    submission, desk = (block for kind, block in blocks("README.md") if kind == "python")
    (folder / "submission.py").write_text(submission, "utf-8")
    (folder / "desk.py").write_text(desk, "utf-8")
    (folder / ".curlrc").write_text('write-out = "\\n%{http_code}"\n', "ascii")


def _told_of(installation: Installation, stage: KafkaStage, terminal: Terminal) -> dict[str, str]:
    """Make matters of each sort of which pages speak; give their ids by the sort."""
    played = play(load(CONTRACTS)["assistance-returned-forwarded"], stage, "documented")
    assert played.differences == []
    [forwarded] = played.matters.values()
    frozen, released = (freeze(installation, stage, name) for name in ("frozen", "released"))
    terminal.start(
        "collabbus run handlers tests.integration.failing:handlers --office tianjin/binhai "
        "--start beginning"
    )

    def parked() -> bool:
        entries = register.listed(installation.kafka_of("tianjin"), "tianjin")
        return forwarded in {entry.parked.matter_id for entry in entries}

    until(parked, 60, "the matter among the parked", pause=0.3)
    assert set(terminal.interrupt().values()) == {0}
    listed = terminal.run("collabbus quarantine list --region tianjin --json")
    return {
        "forwarded": forwarded,
        "parked": forwarded[:8],
        "frozen": frozen,
        "released": f"matter release {released}",
        "quarantined": json.loads(listed.output)[0]["key"][:12],
    }


# The pages ----------------------------------------------------------------------------------------

SHOWING = [page for page in pages() if commands(page)]


def test_both_readmes_show_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh-CN.md")


@pytest.mark.parametrize("page", [page for page in SHOWING if page != "README.zh-CN.md"])
def test_each_command_of_the_page_runs_as_printed(world: World, page: str) -> None:
    try:
        for command in commands(page):
            world.run(command)
    finally:
        ended = world.terminal.interrupt()
    for command, code in ended.items():
        assert code == (_first(INTERRUPTED, command) or 0), command
    if missing := set(filter(None, map(lacking, commands(page)))):
        pytest.skip(f"{', '.join(missing)} isn't installed; all else of the page was run")


def test_the_submission_that_the_readme_shows_is_recorded(world: World) -> None:
    program = world.terminal.folder / "submission.py"
    here = program.read_text("utf-8").replace("127.0.0.1:9092", world.stands_for["kafka"])
    program.write_text(here, "utf-8")
    done = world.terminal.run("python submission.py")
    assert re.fullmatch(r"\('[0-9a-f]{32}',\)\n", done.output), done.errors


@pytest.mark.parametrize(
    "begin",
    [*EXCEPTIONS, *NEEDS, *ENDS, *INTERRUPTED, *ANSWERED, *IN_A_MOMENT, *STAYS],
)
def test_what_is_said_of_commands_is_said_of_one_that_is_printed(begin: str) -> None:
    assert any(command.startswith(begin) for page in SHOWING for command in commands(page))


@pytest.mark.parametrize("printed", PRINTED)
def test_what_is_put_for_something_printed_is_put_for_something_printed(printed: str) -> None:
    assert any(printed in command for page in SHOWING for command in commands(page))
