from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

import collabbus.contracts
from collabbus.contracts import ContractError, Contracts, Fault, UnknownNetworkError, load
from collabbus.model.domain import Domain

CONTRACTS = Path(__file__).parents[1] / "contracts"

# Line numbers below count from the first line of this text.
PAIR = """\
# two regions
id: pair
zh: 两地
en: Pair
source: none
regions:
  east:
    zh: 东
    en: East
    code: "110000"
    provincial: east/provincial
    offices:
      - id: east/provincial
        zh: 东院
        en: East Office
        level: PROVINCIAL
      - id: east/hill
        zh: 山院
        en: Hill Office
        level: DISTRICT
        parent: east/provincial
        code: "110101"
        specialities: [IP, ENV]
  west:
    zh: 西
    en: West
    provincial: west/provincial
    offices:
      - id: west/provincial
        zh: 西院
        en: West Office
        level: PROVINCIAL
"""
LIFECYCLE = """\
family: assistance
days: 5
roles: [host, guest]
"""
REMARKS = """\
all:
  Commented: {zh: 备注, by: party, articles: [engineering]}
main: {}
track: {}
"""


CALENDAR = """\
version: 1
source: none
years:
  "2026":
    holidays: [2026-10-01, 2026-10-02]
    workdays: [2026-10-10]
"""


class Lifecycle(BaseModel):
    """A stand-in: these tests are about files, not about what a lifecycle says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str
    days: int
    roles: frozenset[str] = frozenset()
    then: Annotated[str, Field(pattern="^[a-z]+$")] | Literal["RESUME"] = "RESUME"
    from_: tuple[str, ...] = Field(default=(), alias="from")

    @model_validator(mode="after")
    def _days(self) -> Self:
        if self.days == 13:
            raise ValueError("days: 13 is no day for a deadline")
        return self

    @property
    def deadlines(self) -> dict[str, object]:
        return {}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(collabbus.contracts, "Lifecycle", Lifecycle)
    monkeypatch.setattr(collabbus.contracts, "flaws", lambda lifecycle: [])
    files = {
        "networks/pair.yaml": PAIR,
        "lifecycles/assistance.yaml": LIFECYCLE,
        "remarks.yaml": REMARKS,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "calendar.yaml").write_text(CALENDAR, "utf-8")
    return tmp_path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The project's own contracts, to be changed."""
    shutil.copytree(CONTRACTS, tmp_path / "own")
    return tmp_path / "own"


