from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TextStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TEXT_STAGE_UNSPECIFIED: _ClassVar[TextStage]
    TEXT_STAGE_DRAFTING: _ClassVar[TextStage]
    TEXT_STAGE_CONSULTING: _ClassVar[TextStage]
    TEXT_STAGE_ISSUED: _ClassVar[TextStage]
    TEXT_STAGE_REPEALED: _ClassVar[TextStage]

class NotificationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTIFICATION_KIND_UNSPECIFIED: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_TYPICAL_CASE: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_NORMATIVE_DOCUMENT: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_CASE_BRIEFING: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_CASE_ANALYSIS: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_SUPERVISION_STATISTICS: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_SUPERVISION_PUBLICATION: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_REPORT_MAJOR_CASE: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_REPORT_PERFORMANCE: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_REPORT_RESEARCH: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_REPORT_MEASURES: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_REQUEST_FOR_INSTRUCTIONS: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_SENSITIVE_CASE: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_PUBLIC_SENTIMENT: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_CONSULAR_NOTICE: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_CONSULAR_VISIT: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_RISK_WARNING: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_ABSENCE_WITHOUT_LEAVE: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_OUT_OF_CONTROL: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_REOFFENDING: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_NON_CUSTODIAL_ALERT: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_DOCUMENT_ISSUED: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_INSPECTION: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_GUIDELINE: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_INSPECTION_RESULT: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_INTERFERENCE_RECORD: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_MUTUAL_RECOGNITION: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_COMMUTATION: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_PAROLE: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_TEMPORARY_EXECUTION: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_PRISON_EVENT: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_POST_ROSTER: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_QUESTIONING_CHECK: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_DATA_CHECK: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_REVIEW_BULLETIN: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_CHARGE_GUIDE: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_CONGRESS_REPORT: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_LIAISON_BRIEFING: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_LEGISLATIVE_PROPOSAL: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_RULE_PROPOSAL: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_EVALUATION_FEED: _ClassVar[NotificationKind]

