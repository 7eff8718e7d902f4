"""The example that enters requests into a case system, with a real little HTTP server."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from collabbus.handlers import Received
from collabbus.testing import Alliance
from examples.case_system_bridge import handlers
from tests.testing.stories import BINHAI, asked


class CaseSystem(ThreadingHTTPServer):
    """Enters requests, each key once; answers 503 while it is `away`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.entered: dict[str, str] = {}
        self.posts: Counter[str] = Counter()
        self.away = 0
        """How many posts are refused yet."""
        self.lost = 0
        """How many answers get lost yet after the request was entered."""


class _Desk(BaseHTTPRequestHandler):
    server: CaseSystem

    def do_POST(self) -> None:
        system = self.server
        length = int(self.headers["Content-Length"])
        assert json.loads(self.rfile.read(length))["subject"] == "证人赵某"
        key = self.headers["Idempotency-Key"]
        system.posts[key] += 1
        if system.away:
            system.away -= 1
            self.send_error(503)
            return
        number = system.entered.setdefault(key, f"津滨检协〔2026〕{len(system.entered) + 1}号")
        if system.lost:
            system.lost -= 1
            self.send_error(500)
            return
        body = json.dumps({"number": number}).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseSystem]:
    with CaseSystem() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        monkeypatch.setenv("CASE_SYSTEM", f"http://127.0.0.1:{running.server_port}")
        monkeypatch.setenv("OUTBOX", str(tmp_path / "outbox.sqlite"))
        yield running
        running.shutdown()


def test_a_request_is_entered_and_its_number_goes_back(system: CaseSystem) -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=BINHAI)
    matter = asked(alliance)
    asyncio.run(alliance.settle())
    alliance.assert_nothing_parked()
    seen = alliance.assert_recorded(Received, region="beijing", matter=matter)
    assert seen.body.received.register_number == "津滨检协〔2026〕1号"
    assert list(system.entered) == [alliance.log("tianjin")[0].envelope.event_id]


def test_what_comes_again_is_not_posted_again(system: CaseSystem) -> None:
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=BINHAI)
    asked(alliance)
    for _ in range(2):
        asyncio.run(alliance.settle())
        alliance.redeliver()
    assert list(system.posts.values()) == [1]
    alliance.assert_recorded(Received, region="tianjin", times=1)


def test_a_case_system_that_was_away_is_tried_again_and_enters_once(system: CaseSystem) -> None:
    system.away, system.lost = 2, 1
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=BINHAI)
    matter = asked(alliance)
    asyncio.run(alliance.settle())
    alliance.assert_nothing_parked()
    alliance.assert_state(matter, "received")
    assert len(system.entered) == 1
    assert list(system.posts.values()) == [4]


def test_a_case_system_that_stays_away_parks_the_matter_until_it_is_back(
    system: CaseSystem,
) -> None:
    system.away = 100
    alliance = Alliance("jingjinji")
    alliance.handle(handlers, office=BINHAI)
    matter = asked(alliance)
    asyncio.run(alliance.settle())
    parked = alliance.assert_parked(matter, error="HTTPStatusError")
    system.away = 0
    alliance.retry(parked)
    asyncio.run(alliance.settle())
    alliance.assert_nothing_parked()
    alliance.assert_state(matter, "received")
