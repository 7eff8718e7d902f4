"""Matters with tracks, in whatever order their events cross (invariants 3, 4, 7 and 8)."""

from __future__ import annotations

from collections import Counter

from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as some

from collab.v1 import consultation_pb2 as consultation
from collab.v1 import event_pb2 as ev
from collab.v1 import notification_pb2, verbs_pb2
from collabbus.model import thread as threads
from collabbus.model.deadline import DAY_MS
from tests.model.neighbours import BEIJING, BINHAI, CHAOYANG, HAIDIAN, LANGFANG, SANHE, Neighbours
from tests.model.signing import (
    RECIPIENTS,
    circulating,
    convene,
    draft,
    drafted,
    guest,
    hashed,
    in_force,
    signed,
    track,
)

FIRM = "track/guest/firm-1"
MAINLY: list[Message] = [
    drafted("1"),
    drafted("2"),
    in_force("1"),
    verbs_pb2.Closed(),
    verbs_pb2.Commented(text="知悉"),
    verbs_pb2.LeaveAsked(),
    verbs_pb2.ParticipantAdded(),
    verbs_pb2.Extended(due_date="2026-12-01", reason="案情复杂"),
]
TRACKS: list[Message] = [
    signed("1"),
    signed("2"),
    notification_pb2.Acknowledged(),
    verbs_pb2.Declined(reason=verbs_pb2.DECLINE_REASON_NO_NEED, text="不参加"),
    verbs_pb2.Commented(text="知悉"),
    verbs_pb2.Extended(due_date="2026-10-20", reason="案情复杂"),
    consultation.OpinionSubmitted(
        position=consultation.Position.values()[1], text="同意", sha256=hashed("a")
    ),
]
OFFICES = (HAIDIAN, CHAOYANG, BINHAI, LANGFANG, SANHE)
REGIONS = ("beijing", "tianjin", "hebei")
ways = some.sampled_from([(a, b) for a in REGIONS for b in REGIONS if a != b])
moves = some.one_of(
    some.tuples(some.just(HAIDIAN), some.just("main"), some.sampled_from(MAINLY)),
    some.tuples(some.sampled_from(OFFICES), some.just("main"), some.sampled_from(MAINLY)),
    some.tuples(some.sampled_from(OFFICES), some.just(""), some.sampled_from(TRACKS)),
    some.tuples(some.just(HAIDIAN), some.just(FIRM), some.sampled_from([guest("firm-1"), *TRACKS])),
    some.tuples(some.just(HAIDIAN), some.sampled_from(RECIPIENTS), some.sampled_from(TRACKS)),
    ways,
    ways,
    some.just(("all", 0)),
    some.sampled_from([("draft", 1), ("draft", 2), ("sign", 0), ("sign", 0), ("force", 0)]),
    some.sampled_from([("tick", 0), ("tick", 4), ("tick", 11), ("restart", 0)]),
)


def act(regions: Neighbours, matter: str, office: str, where: str, said: Message) -> None:
    thread = where if where in ("main", FIRM) else track(where or office)
    fields: dict[str, object] = {}
    if isinstance(said, verbs_pb2.ParticipantAdded):
        fields["participants"] = [ev.Participant(office=SANHE, role=ev.ROLE_RECIPIENT)]
    if isinstance(said, consultation.Drafted):
        fields["copies"] = [ev.Copy(role=ev.COPY_ROLE_REPORT, office=BEIJING)]
    if thread == FIRM and not isinstance(said, verbs_pb2.TrackOpened):
        fields["guest"] = "firm-1"
    regions.hand_in(draft(regions, office, matter, said, thread, **fields))


def agreeing(regions: Neighbours, matter: str, what: str, version: str) -> None:
    """Have the host draft, all sign the version that each has seen, or the host put it in force."""
    seen = {hashed(each): each for each in ("1", "2")}
    if what == "draft":
        act(regions, matter, HAIDIAN, "main", drafted(version))
        return
    for office in (*RECIPIENTS, CHAOYANG) if what == "sign" else (HAIDIAN,):
        region = threads.region_of(office)
        if "main" in regions.threads(region, matter):
            version = seen.get(regions.thread(region, matter).proposed, "1")
            if what == "sign":
                act(regions, matter, office, "", signed(version))
            else:
                act(regions, matter, office, "main", in_force(version))


def happens(regions: Neighbours, matter: str, move: tuple[object, ...]) -> None:
    """Let one thing of a story happen."""
    if move[0] == "tick":
        regions.now_ms += int(str(move[1])) * DAY_MS
        regions.tick()
    elif move[0] == "restart":
        for node in regions.nodes.values():
            node.start_record()
            node.start_dispatch()
    elif move[0] == "all":
        regions.carry_all()
    elif move[0] in ("draft", "sign", "force"):
        agreeing(regions, matter, str(move[0]), str(move[1]))
    elif len(move) == 2:
        regions.carry(str(move[0]), str(move[1]))
    else:
        office, where, said = move
        assert isinstance(said, Message)
        act(regions, matter, str(office), str(where), said)


@settings(max_examples=120, deadline=None)
@given(some.booleans(), some.lists(moves, min_size=5, max_size=40))
def test_whatever_the_interleaving_the_members_of_each_thread_agree_once_all_has_come(
    early: bool, story: list[tuple[object, ...]]
) -> None:
    regions = Neighbours(circulating())
    matter = convene(regions, *RECIPIENTS, CHAOYANG)
    if early:
        agreeing(regions, matter, "draft", "1")
        regions.carry_all()
        agreeing(regions, matter, "sign", "")
    for move in story:
        happens(regions, matter, move)
    regions.carry_all()
    regions.carry_all()
    for region in REGIONS:
        in_order(regions, region)
    for name in regions.threads("beijing", matter):
        if name == threads.LOCAL:
            continue
        there = threads.members(regions.thread("beijing", matter, name))
        assert regions.agree(matter, *there, thread=name)
    main = regions.thread("beijing", matter)
    if main.step.state == "in_force":
        agreed_to(regions, matter, main.agreed)


def agreed_to(regions: Neighbours, matter: str, sha256: bytes) -> None:
    """See that no recipient who is still there was passed over (rule 8)."""
    recipients = {p.office for p in regions.thread("beijing", matter).parties
                  if p.role == ev.ROLE_RECIPIENT and not p.left}  # fmt: skip
    for office in recipients:
        found = regions.thread("beijing", matter, track(office))
        assert found.agreed == sha256 or found.ended


def in_order(regions: Neighbours, region: str) -> None:
    """See that a log is dense and causal, and nothing is left over (invariants 3, 7 and 8)."""
    assert regions.quarantined(region) == []
    assert regions.waiting(region) == []
    assert "Refused" not in regions.types(region)
    last: Counter[tuple[str, str]] = Counter()
    for envelope in regions.log(region):
        assert envelope.number == last[envelope.thread, envelope.origin] + 1
        for seen in envelope.seen:
            assert last[envelope.thread, seen.origin] >= seen.number
        last[envelope.thread, envelope.origin] = envelope.number
        # Nobody but the host and the recipient ever learns of a track.
        if envelope.thread.startswith(threads.TRACK) and envelope.thread != FIRM:
            recipient = threads.region_of(envelope.thread.removeprefix(threads.TRACK))
            assert {envelope.origin, *envelope.to} <= {"beijing", recipient}
