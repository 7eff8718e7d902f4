"""The pytest plugin: the fixture `alliance`, an alliance in memory for each test.

It stands beside the kit and not in it, so that pytest, which loads it always, loads nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collabbus.testing import Alliance


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the mark."""
    config.addinivalue_line(
        "markers",
        "alliance(*networks, **options): what the fixture `alliance` is made of, as "
        "collabbus.testing.Alliance takes it; without it jingjinji.",
    )


@pytest.fixture
def alliance(request: pytest.FixtureRequest) -> Alliance:
    """Give a new alliance, of the networks that the mark `alliance` names."""
    from collabbus.testing import Alliance

    mark = request.node.get_closest_marker("alliance")
    return Alliance(*mark.args, **mark.kwargs) if mark is not None else Alliance("jingjinji")
