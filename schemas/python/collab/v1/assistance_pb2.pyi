from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AssistanceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSISTANCE_KIND_UNSPECIFIED: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_INTERROGATION: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_WITNESS: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_EVIDENCE: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_RECOMMENDATION: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_JUVENILE_SUPPORT: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_PROBATION: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_OTHER: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_INFORMATION_QUERY: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_RESTORATION: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_GUIDANCE: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_EARLY_INTERVENTION: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_OPINION_HEARING: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_SUPPLEMENTARY_INQUIRY: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_COERCIVE_MEASURE: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_FILE_ACCESS: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_EMPLOYMENT_QUERY: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_PRACTICE_BAN: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_JUDICIAL_AID: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_SUPPORTED_SUIT: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_EXPERT_AID: _ClassVar[AssistanceKind]
    ASSISTANCE_KIND_INTERNATIONAL: _ClassVar[AssistanceKind]

class Need(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NEED_UNSPECIFIED: _ClassVar[Need]
    NEED_VENUE: _ClassVar[Need]
    NEED_EQUIPMENT: _ClassVar[Need]
    NEED_COORDINATION: _ClassVar[Need]

class RestorationMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESTORATION_METHOD_UNSPECIFIED: _ClassVar[RestorationMethod]
    RESTORATION_METHOD_DECONTAMINATION: _ClassVar[RestorationMethod]
    RESTORATION_METHOD_REPLANTING: _ClassVar[RestorationMethod]
    RESTORATION_METHOD_RESTOCKING: _ClassVar[RestorationMethod]
    RESTORATION_METHOD_RECLAMATION: _ClassVar[RestorationMethod]
ASSISTANCE_KIND_UNSPECIFIED: AssistanceKind
ASSISTANCE_KIND_INTERROGATION: AssistanceKind
ASSISTANCE_KIND_WITNESS: AssistanceKind
ASSISTANCE_KIND_EVIDENCE: AssistanceKind
ASSISTANCE_KIND_RECOMMENDATION: AssistanceKind
ASSISTANCE_KIND_JUVENILE_SUPPORT: AssistanceKind
ASSISTANCE_KIND_PROBATION: AssistanceKind
ASSISTANCE_KIND_OTHER: AssistanceKind
ASSISTANCE_KIND_INFORMATION_QUERY: AssistanceKind
ASSISTANCE_KIND_RESTORATION: AssistanceKind
ASSISTANCE_KIND_GUIDANCE: AssistanceKind
ASSISTANCE_KIND_EARLY_INTERVENTION: AssistanceKind
ASSISTANCE_KIND_OPINION_HEARING: AssistanceKind
ASSISTANCE_KIND_SUPPLEMENTARY_INQUIRY: AssistanceKind
ASSISTANCE_KIND_COERCIVE_MEASURE: AssistanceKind
ASSISTANCE_KIND_FILE_ACCESS: AssistanceKind
ASSISTANCE_KIND_EMPLOYMENT_QUERY: AssistanceKind
ASSISTANCE_KIND_PRACTICE_BAN: AssistanceKind
ASSISTANCE_KIND_JUDICIAL_AID: AssistanceKind
ASSISTANCE_KIND_SUPPORTED_SUIT: AssistanceKind
ASSISTANCE_KIND_EXPERT_AID: AssistanceKind
ASSISTANCE_KIND_INTERNATIONAL: AssistanceKind
NEED_UNSPECIFIED: Need
NEED_VENUE: Need
NEED_EQUIPMENT: Need
NEED_COORDINATION: Need
RESTORATION_METHOD_UNSPECIFIED: RestorationMethod
RESTORATION_METHOD_DECONTAMINATION: RestorationMethod
RESTORATION_METHOD_REPLANTING: RestorationMethod
RESTORATION_METHOD_RESTOCKING: RestorationMethod
RESTORATION_METHOD_RECLAMATION: RestorationMethod

class AssistanceRequested(_message.Message):
    __slots__ = ("kinds", "subject", "place", "questions", "needs", "note", "annexes", "query", "restoration", "guidance", "early_intervention", "opinion_hearing", "supplementary_inquiry", "file_access", "employment_query", "aid", "expert_aid", "international", "supervision")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    ANNEXES_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    RESTORATION_FIELD_NUMBER: _ClassVar[int]
    GUIDANCE_FIELD_NUMBER: _ClassVar[int]
    EARLY_INTERVENTION_FIELD_NUMBER: _ClassVar[int]
    OPINION_HEARING_FIELD_NUMBER: _ClassVar[int]
    SUPPLEMENTARY_INQUIRY_FIELD_NUMBER: _ClassVar[int]
    FILE_ACCESS_FIELD_NUMBER: _ClassVar[int]
    EMPLOYMENT_QUERY_FIELD_NUMBER: _ClassVar[int]
    AID_FIELD_NUMBER: _ClassVar[int]
    EXPERT_AID_FIELD_NUMBER: _ClassVar[int]
    INTERNATIONAL_FIELD_NUMBER: _ClassVar[int]
    SUPERVISION_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[AssistanceKind]
    subject: str
    place: str
    questions: _containers.RepeatedScalarFieldContainer[str]
    needs: _containers.RepeatedScalarFieldContainer[Need]
    note: str
    annexes: _containers.RepeatedCompositeFieldContainer[Annex]
    query: InformationQuery
    restoration: Restoration
    guidance: Guidance
    early_intervention: EarlyIntervention
    opinion_hearing: OpinionHearing
    supplementary_inquiry: SupplementaryInquiry
    file_access: FileAccess
    employment_query: EmploymentQuery
    aid: Aid
    expert_aid: ExpertAid
    international: InternationalAssistance
    supervision: Supervision
    def __init__(self, kinds: _Optional[_Iterable[_Union[AssistanceKind, str]]] = ..., subject: _Optional[str] = ..., place: _Optional[str] = ..., questions: _Optional[_Iterable[str]] = ..., needs: _Optional[_Iterable[_Union[Need, str]]] = ..., note: _Optional[str] = ..., annexes: _Optional[_Iterable[_Union[Annex, _Mapping]]] = ..., query: _Optional[_Union[InformationQuery, _Mapping]] = ..., restoration: _Optional[_Union[Restoration, _Mapping]] = ..., guidance: _Optional[_Union[Guidance, _Mapping]] = ..., early_intervention: _Optional[_Union[EarlyIntervention, _Mapping]] = ..., opinion_hearing: _Optional[_Union[OpinionHearing, _Mapping]] = ..., supplementary_inquiry: _Optional[_Union[SupplementaryInquiry, _Mapping]] = ..., file_access: _Optional[_Union[FileAccess, _Mapping]] = ..., employment_query: _Optional[_Union[EmploymentQuery, _Mapping]] = ..., aid: _Optional[_Union[Aid, _Mapping]] = ..., expert_aid: _Optional[_Union[ExpertAid, _Mapping]] = ..., international: _Optional[_Union[InternationalAssistance, _Mapping]] = ..., supervision: _Optional[_Union[Supervision, _Mapping]] = ...) -> None: ...

class Annex(_message.Message):
    __slots__ = ("name", "sha256")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    name: str
    sha256: bytes
    def __init__(self, name: _Optional[str] = ..., sha256: _Optional[bytes] = ...) -> None: ...

class Supervision(_message.Message):
    __slots__ = ("person", "from_date", "until_date")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DATE_FIELD_NUMBER: _ClassVar[int]
    person: str
    from_date: str
    until_date: str
    def __init__(self, person: _Optional[str] = ..., from_date: _Optional[str] = ..., until_date: _Optional[str] = ...) -> None: ...

class InformationQuery(_message.Message):
    __slots__ = ("query", "purpose")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    query: str
    purpose: str
    def __init__(self, query: _Optional[str] = ..., purpose: _Optional[str] = ...) -> None: ...

class Restoration(_message.Message):
    __slots__ = ("methods", "site", "area_m2", "obligor", "compensation_fen", "milestones")
    METHODS_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    AREA_M2_FIELD_NUMBER: _ClassVar[int]
    OBLIGOR_FIELD_NUMBER: _ClassVar[int]
    COMPENSATION_FEN_FIELD_NUMBER: _ClassVar[int]
    MILESTONES_FIELD_NUMBER: _ClassVar[int]
    methods: _containers.RepeatedScalarFieldContainer[RestorationMethod]
    site: str
    area_m2: int
    obligor: str
    compensation_fen: int
    milestones: _containers.RepeatedCompositeFieldContainer[Milestone]
    def __init__(self, methods: _Optional[_Iterable[_Union[RestorationMethod, str]]] = ..., site: _Optional[str] = ..., area_m2: _Optional[int] = ..., obligor: _Optional[str] = ..., compensation_fen: _Optional[int] = ..., milestones: _Optional[_Iterable[_Union[Milestone, _Mapping]]] = ...) -> None: ...

class Milestone(_message.Message):
    __slots__ = ("title", "due_date")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    title: str
    due_date: str
    def __init__(self, title: _Optional[str] = ..., due_date: _Optional[str] = ...) -> None: ...

class Guidance(_message.Message):
    __slots__ = ("issue", "area")
    ISSUE_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    issue: str
    area: str
    def __init__(self, issue: _Optional[str] = ..., area: _Optional[str] = ...) -> None: ...

class EarlyIntervention(_message.Message):
    __slots__ = ("evidence_questions", "attendee")
    EVIDENCE_QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    ATTENDEE_FIELD_NUMBER: _ClassVar[int]
    evidence_questions: _containers.RepeatedScalarFieldContainer[str]
    attendee: str
    def __init__(self, evidence_questions: _Optional[_Iterable[str]] = ..., attendee: _Optional[str] = ...) -> None: ...

class OpinionHearing(_message.Message):
    __slots__ = ("stage",)
    STAGE_FIELD_NUMBER: _ClassVar[int]
    stage: str
    def __init__(self, stage: _Optional[str] = ...) -> None: ...

class SupplementaryInquiry(_message.Message):
    __slots__ = ("gaps", "measure")
    GAPS_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    gaps: _containers.RepeatedScalarFieldContainer[str]
    measure: str
    def __init__(self, gaps: _Optional[_Iterable[str]] = ..., measure: _Optional[str] = ...) -> None: ...

class FileAccess(_message.Message):
    __slots__ = ("file_refs", "persons")
    FILE_REFS_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    file_refs: _containers.RepeatedScalarFieldContainer[str]
    persons: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, file_refs: _Optional[_Iterable[str]] = ..., persons: _Optional[_Iterable[str]] = ...) -> None: ...

class EmploymentQuery(_message.Message):
    __slots__ = ("person", "post")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    POST_FIELD_NUMBER: _ClassVar[int]
    person: str
    post: str
    def __init__(self, person: _Optional[str] = ..., post: _Optional[str] = ...) -> None: ...

class Aid(_message.Message):
    __slots__ = ("applicant", "claim", "amount_fen")
    APPLICANT_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FEN_FIELD_NUMBER: _ClassVar[int]
    applicant: str
    claim: str
    amount_fen: int
    def __init__(self, applicant: _Optional[str] = ..., claim: _Optional[str] = ..., amount_fen: _Optional[int] = ...) -> None: ...

class ExpertAid(_message.Message):
    __slots__ = ("field",)
    FIELD_FIELD_NUMBER: _ClassVar[int]
    field: str
    def __init__(self, field: _Optional[str] = ...) -> None: ...

class InternationalAssistance(_message.Message):
    __slots__ = ("treaty", "state", "reference")
    TREATY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    treaty: str
    state: str
    reference: str
    def __init__(self, treaty: _Optional[str] = ..., state: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...
