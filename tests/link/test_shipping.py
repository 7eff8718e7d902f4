from __future__ import annotations

from dataclasses import replace

import pytest

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.link.evidence import Proof
from collabbus.link.keys import KeyDirectory
from collabbus.link.parcel import countersign, sender_of, tree_head, unseal, verify_receipt
from collabbus.link.shipping import Past, Replayed, Shipping
from tests.link.border import NOW_MS, Border, make_identity

PEERS = ("tianjin", "hebei")


def shipping(border: Border, kept: dict[str, bytes] | None = None) -> Shipping:
    found = Shipping("beijing", 3, PEERS, border.identity(), border.keys)
    found.restore(kept or {})
    return found


class Log:
    """Beijing's log, one record an offset."""

    def __init__(self) -> None:
        self.records: list[Replayed] = []

    def add(
        self,
        number: int,
        to: tuple[str, ...] = PEERS,
        origin: str = "beijing",
        history: tuple[Past, ...] = (),
        **fields: object,
    ) -> Replayed:
        envelope = ev.Envelope(origin=origin, number=number, to=to, **fields)
        event = ev.Event(envelope=envelope.SerializeToString())
        self.records.append(Replayed(len(self.records), event, envelope, history))
        return self.records[-1]


def ship(out: Shipping, log: Log, start: int = 0, now_ms: int = NOW_MS) -> dict[str, list[bytes]]:
    for record in log.records[start:]:
        out.ship(record.offset, record.event, record.envelope, record.history)
    return sent(out.flush(len(log.records), now_ms))


def sent(made: object) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for peer, parcel in made:
        found.setdefault(peer, []).append(parcel)
    return found


def header(parcel: bytes) -> pb.ParcelHeader:
    return pb.ParcelHeader.FromString(pb.Parcel.FromString(parcel).signed.header)


def entries(border: Border, peer: str, parcels: list[bytes]) -> list[pb.Entry]:
    return [
        entry
        for parcel in parcels
        for entry in unseal(pb.Parcel.FromString(parcel), header(parcel), border.identity(peer))
    ]


def numbers(border: Border, peer: str, parcels: list[bytes]) -> list[str]:
    """Give the events in parcels: their origin's first letter, their number, `*` if handed on."""
    found = []
    for entry in entries(border, peer, parcels):
        carried = entry.HasField("item")
        event = entry.item.event if carried else entry.event
        envelope = ev.Envelope.FromString(event.envelope)
        found.append(f"{envelope.origin[0]}{envelope.number}{'*' if carried else ''}")
    return found


def receipt(border: Border, size: int, epoch: int = 0, signer: str = "tianjin") -> bytes:
    head = tree_head("beijing", "tianjin", 3, epoch, size, bytes(32), NOW_MS)
    return countersign(border.identity(signer), head).SerializeToString()


def test_an_event_goes_to_the_regions_that_it_names_and_to_nobody_else(border: Border) -> None:
    log = Log()
    log.add(1, ("tianjin",))
    log.add(2, ())
    log.add(3, PEERS)
    log.add(4, ("hebei", "gansu"))
    made = ship(shipping(border), log)
    assert numbers(border, "tianjin", made["tianjin"]) == ["b1", "b3"]
    assert numbers(border, "hebei", made["hebei"]) == ["b3", "b4"]


def test_what_was_received_is_not_sent_on(border: Border) -> None:
    log = Log()
    log.add(1, origin="tianjin", to=("beijing", "hebei"))
    assert numbers(border, "hebei", ship(shipping(border), log)["hebei"]) == []


def test_a_record_is_sent_once_though_it_is_read_twice(border: Border) -> None:
    log = Log()
    log.add(1)
    out = shipping(border)
    ship(out, log)
    assert numbers(border, "tianjin", ship(out, log).get("tianjin", [])) == []


def test_a_restarted_shipping_goes_on_from_its_checkpoint_in_the_same_tree(border: Border) -> None:
    log = Log()
    for number in range(1, 6):
        log.add(number)
    through = ship(shipping(border), log)
    for place in range(5):
        first = shipping(border)
        early = Log()
        early.records = log.records[:place]
        ship(first, early)
        kept = first.checkpoint()
        again = Shipping("beijing", 3, PEERS, border.identity(), border.keys)
        assert again.restore(kept) == place
        made = ship(again, log)
        assert header(made["tianjin"][-1]).head.root == header(through["tianjin"][-1]).head.root
        assert numbers(border, "tianjin", made["tianjin"]) == [f"b{n + 1}" for n in range(place, 5)]


