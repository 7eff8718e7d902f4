from buf.validate import validate_pb2 as _validate_pb2
from collab.v1 import event_pb2 as _event_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Parcel(_message.Message):
    __slots__ = ("signed", "sealed")
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    signed: SignedHeader
    sealed: bytes
    def __init__(self, signed: _Optional[_Union[SignedHeader, _Mapping]] = ..., sealed: _Optional[bytes] = ...) -> None: ...

class SignedHeader(_message.Message):
    __slots__ = ("header", "signature")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    header: bytes
    signature: bytes
    def __init__(self, header: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class ParcelHeader(_message.Message):
    __slots__ = ("head", "first", "suite", "sign_key_id", "seal_key_id", "sealed_sha256", "receipts")
    HEAD_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    SUITE_FIELD_NUMBER: _ClassVar[int]
    SIGN_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    SEAL_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    SEALED_SHA256_FIELD_NUMBER: _ClassVar[int]
    RECEIPTS_FIELD_NUMBER: _ClassVar[int]
    head: TreeHead
    first: int
    suite: str
    sign_key_id: str
    seal_key_id: str
    sealed_sha256: bytes
    receipts: _containers.RepeatedCompositeFieldContainer[Receipt]
    def __init__(self, head: _Optional[_Union[TreeHead, _Mapping]] = ..., first: _Optional[int] = ..., suite: _Optional[str] = ..., sign_key_id: _Optional[str] = ..., seal_key_id: _Optional[str] = ..., sealed_sha256: _Optional[bytes] = ..., receipts: _Optional[_Iterable[_Union[Receipt, _Mapping]]] = ...) -> None: ...

class TreeHead(_message.Message):
    __slots__ = ("to", "shard", "epoch", "size", "root", "recorded_until_ms")
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    SHARD_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    ROOT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    to: str
    shard: int
    epoch: int
    size: int
    root: bytes
    recorded_until_ms: int
    def __init__(self, to: _Optional[str] = ..., shard: _Optional[int] = ..., epoch: _Optional[int] = ..., size: _Optional[int] = ..., root: _Optional[bytes] = ..., recorded_until_ms: _Optional[int] = ..., **kwargs) -> None: ...

class Receipt(_message.Message):
    __slots__ = ("statement", "signature")
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    statement: bytes
    signature: bytes
    def __init__(self, statement: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class ReceiptStatement(_message.Message):
    __slots__ = ("head", "key_id")
    HEAD_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    head: TreeHead
    key_id: str
    def __init__(self, head: _Optional[_Union[TreeHead, _Mapping]] = ..., key_id: _Optional[str] = ...) -> None: ...

class ParcelBody(_message.Message):
    __slots__ = ("entries",)
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[Entry]
    def __init__(self, entries: _Optional[_Iterable[_Union[Entry, _Mapping]]] = ...) -> None: ...

class Entry(_message.Message):
    __slots__ = ("event", "item")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    event: _event_pb2.Event
    item: EvidenceItem
    def __init__(self, event: _Optional[_Union[_event_pb2.Event, _Mapping]] = ..., item: _Optional[_Union[EvidenceItem, _Mapping]] = ...) -> None: ...

class EvidenceItem(_message.Message):
    __slots__ = ("event", "head", "index", "path")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    event: _event_pb2.Event
    head: SignedHeader
    index: int
    path: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, event: _Optional[_Union[_event_pb2.Event, _Mapping]] = ..., head: _Optional[_Union[SignedHeader, _Mapping]] = ..., index: _Optional[int] = ..., path: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Leaves(_message.Message):
    __slots__ = ("head", "first", "frontier", "hashes", "carried")
    HEAD_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    FRONTIER_FIELD_NUMBER: _ClassVar[int]
    HASHES_FIELD_NUMBER: _ClassVar[int]
    CARRIED_FIELD_NUMBER: _ClassVar[int]
    head: SignedHeader
    first: int
    frontier: _containers.RepeatedScalarFieldContainer[bytes]
    hashes: bytes
    carried: _containers.RepeatedCompositeFieldContainer[Carried]
    def __init__(self, head: _Optional[_Union[SignedHeader, _Mapping]] = ..., first: _Optional[int] = ..., frontier: _Optional[_Iterable[bytes]] = ..., hashes: _Optional[bytes] = ..., carried: _Optional[_Iterable[_Union[Carried, _Mapping]]] = ...) -> None: ...

class Carried(_message.Message):
    __slots__ = ("carried_index", "head", "index", "path")
    CARRIED_INDEX_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    carried_index: int
    head: SignedHeader
    index: int
    path: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, carried_index: _Optional[int] = ..., head: _Optional[_Union[SignedHeader, _Mapping]] = ..., index: _Optional[int] = ..., path: _Optional[_Iterable[bytes]] = ...) -> None: ...
