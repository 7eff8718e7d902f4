"""Tracks: threads between the host and one recipient each, or one guest."""

from __future__ import annotations

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, notification_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collabbus.model import thread as threads
from collabbus.model.deadline import days_after
from tests.model.neighbours import (
    BINHAI,
    CHAOYANG,
    HAIDIAN,
    LANGFANG,
    SANHE,
    START_MS,
    Neighbours,
    altered,
    jingjinji,
)
from tests.model.signing import (
    RECIPIENTS,
    circulating,
    code,
    convene,
    draft,
    guest,
    opening,
    says,
    sound,
    track,
)

ACKNOWLEDGED = notification_pb2.Acknowledged()
COMMENTED = verbs_pb2.Commented(text="知悉")
CLOSED = verbs_pb2.Closed()
BINHAIS, LANGFANGS = track(BINHAI), track(LANGFANG)


@pytest.fixture
def regions() -> Neighbours:
    """Beijing, Tianjin and Hebei, under a contract that has tracks."""
    return Neighbours(circulating())


@pytest.fixture
def circle(regions: Neighbours) -> str:
    """A consultation that Haidian hosts; Binhai and Langfang are invited, and know of it."""
    matter = convene(regions, *RECIPIENTS)
    regions.carry_all()
    return matter


# Tracks: a thread for each recipient -----------------------------------------------------------


def test_each_recipient_has_a_track_with_the_host_that_awaits_it(
    regions: Neighbours, circle: str
) -> None:
    for office in RECIPIENTS:
        region = office.partition("/")[0]
        step = regions.thread(region, circle, track(office)).step
        assert (step.number, step.state, step.awaits, step.waits) == (1, "invited", office, HAIDIAN)
        assert step.due_ms == days_after(START_MS, 10)
        assert regions.agree(circle, "beijing", region, thread=track(office))
    main = regions.thread("hebei", circle).step
    assert (main.state, main.awaits, main.waits) == ("gathering", HAIDIAN, HAIDIAN)
    assert regions.agree(circle)
    sound(regions)


def test_recipients_dont_see_each_others_tracks(regions: Neighbours, circle: str) -> None:
    """Invariant 7 within a matter: nothing of a track is ever addressed to a third region."""
    says(regions, BINHAI, circle, COMMENTED, BINHAIS)
    says(regions, BINHAI, circle, ACKNOWLEDGED, BINHAIS)
    says(regions, HAIDIAN, circle, COMMENTED, BINHAIS)
    says(regions, HAIDIAN, circle, CLOSED)
    regions.carry_all()
    assert regions.threads("tianjin", circle) == ["main", BINHAIS]
    assert regions.threads("hebei", circle) == ["main", LANGFANGS]
    for region, others in (("tianjin", LANGFANGS), ("hebei", BINHAIS)):
        assert all(envelope.thread != others for envelope in regions.log(region))
    assert code(regions, LANGFANG, circle, COMMENTED, BINHAIS) == "UNKNOWN_THREAD"
    sound(regions)


def test_a_track_in_the_hosts_own_region_stays_there(regions: Neighbours) -> None:
    matter = convene(regions, CHAOYANG, BINHAI)
    regions.carry_all()
    assert regions.thread("beijing", matter, track(CHAOYANG)).step.awaits == CHAOYANG
    assert regions.threads("tianjin", matter) == ["main", BINHAIS]
    says(regions, CHAOYANG, matter, ACKNOWLEDGED, track(CHAOYANG))
    assert not any(e.to for e in regions.log("beijing") if e.thread == track(CHAOYANG))


def test_a_day_that_the_opening_names_is_that_of_the_tracks(regions: Neighbours) -> None:
    outcome = regions.hand_in(opening(regions, BINHAI, due_date="2026-10-01"))
    # The host's own deadline isn't for an office to choose.
    assert (outcome.code, outcome.field) == ("INVALID_FIELD", "due_date")


