from collab.v1 import event_pb2 as _event_pb2
from collab.v1 import link_pb2 as _link_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Matter(_message.Message):
    __slots__ = ("matter_id", "network", "contract", "family", "domain", "function", "classification", "opened_ms", "host", "kinds", "cause_matter", "cause_event", "opening", "seed")
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    CLASSIFICATION_FIELD_NUMBER: _ClassVar[int]
    OPENED_MS_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    CAUSE_MATTER_FIELD_NUMBER: _ClassVar[int]
    CAUSE_EVENT_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    matter_id: str
    network: str
    contract: bytes
    family: _event_pb2.Family
    domain: _event_pb2.Domain
    function: _event_pb2.Function
    classification: _event_pb2.Classification
    opened_ms: int
    host: str
    kinds: _containers.RepeatedScalarFieldContainer[str]
    cause_matter: str
    cause_event: str
    opening: str
    seed: str
    def __init__(self, matter_id: _Optional[str] = ..., network: _Optional[str] = ..., contract: _Optional[bytes] = ..., family: _Optional[_Union[_event_pb2.Family, str]] = ..., domain: _Optional[_Union[_event_pb2.Domain, str]] = ..., function: _Optional[_Union[_event_pb2.Function, str]] = ..., classification: _Optional[_Union[_event_pb2.Classification, str]] = ..., opened_ms: _Optional[int] = ..., host: _Optional[str] = ..., kinds: _Optional[_Iterable[str]] = ..., cause_matter: _Optional[str] = ..., cause_event: _Optional[str] = ..., opening: _Optional[str] = ..., seed: _Optional[str] = ...) -> None: ...

class Threads(_message.Message):
    __slots__ = ("names",)
    NAMES_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, names: _Optional[_Iterable[str]] = ...) -> None: ...

class Stub(_message.Message):
    __slots__ = ("state", "origins", "tracks")
    STATE_FIELD_NUMBER: _ClassVar[int]
    ORIGINS_FIELD_NUMBER: _ClassVar[int]
    TRACKS_FIELD_NUMBER: _ClassVar[int]
    state: str
    origins: _containers.RepeatedCompositeFieldContainer[Origin]
    tracks: _containers.RepeatedCompositeFieldContainer[TrackStub]
    def __init__(self, state: _Optional[str] = ..., origins: _Optional[_Iterable[_Union[Origin, _Mapping]]] = ..., tracks: _Optional[_Iterable[_Union[TrackStub, _Mapping]]] = ...) -> None: ...

class TrackStub(_message.Message):
    __slots__ = ("thread", "last")
    THREAD_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    thread: str
    last: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, thread: _Optional[str] = ..., last: _Optional[_Iterable[int]] = ...) -> None: ...

class Thread(_message.Message):
    __slots__ = ("thread", "origins", "parties", "step", "reminded", "overdue", "bound", "freezes", "held", "stepped_ms", "decided", "deadline", "escalated", "claimed_ms", "proposed", "agreed", "ended", "once", "links", "voided", "before", "deadline_before", "stepped_by", "stepped_number", "archived", "model")
    THREAD_FIELD_NUMBER: _ClassVar[int]
    ORIGINS_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    REMINDED_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    BOUND_FIELD_NUMBER: _ClassVar[int]
    FREEZES_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    STEPPED_MS_FIELD_NUMBER: _ClassVar[int]
    DECIDED_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_FIELD_NUMBER: _ClassVar[int]
    ESCALATED_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_MS_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    AGREED_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    ONCE_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    VOIDED_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    STEPPED_BY_FIELD_NUMBER: _ClassVar[int]
    STEPPED_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    thread: str
    origins: _containers.RepeatedCompositeFieldContainer[Origin]
    parties: _containers.RepeatedCompositeFieldContainer[Party]
    step: _event_pb2.Step
    reminded: bool
    overdue: bool
    bound: _containers.RepeatedCompositeFieldContainer[Bound]
    freezes: _containers.RepeatedCompositeFieldContainer[Freeze]
    held: _containers.RepeatedCompositeFieldContainer[Held]
    stepped_ms: int
    decided: _containers.RepeatedCompositeFieldContainer[Decided]
    deadline: str
    escalated: int
    claimed_ms: int
    proposed: bytes
    agreed: bytes
    ended: int
    once: bytes
    links: _containers.RepeatedCompositeFieldContainer[Linked]
    voided: _containers.RepeatedCompositeFieldContainer[Voided]
    before: _event_pb2.Step
    deadline_before: str
    stepped_by: str
    stepped_number: int
    archived: bool
    model: Model
    def __init__(self, thread: _Optional[str] = ..., origins: _Optional[_Iterable[_Union[Origin, _Mapping]]] = ..., parties: _Optional[_Iterable[_Union[Party, _Mapping]]] = ..., step: _Optional[_Union[_event_pb2.Step, _Mapping]] = ..., reminded: _Optional[bool] = ..., overdue: _Optional[bool] = ..., bound: _Optional[_Iterable[_Union[Bound, _Mapping]]] = ..., freezes: _Optional[_Iterable[_Union[Freeze, _Mapping]]] = ..., held: _Optional[_Iterable[_Union[Held, _Mapping]]] = ..., stepped_ms: _Optional[int] = ..., decided: _Optional[_Iterable[_Union[Decided, _Mapping]]] = ..., deadline: _Optional[str] = ..., escalated: _Optional[int] = ..., claimed_ms: _Optional[int] = ..., proposed: _Optional[bytes] = ..., agreed: _Optional[bytes] = ..., ended: _Optional[int] = ..., once: _Optional[bytes] = ..., links: _Optional[_Iterable[_Union[Linked, _Mapping]]] = ..., voided: _Optional[_Iterable[_Union[Voided, _Mapping]]] = ..., before: _Optional[_Union[_event_pb2.Step, _Mapping]] = ..., deadline_before: _Optional[str] = ..., stepped_by: _Optional[str] = ..., stepped_number: _Optional[int] = ..., archived: _Optional[bool] = ..., model: _Optional[_Union[Model, _Mapping]] = ...) -> None: ...