def rewrite(folder: Path, file: str, edit: Callable[[str], str]) -> None:
    path = folder / file
    before = path.read_text("utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, "utf-8")


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(ContractError) as caught:
        load(folder)
    assert caught.value.code == "CONTRACT_INVALID"
    return caught.value.faults


HILL = "regions.east.offices[1]"
DEEP = "x: " + "[" * 35 + "]" * 35 + "\n"


@pytest.mark.parametrize(
    ("old", "new", "key", "value", "rule", "line"),
    [
        pytest.param(
            "parent: east/provincial", "parent: east/nowhere", f"{HILL}.parent",
            '"east/nowhere"', "must be one of the offices of region east", 21, id="dangling",
        ),
        pytest.param(
            "parent: east/provincial", "parent: east/hill", f"{HILL}.parent",
            '"east/hill"', "must not lead back to east/hill", 21, id="cycle",
        ),
        pytest.param(
            "        parent: east/provincial\n", "", f"{HILL}.parent",
            "nothing", "must be given: only the head of east and offices "
            "of level OTHER have no parent", 17, id="no parent",
        ),
        pytest.param(
            "id: east/hill", "id: east/provincial", f"{HILL}.id",
            '"east/provincial"', "must be unique; offices[0] has it already", 17, id="twice",
        ),
        pytest.param(
            "id: east/hill", "id: east/山", f"{HILL}.id", '"east/山"',
            "must be a region's id, a slash and a name in lower case, such as beijing/haidian",
            17, id="malformed id",
        ),
        pytest.param(
            "level: DISTRICT", "level: TOWN", f"{HILL}.level", '"TOWN"',
            "must be PROVINCIAL, BRANCH, DISTRICT, DISPATCHED or OTHER", 20, id="enum",
        ),
        pytest.param(
            'code: "110101"', "code: 110101", f"{HILL}.code", "110101",
            "must be text; put it in quotes if it looks like something else", 22, id="number",
        ),
        pytest.param(
            'code: "110101"', 'code: "1101"', f"{HILL}.code", '"1101"',
            'must be a GB/T 2260 code: six digits in quotes, such as "110108"', 22, id="code",
        ),
        pytest.param(
            'code: "110101"', 'code: "120101"', f"{HILL}.code", '"120101"',
            "must begin with 11, as the region's code does", 22, id="code of another region",
        ),
        pytest.param(
            "        en: Hill Office\n", "", f"{HILL}.en", "nothing", "must be given", 17,
            id="missing",
        ),
        pytest.param(
            "parent:", "parents:", f"{HILL}.parents", '"east/provincial"',
            "is not a key here: use one of id, zh, en, level, parent, code, specialities, "
            "cross_district, acts_for_subordinates, departments, or take it out", 21,
            id="unknown key",
        ),
        pytest.param(
            "source: none", "source: none\nshard: 4", "shard", "4",
            "is not a key here: use one of id, zh, en, source, shards, deadlines, convener, "
            "linkage, functions, regions, or take it out", 6, id="unknown key at the top",
        ),
        pytest.param(
            "source: none", "source: none\nshards: sixteen", "shards", '"sixteen"',
            "must be a whole number", 6, id="type",
        ),
        pytest.param(
            "source: none", "source: none\nshards: 0", "shards", "0", "must be at least 1", 6,
            id="range",
        ),
        pytest.param(
            "[IP, ENV]", "[IP, ENV]\n        cross_district: yes", f"{HILL}.cross_district",
            '"yes"', "must be true or false", 24, id="a truth value of YAML 1.1",
        ),
        pytest.param(
            "[IP, ENV]", "IP", f"{HILL}.specialities", '"IP"', "must be a list", 23, id="list",
        ),
        pytest.param(
            "    provincial: west/provincial", "    provincial: west/hill",
            "regions.west.provincial", '"west/hill"',
            "must be one of the offices of region west", 27, id="head",
        ),
        pytest.param(
            "id: pair", "id: pairs", "id", '"pairs"', "must be pair, as the file's name is", 2,
            id="name",
        ),
        pytest.param(
            "en: Pair", "en: Pair\nen: Other", "en", '"Other"',
            "must be given once; line 4 has it already", 5, id="key twice",
        ),
        pytest.param(
            "zh: 东\n", "zh: 东\n    7: x\n", "regions.east", "7",
            "must have text as its keys; put other keys in quotes", 9, id="key that is no text",
        ),
        pytest.param(
            "en: Pair", "en: *pair", "", '"en: *pair"',
            "must have no anchors (&) and no aliases (*): write the value out", 4, id="alias",
        ),
        pytest.param(
            "en: Pair", "en: &pair Pair", "", '"en: &pair Pair"',
            "must have no anchors (&) and no aliases (*): write the value out", 4, id="anchor",
        ),
        pytest.param(
            "en: Pair", "en: !!python/name:os.system x", "", '"en: !!python/name:os.system x"',
            "must have no tags (!): write the plain value", 4, id="tag",
        ),
        pytest.param(
            "id: pair\n", DEEP, "", f'"{DEEP.strip()}"',
            "must be nested at most 32 deep", 2, id="depth",
        ),
        pytest.param(
            "zh: 两地", "zh: [两地", "", '"en: Pair"',
            "must be one YAML document: expected ',' or ']', but got ':'", 4, id="syntax",
        ),
        pytest.param(
            "zh: 两地", "zh: 两\x07地", "", "character U+0007", "must hold printable text only", 3,
            id="control character",
        ),
        pytest.param(
            "zh: 两地", 'zh: "\\UFFFFFFFF"', "", '"zh: \\"\\\\UFFFFFFFF\\""',
            "must be one YAML document: found no such character", 3, id="impossible character",
        ),
        pytest.param(
            "zh: 两地", 'zh: "\\ud800"', "", '"zh: \\"\\\\ud800\\""',
            "must have no half characters (surrogates): write the character itself", 3,
            id="half a character",
        ),
        pytest.param(
            "  west:", "  West:", "regions.West", '"West"',
            "must be at most 40 lower-case letters, digits and single hyphens, a letter first, "
            "such as beijing", 24, id="malformed region",
        ),
        pytest.param(
            "source: none",
            "source: none\nconvener: {first_year: 2020, order: [east, north, west]}",
            "convener.order[1]", '"north"', "must be one of the network's regions: east, west", 6,
            id="rotation",
        ),
        pytest.param(
            "source: none", "source: none\nconvener: {firstyear: 2020, order: [east, west]}",
            "convener.firstyear", "2020",
            "is not a key here: use one of first_year, order, or take it out", 6,
            id="unknown key of a rotation",
        ),
        pytest.param(
            "source: none", "source: none\nlinkage:\n  conveners: east/hill\n"
            "  deputy: east/hill\n  office: east/hill\n"
            "  members: [east/hill, west/provincial]", "linkage.deputy", '"east/hill"',
            "must be another office than east/hill, which convenes", 8, id="deputy",
        ),
        pytest.param(
            "source: none", "source: none\nfunctions:\n  WINE: CIVIL", "functions.WINE",
            '"WINE"', "must be " + ", ".join(Domain).replace(", GRAIN_SEED", " or GRAIN_SEED"), 7,
            id="function of an unknown domain",
        ),
        pytest.param(
            "    offices:\n", "    zones:\n      - {id: port, zh: 港, en: Port, "
            "office: east/nowhere}\n    offices:\n", "regions.east.zones[0].office",
            '"east/nowhere"', "must be one of the offices of region east", 13, id="zone",
        ),
        pytest.param(
            "    offices:\n", "    areas:\n      - {id: plain, zh: 原, en: Plain, function: CIVIL, "
            "contact: east/provincial, offices: [east/hill]}\n    offices:\n",
            "regions.east.areas[0].contact", '"east/provincial"',
            "must have a department for CIVIL, the function of its area", 13, id="area",
        ),
        pytest.param(
            "# two", "id: one\n---\n# two", "", '"---"',
            "must be one YAML document: but found another document", 2, id="two documents",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_place_value_and_rule(
    folder: Path, old: str, new: str, key: str, value: str, rule: str, line: int
) -> None:
    rewrite(folder, "networks/pair.yaml", replaced(old, new))
    assert Fault("networks/pair.yaml", key, value, rule, line) in faults(folder)


def test_an_unknown_domain_is_answered_with_those_that_exist(folder: Path) -> None:
    rewrite(folder, "networks/pair.yaml", replaced("IP, ENV", "IP, WINE"))
    (fault,) = faults(folder)
    assert (fault.key, fault.value, fault.line) == (f"{HILL}.specialities[1]", '"WINE"', 23)
    assert fault.rule.startswith("must be SCI_TECH, INTL_COMMERCE,")


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        (b"", "nothing", "must not be empty"),
        (b"# nothing but a comment\n", "nothing", "must not be empty"),
        (b"zh: \xff", "byte 0xff", "must be text in UTF-8"),
        (b"#" * (1 << 20) + b"\n", "over 1048576 bytes", "must be at most 1048576 bytes long"),
        (b"- a list\n", '["a list"]', "must be a mapping (key: value)"),
        (b"null\n", "null", "must be a mapping (key: value)"),
    ],
)
def test_a_file_that_is_no_contract_at_all_is_reported(
    folder: Path, text: bytes, value: str, rule: str
) -> None:
    (folder / "networks/pair.yaml").write_bytes(text)
    (fault,) = faults(folder)
    assert (fault.file, fault.key, fault.value, fault.rule) == (
        "networks/pair.yaml", "", value, rule,
    )  # fmt: skip


def test_all_mistakes_of_all_files_come_at_once(folder: Path) -> None:
    rewrite(
        folder,
        "networks/pair.yaml",
        replaced("east/provincial\n        code", "east/x\n        code"),
    )
    rewrite(folder, "networks/pair.yaml", replaced("zh: 西", "zh: 1"))
    rewrite(folder, "networks/pair.yaml", replaced("en: Pair", "en: Pair\nen: Pair"))
    (folder / "networks/other.yaml").write_text("a: [", "utf-8")
    rewrite(folder, "lifecycles/assistance.yaml", replaced("days: 5", "days: soon"))
    found = faults(folder)
    assert [(fault.file, fault.key) for fault in found] == [
        ("networks/other.yaml", ""),
        ("networks/pair.yaml", "en"),
        ("networks/pair.yaml", "regions.west.zh"),
        ("networks/pair.yaml", f"{HILL}.parent"),
        ("lifecycles/assistance.yaml", "days"),
    ]
    with pytest.raises(ContractError, match="5 faults") as caught:
        load(folder)
    for fault in found:
        assert str(fault) in str(caught.value)


def test_a_faults_text_names_place_value_and_rule(folder: Path) -> None:
    rewrite(folder, "networks/pair.yaml", replaced("level: DISTRICT", "level: TOWN"))
    (fault,) = faults(folder)
    assert str(fault) == (
        'networks/pair.yaml:20: regions.east.offices[1].level is "TOWN": '
        "must be PROVINCIAL, BRANCH, DISTRICT, DISPATCHED or OTHER"
    )


@pytest.mark.parametrize(
    ("text", "key", "value", "rule", "line"),
    [
        ("days: 13", "days", "13", "13 is no day for a deadline", 2),
        ("days: 5\nthen: X1", "then", '"X1"', "must have the form ^[a-z]+$; or must be RESUME", 3),
        ("days: 5\nthen: {a: b}", "then", '{"a": "b"}',
         "must be text; put it in quotes if it looks like something else; or must be RESUME", 3),
        ("days: 5\nfrom: [open, 3]", "from[1]", "3",
         "must be text; put it in quotes if it looks like something else", 3),
        ("days: 5\nfrom_: [open]", "from_", '["open"]',
         "is not a key here: use one of family, days, roles, then, from, or take it out", 3),
    ],
)  # fmt: skip
def test_a_lifecycles_own_rules_are_reported_like_a_networks(
    folder: Path, text: str, key: str, value: str, rule: str, line: int
) -> None:
    rewrite(folder, "lifecycles/assistance.yaml", replaced("days: 5", text))
    assert faults(folder) == (Fault("lifecycles/assistance.yaml", key, value, rule, line),)


@pytest.mark.parametrize(
    ("old", "new", "key", "value", "rule", "line"),
    [
        ("2026-10-02", "2026-10-32", 'years.2026.holidays[1]', '"2026-10-32"',
         "must be a day that exists, such as 2026-10-01", 5),
        ("2026-10-02", "2026-10-03", "years.2026.holidays", '["2026-10-01", "2026-10-03"]',
         "must be Mondays to Fridays; 2026-10-03 is free as it is", 5),
        ('"2026"', '"26"', "years.26", '"26"', 'must be a year in quotes, such as "2026"', 4),
        ('"2026"', "2026", "years", "2026", "must have text as its keys; put other keys in quotes",
         4),
        ("version: 1", "version: one", "version", '"one"', "must be a whole number", 1),
        ("version: 1", "versions: 1", "versions", "1",
         "is not a key here: use one of version, source, years, or take it out", 1),
        ("    workdays: [2026-10-10]\n", "", "years.2026.workdays", "nothing", "must be given", 4),
    ],
)  # fmt: skip
def test_a_calendars_mistakes_are_reported_like_a_networks(
    folder: Path, old: str, new: str, key: str, value: str, rule: str, line: int
) -> None:
    rewrite(folder, "calendar.yaml", replaced(old, new))
    assert Fault("calendar.yaml", key, value, rule, line) in faults(folder)


def test_without_a_calendar_nothing_is_loaded(folder: Path) -> None:
    (folder / "calendar.yaml").unlink()
    (fault,) = faults(folder)
    assert (fault.file, fault.key) == ("calendar.yaml", "")
    assert fault.rule.startswith("must be readable")


def test_the_hash_shows_no_order_of_the_calendar(folder: Path) -> None:
    before = load(folder).hash("pair")
    rewrite(folder, "calendar.yaml", replaced("2026-10-01, 2026-10-02", "2026-10-02, 2026-10-01"))
    assert load(folder).hash("pair") == before


@pytest.mark.parametrize(
    ("old", "new", "key", "value", "rule", "line"),
    [
        ("once: [model.model_id, model.hit_id]", "once: [model.model_id, hit_id]",
         "opens.ClueTransferred.once[1]", '"hit_id"',
         "must lead to a single value of ClueTransferred, such as an identifier",
         "once: [model"),
        ("default: {act: Closed,", "default: {act: Closed, with: {rating: 9},",
         "deadlines.closing.default.with", '{"rating": 9}',
         "must be a whole Closed: must be less than or equal to 5", "with: {rating: 9}"),
        ("  hand_back: Returned\n", "", "main.hand_back", "nothing",
         "must be Returned: acts here bring in an executor", "main:"),
        ("    closed: {zh: 已结束, final: true}",
         "    closed: {zh: 已结束, final: true}\n    lost: {zh: 已失, final: true}",
         "main.states.lost", '{"zh": "已失", "final": true}',
         "must be reached from an opening, or be taken out", "    lost:"),
    ],
)  # fmt: skip
def test_a_lifecycle_that_isnt_sound_is_reported_with_its_place(
    own: Path, old: str, new: str, key: str, value: str, rule: str, line: str
) -> None:
    file = "lifecycles/clue.yaml"
    rewrite(own, file, replaced(old, new))
    rows = (own / file).read_text("utf-8").splitlines()
    at = next(number for number, row in enumerate(rows, 1) if line in row)
    assert faults(own) == (Fault(file, key, value, rule, at),)


LEVEL = (
    "{after: 3 working days, to: waiter, grace: 5 working days, "
    "articles: [001§15 可以建议, engineering]}"
)


def test_a_deadline_that_tells_nobody_is_reported_for_each_network(own: Path) -> None:
    """Rule 7: nobody stands above a provincial office, and two networks have no 联动办公室."""
    file = "lifecycles/recommendation.yaml"
    rewrite(own, file, replaced(f"    otherwise: {LEVEL}\n", ""))
    found = faults(own)
    assert {(fault.file, fault.key) for fault in found} == {(file, "deadlines.prompt.escalate")}
    assert [fault.rule[: fault.rule.index(":")] for fault in found] == [
        f"must reach somebody in network {network} where {offices} more are awaited"
        for network, offices in (
            ("jingjinji", "beijing/congress and 14"),
            ("northwest", "gansu/ganzhou-court and 10"),
        )
    ]
    rows = (own / file).read_text("utf-8").splitlines()
    assert all(rows[(fault.line or 0) - 1].strip() == "escalate:" for fault in found)


def test_a_word_for_an_office_that_nobody_is_reported_too(own: Path) -> None:
    """Where the network has an office that coordinates, its own lateness isn't told to itself."""
    file = "lifecycles/recommendation.yaml"
    other = LEVEL.replace("waiter", "linkage_office")
    rewrite(own, file, replaced(LEVEL, other))
    assert len(faults(own)) == 2
    rewrite(
        own,
        file,
        replaced(
            "{after: 3 working days, to: superior,", "{after: 3 working days, to: linkage_office,"
        ),
    )
    (jiangan, *_) = faults(own)
    assert "in network jiangan where jiangan/linkage-office is awaited" in jiangan.rule


def test_a_familys_file_cant_change_a_remark_that_all_have(own: Path) -> None:
    remark = "    Commented: {zh: 闲话, by: host, articles: [engineering]}\n"
    rewrite(own, "lifecycles/clue.yaml", replaced("  remarks:\n", "  remarks:\n" + remark))
    (fault,) = faults(own)
    assert (fault.key, fault.rule) == (
        "main.remarks.Commented",
        "must not be given: remarks.yaml has it for every family",
    )


def test_every_thread_of_a_family_has_the_remarks_that_all_have() -> None:
    for lifecycle in load(CONTRACTS).lifecycles.values():
        for chain in lifecycle.chains:
            assert {"Commented", "Overdue", "Extended"} <= set(chain.remarks)
        assert "WithdrawalAsked" in lifecycle.main.remarks
        assert lifecycle.track is None or "TrackEnded" in lifecycle.track.remarks


def test_a_family_has_one_lifecycle(folder: Path) -> None:
    (folder / "lifecycles/second.yaml").write_text(LIFECYCLE, "utf-8")
    assert faults(folder) == (
        Fault(
            "lifecycles/second.yaml", "family", '"assistance"',
            "must be unique; lifecycles/assistance.yaml has it already", 1,
        ),
    )  # fmt: skip


def test_a_file_with_another_ending_is_not_passed_over(folder: Path) -> None:
    (folder / "networks/pair.yaml").rename(folder / "networks/pair.yml")
    (fault,) = faults(folder)
    assert (fault.file, fault.rule) == ("networks/pair.yml", "must be a file that ends in .yaml")


def test_a_folder_without_contracts_is_reported(tmp_path: Path) -> None:
    assert [fault.file for fault in faults(tmp_path)] == [
        "networks", "remarks.yaml", "lifecycles", "calendar.yaml",
    ]  # fmt: skip


def test_words_that_yaml_1_1_takes_for_truth_values_stay_words(folder: Path) -> None:
    rewrite(folder, "networks/pair.yaml", replaced("en: East", "en: No"))
    assert load(folder).networks["pair"].regions["east"].en == "No"


def test_the_hash_depends_on_no_comment_format_or_order(folder: Path) -> None:
    before = load(folder).hash("pair")
    assert len(before) == 32
    data = yaml.safe_load(PAIR)
    data["regions"] = dict(reversed(data["regions"].items()))
    data["regions"]["east"]["offices"].reverse()
    data["regions"]["east"]["offices"][0]["specialities"].reverse()
    data["shards"] = 16
    text = yaml.safe_dump(data, allow_unicode=True, default_flow_style=True, sort_keys=True)
    (folder / "networks/pair.yaml").write_text(f"# again\n{text}", "utf-8")
    rewrite(folder, "lifecycles/assistance.yaml", replaced("[host, guest]", '["guest", host]'))
    (folder / "lifecycles/assistance.yaml").rename(folder / "lifecycles/renamed.yaml")
    assert load(folder).hash("pair") == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("networks/pair.yaml", "zh: 山院", "zh: 山区院"),
        ("networks/pair.yaml", "[IP, ENV]", "[IP]"),
        ("networks/pair.yaml", "[IP, ENV]", "[IP, ENV]\n        cross_district: true"),
        ("networks/pair.yaml", 'code: "110101"', 'code: "110102"'),
        ("networks/pair.yaml", "source: none", "source: none\nshards: 4"),
        ("lifecycles/assistance.yaml", "days: 5", "days: 6"),
        ("lifecycles/assistance.yaml", "[host, guest]", "[host]"),
        ("calendar.yaml", ", 2026-10-02", ""),
        ("calendar.yaml", "[2026-10-10]", "[2026-10-11]"),
        ("calendar.yaml", "version: 1", "version: 2"),
    ],
)
def test_a_change_of_meaning_changes_the_hash(folder: Path, file: str, old: str, new: str) -> None:
    before = load(folder).hash("pair")
    rewrite(folder, file, replaced(old, new))
    assert load(folder).hash("pair") != before