def link_in(border: Border, size: int, asks: int = 0) -> bytes:
    head = tree_head("tianjin", "beijing", 3, 0, size, bytes(32), NOW_MS)
    signed = pb.SignedHeader(header=pb.ParcelHeader(head=head).SerializeToString())
    return st.LinkIn(size=size, asks=asks, head=signed).SerializeToString()


def receipts_in(border: Border, parcels: list[bytes]) -> list[int]:
    found = []
    for parcel in parcels:
        for one in header(parcel).receipts:
            head = verify_receipt(one, border.keys)
            assert (sender_of(head), head.to) == ("tianjin", "beijing")
            found.append(head.size)
    return found


def quiet(border: Border) -> Shipping:
    """Give a shipping that has just sent its idle heads."""
    out = shipping(border)
    ship(out, Log())
    return out


def test_a_receipt_leaves_after_a_short_wait_and_once(border: Border) -> None:
    out = quiet(border)
    out.hear("in/tianjin", link_in(border, 4), NOW_MS)
    assert sent(out.flush(0, NOW_MS + 19)) == {}
    made = sent(out.flush(0, NOW_MS + 20))
    assert receipts_in(border, made.pop("tianjin")) == [4]
    assert made == {}
    assert sent(out.flush(0, NOW_MS + 40)) == {}


def test_a_receipt_rides_on_a_parcel_without_waiting(border: Border) -> None:
    out = quiet(border)
    out.hear("in/tianjin", link_in(border, 4), NOW_MS)
    log = Log()
    log.add(1, ("tianjin",))
    assert receipts_in(border, ship(out, log)["tianjin"]) == [4]


def test_one_receipt_stands_for_all_before_it(border: Border) -> None:
    out = quiet(border)
    for size in (4, 5, 9):
        out.hear("in/tianjin", link_in(border, size), NOW_MS)
    assert receipts_in(border, sent(out.flush(0, NOW_MS + 20))["tianjin"]) == [9]


def test_who_asks_again_gets_the_same_receipt_again(border: Border) -> None:
    out = quiet(border)
    out.hear("in/tianjin", link_in(border, 4), NOW_MS)
    sent(out.flush(0, NOW_MS + 20))
    out.hear("in/tianjin", link_in(border, 4, asks=1), NOW_MS + 30)
    assert receipts_in(border, sent(out.flush(0, NOW_MS + 50))["tianjin"]) == [4]


def test_what_was_receipted_isnt_receipted_again_because_something_else_was_written(
    border: Border,
) -> None:
    out = quiet(border)
    out.hear("in/tianjin", link_in(border, 4), NOW_MS)
    sent(out.flush(0, NOW_MS + 20))
    out.hear("in/tianjin", link_in(border, 4), NOW_MS + 30)  # one that was held is released, say
    assert sent(out.flush(0, NOW_MS + 60)) == {}


def test_nothing_is_receipted_before_record_has_written_it(border: Border) -> None:
    out = quiet(border)
    unheard = st.LinkIn(size=0, asks=1).SerializeToString()
    out.hear("in/tianjin", unheard, NOW_MS)
    assert receipts_in(border, sent(out.flush(0, NOW_MS + 20)).get("tianjin", [])) == []


def test_an_idle_link_tells_its_head_every_ten_seconds(border: Border) -> None:
    out = quiet(border)
    assert sent(out.flush(0, NOW_MS + 9_999)) == {}
    out.hear("until/beijing", b"%d" % (NOW_MS + 9_000), NOW_MS + 9_999)
    made = sent(out.flush(0, NOW_MS + 10_000))
    assert set(made) == set(PEERS)
    [parcel] = made["tianjin"]
    assert header(parcel).head.recorded_until_ms == NOW_MS + 9_000
    assert header(parcel).head.size == header(parcel).first


def test_until_when_a_region_recorded_never_goes_back(border: Border) -> None:
    out = quiet(border)
    for time in (7, 5):
        out.hear("until/beijing", b"%d" % time, NOW_MS)
    assert out.until_ms == 7


def stalled_at(out: Shipping, since_ms: int, until_ms: int) -> list[int]:
    """Give the seconds after `since_ms` at which a resend to Tianjin is due."""
    return [
        (now - since_ms) // 1000
        for now in range(since_ms, until_ms, 1000)
        if "tianjin" in out.stalled(now)
    ]


def test_a_receipt_that_stands_still_is_the_request_to_send_again_ever_more_seldom(
    border: Border,
) -> None:
    log = Log()
    log.add(1, ("tianjin",))
    out = shipping(border)
    ship(out, log)
    assert stalled_at(out, NOW_MS, NOW_MS + 160_000) == [5, 15, 35, 75, 155]
    assert out.ways["hebei"].backoff == 0


