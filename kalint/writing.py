"""Writing a file as a whole or not at all, in place of the one that is there."""

from __future__ import annotations

import os
from contextlib import suppress
from errno import EACCES, EINVAL, EPERM
from stat import S_ISREG


def replace(path: str, content: bytes) -> None:
    """Put these bytes in a file's place at one stroke; links are followed, so that they stay links.

    The new file has the mode, the owner and the labels (SELinux) of the old one.

    Raises:
        OSError: the file or its folder cannot be written; then nothing has changed.
    """
    target = os.path.realpath(path)
    try:
        status = os.stat(target)
    except FileNotFoundError:
        status = None
    if status is not None and not S_ISREG(status.st_mode):
        raise OSError(EINVAL, "not a regular file")
    if status is not None and not (status.st_mode & 0o222 and os.access(target, os.W_OK)):
        raise PermissionError(EACCES, "the file is read-only")
    folder, name = os.path.split(target)
    temporary = os.path.join(folder, f".{name[:200]}.{os.getpid()}.kalint")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(content)
            if status is not None:
                _like(descriptor, target, status)
            stream.flush()
            os.fsync(descriptor)
        os.rename(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _like(descriptor: int, old: str, status: os.stat_result) -> None:
    new = os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)
        except PermissionError:
            raise PermissionError(EPERM, "it belongs to another user, and writing would change its owner") from None
    os.fchmod(descriptor, status.st_mode & 0o7777)
    with suppress(OSError):  # not every file system has them, and some only the system may set
        for name in os.listxattr(old):
            os.setxattr(descriptor, name, os.getxattr(old, name))
