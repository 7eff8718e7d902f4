"""Addressing: a region is asked, and the contract alone says which office that is."""

from __future__ import annotations

import pytest

from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import addressing
from collabbus.model.domain import Domain
from collabbus.model.function import Function
from collabbus.model.rejection import Rejection
from collabbus.model.routing import route
from tests.model.neighbours import (
    BEIJING,
    BINHAI,
    HAIDIAN,
    Neighbours,
    altered,
    jingjinji,
    last,
)

NETWORK = jingjinji().network
TO_TIANJIN = sub.Addressee(region="tianjin", role=ev.ROLE_EXECUTOR)


def asking(regions: Neighbours, **fields: object) -> sub.Draft:
    """Give an opening that names a region, and no office."""
    known = {"addressees": [TO_TIANJIN], "domain": ev.DOMAIN_IP, **fields}
    return regions.opening(participants=[], **known)


@pytest.mark.parametrize("region", ["beijing", "tianjin", "hebei"])
@pytest.mark.parametrize("domain", [d for d in ev.Domain.values() if d])
def test_whatever_the_domain_a_region_is_an_office_of_its_own(region: str, domain: int) -> None:
    """Invariant 10: found by routing alone, and it says by which of its rules."""
    draft = sub.Draft(domain=domain)
    found = addressing.addressed(
        NETWORK, sub.Addressee(region=region, role=ev.ROLE_RECIPIENT), draft
    )
    name = ev.Domain.Name(domain).removeprefix("DOMAIN_")
    expected = route(NETWORK, region, Domain(name))
    assert NETWORK.region_of(found.office) == region
    assert (found.office, found.role) == (expected.office, ev.ROLE_RECIPIENT)
    assert ev.RoutingRule.Name(found.route.rule) == f"ROUTING_RULE_{expected.rule.name}"
    addressing.check(NETWORK, found)  # what it gives, it finds again


def test_domain_function_and_place_decide_and_stand_in_the_route() -> None:
    draft = sub.Draft(domain=ev.DOMAIN_ENV, function=ev.FUNCTION_PUBLIC_INTEREST, place="110108")
    found = addressing.addressed(NETWORK, sub.Addressee(region="beijing", role=1), draft)
    expected = route(NETWORK, "beijing", Domain.ENV, Function.PUBLIC_INTEREST, "110108")
    assert found.office == expected.office == HAIDIAN
    said = found.route
    assert (said.region, said.domain, said.function, said.place) == (
        "beijing",
        ev.DOMAIN_ENV,
        ev.FUNCTION_PUBLIC_INTEREST,
        "110108",
    )
    elsewhere = sub.Draft(domain=ev.DOMAIN_ENV)
    head = addressing.addressed(NETWORK, sub.Addressee(region="beijing", role=1), elsewhere)
    assert head.office == BEIJING


@pytest.mark.parametrize(
    ("region", "domain", "code", "field"),
    [
        ("gansu", ev.DOMAIN_IP, "UNKNOWN_REGION", "addressees"),
        ("tianjin", ev.DOMAIN_UNSPECIFIED, "MISSING_FIELD", "domain"),
    ],
)
def test_what_leads_nowhere_is_rejected_with_its_field(
    region: str, domain: ev.Domain, code: str, field: str
) -> None:
    with pytest.raises(Rejection) as caught:
        addressing.addressed(
            NETWORK, sub.Addressee(region=region, role=1), sub.Draft(domain=domain)
        )
    assert (caught.value.reason_code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    "change",
    [
        {"office": BINHAI},
        {"region": "gansu"},
        {"region": "beijing"},
        {"domain": ev.DOMAIN_UNSPECIFIED},
        {"rule": ev.ROUTING_RULE_BONDED_ZONE},
        {"place": "120116"},
    ],
)
def test_a_route_that_the_contract_doesnt_give_is_found_out(change: dict[str, object]) -> None:
    found = addressing.addressed(NETWORK, TO_TIANJIN, sub.Draft(domain=ev.DOMAIN_SECURITY))
    for name, value in change.items():
        setattr(found if name == "office" else found.route, name, value)
    with pytest.raises(Rejection) as caught:
        addressing.check(NETWORK, found)
    assert caught.value.reason_code == "WRONG_ROUTE"


def test_who_is_named_needs_no_route() -> None:
    addressing.check(NETWORK, ev.Participant(office=BINHAI, role=ev.ROLE_EXECUTOR))


# In a matter ----------------------------------------------------------------------------------


def test_a_region_that_is_asked_is_awaited_as_its_office(regions: Neighbours) -> None:
    outcome = regions.hand_in(asking(regions))
    assert not outcome.code, outcome
    regions.carry_all()
    office = route(NETWORK, "tianjin", Domain.IP).office
    assert regions.thread("tianjin", outcome.matter_id).step.awaits == office
    [opening] = regions.log("tianjin")
    known = [p for p in opening.participants if p.HasField("route")]
    assert [(p.office, p.role) for p in known] == [(office, ev.ROLE_EXECUTOR)]
    assert regions.agree(outcome.matter_id, "beijing", "tianjin")


def test_an_address_without_a_domain_is_rejected(regions: Neighbours) -> None:
    outcome = regions.hand_in(asking(regions, domain=ev.DOMAIN_UNSPECIFIED))
    assert (outcome.code, outcome.field) == ("MISSING_FIELD", "domain")


def test_a_peer_that_routes_by_its_own_lights_is_refused(regions: Neighbours) -> None:
    """Invariant 10 (一把尺子): whom it would rather ask, it may name, but not as the contract's."""
    outcome = regions.hand_in(asking(regions, domain=ev.DOMAIN_SECURITY))
    honest = last(regions, "beijing")
    opening = ev.Envelope.FromString(honest.envelope)
    assert opening.participants[1].office != BINHAI
    opening.participants[1].office = BINHAI
    opening.step.awaits = BINHAI
    forged = altered(honest, participants=list(opening.participants), step=opening.step)
    regions.forge("beijing", "tianjin", forged)
    thread = regions.thread("tianjin", outcome.matter_id)
    assert [freeze.code for freeze in thread.freezes] == ["WRONG_ROUTE"]
