"""The command line: what it prints, and what its exit codes mean."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from collabbus.installation import Installation
from collabbus.operate.kafka import Kafka

CONTRACTS = Path(__file__).parent.parent / "contracts"


def collabbus(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "collabbus", *arguments],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "NO_COLOR": "1", "COLLABBUS_CONTRACTS": str(CONTRACTS), **settings},
    )  # fmt: skip


def test_contracts_check_counts_what_is_good() -> None:
    done = collabbus("contracts", "check")
    assert done.returncode == 0
    assert "jingjinji 京津冀" in done.stdout


def test_contracts_check_names_every_mistake_and_exits_2(tmp_path: Path) -> None:
    shutil.copytree(CONTRACTS, tmp_path / "c")
    file = tmp_path / "c" / "lifecycles" / "assistance.yaml"
    file.write_text(file.read_text("utf-8").replace("to: received", "to: recieved"), "utf-8")
    done = collabbus("contracts", "check", "--contracts", str(tmp_path / "c"))
    assert done.returncode == 2
    for word in ("CONTRACT_INVALID", "lifecycles/assistance.yaml", "recieved"):
        assert word in done.stderr


def test_keys_are_made_once_and_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    made = collabbus("keys", "generate", "--keys", str(folder), "--office", "beijing/haidian")
    assert made.returncode == 0, made.stderr
    private = list((folder / "private").rglob("*.json"))
    assert private
    assert all(path.stat().st_mode & 0o077 == 0 for path in private)
    assert "at version 1:" in made.stdout
    before = {path: path.read_bytes() for path in private}
    more = collabbus("keys", "generate", "--keys", str(folder), "--office", "beijing/chaoyang")
    assert more.returncode == 0, more.stderr
    assert "at version 2:" in more.stdout
    again = collabbus("keys", "generate", "--keys", str(folder), "--office", "beijing/chaoyang")
    assert "nobody lacks a key" in again.stdout
    assert {path: path.read_bytes() for path in private} == before
    (folder / "directory.json").unlink()
    refused = collabbus("keys", "generate", "--keys", str(folder))
    assert refused.returncode == 2
    assert "KEYS_EXIST" in refused.stderr
    said = [one.stdout + one.stderr for one in (made, more, again, refused)]
    assert not re.search(r"[0-9a-f]{64}", "".join(said))


def test_a_wrong_setting_is_named_and_exits_2() -> None:
    done = collabbus("run", "processor", "--region", "beijing", "--set", "shards=none")
    assert done.returncode == 2
    assert "SETTINGS_INVALID" in done.stderr
    assert "shards" in done.stderr


def test_simulate_plays_one_seed_and_tells_its_story() -> None:
    done = collabbus("simulate", "--seed", "3")
    assert done.returncode == 0
    assert " submits " in done.stdout
    assert re.search(r"seed 3 \(\w+\) holds", done.stdout)


@pytest.mark.parametrize(
    "words",
    [("waiting", "list"), ("evidence", "export", "0" * 32)],
)
def test_kafka_away_is_named_and_exits_2(words: tuple[str, ...], tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    assert collabbus("keys", "generate", "--keys", str(keys)).returncode == 0
    done = collabbus(
        *words, "--region", "beijing", "--bootstrap", "127.0.0.1:1", COLLABBUS_KEYS=str(keys)
    )
    assert done.returncode == 2
    assert "KAFKA_UNREACHABLE" in done.stderr
    assert "127.0.0.1:1" in done.stderr


def test_an_evidence_file_that_is_not_there_is_named_and_exits_2(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    assert collabbus("keys", "generate", "--keys", str(keys)).returncode == 0
    done = collabbus("evidence", "verify", str(tmp_path / "none"), "--keys", str(keys))
    assert done.returncode == 2
    assert "EVIDENCE_FILE" in done.stderr
    done = collabbus("evidence", "verify", str(tmp_path), "--keys", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "KEY_FILE_MISSING" in done.stderr


def test_scenario_list_shows_each_row_and_what_has_none(tmp_path: Path) -> None:
    done = collabbus("scenario", "list", COLUMNS="160")
    assert done.returncode == 0, done.stderr
    assert re.search(r"│ 69 +│ 会商 +│ 会签、联合印发、协作意见 +│ row-69-instrument ", done.stdout)
    assert "show 78 of 78 rows" in done.stdout
    shutil.copytree(CONTRACTS, tmp_path / "c")
    (tmp_path / "c" / "scenarios" / "row-69-instrument.yaml").unlink()
    done = collabbus("scenario", "list", "--contracts", str(tmp_path / "c"))
    assert done.returncode == 1
    assert "none shows 69" in done.stdout


def test_scenario_run_exits_1_with_the_difference(tmp_path: Path) -> None:
    assert collabbus("scenario", "run", "s1-jjj-assistance").returncode == 0
    shutil.copytree(CONTRACTS, tmp_path / "c")
    file = tmp_path / "c" / "scenarios" / "assistance-declined.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("  - {state: declined", "  - {state: closed"), "utf-8")
    done = collabbus("scenario", "run", "assistance-declined", "--contracts", str(tmp_path / "c"))
    assert done.returncode == 1
    assert "beijing holds 'declined', expected 'closed'" in done.stdout
    assert "1 played, 1 different" in done.stdout


def test_a_scenario_that_does_not_exist_is_named_with_its_like_and_exits_2() -> None:
    done = collabbus("scenario", "run", "s1-jjj-asistance")
    assert done.returncode == 2
    assert "SCENARIO_UNKNOWN" in done.stderr
    assert "s1-jjj-assistance" in done.stderr
    assert collabbus("scenario", "run").returncode == 2


@pytest.mark.kafka
def test_scenario_run_on_kafka_says_what_it_leaves_out(kafka: Kafka, tmp_path: Path) -> None:
    """The same story on a real broker: but for the days, all goes as it says."""
    done = collabbus(
        "scenario", "run", "s5-jiangan-penalty-opinion", "--on", "kafka",
        "--folder", str(tmp_path / "s"),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ s5-jiangan-penalty-opinion" in done.stdout
    assert "未演 left out, time can't leap here: act 3 (60 days)" in done.stdout
    assert "1 played, 0 different" in done.stdout


@pytest.mark.kafka
def test_topics_submit_and_watch_on_a_real_installation(kafka: Kafka, tmp_path: Path) -> None:
    """Invariants 1 and 2 as a person sees them: recorded, repeated without effect, rejected."""
    with Installation(kafka, tmp_path / "i", CONTRACTS, "jingjinji") as installation:
        reach = {
            "COLLABBUS_KAFKA_BOOTSTRAP_SERVERS": installation.broker_of("beijing").bootstrap,
            "COLLABBUS_KEYS": str(installation.keys),
            "COLLABBUS_SHARDS": "4",
        }
        planned = collabbus("topics", "plan", "--region", "beijing", **reach)
        assert (planned.returncode, planned.stdout) == (0, "")
        tomorrow = time.time_ns() // 1_000_000 + 86_400_000
        opening = [
            "submit", "beijing/haidian", "AssistanceRequested", "--to", "tianjin/binhai",
            "--officer", "王敏", "--legal-basis", "《关于加强区域检察协作的意见》|第十一条",
            "--submission-id", "cli-test-1", "--not-after-ms", str(tomorrow),
            "--with", json.dumps({"kinds": ["ASSISTANCE_KIND_WITNESS"], "subject": "证人"}),
        ]  # fmt: skip
        first, again = (collabbus(*opening, **reach) for _ in range(2))
        assert first.returncode == again.returncode == 0, first.stderr + first.stdout
        assert first.stdout.splitlines()[-1] == again.stdout.splitlines()[-1]
        matter = re.search(r"matter (\w{32})", first.stdout)
        assert matter
        closing = collabbus(
            "submit", "beijing/haidian", "Closed", "--matter", matter[1], "--officer", "王敏",
            "--with", '{"rating": 5}', **reach,
        )  # fmt: skip
        assert closing.returncode == 1
        assert "NOT_AWAITED" in closing.stdout
        watched = subprocess.Popen(
            [sys.executable, "-m", "collabbus", "watch", "--region", "tianjin", "--beginning"],
            stdout=subprocess.PIPE, text=True,
            env={**os.environ, "COLLABBUS_CONTRACTS": str(CONTRACTS), **reach},
        )  # fmt: skip
        assert watched.stdout is not None
        line = watched.stdout.readline()
        watched.terminate()
        watched.wait(20)
        assert "请求协助 assistance requested" in line
        assert matter[1][:8] in line
