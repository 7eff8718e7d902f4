from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import assistance_pb2 as _assistance_pb2
from collab.v1 import clue_pb2 as _clue_pb2
from collab.v1 import consultation_pb2 as _consultation_pb2
from collab.v1 import datashare_pb2 as _datashare_pb2
from collab.v1 import notification_pb2 as _notification_pb2
from collab.v1 import recommendation_pb2 as _recommendation_pb2
from collab.v1 import verbs_pb2 as _verbs_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Body(_message.Message):
    __slots__ = ("received", "accepted", "declined", "returned", "forwarded", "clarification_asked", "clarification_answered", "progressed", "completed", "closed", "withdrawal_asked", "withdrawal_granted", "withdrawal_refused", "extension_asked", "extended", "commented", "reminded", "overdue", "participant_added", "leave_asked", "participant_left", "refused", "assigned", "reopened", "escalated", "default_claimed", "corrected", "linked", "track_opened", "track_ended", "copied", "voided", "released", "archived", "assistance_requested", "clue_transferred", "clue_reviewed", "clue_result_reported", "case_notified", "acknowledged", "case_indexed", "proposal_answered", "consultation_convened", "opinion_submitted", "decision_proposed", "decision_agreed", "decision_recorded", "drafted", "signed", "in_force", "hearing_held", "mediation_staged", "application_withdrawn", "recommendation_issued", "rectified", "replied", "assessed", "objected", "objection_decided", "model_published", "dataset_published", "subscribed", "unsubscribed", "version_published", "access_requested", "granted", "model_hit", "hit_outcome_recorded", "stage_recorded")
    RECEIVED_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    DECLINED_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    FORWARDED_FIELD_NUMBER: _ClassVar[int]
    CLARIFICATION_ASKED_FIELD_NUMBER: _ClassVar[int]
    CLARIFICATION_ANSWERED_FIELD_NUMBER: _ClassVar[int]
    PROGRESSED_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_ASKED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_GRANTED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_REFUSED_FIELD_NUMBER: _ClassVar[int]
    EXTENSION_ASKED_FIELD_NUMBER: _ClassVar[int]
    EXTENDED_FIELD_NUMBER: _ClassVar[int]
    COMMENTED_FIELD_NUMBER: _ClassVar[int]
    REMINDED_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_ADDED_FIELD_NUMBER: _ClassVar[int]
    LEAVE_ASKED_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_LEFT_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    REOPENED_FIELD_NUMBER: _ClassVar[int]
    ESCALATED_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_CLAIMED_FIELD_NUMBER: _ClassVar[int]
    CORRECTED_FIELD_NUMBER: _ClassVar[int]
    LINKED_FIELD_NUMBER: _ClassVar[int]
    TRACK_OPENED_FIELD_NUMBER: _ClassVar[int]
    TRACK_ENDED_FIELD_NUMBER: _ClassVar[int]
    COPIED_FIELD_NUMBER: _ClassVar[int]
    VOIDED_FIELD_NUMBER: _ClassVar[int]
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    ASSISTANCE_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    CLUE_TRANSFERRED_FIELD_NUMBER: _ClassVar[int]
    CLUE_REVIEWED_FIELD_NUMBER: _ClassVar[int]
    CLUE_RESULT_REPORTED_FIELD_NUMBER: _ClassVar[int]
    CASE_NOTIFIED_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGED_FIELD_NUMBER: _ClassVar[int]
    CASE_INDEXED_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_ANSWERED_FIELD_NUMBER: _ClassVar[int]
    CONSULTATION_CONVENED_FIELD_NUMBER: _ClassVar[int]
    OPINION_SUBMITTED_FIELD_NUMBER: _ClassVar[int]
    DECISION_PROPOSED_FIELD_NUMBER: _ClassVar[int]
    DECISION_AGREED_FIELD_NUMBER: _ClassVar[int]
    DECISION_RECORDED_FIELD_NUMBER: _ClassVar[int]
    DRAFTED_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    IN_FORCE_FIELD_NUMBER: _ClassVar[int]
    HEARING_HELD_FIELD_NUMBER: _ClassVar[int]
    MEDIATION_STAGED_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    RECOMMENDATION_ISSUED_FIELD_NUMBER: _ClassVar[int]
    RECTIFIED_FIELD_NUMBER: _ClassVar[int]
    REPLIED_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_FIELD_NUMBER: _ClassVar[int]
    OBJECTED_FIELD_NUMBER: _ClassVar[int]
    OBJECTION_DECIDED_FIELD_NUMBER: _ClassVar[int]
    MODEL_PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    DATASET_PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBED_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBED_FIELD_NUMBER: _ClassVar[int]
    VERSION_PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    ACCESS_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    GRANTED_FIELD_NUMBER: _ClassVar[int]
    MODEL_HIT_FIELD_NUMBER: _ClassVar[int]
    HIT_OUTCOME_RECORDED_FIELD_NUMBER: _ClassVar[int]
    STAGE_RECORDED_FIELD_NUMBER: _ClassVar[int]
    received: _verbs_pb2.Received
    accepted: _verbs_pb2.Accepted
    declined: _verbs_pb2.Declined
    returned: _verbs_pb2.Returned
    forwarded: _verbs_pb2.Forwarded
    clarification_asked: _verbs_pb2.ClarificationAsked
    clarification_answered: _verbs_pb2.ClarificationAnswered
    progressed: _verbs_pb2.Progressed
    completed: _verbs_pb2.Completed
    closed: _verbs_pb2.Closed
    withdrawal_asked: _verbs_pb2.WithdrawalAsked
    withdrawal_granted: _verbs_pb2.WithdrawalGranted
    withdrawal_refused: _verbs_pb2.WithdrawalRefused
    extension_asked: _verbs_pb2.ExtensionAsked
    extended: _verbs_pb2.Extended
    commented: _verbs_pb2.Commented
    reminded: _verbs_pb2.Reminded
    overdue: _verbs_pb2.Overdue
    participant_added: _verbs_pb2.ParticipantAdded
    leave_asked: _verbs_pb2.LeaveAsked
    participant_left: _verbs_pb2.ParticipantLeft
    refused: _verbs_pb2.Refused
    assigned: _verbs_pb2.Assigned
    reopened: _verbs_pb2.Reopened
    escalated: _verbs_pb2.Escalated
    default_claimed: _verbs_pb2.DefaultClaimed
    corrected: Corrected
    linked: _verbs_pb2.Linked
    track_opened: _verbs_pb2.TrackOpened
    track_ended: _verbs_pb2.TrackEnded
    copied: _verbs_pb2.Copied
    voided: _verbs_pb2.Voided
    released: _verbs_pb2.Released
    archived: _verbs_pb2.Archived
    assistance_requested: _assistance_pb2.AssistanceRequested
    clue_transferred: _clue_pb2.ClueTransferred
    clue_reviewed: _clue_pb2.ClueReviewed
    clue_result_reported: _clue_pb2.ClueResultReported
    case_notified: _notification_pb2.CaseNotified
    acknowledged: _notification_pb2.Acknowledged
    case_indexed: _notification_pb2.CaseIndexed
    proposal_answered: _notification_pb2.ProposalAnswered
    consultation_convened: _consultation_pb2.ConsultationConvened
    opinion_submitted: _consultation_pb2.OpinionSubmitted
    decision_proposed: _consultation_pb2.DecisionProposed
    decision_agreed: _consultation_pb2.DecisionAgreed
    decision_recorded: _consultation_pb2.DecisionRecorded
    drafted: _consultation_pb2.Drafted
    signed: _consultation_pb2.Signed
    in_force: _consultation_pb2.InForce
    hearing_held: _consultation_pb2.HearingHeld
    mediation_staged: _consultation_pb2.MediationStaged
    application_withdrawn: _consultation_pb2.ApplicationWithdrawn
    recommendation_issued: _recommendation_pb2.RecommendationIssued
    rectified: _recommendation_pb2.Rectified
    replied: _recommendation_pb2.Replied
    assessed: _recommendation_pb2.Assessed
    objected: _recommendation_pb2.Objected
    objection_decided: _recommendation_pb2.ObjectionDecided
    model_published: _datashare_pb2.ModelPublished
    dataset_published: _datashare_pb2.DatasetPublished
    subscribed: _datashare_pb2.Subscribed
    unsubscribed: _datashare_pb2.Unsubscribed
    version_published: _datashare_pb2.VersionPublished
    access_requested: _datashare_pb2.AccessRequested
    granted: _datashare_pb2.Granted
    model_hit: _datashare_pb2.ModelHit
    hit_outcome_recorded: _datashare_pb2.HitOutcomeRecorded
    stage_recorded: _datashare_pb2.StageRecorded
    def __init__(self, received: _Optional[_Union[_verbs_pb2.Received, _Mapping]] = ..., accepted: _Optional[_Union[_verbs_pb2.Accepted, _Mapping]] = ..., declined: _Optional[_Union[_verbs_pb2.Declined, _Mapping]] = ..., returned: _Optional[_Union[_verbs_pb2.Returned, _Mapping]] = ..., forwarded: _Optional[_Union[_verbs_pb2.Forwarded, _Mapping]] = ..., clarification_asked: _Optional[_Union[_verbs_pb2.ClarificationAsked, _Mapping]] = ..., clarification_answered: _Optional[_Union[_verbs_pb2.ClarificationAnswered, _Mapping]] = ..., progressed: _Optional[_Union[_verbs_pb2.Progressed, _Mapping]] = ..., completed: _Optional[_Union[_verbs_pb2.Completed, _Mapping]] = ..., closed: _Optional[_Union[_verbs_pb2.Closed, _Mapping]] = ..., withdrawal_asked: _Optional[_Union[_verbs_pb2.WithdrawalAsked, _Mapping]] = ..., withdrawal_granted: _Optional[_Union[_verbs_pb2.WithdrawalGranted, _Mapping]] = ..., withdrawal_refused: _Optional[_Union[_verbs_pb2.WithdrawalRefused, _Mapping]] = ..., extension_asked: _Optional[_Union[_verbs_pb2.ExtensionAsked, _Mapping]] = ..., extended: _Optional[_Union[_verbs_pb2.Extended, _Mapping]] = ..., commented: _Optional[_Union[_verbs_pb2.Commented, _Mapping]] = ..., reminded: _Optional[_Union[_verbs_pb2.Reminded, _Mapping]] = ..., overdue: _Optional[_Union[_verbs_pb2.Overdue, _Mapping]] = ..., participant_added: _Optional[_Union[_verbs_pb2.ParticipantAdded, _Mapping]] = ..., leave_asked: _Optional[_Union[_verbs_pb2.LeaveAsked, _Mapping]] = ..., participant_left: _Optional[_Union[_verbs_pb2.ParticipantLeft, _Mapping]] = ..., refused: _Optional[_Union[_verbs_pb2.Refused, _Mapping]] = ..., assigned: _Optional[_Union[_verbs_pb2.Assigned, _Mapping]] = ..., reopened: _Optional[_Union[_verbs_pb2.Reopened, _Mapping]] = ..., escalated: _Optional[_Union[_verbs_pb2.Escalated, _Mapping]] = ..., default_claimed: _Optional[_Union[_verbs_pb2.DefaultClaimed, _Mapping]] = ..., corrected: _Optional[_Union[Corrected, _Mapping]] = ..., linked: _Optional[_Union[_verbs_pb2.Linked, _Mapping]] = ..., track_opened: _Optional[_Union[_verbs_pb2.TrackOpened, _Mapping]] = ..., track_ended: _Optional[_Union[_verbs_pb2.TrackEnded, _Mapping]] = ..., copied: _Optional[_Union[_verbs_pb2.Copied, _Mapping]] = ..., voided: _Optional[_Union[_verbs_pb2.Voided, _Mapping]] = ..., released: _Optional[_Union[_verbs_pb2.Released, _Mapping]] = ..., archived: _Optional[_Union[_verbs_pb2.Archived, _Mapping]] = ..., assistance_requested: _Optional[_Union[_assistance_pb2.AssistanceRequested, _Mapping]] = ..., clue_transferred: _Optional[_Union[_clue_pb2.ClueTransferred, _Mapping]] = ..., clue_reviewed: _Optional[_Union[_clue_pb2.ClueReviewed, _Mapping]] = ..., clue_result_reported: _Optional[_Union[_clue_pb2.ClueResultReported, _Mapping]] = ..., case_notified: _Optional[_Union[_notification_pb2.CaseNotified, _Mapping]] = ..., acknowledged: _Optional[_Union[_notification_pb2.Acknowledged, _Mapping]] = ..., case_indexed: _Optional[_Union[_notification_pb2.CaseIndexed, _Mapping]] = ..., proposal_answered: _Optional[_Union[_notification_pb2.ProposalAnswered, _Mapping]] = ..., consultation_convened: _Optional[_Union[_consultation_pb2.ConsultationConvened, _Mapping]] = ..., opinion_submitted: _Optional[_Union[_consultation_pb2.OpinionSubmitted, _Mapping]] = ..., decision_proposed: _Optional[_Union[_consultation_pb2.DecisionProposed, _Mapping]] = ..., decision_agreed: _Optional[_Union[_consultation_pb2.DecisionAgreed, _Mapping]] = ..., decision_recorded: _Optional[_Union[_consultation_pb2.DecisionRecorded, _Mapping]] = ..., drafted: _Optional[_Union[_consultation_pb2.Drafted, _Mapping]] = ..., signed: _Optional[_Union[_consultation_pb2.Signed, _Mapping]] = ..., in_force: _Optional[_Union[_consultation_pb2.InForce, _Mapping]] = ..., hearing_held: _Optional[_Union[_consultation_pb2.HearingHeld, _Mapping]] = ..., mediation_staged: _Optional[_Union[_consultation_pb2.MediationStaged, _Mapping]] = ..., application_withdrawn: _Optional[_Union[_consultation_pb2.ApplicationWithdrawn, _Mapping]] = ..., recommendation_issued: _Optional[_Union[_recommendation_pb2.RecommendationIssued, _Mapping]] = ..., rectified: _Optional[_Union[_recommendation_pb2.Rectified, _Mapping]] = ..., replied: _Optional[_Union[_recommendation_pb2.Replied, _Mapping]] = ..., assessed: _Optional[_Union[_recommendation_pb2.Assessed, _Mapping]] = ..., objected: _Optional[_Union[_recommendation_pb2.Objected, _Mapping]] = ..., objection_decided: _Optional[_Union[_recommendation_pb2.ObjectionDecided, _Mapping]] = ..., model_published: _Optional[_Union[_datashare_pb2.ModelPublished, _Mapping]] = ..., dataset_published: _Optional[_Union[_datashare_pb2.DatasetPublished, _Mapping]] = ..., subscribed: _Optional[_Union[_datashare_pb2.Subscribed, _Mapping]] = ..., unsubscribed: _Optional[_Union[_datashare_pb2.Unsubscribed, _Mapping]] = ..., version_published: _Optional[_Union[_datashare_pb2.VersionPublished, _Mapping]] = ..., access_requested: _Optional[_Union[_datashare_pb2.AccessRequested, _Mapping]] = ..., granted: _Optional[_Union[_datashare_pb2.Granted, _Mapping]] = ..., model_hit: _Optional[_Union[_datashare_pb2.ModelHit, _Mapping]] = ..., hit_outcome_recorded: _Optional[_Union[_datashare_pb2.HitOutcomeRecorded, _Mapping]] = ..., stage_recorded: _Optional[_Union[_datashare_pb2.StageRecorded, _Mapping]] = ...) -> None: ...

class Corrected(_message.Message):
    __slots__ = ("number", "fields", "reason", "body")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    number: int
    fields: _containers.RepeatedScalarFieldContainer[str]
    reason: str
    body: Body
    def __init__(self, number: _Optional[int] = ..., fields: _Optional[_Iterable[str]] = ..., reason: _Optional[str] = ..., body: _Optional[_Union[Body, _Mapping]] = ...) -> None: ...
