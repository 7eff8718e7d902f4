"""Lifecycles: the states of a family, who moves them, what an act must bring, and until when.

A lifecycle is a contract file (contracts/lifecycles/) read into these models, and from them into
plain tables: one dictionary look-up decides an act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from collabbus.model.calendar import WEEKENDS
from collabbus.model.span import SpanText

StateName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$")]
TypeName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{1,63}$")]
KindName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,63}$")]
First = StateName | Literal[""]
"""A first state; empty where there is none, because nobody may begin so."""
Articles = Annotated[tuple[Annotated[str, Field(pattern=r"\S")], ...], Field(min_length=1)]
"""The source articles that an entry implements, or `engineering` where no source asks for it."""


KEEP = "keep"
"""As a deadline: the clock goes on as it runs."""
KIND = "kind"
"""As a deadline: the one that matters of this kind begin with, or their tracks, starts again."""

REPEATABLE_DAYS = 400
"""How far ahead a submission's `not_after` may lie: so long its answer must be remembered."""
_DAY = date(2026, 1, 1)


class Who(StrEnum):
    """A party's place in a step.

    In the main thread the requester is who opened the matter, in a track it is the host; the
    executor is who was asked, or the track's recipient.
    """

    REQUESTER = "requester"
    EXECUTOR = "executor"


class By(StrEnum):
    """Who may make a remark."""

    AWAITED = "awaited"
    WAITER = "waiter"
    PARTY = "party"
    HOST = "host"
    """The office that opened the matter."""
    OBSERVER = "observer"
    """A party that is neither awaited nor waiting, nor the host: who opened a matter stays."""
    REGION = "region"
    """The region's clock or its rules; never asked for by an office."""


class Target(StrEnum):
    """To whom a step that is overdue is escalated."""

    SUPERIOR = "superior"
    """The office above the one awaited, in its own region."""
    LINKAGE_OFFICE = "linkage_office"
    """联动办公室, where the network has one."""
    CONVENERS = "conveners"
    """召集人, where the network names them."""
    WAITER = "waiter"
    """Who waits: told that there is nobody to turn to, and that it is for it to act."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Escalation(_Entry):
    """A level of escalation: so long after the due day, to whom."""

    after: SpanText
    to: Target
    grace: SpanText
    """So much longer it is put off where the awaited region can't be heard."""
    articles: Articles


class Default(_Entry):
    """What is taken as said where nothing is said until the due time."""

    act: TypeName
    """A step out of the state, with a body that holds nothing but `with`."""
    content: Mapping[str, Any] = Field(default_factory=dict, alias="with")
    articles: Articles


class Deadline(_Entry):
    """When a step falls due: at 24:00 (UTC+8) of a day counted from the day it was recorded.

    What follows when it is missed: it is overdue, it is escalated level by level to whoever is
    there, and where the contract has a default outcome, that is claimed.
    """

    zh: str
    within: SpanText
    at_most: SpanText | None = None
    """The act may name another day (`due_date`), this far ahead at most; absent: it may not."""
    remind: SpanText | None = None
    """So long before, the awaited region is reminded; absent: never."""
    escalate: tuple[Escalation, ...] = ()
    otherwise: Escalation | None = None
    """What is done where no level of `escalate` has anybody to turn to, as above a top office."""
    default: Default | None = None
    articles: Articles

    @model_validator(mode="after")
    def _instead(self) -> Self:
        if self.otherwise is not None and not self.escalate:
            raise ValueError("otherwise stands in for the levels of escalate: give them, or none")
        return self

    @property
    def levels(self) -> tuple[Escalation, ...]:
        """All levels by number, from 0; `otherwise` is the last."""
        return self.escalate if self.otherwise is None else (*self.escalate, self.otherwise)


class State(_Entry):
    """A state: final, or awaiting exactly one party while one waits.

    A host that owes something to nobody in particular (to close a circulation) waits for itself.
    """

    zh: str
    final: bool = False
    idle: bool = False
    """Whether nothing is owed in it: who is awaited may go on, at no due time."""
    awaits: Who | None = None
    waits: Who | None = None

    @model_validator(mode="after")
    def _one_awaited(self) -> Self:
        if self.final and (self.awaits or self.waits or self.idle):
            raise ValueError("a final state awaits nobody: remove awaits, waits and idle")
        if not self.final and (self.awaits is None or self.waits is None):
            raise ValueError("a state that isn't final names whom it awaits and who waits")
        if self.awaits is self.waits is Who.EXECUTOR:
            raise ValueError("nobody but the host waits for itself: awaits and waits must differ")
        return self


class CopyRule(_Entry):
    """Copies that the law of one region wants of what its offices issue (001§15)."""

    region: str
    when: str
    """The field of the body that, if it is set, makes them due."""
    roles: tuple[KindName, ...] = Field(min_length=1)
    """Names of `collab.v1.CopyRole` without their prefix."""
    articles: Articles


