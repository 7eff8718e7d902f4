"""What the rules do by themselves: tracks, copies, leaving, and matters that led to one another."""

from __future__ import annotations

import pytest

from collab.v1 import body_pb2, notification_pb2, verbs_pb2
from collab.v1 import consultation_pb2 as consultation
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import batch
from collabbus.model import thread as threads
from collabbus.model.deadline import days_after
from tests.model.neighbours import (
    BEIJING,
    BINHAI,
    BODIES,
    CHAOYANG,
    HAIDIAN,
    LANGFANG,
    SANHE,
    START_MS,
    Neighbours,
    altered,
)
from tests.model.signing import (
    RECIPIENTS,
    circulating,
    code,
    convene,
    draft,
    drafted,
    guest,
    hashed,
    in_force,
    opening,
    says,
    signed,
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


def sound(regions: Neighbours) -> None:
    """See that no honest region quarantined, held or refused anything (invariants 4 and 8)."""
    for region in regions.nodes:
        assert regions.quarantined(region) == []
        assert regions.waiting(region) == []
        assert "Refused" not in regions.types(region)


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


# Agreement: gathered on the tracks, put in force by the lead alone -------------------------------


def test_what_all_have_signed_the_lead_puts_in_force(regions: Neighbours, circle: str) -> None:
    says(regions, HAIDIAN, circle, drafted("1"))
    regions.carry_all()
    assert code(regions, HAIDIAN, circle, in_force("1")) == "NOT_AGREED"
    says(regions, BINHAI, circle, signed("1"), BINHAIS)
    regions.carry_all()
    assert code(regions, HAIDIAN, circle, in_force("1")) == "NOT_AGREED"
    says(regions, LANGFANG, circle, signed("1"), LANGFANGS)
    regions.carry_all()
    assert code(regions, BINHAI, circle, in_force("1")) == "NOT_AWAITED"
    says(regions, HAIDIAN, circle, in_force("1"))
    regions.carry_all()
    for region in regions.nodes:
        main = regions.thread(region, circle)
        assert (main.step.state, main.agreed) == ("in_force", hashed("1"))
    assert regions.agree(circle)
    sound(regions)


def test_a_signature_on_a_version_that_was_replaced_counts_for_nothing(
    regions: Neighbours, circle: str
) -> None:
    """why.md 13: it crossed the new version; it is on record, and must be given anew."""
    says(regions, HAIDIAN, circle, drafted("1"))
    regions.carry_all()
    says(regions, LANGFANG, circle, signed("1"), LANGFANGS)
    regions.carry_all()
    says(regions, HAIDIAN, circle, drafted("2"))
    says(regions, BINHAI, circle, signed("1"), BINHAIS)
    regions.carry_all()
    sound(regions)
    assert regions.agree(circle, "beijing", "tianjin", thread=BINHAIS)
    assert code(regions, HAIDIAN, circle, in_force("1")) == "OTHER_VERSION"
    assert code(regions, HAIDIAN, circle, in_force("2")) == "NOT_AGREED"
    assert code(regions, BINHAI, circle, signed("1"), BINHAIS) == "OTHER_VERSION"
    for office in RECIPIENTS:
        says(regions, office, circle, signed("2"), track(office))
    regions.carry_all()
    says(regions, HAIDIAN, circle, in_force("2"))


def test_nothing_is_put_in_force_that_was_never_proposed(regions: Neighbours, circle: str) -> None:
    assert code(regions, HAIDIAN, circle, in_force("1")) == "OTHER_VERSION"
    assert code(regions, BINHAI, circle, signed("1"), BINHAIS) == "OTHER_VERSION"


def test_a_peer_cant_put_in_force_another_text_than_was_proposed(
    regions: Neighbours, circle: str
) -> None:
    """Invariant 8: what can be told without the tracks, every region checks for itself."""
    says(regions, HAIDIAN, circle, drafted("1"))
    regions.carry_all()
    for office in RECIPIENTS:
        says(regions, office, circle, signed("1"), track(office))
    regions.carry_all()
    says(regions, HAIDIAN, circle, in_force("1"))
    honest = next(e for e in regions.events("beijing") if b"InForce" in e.envelope)
    other = altered(honest, body_pb2.Body(in_force=in_force("2")))
    regions.forge("beijing", "tianjin", other)
    assert [f.code for f in regions.thread("tianjin", circle).freezes] == ["OTHER_VERSION"]


def test_with_two_neither_decides_alone(regions: Neighbours) -> None:
    """The other side agrees to what was proposed last, and names its hash."""
    asked = [ev.Participant(office=BINHAI, role=ev.ROLE_EXECUTOR)]
    matter = convene(regions, participants=asked)
    regions.carry_all()
    proposed = consultation.DecisionProposed(text="由海淀院管辖", sha256=hashed("1"))
    says(regions, BINHAI, matter, proposed)
    regions.carry_all()
    agreed = consultation.DecisionAgreed(sha256=hashed("1"))
    other = consultation.DecisionAgreed(sha256=hashed("2"))
    assert code(regions, BINHAI, matter, agreed) == "NOT_AWAITED"
    assert code(regions, HAIDIAN, matter, other) == "OTHER_VERSION"
    says(regions, HAIDIAN, matter, agreed)
    regions.carry_all()
    assert regions.thread("tianjin", matter).agreed == hashed("1")
    assert regions.agree(matter, "beijing", "tianjin")


def test_who_has_left_need_not_agree(regions: Neighbours, circle: str) -> None:
    """Else a co-signer that goes would keep the others from signing for ever."""
    says(regions, HAIDIAN, circle, drafted("1"))
    regions.carry_all()
    says(regions, BINHAI, circle, signed("1"), BINHAIS)
    says(regions, LANGFANG, circle, verbs_pb2.LeaveAsked())
    regions.carry_all()
    left = regions.thread("beijing", circle, LANGFANGS)
    assert left.ended == 1
    said = next(e for e in regions.events("beijing") if b"TrackEnded" in e.envelope)
    reason = body_pb2.Body.FromString(said.body).track_ended.reason
    assert reason == verbs_pb2.TRACK_END_REASON_LEFT
    says(regions, HAIDIAN, circle, in_force("1"))
    regions.carry_all()
    assert regions.agree(circle, "beijing", "tianjin")
    assert regions.agree(circle, "beijing", "hebei", thread=LANGFANGS)
    sound(regions)


def test_a_thing_that_may_exist_once_is_rejected_the_second_time(
    regions: Neighbours, circle: str
) -> None:
    """Only who says it itself is told so: what two say at once is one thing, everywhere alike."""
    opinion = consultation.OpinionSubmitted(
        position=consultation.Position.values()[1], text="同意", sha256=hashed("a")
    )
    says(regions, HAIDIAN, circle, opinion, BINHAIS)
    says(regions, BINHAI, circle, opinion, BINHAIS)
    regions.carry_all()
    sound(regions)
    assert regions.agree(circle, "beijing", "tianjin", thread=BINHAIS)
    assert code(regions, BINHAI, circle, opinion, BINHAIS) == "DUPLICATE"
    opinion.sha256 = hashed("b")
    says(regions, BINHAI, circle, opinion, BINHAIS)


# Copies: threads that only the issuer writes (001§15) --------------------------------------------

COPIES = [
    ev.Copy(role=ev.COPY_ROLE_REPORT, office=BEIJING),
    ev.Copy(role=ev.COPY_ROLE_COPY_UP, office=BINHAI),
]
UP = f"copy/copy-up/{BINHAI}"


def test_a_copy_is_a_thread_of_its_own_with_the_act_as_it_was_recorded(
    regions: Neighbours,
) -> None:
    matter = convene(regions, LANGFANG, copies=COPIES, proposal="意见稿")
    regions.carry_all()
    assert regions.threads("tianjin", matter) == [UP]  # and nothing of the matter itself
    assert f"copy/report/{BEIJING}" in regions.threads("beijing", matter)
    [sent] = regions.events("tianjin")
    original = regions.events("beijing")[0]
    copied = body_pb2.Body.FromString(sent.body).copied
    envelope = regions.log("beijing")[0]
    assert copied.content == original.body
    assert (copied.role, copied.type, copied.event_id) == (
        ev.COPY_ROLE_COPY_UP,
        "ConsultationConvened",
        envelope.event_id,
    )
    assert regions.agree(matter, "beijing", "tianjin", thread=UP)
    sound(regions)


def test_nobody_acts_in_a_copy(regions: Neighbours) -> None:
    matter = convene(regions, LANGFANG, copies=COPIES)
    regions.carry_all()
    for office in (BINHAI, HAIDIAN):
        assert code(regions, office, matter, COMMENTED, UP) in ("UNKNOWN_THREAD", "UNKNOWN_MATTER")
    [copied] = regions.events("tianjin")
    answer = altered(
        copied,
        BODIES["Commented"],
        origin="tianjin",
        office=BINHAI,
        clock=False,
        number=1,
        drop=["participants", "seed", "causation"],
        seen=[ev.Seen(origin="beijing", number=1)],
    )
    regions.forge("tianjin", "beijing", answer)
    assert "Commented" not in regions.types("beijing")


def test_a_further_copy_to_the_same_office_goes_on_in_its_thread(regions: Neighbours) -> None:
    matter = convene(regions, LANGFANG, copies=COPIES)
    says(regions, HAIDIAN, matter, drafted("1"), copies=COPIES[1:])
    regions.carry_all()
    assert [e.number for e in regions.log("tianjin")] == [1, 2]
    assert len(regions.thread("tianjin", matter, UP).parties) == 2
    sound(regions)


def test_a_law_of_one_region_wants_copies_of_its_own_offices_acts_alone(
    regions: Neighbours,
) -> None:
    """Invariant 10: a rule may name the region whose law it is, and binds that region's acts."""
    lacking = opening(regions, BINHAI, proposal="意见稿", copies=COPIES[:1])
    outcome = regions.hand_in(lacking)
    assert (outcome.code, outcome.field) == ("MISSING_FIELD", "copies")
    assert "001§15" in outcome.reason
    assert not regions.hand_in(opening(regions, BINHAI, copies=[])).code  # not such a text
    abroad = opening(regions, LANGFANG, office=BINHAI, proposal="意见稿")
    assert not regions.hand_in(abroad).code


def test_what_is_too_large_to_be_copied_is_rejected_before_it_is_recorded(
    regions: Neighbours,
) -> None:
    """Else its receivers would have to refuse the copy, and freeze its thread."""
    agenda = ["议" * 1024] * 16
    for size, found in ((60_000, ""), (64_000, "TOO_LARGE")):
        large = opening(regions, LANGFANG, proposal="意" * size, copies=COPIES)
        large.body.consultation_convened.agenda.extend(agenda)
        assert regions.hand_in(large).code == found
    regions.carry_all()
    sound(regions)


def test_copies_are_the_issuers_to_send(regions: Neighbours, circle: str) -> None:
    """Nobody speaks for another: else a peer could have the host sign copies to whomever."""
    sent = {"copies": COPIES[:1]}
    assert code(regions, BINHAI, circle, COMMENTED, **sent) == "NOT_ALLOWED"
    assert code(regions, BINHAI, circle, ACKNOWLEDGED, BINHAIS, **sent) == "INVALID_FIELD"
    nowhere = {"copies": [ev.Copy(role=ev.COPY_ROLE_REPORT, office="beijing/atlantis")]}
    assert code(regions, HAIDIAN, circle, COMMENTED, **nowhere) == "UNKNOWN_OFFICE"
    says(regions, BINHAI, circle, COMMENTED)
    forged = altered(regions.events("tianjin")[-1], copies=COPIES[:1])
    regions.forge("tianjin", "beijing", forged)
    assert "Copied" not in regions.types("beijing")


# Linked matters ---------------------------------------------------------------------------------


def linked(regions: Neighbours, region: str, matter: str) -> list[tuple[str, str]]:
    """Give what a region knows of matters that came of another: id and state."""
    return [(one.matter_id, one.state) for one in regions.thread(region, matter).links]


def test_a_cause_is_told_when_a_matter_that_came_of_it_opens_and_ends(regions: Neighbours) -> None:
    """Section 3: id, family and outcome, to all who have the cause, and no contents."""
    cause = regions.open(BINHAI, HAIDIAN)
    regions.carry_all()
    event_id = regions.log("beijing")[0].event_id
    found = convene(regions, LANGFANG, cause=sub.Cause(matter_id=cause, event_id=event_id))
    regions.carry_all()
    assert linked(regions, "beijing", cause) == [(found, "gathering")]
    assert linked(regions, "tianjin", cause) == [(found, "gathering")]
    assert not regions.threads("tianjin", found)  # Tianjin has no part in it
    says(regions, HAIDIAN, found, CLOSED)
    regions.carry_all()
    assert linked(regions, "tianjin", cause) == [(found, "closed")]
    assert regions.agree(cause, "beijing", "tianjin")
    told = [e for e in regions.log("tianjin") if e.type == "Linked"]
    assert [(e.office, e.clock, e.origin) for e in told] == [(HAIDIAN, True, "beijing")] * 2
    sound(regions)


def test_what_a_region_asks_of_itself_is_the_same_however_often_it_is_decided(
    regions: Neighbours,
) -> None:
    """Invariant 2: its id derives from the event that made it."""
    cause = regions.open()
    convene(regions, LANGFANG, cause=sub.Cause(matter_id=cause, event_id="0" * 32))
    node = regions.nodes["beijing"]
    assert regions.types("beijing").count("Linked") == 1
    told = next(e for e in regions.log("beijing") if e.type == "Linked")
    assert told.causation.submission_id.startswith("linked-")
    outcome = sub.Outcome.FromString(node.disk.outcomes[-1])
    assert (outcome.submission_id, outcome.code) == (told.causation.submission_id, "")


def test_a_cause_that_isnt_here_stops_nothing(regions: Neighbours) -> None:
    matter = convene(regions, BINHAI, cause=sub.Cause(matter_id="0" * 32, event_id="0" * 32))
    regions.carry_all()
    assert regions.thread("tianjin", matter).step.state == "gathering"
    assert "Linked" not in regions.types("beijing")
    assert not regions.quarantined("beijing")


@pytest.mark.parametrize("kind", ["linked", "voided", "released"])
def test_what_a_region_asks_of_itself_no_office_asks(regions: Neighbours, kind: str) -> None:
    """Invariant 8: an office's signature doesn't make it the region's own act."""
    matter = regions.open(HAIDIAN, BINHAI)
    bodies = {
        "linked": verbs_pb2.Linked(
            matter_id="0" * 32,
            family=ev.FAMILY_CLUE,
            type="ClueTransferred",
            event_id="0" * 32,
            state="closed",
        ),
        "voided": verbs_pb2.Voided(origin="beijing", number=1, operator="王敏", reason="误录"),
        "released": verbs_pb2.Released(origin="tianjin", number=1, operator="王敏", reason="误"),
    }
    body = body_pb2.Body()
    getattr(body, kind).CopyFrom(bodies[kind])
    for office in (HAIDIAN, CHAOYANG):
        asked = regions.draft(office, "Commented", matter, body=body)
        assert regions.hand_in(asked).code in ("FOREIGN_OFFICE", "NOT_ALLOWED")
    assert regions.types("beijing") == ["AssistanceRequested"]
    own = regions.draft(HAIDIAN, "Commented", matter, body=body)
    [record] = batch.sign([own.SerializeToString()], regions.cast.identities["beijing"].sign)
    outcome = regions.put("beijing", record, matter.encode())
    assert outcome is not None
    # It is heard; but nobody has refused anything that could be voided or released.
    assert outcome.code == ("" if kind == "linked" else "NOTHING_PENDING")


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
