"""Streams: nothing is told to a token that is good no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from collabbus.gateway import stream
from collabbus.ledger.queries import EVERY, Ledger
from collabbus.ledger.views import Page


class Pages:
    """A ledger whose pages come when the test says so; then nothing comes for ever."""

    def __init__(self, *sizes: int) -> None:
        self._sizes = sizes

    async def follow(self, *arguments: Any, **more: Any) -> AsyncIterator[Page[Any]]:
        for size in self._sizes:
            yield Page([SimpleNamespace(cursor=f"l-{number}") for number in range(size)], "l-9")
        await asyncio.Event().wait()


@pytest.fixture(autouse=True)
def shaped(monkeypatch: pytest.MonkeyPatch) -> None:
    shape = SimpleNamespace(text=lambda: "content")
    monkeypatch.setattr(stream.shapes, "event", lambda one: shape)


def followed(pages: Pages, expires_s: float, stands: Any = lambda: True) -> Any:
    return stream._follow(cast("Ledger", pages), stands, expires_s, ["a/b"], "l-0", EVERY)


def test_a_stream_ends_when_its_token_does_though_nothing_comes():
    async def story() -> list[Any]:
        async with asyncio.timeout(10):
            return [one async for one in followed(Pages(2), time.time() + 0.3)]

    began = time.monotonic()
    assert len(asyncio.run(story())) == 2
    assert 0.2 < time.monotonic() - began < 5


def test_of_a_page_that_was_found_in_time_nothing_goes_out_later():
    async def story() -> int:
        count = 0
        async for _ in followed(Pages(5), time.time() + 0.3):
            count += 1
            if count == 2:
                await asyncio.sleep(0.4)  # a slow reader
        return count

    assert asyncio.run(story()) == 2


@pytest.mark.parametrize("pages", [(5,), (2, 0), (2, 3)])
def test_a_stream_whose_tokens_key_was_taken_out_ends(pages):
    good = [True]

    async def story() -> int:
        count = 0
        async with asyncio.timeout(10):
            async for _ in followed(Pages(*pages), time.time() + 60, lambda: good[0]):
                count += 1
                good[0] = count < 2
        return count

    assert asyncio.run(story()) == 2
