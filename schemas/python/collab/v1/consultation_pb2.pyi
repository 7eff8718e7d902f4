from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConsultationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSULTATION_KIND_UNSPECIFIED: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_JOINT_INQUIRY: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_RIVER_CHIEF: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_FOREST_CHIEF: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_CHIEF_MEETING: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_NEIGHBOUR_TALKS: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_JURISDICTION: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_JOINT_TEAM: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_TASK_FORCE: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_CAMPAIGN: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_SPECIAL_ACTION: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_COORDINATION_MEETING: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_SYMPOSIUM: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_ANALYSIS_MEETING: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_PRELITIGATION: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_WORK_CONSULTATION: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_JOINT_RESEARCH: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_DISPUTE_SETTLEMENT: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_RELOCATION_DISPUTE: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_CORRECTION_LEAVE: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_REGULAR_CROSS_CITY: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_CO_GOVERNANCE: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_BANK_COOPERATION: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_COMPLIANCE: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_EXCHANGE: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_CASE_CONFERENCE: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_MEDIATION: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_HEARING: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_INSTRUMENT: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_BODY_LIAISON: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_ENFORCEMENT: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_ZONE_LIAISON: _ClassVar[ConsultationKind]
    CONSULTATION_KIND_TOWNSHIP_VISIT: _ClassVar[ConsultationKind]

class TalksScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TALKS_SCOPE_UNSPECIFIED: _ClassVar[TalksScope]
    TALKS_SCOPE_BILATERAL: _ClassVar[TalksScope]
    TALKS_SCOPE_MULTILATERAL: _ClassVar[TalksScope]

