from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from collabbus.model import ids

MATTER = "49a680d221786b0f543f91e75242d267"


def test_ids_never_change() -> None:
    """Who derives them otherwise makes every event that was ever recorded a new one."""
    assert ids.matter_id("beijing/haidian", "draft-000001") == MATTER
    assert (
        ids.event_id(MATTER, "beijing/haidian", "draft-000001", 0)
        == "0cfe396050210f0a4f014894f3b01040"
    )
    assert (
        ids.event_id(MATTER, "beijing/haidian", "draft-000001", 1)
        == "3d6a02c4acbf0fcc59d0975f6baf6e87"
    )
    assert (
        ids.clock_event_id(MATTER, "main", "beijing", "Overdue", "3/1790000000000/7")
        == "d25bfe48b29c4ee5162783ea6b6ccc37"
    )


names = some.text("ab/-0", min_size=1, max_size=5)


@given(some.lists(some.tuples(names, names), min_size=2, max_size=2, unique=True))
def test_another_office_or_submission_gives_another_matter(pairs: list[tuple[str, str]]) -> None:
    assert len({ids.matter_id(*pair) for pair in pairs}) == 2


def test_what_an_id_is_for_goes_into_it() -> None:
    """A submission can't be worded so that its event's id is the clock's."""
    found = [
        ids.event_id("m", "a", "b", 0),
        ids.clock_event_id("m", "a", "b", "0", ""),
        ids.event_id("m", "a", "b", 1),
        ids.matter_id("m", "a"),
    ]
    assert len(set(found)) == len(found)
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in found)
