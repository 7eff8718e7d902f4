"""Archive: a stub stays, late events are recorded against it, acts are rejected (rule 11)."""

from __future__ import annotations

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model.deadline import DAY_MS
from tests.model.neighbours import BINHAI, HAIDIAN, LANGFANG, Neighbours, altered
from tests.model.signing import circulating, convene, says

PAST_ARCHIVE_MS = 500 * DAY_MS


@pytest.fixture
def closed(regions: Neighbours) -> str:
    """A matter that was closed long ago; nobody's clock has spoken since."""
    matter = regions.open(HAIDIAN, BINHAI, LANGFANG)
    regions.carry_all()
    for office, kind in ((BINHAI, "Accepted"), (BINHAI, "Completed"), (HAIDIAN, "Closed")):
        regions.says(office, kind, matter)
        regions.carry_all()
    regions.now_ms += PAST_ARCHIVE_MS
    return matter


def keys(regions: Neighbours, region: str, matter: str) -> set[str]:
    return {key for key in regions.snapshot(region) if matter in key}


def test_the_hosts_region_archives_and_every_member_lets_go(
    regions: Neighbours, closed: str
) -> None:
    regions.tick("tianjin", "hebei")
    assert "Archived" not in regions.types("tianjin")  # it isn't theirs to say
    regions.tick("beijing")
    regions.tick("beijing")
    assert regions.types("beijing").count("Archived") == 1
    regions.carry_all()
    stubs = set()
    for region in regions.nodes:
        assert keys(regions, region, closed) == {f"a/{closed}"}
        stubs.add(regions.snapshot(region)[f"a/{closed}"])
    assert len(stubs) == 1
    [stub] = stubs
    assert len(stub) <= 200
    assert st.Stub.FromString(stub).state == "closed"


def test_an_act_in_an_archived_matter_is_rejected_and_the_rejection_is_remembered(
    regions: Neighbours, closed: str
) -> None:
    regions.tick()
    draft = regions.draft(HAIDIAN, "Commented", closed)
    first = regions.hand_in(draft)
    assert (first.code, first.field) == ("ARCHIVED", "matter_id")
    assert regions.hand_in(draft) == first


def test_a_late_event_is_recorded_once_and_changes_nothing_but_the_last_number(
    regions: Neighbours, closed: str
) -> None:
    late = regions.says(LANGFANG, "Commented", closed)  # Hebei hasn't heard of the archiving
    regions.tick("beijing")
    regions.carry("hebei", "beijing")
    assert regions.log("beijing")[-1].event_id == late.event_ids[0]
    stub = st.Stub.FromString(regions.snapshot("beijing")[f"a/{closed}"])
    assert {o.region: o.last for o in stub.origins}["hebei"] == 1
    before = regions.types("beijing")
    regions.forge("hebei", "beijing", *(e for e in regions.events("hebei")[-1:]))
    assert regions.types("beijing") == before
    assert keys(regions, "beijing", closed) == {f"a/{closed}"}
    regions.carry_all()
    for region in regions.nodes:
        assert keys(regions, region, closed) == {f"a/{closed}"}
        assert late.event_ids[0] in {e.event_id for e in regions.log(region)}
        assert regions.quarantined(region) == []


def test_who_takes_the_shard_anew_still_knows_what_is_archived(
    regions: Neighbours, closed: str
) -> None:
    regions.tick()
    regions.nodes["beijing"].start_record()
    regions.tick()
    assert regions.types("beijing").count("Archived") == 1
    assert regions.hand_in(regions.draft(HAIDIAN, "Commented", closed)).code == "ARCHIVED"


def test_a_matter_that_isnt_over_is_never_archived(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, BINHAI)
    regions.carry_all()
    regions.now_ms += 10 * PAST_ARCHIVE_MS
    for _ in range(3):
        regions.tick()
        regions.carry_all()
    assert f"m/{matter}" in keys(regions, "beijing", matter)