def test_a_receipt_ends_the_resending(border: Border) -> None:
    log = Log()
    log.add(1, ("tianjin",))
    out = shipping(border)
    ship(out, log)
    out.hear("receipt/tianjin", receipt(border, 1), NOW_MS + 10)
    assert stalled_at(out, NOW_MS, NOW_MS + 60_000) == []


def test_the_same_receipt_again_asks_at_once_and_not_in_bursts(border: Border) -> None:
    log = Log()
    log.add(1, ("tianjin",))
    log.add(2, ("tianjin",))
    out = shipping(border)
    ship(out, log)
    out.hear("receipt/tianjin", receipt(border, 1), NOW_MS + 10)
    assert out.stalled(NOW_MS + 20) == []
    out.hear("receipt/tianjin", receipt(border, 1), NOW_MS + 30)
    assert out.stalled(NOW_MS + 30) == ["tianjin"]
    out.hear("receipt/tianjin", receipt(border, 1), NOW_MS + 40)
    assert out.stalled(NOW_MS + 40) == []


@pytest.mark.parametrize("how", ["forged", "foreign", "of another epoch"])
def test_a_receipt_that_isnt_the_peers_word_on_this_tree_moves_nothing(
    border: Border, how: str
) -> None:
    log = Log()
    log.add(1, ("tianjin",))
    out = shipping(border)
    ship(out, log)
    value = {
        "forged": receipt(border, 1)[:-1] + b"\0",
        "foreign": receipt(border, 1, signer="hebei"),
        "of another epoch": receipt(border, 1, epoch=1),
    }[how]
    out.hear("receipt/tianjin", value, NOW_MS + 10)
    assert out.ways["tianjin"].receipt_size == 0
    assert stalled_at(out, NOW_MS, NOW_MS + 6_000) == [5]


def test_what_a_peer_that_isnt_ours_wrote_is_passed_over(border: Border) -> None:
    out = shipping(border)
    out.hear("in/gansu", link_in(border, 4), NOW_MS)
    out.hear("receipt/gansu", receipt(border, 4), NOW_MS)
    assert set(out.ways) == set(PEERS)


def test_a_replay_brings_all_since_the_receipt_and_moves_nothing(border: Border) -> None:
    log = Log()
    for number in range(1, 6):
        log.add(number, ("tianjin",))
    out = shipping(border)
    for place in range(5):
        record = log.records[place]
        out.ship(record.offset, record.event, record.envelope)
        list(out.flush(place + 1, NOW_MS))
    out.hear("receipt/tianjin", receipt(border, 2), NOW_MS)
    assert out.replay_from("tianjin") == 2
    before = out.checkpoint()
    log.add(6, ("tianjin",))  # read later: the link doesn't stand there yet
    parcels = out.replay("tianjin", log.records[2:], NOW_MS)
    assert numbers(border, "tianjin", parcels) == ["b3", "b4", "b5"]
    assert header(parcels[-1]).head.root == out.ways["tianjin"].out._root
    assert out.checkpoint() == before


def test_a_replay_uses_the_keys_of_today(border: Border) -> None:
    log = Log()
    log.add(1, ("tianjin",))
    later, publics = make_identity(border.suite, "tianjin", 2)
    out = shipping(border)
    ship(out, log)
    newest = [replace(key, not_before_ms=NOW_MS + 5) for key in publics]
    out.keys = KeyDirectory([*border.publics, *newest])
    [parcel] = out.replay("tianjin", log.records, NOW_MS + 5)
    assert header(parcel).seal_key_id == "tianjin/seal/2"
    border.identities["tianjin"] = later
    assert numbers(border, "tianjin", [parcel]) == ["b1"]


def test_what_cant_be_sealed_yet_waits_and_is_lost_neither_here_nor_over_a_restart(
    border: Border,
) -> None:
    log = Log()
    log.add(1)
    out = shipping(border)
    out.keys = KeyDirectory(key for key in border.publics if key.id != "tianjin/seal/1")
    assert set(ship(out, log)) == {"hebei"}
    kept = out.checkpoint()
    assert out.stalled(NOW_MS + 60_000) == ["hebei"]
    assert out.replay("tianjin", log.records, NOW_MS) == []
    out.keys = border.keys
    assert numbers(border, "tianjin", sent(out.flush(1, NOW_MS))["tianjin"]) == ["b1"]
    again = shipping(border, kept)
    made = ship(again, log)
    assert numbers(border, "tianjin", made["tianjin"]) == ["b1"]
    assert numbers(border, "hebei", made["hebei"]) == []


