from __future__ import annotations

from collections.abc import Callable

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import KeyDirectory
from collabbus.model import batch, ids, intake
from collabbus.model.deadline import DAY_MS, days_after
from collabbus.model.shard import shard_of
from collabbus.simulate.drafting import draft_of
from collabbus.simulate.library import load as scenarios
from tests.model.neighbours import (
    BEIJING,
    BINHAI,
    CHAOYANG,
    CONTRACTS,
    FENGTAI,
    HAIDIAN,
    HEPING,
    LANGFANG,
    START_MS,
    Neighbours,
)


def rejected(regions: Neighbours, draft: sub.Draft) -> tuple[str, str]:
    """Hand in a draft that must be rejected, and see that nothing but its memory changes."""
    region = draft.office.partition("/")[0]
    node = regions.nodes[region]
    before, log = regions.snapshot(region), len(node.disk.events)
    outcome = regions.hand_in(draft)
    assert outcome.decision == sub.DECISION_REJECTED
    assert outcome.reason
    assert not outcome.event_ids
    assert len(node.disk.events) == log
    assert not node.disk.quarantine
    assert forgetful(regions.snapshot(region)) == forgetful(before)
    return outcome.code, outcome.field


def forgetful(state: dict[str, bytes]) -> dict[str, bytes]:
    """Give a state without its memory of what was decided."""
    found = {}
    for key, value in state.items():
        if key.startswith("t/"):
            thread = st.Thread.FromString(value)
            del thread.decided[:]
            found[key] = thread.SerializeToString()
        elif not key.startswith("r/"):
            found[key] = value
    return found


# Whose it is ---------------------------------------------------------------------------------


def bent(draft: sub.Draft) -> sub.Draft:
    draft.officer = "another"
    return draft


WRONGS: dict[str, tuple[Callable[[Neighbours, sub.Draft], bytes], str, str]] = {
    "unsigned": (
        lambda r, d: sub.Submission(draft=d.SerializeToString()).SerializeToString(),
        "UNKNOWN_KEY",
        "signature.key_id",
    ),
    "signed by an unknown key": (
        lambda r, d: changed(r.sign(d), lambda s: setattr(s.signature, "key_id", "x")),
        "UNKNOWN_KEY",
        "signature.key_id",
    ),
    "signed by a key of another use": (
        lambda r, d: changed(r.sign(d), lambda s: setattr(s.signature, "key_id", "beijing/seal/1")),
        "UNKNOWN_KEY",
        "signature.key_id",
    ),
    "signed by the region itself": (
        lambda r, d: batch.sign([d.SerializeToString()], r.cast.identities["beijing"].sign)[0],
        "FOREIGN_OFFICE",
        "office",
    ),
    "changed after it was signed": (
        lambda r, d: changed(r.sign(d), lambda s: setattr(s, "draft", s.draft + b"\x38\x01")),
        "BAD_SIGNATURE",
        "signature",
    ),
    "a bent signature": (
        lambda r, d: changed(r.sign(d), lambda s: setattr(s.signature, "signature", b"x" * 64)),
        "BAD_SIGNATURE",
        "signature",
    ),
    "another place in the batch": (
        lambda r, d: changed(r.sign(d), lambda s: setattr(s.signature, "index", 1)),
        "BAD_SIGNATURE",
        "signature.path",
    ),
    "another size of the batch": (
        lambda r, d: changed(r.sign(d), lambda s: setattr(s.signature, "size", 2)),
        "BAD_SIGNATURE",
        "signature.path",
    ),
    "another office's signature": (
        lambda r, d: r.sign(d, CHAOYANG),
        "FOREIGN_OFFICE",
        "office",
    ),
    "another region's signature": (lambda r, d: r.sign(d, BINHAI), "FOREIGN_OFFICE", "office"),
}


def changed(value: bytes, change: Callable[[sub.Submission], None]) -> bytes:
    submission = sub.Submission.FromString(value)
    change(submission)
    return submission.SerializeToString()


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_isnt_surely_its_offices_is_quarantined_answered_and_not_remembered(
    regions: Neighbours, wrong: str
) -> None:
    how, code, field = WRONGS[wrong]
    draft = regions.opening()
    before = regions.snapshot("beijing")
    outcome = regions.put("beijing", how(regions, draft), draft.matter_id.encode())
    assert outcome is not None
    assert (outcome.decision, outcome.code, outcome.field) == (
        sub.DECISION_REJECTED,
        code,
        field,
    )
    assert regions.quarantined("beijing") == [code]
    assert not regions.events("beijing")
    assert regions.snapshot("beijing") == before
    honest = regions.hand_in(draft)  # the same id, now by its office
    assert honest.decision == sub.DECISION_RECORDED
    assert regions.types("beijing") == ["AssistanceRequested"]


