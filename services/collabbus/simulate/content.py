"""Content: what an act of a scenario says, with the values in it that only the play knows.

A text that is wholly `<word rest>` stands for such a value: `<day 20>` the day in 20 days (UTC+8),
`<matter clue>` the id of the matter with the label `clue`, `<event clue>` the id of the last event
of it that the actor's region knows, `<sha256 第一稿>` the SHA-256 of the text 第一稿.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from google.protobuf import json_format

from collab.v1 import body_pb2
from collabbus.model.body import FIELD_OF

_PLACE = re.compile(r"<([a-z0-9]+) ([^<>]+)>")


def written(content: Any, value: Callable[[str, str], str]) -> Any:
    """Give content with every `<word rest>` in it replaced by `value(word, rest)`."""
    if isinstance(content, dict):
        return {key: written(one, value) for key, one in content.items()}
    if isinstance(content, list):
        return [written(one, value) for one in content]
    if isinstance(content, str) and (place := _PLACE.fullmatch(content)) is not None:
        return value(place[1], place[2])
    return content


def body_of(type_name: str, content: Any) -> body_pb2.Body:
    """Give the body that a type's content makes; raises json_format.ParseError."""
    return json_format.ParseDict({FIELD_OF[type_name]: content}, body_pb2.Body())
