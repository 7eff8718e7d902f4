"""Scraping: what a process of this machine tells on its port of metrics."""

from __future__ import annotations

import re
from urllib.request import urlopen

from collabbus.operate.process import LOOPBACK

_TIMEOUT_S = 2.0


def total(port: int, name: str) -> float:
    """Give the sum of a metric's samples; 0 if nobody answers, or tells none of this name."""
    try:
        with urlopen(f"http://{LOOPBACK}:{port}/metrics", timeout=_TIMEOUT_S) as answer:
            text = answer.read().decode()
    except OSError:
        return 0.0
    found = re.findall(rf"^{re.escape(name)}(?:\{{.*\}})? (\S+)$", text, re.MULTILINE)
    return sum(map(float, found))
