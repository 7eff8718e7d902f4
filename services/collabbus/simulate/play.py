"""A play: a scenario performed on a stage, act by act, and compared with what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.contracts import Contracts
from collabbus.model import ids
from collabbus.model.deadline import day_of, end_of, rfc3339
from collabbus.model.journal import thread_key
from collabbus.model.report import Reports
from collabbus.model.span import Span
from collabbus.model.thread import COPY, LOCAL, members, picture, region_of
from collabbus.simulate import tally
from collabbus.simulate.drafting import draft_of
from collabbus.simulate.scenario import Act, Ending, Scenario, family_of, thread_name


class Refused(Exception):
    """The region rejected a submission."""

    def __init__(self, code: str, field: str, reason: str) -> None:
        super().__init__(f"{code} {field}: {reason}")
        self.code = code


class Stage(Protocol):
    """Where a scenario is played: the simulator, or real Kafka."""

    @property
    def contracts(self) -> Contracts:
        """The contracts under which it plays."""

    @property
    def leaps(self) -> bool:
        """Whether its time can leap."""

    def now_ms(self) -> int:
        """Give the stage's time."""

    def leap(self, days: int) -> None:
        """Let days pass, and all that falls due in them; only where time can leap."""

    def rest(self) -> None:
        """Let what is under way arrive, where the stage can tell."""

    def submit(self, draft: sub.Draft) -> tuple[str, ...]:
        """Submit, and wait for the outcome; give the events. Raises Refused."""

    def events(self, region: str) -> Mapping[str, ev.Envelope]:
        """Give what a region's log is known to hold, by event id."""

    def threads(self, region: str) -> Mapping[str, st.Thread]:
        """Give what threads a region is known to hold, by the keys of its state."""

    def reports(self, region: str, matter_id: str) -> Reports:
        """Give what a region's log is known to tell of reports of a matter."""

    def until(self, reached: Callable[[], bool]) -> bool:
        """Wait until something holds; False if it doesn't come to hold."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a region held of a thread at the end."""

    ending: Ending
    region: str
    matter_id: str
    state: str
    """`-` if it held nothing."""


@dataclass
class Played:
    """How a scenario went."""

    scenario: Scenario
    matters: dict[str, str] = field(default_factory=dict)
    """The id of each matter, by label."""
    held: list[Held] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """What was left out because the stage's time is another, and can't leap."""
    differences: list[str] = field(default_factory=list)


def play(
    scenario: Scenario, stage: Stage, run: str, tell: Callable[[Act], None] = lambda act: None
) -> Played:
    """Play a scenario; `run` makes its submissions' ids its own.

    It stops at the first act that can't be played as it should; `differences` then says why.
    """
    performance = Performance(scenario, stage, run)
    if scenario.year not in (None, day_of(stage.now_ms()).year):
        performance.played.skipped.append(f"all of it: it happens in {scenario.year}")
        return performance.played
    for number, act in enumerate(scenario.acts, 1):
        tell(act)
        performance.act(number, act)
        if performance.stopped:
            return performance.played
    performance.end()
    return performance.played


