"""Names: the enumerations by which a handler says what it wants."""

from __future__ import annotations

from collabbus.model.bilingual import Bilingual
from collabbus.model.domain import Domain
from collabbus.model.function import Function


class Family(Bilingual):
    """The family (类别) of a matter."""

    ASSISTANCE = "assistance", "协助"
    CLUE = "clue", "线索"
    NOTIFICATION = "notification", "通报"
    CONSULTATION = "consultation", "会商"
    RECOMMENDATION = "recommendation", "建议"
    DATASHARE = "datashare", "数据共享"


__all__ = ["Domain", "Family", "Function"]