class Kind(_Entry):
    """A kind of collaboration: what its opening must bring beyond what all bring, and its own way.

    Its name is that of the value in the opening's enumeration, without the prefix.
    """

    zh: str
    rows: tuple[Annotated[int, Field(ge=1, le=78)], ...] = Field(min_length=1)
    """The rows of the table of mechanisms that it carries."""
    details: str | None = None
    """The field of the body that describes it and must then be filled in, if it isn't named so."""
    requires: tuple[str, ...] = ()
    deadline: str | None = None
    """A deadline of its own for the first step, and for each that starts the kind's own again."""
    host_deadline: str | None = None
    """A deadline of its own for the first step where no executor is asked; absent: `deadline`."""
    track_deadline: str | None = None
    """A deadline of its own with which its tracks begin."""
    to: First | None = None
    """A first state of its own where one executor is asked; empty: none may be."""
    circulates: First | None = None
    """A first state of its own where recipients are named; empty: none may be."""
    alone: First | None = None
    """A first state of its own where nobody is named; empty: somebody must be."""
    by_turns: bool = False
    """Whether only a region opens it whose year it is, where the regions convene by turns."""
    articles: Articles


Beginning = Literal["to", "circulates", "alone"]
"""How a matter begins: one executor is asked, recipients alone are named, or nobody is."""
BEGINNINGS: tuple[Beginning, ...] = get_args(Beginning)
_OWN_DEADLINES = ("deadline", "host_deadline", "track_deadline")


class Opening(_Entry):
    """The act that opens a matter: step 1 of its main thread."""

    zh: str
    to: StateName | None = None
    """The first state where one executor is asked; absent: none may be."""
    circulates: StateName | None = None
    """The first state where recipients are named, each with a track; absent: none may be."""
    alone: StateName | None = None
    """The first state where nobody is named who owes anything; absent: somebody must be."""
    deadline: str = ""
    requires: tuple[str, ...] = ()
    """Fields that must be filled in: of the envelope, or `body.<field>`."""
    once: tuple[str, ...] = ()
    """Fields of the body that make it the same: what may exist once an office is named by them."""
    copies: tuple[CopyRule, ...] = ()
    correctable: tuple[str, ...] = ()
    """Fields of the body that its origin may correct later: none that moves anything."""
    kinds: Mapping[KindName, Kind] = Field(min_length=1)
    articles: Articles

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not (self.to or self.circulates or self.alone):
            raise ValueError("an opening leads to a state: give to, circulates or alone")
        return self

    def begins(self, how: Beginning, kinds: Iterable[str]) -> str:
        """Give the first state of a matter of these kinds; empty if it can't begin so.

        The first of several kinds that has its own counts.
        """
        for kind in self._known(kinds):
            own: str | None = getattr(kind, how)
            if own is not None:
                return own
        return getattr(self, how) or ""

    def term(self, how: Beginning, kinds: Iterable[str]) -> str:
        """Give the deadline of the first step of a matter of these kinds; empty if it has none."""
        known = list(self._known(kinds))
        own = [kind.host_deadline for kind in known] if how != "to" else []
        own += [kind.deadline for kind in known]
        return next((name for name in own if name), self.deadline)

    def track_term(self, kinds: Iterable[str]) -> str | None:
        """Give the deadline with which tracks of these kinds begin; None if they have no own."""
        return next((k.track_deadline for k in self._known(kinds) if k.track_deadline), None)

    def _known(self, kinds: Iterable[str]) -> Iterator[Kind]:
        return (self.kinds[name] for name in kinds if name in self.kinds)


class Turn(_Entry):
    """Where a step leads if its body says one thing and not another."""

    to: StateName | Literal["resume"]
    deadline: str = KEEP


