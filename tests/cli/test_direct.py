"""Command lines that are read without the option parser: they ask for what it makes of them, mistakes included."""

from __future__ import annotations

from pathlib import Path

import pytest

import kalint.cli.app
from kalint.cli.app import app
from kalint.cli.direct import request
from kalint.pipeline.request import CheckRequest

DIRECT = (
    ("a.conf",),
    ("a.conf", "b.conf"),
    (".", "--jobs", "2"),
    ("--jobs=2", "."),
    (".", "--cache", "kept"),
    ("--cache=kept", "--jobs", "1", "a", "--format", "json", "b"),
    ("a", "--format=sarif"),
    ("a", "--jobs", "2", "--jobs", "03"),
    ("", "a=b"),
)
LEFT = (
    (),
    ("--jobs", "2"),
    ("a", "--jobs"),
    ("a", "--jobs", "0"),
    ("a", "--jobs", "-1"),
    ("a", "--jobs", "two"),
    ("a", "--jobs", "٢"),
    ("a", "--jobs", " 2"),
    ("a", "--jobs="),
    ("a", "--jobs", "1" * 5000),
    ("a", "--cache", "taken"),
    ("a", "--cache", "new"),
    ("a", "--cache="),
    ("a", "--format", "xml"),
    ("a", "--form", "json"),
    ("a", "-q"),
    ("-",),
    ("--", "a"),
    ("--help",),
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("kept").mkdir()
    Path("taken").write_text("")


@pytest.mark.parametrize("words", DIRECT, ids=" ".join)
def test_it_asks_for_what_the_option_parser_asks_for(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field of the request is the same."""
    made: list[CheckRequest] = []
    monkeypatch.setattr(kalint.cli.app, "run_check", lambda wanted: made.append(wanted) or 0)
    app(["check", *words], standalone_mode=False)
    assert [request(words)] == made


@pytest.mark.parametrize("words", LEFT, ids=lambda words: " ".join(words)[:40])
def test_the_rest_is_left_to_the_option_parser(words: tuple[str, ...]) -> None:
    """Mistakes, short options, and a folder that is not there yet."""
    assert request(words) is None
