"""Routing by speciality (专业分工): a clue goes to the office of the region that knows its field.

A provincial office receives clues (线索) for the whole region and hands each one down (交办) to the
office whose specialities, in the contract, hold the clue's domain (领域). What nobody specialises
in it registers itself, for an officer to look at.

    collabbus run handlers route_by_speciality:handlers --office beijing/provincial --key FILE
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from collabbus.contracts import load
from collabbus.handlers import ClueMatter, ClueTransferred, Domain, Event, Handlers, on

NETWORK, REGION = "jingjinji", "beijing"
OFFICER = "董洁"  # who answers for what this handler says (案件管理部门)


@cache
def specialists(folder: Path = Path("contracts")) -> dict[Domain, str]:
    """Give for each domain the first office below the provincial one that specialises in it."""
    network = load(folder).networks[NETWORK]
    found: dict[Domain, str] = {}
    for office in network.regions[REGION].offices:
        for domain in office.specialities:
            if network.superiors(office.id):
                found.setdefault(Domain(domain), office.id)
    return found


@on(ClueTransferred, network=NETWORK)
async def route(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    """Hand a clue that is ours to handle down to the office that knows its field."""
    if not matter.awaits_us:
        return  # delivered again after it was handed down, or we only look on
    office = specialists().get(matter.domain) if matter.domain else None
    if office is None:
        await matter.receive(officer=OFFICER)
    else:
        await matter.assign(officer=OFFICER, office=office, text=f"按专业分工交办: {matter.domain}")


handlers = Handlers("clue-routing", route)
