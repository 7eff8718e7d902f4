"""Soundness: whether a lifecycle can be lived by, before anybody does.

Its words are known (`vocabulary`), every way through its threads goes on until nothing is owed any
more (`walk`), and what the core does by itself, and what the law asks of every act, has its place.
"""

from __future__ import annotations

from collections.abc import Iterator

from collabbus.model.lifecycle import Beginning, Chain, Lifecycle, Opening, Who
from collabbus.model.vocabulary import Flaw, chains, several_kinds, unknown_words
from collabbus.model.walk import Walk

HAND_BACK = "Returned"
"""What the core says for an office that had asked to leave."""


def flaws(lifecycle: Lifecycle) -> list[Flaw]:
    """Give all that is wrong with a lifecycle whose form is right; empty if it is sound.

    The words come first: where some are unknown, no way is walked.
    """
    found = list(unknown_words(lifecycle))
    if not found:
        found += _policy(lifecycle)
        found += _agreement(lifecycle)
        found += _due_dates(lifecycle)
        for name, chain in chains(lifecycle):
            found += _handing_back(name, chain)
            found += _questions(name, chain)
            found += Walk(lifecycle, name, chain).flaws()
        found += _unused(lifecycle)
    return list(dict.fromkeys(found))


def _policy(lifecycle: Lifecycle) -> Iterator[Flaw]:
    """依法协作 (003§2): an opening has a legal basis and an officer, who says no a reason."""
    for kind, opening in lifecycle.opens.items():
        for path in ("legal_basis", "officer"):
            if path not in opening.requires:
                words = f"must name {path}: no matter is opened without (依法协作, 办案责任)"
                yield Flaw(("opens", kind, "requires"), words)
        yield from _for_all_kinds(lifecycle, kind)
    for name, chain in chains(lifecycle):
        for kind in ("Declined", HAND_BACK):
            step = chain.steps.get(kind)
            for path in ("body.reason", "body.text"):
                if step is not None and path not in step.requires:
                    words = f"must name {path}: who says no says why"
                    yield Flaw((name, "steps", kind, "requires"), words)


def _for_all_kinds(lifecycle: Lifecycle, opened: str) -> Iterator[Flaw]:
    """What holds kind by kind needn't hold of several at once."""
    if several_kinds(opened):
        for name, chain in chains(lifecycle):
            for kind, step in chain.steps.items():
                if step.kinds or step.unless:
                    words = f"must be left out: {opened} may name several kinds at once"
                    yield Flaw((name, "steps", kind, "kinds"), words)


def _agreement(lifecycle: Lifecycle) -> Iterator[Flaw]:
    main, track = lifecycle.main, lifecycle.track
    proposed = any(step.proposes for step in main.steps.values())
    signed = track is not None and any(step.agrees for step in track.steps.values())
    for name, chain in chains(lifecycle):
        for kind, step in chain.steps.items():
            if (step.agrees or step.gathers) and not proposed:
                flag = "agrees" if step.agrees else "gathers"
                words = "must go with an act of the main thread that proposes"
                yield Flaw((name, "steps", kind, flag), words)
            if step.gathers and (name != "main" or not signed):
                words = "must be said of the main thread, where tracks have a step that agrees"
                yield Flaw((name, "steps", kind, "gathers"), words)


def _due_dates(lifecycle: Lifecycle) -> Iterator[Flaw]:
    """The day that an opening names holds for its tracks too: both must allow the same."""
    track = lifecycle.track
    if track is None:
        return
    for kind, opening in lifecycle.opens.items():
        for each in opening.kinds:
            own = opening.track_term([each]) or track.deadline
            # Recipients may be named beside an executor, too.
            hows: tuple[Beginning, ...] = ("to", "circulates")
            named = {opening.term(how, [each]) for how in hows if opening.begins(how, [each])}
            if not own or not opening.begins("circulates", [each]):
                continue
            for name in sorted(named - {""}):
                if lifecycle.deadlines[name].at_most != lifecycle.deadlines[own].at_most:
                    words = (
                        f"must be as far as for {own!r}, which tracks begin with: the day that "
                        f"{kind} names is theirs too"
                    )
                    yield Flaw(("deadlines", name, "at_most"), words)


def _deadlines_of(opening: Opening) -> set[str]:
    own = [(k.deadline, k.host_deadline, k.track_deadline) for k in opening.kinds.values()]
    return {name for each in own for name in each if name} | {opening.deadline}


def _handing_back(name: str, chain: Chain) -> Iterator[Flaw]:
    """Who is given a step after it asked to leave hands it back, wherever it was given one."""
    given = {step.to for step in chain.steps.values() if step.forwards or step.assigns}
    if chain.hand_back is None:
        if given:
            yield Flaw((name, "hand_back"), f"must be {HAND_BACK}: acts here bring in an executor")
        return
    if chain.hand_back != HAND_BACK:
        yield Flaw((name, "hand_back"), f"must be {HAND_BACK}, the act that is made for who leaves")
        return
    step = chain.steps[HAND_BACK]
    for state in sorted(given - set(step.from_)):
        words = f"must have {state!r} too: an executor that asked to leave may be given it"
        yield Flaw((name, "steps", HAND_BACK, "from"), words)
    back = chain.states.get(step.to)
    if back is None or back.awaits is not Who.REQUESTER:
        words = "must be a state that awaits the requester, who waited"
        yield Flaw((name, "steps", HAND_BACK, "to"), words)


def _questions(name: str, chain: Chain) -> Iterator[Flaw]:
    for kind, step in chain.steps.items():
        asked = chain.states.get(step.to)
        if not step.asks or asked is None:
            continue
        for index, state in enumerate(step.from_):
            if asked.awaits is chain.states[state].awaits:
                words = (
                    f"must be a state that awaits another than {step.to!r}, which awaits the asker"
                )
                yield Flaw((name, "steps", kind, "from", index), words)


def _unused(lifecycle: Lifecycle) -> Iterator[Flaw]:
    used = {name for opening in lifecycle.opens.values() for name in _deadlines_of(opening)}
    for _, chain in chains(lifecycle):
        used.add(chain.deadline)
        used |= {turn.deadline for step in chain.steps.values() for _, turn in step.ends()}
    for name in lifecycle.deadlines:
        if name not in used:
            yield Flaw(("deadlines", name), "must be used by an opening, a step or a track")
