"""An editor for the tests of the language server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from language_client import Editor, editing


@pytest.fixture
def fresh_editor(tmp_path: Path) -> Iterator[Editor]:
    with editing(tmp_path) as found:
        yield found
