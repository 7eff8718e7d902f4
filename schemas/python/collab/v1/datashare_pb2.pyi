from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DatashareKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DATASHARE_KIND_UNSPECIFIED: _ClassVar[DatashareKind]
    DATASHARE_KIND_COLLISION_MODEL: _ClassVar[DatashareKind]
    DATASHARE_KIND_TAX_DATA: _ClassVar[DatashareKind]
    DATASHARE_KIND_SUPERVISION_MODEL: _ClassVar[DatashareKind]
    DATASHARE_KIND_INTERNAL_INFORMATION: _ClassVar[DatashareKind]
    DATASHARE_KIND_EXCHANGE_STANDARD: _ClassVar[DatashareKind]
    DATASHARE_KIND_ENFORCEMENT_DATA: _ClassVar[DatashareKind]
    DATASHARE_KIND_PUBLIC_DATA: _ClassVar[DatashareKind]
    DATASHARE_KIND_POLICE_DATA: _ClassVar[DatashareKind]
    DATASHARE_KIND_ELECTRONIC_FILES: _ClassVar[DatashareKind]
    DATASHARE_KIND_CASE_PROPERTY: _ClassVar[DatashareKind]
    DATASHARE_KIND_PLATFORM_ACCESS: _ClassVar[DatashareKind]
    DATASHARE_KIND_JUDGMENTS: _ClassVar[DatashareKind]
    DATASHARE_KIND_NON_LITIGATION_ENFORCEMENT: _ClassVar[DatashareKind]
    DATASHARE_KIND_RECONSIDERATION: _ClassVar[DatashareKind]
    DATASHARE_KIND_PRISON_DATA: _ClassVar[DatashareKind]
    DATASHARE_KIND_PROPERTY_PENALTY: _ClassVar[DatashareKind]
    DATASHARE_KIND_COMMUNITY_CORRECTION_DATA: _ClassVar[DatashareKind]
    DATASHARE_KIND_SENTENCE_CHANGE: _ClassVar[DatashareKind]

class ColumnType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COLUMN_TYPE_UNSPECIFIED: _ClassVar[ColumnType]
    COLUMN_TYPE_TEXT: _ClassVar[ColumnType]
    COLUMN_TYPE_INTEGER: _ClassVar[ColumnType]
    COLUMN_TYPE_FEN: _ClassVar[ColumnType]
    COLUMN_TYPE_DATE: _ClassVar[ColumnType]
    COLUMN_TYPE_TIME: _ClassVar[ColumnType]
    COLUMN_TYPE_IDENTIFIER: _ClassVar[ColumnType]
    COLUMN_TYPE_BOOLEAN: _ClassVar[ColumnType]

class AccessScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACCESS_SCOPE_UNSPECIFIED: _ClassVar[AccessScope]
    ACCESS_SCOPE_QUERY: _ClassVar[AccessScope]
    ACCESS_SCOPE_READ: _ClassVar[AccessScope]
    ACCESS_SCOPE_DOWNLOAD: _ClassVar[AccessScope]
    ACCESS_SCOPE_TRANSFER: _ClassVar[AccessScope]

class CourtDocumentType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COURT_DOCUMENT_TYPE_UNSPECIFIED: _ClassVar[CourtDocumentType]
    COURT_DOCUMENT_TYPE_JUDGMENT: _ClassVar[CourtDocumentType]
    COURT_DOCUMENT_TYPE_RULING: _ClassVar[CourtDocumentType]
    COURT_DOCUMENT_TYPE_MEDIATION: _ClassVar[CourtDocumentType]
    COURT_DOCUMENT_TYPE_ENFORCEMENT_APPLICATION: _ClassVar[CourtDocumentType]
    COURT_DOCUMENT_TYPE_ENFORCEMENT: _ClassVar[CourtDocumentType]
    COURT_DOCUMENT_TYPE_ENFORCEMENT_SUPERVISION: _ClassVar[CourtDocumentType]
    COURT_DOCUMENT_TYPE_RECONSIDERATION: _ClassVar[CourtDocumentType]

class HitOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HIT_OUTCOME_UNSPECIFIED: _ClassVar[HitOutcome]
    HIT_OUTCOME_TRUE_POSITIVE: _ClassVar[HitOutcome]
    HIT_OUTCOME_FALSE_POSITIVE: _ClassVar[HitOutcome]
DATASHARE_KIND_UNSPECIFIED: DatashareKind
DATASHARE_KIND_COLLISION_MODEL: DatashareKind
DATASHARE_KIND_TAX_DATA: DatashareKind
DATASHARE_KIND_SUPERVISION_MODEL: DatashareKind
DATASHARE_KIND_INTERNAL_INFORMATION: DatashareKind
DATASHARE_KIND_EXCHANGE_STANDARD: DatashareKind
DATASHARE_KIND_ENFORCEMENT_DATA: DatashareKind
DATASHARE_KIND_PUBLIC_DATA: DatashareKind
DATASHARE_KIND_POLICE_DATA: DatashareKind
DATASHARE_KIND_ELECTRONIC_FILES: DatashareKind
DATASHARE_KIND_CASE_PROPERTY: DatashareKind
DATASHARE_KIND_PLATFORM_ACCESS: DatashareKind
DATASHARE_KIND_JUDGMENTS: DatashareKind
DATASHARE_KIND_NON_LITIGATION_ENFORCEMENT: DatashareKind
DATASHARE_KIND_RECONSIDERATION: DatashareKind
DATASHARE_KIND_PRISON_DATA: DatashareKind
DATASHARE_KIND_PROPERTY_PENALTY: DatashareKind
DATASHARE_KIND_COMMUNITY_CORRECTION_DATA: DatashareKind
DATASHARE_KIND_SENTENCE_CHANGE: DatashareKind
COLUMN_TYPE_UNSPECIFIED: ColumnType
COLUMN_TYPE_TEXT: ColumnType
COLUMN_TYPE_INTEGER: ColumnType
COLUMN_TYPE_FEN: ColumnType
COLUMN_TYPE_DATE: ColumnType
COLUMN_TYPE_TIME: ColumnType
COLUMN_TYPE_IDENTIFIER: ColumnType
COLUMN_TYPE_BOOLEAN: ColumnType
ACCESS_SCOPE_UNSPECIFIED: AccessScope
ACCESS_SCOPE_QUERY: AccessScope
ACCESS_SCOPE_READ: AccessScope
ACCESS_SCOPE_DOWNLOAD: AccessScope
ACCESS_SCOPE_TRANSFER: AccessScope
COURT_DOCUMENT_TYPE_UNSPECIFIED: CourtDocumentType
COURT_DOCUMENT_TYPE_JUDGMENT: CourtDocumentType
COURT_DOCUMENT_TYPE_RULING: CourtDocumentType
COURT_DOCUMENT_TYPE_MEDIATION: CourtDocumentType
COURT_DOCUMENT_TYPE_ENFORCEMENT_APPLICATION: CourtDocumentType
COURT_DOCUMENT_TYPE_ENFORCEMENT: CourtDocumentType
COURT_DOCUMENT_TYPE_ENFORCEMENT_SUPERVISION: CourtDocumentType
COURT_DOCUMENT_TYPE_RECONSIDERATION: CourtDocumentType
HIT_OUTCOME_UNSPECIFIED: HitOutcome
HIT_OUTCOME_TRUE_POSITIVE: HitOutcome
HIT_OUTCOME_FALSE_POSITIVE: HitOutcome