class Significance(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIGNIFICANCE_UNSPECIFIED: _ClassVar[Significance]
    SIGNIFICANCE_SOCIAL: _ClassVar[Significance]
    SIGNIFICANCE_LEGAL: _ClassVar[Significance]

class DocumentType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOCUMENT_TYPE_UNSPECIFIED: _ClassVar[DocumentType]
    DOCUMENT_TYPE_POLICY: _ClassVar[DocumentType]
    DOCUMENT_TYPE_CASE_GUIDANCE: _ClassVar[DocumentType]
    DOCUMENT_TYPE_NORMATIVE: _ClassVar[DocumentType]

class RiskLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RISK_LEVEL_UNSPECIFIED: _ClassVar[RiskLevel]
    RISK_LEVEL_LOW: _ClassVar[RiskLevel]
    RISK_LEVEL_MEDIUM: _ClassVar[RiskLevel]
    RISK_LEVEL_HIGH: _ClassVar[RiskLevel]

class SentimentStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SENTIMENT_STATUS_UNSPECIFIED: _ClassVar[SentimentStatus]
    SENTIMENT_STATUS_WATCHED: _ClassVar[SentimentStatus]
    SENTIMENT_STATUS_HANDLED: _ClassVar[SentimentStatus]
    SENTIMENT_STATUS_ANSWERED: _ClassVar[SentimentStatus]
    SENTIMENT_STATUS_SETTLED: _ClassVar[SentimentStatus]

class PrisonEventType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRISON_EVENT_TYPE_UNSPECIFIED: _ClassVar[PrisonEventType]
    PRISON_EVENT_TYPE_ASSESSMENT: _ClassVar[PrisonEventType]
    PRISON_EVENT_TYPE_TRANSFER: _ClassVar[PrisonEventType]
    PRISON_EVENT_TYPE_POST: _ClassVar[PrisonEventType]

class DutyType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUTY_TYPE_UNSPECIFIED: _ClassVar[DutyType]
    DUTY_TYPE_RESIDENT: _ClassVar[DutyType]
    DUTY_TYPE_ROTATING: _ClassVar[DutyType]

class CheckMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHECK_MODE_UNSPECIFIED: _ClassVar[CheckMode]
    CHECK_MODE_PATROL: _ClassVar[CheckMode]
    CHECK_MODE_REMOTE: _ClassVar[CheckMode]

class Adoption(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ADOPTION_UNSPECIFIED: _ClassVar[Adoption]
    ADOPTION_ADOPTED: _ClassVar[Adoption]
    ADOPTION_PARTLY: _ClassVar[Adoption]
    ADOPTION_NOT_ADOPTED: _ClassVar[Adoption]
    ADOPTION_STUDIED: _ClassVar[Adoption]
TEXT_STAGE_UNSPECIFIED: TextStage
TEXT_STAGE_DRAFTING: TextStage
TEXT_STAGE_CONSULTING: TextStage
TEXT_STAGE_ISSUED: TextStage
TEXT_STAGE_REPEALED: TextStage
NOTIFICATION_KIND_UNSPECIFIED: NotificationKind
NOTIFICATION_KIND_TYPICAL_CASE: NotificationKind
NOTIFICATION_KIND_NORMATIVE_DOCUMENT: NotificationKind
NOTIFICATION_KIND_CASE_BRIEFING: NotificationKind
NOTIFICATION_KIND_CASE_ANALYSIS: NotificationKind
NOTIFICATION_KIND_SUPERVISION_STATISTICS: NotificationKind
NOTIFICATION_KIND_SUPERVISION_PUBLICATION: NotificationKind
NOTIFICATION_KIND_REPORT_MAJOR_CASE: NotificationKind
NOTIFICATION_KIND_REPORT_PERFORMANCE: NotificationKind
NOTIFICATION_KIND_REPORT_RESEARCH: NotificationKind
NOTIFICATION_KIND_REPORT_MEASURES: NotificationKind
NOTIFICATION_KIND_REQUEST_FOR_INSTRUCTIONS: NotificationKind
NOTIFICATION_KIND_SENSITIVE_CASE: NotificationKind
NOTIFICATION_KIND_PUBLIC_SENTIMENT: NotificationKind
NOTIFICATION_KIND_CONSULAR_NOTICE: NotificationKind
NOTIFICATION_KIND_CONSULAR_VISIT: NotificationKind
NOTIFICATION_KIND_RISK_WARNING: NotificationKind
NOTIFICATION_KIND_ABSENCE_WITHOUT_LEAVE: NotificationKind
NOTIFICATION_KIND_OUT_OF_CONTROL: NotificationKind
NOTIFICATION_KIND_REOFFENDING: NotificationKind
NOTIFICATION_KIND_NON_CUSTODIAL_ALERT: NotificationKind
NOTIFICATION_KIND_DOCUMENT_ISSUED: NotificationKind
NOTIFICATION_KIND_INSPECTION: NotificationKind
NOTIFICATION_KIND_GUIDELINE: NotificationKind
NOTIFICATION_KIND_INSPECTION_RESULT: NotificationKind
NOTIFICATION_KIND_INTERFERENCE_RECORD: NotificationKind
NOTIFICATION_KIND_MUTUAL_RECOGNITION: NotificationKind
NOTIFICATION_KIND_COMMUTATION: NotificationKind
NOTIFICATION_KIND_PAROLE: NotificationKind
NOTIFICATION_KIND_TEMPORARY_EXECUTION: NotificationKind
NOTIFICATION_KIND_PRISON_EVENT: NotificationKind
NOTIFICATION_KIND_POST_ROSTER: NotificationKind
NOTIFICATION_KIND_QUESTIONING_CHECK: NotificationKind
NOTIFICATION_KIND_DATA_CHECK: NotificationKind
NOTIFICATION_KIND_REVIEW_BULLETIN: NotificationKind
NOTIFICATION_KIND_CHARGE_GUIDE: NotificationKind
NOTIFICATION_KIND_CONGRESS_REPORT: NotificationKind
NOTIFICATION_KIND_LIAISON_BRIEFING: NotificationKind
NOTIFICATION_KIND_LEGISLATIVE_PROPOSAL: NotificationKind
NOTIFICATION_KIND_RULE_PROPOSAL: NotificationKind
NOTIFICATION_KIND_EVALUATION_FEED: NotificationKind
SIGNIFICANCE_UNSPECIFIED: Significance
SIGNIFICANCE_SOCIAL: Significance
SIGNIFICANCE_LEGAL: Significance
DOCUMENT_TYPE_UNSPECIFIED: DocumentType
DOCUMENT_TYPE_POLICY: DocumentType
DOCUMENT_TYPE_CASE_GUIDANCE: DocumentType
DOCUMENT_TYPE_NORMATIVE: DocumentType
RISK_LEVEL_UNSPECIFIED: RiskLevel
RISK_LEVEL_LOW: RiskLevel
RISK_LEVEL_MEDIUM: RiskLevel
RISK_LEVEL_HIGH: RiskLevel
SENTIMENT_STATUS_UNSPECIFIED: SentimentStatus
SENTIMENT_STATUS_WATCHED: SentimentStatus
SENTIMENT_STATUS_HANDLED: SentimentStatus
SENTIMENT_STATUS_ANSWERED: SentimentStatus
SENTIMENT_STATUS_SETTLED: SentimentStatus
PRISON_EVENT_TYPE_UNSPECIFIED: PrisonEventType
PRISON_EVENT_TYPE_ASSESSMENT: PrisonEventType
PRISON_EVENT_TYPE_TRANSFER: PrisonEventType
PRISON_EVENT_TYPE_POST: PrisonEventType
DUTY_TYPE_UNSPECIFIED: DutyType
DUTY_TYPE_RESIDENT: DutyType
DUTY_TYPE_ROTATING: DutyType
CHECK_MODE_UNSPECIFIED: CheckMode
CHECK_MODE_PATROL: CheckMode
CHECK_MODE_REMOTE: CheckMode
ADOPTION_UNSPECIFIED: Adoption
ADOPTION_ADOPTED: Adoption
ADOPTION_PARTLY: Adoption
ADOPTION_NOT_ADOPTED: Adoption
ADOPTION_STUDIED: Adoption

class CaseNotified(_message.Message):
    __slots__ = ("kind", "title", "text", "text_sha256", "version", "stage", "supersedes", "annexes", "typical_case", "normative_document", "case_briefing", "case_analysis", "supervision_statistics", "supervision_publication", "report_major_case", "report_performance", "sensitive_case", "public_sentiment", "consular_notice", "consular_visit", "risk_warning", "absence_without_leave", "out_of_control", "reoffending", "non_custodial_alert", "inspection_result", "interference_record", "mutual_recognition", "commutation", "parole", "temporary_execution", "prison_event", "post_roster", "questioning_check", "data_check", "review_bulletin", "charge_guide", "congress_report", "liaison_briefing", "legislative_proposal", "rule_proposal", "evaluation_feed")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TEXT_SHA256_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDES_FIELD_NUMBER: _ClassVar[int]
    ANNEXES_FIELD_NUMBER: _ClassVar[int]
    TYPICAL_CASE_FIELD_NUMBER: _ClassVar[int]
    NORMATIVE_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    CASE_BRIEFING_FIELD_NUMBER: _ClassVar[int]
    CASE_ANALYSIS_FIELD_NUMBER: _ClassVar[int]
    SUPERVISION_STATISTICS_FIELD_NUMBER: _ClassVar[int]
    SUPERVISION_PUBLICATION_FIELD_NUMBER: _ClassVar[int]
    REPORT_MAJOR_CASE_FIELD_NUMBER: _ClassVar[int]
    REPORT_PERFORMANCE_FIELD_NUMBER: _ClassVar[int]
    SENSITIVE_CASE_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_SENTIMENT_FIELD_NUMBER: _ClassVar[int]
    CONSULAR_NOTICE_FIELD_NUMBER: _ClassVar[int]
    CONSULAR_VISIT_FIELD_NUMBER: _ClassVar[int]
    RISK_WARNING_FIELD_NUMBER: _ClassVar[int]
    ABSENCE_WITHOUT_LEAVE_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_CONTROL_FIELD_NUMBER: _ClassVar[int]
    REOFFENDING_FIELD_NUMBER: _ClassVar[int]
    NON_CUSTODIAL_ALERT_FIELD_NUMBER: _ClassVar[int]
    INSPECTION_RESULT_FIELD_NUMBER: _ClassVar[int]
    INTERFERENCE_RECORD_FIELD_NUMBER: _ClassVar[int]
    MUTUAL_RECOGNITION_FIELD_NUMBER: _ClassVar[int]
    COMMUTATION_FIELD_NUMBER: _ClassVar[int]
    PAROLE_FIELD_NUMBER: _ClassVar[int]
    TEMPORARY_EXECUTION_FIELD_NUMBER: _ClassVar[int]
    PRISON_EVENT_FIELD_NUMBER: _ClassVar[int]
    POST_ROSTER_FIELD_NUMBER: _ClassVar[int]
    QUESTIONING_CHECK_FIELD_NUMBER: _ClassVar[int]
    DATA_CHECK_FIELD_NUMBER: _ClassVar[int]
    REVIEW_BULLETIN_FIELD_NUMBER: _ClassVar[int]
    CHARGE_GUIDE_FIELD_NUMBER: _ClassVar[int]
    CONGRESS_REPORT_FIELD_NUMBER: _ClassVar[int]
    LIAISON_BRIEFING_FIELD_NUMBER: _ClassVar[int]
    LEGISLATIVE_PROPOSAL_FIELD_NUMBER: _ClassVar[int]
    RULE_PROPOSAL_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_FEED_FIELD_NUMBER: _ClassVar[int]
    kind: NotificationKind
    title: str
    text: str
    text_sha256: bytes
    version: str
    stage: TextStage
    supersedes: str
    annexes: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    typical_case: TypicalCase
    normative_document: NormativeDocument
    case_briefing: CaseBriefing
    case_analysis: CaseBriefing
    supervision_statistics: Statistics
    supervision_publication: Statistics
    report_major_case: MajorViolation
    report_performance: Evaluation
    sensitive_case: SensitiveCase
    public_sentiment: SensitiveCase
    consular_notice: _common_pb2.Reference
    consular_visit: _common_pb2.Reference
    risk_warning: RiskWarning
    absence_without_leave: CorrectionAlert
    out_of_control: CorrectionAlert
    reoffending: CorrectionAlert
    non_custodial_alert: CorrectionAlert
    inspection_result: InspectionResult
    interference_record: _common_pb2.Reference
    mutual_recognition: MutualRecognition
    commutation: SentenceChange
    parole: SentenceChange
    temporary_execution: SentenceChange
    prison_event: PrisonEvent
    post_roster: PostRoster
    questioning_check: QuestioningCheck
    data_check: DataCheck
    review_bulletin: DataCheck
    charge_guide: ChargeGuide
    congress_report: PublicBodyReport
    liaison_briefing: PublicBodyReport
    legislative_proposal: Proposal
    rule_proposal: Proposal
    evaluation_feed: Evaluation
    def __init__(self, kind: _Optional[_Union[NotificationKind, str]] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., text_sha256: _Optional[bytes] = ..., version: _Optional[str] = ..., stage: _Optional[_Union[TextStage, str]] = ..., supersedes: _Optional[str] = ..., annexes: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ..., typical_case: _Optional[_Union[TypicalCase, _Mapping]] = ..., normative_document: _Optional[_Union[NormativeDocument, _Mapping]] = ..., case_briefing: _Optional[_Union[CaseBriefing, _Mapping]] = ..., case_analysis: _Optional[_Union[CaseBriefing, _Mapping]] = ..., supervision_statistics: _Optional[_Union[Statistics, _Mapping]] = ..., supervision_publication: _Optional[_Union[Statistics, _Mapping]] = ..., report_major_case: _Optional[_Union[MajorViolation, _Mapping]] = ..., report_performance: _Optional[_Union[Evaluation, _Mapping]] = ..., sensitive_case: _Optional[_Union[SensitiveCase, _Mapping]] = ..., public_sentiment: _Optional[_Union[SensitiveCase, _Mapping]] = ..., consular_notice: _Optional[_Union[_common_pb2.Reference, _Mapping]] = ..., consular_visit: _Optional[_Union[_common_pb2.Reference, _Mapping]] = ..., risk_warning: _Optional[_Union[RiskWarning, _Mapping]] = ..., absence_without_leave: _Optional[_Union[CorrectionAlert, _Mapping]] = ..., out_of_control: _Optional[_Union[CorrectionAlert, _Mapping]] = ..., reoffending: _Optional[_Union[CorrectionAlert, _Mapping]] = ..., non_custodial_alert: _Optional[_Union[CorrectionAlert, _Mapping]] = ..., inspection_result: _Optional[_Union[InspectionResult, _Mapping]] = ..., interference_record: _Optional[_Union[_common_pb2.Reference, _Mapping]] = ..., mutual_recognition: _Optional[_Union[MutualRecognition, _Mapping]] = ..., commutation: _Optional[_Union[SentenceChange, _Mapping]] = ..., parole: _Optional[_Union[SentenceChange, _Mapping]] = ..., temporary_execution: _Optional[_Union[SentenceChange, _Mapping]] = ..., prison_event: _Optional[_Union[PrisonEvent, _Mapping]] = ..., post_roster: _Optional[_Union[PostRoster, _Mapping]] = ..., questioning_check: _Optional[_Union[QuestioningCheck, _Mapping]] = ..., data_check: _Optional[_Union[DataCheck, _Mapping]] = ..., review_bulletin: _Optional[_Union[DataCheck, _Mapping]] = ..., charge_guide: _Optional[_Union[ChargeGuide, _Mapping]] = ..., congress_report: _Optional[_Union[PublicBodyReport, _Mapping]] = ..., liaison_briefing: _Optional[_Union[PublicBodyReport, _Mapping]] = ..., legislative_proposal: _Optional[_Union[Proposal, _Mapping]] = ..., rule_proposal: _Optional[_Union[Proposal, _Mapping]] = ..., evaluation_feed: _Optional[_Union[Evaluation, _Mapping]] = ...) -> None: ...

class TypicalCase(_message.Message):
    __slots__ = ("significance", "facts", "case_number", "batch")
    SIGNIFICANCE_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    significance: _containers.RepeatedScalarFieldContainer[Significance]
    facts: str
    case_number: str
    batch: str
    def __init__(self, significance: _Optional[_Iterable[_Union[Significance, str]]] = ..., facts: _Optional[str] = ..., case_number: _Optional[str] = ..., batch: _Optional[str] = ...) -> None: ...

class NormativeDocument(_message.Message):
    __slots__ = ("type", "document_number", "comments_until")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    COMMENTS_UNTIL_FIELD_NUMBER: _ClassVar[int]
    type: DocumentType
    document_number: str
    comments_until: str
    def __init__(self, type: _Optional[_Union[DocumentType, str]] = ..., document_number: _Optional[str] = ..., comments_until: _Optional[str] = ...) -> None: ...

class CaseBriefing(_message.Message):
    __slots__ = ("case_number", "status", "suspects", "measures")
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUSPECTS_FIELD_NUMBER: _ClassVar[int]
    MEASURES_FIELD_NUMBER: _ClassVar[int]
    case_number: str
    status: str
    suspects: _containers.RepeatedScalarFieldContainer[str]
    measures: str
    def __init__(self, case_number: _Optional[str] = ..., status: _Optional[str] = ..., suspects: _Optional[_Iterable[str]] = ..., measures: _Optional[str] = ...) -> None: ...

class Statistics(_message.Message):
    __slots__ = ("period", "counts", "sums")
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    SUMS_FIELD_NUMBER: _ClassVar[int]
    period: _common_pb2.Period
    counts: _containers.RepeatedCompositeFieldContainer[_common_pb2.Count]
    sums: _containers.RepeatedCompositeFieldContainer[_common_pb2.Sum]
    def __init__(self, period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ..., counts: _Optional[_Iterable[_Union[_common_pb2.Count, _Mapping]]] = ..., sums: _Optional[_Iterable[_Union[_common_pb2.Sum, _Mapping]]] = ...) -> None: ...

class MajorViolation(_message.Message):
    __slots__ = ("case_number", "organ", "violation", "reported_to")
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ORGAN_FIELD_NUMBER: _ClassVar[int]
    VIOLATION_FIELD_NUMBER: _ClassVar[int]
    REPORTED_TO_FIELD_NUMBER: _ClassVar[int]
    case_number: str
    organ: str
    violation: str
    reported_to: _common_pb2.PublicBody
    def __init__(self, case_number: _Optional[str] = ..., organ: _Optional[str] = ..., violation: _Optional[str] = ..., reported_to: _Optional[_Union[_common_pb2.PublicBody, str]] = ...) -> None: ...

class SensitiveCase(_message.Message):
    __slots__ = ("case_number", "risk", "opinion", "status")
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    RISK_FIELD_NUMBER: _ClassVar[int]
    OPINION_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    case_number: str
    risk: RiskLevel
    opinion: str
    status: SentimentStatus
    def __init__(self, case_number: _Optional[str] = ..., risk: _Optional[_Union[RiskLevel, str]] = ..., opinion: _Optional[str] = ..., status: _Optional[_Union[SentimentStatus, str]] = ...) -> None: ...

class RiskWarning(_message.Message):
    __slots__ = ("pattern", "advice", "risk", "enterprises")
    PATTERN_FIELD_NUMBER: _ClassVar[int]
    ADVICE_FIELD_NUMBER: _ClassVar[int]
    RISK_FIELD_NUMBER: _ClassVar[int]
    ENTERPRISES_FIELD_NUMBER: _ClassVar[int]
    pattern: str
    advice: str
    risk: RiskLevel
    enterprises: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, pattern: _Optional[str] = ..., advice: _Optional[str] = ..., risk: _Optional[_Union[RiskLevel, str]] = ..., enterprises: _Optional[_Iterable[str]] = ...) -> None: ...

class CorrectionAlert(_message.Message):
    __slots__ = ("person", "since_date", "last_place", "measure")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    SINCE_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_PLACE_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    person: str
    since_date: str
    last_place: str
    measure: str
    def __init__(self, person: _Optional[str] = ..., since_date: _Optional[str] = ..., last_place: _Optional[str] = ..., measure: _Optional[str] = ...) -> None: ...

class InspectionResult(_message.Message):
    __slots__ = ("findings", "reply_date")
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    REPLY_DATE_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[_common_pb2.Finding]
    reply_date: str
    def __init__(self, findings: _Optional[_Iterable[_Union[_common_pb2.Finding, _Mapping]]] = ..., reply_date: _Optional[str] = ...) -> None: ...

class MutualRecognition(_message.Message):
    __slots__ = ("item", "innovator", "recognised_by")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    INNOVATOR_FIELD_NUMBER: _ClassVar[int]
    RECOGNISED_BY_FIELD_NUMBER: _ClassVar[int]
    item: str
    innovator: str
    recognised_by: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, item: _Optional[str] = ..., innovator: _Optional[str] = ..., recognised_by: _Optional[_Iterable[str]] = ...) -> None: ...

