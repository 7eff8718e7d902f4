"""YAML documents: read strictly, with the line of every key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from collabbus.fault import NOTHING, Fault, Key, dotted, shown

MAX_BYTES = 1 << 20
MAX_DEPTH = 32

_STR, _INT, _FLOAT, _BOOL, _NULL = (
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null")
)


class _Loader(yaml.SafeLoader):
    """A loader of one tree of plain values, by the core schema of YAML 1.2.

    YAML 1.1 would read `on` and `no` as truth values and 2025-09-15 as a date.
    """

    _depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        problem = None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            # A few nested aliases expand into gigabytes, and a copy hides what it copies.
            problem = "must have no anchors (&) and no aliases (*): write the value out"
        elif getattr(event, "tag", None) is not None:
            problem = "must have no tags (!): write the plain value"
        elif any("\ud800" <= each <= "\udfff" for each in getattr(event, "value", "")):
            problem = "must have no half characters (surrogates): write the character itself"
        elif self._depth >= MAX_DEPTH:
            problem = f"must be nested at most {MAX_DEPTH} deep"
        if problem is not None:
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    (_NULL, r"|~|null|Null|NULL", ["", "~", "n", "N"]),
    (_BOOL, r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    (_INT, r"[-+]?(?:0|[1-9][0-9]{0,17})", list("-+0123456789")),
    (_FLOAT, r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})\\Z"), _first)


@dataclass
class Document:
    """A YAML file: its plain values, where each stands, and what is wrong with it as YAML."""

    file: str
    data: Any = None
    is_read: bool = False
    """Whether `data` is what stands in the file; if not, `faults` says why."""
    lines: dict[Key, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, key: Key) -> int | None:
        """Return the line of `key`, or of the nearest value around it that has one."""
        for end in range(len(key), -1, -1):
            if key[:end] in self.lines:
                return self.lines[key[:end]]
        return None

    def fault(self, key: Key, value: str, rule: str) -> Fault:
        """Make a fault at `key` of this file."""
        return Fault(self.file, dotted(key), value, rule, self.line(key))


def read_document(path: Path, file: str) -> Document:
    """Read a YAML file; `file` names it in faults.

    Never raises for what stands in the file: syntax errors, keys given twice, anchors, aliases,
    tags, too deep nesting and files over 1 MiB are faults of the document returned. It may be
    read and have faults, as where a key is given twice: then the first one counts.
    """
    document = Document(file)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        document.faults.append(Fault(file, "", NOTHING, f"must be readable: {error.strerror}"))
        return document
    if len(raw) > MAX_BYTES:
        size = f"over {MAX_BYTES} bytes"
        document.faults.append(Fault(file, "", size, f"must be at most {MAX_BYTES} bytes long"))
        return document
    try:
        node = _compose(raw.decode())
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{raw[error.start]:02x}"
        document.faults.append(Fault(file, "", found, "must be text in UTF-8", line))
    except yaml.reader.ReaderError as error:
        text = raw.decode()
        line = text[: error.position].count("\n") + 1
        found = f"character U+{ord(text[error.position]):04X}"
        document.faults.append(Fault(file, "", found, "must hold printable text only", line))
    except yaml.MarkedYAMLError as error:
        document.faults.append(_syntax(file, raw.decode(), error))
    else:
        if node is None:
            document.faults.append(Fault(file, "", NOTHING, "must not be empty", 1))
        else:
            document.is_read = True
            document.data = _value(document, (), node, node.start_mark.line + 1)
    return document


def _compose(text: str) -> Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    except (ValueError, OverflowError):
        # PyYAML passes an escape such as "\UFFFFFFFF" to chr() unchecked.
        mark = loader.get_mark()
        raise yaml.scanner.ScannerError(None, None, "found no such character", mark) from None
    finally:
        loader.dispose()


def _syntax(file: str, text: str, error: yaml.MarkedYAMLError) -> Fault:
    problem = error.problem or "unreadable"
    rule = problem if problem.startswith("must ") else f"must be one YAML document: {problem}"
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Fault(file, "", NOTHING, rule)
    rows = text.splitlines()
    found = shown(rows[mark.line].strip()) if mark.line < len(rows) else NOTHING
    return Fault(file, "", found, rule, mark.line + 1)


def _value(document: Document, key: Key, node: Node, line: int) -> Any:
    """Make the plain value of a node, noting lines and faults on the way."""
    document.lines[key] = line
    if isinstance(node, MappingNode):
        return dict(_entries(document, key, node))
    if isinstance(node, SequenceNode):
        return [
            _value(document, (*key, index), item, item.start_mark.line + 1)
            for index, item in enumerate(node.value)
        ]
    return _scalar(node)


def _entries(document: Document, key: Key, node: MappingNode) -> Iterator[tuple[str, Any]]:
    for name, item in node.value:
        line = name.start_mark.line + 1
        if not isinstance(name, ScalarNode) or name.tag != _STR:
            found = shown(_scalar(name)) if isinstance(name, ScalarNode) else "a list or mapping"
            rule = "must have text as its keys; put other keys in quotes"
            document.faults.append(Fault(document.file, dotted(key), found, rule, line))
            continue
        path = (*key, name.value)
        first = document.lines.get(path)
        if first is not None:
            found = shown(_scalar(item)) if isinstance(item, ScalarNode) else "a second value"
            rule = f"must be given once; line {first} has it already"
            document.faults.append(Fault(document.file, dotted(path), found, rule, line))
            continue
        yield name.value, _value(document, path, item, line)


def _scalar(node: Node) -> object:
    if node.tag == _INT:
        return int(node.value)
    if node.tag == _FLOAT:
        return float(node.value)
    if node.tag == _BOOL:
        return node.value.lower() == "true"
    return None if node.tag == _NULL else node.value
