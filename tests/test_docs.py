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
from tests.support.pages import blocks, pages, spans, split

ROOT = Path(__file__).parent.parent
NETWORKS = "docs/networks.md"
READMES = ("README.md", "README.zh-CN.md")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
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


@pytest.mark.parametrize("page", pages())
def test_each_command_that_a_sentence_names_exists_with_its_options(page: str) -> None:
    """Those of `sh` blocks are run: tests/integration/test_documented.py."""
    groups = {group.name for group in app.registered_groups}
    for span in spans(page):
        words = shlex.split(span, comments=True) if span.startswith(("collabbus ", "make ")) else []
        if words[:1] == ["make"]:
            targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
            assert {word for word in words[1:] if "=" not in word} <= targets, span
        elif words:
            names = [word for word in words[1:] if not word.startswith("-")]
            depth = 2 if names[0] in groups else 1
            shown = CliRunner().invoke(
                app, [*names[:depth], "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}
            )
            assert shown.exit_code == 0, span
            plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.output)
            for option in (word for word in words if word.startswith("--")):
                assert option in plain, f"{span}: {option}"


@pytest.mark.parametrize("page", pages())
def test_no_command_hides_in_a_block_that_isnt_run(page: str) -> None:
    for kind, block in blocks(page):
        assert kind.split(" ")[0] in {"sh", "text", "python", "yaml", "proto", "mermaid"}, kind
        if kind != "sh":
            assert not re.search(r"^(\$ |collabbus |make |docker |curl )", block, re.MULTILINE), (
                block
            )


def test_a_block_is_read_as_a_shell_reads_it() -> None:
    script = """# a remark

one --with two  # three's a crowd
curl "$URL/a?b#c" \\
  -d '{
    "it": "goes # on"
  }'
echo \\"four five#six "\\" # seven"
"""
    assert list(split(script)) == [
        "one --with two",
        """curl "$URL/a?b#c" -d '{\n    "it": "goes # on"\n  }'""",
        """echo \\"four five#six "\\" # seven\"""",
    ]
    with pytest.raises(ValueError, match="isn't closed"):
        list(split("echo 'one\ntwo"))


@pytest.mark.parametrize("page", [*pages(), "CHANGELOG.md"])
def test_each_link_of_a_page_leads_somewhere(page: str) -> None:
    for link in links(page):
        file, _, heading = link.partition("#")
        target = (ROOT / page).parent / file if file else ROOT / page
        assert target.exists(), link
        assert not heading or heading in anchors(target), link


def links(page: str) -> list[str]:
    """Give where a page's links lead, but for the web."""
    found = re.findall(r"\]\(([^)\s]+)\)", (ROOT / page).read_text("utf-8"))
    return [link for link in found if not link.startswith("https://")]


def anchors(page: Path) -> set[str]:
    """Give the names by which a page's headings are linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    kept = ("".join(c for c in one.lower() if c.isalnum() or c in " -_") for one in headings)
    return {one.strip().replace(" ", "-") for one in kept}


def test_both_readmes_lead_to_the_same_pages() -> None:
    english, chinese = (set(links(readme)) - set(READMES) for readme in READMES)
    assert english == chinese


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
