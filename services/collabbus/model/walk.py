"""Walks: all the places to which a thread may get, and what must hold of each.

The states of a chain are walked, kind by kind and from every beginning, with all that decides what
may follow: the question that is open, whether another party is there, the deadline that runs, and
whether something was proposed. Of each place that is reached it must hold:

- It is final, or it awaits one party who is there.
- It is idle and no deadline runs, or it isn't and one does.
- What runs out has a consequence: an escalation, or a default outcome that who is awaited can make
  of itself; or else who waits is who is awaited, and acts. That a step is then overdue is none by
  itself: it only tells.
- Who is awaited gets from here to an end, or in a track to a rest, by acts of its own: by none that
  another's remark or agreement, or an office that may not exist, must make possible. Only where
  recipients were named may an end rest on the agreement of all their tracks; then each track, from
  wherever it stands, must get to that agreement by acts of its recipient, and none may end before.
- The kind has a deadline of its own wherever a step starts that again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from collabbus.model.lifecycle import (
    BEGINNINGS,
    KEEP,
    KIND,
    Chain,
    Deadline,
    Lifecycle,
    Opening,
    State,
    StepRule,
    Who,
)
from collabbus.model.vocabulary import Flaw, several_kinds


class Place(NamedTuple):
    """Where a thread may stand."""

    state: str
    resumes: str
    """The state that a question interrupted; empty if none is open."""
    pair: bool
    """Whether there is an executor beside the requester; else the host is both."""
    deadline: str
    proposed: bool
    shared: bool
    """Whether recipients were named, each of whom has a track."""


class Move(NamedTuple):
    """An act that is possible at a place."""

    kind: str
    value: str
    """Of the step's field; empty for any that has no turn of its own."""
    step: StepRule
    to: Place


class Walk:
    """All places of one sort of thread."""

    def __init__(self, lifecycle: Lifecycle, name: str, chain: Chain) -> None:
        self._lifecycle = lifecycle
        self._name = name
        self._chain = chain
        self._flaws: list[Flaw] = []
        self._reached: set[str] = set()
        self._made: set[tuple[str, str, str]] = set()
        """Type, state that it left, and kind of matter."""
        self._terms: set[str] = set()
        """What the deadline of its own may be of the kind that is walked; empty: it has none."""

    def flaws(self) -> list[Flaw]:
        """Give what doesn't hold of the places that are reached, and what is never reached."""
        kinds = [
            (opened, name)
            for opened, opening in self._lifecycle.opens.items()
            for name in opening.kinds
        ]
        for opened, kind in kinds:
            ways = self.places(opened, kind)
            self._rest(opened, kind, ways)
        self._coverage([kind for _, kind in kinds])
        return self._flaws

    def places(self, opened: str, kind: str) -> dict[Place, list[Move]]:
        """Give the places to which a thread of a matter of this kind may get, and their acts."""
        opening = self._lifecycle.opens[opened]
        self._terms = _terms(self._name, self._chain, opening, _together(opening, opened, kind))
        ways: dict[Place, list[Move]] = {}
        ahead = list(_beginnings(self._lifecycle, self._name, self._chain, opened, kind))
        while ahead:
            place = ahead.pop()
            if place in ways:
                continue
            state = self._chain.states[place.state]
            self._reached.add(place.state)
            ways[place] = [] if state.final else list(self._moves(kind, place))
            ahead += [move.to for move in ways[place]]
            if not state.final:
                self._party(place, state)
                self._clock(kind, place, state)
        return ways

    def _moves(self, kind: str, place: Place) -> Iterator[Move]:
        for name, step in self._chain.steps.items():
            if place.state not in step.from_ or not step.fits([kind]):
                continue
            self._made.add((name, place.state, kind))
            for value, turn in step.ends():
                key = ("steps", name, "turns", value, "to") if value else ("steps", name, "to")
                to = place.resumes if turn.to == "resume" else turn.to
                if not to:
                    words = f"must be a state: in {place.state!r} no question may be open to resume"
                    self._flaw(key, words)
                    continue
                state = self._chain.states[to]
                pair = place.pair or step.forwards or step.assigns
                if pair and not state.final and state.awaits is state.waits:
                    self._flaw(key, f"must not be {to!r}: there the executor is forgotten")
                    continue
                here = {KEEP: {place.deadline}, KIND: self._terms}
                for deadline in sorted(here.get(turn.deadline, {turn.deadline})):
                    if turn.deadline == KIND and not deadline:
                        words = f"must be a deadline by name: kind {kind} has none of its own"
                        self._flaw((*key[:-1], "deadline"), words)
                    yield Move(name, value, step, Place(
                        to,
                        place.state if step.asks else "",
                        pair,
                        "" if state.final else deadline,
                        place.proposed or step.proposes,
                        place.shared,
                    ))  # fmt: skip

    def _party(self, place: Place, state: State) -> None:
        if not place.pair and state.awaits is Who.EXECUTOR:
            words = "must be requester: a matter that circulates gets here, and has no executor"
            self._flaw(("states", place.state, "awaits"), words)

    def _clock(self, kind: str, place: Place, state: State) -> None:
        key = ("states", place.state)
        if state.idle and place.deadline:
            words = f'must be false, or be reached with deadline "": {place.deadline!r} runs here'
            self._flaw((*key, "idle"), words)
        elif not state.idle and not place.deadline:
            words = "must be reached with a deadline: somebody is awaited, and no due time is set"
            self._flaw(key, words)
        if not place.deadline or state.idle:
            return
        deadline = self._lifecycle.deadlines[place.deadline]
        defaults = self._defaults(kind, place, deadline)
        if not (defaults or deadline.escalate or not place.pair or state.awaits is state.waits):
            words = (
                f"must have a consequence in state {place.state!r} of {self._name}: escalate, or "
                "give a default that leads out of there"
            )
            self._flaws.append(Flaw(("deadlines", place.deadline), words))

    def _defaults(self, kind: str, place: Place, deadline: Deadline) -> bool:
        """Tell whether a deadline's default act leads out of a place."""
        default = deadline.default
        step = self._chain.step(place.state, default.act) if default is not None else None
        if default is None or step is None or not step.fits([kind]):
            return False
        given = {f"body.{name}" for name in default.content}
        missing = [path for path in step.requires if path not in given]
        if missing or not _is_free(step, place):
            words = (
                f"must be an act that needs nothing more than its content; out of {place.state!r} "
                f"it needs {', '.join(missing) or 'another party'}"
            )
            self._flaws.append(Flaw(("deadlines", place.deadline, "default", "act"), words))
        return True

    def _rest(self, opened: str, kind: str, ways: dict[Place, list[Move]]) -> None:
        """See that from every place its parties get to rest by acts of their own."""
        resting = {place for place in ways if self._is_rest(self._chain.states[place.state])}
        gathers = any(move.step.gathers for moves in ways.values() for move in moves)
        agreeable = gathers and self._agreeable(opened, kind)
        resting = _leading(ways, resting, agreeable)
        for place in sorted(set(ways) - resting):
            who = self._chain.states[place.state].awaits
            words = (
                f"must have a way to an end that the {who} can take without anybody's leave, in a "
                f"matter of kind {kind} too"
            )
            self._flaw(("states", place.state), words)

    def _agreeable(self, opened: str, kind: str) -> bool:
        """Tell whether each track of such a matter gets to agree, and none ends before it does."""
        track = self._lifecycle.track
        if track is None:
            return False
        ways = Walk(self._lifecycle, "track", track).places(opened, kind)
        agreeing = {place for place, moves in ways.items() if any(m.step.agrees for m in moves)}
        return _leading(ways, agreeing, agreeable=False) == set(ways)

    def _is_rest(self, state: State) -> bool:
        # A track ends with its matter at the latest; the main thread must end by itself.
        return state.final or (state.idle and self._name == "track")

    def _coverage(self, kinds: list[str]) -> None:
        for state in self._chain.states:
            if state not in self._reached:
                self._flaw(("states", state), "must be reached from an opening, or be taken out")
        for name, step in self._chain.steps.items():
            key = ("steps", name)
            for index, state in enumerate(step.from_):
                if not any((name, state, kind) in self._made for kind in kinds):
                    words = f"must be a state in which a matter that knows {name} can be"
                    self._flaw((*key, "from", index), words)
            for index, kind in enumerate(step.kinds):
                if not any((name, state, kind) in self._made for state in step.from_):
                    words = f"must be a kind whose matters get to a state that {name} leads out of"
                    self._flaw((*key, "kinds", index), words)

    def _flaw(self, key: tuple[str | int, ...], words: str) -> None:
        self._flaws.append(Flaw((self._name, *key), words))


