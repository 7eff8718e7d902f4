"""Views: what the ledger tells of matters, threads and events. Times are milliseconds since 1970.

Enumerations are told by their names without prefix: `FINANCE`, `EXECUTOR`; families as contracts
name them, `assistance`. What isn't set is empty, a time that isn't set None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

Sort = Literal["main", "track", "guest", "copy", "archive", "local"]
Order = Literal["updated", "opened"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list."""

    items: Sequence[T]
    cursor: str | None
    """From where the next page goes on. Of a list, None on the last page; of events that are
    followed, what to hand back to see what came later: None only where none was given and the
    ledger is being rebuilt."""


@dataclass(frozen=True, slots=True)
class ThreadView:
    """How a thread stands."""

    matter_id: str
    thread: str
    sort: Sort
    recipient: str
    """The office, or the guest's id, whose track it is."""
    state: str
    step: int
    """0 where there is no step."""
    awaits: str
    """The office that owes the next step."""
    waits: str
    due_ms: int | None
    """24:00 (UTC+8) of the due day."""
    overdue: bool
    escalated: int
    """How many levels of escalation were recorded for this step."""
    ended: bool
    """Its matter has ended it, or its recipient has left: nobody owes anything in it."""
    frozen: bool
    pending: tuple[str, ...]
    """Types of remarks bound to this step that still count, such as `ExtensionAsked`."""
    stepped_ms: int


@dataclass(frozen=True, slots=True)
class MatterView:
    """What is told of a matter in lists."""

    matter_id: str
    network: str
    family: str
    kinds: tuple[str, ...]
    opening: str
    """Type of the act that opened it, `AssistanceRequested`."""
    host: str
    """The office that opened it."""
    domain: str
    function: str
    classification: str
    case_number: str
    contract: bytes
    opened_ms: int
    closed_ms: int | None
    archived_ms: int | None
    updated_ms: int
    """When this region's log took its newest event, in whatever thread: also in one that who asks
    can't see, of which it tells nothing else."""
    cause_matter: str
    cause_event: str
    main: ThreadView | None
    """None where who asks isn't of the main thread, but of a track or a copy alone. Then what only
    the main thread tells is empty: kinds, opening, case number, cause, and when it was closed."""


@dataclass(frozen=True, slots=True)
class PartyView:
    """An addition of an office to a thread."""

    thread: str
    office: str
    role: str
    addition: str
    """The event that added it."""
    leaving: bool
    left: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    """A matter to which this one has led."""

    matter_id: str
    family: str
    state: str


@dataclass(frozen=True, slots=True)
class CopyView:
    """A copy of an event (报告、抄报、抄送、抄告)."""

    event_id: str
    role: str
    office: str


@dataclass(frozen=True, slots=True)
class WaitView:
    """An event that is held or was refused, and what it waits for."""

    thread: str
    event_id: str
    origin: str
    number: int
    code: str
    """`CAUSE`, `CONTRACT` or `REFUSED`."""
    missing: tuple[tuple[str, int], ...]
    """Origins and numbers."""
    since_ms: int


@dataclass(frozen=True, slots=True)
class MatterDetail:
    """A matter with what who asks may see of it."""

    matter: MatterView
    threads: tuple[ThreadView, ...]
    """The main thread first, then by name."""
    parties: tuple[PartyView, ...]
    links: tuple[LinkView, ...]
    copies: tuple[CopyView, ...]
    waiting: tuple[WaitView, ...]


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as it stands: with its latest correction, and without a body that was erased."""

    cursor: str
    """Its place, from which a follower goes on."""
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
    legal_basis: tuple[dict[str, str], ...]
    shard: int
    log_offset: int
    logged_ms: int
    """When this region's log took it."""
    late: bool
    """It came after its matter was archived, and changed nothing."""
    erased: bool
    corrected_by: str | None
    """The latest event that corrects it, if that may be read, too; `content` is what that says."""
    content: dict[str, Any] | None
    """What it says, in the schemas' JSON form with the fields' own names; None where erased."""
    envelope: bytes
    """As recorded, to the byte; a correction doesn't show here, nor in `body`."""
    body: bytes | None
    salt: bytes | None


@dataclass(frozen=True, slots=True)
class Task:
    """A thread in which an office is awaited, and its matter."""

    matter: MatterView
    thread: ThreadView


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """Which matters are meant; all that is set must hold. Of threads one must fit in everything."""

    network: str | None = None
    family: str | None = None
    kind: str | None = None
    host: str | None = None
    domain: str | None = None
    case_number: str | None = None
    cause_matter: str | None = None
    office: str | None = None
    """An office that takes part."""
    open: bool | None = None
    """Whether the main thread has not reached a final step yet. As `kind`, `case_number` and
    `cause_matter` it finds only matters of which who asks sees the main thread."""
    archived: bool | None = None
    opened_from_ms: int | None = None
    opened_before_ms: int | None = None
    updated_from_ms: int | None = None
    state: str | None = None
    """Of the main thread."""
    awaits: str | None = None
    """An office that is awaited in some thread."""
    waits: str | None = None
    overdue: bool | None = None
    """Whether some thread's step is overdue."""
    due_before_ms: int | None = None
    escalated: int | None = None
    """At least so many levels of escalation."""
    frozen: bool | None = None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are meant; all that is set must hold."""

    network: str | None = None
    families: Sequence[str] = ()
    types: Sequence[str] = ()
    matter_id: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class ShardStatus:
    """How far a topic's shard is in the tables."""

    topic: str
    shard: int
    next: int


@dataclass(frozen=True, slots=True)
class Status:
    """How the ledger stands."""

    region: str
    """Empty before the first batch."""
    life: str
    position: int
    generation: int
    rebuilding: bool
    """Matters and events can't be read until it is over."""
    current_ms: int
    """When it last had all that the log held; 0 if it never had."""
    matters: int
    events: int
    shards: tuple[ShardStatus, ...] = field(default=())
