"""Handlers: functions that say which events they want, and groups of them."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar, overload

from google.protobuf.message import Message

from collab.v1 import event_pb2 as ev
from collabbus.handlers import families as of
from collabbus.handlers.delivery import Retry
from collabbus.handlers.event import Event
from collabbus.handlers.failure import HandlersInvalid
from collabbus.handlers.names import Domain, Family
from collabbus.model.body import FIELD_OF
from collabbus.model.thread import FAMILIES

TIMEOUT_S = 60.0
_NAME = re.compile("[a-z][a-z0-9-]{0,39}")

E_contra = TypeVar("E_contra", bound=Event[Any], contravariant=True)
M_contra = TypeVar("M_contra", bound=of.CommonMatter, contravariant=True)
E = TypeVar("E", bound=Event[Any])
M = TypeVar("M", bound=of.CommonMatter)
B = TypeVar("B", bound=Message)
B2 = TypeVar("B2", bound=Message)
B3 = TypeVar("B3", bound=Message)
Assistance = TypeVar("Assistance", bound=of.AssistanceBody)
Clue = TypeVar("Clue", bound=of.ClueBody)
Consultation = TypeVar("Consultation", bound=of.ConsultationBody)
Datashare = TypeVar("Datashare", bound=of.DatashareBody)
Notification = TypeVar("Notification", bound=of.NotificationBody)
Recommendation = TypeVar("Recommendation", bound=of.RecommendationBody)


class Function(Protocol[E_contra, M_contra]):
    """What a developer writes: `async def` or `def`, with the event and its matter."""

    def __call__(self, event: E_contra, matter: M_contra, /) -> Awaitable[None] | None:
        """Handle an event; it is delivered again if this raises."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events a handler wants; what is empty doesn't restrict."""

    types: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    domains: frozenset[int] = frozenset()
    offices: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()

    def fits(self, envelope: ev.Envelope, domain: int = 0) -> bool:
        """Tell whether an event is wanted; `domain` is that of its matter."""
        return (
            (not self.types or envelope.type in self.types)
            and (not self.families or FAMILIES.get(envelope.family) in self.families)
            and (not self.domains or (envelope.domain or domain) in self.domains)
            and (not self.offices or envelope.office in self.offices)
            and (not self.networks or envelope.network in self.networks)
        )


@dataclass(frozen=True)
class Handler(Generic[E, M]):
    """A function, which events it wants, and how long it may take; call it as the function."""

    function: Function[E, M]
    wanted: Wanted
    name: str
    """Unique in its group. Answers' ids derive from it: renamed, it is another handler."""
    timeout_s: float = TIMEOUT_S

    def __call__(self, event: E, matter: M, /) -> Awaitable[None] | None:
        """Call the function itself, as its own tests do."""
        return self.function(event, matter)

    @property
    def is_async(self) -> bool:
        """Whether it is awaited; a plain one runs in a thread of its own."""
        return inspect.iscoroutinefunction(self.function)


Declare = Callable[[Function[E, M]], Handler[E, M]]
Some = str | Iterable[str] | None


@overload
def on(
    body: type[Assistance],
    /,
    *,
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[Assistance], of.AssistanceMatter]: ...


@overload
def on(
    body: type[Clue],
    /,
    *,
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[Clue], of.ClueMatter]: ...


@overload
def on(
    body: type[Consultation],
    /,
    *,
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[Consultation], of.ConsultationMatter]: ...


@overload
def on(
    body: type[Datashare],
    /,
    *,
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[Datashare], of.DatashareMatter]: ...


@overload
def on(
    body: type[Notification],
    /,
    *,
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[Notification], of.NotificationMatter]: ...


@overload
def on(
    body: type[Recommendation],
    /,
    *,
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[Recommendation], of.RecommendationMatter]: ...


@overload
def on(
    body: type[B],
    /,
    *,
    family: Literal[Family.ASSISTANCE],
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[B], of.AssistanceMatter]: ...


@overload
def on(
    body: type[B],
    /,
    *,
    family: Literal[Family.CLUE],
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[B], of.ClueMatter]: ...


@overload
def on(
    body: type[B],
    /,
    *,
    family: Literal[Family.CONSULTATION],
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[B], of.ConsultationMatter]: ...


@overload
def on(
    body: type[B],
    /,
    *,
    family: Literal[Family.DATASHARE],
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[B], of.DatashareMatter]: ...


@overload
def on(
    body: type[B],
    /,
    *,
    family: Literal[Family.NOTIFICATION],
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[B], of.NotificationMatter]: ...


@overload
def on(
    body: type[B],
    /,
    *,
    family: Literal[Family.RECOMMENDATION],
    name: str = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[B], of.RecommendationMatter]: ...


@overload
def on(
    body: type[B],
    /,
    *,
    name: str = ...,
    family: Family | None = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[B], of.CommonMatter]: ...


