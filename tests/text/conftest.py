"""Readers of small files for the tests of the text layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.text import Options, Text, read

Read = Callable[..., Text]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Writes files into a new folder and returns the folder."""

    def write(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content)
        return tmp_path

    return write


@pytest.fixture
def read_text() -> Read:
    """Reads a text as standard input under the name k.conf, as the host "me"."""

    def reader(text: str | bytes, **options: object) -> Text:
        content = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        return read("k.conf", content, Options(**{"config_id": "me", **options}))  # type: ignore[arg-type]

    return reader