FOREIGN: dict[str, tuple[Callable[[sub.Draft], None], str, str]] = {
    "unknown network": (lambda d: setattr(d, "network", "atlantis"), "UNKNOWN_NETWORK", "network"),
    "unknown office": (
        lambda d: setattr(d, "office", "beijing/atlantis"),
        "UNKNOWN_OFFICE",
        "office",
    ),
    "another region's office": (lambda d: setattr(d, "office", BINHAI), "FOREIGN_OFFICE", "office"),
    "another office": (lambda d: setattr(d, "office", CHAOYANG), "FOREIGN_OFFICE", "office"),
    "its superior": (lambda d: setattr(d, "office", BEIJING), "FOREIGN_OFFICE", "office"),
}


@pytest.mark.parametrize("wrong", FOREIGN)
def test_nobody_speaks_for_another(regions: Neighbours, wrong: str) -> None:
    how, code, field = FOREIGN[wrong]
    draft = regions.opening()
    how(draft)
    before = regions.snapshot("beijing")
    value = regions.sign(draft, HAIDIAN)
    outcome = regions.put("beijing", value, draft.matter_id.encode())
    assert outcome is not None
    assert (outcome.code, outcome.field) == (code, field)
    assert regions.quarantined("beijing") == [code]
    assert regions.snapshot("beijing") == before
    assert not regions.events("beijing")


def test_an_office_submits_to_its_own_region_only(regions: Neighbours) -> None:
    """Else a matter would have two writers, each with a good signature."""
    draft = regions.opening(BINHAI, HEPING)
    outcome = regions.put("beijing", regions.sign(draft), draft.matter_id.encode())
    assert outcome is not None
    assert (outcome.code, outcome.field) == ("FOREIGN_OFFICE", "office")
    assert not regions.events("beijing")
    assert regions.hand_in(draft).decision == sub.DECISION_RECORDED


def test_an_office_above_acts_for_those_below_where_the_contract_says_so(
    regions: Neighbours,
) -> None:
    draft = regions.opening(HAIDIAN)
    assert regions.hand_in(draft, signer=BEIJING).decision == sub.DECISION_RECORDED
    assert regions.log("beijing")[0].office == HAIDIAN


@pytest.mark.parametrize("wrong", ["shard", "key"])
def test_a_record_in_the_wrong_shard_or_under_the_wrong_key_has_no_second_writer(
    wrong: str,
) -> None:
    regions = Neighbours(shard=1, shards=4)
    draft = regions.opening()
    while (shard_of(draft.matter_id, 4) == 1) is (wrong == "shard"):
        draft = regions.opening()
    key = draft.matter_id.encode() if wrong == "shard" else b"another key"
    outcome = regions.put("beijing", regions.sign(draft), key)
    assert outcome is not None
    assert (outcome.code, outcome.field) == ("WRONG_SHARD", "matter_id")
    assert regions.quarantined("beijing") == ["WRONG_SHARD"]
    assert not regions.snapshot("beijing")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"\xff\xff", "UNREADABLE"),
        (sub.Submission(draft=b"\xff\xff").SerializeToString(), "UNREADABLE"),
        (sub.Submission(draft=bytes(batch.MAX_SUBMISSION)).SerializeToString(), "TOO_LARGE"),
    ],
)
def test_what_cant_be_read_is_quarantined_and_there_is_nobody_to_answer(
    regions: Neighbours, value: bytes, code: str
) -> None:
    assert regions.put("beijing", value, b"m") is None
    assert regions.quarantined("beijing") == [code]
    assert not regions.snapshot("beijing")


def test_the_largest_submission_is_taken(regions: Neighbours) -> None:
    body = body_pb2.Body()
    matter = regions.open()
    draft = regions.draft(HAIDIAN, "Commented", matter, case_number="9")
    room = batch.MAX_SUBMISSION - len(regions.sign(draft)) - 64
    assert room > 16384  # a comment is bounded by its own rule first
    body.commented.text = "x" * 16384
    regions.says(HAIDIAN, "Commented", matter, body=body)


