from __future__ import annotations

import pytest

from tests.model.altered import Change, add, drop, put, told

MAIN = ("main", "steps")
ALARMS = ("opens", "CaseNotified", "kinds")
LONELY = {"zh": "x", "awaits": "requester", "waits": "requester"}
WAITING = {"zh": "x", "awaits": "executor", "waits": "requester"}


def step(kind: str, start: str, to: str, **more: object) -> Change:
    """Give the change that adds a step to the main thread."""
    rule = {"zh": "x", "from": [start], "to": to, "articles": ["engineering"], **more}
    return put(*MAIN, kind, rule)


def silent(deadline: str) -> list[Change]:
    """Give the changes after which nobody is told that a deadline was missed."""
    return [drop("deadlines", deadline, "escalate"), drop("deadlines", deadline, "otherwise")]


@pytest.mark.parametrize(
    ("family", "changes", "key", "words"),
    [
        # Every state is reached, every act can be made.
        ("clue", [put("main", "states", "lost", {"zh": "x", "final": True})],
         "main.states.lost", "must be reached from an opening"),
        ("clue", [drop(*MAIN, "WithdrawalGranted")],
         "main.states.withdrawn", "must be reached from an opening"),
        ("clue", [put("track", "states", "lost", {"zh": "x", "final": True})],
         "track.states.lost", "must be reached from an opening"),
        ("notification", [drop("opens", "CaseNotified", "kinds", "SENSITIVE_CASE", "to"),
                          drop("opens", "CaseNotified", "kinds", "PUBLIC_SENTIMENT", "to")],
         "main.states.alarmed", "must be reached from an opening"),
        ("notification", [put(*MAIN, "Replied", "kinds", ["INSPECTION", "TYPICAL_CASE"])],
         "main.steps.Replied.kinds[1]", "must be a kind whose matters get to a state"),
        ("notification", [put(*MAIN, "Assessed", "kinds", ["TYPICAL_CASE"])],
         "main.steps.Assessed.from[0]", "a state in which a matter that knows Assessed can be"),

        # One party is awaited who is there.
        ("consultation", [put("main", "states", "heard", "awaits", "executor"),
                          put("main", "states", "heard", "waits", "requester")],
         "main.states.heard.awaits", "must be requester: a matter that circulates gets here"),
        ("notification", [put("opens", "CaseNotified", "circulates", "told")],
         "main.states.told.awaits", "must be requester: a matter that circulates gets here"),
        ("notification", [put("opens", "CaseNotified", "alone", "told")],
         "main.states.told.awaits", "must be requester: a matter that circulates gets here"),
        ("notification", [put(*ALARMS, "SENSITIVE_CASE", "circulates", "told")],
         "main.states.told.awaits", "must be requester: a matter that circulates gets here"),
        ("notification", [put(*ALARMS, "RISK_WARNING", "alone", "alarmed")],
         "main.states.alarmed.awaits", "must be requester: a matter that circulates gets here"),
        ("consultation", [put(*MAIN, "OpinionSubmitted", "to", "gathering")],
         "main.steps.OpinionSubmitted.to", "must not be 'gathering': there the executor is forg"),

        # A question resumes what it interrupted.
        ("clue", [put(*MAIN, "Progressed", "to", "resume")],
         "main.steps.Progressed.to", "in 'accepted' no question may be open to resume"),
        ("clue", [drop(*MAIN, "ClarificationAsked", "asks")],
         "main.steps.ClarificationAnswered.to", "in 'clarifying' no question may be open"),
        ("clue", [put(*MAIN, "ClueReviewed", "turns", "REROUTED", {"to": "resume"})],
         "main.steps.ClueReviewed.turns.REROUTED.to", "no question may be open to resume"),

        # A deadline runs where something is owed, and only there.
        ("clue", [put("opens", "ClueTransferred", "deadline", "")],
         "main.states.transferred", "must be reached with a deadline"),
        ("notification", [put("track", "deadline", "")],
         "track.states.notified", "must be reached with a deadline"),
        ("datashare", [drop("track", "steps", "AccessRequested", "deadline")],
         "track.states.access_asked", "must be reached with a deadline"),
        ("datashare", [drop("track", "steps", "Granted", "deadline")],
         "track.states.subscribed.idle", "'grant' runs here"),
        ("clue", [put("main", "states", "received", "idle", True)],
         "main.states.received.idle", "'review' runs here"),
        ("recommendation", [put(*MAIN, "Assessed", "turns", "REJECTED", "deadline", "")],
         "main.states.rectifying", "must be reached with a deadline"),

        ("notification", [put("deadlines", "brief", {"zh": "x", "within": "1 days",
                                                     "articles": ["engineering"]}),
                          put(*ALARMS, "RISK_WARNING", "track_deadline", "brief")],
         "deadlines.brief", "must have a consequence in state 'notified' of track"),
        ("notification", [put("deadlines", "brief", {"zh": "x", "within": "1 days",
                                                     "articles": ["engineering"]}),
                          put(*ALARMS, "RISK_WARNING", "deadline", "brief")],
         "deadlines.brief", "must have a consequence in state 'told' of main"),

        # What starts the kind's own deadline again, starts one.
        ("clue", [put("opens", "ClueTransferred", "deadline", "")],
         "main.steps.ClarificationAnswered.deadline", "kind SUPERVISION has none of its own"),
        ("recommendation", [put("opens", "RecommendationIssued", "deadline", "")],
         "main.steps.Assessed.turns.REJECTED.deadline", "kind CORRECTION has none of its own"),
        ("notification", [put("track", "deadline", ""),
                          put("track", "steps", "Replied", "deadline", "kind")],
         "track.steps.Replied.deadline", "kind INSPECTION has none of its own"),

        # A deadline has a consequence.
        ("clue", silent("review"),
         "deadlines.review", "must have a consequence in state 'transferred' of main"),
        ("clue", silent("clarification"),
         "deadlines.clarification", "must have a consequence in state 'clarifying' of main"),
        ("datashare", silent("grant"),
         "deadlines.grant", "must have a consequence in state 'access_asked' of track"),
        ("clue", [put("deadlines", "closing", "default", "act", "Received")],
         "deadlines.closing", "must have a consequence in state 'reported' of main"),
        ("clue", [drop(*MAIN, "Closed", "from", "reported"),
                  step("Archived", "reported", "closed")],
         "deadlines.closing", "must have a consequence in state 'reported' of main"),
        ("notification", [put(*MAIN, "Closed", "kinds", ["TYPICAL_CASE"])],
         "deadlines.closing", "must have a consequence in state 'acknowledged' of main"),
        ("clue", [put(*MAIN, "Closed", "requires", ["body.note"])],
         "deadlines.closing.default.act", "out of 'reported' it needs body.note"),
        ("clue", [put(*MAIN, "Closed", "answers", "WithdrawalAsked")],
         "deadlines.closing.default.act", "out of 'reported' it needs another party"),

        # Where all must agree, each must be able to.
        ("notification", [drop("track", "steps", "DecisionAgreed", "agrees")],
         "main.states.reviewing", "must have a way to an end that the requester can take"),
        ("notification", [drop("track", "steps", "DecisionAgreed", "from", "answered")],
         "main.states.responding", "in a matter of kind SENSITIVE_CASE too"),
        ("notification", [put("track", "states", "declined", {"zh": "x", "final": True}),
                          put("track", "steps", "Declined",
                              {"zh": "x", "from": ["notified"], "to": "declined",
                               "requires": ["body.reason", "body.text"], "articles": ["x"]})],
         "main.states.reviewing", "in a matter of kind PUBLIC_SENTIMENT too"),
        ("notification", [put(*ALARMS, "SENSITIVE_CASE", "alone", "responding")],
         "main.states.responding", "in a matter of kind SENSITIVE_CASE too"),
        ("notification", [drop(*MAIN, "DecisionProposed", "proposes"),
                          add(*MAIN, "DecisionRecorded", "kinds", "TYPICAL_CASE")],
         "main.steps.DecisionRecorded.agrees", "must go with an act of the main thread that"),

        # From everywhere there is a way to an end that is one's own.
        ("clue", [put(*MAIN, "ClueResultReported", "to", "accepted"),
                  drop(*MAIN, "Returned", "from", "accepted")],
         "main.states.accepted", "must have a way to an end that the executor can take"),
        ("clue", [put(*MAIN, "Closed", "from", ["returned"])],
         "main.states.reported", "must have a way to an end that the requester can take"),
        ("clue", [put(*MAIN, "Closed", "answers", "WithdrawalAsked")],
         "main.states.reported", "must have a way to an end that the requester can take"),
        ("clue", [put(*MAIN, "Closed", "from", ["reported"])],
         "main.states.returned", "must have a way to an end that the requester can take"),
        ("recommendation", [drop(*MAIN, "Closed", "from", "returned")],
         "main.states.returned", "must have a way to an end"),
        ("consultation", [put(*MAIN, "Closed", "from", ["decided"])],
         "main.states.signing", "must have a way to an end"),
        ("consultation", [drop(*MAIN, "Closed", "from", "discussed"),
                          put(*MAIN, "DecisionProposed", "kinds", ["JURISDICTION"])],
         "main.states.discussed", "in a matter of kind INSTRUMENT too"),
        ("consultation", [drop(*MAIN, "Closed", "from", "prepared")],
         "main.states.prepared", "in a matter of kind JURISDICTION too"),
        ("consultation", [drop(*MAIN, "DecisionProposed", "proposes"),
                          drop(*MAIN, "OpinionSubmitted", "from", "proposed"),
                          drop(*MAIN, "ClarificationAsked", "from", "proposed")],
         "main.states.proposed", "must have a way to an end that the executor can take"),
        ("datashare", [drop(*MAIN, "Closed")],
         "main.states.published", "must have a way to an end that the requester can take"),
        ("datashare", [put("track", "steps", "Granted", "answers", "ExtensionAsked"),
                       drop("track", "steps", "Declined")],
         "track.states.access_asked", "must have a way to an end that the requester can take"),
    ],
)  # fmt: skip
def test_a_way_that_cant_be_gone_is_named_with_its_place(
    family: str, changes: list[Change], key: str, words: str
) -> None:
    assert words in told(family, *changes)[key]