class ModelPublished(_message.Message):
    __slots__ = ("kind", "model_id", "version", "owner", "title", "purpose", "inputs", "schema_sha256", "quality", "chunks", "replaces")
    KIND_FIELD_NUMBER: _ClassVar[int]
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_SHA256_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    kind: DatashareKind
    model_id: str
    version: str
    owner: str
    title: str
    purpose: str
    inputs: _containers.RepeatedCompositeFieldContainer[ModelInput]
    schema_sha256: bytes
    quality: Quality
    chunks: _containers.RepeatedCompositeFieldContainer[Chunk]
    replaces: str
    def __init__(self, kind: _Optional[_Union[DatashareKind, str]] = ..., model_id: _Optional[str] = ..., version: _Optional[str] = ..., owner: _Optional[str] = ..., title: _Optional[str] = ..., purpose: _Optional[str] = ..., inputs: _Optional[_Iterable[_Union[ModelInput, _Mapping]]] = ..., schema_sha256: _Optional[bytes] = ..., quality: _Optional[_Union[Quality, _Mapping]] = ..., chunks: _Optional[_Iterable[_Union[Chunk, _Mapping]]] = ..., replaces: _Optional[str] = ...) -> None: ...

class ModelInput(_message.Message):
    __slots__ = ("dataset_id", "version", "columns")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    version: str
    columns: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, dataset_id: _Optional[str] = ..., version: _Optional[str] = ..., columns: _Optional[_Iterable[str]] = ...) -> None: ...

class DatasetPublished(_message.Message):
    __slots__ = ("kind", "dataset_id", "version", "owner", "title", "inputs", "schema_sha256", "columns", "quality", "chunks", "period", "replaces", "tax_data", "exchange_standard", "platform_access", "case_property", "judgments", "non_litigation_enforcement", "reconsideration", "prison_data", "property_penalty", "community_correction_data", "sentence_change")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_SHA256_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    TAX_DATA_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_STANDARD_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_ACCESS_FIELD_NUMBER: _ClassVar[int]
    CASE_PROPERTY_FIELD_NUMBER: _ClassVar[int]
    JUDGMENTS_FIELD_NUMBER: _ClassVar[int]
    NON_LITIGATION_ENFORCEMENT_FIELD_NUMBER: _ClassVar[int]
    RECONSIDERATION_FIELD_NUMBER: _ClassVar[int]
    PRISON_DATA_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_PENALTY_FIELD_NUMBER: _ClassVar[int]
    COMMUNITY_CORRECTION_DATA_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_CHANGE_FIELD_NUMBER: _ClassVar[int]
    kind: DatashareKind
    dataset_id: str
    version: str
    owner: str
    title: str
    inputs: _containers.RepeatedScalarFieldContainer[str]
    schema_sha256: bytes
    columns: _containers.RepeatedCompositeFieldContainer[Column]
    quality: Quality
    chunks: _containers.RepeatedCompositeFieldContainer[Chunk]
    period: _common_pb2.Period
    replaces: str
    tax_data: TaxData
    exchange_standard: ExchangeStandard
    platform_access: PlatformAccess
    case_property: CaseProperty
    judgments: CourtDocuments
    non_litigation_enforcement: CourtDocuments
    reconsideration: CourtDocuments
    prison_data: CustodyData
    property_penalty: CustodyData
    community_correction_data: CustodyData
    sentence_change: SentenceData
    def __init__(self, kind: _Optional[_Union[DatashareKind, str]] = ..., dataset_id: _Optional[str] = ..., version: _Optional[str] = ..., owner: _Optional[str] = ..., title: _Optional[str] = ..., inputs: _Optional[_Iterable[str]] = ..., schema_sha256: _Optional[bytes] = ..., columns: _Optional[_Iterable[_Union[Column, _Mapping]]] = ..., quality: _Optional[_Union[Quality, _Mapping]] = ..., chunks: _Optional[_Iterable[_Union[Chunk, _Mapping]]] = ..., period: _Optional[_Union[_common_pb2.Period, _Mapping]] = ..., replaces: _Optional[str] = ..., tax_data: _Optional[_Union[TaxData, _Mapping]] = ..., exchange_standard: _Optional[_Union[ExchangeStandard, _Mapping]] = ..., platform_access: _Optional[_Union[PlatformAccess, _Mapping]] = ..., case_property: _Optional[_Union[CaseProperty, _Mapping]] = ..., judgments: _Optional[_Union[CourtDocuments, _Mapping]] = ..., non_litigation_enforcement: _Optional[_Union[CourtDocuments, _Mapping]] = ..., reconsideration: _Optional[_Union[CourtDocuments, _Mapping]] = ..., prison_data: _Optional[_Union[CustodyData, _Mapping]] = ..., property_penalty: _Optional[_Union[CustodyData, _Mapping]] = ..., community_correction_data: _Optional[_Union[CustodyData, _Mapping]] = ..., sentence_change: _Optional[_Union[SentenceData, _Mapping]] = ...) -> None: ...

