"""The fold: a log alone gives the states that its processor holds (invariant 4)."""

from __future__ import annotations

import json

import pytest

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.ledger.fold import Fold, Logged, content_of, sort_of
from collabbus.model.thread import VOIDED
from collabbus.repertoire import Repertoire
from collabbus.simulate.play import play
from collabbus.simulate.stage import SimulatedStage
from tests.ledger import told
from tests.model.neighbours import CONTRACTS

SEEDS = range(2000, 2025)


def _differences(region: str, node: object, besides: object = ()) -> list[str]:
    fold = told.fold(region, node, told.pinned().get)  # type: ignore[arg-type]
    gone = {key for key, one in fold.matters.items() if one.archived_ms is not None}
    found = told.pictures(
        (matter_id, one.kept) for (matter_id, _), one in fold.threads.items() if one.position
    )
    return told.differences(node, found, gone, besides)  # type: ignore[arg-type]


def test_the_log_of_each_region_gives_the_states_of_its_processor_whatever_happened() -> None:
    """Crashes, refusals, voidings, leaving, lies, archives: of seeds that no other test plays."""
    archived = events = 0
    for seed in SEEDS:
        made = told.alliance(seed)
        for region, node in told.regions(made):
            wrong = _differences(region, node, told.slipped(made, region))
            assert not wrong, f"seed {seed}, {region}: {wrong[0]}"
            archived += len(told.archived(node))
            events += len(node.disk.events)
    assert archived > 10
    assert events > 2500


def test_every_story_of_the_trade_gives_the_states_of_its_processors() -> None:
    repertoire = Repertoire.load(CONTRACTS)
    stage = SimulatedStage(told.contracts(), told.contracts().networks, {})
    for scenario in repertoire.chosen(()):
        # One after the other on one stage the days of some are others than their stories say.
        play(scenario, stage, "ledger")
    assert sum(len(node.disk.events) for node in stage.nodes.values()) > 1000
    for region, node in stage.nodes.items():
        wrong = _differences(region, node)
        assert not wrong, f"{region}: {wrong[0]}"


def _logged(number: int, **fields: object) -> Logged:
    envelope = ev.Envelope(
        event_id=f"{number:032x}",
        network="jingjinji",
        matter_id="a" * 32,
        thread="main",
        origin="beijing",
        number=number,
        family=ev.FAMILY_ASSISTANCE,
        office="beijing/haidian",
        recorded_ms=1000 + number,
        opened_ms=1000,
        **fields,  # type: ignore[arg-type]
    )
    body = body_pb2.Body(commented=verbs_pb2.Commented(text="说明\x00"))
    event = ev.Event(
        envelope=envelope.SerializeToString(), body=body.SerializeToString(), salt=b"s"
    )
    return Logged(0, number, 2000, event, envelope)


@pytest.fixture
def fold() -> Fold:
    return Fold("beijing", lambda digest: None)


def test_a_number_that_the_log_lacks_counts_as_taken_back(fold: Fold) -> None:
    fold.take(_logged(1, type="Commented"), 1)
    fold.take(_logged(4, type="Commented"), 2)
    [origin] = fold.threads["a" * 32, "main"].kept.origins
    assert (origin.last, origin.digests[16:48]) == (4, VOIDED * 2)


def test_a_number_that_was_taken_changes_nothing_again(fold: Fold) -> None:
    fold.take(_logged(1, type="Commented"), 1)
    before = fold.threads["a" * 32, "main"].kept.SerializeToString()
    fold.take(_logged(1, type="Commented"), 2)
    assert fold.threads["a" * 32, "main"].kept.SerializeToString() == before
    assert fold.matters["a" * 32].position == 1


def test_an_event_without_its_body_keeps_its_step_and_parties(fold: Fold) -> None:
    whole = _logged(
        1,
        type="AssistanceRequested",
        step=ev.Step(number=1, state="requested", awaits="tianjin/binhai", waits="beijing/haidian"),
        participants=[ev.Participant(office="tianjin/binhai", role=ev.ROLE_EXECUTOR)],
    )
    event = ev.Event(envelope=whole.event.envelope)
    fold.take(Logged(0, 1, 2000, event, whole.envelope), 1)
    [line] = fold.events
    assert (line["content"], line["body"], line["salt"]) == (None, None, None)
    [thread] = fold.thread_lines()
    assert (thread["state"], thread["awaits"]) == ("requested", "tianjin/binhai")
    assert [one["office"] for one in fold.party_lines()] == ["tianjin/binhai"]


def test_an_effect_whose_words_were_erased_spoils_nothing(fold: Fold) -> None:
    for number, kind in enumerate(("Voided", "Linked", "Extended", "LeaveAsked", "Refused"), 1):
        whole = _logged(number, type=kind)
        event = ev.Event(envelope=whole.event.envelope)
        fold.take(Logged(0, number, 2000, event, whole.envelope), number)
    kept = fold.threads["a" * 32, "main"].kept
    assert [(one.region, one.last) for one in kept.origins] == [("beijing", 5)]
    assert not kept.links
    assert not kept.freezes


def test_an_event_on_which_the_core_failed_is_kept_and_changes_nothing(fold: Fold) -> None:
    fold.take(_logged(1, type="Commented"), 1, as_it_is=True)
    assert [line["event_id"] for line in fold.events] == [f"{1:032x}"]
    assert list(fold.matter_lines()) == []


def test_what_is_said_is_told_by_the_fields_own_names_and_without_what_no_database_takes() -> None:
    for given, shown in (("收\x001", "收\ufffd1"), ("\\u0000", "\\u0000")):
        assert json.loads(content_of(verbs_pb2.Received(register_number=given))) == {
            "register_number": shown
        }


@pytest.mark.parametrize(
    ("thread", "sort"),
    [("main", "main"), ("track/hebei/x", "track"), ("track/guest/a", "guest"), ("local", "local"),
     ("copy/report/beijing/x", "copy"), ("archive/hebei", "archive")],
)  # fmt: skip
def test_each_sort_of_thread_is_known_by_its_name(thread: str, sort: str) -> None:
    assert sort_of(thread) == sort
