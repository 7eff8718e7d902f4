"""Escalation: to whom what is late rises, and whether there is always somebody.

A level names an office by its place: above the one awaited, or one that coordinates the network.
Not every network has each, and nobody stands above a top office. A deadline says what is done then.
"""

from __future__ import annotations

from collections.abc import Iterator

from collabbus.model.lifecycle import Deadline, Lifecycle, Target
from collabbus.model.network import Network
from collabbus.model.vocabulary import Flaw


def target(network: Network, to: Target, awaited: str, waits: str) -> str | None:
    """Give the office to which a level turns; None if there is none beside the one awaited."""
    found: str | None
    if to is Target.SUPERIOR:
        office = network.office(awaited)
        found = office.parent if office is not None else None
    elif to is Target.WAITER:
        found = waits
    elif network.linkage is None:
        found = None
    else:
        linkage = network.linkage
        found = linkage.office if to is Target.LINKAGE_OFFICE else linkage.conveners
    return None if found == awaited else found


def reached(
    network: Network, deadline: Deadline, awaited: str, waits: str
) -> Iterator[tuple[int, str]]:
    """Give the levels of a deadline, from 0, that turn to somebody, each with that office.

    `otherwise` is the last level, and there only where no other has anybody to turn to.
    """
    found = False
    for level, rule in enumerate(deadline.escalate):
        office = target(network, rule.to, awaited, waits)
        if office is not None:
            found = True
            yield level, office
    if deadline.otherwise is not None and not found:
        office = target(network, deadline.otherwise.to, awaited, waits)
        if office is not None:
            yield len(deadline.escalate), office


def unheard(network: Network, lifecycle: Lifecycle) -> Iterator[Flaw]:
    """Yield each deadline that would have no consequence where some office of a network is awaited.

    Every office may be asked, and so awaited. A deadline without levels is none of these: its
    default is its consequence (`collabbus.model.walk`). Who waits for itself needs nobody told.
    """
    for name, deadline in lifecycle.deadlines.items():
        if not deadline.escalate:
            continue
        # The waiter is some other office: an empty id stands for it.
        alone = [
            office.id
            for office in network.offices()
            if not any(reached(network, deadline, office.id, ""))
        ]
        if alone:
            levels = ", ".join(rule.to for rule in deadline.levels)
            whom = (
                f"{alone[0]} is" if len(alone) == 1 else f"{alone[0]} and {len(alone) - 1} more are"
            )
            words = (
                f"must reach somebody in network {network.id} where {whom} awaited: there is no "
                f"{levels} of these; say with `otherwise` to whom it rises then, as to the waiter"
            )
            yield Flaw(("deadlines", name, "escalate"), words)
