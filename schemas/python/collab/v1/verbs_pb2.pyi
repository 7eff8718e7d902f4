from buf.validate import validate_pb2 as _validate_pb2
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

class ReturnReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETURN_REASON_UNSPECIFIED: _ClassVar[ReturnReason]
    RETURN_REASON_NO_JURISDICTION: _ClassVar[ReturnReason]
    RETURN_REASON_INCOMPLETE: _ClassVar[ReturnReason]
    RETURN_REASON_LEAVING: _ClassVar[ReturnReason]
DECLINE_REASON_UNSPECIFIED: DeclineReason
DECLINE_REASON_NO_COMPETENCE: DeclineReason
DECLINE_REASON_NO_LEGAL_BASIS: DeclineReason
RETURN_REASON_UNSPECIFIED: ReturnReason
RETURN_REASON_NO_JURISDICTION: ReturnReason
RETURN_REASON_INCOMPLETE: ReturnReason
RETURN_REASON_LEAVING: ReturnReason

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
    __slots__ = ("text", "coordinated", "percent")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    COORDINATED_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    text: str
    coordinated: _containers.RepeatedScalarFieldContainer[str]
    percent: int
    def __init__(self, text: _Optional[str] = ..., coordinated: _Optional[_Iterable[str]] = ..., percent: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class Reminded(_message.Message):
    __slots__ = ("step", "due_ms")
    STEP_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    step: int
    due_ms: int
    def __init__(self, step: _Optional[int] = ..., due_ms: _Optional[int] = ...) -> None: ...

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