ALERT = notification_pb2.CaseNotified(
    kind=notification_pb2.NOTIFICATION_KIND_ABSENCE_WITHOUT_LEAVE,
    title="不假外出警示",
    absence_without_leave=notification_pb2.CorrectionAlert(person="SQ-31", since_date="2026-09-20"),
)


def test_a_kinds_own_term_is_that_of_its_tracks_and_the_hosts_is_another() -> None:
    """004§13: an alert is urgent for each who is told; the host has time to close it."""
    regions = Neighbours(jingjinji())
    asked = opening(regions, BINHAI, CHAOYANG, family=ev.FAMILY_NOTIFICATION)
    asked.body.case_notified.CopyFrom(ALERT)
    outcome = regions.hand_in(asked)
    assert outcome.code == ""
    regions.carry_all()
    for region, office in (("beijing", BINHAI), ("tianjin", BINHAI), ("beijing", CHAOYANG)):
        thread = regions.thread(region, outcome.matter_id, track(office))
        assert (thread.deadline, thread.step.due_ms) == ("urgent", days_after(START_MS, 1))
    main = regions.thread("beijing", outcome.matter_id)
    assert (main.deadline, main.step.due_ms) == ("notice", days_after(START_MS, 30))
    added = [ev.Participant(office=SANHE, role=ev.ROLE_RECIPIENT)]
    adding = verbs_pb2.ParticipantAdded()
    family = ev.FAMILY_NOTIFICATION
    says(regions, HAIDIAN, outcome.matter_id, adding, participants=added, family=family)
    regions.carry_all()
    assert regions.thread("hebei", outcome.matter_id, track(SANHE)).deadline == "urgent"
    sound(regions)


def test_who_is_made_a_recipient_later_has_a_track_from_then_on(
    regions: Neighbours, circle: str
) -> None:
    regions.now_ms += 3 * 86_400_000
    added = [ev.Participant(office=SANHE, role=ev.ROLE_RECIPIENT)]
    says(regions, HAIDIAN, circle, verbs_pb2.ParticipantAdded(), participants=added)
    regions.carry_all()
    step = regions.thread("hebei", circle, track(SANHE)).step
    assert (step.awaits, step.due_ms) == (SANHE, days_after(regions.now_ms, 10))
    assert regions.threads("hebei", circle) == ["main", LANGFANGS, track(SANHE)]
    assert regions.agree(circle)
    sound(regions)


def test_who_is_added_again_goes_on_where_it_was(regions: Neighbours, circle: str) -> None:
    says(regions, BINHAI, circle, ACKNOWLEDGED, BINHAIS)
    regions.carry_all()
    added = [ev.Participant(office=BINHAI, role=ev.ROLE_RECIPIENT)]
    says(regions, HAIDIAN, circle, verbs_pb2.ParticipantAdded(), participants=added)
    regions.carry_all()
    assert regions.thread("beijing", circle, BINHAIS).step.number == 2
    assert regions.types("tianjin").count("TrackOpened") == 1


def test_recipients_are_the_hosts_to_add(regions: Neighbours, circle: str) -> None:
    for office, added, found in (
        (BINHAI, SANHE, "NOT_ALLOWED"),
        (HAIDIAN, HAIDIAN, "INVALID_FIELD"),
    ):
        named = [ev.Participant(office=added, role=ev.ROLE_RECIPIENT)]
        given = code(regions, office, circle, verbs_pb2.ParticipantAdded(), participants=named)
        assert given == found
    assert regions.threads("beijing", circle) == ["main", LANGFANGS, BINHAIS]


def test_a_matter_that_has_ended_has_no_new_recipients(regions: Neighbours, circle: str) -> None:
    """Their tracks would never end, and their clocks never stop."""
    says(regions, HAIDIAN, circle, CLOSED)
    added = [ev.Participant(office=SANHE, role=ev.ROLE_RECIPIENT)]
    found = code(regions, HAIDIAN, circle, verbs_pb2.ParticipantAdded(), participants=added)
    assert found == "WRONG_STATE"
    observer = [ev.Participant(office=SANHE, role=ev.ROLE_OBSERVER)]
    says(regions, HAIDIAN, circle, verbs_pb2.ParticipantAdded(), participants=observer)


