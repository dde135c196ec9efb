"""What stands for the bytes of a file, so that results can be kept without them."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

BYTES = 16
"""Of a digest: nobody finds another text with the same one."""


def mark_of(content: bytes, status: os.stat_result) -> str:
    """What stands for a file that was just read: other bytes have another one, whatever the times of the file say."""
    return blake2b(content, digest_size=BYTES).hexdigest() + ("x" if status.st_mode & 0o111 else "")
