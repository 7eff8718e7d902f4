"""The checks of the fault campaigns: one tiny history that all accept, and many that each rejects.

A check that never fails shows nothing (jepsen's habit).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import application
from collabbus.model import thread as threads
from collabbus.model.journal import thread_key
from tests.faults import checks
from tests.faults.history import History, Logged
from tests.model.neighbours import jingjinji

BEIJING, TIANJIN = "beijing", "tianjin"
ASKS, ASKED = "beijing/haidian", "tianjin/heping"
MATTER = "00000000000000000000000000000001"
MAIN = thread_key(MATTER, threads.MAIN)
CONTRACT = jingjinji()
CHAIN = CONTRACT.lifecycles["assistance"].main
SAYS = body_pb2.Body(commented=verbs_pb2.Commented(text="知悉"))


def event(
    event_id: str, office: str, number: int, *, to: str, seen: int = 0, step: int = 0
) -> Logged:
    envelope = ev.Envelope(
        event_id=event_id,
        contract=CONTRACT.hash,
        family=ev.FAMILY_ASSISTANCE,
        matter_id=MATTER,
        thread=threads.MAIN,
        origin=threads.region_of(office),
        number=number,
        type="AssistanceRequested" if step else "Commented",
        to=[to],
        seen=[ev.Seen(origin=to, number=seen)] if seen else [],
        office=office,
    )
    if step:
        envelope.step.CopyFrom(ev.Step(number=step, state="requested", awaits=ASKED, waits=ASKS))
        envelope.participants.add(office=ASKS, role=ev.ROLE_REQUESTER)
        envelope.participants.add(office=ASKED, role=ev.ROLE_EXECUTOR)
    value = ev.Event(envelope=envelope.SerializeToString(), body=SAYS.SerializeToString())
    return Logged.read(0, MATTER.encode(), value.SerializeToString())


def outcome(office: str, submission_id: str, *event_ids: str, code: str = "") -> bytes:
    return sub.Outcome(
        office=office,
        submission_id=submission_id,
        decision=sub.DECISION_REJECTED if code else sub.DECISION_RECORDED,
        event_ids=event_ids,
        code=code,
    ).SerializeToString()


def state(log: Iterable[Logged]) -> dict[str, bytes]:
    """Give the state that a log leads to."""
    thread = st.Thread(thread=threads.MAIN)
    for one in log:
        body = body_pb2.Body.FromString(one.event.body)
        leaf = sha256(b"\0" + one.event.envelope).digest()
        rule = CHAIN.step(thread.step.state, one.envelope.type)
        found = rule or CHAIN.remarks.get(one.envelope.type)
        application.apply(thread, one.envelope, body, leaf, 0, found)
    return {MAIN: thread.SerializeToString()}


def out(sent: int, receipted: int) -> bytes:
    return st.LinkOut(
        sent=st.Checkpoint(size=sent), receipted=st.Checkpoint(size=receipted)
    ).SerializeToString()


ASK = event("a1", ASKS, 1, to=TIANJIN, step=1)
SAY = event("b1", ASKED, 1, to=BEIJING, seen=1)
ADD = event("a2", ASKS, 2, to=TIANJIN, seen=1)
LOG = (ASK, SAY, ADD)

GOOD = History(
    attempted={(ASKS, "s1"): b"", (ASKS, "s2"): b"", (ASKS, "s3"): b"", (ASKED, "s4"): b""},
    # s3 was never acknowledged: it may have been decided, or not.
    acknowledged=frozenset({(ASKS, "s1"), (ASKS, "s2"), (ASKED, "s4")}),
    logs={BEIJING: LOG, TIANJIN: LOG},
    outcomes={
        # s1 was repeated, and answered as the first time.
        BEIJING: [outcome(ASKS, "s1", "a1"), outcome(ASKS, "s1", "a1"), outcome(ASKS, "s2", "a2")],
        TIANJIN: [outcome(ASKED, "s4", "b1")],
    },
    states={BEIJING: state(LOG), TIANJIN: state(LOG)},
    heads={
        BEIJING: {
            (0, "out/tianjin"): out(2, 2),
            (0, "in/tianjin"): st.LinkIn(size=1).SerializeToString(),
        },
        TIANJIN: {
            (0, "out/beijing"): out(1, 1),
            (0, "in/beijing"): st.LinkIn(size=2).SerializeToString(),
        },
    },
    waiting={BEIJING: [], TIANJIN: []},
    quarantine={BEIJING: [], TIANJIN: []},
    contracts={CONTRACT.hash: CONTRACT},
)


def test_a_good_history_is_accepted_by_every_check() -> None:
    assert checks.violations(GOOD) == {}


def test_what_was_never_acknowledged_may_be_decided_or_not() -> None:
    """A crashed call may or may not have happened."""
    decided = replace(
        GOOD, outcomes={**GOOD.outcomes, TIANJIN: [*GOOD.outcomes[TIANJIN], REJECTED_S5]},
        attempted={**GOOD.attempted, (ASKED, "s5"): b""},
    )  # fmt: skip
    assert checks.violations(decided) == {}


REJECTED_S5 = outcome(ASKED, "s5", code="WRONG_STATE")


def logs(beijing: Iterable[Logged] = LOG, tianjin: Iterable[Logged] = LOG) -> History:
    """Give the good history with other logs, and states that follow from them."""
    beijing, tianjin = tuple(beijing), tuple(tianjin)
    return replace(
        GOOD,
        logs={BEIJING: beijing, TIANJIN: tianjin},
        states={BEIJING: state(beijing), TIANJIN: state(tianjin)},
    )


def outcomes(beijing: Iterable[bytes] = (), tianjin: Iterable[bytes] = ()) -> History:
    """Give the good history with further outcomes."""
    return replace(
        GOOD,
        outcomes={
            BEIJING: [*GOOD.outcomes[BEIJING], *beijing],
            TIANJIN: [*GOOD.outcomes[TIANJIN], *tianjin],
        },
    )


def other_bytes(one: Logged) -> Logged:
    changed = ev.Event.FromString(one.value)
    changed.salt = b"another"
    return Logged.read(one.shard, one.key, changed.SerializeToString())


def with_thread(change: Callable[[st.Thread], None]) -> History:
    """Give the good history with a change in Tianjin's state alone."""
    thread = st.Thread.FromString(GOOD.states[TIANJIN][MAIN])
    change(thread)
    return replace(GOOD, states={**GOOD.states, TIANJIN: {MAIN: thread.SerializeToString()}})


