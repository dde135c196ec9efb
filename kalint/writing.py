"""Writing a file: as a whole or not at all, in place of the one that is there; or as it comes, but into no device."""

from __future__ import annotations

import os
from contextlib import suppress
from errno import EACCES, EINVAL, EISDIR, EMLINK, ENXIO, EPERM
from stat import S_ISBLK, S_ISCHR, S_ISDIR, S_ISFIFO, S_ISREG
from typing import BinaryIO

_MEMORY = 1, (3, 5, 7)
"""Linux, Documentation/admin-guide/devices.txt: /dev/null, /dev/zero and /dev/full, which take all and keep nothing."""
_TERMINALS = (4, 5, *range(136, 144))
"""The same page: the major numbers of terminals, where /dev/stdout may lead."""
_KERNEL = ("/proc/", "/sys/")


def opened(path: str) -> BinaryIO:
    """Open a file to write from its beginning: a regular file, a terminal, /dev/null, or a pipe that somebody reads.

    Nothing else is opened at all: opening alone can do harm (/dev/watchdog) or wait for ever (a pipe without a reader).

    Raises:
        OSError: it cannot be written, or is none of these; then nothing has changed.
    """
    try:
        _check(path, os.stat(path))
    except FileNotFoundError:
        pass
    except ValueError:
        raise OSError(EINVAL, "the name contains a NUL byte") from None
    flags = os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, 0o666)
    except OSError as error:
        if error.errno == ENXIO:
            raise OSError(ENXIO, "no program reads from this pipe") from None
        raise
    try:
        status = os.fstat(descriptor)
        _check(path, status)
        if S_ISREG(status.st_mode):
            os.ftruncate(descriptor, 0)
        os.set_blocking(descriptor, True)
        return open(descriptor, "wb")
    except BaseException:
        os.close(descriptor)
        raise


def _check(path: str, status: os.stat_result) -> None:
    """Refuse what is not to be written."""
    mode = status.st_mode
    if S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if S_ISREG(mode):
        if os.path.realpath(path).startswith(_KERNEL):
            raise OSError(EINVAL, "a file of the kernel, which kalint does not write")
    elif S_ISCHR(mode):
        major, minor = os.major(status.st_rdev), os.minor(status.st_rdev)
        if major not in _TERMINALS and not (major == _MEMORY[0] and minor in _MEMORY[1]):
            raise OSError(EINVAL, "a device, which kalint does not write")
    elif S_ISBLK(mode):
        raise OSError(EINVAL, "a device, which kalint does not write")
    elif not S_ISFIFO(mode):
        raise OSError(EINVAL, "neither a regular file nor a pipe")


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
    if status is not None and status.st_nlink > 1:
        raise OSError(EMLINK, "it has more than one name (hard links), and the others would keep the old content")
    if target.startswith(_KERNEL):
        raise OSError(EINVAL, "a file of the kernel, which kalint does not write")
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
