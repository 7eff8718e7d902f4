"""Batches: one signature over the Merkle root of many drafts (RFC 6962, 2.1).

A busy office's system doesn't pay a signature for each submission, nor its region a verification:
each submission carries its place and path under the signed root, and can be verified alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from collab.v1 import submission_pb2 as sub
from collabbus.link import merkle
from collabbus.link.keys import KeyDirectory, PrivateKey, Use, suite_of
from collabbus.link.merkle import leaf_hash, root_from_path
from collabbus.model.rejection import Unauthentic

BATCH_CONTEXT = b"collabbus/batch/v1\0"
LIMIT = 256
"""Drafts under one signature: a path then has at most 8 hashes."""
MAX_SUBMISSION = 262_144
"""Bytes of a submission; larger things are attachments that stay where they are."""


def sign(drafts: Sequence[bytes], key: PrivateKey) -> list[bytes]:
    """Give a submission record for each of the drafts, all under one signature."""
    root, paths = merkle.batch([leaf_hash(draft) for draft in drafts])
    size = len(drafts)
    signature = suite_of(key).sign(key.private, _message(size, root))
    return [
        sub.Submission(
            draft=draft,
            signature=sub.BatchSignature(
                key_id=key.id, size=size, index=index, path=path, signature=signature
            ),
        ).SerializeToString()
        for index, (draft, path) in enumerate(zip(drafts, paths, strict=True))
    ]


def _message(size: int, root: bytes) -> bytes:
    return BATCH_CONTEXT + size.to_bytes(8, "big") + root


class Signatures:
    """Verifies batch signatures; one signature over many drafts is verified once."""

    LIMIT = 4096

    def __init__(self, keys: KeyDirectory) -> None:
        self._keys = keys
        self._good: OrderedDict[tuple[str, int, bytes, bytes], None] = OrderedDict()

    def holder(self, submission: sub.Submission, time_ms: int) -> str:
        """Give who signed a submission; raises Unauthentic."""
        signature = submission.signature
        key = self._keys.get(signature.key_id, Use.SUBMIT, time_ms)
        if key is None:  # a region asks something of itself
            key = self._keys.get(signature.key_id, Use.SIGN, time_ms)
        if key is None:
            raise Unauthentic(
                "UNKNOWN_KEY",
                "signature.key_id",
                f"{signature.key_id!r} is no key for submissions that is valid now",
            )
        root = root_from_path(
            leaf_hash(submission.draft), signature.index, signature.size, signature.path
        )
        if root is None:
            raise Unauthentic(
                "BAD_SIGNATURE", "signature.path", "the path doesn't fit the size of its batch"
            )
        known = (key.id, signature.size, root, signature.signature)
        if known in self._good:
            return key.holder
        message = _message(signature.size, root)
        if not suite_of(key).verify(key.public, message, signature.signature):
            raise Unauthentic(
                "BAD_SIGNATURE", "signature", f"it isn't the signature of key {key.id!r}"
            )
        self._good[known] = None
        if len(self._good) > self.LIMIT:
            self._good.popitem(last=False)
        return key.holder