def move(thread: st.Thread) -> None:
    thread.step.state = "closed"


def sizes(sent: int, receipted: int, arrived: int) -> History:
    heads = {
        BEIJING: {(0, "out/tianjin"): out(sent, receipted)},
        TIANJIN: {(0, "in/beijing"): st.LinkIn(size=arrived).SerializeToString()},
    }
    return replace(GOOD, heads=heads)


WAITING = sub.Waiting(origin=TIANJIN, number=2, code="CAUSE").SerializeToString()
QUARANTINED = sub.Quarantined(code="INTERNAL", topic="x").SerializeToString()
FOREIGN = event("z1", ASKED, 2, to=BEIJING, seen=1)
GHOST = event("a3", ASKS, 3, to=TIANJIN, seen=1)

BAD: list[tuple[checks.Check, str, History]] = [
    (
        checks.decided_once,
        "('beijing/haidian', 's3') was acknowledged and is not decided",
        replace(GOOD, acknowledged=GOOD.acknowledged | {(ASKS, "s3")}),
    ),
    (
        checks.decided_once,
        "was decided in 2 ways",
        outcomes([outcome(ASKS, "s1", code="WRONG_STATE")]),
    ),
    (checks.decided_once, "was decided in 2 ways", outcomes([outcome(ASKS, "s1", "a9")])),
    (checks.decided_once, "which nobody submitted", outcomes([outcome(ASKS, "s9", "a9")])),
    (checks.decided_once, "of another region", outcomes(tianjin=[outcome(ASKS, "s1", "a1")])),
    (checks.decided_once, "with 0 events and code ''", outcomes([outcome(ASKS, "s3")])),
    (
        checks.decided_once,
        "with 1 events and code 'X'",
        outcomes([outcome(ASKS, "s3", "a1", code="X")]),
    ),
    (checks.once_everywhere, "a1 stands 2 times in beijing's log", logs([ASK, *LOG])),
    (checks.once_everywhere, "b1 stands 2 times in tianjin's log", logs(tianjin=[*LOG, SAY])),
    (checks.once_everywhere, "a2 isn't in the log of its beijing", logs([ASK, SAY], [ASK, SAY])),
    (checks.once_everywhere, "a2 isn't in tianjin's log", logs(tianjin=[ASK, SAY])),
    (checks.once_everywhere, "a1 answers 2 submissions", outcomes([outcome(ASKS, "s3", "a1")])),
    (
        checks.once_everywhere,
        "a2 has other bytes in tianjin's log",
        logs(tianjin=[ASK, SAY, other_bytes(ADD)]),
    ),
    (checks.once_everywhere, "beijing has event z1; tianjin, its origin", logs([*LOG, FOREIGN])),
    (
        checks.once_everywhere,
        "a3 of beijing/haidian answers no submission",
        logs([*LOG, GHOST], [*LOG, GHOST]),
    ),
    (checks.in_order, "beijing has number 2 of beijing after 0", logs([ADD, ASK, SAY])),
    (checks.in_order, "beijing has number 2 of beijing after 2", logs([*LOG, ADD])),
    (
        checks.in_order,
        "beijing has number 1 of tianjin before number 1 of beijing",
        logs([SAY, ASK, ADD]),
    ),
    (
        checks.in_order,
        "stands in two shards of beijing's log",
        logs([ASK, SAY, Logged.read(1, ADD.key, ADD.value)]),
    ),
    (checks.converged, "beijing: (1, 'requested'", with_thread(move)),
    (
        checks.converged,
        f"tianjin knows nothing of {MATTER}/main",
        replace(GOOD, states={BEIJING: GOOD.states[BEIJING], TIANJIN: {}}),
    ),
    (checks.folded, f"tianjin's state of {MATTER} isn't its log's", with_thread(move)),
    (
        checks.folded,
        "beijing's state",
        replace(GOOD, states={**GOOD.states, BEIJING: state([ASK, SAY])}),
    ),
    (
        checks.folded,
        "beijing's state",
        replace(GOOD, logs={BEIJING: [ASK, SAY, ADD, ADD], TIANJIN: LOG}),
    ),
    (checks.nothing_left, "still holds", replace(GOOD, waiting={BEIJING: [WAITING]})),
    (
        checks.nothing_left,
        "quarantined INTERNAL",
        replace(GOOD, quarantine={TIANJIN: [QUARANTINED]}),
    ),
    (checks.receipted, "sent 2, arrived 1, receipted 2", sizes(2, 2, 1)),
    (checks.receipted, "sent 2, arrived 2, receipted 1", sizes(2, 1, 2)),
    (checks.receipted, "sent 1, arrived 2, receipted 1", sizes(1, 1, 2)),
]


@pytest.mark.parametrize(("check", "words", "history"), BAD, ids=[
    f"{check.__name__}-{number}" for number, (check, _, _) in enumerate(BAD)
])  # fmt: skip
def test_a_bad_history_is_rejected(check: checks.Check, words: str, history: History) -> None:
    found = list(check(history))
    assert any(words in line for line in found), found


def test_every_check_has_a_history_that_it_rejects() -> None:
    assert {check for check, _, _ in BAD} == set(checks.ALL)


def test_who_has_left_may_know_less() -> None:
    """Invariant 4 binds the members of a thread, not those who were some once."""

    def leaves(thread: st.Thread) -> None:
        for party in thread.parties:
            party.left = party.office == ASKED

    thread = st.Thread.FromString(GOOD.states[BEIJING][MAIN])
    leaves(thread)
    states = {
        BEIJING: {MAIN: thread.SerializeToString()},
        TIANJIN: state([ASK]),
    }
    assert list(checks.converged(replace(GOOD, states=states))) == []
