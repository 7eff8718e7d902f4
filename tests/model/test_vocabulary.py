from __future__ import annotations

from typing import Any

import pytest

from collabbus.model.body import kind_names
from collabbus.model.vocabulary import several_kinds, unknown_words
from tests.model.altered import FAMILIES, Change, add, drop, lifecycle, put, told

CLUE = ("opens", "ClueTransferred")
ISSUED = ("opens", "RecommendationIssued")
STEP = {"zh": "x", "from": ["received"], "to": "received", "articles": ["engineering"]}
REMARK = {"zh": "x", "by": "party", "articles": ["engineering"]}
KIND = {"zh": "x", "rows": [1], "articles": ["engineering"]}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_projects_lifecycles_speak_only_of_what_the_schemas_have(family: str) -> None:
    assert not list(unknown_words(lifecycle(family)))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_kind_of_the_schemas_stands_in_its_family(family: str) -> None:
    found = lifecycle(family)
    openings = found.opens
    wanted = {name for opened in openings for name in kind_names(opened)}
    assert {name for opening in openings.values() for name in opening.kinds} == wanted


def test_every_mechanism_is_carried_by_a_kind_of_some_family() -> None:
    carried = {
        row
        for family in FAMILIES
        for opening in lifecycle(family).opens.values()
        for kind in opening.kinds.values()
        for row in kind.rows
    }
    assert carried == set(range(1, 79))


def test_only_a_list_of_kinds_allows_several() -> None:
    assert several_kinds("AssistanceRequested")
    assert not several_kinds("ClueTransferred")
    assert not several_kinds("Gossiped")


def test_details_that_are_named_after_their_kind_neednt_be_named() -> None:
    assert not told("clue", drop(*CLUE, "kinds", "FINANCE", "details"))