def test_another_network_leaves_a_networks_hash_alone(folder: Path) -> None:
    before = load(folder)
    text = PAIR.replace("id: pair", "id: other")
    (folder / "networks/other.yaml").write_text(text, "utf-8")
    after = load(folder)
    assert after.hash("pair") == before.hash("pair")
    assert after.hash("other") != after.hash("pair")


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_no_hash_seed_shows_in_the_hash(folder: Path, seed: str) -> None:
    """Sets iterate in an order that differs between processes."""
    script = (
        "import sys; from pathlib import Path; import test_contracts, collabbus.contracts as c; "
        "c.Lifecycle = test_contracts.Lifecycle; c.flaws = lambda lifecycle: []; "
        "print(c.load(Path(sys.argv[1])).hash('pair').hex())"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    printed = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert printed == load(folder).hash("pair").hex()


def test_a_pinned_contract_is_whole_and_cant_be_changed(folder: Path) -> None:
    contracts = load(folder)
    contract = contracts.pin("pair")
    assert contract.network is contracts.networks["pair"]
    assert contract.hash == contracts.hash("pair")
    assert contract.calendar is contracts.calendar
    assert list(contract.lifecycles) == ["assistance"]
    contracts.lifecycles.clear()
    assert list(contract.lifecycles) == ["assistance"]
    with pytest.raises(TypeError):
        contract.lifecycles["x"] = contract.lifecycles["assistance"]


@pytest.mark.parametrize("ask", [Contracts.hash, Contracts.pin])
def test_an_unknown_network_is_named_with_those_that_exist(
    folder: Path, ask: Callable[[Contracts, str], object]
) -> None:
    with pytest.raises(UnknownNetworkError, match=re.escape("'nw': use one of pair")) as caught:
        ask(load(folder), "nw")
    assert caught.value.code == "NETWORK_UNKNOWN"


def test_the_projects_own_contracts_have_no_fault() -> None:
    contracts = load(CONTRACTS)
    assert set(contracts.networks) >= {"jiangan", "jingjinji", "northwest"}
    assert contracts.lifecycles
    assert contracts.calendar.last_year == 2026
    assert len(contracts.pin("jingjinji").hash) == 32


def test_a_networks_own_deadline_must_be_one_that_a_lifecycle_has(tmp_path: Path) -> None:
    shutil.copytree(CONTRACTS, tmp_path / "contracts")
    folder = tmp_path / "contracts"
    file = folder / "networks" / "jiangan.yaml"
    good = file.read_text("utf-8") + "\ndeadlines: {recommendation.reply: 1 months}\n"
    file.write_text(good, "utf-8")
    assert str(load(folder).networks["jiangan"].deadlines["recommendation.reply"]) == "1 months"
    file.write_text(good.replace("recommendation.reply", "recommendation.rely"), "utf-8")
    with pytest.raises(ContractError) as caught:
        load(folder)
    assert "deadlines.recommendation.rely" in str(caught.value)