class _Act(_Entry):
    kinds: tuple[KindName, ...] = ()
    """The kinds of matter in which it is possible; empty: all."""
    unless: tuple[KindName, ...] = ()
    """The kinds of matter in which it isn't."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.kinds and self.unless:
            raise ValueError("kinds says in which it is possible, unless in which not: give one")
        return self

    def fits(self, kinds: Collection[str]) -> bool:
        """Tell whether it is possible in a matter of these kinds."""
        if any(kind in self.unless for kind in kinds):
            return False
        return not self.kinds or any(kind in self.kinds for kind in kinds)


class StepRule(_Act):
    """An act of the party awaited, which moves the thread from one of some states to another."""

    zh: str
    from_: tuple[StateName, ...] = Field(alias="from", min_length=1)
    to: StateName | Literal["resume"]
    """The next state; `resume` goes back to the one that a question interrupted."""
    asks: bool = False
    """A question: the answer resumes the state in which it was asked."""
    deadline: str = KEEP
    """A deadline by name; `keep` leaves the clock as it runs, `kind` starts that of the matter's
    kind again, and empty stops it."""
    field: str | None = None
    """The field of the body, an enumeration, whose value may lead elsewhere."""
    turns: Mapping[KindName, Turn] = Field(default_factory=dict)
    """By the value's name without its prefix; a value that isn't here leads to `to`."""
    allows: Mapping[str, tuple[KindName, ...]] = Field(default_factory=dict)
    """By field of the body, an enumeration, the values that it may have here; others: any."""
    forwards: bool = False
    """Whether the act brings in a new executor."""
    assigns: bool = False
    """Whether the executor hands it to an office above or below itself in its own region."""
    proposes: bool = False
    """Whether its `body.sha256` is what the other side may then agree to."""
    agrees: bool = False
    """Whether it must name the hash that was proposed last: neither side decides alone."""
    gathers: bool = False
    """Whether every track must have agreed to what was proposed last."""
    answers: TypeName | None = None
    """A remark that must be pending."""
    correctable: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    articles: Articles

    @model_validator(mode="after")
    def _field_with_turns(self) -> Self:
        if (self.field is None) != (not self.turns):
            raise ValueError("field and turns go together: give both or neither")
        return self

    def turn(self, value: str) -> Turn:
        """Give where the act leads, and its deadline, if `field` has the value of this name."""
        return self.turns.get(value) or Turn(to=self.to, deadline=self.deadline)

    def ends(self) -> Iterator[tuple[str, Turn]]:
        """Give all to which the act may lead: the value of `field` (empty: any other), the turn."""
        yield "", self.turn("")
        yield from self.turns.items()


class RemarkRule(_Act):
    """An act that moves nothing."""

    zh: str
    by: By
    from_: tuple[StateName, ...] = Field(default=(), alias="from")
    """The states in which it makes sense; empty: all of them."""
    bound: bool = False
    """Whether it counts only while the step lasts that its origin saw."""
    answers: TypeName | None = None
    adds: bool = False
    """Whether it brings in participants."""
    dated: bool = False
    """Whether it names a due date that the step then has."""
    once: tuple[str, ...] = ()
    """Fields of the body by which a second one is the same, and rejected."""
    correctable: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    articles: Articles


class Remarks(_Entry):
    """The remarks that every family has, by the sort of thread in which they may be said."""

    all: Mapping[TypeName, RemarkRule]
    main: Mapping[TypeName, RemarkRule]
    track: Mapping[TypeName, RemarkRule]


class Chain(_Entry):
    """The states and acts of one sort of thread: of the main one, or of a track."""

    begins: StateName | None = None
    """A track's first state."""
    deadline: str = ""
    """A track's first deadline."""
    states: Mapping[StateName, State]
    steps: Mapping[TypeName, StepRule] = Field(default_factory=dict)
    remarks: Mapping[TypeName, RemarkRule] = Field(default_factory=dict)
    hand_back: TypeName | None = None
    """The step by which a region that asked to leave returns what it is given all the same."""

    @cached_property
    def _table(self) -> dict[tuple[str, str], StepRule]:
        return {(state, kind): step for kind, step in self.steps.items() for state in step.from_}

    def step(self, state: str, kind: str) -> StepRule | None:
        """Give the rule by which `kind` leads out of `state`, or None if it doesn't."""
        return self._table.get((state, kind))

    def knows(self, kind: str) -> bool:
        """Tell whether the thread has acts of this type."""
        return kind in self.steps or kind in self.remarks

    def faults(self, deadlines: Mapping[str, Deadline]) -> Iterator[str]:
        """Give what doesn't fit together, each as `key: what is wrong`."""
        names = set(self.states)
        if self.begins is not None and self.begins not in names:
            yield f"begins: {self.begins!r} is no state of this thread"
        if self.deadline and self.deadline not in deadlines:
            yield f"deadline: {self.deadline!r} is no deadline"
        for kind, step in self.steps.items():
            yield from (f"steps.{kind}{fault}" for fault in self._of_step(kind, step, deadlines))
        for kind, remark in self.remarks.items():
            if unknown := set(remark.from_) - names:
                yield f"remarks.{kind}.from: {min(unknown)!r} is no state"
            yield from self._of_answer(f"remarks.{kind}", remark.answers)
        if self.hand_back is not None and self.hand_back not in self.steps:
            yield f"hand_back: {self.hand_back!r} is no step of this thread"

    def _of_step(
        self, kind: str, step: StepRule, deadlines: Mapping[str, Deadline]
    ) -> Iterator[str]:
        if kind in self.remarks:
            yield ": the same type is a step and a remark"
        if unknown := set(step.from_) - set(self.states):
            yield f".from: {min(unknown)!r} is no state"
        elif final := [name for name in step.from_ if self.states[name].final]:
            yield f".from: {final[0]!r} is final, nothing leads out of it"
        for value, turn in step.ends():
            at = f".turns.{value}" if value else ""
            if turn.to != "resume" and turn.to not in self.states:
                yield f"{at}.to: {turn.to!r} is no state of this thread"
            if turn.deadline not in (KEEP, KIND, "", *deadlines):
                yield f"{at}.deadline: {turn.deadline!r} is no deadline"
        yield from self._of_answer("", step.answers)

    def _of_answer(self, key: str, answers: str | None) -> Iterator[str]:
        if answers is not None and not (
            (remark := self.remarks.get(answers)) is not None and remark.bound
        ):
            yield f"{key}.answers: {answers!r} is no bound remark of this thread"


