from __future__ import annotations

from dataclasses import fields

from collabbus.model.effects import Crossed, Effects

NAMES = (
    "events",
    "outcomes",
    "quarantine",
    "leaves",
    "waiting",
    "submissions",
    "crossed",
    "quarantined",
    "rejected",
    "beyond_calendar",
)


def test_cutting_back_forgets_what_came_after_the_mark_in_every_list() -> None:
    effects = Effects()

    def add(word: bytes) -> None:
        effects.events.append((word, word, []))
        effects.outcomes.append((word, word))
        effects.quarantine.append((word, word))
        effects.leaves.append((word, word))
        effects.waiting.append((word, None))
        effects.submissions.append((word, word))
        effects.crossed.append(Crossed("jingjinji", "assistance", "Commented", "own"))
        effects.quarantined.append("INTERNAL")
        effects.rejected.append("EXPIRED")
        effects.beyond_calendar.append(1)

    add(b"kept")
    mark = effects.size()
    assert mark == [1] * 10
    assert {field.name for field in fields(Effects) if field.init} == set(NAMES)
    add(b"forgotten")
    effects.cut_back(mark)
    assert effects.size() == mark
    assert all(len(getattr(effects, name)) == 1 for name in NAMES)
    assert effects.events[0][0] == b"kept"
