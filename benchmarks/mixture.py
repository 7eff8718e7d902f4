"""The mixture: pre-signed submissions of all six families, matters of one region side by side.

Nobody knows yet how often offices will use which kind, and no source says, so each mechanism weighs
the same: every scenario of the library is told equally often, and the library shows every row of
the table of mechanisms. Openings, steps, remarks and tracks so come in the shares in which the
stories of the trade have them. Each is recast with offices of one region, and of the level that the
scenario names. What one region can't say by itself, or what rests on days that pass, is left out: a
rehearsal on the core finds it.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.matters import BATCH, Signed, sign
from collab.v1 import submission_pb2 as sub
from collabbus.contracts import Contracts
from collabbus.contracts import load as load_contracts
from collabbus.link.keys import PrivateKey
from collabbus.model import ids
from collabbus.model.thread import MAIN
from collabbus.simulate.drafting import draft_of
from collabbus.simulate.library import load as load_library
from collabbus.simulate.play import Refused
from collabbus.simulate.scenario import Scenario, family_of, thread_name
from collabbus.simulate.stage import SimulatedStage

Names = dict[str, str]
"""What stands for which text of a scenario: offices, regions, and what makes a matter the same."""


class Mixture:
    """All scenarios of a contracts folder, told by the offices of one region."""

    def __init__(
        self,
        folder: Path,
        network: str,
        region: str,
        shards: int,
        key_of: Callable[[str], PrivateKey],
        run: str,
    ) -> None:
        """`run` keeps this run's ids apart from others'."""
        self._contracts = load_contracts(folder)
        self._scenarios = list(load_library(folder, self._contracts).values())
        self._network = network
        self._region = region
        self._shards = shards
        self._key_of = key_of
        self._run = run
        self._stage = SimulatedStage(self._contracts, [network], {})
        self.shares: Counter[tuple[str, str]] = Counter()
        """Submissions given, by family and part: opening, step or remark, or the last two `in a
        track`."""
        self.left_out: Counter[tuple[str, str]] = Counter()
        """Acts of scenarios that were left out, by type and the code of their rejection."""

    def backlog(self, turns: int, now_ms: int) -> Iterator[Signed]:
        """Tell every scenario 32 times a turn, in an order in which all of it is allowed."""
        rnd = random.Random(self._run)
        for turn in range(turns):
            told = (self._copies(scenario, turn, now_ms) for scenario in self._scenarios)
            stories = [story for story in told if story]
            while stories:
                # Who goes on is drawn: matters of all families are open side by side.
                story = rnd.choices(stories, [len(one) for one in stories])[0]
                yield from sign(story.popleft(), self._key_of, self._shards)
                if not story:
                    stories.remove(story)

    def _copies(self, scenario: Scenario, turn: int, now_ms: int) -> deque[list[sub.Draft]]:
        """Give the drafts of 32 copies of a scenario, act by act."""
        cast = self._cast(scenario, turn)
        copies = [
            Copy(
                recast(scenario, cast | _sameness(scenario, f"{self._run}.{turn}.{number}")),
                self._contracts,
                self._network,
                f"{self._run}-{turn}-{number}-{scenario.id}"[:60],
            )
            for number in range(BATCH)
        ]
        drafts: deque[list[sub.Draft]] = deque()
        for place in self._rehearsed(copies[0]):
            drafts.append([copy.draft(place, now_ms) for copy in copies])
            self.shares[copies[0].family(place), copies[0].part(place)] += BATCH
        return drafts

    def _cast(self, scenario: Scenario, turn: int) -> Names:
        """Give who plays whom: another office a turn, of the same level where there is one left."""
        own = self._contracts.networks[self._network].regions[self._region].offices
        free = deque(own)
        free.rotate(-turn)
        cast: Names = {}
        for network in (self._contracts.networks[name] for name in scenario.networks):
            cast |= dict.fromkeys(network.regions, self._region)
            for text in _texts(scenario.model_dump(by_alias=True)):
                office = network.office(text)
                if office is not None and text not in cast:
                    chosen = next((one for one in free if one.level == office.level), free[0])
                    free.remove(chosen)
                    cast[text] = chosen.id
        return cast

    def _rehearsed(self, copy: Copy) -> list[int]:
        """Give the places of the acts that the region records when nobody else acts, in order."""
        recorded = []
        for place, act in enumerate(copy.acts):
            try:
                self._stage.submit(copy.draft(place, self._stage.now_ms()))
            except Refused as refused:
                self.left_out[act.says, refused.code] += 1
            else:
                recorded.append(place)
        return recorded


class Copy:
    """One copy of a scenario, and the drafts of its acts."""

    def __init__(
        self, scenario: Scenario, contracts: Contracts, network: str, submission_id: str
    ) -> None:
        self.acts = [act for act in scenario.acts if act.by and not act.rejected]
        self._network = network
        self._submission_id = submission_id
        self._lifecycles = contracts.lifecycles
        self._matters: dict[str, str] = {}
        self._families: dict[str, str] = {}
        self._known: dict[str, str] = {}
        """An event of each matter, by label: its opening."""
        for place, act in enumerate(self.acts):
            if act.in_ not in self._matters:
                opening = self._id(place)
                matter_id = ids.matter_id(act.by, act.once or opening)
                self._matters[act.in_] = matter_id
                self._families[act.in_] = family_of(contracts, act.says)
                self._known[act.in_] = ids.event_id(matter_id, act.by, opening, 0)

    def _id(self, place: int) -> str:
        return f"{self._submission_id}-{place:02}"

    def family(self, place: int) -> str:
        """Give the family of the matter in which an act stands."""
        return self._families[self.acts[place].in_]

    def part(self, place: int) -> str:
        """Give what an act is: opening, step or remark; and whether it stands in a track."""
        act = self.acts[place]
        lifecycle = self._lifecycles[self.family(place)]
        if act.says in lifecycle.opens:
            return "opening"
        chain = lifecycle.chain(thread_name(act.thread))
        sort = "step" if chain is not None and act.says in chain.steps else "remark"
        return sort if act.thread == MAIN else f"{sort} in a track"

    def draft(self, place: int, now_ms: int) -> sub.Draft:
        """Give what an act submits."""
        draft = draft_of(self.acts[place], self._matters, self._known, now_ms)
        draft.submission_id = self._id(place)
        draft.network = self._network
        draft.MergeFrom(sub.Draft(family=f"FAMILY_{self.family(place).upper()}"))
        return draft


def recast(scenario: Scenario, names: Names) -> Scenario:
    """Give a scenario in which other names stand, wherever one is a whole text."""
    return Scenario.model_validate(_renamed(scenario.model_dump(by_alias=True), names))


def _sameness(scenario: Scenario, mark: str) -> Names:
    """Give other texts for what makes a matter of a scenario the same: else it would exist once."""
    names: Names = {}
    for act in scenario.acts:
        if act.once:
            *before, last = act.once.split("/")
            names |= {last: f"{last}.{mark}", act.once: "/".join([*before, f"{last}.{mark}"])}
    return names


def _renamed(data: Any, names: Names) -> Any:
    if isinstance(data, dict):
        return {key: _renamed(one, names) for key, one in data.items()}
    if isinstance(data, list | tuple):
        return [_renamed(one, names) for one in data]
    return names.get(data, data) if isinstance(data, str) else data


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list | tuple):
        for one in data:
            yield from _texts(one)
    elif isinstance(data, str):
        yield data
