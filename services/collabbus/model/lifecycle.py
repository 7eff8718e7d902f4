"""Lifecycles: the states of a family, who moves them, what an act must bring, and until when.

A lifecycle is a contract file (contracts/lifecycles/) read into these models, and from them into a
plain table: one dictionary look-up decides an act.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

StateName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$")]
TypeName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{1,63}$")]
Articles = Annotated[tuple[str, ...], Field(min_length=1)]
"""The source articles that an entry implements, or `engineering` where no source asks for it."""


class Who(StrEnum):
    """A party's place in a step."""

    REQUESTER = "requester"
    EXECUTOR = "executor"


class By(StrEnum):
    """Who may make a remark."""

    AWAITED = "awaited"
    WAITER = "waiter"
    PARTY = "party"
    OBSERVER = "observer"
    """A party that is neither awaited nor waiting."""
    REGION = "region"
    """The region's clock or its rules; never asked for by an office."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Deadline(_Entry):
    """When a step falls due: at 24:00 (UTC+8) of a day counted from the day it was recorded."""

    zh: str
    days: int = Field(ge=1, le=3660)
    """Calendar days; where the requester may name the day itself, the most it may ask for."""
    named: bool = False
    """Whether the act may name an earlier or later day (`due_date`), up to `days` ahead."""
    default_days: int | None = Field(default=None, ge=1, le=3660)
    """Days where none is named; `days` if absent."""
    remind_days: int = Field(default=0, ge=0, le=365)
    """How many days before, the awaited region is reminded; 0: never."""
    articles: Articles


class State(_Entry):
    """A state: final, or awaiting exactly one party while another waits."""

    zh: str
    final: bool = False
    awaits: Who | None = None
    waits: Who | None = None

    @model_validator(mode="after")
    def _one_awaited(self) -> Self:
        if self.final and (self.awaits or self.waits):
            raise ValueError("a final state awaits nobody: remove awaits and waits")
        if not self.final and (self.awaits is None or self.waits is None):
            raise ValueError("a state that isn't final names whom it awaits and who waits")
        if self.awaits is not None and self.awaits is self.waits:
            raise ValueError("nobody waits for itself: awaits and waits must differ")
        return self


class Opening(_Entry):
    """The act that opens a matter: step 1."""

    zh: str
    to: StateName
    deadline: str
    requires: tuple[str, ...] = ()
    """Fields that must be filled in: of the envelope, or `body.<field>`."""
    details: Mapping[str, str] = Field(default_factory=dict)
    """Per kind, the field of the body that describes it and must then be filled in."""
    articles: Articles


class StepRule(_Entry):
    """An act of the party awaited, which moves the thread from one of some states to another."""

    zh: str
    from_: tuple[StateName, ...] = Field(alias="from", min_length=1)
    to: StateName | Literal["resume"]
    """The next state; `resume` goes back to the one that a question interrupted."""
    asks: bool = False
    """A question: the answer resumes the state in which it was asked."""
    deadline: str | Literal["keep"] = "keep"
    """A deadline by name; `keep` leaves the clock as it runs."""
    forwards: bool = False
    """Whether the act brings in a new executor."""
    answers: TypeName | None = None
    """A remark that must be pending."""
    requires: tuple[str, ...] = ()
    articles: Articles


class RemarkRule(_Entry):
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
    requires: tuple[str, ...] = ()
    articles: Articles


class Lifecycle(_Entry):
    """The rules of one family."""

    family: Literal[
        "assistance", "clue", "notification", "consultation", "recommendation", "datashare"
    ]
    zh: str
    deadlines: Mapping[str, Deadline]
    states: Mapping[StateName, State]
    opens: Mapping[TypeName, Opening]
    steps: Mapping[TypeName, StepRule]
    remarks: Mapping[TypeName, RemarkRule]
    hand_back: TypeName
    """The step by which a region that asked to leave returns what it is given all the same."""

    @cached_property
    def _table(self) -> dict[tuple[str, str], StepRule]:
        return {(state, kind): step for kind, step in self.steps.items() for state in step.from_}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = set(self.states)
        for kind, opening in self.opens.items():
            if opening.to not in names:
                raise ValueError(f"opens.{kind}.to: {opening.to!r} is no state of this lifecycle")
            if opening.deadline not in self.deadlines:
                raise ValueError(f"opens.{kind}.deadline: {opening.deadline!r} is no deadline")
        for kind, step in self.steps.items():
            self._check_step(kind, step, names)
        for kind, remark in self.remarks.items():
            if unknown := set(remark.from_) - names:
                raise ValueError(f"remarks.{kind}.from: {min(unknown)!r} is no state")
            self._check_answers(f"remarks.{kind}", remark.answers)
        if self.hand_back not in self.steps:
            raise ValueError(f"hand_back: {self.hand_back!r} is no step of this lifecycle")
        return self

    def _check_step(self, kind: str, step: StepRule, names: set[str]) -> None:
        if kind in self.remarks or kind in self.opens:
            raise ValueError(f"steps.{kind}: the same type is a step, a remark or an opening")
        if unknown := set(step.from_) - names:
            raise ValueError(f"steps.{kind}.from: {min(unknown)!r} is no state")
        if final := [name for name in step.from_ if self.states[name].final]:
            raise ValueError(f"steps.{kind}.from: {final[0]!r} is final, nothing leads out of it")
        if step.to != "resume" and step.to not in names:
            raise ValueError(f"steps.{kind}.to: {step.to!r} is no state of this lifecycle")
        if step.deadline != "keep" and step.deadline not in self.deadlines:
            raise ValueError(f"steps.{kind}.deadline: {step.deadline!r} is no deadline")
        self._check_answers(f"steps.{kind}", step.answers)

    def _check_answers(self, key: str, answers: str | None) -> None:
        if answers is not None and not (
            (remark := self.remarks.get(answers)) is not None and remark.bound
        ):
            raise ValueError(f"{key}.answers: {answers!r} is no bound remark of this lifecycle")

    def step(self, state: str, kind: str) -> StepRule | None:
        """Give the rule by which `kind` leads out of `state`, or None if it doesn't."""
        return self._table.get((state, kind))

    def knows(self, kind: str) -> bool:
        """Tell whether the family has acts of this type."""
        return kind in self.steps or kind in self.remarks or kind in self.opens
