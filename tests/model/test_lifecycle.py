from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from collabbus.model.lifecycle import Lifecycle, Who
from collabbus.model.thread import BODY_TYPES
from tests.model.neighbours import CONTRACTS

FILE = CONTRACTS / "lifecycles" / "assistance.yaml"


def text() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(FILE).read_text("utf-8"))
    return found


WHOLE = text()


def faults(change: Callable[[dict[str, Any]], object]) -> str:
    """Give the words with which a changed lifecycle is refused."""
    found = copy.deepcopy(WHOLE)
    change(found)
    with pytest.raises(ValidationError) as caught:
        Lifecycle.model_validate(found)
    return str(caught.value)


def put(*path_and_value: Any) -> Callable[[dict[str, Any]], None]:
    *path, last, value = path_and_value

    def change(found: dict[str, Any]) -> None:
        for name in path:
            found = found[name]
        found[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("states", "closed", "awaits", "executor"), "a final state awaits nobody"),
        (put("states", "received", {"zh": "已收到"}), "names whom it awaits and who waits"),
        (put("states", "received", "waits", "executor"), "nobody waits for itself"),
        (put("states", "received", "awaits", "court"), "states.received.awaits"),
        (put("states", "Received", {"zh": "x", "final": True}), "states.Received"),
        (put("opens", "AssistanceRequested", "to", "nowhere"),
         "opens.AssistanceRequested.to: 'nowhere' is no state"),
        (put("opens", "AssistanceRequested", "deadline", "soon"),
         "opens.AssistanceRequested.deadline: 'soon' is no deadline"),
        (put("steps", "Received", "from", ["nowhere"]), "steps.Received.from: 'nowhere' is no"),
        (put("steps", "Received", "from", []), "steps.Received.from"),
        (put("steps", "Received", "from", ["closed"]), "'closed' is final, nothing leads out"),
        (put("steps", "Received", "to", "nowhere"), "steps.Received.to: 'nowhere' is no state"),
        (put("steps", "Received", "deadline", "soon"), "steps.Received.deadline: 'soon' is no"),
        (put("steps", "WithdrawalGranted", "answers", "Commented"),
         "steps.WithdrawalGranted.answers: 'Commented' is no bound remark"),
        (put("steps", "WithdrawalGranted", "answers", "Received"), "is no bound remark"),
        (put("remarks", "WithdrawalRefused", "answers", "Commented"),
         "remarks.WithdrawalRefused.answers: 'Commented' is no bound remark"),
        (put("remarks", "WithdrawalAsked", "from", ["nowhere"]),
         "remarks.WithdrawalAsked.from: 'nowhere' is no state"),
        (put("remarks", "Commented", "by", "anybody"), "remarks.Commented.by"),
        (put("remarks", "Received", {"zh": "x", "by": "party", "articles": ["engineering"]}),
         "steps.Received: the same type is a step, a remark or an opening"),
        (put("steps", "AssistanceRequested", WHOLE["steps"]["Received"]),
         "steps.AssistanceRequested: the same type is a step, a remark or an opening"),
        (put("hand_back", "Commented"), "hand_back: 'Commented' is no step"),
        (put("deadlines", "answer", "days", 0), "deadlines.answer.days"),
        (put("deadlines", "answer", "articles", []), "deadlines.answer.articles"),
        (put("steps", "Received", "form", ["requested"]), "steps.Received.form"),
        (put("family", "gossip"), "family"),
    ],
)  # fmt: skip
def test_each_kind_of_mistake_is_named_with_its_place(
    change: Callable[[dict[str, Any]], None], words: str
) -> None:
    assert words in faults(change)


def test_the_projects_lifecycle_is_whole() -> None:
    lifecycle = Lifecycle.model_validate(WHOLE)
    assert lifecycle.family == "assistance"
    assert lifecycle.hand_back == "Returned"


def test_one_look_decides_whether_an_act_leads_out_of_a_state() -> None:
    lifecycle = Lifecycle.model_validate(WHOLE)
    for kind, rule in lifecycle.steps.items():
        for state in lifecycle.states:
            found = lifecycle.step(state, kind)
            assert (found is rule) if state in rule.from_ else (found is None)
    assert lifecycle.step("requested", "Commented") is None


def test_every_state_that_isnt_final_can_be_left_by_who_is_awaited_there() -> None:
    lifecycle = Lifecycle.model_validate(WHOLE)
    for name, state in lifecycle.states.items():
        leaving = [kind for kind, rule in lifecycle.steps.items() if name in rule.from_]
        assert bool(leaving) is not state.final, name
        assert state.final or state.awaits in Who


def test_every_act_of_a_lifecycle_is_a_body_that_can_be_said() -> None:
    lifecycle = Lifecycle.model_validate(WHOLE)
    kinds = {*lifecycle.opens, *lifecycle.steps, *lifecycle.remarks}
    assert kinds <= set(BODY_TYPES.values())
    assert all(map(lifecycle.knows, kinds))
    assert not lifecycle.knows("Gossiped")
