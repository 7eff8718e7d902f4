from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import link_pb2 as _link_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Dossier(_message.Message):
    __slots__ = ("format", "matter_id", "region", "exported_ms", "exhibits", "keys")
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    EXPORTED_MS_FIELD_NUMBER: _ClassVar[int]
    EXHIBITS_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    format: str
    matter_id: str
    region: str
    exported_ms: int
    exhibits: _containers.RepeatedCompositeFieldContainer[Exhibit]
    keys: _containers.RepeatedCompositeFieldContainer[DossierKey]
    def __init__(self, format: _Optional[str] = ..., matter_id: _Optional[str] = ..., region: _Optional[str] = ..., exported_ms: _Optional[int] = ..., exhibits: _Optional[_Iterable[_Union[Exhibit, _Mapping]]] = ..., keys: _Optional[_Iterable[_Union[DossierKey, _Mapping]]] = ...) -> None: ...

class Exhibit(_message.Message):
    __slots__ = ("event", "leaf", "crossings")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    LEAF_FIELD_NUMBER: _ClassVar[int]
    CROSSINGS_FIELD_NUMBER: _ClassVar[int]
    event: bytes
    leaf: bytes
    crossings: _containers.RepeatedCompositeFieldContainer[Crossing]
    def __init__(self, event: _Optional[bytes] = ..., leaf: _Optional[bytes] = ..., crossings: _Optional[_Iterable[_Union[Crossing, _Mapping]]] = ...) -> None: ...

class Crossing(_message.Message):
    __slots__ = ("index", "head", "path", "receipt", "receipt_path")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_PATH_FIELD_NUMBER: _ClassVar[int]
    index: int
    head: _link_pb2.SignedHeader
    path: _containers.RepeatedScalarFieldContainer[bytes]
    receipt: _link_pb2.Receipt
    receipt_path: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, index: _Optional[int] = ..., head: _Optional[_Union[_link_pb2.SignedHeader, _Mapping]] = ..., path: _Optional[_Iterable[bytes]] = ..., receipt: _Optional[_Union[_link_pb2.Receipt, _Mapping]] = ..., receipt_path: _Optional[_Iterable[bytes]] = ...) -> None: ...

class DossierKey(_message.Message):
    __slots__ = ("id", "holder", "suite", "public", "not_before_ms", "not_after_ms")
    ID_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    SUITE_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    id: str
    holder: str
    suite: str
    public: bytes
    not_before_ms: int
    not_after_ms: int
    def __init__(self, id: _Optional[str] = ..., holder: _Optional[str] = ..., suite: _Optional[str] = ..., public: _Optional[bytes] = ..., not_before_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...