def test_only_the_hosts_region_may_say_that_a_matter_is_archived(
    regions: Neighbours, closed: str
) -> None:
    [event] = [e for e in regions.events("tianjin") if _is(e, "Completed", "tianjin")]
    said = body_pb2.Body(archived=verbs_pb2.Archived(final_state="closed"))
    forged = altered(event, body=said, drop=["step"], number=3, clock=True)
    regions.forge("tianjin", "beijing", forged)
    assert f"m/{closed}" in keys(regions, "beijing", closed)
    assert regions.waiting("beijing") == [("REFUSED", "tianjin", 3)]


def test_what_is_held_of_a_matter_when_it_is_archived_is_recorded_late_and_held_no_more(
    regions: Neighbours, closed: str
) -> None:
    """Invariant 1 and rule 11: neither the log lacks it, nor does the link count it for ever."""
    regions.says(LANGFANG, "Commented", closed)
    regions.says(LANGFANG, "Commented", closed)
    first, second = regions.events("hebei")[-2:]
    regions.forge("hebei", "tianjin", second)  # what comes before it is on its way
    assert regions.waiting("tianjin") == [("CAUSE", "hebei", 2)]
    assert regions.link("tianjin", "hebei").held == 1
    regions.tick("beijing")
    regions.carry("beijing", "tianjin")
    assert keys(regions, "tianjin", closed) == {f"a/{closed}"}
    assert regions.waiting("tianjin") == []
    assert regions.link("tianjin", "hebei").held == 0
    assert regions.events("tianjin").count(second) == 1
    assert first not in regions.events("tianjin")


def test_who_has_left_is_told_and_lets_go(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, BINHAI, LANGFANG)
    regions.carry_all()
    regions.says(LANGFANG, "LeaveAsked", matter)
    regions.carry_all()
    for office, kind in ((BINHAI, "Accepted"), (BINHAI, "Completed"), (HAIDIAN, "Closed")):
        regions.says(office, kind, matter)
        regions.carry_all()
    regions.now_ms += PAST_ARCHIVE_MS
    regions.tick("hebei")
    assert f"m/{matter}" in keys(regions, "hebei", matter)
    regions.tick("beijing")
    regions.carry_all()
    told = {e.thread: e.to for e in regions.log("beijing") if e.type == "Archived"}
    assert told == {"main": ["tianjin"], "archive/hebei": ["hebei"]}
    assert [e.thread for e in regions.log("hebei")][-1] == "archive/hebei"
    for region in regions.nodes:
        assert keys(regions, region, matter) == {f"a/{matter}"}
        assert regions.quarantined(region) == regions.waiting(region) == []


def test_who_has_nothing_but_a_copy_is_told_and_lets_go() -> None:
    regions = Neighbours(circulating())
    copies = [ev.Copy(role=ev.COPY_ROLE_COPY_UP, office=BINHAI)]
    matter = convene(regions, LANGFANG, copies=copies)
    says(regions, HAIDIAN, matter, verbs_pb2.Closed())
    regions.carry_all()
    assert f"t/{matter}/copy/copy-up/{BINHAI}" in keys(regions, "tianjin", matter)
    regions.now_ms += 3 * PAST_ARCHIVE_MS
    regions.tick("beijing")
    regions.carry_all()
    for region in regions.nodes:
        assert keys(regions, region, matter) == {f"a/{matter}"}


def test_nobody_but_the_host_has_another_let_go(regions: Neighbours, closed: str) -> None:
    """A thread of that name is open to whoever begins it."""
    [event] = [e for e in regions.events("tianjin") if _is(e, "Completed", "tianjin")]
    said = body_pb2.Body(archived=verbs_pb2.Archived(final_state="closed"))
    forged = altered(
        event, body=said, drop=["step", "seen", "seed"], number=1, clock=True,
        thread="archive/hebei", to=["hebei"],
    )  # fmt: skip
    regions.forge("tianjin", "hebei", forged)
    assert f"m/{closed}" in keys(regions, "hebei", closed)
    assert regions.quarantined("hebei") == ["FOREIGN_MATTER"]


def _is(event: ev.Event, kind: str, origin: str) -> bool:
    envelope = ev.Envelope.FromString(event.envelope)
    return (envelope.type, envelope.origin) == (kind, origin)