class JurisdictionGround(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JURISDICTION_GROUND_UNSPECIFIED: _ClassVar[JurisdictionGround]
    JURISDICTION_GROUND_PLACE_OF_ACT: _ClassVar[JurisdictionGround]
    JURISDICTION_GROUND_RESIDENCE: _ClassVar[JurisdictionGround]
    JURISDICTION_GROUND_PLACE_OF_DAMAGE: _ClassVar[JurisdictionGround]
    JURISDICTION_GROUND_FIRST_SEISED: _ClassVar[JurisdictionGround]
    JURISDICTION_GROUND_DESIGNATED: _ClassVar[JurisdictionGround]
    JURISDICTION_GROUND_SPECIAL: _ClassVar[JurisdictionGround]
    JURISDICTION_GROUND_OTHER: _ClassVar[JurisdictionGround]

class MeetingOccasion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEETING_OCCASION_UNSPECIFIED: _ClassVar[MeetingOccasion]
    MEETING_OCCASION_REGULAR: _ClassVar[MeetingOccasion]
    MEETING_OCCASION_ON_APPLICATION: _ClassVar[MeetingOccasion]
    MEETING_OCCASION_ESCALATED: _ClassVar[MeetingOccasion]

class DisputeStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DISPUTE_STAGE_UNSPECIFIED: _ClassVar[DisputeStage]
    DISPUTE_STAGE_BEFORE_SUIT: _ClassVar[DisputeStage]
    DISPUTE_STAGE_IN_SUIT: _ClassVar[DisputeStage]
    DISPUTE_STAGE_AFTER_SUIT: _ClassVar[DisputeStage]

class ExchangeForm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXCHANGE_FORM_UNSPECIFIED: _ClassVar[ExchangeForm]
    EXCHANGE_FORM_RESEARCH: _ClassVar[ExchangeForm]
    EXCHANGE_FORM_TRAINING: _ClassVar[ExchangeForm]
    EXCHANGE_FORM_LECTURERS: _ClassVar[ExchangeForm]
    EXCHANGE_FORM_CONTEST: _ClassVar[ExchangeForm]
    EXCHANGE_FORM_COURT_OBSERVATION: _ClassVar[ExchangeForm]
    EXCHANGE_FORM_VISIT: _ClassVar[ExchangeForm]
    EXCHANGE_FORM_SEMINAR: _ClassVar[ExchangeForm]

class MediationForm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEDIATION_FORM_UNSPECIFIED: _ClassVar[MediationForm]
    MEDIATION_FORM_BEFORE_SUIT: _ClassVar[MediationForm]
    MEDIATION_FORM_ADMINISTRATIVE: _ClassVar[MediationForm]
    MEDIATION_FORM_PEOPLES: _ClassVar[MediationForm]
    MEDIATION_FORM_JUDICIAL: _ClassVar[MediationForm]
    MEDIATION_FORM_LABOUR: _ClassVar[MediationForm]

class MediationStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEDIATION_STAGE_UNSPECIFIED: _ClassVar[MediationStage]
    MEDIATION_STAGE_PREVENTION: _ClassVar[MediationStage]
    MEDIATION_STAGE_IN_CASE: _ClassVar[MediationStage]
    MEDIATION_STAGE_AFTER: _ClassVar[MediationStage]

class InstrumentForm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INSTRUMENT_FORM_UNSPECIFIED: _ClassVar[InstrumentForm]
    INSTRUMENT_FORM_COUNTERSIGNED: _ClassVar[InstrumentForm]
    INSTRUMENT_FORM_JOINTLY_ISSUED: _ClassVar[InstrumentForm]
    INSTRUMENT_FORM_COOPERATION_OPINION: _ClassVar[InstrumentForm]

class Position(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    POSITION_UNSPECIFIED: _ClassVar[Position]
    POSITION_AGREES: _ClassVar[Position]
    POSITION_AGREES_IF: _ClassVar[Position]
    POSITION_DISAGREES: _ClassVar[Position]
    POSITION_NONE: _ClassVar[Position]

class Performance(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERFORMANCE_UNSPECIFIED: _ClassVar[Performance]
    PERFORMANCE_NONE: _ClassVar[Performance]
    PERFORMANCE_PARTIAL: _ClassVar[Performance]
    PERFORMANCE_FULL: _ClassVar[Performance]
CONSULTATION_KIND_UNSPECIFIED: ConsultationKind
CONSULTATION_KIND_JOINT_INQUIRY: ConsultationKind
CONSULTATION_KIND_RIVER_CHIEF: ConsultationKind
CONSULTATION_KIND_FOREST_CHIEF: ConsultationKind
CONSULTATION_KIND_CHIEF_MEETING: ConsultationKind
CONSULTATION_KIND_NEIGHBOUR_TALKS: ConsultationKind
CONSULTATION_KIND_JURISDICTION: ConsultationKind
CONSULTATION_KIND_JOINT_TEAM: ConsultationKind
CONSULTATION_KIND_TASK_FORCE: ConsultationKind
CONSULTATION_KIND_CAMPAIGN: ConsultationKind
CONSULTATION_KIND_SPECIAL_ACTION: ConsultationKind
CONSULTATION_KIND_COORDINATION_MEETING: ConsultationKind
CONSULTATION_KIND_SYMPOSIUM: ConsultationKind
CONSULTATION_KIND_ANALYSIS_MEETING: ConsultationKind
CONSULTATION_KIND_PRELITIGATION: ConsultationKind
CONSULTATION_KIND_WORK_CONSULTATION: ConsultationKind
CONSULTATION_KIND_JOINT_RESEARCH: ConsultationKind
CONSULTATION_KIND_DISPUTE_SETTLEMENT: ConsultationKind
CONSULTATION_KIND_RELOCATION_DISPUTE: ConsultationKind
CONSULTATION_KIND_CORRECTION_LEAVE: ConsultationKind
CONSULTATION_KIND_REGULAR_CROSS_CITY: ConsultationKind
CONSULTATION_KIND_CO_GOVERNANCE: ConsultationKind
CONSULTATION_KIND_BANK_COOPERATION: ConsultationKind
CONSULTATION_KIND_COMPLIANCE: ConsultationKind
CONSULTATION_KIND_EXCHANGE: ConsultationKind
CONSULTATION_KIND_CASE_CONFERENCE: ConsultationKind
CONSULTATION_KIND_MEDIATION: ConsultationKind
CONSULTATION_KIND_HEARING: ConsultationKind
CONSULTATION_KIND_INSTRUMENT: ConsultationKind
CONSULTATION_KIND_BODY_LIAISON: ConsultationKind
CONSULTATION_KIND_ENFORCEMENT: ConsultationKind
CONSULTATION_KIND_ZONE_LIAISON: ConsultationKind
CONSULTATION_KIND_TOWNSHIP_VISIT: ConsultationKind
TALKS_SCOPE_UNSPECIFIED: TalksScope
TALKS_SCOPE_BILATERAL: TalksScope
TALKS_SCOPE_MULTILATERAL: TalksScope
JURISDICTION_GROUND_UNSPECIFIED: JurisdictionGround
JURISDICTION_GROUND_PLACE_OF_ACT: JurisdictionGround
JURISDICTION_GROUND_RESIDENCE: JurisdictionGround
JURISDICTION_GROUND_PLACE_OF_DAMAGE: JurisdictionGround
JURISDICTION_GROUND_FIRST_SEISED: JurisdictionGround
JURISDICTION_GROUND_DESIGNATED: JurisdictionGround
JURISDICTION_GROUND_SPECIAL: JurisdictionGround
JURISDICTION_GROUND_OTHER: JurisdictionGround
MEETING_OCCASION_UNSPECIFIED: MeetingOccasion
MEETING_OCCASION_REGULAR: MeetingOccasion
MEETING_OCCASION_ON_APPLICATION: MeetingOccasion
MEETING_OCCASION_ESCALATED: MeetingOccasion
DISPUTE_STAGE_UNSPECIFIED: DisputeStage
DISPUTE_STAGE_BEFORE_SUIT: DisputeStage
DISPUTE_STAGE_IN_SUIT: DisputeStage
DISPUTE_STAGE_AFTER_SUIT: DisputeStage
EXCHANGE_FORM_UNSPECIFIED: ExchangeForm
EXCHANGE_FORM_RESEARCH: ExchangeForm
EXCHANGE_FORM_TRAINING: ExchangeForm
EXCHANGE_FORM_LECTURERS: ExchangeForm
EXCHANGE_FORM_CONTEST: ExchangeForm
EXCHANGE_FORM_COURT_OBSERVATION: ExchangeForm
EXCHANGE_FORM_VISIT: ExchangeForm
EXCHANGE_FORM_SEMINAR: ExchangeForm
MEDIATION_FORM_UNSPECIFIED: MediationForm
MEDIATION_FORM_BEFORE_SUIT: MediationForm
MEDIATION_FORM_ADMINISTRATIVE: MediationForm
MEDIATION_FORM_PEOPLES: MediationForm
MEDIATION_FORM_JUDICIAL: MediationForm
MEDIATION_FORM_LABOUR: MediationForm
MEDIATION_STAGE_UNSPECIFIED: MediationStage
MEDIATION_STAGE_PREVENTION: MediationStage
MEDIATION_STAGE_IN_CASE: MediationStage
MEDIATION_STAGE_AFTER: MediationStage
INSTRUMENT_FORM_UNSPECIFIED: InstrumentForm
INSTRUMENT_FORM_COUNTERSIGNED: InstrumentForm
INSTRUMENT_FORM_JOINTLY_ISSUED: InstrumentForm
INSTRUMENT_FORM_COOPERATION_OPINION: InstrumentForm
POSITION_UNSPECIFIED: Position
POSITION_AGREES: Position
POSITION_AGREES_IF: Position
POSITION_DISAGREES: Position
POSITION_NONE: Position
PERFORMANCE_UNSPECIFIED: Performance
PERFORMANCE_NONE: Performance
PERFORMANCE_PARTIAL: Performance
PERFORMANCE_FULL: Performance

class ConsultationConvened(_message.Message):
    __slots__ = ("kind", "topic", "agenda", "place", "date", "proposal", "proposal_sha256", "subjects", "annexes", "joint_inquiry", "river_chief", "forest_chief", "chief_meeting", "neighbour_talks", "jurisdiction", "joint_team", "task_force", "campaign", "special_action", "coordination_meeting", "symposium", "analysis_meeting", "prelitigation", "work_consultation", "joint_research", "dispute_settlement", "relocation_dispute", "correction_leave", "regular_cross_city", "co_governance", "bank_cooperation", "compliance", "exchange", "case_conference", "mediation", "hearing", "instrument", "body_liaison", "enforcement", "zone_liaison", "township_visit")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    AGENDA_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_SHA256_FIELD_NUMBER: _ClassVar[int]
    SUBJECTS_FIELD_NUMBER: _ClassVar[int]
    ANNEXES_FIELD_NUMBER: _ClassVar[int]
    JOINT_INQUIRY_FIELD_NUMBER: _ClassVar[int]
    RIVER_CHIEF_FIELD_NUMBER: _ClassVar[int]
    FOREST_CHIEF_FIELD_NUMBER: _ClassVar[int]
    CHIEF_MEETING_FIELD_NUMBER: _ClassVar[int]
    NEIGHBOUR_TALKS_FIELD_NUMBER: _ClassVar[int]
    JURISDICTION_FIELD_NUMBER: _ClassVar[int]
    JOINT_TEAM_FIELD_NUMBER: _ClassVar[int]
    TASK_FORCE_FIELD_NUMBER: _ClassVar[int]
    CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    SPECIAL_ACTION_FIELD_NUMBER: _ClassVar[int]
    COORDINATION_MEETING_FIELD_NUMBER: _ClassVar[int]
    SYMPOSIUM_FIELD_NUMBER: _ClassVar[int]
    ANALYSIS_MEETING_FIELD_NUMBER: _ClassVar[int]
    PRELITIGATION_FIELD_NUMBER: _ClassVar[int]
    WORK_CONSULTATION_FIELD_NUMBER: _ClassVar[int]
    JOINT_RESEARCH_FIELD_NUMBER: _ClassVar[int]
    DISPUTE_SETTLEMENT_FIELD_NUMBER: _ClassVar[int]
    RELOCATION_DISPUTE_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_LEAVE_FIELD_NUMBER: _ClassVar[int]
    REGULAR_CROSS_CITY_FIELD_NUMBER: _ClassVar[int]
    CO_GOVERNANCE_FIELD_NUMBER: _ClassVar[int]
    BANK_COOPERATION_FIELD_NUMBER: _ClassVar[int]
    COMPLIANCE_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_FIELD_NUMBER: _ClassVar[int]
    CASE_CONFERENCE_FIELD_NUMBER: _ClassVar[int]
    MEDIATION_FIELD_NUMBER: _ClassVar[int]
    HEARING_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    BODY_LIAISON_FIELD_NUMBER: _ClassVar[int]
    ENFORCEMENT_FIELD_NUMBER: _ClassVar[int]
    ZONE_LIAISON_FIELD_NUMBER: _ClassVar[int]
    TOWNSHIP_VISIT_FIELD_NUMBER: _ClassVar[int]
    kind: ConsultationKind
    topic: str
    agenda: _containers.RepeatedScalarFieldContainer[str]
    place: str
    date: str
    proposal: str
    proposal_sha256: bytes
    subjects: _containers.RepeatedCompositeFieldContainer[_common_pb2.Subject]
    annexes: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    joint_inquiry: JointInquiry
    river_chief: ChiefConsultation
    forest_chief: ChiefConsultation
    chief_meeting: ChiefMeeting
    neighbour_talks: NeighbourTalks
    jurisdiction: JurisdictionQuestion
    joint_team: Team
    task_force: Team
    campaign: Campaign
    special_action: Campaign
    coordination_meeting: LinkageMeeting
    symposium: LinkageMeeting
    analysis_meeting: LinkageMeeting
    prelitigation: Prelitigation
    work_consultation: Prelitigation
    joint_research: Prelitigation
    dispute_settlement: Dispute
    relocation_dispute: Dispute
    correction_leave: CorrectionLeave
    regular_cross_city: CorrectionLeave
    co_governance: CoGovernance
    bank_cooperation: CoGovernance
    compliance: Compliance
    exchange: Exchange
    case_conference: CaseConference
    mediation: Mediation
    hearing: Hearing
    instrument: Instrument
    body_liaison: BodyLiaison
    enforcement: _common_pb2.Enforcement
    zone_liaison: AreaLiaison
    township_visit: AreaLiaison
    def __init__(self, kind: _Optional[_Union[ConsultationKind, str]] = ..., topic: _Optional[str] = ..., agenda: _Optional[_Iterable[str]] = ..., place: _Optional[str] = ..., date: _Optional[str] = ..., proposal: _Optional[str] = ..., proposal_sha256: _Optional[bytes] = ..., subjects: _Optional[_Iterable[_Union[_common_pb2.Subject, _Mapping]]] = ..., annexes: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ..., joint_inquiry: _Optional[_Union[JointInquiry, _Mapping]] = ..., river_chief: _Optional[_Union[ChiefConsultation, _Mapping]] = ..., forest_chief: _Optional[_Union[ChiefConsultation, _Mapping]] = ..., chief_meeting: _Optional[_Union[ChiefMeeting, _Mapping]] = ..., neighbour_talks: _Optional[_Union[NeighbourTalks, _Mapping]] = ..., jurisdiction: _Optional[_Union[JurisdictionQuestion, _Mapping]] = ..., joint_team: _Optional[_Union[Team, _Mapping]] = ..., task_force: _Optional[_Union[Team, _Mapping]] = ..., campaign: _Optional[_Union[Campaign, _Mapping]] = ..., special_action: _Optional[_Union[Campaign, _Mapping]] = ..., coordination_meeting: _Optional[_Union[LinkageMeeting, _Mapping]] = ..., symposium: _Optional[_Union[LinkageMeeting, _Mapping]] = ..., analysis_meeting: _Optional[_Union[LinkageMeeting, _Mapping]] = ..., prelitigation: _Optional[_Union[Prelitigation, _Mapping]] = ..., work_consultation: _Optional[_Union[Prelitigation, _Mapping]] = ..., joint_research: _Optional[_Union[Prelitigation, _Mapping]] = ..., dispute_settlement: _Optional[_Union[Dispute, _Mapping]] = ..., relocation_dispute: _Optional[_Union[Dispute, _Mapping]] = ..., correction_leave: _Optional[_Union[CorrectionLeave, _Mapping]] = ..., regular_cross_city: _Optional[_Union[CorrectionLeave, _Mapping]] = ..., co_governance: _Optional[_Union[CoGovernance, _Mapping]] = ..., bank_cooperation: _Optional[_Union[CoGovernance, _Mapping]] = ..., compliance: _Optional[_Union[Compliance, _Mapping]] = ..., exchange: _Optional[_Union[Exchange, _Mapping]] = ..., case_conference: _Optional[_Union[CaseConference, _Mapping]] = ..., mediation: _Optional[_Union[Mediation, _Mapping]] = ..., hearing: _Optional[_Union[Hearing, _Mapping]] = ..., instrument: _Optional[_Union[Instrument, _Mapping]] = ..., body_liaison: _Optional[_Union[BodyLiaison, _Mapping]] = ..., enforcement: _Optional[_Union[_common_pb2.Enforcement, _Mapping]] = ..., zone_liaison: _Optional[_Union[AreaLiaison, _Mapping]] = ..., township_visit: _Optional[_Union[AreaLiaison, _Mapping]] = ...) -> None: ...

class JointInquiry(_message.Message):
    __slots__ = ("case_numbers", "parties", "tasks")
    CASE_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    case_numbers: _containers.RepeatedScalarFieldContainer[str]
    parties: _containers.RepeatedScalarFieldContainer[str]
    tasks: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, case_numbers: _Optional[_Iterable[str]] = ..., parties: _Optional[_Iterable[str]] = ..., tasks: _Optional[_Iterable[str]] = ...) -> None: ...

class ChiefConsultation(_message.Message):
    __slots__ = ("basin", "site", "damage")
    BASIN_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    DAMAGE_FIELD_NUMBER: _ClassVar[int]
    basin: str
    site: str
    damage: str
    def __init__(self, basin: _Optional[str] = ..., site: _Optional[str] = ..., damage: _Optional[str] = ...) -> None: ...

class ChiefMeeting(_message.Message):
    __slots__ = ("year", "convener")
    YEAR_FIELD_NUMBER: _ClassVar[int]
    CONVENER_FIELD_NUMBER: _ClassVar[int]
    year: int
    convener: str
    def __init__(self, year: _Optional[int] = ..., convener: _Optional[str] = ...) -> None: ...

class NeighbourTalks(_message.Message):
    __slots__ = ("scope", "issues")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    ISSUES_FIELD_NUMBER: _ClassVar[int]
    scope: TalksScope
    issues: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, scope: _Optional[_Union[TalksScope, str]] = ..., issues: _Optional[_Iterable[str]] = ...) -> None: ...

class JurisdictionQuestion(_message.Message):
    __slots__ = ("case_number", "claims")
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    case_number: str
    claims: _containers.RepeatedCompositeFieldContainer[JurisdictionClaim]
    def __init__(self, case_number: _Optional[str] = ..., claims: _Optional[_Iterable[_Union[JurisdictionClaim, _Mapping]]] = ...) -> None: ...

class JurisdictionClaim(_message.Message):
    __slots__ = ("office", "ground", "claims", "text")
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    GROUND_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    office: str
    ground: JurisdictionGround
    claims: bool
    text: str
    def __init__(self, office: _Optional[str] = ..., ground: _Optional[_Union[JurisdictionGround, str]] = ..., claims: _Optional[bool] = ..., text: _Optional[str] = ...) -> None: ...

class Team(_message.Message):
    __slots__ = ("members", "lead", "case_numbers")
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    LEAD_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedCompositeFieldContainer[TeamMember]
    lead: str
    case_numbers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, members: _Optional[_Iterable[_Union[TeamMember, _Mapping]]] = ..., lead: _Optional[str] = ..., case_numbers: _Optional[_Iterable[str]] = ...) -> None: ...

