"""Prometheus: configured for processes of this machine, and asked what it reaches of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

import yaml

from collabbus.operate.process import LOOPBACK

PROGRAM = "prometheus"
SCRAPE_S = 5


def installed() -> bool:
    """Whether a Prometheus is on the path."""
    return shutil.which(PROGRAM) is not None


def configure(
    folder: Path,
    jobs: Mapping[str, Mapping[str, int]],
    rules: Path | None,
    *,
    every_s: int = SCRAPE_S,
) -> Path:
    """Write a configuration and give its path; by job, the port of each process.

    `rules` is a folder whose `*.rules.yml` it reads; None: it has no rules. It scrapes, and looks
    at its rules, once in `every_s` seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "global": {"scrape_interval": f"{every_s}s", "evaluation_interval": f"{every_s}s"},
        "rule_files": [str(rules / "*.rules.yml")] if rules is not None else [],
        "scrape_configs": [
            {
                "job_name": job,
                "static_configs": [
                    {"targets": [f"{LOOPBACK}:{port}"], "labels": {"process": name}}
                    for name, port in processes.items()
                ],
            }
            for job, processes in jobs.items()
        ],
    }
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(config), "utf-8")
    return path


def command(config: Path, port: int) -> list[str]:
    """Give the command that runs it on a port of the loopback address, its data beside `config`."""
    return [
        PROGRAM,
        f"--config.file={config}",
        f"--storage.tsdb.path={config.parent / 'data'}",
        f"--web.listen-address={LOOPBACK}:{port}",
    ]


def up(port: int) -> tuple[int, int]:
    """Give how many of its targets it reaches, and how many it has; 0 of 0 if it doesn't answer."""
    try:
        with urlopen(f"http://{LOOPBACK}:{port}/api/v1/targets", timeout=2) as answer:
            targets = json.load(answer)["data"]["activeTargets"]
    except (OSError, ValueError, KeyError):
        return 0, 0
    return sum(one["health"] == "up" for one in targets), len(targets)
