"""A meter for cryptography: what signing, sealing and hashing take of a processor's CPU time.

It replaces the functions, wherever the processor's modules hold them, by ones that add up their
time. What the wrapping itself costs is measured at the start, and taken off again.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from collabbus.link import merkle
from collabbus.link.suite import SUITES
from collabbus.model import journal

SNAPSHOT_S = 0.5
_CALIBRATION = 20_000


class Meter:
    """Adds up the time of the functions that it wraps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self._inside = False
        self.inner, self.outer = self._calibrate()
        """Seconds that a call of a wrapped function costs more: within what is added up, in all."""

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function with its time added up under a name; what it calls isn't added again.

        For functions of one thread.
        """
        seconds, calls, clock = self.seconds, self.calls, time.perf_counter
        seconds.setdefault(name, 0.0)
        calls.setdefault(name, 0)

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if self._inside:
                return function(*args, **kwargs)
            self._inside = True
            start = clock()
            try:
                return function(*args, **kwargs)
            finally:
                seconds[name] += clock() - start
                calls[name] += 1
                self._inside = False

        return wrapped

    def _calibrate(self) -> tuple[float, float]:
        def nothing(data: bytes) -> None:
            pass

        wrapped = self.wrap("calibration", nothing)
        best = (1.0, 1.0)
        for _ in range(5):
            self.seconds["calibration"] = 0.0
            times = []
            for function in (nothing, wrapped):
                start = time.perf_counter()
                for _ in range(_CALIBRATION):
                    function(b"")
                times.append((time.perf_counter() - start) / _CALIBRATION)
            bare, metered = times
            best = min(best, (self.seconds["calibration"] / _CALIBRATION, metered - bare))
        del self.seconds["calibration"], self.calls["calibration"]
        return best

    def install(self) -> None:
        """Wrap cryptography wherever the processor's modules, all imported by now, call it."""
        for suite in SUITES.values():
            for name in ("sign", "verify", "seal", "open"):
                setattr(suite, name, self.wrap(name, getattr(suite, name)))
        for name in ("append", "root"):
            setattr(merkle.Frontier, name, self.wrap("hash", getattr(merkle.Frontier, name)))
        functions = (
            merkle.leaf_hash, merkle.node_hash, merkle.root_from_path, merkle.path, merkle.batch,
            journal.body_digest, hashlib.sha256,
        )  # fmt: skip
        for function in functions:
            wrapped = self.wrap("hash", function)
            for module in list(sys.modules.values()):
                if getattr(module, "__name__", "").startswith("collabbus."):
                    for name, value in list(vars(module).items()):
                        if value is function:
                            setattr(module, name, wrapped)
        hmac.digest = self.wrap("hash", hmac.digest)

    def write(self, file: Path) -> None:
        """Append where the sums stand to a file, now and then, for ever."""
        with file.open("a", encoding="utf-8", buffering=1) as out:
            while True:
                sums = {
                    name: max(0.0, total - self.inner * self.calls[name])
                    for name, total in self.seconds.items()
                }
                calls = sum(self.calls.values())
                cpu = time.process_time() - self.outer * calls
                snapshot = {"time": time.time(), "cpu": cpu, "seconds": sums, "calls": self.calls}
                out.write(json.dumps(snapshot) + "\n")
                time.sleep(SNAPSHOT_S)


def start(file: Path) -> None:
    """Meter this process from now on."""
    meter = Meter()
    meter.install()
    threading.Thread(target=meter.write, args=(file,), daemon=True).start()