class TeamMember(_message.Message):
    __slots__ = ("office", "officer", "task", "period")
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    office: str
    officer: str
    task: str
    period: _common_pb2.Period
    def __init__(self, office: _Optional[str] = ..., officer: _Optional[str] = ..., task: _Optional[str] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ...) -> None: ...

class Campaign(_message.Message):
    __slots__ = ("theme", "period", "targets", "measures")
    THEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    TARGETS_FIELD_NUMBER: _ClassVar[int]
    MEASURES_FIELD_NUMBER: _ClassVar[int]
    theme: str
    period: _common_pb2.Period
    targets: _containers.RepeatedCompositeFieldContainer[_common_pb2.Count]
    measures: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, theme: _Optional[str] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ..., targets: _Optional[_Iterable[_Union[_common_pb2.Count, _Mapping]]] = ..., measures: _Optional[_Iterable[str]] = ...) -> None: ...

class LinkageMeeting(_message.Message):
    __slots__ = ("occasion", "applicants", "reports")
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    APPLICANTS_FIELD_NUMBER: _ClassVar[int]
    REPORTS_FIELD_NUMBER: _ClassVar[int]
    occasion: MeetingOccasion
    applicants: _containers.RepeatedScalarFieldContainer[str]
    reports: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    def __init__(self, occasion: _Optional[_Union[MeetingOccasion, str]] = ..., applicants: _Optional[_Iterable[str]] = ..., reports: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ...) -> None: ...