def test_who_waits_for_itself_needs_no_other_consequence() -> None:
    """The host of a circulation closes it, late or not: it is waited for by itself."""
    said = told("notification", *silent("notice"))
    assert "'told'" in said["deadlines.notice"]
    assert "'circulated'" not in said["deadlines.notice"]


def test_a_track_may_rest_where_a_matter_must_end() -> None:
    assert not told("clue")
    ends = drop("track", "steps", "ApplicationWithdrawn")
    assert list(told("clue", ends)) == ["track.states.withdrawn"]
    assert "main.states.published" in told("datashare", drop(*MAIN, "Closed"))


def test_each_kind_is_walked_by_itself() -> None:
    """What one kind alone may do opens a way for no other."""
    only = put(*MAIN, "Acknowledged", "kinds", ["TYPICAL_CASE"])
    said = told("notification", only)
    assert "in a matter of kind CASE_BRIEFING too" in said["main.states.told"]
    assert "in a matter of kind TYPICAL_CASE too" not in said["main.states.told"]


def test_a_matter_of_several_kinds_may_begin_where_any_of_them_does() -> None:
    """The state may be one kind's own and the deadline another's."""
    changes = [
        put("opens", "AssistanceRequested", "kinds", "WITNESS", "to", "returned"),
        put("opens", "AssistanceRequested", "kinds", "EVIDENCE", "deadline", "soon"),
        put("deadlines", "soon", {"zh": "x", "within": "1 days", "articles": ["engineering"]}),
    ]
    said = told("assistance", *changes)
    assert "'returned'" in said["deadlines.soon"]
    assert "'requested'" in said["deadlines.soon"]


