"""The gateway under load: one process of it, many callers that each wait for their answer.

What is counted is a request that was answered with 202 and whose submission is read back from the
topic at the end: checked, signed, and held by Kafka. The callers have the machine in common with
gateway and broker, so what each of them takes is told too, in CPU time a request.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.support import plain

from benchmarks.bed import CONTRACTS, NETWORK, REGIONS, SHARDS, Bed
from benchmarks.machine import Usage
from collab.v1 import submission_pb2 as sub
from collabbus.gateway.issuing import issue, make_issuer
from collabbus.gateway.submissions import OPENING_EXAMPLE

REGION, RECEIVER = "beijing", "tianjin"
OFFICES = ("beijing/haidian", "beijing/chaoyang", "beijing/provincial")
CALLERS = 64
"""Connections, each with one request under way."""
WARM_UP_S = 4.0
SECONDS = 10.0
ROOT = Path(__file__).parent.parent


class Callers:
    """Connections that send the same request again and again; each time it opens a matter."""

    def __init__(self, port: int, tokens: list[str]) -> None:
        self.port = port
        self._requests = [_request(token) for token in tokens]
        self.times: dict[str, tuple[float, float]] = {}
        """By submission: when each accepted request began, and when its answer was there."""
        self.refused: list[str] = []

    async def run(self, seconds: float) -> None:
        """Call for so long."""
        end = time.perf_counter() + seconds
        await asyncio.gather(*(self._call(number, end) for number in range(CALLERS)))

    async def _call(self, number: int, end: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        request = self._requests[number % len(self._requests)]
        begin = time.perf_counter()
        while begin < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            body = await reader.readexactly(length)
            done = time.perf_counter()
            if head.startswith(b"HTTP/1.1 202"):
                self.times[json.loads(body)["submissionId"]] = (begin, done)
            else:
                self.refused.append(body.decode()[:200])
            begin = done
        writer.close()


def _request(token: str) -> bytes:
    body = json.dumps(OPENING_EXAMPLE, ensure_ascii=False).encode()
    head = (
        f"POST /v1/matters HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def gateway(bed: Bed, run: str) -> dict[str, Any]:
    """Have callers submit as fast as they are answered; give accepted requests a second."""
    folder = bed.folder / f"gateway-{run}"
    issuer, jwks = make_issuer(folder)
    command = [
        sys.executable, "-m", "collabbus", "run", "gateway", "--region", REGION, "--port", "0",
        "--bootstrap", bed.bootstrap, "--shards", str(SHARDS), "--contracts", str(CONTRACTS),
        "--keys", str(bed.installation.keys), "--jwks", str(jwks),
        "--set", "gateway.ledger=false", "--set", "gateway.rate_per_s=1e6",
        "--set", "gateway.burst=1e6",
    ]  # fmt: skip
    assert OPENING_EXAMPLE["network"] == NETWORK
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = int(line.rpartition("/docs")[0].rpartition(":")[2])
        tokens = [issue(issuer, office, "王敏") for office in OFFICES]
        callers = Callers(port, tokens)
        since, crossed = bed.ends(REGION, "submissions"), bed.ends(RECEIVER)
        asyncio.run(_begun(callers))
        callers.times.clear()
        usage = Usage({"gateway": process.pid, "broker": bed.broker.pid}).start()
        asyncio.run(callers.run(SECONDS))
        usage.stop()
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
    if callers.refused or code:
        raise RuntimeError(f"the gateway ended with {code}, refused {callers.refused[:1]}")
    held = set(_submissions(bed.read(REGION, "submissions", since)))
    if lost := callers.times.keys() - held:
        raise RuntimeError(f"{len(lost)} were answered with 202 and aren't in the topic")
    # What comes next shall not find a backlog.
    bed.start(REGIONS)
    bed.recorded(RECEIVER, crossed, len(held))
    bed.stop()
    took = sorted((done - begin) * 1000 for begin, done in callers.times.values())
    begun, ended = zip(*callers.times.values(), strict=True)
    span = max(ended) - min(begun)
    cpu = {
        name: round(1000 * usage.seconds * one / len(took), 3) for name, one in usage.cores.items()
    }
    return {
        "per_s": len(took) / span,
        "p50": took[len(took) // 2],
        "p99": took[len(took) * 99 // 100],
        "cores": usage.cores,
        # What each took of a core for one request, in milliseconds.
        "cpu_ms": {"gateway": cpu["gateway"], "broker": cpu["broker"], "callers": cpu["benchmark"]},
    }


def _submissions(records: Iterable[plain.Plain]) -> Iterator[str]:
    """Give the submissions of which records are."""
    for record in records:
        submission = sub.Submission.FromString(record.value or b"")
        yield sub.Draft.FromString(submission.draft).submission_id


async def _begun(callers: Callers) -> None:
    """Wait until it answers, and let it warm up."""
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", callers.port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.05)
    await callers.run(WARM_UP_S)
