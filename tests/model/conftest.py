from __future__ import annotations

import pytest

from tests.model.neighbours import Neighbours


@pytest.fixture
def regions() -> Neighbours:
    """Beijing, Tianjin and Hebei, linked by hand."""
    return Neighbours()
