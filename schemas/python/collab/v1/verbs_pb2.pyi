from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import common_pb2 as _common_pb2
from collab.v1 import event_pb2 as _event_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DeclineReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DECLINE_REASON_UNSPECIFIED: _ClassVar[DeclineReason]
    DECLINE_REASON_NO_COMPETENCE: _ClassVar[DeclineReason]
    DECLINE_REASON_NO_LEGAL_BASIS: _ClassVar[DeclineReason]
    DECLINE_REASON_NO_NEED: _ClassVar[DeclineReason]
    DECLINE_REASON_PROTECTED: _ClassVar[DeclineReason]

class ReturnReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETURN_REASON_UNSPECIFIED: _ClassVar[ReturnReason]
    RETURN_REASON_NO_JURISDICTION: _ClassVar[ReturnReason]
    RETURN_REASON_INCOMPLETE: _ClassVar[ReturnReason]
    RETURN_REASON_LEAVING: _ClassVar[ReturnReason]
    RETURN_REASON_INSUFFICIENT: _ClassVar[ReturnReason]
    RETURN_REASON_DUPLICATE: _ClassVar[ReturnReason]
    RETURN_REASON_UNFIT_TRACK: _ClassVar[ReturnReason]
    RETURN_REASON_NOT_AS_ASKED: _ClassVar[ReturnReason]
    RETURN_REASON_VERSION_SUPERSEDED: _ClassVar[ReturnReason]

class EscalationReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ESCALATION_REASON_UNSPECIFIED: _ClassVar[EscalationReason]
    ESCALATION_REASON_OVERDUE: _ClassVar[EscalationReason]
    ESCALATION_REASON_REFUSAL: _ClassVar[EscalationReason]
    ESCALATION_REASON_NO_AGREEMENT: _ClassVar[EscalationReason]

class TrackEndReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRACK_END_REASON_UNSPECIFIED: _ClassVar[TrackEndReason]
    TRACK_END_REASON_MATTER_ENDED: _ClassVar[TrackEndReason]
    TRACK_END_REASON_LEFT: _ClassVar[TrackEndReason]
DECLINE_REASON_UNSPECIFIED: DeclineReason
DECLINE_REASON_NO_COMPETENCE: DeclineReason
DECLINE_REASON_NO_LEGAL_BASIS: DeclineReason
DECLINE_REASON_NO_NEED: DeclineReason
DECLINE_REASON_PROTECTED: DeclineReason
RETURN_REASON_UNSPECIFIED: ReturnReason
RETURN_REASON_NO_JURISDICTION: ReturnReason
RETURN_REASON_INCOMPLETE: ReturnReason
RETURN_REASON_LEAVING: ReturnReason
RETURN_REASON_INSUFFICIENT: ReturnReason
RETURN_REASON_DUPLICATE: ReturnReason
RETURN_REASON_UNFIT_TRACK: ReturnReason
RETURN_REASON_NOT_AS_ASKED: ReturnReason
RETURN_REASON_VERSION_SUPERSEDED: ReturnReason
ESCALATION_REASON_UNSPECIFIED: EscalationReason
ESCALATION_REASON_OVERDUE: EscalationReason
ESCALATION_REASON_REFUSAL: EscalationReason
ESCALATION_REASON_NO_AGREEMENT: EscalationReason
TRACK_END_REASON_UNSPECIFIED: TrackEndReason
TRACK_END_REASON_MATTER_ENDED: TrackEndReason
TRACK_END_REASON_LEFT: TrackEndReason

class Received(_message.Message):
    __slots__ = ("register_number",)
    REGISTER_NUMBER_FIELD_NUMBER: _ClassVar[int]
    register_number: str
    def __init__(self, register_number: _Optional[str] = ...) -> None: ...

class Accepted(_message.Message):
    __slots__ = ("officer", "venue", "date", "note")
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    officer: str
    venue: str
    date: str
    note: str
    def __init__(self, officer: _Optional[str] = ..., venue: _Optional[str] = ..., date: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class Declined(_message.Message):
    __slots__ = ("reason", "text")
    REASON_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    reason: DeclineReason
    text: str
    def __init__(self, reason: _Optional[_Union[DeclineReason, str]] = ..., text: _Optional[str] = ...) -> None: ...

class Returned(_message.Message):
    __slots__ = ("reason", "text", "suggested_office")
    REASON_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SUGGESTED_OFFICE_FIELD_NUMBER: _ClassVar[int]
    reason: ReturnReason
    text: str
    suggested_office: str
    def __init__(self, reason: _Optional[_Union[ReturnReason, str]] = ..., text: _Optional[str] = ..., suggested_office: _Optional[str] = ...) -> None: ...

class Forwarded(_message.Message):
    __slots__ = ("office", "text")
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    office: str
    text: str
    def __init__(self, office: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class ClarificationAsked(_message.Message):
    __slots__ = ("questions",)
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    questions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, questions: _Optional[_Iterable[str]] = ...) -> None: ...

class ClarificationAnswered(_message.Message):
    __slots__ = ("answers",)
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, answers: _Optional[_Iterable[str]] = ...) -> None: ...