@overload
def on(
    body: type[B],
    body1: type[B2],
    /,
    *,
    name: str = ...,
    family: Family | None = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[B | B2], of.CommonMatter]: ...


@overload
def on(
    body: type[B],
    body1: type[B2],
    body2: type[B3],
    /,
    *,
    name: str = ...,
    family: Family | None = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[B | B2 | B3], of.CommonMatter]: ...


@overload
def on(
    *bodies: type[Message],
    name: str = ...,
    family: Family | None = ...,
    domain: Domain | None = ...,
    office: Some = ...,
    network: Some = ...,
    timeout: float = ...,
) -> Declare[Event[Message], of.CommonMatter]: ...


def on(
    *bodies: type[Message],
    name: str = "",
    family: Family | None = None,
    domain: Domain | None = None,
    office: Some = None,
    network: Some = None,
    timeout: float = TIMEOUT_S,
) -> Declare[Any, Any]:
    """Declare a function to be a handler of these events; it stays callable as before.

    `bodies` are messages such as ClueTransferred, none for all. `family`, `domain` (of the matter),
    `office` (who acts) and `network` restrict it further. `name` is the function's, unless given;
    the ids of its answers derive from it. `timeout` is in seconds.

    What it may answer follows from what it wants: for ClueTransferred it gets a ClueMatter, for
    verbs that all families share a CommonMatter, unless `family` says more.

    Raises HandlersInvalid if that can be no handler.
    """
    unknown = [one.__name__ for one in bodies if one.__name__ not in FIELD_OF]
    if unknown:
        raise HandlersInvalid(
            f"{', '.join(unknown)}: nobody says that; give messages of collab/v1/body.proto"
        )
    if timeout <= 0:
        raise HandlersInvalid(f"timeout={timeout:g}: give the seconds that a run may take")
    wanted = Wanted(
        types=frozenset(one.__name__ for one in bodies),
        families=frozenset([str(family)] if family else ()),
        domains=frozenset([ev.Domain.Value(f"DOMAIN_{domain}")] if domain else ()),
        offices=_several(office),
        networks=_several(network),
    )

    def declare(function: Function[Any, Any]) -> Handler[Any, Any]:
        called = name or getattr(function, "__name__", "").replace("_", "-").strip("-").lower()
        if not _NAME.fullmatch(called):
            raise HandlersInvalid(
                f"{called!r} names no handler: give name=..., at most 40 small letters, digits "
                "and hyphens, a letter first"
            )
        return Handler(function, wanted, called, timeout)

    return declare


def _several(some: Some) -> frozenset[str]:
    if some is None:
        return frozenset()
    return frozenset([some] if isinstance(some, str) else some)


class Handlers:
    """A group of handlers that run together, under one name: what it has done is kept under it.

    On one event they run in the order in which they are given here.
    """

    def __init__(
        self,
        name: str,
        *handlers: Handler[Any, Any],
        middleware: Sequence[Any] = (),
        retry: Retry | None = None,
    ) -> None:
        """`middleware` runs around each run, the first outermost; see docs/adding-a-handler.md.

        Raises HandlersInvalid if two have one name, or the group's name is none.
        """
        if not _NAME.fullmatch(name):
            raise HandlersInvalid(
                f"{name!r} names no group: at most 40 small letters, digits and hyphens, a letter "
                "first"
            )
        self.name = name
        self.middleware = tuple(middleware)
        self.retry = retry or Retry()
        self._handlers: dict[str, Handler[Any, Any]] = {}
        for one in handlers:
            if one.name in self._handlers:
                raise HandlersInvalid(
                    f"two handlers of {name} are named {one.name!r}: give one of them name=..."
                )
            self._handlers[one.name] = one
        if not handlers:
            raise HandlersInvalid(f"{name} has no handlers: give it functions declared with @on")

    def __iter__(self) -> Iterator[Handler[Any, Any]]:
        return iter(self._handlers.values())

    def __getitem__(self, name: str) -> Handler[Any, Any]:
        """Give a handler by its name."""
        return self._handlers[name]

    def wanting(self, envelope: ev.Envelope, domain: int = 0) -> tuple[str, ...]:
        """Give the names of the handlers that want an event; `domain` is that of its matter."""
        return tuple(one.name for one in self if one.wanted.fits(envelope, domain))


def load(path: str) -> Handlers:
    """Give the group of handlers that `module:name` names; the present folder is looked in, too.

    Raises HandlersInvalid if there is none.
    """
    module_name, _, attribute = path.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        raise HandlersInvalid(
            f"there is no module {module_name!r} here: run it in the module's folder, or set "
            "PYTHONPATH"
        ) from None
    found = getattr(module, attribute or "handlers", None)
    if not isinstance(found, Handlers):
        raise HandlersInvalid(
            f"{path!r} is no group of handlers: write {attribute or 'handlers'} = "
            'Handlers("name", ...) into the module'
        )
    return found