def test_a_family_without_tracks_has_no_recipients(regions: Neighbours) -> None:
    matter = regions.open()
    there = [ev.Participant(office=LANGFANG, role=ev.ROLE_RECIPIENT)]
    added = regions.draft(HAIDIAN, "ParticipantAdded", matter, participants=there)
    assert regions.hand_in(added).code == "INVALID_FIELD"
    asked = regions.draft(
        HAIDIAN,
        "Commented",
        matter,
        body=body_pb2.Body(track_opened=guest("firm-1")),
        thread="track/guest/firm-1",
    )
    assert regions.hand_in(asked).code == "UNKNOWN_KIND"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "signed"),
        ("awaits", LANGFANG),
        ("waits", BINHAI),
        ("number", 2),
    ],
)
def test_a_track_begins_as_the_contract_says_or_is_refused(
    regions: Neighbours, field: str, value: object
) -> None:
    """Invariant 8: a host can't put a recipient anywhere but at the beginning."""
    matter = convene(regions, *RECIPIENTS)
    main, track_opened = regions.events("beijing")[:2]
    step = ev.Step.FromString(regions.log("beijing")[1].step.SerializeToString())
    setattr(step, field, value)
    regions.forge("beijing", "tianjin", main, altered(track_opened, step=step))
    if field == "number":  # it opens nothing, and nobody is a member yet
        assert regions.quarantined("tianjin") == ["NOT_A_MEMBER"]
        return
    [freeze] = regions.thread("tianjin", matter, BINHAIS).freezes
    assert freeze.code == "WRONG_STEP"


@pytest.mark.parametrize("role", [ev.ROLE_OBSERVER, ev.ROLE_RECIPIENT])
def test_nobody_is_let_into_a_track_but_its_recipient(regions: Neighbours, role: ev.Role) -> None:
    """Invariant 7: Tianjin would else write to Hebei what is for the host alone."""
    matter = convene(regions, *RECIPIENTS)
    main, opened = regions.events("beijing")[:2]
    there = list(regions.log("beijing")[1].participants)
    more = [*there, ev.Participant(office=SANHE, role=role)]
    regions.forge("beijing", "tianjin", main, altered(opened, participants=more))
    [freeze] = regions.thread("tianjin", matter, BINHAIS).freezes
    assert freeze.code == "INVALID_FIELD"


def test_only_the_host_opens_tracks(regions: Neighbours, circle: str) -> None:
    """Hebei, whose office is a recipient, opens one with Tianjin in its own name."""
    opened = next(e for e in regions.events("beijing") if b"TrackOpened" in e.envelope)
    forged = altered(
        opened,
        origin="hebei",
        office=LANGFANG,
        number=1,
        thread=track("tianjin/heping"),
        step=ev.Step(number=1, state="invited", awaits="tianjin/heping", waits=LANGFANG),
        drop=["causation", "seed"],
    )
    regions.forge("hebei", "tianjin", forged)
    assert regions.quarantined("tianjin") == ["FOREIGN_MATTER"]
    assert circle


def test_no_office_opens_a_track_of_an_office_by_itself(regions: Neighbours, circle: str) -> None:
    for thread in (BINHAIS, track(SANHE), "main"):
        found = code(regions, HAIDIAN, circle, verbs_pb2.TrackOpened(), thread)
        assert found in ("UNKNOWN_THREAD", "WRONG_STATE", "UNKNOWN_KIND")
    assert regions.types("beijing").count("TrackOpened") == 2


# Guests: they have a track and no key ---------------------------------------------------------

FIRM = "track/guest/firm-1"


