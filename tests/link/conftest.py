from __future__ import annotations

import pytest

from tests.link.border import SUITES, Border


@pytest.fixture(params=SUITES)
def border(request: pytest.FixtureRequest) -> Border:
    """A border under each suite: whatever holds of a link holds under all of them."""
    return Border(request.param)
