from __future__ import annotations

import pytest

from collabbus.model.soundness import flaws
from tests.model.altered import FAMILIES, Change, drop, lifecycle, put, told


@pytest.mark.parametrize("family", FAMILIES)
def test_the_projects_lifecycles_are_sound(family: str) -> None:
    assert flaws(lifecycle(family)) == []


@pytest.mark.parametrize(
    ("family", "changes", "key", "words"),
    [
        ("clue", [drop("opens", "ClueTransferred", "requires", "legal_basis")],
         "opens.ClueTransferred.requires", "must name legal_basis"),
        ("clue", [drop("opens", "ClueTransferred", "requires", "officer")],
         "opens.ClueTransferred.requires", "must name officer"),
        ("clue", [drop("main", "steps", "Returned", "requires", "body.reason")],
         "main.steps.Returned.requires", "must name body.reason: who says no says why"),
        ("datashare", [drop("track", "steps", "Declined", "requires", "body.text")],
         "track.steps.Declined.requires", "must name body.text: who says no says why"),
        ("assistance", [put("main", "steps", "Progressed", "kinds", ["WITNESS"])],
         "main.steps.Progressed.kinds", "AssistanceRequested may name several kinds at once"),
        ("consultation", [drop("main", "steps", "Drafted", "proposes"),
                          drop("main", "steps", "DecisionProposed", "proposes")],
         "track.steps.Signed.agrees", "must go with an act of the main thread that proposes"),
        ("consultation", [drop("main", "steps", "Drafted", "proposes"),
                          drop("main", "steps", "DecisionProposed", "proposes")],
         "main.steps.InForce.agrees", "must go with an act of the main thread that proposes"),
        ("consultation", [drop("track", "steps", "Signed", "agrees"),
                          drop("track", "steps", "DecisionAgreed", "agrees")],
         "main.steps.InForce.gathers", "where tracks have a step that agrees"),
        ("consultation", [put("track", "steps", "Signed", "gathers", True)],
         "track.steps.Signed.gathers", "must be said of the main thread"),
        ("notification", [put("deadlines", "acknowledgement", "at_most", "3 months")],
         "deadlines.notice.at_most", "must be as far as for 'acknowledgement'"),
        ("notification", [drop("deadlines", "urgent", "at_most")],
         "deadlines.notice.at_most", "as far as for 'urgent', which tracks begin with"),
        ("notification", [put("deadlines", "prompt", "at_most", "3 months"),
                          drop("opens", "CaseNotified", "kinds", "PAROLE", "track_deadline")],
         "deadlines.prompt.at_most", "as far as for 'acknowledgement', which tracks begin with"),
        ("notification", [put("deadlines", "prompt", "at_most", "3 months")],
         "deadlines.notice.at_most", "as far as for 'prompt', which tracks begin with"),
        ("clue", [drop("main", "hand_back")],
         "main.hand_back", "must be Returned: acts here bring in an executor"),
        ("clue", [put("main", "hand_back", "Received")],
         "main.hand_back", "the act that is made for who leaves"),
        ("clue", [drop("main", "steps", "Returned", "from", "transferred")],
         "main.steps.Returned.from", "must have 'transferred' too"),
        ("clue", [put("main", "steps", "Returned", "to", "received")],
         "main.steps.Returned.to", "must be a state that awaits the requester"),
        ("clue", [put("main", "steps", "ClarificationAsked", "from", ["transferred", "returned"])],
         "main.steps.ClarificationAsked.from[1]", "must be a state that awaits another than"),
        ("clue", [put("deadlines", "spare", {"zh": "x", "within": "1 days", "articles": ["x"]})],
         "deadlines.spare", "must be used by an opening, a step or a track"),
    ],
)  # fmt: skip
def test_what_no_matter_could_live_by_is_named_with_its_place(
    family: str, changes: list[Change], key: str, words: str
) -> None:
    assert words in told(family, *changes)[key]


def test_all_flaws_come_at_once_and_each_once() -> None:
    said = flaws(
        lifecycle(
            "clue",
            drop("deadlines", "closing", "default"),
            drop("main", "hand_back"),
            drop("main", "steps", "WithdrawalGranted"),
        )
    )
    assert {flaw.key for flaw in said} == {
        ("deadlines", "closing"),
        ("main", "hand_back"),
        ("main", "states", "withdrawn"),
    }
    assert len(said) == len(set(said))
