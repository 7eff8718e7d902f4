"""The desk: from what a caller wrote to a submission that the region's Kafka has."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from collab.v1 import submission_pb2 as sub
from collabbus.gateway import form
from collabbus.gateway.bell import Bell
from collabbus.gateway.problem import Problem, of_rejection
from collabbus.gateway.signers import Signers
from collabbus.gateway.tokens import Caller, Role
from collabbus.model import ids
from collabbus.model.body import said, type_of
from collabbus.model.deadline import DAY_MS
from collabbus.model.network import Network
from collabbus.model.own_acts import REGION_ACTS
from collabbus.model.thread import FAMILIES, MAIN, region_of
from collabbus.sdk import (
    DraftInvalid,
    Mailroom,
    NotAccepted,
    NotOpen,
    Recorded,
    Rejected,
    SubmissionIdReused,
    Submitted,
    UnknownSubmission,
)
from collabbus.sdk.draft import VALID_DAYS, family_of
from collabbus.sdk.mailroom import recorded

_ACT = frozenset(
    [
        "network",
        "office",
        "officer",
        "participants",
        "legalBasis",
        "caseNumber",
        "copies",
        "dueDate",
        "body",
        "addressees",
        "place",
        "guest",
        "cause",
    ]
)
OPENING = _ACT | {"domain", "function", "classification", "once"}
"""Fields of a Draft that an opening may give; the rest is the gateway's to fill."""
ACTING = _ACT | {"thread", "expectedStep", "family"}
"""Fields of a Draft that an act may give."""
_PERIOD_DAYS = 180
_MATTERS = 100_000


@dataclass(frozen=True, slots=True)
class Given:
    """What came with a request beside its body."""

    key: str
    """What the caller, or else the gateway, named the request by: the same key is one effect."""
    trace_parent: str
    now_ms: int


class Desk:
    """Takes what callers submit to one region, through one mailroom."""

    def __init__(
        self, region: str, networks: Mapping[str, Network], signers: Signers, mailroom: Mailroom
    ) -> None:
        self.region = region
        self.networks = {
            name: network for name, network in networks.items() if region in network.regions
        }
        self._signers = signers
        self._mailroom = mailroom
        self._families: OrderedDict[str, int] = OrderedDict()
        self._hung: Bell | None = None

    def known(self, caller: Caller) -> None:
        """See that a caller's office is one of this region; raises Problem."""
        self.as_office(caller, caller.office)

    def as_office(self, caller: Caller, office: str) -> str:
        """Give the office for which a caller may ask; raises Problem."""
        if region_of(office) != self.region:
            raise Problem(
                "FOREIGN_OFFICE", f"{office} isn't of {self.region}: ask the gateway of its region"
            )
        if not any(n.may_act_for(caller.office, office) for n in self.networks.values()):
            if any(n.office(office) for n in self.networks.values()):
                raise Problem("FOREIGN_OFFICE", f"{caller.office} may not act for {office}")
            raise Problem("UNKNOWN_OFFICE", f"no network of {self.region} has {office}")
        return office

    def acts_for(self, caller: Caller) -> list[str]:
        """Give the offices of this region for which a caller may ask, its own first."""
        every = {
            office.id
            for network in self.networks.values()
            for office in network.offices()
            if region_of(office.id) == self.region and network.may_act_for(caller.office, office.id)
        }
        return sorted(every, key=lambda office: (office != caller.office, office))

    def family(self, matter_id: str) -> int:
        """Give the family of a matter that was met here; 0 if it wasn't."""
        return self._families.get(matter_id, 0)

    def draft(
        self, caller: Caller, data: object, given: Given, matter_id: str = "", family: int = 0
    ) -> sub.Draft:
        """Give the draft of what a caller wrote; without `matter_id` it opens a matter.

        Raises Problem, with every field that is wrong.
        """
        draft = sub.Draft()
        faults = form.read(draft, data, only=ACTING if matter_id else OPENING)
        if faults:
            raise _wrong(faults)
        draft.office = draft.office or caller.office
        self.as_office(caller, draft.office)
        draft.officer = _officer(caller, draft.officer)
        draft.network = draft.network or self._network_of(draft.office)
        network = self.networks.get(draft.network)
        if network is None or not network.may_act_for(caller.office, draft.office):
            raise Problem(
                "UNKNOWN_NETWORK",
                f"{draft.network or 'no network'!r} holds no {draft.office} for which "
                f"{caller.office} acts: give one of {', '.join(sorted(self.networks))}",
                errors=[form.Fault("/network", "network", "must be given, and hold the office")],
            )
        kind = type_of(draft.body)
        if not kind or kind in REGION_ACTS:
            raise _wrong([form.Fault("/body", "required", "must say one thing that offices say")])
        draft.submission_id = submission_id(caller.office, draft.office, given.key)
        if matter_id:
            draft.matter_id = matter_id
            draft.thread = draft.thread or MAIN
            chosen = draft.family or family_of(draft.body) or self.family(matter_id) or family
            if not chosen:
                raise Problem(
                    "UNKNOWN_MATTER",
                    f"matter {matter_id} isn't known here yet: give `family`, or try again later",
                )
        else:
            chosen = family_of(draft.body)
            if not chosen:
                raise _wrong([form.Fault("/body", "opening", f"{kind} opens no matter")])
            draft.thread = MAIN
            draft.matter_id = ids.matter_id(draft.office, draft.once or draft.submission_id)
        draft.family = sub.Draft(family=chosen).family  # type: ignore[arg-type] # a number, checked
        sent = self._mailroom.recall(draft.submission_id)
        if sent is None or sent.office not in self.acts_for(caller):
            draft.not_after_ms = not_after(draft.submission_id, given.now_ms)
            draft.trace_parent = given.trace_parent
        else:
            # What is tried again says the same as the first time.
            draft.not_after_ms, draft.trace_parent = sent.not_after_ms, sent.trace_parent
        field = draft.body.WhichOneof("kind") or ""
        place = f"/body/{draft.body.DESCRIPTOR.fields_by_name[field].json_name}"
        faults = [*form.broken(draft), *form.broken(said(draft.body), place)]
        if faults:
            raise _wrong(faults)
        return draft

    async def submit(self, caller: Caller, draft: sub.Draft, seconds: float) -> Submitted:
        """Have a draft signed and sent; on return the region's Kafka has it durably.

        Raises Problem; after LATER it may have arrived, and the same again has one effect.
        """
        key = self._signers.key(self.networks[draft.network], caller.office, draft.office)
        if not self._mailroom.has_room:
            raise Problem(
                "BUSY", f"too much is under way; {self._mailroom.why}", headers={"Retry-After": "1"}
            )
        try:
            letter = self._mailroom.post(draft, key, seconds, awaited=True)
            submitted = await self._bell().wait(letter.future)
        except SubmissionIdReused:
            raise Problem(
                "KEY_CONFLICT",
                "another request came with this Idempotency-Key: use a new key for another act",
                submissionId=draft.submission_id,
            ) from None
        except DraftInvalid as error:
            raise Problem("TOO_LARGE", str(error)) from None
        except (NotAccepted, NotOpen):
            raise Problem(
                "LATER",
                "Kafka hasn't acknowledged it; it may have arrived: send the same again with the "
                "same Idempotency-Key, which has one effect",
                headers={"Retry-After": "2"},
                submissionId=draft.submission_id,
                matterId=draft.matter_id,
            ) from None
        self._families[draft.matter_id] = int(draft.family)
        self._families.move_to_end(draft.matter_id)
        if len(self._families) > _MATTERS:
            self._families.popitem(last=False)
        return submitted

    async def decided(self, submission: str, seconds: float, at: str = "") -> Recorded | None:
        """Give what a submission has become; None if it isn't decided after so many seconds.

        Raises Problem if it was rejected, `at` being where its fields stand, or LookupError if it
        wasn't submitted here.
        """
        try:
            deciding = self._mailroom.decision(submission)
        except UnknownSubmission as error:
            raise LookupError(submission) from error
        if not deciding.done():
            if seconds <= 0:
                return None
            try:
                await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(deciding)), seconds)
            except TimeoutError:
                return None
        draft: Any = sub.Draft.DESCRIPTOR
        try:
            return recorded(deciding.result())
        except Rejected as rejected:
            pointer = form.json_name(draft, rejected.field) if rejected.field else at
            raise of_rejection(rejected, pointer, matterId=deciding.result().matter_id) from None

    def shown(self, caller: Caller, submission: str) -> None:
        """See that a submission was made here, by an office for which a caller may ask.

        Raises LookupError in either case: ids follow from names and keys that can be guessed, and
        who may not ask must not learn that one was used.
        """
        sent = self._mailroom.recall(submission)
        if sent is None or sent.office not in self.acts_for(caller):
            raise LookupError(submission)

    def _bell(self) -> Bell:
        """Give the bell of the loop that runs."""
        loop = asyncio.get_running_loop()
        if self._hung is None or self._hung.loop is not loop:
            self._hung = Bell(loop)
        return self._hung

    def _network_of(self, office: str) -> str:
        found = [name for name, network in self.networks.items() if network.office(office)]
        return found[0] if len(found) == 1 else ""


