"""Delivery: a ledger that was made anew is gone through again, and told from where it was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import text

from collabbus.gateway.delivery import Delivery
from collabbus.gateway.hooks import Hook, Hooks
from collabbus.ledger.cursor import CursorLost
from collabbus.ledger.database import engine_of
from collabbus.ledger.views import Page

DAY_MS = 86_400_000
NOW_MS = 1_800_000_000_000


@dataclass
class Said:
    """An event, as far as it matters here."""

    event_id: str
    logged_ms: int
    cursor: str = ""


class Ledgers:
    """A ledger that is lost and made anew, and the one webhook that is told of it."""

    def __init__(self) -> None:
        self.life, self.events, self.behind = "a", list[Said](), False
        self.hook = Hook(
            "wh", "a/b", "https://x", (), (), "whsec_AA==", "old-7", NOW_MS - DAY_MS, None,
            0, 0, None, 0, False, "",
        )  # fmt: skip

    def anew(self, life: str, events: Sequence[Said], behind: bool) -> None:
        self.life, self.events, self.behind = life, list(events), behind

    async def events_after(self, offices: Any, cursor: str | None, *_: Any, limit: int) -> Any:
        life, _, at = (cursor or f"{self.life}-0").partition("-")
        if life != self.life:
            raise CursorLost(str(cursor))
        found = self.events[int(at) : int(at) + limit]
        places = range(int(at) + 1, int(at) + 1 + len(found))
        items = [replace(one, cursor=f"{life}-{n}") for n, one in zip(places, found, strict=True)]
        return Page(items, f"{life}-{int(at) + len(found)}")

    async def is_behind(self, seconds: float) -> bool:
        return self.behind

    async def save(self, hook: str, **values: Any) -> None:
        known = {name: one for name, one in values.items() if name in Hook.__slots__}
        self.hook = replace(self.hook, **known)

    def deliver(self, times: int = 30) -> list[str]:
        """Deliver so often, and give what was told."""
        told: list[str] = []

        class Noting(Delivery):
            async def _post(self, hook: Hook, event: Any) -> str:
                told.append(event.event_id)
                return ""

        this = cast("Any", self)
        delivery = Noting(this, this, this, this, this, clock=lambda: NOW_MS / 1000)

        async def whole() -> None:
            for _ in range(times):
                await delivery._deliver(self.hook)

        asyncio.run(whole())
        return told


def shard(name: str, *days: float) -> list[Said]:
    return [Said(f"{name}{day}", NOW_MS - int(day * DAY_MS)) for day in days]


OLD = [400.0 - number for number in range(50)]


def test_what_was_told_long_ago_is_not_told_again_whichever_shard_comes_first():
    ledgers = Ledgers()
    # The second shard is read when the first has come to what is new.
    ledgers.anew("b", [*shard("x", *OLD, 0.5), *shard("y", *OLD, 0.4)], behind=False)
    assert ledgers.deliver() == ["x0.5", "y0.4"]
    assert ledgers.hook.replay_before_ms is None


def test_lost_again_before_it_was_whole_nothing_is_passed_over_that_was_not_told():
    ledgers = Ledgers()
    ledgers.anew("b", shard("x", *OLD, 0.01), behind=True)
    assert ledgers.deliver() == ["x0.01"]
    ledgers.anew("c", [*shard("x", *OLD, 0.01), *shard("y", *OLD, 0.9)], behind=False)
    assert ledgers.deliver() == ["x0.01", "y0.9"]


def test_a_shard_that_lags_is_told_in_full_once_the_ledger_was_whole():
    ledgers = Ledgers()
    ledgers.anew("b", shard("x", *OLD, 0.5), behind=False)
    assert ledgers.deliver() == ["x0.5"]
    ledgers.events += shard("y", 30, 20)
    assert ledgers.deliver() == ["y30", "y20"]


def test_tables_of_an_older_gateway_get_what_they_lack(url):
    async def story() -> int | None:
        engine = engine_of(url)
        async with engine.begin() as connection:
            drop = "ALTER TABLE gateway.webhooks DROP COLUMN replay_before_ms"
            await connection.execute(text(drop))
        hooks = Hooks(engine)
        await hooks.prepare()
        await hooks.prepare()
        hook = await hooks.add("a/b", "https://x", (), (), None, 1)
        await hooks.save(hook.id, replay_before_ms=5)
        [found] = await hooks.of("a/b")
        await engine.dispose()
        return found.replay_before_ms

    assert asyncio.run(story()) == 5