def test_a_guests_track_is_spoken_in_for_it_by_the_host_alone(
    regions: Neighbours, circle: str
) -> None:
    """Invariant 8: the event shows for whom the office speaks."""
    says(regions, HAIDIAN, circle, guest("firm-1"), FIRM)
    step = regions.thread("beijing", circle, FIRM).step
    assert (step.state, step.awaits, step.waits) == ("invited", HAIDIAN, HAIDIAN)
    assert code(regions, HAIDIAN, circle, ACKNOWLEDGED, FIRM) == "INVALID_FIELD"  # for itself
    assert code(regions, HAIDIAN, circle, ACKNOWLEDGED, FIRM, guest="firm-2") == "INVALID_FIELD"
    says(regions, HAIDIAN, circle, ACKNOWLEDGED, FIRM, guest="firm-1")
    said = regions.log("beijing")[-1]
    assert (said.office, said.guest, said.step.state) == (HAIDIAN, "firm-1", "attending")
    for office in (CHAOYANG, BINHAI):
        found = code(regions, office, circle, ACKNOWLEDGED, FIRM, guest="firm-1")
        assert found in ("NOT_A_PARTY", "UNKNOWN_THREAD")
    regions.carry_all()
    assert FIRM not in regions.threads("tianjin", circle)
    assert code(regions, BINHAI, circle, ACKNOWLEDGED, BINHAIS, guest="firm-1") == "INVALID_FIELD"
    sound(regions)


def test_a_guests_track_opens_at_no_step_so_who_expects_one_is_told(
    regions: Neighbours, circle: str
) -> None:
    """Rule 2: whoever names a step has seen another thread than the one that he opens."""
    for step in (1, 999):
        told = code(regions, HAIDIAN, circle, guest("firm-1"), FIRM, expected_step=step)
        assert told == "STEP_OVER"
        assert FIRM not in regions.threads("beijing", circle)
    says(regions, HAIDIAN, circle, guest("firm-1"), FIRM)


def test_guests_are_brought_in_by_the_host_while_the_matter_goes_on(
    regions: Neighbours, circle: str
) -> None:
    assert code(regions, BINHAI, circle, guest("firm-1"), FIRM) == "NOT_ALLOWED"
    assert code(regions, HAIDIAN, circle, guest("firm-2"), FIRM) == "UNKNOWN_THREAD"
    assert code(regions, HAIDIAN, circle, COMMENTED, FIRM) == "UNKNOWN_THREAD"
    says(regions, HAIDIAN, circle, CLOSED)
    assert code(regions, HAIDIAN, circle, guest("firm-1"), FIRM) == "WRONG_STATE"


# A matter's end ends its tracks, at the step that the host had seen ------------------------------


def test_a_matters_end_ends_its_tracks_at_the_step_that_the_host_had_seen(
    regions: Neighbours, circle: str
) -> None:
    says(regions, BINHAI, circle, ACKNOWLEDGED, BINHAIS)
    regions.carry_all()
    says(regions, HAIDIAN, circle, CLOSED)
    regions.carry_all()
    assert regions.thread("tianjin", circle, BINHAIS).ended == 2
    assert regions.thread("hebei", circle, LANGFANGS).ended == 1
    for office in RECIPIENTS:
        region = office.partition("/")[0]
        assert regions.agree(circle, "beijing", region, thread=track(office))
        assert threads.dormant(regions.thread(region, circle, track(office)))
    sound(regions)


def test_a_step_that_crosses_the_end_is_recorded_everywhere_and_has_no_effect(
    regions: Neighbours, circle: str
) -> None:
    """Invariant 4, rule 8: both logs have it, and both say where the track ended."""
    says(regions, HAIDIAN, circle, CLOSED)
    says(regions, BINHAI, circle, ACKNOWLEDGED, BINHAIS)
    regions.carry_all()
    for region in ("beijing", "tianjin"):
        assert "Acknowledged" in regions.types(region)
        assert regions.thread(region, circle, BINHAIS).ended == 1
        assert threads.dormant(regions.thread(region, circle, BINHAIS))
    assert regions.agree(circle, "beijing", "tianjin", thread=BINHAIS)
    sound(regions)
    # Nobody's clock runs there any more.
    before = {region: regions.types(region) for region in regions.nodes}
    regions.now_ms += 400 * 86_400_000
    regions.tick()
    assert {region: regions.types(region) for region in regions.nodes} == before


