"""Signing: one signature over the Merkle root of many drafts (RFC 6962, 2.1)."""

from __future__ import annotations

from collections.abc import Sequence

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import PrivateKey, suite_of
from collabbus.link.merkle import batch, leaf_hash
from collabbus.model.intake import batch_message

LIMIT = 256
"""Drafts under one signature: a path then has at most 8 hashes."""


def sign(drafts: Sequence[bytes], key: PrivateKey) -> list[bytes]:
    """Give a submission record for each of the drafts, all under one signature.

    Each record can be verified alone: it carries its place and path under the signed root.
    """
    root, paths = batch([leaf_hash(draft) for draft in drafts])
    size = len(drafts)
    signature = suite_of(key).sign(key.private, batch_message(size, root))
    return [
        sub.Submission(
            draft=draft,
            signature=sub.BatchSignature(
                key_id=key.id, size=size, index=index, path=path, signature=signature
            ),
        ).SerializeToString()
        for index, (draft, path) in enumerate(zip(drafts, paths, strict=True))
    ]