def submission_id(caller: str, office: str, key: str) -> str:
    """Give the id of what a caller submits for an office under a key: the same ever after."""
    return "g" + sha256("\0".join(("gateway", caller, office, key)).encode()).hexdigest()[:40]


def not_after(submission: str, now_ms: int) -> int:
    """Give until when a submission is valid, in milliseconds since 1970: 30 to 210 days ahead.

    What is tried again must say the same, also through another gateway that has never heard of it.
    So time is cut into half-years, for each id elsewhere: that a repetition falls behind such a cut
    and is taken for another submission happens once in millions.
    """
    period = _PERIOD_DAYS * DAY_MS
    phase = int.from_bytes(sha256(submission.encode()).digest()[:8], "big") % period
    return (now_ms + phase) // period * period + period - phase + VALID_DAYS * DAY_MS


def family_number(name: str) -> int:
    """Give the number of a family that is named as contracts do; 0 for none."""
    return next((number for number, known in FAMILIES.items() if known == name), 0)


def _officer(caller: Caller, given: str) -> str:
    """Give the officer who answers for an act; raises Problem."""
    if not caller.acts:
        raise Problem("FORBIDDEN", "a token of role reader doesn't act")
    if caller.role is Role.OFFICER and given not in ("", caller.officer):
        raise Problem("FORBIDDEN", "an officer acts under the token's own name: leave it out")
    found = given or caller.officer
    if not found:
        raise _wrong([form.Fault("/officer", "required", "a system names the officer who acts")])
    return found


def _wrong(faults: list[form.Fault]) -> Problem:
    many = "1 field is" if len(faults) == 1 else f"{len(faults)} fields are"
    return Problem("FIELDS", f"{many} wrong: {faults[0].pointer} {faults[0].detail}", errors=faults)


def told(what: Submitted | Recorded, **members: Any) -> dict[str, Any]:
    """Give the JSON that tells of a submission that is accepted, or recorded."""
    found = {"submissionId": what.submission_id, "matterId": what.matter_id, **members}
    if isinstance(what, Recorded):
        return found | {
            "state": "recorded",
            "eventIds": list(what.event_ids),
            "decidedMs": what.decided_ms,
        }
    return found | {"state": "accepted", "acceptedMs": what.time_ms}