def test_once_its_end_is_known_no_office_takes_a_step_in_a_track(
    regions: Neighbours, circle: str
) -> None:
    says(regions, HAIDIAN, circle, CLOSED)
    regions.carry_all()
    assert code(regions, BINHAI, circle, ACKNOWLEDGED, BINHAIS) == "WRONG_STATE"
    says(regions, BINHAI, circle, COMMENTED, BINHAIS)  # a remark moves nothing
    regions.carry_all()
    assert regions.agree(circle, "beijing", "tianjin", thread=BINHAIS)


def test_a_track_that_came_to_its_own_end_isnt_ended_again(
    regions: Neighbours, circle: str
) -> None:
    declined = verbs_pb2.Declined(reason=verbs_pb2.DECLINE_REASON_NO_NEED, text="不参加")
    says(regions, BINHAI, circle, declined, BINHAIS)
    regions.carry_all()
    says(regions, HAIDIAN, circle, CLOSED)
    regions.carry_all()
    assert regions.types("tianjin").count("TrackEnded") == 0
    assert regions.types("hebei").count("TrackEnded") == 1


def test_nobody_but_the_host_ends_a_track(regions: Neighbours, circle: str) -> None:
    says(regions, BINHAI, circle, COMMENTED, BINHAIS)
    body = body_pb2.Body()
    body.track_ended.step, body.track_ended.reason = 1, verbs_pb2.TRACK_END_REASON_MATTER_ENDED
    forged = altered(regions.events("tianjin")[-1], body, clock=True)
    regions.forge("tianjin", "beijing", forged)
    thread = regions.thread("beijing", circle, BINHAIS)
    assert [freeze.code for freeze in thread.freezes] == ["NOT_ALLOWED"]
    assert not thread.ended


# A restart --------------------------------------------------------------------------------------


def test_after_a_restart_a_host_still_knows_its_tracks(regions: Neighbours, circle: str) -> None:
    regions.nodes["beijing"].start_record()
    says(regions, HAIDIAN, circle, CLOSED)
    assert regions.types("beijing").count("TrackEnded") == 2


def test_the_opening_of_a_track_comes_of_the_act_that_named_its_recipient(
    regions: Neighbours, circle: str
) -> None:
    opened = [e for e in regions.log("beijing") if e.type == "TrackOpened"]
    assert {e.causation.event_id for e in opened} == {regions.log("beijing")[0].event_id}
    assert [(e.office, e.clock) for e in opened] == [(HAIDIAN, True)] * 2
    assert draft(regions, HAIDIAN, circle, CLOSED).matter_id == circle


def test_who_was_added_again_while_it_left_keeps_its_track(
    regions: Neighbours, circle: str
) -> None:
    """Rule 6: a leave covers the additions that it saw."""
    says(regions, LANGFANG, circle, verbs_pb2.LeaveAsked())
    again = [ev.Participant(office=LANGFANG, role=ev.ROLE_RECIPIENT)]
    says(regions, HAIDIAN, circle, verbs_pb2.ParticipantAdded(), participants=again)
    regions.carry_all()
    assert regions.types("beijing").count("ParticipantLeft") == 1
    assert not regions.thread("beijing", circle, LANGFANGS).ended


def test_a_track_that_ended_with_a_leaving_isnt_ended_again(
    regions: Neighbours, circle: str
) -> None:
    says(regions, LANGFANG, circle, verbs_pb2.LeaveAsked())
    regions.carry_all()
    says(regions, HAIDIAN, circle, CLOSED)
    regions.carry_all()
    ended = [e.thread for e in regions.log("beijing") if e.type == "TrackEnded"]
    assert ended == [LANGFANGS, BINHAIS]


