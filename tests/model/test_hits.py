from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as some

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import datashare_pb2 as ds
from collab.v1 import event_pb2 as ev
from collabbus.model import hits
from collabbus.model.body import type_of
from collabbus.model.hits import Figures

Told = tuple[ev.Envelope, body_pb2.Body]

RIGHT, WRONG = ds.HIT_OUTCOME_TRUE_POSITIVE, ds.HIT_OUTCOME_FALSE_POSITIVE
PUBLISHED = body_pb2.Body(
    model_published=ds.ModelPublished(model_id="fuel", version="2", owner="beijing/provincial")
)


def at(number: int, body: body_pb2.Body, origin: str = "beijing") -> Told:
    envelope = ev.Envelope(origin=origin, number=number, type=type_of(body))
    if envelope.type == "ModelPublished":
        envelope.step.number = 1
    return envelope, body


def hit(name: str, model: str = "fuel", version: str = "2") -> body_pb2.Body:
    return body_pb2.Body(
        model_hit=ds.ModelHit(
            model_id=model, version=version, hit_id=name, record_sha256=[bytes(32)]
        )
    )


def outcome(name: str, told: ds.HitOutcome, clue: str = "") -> body_pb2.Body:
    return body_pb2.Body(
        hit_outcome_recorded=ds.HitOutcomeRecorded(hit_id=name, outcome=told, clue_matter_id=clue)
    )


def correction(number: int, body: body_pb2.Body, *fields: str) -> body_pb2.Body:
    return body_pb2.Body(corrected=body_pb2.Corrected(number=number, fields=fields, body=body))


def voided(origin: str, number: int) -> body_pb2.Body:
    return body_pb2.Body(voided=verbs_pb2.Voided(origin=origin, number=number))


def found(*told: Told) -> st.Model:
    """Give the model of a thread that has taken these events, after its publication."""
    thread = st.Thread(thread="main")
    for envelope, body in (at(1, PUBLISHED), *told):
        hits.take(thread, envelope, body)
    return thread.model


def figures(*told: Told) -> Figures:
    return hits.figures(found(*told))


# What counts ----------------------------------------------------------------------------------


def test_a_model_begins_with_nothing_and_has_no_rates() -> None:
    none = figures()
    assert none == Figures()
    assert none.precision is None
    assert none.hit_rate is None


def test_precision_is_of_the_answered_and_the_hit_rate_of_all_hits() -> None:
    told = figures(
        *(at(n, hit(f"h{n}")) for n in range(2, 6)),
        at(6, outcome("h2", RIGHT, "a" * 32)),
        at(7, outcome("h3", WRONG)),
    )
    assert told == Figures(hits=4, answered=2, confirmed=1, clues=1)
    assert (told.precision, told.hit_rate) == (0.5, 0.25)


def test_a_hit_that_two_regions_say_at_once_is_one_hit() -> None:
    assert figures(at(2, hit("h")), at(1, hit("h"), "hebei")).hits == 1


def test_a_hit_of_another_model_or_version_counts_nowhere() -> None:
    assert figures(at(2, hit("h", "other")), at(3, hit("h", version="1"))) == Figures()


def test_an_outcome_without_its_hit_counts_nowhere() -> None:
    assert figures(at(2, outcome("h", RIGHT))) == Figures()


def test_what_two_regions_judge_differently_is_answered_and_not_confirmed() -> None:
    acts = at(2, hit("h")), at(3, outcome("h", RIGHT)), at(1, outcome("h", WRONG), "hebei")
    assert figures(*acts) == Figures(hits=1, answered=1, confirmed=0)


def test_a_correction_replaces_what_it_names_and_nothing_else() -> None:
    acts = at(2, hit("h")), at(3, outcome("h", RIGHT))
    read = outcome("h", WRONG, "a" * 32)
    assert figures(*acts, at(4, correction(3, read, "outcome"))) == Figures(1, 1, 0, 0)
    assert figures(*acts, at(4, correction(3, read, "clue_matter_id"))) == Figures(1, 1, 1, 1)
    assert figures(*acts, at(4, correction(3, read, "text"))) == Figures(1, 1, 1, 0)
    other = at(5, hit("g")), at(6, outcome("g", WRONG))
    fixed = at(7, correction(3, read, "outcome", "clue_matter_id"))
    assert figures(*acts, *other, fixed) == Figures(hits=2, answered=2, confirmed=0, clues=1)
    again = at(5, correction(3, outcome("h", RIGHT), "outcome"))
    assert figures(*acts, at(4, correction(3, read, "outcome")), again).confirmed == 1