class Performance:
    """A scenario while it is performed; `play` calls its methods in their order."""

    def __init__(self, scenario: Scenario, stage: Stage, run: str) -> None:
        self.played = Played(scenario)
        self.stopped = False
        self._scenario = scenario
        self._stage = stage
        self._run = run
        self._regions = tuple(
            dict.fromkeys(
                region
                for name in scenario.networks
                for region in stage.contracts.networks[name].regions
            )
        )
        self._place: dict[str, tuple[str, str]] = {}
        """Network and family of each matter, by label."""
        self._hosts: dict[str, str] = {}
        self._known: dict[str, list[str]] = {}
        """Events that acts made, by label, in order."""
        self._copies: dict[str, dict[str, set[str]]] = {}
        """By label the threads of the copies that were wanted, and who is in each."""
        self._stood_still = False
        """Whether days were left out, so that terms can't be compared any more."""

    def act(self, number: int, act: Act) -> None:
        """Play one act and look at what came of it."""
        stage = self._stage
        self._stood_still |= act.days > 0 and not stage.leaps
        name = f"act {number} ({f'{act.says} by {act.by}' if act.by else f'{act.days} days'})"
        if not stage.leaps and (act.clock or (act.days and not act.by)):
            self.played.skipped.append(name)
            return
        before = {one.event_id for one in self._story()} if act.records is not None else set()
        if act.days and stage.leaps:
            stage.leap(act.days)
        if act.by and not self._submit(number, name, act):
            return
        if act.records is not None and (stage.leaps or not act.days):
            self._compare_records(name, Counter(act.records), before)
        if act.then is not None and not act.rejected:
            self._compare_step(name, act)

    def _submit(self, number: int, name: str, act: Act) -> bool:
        """Submit an act; tell whether it was recorded, as it should be."""
        region = region_of(act.by)
        if not act.at_once and not self._arrived(region):
            self._stop(f"{name}: what others said never came to {region}")
            return False
        draft = self._draft(act, f"{number:02}-{self._run}-{self._scenario.id}"[:64])
        try:
            made = self._stage.submit(draft)
            if act.again and self._stage.submit(draft) != made:
                self.played.differences.append(f"{name}: submitted again, it had another effect")
        except Refused as refused:
            if refused.code != act.rejected:
                self._stop(f"{name}: rejected as {refused}")
            return False
        if act.rejected:
            self._stop(f"{name}: recorded, expected {act.rejected}")
            return False
        self._hosts.setdefault(act.in_, act.by)
        self._known.setdefault(act.in_, []).extend(made)
        for copy in act.copies:
            name_of_thread = f"{COPY}{copy.role.lower().replace('_', '-')}/{copy.office}"
            self._copies.setdefault(act.in_, {})[name_of_thread] = {act.by, copy.office}
        log = self._stage.events
        if not self._stage.until(lambda: log(region).keys() >= set(made)):
            self._stop(f"{name}: the log of {region} never showed it")
            return False
        return True

    def heard(self, number: int, act: Act) -> bool:
        """Take an act that its office has said by itself, the first that wasn't taken yet.

        Tells whether there was one; it is then compared with what it should lead to.
        """
        taken = {event_id for made in self._known.values() for event_id in made}
        for one in list(self._stage.events(region_of(act.by)).values()):
            if one.event_id in taken or not self._is_said(act, one):
                continue
            if act.in_ not in self.played.matters:
                self.played.matters[act.in_] = one.matter_id
                family = family_of(self._stage.contracts, act.says)
                self._place[act.in_] = one.network, family
            self._hosts.setdefault(act.in_, act.by)
            self._known.setdefault(act.in_, []).append(one.event_id)
            found = (one.step.number, one.step.state, one.step.awaits)
            if act.then is not None and not act.then.thread and one.HasField("step"):
                wanted = (act.then.step, act.then.state, act.then.awaits)
                if found != wanted:
                    self.played.differences.append(
                        f"act {number} ({act.says} by {act.by}): it led to {found}, "
                        f"expected {wanted}"
                    )
            return True
        return False

    def _is_said(self, act: Act, envelope: ev.Envelope) -> bool:
        """Tell whether an event may be what an act says."""
        if (envelope.type, envelope.office, envelope.clock) != (act.says, act.by, False):
            return False
        matter_id = self.played.matters.get(act.in_)
        if matter_id is None:
            return envelope.matter_id not in self.played.matters.values()
        return (envelope.matter_id, envelope.thread) == (matter_id, thread_name(act.thread))

    def _stop(self, difference: str) -> None:
        self.played.differences.append(difference)
        self.stopped = True

    def _draft(self, act: Act, submission_id: str) -> sub.Draft:
        matters = self.played.matters
        if act.in_ not in matters:
            matters[act.in_] = ids.matter_id(act.by, act.once or submission_id)
            network = act.network or self._scenario.network
            self._place[act.in_] = network, family_of(self._stage.contracts, act.says)
        network, family = self._place[act.in_]
        now_ms = self._stage.now_ms()
        known = {label: self._last_known(label, region_of(act.by)) for label in self._known}
        draft = draft_of(act, matters, known, now_ms)
        draft.submission_id = submission_id
        draft.network = network
        draft.family = ev.Family.Value(f"FAMILY_{family.upper()}")  # type: ignore[assignment]
        return draft

    def _last_known(self, label: str, region: str) -> str:
        """Give the last event of a matter that a region knows; empty if it knows none."""
        log = self._stage.events(region)
        known = [event_id for event_id in self._known[label] if event_id in log]
        return known[-1] if known else ""

    # What was recorded ----------------------------------------------------------------------

    def _story(self) -> Iterator[ev.Envelope]:
        """Give the events of the story's matters, each once, in the log of its origin."""
        matters = set(self.played.matters.values())
        for region in self._regions:
            for envelope in list(self._stage.events(region).values()):
                if envelope.origin == region and envelope.matter_id in matters:
                    yield envelope

    def _arrived(self, region: str) -> bool:
        """Wait until a region has everything that was sent to it."""
        sent = {one.event_id for one in self._story() if region in one.to}
        return self._stage.until(lambda: self._stage.events(region).keys() >= sent)

    def _compare_records(self, name: str, wanted: Counter[str], before: set[str]) -> None:
        """Compare what clocks and rules have recorded, but for what earlier events had caused.

        That may still be on its way to us when the act begins.
        """

        def found() -> Counter[str]:
            return Counter(
                one.type
                for one in self._story()
                if one.clock and not {one.event_id, one.causation.event_id} & before
            )

        self._stage.rest()
        if not self._stage.until(lambda: found() == wanted):
            self.played.differences.append(
                f"{name}: clocks and rules recorded {_counted(found())}, "
                f"expected {_counted(wanted)}"
            )

    # Threads --------------------------------------------------------------------------------

    def _thread(self, region: str, label: str, said: str) -> st.Thread | None:
        key = thread_key(self.played.matters[label], thread_name(said))
        return self._stage.threads(region).get(key)

    def _compare_step(self, name: str, act: Act) -> None:
        if act.then is None:
            return
        wanted = (act.then.step, act.then.state, act.then.awaits)
        within = act.then.within
        region = region_of(act.by or self._hosts[act.in_])

        def now() -> tuple[int, str, str] | None:
            thread = self._thread(region, act.in_, act.then.thread or act.thread)  # type: ignore[union-attr]
            step = thread.step if thread is not None else None
            return (step.number, step.state, step.awaits) if step is not None else None

        if not self._stage.until(lambda: now() == wanted):
            self.played.differences.append(f"{name}: {region} holds {now()}, expected {wanted}")
        elif within is not None and not self._stood_still:
            thread = self._thread(region, act.in_, act.then.thread or act.thread)
            self._compare_term(name, thread, within)

    def _compare_term(self, name: str, thread: st.Thread | None, within: Span | str) -> None:
        """Compare when the step falls due with the term that the scenario states for it."""
        if thread is None:
            return
        due_ms = 0
        if isinstance(within, Span):
            day = within.after(day_of(thread.stepped_ms), self._stage.contracts.calendar)
            due_ms = end_of(day)
        if thread.step.due_ms != due_ms:
            self.played.differences.append(
                f"{name}: falls due {_written(thread.step.due_ms)}, "
                f"expected {_written(due_ms)}: {within}"
            )

    def end(self) -> None:
        """Compare what the regions hold at the end with the scenario and with each other."""
        for ending in self._scenario.ends:
            if ending.clock and not self._stage.leaps:
                self.played.skipped.append(f"the end of {ending.in_}, {ending.thread}")
                continue
            for region in ending.regions:
                self._compare_end(ending, region)
            self._compare_audience(ending)
        for label in self._hosts:
            self._compare_copies(label)
        self._stage.rest()
        self._compare_figures()
        self._stage.until(lambda: not list(self._unlike()))
        self.played.differences.extend(self._unlike())

    def _compare_end(self, ending: Ending, region: str) -> None:
        def state() -> str:
            thread = self._thread(region, ending.in_, ending.thread)
            return "-" if thread is None else thread.step.state

        good = self._stage.until(lambda: state() == ending.state)
        found = state()
        self.played.held.append(Held(ending, region, self.played.matters[ending.in_], found))
        if not good:
            self.played.differences.append(
                f"the end of {ending.in_}, {ending.thread}: {region} holds {found!r}, "
                f"expected {ending.state!r}"
            )

    def _compare_audience(self, ending: Ending) -> None:
        """Compare who holds the thread, region by region, and who is in it, office by office."""
        for region in self._regions:
            if region not in ending.regions and self._thread(region, ending.in_, ending.thread):
                self.played.differences.append(
                    f"the end of {ending.in_}, {ending.thread}: {region} holds something of it, "
                    "expected nothing"
                )
        thread = self._thread(ending.regions[0], ending.in_, ending.thread)
        if ending.sees is not None and thread is not None:
            there = _offices(thread)
            if there != set(ending.sees):
                self.played.differences.append(
                    f"the end of {ending.in_}, {ending.thread}: seen by "
                    f"{', '.join(sorted(there))}, expected {', '.join(sorted(ending.sees))}"
                )
        if ending.remarks is not None:
            for region in ending.regions:
                self._compare_remarks(ending, region, Counter(ending.remarks))

    def _compare_remarks(self, ending: Ending, region: str, wanted: Counter[str]) -> None:
        """Compare what a region holds of what offices said in a thread without moving it."""
        place = self.played.matters[ending.in_], thread_name(ending.thread)

        def found() -> Counter[str]:
            return Counter(
                one.type
                for one in list(self._stage.events(region).values())
                if (one.matter_id, one.thread) == place and not (one.clock or one.HasField("step"))
            )

        if not self._stage.until(lambda: found() == wanted):
            self.played.differences.append(
                f"the end of {ending.in_}, {ending.thread}: {region} holds the remarks "
                f"{_counted(found())}, expected {_counted(wanted)}"
            )

    def _compare_copies(self, label: str) -> None:
        """Compare which copies there are of a matter's acts, and who sees each."""
        wanted = self._copies.get(label, {})
        start = thread_key(self.played.matters[label], COPY)
        region = region_of(self._hosts[label])

        def found() -> dict[str, set[str]]:
            held = self._stage.threads(region)
            return {t.thread: _offices(t) for key, t in list(held.items()) if key.startswith(start)}

        if not self._stage.until(lambda: found() == wanted):
            self.played.differences.append(
                f"the copies of {label}: {_shown(found())}, expected {_shown(wanted)}"
            )

    def _compare_figures(self) -> None:
        stage = self._stage
        for of, expected, now in tally.wanted(
            self._scenario, self.played.matters, stage.threads, stage.reports
        ):
            if not stage.until(partial(_equal, now, expected)):
                self.played.differences.append(f"{of}: {now()}, expected {expected}")

    def _unlike(self) -> Iterator[str]:
        """Tell of each thread that its members hold differently, or not at all, or in part."""
        labels = {matter_id: label for label, matter_id in self.played.matters.items()}
        threads = {region: self._stage.threads(region) for region in self._regions}
        return unlike(threads, labels)