# A newcomer (rule 5) ------------------------------------------------------------------------


def past(origin: str, number: int, to: tuple[str, ...] = ("tianjin",), adds: str = "") -> Past:
    envelope = ev.Envelope(origin=origin, number=number, to=to)
    if adds:
        envelope.participants.add(office=adds)
    event = ev.Event(envelope=envelope.SerializeToString())
    proof = None if origin == "beijing" else Proof(pb.SignedHeader(), number, ())
    return Past(event, envelope, proof)


HISTORY = (past("beijing", 1), past("tianjin", 1), past("beijing", 2), past("tianjin", 2))


def added(log: Log, origin: str, history: tuple[Past, ...], seen: int = 1) -> Replayed:
    return log.add(
        3,
        PEERS if origin == "beijing" else ("beijing", "hebei"),
        origin,
        history,
        joining=["hebei"],
        seen=[ev.Seen(origin="beijing", number=seen)],
    )


def test_the_adder_sends_a_newcomer_all_that_it_had_seen_in_its_order(border: Border) -> None:
    log = Log()
    added(log, "beijing", HISTORY)
    out = shipping(border)
    assert out.needs_history(log.records[0].envelope)
    made = ship(out, log)
    assert numbers(border, "hebei", made["hebei"]) == ["b1", "t1*", "b2", "t2*", "b3"]
    assert numbers(border, "tianjin", made["tianjin"]) == ["b3"]


def test_every_other_region_sends_a_newcomer_its_own_events_beyond_what_the_adder_saw(
    border: Border,
) -> None:
    log = Log()
    added(log, "tianjin", HISTORY)
    made = ship(shipping(border), log)
    assert numbers(border, "hebei", made["hebei"]) == ["b2"]


def test_a_newcomer_that_is_nobodys_peer_here_needs_no_history(border: Border) -> None:
    envelope = ev.Envelope(joining=["gansu", "beijing"])
    assert not shipping(border).needs_history(envelope)


def test_what_was_addressed_to_a_region_that_is_added_again_isnt_sent_twice(
    border: Border,
) -> None:
    """Its leaving may have been on its way: only what went past it is owed."""
    before = (
        past("beijing", 1, PEERS, adds="hebei/langfang"),
        past("beijing", 2, PEERS),
        past("tianjin", 1, ("beijing", "hebei")),
        past("beijing", 3),  # Beijing had seen it leave
        past("tianjin", 2, ("beijing",)),  # so had Tianjin
    )
    log = Log()
    log.add(4, history=before, joining=["hebei"])
    made = ship(shipping(border), log)
    assert numbers(border, "hebei", made["hebei"]) == ["b3", "t2*", "b4"]


def test_what_lies_before_the_last_time_that_a_region_was_added_isnt_sent_twice(
    border: Border,
) -> None:
    before = (*HISTORY, past("tianjin", 3, PEERS, adds="hebei/sanhe"), past("beijing", 3))
    log = Log()
    log.add(4, history=before, joining=["hebei"])
    assert numbers(border, "hebei", ship(shipping(border), log)["hebei"]) == ["b3", "b4"]


def test_a_newcomer_isnt_handed_its_own_words(border: Border) -> None:
    log = Log()
    added(log, "beijing", (*HISTORY, past("hebei", 1)))
    made = ship(shipping(border), log)
    assert numbers(border, "hebei", made["hebei"]) == ["b1", "t1*", "b2", "t2*", "b3"]


def test_what_has_no_proof_isnt_handed_on_silently(border: Border) -> None:
    log = Log()
    added(log, "beijing", (replace(past("tianjin", 1), proof=None),))
    with pytest.raises(LookupError, match="can't be handed on as an evidence item"):
        ship(shipping(border), log)


def test_a_replay_brings_a_newcomers_history_again(border: Border) -> None:
    log = Log()
    added(log, "beijing", HISTORY)
    out = shipping(border)
    made = ship(out, log)
    again = out.replay("hebei", log.records, NOW_MS)
    assert numbers(border, "hebei", again) == numbers(border, "hebei", made["hebei"])
    assert header(again[-1]).head.root == header(made["hebei"][-1]).head.root


def test_a_shard_without_peers_ships_nothing(border: Border) -> None:
    alone = Shipping("beijing", 3, (), border.identity(), border.keys)
    assert alone.restore({}) == 0
    assert list(alone.flush(5, NOW_MS)) == []
    assert alone.checkpoint() == {}