def test_nobody_corrects_the_outcome_of_another() -> None:
    acts = at(2, hit("h")), at(3, outcome("h", RIGHT))
    other = at(9, correction(3, outcome("h", WRONG), "outcome"), "hebei")
    assert figures(*acts, other).confirmed == 1


def test_what_its_origin_voids_was_never_said() -> None:
    acts = at(2, hit("h")), at(3, outcome("h", RIGHT))
    assert figures(*acts, at(4, voided("beijing", 3))) == Figures(hits=1)
    assert figures(*acts, at(4, voided("beijing", 2))) == Figures()
    fixed = at(4, correction(3, outcome("h", WRONG), "outcome"))
    assert figures(*acts, fixed, at(5, voided("beijing", 4))).confirmed == 1


def test_a_thread_that_published_no_model_keeps_nothing_of_hits() -> None:
    thread = st.Thread(thread="main")
    for envelope, body in (
        at(1, hit("h")),
        at(2, outcome("h", RIGHT)),
        at(3, voided("beijing", 1)),
    ):
        hits.take(thread, envelope, body)
    assert thread == st.Thread(thread="main")


def test_figures_of_several_models_add_up() -> None:
    assert Figures.total([Figures(4, 3, 2, 1), Figures(1, 1, 1, 1)]) == Figures(5, 4, 3, 2)


# Order and repeats ----------------------------------------------------------------------------

_ACTS = some.tuples(
    some.sampled_from(("beijing", "hebei")),
    some.sampled_from(("hit", "hit", "outcome", "outcome", "correct")),
    some.sampled_from(("h1", "h2", "h3")),
    some.sampled_from((RIGHT, WRONG)),
    some.integers(2, 6),
)


def _log(acts: list[tuple[str, str, str, ds.HitOutcome, int]]) -> list[Told]:
    last = {"beijing": 1, "hebei": 0}
    log = []
    for origin, what, name, right, number in acts:
        last[origin] += 1
        body = {
            "hit": hit(name),
            "outcome": outcome(name, right),
            "correct": correction(number, outcome(name, right), "outcome"),
        }[what]
        log.append(at(last[origin], body, origin))
    return log


def _counted(log: list[Told]) -> Figures:
    """Count as one would by hand: what each region holds of each hit in the end."""
    said = {body.model_hit.hit_id for _, body in log if body.HasField("model_hit")}
    holds: dict[tuple[str, str], bool] = {}
    for envelope, body in log:
        if not body.HasField("hit_outcome_recorded"):
            continue
        told = body.hit_outcome_recorded
        right = told.outcome == RIGHT
        for other, fixed in log:
            if (other.origin, fixed.corrected.number) == (envelope.origin, envelope.number):
                right = fixed.corrected.body.hit_outcome_recorded.outcome == RIGHT
        holds[told.hit_id, envelope.origin] = right
    answered = {name for name, _ in holds} & said
    wrong = {name for (name, _), right in holds.items() if not right}
    return Figures(hits=len(said), answered=len(answered), confirmed=len(answered - wrong))


@given(some.lists(_ACTS, max_size=12), some.randoms(use_true_random=False))
def test_no_order_and_no_repeat_changes_a_figure(
    acts: list[tuple[str, str, str, ds.HitOutcome, int]], rnd: random.Random
) -> None:
    log = _log(acts)
    model = found(*log)
    assert hits.figures(model) == _counted(log)
    mixed = [*log, *log]
    rnd.shuffle(mixed)
    twin = found(*mixed)
    assert hits.figures(twin) == hits.figures(model)
    assert hits.picture(twin) == hits.picture(model)