def _beginnings(
    lifecycle: Lifecycle, name: str, chain: Chain, opened: str, kind: str
) -> Iterator[Place]:
    """Give the places in which a thread of a matter of this kind may begin."""
    opening = lifecycle.opens[opened]
    kinds = _together(opening, opened, kind)
    if name == "track":
        for deadline in sorted(_terms(name, chain, opening, kinds)):
            if chain.begins is not None:
                yield Place(chain.begins, "", True, deadline, False, True)
        return
    for how in BEGINNINGS:
        states = {opening.begins(how, [each]) for each in kinds} - {""}
        deadlines = {opening.term(how, [each]) for each in kinds}
        for state, deadline in product(sorted(states), sorted(deadlines)):
            yield Place(state, "", how == "to", deadline, False, how == "circulates")


def _together(opening: Opening, opened: str, kind: str) -> list[str]:
    """Give the kinds of which a matter of this one may be: state and term may be any's."""
    return list(opening.kinds) if several_kinds(opened) else [kind]


def _terms(name: str, chain: Chain, opening: Opening, kinds: list[str]) -> set[str]:
    """Give the deadlines that may be the kind's own in this sort of thread."""
    if name == "track":
        return {opening.track_term([each]) or chain.deadline for each in kinds}
    return {opening.term("to", [each]) for each in kinds}


def _leading(ways: dict[Place, list[Move]], goal: set[Place], agreeable: bool) -> set[Place]:
    """Give the places from which free acts lead to one of the goal, these too."""
    found = set(goal)
    before = -1
    while before != len(found):
        before = len(found)
        found |= {
            place
            for place, moves in ways.items()
            if any(move.to in found and _is_free(move.step, place, agreeable) for move in moves)
        }
    return found


def _is_free(step: StepRule, place: Place, agreeable: bool = False) -> bool:
    """Tell whether who is awaited at a place can make a step whatever others say and do.

    `agreeable` says that all tracks can agree, which is what a step that gathers waits for.
    """
    if step.answers is not None or step.asks or step.forwards or step.assigns:
        return False
    if step.gathers and not (agreeable and place.shared):
        return False
    return place.proposed or not step.agrees
