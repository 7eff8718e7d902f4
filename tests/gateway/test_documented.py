"""docs/gateway.md: every curl in it is run against a whole gateway, as it stands there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gateway.conftest import Counter
from tests.sdk.conftest import Member

PAGE = (Path(__file__).parents[2] / "docs" / "gateway.md").read_text("utf-8")
CURLS = [
    command
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for command in re.split(r"(?<!\\)\n(?=curl)", block.strip())
    if command.startswith("curl")
]

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl isn't installed"),
]


def test_each_curl_of_the_page_does_what_the_page_says(
    open_counter: Callable[..., Counter], member: Member, ledger_url: str
) -> None:
    """The page's network and offices are replaced by the test's, nothing else."""
    assert len(CURLS) >= 10
    counter = open_counter(url=ledger_url, webhook_hosts=["cases.bj.example"])
    answers = []
    with counter.listening() as address:
        environment = {
            **os.environ,
            "GATEWAY": address,
            "TOKEN": counter.token(member.one, role="system"),
            "MATTER": "0" * 32,
            "SUBMISSION": "",
            "no_proxy": "127.0.0.1",
        }
        for curl in CURLS:
            command = curl.replace("jingjinji", member.contract.network.id)
            command = command.replace("tianjin/binhai", member.two)
            command += " -w '\\n%{http_code} %{content_type}'"
            done = subprocess.run(
                ["sh", "-c", command], env=environment, capture_output=True, text=True,
                timeout=60, check=False,
            )  # fmt: skip
            text, _, status = done.stdout.rpartition("\n")
            answers.append((curl, status))
            if "/v1/events/stream" in curl:
                assert done.returncode == 28, done.stderr  # until --max-time
                assert status.startswith("200 text/event-stream")
                continue
            assert done.returncode == 0, done.stderr
            found = json.loads(text)
            if "matterId" in found and "submissionId" in found and "acts" not in curl:
                environment["MATTER"] = found["matterId"]
                environment["SUBMISSION"] = found["submissionId"]
    opened, acted = (status for curl, status in answers if "-X POST" in curl and "matters" in curl)
    assert opened.startswith("201 ")
    assert acted.startswith("202 ")
    for curl, status in answers:
        # Nothing projects the test's region, so its ledger hasn't the matter.
        wanted = "404" if curl.split('"')[1].endswith("/v1/matters/$MATTER") else "20"
        assert status.startswith(wanted), (curl, status)