class Lifecycle(_Entry):
    """The rules of one family."""

    family: Literal[
        "assistance", "clue", "notification", "consultation", "recommendation", "datashare"
    ]
    zh: str
    archive_after: SpanText
    """How long after its final step a matter is archived."""
    deadlines: Mapping[str, Deadline]
    opens: Mapping[TypeName, Opening]
    main: Chain
    track: Chain | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for fault in self._faults():
            raise ValueError(fault)
        return self

    def _faults(self) -> Iterator[str]:
        if self.archive_after.after(_DAY, WEEKENDS) < _DAY + timedelta(days=REPEATABLE_DAYS):
            yield (
                f"archive_after: {self.archive_after} is too short: a submission may be repeated "
                f"for {REPEATABLE_DAYS} days, and is answered as before only until its matter is "
                "archived"
            )
        yield from (f"main.{fault}" for fault in self.main.faults(self.deadlines))
        if self.track is not None:
            yield from (f"track.{fault}" for fault in self.track.faults(self.deadlines))
            if self.track.begins is None:
                yield "track.begins: a track begins in a state"
        for kind, opening in self.opens.items():
            yield from (f"opens.{kind}.{fault}" for fault in self._of_opening(kind, opening))
        for name, deadline in self.deadlines.items():
            if name in (KEEP, KIND):
                yield f"deadlines.{name}: {name!r} says something else of a step, and is no name"
            act = deadline.default.act if deadline.default is not None else None
            if act is not None and not any(act in chain.steps for chain in self.chains):
                yield f"deadlines.{name}.default.act: {act!r} is no step of this lifecycle"

    def _of_opening(self, kind: str, opening: Opening) -> Iterator[str]:
        if any(chain.knows(kind) for chain in self.chains):
            yield "zh: the same type opens a matter and acts in one"
        first = {"to": opening.to, "circulates": opening.circulates, "alone": opening.alone}
        named: dict[str, str | None] = {"deadline": opening.deadline}
        for name, each in opening.kinds.items():
            key = f"kinds.{name}"
            first |= {f"{key}.{how}": getattr(each, how) for how in BEGINNINGS}
            named |= {f"{key}.{field}": getattr(each, field) for field in _OWN_DEADLINES}
            if each.track_deadline and self.track is None:
                yield f"{key}.track_deadline: the family has no track"
            if not any(opening.begins(how, [name]) for how in BEGINNINGS):
                yield f"{key}: no matter of this kind can begin: leave to, circulates or alone"
        for key, state in first.items():
            if state and state not in self.main.states:
                yield f"{key}: {state!r} is no state of the main thread"
            if state and key.endswith("circulates") and self.track is None:
                yield f"{key}: the family has no track"
        for key, deadline in named.items():
            if deadline and deadline not in self.deadlines:
                yield f"{key}: {deadline!r} is no deadline"

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """The sorts of threads that the family has."""
        return (self.main,) if self.track is None else (self.main, self.track)

    def chain(self, thread: str) -> Chain | None:
        """Give the rules of a thread by its name; None if the family has no such thread."""
        return self.main if thread == "main" else self.track

    def act_zh(self, kind: str) -> str:
        """Name a type of act in Chinese; empty for one that the family doesn't know."""
        for chain in self.chains:
            rule = self.opens.get(kind) or chain.steps.get(kind) or chain.remarks.get(kind)
            if rule is not None:
                return rule.zh
        return ""

    def correctable(self, kind: str) -> tuple[str, ...]:
        """Give the fields in which a type of act may be corrected."""
        for chain in self.chains:
            rule = self.opens.get(kind) or chain.steps.get(kind) or chain.remarks.get(kind)
            if rule is not None:
                return rule.correctable
        return ()

    def knows(self, kind: str) -> bool:
        """Tell whether the family has acts of this type."""
        return kind in self.opens or any(chain.knows(kind) for chain in self.chains)
