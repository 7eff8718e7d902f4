"""Scenarios: stories from the trade as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from collab.v1 import common_pb2 as common
from collab.v1 import event_pb2 as ev
from collabbus.contracts import Contracts
from collabbus.fault import Key
from collabbus.model.domain import Domain
from collabbus.model.function import Function
from collabbus.model.lifecycle import StateName, TypeName
from collabbus.model.span import SpanText
from collabbus.model.thread import GUEST, MAIN, TRACK

Label = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
"""Names a matter of the story."""
Row = Annotated[int, Field(ge=1, le=78)]
Number = Annotated[int, Field(ge=0, strict=True)]
THE_MATTER = "matter"
"""The label of the matter where a story has only one."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Basis(_Entry):
    """A legal basis, as a scenario names it."""

    instrument: str
    article: str = ""


class CopyTo(_Entry):
    """A copy of an act, and in which of the four roles (001§15)."""

    role: str
    """A name of `collab.v1.CopyRole` without its prefix."""
    office: str

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = [name.removeprefix("COPY_ROLE_") for name in ev.CopyRole.keys()[1:]]
        if self.role not in known:
            raise ValueError(f"role: {self.role!r} is none of {', '.join(known)}")
        return self


class Expected(_Entry):
    """What a thread must hold once an act is recorded, in the region where it was recorded."""

    step: int
    state: StateName
    awaits: str = ""
    """The office; empty: nobody."""
    within: SpanText | Literal["none"] | None = None
    """In what time from this step on it is owed, written as a contract writes it; `none`: nothing
    falls due; absent: it isn't looked at."""
    thread: str = ""
    """Another thread than the act's, written as an act writes it."""


class Act(_Entry):
    """One act of one office; or, without `by`, time that passes and what the clocks make of it."""

    by: str = ""
    officer: str = ""
    says: str = ""
    """A type of body, such as `Accepted`."""
    content: dict[str, Any] = Field(default_factory=dict, alias="with")
    """The body in protobuf's JSON form, in which `<...>` stands for what only the play knows; see
    `collabbus.simulate.content`."""
    in_: Label = Field(default=THE_MATTER, alias="in")
    """In which matter of the story; the first opening under a label makes its matter."""
    thread: str = MAIN
    """`main`; an office, for its track; or a guest's id, for the guest's track."""
    guest: str = ""
    """The guest for whom the office speaks."""
    network: str = ""
    """Where the act opens a matter: its network, if it isn't the scenario's."""
    asks: str = ""
    """The executor, where the act opens a matter."""
    asks_region: str = ""
    """A region in which the contract's rules find the executor; see `then.awaits`."""
    tells: tuple[str, ...] = ()
    """Recipients of an opening, a track each."""
    adds: tuple[str, ...] = ()
    """Observers that it brings in."""
    adds_recipients: tuple[str, ...] = ()
    """Recipients that it brings in later, a track each."""
    because: Label | None = None
    """Another matter of the story that gave the occasion: the last event of it that is known."""
    copies: tuple[CopyTo, ...] = ()
    legal_basis: tuple[Basis, ...] = ()
    case_number: str = ""
    domain: Domain | None = None
    function: Function | None = None
    place: str = ""
    classification: str = "INTERNAL"
    """A name of `collab.v1.Classification` without its prefix."""
    once: str = ""
    """What makes the matter that it opens the same."""
    due_in: Annotated[int, Field(ge=0, le=3660)] = 0
    """Days until the wanted due date; 0: the contract's rule."""
    days: Annotated[int, Field(ge=0, le=3660)] = 0
    """So many days pass before it."""
    clock: bool = False
    """Whether it rests on what a clock did: left out where time can't leap."""
    at_once: bool = False
    """Whether it is said before what the others said has arrived: it crosses with them."""
    again: bool = False
    """Whether it is submitted twice, which must change nothing."""
    records: tuple[TypeName, ...] | None = None
    """The types of what clocks and rules must record meanwhile, each as often as it stands here and
    nothing else; absent: it isn't looked at."""
    then: Expected | None = None
    rejected: str = ""
    """The code with which the region rejects it."""

    @field_validator("classification", mode="after")
    @classmethod
    def _classified(cls, value: str) -> str:
        known = [name.removeprefix("CLASSIFICATION_") for name in ev.Classification.keys()[1:]]
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.by and not (self.officer and self.says):
            missing = "says" if self.officer else "officer"
            raise ValueError(f"{missing}: must be given: who acts says something, by an officer")
        if not self.by and self.says:
            raise ValueError("by: must be given: somebody says it")
        if not (self.by or self.days or self.records is not None):
            raise ValueError("by: must be given, or else days or records")
        if self.days and self.records is None:
            raise ValueError("records: must be given where days pass: what the clocks record")
        if self.asks and self.asks_region:
            raise ValueError("asks_region: must be absent where asks is given: one is asked")
        return self

    @property
    def offices(self) -> Iterator[tuple[Key, str]]:
        """The offices that it names, each with its key."""
        single = {"by": self.by, "asks": self.asks}
        yield from (((key,), office) for key, office in single.items() if office)
        for key in ("tells", "adds", "adds_recipients"):
            yield from (((key, i), office) for i, office in enumerate(getattr(self, key)))
        yield from ((("copies", i, "office"), one.office) for i, one in enumerate(self.copies))
        if "/" in self.thread:
            yield ("thread",), self.thread
        if self.then is not None:
            names = {"awaits": self.then.awaits, "thread": self.then.thread}
            yield from ((("then", key), one) for key, one in names.items() if "/" in one)


