"""Drafts: what an office's system asks, from typed messages to what is signed.

The same arguments make the same bytes: a region takes a second submission under one id for a
repetition only if it says exactly the same.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from datetime import date
from typing import Required, TypedDict

from google.protobuf.message import Message

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import ids
from collabbus.model.batch import MAX_SUBMISSION
from collabbus.model.deadline import DAY_MS
from collabbus.model.thread import FAMILIES, MAIN
from collabbus.sdk.errors import DraftInvalid

VALID_DAYS = 30
"""How long a submission may be decided after it was made, unless its sender says otherwise."""
SIGNATURE_ROOM = 1024
"""Bytes that a batch signature takes at most."""

_FIELDS = {
    field.message_type.full_name: field.name
    for field in body_pb2.Body.DESCRIPTOR.oneofs[0].fields
    if field.message_type is not None
}
_NUMBERS = {name: number for number, name in FAMILIES.items()}
_OWN_ID = re.compile("s([0-9a-f]{12})-[0-9a-f]{20}")
_UTC8_MS = 8 * 3_600_000


class Details(TypedDict, total=False):
    """What an act may say beside its body."""

    officer: Required[str]
    """The officer who answers for the act."""
    legal_basis: Sequence[ev.LegalBasis]
    due_date: str | date
    """The day until which an answer is wanted; left out: the contract's rule."""
    participants: Sequence[ev.Participant]
    """Whom the act brings in, beside `to`."""
    case_number: str
    copies: Sequence[ev.Copy]
    network: str
    """The network whose contract binds the matter; left out: the Office's."""
    submission_id: str
    """Left out: a new one. The same id with the same contents is one effect, however often."""
    not_after_ms: int
    """Later than this the region rejects it; left out: 30 days ahead. Milliseconds since 1970."""
    trace_parent: str
    """W3C trace context."""
    recipients: Sequence[str]
    """Offices that are each asked on a track of its own."""
    addressees: Sequence[sub.Addressee]
    """Regions whose office the contract's rules find, by domain, function and place."""
    place: str
    """A GB/T 2260 code, or the id of a bonded zone, for `addressees`."""
    guest: str
    """The guest for whom the office speaks."""
    cause: sub.Cause
    """The event of another matter that gave the occasion."""


class Opening(Details, total=False):
    """What an opening may say beside its body."""

    to: str
    """The office that is asked; several are `recipients`."""
    once: str
    """What makes the matter the same, so that it is opened once; left out: its submission.

    The values of the fields that the contract names (`once`), joined by `/`; needed where it names
    some and all are filled in.
    """
    domain: ev.Domain
    function: ev.Function
    classification: ev.Classification


class Acting(Details, total=False):
    """What an act in a matter may say beside its body."""

    thread: str
    """Left out: the main thread."""
    expected_step: int
    """The step that the officer saw; another one is rejected as STEP_OVER. 0: whatever it is."""
    family: str
    """The matter's family, such as assistance; needed where this Office hasn't met the matter."""


def new_submission_id() -> str:
    """Make a submission id: it holds its time, so ids made later sort later.

    Store it before you submit, and a crash can be followed by the same submission.
    """
    return f"s{time.time_ns() // 1_000_000:012x}-{secrets.token_hex(10)}"