class Column(_message.Message):
    __slots__ = ("name", "type", "personal", "meaning")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PERSONAL_FIELD_NUMBER: _ClassVar[int]
    MEANING_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: ColumnType
    personal: bool
    meaning: str
    def __init__(self, name: _Optional[str] = ..., type: _Optional[_Union[ColumnType, str]] = ..., personal: _Optional[bool] = ..., meaning: _Optional[str] = ...) -> None: ...

class Quality(_message.Message):
    __slots__ = ("records", "incomplete", "wrong", "date")
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    INCOMPLETE_FIELD_NUMBER: _ClassVar[int]
    WRONG_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    records: int
    incomplete: int
    wrong: int
    date: str
    def __init__(self, records: _Optional[int] = ..., incomplete: _Optional[int] = ..., wrong: _Optional[int] = ..., date: _Optional[str] = ...) -> None: ...

class Chunk(_message.Message):
    __slots__ = ("sha256", "size", "location")
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    sha256: bytes
    size: int
    location: str
    def __init__(self, sha256: _Optional[bytes] = ..., size: _Optional[int] = ..., location: _Optional[str] = ...) -> None: ...

class TaxData(_message.Message):
    __slots__ = ("taxes", "bonded_zone")
    TAXES_FIELD_NUMBER: _ClassVar[int]
    BONDED_ZONE_FIELD_NUMBER: _ClassVar[int]
    taxes: _containers.RepeatedScalarFieldContainer[str]
    bonded_zone: str
    def __init__(self, taxes: _Optional[_Iterable[str]] = ..., bonded_zone: _Optional[str] = ...) -> None: ...

class ExchangeStandard(_message.Message):
    __slots__ = ("text_sha256", "effective_date", "datasets")
    TEXT_SHA256_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_DATE_FIELD_NUMBER: _ClassVar[int]
    DATASETS_FIELD_NUMBER: _ClassVar[int]
    text_sha256: bytes
    effective_date: str
    datasets: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, text_sha256: _Optional[bytes] = ..., effective_date: _Optional[str] = ..., datasets: _Optional[_Iterable[str]] = ...) -> None: ...

class PlatformAccess(_message.Message):
    __slots__ = ("platform", "scopes")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    platform: str
    scopes: _containers.RepeatedScalarFieldContainer[AccessScope]
    def __init__(self, platform: _Optional[str] = ..., scopes: _Optional[_Iterable[_Union[AccessScope, str]]] = ...) -> None: ...

class CaseProperty(_message.Message):
    __slots__ = ("items", "value_fen", "keeper")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FEN_FIELD_NUMBER: _ClassVar[int]
    KEEPER_FIELD_NUMBER: _ClassVar[int]
    items: int
    value_fen: int
    keeper: str
    def __init__(self, items: _Optional[int] = ..., value_fen: _Optional[int] = ..., keeper: _Optional[str] = ...) -> None: ...

class CourtDocuments(_message.Message):
    __slots__ = ("issuer", "types")
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    issuer: str
    types: _containers.RepeatedScalarFieldContainer[CourtDocumentType]
    def __init__(self, issuer: _Optional[str] = ..., types: _Optional[_Iterable[_Union[CourtDocumentType, str]]] = ...) -> None: ...

class CustodyData(_message.Message):
    __slots__ = ("places", "persons")
    PLACES_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    places: _containers.RepeatedScalarFieldContainer[str]
    persons: int
    def __init__(self, places: _Optional[_Iterable[str]] = ..., persons: _Optional[int] = ...) -> None: ...

