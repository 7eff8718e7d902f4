from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SubjectKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUBJECT_KIND_UNSPECIFIED: _ClassVar[SubjectKind]
    SUBJECT_KIND_PERSON: _ClassVar[SubjectKind]
    SUBJECT_KIND_ENTERPRISE: _ClassVar[SubjectKind]
    SUBJECT_KIND_ORGAN: _ClassVar[SubjectKind]
    SUBJECT_KIND_SITE: _ClassVar[SubjectKind]

class Counted(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COUNTED_UNSPECIFIED: _ClassVar[Counted]
    COUNTED_CLUES: _ClassVar[Counted]
    COUNTED_CASES_FILED: _ClassVar[Counted]
    COUNTED_CASES_WITHDRAWN: _ClassVar[Counted]
    COUNTED_SUSPECTS_ADDED: _ClassVar[Counted]
    COUNTED_RECOMMENDATIONS: _ClassVar[Counted]
    COUNTED_CORRECTIONS: _ClassVar[Counted]
    COUNTED_OPINIONS: _ClassVar[Counted]
    COUNTED_REPLIES: _ClassVar[Counted]
    COUNTED_RECTIFIED: _ClassVar[Counted]
    COUNTED_HEARINGS: _ClassVar[Counted]
    COUNTED_DISPUTES_SETTLED: _ClassVar[Counted]
    COUNTED_MEDIATIONS: _ClassVar[Counted]
    COUNTED_NEITHER_PUNISHED: _ClassVar[Counted]
    COUNTED_NOT_TRANSFERRED: _ClassVar[Counted]
    COUNTED_NOT_PENALISED: _ClassVar[Counted]
    COUNTED_VISITS: _ClassVar[Counted]
    COUNTED_TESTS: _ClassVar[Counted]
    COUNTED_TREES: _ClassVar[Counted]
    COUNTED_DOCUMENTS_SCREENED: _ClassVar[Counted]
    COUNTED_FAST_TRACK_CASES: _ClassVar[Counted]
    COUNTED_OVERDUE: _ClassVar[Counted]

class SumOf(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUM_OF_UNSPECIFIED: _ClassVar[SumOf]
    SUM_OF_LOSS: _ClassVar[SumOf]
    SUM_OF_COMPENSATION_PAID: _ClassVar[SumOf]
    SUM_OF_RECOVERED: _ClassVar[SumOf]
    SUM_OF_TAX_ADDED: _ClassVar[SumOf]
    SUM_OF_DEPOSITED: _ClassVar[SumOf]
    SUM_OF_PENALTY: _ClassVar[SumOf]
    SUM_OF_WAGES: _ClassVar[SumOf]
    SUM_OF_AID: _ClassVar[SumOf]
    SUM_OF_DAMAGES_FUND: _ClassVar[SumOf]

class GuestKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GUEST_KIND_UNSPECIFIED: _ClassVar[GuestKind]
    GUEST_KIND_APPLICANT: _ClassVar[GuestKind]
    GUEST_KIND_PARTY: _ClassVar[GuestKind]
    GUEST_KIND_ENTERPRISE: _ClassVar[GuestKind]
    GUEST_KIND_BANK: _ClassVar[GuestKind]
    GUEST_KIND_LAWYER: _ClassVar[GuestKind]
    GUEST_KIND_HEARING_OFFICER: _ClassVar[GuestKind]
    GUEST_KIND_PEOPLES_SUPERVISOR: _ClassVar[GuestKind]
    GUEST_KIND_CONGRESS_DEPUTY: _ClassVar[GuestKind]
    GUEST_KIND_CPPCC_MEMBER: _ClassVar[GuestKind]
    GUEST_KIND_MEDIATOR: _ClassVar[GuestKind]
    GUEST_KIND_GRID_WORKER: _ClassVar[GuestKind]
    GUEST_KIND_EXPERT: _ClassVar[GuestKind]
    GUEST_KIND_UNIVERSITY: _ClassVar[GuestKind]
    GUEST_KIND_INDUSTRY_BODY: _ClassVar[GuestKind]
    GUEST_KIND_FOREIGN_ORGAN: _ClassVar[GuestKind]
    GUEST_KIND_PUBLIC: _ClassVar[GuestKind]

class PublicBody(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PUBLIC_BODY_UNSPECIFIED: _ClassVar[PublicBody]
    PUBLIC_BODY_PARTY_COMMITTEE: _ClassVar[PublicBody]
    PUBLIC_BODY_POLITICAL_LEGAL_COMMITTEE: _ClassVar[PublicBody]
    PUBLIC_BODY_CONGRESS: _ClassVar[PublicBody]
    PUBLIC_BODY_CPPCC: _ClassVar[PublicBody]
    PUBLIC_BODY_FEDERATION: _ClassVar[PublicBody]
    PUBLIC_BODY_GOVERNMENT: _ClassVar[PublicBody]
    PUBLIC_BODY_SUPREME_PROCURATORATE: _ClassVar[PublicBody]
    PUBLIC_BODY_HIGHER_PROCURATORATE: _ClassVar[PublicBody]

class SentenceStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SENTENCE_STAGE_UNSPECIFIED: _ClassVar[SentenceStage]
    SENTENCE_STAGE_PROPOSED: _ClassVar[SentenceStage]
    SENTENCE_STAGE_HEARD: _ClassVar[SentenceStage]
    SENTENCE_STAGE_RULED: _ClassVar[SentenceStage]
    SENTENCE_STAGE_DECIDED: _ClassVar[SentenceStage]
    SENTENCE_STAGE_EXECUTED: _ClassVar[SentenceStage]

class HeritageHarm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HERITAGE_HARM_UNSPECIFIED: _ClassVar[HeritageHarm]
    HERITAGE_HARM_THEFT: _ClassVar[HeritageHarm]
    HERITAGE_HARM_EXCAVATION: _ClassVar[HeritageHarm]
    HERITAGE_HARM_TRADE: _ClassVar[HeritageHarm]
    HERITAGE_HARM_SMUGGLING: _ClassVar[HeritageHarm]
    HERITAGE_HARM_DESTRUCTION: _ClassVar[HeritageHarm]
    HERITAGE_HARM_NEGLECT: _ClassVar[HeritageHarm]

class EnforcementFault(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ENFORCEMENT_FAULT_UNSPECIFIED: _ClassVar[EnforcementFault]
    ENFORCEMENT_FAULT_DIFFICULT: _ClassVar[EnforcementFault]
    ENFORCEMENT_FAULT_IDLE: _ClassVar[EnforcementFault]
    ENFORCEMENT_FAULT_UNLAWFUL_AUCTION: _ClassVar[EnforcementFault]
    ENFORCEMENT_FAULT_UNLAWFUL_CREDIT_MEASURE: _ClassVar[EnforcementFault]
    ENFORCEMENT_FAULT_WRONG_TERMINATION: _ClassVar[EnforcementFault]
SUBJECT_KIND_UNSPECIFIED: SubjectKind
SUBJECT_KIND_PERSON: SubjectKind
SUBJECT_KIND_ENTERPRISE: SubjectKind
SUBJECT_KIND_ORGAN: SubjectKind
SUBJECT_KIND_SITE: SubjectKind
COUNTED_UNSPECIFIED: Counted
COUNTED_CLUES: Counted
COUNTED_CASES_FILED: Counted
COUNTED_CASES_WITHDRAWN: Counted
COUNTED_SUSPECTS_ADDED: Counted
COUNTED_RECOMMENDATIONS: Counted
COUNTED_CORRECTIONS: Counted
COUNTED_OPINIONS: Counted
COUNTED_REPLIES: Counted
COUNTED_RECTIFIED: Counted
COUNTED_HEARINGS: Counted
COUNTED_DISPUTES_SETTLED: Counted
COUNTED_MEDIATIONS: Counted
COUNTED_NEITHER_PUNISHED: Counted
COUNTED_NOT_TRANSFERRED: Counted
COUNTED_NOT_PENALISED: Counted
COUNTED_VISITS: Counted
COUNTED_TESTS: Counted
COUNTED_TREES: Counted
COUNTED_DOCUMENTS_SCREENED: Counted
COUNTED_FAST_TRACK_CASES: Counted
COUNTED_OVERDUE: Counted
SUM_OF_UNSPECIFIED: SumOf
SUM_OF_LOSS: SumOf
SUM_OF_COMPENSATION_PAID: SumOf
SUM_OF_RECOVERED: SumOf
SUM_OF_TAX_ADDED: SumOf
SUM_OF_DEPOSITED: SumOf
SUM_OF_PENALTY: SumOf
SUM_OF_WAGES: SumOf
SUM_OF_AID: SumOf
SUM_OF_DAMAGES_FUND: SumOf
GUEST_KIND_UNSPECIFIED: GuestKind
GUEST_KIND_APPLICANT: GuestKind
GUEST_KIND_PARTY: GuestKind
GUEST_KIND_ENTERPRISE: GuestKind
GUEST_KIND_BANK: GuestKind
GUEST_KIND_LAWYER: GuestKind
GUEST_KIND_HEARING_OFFICER: GuestKind
GUEST_KIND_PEOPLES_SUPERVISOR: GuestKind
GUEST_KIND_CONGRESS_DEPUTY: GuestKind
GUEST_KIND_CPPCC_MEMBER: GuestKind
GUEST_KIND_MEDIATOR: GuestKind
GUEST_KIND_GRID_WORKER: GuestKind
GUEST_KIND_EXPERT: GuestKind
GUEST_KIND_UNIVERSITY: GuestKind
GUEST_KIND_INDUSTRY_BODY: GuestKind
GUEST_KIND_FOREIGN_ORGAN: GuestKind
GUEST_KIND_PUBLIC: GuestKind
PUBLIC_BODY_UNSPECIFIED: PublicBody
PUBLIC_BODY_PARTY_COMMITTEE: PublicBody
PUBLIC_BODY_POLITICAL_LEGAL_COMMITTEE: PublicBody
PUBLIC_BODY_CONGRESS: PublicBody
PUBLIC_BODY_CPPCC: PublicBody
PUBLIC_BODY_FEDERATION: PublicBody
PUBLIC_BODY_GOVERNMENT: PublicBody
PUBLIC_BODY_SUPREME_PROCURATORATE: PublicBody
PUBLIC_BODY_HIGHER_PROCURATORATE: PublicBody
SENTENCE_STAGE_UNSPECIFIED: SentenceStage
SENTENCE_STAGE_PROPOSED: SentenceStage
SENTENCE_STAGE_HEARD: SentenceStage
SENTENCE_STAGE_RULED: SentenceStage
SENTENCE_STAGE_DECIDED: SentenceStage
SENTENCE_STAGE_EXECUTED: SentenceStage
HERITAGE_HARM_UNSPECIFIED: HeritageHarm
HERITAGE_HARM_THEFT: HeritageHarm
HERITAGE_HARM_EXCAVATION: HeritageHarm
HERITAGE_HARM_TRADE: HeritageHarm
HERITAGE_HARM_SMUGGLING: HeritageHarm
HERITAGE_HARM_DESTRUCTION: HeritageHarm
HERITAGE_HARM_NEGLECT: HeritageHarm
ENFORCEMENT_FAULT_UNSPECIFIED: EnforcementFault
ENFORCEMENT_FAULT_DIFFICULT: EnforcementFault
ENFORCEMENT_FAULT_IDLE: EnforcementFault
ENFORCEMENT_FAULT_UNLAWFUL_AUCTION: EnforcementFault
ENFORCEMENT_FAULT_UNLAWFUL_CREDIT_MEASURE: EnforcementFault
ENFORCEMENT_FAULT_WRONG_TERMINATION: EnforcementFault

class Subject(_message.Message):
    __slots__ = ("kind", "id")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    kind: SubjectKind
    id: str
    def __init__(self, kind: _Optional[_Union[SubjectKind, str]] = ..., id: _Optional[str] = ...) -> None: ...

class EvidenceRef(_message.Message):
    __slots__ = ("title", "sha256")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    title: str
    sha256: bytes
    def __init__(self, title: _Optional[str] = ..., sha256: _Optional[bytes] = ...) -> None: ...

class ModelRef(_message.Message):
    __slots__ = ("model_id", "version", "hit_id")
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    HIT_ID_FIELD_NUMBER: _ClassVar[int]
    model_id: str
    version: str
    hit_id: str
    def __init__(self, model_id: _Optional[str] = ..., version: _Optional[str] = ..., hit_id: _Optional[str] = ...) -> None: ...

class Reference(_message.Message):
    __slots__ = ("holder", "number", "sha256")
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    holder: str
    number: str
    sha256: bytes
    def __init__(self, holder: _Optional[str] = ..., number: _Optional[str] = ..., sha256: _Optional[bytes] = ...) -> None: ...

class Period(_message.Message):
    __slots__ = ("from_date", "until_date")
    FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DATE_FIELD_NUMBER: _ClassVar[int]
    from_date: str
    until_date: str
    def __init__(self, from_date: _Optional[str] = ..., until_date: _Optional[str] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("unit", "finding", "change", "evidence")
    UNIT_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    unit: str
    finding: str
    change: str
    evidence: _containers.RepeatedCompositeFieldContainer[EvidenceRef]
    def __init__(self, unit: _Optional[str] = ..., finding: _Optional[str] = ..., change: _Optional[str] = ..., evidence: _Optional[_Iterable[_Union[EvidenceRef, _Mapping]]] = ...) -> None: ...

class Count(_message.Message):
    __slots__ = ("counted", "number")
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    counted: Counted
    number: int
    def __init__(self, counted: _Optional[_Union[Counted, str]] = ..., number: _Optional[int] = ...) -> None: ...

class Sum(_message.Message):
    __slots__ = ("of", "fen")
    OF_FIELD_NUMBER: _ClassVar[int]
    FEN_FIELD_NUMBER: _ClassVar[int]
    of: SumOf
    fen: int
    def __init__(self, of: _Optional[_Union[SumOf, str]] = ..., fen: _Optional[int] = ...) -> None: ...

class Guest(_message.Message):
    __slots__ = ("id", "name", "kind")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    kind: GuestKind
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[_Union[GuestKind, str]] = ...) -> None: ...

class Heritage(_message.Message):
    __slots__ = ("site", "harm", "text")
    SITE_FIELD_NUMBER: _ClassVar[int]
    HARM_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    site: str
    harm: HeritageHarm
    text: str
    def __init__(self, site: _Optional[str] = ..., harm: _Optional[_Union[HeritageHarm, str]] = ..., text: _Optional[str] = ...) -> None: ...

class LawyerObstructed(_message.Message):
    __slots__ = ("lawyer", "organ", "act", "case_number")
    LAWYER_FIELD_NUMBER: _ClassVar[int]
    ORGAN_FIELD_NUMBER: _ClassVar[int]
    ACT_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    lawyer: str
    organ: str
    act: str
    case_number: str
    def __init__(self, lawyer: _Optional[str] = ..., organ: _Optional[str] = ..., act: _Optional[str] = ..., case_number: _Optional[str] = ...) -> None: ...

class Enforcement(_message.Message):
    __slots__ = ("enforcement_number", "court", "fault", "obstacle", "open_fen")
    ENFORCEMENT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    COURT_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    OBSTACLE_FIELD_NUMBER: _ClassVar[int]
    OPEN_FEN_FIELD_NUMBER: _ClassVar[int]
    enforcement_number: str
    court: str
    fault: EnforcementFault
    obstacle: str
    open_fen: int
    def __init__(self, enforcement_number: _Optional[str] = ..., court: _Optional[str] = ..., fault: _Optional[_Union[EnforcementFault, str]] = ..., obstacle: _Optional[str] = ..., open_fen: _Optional[int] = ...) -> None: ...