@pytest.mark.parametrize(
    ("family", "change", "key", "words"),
    [
        ("clue", put("opens", "Gossiped", {"zh": "x", "to": "received", "kinds": {"X1": KIND},
                                           "articles": ["engineering"]}),
         "opens.Gossiped", "they have no Gossiped"),
        ("clue", put("main", "steps", "Gossiped", STEP),
         "main.steps.Gossiped", "must be a type of act of the schemas"),
        ("clue", put("main", "remarks", "Gossiped", REMARK),
         "main.remarks.Gossiped", "must be a type of act of the schemas"),
        ("clue", put(*CLUE, "kinds", "WINE", KIND),
         "opens.ClueTransferred.kinds.WINE", "must be a kind of ClueTransferred in the schemas"),
        ("clue", drop(*CLUE, "kinds", "SUPERVISION"),
         "opens.ClueTransferred.kinds", "must have SUPERVISION too"),
        ("clue", drop(*CLUE, "kinds", "FINANCE"),
         "opens.ClueTransferred.kinds", "must have a kind whose details are finance"),
        ("datashare", drop("opens", "DatasetPublished", "kinds", "JUDGMENTS"),
         "opens.ModelPublished.kinds", "a kind of ModelPublished or DatasetPublished"),
        ("datashare", put("opens", "DatasetPublished", "kinds", "COLLISION_MODEL", KIND),
         "opens.DatasetPublished.kinds.COLLISION_MODEL", "ModelPublished has it already"),
        ("clue", put("main", "remarks", "ApplicationWithdrawn", "kinds", ["WINE"]),
         "main.remarks.ApplicationWithdrawn.kinds[0]", "must be one of the kinds of the family"),
        ("clue", put("track", "steps", "ApplicationWithdrawn", "kinds", ["PETITION", "WINE"]),
         "track.steps.ApplicationWithdrawn.kinds[1]", "must be one of the kinds of the family"),
        ("clue", put(*CLUE, "kinds", "FINANCE", "details", "money"),
         "opens.ClueTransferred.kinds.FINANCE.details", "must be a field of ClueTransferred"),
        ("clue", put(*CLUE, "kinds", "FINANCE", "details", "summary"),
         "opens.ClueTransferred.kinds.FINANCE.details", "must be a field of ClueTransferred"),
        ("clue", put(*CLUE, "kinds", "FINANCE", "details", "market"),
         "opens.ClueTransferred.kinds.FINANCE.details", "the field that is named after the kind"),
        ("clue", add(*CLUE, "requires", "summary"),
         "opens.ClueTransferred.requires[4]",
         "must be body.<field>, or one of guest, legal_basis, officer, participants"),
        ("clue", add(*CLUE, "requires", "body.sumary"),
         "opens.ClueTransferred.requires[4]", "must lead to a field of ClueTransferred"),
        ("clue", add(*CLUE, "requires", "body.subjects.id"),
         "opens.ClueTransferred.requires[4]", "to none of a list"),
        ("clue", add(*CLUE, "requires", "body.summary.words"),
         "opens.ClueTransferred.requires[4]", "must lead to a field of ClueTransferred"),
        ("clue", add(*CLUE, "requires", "body.model"),
         "opens.ClueTransferred.requires[4]", "must lead to a field within body.model"),
        ("clue", put(*CLUE, "kinds", "SUPERVISION", "requires", ["body.wine"]),
         "opens.ClueTransferred.kinds.SUPERVISION.requires[0]", "must lead to a field"),
        ("clue", put("main", "steps", "Received", "requires", ["body.wine"]),
         "main.steps.Received.requires[0]", "must lead to a field of Received"),
        ("clue", put("main", "remarks", "Commented", "requires", ["body.wine"]),
         "main.remarks.Commented.requires[0]", "must lead to a field of Commented"),
        ("clue", put(*CLUE, "once", ["body.summary"]),
         "opens.ClueTransferred.once[0]", "must lead to a single value of ClueTransferred"),
        ("clue", put(*CLUE, "once", ["summary", "subjects"]),
         "opens.ClueTransferred.once[1]", "must lead to a single value of ClueTransferred"),
        ("clue", put(*CLUE, "once", ["model"]),
         "opens.ClueTransferred.once[0]", "must lead to a single value of ClueTransferred"),
        ("datashare", put("main", "remarks", "ModelHit", "once", ["hit"]),
         "main.remarks.ModelHit.once[0]", "must lead to a single value of ModelHit"),
        ("recommendation", put(*ISSUED, "copies", 0, "when", "grave"),
         "opens.RecommendationIssued.copies[0].when", "a field of RecommendationIssued"),
        ("recommendation", put(*ISSUED, "copies", 0, "roles", ["REPORT", "WHISPER"]),
         "opens.RecommendationIssued.copies[0].roles[1]",
         "must be a role of a copy: REPORT, COPY_UP, COPY_TO, COPY_NOTIFY"),
        ("clue", put("main", "steps", "Received", "forwards", True),
         "main.steps.Received.forwards", "whose message has a field office"),
        ("clue", put("main", "steps", "Received", "assigns", True),
         "main.steps.Received.assigns", "whose message has a field office"),
        ("consultation", put("main", "steps", "Completed", "proposes", True),
         "main.steps.Completed.proposes", "whose message has a field sha256"),
        ("consultation", put("track", "steps", "Acknowledged", "agrees", True),
         "track.steps.Acknowledged.agrees", "whose message has a field sha256"),
        ("consultation", put("main", "steps", "Completed", "gathers", True),
         "main.steps.Completed.gathers", "whose message has a field sha256"),
        ("clue", put("main", "remarks", "Commented", "dated", True),
         "main.remarks.Commented.dated", "whose message has a field due_date"),
        ("clue", put("main", "steps", "ClueReviewed", "field", "text"),
         "main.steps.ClueReviewed.field", "must be a field of ClueReviewed that is an enum"),
        ("clue", put("main", "steps", "ClueReviewed", "turns", "WINE", {"to": "returned"}),
         "main.steps.ClueReviewed.turns.WINE", "ACCEPTED, RETURNED, REROUTED"),
        ("clue", put("main", "steps", "Returned", "allows", {"text": ["X1"]}),
         "main.steps.Returned.allows.text", "must be a field of Returned that is an enum"),
        ("clue", put("main", "steps", "Returned", "allows", {"reason": ["LEAVING", "WINE"]}),
         "main.steps.Returned.allows.reason[1]", "must be a value of reason: NO_JURISDICTION"),
        ("clue", put(*CLUE, "correctable", ["place", "wine"]),
         "opens.ClueTransferred.correctable[1]", "must lead to a field of ClueTransferred"),
        ("clue", put("main", "steps", "Progressed", "correctable", ["wine"]),
         "main.steps.Progressed.correctable[0]", "must lead to a field of Progressed"),
        ("clue", put("main", "remarks", "Commented", "correctable", ["wine"]),
         "main.remarks.Commented.correctable[0]", "must lead to a field of Commented"),
        ("clue", put("deadlines", "closing", "default", "with", {"wine": 1}),
         "deadlines.closing.default.with", "must be the fields of Closed"),
        ("clue", put("deadlines", "closing", "default", "with", {"rating": 9}),
         "deadlines.closing.default.with", "must be a whole Closed"),
    ],
)  # fmt: skip
def test_a_word_that_the_schemas_dont_have_is_named_with_its_place(
    family: str, change: Change, key: str, words: str
) -> None:
    said: dict[str, Any] = told(family, change)
    assert words in said[key]