class SentenceData(_message.Message):
    __slots__ = ("prison", "stages")
    PRISON_FIELD_NUMBER: _ClassVar[int]
    STAGES_FIELD_NUMBER: _ClassVar[int]
    prison: str
    stages: _containers.RepeatedCompositeFieldContainer[StageCount]
    def __init__(self, prison: _Optional[str] = ..., stages: _Optional[_Iterable[_Union[StageCount, _Mapping]]] = ...) -> None: ...

class StageCount(_message.Message):
    __slots__ = ("stage", "number")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    stage: _common_pb2.SentenceStage
    number: int
    def __init__(self, stage: _Optional[_Union[_common_pb2.SentenceStage, str]] = ..., number: _Optional[int] = ...) -> None: ...

class Subscribed(_message.Message):
    __slots__ = ("purpose",)
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    purpose: str
    def __init__(self, purpose: _Optional[str] = ...) -> None: ...

class Unsubscribed(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class VersionPublished(_message.Message):
    __slots__ = ("version", "matter_id", "schema_sha256", "changes")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_SHA256_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    version: str
    matter_id: str
    schema_sha256: bytes
    changes: str
    def __init__(self, version: _Optional[str] = ..., matter_id: _Optional[str] = ..., schema_sha256: _Optional[bytes] = ..., changes: _Optional[str] = ...) -> None: ...

class AccessRequested(_message.Message):
    __slots__ = ("officer", "scopes", "purpose", "until_date")
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DATE_FIELD_NUMBER: _ClassVar[int]
    officer: str
    scopes: _containers.RepeatedScalarFieldContainer[AccessScope]
    purpose: str
    until_date: str
    def __init__(self, officer: _Optional[str] = ..., scopes: _Optional[_Iterable[_Union[AccessScope, str]]] = ..., purpose: _Optional[str] = ..., until_date: _Optional[str] = ...) -> None: ...

class Granted(_message.Message):
    __slots__ = ("officer", "scopes", "until_date", "grant_number")
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DATE_FIELD_NUMBER: _ClassVar[int]
    GRANT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    officer: str
    scopes: _containers.RepeatedScalarFieldContainer[AccessScope]
    until_date: str
    grant_number: str
    def __init__(self, officer: _Optional[str] = ..., scopes: _Optional[_Iterable[_Union[AccessScope, str]]] = ..., until_date: _Optional[str] = ..., grant_number: _Optional[str] = ...) -> None: ...

class ModelHit(_message.Message):
    __slots__ = ("model_id", "version", "hit_id", "score_ppm", "record_sha256")
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    HIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCORE_PPM_FIELD_NUMBER: _ClassVar[int]
    RECORD_SHA256_FIELD_NUMBER: _ClassVar[int]
    model_id: str
    version: str
    hit_id: str
    score_ppm: int
    record_sha256: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, model_id: _Optional[str] = ..., version: _Optional[str] = ..., hit_id: _Optional[str] = ..., score_ppm: _Optional[int] = ..., record_sha256: _Optional[_Iterable[bytes]] = ...) -> None: ...

class HitOutcomeRecorded(_message.Message):
    __slots__ = ("hit_id", "outcome", "clue_matter_id", "text")
    HIT_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CLUE_MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    hit_id: str
    outcome: HitOutcome
    clue_matter_id: str
    text: str
    def __init__(self, hit_id: _Optional[str] = ..., outcome: _Optional[_Union[HitOutcome, str]] = ..., clue_matter_id: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class StageRecorded(_message.Message):
    __slots__ = ("person", "stage", "date", "case_number", "documents")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    CASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    person: str
    stage: _common_pb2.SentenceStage
    date: str
    case_number: str
    documents: _containers.RepeatedCompositeFieldContainer[_common_pb2.EvidenceRef]
    def __init__(self, person: _Optional[str] = ..., stage: _Optional[_Union[_common_pb2.SentenceStage, str]] = ..., date: _Optional[str] = ..., case_number: _Optional[str] = ..., documents: _Optional[_Iterable[_Union[_common_pb2.EvidenceRef, _Mapping]]] = ...) -> None: ...
