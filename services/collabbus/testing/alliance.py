"""Alliance: a whole network in this process, for tests of what an office's developers write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from google.protobuf.message import Message

from collabbus.contracts import Contracts
from collabbus.errors import CollabbusError
from collabbus.handlers import Handler, Handlers
from collabbus.handlers.delivery import Decision, Parked
from collabbus.model.deadline import day_of
from collabbus.model.thread import region_of
from collabbus.simulate.play import Performance
from collabbus.simulate.scenario import Scenario
from collabbus.simulate.stage import SimulatedStage
from collabbus.simulate.weather import Weather
from collabbus.testing.checks import Checks
from collabbus.testing.contracts import find, load, scenarios
from collabbus.testing.host import Answered, HostInMemory
from collabbus.testing.log import Kind, Log, name_of
from collabbus.testing.matter import MatterView
from collabbus.testing.office import SimulatedOffice
from collabbus.testing.partner import Partner
from collabbus.testing.performed import Performed

ROUNDS = 200
"""So often handlers and partners may answer each other before it counts as never ending."""


class NeverSettlesError(CollabbusError):
    """Handlers and partners go on answering each other."""

    code: ClassVar[str] = "NEVER_SETTLES"


class UnknownNameError(CollabbusError):
    """A region or an office was named that the alliance doesn't have."""

    code: ClassVar[str] = "NAME_UNKNOWN"


