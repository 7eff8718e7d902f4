"""Addressing: which office a region that was addressed is, found by the contract's rules alone.

What was known and the rule that held stand in the event, so that every region that holds the
contract can find the same office again (invariant 10).
"""

from __future__ import annotations

from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model.domain import Domain
from collabbus.model.function import Function
from collabbus.model.network import Network
from collabbus.model.rejection import Rejection
from collabbus.model.routing import route


def addressed(network: Network, addressee: sub.Addressee, draft: sub.Draft) -> ev.Participant:
    """Give the party that an addressed region takes part with; raises Rejection."""
    if addressee.region not in network.regions:
        raise Rejection(
            "UNKNOWN_REGION", "addressees", f"{addressee.region!r} is no member of {network.id}"
        )
    if not draft.domain:
        raise Rejection("MISSING_FIELD", "domain", "who addresses a region names the domain")
    known = ev.Route(
        region=addressee.region,
        domain=draft.domain,
        function=draft.function,
        place=draft.place,
    )
    office, rule = _found(network, known)
    known.MergeFrom(ev.Route(rule=rule))
    return ev.Participant(office=office, role=addressee.role, route=known)


def check(network: Network, participant: ev.Participant) -> None:
    """See that a route in an event is the one that the contract gives; raises Rejection."""
    if not participant.HasField("route"):
        return
    said = participant.route
    known = said.region in network.regions and said.domain
    rule = ev.RoutingRule.Name(said.rule)
    if not known or _found(network, said) != (participant.office, rule):
        raise Rejection(
            "WRONG_ROUTE",
            "participants",
            f"the contract doesn't lead to {participant.office!r} in {said.region!r}",
        )


def _found(network: Network, known: ev.Route) -> tuple[str, str]:
    """Give the office, and the name of the rule that holds."""
    domain = Domain(ev.Domain.Name(known.domain).removeprefix("DOMAIN_"))
    function = None
    if known.function:
        function = Function(ev.Function.Name(known.function).removeprefix("FUNCTION_"))
    found = route(network, known.region, domain, function, known.place or None)
    return found.office, f"ROUTING_RULE_{found.rule.name}"
