"""Every example does what its page says, to the letter."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent


def _transcripts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("transcripts", Path(__file__).parent / "transcripts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


transcripts = _transcripts()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").glob("*/README.md"))]
PAGES.append(ROOT / "docs" / "formats.md")
STEPS = [step for page in PAGES for step in transcripts.steps(page)]


@pytest.mark.long
@pytest.mark.parametrize(
    "step", STEPS, ids=[f"{step.page.parent.name}/{step.page.name}: {step.command}" for step in STEPS]
)
def test_command_prints_what_the_page_shows(step: transcripts.Step) -> None:
    """A reader who types the command of the page sees what the page shows."""
    assert transcripts.run(step.command, step.folder) == step.expected


@pytest.mark.parametrize("folder", sorted((ROOT / "examples").glob("*/")), ids=lambda folder: folder.name)
def test_example_has_a_page_with_a_transcript(folder: Path) -> None:
    """An example without a story, or a story that shows no command, is no example."""
    page = folder / "README.md"
    assert page.is_file()
    assert list(transcripts.steps(page))
