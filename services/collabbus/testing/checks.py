"""Checks: what a test asserts of an alliance, with messages that tell what was there instead."""

from __future__ import annotations

from collections.abc import Iterable

from collabbus.handlers.delivery import Parked
from collabbus.model.thread import region_of
from collabbus.sdk import Seen
from collabbus.simulate.play import unlike
from collabbus.simulate.stage import SimulatedStage
from collabbus.testing.host import HostInMemory
from collabbus.testing.log import Kind, Log, name_of
from collabbus.testing.matter import MatterView


class Checks:
    """The assertions of an alliance; each raises AssertionError."""

    stage: SimulatedStage
    hosts: list[HostInMemory]

    def assert_recorded(
        self,
        kind: Kind,
        *,
        region: str = "",
        matter: str | MatterView | None = None,
        office: str | None = None,
        thread: str | None = None,
        times: int | None = None,
    ) -> Seen:
        """See that a region has recorded an event of a type, `times` of them if that is given.

        `region` left out: that of `office` or of the matter that was looked at, else every region
        is asked. Gives the last of them.
        """
        wanted = name_of(kind)
        matter_id = matter.id if isinstance(matter, MatterView) else matter
        regions = self._regions(region, matter, office)
        logs = [self._log(one).of(matter=matter_id) for one in regions]
        found = [log.of(wanted, office=office, thread=thread) for log in logs]
        most = max(found, key=len)
        if not most or (times is not None and len(most) != times):
            raise AssertionError(
                f"{wanted}{_said(office, thread)} was recorded "
                f"{_times(len(most))} in {' or '.join(regions)}, "
                f"expected {'it' if times is None else _times(times)}\n"
                + "\n".join(log.told() for log in logs)
                + self._parked_told()
            )
        return most[-1]

    def assert_not_recorded(
        self,
        kind: Kind,
        *,
        region: str = "",
        matter: str | MatterView | None = None,
        office: str | None = None,
        thread: str | None = None,
    ) -> None:
        """See that no region, or not this one, has recorded an event of a type."""
        wanted = name_of(kind)
        matter_id = matter.id if isinstance(matter, MatterView) else matter
        for one in [region] if region else self.stage.regions:
            log = self._log(one).of(matter=matter_id)
            if log.of(wanted, office=office, thread=thread):
                raise AssertionError(
                    f"{wanted}{_said(office, thread)} was recorded in {one}, expected not\n"
                    + log.told()
                )

    def assert_state(
        self, matter: MatterView, state: str, *, awaits: str | None = None, region: str = ""
    ) -> None:
        """See in which state a thread is, in every region that is in it, or in one.

        `awaits` is the office awaited, "" for nobody; left out, it isn't looked at.
        """
        regions = [region] if region else self._members(matter)
        for one in regions:
            here = matter.at(one)
            if here.state != state or awaits not in (None, here.awaits):
                whom = "" if awaits is None else f", awaiting {awaits or 'nobody'}"
                raise AssertionError(
                    f"{one} holds {here.thread} of {matter.id} in state {here.state or '-'!r}, "
                    f"awaiting {here.awaits or 'nobody'}; expected {state!r}{whom}\n"
                    + here.events.told()
                    + self._parked_told()
                )

    def assert_converged(self) -> None:
        """See that all regions hold the same of every thread that they share, and nothing back."""
        threads = {region: self.stage.threads(region) for region in self.stage.regions}
        matters = {key.split("/")[1] for held in threads.values() for key in held}
        if found := list(unlike(threads, {one: one[:6] for one in matters})):
            raise AssertionError(
                "the regions differ (is a region down, a link cut, or not settled?):\n  "
                + "\n  ".join(found)
            )

    def assert_answers(
        self, *kinds: Kind, matter: str | MatterView | None = None, handler: str | None = None
    ) -> None:
        """See that handlers answered these types in this order, and nothing else, all recorded."""
        matter_id = matter.id if isinstance(matter, MatterView) else matter
        given = [
            one
            for host in self.hosts
            for one in host.answers.values()
            if handler in (None, one.handler) and matter_id in (None, one.event.matter_id)
        ]
        wanted = [name_of(kind) for kind in kinds]
        if [one.type for one in given if not one.rejected] != wanted or any(
            one.rejected for one in given
        ):
            lines = [
                f"  {one.handler}: {one.type} by {one.office} to {one.event.type}"
                + (f", rejected as {one.rejected}" if one.rejected else "")
                for one in given
            ]
            raise AssertionError(
                f"handlers answered\n{_lines(lines)}\nexpected {', '.join(wanted) or 'nothing'}"
                + self._parked_told()
            )

    def assert_parked(
        self,
        matter: str | MatterView | None = None,
        *,
        handler: str | None = None,
        error: str | type[BaseException] | None = None,
    ) -> Parked:
        """See that a matter is parked: this one, by this handler, for this error, as far as given.

        Gives the first one that is.
        """
        matter_id = matter.id if isinstance(matter, MatterView) else matter
        name = error if isinstance(error, str) or error is None else error.__name__
        for host in self.hosts:
            for one in host.parked:
                if (
                    matter_id in (None, one.matter_id)
                    and handler in (None, one.handler)
                    and name in (None, one.failure.error)
                ):
                    return one
        which = [f"of {matter_id}"] if matter_id else []
        which += [f"by {handler}"] if handler else []
        which += [f"for {name}"] if name else []
        raise AssertionError(
            f"nothing {' '.join(which)} is parked".replace("  ", " ")
            + (self._parked_told() or "; nor is anything else")
        )

    def assert_nothing_parked(self) -> None:
        """See that no handler has given up a matter; tells the tracebacks of those that have."""
        if told := self._parked_told():
            raise AssertionError("expected nothing to be parked" + told)

    def _parked_told(self) -> str:
        """Tell what is parked and why; empty if nothing is."""
        return "".join(
            f"\nparked: {one.matter_id[:6]} by {one.handler} after {one.failures} failures: "
            f"{one.failure.error}\n{one.failure.traceback}".rstrip()
            for host in self.hosts
            for one in host.parked
        )

    def _log(self, region: str) -> Log:
        return Log.read(region, self.stage.nodes[region].disk.events)

    def _regions(
        self, region: str, matter: str | MatterView | None, office: str | None
    ) -> tuple[str, ...]:
        if region:
            return (region,)
        if office:
            return (region_of(office),)
        return (matter.region,) if isinstance(matter, MatterView) else self.stage.regions

    def _members(self, matter: MatterView) -> Iterable[str]:
        found = dict.fromkeys(region_of(office) for office in matter.parties)
        return found or [matter.region]


def _lines(lines: list[str]) -> str:
    return "\n".join(lines) or "  nothing"


def _said(office: str | None, thread: str | None) -> str:
    return (f" by {office}" if office else "") + (f" in {thread}" if thread else "")


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
