from __future__ import annotations

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.model.journal import Region
from collabbus.model.thread import MAIN
from tests.model.neighbours import BINHAI, Neighbours, jingjinji
from tests.model.signing import circulating

MANDATORY, PLAIN = {"kinds": ["MANDATORY_REPORT"]}, {"kinds": ["SUPERVISION"]}
ALERT, NOTICE = {"kinds": ["ABSENCE_WITHOUT_LEAVE"]}, {"kinds": ["TYPICAL_CASE"]}


@pytest.fixture
def region() -> Region:
    """Tianjin, which keeps a contract with tracks beside one without."""
    node = Neighbours(circulating()).nodes["tianjin"]
    node._contracts = {"old": jingjinji(), "jingjinji": circulating()}
    node.start_record()
    return node.recorder.region


def matter(**fields: object) -> st.Matter:
    return st.Matter(**{"contract": circulating().hash, "family": ev.FAMILY_CONSULTATION, **fields})


def test_the_rules_of_a_thread_are_those_to_which_its_matter_is_pinned(region: Region) -> None:
    """Rule 10: whatever is current meanwhile."""
    for contract in (jingjinji(), circulating()):
        pinned = matter(contract=contract.hash, family=ev.FAMILY_ASSISTANCE)
        found = region.where(pinned, st.Thread(thread=MAIN))
        assert found is not None
        assert found.contract is contract
        assert found.chain is contract.lifecycles["assistance"].main


def test_a_track_has_the_rules_of_tracks(region: Region) -> None:
    found = region.where(matter(), st.Thread(thread=f"track/{BINHAI}"))
    assert found is not None
    assert found.chain is circulating().lifecycles["consultation"].track


def test_what_this_region_has_no_rules_for_is_nowhere(region: Region) -> None:
    main = st.Thread(thread=MAIN)
    assert region.where(matter(contract=bytes(32)), main) is None
    assert region.where(matter(family=99), main) is None
    assistance = matter(family=ev.FAMILY_ASSISTANCE)
    assert region.where(assistance, st.Thread(thread=f"track/{BINHAI}")) is None


def test_a_steps_deadline_is_found_by_its_name(region: Region) -> None:
    found = region.where(matter(), st.Thread(thread=MAIN, deadline="draft"))
    assert found is not None
    assert found.deadline() is found.lifecycle.deadlines["draft"]
    found.thread.deadline = ""
    assert found.deadline() is None


@pytest.mark.parametrize(
    ("family", "opening", "thread", "fields", "term"),
    [
        (ev.FAMILY_CLUE, "ClueTransferred", MAIN, MANDATORY, "urgent"),
        (ev.FAMILY_CLUE, "ClueTransferred", MAIN, PLAIN, "review"),
        (ev.FAMILY_NOTIFICATION, "CaseNotified", MAIN, ALERT, "urgent"),
        (ev.FAMILY_NOTIFICATION, "CaseNotified", f"track/{BINHAI}", ALERT, "urgent"),
        (ev.FAMILY_NOTIFICATION, "CaseNotified", f"track/{BINHAI}", NOTICE, "acknowledgement"),
        (ev.FAMILY_NOTIFICATION, "", f"track/{BINHAI}", NOTICE, "acknowledgement"),
        (ev.FAMILY_NOTIFICATION, "", MAIN, NOTICE, ""),
        (ev.FAMILY_CLUE, "ClueTransferred", MAIN, {"kinds": ["UNHEARD_OF"]}, "review"),
    ],
)
def test_a_kinds_own_term_is_named_by_the_matters_kind_and_the_sort_of_thread(
    region: Region,
    family: ev.Family,
    opening: str,
    thread: str,
    fields: dict[str, object],
    term: str,
) -> None:
    pinned = matter(contract=jingjinji().hash, family=family, opening=opening, **fields)
    found = region.where(pinned, st.Thread(thread=thread))
    assert found is not None
    assert found.term() == found.named("kind") == term
    assert (found.named("keep"), found.named("review"), found.named("")) == ("keep", "review", "")
