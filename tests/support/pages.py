"""What the documents print: the commands of their `sh` blocks, as a shell would read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")
_PIECE = re.compile(
    r"""(?P<join>[ \t]*\\\n[ \t]*)   # the line goes on
    |(?P<comment>(?<!\S)\#[^\n]*)
    |(?P<end>\n)
    |'[^']*' | "(?:[^"\\]|\\.)*"     # line ends between quotes belong to the command
    |\\. | [^\n\\'"]
    |(?P<open>['"])""",
    re.DOTALL | re.VERBOSE,
)


def pages() -> tuple[str, ...]:
    """Give the pages that people read, those at the top first."""
    tops = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "contracts/README.md")
    docs = sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md"))
    return (*tops, *docs)


def blocks(page: str) -> list[tuple[str, str]]:
    """Give a page's blocks: the words after the fence, and what stands in it."""
    return _BLOCK.findall((ROOT / page).read_text("utf-8"))


def commands(page: str) -> tuple[str, ...]:
    """Give the commands of a page's `sh` blocks, in order."""
    return tuple(
        command for kind, block in blocks(page) if kind == "sh" for command in split(block)
    )


def spans(page: str) -> list[str]:
    """Give what a page prints as code within its sentences, each on one line."""
    prose = _BLOCK.sub("", (ROOT / page).read_text("utf-8"))
    return [" ".join(span.split()) for span in _SPAN.findall(prose)]


def split(script: str) -> Iterator[str]:
    """Give a script's commands, each in one piece: joined over backslashes, without comments.

    Raises ValueError where a quote isn't closed.
    """
    said = ""
    for piece in _PIECE.finditer(script + "\n"):
        match piece.lastgroup:
            case "open":
                raise ValueError(f"{(said + script[piece.start() :])!r}: a quote isn't closed")
            case "join":
                said += " "
            case "end":
                if said.strip():
                    yield said.strip()
                said = ""
            case None:
                said += piece[0]
            case _:
                pass  # a comment