def test_an_expired_key_signs_nothing_more(regions: Neighbours) -> None:
    record = regions.opening()
    node = regions.nodes["beijing"]
    node._keys = KeyDirectory(
        type(key)(**{**{n: getattr(key, n) for n in key.__slots__}, "not_after_ms": START_MS})
        for key in regions.cast.keys
    )
    node.start_record()
    assert regions.hand_in(record).code == "UNKNOWN_KEY"


# One effect ----------------------------------------------------------------------------------


def test_a_submission_that_comes_again_is_answered_as_it_was_and_has_no_second_effect(
    regions: Neighbours,
) -> None:
    draft = regions.opening()
    first = regions.hand_in(draft)
    state = regions.snapshot("beijing")
    regions.now_ms += DAY_MS
    assert regions.hand_in(draft) == first
    assert regions.snapshot("beijing") == state
    assert regions.types("beijing") == ["AssistanceRequested"]


def test_a_rejection_is_remembered_with_its_matter(regions: Neighbours) -> None:
    matter = regions.open()
    draft = regions.draft(HAIDIAN, "Received", matter)
    assert rejected(regions, draft) == ("NOT_AWAITED", "office")
    first = regions.hand_in(draft)
    regions.carry_all()
    regions.says(BINHAI, "ClarificationAsked", matter)
    regions.carry_all()  # now Haidian is awaited
    assert regions.hand_in(draft) == first


def test_a_rejected_opening_is_remembered_until_no_copy_of_it_can_act(
    regions: Neighbours,
) -> None:
    draft = regions.opening(legal_basis=[])
    first = regions.hand_in(draft)
    assert (first.code, first.field) == ("MISSING_FIELD", "legal_basis")
    regions.tick("beijing")
    assert regions.hand_in(draft) == first
    [memory] = [key for key in regions.snapshot("beijing") if key.startswith("r/")]
    assert memory == f"r/{draft.matter_id}/{HAIDIAN}/{draft.submission_id}"
    regions.now_ms = draft.not_after_ms + 1
    regions.tick("beijing")
    assert not [key for key in regions.snapshot("beijing") if key.startswith("r/")]
    assert regions.hand_in(draft).code == "EXPIRED"


def test_the_same_id_with_another_content_is_no_repeat(regions: Neighbours) -> None:
    draft = regions.opening()
    regions.hand_in(draft)
    draft.case_number = "京01号"
    outcome = regions.hand_in(draft)
    assert (outcome.code, outcome.field) == ("ID_REUSED", "submission_id")
    assert regions.types("beijing") == ["AssistanceRequested"]
    unlucky = regions.opening(legal_basis=[])
    regions.hand_in(unlucky)
    unlucky.legal_basis.add(instrument="《意见》")
    assert regions.hand_in(unlucky).code == "ID_REUSED"


def test_an_id_is_an_offices_own(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, CHAOYANG)
    one = regions.draft(HAIDIAN, "Commented", matter, submission_id="same-id-1")
    two = regions.draft(CHAOYANG, "Commented", matter, submission_id="same-id-1")
    outcomes = [regions.hand_in(one), regions.hand_in(two)]
    assert [outcome.decision for outcome in outcomes] == [sub.DECISION_RECORDED] * 2
    assert outcomes[0].event_ids != outcomes[1].event_ids


def test_a_repeat_is_known_after_a_restart(regions: Neighbours) -> None:
    draft, lost = regions.opening(), regions.opening(legal_basis=[])
    first, second = regions.hand_in(draft), regions.hand_in(lost)
    regions.nodes["beijing"].start_record()
    assert (regions.hand_in(draft), regions.hand_in(lost)) == (first, second)
    assert regions.types("beijing") == ["AssistanceRequested"]


# What is asked -------------------------------------------------------------------------------


def test_a_submission_is_void_after_its_not_after(regions: Neighbours) -> None:
    on_time = regions.opening(not_after_ms=START_MS)
    assert regions.hand_in(on_time).decision == sub.DECISION_RECORDED
    assert rejected(regions, regions.opening(not_after_ms=START_MS - 1)) == (
        "EXPIRED",
        "not_after_ms",
    )
    far = regions.opening(not_after_ms=START_MS + intake.MEMORY_MS + 1)
    assert rejected(regions, far) == ("INVALID_FIELD", "not_after_ms")


