"""Top: what it shows of a running alliance, and that it leaves the terminal as it was."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from collabbus.cli import app
from collabbus.installation import Installation
from collabbus.operate.overview import LinkView, Overview, Picture
from collabbus.stage import KafkaStage
from tests.integration.records import opening
from tests.support.waiting import until

pytestmark = pytest.mark.kafka
REGIONS = ("beijing", "tianjin", "hebei")


def top(at: str, *words: str) -> Result:
    return CliRunner().invoke(
        app,
        ["top", "--once", "--interval", "0.5", *words],
        env={"COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": at, "COLUMNS": "200", "NO_COLOR": "1"},
    )


def link(picture: Picture, source: str, target: str) -> LinkView:
    [found] = [one for one in picture.links if (one.source, one.target) == (source, target)]
    return found


def test_rates_crossings_and_both_ends_of_a_link_are_seen(
    installation: Installation, stage: KafkaStage
) -> None:
    with Overview([installation.kafka_of("beijing")]) as overview:
        before = link(overview.look(0.1), "beijing", "tianjin")
        for number in range(5):
            [event] = stage.submit(opening(f"top-{number}"))
            assert stage.await_event("tianjin", event)
        picture = overview.look(2)
        regions = {one.region: one for one in picture.regions}
        assert set(regions) == set(REGIONS)
        assert regions["beijing"].events_per_s > 0
        assert regions["tianjin"].events_per_s > 0
        assert regions["hebei"].events_per_s == 0
        assert {one.shards for one in picture.regions} == {installation.shards}
        assert {one.workers for one in picture.regions} == {1}

        crossed = link(picture, "beijing", "tianjin")
        assert crossed.events_per_s
        assert crossed.crossing_ms is not None
        assert 0 <= crossed.crossing_ms < 60_000
        assert link(picture, "beijing", "hebei").crossing_ms is None

        def countersigned() -> bool:
            now = link(overview.look(0.5), "beijing", "tianjin")
            return now.sent == now.countersigned == now.received == (before.sent or 0) + 5

        until(countersigned, 30, "five events at both ends", pause=0)
        ticked = until(
            lambda: [
                one.tick_age_s for one in overview.look(0.5).regions if one.tick_age_s is not None
            ],
            30,
            "ticks",
        )
        assert max(ticked) < 60


def test_one_picture_is_a_table_of_regions_and_links(
    installation: Installation, stage: KafkaStage
) -> None:
    [event] = stage.submit(opening("top-once"))
    assert stage.await_event("tianjin", event)
    done = top(installation.broker_of("beijing").bootstrap)
    assert done.exit_code == 0, done.output
    assert "区域 regions" in done.output
    for region in REGIONS:
        assert re.search(rf"^ {region} +{installation.shards} +1 ", done.output, re.MULTILINE)
    assert re.search(r"^ beijing → tianjin +[1-9]", done.output, re.MULTILINE)
    assert "\x1b" not in done.output
    one = top(installation.broker_of("beijing").bootstrap, "--region", "hebei")
    assert "hebei" in one.output
    assert not re.search(r"^ tianjin +\d", one.output, re.MULTILINE)
    assert " beijing → hebei " in one.output


def test_what_is_not_there_is_named_and_exits_2(installation: Installation) -> None:
    at = installation.broker_of("beijing").bootstrap
    for words, told in (
        (["--once", "--region", "shanghai", "--bootstrap", at], "shanghai"),
        (["--once", "--bootstrap", "127.0.0.1:1"], "127.0.0.1:1"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "collabbus", "top", *words],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 2
        assert told in done.stderr


def read_until(fd: int, mark: str, seconds: float) -> str:
    text, end = "", time.monotonic() + seconds
    while mark not in text and time.monotonic() < end:
        if select.select([fd], [], [], 0.2)[0]:
            try:
                text += os.read(fd, 65536).decode(errors="replace")
            except OSError:  # the other side is closed
                break
    return text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_the_terminal_as_it_was(
    installation: Installation, number: signal.Signals, tmp_path: Path
) -> None:
    at = installation.broker_of("beijing").bootstrap
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "collabbus", "top", "--interval", "0.3", "--bootstrap", at],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, cwd=tmp_path,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "160", "LINES": "50"},
    )  # fmt: skip
    os.close(theirs)
    try:
        shown = read_until(ours, "beijing → tianjin", 60)
        assert "beijing → tianjin" in shown
        assert "\x1b[?1049h" in shown
        child.send_signal(number)
        rest = read_until(ours, "\0", 30)  # which nobody writes: to its end
        assert child.wait(20) == 0
    finally:
        child.kill()
        os.close(ours)
    assert "\x1b[?1049l" in rest
    assert "\x1b[?25h" in rest
    assert "Traceback" not in rest
    assert "WARNING" not in shown + rest
    assert "Unable to decode" not in shown + rest
    assert list(tmp_path.iterdir()) == []


def test_a_region_whose_worker_is_gone_has_none(installation: Installation) -> None:
    """Last: nobody works for Hebei afterwards."""
    installation.supervisor.stop("hebei-0")
    with Overview([installation.kafka_of("beijing")], ["hebei"]) as overview:

        def gone() -> bool:
            [hebei] = overview.look(0.2).regions
            return hebei.workers == 0

        until(gone, 30, "nobody in the group", pause=0.2)
