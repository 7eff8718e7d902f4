"""Handlers are declared with what they want, and what can't be run is refused with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from collab.v1 import event_pb2 as ev
from collabbus.handlers import (
    ClueMatter,
    ClueTransferred,
    CommonMatter,
    Domain,
    Event,
    Family,
    Handlers,
    HandlersInvalid,
    Received,
    load,
    on,
)
from collabbus.handlers.run import acting_office
from collabbus.handlers.standing import Standing
from tests.handlers.bench import MATTER, OFFICE, envelope


async def nothing(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    """Do nothing."""


async def anything(event: Event[Received], matter: CommonMatter) -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    ("wanted", "differs"),
    [
        (on(ClueTransferred), {"type": "ClueReviewed"}),
        (on(ClueTransferred, domain=Domain.FINANCE), {"domain": ev.DOMAIN_IP}),
        (on(ClueTransferred, office="beijing/daxing"), {"office": "beijing/haidian"}),
        (on(ClueTransferred, network=["jingjinji"]), {"network": "northwest"}),
    ],
)
def test_a_handler_gets_what_it_wants_and_nothing_else(wanted, differs) -> None:  # type: ignore[no-untyped-def]
    handlers = Handlers("desk", wanted(nothing))
    assert handlers.wanting(envelope()) == ("nothing",)
    assert handlers.wanting(envelope(**differs)) == ()


def test_a_family_restricts_verbs_that_all_families_share() -> None:
    handlers = Handlers("desk", on(Received, family=Family.ASSISTANCE)(anything))
    said = envelope(type="Received", family=ev.FAMILY_ASSISTANCE)
    assert handlers.wanting(said) == ("anything",)
    assert handlers.wanting(envelope(type="Received")) == ()


def test_a_domain_is_the_matters_where_the_event_names_none() -> None:
    handlers = Handlers("desk", on(Received, domain=Domain.FINANCE)(anything))
    said = envelope(type="Received", domain=0)
    assert handlers.wanting(said, ev.DOMAIN_FINANCE) == ("anything",)
    assert handlers.wanting(said) == ()


def test_a_handler_is_still_the_function() -> None:
    assert on(ClueTransferred)(nothing).function is nothing


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: on(ev.Envelope)(nothing), "nobody says that"),  # type: ignore[arg-type]
        (lambda: on(ClueTransferred, timeout=0)(nothing), "seconds"),
        (lambda: on(ClueTransferred)(lambda event, matter: None), "give name"),
        (lambda: Handlers("Desk", on(ClueTransferred)(nothing)), "names no group"),
        (lambda: Handlers("desk"), "has no handlers"),
        (lambda: Handlers("desk", *[on(ClueTransferred)(nothing)] * 2), "give one of them name"),
        (lambda: load("no_such_module:handlers"), "there is no module"),
        (lambda: load("tests.handlers.bench:MATTER"), "is no group of handlers"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_way_out(build, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HandlersInvalid, match=words):
        build()


def test_a_group_is_loaded_from_a_module_in_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my_desk.py").write_text(
        "from tests.handlers.typed import triage\nfrom collabbus.handlers import Handlers\n"
        "handlers = Handlers('my-desk', triage)\n"
    )
    monkeypatch.chdir(tmp_path)
    assert load("my_desk").name == load("my_desk:handlers").name == "my-desk"


def test_only_offices_with_a_part_in_the_thread_handle_its_events() -> None:
    standing = Standing(MATTER)
    opening = envelope(participants=[ev.Participant(office="tianjin/hexi", role=ev.ROLE_OBSERVER)])
    standing.take(opening)
    remark = envelope(number=2, type="Commented")
    remark.ClearField("step")
    track = envelope(thread="track/hebei/langfang", step=ev.Step(number=1))
    standing.take(track)
    for office in (OFFICE, "tianjin/hexi", "beijing/daxing"):
        assert acting_office(remark, standing, (office,)) == office
    assert acting_office(remark, standing, ("hebei/langfang",)) is None
    assert acting_office(track, standing, ("hebei/langfang",)) == "hebei/langfang"
    assert acting_office(remark, standing, ("tianjin/hexi", OFFICE)) == OFFICE, "who is awaited"