class Prelitigation(_message.Message):
    __slots__ = ("duty", "damage", "plan", "site")
    DUTY_FIELD_NUMBER: _ClassVar[int]
    DAMAGE_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    duty: str
    damage: str
    plan: str
    site: str
    def __init__(self, duty: _Optional[str] = ..., damage: _Optional[str] = ..., plan: _Optional[str] = ..., site: _Optional[str] = ...) -> None: ...

class Dispute(_message.Message):
    __slots__ = ("stage", "case_number", "applicant", "organ", "since_date", "plan", "legal_advice")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    APPLICANT_FIELD_NUMBER: _ClassVar[int]
    ORGAN_FIELD_NUMBER: _ClassVar[int]
    SINCE_DATE_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    LEGAL_ADVICE_FIELD_NUMBER: _ClassVar[int]
    stage: DisputeStage
    case_number: str
    applicant: str
    organ: str
    since_date: str
    plan: str
    legal_advice: str
    def __init__(self, stage: _Optional[_Union[DisputeStage, str]] = ..., case_number: _Optional[str] = ..., applicant: _Optional[str] = ..., organ: _Optional[str] = ..., since_date: _Optional[str] = ..., plan: _Optional[str] = ..., legal_advice: _Optional[str] = ...) -> None: ...

class CorrectionLeave(_message.Message):
    __slots__ = ("person", "period", "destinations", "business", "as_hearing")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    DESTINATIONS_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_FIELD_NUMBER: _ClassVar[int]
    AS_HEARING_FIELD_NUMBER: _ClassVar[int]
    person: str
    period: _common_pb2.Period
    destinations: _containers.RepeatedScalarFieldContainer[str]
    business: str
    as_hearing: bool
    def __init__(self, person: _Optional[str] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ..., destinations: _Optional[_Iterable[str]] = ..., business: _Optional[str] = ..., as_hearing: _Optional[bool] = ...) -> None: ...

