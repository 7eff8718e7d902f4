from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import assistance_pb2 as _assistance_pb2
from collab.v1 import verbs_pb2 as _verbs_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Body(_message.Message):
    __slots__ = ("received", "accepted", "declined", "returned", "forwarded", "clarification_asked", "clarification_answered", "progressed", "completed", "closed", "withdrawal_asked", "withdrawal_granted", "withdrawal_refused", "extension_asked", "extended", "commented", "reminded", "overdue", "participant_added", "leave_asked", "participant_left", "refused", "assistance_requested")
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
    ASSISTANCE_REQUESTED_FIELD_NUMBER: _ClassVar[int]
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
    assistance_requested: _assistance_pb2.AssistanceRequested
    def __init__(self, received: _Optional[_Union[_verbs_pb2.Received, _Mapping]] = ..., accepted: _Optional[_Union[_verbs_pb2.Accepted, _Mapping]] = ..., declined: _Optional[_Union[_verbs_pb2.Declined, _Mapping]] = ..., returned: _Optional[_Union[_verbs_pb2.Returned, _Mapping]] = ..., forwarded: _Optional[_Union[_verbs_pb2.Forwarded, _Mapping]] = ..., clarification_asked: _Optional[_Union[_verbs_pb2.ClarificationAsked, _Mapping]] = ..., clarification_answered: _Optional[_Union[_verbs_pb2.ClarificationAnswered, _Mapping]] = ..., progressed: _Optional[_Union[_verbs_pb2.Progressed, _Mapping]] = ..., completed: _Optional[_Union[_verbs_pb2.Completed, _Mapping]] = ..., closed: _Optional[_Union[_verbs_pb2.Closed, _Mapping]] = ..., withdrawal_asked: _Optional[_Union[_verbs_pb2.WithdrawalAsked, _Mapping]] = ..., withdrawal_granted: _Optional[_Union[_verbs_pb2.WithdrawalGranted, _Mapping]] = ..., withdrawal_refused: _Optional[_Union[_verbs_pb2.WithdrawalRefused, _Mapping]] = ..., extension_asked: _Optional[_Union[_verbs_pb2.ExtensionAsked, _Mapping]] = ..., extended: _Optional[_Union[_verbs_pb2.Extended, _Mapping]] = ..., commented: _Optional[_Union[_verbs_pb2.Commented, _Mapping]] = ..., reminded: _Optional[_Union[_verbs_pb2.Reminded, _Mapping]] = ..., overdue: _Optional[_Union[_verbs_pb2.Overdue, _Mapping]] = ..., participant_added: _Optional[_Union[_verbs_pb2.ParticipantAdded, _Mapping]] = ..., leave_asked: _Optional[_Union[_verbs_pb2.LeaveAsked, _Mapping]] = ..., participant_left: _Optional[_Union[_verbs_pb2.ParticipantLeft, _Mapping]] = ..., refused: _Optional[_Union[_verbs_pb2.Refused, _Mapping]] = ..., assistance_requested: _Optional[_Union[_assistance_pb2.AssistanceRequested, _Mapping]] = ...) -> None: ...
