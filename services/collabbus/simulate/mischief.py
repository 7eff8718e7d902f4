"""Mischief (违规提交): submissions that no contract allows, whatever the state they meet."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import protovalidate

from collab.v1 import body_pb2, common_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model.body import said, type_of
from collabbus.model.contract import Contract
from collabbus.model.thread import FAMILIES, GUEST, LOCAL, MAIN, region_of

_ID = "0123456789abcdef" * 2


STRAY = "in another shard"
WRONGS = (
    "a field is missing",
    "a guest's track under another name",
    "a hash that nobody proposed",
    "a step that nobody has seen",
    "a thread of the region's own",
    "a thread that there isn't",
    "an act of the region, by an office",
    "another family",
    "another network",
    STRAY,
    "in the name of another guest",
    "it has expired",
    "signed by another office",
    "the id of a matter that it doesn't open",
    "to another region",
    "under another key",
)
"""Every way in which a draft is spoiled."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A draft that must be rejected, and why."""

    why: str
    draft: sub.Draft
    signer: str
    """Whose key signs it."""
    key: str
    """Of its record."""


class Mischief:
    """Spoils drafts, by seed."""

    def __init__(self, rnd: random.Random, contract: Contract) -> None:
        self._rnd = rnd
        self._contract = contract
        self._offices = [office.id for office in contract.network.offices()]
        self._count = 0
        self._ways: Sequence[tuple[str, Callable[[sub.Draft], bool]]] = (
            ("another family", self._family),
            ("another network", self._network),
            ("a step that nobody has seen", self._step),
            ("it has expired", self._expired),
            ("a thread that there isn't", self._thread),
            ("a thread of the region's own", self._local),
            ("an act of the region, by an office", self._region_act),
            ("a guest's track under another name", self._guest_track),
            ("in the name of another guest", self._guest),
            ("the id of a matter that it doesn't open", self._matter_id),
        )

    def spoil(self, draft: sub.Draft) -> Wrong | None:
        """Make a draft that was in order one that isn't; None if it can't be done to this one."""
        rnd = self._rnd
        twin = sub.Draft.FromString(draft.SerializeToString())
        self._count += 1
        twin.submission_id = f"wrong-{self._count:06}"
        if type_of(draft.body) in self._openings(draft) and not draft.once:
            twin.submission_id = draft.submission_id  # the matter's id derives from it
        dice = rnd.random()
        if dice < 0.12:
            others = [o for o in self._offices if not self._may(o, draft.office)]
            return Wrong("signed by another office", twin, rnd.choice(others), twin.matter_id)
        if dice < 0.2:
            return Wrong("under another key", twin, twin.office, _ID)
        if dice < 0.26:
            elsewhere = [o for o in self._offices if region_of(o) != region_of(twin.office)]
            if not elsewhere:
                return None
            twin.office = rnd.choice(elsewhere)
            return Wrong("to another region", twin, twin.office, twin.matter_id)
        why, spoil = rnd.choice(self._ways)
        if rnd.random() < 0.7 and self._hash(twin):
            return Wrong("a hash that nobody proposed", twin, twin.office, twin.matter_id)
        if rnd.random() < 0.2 and self._missing(twin):
            return Wrong("a field is missing", twin, twin.office, twin.matter_id)
        if not spoil(twin):
            return None
        return Wrong(why, twin, twin.office, twin.matter_id)

    def _may(self, holder: str, office: str) -> bool:
        return holder == office or self._contract.network.is_superior(holder, office)

    def _openings(self, draft: sub.Draft) -> Sequence[str]:
        return tuple(self._contract.lifecycles[FAMILIES[draft.family]].opens)

    def _family(self, draft: sub.Draft) -> bool:
        clue = draft.family != ev.FAMILY_CLUE
        draft.family = ev.FAMILY_CLUE if clue else ev.FAMILY_NOTIFICATION
        return type_of(draft.body) not in self._openings(draft)

    def _network(self, draft: sub.Draft) -> bool:
        draft.network = "nowhere"
        return True

    def _step(self, draft: sub.Draft) -> bool:
        draft.expected_step = 999
        return type_of(draft.body) not in self._openings(draft)

    def _expired(self, draft: sub.Draft) -> bool:
        draft.not_after_ms = min(draft.not_after_ms, 1_000_000)
        return True

    def _thread(self, draft: sub.Draft) -> bool:
        draft.thread = "track/nowhere/nobody"
        return True

    def _local(self, draft: sub.Draft) -> bool:
        draft.thread = LOCAL
        return True

    def _region_act(self, draft: sub.Draft) -> bool:
        said_by_regions = (
            body_pb2.Body(
                linked=verbs_pb2.Linked(
                    matter_id=_ID, family=ev.FAMILY_CLUE, type="ClueTransferred", event_id=_ID
                )
            ),
            body_pb2.Body(overdue=verbs_pb2.Overdue(step=1)),
            body_pb2.Body(
                escalated=verbs_pb2.Escalated(
                    step=1, level=1, to=[draft.office], reason=verbs_pb2.ESCALATION_REASON_OVERDUE
                )
            ),
            body_pb2.Body(default_claimed=verbs_pb2.DefaultClaimed(step=1, act="Closed")),
            body_pb2.Body(participant_left=verbs_pb2.ParticipantLeft(office=draft.office)),
            body_pb2.Body(track_opened=verbs_pb2.TrackOpened()),
            body_pb2.Body(
                track_ended=verbs_pb2.TrackEnded(reason=verbs_pb2.TRACK_END_REASON_MATTER_ENDED)
            ),
            body_pb2.Body(
                refused=verbs_pb2.Refused(
                    origin=region_of(draft.office),
                    number=1,
                    envelope_sha256=bytes(32),
                    code="WRONG_STEP",
                )
            ),
            body_pb2.Body(
                voided=verbs_pb2.Voided(
                    origin=region_of(draft.office),
                    number=1,
                    operator="赵刚",
                    reason="误",
                    envelope=b"-",
                )
            ),
            body_pb2.Body(
                released=verbs_pb2.Released(
                    origin=region_of(draft.office), number=1, operator="赵刚", reason="误"
                )
            ),
        )
        if type_of(draft.body) in self._openings(draft):
            return False
        draft.body.CopyFrom(self._rnd.choice(said_by_regions))
        return True

    def _missing(self, draft: sub.Draft) -> bool:
        """Leave out a field that the contract requires of this type wherever it stands."""
        lifecycle = self._contract.lifecycles[FAMILIES[draft.family]]
        kind = type_of(draft.body)
        chains = [lifecycle.main] if draft.thread == MAIN else [lifecycle.track or lifecycle.main]
        rules = [lifecycle.opens.get(kind)]
        rules += [c.steps.get(kind) or c.remarks.get(kind) for c in chains]  # type: ignore[misc]
        fields = [name for rule in rules if rule is not None for name in rule.requires]
        plain = [name for name in fields if name.startswith("body.") and name.count(".") == 1]
        if not plain:
            return False
        self._rnd.shuffle(plain)
        whole = draft.body.SerializeToString()
        for name in plain:
            draft.body.ParseFromString(whole)
            said(draft.body).ClearField(name[5:])
            if not protovalidate.collect_violations(said(draft.body), fail_fast=True):
                break  # only the contract asks for it, not the message itself
        return True

    def _guest_track(self, draft: sub.Draft) -> bool:
        """Open a guest's track under another guest's name."""
        draft.body.CopyFrom(body_pb2.Body(track_opened=verbs_pb2.TrackOpened()))
        guest = draft.body.track_opened.guest
        guest.id, guest.name, guest.kind = "zhao", "赵某", common_pb2.GUEST_KIND_PARTY
        draft.thread = GUEST + "other"
        return True

    def _guest(self, draft: sub.Draft) -> bool:
        """Speak for a guest where that guest has no say, by a step."""
        draft.guest = "nobody"
        lifecycle = self._contract.lifecycles[FAMILIES[draft.family]]
        chain = lifecycle.chain(draft.thread)
        return chain is not None and type_of(draft.body) in chain.steps

    def _hash(self, draft: sub.Draft) -> bool:
        lifecycle = self._contract.lifecycles[FAMILIES[draft.family]]
        chain = lifecycle.chain(draft.thread)
        rule = chain.steps.get(type_of(draft.body)) if chain is not None else None
        if rule is None or not rule.agrees:
            return False
        said(draft.body).sha256 = self._rnd.randbytes(32)  # type: ignore[attr-defined]
        return True

    def _matter_id(self, draft: sub.Draft) -> bool:
        """Claim for a new matter the id of what another submission would have opened."""
        if type_of(draft.body) not in self._openings(draft):
            return False
        draft.submission_id, draft.once = f"wrong-{self._count:06}", ""
        return True