class Progressed(_message.Message):
    __slots__ = ("text", "coordinated", "percent", "report")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    COORDINATED_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    text: str
    coordinated: _containers.RepeatedScalarFieldContainer[str]
    percent: int
    report: Report
    def __init__(self, text: _Optional[str] = ..., coordinated: _Optional[_Iterable[str]] = ..., percent: _Optional[int] = ..., report: _Optional[_Union[Report, _Mapping]] = ...) -> None: ...

class Report(_message.Message):
    __slots__ = ("key", "sums", "counts", "persons", "enterprises", "area_m2", "milestones")
    KEY_FIELD_NUMBER: _ClassVar[int]
    SUMS_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    ENTERPRISES_FIELD_NUMBER: _ClassVar[int]
    AREA_M2_FIELD_NUMBER: _ClassVar[int]
    MILESTONES_FIELD_NUMBER: _ClassVar[int]
    key: str
    sums: _containers.RepeatedCompositeFieldContainer[_common_pb2.Sum]
    counts: _containers.RepeatedCompositeFieldContainer[_common_pb2.Count]
    persons: _containers.RepeatedScalarFieldContainer[str]
    enterprises: _containers.RepeatedScalarFieldContainer[str]
    area_m2: int
    milestones: _containers.RepeatedCompositeFieldContainer[MilestoneDone]
    def __init__(self, key: _Optional[str] = ..., sums: _Optional[_Iterable[_Union[_common_pb2.Sum, _Mapping]]] = ..., counts: _Optional[_Iterable[_Union[_common_pb2.Count, _Mapping]]] = ..., persons: _Optional[_Iterable[str]] = ..., enterprises: _Optional[_Iterable[str]] = ..., area_m2: _Optional[int] = ..., milestones: _Optional[_Iterable[_Union[MilestoneDone, _Mapping]]] = ...) -> None: ...

class MilestoneDone(_message.Message):
    __slots__ = ("title", "date", "photo_sha256")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PHOTO_SHA256_FIELD_NUMBER: _ClassVar[int]
    title: str
    date: str
    photo_sha256: bytes
    def __init__(self, title: _Optional[str] = ..., date: _Optional[str] = ..., photo_sha256: _Optional[bytes] = ...) -> None: ...

class Completed(_message.Message):
    __slots__ = ("results", "transcript_sha256", "note")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    TRANSCRIPT_SHA256_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[Result]
    transcript_sha256: bytes
    note: str
    def __init__(self, results: _Optional[_Iterable[_Union[Result, _Mapping]]] = ..., transcript_sha256: _Optional[bytes] = ..., note: _Optional[str] = ...) -> None: ...

class Result(_message.Message):
    __slots__ = ("title", "text", "attachments")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    title: str
    text: str
    attachments: _containers.RepeatedCompositeFieldContainer[Attachment]
    def __init__(self, title: _Optional[str] = ..., text: _Optional[str] = ..., attachments: _Optional[_Iterable[_Union[Attachment, _Mapping]]] = ...) -> None: ...

class Attachment(_message.Message):
    __slots__ = ("name", "sha256", "size")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    name: str
    sha256: bytes
    size: int
    def __init__(self, name: _Optional[str] = ..., sha256: _Optional[bytes] = ..., size: _Optional[int] = ...) -> None: ...

