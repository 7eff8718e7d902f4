"""The entrance: what every request passes before it is looked at: token, pace, size, form."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from starlette.requests import Request

from collabbus.gateway.desk import Desk, Given
from collabbus.gateway.hooks import Hooks
from collabbus.gateway.limits import Limits
from collabbus.gateway.metrics import Metrics
from collabbus.gateway.problem import Problem
from collabbus.gateway.tokens import Caller, Role, Tokens
from collabbus.ledger.queries import Ledger
from collabbus.settings import GatewaySettings

_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,128})"?')
_WAIT = re.compile(r"(?:^|,)\s*wait\s*=\s*\"?([0-9]{1,6})\"?\s*(?:[,;]|$)", re.IGNORECASE)
_TRACE = re.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(slots=True)
class Gateway:
    """All that requests need; one per process."""

    settings: GatewaySettings
    desk: Desk
    tokens: Tokens
    limits: Limits
    metrics: Metrics
    ledger: Ledger | None = None
    """None where the region has no ledger: then nothing can be read."""
    hooks: Hooks | None = None
    streams: Counter[str] = field(default_factory=Counter)
    """Streams of events that are open, by office."""
    broken: bool = False
    """Whether a part has died that nothing replaces: then the process ends with an error."""

    def enter(self, request: Request) -> Caller:
        """Give who asks; raises Problem where the token isn't good or too much is asked."""
        caller = self.tokens.caller(request.headers.get("authorization"))
        self.desk.known(caller)
        if wait := self.limits.take(caller.office):
            raise Problem(
                "RATE",
                f"{caller.office} may send {self.settings.rate_per_s:g} requests a second",
                headers={"Retry-After": str(ceil(wait))},
            )
        return caller

    def offices(self, caller: Caller, office: str | None) -> list[str]:
        """Give the offices whose matters a caller may read: its own, or the one that it names."""
        return [self.desk.as_office(caller, office or caller.office)]

    def reading(self) -> Ledger:
        """Give the ledger; raises Problem if there is none."""
        if self.ledger is None:
            raise Problem("NO_LEDGER", "this gateway was started without a ledger")
        return self.ledger

    def hooked(self, caller: Caller) -> Hooks:
        """Give the webhooks, for who may manage them; raises Problem."""
        if caller.role is not Role.SYSTEM:
            raise Problem("FORBIDDEN", "only a token of role system manages webhooks")
        if self.hooks is None:
            raise Problem("NO_LEDGER", "this gateway was started without a ledger")
        return self.hooks


async def body_of(request: Request, limit: int) -> Any:
    """Give a request's JSON; raises Problem, and reads no more than `limit` bytes."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Problem("UNSUPPORTED", "give Content-Type: application/json")
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Problem("TOO_LARGE", f"the body has more than {limit} bytes")
        chunks.append(chunk)
    try:
        return _JSON.decode(b"".join(chunks).decode())
    except (ValueError, RecursionError) as error:
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise Problem("BAD_BODY", f"the body is no JSON in UTF-8{place}") from None


def given(request: Request) -> Given:
    """Give what came in a request's headers; raises Problem."""
    header = request.headers.get("idempotency-key")
    key = secrets.token_hex(16)
    if header is not None:
        match = _KEY.fullmatch(header)
        if match is None:
            raise Problem(
                "BAD_PARAMETER", "Idempotency-Key must be 1 to 128 visible characters of ASCII"
            )
        key = match[1]
    # With a key the trace must not differ between attempts, which may reach other gateways.
    trace = request.headers.get("traceparent", "") if header is None else ""
    return Given(key, trace if _TRACE.fullmatch(trace) else "", time.time_ns() // 1_000_000)


def wait_of(request: Request, limit: float) -> float:
    """Give how many seconds `Prefer: wait=5` (RFC 7240) asks for, at most `limit`; 0 for none."""
    match = _WAIT.search(request.headers.get("prefer", ""))
    return min(float(match[1]), limit) if match else 0.0


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_constant=_no_constant)
