"""What a reading asks of the machine: files, folders, links, and the host's name. Whoever keeps answers may listen."""

from __future__ import annotations

import os

from kalint.text import files, globs


class Disk:
    """The machine as it is."""

    def load(self, path: str, limit: int) -> tuple[bytes, os.stat_result]:
        """As `kalint.text.files.load`."""
        return files.load(path, limit)

    def matches(self, pattern: str, directory: str) -> list[str]:
        """As `kalint.text.globs.matches`."""
        return globs.matches(pattern, directory)

    def is_folder(self, path: str) -> bool:
        """Whether a path is a folder."""
        return os.path.isdir(path)

    def within(self, path: str, folder: str) -> bool:
        """As `kalint.text.files.within`."""
        return files.within(path, folder)

    def real(self, path: str) -> str:
        """A path, links followed."""
        return os.path.realpath(path)

    def hostname(self) -> str:
        """The host's name up to its first dot."""
        return os.uname().nodename.split(".")[0]


DISK = Disk()
