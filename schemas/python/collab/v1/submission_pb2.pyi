from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import body_pb2 as _body_pb2
from collab.v1 import event_pb2 as _event_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Decision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DECISION_UNSPECIFIED: _ClassVar[Decision]
    DECISION_RECORDED: _ClassVar[Decision]
    DECISION_REJECTED: _ClassVar[Decision]
DECISION_UNSPECIFIED: Decision
DECISION_RECORDED: Decision
DECISION_REJECTED: Decision

class Submission(_message.Message):
    __slots__ = ("draft", "signature", "tick")
    DRAFT_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    TICK_FIELD_NUMBER: _ClassVar[int]
    draft: bytes
    signature: BatchSignature
    tick: Tick
    def __init__(self, draft: _Optional[bytes] = ..., signature: _Optional[_Union[BatchSignature, _Mapping]] = ..., tick: _Optional[_Union[Tick, _Mapping]] = ...) -> None: ...

class BatchSignature(_message.Message):
    __slots__ = ("key_id", "size", "index", "path", "signature")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    size: int
    index: int
    path: _containers.RepeatedScalarFieldContainer[bytes]
    signature: bytes
    def __init__(self, key_id: _Optional[str] = ..., size: _Optional[int] = ..., index: _Optional[int] = ..., path: _Optional[_Iterable[bytes]] = ..., signature: _Optional[bytes] = ...) -> None: ...

class Draft(_message.Message):
    __slots__ = ("submission_id", "network", "family", "matter_id", "thread", "office", "officer", "not_after_ms", "participants", "domain", "function", "classification", "legal_basis", "case_number", "copies", "due_date", "expected_step", "body", "trace_parent", "addressees", "place", "once", "guest", "cause")
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANTS_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    CLASSIFICATION_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    COPIES_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_STEP_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    TRACE_PARENT_FIELD_NUMBER: _ClassVar[int]
    ADDRESSEES_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ONCE_FIELD_NUMBER: _ClassVar[int]
    GUEST_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    submission_id: str
    network: str
    family: _event_pb2.Family
    matter_id: str
    thread: str
    office: str
    officer: str
    not_after_ms: int
    participants: _containers.RepeatedCompositeFieldContainer[_event_pb2.Participant]
    domain: _event_pb2.Domain
    function: _event_pb2.Function
    classification: _event_pb2.Classification
    legal_basis: _containers.RepeatedCompositeFieldContainer[_event_pb2.LegalBasis]
    case_number: str
    copies: _containers.RepeatedCompositeFieldContainer[_event_pb2.Copy]
    due_date: str
    expected_step: int
    body: _body_pb2.Body
    trace_parent: str
    addressees: _containers.RepeatedCompositeFieldContainer[Addressee]
    place: str
    once: str
    guest: str
    cause: Cause
    def __init__(self, submission_id: _Optional[str] = ..., network: _Optional[str] = ..., family: _Optional[_Union[_event_pb2.Family, str]] = ..., matter_id: _Optional[str] = ..., thread: _Optional[str] = ..., office: _Optional[str] = ..., officer: _Optional[str] = ..., not_after_ms: _Optional[int] = ..., participants: _Optional[_Iterable[_Union[_event_pb2.Participant, _Mapping]]] = ..., domain: _Optional[_Union[_event_pb2.Domain, str]] = ..., function: _Optional[_Union[_event_pb2.Function, str]] = ..., classification: _Optional[_Union[_event_pb2.Classification, str]] = ..., legal_basis: _Optional[_Iterable[_Union[_event_pb2.LegalBasis, _Mapping]]] = ..., case_number: _Optional[str] = ..., copies: _Optional[_Iterable[_Union[_event_pb2.Copy, _Mapping]]] = ..., due_date: _Optional[str] = ..., expected_step: _Optional[int] = ..., body: _Optional[_Union[_body_pb2.Body, _Mapping]] = ..., trace_parent: _Optional[str] = ..., addressees: _Optional[_Iterable[_Union[Addressee, _Mapping]]] = ..., place: _Optional[str] = ..., once: _Optional[str] = ..., guest: _Optional[str] = ..., cause: _Optional[_Union[Cause, _Mapping]] = ...) -> None: ...

class Addressee(_message.Message):
    __slots__ = ("region", "role")
    REGION_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    region: str
    role: _event_pb2.Role
    def __init__(self, region: _Optional[str] = ..., role: _Optional[_Union[_event_pb2.Role, str]] = ...) -> None: ...

class Cause(_message.Message):
    __slots__ = ("matter_id", "event_id")
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    matter_id: str
    event_id: str
    def __init__(self, matter_id: _Optional[str] = ..., event_id: _Optional[str] = ...) -> None: ...

class Tick(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Outcome(_message.Message):
    __slots__ = ("submission_id", "office", "matter_id", "submission_sha256", "decision", "event_ids", "code", "field", "reason", "decided_ms")
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_SHA256_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    EVENT_IDS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DECIDED_MS_FIELD_NUMBER: _ClassVar[int]
    submission_id: str
    office: str
    matter_id: str
    submission_sha256: bytes
    decision: Decision
    event_ids: _containers.RepeatedScalarFieldContainer[str]
    code: str
    field: str
    reason: str
    decided_ms: int
    def __init__(self, submission_id: _Optional[str] = ..., office: _Optional[str] = ..., matter_id: _Optional[str] = ..., submission_sha256: _Optional[bytes] = ..., decision: _Optional[_Union[Decision, str]] = ..., event_ids: _Optional[_Iterable[str]] = ..., code: _Optional[str] = ..., field: _Optional[str] = ..., reason: _Optional[str] = ..., decided_ms: _Optional[int] = ...) -> None: ...

class Quarantined(_message.Message):
    __slots__ = ("code", "reason", "topic", "shard", "offset", "time_ms", "key", "value")
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    SHARD_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    code: str
    reason: str
    topic: str
    shard: int
    offset: int
    time_ms: int
    key: bytes
    value: bytes
    def __init__(self, code: _Optional[str] = ..., reason: _Optional[str] = ..., topic: _Optional[str] = ..., shard: _Optional[int] = ..., offset: _Optional[int] = ..., time_ms: _Optional[int] = ..., key: _Optional[bytes] = ..., value: _Optional[bytes] = ...) -> None: ...

class Waiting(_message.Message):
    __slots__ = ("matter_id", "thread", "event_id", "origin", "number", "missing", "code", "since_ms")
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    SINCE_MS_FIELD_NUMBER: _ClassVar[int]
    matter_id: str
    thread: str
    event_id: str
    origin: str
    number: int
    missing: _containers.RepeatedCompositeFieldContainer[_event_pb2.Seen]
    code: str
    since_ms: int
    def __init__(self, matter_id: _Optional[str] = ..., thread: _Optional[str] = ..., event_id: _Optional[str] = ..., origin: _Optional[str] = ..., number: _Optional[int] = ..., missing: _Optional[_Iterable[_Union[_event_pb2.Seen, _Mapping]]] = ..., code: _Optional[str] = ..., since_ms: _Optional[int] = ...) -> None: ...
