"""Networks for tests: those of the contracts' folder, one of areas, and a small one to break."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from collabbus.model.network import Network

CONTRACTS = Path(__file__).parents[2] / "contracts" / "networks"
OURS = ("jiangan", "jingjinji", "northwest")


def network(name: str) -> Network:
    """Read a network of the contracts' folder, or `guangdong` from beside this file."""
    folder = CONTRACTS if name in OURS else Path(__file__).parent
    return Network.model_validate(yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8")))


def office(name: str, level: str, **more: Any) -> dict[str, Any]:
    """Make the raw entry of an office."""
    return {"id": name, "zh": "院", "en": "Office", "level": level, **more}


def whole() -> dict[str, Any]:
    """Make the raw entry of a small network which has everything that one may have."""
    return {
        "id": "pair",
        "zh": "两地",
        "en": "Pair",
        "source": "none",
        "convener": {"first_year": 2020, "order": ["west", "east"]},
        "linkage": {
            "conveners": "east/conveners",
            "deputy": "east/deputy",
            "office": "east/desk",
            "members": ["east/market", "east/provincial"],
        },
        "functions": {"ENV": "PUBLIC_INTEREST"},
        "regions": {
            "east": {
                "zh": "东",
                "en": "East",
                "code": "110000",
                "provincial": "east/provincial",
                "offices": [
                    office("east/provincial", "PROVINCIAL", code="110000",
                           departments={"CIVIL": "民事检察部"}),
                    office("east/branch", "BRANCH", parent="east/provincial"),
                    office("east/special", "BRANCH", parent="east/provincial",
                           specialities=["IP"], cross_district=True),
                    office("east/hill", "DISTRICT", parent="east/branch", code="110101"),
                    office("east/lake", "DISTRICT", parent="east/branch", code="110102"),
                    office("east/conveners", "OTHER"),
                    office("east/deputy", "OTHER", parent="east/conveners"),
                    office("east/desk", "OTHER", parent="east/conveners"),
                    office("east/market", "OTHER", code="110101"),
                ],
                "zones": [{"id": "port", "zh": "港", "en": "Port", "office": "east/hill"},
                          {"id": "field", "zh": "场", "en": "Field", "office": "east/lake"}],
                "areas": [
                    {"id": "plain", "zh": "原", "en": "Plain", "function": "CIVIL",
                     "contact": "east/provincial", "offices": ["east/lake", "east/hill"]},
                    {"id": "rest", "zh": "余", "en": "Rest", "function": "CIVIL",
                     "contact": "east/provincial", "offices": ["east/special"]},
                ],
            },
            "west": {
                "zh": "西",
                "en": "West",
                "provincial": "west/provincial",
                "offices": [office("west/provincial", "PROVINCIAL")],
            },
        },
    }  # fmt: skip


def broken(data: dict[str, Any]) -> list[tuple[tuple[int | str, ...], str]]:
    """Give where and why a raw network is refused; nothing if it is sound."""
    try:
        Network.model_validate(data)
    except ValidationError as error:
        return [(each["loc"], each["msg"]) for each in error.errors()]
    return []
