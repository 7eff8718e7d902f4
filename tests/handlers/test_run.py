"""A run: what a handler answers goes out once, in order, and is recorded before the run is done."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import pytest

from collab.v1 import submission_pb2 as sub
from collabbus.handlers import (
    ClueMatter,
    ClueTransferred,
    Event,
    Permanent,
    RecommendationIssued,
    on,
)
from collabbus.handlers.delivery import Delivery, Item, Park, Retry
from collabbus.handlers.matter import VALID_DAYS
from collabbus.handlers.middleware.metrics import Metrics
from collabbus.handlers.middleware.timeout import timeout
from collabbus.handlers.run import Call
from collabbus.model.body import type_of
from collabbus.model.deadline import DAY_MS
from collabbus.sdk import Rejected
from tests.handlers.bench import MATTER, OFFICE, Tray, event, run

Clue = Event[ClueTransferred]


@on(ClueTransferred)
async def triage(event: Clue, matter: ClueMatter) -> None:
    await matter.receive(officer="王芳", register_number="7")
    await matter.comment(officer="王芳", text="已登记")


@on(ClueTransferred)
def plain(event: Clue, matter: ClueMatter) -> None:
    assert matter.receive(officer="王芳").wait(5).matter_id == MATTER
    matter.comment(officer="王芳", text="已登记")


def refused(draft: sub.Draft) -> Exception | None:
    return Rejected("STEP_OVER", "expected_step", "", draft.submission_id)


@pytest.mark.parametrize("handler", [triage, plain])
def test_answers_are_said_by_the_office_in_the_matter_in_their_order(handler: object) -> None:
    tray = Tray(seconds=0.01)
    assert run(handler, tray) is None  # type: ignore[arg-type]
    assert [type_of(one.body) for one in tray.drafts] == ["Received", "Commented"]
    for draft in tray.drafts:
        assert (draft.office, draft.matter_id, draft.thread) == (OFFICE, MATTER, "main")
        assert (draft.officer, draft.network) == ("王芳", "jingjinji")


def test_a_delivery_that_is_repeated_says_the_same_to_the_byte() -> None:
    first, again = Tray(), Tray()
    run(triage, first)
    time.sleep(0.01)
    run(triage, again)
    assert [one.SerializeToString() for one in first.drafts] == [
        one.SerializeToString() for one in again.drafts
    ]
    assert first.drafts[0].not_after_ms == event().time_ms + VALID_DAYS * DAY_MS


def test_ids_differ_by_event_handler_and_ordinal_and_after_a_rejection() -> None:
    ids = set()
    for handler, about in ((triage, event()), (plain, event()), (triage, event(event_id="0" * 32))):
        tray = Tray()
        run(handler, tray, about=about)
        ids |= {one.submission_id for one in tray.drafts}
    assert len(ids) == 6
    tray = Tray()
    run(triage, tray, again={2: 1})
    first, second = (one.submission_id for one in tray.drafts)
    assert first in ids
    assert second not in ids


def test_an_answer_nobody_waits_for_is_recorded_before_the_run_is_done() -> None:
    @on(ClueTransferred)
    async def hasty(event: Clue, matter: ClueMatter) -> None:
        matter.comment(officer="王芳", text="一")
        matter.comment(officer="王芳", text="二")

    tray = Tray(seconds=0.02)
    assert run(hasty, tray) is None
    assert [one.body.commented.text for one in tray.drafts] == ["一", "二"]


def test_a_rejection_nobody_has_seen_fails_the_run_for_good_and_tells_which_answer() -> None:
    @on(ClueTransferred)
    async def hasty(event: Clue, matter: ClueMatter) -> None:
        matter.comment(officer="王芳", text="一")

    failure = run(hasty, Tray(reject=refused))
    assert failure is not None
    assert (failure.error, failure.permanent, failure.rejected) == ("Rejected", True, 1)


def test_a_rejection_that_the_handler_has_caught_is_its_own_affair() -> None:
    @on(ClueTransferred)
    async def calm(event: Clue, matter: ClueMatter) -> None:
        with pytest.raises(Rejected):
            await matter.receive(officer="王芳")

    assert run(calm, Tray(reject=refused)) is None


def test_what_a_handler_raises_is_told_with_its_traceback_and_permanent_is_so() -> None:
    @on(ClueTransferred)
    async def fails(event: Clue, matter: ClueMatter) -> None:
        raise ZeroDivisionError

    @on(ClueTransferred)
    def hopeless(event: Clue, matter: ClueMatter) -> None:
        raise Permanent("never")

    failure = run(fails, Tray())
    assert failure is not None
    assert not failure.permanent
    assert "in fails" in failure.traceback
    failure = run(hopeless, Tray())
    assert failure is not None
    assert failure.permanent


def test_whatever_a_plain_function_raises_is_told_at_once() -> None:
    @on(ClueTransferred, timeout=5)
    def seeks(event: Clue, matter: ClueMatter) -> None:
        next(iter(()))

    begun = time.monotonic()
    failure = run(seeks, Tray(), [timeout])
    assert time.monotonic() - begun < 3
    assert failure is not None
    assert "StopIteration" in failure.traceback


def test_what_would_end_a_loop_is_a_failure_of_the_handler_alone() -> None:
    """Invariant 9, for handlers: neither takes the loop away, nor is it tried without end."""

    @on(ClueTransferred)
    async def leaves(event: Clue, matter: ClueMatter) -> None:
        sys.exit(1)

    @on(ClueTransferred)
    def goes(event: Clue, matter: ClueMatter) -> None:
        sys.exit(1)

    @on(ClueTransferred)
    async def cancelled(event: Clue, matter: ClueMatter) -> None:
        another = asyncio.ensure_future(asyncio.sleep(60))
        another.cancel()
        await another

    metrics = Metrics(OFFICE, "desk")
    for handler in (leaves, goes, cancelled):
        failure = run(handler, Tray(), [metrics, timeout])
        assert failure is not None
        assert failure.error == "Ended"
        counted = {"office": OFFICE, "group": "desk", "handler": handler.name, "error": "Ended"}
        value = metrics.registry.get_sample_value("collabbus_handler_failures_total", counted)
        assert value == 1


def test_a_run_that_is_cancelled_from_outside_has_not_failed() -> None:
    @on(ClueTransferred)
    async def waits(event: Clue, matter: ClueMatter) -> None:
        await asyncio.sleep(60)

    async def leave(call: Call, go_on: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_later(0.05, task.cancel)
        await go_on()

    with pytest.raises(asyncio.CancelledError):
        run(waits, Tray(), [leave])


@pytest.mark.parametrize("kind", ["async", "plain"])
def test_a_run_that_takes_too_long_is_given_up_and_its_answers_are_taken_no_more(
    kind: str,
) -> None:
    late: list[str] = []

    def after(matter: ClueMatter) -> None:
        try:
            matter.comment(officer="王芳", text="迟")
        except RuntimeError as error:
            late.append(str(error))

    @on(ClueTransferred, timeout=0.1)
    async def hangs(event: Clue, matter: ClueMatter) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            asyncio.get_running_loop().call_soon(after, matter)

    @on(ClueTransferred, timeout=0.1)
    def stuck(event: Clue, matter: ClueMatter) -> None:
        time.sleep(0.3)
        after(matter)

    tray = Tray()
    begun = time.monotonic()
    failure = run(hangs if kind == "async" else stuck, tray, [timeout])
    assert time.monotonic() - begun < 0.3
    assert failure is not None
    assert (failure.error, failure.permanent) == ("TimedOut", False)
    time.sleep(0.3)
    assert tray.drafts == []
    if kind == "plain":
        assert "given up" in late[0]


def test_a_run_that_others_cancel_has_not_failed() -> None:
    @on(ClueTransferred)
    async def cancelled(event: Clue, matter: ClueMatter) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(60)

    with pytest.raises(asyncio.CancelledError):
        run(cancelled, Tray(), [timeout])


@pytest.mark.parametrize("kind", ["waits", "plain", "hasty"])
def test_no_matter_is_parked_for_a_region_that_decides_later_than_its_handler_may_take(
    kind: str,
) -> None:
    """A region that doesn't decide is tried until it does, whatever the handler's timeout."""

    @on(ClueTransferred, timeout=0.05)
    async def waits(event: Clue, matter: ClueMatter) -> None:
        await matter.receive(officer="王芳")

    @on(ClueTransferred, timeout=0.05)
    def plain(event: Clue, matter: ClueMatter) -> None:
        matter.receive(officer="王芳").wait()

    @on(ClueTransferred, timeout=0.05)
    async def hasty(event: Clue, matter: ClueMatter) -> None:
        matter.receive(officer="王芳")

    handler = {"waits": waits, "plain": plain, "hasty": hasty}[kind]
    delivery: Delivery[None] = Delivery(Retry(at_once=1, waits_ms=(10,)))
    delivery.take(MATTER, Item(7, event().id, (handler.name,), None))
    for now_ms in range(0, 100, 20):
        for one in delivery.due(now_ms, 1):
            failure = run(handler, Tray(seconds=60), [timeout])
            assert failure is not None
            assert failure.error == "AnswerPending"
            assert delivery.failed(one, failure, now_ms) == []
    [back] = delivery.due(200, 1)
    assert back.attempt == 6
    assert run(handler, Tray(), [timeout]) is None
    assert delivery.succeeded(back) == []
    assert delivery.idle


def test_a_handler_that_hangs_after_its_answer_is_parked_all_the_same() -> None:
    @on(ClueTransferred, timeout=0.1)
    async def hangs(event: Clue, matter: ClueMatter) -> None:
        await matter.receive(officer="王芳")
        await asyncio.sleep(60)

    delivery: Delivery[None] = Delivery(Retry(at_once=0, waits_ms=()))
    delivery.take(MATTER, Item(7, event().id, ("hangs",), None))
    [once] = delivery.due(0, 1)
    failure = run(hangs, Tray(), [timeout])
    assert failure is not None
    assert failure.error == "TimedOut"
    [parked] = delivery.failed(once, failure, 0)
    assert isinstance(parked, Park)


def test_a_linked_matter_names_its_cause_and_is_opened_once() -> None:
    @on(ClueTransferred)
    async def opens(event: Clue, matter: ClueMatter) -> None:
        await matter.open_linked(RecommendationIssued(), officer="王芳", to="tianjin/market")

    trays = Tray(), Tray()
    for tray in trays:
        assert run(opens, tray) is None
    [draft], [again] = (tray.drafts for tray in trays)
    assert draft.matter_id == again.matter_id != MATTER
    assert (draft.cause.matter_id, draft.cause.event_id) == (MATTER, event().id)
    assert draft.participants[0].office == "tianjin/market"


def test_a_handler_reads_how_the_matter_stands() -> None:
    read: list[object] = []

    @on(ClueTransferred)
    async def looks(event: Clue, matter: ClueMatter) -> None:
        read.extend([matter.state, matter.awaits_us, matter.step, matter.due, matter.parties])
        read.extend([event.domain, event.family, event.origin, matter.domain])

    assert run(looks, Tray()) is None
    parties = (OFFICE, "beijing/daxing")
    assert read == ["transferred", True, 1, None, parties, "FINANCE", "clue", "beijing", "FINANCE"]


def test_middleware_stands_around_a_run_the_first_outermost() -> None:
    order: list[str] = []

    def named(name: str):  # type: ignore[no-untyped-def]
        async def middleware(call: Call, go_on):  # type: ignore[no-untyped-def]
            order.append(f"{name} before")
            await go_on()
            order.append(f"{name} after {len(call.matter.answers)}")

        return middleware

    run(triage, Tray(), [named("outer"), named("inner")])
    assert order == ["outer before", "inner before", "inner after 2", "outer after 2"]
