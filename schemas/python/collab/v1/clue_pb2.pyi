from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import common_pb2 as _common_pb2
from collab.v1 import verbs_pb2 as _verbs_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MatterType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MATTER_TYPE_UNSPECIFIED: _ClassVar[MatterType]
    MATTER_TYPE_CLUE: _ClassVar[MatterType]
    MATTER_TYPE_CASE: _ClassVar[MatterType]

class ClueKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLUE_KIND_UNSPECIFIED: _ClassVar[ClueKind]
    CLUE_KIND_SUPERVISION: _ClassVar[ClueKind]
    CLUE_KIND_SUSPECTED_CRIME: _ClassVar[ClueKind]
    CLUE_KIND_JUDICIAL_OFFICER: _ClassVar[ClueKind]
    CLUE_KIND_CIVIL_SUPERVISION: _ClassVar[ClueKind]
    CLUE_KIND_SUPERVISEE_VIOLATION: _ClassVar[ClueKind]
    CLUE_KIND_DISCIPLINE: _ClassVar[ClueKind]
    CLUE_KIND_DUTY_VIOLATION: _ClassVar[ClueKind]
    CLUE_KIND_DUTY_CRIME: _ClassVar[ClueKind]
    CLUE_KIND_PUBLIC_INTEREST: _ClassVar[ClueKind]
    CLUE_KIND_FINANCE: _ClassVar[ClueKind]
    CLUE_KIND_MARKET: _ClassVar[ClueKind]
    CLUE_KIND_IRREGULAR_ENFORCEMENT: _ClassVar[ClueKind]
    CLUE_KIND_CROSS_REGION_ENFORCEMENT: _ClassVar[ClueKind]
    CLUE_KIND_PROFIT_DRIVEN_ENFORCEMENT: _ClassVar[ClueKind]
    CLUE_KIND_DATA_COLLISION: _ClassVar[ClueKind]
    CLUE_KIND_FALSE_LITIGATION: _ClassVar[ClueKind]
    CLUE_KIND_FALSE_ARBITRATION: _ClassVar[ClueKind]
    CLUE_KIND_FALSE_NOTARISATION: _ClassVar[ClueKind]
    CLUE_KIND_TAX_ORDER: _ClassVar[ClueKind]
    CLUE_KIND_TAX_SMUGGLING: _ClassVar[ClueKind]
    CLUE_KIND_TAX_STATE_ASSETS: _ClassVar[ClueKind]
    CLUE_KIND_MANDATORY_REPORT: _ClassVar[ClueKind]
    CLUE_KIND_ACCUSATION: _ClassVar[ClueKind]
    CLUE_KIND_PETITION: _ClassVar[ClueKind]
    CLUE_KIND_SUPERVISION_APPLICATION: _ClassVar[ClueKind]
    CLUE_KIND_PUBLIC_TIP: _ClassVar[ClueKind]
    CLUE_KIND_RIVER_CHIEF: _ClassVar[ClueKind]
    CLUE_KIND_FOREST_CHIEF: _ClassVar[ClueKind]
    CLUE_KIND_RELICS: _ClassVar[ClueKind]
    CLUE_KIND_RED_CULTURE: _ClassVar[ClueKind]
    CLUE_KIND_FAST_TRACK: _ClassVar[ClueKind]
    CLUE_KIND_ENTERPRISE_PROBLEM: _ClassVar[ClueKind]
    CLUE_KIND_LAWYER_RIGHTS: _ClassVar[ClueKind]
    CLUE_KIND_PROSECUTOR_DISCIPLINE: _ClassVar[ClueKind]