def test_who_has_left_and_is_added_again_gets_another_track(
    regions: Neighbours, circle: str
) -> None:
    """The first was ended: what its recipient still said there counts for nothing."""
    again = [ev.Participant(office=LANGFANG, role=ev.ROLE_RECIPIENT)]
    for turn in ("2", "3"):
        name = LANGFANGS if turn == "2" else f"{LANGFANGS}/2"
        says(regions, LANGFANG, circle, verbs_pb2.LeaveAsked())
        regions.carry("hebei", "beijing")
        says(regions, LANGFANG, circle, ACKNOWLEDGED, name)  # it crosses the end of the track
        regions.carry_all()
        says(regions, HAIDIAN, circle, verbs_pb2.ParticipantAdded(), participants=again)
        regions.carry_all()
        new = f"{LANGFANGS}/{turn}"
        step = regions.thread("hebei", circle, new).step
        assert (step.number, step.awaits) == (1, LANGFANG)
        assert regions.thread("beijing", circle, name).ended
        assert code(regions, LANGFANG, circle, ACKNOWLEDGED, name) == "WRONG_STATE"
    says(regions, LANGFANG, circle, ACKNOWLEDGED, new)
    regions.carry_all()
    assert regions.thread("beijing", circle, new).step.state == "attending"
    assert not regions.threads("tianjin", circle)[2:]  # and nobody else sees it
    assert regions.agree(circle, "beijing", "hebei", thread=new)
    sound(regions)


# What a track costs -----------------------------------------------------------------------------


def test_an_answer_costs_the_same_however_many_are_asked_and_have_answered() -> None:
    """A step reads and writes its own thread: 3,600 answers don't rewrite each other."""

    def written_by_the_last(count: int) -> dict[str, int]:
        contract = circulating()
        offices = [office.id for office in contract.network.regions["beijing"].offices]
        asked = [office for office in offices if office != HAIDIAN][:count]
        regions = Neighbours(contract, offices=[HAIDIAN, *asked])
        matter = convene(regions, *asked)
        for office in asked[:-1]:
            says(regions, office, matter, ACKNOWLEDGED, track(office))
        before = regions.snapshot("beijing")
        says(regions, asked[-1], matter, ACKNOWLEDGED, track(asked[-1]))
        after = regions.snapshot("beijing")
        return {
            key.replace(asked[-1], "..."): len(value) - len(asked[-1]) * value.count(b"beijing/")
            for key, value in after.items()
            if before.get(key) != value
        }

    few, many = written_by_the_last(2), written_by_the_last(24)
    assert len(few) == len(many) == 1
    [key] = many
    assert key.endswith("/track/...")
    assert abs(few[key] - many[key]) < 64  # the names of the offices differ in length


def test_an_archived_track_costs_its_host_32_bytes(regions: Neighbours) -> None:
    matter = convene(regions, BINHAI, LANGFANG, CHAOYANG)
    regions.carry_all()
    for office in (BINHAI, LANGFANG, CHAOYANG):
        says(regions, office, matter, ACKNOWLEDGED, track(office))
    regions.carry_all()
    says(regions, HAIDIAN, matter, CLOSED)
    regions.carry_all()
    regions.now_ms += 3 * 366 * 86_400_000
    regions.tick("beijing")
    [(key, value)] = [(k, v) for k, v in regions.snapshot("beijing").items() if matter in k]
    assert key == f"a/{matter}"
    stub = st.Stub.FromString(value)
    assert len(stub.tracks) == 3
    assert all(one.ByteSize() + 2 <= 32 for one in stub.tracks)
    late = st.Stub.FromString(value)
    del late.tracks[:]
    assert late.ByteSize() <= 200