class Model(_message.Message):
    __slots__ = ("model_id", "version", "owner", "findings")
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    model_id: str
    version: str
    owner: str
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    def __init__(self, model_id: _Optional[str] = ..., version: _Optional[str] = ..., owner: _Optional[str] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("origin", "number", "hit", "confirmed", "clue", "corrects")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    HIT_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_FIELD_NUMBER: _ClassVar[int]
    CLUE_FIELD_NUMBER: _ClassVar[int]
    CORRECTS_FIELD_NUMBER: _ClassVar[int]
    origin: str
    number: int
    hit: bytes
    confirmed: bool
    clue: bool
    corrects: int
    def __init__(self, origin: _Optional[str] = ..., number: _Optional[int] = ..., hit: _Optional[bytes] = ..., confirmed: _Optional[bool] = ..., clue: _Optional[bool] = ..., corrects: _Optional[int] = ...) -> None: ...

class Linked(_message.Message):
    __slots__ = ("matter_id", "family", "state", "step")
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    matter_id: str
    family: _event_pb2.Family
    state: str
    step: int
    def __init__(self, matter_id: _Optional[str] = ..., family: _Optional[_Union[_event_pb2.Family, str]] = ..., state: _Optional[str] = ..., step: _Optional[int] = ...) -> None: ...

class Voided(_message.Message):
    __slots__ = ("origin", "number")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    origin: str
    number: int
    def __init__(self, origin: _Optional[str] = ..., number: _Optional[int] = ...) -> None: ...

class Origin(_message.Message):
    __slots__ = ("region", "last", "digests")
    REGION_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    DIGESTS_FIELD_NUMBER: _ClassVar[int]
    region: str
    last: int
    digests: bytes
    def __init__(self, region: _Optional[str] = ..., last: _Optional[int] = ..., digests: _Optional[bytes] = ...) -> None: ...

class Party(_message.Message):
    __slots__ = ("addition", "office", "role", "leaving", "left", "origin", "number")
    ADDITION_FIELD_NUMBER: _ClassVar[int]
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    LEAVING_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    addition: str
    office: str
    role: _event_pb2.Role
    leaving: bool
    left: bool
    origin: str
    number: int
    def __init__(self, addition: _Optional[str] = ..., office: _Optional[str] = ..., role: _Optional[_Union[_event_pb2.Role, str]] = ..., leaving: _Optional[bool] = ..., left: _Optional[bool] = ..., origin: _Optional[str] = ..., number: _Optional[int] = ...) -> None: ...

class Bound(_message.Message):
    __slots__ = ("type", "origin", "number", "step", "office")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    type: str
    origin: str
    number: int
    step: int
    office: str
    def __init__(self, type: _Optional[str] = ..., origin: _Optional[str] = ..., number: _Optional[int] = ..., step: _Optional[int] = ..., office: _Optional[str] = ...) -> None: ...

class Freeze(_message.Message):
    __slots__ = ("refuser", "origin", "number", "code", "since_ms")
    REFUSER_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    SINCE_MS_FIELD_NUMBER: _ClassVar[int]
    refuser: str
    origin: str
    number: int
    code: str
    since_ms: int
    def __init__(self, refuser: _Optional[str] = ..., origin: _Optional[str] = ..., number: _Optional[int] = ..., code: _Optional[str] = ..., since_ms: _Optional[int] = ...) -> None: ...

class Held(_message.Message):
    __slots__ = ("origin", "number", "needs")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    origin: str
    number: int
    needs: _containers.RepeatedCompositeFieldContainer[_event_pb2.Seen]
    def __init__(self, origin: _Optional[str] = ..., number: _Optional[int] = ..., needs: _Optional[_Iterable[_Union[_event_pb2.Seen, _Mapping]]] = ...) -> None: ...

class HeldEvent(_message.Message):
    __slots__ = ("event", "code", "since_ms", "peer", "conflict")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    SINCE_MS_FIELD_NUMBER: _ClassVar[int]
    PEER_FIELD_NUMBER: _ClassVar[int]
    CONFLICT_FIELD_NUMBER: _ClassVar[int]
    event: _event_pb2.Event
    code: str
    since_ms: int
    peer: str
    conflict: bool
    def __init__(self, event: _Optional[_Union[_event_pb2.Event, _Mapping]] = ..., code: _Optional[str] = ..., since_ms: _Optional[int] = ..., peer: _Optional[str] = ..., conflict: _Optional[bool] = ...) -> None: ...

class Decided(_message.Message):
    __slots__ = ("submission_id", "office", "draft", "event_ids", "code", "field", "reason", "decided_ms")
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    DRAFT_FIELD_NUMBER: _ClassVar[int]
    EVENT_IDS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DECIDED_MS_FIELD_NUMBER: _ClassVar[int]
    submission_id: str
    office: str
    draft: bytes
    event_ids: _containers.RepeatedScalarFieldContainer[str]
    code: str
    field: str
    reason: str
    decided_ms: int
    def __init__(self, submission_id: _Optional[str] = ..., office: _Optional[str] = ..., draft: _Optional[bytes] = ..., event_ids: _Optional[_Iterable[str]] = ..., code: _Optional[str] = ..., field: _Optional[str] = ..., reason: _Optional[str] = ..., decided_ms: _Optional[int] = ...) -> None: ...

class Remembered(_message.Message):
    __slots__ = ("decided", "not_after_ms", "waiting")
    DECIDED_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    decided: Decided
    not_after_ms: int
    waiting: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, decided: _Optional[_Union[Decided, _Mapping]] = ..., not_after_ms: _Optional[int] = ..., waiting: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Position(_message.Message):
    __slots__ = ("next",)
    class NextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    NEXT_FIELD_NUMBER: _ClassVar[int]
    next: _containers.ScalarMap[str, int]
    def __init__(self, next: _Optional[_Mapping[str, int]] = ...) -> None: ...

class LinkIn(_message.Message):
    __slots__ = ("epoch", "size", "root", "frontier", "head", "heard_until_ms", "asks", "held")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    ROOT_FIELD_NUMBER: _ClassVar[int]
    FRONTIER_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    HEARD_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    ASKS_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    size: int
    root: bytes
    frontier: _containers.RepeatedScalarFieldContainer[bytes]
    head: _link_pb2.SignedHeader
    heard_until_ms: int
    asks: int
    held: int
    def __init__(self, epoch: _Optional[int] = ..., size: _Optional[int] = ..., root: _Optional[bytes] = ..., frontier: _Optional[_Iterable[bytes]] = ..., head: _Optional[_Union[_link_pb2.SignedHeader, _Mapping]] = ..., heard_until_ms: _Optional[int] = ..., asks: _Optional[int] = ..., held: _Optional[int] = ...) -> None: ...

class Checkpoint(_message.Message):
    __slots__ = ("epoch", "size", "frontier", "offset")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    FRONTIER_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    size: int
    frontier: _containers.RepeatedScalarFieldContainer[bytes]
    offset: int
    def __init__(self, epoch: _Optional[int] = ..., size: _Optional[int] = ..., frontier: _Optional[_Iterable[bytes]] = ..., offset: _Optional[int] = ...) -> None: ...

class LinkOut(_message.Message):
    __slots__ = ("sent", "receipted")
    SENT_FIELD_NUMBER: _ClassVar[int]
    RECEIPTED_FIELD_NUMBER: _ClassVar[int]
    sent: Checkpoint
    receipted: Checkpoint
    def __init__(self, sent: _Optional[_Union[Checkpoint, _Mapping]] = ..., receipted: _Optional[_Union[Checkpoint, _Mapping]] = ...) -> None: ...
