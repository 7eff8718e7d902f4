"""The checks of a campaign: each has a tiny history that it rejects, and all accept a good one."""

from __future__ import annotations

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collab.v1 import verbs_pb2 as verbs
from collabbus.link.merkle import leaf_hash
from collabbus.model import thread as threads
from tests.faults.history import History, violations

MATTER = "ab" * 16


def event(origin: str, number: int, submission: str, to: str, **seen: int) -> bytes:
    body = body_pb2.Body(commented=verbs.Commented(text=submission)).SerializeToString()
    envelope = ev.Envelope(
        event_id=f"{origin}{number}",
        matter_id=MATTER,
        thread="main",
        origin=origin,
        number=number,
        type="Commented",
        to=[to],
        office=f"{origin}/x",
        causation=ev.Causation(submission_id=submission),
        seen=[ev.Seen(origin=other, number=last) for other, last in seen.items()],
    )
    if number == 1 and origin == "a":
        envelope.participants.add(office="a/x", role=ev.ROLE_REQUESTER)
        envelope.participants.add(office="b/x", role=ev.ROLE_EXECUTOR)
        envelope.step.number = 1
    return ev.Event(envelope=envelope.SerializeToString(), body=body).SerializeToString()


A1, A2 = event("a", 1, "s1", "b"), event("a", 2, "s2", "b")
B1 = event("b", 1, "s3", "a", a=1)


def state(log: list[bytes]) -> dict[str, bytes]:
    thread = st.Thread(thread="main")
    for value in log:
        one = ev.Event.FromString(value)
        envelope = ev.Envelope.FromString(one.envelope)
        body = body_pb2.Body.FromString(one.body)
        threads.apply(thread, envelope, body, leaf_hash(one.envelope))
    return {MATTER: st.Matter(matter_id=MATTER, threads=[thread]).SerializeToString()}


def history(a: list[bytes], b: list[bytes]) -> History:
    return History(
        acknowledged={"s1": "a", "s2": "a", "s3": "b"},
        sent={"s1", "s2", "s3"},
        logs={"a": [(0, value) for value in a], "b": [(0, value) for value in b]},
        outcomes={"a": [], "b": []},
        states={"a": state(a), "b": state(b)},
    )


def test_a_good_history_is_accepted_whatever_the_order_between_origins() -> None:
    assert violations(history([A1, A2, B1], [A1, B1, A2])) == []


@pytest.mark.parametrize(
    ("a", "b", "word"),
    [
        ([A1, B1], [A1, B1], "lost: s2"),
        ([A1, A2, A2, B1], [A1, B1, A2], "doubled"),
        ([A1, A2, B1], [A1, B1], "never came"),
        ([A2, A1, B1], [A1, B1, A2], "order"),
        ([A1, A2, B1], [B1, A1, A2], "cause"),
        ([A1, A2, B1, event("a", 3, "s9", "b")], [A1, B1, A2, event("a", 3, "s9", "b")], "alien"),
        ([A1, A2, B1], [A1, B1, event("a", 2, "sX", "b")], "changed"),
    ],
)
def test_each_fault_is_told(a: list[bytes], b: list[bytes], word: str) -> None:
    assert any(word in line for line in violations(history(a, b)))


def test_a_rejected_submission_is_decided() -> None:
    told = history([A1, B1], [A1, B1])
    told.outcomes["a"] = [
        sub.Outcome(submission_id="s2", decision=sub.DECISION_REJECTED).SerializeToString()
    ]
    assert violations(told) == []


def test_a_state_that_is_not_the_fold_of_the_log_is_told() -> None:
    told = history([A1, A2, B1], [A1, B1, A2])
    told.states["b"] = state([A1, B1])
    assert any("isn't the fold" in line for line in violations(told))