class Closed(_message.Message):
    __slots__ = ("rating", "note")
    RATING_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    rating: int
    note: str
    def __init__(self, rating: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class WithdrawalAsked(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class WithdrawalGranted(_message.Message):
    __slots__ = ("note",)
    NOTE_FIELD_NUMBER: _ClassVar[int]
    note: str
    def __init__(self, note: _Optional[str] = ...) -> None: ...

class WithdrawalRefused(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class ExtensionAsked(_message.Message):
    __slots__ = ("due_date", "reason")
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    due_date: str
    reason: str
    def __init__(self, due_date: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Extended(_message.Message):
    __slots__ = ("due_date", "reason")
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    due_date: str
    reason: str
    def __init__(self, due_date: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Commented(_message.Message):
    __slots__ = ("text", "clause")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CLAUSE_FIELD_NUMBER: _ClassVar[int]
    text: str
    clause: str
    def __init__(self, text: _Optional[str] = ..., clause: _Optional[str] = ...) -> None: ...

class Reminded(_message.Message):
    __slots__ = ("step", "due_ms", "thread")
    STEP_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    step: int
    due_ms: int
    thread: str
    def __init__(self, step: _Optional[int] = ..., due_ms: _Optional[int] = ..., thread: _Optional[str] = ...) -> None: ...

class Overdue(_message.Message):
    __slots__ = ("step", "due_ms", "heard_until_ms")
    STEP_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    HEARD_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    step: int
    due_ms: int
    heard_until_ms: int
    def __init__(self, step: _Optional[int] = ..., due_ms: _Optional[int] = ..., heard_until_ms: _Optional[int] = ...) -> None: ...

class ParticipantAdded(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class LeaveAsked(_message.Message):
    __slots__ = ("reason", "additions")
    REASON_FIELD_NUMBER: _ClassVar[int]
    ADDITIONS_FIELD_NUMBER: _ClassVar[int]
    reason: str
    additions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, reason: _Optional[str] = ..., additions: _Optional[_Iterable[str]] = ...) -> None: ...

class ParticipantLeft(_message.Message):
    __slots__ = ("office", "additions")
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    ADDITIONS_FIELD_NUMBER: _ClassVar[int]
    office: str
    additions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, office: _Optional[str] = ..., additions: _Optional[_Iterable[str]] = ...) -> None: ...

class Refused(_message.Message):
    __slots__ = ("origin", "number", "envelope_sha256", "code")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ENVELOPE_SHA256_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    origin: str
    number: int
    envelope_sha256: bytes
    code: str
    def __init__(self, origin: _Optional[str] = ..., number: _Optional[int] = ..., envelope_sha256: _Optional[bytes] = ..., code: _Optional[str] = ...) -> None: ...

class Assigned(_message.Message):
    __slots__ = ("office", "text")
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    office: str
    text: str
    def __init__(self, office: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class Reopened(_message.Message):
    __slots__ = ("matter_id", "reason")
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    matter_id: str
    reason: str
    def __init__(self, matter_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Escalated(_message.Message):
    __slots__ = ("step", "due_ms", "heard_until_ms", "level", "to", "reason")
    STEP_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    HEARD_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    step: int
    due_ms: int
    heard_until_ms: int
    level: int
    to: _containers.RepeatedScalarFieldContainer[str]
    reason: EscalationReason
    def __init__(self, step: _Optional[int] = ..., due_ms: _Optional[int] = ..., heard_until_ms: _Optional[int] = ..., level: _Optional[int] = ..., to: _Optional[_Iterable[str]] = ..., reason: _Optional[_Union[EscalationReason, str]] = ...) -> None: ...

class DefaultClaimed(_message.Message):
    __slots__ = ("step", "due_ms", "act")
    STEP_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    ACT_FIELD_NUMBER: _ClassVar[int]
    step: int
    due_ms: int
    act: str
    def __init__(self, step: _Optional[int] = ..., due_ms: _Optional[int] = ..., act: _Optional[str] = ...) -> None: ...

class Linked(_message.Message):
    __slots__ = ("matter_id", "family", "type", "state", "event_id", "step")
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    matter_id: str
    family: _event_pb2.Family
    type: str
    state: str
    event_id: str
    step: int
    def __init__(self, matter_id: _Optional[str] = ..., family: _Optional[_Union[_event_pb2.Family, str]] = ..., type: _Optional[str] = ..., state: _Optional[str] = ..., event_id: _Optional[str] = ..., step: _Optional[int] = ...) -> None: ...

class TrackOpened(_message.Message):
    __slots__ = ("guest", "text")
    GUEST_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    guest: _common_pb2.Guest
    text: str
    def __init__(self, guest: _Optional[_Union[_common_pb2.Guest, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...

class TrackEnded(_message.Message):
    __slots__ = ("step", "reason")
    STEP_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    step: int
    reason: TrackEndReason
    def __init__(self, step: _Optional[int] = ..., reason: _Optional[_Union[TrackEndReason, str]] = ...) -> None: ...

class Copied(_message.Message):
    __slots__ = ("role", "type", "content", "event_id")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    role: _event_pb2.CopyRole
    type: str
    content: bytes
    event_id: str
    def __init__(self, role: _Optional[_Union[_event_pb2.CopyRole, str]] = ..., type: _Optional[str] = ..., content: _Optional[bytes] = ..., event_id: _Optional[str] = ...) -> None: ...

class Voided(_message.Message):
    __slots__ = ("origin", "number", "operator", "reason", "envelope")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    origin: str
    number: int
    operator: str
    reason: str
    envelope: bytes
    def __init__(self, origin: _Optional[str] = ..., number: _Optional[int] = ..., operator: _Optional[str] = ..., reason: _Optional[str] = ..., envelope: _Optional[bytes] = ...) -> None: ...

class Released(_message.Message):
    __slots__ = ("origin", "number", "operator", "reason")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    origin: str
    number: int
    operator: str
    reason: str
    def __init__(self, origin: _Optional[str] = ..., number: _Optional[int] = ..., operator: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Archived(_message.Message):
    __slots__ = ("final_state",)
    FINAL_STATE_FIELD_NUMBER: _ClassVar[int]
    final_state: str
    def __init__(self, final_state: _Optional[str] = ...) -> None: ...
