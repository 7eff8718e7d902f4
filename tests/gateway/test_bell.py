"""The bell: many that other threads have settled go on by one call of the loop."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Any

import pytest

from collabbus.gateway.bell import Bell


def test_all_that_a_thread_settles_in_one_go_wakes_the_loop_once(monkeypatch):
    async def story() -> None:
        loop = asyncio.get_running_loop()
        bell = Bell(loop)
        rung: list[Any] = []
        real = loop.call_soon_threadsafe
        monkeypatch.setattr(loop, "call_soon_threadsafe", lambda *a: (rung.append(a), real(*a))[1])
        futures: list[Future[int]] = [Future() for _ in range(500)]
        waiting = [asyncio.ensure_future(bell.wait(one)) for one in futures]
        await asyncio.sleep(0)

        def settle() -> None:
            for number, future in enumerate(futures):
                future.set_result(number)

        thread = threading.Thread(target=settle)
        thread.start()
        thread.join()  # so that the loop doesn't run meanwhile
        assert await asyncio.wait_for(asyncio.gather(*waiting), 10) == list(range(500))
        assert len(rung) == 1
        late: Future[int] = Future()
        after = asyncio.ensure_future(bell.wait(late))
        await asyncio.sleep(0)
        late.set_result(7)
        assert await asyncio.wait_for(after, 10) == 7

    asyncio.run(story())


def test_nobody_is_forgotten_however_threads_and_loop_meet():
    async def story() -> None:
        bell = Bell(asyncio.get_running_loop())
        futures: list[Future[int]] = [Future() for _ in range(4000)]

        def settle(part: int) -> None:
            for future in futures[part::4]:
                future.set_result(part)

        threads = [threading.Thread(target=settle, args=(part,)) for part in range(4)]
        for thread in threads:
            thread.start()
        await asyncio.wait_for(asyncio.gather(*(bell.wait(one) for one in futures)), 30)

    asyncio.run(story())


def test_what_went_wrong_is_raised_and_who_gave_up_is_left_alone():
    async def story() -> None:
        bell = Bell(asyncio.get_running_loop())
        wrong: Future[int] = Future()
        gone: Future[int] = Future()
        given_up = asyncio.ensure_future(bell.wait(gone))
        await asyncio.sleep(0)
        given_up.cancel()
        gone.set_result(1)
        wrong.set_exception(LookupError("x"))
        with pytest.raises(LookupError):
            await bell.wait(wrong)

    asyncio.run(story())


def test_a_loop_that_was_closed_does_no_harm():
    future: Future[int] = Future()

    async def story() -> None:
        waiting = asyncio.ensure_future(Bell(asyncio.get_running_loop()).wait(future))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(story())
    future.set_result(1)
