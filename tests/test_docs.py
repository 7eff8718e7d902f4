"""What the documents say is so: tests that they name exist, commands that they show parse."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from collabbus.cli import app
from collabbus.contracts import load
from collabbus.model.jurisdiction import Area, Zone
from collabbus.model.network import Network
from collabbus.model.routing import Rule

ROOT = Path(__file__).parent.parent
NETWORKS = "docs/networks.md"
READMES = ("README.md", "README.zh-CN.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def functions(path: Path) -> set[str]:
    """Give the names of the tests in a file, in classes too."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("readme", [*READMES, "docs/ledger.md"])
def test_each_promise_names_a_test_that_exists(readme: str) -> None:
    named = NAMED.findall((ROOT / readme).read_text("utf-8"))
    assert len(named) >= 8
    for file, function in named:
        assert (ROOT / file).exists(), file
        assert not function or function in functions(ROOT / file), f"{file}::{function}"


def test_both_readmes_name_the_same_tests() -> None:
    english, chinese = (set(NAMED.findall((ROOT / r).read_text("utf-8"))) for r in READMES)
    assert english == chinese


RUNBOOKS = sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs/runbooks").glob("*.md"))


@pytest.mark.parametrize(
    "readme",
    [
        *READMES,
        "docs/evidence.md",
        "docs/adding-a-handler.md",
        "docs/gateway.md",
        "docs/ledger.md",
        "docs/deploying.md",
        "docs/operating.md",
        *RUNBOOKS,
    ],
)
def test_each_command_in_the_documents_exists_with_its_options(readme: str) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / readme).read_text("utf-8"), re.DOTALL)
    lines = [
        line for block in blocks for line in block.splitlines() if line.startswith("collabbus")
    ]
    assert len(lines) >= (6 if readme in READMES else 0 if readme in RUNBOOKS else 2)
    groups = {group.name for group in app.registered_groups}
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        names = [w for w in words if not w.startswith("-")]
        depth = 2 if names[0] in groups else 1
        shown = CliRunner().invoke(
            app, [*names[:depth], "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}
        )
        assert shown.exit_code == 0, line
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.output)
        for option in (w for w in words if w.startswith("--")):
            assert option in plain, f"{line}: {option}"


@pytest.mark.parametrize("readme", [*READMES, "docs/ledger.md"])
def test_the_code_in_the_readme_names_only_what_exists(readme: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / readme).read_text("utf-8"), re.DOTALL)
    assert len(blocks) == (2 if readme in READMES else 1)
    for code in blocks:
        tree = ast.parse(code)
        imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        assert imports
        module = ast.Module(imports, [])
        exec(compile(module, readme, "exec"), {})  # noqa: S102 - our own README


def rows(page: str, first: str) -> list[list[str]]:
    """Give the cells of the table whose first heading is `first`, without the headings."""
    text = (ROOT / page).read_text("utf-8")
    table = text[text.index(f"| {first} |") :].split("\n\n")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.split("\n")[2:]]


def test_the_page_on_networks_lists_each_of_them_with_its_regions() -> None:
    networks = load(ROOT / "contracts").networks
    told = {
        row[0].strip("`"): (row[1], set(row[2].split(", "))) for row in rows(NETWORKS, "network")
    }
    assert told == {name: (each.zh, set(each.regions)) for name, each in networks.items()}


def test_the_page_on_networks_tells_every_rule_of_routing_in_its_order() -> None:
    assert [(row[0].strip("`"), row[1]) for row in rows(NETWORKS, "rule")] == [
        (str(rule), rule.zh) for rule in Rule
    ]


def test_the_entries_that_the_page_on_networks_shows_are_good() -> None:
    text = (ROOT / NETWORKS).read_text("utf-8")
    office, convener, places = (
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    )
    folder = ROOT / "contracts" / "networks"
    northwest = yaml.safe_load((folder / "northwest.yaml").read_text("utf-8"))
    assert northwest["convener"] == convener["convener"]
    northwest["regions"]["qinghai"]["offices"] += office
    assert Network.model_validate(northwest).superiors("qinghai/datong") == (
        "qinghai/xining",
        "qinghai/provincial",
    )
    jingjinji = load(ROOT / "contracts").networks["jingjinji"]
    assert Zone.model_validate(places["zones"][0]) in jingjinji.regions["beijing"].zones
    for area in places["areas"]:
        Area.model_validate(area)


def test_the_changelog_knows_the_version() -> None:
    version = re.search(
        r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    assert version
    assert f"## [{version[1]}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_no_lock_file_names_a_server() -> None:
    for lock in ROOT.rglob("*.lock*"):
        if ".venv" not in lock.parts and lock.is_file():
            assert "://" not in lock.read_text("utf-8"), lock