class CoGovernance(_message.Message):
    __slots__ = ("field", "risk", "rule_proposal")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    RISK_FIELD_NUMBER: _ClassVar[int]
    RULE_PROPOSAL_FIELD_NUMBER: _ClassVar[int]
    field: str
    risk: str
    rule_proposal: str
    def __init__(self, field: _Optional[str] = ..., risk: _Optional[str] = ..., rule_proposal: _Optional[str] = ...) -> None: ...

class Compliance(_message.Message):
    __slots__ = ("enterprise", "plan", "evaluators", "criteria", "evaluation_date")
    ENTERPRISE_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    EVALUATORS_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_DATE_FIELD_NUMBER: _ClassVar[int]
    enterprise: str
    plan: _common_pb2.EvidenceRef
    evaluators: _containers.RepeatedScalarFieldContainer[str]
    criteria: _containers.RepeatedScalarFieldContainer[str]
    evaluation_date: str
    def __init__(self, enterprise: _Optional[str] = ..., plan: _Optional[_Union[_common_pb2.EvidenceRef, _Mapping]] = ..., evaluators: _Optional[_Iterable[str]] = ..., criteria: _Optional[_Iterable[str]] = ..., evaluation_date: _Optional[str] = ...) -> None: ...

class Exchange(_message.Message):
    __slots__ = ("form", "slots", "period", "lecturers", "publication_date")
    FORM_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    LECTURERS_FIELD_NUMBER: _ClassVar[int]
    PUBLICATION_DATE_FIELD_NUMBER: _ClassVar[int]
    form: ExchangeForm
    slots: int
    period: _common_pb2.Period
    lecturers: _containers.RepeatedScalarFieldContainer[str]
    publication_date: str
    def __init__(self, form: _Optional[_Union[ExchangeForm, str]] = ..., slots: _Optional[int] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ..., lecturers: _Optional[_Iterable[str]] = ..., publication_date: _Optional[str] = ...) -> None: ...

