"""Bilingual: names that people of the trade read in Chinese."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Bilingual(StrEnum):
    """An enumeration whose members are English text with a Chinese name, `zh`."""

    zh: str

    def __new__(cls, value: str, zh: str = "") -> Self:
        """Give the member its name as text and its Chinese name as `zh`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        return member
