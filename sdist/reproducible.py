"""The build backend: setuptools, whose source distribution is made anew so that two builds are the same byte by byte.

setuptools keeps the times, the user and the umask of whoever builds, and gzip adds the time of the build. Here files
are sorted by name, belong to root, and have the time of SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/)
or else that of the ZIP format's beginning; wheels obey SOURCE_DATE_EPOCH as they are.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Mapping
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403 - the other hooks are setuptools' own

EARLIEST = 315532800
"""Seconds: 1980-01-01, which every archive format can say."""


def build_sdist(sdist_directory: str, config_settings: Mapping[str, Any] | None = None) -> str:
    """Make the archive in this directory, and return its name (PEP 517)."""
    name = build_meta.build_sdist(sdist_directory, config_settings)
    path = os.path.join(sdist_directory, name)
    time = int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST))
    made = io.BytesIO()
    with tarfile.open(path) as old, tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as new:
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            new.addfile(_plain(member, time), old.extractfile(member) if member.isfile() else None)
    with open(path, "wb") as stream, gzip.GzipFile("", "wb", fileobj=stream, mtime=0) as packed:
        packed.write(made.getvalue())
    return name


def _plain(member: tarfile.TarInfo, time: int) -> tarfile.TarInfo:
    """A member without anything of the machine that built it."""
    plain = tarfile.TarInfo(member.name)
    plain.type, plain.linkname, plain.size = member.type, member.linkname, member.size
    plain.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    plain.mtime, plain.uname, plain.gname = time, "root", "root"
    return plain