class Ending(_Entry):
    """What a thread must hold at the end, in every region that is named, and nowhere else."""

    in_: Label = Field(default=THE_MATTER, alias="in")
    thread: str = MAIN
    """As an act writes it."""
    state: StateName
    regions: tuple[str, ...] = Field(min_length=1)
    """All that hold something of the thread."""
    sees: tuple[str, ...] | None = None
    """The offices that are in the thread then, all of them; absent: they aren't looked at."""
    remarks: tuple[TypeName, ...] | None = None
    """The types of the remarks that offices made in it, each as often as it stands here, as each of
    the regions holds them; absent: they aren't looked at."""
    clock: bool = False
    """Whether it is reached by a clock: not looked at where time can't leap."""


class Totalled(_Entry):
    """What all must have reported of a series in the end, in every region that is named.

    What isn't named must not be reported, either.
    """

    in_: Label = Field(default=THE_MATTER, alias="in")
    series: str
    """The key of the reports."""
    regions: tuple[str, ...] = Field(min_length=1)
    reports: Number = 1
    """How many reports stand."""
    fen: dict[str, Number] = Field(default_factory=dict)
    """By name of `collab.v1.SumOf` without its prefix, in whole fen."""
    counts: dict[str, Number] = Field(default_factory=dict)
    """By name of `collab.v1.Counted` without its prefix."""
    persons: Number = 0
    """How many, each once; and so of enterprises and milestones."""
    enterprises: Number = 0
    area_m2: Number = 0
    milestones: Number = 0

    @model_validator(mode="after")
    def _known(self) -> Self:
        enums = (
            ("fen", common.SumOf.keys(), self.fen),
            ("counts", common.Counted.keys(), self.counts),
        )
        for key, names, given in enums:
            known = [name.removeprefix("SUM_OF_").removeprefix("COUNTED_") for name in names[1:]]
            if wrong := sorted(set(given) - set(known)):
                raise ValueError(f"{key}: {wrong[0]!r} is none of {', '.join(known)}")
        return self


class Found(_Entry):
    """What a shared model must have found in the end, in every region that is named."""

    in_: Label = Field(default=THE_MATTER, alias="in")
    regions: tuple[str, ...] = Field(min_length=1)
    hits: Number = 0
    answered: Number = 0
    confirmed: Number = 0
    clues: Number = 0


class Scenario(_Entry):
    """A story: who does what, and how it must end."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,60}$")
    zh: str
    en: str
    rows: tuple[Row, ...] = Field(min_length=1)
    """Rows of the table of mechanisms that it shows."""
    demo: bool = False
    """Whether the demo plays it."""
    network: str
    year: int | None = None
    """In which it happens, where it matters whose turn it is; in another it is left out."""
    links_ms: dict[str, int] = Field(default_factory=dict)
    """How slow links are in the simulator, `beijing>hebei: 60000`; others take 5 ms."""
    acts: tuple[Act, ...] = Field(min_length=1)
    ends: tuple[Ending, ...] = Field(min_length=1)
    totals: tuple[Totalled, ...] = ()
    models: tuple[Found, ...] = ()

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks in which its matters live, its own first."""
        return tuple(dict.fromkeys([self.network, *(a.network for a in self.acts if a.network)]))


def thread_name(said: str) -> str:
    """Give the name of a thread as an act writes it: `main`, an office, or a guest's id."""
    if said == MAIN:
        return MAIN
    return TRACK + said if "/" in said else GUEST + said


def family_of(contracts: Contracts, type_name: str) -> str:
    """Give the family whose matters a type of act opens; empty for one that opens none."""
    for family, lifecycle in contracts.lifecycles.items():
        if type_name in lifecycle.opens:
            return family
    return ""