class SentenceChange(_message.Message):
    __slots__ = ("person", "stage", "prison", "case_number", "stage_date", "documents")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    PRISON_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    STAGE_DATE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    person: str
    stage: _common_pb2.SentenceStage
    prison: str
    case_number: str
    stage_date: str
    documents: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    def __init__(self, person: _Optional[str] = ..., stage: _Optional[_Union[_common_pb2.SentenceStage, str]] = ..., prison: _Optional[str] = ..., case_number: _Optional[str] = ..., stage_date: _Optional[str] = ..., documents: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ...) -> None: ...

class PrisonEvent(_message.Message):
    __slots__ = ("person", "type", "prison", "date", "text")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PRISON_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    person: str
    type: PrisonEventType
    prison: str
    date: str
    text: str
    def __init__(self, person: _Optional[str] = ..., type: _Optional[_Union[PrisonEventType, str]] = ..., prison: _Optional[str] = ..., date: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class PostRoster(_message.Message):
    __slots__ = ("post", "duties")
    POST_FIELD_NUMBER: _ClassVar[int]
    DUTIES_FIELD_NUMBER: _ClassVar[int]
    post: str
    duties: _containers.RepeatedCompositeFieldContainer[Duty]
    def __init__(self, post: _Optional[str] = ..., duties: _Optional[_Iterable[_Union[Duty, _Mapping]]] = ...) -> None: ...

class Duty(_message.Message):
    __slots__ = ("officer", "type", "period")
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    officer: str
    type: DutyType
    period: _common_pb2.Period
    def __init__(self, officer: _Optional[str] = ..., type: _Optional[_Union[DutyType, str]] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ...) -> None: ...

class QuestioningCheck(_message.Message):
    __slots__ = ("case_number", "mode", "date", "findings")
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    case_number: str
    mode: CheckMode
    date: str
    findings: _containers.RepeatedCompositeFieldContainer[_common_pb2.Finding]
    def __init__(self, case_number: _Optional[str] = ..., mode: _Optional[_Union[CheckMode, str]] = ..., date: _Optional[str] = ..., findings: _Optional[_Iterable[_Union[_common_pb2.Finding, _Mapping]]] = ...) -> None: ...

class DataCheck(_message.Message):
    __slots__ = ("period", "checked", "faulty", "hints_issued", "hints_answered", "findings")
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    CHECKED_FIELD_NUMBER: _ClassVar[int]
    FAULTY_FIELD_NUMBER: _ClassVar[int]
    HINTS_ISSUED_FIELD_NUMBER: _ClassVar[int]
    HINTS_ANSWERED_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    period: _common_pb2.Period
    checked: int
    faulty: int
    hints_issued: int
    hints_answered: int
    findings: _containers.RepeatedCompositeFieldContainer[_common_pb2.Finding]
    def __init__(self, period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ..., checked: _Optional[int] = ..., faulty: _Optional[int] = ..., hints_issued: _Optional[int] = ..., hints_answered: _Optional[int] = ..., findings: _Optional[_Iterable[_Union[_common_pb2.Finding, _Mapping]]] = ...) -> None: ...

class ChargeGuide(_message.Message):
    __slots__ = ("charge", "elements")
    CHARGE_FIELD_NUMBER: _ClassVar[int]
    ELEMENTS_FIELD_NUMBER: _ClassVar[int]
    charge: str
    elements: _containers.RepeatedCompositeFieldContainer[Element]
    def __init__(self, charge: _Optional[str] = ..., elements: _Optional[_Iterable[_Union[Element, _Mapping]]] = ...) -> None: ...

class Element(_message.Message):
    __slots__ = ("element", "evidence_points")
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_POINTS_FIELD_NUMBER: _ClassVar[int]
    element: str
    evidence_points: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, element: _Optional[str] = ..., evidence_points: _Optional[_Iterable[str]] = ...) -> None: ...

