"""Signers: with whose key the gateway signs what it has checked."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from collabbus.gateway.problem import Problem
from collabbus.keyring import KeyFileMissingError, load_office_key
from collabbus.link.keys import PrivateKey
from collabbus.model.network import Network

_FRESH_S = 60.0


class Signers:
    """The keys of the offices for which a gateway speaks, from the keyring's folder.

    Files are read again after a minute, so that a key that was rotated is used soon. A gateway has
    the keys that its operator gave it, and speaks for nobody else.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._found: dict[str, tuple[float, PrivateKey | None]] = {}

    def key(self, network: Network, caller: str, office: str) -> PrivateKey:
        """Give what signs an act of `office` on behalf of `caller`, who may act for it.

        The caller's own key says who acted; where the gateway has none, that of the office, or
        else of one above that may act for it. Raises Problem if it has none of these.
        """
        for holder in dict.fromkeys((caller, office, *network.superiors(office))):
            if network.may_act_for(holder, office) and (key := self._of(holder)) is not None:
                return key
        raise Problem("UNKNOWN_KEY", f"this gateway holds no key that may sign for {office}")

    def _of(self, holder: str) -> PrivateKey | None:
        now = self._clock()
        kept = self._found.get(holder)
        if kept is not None and now - kept[0] < _FRESH_S:
            return kept[1]
        try:
            key = load_office_key(self._folder, holder)
        except KeyFileMissingError:
            key = None
        self._found[holder] = (now, key)
        return key
