"""The courier: what fails fails at once, says why, and takes nothing else with it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import PrivateKey
from collabbus.sdk import NotAccepted, NotSigned
from collabbus.sdk.courier import Courier
from collabbus.sdk.letter import Letter, Submitted

SUITE = "ed25519+x25519-aes256gcm"
GOOD = PrivateKey("beijing/haidian/submit/1", SUITE, b"\1" * 32)
BROKEN = PrivateKey("beijing/chaoyang/submit/1", SUITE, b"\1")


class Producer:
    """Stands for a connection whose broker acknowledges everything at once."""

    def send(self, topic: str, **_: Any) -> Any:
        def tell(done: Callable[..., None], letter: Letter) -> None:
            done(letter, SimpleNamespace(partition=0, offset=0, timestamp=0))

        return SimpleNamespace(add_callback=tell, add_errback=lambda *_: None)

    def abandon(self) -> None:
        """Nothing is held."""

    def finish(self, timeout: float) -> None:
        """Nothing is held."""


@pytest.fixture
def courier() -> Iterator[Courier]:
    made = Courier(Producer, "t", lambda *_: None)  # type: ignore[arg-type]
    made.start(2.0)
    yield made
    made.close(1.0)


def post(courier: Courier, key: PrivateKey = GOOD) -> Submitted:
    letter = Letter(sub.Draft(submission_id="one"), b"x", 0, 30.0, key, awaited=True)
    courier.post(letter)
    return letter.await_settled("too late")


def test_a_key_that_cannot_sign_fails_its_own_letters_at_once_and_no_others(
    courier: Courier, caplog: pytest.LogCaptureFixture
) -> None:
    begun = time.monotonic()
    with pytest.raises(NotSigned, match="beijing/chaoyang/submit/1") as caught:
        post(courier, BROKEN)
    assert isinstance(caught.value.__cause__, ValueError)
    assert post(courier).submission_id == "one"
    assert time.monotonic() - begun < 5
    assert "nothing can be signed with key beijing/chaoyang" in caplog.text


def test_a_courier_that_ends_tells_all_who_wait_and_who_come_later(
    courier: Courier, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(courier, "_hand", broken)
    begun = time.monotonic()
    for _ in range(2):
        with pytest.raises(NotAccepted, match="a fault of ours"):
            post(courier)
    assert time.monotonic() - begun < 5
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