class CaseConference(_message.Message):
    __slots__ = ("charge", "case_numbers", "questions")
    CHARGE_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    charge: str
    case_numbers: _containers.RepeatedScalarFieldContainer[str]
    questions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, charge: _Optional[str] = ..., case_numbers: _Optional[_Iterable[str]] = ..., questions: _Optional[_Iterable[str]] = ...) -> None: ...

class Mediation(_message.Message):
    __slots__ = ("form", "stage", "case_number", "parties", "petition_risk", "amount_fen", "credit_measures")
    FORM_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    PETITION_RISK_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FEN_FIELD_NUMBER: _ClassVar[int]
    CREDIT_MEASURES_FIELD_NUMBER: _ClassVar[int]
    form: MediationForm
    stage: MediationStage
    case_number: str
    parties: _containers.RepeatedScalarFieldContainer[str]
    petition_risk: bool
    amount_fen: int
    credit_measures: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, form: _Optional[_Union[MediationForm, str]] = ..., stage: _Optional[_Union[MediationStage, str]] = ..., case_number: _Optional[str] = ..., parties: _Optional[_Iterable[str]] = ..., petition_risk: _Optional[bool] = ..., amount_fen: _Optional[int] = ..., credit_measures: _Optional[_Iterable[str]] = ...) -> None: ...