class PublicBodyReport(_message.Message):
    __slots__ = ("body", "topic", "session", "period")
    BODY_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    body: _common_pb2.PublicBody
    topic: str
    session: str
    period: _common_pb2.Period
    def __init__(self, body: _Optional[_Union[_common_pb2.PublicBody, str]] = ..., topic: _Optional[str] = ..., session: _Optional[str] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ...) -> None: ...

class Proposal(_message.Message):
    __slots__ = ("body", "proposal", "grounds", "clause")
    BODY_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_FIELD_NUMBER: _ClassVar[int]
    GROUNDS_FIELD_NUMBER: _ClassVar[int]
    CLAUSE_FIELD_NUMBER: _ClassVar[int]
    body: _common_pb2.PublicBody
    proposal: str
    grounds: str
    clause: str
    def __init__(self, body: _Optional[_Union[_common_pb2.PublicBody, str]] = ..., proposal: _Optional[str] = ..., grounds: _Optional[str] = ..., clause: _Optional[str] = ...) -> None: ...

class Evaluation(_message.Message):
    __slots__ = ("unit", "period", "counts", "remark")
    UNIT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    REMARK_FIELD_NUMBER: _ClassVar[int]
    unit: str
    period: _common_pb2.Period
    counts: _containers.RepeatedCompositeFieldContainer[_common_pb2.Count]
    remark: str
    def __init__(self, unit: _Optional[str] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ..., counts: _Optional[_Iterable[_Union[_common_pb2.Count, _Mapping]]] = ..., remark: _Optional[str] = ...) -> None: ...

class Acknowledged(_message.Message):
    __slots__ = ("register_number",)
    REGISTER_NUMBER_FIELD_NUMBER: _ClassVar[int]
    register_number: str
    def __init__(self, register_number: _Optional[str] = ...) -> None: ...

class CaseIndexed(_message.Message):
    __slots__ = ("library_number", "screened_by", "significance")
    LIBRARY_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SCREENED_BY_FIELD_NUMBER: _ClassVar[int]
    SIGNIFICANCE_FIELD_NUMBER: _ClassVar[int]
    library_number: str
    screened_by: str
    significance: _containers.RepeatedScalarFieldContainer[Significance]
    def __init__(self, library_number: _Optional[str] = ..., screened_by: _Optional[str] = ..., significance: _Optional[_Iterable[_Union[Significance, str]]] = ...) -> None: ...

class ProposalAnswered(_message.Message):
    __slots__ = ("adoption", "text", "instrument")
    ADOPTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    adoption: Adoption
    text: str
    instrument: str
    def __init__(self, adoption: _Optional[_Union[Adoption, str]] = ..., text: _Optional[str] = ..., instrument: _Optional[str] = ...) -> None: ...
