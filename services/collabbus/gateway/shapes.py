"""Shapes: what the gateway tells of matters and events, in JSON."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from collab.v1 import body_pb2
from collabbus.ledger.views import EventView, MatterDetail, MatterView, Page
from collabbus.model.body import FIELD_OF


class _Shape(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)

    def text(self) -> str:
        """Give its JSON."""
        return self.model_dump_json(by_alias=True)


class Thread(_Shape):
    """How a thread (线程) stands."""

    thread: str
    sort: str
    recipient: str
    state: str
    step: int
    awaits: str
    waits: str
    due_ms: int | None
    overdue: bool
    escalated: int
    ended: bool
    frozen: bool
    pending: list[str]
    stepped_ms: int


class Matter(_Shape):
    """A matter (协作事项) as lists show it."""

    matter_id: str
    network: str
    family: str
    kinds: list[str]
    opening: str
    host: str
    domain: str
    function: str
    classification: str
    case_number: str
    opened_ms: int
    closed_ms: int | None
    archived_ms: int | None
    updated_ms: int
    cause_matter: str
    cause_event: str
    main: Thread | None = Field(
        description="Null where the office is of a track or copy alone; then kinds, opening, "
        "caseNumber, closedMs and the cause, which only the main thread tells, are empty."
    )


class Party(_Shape):
    """An office in a thread."""

    thread: str
    office: str
    role: str
    leaving: bool
    left: bool


class Link(_Shape):
    """A matter to which this one has led."""

    matter_id: str
    family: str
    state: str


class Held(_Shape):
    """An event that waits or was refused, and since when."""

    thread: str
    event_id: str
    origin: str
    number: int
    code: str
    since_ms: int


class WholeMatter(Matter):
    """A matter with its threads, parties and links."""

    threads: list[Thread]
    parties: list[Party]
    links: list[Link]
    waiting: list[Held]


class Event(_Shape):
    """An event (事件) as it stands, with its latest correction."""

    cursor: str = Field(description="Its place; following goes on from it.")
    event_id: str
    network: str
    family: str
    matter_id: str
    thread: str
    origin: str
    number: int
    type: str
    step: int | None
    state: str | None
    office: str
    officer: str
    guest: str
    clock: bool
    recorded_ms: int
    submission_id: str
    case_number: str
    legal_basis: list[dict[str, str]]
    late: bool
    erased: bool
    corrected_by: str | None
    body: dict[str, Any] | None = Field(
        description="What it says: a `collab.v1.Body`. Null where it was erased."
    )


class Matters(_Shape):
    """A page of matters."""

    items: list[Matter]
    cursor: str | None = Field(description="Of the next page; null on the last.")


class Events(_Shape):
    """A page of events."""

    items: list[Event]
    cursor: str | None


def matters(page: Page[MatterView]) -> Matters:
    """Give a page of matters."""
    return Matters.model_validate(page)


def matter(found: MatterDetail) -> WholeMatter:
    """Give a matter."""
    line = Matter.model_validate(found.matter)
    return WholeMatter(
        **dict(line),
        threads=[Thread.model_validate(one) for one in found.threads],
        parties=[Party.model_validate(one) for one in found.parties],
        links=[Link.model_validate(one) for one in found.links],
        waiting=[Held.model_validate(one) for one in found.waiting],
    )


def event(found: EventView) -> Event:
    """Give an event."""
    names = (name for name in Event.model_fields if name != "body")
    return Event(**{name: getattr(found, name) for name in names}, body=_body(found))


def events(page: Page[EventView]) -> Events:
    """Give a page of events."""
    return Events(items=[event(one) for one in page.items], cursor=page.cursor)


def _body(found: EventView) -> dict[str, Any] | None:
    field = FIELD_OF.get(found.type)
    if found.content is None or field is None:
        return None
    # The ledger names fields the schema's way, requests and answers of the gateway as JSON does.
    body = json_format.ParseDict(
        {field: found.content}, body_pb2.Body(), ignore_unknown_fields=True
    )
    said: dict[str, Any] = json_format.MessageToDict(body)
    return said