class Hearing(_message.Message):
    __slots__ = ("question", "case_number", "open", "invited")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    INVITED_FIELD_NUMBER: _ClassVar[int]
    question: str
    case_number: str
    open: bool
    invited: _containers.RepeatedScalarFieldContainer[_common_pb2.GuestKind]
    def __init__(self, question: _Optional[str] = ..., case_number: _Optional[str] = ..., open: _Optional[bool] = ..., invited: _Optional[_Iterable[_Union[_common_pb2.GuestKind, str]]] = ...) -> None: ...

class Instrument(_message.Message):
    __slots__ = ("form", "title", "scope", "text_sha256", "version", "signatories")
    FORM_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    TEXT_SHA256_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SIGNATORIES_FIELD_NUMBER: _ClassVar[int]
    form: InstrumentForm
    title: str
    scope: str
    text_sha256: bytes
    version: str
    signatories: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, form: _Optional[_Union[InstrumentForm, str]] = ..., title: _Optional[str] = ..., scope: _Optional[str] = ..., text_sha256: _Optional[bytes] = ..., version: _Optional[str] = ..., signatories: _Optional[_Iterable[str]] = ...) -> None: ...

class BodyLiaison(_message.Message):
    __slots__ = ("body", "period")
    BODY_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    body: _common_pb2.PublicBody
    period: _common_pb2.Period
    def __init__(self, body: _Optional[_Union[_common_pb2.PublicBody, str]] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ...) -> None: ...

class AreaLiaison(_message.Message):
    __slots__ = ("area", "contact", "visit_date", "problem")
    AREA_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    VISIT_DATE_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    area: str
    contact: str
    visit_date: str
    problem: str
    def __init__(self, area: _Optional[str] = ..., contact: _Optional[str] = ..., visit_date: _Optional[str] = ..., problem: _Optional[str] = ...) -> None: ...

class OpinionSubmitted(_message.Message):
    __slots__ = ("position", "text", "claims", "sha256", "clause")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    CLAUSE_FIELD_NUMBER: _ClassVar[int]
    position: Position
    text: str
    claims: _containers.RepeatedCompositeFieldContainer[JurisdictionClaim]
    sha256: bytes
    clause: str
    def __init__(self, position: _Optional[_Union[Position, str]] = ..., text: _Optional[str] = ..., claims: _Optional[_Iterable[_Union[JurisdictionClaim, _Mapping]]] = ..., sha256: _Optional[bytes] = ..., clause: _Optional[str] = ...) -> None: ...

