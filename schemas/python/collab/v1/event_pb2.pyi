from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RoutingRule(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROUTING_RULE_UNSPECIFIED: _ClassVar[RoutingRule]
    ROUTING_RULE_CROSS_DISTRICT: _ClassVar[RoutingRule]
    ROUTING_RULE_BONDED_ZONE: _ClassVar[RoutingRule]
    ROUTING_RULE_SPECIALITY: _ClassVar[RoutingRule]
    ROUTING_RULE_COMMON_SUPERIOR: _ClassVar[RoutingRule]
    ROUTING_RULE_AREA_CONTACT: _ClassVar[RoutingRule]
    ROUTING_RULE_LOCAL: _ClassVar[RoutingRule]
    ROUTING_RULE_HEAD: _ClassVar[RoutingRule]

class Family(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FAMILY_UNSPECIFIED: _ClassVar[Family]
    FAMILY_ASSISTANCE: _ClassVar[Family]
    FAMILY_CLUE: _ClassVar[Family]
    FAMILY_NOTIFICATION: _ClassVar[Family]
    FAMILY_CONSULTATION: _ClassVar[Family]
    FAMILY_RECOMMENDATION: _ClassVar[Family]
    FAMILY_DATASHARE: _ClassVar[Family]

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_REQUESTER: _ClassVar[Role]
    ROLE_EXECUTOR: _ClassVar[Role]
    ROLE_OBSERVER: _ClassVar[Role]
    ROLE_RECIPIENT: _ClassVar[Role]

class Domain(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOMAIN_UNSPECIFIED: _ClassVar[Domain]
    DOMAIN_SCI_TECH: _ClassVar[Domain]
    DOMAIN_INTL_COMMERCE: _ClassVar[Domain]
    DOMAIN_CULTURE_TOURISM: _ClassVar[Domain]
    DOMAIN_SMART_MFG: _ClassVar[Domain]
    DOMAIN_FINANCE: _ClassVar[Domain]
    DOMAIN_IP: _ClassVar[Domain]
    DOMAIN_NETWORK: _ClassVar[Domain]
    DOMAIN_DATA: _ClassVar[Domain]
    DOMAIN_SMUGGLING_TAX: _ClassVar[Domain]
    DOMAIN_BONDED_ZONE: _ClassVar[Domain]
    DOMAIN_AIRPORT: _ClassVar[Domain]
    DOMAIN_FOREIGN: _ClassVar[Domain]
    DOMAIN_ENV: _ClassVar[Domain]
    DOMAIN_RELICS: _ClassVar[Domain]
    DOMAIN_RED: _ClassVar[Domain]
    DOMAIN_MINOR: _ClassVar[Domain]
    DOMAIN_CORRECTION: _ClassVar[Domain]
    DOMAIN_LINKAGE: _ClassVar[Domain]
    DOMAIN_PUBLIC_INTEREST: _ClassVar[Domain]
    DOMAIN_CIVIL: _ClassVar[Domain]
    DOMAIN_FALSE_LIT: _ClassVar[Domain]
    DOMAIN_ADMIN_DISPUTE: _ClassVar[Domain]
    DOMAIN_BUSINESS: _ClassVar[Domain]
    DOMAIN_DUTY_CRIME: _ClassVar[Domain]
    DOMAIN_LABOUR: _ClassVar[Domain]
    DOMAIN_SECURITY: _ClassVar[Domain]
    DOMAIN_CRIM_SUPERVISION: _ClassVar[Domain]
    DOMAIN_PETITION: _ClassVar[Domain]
    DOMAIN_GRAIN_SEED: _ClassVar[Domain]

class Function(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FUNCTION_UNSPECIFIED: _ClassVar[Function]
    FUNCTION_CRIMINAL: _ClassVar[Function]
    FUNCTION_CIVIL: _ClassVar[Function]
    FUNCTION_ADMINISTRATIVE: _ClassVar[Function]
    FUNCTION_PUBLIC_INTEREST: _ClassVar[Function]
    FUNCTION_JUVENILE: _ClassVar[Function]
    FUNCTION_PETITION: _ClassVar[Function]
    FUNCTION_CORRECTION: _ClassVar[Function]
    FUNCTION_IP: _ClassVar[Function]

class Classification(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLASSIFICATION_UNSPECIFIED: _ClassVar[Classification]
    CLASSIFICATION_INTERNAL: _ClassVar[Classification]
    CLASSIFICATION_SENSITIVE: _ClassVar[Classification]
    CLASSIFICATION_JUVENILE: _ClassVar[Classification]

class CopyRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COPY_ROLE_UNSPECIFIED: _ClassVar[CopyRole]
    COPY_ROLE_REPORT: _ClassVar[CopyRole]
    COPY_ROLE_COPY_UP: _ClassVar[CopyRole]
    COPY_ROLE_COPY_TO: _ClassVar[CopyRole]
    COPY_ROLE_COPY_NOTIFY: _ClassVar[CopyRole]
ROUTING_RULE_UNSPECIFIED: RoutingRule
ROUTING_RULE_CROSS_DISTRICT: RoutingRule
ROUTING_RULE_BONDED_ZONE: RoutingRule
ROUTING_RULE_SPECIALITY: RoutingRule
ROUTING_RULE_COMMON_SUPERIOR: RoutingRule
ROUTING_RULE_AREA_CONTACT: RoutingRule
ROUTING_RULE_LOCAL: RoutingRule
ROUTING_RULE_HEAD: RoutingRule
FAMILY_UNSPECIFIED: Family
FAMILY_ASSISTANCE: Family
FAMILY_CLUE: Family
FAMILY_NOTIFICATION: Family
FAMILY_CONSULTATION: Family
FAMILY_RECOMMENDATION: Family
FAMILY_DATASHARE: Family
ROLE_UNSPECIFIED: Role
ROLE_REQUESTER: Role
ROLE_EXECUTOR: Role
ROLE_OBSERVER: Role
ROLE_RECIPIENT: Role
DOMAIN_UNSPECIFIED: Domain
DOMAIN_SCI_TECH: Domain
DOMAIN_INTL_COMMERCE: Domain
DOMAIN_CULTURE_TOURISM: Domain
DOMAIN_SMART_MFG: Domain
DOMAIN_FINANCE: Domain
DOMAIN_IP: Domain
DOMAIN_NETWORK: Domain
DOMAIN_DATA: Domain
DOMAIN_SMUGGLING_TAX: Domain
DOMAIN_BONDED_ZONE: Domain
DOMAIN_AIRPORT: Domain
DOMAIN_FOREIGN: Domain
DOMAIN_ENV: Domain
DOMAIN_RELICS: Domain
DOMAIN_RED: Domain
DOMAIN_MINOR: Domain
DOMAIN_CORRECTION: Domain
DOMAIN_LINKAGE: Domain
DOMAIN_PUBLIC_INTEREST: Domain
DOMAIN_CIVIL: Domain
DOMAIN_FALSE_LIT: Domain
DOMAIN_ADMIN_DISPUTE: Domain
DOMAIN_BUSINESS: Domain
DOMAIN_DUTY_CRIME: Domain
DOMAIN_LABOUR: Domain
DOMAIN_SECURITY: Domain
DOMAIN_CRIM_SUPERVISION: Domain
DOMAIN_PETITION: Domain
DOMAIN_GRAIN_SEED: Domain
FUNCTION_UNSPECIFIED: Function
FUNCTION_CRIMINAL: Function
FUNCTION_CIVIL: Function
FUNCTION_ADMINISTRATIVE: Function
FUNCTION_PUBLIC_INTEREST: Function
FUNCTION_JUVENILE: Function
FUNCTION_PETITION: Function
FUNCTION_CORRECTION: Function
FUNCTION_IP: Function
CLASSIFICATION_UNSPECIFIED: Classification
CLASSIFICATION_INTERNAL: Classification
CLASSIFICATION_SENSITIVE: Classification
CLASSIFICATION_JUVENILE: Classification
COPY_ROLE_UNSPECIFIED: CopyRole
COPY_ROLE_REPORT: CopyRole
COPY_ROLE_COPY_UP: CopyRole
COPY_ROLE_COPY_TO: CopyRole
COPY_ROLE_COPY_NOTIFY: CopyRole

class Event(_message.Message):
    __slots__ = ("envelope", "body", "salt")
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    SALT_FIELD_NUMBER: _ClassVar[int]
    envelope: bytes
    body: bytes
    salt: bytes
    def __init__(self, envelope: _Optional[bytes] = ..., body: _Optional[bytes] = ..., salt: _Optional[bytes] = ...) -> None: ...

class Envelope(_message.Message):
    __slots__ = ("event_id", "network", "contract", "family", "matter_id", "thread", "origin", "number", "type", "step", "seen_step", "seen", "to", "office", "officer", "clock", "participants", "joining", "domain", "function", "classification", "legal_basis", "case_number", "copies", "recorded_ms", "causation", "body_digest", "trace_parent", "seed", "opened_ms", "guest")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    SEEN_STEP_FIELD_NUMBER: _ClassVar[int]
    SEEN_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANTS_FIELD_NUMBER: _ClassVar[int]
    JOINING_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    CLASSIFICATION_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    COPIES_FIELD_NUMBER: _ClassVar[int]
    RECORDED_MS_FIELD_NUMBER: _ClassVar[int]
    CAUSATION_FIELD_NUMBER: _ClassVar[int]
    BODY_DIGEST_FIELD_NUMBER: _ClassVar[int]
    TRACE_PARENT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    OPENED_MS_FIELD_NUMBER: _ClassVar[int]
    GUEST_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    network: str
    contract: bytes
    family: Family
    matter_id: str
    thread: str
    origin: str
    number: int
    type: str
    step: Step
    seen_step: int
    seen: _containers.RepeatedCompositeFieldContainer[Seen]
    to: _containers.RepeatedScalarFieldContainer[str]
    office: str
    officer: str
    clock: bool
    participants: _containers.RepeatedCompositeFieldContainer[Participant]
    joining: _containers.RepeatedScalarFieldContainer[str]
    domain: Domain
    function: Function
    classification: Classification
    legal_basis: _containers.RepeatedCompositeFieldContainer[LegalBasis]
    case_number: str
    copies: _containers.RepeatedCompositeFieldContainer[Copy]
    recorded_ms: int
    causation: Causation
    body_digest: bytes
    trace_parent: str
    seed: str
    opened_ms: int
    guest: str
    def __init__(self, event_id: _Optional[str] = ..., network: _Optional[str] = ..., contract: _Optional[bytes] = ..., family: _Optional[_Union[Family, str]] = ..., matter_id: _Optional[str] = ..., thread: _Optional[str] = ..., origin: _Optional[str] = ..., number: _Optional[int] = ..., type: _Optional[str] = ..., step: _Optional[_Union[Step, _Mapping]] = ..., seen_step: _Optional[int] = ..., seen: _Optional[_Iterable[_Union[Seen, _Mapping]]] = ..., to: _Optional[_Iterable[str]] = ..., office: _Optional[str] = ..., officer: _Optional[str] = ..., clock: _Optional[bool] = ..., participants: _Optional[_Iterable[_Union[Participant, _Mapping]]] = ..., joining: _Optional[_Iterable[str]] = ..., domain: _Optional[_Union[Domain, str]] = ..., function: _Optional[_Union[Function, str]] = ..., classification: _Optional[_Union[Classification, str]] = ..., legal_basis: _Optional[_Iterable[_Union[LegalBasis, _Mapping]]] = ..., case_number: _Optional[str] = ..., copies: _Optional[_Iterable[_Union[Copy, _Mapping]]] = ..., recorded_ms: _Optional[int] = ..., causation: _Optional[_Union[Causation, _Mapping]] = ..., body_digest: _Optional[bytes] = ..., trace_parent: _Optional[str] = ..., seed: _Optional[str] = ..., opened_ms: _Optional[int] = ..., guest: _Optional[str] = ...) -> None: ...

class Step(_message.Message):
    __slots__ = ("number", "state", "awaits", "waits", "due_ms", "resumes")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AWAITS_FIELD_NUMBER: _ClassVar[int]
    WAITS_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    RESUMES_FIELD_NUMBER: _ClassVar[int]
    number: int
    state: str
    awaits: str
    waits: str
    due_ms: int
    resumes: str
    def __init__(self, number: _Optional[int] = ..., state: _Optional[str] = ..., awaits: _Optional[str] = ..., waits: _Optional[str] = ..., due_ms: _Optional[int] = ..., resumes: _Optional[str] = ...) -> None: ...

class Seen(_message.Message):
    __slots__ = ("origin", "number")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    origin: str
    number: int
    def __init__(self, origin: _Optional[str] = ..., number: _Optional[int] = ...) -> None: ...

class Participant(_message.Message):
    __slots__ = ("office", "role", "route")
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    office: str
    role: Role
    route: Route
    def __init__(self, office: _Optional[str] = ..., role: _Optional[_Union[Role, str]] = ..., route: _Optional[_Union[Route, _Mapping]] = ...) -> None: ...

class Route(_message.Message):
    __slots__ = ("region", "domain", "function", "place", "rule")
    REGION_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    region: str
    domain: Domain
    function: Function
    place: str
    rule: RoutingRule
    def __init__(self, region: _Optional[str] = ..., domain: _Optional[_Union[Domain, str]] = ..., function: _Optional[_Union[Function, str]] = ..., place: _Optional[str] = ..., rule: _Optional[_Union[RoutingRule, str]] = ...) -> None: ...

class LegalBasis(_message.Message):
    __slots__ = ("instrument", "article")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    instrument: str
    article: str
    def __init__(self, instrument: _Optional[str] = ..., article: _Optional[str] = ...) -> None: ...

class Copy(_message.Message):
    __slots__ = ("role", "office")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    role: CopyRole
    office: str
    def __init__(self, role: _Optional[_Union[CopyRole, str]] = ..., office: _Optional[str] = ...) -> None: ...

class Causation(_message.Message):
    __slots__ = ("submission_id", "event_id", "matter_id")
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    submission_id: str
    event_id: str
    matter_id: str
    def __init__(self, submission_id: _Optional[str] = ..., event_id: _Optional[str] = ..., matter_id: _Optional[str] = ...) -> None: ...
