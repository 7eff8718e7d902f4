"""Delivery: brings events to webhooks, one after another, until each is answered with 2xx.

Signed as Standard Webhooks has it: HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`, so
that a receiver knows that it was this gateway, and when. The id is the event's, the same in each
repetition.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Callable

import httpx
import structlog
from sqlalchemy.exc import SQLAlchemyError

from collabbus.gateway import shapes
from collabbus.gateway.hooks import LEASE_MS, Hook, Hooks
from collabbus.gateway.metrics import Metrics
from collabbus.gateway.target import allowed
from collabbus.ledger.cursor import CursorError, CursorLost
from collabbus.ledger.queries import Ledger
from collabbus.ledger.views import EventFilter, EventView, Page
from collabbus.settings import GatewaySettings

TIMEOUT_S = 10.0
"""How long a receiver may take to answer."""
_AT_ONCE = 16
_PAGE = 8
"""Events per lease: with a slow receiver they take less time than the lease."""
_FIRST_S = 5.0
_LONGEST_S = 3600.0
_IDLE_S = 5.0
_DAY_MS = 86_400_000
_OVERLAP_MS = 3_600_000
_CURRENT_S = 60.0

_log = structlog.get_logger(__name__)


def signature(secret: str, message_id: str, seconds: int, body: bytes) -> str:
    """Give the header `webhook-signature` of a delivery."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def backoff_s(attempts: int) -> float:
    """Give after how many seconds the attempt after so many failures is made."""
    return min(_FIRST_S * 2.0 ** min(attempts - 1, 20), _LONGEST_S)


class Delivery:
    """Delivers what comes to all webhooks that are due, until it is cancelled."""

    def __init__(
        self,
        hooks: Hooks,
        ledger: Ledger,
        settings: GatewaySettings,
        metrics: Metrics,
        client: httpx.AsyncClient,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._hooks = hooks
        self._ledger = ledger
        self._settings = settings
        self._metrics = metrics
        self._client = client
        self._clock = clock

    async def run(self) -> None:
        """Deliver for ever; an outage of the database is waited out."""
        while True:
            try:
                if not await self.round():
                    await self._rest()
            except (SQLAlchemyError, OSError, TimeoutError, CursorError, CursorLost) as error:
                _log.warning("gateway.webhooks", error=type(error).__name__)
                await asyncio.sleep(1.0)

    async def round(self) -> int:
        """Deliver what is due now; give how many webhooks were."""
        newest = await self._ledger.end()
        due = await self._hooks.lease(newest, self._now_ms(), _AT_ONCE)
        await asyncio.gather(*(self._deliver(hook) for hook in due))
        return len(due)

    async def _rest(self) -> None:
        """Wait for news, or until a repetition is due."""
        due = await self._hooks.next_due()
        seconds = _IDLE_S
        if due is not None:
            seconds = min(seconds, max(0.1, (due - self._now_ms()) / 1000))
        await self._ledger.wait(await self._ledger.end(), seconds)

    async def _deliver(self, hook: Hook) -> None:
        try:
            await self._bring(hook)
        except (SQLAlchemyError, OSError, TimeoutError):
            raise  # the database's, and no fault of the webhook
        except Exception as error:  # one webhook must not stop the others
            await self._failed(hook, hook.cursor, hook.reached_ms, type(error).__name__)

    async def _bring(self, hook: Hook) -> None:
        reached, since = hook.cursor, hook.reached_ms
        ends = self._clock() + LEASE_MS / 2000
        try:
            page = await self._page(hook)
        except CursorLost:
            # The ledger was made anew: go through it again, but don't tell what was told long ago.
            # Lost once more before that was done, what counts is how far it was the first time.
            before = hook.replay_before_ms
            if before is None:
                before = (hook.reached_ms or hook.created_ms) - _OVERLAP_MS
            await self._hooks.save(hook.id, cursor=None, replay_before_ms=before, leased_until_ms=0)
            return
        if page.cursor == hook.cursor:
            # It was due, so there is more: the ledger is being rebuilt, and tells nothing yet.
            again = self._now_ms() + int(_IDLE_S * 1000)
            await self._hooks.save(hook.id, next_ms=again, leased_until_ms=0)
            return
        before = hook.replay_before_ms
        for event in page.items:
            known = before is not None and event.logged_ms < before
            trouble = "" if known else await self._post(hook, event)
            if trouble:
                await self._failed(hook, reached, since, trouble)
                return
            reached, since = event.cursor, max(since, event.logged_ms)
            if self._clock() > ends:
                break
        else:
            reached = page.cursor
            # Shards come in no order among each other, so only the end of all is the end of it.
            if before is not None and len(page.items) < _PAGE:
                before = before if await self._ledger.is_behind(_CURRENT_S) else None
        await self._hooks.save(
            hook.id, cursor=reached, reached_ms=since, replay_before_ms=before, attempts=0,
            failing_since_ms=None, next_ms=0, trouble="", leased_until_ms=0,
        )  # fmt: skip

    async def _page(self, hook: Hook) -> Page[EventView]:
        wanted = EventFilter(families=hook.families, types=hook.types)
        return await self._ledger.events_after([hook.office], hook.cursor, wanted, limit=_PAGE)

    async def _post(self, hook: Hook, event: EventView) -> str:
        """Send an event; give "" if it was taken, else why not."""
        if wrong := allowed(hook.url, self._settings):
            return f"the address {wrong}"  # the operator has changed his mind since
        try:
            answer = await self._send(hook, event)
        except Exception as error:  # whatever an address makes the client do
            return type(error).__name__
        if not answer.is_success:
            return f"HTTP {answer.status_code}"
        self._metrics.webhook("delivered")
        return ""

    async def _send(self, hook: Hook, event: EventView) -> httpx.Response:
        body = shapes.event(event).text().encode()
        seconds = int(self._clock())
        headers = {
            "content-type": "application/json",
            "user-agent": "collabbus",
            "webhook-id": event.event_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signature(hook.secret, event.event_id, seconds, body),
        }
        async with asyncio.timeout(TIMEOUT_S):
            request = self._client.build_request("POST", hook.url, content=body, headers=headers)
            # Only how it is answered counts, so that nobody can fill our memory.
            answer = await self._client.send(request, stream=True)
            await answer.aclose()
        return answer

    async def _failed(self, hook: Hook, reached: str | None, since: int, trouble: str) -> None:
        now = self._now_ms()
        # What was delivered before it counts: then this is a first failure.
        first = hook.failing_since_ms if reached == hook.cursor else None
        failing = first if first is not None else now
        attempts = hook.attempts + 1 if first is not None else 1
        over = now - failing >= self._settings.webhook_give_up_days * _DAY_MS
        disabled = over or trouble == "HTTP 410"
        self._metrics.webhook("disabled" if disabled else "failed")
        _log.warning("gateway.webhook", id=hook.id, trouble=trouble, disabled=disabled)
        await self._hooks.save(
            hook.id, cursor=reached, reached_ms=since, attempts=attempts, failing_since_ms=failing,
            next_ms=now + int(backoff_s(attempts) * 1000), disabled=disabled, trouble=trouble,
            leased_until_ms=0,
        )  # fmt: skip

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)