def unlike(
    threads: Mapping[str, Mapping[str, st.Thread]], labels: Mapping[str, str]
) -> Iterator[str]:
    """Tell of each thread of some matters that regions hold differently, or not at all, or in part.

    `threads` are by region, then by the keys of the state; `labels` name the matters by their ids.
    """
    held: dict[tuple[str, str], dict[str, st.Thread]] = {}
    for region, known in threads.items():
        for key, thread in list(known.items()):
            matter_id = key.split("/")[1]
            if matter_id in labels and thread.thread != LOCAL:
                held.setdefault((labels[matter_id], thread.thread), {})[region] = thread
    for (label, name), copies in held.items():
        there = {region for one in copies.values() for region in members(one)}
        for region in sorted(there):
            if region not in copies:
                yield f"{label}, {name}: {region} is a member and holds nothing of it"
            elif copies[region].held:
                yield f"{label}, {name}: {region} still holds events back"
        pictures = {r: picture(one) for r, one in copies.items() if r in members(one)}
        if len(set(pictures.values())) > 1:
            yield f"{label}, {name}: the regions hold different states: {_drawn(copies, pictures)}"


def _drawn(copies: Mapping[str, st.Thread], pictures: Mapping[str, tuple[object, ...]]) -> str:
    """Write how regions differ: by their steps and last numbers, or else by all that there is."""
    drawn = {}
    for region in pictures:
        thread = copies[region]
        last = ", ".join(f"{one.region} {one.last}" for one in thread.origins)
        drawn[region] = f"step {thread.step.number} {thread.step.state}, events of {last}"
    if len(set(drawn.values())) == 1:
        return str(dict(pictures))
    return "; ".join(f"{region} {text}" for region, text in sorted(drawn.items()))


def _equal(now: Callable[[], object], expected: object) -> bool:
    return now() == expected


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{n} {kind}" for kind, n in sorted(found.items())) or "nothing"


def _offices(thread: st.Thread) -> set[str]:
    return {party.office for party in thread.parties if not party.left}


def _shown(copies: Mapping[str, set[str]]) -> str:
    return "; ".join(f"{n} for {', '.join(sorted(o))}" for n, o in sorted(copies.items())) or "none"


def _written(due_ms: int) -> str:
    return rfc3339(due_ms) if due_ms else "never"
