from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Level(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LEVEL_UNSPECIFIED: _ClassVar[Level]
    LEVEL_PROVINCIAL: _ClassVar[Level]
    LEVEL_BRANCH: _ClassVar[Level]
    LEVEL_DISTRICT: _ClassVar[Level]

class RecommendationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECOMMENDATION_KIND_UNSPECIFIED: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_RELICS: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_RECOMMENDATION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_CORRECTION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_IMPORTANT_RECOMMENDATION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_REFUSAL_TO_ASSIST: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_REFUSAL_OF_SUPERVISION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_PENALTY_OPINION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_SANCTION_OPINION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_OTHER_SANCTION_OPINION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_FILING_OMITTED: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_FILING_WRONG: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_FILING_DELAYED: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_POST_HINT: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_ENFORCEMENT_SUPERVISION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_PRISON_INSPECTION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_DETENTION_HOUSE_INSPECTION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_CORRECTION_INSPECTION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_REHABILITATION_INSPECTION: _ClassVar[RecommendationKind]
    RECOMMENDATION_KIND_LAWYER_RIGHTS: _ClassVar[RecommendationKind]

class PenaltyType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PENALTY_TYPE_UNSPECIFIED: _ClassVar[PenaltyType]
    PENALTY_TYPE_WARNING: _ClassVar[PenaltyType]
    PENALTY_TYPE_FINE: _ClassVar[PenaltyType]
    PENALTY_TYPE_CONFISCATION: _ClassVar[PenaltyType]
    PENALTY_TYPE_LICENCE: _ClassVar[PenaltyType]
    PENALTY_TYPE_BUSINESS: _ClassVar[PenaltyType]
    PENALTY_TYPE_DETENTION: _ClassVar[PenaltyType]
    PENALTY_TYPE_SANCTION: _ClassVar[PenaltyType]
    PENALTY_TYPE_OTHER: _ClassVar[PenaltyType]

class FilingDemand(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FILING_DEMAND_UNSPECIFIED: _ClassVar[FilingDemand]
    FILING_DEMAND_REASONS: _ClassVar[FilingDemand]
    FILING_DEMAND_FILE: _ClassVar[FilingDemand]
    FILING_DEMAND_WITHDRAW: _ClassVar[FilingDemand]
    FILING_DEMAND_CONCLUDE: _ClassVar[FilingDemand]

class FilingOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FILING_OUTCOME_UNSPECIFIED: _ClassVar[FilingOutcome]
    FILING_OUTCOME_REASONS_GIVEN: _ClassVar[FilingOutcome]
    FILING_OUTCOME_FILED: _ClassVar[FilingOutcome]
    FILING_OUTCOME_WITHDRAWN: _ClassVar[FilingOutcome]
    FILING_OUTCOME_CONCLUDED: _ClassVar[FilingOutcome]

class Assessment(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSESSMENT_UNSPECIFIED: _ClassVar[Assessment]
    ASSESSMENT_SATISFIED: _ClassVar[Assessment]
    ASSESSMENT_REJECTED: _ClassVar[Assessment]

class ObjectionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OBJECTION_KIND_UNSPECIFIED: _ClassVar[ObjectionKind]
    OBJECTION_KIND_EXPLANATION: _ClassVar[ObjectionKind]
    OBJECTION_KIND_RECONSIDERATION: _ClassVar[ObjectionKind]

class ObjectionOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OBJECTION_OUTCOME_UNSPECIFIED: _ClassVar[ObjectionOutcome]
    OBJECTION_OUTCOME_UPHELD: _ClassVar[ObjectionOutcome]
    OBJECTION_OUTCOME_AMENDED: _ClassVar[ObjectionOutcome]
    OBJECTION_OUTCOME_WITHDRAWN: _ClassVar[ObjectionOutcome]
LEVEL_UNSPECIFIED: Level
LEVEL_PROVINCIAL: Level
LEVEL_BRANCH: Level
LEVEL_DISTRICT: Level
RECOMMENDATION_KIND_UNSPECIFIED: RecommendationKind
RECOMMENDATION_KIND_RELICS: RecommendationKind
RECOMMENDATION_KIND_RECOMMENDATION: RecommendationKind
RECOMMENDATION_KIND_CORRECTION: RecommendationKind
RECOMMENDATION_KIND_IMPORTANT_RECOMMENDATION: RecommendationKind
RECOMMENDATION_KIND_REFUSAL_TO_ASSIST: RecommendationKind
RECOMMENDATION_KIND_REFUSAL_OF_SUPERVISION: RecommendationKind
RECOMMENDATION_KIND_PENALTY_OPINION: RecommendationKind
RECOMMENDATION_KIND_SANCTION_OPINION: RecommendationKind
RECOMMENDATION_KIND_OTHER_SANCTION_OPINION: RecommendationKind
RECOMMENDATION_KIND_FILING_OMITTED: RecommendationKind
RECOMMENDATION_KIND_FILING_WRONG: RecommendationKind
RECOMMENDATION_KIND_FILING_DELAYED: RecommendationKind
RECOMMENDATION_KIND_POST_HINT: RecommendationKind
RECOMMENDATION_KIND_ENFORCEMENT_SUPERVISION: RecommendationKind
RECOMMENDATION_KIND_PRISON_INSPECTION: RecommendationKind
RECOMMENDATION_KIND_DETENTION_HOUSE_INSPECTION: RecommendationKind
RECOMMENDATION_KIND_CORRECTION_INSPECTION: RecommendationKind
RECOMMENDATION_KIND_REHABILITATION_INSPECTION: RecommendationKind
RECOMMENDATION_KIND_LAWYER_RIGHTS: RecommendationKind
PENALTY_TYPE_UNSPECIFIED: PenaltyType
PENALTY_TYPE_WARNING: PenaltyType
PENALTY_TYPE_FINE: PenaltyType
PENALTY_TYPE_CONFISCATION: PenaltyType
PENALTY_TYPE_LICENCE: PenaltyType
PENALTY_TYPE_BUSINESS: PenaltyType
PENALTY_TYPE_DETENTION: PenaltyType
PENALTY_TYPE_SANCTION: PenaltyType
PENALTY_TYPE_OTHER: PenaltyType
FILING_DEMAND_UNSPECIFIED: FilingDemand
FILING_DEMAND_REASONS: FilingDemand
FILING_DEMAND_FILE: FilingDemand
FILING_DEMAND_WITHDRAW: FilingDemand
FILING_DEMAND_CONCLUDE: FilingDemand
FILING_OUTCOME_UNSPECIFIED: FilingOutcome
FILING_OUTCOME_REASONS_GIVEN: FilingOutcome
FILING_OUTCOME_FILED: FilingOutcome
FILING_OUTCOME_WITHDRAWN: FilingOutcome
FILING_OUTCOME_CONCLUDED: FilingOutcome
ASSESSMENT_UNSPECIFIED: Assessment
ASSESSMENT_SATISFIED: Assessment
ASSESSMENT_REJECTED: Assessment
OBJECTION_KIND_UNSPECIFIED: ObjectionKind
OBJECTION_KIND_EXPLANATION: ObjectionKind
OBJECTION_KIND_RECONSIDERATION: ObjectionKind
OBJECTION_OUTCOME_UNSPECIFIED: ObjectionOutcome
OBJECTION_OUTCOME_UPHELD: ObjectionOutcome
OBJECTION_OUTCOME_AMENDED: ObjectionOutcome
OBJECTION_OUTCOME_WITHDRAWN: ObjectionOutcome

class RecommendationIssued(_message.Message):
    __slots__ = ("kind", "document_number", "level", "important", "problem", "laws", "demands", "reply_wanted", "subjects", "evidence", "document_sha256", "relics", "refusal_to_assist", "refusal_of_supervision", "penalty_opinion", "sanction_opinion", "other_sanction_opinion", "filing_omitted", "filing_wrong", "filing_delayed", "post_hint", "enforcement_supervision", "prison_inspection", "detention_house_inspection", "correction_inspection", "rehabilitation_inspection", "lawyer_rights")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    IMPORTANT_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    LAWS_FIELD_NUMBER: _ClassVar[int]
    DEMANDS_FIELD_NUMBER: _ClassVar[int]
    REPLY_WANTED_FIELD_NUMBER: _ClassVar[int]
    SUBJECTS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_SHA256_FIELD_NUMBER: _ClassVar[int]
    RELICS_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_TO_ASSIST_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_OF_SUPERVISION_FIELD_NUMBER: _ClassVar[int]
    PENALTY_OPINION_FIELD_NUMBER: _ClassVar[int]
    SANCTION_OPINION_FIELD_NUMBER: _ClassVar[int]
    OTHER_SANCTION_OPINION_FIELD_NUMBER: _ClassVar[int]
    FILING_OMITTED_FIELD_NUMBER: _ClassVar[int]
    FILING_WRONG_FIELD_NUMBER: _ClassVar[int]
    FILING_DELAYED_FIELD_NUMBER: _ClassVar[int]
    POST_HINT_FIELD_NUMBER: _ClassVar[int]
    ENFORCEMENT_SUPERVISION_FIELD_NUMBER: _ClassVar[int]
    PRISON_INSPECTION_FIELD_NUMBER: _ClassVar[int]
    DETENTION_HOUSE_INSPECTION_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_INSPECTION_FIELD_NUMBER: _ClassVar[int]
    REHABILITATION_INSPECTION_FIELD_NUMBER: _ClassVar[int]
    LAWYER_RIGHTS_FIELD_NUMBER: _ClassVar[int]
    kind: RecommendationKind
    document_number: str
    level: Level
    important: bool
    problem: str
    laws: _containers.RepeatedScalarFieldContainer[str]
    demands: _containers.RepeatedScalarFieldContainer[str]
    reply_wanted: str
    subjects: _containers.RepeatedCompositeFieldContainer[_common_pb2.Subject]
    evidence: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    document_sha256: bytes
    relics: _common_pb2.Heritage
    refusal_to_assist: Refusal
    refusal_of_supervision: Refusal
    penalty_opinion: SanctionOpinion
    sanction_opinion: SanctionOpinion
    other_sanction_opinion: SanctionOpinion
    filing_omitted: Filing
    filing_wrong: Filing
    filing_delayed: Filing
    post_hint: PostHint
    enforcement_supervision: _common_pb2.Enforcement
    prison_inspection: CircuitInspection
    detention_house_inspection: CircuitInspection
    correction_inspection: CircuitInspection
    rehabilitation_inspection: CircuitInspection
    lawyer_rights: _common_pb2.LawyerObstructed
    def __init__(self, kind: _Optional[_Union[RecommendationKind, str]] = ..., document_number: _Optional[str] = ..., level: _Optional[_Union[Level, str]] = ..., important: _Optional[bool] = ..., problem: _Optional[str] = ..., laws: _Optional[_Iterable[str]] = ..., demands: _Optional[_Iterable[str]] = ..., reply_wanted: _Optional[str] = ..., subjects: _Optional[_Iterable[_Union[_common_pb2.Subject, _Mapping]]] = ..., evidence: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ..., document_sha256: _Optional[bytes] = ..., relics: _Optional[_Union[_common_pb2.Heritage, _Mapping]] = ..., refusal_to_assist: _Optional[_Union[Refusal, _Mapping]] = ..., refusal_of_supervision: _Optional[_Union[Refusal, _Mapping]] = ..., penalty_opinion: _Optional[_Union[SanctionOpinion, _Mapping]] = ..., sanction_opinion: _Optional[_Union[SanctionOpinion, _Mapping]] = ..., other_sanction_opinion: _Optional[_Union[SanctionOpinion, _Mapping]] = ..., filing_omitted: _Optional[_Union[Filing, _Mapping]] = ..., filing_wrong: _Optional[_Union[Filing, _Mapping]] = ..., filing_delayed: _Optional[_Union[Filing, _Mapping]] = ..., post_hint: _Optional[_Union[PostHint, _Mapping]] = ..., enforcement_supervision: _Optional[_Union[_common_pb2.Enforcement, _Mapping]] = ..., prison_inspection: _Optional[_Union[CircuitInspection, _Mapping]] = ..., detention_house_inspection: _Optional[_Union[CircuitInspection, _Mapping]] = ..., correction_inspection: _Optional[_Union[CircuitInspection, _Mapping]] = ..., rehabilitation_inspection: _Optional[_Union[CircuitInspection, _Mapping]] = ..., lawyer_rights: _Optional[_Union[_common_pb2.LawyerObstructed, _Mapping]] = ...) -> None: ...

class Refusal(_message.Message):
    __slots__ = ("refuser", "facts", "matter_id", "event_id")
    REFUSER_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    refuser: _common_pb2.Subject
    facts: str
    matter_id: str
    event_id: str
    def __init__(self, refuser: _Optional[_Union[_common_pb2.Subject, _Mapping]] = ..., facts: _Optional[str] = ..., matter_id: _Optional[str] = ..., event_id: _Optional[str] = ...) -> None: ...

class SanctionOpinion(_message.Message):
    __slots__ = ("not_prosecuted", "decision_number", "decision_date", "penalties", "basis")
    NOT_PROSECUTED_FIELD_NUMBER: _ClassVar[int]
    DECISION_NUMBER_FIELD_NUMBER: _ClassVar[int]
    DECISION_DATE_FIELD_NUMBER: _ClassVar[int]
    PENALTIES_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    not_prosecuted: _common_pb2.Subject
    decision_number: str
    decision_date: str
    penalties: _containers.RepeatedScalarFieldContainer[PenaltyType]
    basis: str
    def __init__(self, not_prosecuted: _Optional[_Union[_common_pb2.Subject, _Mapping]] = ..., decision_number: _Optional[str] = ..., decision_date: _Optional[str] = ..., penalties: _Optional[_Iterable[_Union[PenaltyType, str]]] = ..., basis: _Optional[str] = ...) -> None: ...

class Filing(_message.Message):
    __slots__ = ("case_number", "organ", "demand", "since_date", "reasons")
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ORGAN_FIELD_NUMBER: _ClassVar[int]
    DEMAND_FIELD_NUMBER: _ClassVar[int]
    SINCE_DATE_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    case_number: str
    organ: str
    demand: FilingDemand
    since_date: str
    reasons: str
    def __init__(self, case_number: _Optional[str] = ..., organ: _Optional[str] = ..., demand: _Optional[_Union[FilingDemand, str]] = ..., since_date: _Optional[str] = ..., reasons: _Optional[str] = ...) -> None: ...

class PostHint(_message.Message):
    __slots__ = ("check_matter_id", "case_numbers", "findings")
    CHECK_MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    check_matter_id: str
    case_numbers: _containers.RepeatedScalarFieldContainer[str]
    findings: _containers.RepeatedCompositeFieldContainer[_common_pb2.Finding]
    def __init__(self, check_matter_id: _Optional[str] = ..., case_numbers: _Optional[_Iterable[str]] = ..., findings: _Optional[_Iterable[_Union[_common_pb2.Finding, _Mapping]]] = ...) -> None: ...

class CircuitInspection(_message.Message):
    __slots__ = ("place", "round", "period", "findings")
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ROUND_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    place: str
    round: int
    period: _common_pb2.Period
    findings: _containers.RepeatedCompositeFieldContainer[_common_pb2.Finding]
    def __init__(self, place: _Optional[str] = ..., round: _Optional[int] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[_common_pb2.Finding, _Mapping]]] = ...) -> None: ...

class Rectified(_message.Message):
    __slots__ = ("text", "demands_met", "evidence", "percent")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    DEMANDS_MET_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    text: str
    demands_met: _containers.RepeatedScalarFieldContainer[int]
    evidence: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    percent: int
    def __init__(self, text: _Optional[str] = ..., demands_met: _Optional[_Iterable[int]] = ..., evidence: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ..., percent: _Optional[int] = ...) -> None: ...

class Replied(_message.Message):
    __slots__ = ("text", "measures", "penalty_number", "amount_fen", "no_penalty_reason", "evidence", "document_sha256", "filing")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MEASURES_FIELD_NUMBER: _ClassVar[int]
    PENALTY_NUMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FEN_FIELD_NUMBER: _ClassVar[int]
    NO_PENALTY_REASON_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_SHA256_FIELD_NUMBER: _ClassVar[int]
    FILING_FIELD_NUMBER: _ClassVar[int]
    text: str
    measures: _containers.RepeatedScalarFieldContainer[str]
    penalty_number: str
    amount_fen: int
    no_penalty_reason: str
    evidence: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    document_sha256: bytes
    filing: FilingOutcome
    def __init__(self, text: _Optional[str] = ..., measures: _Optional[_Iterable[str]] = ..., penalty_number: _Optional[str] = ..., amount_fen: _Optional[int] = ..., no_penalty_reason: _Optional[str] = ..., evidence: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ..., document_sha256: _Optional[bytes] = ..., filing: _Optional[_Union[FilingOutcome, str]] = ...) -> None: ...

class Assessed(_message.Message):
    __slots__ = ("assessment", "text")
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    assessment: Assessment
    text: str
    def __init__(self, assessment: _Optional[_Union[Assessment, str]] = ..., text: _Optional[str] = ...) -> None: ...

class Objected(_message.Message):
    __slots__ = ("kind", "grounds", "evidence")
    KIND_FIELD_NUMBER: _ClassVar[int]
    GROUNDS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    kind: ObjectionKind
    grounds: str
    evidence: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    def __init__(self, kind: _Optional[_Union[ObjectionKind, str]] = ..., grounds: _Optional[str] = ..., evidence: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ...) -> None: ...

class ObjectionDecided(_message.Message):
    __slots__ = ("outcome", "text", "demands")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    DEMANDS_FIELD_NUMBER: _ClassVar[int]
    outcome: ObjectionOutcome
    text: str
    demands: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, outcome: _Optional[_Union[ObjectionOutcome, str]] = ..., text: _Optional[str] = ..., demands: _Optional[_Iterable[str]] = ...) -> None: ...