def test_an_act_on_a_step_that_is_over_is_told_so(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, CHAOYANG)
    regions.says(CHAOYANG, "Received", matter, expected_step=1)
    late = regions.draft(CHAOYANG, "Accepted", matter, expected_step=1)
    assert rejected(regions, late) == ("STEP_OVER", "expected_step")
    early = regions.draft(CHAOYANG, "Accepted", matter, expected_step=3)
    assert rejected(regions, early) == ("STEP_OVER", "expected_step")
    regions.says(CHAOYANG, "Accepted", matter, expected_step=2)


def clear(name: str) -> Callable[[sub.Draft], None]:
    return lambda draft: draft.ClearField(name)


FAULTS: list[tuple[Callable[[sub.Draft], object], str, str]] = [
    (clear("legal_basis"), "MISSING_FIELD", "legal_basis"),
    (clear("officer"), "MISSING_FIELD", "officer"),
    (clear("participants"), "MISSING_FIELD", "participants"),
    (clear("body"), "MISSING_FIELD", "body.kind"),
    (lambda d: d.body.Clear(), "MISSING_FIELD", "body.kind"),
    (lambda d: d.body.assistance_requested.ClearField("subject"), "MISSING_FIELD",
     "body.assistance_requested.subject"),
    (lambda d: d.body.assistance_requested.ClearField("kinds"), "MISSING_FIELD",
     "body.assistance_requested.kinds"),
    (lambda d: d.body.assistance_requested.kinds.append(20), "MISSING_FIELD", "body.query"),
    (clear("family"), "MISSING_FIELD", "family"),
    (clear("thread"), "MISSING_FIELD", "thread"),
    (lambda d: setattr(d, "thread", "local"), "INVALID_FIELD", "thread"),
    (lambda d: setattr(d, "thread", "track"), "INVALID_FIELD", "thread"),
    (lambda d: setattr(d, "family", ev.FAMILY_CLUE), "UNKNOWN_KIND", "body"),
    (lambda d: setattr(d, "submission_id", "short"), "INVALID_FIELD", "submission_id"),
    (lambda d: setattr(d, "submission_id", "another-id-1"), "INVALID_FIELD", "matter_id"),
    (lambda d: setattr(d, "due_date", "soon"), "INVALID_FIELD", "due_date"),
    (lambda d: setattr(d, "due_date", "2020-01-01"), "DUE_OUT_OF_RANGE", "due_date"),
    (lambda d: setattr(d, "due_date", "9999-12-31"), "DUE_OUT_OF_RANGE", "due_date"),
    (lambda d: setattr(d.participants[0], "office", "tianjin/atlantis"), "UNKNOWN_OFFICE",
     "participants"),
    (lambda d: setattr(d.participants[0], "office", "nonsense"), "INVALID_FIELD",
     "participants.office"),
    (lambda d: setattr(d.participants[0], "role", ev.ROLE_REQUESTER), "INVALID_FIELD",
     "participants"),
    (lambda d: d.participants.add(office=HAIDIAN, role=ev.ROLE_OBSERVER), "INVALID_FIELD",
     "participants"),
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(FAULTS)))
def test_an_opening_with_a_fault_is_rejected_with_code_and_field(
    regions: Neighbours, place: int
) -> None:
    change, code, field = FAULTS[place]
    draft = regions.opening()
    change(draft)
    assert rejected(regions, draft) == (code, field)


def test_an_act_in_a_matter_that_isnt_here_is_rejected(regions: Neighbours) -> None:
    draft = regions.draft(HAIDIAN, "Commented", "0" * 32)
    assert rejected(regions, draft) == ("UNKNOWN_MATTER", "matter_id")


def test_an_act_keeps_to_its_matters_family_network_and_thread(regions: Neighbours) -> None:
    matter = regions.open()
    other = regions.draft(HAIDIAN, "Commented", matter, family=ev.FAMILY_CLUE)
    assert rejected(regions, other) == ("INVALID_FIELD", "family")
    for thread in ("local", "track"):
        away = regions.draft(HAIDIAN, "Commented", matter, thread=thread)
        assert rejected(regions, away) == ("UNKNOWN_THREAD", "thread")


def test_nobody_speaks_in_what_is_the_regions_own(regions: Neighbours) -> None:
    matter = regions.open(BINHAI, HEPING)
    regions.now_ms = regions.thread("tianjin", matter).step.due_ms - DAY_MS
    regions.tick("tianjin")
    assert regions.types("tianjin") == ["AssistanceRequested", "Reminded"]
    draft = regions.draft(HEPING, "Commented", matter, thread="local")
    assert rejected(regions, draft) == ("UNKNOWN_THREAD", "thread")