def test_only_a_kind_with_a_deadline_of_its_own_may_start_it_again() -> None:
    said = told("clue", put("opens", "ClueTransferred", "deadline", ""))
    words = said["main.steps.Forwarded.deadline"]
    assert "kind SUPERVISION has" in words
    assert "MANDATORY_REPORT" not in words


def test_the_tracks_of_a_kind_with_a_deadline_of_its_own_need_no_other() -> None:
    changes = [
        put("track", "deadline", ""),
        put("track", "steps", "DecisionAgreed", "to", "notified"),
        put("track", "steps", "DecisionAgreed", "deadline", "kind"),
        drop("track", "steps", "DecisionAgreed", "from", "approved"),
    ]
    assert "track.steps.DecisionAgreed.deadline" not in told("notification", *changes)
    changes.append(drop(*ALARMS, "SENSITIVE_CASE", "track_deadline"))
    words = told("notification", *changes)["track.steps.DecisionAgreed.deadline"]
    assert "kind SENSITIVE_CASE has none" in words
    assert "PUBLIC_SENTIMENT" not in words


def test_an_added_state_with_a_way_in_and_out_is_sound() -> None:
    changes = [
        put("main", "states", "archived", WAITING),
        step("Reopened", "accepted", "archived"),
        add(*MAIN, "ClueResultReported", "from", "archived"),
    ]
    assert not told("clue", *changes)
