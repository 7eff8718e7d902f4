"""A poison record, an input on which the core raises, stops nobody but its thread (invariant 8)."""

from __future__ import annotations

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import submission_pb2 as sub
from collab.v1 import verbs_pb2 as verbs
from collabbus.installation import Installation
from collabbus.model.thread import MAIN
from collabbus.simulate.play import Refused
from collabbus.stage import KafkaStage
from tests.integration.records import beside, metric, opening, quarantined
from tests.support.waiting import until

pytestmark = pytest.mark.kafka


def test_a_poison_submission_freezes_its_thread_and_nothing_else(
    installation: Installation, stage: KafkaStage
) -> None:
    draft = opening("poisoned")
    other = beside(installation, draft)
    stage.submit(draft)
    comment = sub.Draft.FromString(draft.SerializeToString())
    comment.ClearField("participants")
    comment.submission_id += "-2"
    comment.body.CopyFrom(body_pb2.Body(commented=verbs.Commented(text="POISON HERE")))
    with pytest.raises(Refused, match="INTERNAL"):
        stage.submit(comment)
    found = until(
        lambda: [q for q in quarantined(installation, "beijing") if q.code == "INTERNAL"],
        30,
        "it in quarantine",
    )
    assert "RuntimeError in poisoned" in found[-1].reason
    assert metric(installation, "beijing", "collabbus_quarantined_total", code="INTERNAL") == 1
    comment.submission_id += "-3"
    comment.body.commented.text = "good again"
    with pytest.raises(Refused, match="FROZEN"):
        stage.submit(comment)
    [event_id] = stage.submit(other)
    assert stage.await_event("tianjin", event_id)


def test_a_poison_event_of_a_peer_is_refused_for_all_to_see_and_its_neighbours_are_taken(
    installation: Installation, stage: KafkaStage
) -> None:
    draft = opening("poison-there")
    other = beside(installation, draft)
    [first] = stage.submit(draft)
    assert stage.await_event("tianjin", first)
    comment = sub.Draft.FromString(draft.SerializeToString())
    comment.ClearField("participants")
    comment.submission_id += "-2"
    comment.body.CopyFrom(body_pb2.Body(commented=verbs.Commented(text="POISON THERE")))
    stage.submit(comment)  # good to Beijing, which records it
    [event_id] = stage.submit(other)
    assert stage.await_event("tianjin", event_id)
    until(
        lambda: any(q.code == "INTERNAL" for q in quarantined(installation, "tianjin")),
        30,
        "it in quarantine",
    )

    def frozen(thread: st.Thread) -> bool:
        return any(freeze.refuser == "tianjin" for freeze in thread.freezes)

    for region in ("tianjin", "beijing"):
        thread = stage.await_thread(region, draft.matter_id, MAIN, frozen)
        assert thread is not None
        assert frozen(thread), f"{region} knows of the refusal"