class Alliance(Checks):
    """All regions of some networks, their links and offices, on the core that production runs.

    Nothing happens by itself: what an office says is recorded by its region at once, and `settle`
    lets everything arrive, handlers run, and partners answer. Time stands still but for `advance`
    and for what links and back-offs take. The same calls give the same ids, events and times.

    `networks` are those whose regions take part; offices speak in the first unless they say
    otherwise. `contracts` is a folder, or what was read from one; left out, see
    `collabbus.testing.contracts.find`. `links_ms` tells how slow links are, {"beijing>hebei":
    60_000}; others take 5 ms. `seed` decides which parcels `links` loses.
    """

    def __init__(
        self,
        *networks: str,
        contracts: Contracts | Path | None = None,
        links_ms: Mapping[str, int] | None = None,
        seed: int = 1,
    ) -> None:
        self._folder: Path | None = None
        if not isinstance(contracts, Contracts):
            self._folder = (contracts or find()).resolve()
            contracts = load(self._folder)
        self.networks = networks or ("jingjinji",)
        self.contracts = contracts
        self.pinned = {name: contracts.pin(name) for name in self.networks}
        self.stage = SimulatedStage(contracts, self.networks, links_ms or {}, seed=seed)
        """The simulator behind it."""
        self.partners: list[Partner] = []
        self.hosts: list[HostInMemory] = []
        self._offices: dict[str, SimulatedOffice] = {}

    def __repr__(self) -> str:
        return f"Alliance({', '.join(map(repr, self.networks))})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing has to be closed."""

    # Who is there ---------------------------------------------------------------------------

    def office(self, office: str) -> SimulatedOffice:
        """Give an office, which speaks in the first of the networks that it belongs to."""
        if office not in self._offices:
            for name, contract in self.pinned.items():
                if contract.network.office(office) is not None:
                    self._offices[office] = SimulatedOffice(office, name, self.stage)
                    break
            else:
                raise UnknownNameError(
                    f"{office!r} is no office of {' or '.join(self.networks)}: the contracts' "
                    "networks/*.yaml list them"
                )
        return self._offices[office]

    def partner(
        self,
        who: str,
        says: Mapping[str, Kind | Message | None] | None = None,
        *,
        after_days: int = 0,
    ) -> Partner:
        """Have a region, or an office, answer by itself whenever it is awaited.

        It goes on by the first step that the lifecycle knows from each state; `says` tells it
        another one by the state in which it is awaited: a type, a whole message, or None to stay
        silent, {"requested": Declined(...), "accepted": None}. It answers once `after_days` have
        passed since the step. Raises UnknownNameError.
        """
        if "/" in who:
            self.office(who)
        else:
            self._known(who)
        partner = Partner(self.stage, self.pinned, who, says or {}, after_days)
        self.partners.append(partner)
        return partner

    def handle(
        self, handlers: Handlers | Handler[Any, Any], office: str, *, acting_for: Sequence[str] = ()
    ) -> HostInMemory:
        """Run handlers for an office whenever the alliance settles, as `collabbus run handlers`.

        They see the log from its beginning. `acting_for` are subordinates in whose matters they
        answer, too, where the contract lets the office. A handler alone is a group of its own name.
        Raises UnknownNameError.
        """
        group = handlers if isinstance(handlers, Handlers) else Handlers(handlers.name, handlers)
        offices = tuple(self.office(one).office for one in (office, *acting_for))
        host = HostInMemory(self.stage, group, offices)
        self.hosts.append(host)
        return host

    # What is there --------------------------------------------------------------------------

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that take part."""
        return self.stage.regions

    @property
    def today(self) -> date:
        """The day (UTC+8) in the alliance."""
        return day_of(self.stage.now_ms())

    def log(self, region: str) -> Log:
        """Give what a region has recorded so far. Raises UnknownNameError."""
        return self._log(self._known(region))

    def matter(self, matter_id: str | MatterView, region: str = "") -> MatterView:
        """Look at a matter in a region; left out, in that of the office that opened it.

        Raises UnknownNameError where nobody has it.
        """
        if isinstance(matter_id, MatterView):
            matter_id = matter_id.id
        if region:
            return MatterView(self.stage, matter_id, self._known(region))
        for one in self.regions:
            if region_of(self.stage.matter(one, matter_id).host) == one:
                return MatterView(self.stage, matter_id, one)
        raise UnknownNameError(f"no region holds a matter {matter_id!r}: was it recorded?")

    def matters(self, region: str) -> list[MatterView]:
        """Give the matters of which a region holds the main thread, in the order they came."""
        seen = dict.fromkeys(e.envelope.matter_id for e in self.log(region))
        views = (MatterView(self.stage, one, region) for one in seen)
        return [view for view in views if view.state]

    def answers(
        self,
        *kinds: Kind,
        handler: str | None = None,
        office: str | None = None,
        matter: str | MatterView | None = None,
    ) -> list[Answered]:
        """Give what handlers have answered: of some types or all; of a handler, office, matter.

        Each answer stands there once, however often it was given. `matter` is that of the event.
        """
        names = {name_of(kind) for kind in kinds}
        matter_id = matter.id if isinstance(matter, MatterView) else matter
        return [
            one
            for host in self.hosts
            for one in host.answers.values()
            if (not names or one.type in names)
            and handler in (None, one.handler)
            and office in (None, one.office)
            and matter_id in (None, one.event.matter_id)
        ]

    def parked(self, handler: str | None = None) -> list[Parked]:
        """Give the parked matters (挂起事项), of all handlers or of one."""
        return [one for host in self.hosts for one in host.parked if handler in (None, one.handler)]

    # What happens ---------------------------------------------------------------------------

    async def settle(self) -> None:
        """Let all that is under way arrive and handlers run, until nobody has anything left to say.

        A handler that fails is tried again, after its back-off in the alliance's time; then its
        matter is parked, which is no error here: see `parked` and `assert_nothing_parked`. What a
        region that is down or a link that is cut holds up doesn't arrive.

        Raises NeverSettlesError, or PartnerStuckError.
        """
        for _ in range(ROUNDS):
            self.stage.rest()
            ran = [await host.deliver() for host in self.hosts]
            if any(ran) or self._partners_act():
                continue
            later = [ms for host in self.hosts if (ms := host.next_ms()) is not None]
            if not later:
                return
            self.stage.wait(max(0, min(later) - self.stage.now_ms()))
        raise NeverSettlesError(
            f"after {ROUNDS} rounds handlers and partners still answer each other: see "
            "alliance.log(region).told() for who says what"
        )

    async def play(self, scenario: Scenario | str) -> Performed:
        """Play a scenario, given whole or by its id in the contracts' folder, against handlers.

        What handlers have said by the time that a scenario has their office say it counts as that
        act; what they leave, an officer says, as the scenario has it. Handlers run whenever their
        office's turn comes. `Performed.assert_as_written` tells how it went. Begin with a new
        alliance of the scenario's networks. Raises UnknownNameError.
        """
        if isinstance(scenario, str):
            known = scenarios(self._folder) if self._folder is not None else {}
            if scenario not in known:
                raise UnknownNameError(
                    f"{scenario!r} is no scenario of these contracts: `collabbus scenario list` "
                    "names them, or give a Scenario"
                )
            scenario = known[scenario]
        if missing := set(scenario.networks) - set(self.networks):
            raise UnknownNameError(
                f"{scenario.id} plays in {', '.join(scenario.networks)}: make an Alliance of "
                f"{', '.join(sorted(missing))}, too"
            )
        self.stage.links_ms.update(scenario.links_ms)
        performance, said = Performance(scenario, self.stage, "kit"), []
        ours = {office for host in self.hosts for office in host.offices}
        for number, act in enumerate(scenario.acts, 1):
            if act.by in ours and not act.rejected:
                if act.days:
                    self.advance(act.days)
                    act = act.model_copy(update={"days": 0, "records": None})
                await self.settle()
                if performance.heard(number, act):
                    said.append(number)
                    continue
            performance.act(number, act)
            if performance.stopped:
                return Performed(performance.played, tuple(said), self._parked_told())
        await self.settle()
        performance.end()
        return Performed(performance.played, tuple(said), self._parked_told())

    def retry(self, parked: Parked) -> None:
        """Have a parked matter tried again, as by `collabbus parked retry`; then `settle`."""
        self._decide(parked, Decision.RETRY)

    def skip(self, parked: Parked) -> None:
        """Have a parked matter go on behind what failed, as by `collabbus parked skip`."""
        self._decide(parked, Decision.SKIP)

    def _decide(self, parked: Parked, decision: Decision) -> None:
        for host in self.hosts:
            if parked in host.parked:
                host.decide(parked, decision)
                return
        raise UnknownNameError(
            f"matter {parked.matter_id!r} isn't parked at event {parked.event_id!r} any more: "
            "alliance.parked() has those that are"
        )

    def advance(self, days: int) -> None:
        """Let days pass: clocks remind, call overdue, escalate; partners answer when they would.

        Handlers see what came of it at the next `settle`; `live` runs them day by day.
        """
        for _ in range(days):
            self.stage.leap(1)
            while self._partners_act():
                self.stage.rest()

    async def live(self, days: int) -> None:
        """Let days pass, and settle after each."""
        for _ in range(days):
            self.advance(1)
            await self.settle()

    def _partners_act(self) -> int:
        return sum(partner.act() for partner in self.partners)

    # Faults ---------------------------------------------------------------------------------

    def links(self, *, lose: float = 0.0, repeat: float = 0.0) -> None:
        """Have links lose and repeat parcels from now on, with these chances (0 to 1).

        What was lost is sent again, as in production: `settle` waits for it.
        """
        self.stage.weather = Weather(lose, repeat, 0, 0, 0, 0)

    def redeliver(self) -> None:
        """Have every event come to its handlers once more, as after a `kill -9` of their hosts.

        Parked matters stay parked. What is answered again must have no second effect.
        """
        for host in self.hosts:
            host.restart()

    @contextmanager
    def down(self, region: str) -> Iterator[None]:
        """Have a region's processor stand still inside the `with` block; its broker goes on."""
        self.stage.down.add(self._known(region))
        try:
            yield
        finally:
            self.stage.down.discard(region)

    @contextmanager
    def cut(self, one: str, other: str) -> Iterator[None]:
        """Have nothing arrive between two regions inside the `with` block, in either direction."""
        links = {(self._known(one), self._known(other)), (other, one)}
        self.stage.cut |= links
        try:
            yield
        finally:
            self.stage.cut -= links

    def _known(self, region: str) -> str:
        if region not in self.regions:
            raise UnknownNameError(
                f"{region!r} is no region of {' or '.join(self.networks)}: use one of "
                f"{', '.join(self.regions)}"
            )
        return region