def test_an_extension_without_end_is_rejected_and_freezes_nothing(regions: Neighbours) -> None:
    matter = regions.open()
    body = body_pb2.Body(extended=verbs_pb2.Extended(due_date="9999-12-31", reason="案情复杂"))
    draft = regions.draft(HAIDIAN, "Extended", matter, body=body)
    assert rejected(regions, draft) == ("DUE_OUT_OF_RANGE", "body.due_date")


def test_a_frozen_thread_takes_no_act_and_others_go_on(regions: Neighbours) -> None:
    frozen, other = regions.open(), regions.open()
    regions.alter(
        "beijing",
        frozen,
        lambda t: t.freezes.add(refuser="tianjin", origin="beijing", number=1, code="WRONG_STEP"),
    )
    assert rejected(regions, regions.draft(HAIDIAN, "Commented", frozen)) == ("FROZEN", "thread")
    regions.says(HAIDIAN, "Commented", other)


def test_whom_a_forwarding_names_is_added_and_nobody_else(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, CHAOYANG)
    added = [ev.Participant(office=FENGTAI, role=ev.ROLE_OBSERVER)]
    draft = regions.draft(CHAOYANG, "Commented", matter, participants=added)
    assert rejected(regions, draft) == ("INVALID_FIELD", "participants")
    regions.forwards(CHAOYANG, HEPING, matter)
    assert [(p.office, p.role) for p in regions.log("beijing")[-1].participants] == [
        (HEPING, ev.ROLE_EXECUTOR)
    ]


def test_who_has_asked_to_leave_has_had_its_last_word(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, BINHAI, LANGFANG)
    regions.carry_all()
    regions.says(LANGFANG, "LeaveAsked", matter)
    for kind in ("Commented", "LeaveAsked", "ParticipantAdded"):
        draft = regions.draft(LANGFANG, kind, matter)
        assert rejected(regions, draft) == ("LEAVING", "office")
    regions.carry("hebei", "tianjin")
    body = body_pb2.Body(forwarded=verbs_pb2.Forwarded(office=LANGFANG))
    # Tianjin has let it go: to be given the step it must be brought in anew.
    regions.says(BINHAI, "Forwarded", matter, body=body)
    assert [p.office for p in regions.log("tianjin")[-1].participants] == [LANGFANG]


def test_a_step_isnt_given_to_who_has_asked_to_leave(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, CHAOYANG, FENGTAI)
    # Beijing is awaited, so a leave is granted at once; held back here to see what is between.
    assert regions.thread("beijing", matter).step.awaits == CHAOYANG

    def leaves(thread: st.Thread) -> None:
        for one in thread.parties:
            one.leaving = one.office == FENGTAI

    regions.alter("beijing", matter, leaves)
    to = body_pb2.Body(forwarded=verbs_pb2.Forwarded(office=FENGTAI))
    draft = regions.draft(CHAOYANG, "Forwarded", matter, body=to)
    assert rejected(regions, draft) == ("LEAVING", "body.office")


def test_the_due_time_of_a_step_counts_from_the_brokers_time(regions: Neighbours) -> None:
    matter = regions.open()
    assert regions.thread("beijing", matter).step.due_ms == days_after(START_MS, 30)
    named = regions.hand_in(regions.opening(due_date="2026-09-21"))
    due = regions.thread("beijing", named.matter_id).step.due_ms
    assert due == days_after(START_MS, 0)


# What may exist only once ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("once", "code"),
    [
        ("bonded-zone-fuel/1.2", ""),
        ("bonded-zone-fuel/1.3", "INVALID_FIELD"),
        ("", "MISSING_FIELD"),  # else two systems of the office would open two
    ],
)
def test_what_may_exist_once_is_named_by_what_makes_it_the_same(
    regions: Neighbours, once: str, code: str
) -> None:
    """Section 3: of a model a version is a matter, whoever publishes it and however often."""
    act = scenarios(CONTRACTS)["s2-jjj-clue-model-hit"].acts[0]
    for submission in ("draft-000001", "draft-000002"):
        matter = ids.matter_id(act.by, once or submission)
        draft = draft_of(act, {act.in_: matter}, {}, regions.now_ms)
        draft.submission_id, draft.once = submission, once
        draft.network, draft.family = "jingjinji", ev.FAMILY_DATASHARE
        outcome = regions.hand_in(draft, act.by)
        if submission == "draft-000001" or code:
            assert (outcome.code, outcome.field) == (code, "once" if code else "")
    assert regions.types("beijing").count("ModelPublished") == (not code)