class Investigator(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVESTIGATOR_UNSPECIFIED: _ClassVar[Investigator]
    INVESTIGATOR_PROCURATORATE: _ClassVar[Investigator]
    INVESTIGATOR_SUPERVISION: _ClassVar[Investigator]
    INVESTIGATOR_UNDECIDED: _ClassVar[Investigator]

class MarketViolationType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MARKET_VIOLATION_TYPE_UNSPECIFIED: _ClassVar[MarketViolationType]
    MARKET_VIOLATION_TYPE_MONEY_LAUNDERING: _ClassVar[MarketViolationType]
    MARKET_VIOLATION_TYPE_ILLEGAL_FUNDRAISING: _ClassVar[MarketViolationType]
    MARKET_VIOLATION_TYPE_OTHER_FINANCE: _ClassVar[MarketViolationType]
    MARKET_VIOLATION_TYPE_MARKET: _ClassVar[MarketViolationType]

class MinorHarm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MINOR_HARM_UNSPECIFIED: _ClassVar[MinorHarm]
    MINOR_HARM_SEXUAL: _ClassVar[MinorHarm]
    MINOR_HARM_VIOLENCE: _ClassVar[MinorHarm]
    MINOR_HARM_NEGLECT: _ClassVar[MinorHarm]
    MINOR_HARM_BULLYING: _ClassVar[MinorHarm]
    MINOR_HARM_OTHER: _ClassVar[MinorHarm]

class ComplaintChannel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMPLAINT_CHANNEL_UNSPECIFIED: _ClassVar[ComplaintChannel]
    COMPLAINT_CHANNEL_VISIT: _ClassVar[ComplaintChannel]
    COMPLAINT_CHANNEL_LETTER: _ClassVar[ComplaintChannel]
    COMPLAINT_CHANNEL_ONLINE: _ClassVar[ComplaintChannel]
    COMPLAINT_CHANNEL_LEADER_RECEPTION: _ClassVar[ComplaintChannel]
    COMPLAINT_CHANNEL_GREEN_CHANNEL: _ClassVar[ComplaintChannel]
    COMPLAINT_CHANNEL_COUNTRY_VISIT: _ClassVar[ComplaintChannel]

class ChiefSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHIEF_SOURCE_UNSPECIFIED: _ClassVar[ChiefSource]
    CHIEF_SOURCE_CHIEF: _ClassVar[ChiefSource]
    CHIEF_SOURCE_ENVIRONMENT_INSPECTION: _ClassVar[ChiefSource]
    CHIEF_SOURCE_SUPERVISION: _ClassVar[ChiefSource]
    CHIEF_SOURCE_AUDIT: _ClassVar[ChiefSource]
    CHIEF_SOURCE_PROCURATORATE: _ClassVar[ChiefSource]

class CaseTrack(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CASE_TRACK_UNSPECIFIED: _ClassVar[CaseTrack]
    CASE_TRACK_FAST: _ClassVar[CaseTrack]
    CASE_TRACK_SIMPLE: _ClassVar[CaseTrack]
    CASE_TRACK_COMPLEX: _ClassVar[CaseTrack]

class ProblemType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROBLEM_TYPE_UNSPECIFIED: _ClassVar[ProblemType]
    PROBLEM_TYPE_PROJECT: _ClassVar[ProblemType]
    PROBLEM_TYPE_FINANCING: _ClassVar[ProblemType]
    PROBLEM_TYPE_OTHER: _ClassVar[ProblemType]

class ReviewDecision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REVIEW_DECISION_UNSPECIFIED: _ClassVar[ReviewDecision]
    REVIEW_DECISION_ACCEPTED: _ClassVar[ReviewDecision]
    REVIEW_DECISION_RETURNED: _ClassVar[ReviewDecision]
    REVIEW_DECISION_REROUTED: _ClassVar[ReviewDecision]

class ClueOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLUE_OUTCOME_UNSPECIFIED: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_CASE_FILED: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_NOT_FILED: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_TRANSFERRED_ON: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_MERGED: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_RECOMMENDATION: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_PENALISED: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_PROSECUTED: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_SOLVED: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_WITHDRAWN_BY_APPLICANT: _ClassVar[ClueOutcome]
    CLUE_OUTCOME_UNFOUNDED: _ClassVar[ClueOutcome]
MATTER_TYPE_UNSPECIFIED: MatterType
MATTER_TYPE_CLUE: MatterType
MATTER_TYPE_CASE: MatterType
CLUE_KIND_UNSPECIFIED: ClueKind
CLUE_KIND_SUPERVISION: ClueKind
CLUE_KIND_SUSPECTED_CRIME: ClueKind
CLUE_KIND_JUDICIAL_OFFICER: ClueKind
CLUE_KIND_CIVIL_SUPERVISION: ClueKind
CLUE_KIND_SUPERVISEE_VIOLATION: ClueKind
CLUE_KIND_DISCIPLINE: ClueKind
CLUE_KIND_DUTY_VIOLATION: ClueKind
CLUE_KIND_DUTY_CRIME: ClueKind
CLUE_KIND_PUBLIC_INTEREST: ClueKind
CLUE_KIND_FINANCE: ClueKind
CLUE_KIND_MARKET: ClueKind
CLUE_KIND_IRREGULAR_ENFORCEMENT: ClueKind
CLUE_KIND_CROSS_REGION_ENFORCEMENT: ClueKind
CLUE_KIND_PROFIT_DRIVEN_ENFORCEMENT: ClueKind
CLUE_KIND_DATA_COLLISION: ClueKind
CLUE_KIND_FALSE_LITIGATION: ClueKind
CLUE_KIND_FALSE_ARBITRATION: ClueKind
CLUE_KIND_FALSE_NOTARISATION: ClueKind
CLUE_KIND_TAX_ORDER: ClueKind
CLUE_KIND_TAX_SMUGGLING: ClueKind
CLUE_KIND_TAX_STATE_ASSETS: ClueKind
CLUE_KIND_MANDATORY_REPORT: ClueKind
CLUE_KIND_ACCUSATION: ClueKind
CLUE_KIND_PETITION: ClueKind
CLUE_KIND_SUPERVISION_APPLICATION: ClueKind
CLUE_KIND_PUBLIC_TIP: ClueKind
CLUE_KIND_RIVER_CHIEF: ClueKind
CLUE_KIND_FOREST_CHIEF: ClueKind
CLUE_KIND_RELICS: ClueKind
CLUE_KIND_RED_CULTURE: ClueKind
CLUE_KIND_FAST_TRACK: ClueKind
CLUE_KIND_ENTERPRISE_PROBLEM: ClueKind
CLUE_KIND_LAWYER_RIGHTS: ClueKind
CLUE_KIND_PROSECUTOR_DISCIPLINE: ClueKind
INVESTIGATOR_UNSPECIFIED: Investigator
INVESTIGATOR_PROCURATORATE: Investigator
INVESTIGATOR_SUPERVISION: Investigator
INVESTIGATOR_UNDECIDED: Investigator
MARKET_VIOLATION_TYPE_UNSPECIFIED: MarketViolationType
MARKET_VIOLATION_TYPE_MONEY_LAUNDERING: MarketViolationType
MARKET_VIOLATION_TYPE_ILLEGAL_FUNDRAISING: MarketViolationType
MARKET_VIOLATION_TYPE_OTHER_FINANCE: MarketViolationType
MARKET_VIOLATION_TYPE_MARKET: MarketViolationType
MINOR_HARM_UNSPECIFIED: MinorHarm
MINOR_HARM_SEXUAL: MinorHarm
MINOR_HARM_VIOLENCE: MinorHarm
MINOR_HARM_NEGLECT: MinorHarm
MINOR_HARM_BULLYING: MinorHarm
MINOR_HARM_OTHER: MinorHarm
COMPLAINT_CHANNEL_UNSPECIFIED: ComplaintChannel
COMPLAINT_CHANNEL_VISIT: ComplaintChannel
COMPLAINT_CHANNEL_LETTER: ComplaintChannel
COMPLAINT_CHANNEL_ONLINE: ComplaintChannel
COMPLAINT_CHANNEL_LEADER_RECEPTION: ComplaintChannel
COMPLAINT_CHANNEL_GREEN_CHANNEL: ComplaintChannel
COMPLAINT_CHANNEL_COUNTRY_VISIT: ComplaintChannel
CHIEF_SOURCE_UNSPECIFIED: ChiefSource
CHIEF_SOURCE_CHIEF: ChiefSource
CHIEF_SOURCE_ENVIRONMENT_INSPECTION: ChiefSource
CHIEF_SOURCE_SUPERVISION: ChiefSource
CHIEF_SOURCE_AUDIT: ChiefSource
CHIEF_SOURCE_PROCURATORATE: ChiefSource
CASE_TRACK_UNSPECIFIED: CaseTrack
CASE_TRACK_FAST: CaseTrack
CASE_TRACK_SIMPLE: CaseTrack
CASE_TRACK_COMPLEX: CaseTrack
PROBLEM_TYPE_UNSPECIFIED: ProblemType
PROBLEM_TYPE_PROJECT: ProblemType
PROBLEM_TYPE_FINANCING: ProblemType
PROBLEM_TYPE_OTHER: ProblemType
REVIEW_DECISION_UNSPECIFIED: ReviewDecision
REVIEW_DECISION_ACCEPTED: ReviewDecision
REVIEW_DECISION_RETURNED: ReviewDecision
REVIEW_DECISION_REROUTED: ReviewDecision
CLUE_OUTCOME_UNSPECIFIED: ClueOutcome
CLUE_OUTCOME_CASE_FILED: ClueOutcome
CLUE_OUTCOME_NOT_FILED: ClueOutcome
CLUE_OUTCOME_TRANSFERRED_ON: ClueOutcome
CLUE_OUTCOME_MERGED: ClueOutcome
CLUE_OUTCOME_RECOMMENDATION: ClueOutcome
CLUE_OUTCOME_PENALISED: ClueOutcome
CLUE_OUTCOME_PROSECUTED: ClueOutcome
CLUE_OUTCOME_SOLVED: ClueOutcome
CLUE_OUTCOME_WITHDRAWN_BY_APPLICANT: ClueOutcome
CLUE_OUTCOME_UNFOUNDED: ClueOutcome

class ClueTransferred(_message.Message):
    __slots__ = ("kind", "matter_type", "summary", "subjects", "evidence", "model", "place", "suspicion", "suspected_crime", "judicial_officer", "civil_supervision", "supervisee_violation", "discipline", "duty_violation", "duty_crime", "public_interest", "finance", "market", "irregular_enforcement", "cross_region_enforcement", "profit_driven_enforcement", "data_collision", "false_litigation", "false_arbitration", "false_notarisation", "tax_order", "tax_smuggling", "tax_state_assets", "mandatory_report", "accusation", "petition", "supervision_application", "public_tip", "river_chief", "forest_chief", "relics", "red_culture", "fast_track", "enterprise_problem", "lawyer_rights", "prosecutor_discipline")
    KIND_FIELD_NUMBER: _ClassVar[int]
    MATTER_TYPE_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    SUBJECTS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    SUSPICION_FIELD_NUMBER: _ClassVar[int]
    SUSPECTED_CRIME_FIELD_NUMBER: _ClassVar[int]
    JUDICIAL_OFFICER_FIELD_NUMBER: _ClassVar[int]
    CIVIL_SUPERVISION_FIELD_NUMBER: _ClassVar[int]
    SUPERVISEE_VIOLATION_FIELD_NUMBER: _ClassVar[int]
    DISCIPLINE_FIELD_NUMBER: _ClassVar[int]
    DUTY_VIOLATION_FIELD_NUMBER: _ClassVar[int]
    DUTY_CRIME_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_INTEREST_FIELD_NUMBER: _ClassVar[int]
    FINANCE_FIELD_NUMBER: _ClassVar[int]
    MARKET_FIELD_NUMBER: _ClassVar[int]
    IRREGULAR_ENFORCEMENT_FIELD_NUMBER: _ClassVar[int]
    CROSS_REGION_ENFORCEMENT_FIELD_NUMBER: _ClassVar[int]
    PROFIT_DRIVEN_ENFORCEMENT_FIELD_NUMBER: _ClassVar[int]
    DATA_COLLISION_FIELD_NUMBER: _ClassVar[int]
    FALSE_LITIGATION_FIELD_NUMBER: _ClassVar[int]
    FALSE_ARBITRATION_FIELD_NUMBER: _ClassVar[int]
    FALSE_NOTARISATION_FIELD_NUMBER: _ClassVar[int]
    TAX_ORDER_FIELD_NUMBER: _ClassVar[int]
    TAX_SMUGGLING_FIELD_NUMBER: _ClassVar[int]
    TAX_STATE_ASSETS_FIELD_NUMBER: _ClassVar[int]
    MANDATORY_REPORT_FIELD_NUMBER: _ClassVar[int]
    ACCUSATION_FIELD_NUMBER: _ClassVar[int]
    PETITION_FIELD_NUMBER: _ClassVar[int]
    SUPERVISION_APPLICATION_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_TIP_FIELD_NUMBER: _ClassVar[int]
    RIVER_CHIEF_FIELD_NUMBER: _ClassVar[int]
    FOREST_CHIEF_FIELD_NUMBER: _ClassVar[int]
    RELICS_FIELD_NUMBER: _ClassVar[int]
    RED_CULTURE_FIELD_NUMBER: _ClassVar[int]
    FAST_TRACK_FIELD_NUMBER: _ClassVar[int]
    ENTERPRISE_PROBLEM_FIELD_NUMBER: _ClassVar[int]
    LAWYER_RIGHTS_FIELD_NUMBER: _ClassVar[int]
    PROSECUTOR_DISCIPLINE_FIELD_NUMBER: _ClassVar[int]
    kind: ClueKind
    matter_type: MatterType
    summary: str
    subjects: _containers.RepeatedCompositeFieldContainer[_common_pb2.Subject]
    evidence: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    model: _common_pb2.ModelRef
    place: str
    suspicion: str
    suspected_crime: SuspectedCrime
    judicial_officer: JudicialOfficer
    civil_supervision: CivilSupervision
    supervisee_violation: PublicOfficer
    discipline: PublicOfficer
    duty_violation: PublicOfficer
    duty_crime: PublicOfficer
    public_interest: PublicInterest
    finance: MarketViolation
    market: MarketViolation
    irregular_enforcement: IrregularEnforcement
    cross_region_enforcement: EnforcementAbuse
    profit_driven_enforcement: EnforcementAbuse
    data_collision: DataCollision
    false_litigation: FalseSuit
    false_arbitration: FalseSuit
    false_notarisation: FalseSuit
    tax_order: TaxViolation
    tax_smuggling: TaxViolation
    tax_state_assets: TaxViolation
    mandatory_report: MandatoryReport
    accusation: Complaint
    petition: Complaint
    supervision_application: Complaint
    public_tip: Complaint
    river_chief: ChiefLinkage
    forest_chief: ChiefLinkage
    relics: _common_pb2.Heritage
    red_culture: _common_pb2.Heritage
    fast_track: FastTrack
    enterprise_problem: EnterpriseProblem
    lawyer_rights: _common_pb2.LawyerObstructed
    prosecutor_discipline: _common_pb2.Reference
    def __init__(self, kind: _Optional[_Union[ClueKind, str]] = ..., matter_type: _Optional[_Union[MatterType, str]] = ..., summary: _Optional[str] = ..., subjects: _Optional[_Iterable[_Union[_common_pb2.Subject, _Mapping]]] = ..., evidence: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ..., model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., place: _Optional[str] = ..., suspicion: _Optional[str] = ..., suspected_crime: _Optional[_Union[SuspectedCrime, _Mapping]] = ..., judicial_officer: _Optional[_Union[JudicialOfficer, _Mapping]] = ..., civil_supervision: _Optional[_Union[CivilSupervision, _Mapping]] = ..., supervisee_violation: _Optional[_Union[PublicOfficer, _Mapping]] = ..., discipline: _Optional[_Union[PublicOfficer, _Mapping]] = ..., duty_violation: _Optional[_Union[PublicOfficer, _Mapping]] = ..., duty_crime: _Optional[_Union[PublicOfficer, _Mapping]] = ..., public_interest: _Optional[_Union[PublicInterest, _Mapping]] = ..., finance: _Optional[_Union[MarketViolation, _Mapping]] = ..., market: _Optional[_Union[MarketViolation, _Mapping]] = ..., irregular_enforcement: _Optional[_Union[IrregularEnforcement, _Mapping]] = ..., cross_region_enforcement: _Optional[_Union[EnforcementAbuse, _Mapping]] = ..., profit_driven_enforcement: _Optional[_Union[EnforcementAbuse, _Mapping]] = ..., data_collision: _Optional[_Union[DataCollision, _Mapping]] = ..., false_litigation: _Optional[_Union[FalseSuit, _Mapping]] = ..., false_arbitration: _Optional[_Union[FalseSuit, _Mapping]] = ..., false_notarisation: _Optional[_Union[FalseSuit, _Mapping]] = ..., tax_order: _Optional[_Union[TaxViolation, _Mapping]] = ..., tax_smuggling: _Optional[_Union[TaxViolation, _Mapping]] = ..., tax_state_assets: _Optional[_Union[TaxViolation, _Mapping]] = ..., mandatory_report: _Optional[_Union[MandatoryReport, _Mapping]] = ..., accusation: _Optional[_Union[Complaint, _Mapping]] = ..., petition: _Optional[_Union[Complaint, _Mapping]] = ..., supervision_application: _Optional[_Union[Complaint, _Mapping]] = ..., public_tip: _Optional[_Union[Complaint, _Mapping]] = ..., river_chief: _Optional[_Union[ChiefLinkage, _Mapping]] = ..., forest_chief: _Optional[_Union[ChiefLinkage, _Mapping]] = ..., relics: _Optional[_Union[_common_pb2.Heritage, _Mapping]] = ..., red_culture: _Optional[_Union[_common_pb2.Heritage, _Mapping]] = ..., fast_track: _Optional[_Union[FastTrack, _Mapping]] = ..., enterprise_problem: _Optional[_Union[EnterpriseProblem, _Mapping]] = ..., lawyer_rights: _Optional[_Union[_common_pb2.LawyerObstructed, _Mapping]] = ..., prosecutor_discipline: _Optional[_Union[_common_pb2.Reference, _Mapping]] = ...) -> None: ...

class SuspectedCrime(_message.Message):
    __slots__ = ("offence", "files", "seized", "administrative_case")
    OFFENCE_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    SEIZED_FIELD_NUMBER: _ClassVar[int]
    ADMINISTRATIVE_CASE_FIELD_NUMBER: _ClassVar[int]
    offence: str
    files: _containers.RepeatedCompositeFieldContainer[_verbs_pb2.Attachment]
    seized: _containers.RepeatedCompositeFieldContainer[SeizedProperty]
    administrative_case: str
    def __init__(self, offence: _Optional[str] = ..., files: _Optional[_Iterable[_Union[_verbs_pb2.Attachment, _Mapping]]] = ..., seized: _Optional[_Iterable[_Union[SeizedProperty, _Mapping]]] = ..., administrative_case: _Optional[str] = ...) -> None: ...

class SeizedProperty(_message.Message):
    __slots__ = ("title", "value_fen", "kept_at")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FEN_FIELD_NUMBER: _ClassVar[int]
    KEPT_AT_FIELD_NUMBER: _ClassVar[int]
    title: str
    value_fen: int
    kept_at: str
    def __init__(self, title: _Optional[str] = ..., value_fen: _Optional[int] = ..., kept_at: _Optional[str] = ...) -> None: ...

class JudicialOfficer(_message.Message):
    __slots__ = ("suspect", "offence", "investigator", "grounds")
    SUSPECT_FIELD_NUMBER: _ClassVar[int]
    OFFENCE_FIELD_NUMBER: _ClassVar[int]
    INVESTIGATOR_FIELD_NUMBER: _ClassVar[int]
    GROUNDS_FIELD_NUMBER: _ClassVar[int]
    suspect: str
    offence: str
    investigator: Investigator
    grounds: str
    def __init__(self, suspect: _Optional[str] = ..., offence: _Optional[str] = ..., investigator: _Optional[_Union[Investigator, str]] = ..., grounds: _Optional[str] = ...) -> None: ...

class CivilSupervision(_message.Message):
    __slots__ = ("judgment_number", "court", "violation")
    JUDGMENT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    COURT_FIELD_NUMBER: _ClassVar[int]
    VIOLATION_FIELD_NUMBER: _ClassVar[int]
    judgment_number: str
    court: str
    violation: str
    def __init__(self, judgment_number: _Optional[str] = ..., court: _Optional[str] = ..., violation: _Optional[str] = ...) -> None: ...

class PublicOfficer(_message.Message):
    __slots__ = ("person", "unit", "fact")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    FACT_FIELD_NUMBER: _ClassVar[int]
    person: str
    unit: str
    fact: str
    def __init__(self, person: _Optional[str] = ..., unit: _Optional[str] = ..., fact: _Optional[str] = ...) -> None: ...

class PublicInterest(_message.Message):
    __slots__ = ("damage", "area_m2", "loss_fen", "organ")
    DAMAGE_FIELD_NUMBER: _ClassVar[int]
    AREA_M2_FIELD_NUMBER: _ClassVar[int]
    LOSS_FEN_FIELD_NUMBER: _ClassVar[int]
    ORGAN_FIELD_NUMBER: _ClassVar[int]
    damage: str
    area_m2: int
    loss_fen: int
    organ: str
    def __init__(self, damage: _Optional[str] = ..., area_m2: _Optional[int] = ..., loss_fen: _Optional[int] = ..., organ: _Optional[str] = ...) -> None: ...

class MarketViolation(_message.Message):
    __slots__ = ("type", "funds_fen", "persons", "text")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    FUNDS_FEN_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    type: MarketViolationType
    funds_fen: int
    persons: int
    text: str
    def __init__(self, type: _Optional[_Union[MarketViolationType, str]] = ..., funds_fen: _Optional[int] = ..., persons: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class IrregularEnforcement(_message.Message):
    __slots__ = ("organ", "act", "law")
    ORGAN_FIELD_NUMBER: _ClassVar[int]
    ACT_FIELD_NUMBER: _ClassVar[int]
    LAW_FIELD_NUMBER: _ClassVar[int]
    organ: str
    act: str
    law: str
    def __init__(self, organ: _Optional[str] = ..., act: _Optional[str] = ..., law: _Optional[str] = ...) -> None: ...

class EnforcementAbuse(_message.Message):
    __slots__ = ("organ", "enterprise", "measure", "amount_fen")
    ORGAN_FIELD_NUMBER: _ClassVar[int]
    ENTERPRISE_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FEN_FIELD_NUMBER: _ClassVar[int]
    organ: str
    enterprise: str
    measure: str
    amount_fen: int
    def __init__(self, organ: _Optional[str] = ..., enterprise: _Optional[str] = ..., measure: _Optional[str] = ..., amount_fen: _Optional[int] = ...) -> None: ...

class DataCollision(_message.Message):
    __slots__ = ("datasets", "record_sha256", "score_ppm")
    DATASETS_FIELD_NUMBER: _ClassVar[int]
    RECORD_SHA256_FIELD_NUMBER: _ClassVar[int]
    SCORE_PPM_FIELD_NUMBER: _ClassVar[int]
    datasets: _containers.RepeatedScalarFieldContainer[str]
    record_sha256: _containers.RepeatedScalarFieldContainer[bytes]
    score_ppm: int
    def __init__(self, datasets: _Optional[_Iterable[str]] = ..., record_sha256: _Optional[_Iterable[bytes]] = ..., score_ppm: _Optional[int] = ...) -> None: ...

class FalseSuit(_message.Message):
    __slots__ = ("case_numbers", "parties", "claim_fen", "state_assets")
    CASE_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FEN_FIELD_NUMBER: _ClassVar[int]
    STATE_ASSETS_FIELD_NUMBER: _ClassVar[int]
    case_numbers: _containers.RepeatedScalarFieldContainer[str]
    parties: _containers.RepeatedScalarFieldContainer[str]
    claim_fen: int
    state_assets: bool
    def __init__(self, case_numbers: _Optional[_Iterable[str]] = ..., parties: _Optional[_Iterable[str]] = ..., claim_fen: _Optional[int] = ..., state_assets: _Optional[bool] = ...) -> None: ...

class TaxViolation(_message.Message):
    __slots__ = ("taxpayer", "tax", "amount_fen", "period", "bonded_zone")
    TAXPAYER_FIELD_NUMBER: _ClassVar[int]
    TAX_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FEN_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    BONDED_ZONE_FIELD_NUMBER: _ClassVar[int]
    taxpayer: str
    tax: str
    amount_fen: int
    period: _common_pb2.Period
    bonded_zone: str
    def __init__(self, taxpayer: _Optional[str] = ..., tax: _Optional[str] = ..., amount_fen: _Optional[int] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ..., bonded_zone: _Optional[str] = ...) -> None: ...

class MandatoryReport(_message.Message):
    __slots__ = ("minor", "harm", "found_date", "reporter")
    MINOR_FIELD_NUMBER: _ClassVar[int]
    HARM_FIELD_NUMBER: _ClassVar[int]
    FOUND_DATE_FIELD_NUMBER: _ClassVar[int]
    REPORTER_FIELD_NUMBER: _ClassVar[int]
    minor: str
    harm: MinorHarm
    found_date: str
    reporter: str
    def __init__(self, minor: _Optional[str] = ..., harm: _Optional[_Union[MinorHarm, str]] = ..., found_date: _Optional[str] = ..., reporter: _Optional[str] = ...) -> None: ...

class Complaint(_message.Message):
    __slots__ = ("applicant", "channel", "register_number", "category", "decision_number")
    APPLICANT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NUMBER_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    DECISION_NUMBER_FIELD_NUMBER: _ClassVar[int]
    applicant: str
    channel: ComplaintChannel
    register_number: str
    category: str
    decision_number: str
    def __init__(self, applicant: _Optional[str] = ..., channel: _Optional[_Union[ComplaintChannel, str]] = ..., register_number: _Optional[str] = ..., category: _Optional[str] = ..., decision_number: _Optional[str] = ...) -> None: ...

class ChiefLinkage(_message.Message):
    __slots__ = ("basin", "site", "damage", "source")
    BASIN_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    DAMAGE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    basin: str
    site: str
    damage: str
    source: ChiefSource
    def __init__(self, basin: _Optional[str] = ..., site: _Optional[str] = ..., damage: _Optional[str] = ..., source: _Optional[_Union[ChiefSource, str]] = ...) -> None: ...

class FastTrack(_message.Message):
    __slots__ = ("case_number", "track", "remote_questioning", "fast_court", "suspects")
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TRACK_FIELD_NUMBER: _ClassVar[int]
    REMOTE_QUESTIONING_FIELD_NUMBER: _ClassVar[int]
    FAST_COURT_FIELD_NUMBER: _ClassVar[int]
    SUSPECTS_FIELD_NUMBER: _ClassVar[int]
    case_number: str
    track: CaseTrack
    remote_questioning: bool
    fast_court: bool
    suspects: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, case_number: _Optional[str] = ..., track: _Optional[_Union[CaseTrack, str]] = ..., remote_questioning: _Optional[bool] = ..., fast_court: _Optional[bool] = ..., suspects: _Optional[_Iterable[str]] = ...) -> None: ...

class EnterpriseProblem(_message.Message):
    __slots__ = ("enterprise", "type", "problem")
    ENTERPRISE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    enterprise: str
    type: ProblemType
    problem: str
    def __init__(self, enterprise: _Optional[str] = ..., type: _Optional[_Union[ProblemType, str]] = ..., problem: _Optional[str] = ...) -> None: ...

class ClueReviewed(_message.Message):
    __slots__ = ("decision", "reason", "text", "track")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TRACK_FIELD_NUMBER: _ClassVar[int]
    decision: ReviewDecision
    reason: _verbs_pb2.ReturnReason
    text: str
    track: CaseTrack
    def __init__(self, decision: _Optional[_Union[ReviewDecision, str]] = ..., reason: _Optional[_Union[_verbs_pb2.ReturnReason, str]] = ..., text: _Optional[str] = ..., track: _Optional[_Union[CaseTrack, str]] = ...) -> None: ...

class ClueResultReported(_message.Message):
    __slots__ = ("outcome", "text", "case_number", "documents", "recovered_fen")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    RECOVERED_FEN_FIELD_NUMBER: _ClassVar[int]
    outcome: ClueOutcome
    text: str
    case_number: str
    documents: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    recovered_fen: int
    def __init__(self, outcome: _Optional[_Union[ClueOutcome, str]] = ..., text: _Optional[str] = ..., case_number: _Optional[str] = ..., documents: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ..., recovered_fen: _Optional[int] = ...) -> None: ...
