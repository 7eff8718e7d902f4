"""Prometheus: what it is told to read, and what it says that it reaches."""

from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from collabbus.operate import prometheus
from collabbus.operate.process import free_ports
from tests.deploy.known import PROMETHEUS


def test_each_process_is_a_target_under_its_job_and_name(tmp_path: Path) -> None:
    jobs = {"processor": {"beijing-0": 1001}, "ledger": {"ledger-beijing": 1002}}
    path = prometheus.configure(tmp_path / "new", jobs, PROMETHEUS)
    read = yaml.safe_load(path.read_text("utf-8"))
    assert {
        (job["job_name"], *static["targets"], static["labels"]["process"])
        for job in read["scrape_configs"]
        for static in job["static_configs"]
    } == {
        ("processor", "127.0.0.1:1001", "beijing-0"),
        ("ledger", "127.0.0.1:1002", "ledger-beijing"),
    }
    assert read["rule_files"] == [str(PROMETHEUS / "*.rules.yml")]
    alone = prometheus.configure(tmp_path, jobs, None)
    assert yaml.safe_load(alone.read_text("utf-8"))["rule_files"] == []


@pytest.mark.skipif(not prometheus.installed(), reason="Prometheus isn't installed")
def test_prometheus_takes_the_configuration(tmp_path: Path) -> None:
    path = prometheus.configure(tmp_path, {"processor": {"beijing-0": 1001}}, PROMETHEUS)
    done = subprocess.run(
        ["promtool", "check", "config", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_targets_are_counted_as_it_tells_them_and_none_where_it_is_silent() -> None:
    health = ["up", "down", "up"]

    class Told(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            targets = [{"health": one} for one in health]
            self.wfile.write(json.dumps({"data": {"activeTargets": targets}}).encode())

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Told) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        assert prometheus.up(server.server_address[1]) == (2, 3)
        server.shutdown()
        thread.join()
    [port] = free_ports(1)
    assert prometheus.up(port) == (0, 0)
