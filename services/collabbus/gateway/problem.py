"""Problems: what is answered to a request that can't be done (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.responses import Response

from collabbus.errors import CollabbusError
from collabbus.gateway.form import Fault
from collabbus.gateway.reasons import REASONS
from collabbus.sdk import Rejected

MEDIA = "application/problem+json"


class Problem(CollabbusError):
    """A request that can't be done; `reason` is one of the codes of `reasons`, and stable."""

    code: ClassVar[str] = "PROBLEM"

    def __init__(
        self,
        reason: str,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        """`members` are told beside the usual ones, such as submissionId."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.members = members

    @property
    def status(self) -> int:
        """Of the HTTP answer."""
        found = REASONS.get(self.reason)
        return found.status if found is not None else 409

    def told(self) -> dict[str, Any]:
        """Give the members of its JSON."""
        known = REASONS.get(self.reason)
        found: dict[str, Any] = {
            "type": f"/v1/reason-codes/{self.reason}",
            "title": f"{known.zh} {known.en}" if known is not None else self.reason,
            "status": self.status,
            "detail": self.detail,
            "code": self.reason,
            **self.members,
        }
        if self.errors:
            found["errors"] = [
                {"pointer": one.pointer, "rule": one.rule, "detail": one.detail}
                for one in self.errors
            ]
        return found


def answer(problem: Problem) -> Response:
    """Give the HTTP answer that tells a problem."""
    text = json.dumps(problem.told(), ensure_ascii=False)
    return Response(text, problem.status, headers=problem.headers, media_type=MEDIA)


def of_rejection(rejected: Rejected, pointer: str, **members: Any) -> Problem:
    """Give the problem that a region's decision is; `pointer` is where its field stands."""
    fault = Fault(pointer, rejected.reason_code, rejected.reason)
    return Problem(
        rejected.reason_code,
        rejected.reason,
        errors=[fault] if rejected.field else (),
        submissionId=rejected.submission_id,
        **members,
    )