class DecisionProposed(_message.Message):
    __slots__ = ("text", "sha256")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    text: str
    sha256: bytes
    def __init__(self, text: _Optional[str] = ..., sha256: _Optional[bytes] = ...) -> None: ...

class DecisionAgreed(_message.Message):
    __slots__ = ("sha256",)
    SHA256_FIELD_NUMBER: _ClassVar[int]
    sha256: bytes
    def __init__(self, sha256: _Optional[bytes] = ...) -> None: ...

class DecisionRecorded(_message.Message):
    __slots__ = ("text", "sha256", "follow_ups", "new_due_date")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UPS_FIELD_NUMBER: _ClassVar[int]
    NEW_DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    text: str
    sha256: bytes
    follow_ups: _containers.RepeatedCompositeFieldContainer[FollowUp]
    new_due_date: str
    def __init__(self, text: _Optional[str] = ..., sha256: _Optional[bytes] = ..., follow_ups: _Optional[_Iterable[_Union[FollowUp, _Mapping]]] = ..., new_due_date: _Optional[str] = ...) -> None: ...

class FollowUp(_message.Message):
    __slots__ = ("office", "task", "due_date")
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    office: str
    task: str
    due_date: str
    def __init__(self, office: _Optional[str] = ..., task: _Optional[str] = ..., due_date: _Optional[str] = ...) -> None: ...

class Drafted(_message.Message):
    __slots__ = ("version", "sha256", "title", "text")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    version: str
    sha256: bytes
    title: str
    text: str
    def __init__(self, version: _Optional[str] = ..., sha256: _Optional[bytes] = ..., title: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class Signed(_message.Message):
    __slots__ = ("sha256", "version", "signatory")
    SHA256_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SIGNATORY_FIELD_NUMBER: _ClassVar[int]
    sha256: bytes
    version: str
    signatory: str
    def __init__(self, sha256: _Optional[bytes] = ..., version: _Optional[str] = ..., signatory: _Optional[str] = ...) -> None: ...

class InForce(_message.Message):
    __slots__ = ("sha256", "version", "number", "date")
    SHA256_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    sha256: bytes
    version: str
    number: str
    date: str
    def __init__(self, sha256: _Optional[bytes] = ..., version: _Optional[str] = ..., number: _Optional[str] = ..., date: _Optional[str] = ...) -> None: ...

class HearingHeld(_message.Message):
    __slots__ = ("date", "attendances", "consensus", "text", "transcript_sha256")
    DATE_FIELD_NUMBER: _ClassVar[int]
    ATTENDANCES_FIELD_NUMBER: _ClassVar[int]
    CONSENSUS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TRANSCRIPT_SHA256_FIELD_NUMBER: _ClassVar[int]
    date: str
    attendances: _containers.RepeatedCompositeFieldContainer[Attendance]
    consensus: bool
    text: str
    transcript_sha256: bytes
    def __init__(self, date: _Optional[str] = ..., attendances: _Optional[_Iterable[_Union[Attendance, _Mapping]]] = ..., consensus: _Optional[bool] = ..., text: _Optional[str] = ..., transcript_sha256: _Optional[bytes] = ...) -> None: ...

class Attendance(_message.Message):
    __slots__ = ("kind", "number")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    kind: _common_pb2.GuestKind
    number: int
    def __init__(self, kind: _Optional[_Union[_common_pb2.GuestKind, str]] = ..., number: _Optional[int] = ...) -> None: ...

class MediationStaged(_message.Message):
    __slots__ = ("stage", "text", "agreement_sha256", "performance", "deposited_fen")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_SHA256_FIELD_NUMBER: _ClassVar[int]
    PERFORMANCE_FIELD_NUMBER: _ClassVar[int]
    DEPOSITED_FEN_FIELD_NUMBER: _ClassVar[int]
    stage: MediationStage
    text: str
    agreement_sha256: bytes
    performance: Performance
    deposited_fen: int
    def __init__(self, stage: _Optional[_Union[MediationStage, str]] = ..., text: _Optional[str] = ..., agreement_sha256: _Optional[bytes] = ..., performance: _Optional[_Union[Performance, str]] = ..., deposited_fen: _Optional[int] = ...) -> None: ...

class ApplicationWithdrawn(_message.Message):
    __slots__ = ("reason", "statement_sha256")
    REASON_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_SHA256_FIELD_NUMBER: _ClassVar[int]
    reason: str
    statement_sha256: bytes
    def __init__(self, reason: _Optional[str] = ..., statement_sha256: _Optional[bytes] = ...) -> None: ...
