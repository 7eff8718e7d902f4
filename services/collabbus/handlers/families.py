"""What an office can answer, by family: written by `make schemas`."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Unpack

from collab.v1 import (
    clue_pb2,
    common_pb2,
    consultation_pb2,
    datashare_pb2,
    notification_pb2,
    recommendation_pb2,
    verbs_pb2,
)
from collab.v1.assistance_pb2 import AssistanceRequested
from collab.v1.clue_pb2 import ClueResultReported, ClueReviewed, ClueTransferred
from collab.v1.consultation_pb2 import (
    ApplicationWithdrawn,
    ConsultationConvened,
    DecisionAgreed,
    DecisionProposed,
    DecisionRecorded,
    Drafted,
    HearingHeld,
    InForce,
    MediationStaged,
    OpinionSubmitted,
    Signed,
)
from collab.v1.datashare_pb2 import (
    AccessRequested,
    DatasetPublished,
    Granted,
    HitOutcomeRecorded,
    ModelHit,
    ModelPublished,
    StageRecorded,
    Subscribed,
    Unsubscribed,
    VersionPublished,
)
from collab.v1.notification_pb2 import Acknowledged, CaseIndexed, CaseNotified, ProposalAnswered
from collab.v1.recommendation_pb2 import (
    Assessed,
    Objected,
    ObjectionDecided,
    RecommendationIssued,
    Rectified,
    Replied,
)
from collab.v1.verbs_pb2 import (
    Accepted,
    Archived,
    Assigned,
    ClarificationAnswered,
    ClarificationAsked,
    Closed,
    Commented,
    Completed,
    Copied,
    Declined,
    DefaultClaimed,
    Escalated,
    Extended,
    ExtensionAsked,
    Forwarded,
    LeaveAsked,
    Linked,
    Overdue,
    ParticipantAdded,
    ParticipantLeft,
    Progressed,
    Received,
    Refused,
    Released,
    Reminded,
    Reopened,
    Returned,
    TrackEnded,
    TrackOpened,
    Voided,
    WithdrawalAsked,
    WithdrawalGranted,
    WithdrawalRefused,
)
from collabbus.handlers.answer import Answer, Answering
from collabbus.handlers.matter import Matter

__all__ = [
    "Accepted",
    "AccessRequested",
    "AccessScope",
    "Acknowledged",
    "Adoption",
    "ApplicationWithdrawn",
    "Archived",
    "Assessed",
    "Assessment",
    "Assigned",
    "AssistanceMatter",
    "AssistanceRequested",
    "CaseIndexed",
    "CaseNotified",
    "CaseTrack",
    "ClarificationAnswered",
    "ClarificationAsked",
    "Closed",
    "ClueMatter",
    "ClueOutcome",
    "ClueResultReported",
    "ClueReviewed",
    "ClueTransferred",
    "Commented",
    "CommonMatter",
    "Completed",
    "ConsultationConvened",
    "ConsultationMatter",
    "Copied",
    "DatasetPublished",
    "DatashareMatter",
    "DecisionAgreed",
    "DecisionProposed",
    "DecisionRecorded",
    "DeclineReason",
    "Declined",
    "DefaultClaimed",
    "Drafted",
    "Escalated",
    "Extended",
    "ExtensionAsked",
    "FilingOutcome",
    "Forwarded",
    "Granted",
    "HearingHeld",
    "HitOutcome",
    "HitOutcomeRecorded",
    "InForce",
    "LeaveAsked",
    "Linked",
    "MediationStage",
    "MediationStaged",
    "ModelHit",
    "ModelPublished",
    "NotificationMatter",
    "Objected",
    "ObjectionDecided",
    "ObjectionKind",
    "ObjectionOutcome",
    "OpinionSubmitted",
    "Overdue",
    "ParticipantAdded",
    "ParticipantLeft",
    "Performance",
    "Position",
    "Progressed",
    "ProposalAnswered",
    "Received",
    "RecommendationIssued",
    "RecommendationMatter",
    "Rectified",
    "Refused",
    "Released",
    "Reminded",
    "Reopened",
    "Replied",
    "ReturnReason",
    "Returned",
    "ReviewDecision",
    "SentenceStage",
    "Signed",
    "Significance",
    "StageRecorded",
    "Subscribed",
    "TrackEnded",
    "TrackOpened",
    "Unsubscribed",
    "VersionPublished",
    "Voided",
    "WithdrawalAsked",
    "WithdrawalGranted",
    "WithdrawalRefused",
]


class AccessScope(StrEnum):
    """Values of collab.v1.AccessScope."""

    QUERY = "ACCESS_SCOPE_QUERY"
    READ = "ACCESS_SCOPE_READ"
    DOWNLOAD = "ACCESS_SCOPE_DOWNLOAD"
    TRANSFER = "ACCESS_SCOPE_TRANSFER"


class Adoption(StrEnum):
    """Values of collab.v1.Adoption."""

    ADOPTED = "ADOPTION_ADOPTED"
    PARTLY = "ADOPTION_PARTLY"
    NOT_ADOPTED = "ADOPTION_NOT_ADOPTED"
    STUDIED = "ADOPTION_STUDIED"


class Assessment(StrEnum):
    """Values of collab.v1.Assessment."""

    SATISFIED = "ASSESSMENT_SATISFIED"
    REJECTED = "ASSESSMENT_REJECTED"


class CaseTrack(StrEnum):
    """Values of collab.v1.CaseTrack."""

    FAST = "CASE_TRACK_FAST"
    SIMPLE = "CASE_TRACK_SIMPLE"
    COMPLEX = "CASE_TRACK_COMPLEX"


class ClueOutcome(StrEnum):
    """Values of collab.v1.ClueOutcome."""

    CASE_FILED = "CLUE_OUTCOME_CASE_FILED"
    NOT_FILED = "CLUE_OUTCOME_NOT_FILED"
    TRANSFERRED_ON = "CLUE_OUTCOME_TRANSFERRED_ON"
    MERGED = "CLUE_OUTCOME_MERGED"
    RECOMMENDATION = "CLUE_OUTCOME_RECOMMENDATION"
    PENALISED = "CLUE_OUTCOME_PENALISED"
    PROSECUTED = "CLUE_OUTCOME_PROSECUTED"
    SOLVED = "CLUE_OUTCOME_SOLVED"
    WITHDRAWN_BY_APPLICANT = "CLUE_OUTCOME_WITHDRAWN_BY_APPLICANT"
    UNFOUNDED = "CLUE_OUTCOME_UNFOUNDED"


class DeclineReason(StrEnum):
    """Values of collab.v1.DeclineReason."""

    NO_COMPETENCE = "DECLINE_REASON_NO_COMPETENCE"
    NO_LEGAL_BASIS = "DECLINE_REASON_NO_LEGAL_BASIS"
    NO_NEED = "DECLINE_REASON_NO_NEED"
    PROTECTED = "DECLINE_REASON_PROTECTED"


class FilingOutcome(StrEnum):
    """Values of collab.v1.FilingOutcome."""

    REASONS_GIVEN = "FILING_OUTCOME_REASONS_GIVEN"
    FILED = "FILING_OUTCOME_FILED"
    WITHDRAWN = "FILING_OUTCOME_WITHDRAWN"
    CONCLUDED = "FILING_OUTCOME_CONCLUDED"


class HitOutcome(StrEnum):
    """Values of collab.v1.HitOutcome."""

    TRUE_POSITIVE = "HIT_OUTCOME_TRUE_POSITIVE"
    FALSE_POSITIVE = "HIT_OUTCOME_FALSE_POSITIVE"


class MediationStage(StrEnum):
    """Values of collab.v1.MediationStage."""

    PREVENTION = "MEDIATION_STAGE_PREVENTION"
    IN_CASE = "MEDIATION_STAGE_IN_CASE"
    AFTER = "MEDIATION_STAGE_AFTER"


class ObjectionKind(StrEnum):
    """Values of collab.v1.ObjectionKind."""

    EXPLANATION = "OBJECTION_KIND_EXPLANATION"
    RECONSIDERATION = "OBJECTION_KIND_RECONSIDERATION"


class ObjectionOutcome(StrEnum):
    """Values of collab.v1.ObjectionOutcome."""

    UPHELD = "OBJECTION_OUTCOME_UPHELD"
    AMENDED = "OBJECTION_OUTCOME_AMENDED"
    WITHDRAWN = "OBJECTION_OUTCOME_WITHDRAWN"


class Performance(StrEnum):
    """Values of collab.v1.Performance."""

    NONE = "PERFORMANCE_NONE"
    PARTIAL = "PERFORMANCE_PARTIAL"
    FULL = "PERFORMANCE_FULL"


class Position(StrEnum):
    """Values of collab.v1.Position."""

    AGREES = "POSITION_AGREES"
    AGREES_IF = "POSITION_AGREES_IF"
    DISAGREES = "POSITION_DISAGREES"
    NONE = "POSITION_NONE"


class ReturnReason(StrEnum):
    """Values of collab.v1.ReturnReason."""

    NO_JURISDICTION = "RETURN_REASON_NO_JURISDICTION"
    INCOMPLETE = "RETURN_REASON_INCOMPLETE"
    LEAVING = "RETURN_REASON_LEAVING"
    INSUFFICIENT = "RETURN_REASON_INSUFFICIENT"
    DUPLICATE = "RETURN_REASON_DUPLICATE"
    UNFIT_TRACK = "RETURN_REASON_UNFIT_TRACK"
    NOT_AS_ASKED = "RETURN_REASON_NOT_AS_ASKED"
    VERSION_SUPERSEDED = "RETURN_REASON_VERSION_SUPERSEDED"


class ReviewDecision(StrEnum):
    """Values of collab.v1.ReviewDecision."""

    ACCEPTED = "REVIEW_DECISION_ACCEPTED"
    RETURNED = "REVIEW_DECISION_RETURNED"
    REROUTED = "REVIEW_DECISION_REROUTED"


class SentenceStage(StrEnum):
    """Values of collab.v1.SentenceStage."""

    PROPOSED = "SENTENCE_STAGE_PROPOSED"
    HEARD = "SENTENCE_STAGE_HEARD"
    RULED = "SENTENCE_STAGE_RULED"
    DECIDED = "SENTENCE_STAGE_DECIDED"
    EXECUTED = "SENTENCE_STAGE_EXECUTED"


class Significance(StrEnum):
    """Values of collab.v1.Significance."""

    SOCIAL = "SIGNIFICANCE_SOCIAL"
    LEGAL = "SIGNIFICANCE_LEGAL"


AssistanceBody = AssistanceRequested
"""What is said in matters of the family assistance alone."""
ClueBody = ClueResultReported | ClueReviewed | ClueTransferred
"""What is said in matters of the family clue alone."""
ConsultationBody = (
    ApplicationWithdrawn
    | ConsultationConvened
    | DecisionAgreed
    | DecisionProposed
    | DecisionRecorded
    | Drafted
    | HearingHeld
    | InForce
    | MediationStaged
    | OpinionSubmitted
    | Signed
)
"""What is said in matters of the family consultation alone."""
DatashareBody = (
    AccessRequested
    | DatasetPublished
    | Granted
    | HitOutcomeRecorded
    | ModelHit
    | ModelPublished
    | StageRecorded
    | Subscribed
    | Unsubscribed
    | VersionPublished
)
"""What is said in matters of the family datashare alone."""
NotificationBody = Acknowledged | CaseIndexed | CaseNotified | ProposalAnswered
"""What is said in matters of the family notification alone."""
RecommendationBody = (
    Assessed | Objected | ObjectionDecided | RecommendationIssued | Rectified | Replied
)
"""What is said in matters of the family recommendation alone."""


class CommonMatter(Matter):
    """A matter, and what an office can say in one of any family."""

    def comment(
        self,
        *,
        officer: str,
        text: str,
        clause: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """备注: answer with Commented."""
        return self.act(verbs_pb2.Commented(text=text, clause=clause), officer=officer, **details)

    def extend(
        self,
        *,
        officer: str,
        until: str,
        reason: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """调整期限: answer with Extended."""
        return self.act(
            verbs_pb2.Extended(due_date=until, reason=reason), officer=officer, **details
        )

    def ask_extension(
        self,
        *,
        officer: str,
        until: str,
        reason: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """请求延期: answer with ExtensionAsked."""
        return self.act(
            verbs_pb2.ExtensionAsked(due_date=until, reason=reason), officer=officer, **details
        )

    def leave(
        self,
        *,
        officer: str,
        reason: str | None = None,
        additions: Sequence[str] = (),
        **details: Unpack[Answering],
    ) -> Answer:
        """请求退出: answer with LeaveAsked."""
        return self.act(
            verbs_pb2.LeaveAsked(reason=reason, additions=additions), officer=officer, **details
        )

    def add_participants(
        self,
        *,
        officer: str,
        reason: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """增加参与方: answer with ParticipantAdded."""
        return self.act(verbs_pb2.ParticipantAdded(reason=reason), officer=officer, **details)

    def ask_withdrawal(
        self,
        *,
        officer: str,
        reason: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """请求撤回: answer with WithdrawalAsked."""
        return self.act(verbs_pb2.WithdrawalAsked(reason=reason), officer=officer, **details)

    def refuse_withdrawal(
        self,
        *,
        officer: str,
        reason: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """不同意撤回: answer with WithdrawalRefused."""
        return self.act(verbs_pb2.WithdrawalRefused(reason=reason), officer=officer, **details)


class AssistanceMatter(CommonMatter):
    """协助: what an office can answer in a matter of the family assistance."""

    def accept(
        self,
        *,
        officer: str,
        assignee: str,
        venue: str | None = None,
        date: str | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """受理: answer with Accepted."""
        return self.act(
            verbs_pb2.Accepted(officer=assignee, venue=venue, date=date, note=note),
            officer=officer,
            **details,
        )

    def assess(
        self,
        *,
        officer: str,
        assessment: Assessment,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """验收: answer with Assessed."""
        return self.act(
            recommendation_pb2.Assessed(assessment=assessment, text=text),
            officer=officer,
            **details,
        )

    def assign(
        self,
        *,
        officer: str,
        office: str,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """交办: answer with Assigned."""
        return self.act(verbs_pb2.Assigned(office=office, text=text), officer=officer, **details)

    def answer(
        self,
        *,
        officer: str,
        answers: Sequence[str],
        **details: Unpack[Answering],
    ) -> Answer:
        """补充说明: answer with ClarificationAnswered."""
        return self.act(
            verbs_pb2.ClarificationAnswered(answers=answers), officer=officer, **details
        )

    def ask(
        self,
        *,
        officer: str,
        questions: Sequence[str],
        **details: Unpack[Answering],
    ) -> Answer:
        """请求补充说明: answer with ClarificationAsked."""
        return self.act(
            verbs_pb2.ClarificationAsked(questions=questions), officer=officer, **details
        )

    def close(
        self,
        *,
        officer: str,
        rating: int | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """结束: answer with Closed."""
        return self.act(verbs_pb2.Closed(rating=rating, note=note), officer=officer, **details)

    def complete(
        self,
        *,
        officer: str,
        results: Sequence[verbs_pb2.Result] = (),
        transcript_sha256: bytes | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """办结: answer with Completed."""
        return self.act(
            verbs_pb2.Completed(results=results, transcript_sha256=transcript_sha256, note=note),
            officer=officer,
            **details,
        )

    def decline(
        self,
        *,
        officer: str,
        reason: DeclineReason,
        text: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """不予受理: answer with Declined."""
        return self.act(verbs_pb2.Declined(reason=reason, text=text), officer=officer, **details)

    def forward(
        self,
        *,
        officer: str,
        office: str,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """转交: answer with Forwarded."""
        return self.act(verbs_pb2.Forwarded(office=office, text=text), officer=officer, **details)

    def progress(
        self,
        *,
        officer: str,
        text: str,
        coordinated: Sequence[str] = (),
        percent: int | None = None,
        report: verbs_pb2.Report | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """进展: answer with Progressed."""
        return self.act(
            verbs_pb2.Progressed(
                text=text, coordinated=coordinated, percent=percent, report=report
            ),
            officer=officer,
            **details,
        )

    def receive(
        self,
        *,
        officer: str,
        register_number: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """收到: answer with Received."""
        return self.act(
            verbs_pb2.Received(register_number=register_number), officer=officer, **details
        )

    def hand_back(
        self,
        *,
        officer: str,
        reason: ReturnReason,
        text: str,
        suggested_office: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """退回: answer with Returned."""
        return self.act(
            verbs_pb2.Returned(reason=reason, text=text, suggested_office=suggested_office),
            officer=officer,
            **details,
        )

    def grant_withdrawal(
        self,
        *,
        officer: str,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """同意撤回: answer with WithdrawalGranted."""
        return self.act(verbs_pb2.WithdrawalGranted(note=note), officer=officer, **details)


class ClueMatter(CommonMatter):
    """线索: what an office can answer in a matter of the family clue."""

    def withdraw_application(
        self,
        *,
        officer: str,
        reason: str,
        statement_sha256: bytes | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """申请人撤回申请: answer with ApplicationWithdrawn."""
        return self.act(
            consultation_pb2.ApplicationWithdrawn(reason=reason, statement_sha256=statement_sha256),
            officer=officer,
            **details,
        )

    def assign(
        self,
        *,
        officer: str,
        office: str,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """交办: answer with Assigned."""
        return self.act(verbs_pb2.Assigned(office=office, text=text), officer=officer, **details)

    def answer(
        self,
        *,
        officer: str,
        answers: Sequence[str],
        **details: Unpack[Answering],
    ) -> Answer:
        """补充说明: answer with ClarificationAnswered."""
        return self.act(
            verbs_pb2.ClarificationAnswered(answers=answers), officer=officer, **details
        )

    def ask(
        self,
        *,
        officer: str,
        questions: Sequence[str],
        **details: Unpack[Answering],
    ) -> Answer:
        """请求补充说明: answer with ClarificationAsked."""
        return self.act(
            verbs_pb2.ClarificationAsked(questions=questions), officer=officer, **details
        )

    def close(
        self,
        *,
        officer: str,
        rating: int | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """结束: answer with Closed."""
        return self.act(verbs_pb2.Closed(rating=rating, note=note), officer=officer, **details)

    def report_result(
        self,
        *,
        officer: str,
        outcome: ClueOutcome,
        text: str,
        filed_as: str | None = None,
        documents: Sequence[common_pb2.EvidenceRef] = (),
        recovered_fen: int | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """反馈结果: answer with ClueResultReported."""
        return self.act(
            clue_pb2.ClueResultReported(
                outcome=outcome,
                text=text,
                case_number=filed_as,
                documents=documents,
                recovered_fen=recovered_fen,
            ),
            officer=officer,
            **details,
        )

    def review(
        self,
        *,
        officer: str,
        decision: ReviewDecision,
        reason: ReturnReason | None = None,
        text: str | None = None,
        track: CaseTrack | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """审查: answer with ClueReviewed."""
        return self.act(
            clue_pb2.ClueReviewed(decision=decision, reason=reason, text=text, track=track),
            officer=officer,
            **details,
        )

    def forward(
        self,
        *,
        officer: str,
        office: str,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """转交: answer with Forwarded."""
        return self.act(verbs_pb2.Forwarded(office=office, text=text), officer=officer, **details)

    def progress(
        self,
        *,
        officer: str,
        text: str,
        coordinated: Sequence[str] = (),
        percent: int | None = None,
        report: verbs_pb2.Report | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """进展: answer with Progressed."""
        return self.act(
            verbs_pb2.Progressed(
                text=text, coordinated=coordinated, percent=percent, report=report
            ),
            officer=officer,
            **details,
        )

    def receive(
        self,
        *,
        officer: str,
        register_number: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """收到: answer with Received."""
        return self.act(
            verbs_pb2.Received(register_number=register_number), officer=officer, **details
        )

    def hand_back(
        self,
        *,
        officer: str,
        reason: ReturnReason,
        text: str,
        suggested_office: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """退回: answer with Returned."""
        return self.act(
            verbs_pb2.Returned(reason=reason, text=text, suggested_office=suggested_office),
            officer=officer,
            **details,
        )

    def grant_withdrawal(
        self,
        *,
        officer: str,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """同意撤回: answer with WithdrawalGranted."""
        return self.act(verbs_pb2.WithdrawalGranted(note=note), officer=officer, **details)


class ConsultationMatter(CommonMatter):
    """会商: what an office can answer in a matter of the family consultation."""

    def acknowledge(
        self,
        *,
        officer: str,
        register_number: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """确认参加: answer with Acknowledged."""
        return self.act(
            notification_pb2.Acknowledged(register_number=register_number),
            officer=officer,
            **details,
        )

    def withdraw_application(
        self,
        *,
        officer: str,
        reason: str,
        statement_sha256: bytes | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """申请人撤回申请: answer with ApplicationWithdrawn."""
        return self.act(
            consultation_pb2.ApplicationWithdrawn(reason=reason, statement_sha256=statement_sha256),
            officer=officer,
            **details,
        )

    def answer(
        self,
        *,
        officer: str,
        answers: Sequence[str],
        **details: Unpack[Answering],
    ) -> Answer:
        """补充说明: answer with ClarificationAnswered."""
        return self.act(
            verbs_pb2.ClarificationAnswered(answers=answers), officer=officer, **details
        )

    def ask(
        self,
        *,
        officer: str,
        questions: Sequence[str],
        **details: Unpack[Answering],
    ) -> Answer:
        """请求补充说明: answer with ClarificationAsked."""
        return self.act(
            verbs_pb2.ClarificationAsked(questions=questions), officer=officer, **details
        )

    def close(
        self,
        *,
        officer: str,
        rating: int | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """结束: answer with Closed."""
        return self.act(verbs_pb2.Closed(rating=rating, note=note), officer=officer, **details)

    def complete(
        self,
        *,
        officer: str,
        results: Sequence[verbs_pb2.Result] = (),
        transcript_sha256: bytes | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """形成会商结果: answer with Completed."""
        return self.act(
            verbs_pb2.Completed(results=results, transcript_sha256=transcript_sha256, note=note),
            officer=officer,
            **details,
        )

    def agree(
        self,
        *,
        officer: str,
        sha256: bytes,
        **details: Unpack[Answering],
    ) -> Answer:
        """同意方案: answer with DecisionAgreed."""
        return self.act(consultation_pb2.DecisionAgreed(sha256=sha256), officer=officer, **details)

    def propose_decision(
        self,
        *,
        officer: str,
        text: str,
        sha256: bytes,
        **details: Unpack[Answering],
    ) -> Answer:
        """提出处理方案: answer with DecisionProposed."""
        return self.act(
            consultation_pb2.DecisionProposed(text=text, sha256=sha256), officer=officer, **details
        )

    def record_decision(
        self,
        *,
        officer: str,
        text: str,
        sha256: bytes,
        follow_ups: Sequence[consultation_pb2.FollowUp] = (),
        new_due_date: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """会商决定: answer with DecisionRecorded."""
        return self.act(
            consultation_pb2.DecisionRecorded(
                text=text, sha256=sha256, follow_ups=follow_ups, new_due_date=new_due_date
            ),
            officer=officer,
            **details,
        )

    def decline(
        self,
        *,
        officer: str,
        reason: DeclineReason,
        text: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """不参加会商: answer with Declined."""
        return self.act(verbs_pb2.Declined(reason=reason, text=text), officer=officer, **details)

    def draft(
        self,
        *,
        officer: str,
        version: str,
        sha256: bytes,
        title: str,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """提出草案: answer with Drafted."""
        return self.act(
            consultation_pb2.Drafted(version=version, sha256=sha256, title=title, text=text),
            officer=officer,
            **details,
        )

    def hold_hearing(
        self,
        *,
        officer: str,
        date: str,
        text: str,
        attendances: Sequence[consultation_pb2.Attendance] = (),
        consensus: bool | None = None,
        transcript_sha256: bytes | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """举行听证: answer with HearingHeld."""
        return self.act(
            consultation_pb2.HearingHeld(
                date=date,
                attendances=attendances,
                consensus=consensus,
                text=text,
                transcript_sha256=transcript_sha256,
            ),
            officer=officer,
            **details,
        )

    def put_in_force(
        self,
        *,
        officer: str,
        sha256: bytes,
        version: str,
        number: str,
        date: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """生效: answer with InForce."""
        return self.act(
            consultation_pb2.InForce(sha256=sha256, version=version, number=number, date=date),
            officer=officer,
            **details,
        )

    def stage_mediation(
        self,
        *,
        officer: str,
        stage: MediationStage,
        text: str,
        agreement_sha256: bytes | None = None,
        performance: Performance | None = None,
        deposited_fen: int | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """调解阶段递进: answer with MediationStaged."""
        return self.act(
            consultation_pb2.MediationStaged(
                stage=stage,
                text=text,
                agreement_sha256=agreement_sha256,
                performance=performance,
                deposited_fen=deposited_fen,
            ),
            officer=officer,
            **details,
        )

    def submit_opinion(
        self,
        *,
        officer: str,
        position: Position,
        text: str,
        claims: Sequence[consultation_pb2.JurisdictionClaim] = (),
        sha256: bytes | None = None,
        clause: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """提交意见: answer with OpinionSubmitted."""
        return self.act(
            consultation_pb2.OpinionSubmitted(
                position=position, text=text, claims=claims, sha256=sha256, clause=clause
            ),
            officer=officer,
            **details,
        )

    def progress(
        self,
        *,
        officer: str,
        text: str,
        coordinated: Sequence[str] = (),
        percent: int | None = None,
        report: verbs_pb2.Report | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """进展报告: answer with Progressed."""
        return self.act(
            verbs_pb2.Progressed(
                text=text, coordinated=coordinated, percent=percent, report=report
            ),
            officer=officer,
            **details,
        )

    def sign(
        self,
        *,
        officer: str,
        sha256: bytes,
        version: str,
        signatory: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """签署: answer with Signed."""
        return self.act(
            consultation_pb2.Signed(sha256=sha256, version=version, signatory=signatory),
            officer=officer,
            **details,
        )

    def grant_withdrawal(
        self,
        *,
        officer: str,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """同意撤回: answer with WithdrawalGranted."""
        return self.act(verbs_pb2.WithdrawalGranted(note=note), officer=officer, **details)


class DatashareMatter(CommonMatter):
    """数据共享: what an office can answer in a matter of the family datashare."""

    def request_access(
        self,
        *,
        officer: str,
        assignee: str,
        scopes: Sequence[AccessScope],
        purpose: str,
        until_date: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """申请访问: answer with AccessRequested."""
        return self.act(
            datashare_pb2.AccessRequested(
                officer=assignee, scopes=scopes, purpose=purpose, until_date=until_date
            ),
            officer=officer,
            **details,
        )

    def close(
        self,
        *,
        officer: str,
        rating: int | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """停用或撤回: answer with Closed."""
        return self.act(verbs_pb2.Closed(rating=rating, note=note), officer=officer, **details)

    def decline(
        self,
        *,
        officer: str,
        reason: DeclineReason,
        text: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """不予授权: answer with Declined."""
        return self.act(verbs_pb2.Declined(reason=reason, text=text), officer=officer, **details)

    def grant(
        self,
        *,
        officer: str,
        assignee: str,
        scopes: Sequence[AccessScope],
        until_date: str,
        grant_number: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """授权访问: answer with Granted."""
        return self.act(
            datashare_pb2.Granted(
                officer=assignee, scopes=scopes, until_date=until_date, grant_number=grant_number
            ),
            officer=officer,
            **details,
        )

    def record_hit_outcome(
        self,
        *,
        officer: str,
        hit_id: str,
        outcome: HitOutcome,
        clue_matter_id: str | None = None,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """反馈命中结果: answer with HitOutcomeRecorded."""
        return self.act(
            datashare_pb2.HitOutcomeRecorded(
                hit_id=hit_id, outcome=outcome, clue_matter_id=clue_matter_id, text=text
            ),
            officer=officer,
            **details,
        )

    def report_hit(
        self,
        *,
        officer: str,
        model_id: str,
        version: str,
        hit_id: str,
        record_sha256: Sequence[bytes],
        score_ppm: int | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """模型命中: answer with ModelHit."""
        return self.act(
            datashare_pb2.ModelHit(
                model_id=model_id,
                version=version,
                hit_id=hit_id,
                score_ppm=score_ppm,
                record_sha256=record_sha256,
            ),
            officer=officer,
            **details,
        )

    def record_stage(
        self,
        *,
        officer: str,
        person: str,
        stage: SentenceStage,
        date: str,
        filed_as: str | None = None,
        documents: Sequence[common_pb2.EvidenceRef] = (),
        **details: Unpack[Answering],
    ) -> Answer:
        """登记环节: answer with StageRecorded."""
        return self.act(
            datashare_pb2.StageRecorded(
                person=person, stage=stage, date=date, case_number=filed_as, documents=documents
            ),
            officer=officer,
            **details,
        )

    def subscribe(
        self,
        *,
        officer: str,
        purpose: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """订阅: answer with Subscribed."""
        return self.act(datashare_pb2.Subscribed(purpose=purpose), officer=officer, **details)

    def unsubscribe(
        self,
        *,
        officer: str,
        reason: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """取消订阅: answer with Unsubscribed."""
        return self.act(datashare_pb2.Unsubscribed(reason=reason), officer=officer, **details)

    def publish_version(
        self,
        *,
        officer: str,
        version: str,
        matter_id: str,
        schema_sha256: bytes,
        changes: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """发布新版本: answer with VersionPublished."""
        return self.act(
            datashare_pb2.VersionPublished(
                version=version, matter_id=matter_id, schema_sha256=schema_sha256, changes=changes
            ),
            officer=officer,
            **details,
        )


class NotificationMatter(CommonMatter):
    """通报: what an office can answer in a matter of the family notification."""

    def accept(
        self,
        *,
        officer: str,
        assignee: str,
        venue: str | None = None,
        date: str | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """受理紧急报告: answer with Accepted."""
        return self.act(
            verbs_pb2.Accepted(officer=assignee, venue=venue, date=date, note=note),
            officer=officer,
            **details,
        )

    def acknowledge(
        self,
        *,
        officer: str,
        register_number: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """签收: answer with Acknowledged."""
        return self.act(
            notification_pb2.Acknowledged(register_number=register_number),
            officer=officer,
            **details,
        )

    def assess(
        self,
        *,
        officer: str,
        assessment: Assessment,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """核定: answer with Assessed."""
        return self.act(
            recommendation_pb2.Assessed(assessment=assessment, text=text),
            officer=officer,
            **details,
        )

    def index_case(
        self,
        *,
        officer: str,
        library_number: str,
        screened_by: str,
        significance: Sequence[Significance],
        **details: Unpack[Answering],
    ) -> Answer:
        """入库: answer with CaseIndexed."""
        return self.act(
            notification_pb2.CaseIndexed(
                library_number=library_number, screened_by=screened_by, significance=significance
            ),
            officer=officer,
            **details,
        )

    def close(
        self,
        *,
        officer: str,
        rating: int | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """结束: answer with Closed."""
        return self.act(verbs_pb2.Closed(rating=rating, note=note), officer=officer, **details)

    def complete(
        self,
        *,
        officer: str,
        results: Sequence[verbs_pb2.Result] = (),
        transcript_sha256: bytes | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """处置完毕: answer with Completed."""
        return self.act(
            verbs_pb2.Completed(results=results, transcript_sha256=transcript_sha256, note=note),
            officer=officer,
            **details,
        )

    def agree(
        self,
        *,
        officer: str,
        sha256: bytes,
        **details: Unpack[Answering],
    ) -> Answer:
        """核定处置报告: answer with DecisionAgreed."""
        return self.act(consultation_pb2.DecisionAgreed(sha256=sha256), officer=officer, **details)

    def propose_decision(
        self,
        *,
        officer: str,
        text: str,
        sha256: bytes,
        **details: Unpack[Answering],
    ) -> Answer:
        """提交处置报告: answer with DecisionProposed."""
        return self.act(
            consultation_pb2.DecisionProposed(text=text, sha256=sha256), officer=officer, **details
        )

    def record_decision(
        self,
        *,
        officer: str,
        text: str,
        sha256: bytes,
        follow_ups: Sequence[consultation_pb2.FollowUp] = (),
        new_due_date: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """经各方核定结束: answer with DecisionRecorded."""
        return self.act(
            consultation_pb2.DecisionRecorded(
                text=text, sha256=sha256, follow_ups=follow_ups, new_due_date=new_due_date
            ),
            officer=officer,
            **details,
        )

    def submit_opinion(
        self,
        *,
        officer: str,
        position: Position,
        text: str,
        claims: Sequence[consultation_pb2.JurisdictionClaim] = (),
        sha256: bytes | None = None,
        clause: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """反馈意见: answer with OpinionSubmitted."""
        return self.act(
            consultation_pb2.OpinionSubmitted(
                position=position, text=text, claims=claims, sha256=sha256, clause=clause
            ),
            officer=officer,
            **details,
        )

    def progress(
        self,
        *,
        officer: str,
        text: str,
        coordinated: Sequence[str] = (),
        percent: int | None = None,
        report: verbs_pb2.Report | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """处置进展: answer with Progressed."""
        return self.act(
            verbs_pb2.Progressed(
                text=text, coordinated=coordinated, percent=percent, report=report
            ),
            officer=officer,
            **details,
        )

    def answer_proposal(
        self,
        *,
        officer: str,
        adoption: Adoption,
        text: str,
        instrument: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """反馈采纳情况: answer with ProposalAnswered."""
        return self.act(
            notification_pb2.ProposalAnswered(adoption=adoption, text=text, instrument=instrument),
            officer=officer,
            **details,
        )

    def receive(
        self,
        *,
        officer: str,
        register_number: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """收到: answer with Received."""
        return self.act(
            verbs_pb2.Received(register_number=register_number), officer=officer, **details
        )

    def reply(
        self,
        *,
        officer: str,
        text: str,
        measures: Sequence[str] = (),
        penalty_number: str | None = None,
        amount_fen: int | None = None,
        no_penalty_reason: str | None = None,
        evidence: Sequence[common_pb2.EvidenceRef] = (),
        document_sha256: bytes | None = None,
        filing: FilingOutcome | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """答复: answer with Replied."""
        return self.act(
            recommendation_pb2.Replied(
                text=text,
                measures=measures,
                penalty_number=penalty_number,
                amount_fen=amount_fen,
                no_penalty_reason=no_penalty_reason,
                evidence=evidence,
                document_sha256=document_sha256,
                filing=filing,
            ),
            officer=officer,
            **details,
        )

    def grant_withdrawal(
        self,
        *,
        officer: str,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """同意撤回: answer with WithdrawalGranted."""
        return self.act(verbs_pb2.WithdrawalGranted(note=note), officer=officer, **details)


class RecommendationMatter(CommonMatter):
    """建议: what an office can answer in a matter of the family recommendation."""

    def assess(
        self,
        *,
        officer: str,
        assessment: Assessment,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """评估回复: answer with Assessed."""
        return self.act(
            recommendation_pb2.Assessed(assessment=assessment, text=text),
            officer=officer,
            **details,
        )

    def assign(
        self,
        *,
        officer: str,
        office: str,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """交办: answer with Assigned."""
        return self.act(verbs_pb2.Assigned(office=office, text=text), officer=officer, **details)

    def answer(
        self,
        *,
        officer: str,
        answers: Sequence[str],
        **details: Unpack[Answering],
    ) -> Answer:
        """补充说明: answer with ClarificationAnswered."""
        return self.act(
            verbs_pb2.ClarificationAnswered(answers=answers), officer=officer, **details
        )

    def ask(
        self,
        *,
        officer: str,
        questions: Sequence[str],
        **details: Unpack[Answering],
    ) -> Answer:
        """请求补充说明: answer with ClarificationAsked."""
        return self.act(
            verbs_pb2.ClarificationAsked(questions=questions), officer=officer, **details
        )

    def close(
        self,
        *,
        officer: str,
        rating: int | None = None,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """结束: answer with Closed."""
        return self.act(verbs_pb2.Closed(rating=rating, note=note), officer=officer, **details)

    def decline(
        self,
        *,
        officer: str,
        reason: DeclineReason,
        text: str,
        **details: Unpack[Answering],
    ) -> Answer:
        """拒绝接受监督: answer with Declined."""
        return self.act(verbs_pb2.Declined(reason=reason, text=text), officer=officer, **details)

    def forward(
        self,
        *,
        officer: str,
        office: str,
        text: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """改送: answer with Forwarded."""
        return self.act(verbs_pb2.Forwarded(office=office, text=text), officer=officer, **details)

    def object_to(
        self,
        *,
        officer: str,
        kind: ObjectionKind,
        grounds: str,
        evidence: Sequence[common_pb2.EvidenceRef] = (),
        **details: Unpack[Answering],
    ) -> Answer:
        """提出异议: answer with Objected."""
        return self.act(
            recommendation_pb2.Objected(kind=kind, grounds=grounds, evidence=evidence),
            officer=officer,
            **details,
        )

    def decide_objection(
        self,
        *,
        officer: str,
        outcome: ObjectionOutcome,
        text: str,
        demands: Sequence[str] = (),
        **details: Unpack[Answering],
    ) -> Answer:
        """答复异议: answer with ObjectionDecided."""
        return self.act(
            recommendation_pb2.ObjectionDecided(outcome=outcome, text=text, demands=demands),
            officer=officer,
            **details,
        )

    def receive(
        self,
        *,
        officer: str,
        register_number: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """签收: answer with Received."""
        return self.act(
            verbs_pb2.Received(register_number=register_number), officer=officer, **details
        )

    def rectify(
        self,
        *,
        officer: str,
        text: str,
        demands_met: Sequence[int] = (),
        evidence: Sequence[common_pb2.EvidenceRef] = (),
        percent: int | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """整改进展: answer with Rectified."""
        return self.act(
            recommendation_pb2.Rectified(
                text=text, demands_met=demands_met, evidence=evidence, percent=percent
            ),
            officer=officer,
            **details,
        )

    def reply(
        self,
        *,
        officer: str,
        text: str,
        measures: Sequence[str] = (),
        penalty_number: str | None = None,
        amount_fen: int | None = None,
        no_penalty_reason: str | None = None,
        evidence: Sequence[common_pb2.EvidenceRef] = (),
        document_sha256: bytes | None = None,
        filing: FilingOutcome | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """书面回复: answer with Replied."""
        return self.act(
            recommendation_pb2.Replied(
                text=text,
                measures=measures,
                penalty_number=penalty_number,
                amount_fen=amount_fen,
                no_penalty_reason=no_penalty_reason,
                evidence=evidence,
                document_sha256=document_sha256,
                filing=filing,
            ),
            officer=officer,
            **details,
        )

    def hand_back(
        self,
        *,
        officer: str,
        reason: ReturnReason,
        text: str,
        suggested_office: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """退回: answer with Returned."""
        return self.act(
            verbs_pb2.Returned(reason=reason, text=text, suggested_office=suggested_office),
            officer=officer,
            **details,
        )

    def grant_withdrawal(
        self,
        *,
        officer: str,
        note: str | None = None,
        **details: Unpack[Answering],
    ) -> Answer:
        """同意撤回: answer with WithdrawalGranted."""
        return self.act(verbs_pb2.WithdrawalGranted(note=note), officer=officer, **details)


OF_FAMILY: dict[str, type[CommonMatter]] = {
    "assistance": AssistanceMatter,
    "clue": ClueMatter,
    "consultation": ConsultationMatter,
    "datashare": DatashareMatter,
    "notification": NotificationMatter,
    "recommendation": RecommendationMatter,
}
"""The matter that a handler is given, by family."""
