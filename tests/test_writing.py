"""A file is replaced as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kalint.writing import replace


def test_mode_and_link_stay(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a.conf"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link = tmp_path / "link.conf"
    link.symlink_to("real/a.conf")
    replace(str(link), b"new\xff")
    assert link.is_symlink()
    assert target.read_bytes() == b"new\xff"
    assert target.stat().st_mode & 0o7777 == 0o640
    assert os.listdir(tmp_path / "real") == ["a.conf"]


def test_owner_stays(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("needs root")
    target = tmp_path / "a.conf"
    target.write_bytes(b"old")
    os.chown(target, 1234, 4321)
    replace(str(target), b"new")
    assert (target.stat().st_uid, target.stat().st_gid) == (1234, 4321)


def test_an_owner_that_cannot_be_kept_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the group's that belongs to somebody else: written anew, it would be ours."""
    target = tmp_path / "a.conf"
    target.write_bytes(b"old")
    status = os.stat(target)

    def refuse(_descriptor: int, uid: int, _gid: int) -> None:
        assert uid == status.st_uid + 1
        raise PermissionError(1, "Operation not permitted")

    real = os.stat
    monkeypatch.setattr(os, "fchown", refuse)
    monkeypatch.setattr(os, "stat", lambda path: os.stat_result((*real(path)[:4], status.st_uid + 1, *real(path)[5:])))
    with pytest.raises(PermissionError, match="belongs to another user"):
        replace(str(target), b"new")
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.conf"]


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        replace(str(tmp_path / "new"), b"x")
    finally:
        os.umask(umask)
    assert (tmp_path / "new").stat().st_mode & 0o7777 == 0o640


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    """Also for root, who could write it: somebody meant it."""
    target = tmp_path / "a.conf"
    target.write_bytes(b"old")
    target.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only"):
        replace(str(target), b"new")
    assert target.read_bytes() == b"old"


def test_only_regular_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(OSError, match="not a regular file"):
            replace(str(path), b"new")


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.conf"
    target.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace(str(target), b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.conf"]