def default_not_after(submission_id: str) -> int:
    """Give until when a submission of this id is valid, in milliseconds since 1970.

    For an id of `new_submission_id` it follows from the id alone, so that trying again says the
    same. For any other it is the end of a day (UTC+8): the same all through a day.
    """
    if own := _OWN_ID.fullmatch(submission_id):
        return int(own[1], 16) + VALID_DAYS * DAY_MS
    today = (time.time_ns() // 1_000_000 + _UTC8_MS) // DAY_MS
    return (today + 1 + VALID_DAYS) * DAY_MS - _UTC8_MS


def wrap(message: Message) -> body_pb2.Body:
    """Give the body that says `message`; raises DraftInvalid if nobody can say it."""
    if isinstance(message, body_pb2.Body):
        return message
    field = _FIELDS.get(message.DESCRIPTOR.full_name)
    if field is None:
        raise DraftInvalid(
            f"{message.DESCRIPTOR.full_name} is no body: give one of the messages of "
            "collab/v1/body.proto"
        )
    body = body_pb2.Body()
    getattr(body, field).CopyFrom(message)
    # An empty message, too, says that it is there.
    getattr(body, field).SetInParent()
    return body


def family_of(body: body_pb2.Body) -> int:
    """Give the family of what opens matters, 0 for what is said in matters of any family.

    What belongs to one family stands in a file of its name: `assistance.proto`.
    """
    kind = body.WhichOneof("kind")
    if kind is None:
        return 0
    file: str = getattr(body, kind).DESCRIPTOR.file.name
    return _NUMBERS.get(file.rpartition("/")[2].removesuffix(".proto"), 0)


def family_number(name: str) -> int:
    """Give a family's number; raises DraftInvalid."""
    try:
        return _NUMBERS[name]
    except KeyError:
        raise DraftInvalid(
            f"{name!r} is no family: use one of {', '.join(sorted(_NUMBERS))}"
        ) from None


def opening(office: str, body: body_pb2.Body, network: str, details: Opening) -> sub.Draft:
    """Give the draft that opens a matter; raises DraftInvalid."""
    family = family_of(body)
    if not family:
        raise DraftInvalid(
            f"{body.WhichOneof('kind')!r} opens no matter: give a request such as "
            "AssistanceRequested, or use act()"
        )
    draft = _common(office, body, network, details, family)
    draft.once = details.get("once", "")
    draft.matter_id = ids.matter_id(office, draft.once or draft.submission_id)
    draft.thread = MAIN
    if "to" in details:
        asked = ev.Participant(office=details["to"], role=ev.ROLE_EXECUTOR)
        draft.participants.insert(0, asked)
    draft.domain = details.get("domain", ev.DOMAIN_UNSPECIFIED)
    draft.function = details.get("function", ev.FUNCTION_UNSPECIFIED)
    draft.classification = details.get("classification", ev.CLASSIFICATION_UNSPECIFIED)
    return draft


def acting(
    office: str, matter_id: str, body: body_pb2.Body, network: str, family: int, details: Acting
) -> sub.Draft:
    """Give the draft that acts in a matter; raises DraftInvalid."""
    draft = _common(office, body, network, details, family)
    draft.matter_id = matter_id
    draft.thread = details.get("thread", MAIN)
    draft.expected_step = details.get("expected_step", 0)
    return draft


def serialized(draft: sub.Draft) -> bytes:
    """Give the bytes that are signed; raises DraftInvalid if they are too many."""
    content = draft.SerializeToString(deterministic=True)
    limit = MAX_SUBMISSION - SIGNATURE_ROOM
    if len(content) > limit:
        raise DraftInvalid(
            f"the draft of {draft.submission_id!r} has {len(content)} bytes, the limit is {limit}: "
            "name large things by their digest, as annexes"
        )
    return content


def _common(
    office: str, body: body_pb2.Body, network: str, details: Details, family: int
) -> sub.Draft:
    submission_id = details.get("submission_id") or new_submission_id()
    return sub.Draft(
        submission_id=submission_id,
        network=network,
        family=ev.Family.Name(family),
        office=office,
        officer=details["officer"],
        not_after_ms=details.get("not_after_ms") or default_not_after(submission_id),
        legal_basis=details.get("legal_basis", ()),
        case_number=details.get("case_number", ""),
        copies=details.get("copies", ()),
        due_date=str(details.get("due_date", "")),
        body=body,
        trace_parent=details.get("trace_parent", ""),
        participants=[
            *(
                ev.Participant(office=one, role=ev.ROLE_RECIPIENT)
                for one in details.get("recipients", ())
            ),
            *details.get("participants", ()),
        ],
        addressees=details.get("addressees", ()),
        place=details.get("place", ""),
        guest=details.get("guest", ""),
        cause=details.get("cause"),
    )
